//! One form for the ways in which the same address is typed.

use crate::resolve::fold;

/// The first of the full-width forms of ASCII, and the last.
const FULL_WIDTH: std::ops::RangeInclusive<char> = '！'..='～';

/// An address without spaces, punctuation and case, in half-width and simplified characters.
pub fn normalised(address: &str) -> String {
    let half = |c: char| {
        if FULL_WIDTH.contains(&c) {
            // The two blocks have the same order.
            char::from_u32(u32::from(c) - u32::from('！') + u32::from('!')).unwrap_or(c)
        } else {
            c
        }
    };
    fold(address)
        .chars()
        .map(half)
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::normalised;

    #[test]
    fn the_same_address_typed_differently() {
        let expected = "广东省东莞市长安镇锦厦a1号";
        for text in [
            "广东省东莞市长安镇锦厦A1号",
            "廣東省 東莞市，長安鎮錦廈Ａ１號",
            "　广东省/东莞市/长安镇（锦厦）a-1号。",
        ] {
            assert_eq!(normalised(text), expected);
        }
    }
}
