//! Codes of units. They rise with the position, so a range of codes is a range of goods.

/// What a line reads from a damaged label.
pub const PLACEHOLDER: &str = "000000000000000";

/// Code of an item.
#[must_use]
pub fn item_code(position: u64) -> String {
    code('A', position)
}

/// Code of a case.
#[must_use]
pub fn case_code(position: u64) -> String {
    code('C', position)
}

/// Code of a pallet.
#[must_use]
pub fn pallet_code(position: u64) -> String {
    code('P', position)
}

/// Level, eleven digits, and three check characters that make the code space sparse.
fn code(level: char, position: u64) -> String {
    const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    let mut hash =
        (position ^ u64::from(u32::from(level)) << 40).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    hash ^= hash >> 29;
    hash = hash.wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let mut code = format!("{level}{position:011}");
    for shift in [40, 45, 50] {
        code.push(char::from(ALPHABET[(hash >> shift & 31) as usize]));
    }
    code
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_have_one_length_and_order() {
        assert_eq!(item_code(7).len(), PLACEHOLDER.len());
        assert!(item_code(7) < item_code(8));
        assert!(item_code(99) < item_code(100));
        assert_ne!(item_code(7)[1..], case_code(7)[1..]);
    }
}
