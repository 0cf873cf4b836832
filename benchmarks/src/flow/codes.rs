//! Codes of units: a level letter and thirteen characters that follow no order.

const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// Thirteen characters of five bits hold a number of 64 bits.
const CHARACTERS: usize = 13;

/// Code of item `number`, from 0, of the flow with `seed`.
#[must_use]
pub fn item_code(seed: u64, number: u64) -> String {
    code(b'A', seed, number)
}

/// Code of case `number`.
#[must_use]
pub fn case_code(seed: u64, number: u64) -> String {
    code(b'C', seed, number)
}

/// Code of pallet `number`.
#[must_use]
pub fn pallet_code(seed: u64, number: u64) -> String {
    code(b'P', seed, number)
}

fn code(level: u8, seed: u64, number: u64) -> String {
    let scrambled = mix(number.wrapping_add(mix(seed)));
    let mut code = String::with_capacity(1 + CHARACTERS);
    code.push(char::from(level));
    for at in (0..CHARACTERS).rev() {
        let digit = (scrambled >> (at * 5)) & 31;
        code.push(char::from(ALPHABET[digit as usize]));
    }
    code
}

/// The finaliser of SplitMix64: every number of 64 bits comes from exactly one.
pub(super) fn mix(number: u64) -> u64 {
    let mut mixed = number.wrapping_add(0x9E37_79B9_7F4A_7C15);
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    mixed ^ (mixed >> 31)
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::{case_code, item_code};

    #[test]
    fn codes_are_unique_and_follow_no_order() {
        let codes: Vec<String> = (0..20_000).map(|number| item_code(7, number)).collect();
        assert_eq!(codes.iter().collect::<HashSet<_>>().len(), codes.len());
        let rising = codes.windows(2).filter(|pair| pair[0] < pair[1]).count();
        assert!((9_000..11_000).contains(&rising), "{rising}");
        assert_ne!(item_code(7, 1), item_code(8, 1));
        assert_ne!(item_code(7, 1)[1..], case_code(7, 2)[1..]);
    }
}
