//! Codes as printed, and as compared.

/// The form in which codes are compared: the code in a URL or Digital Link, in half width and upper case.
pub fn normal(printed: &str) -> String {
    let half: String = printed.chars().map(half_width).collect();
    let half = half.trim();
    let bare = if half.to_lowercase().starts_with("http") { carried(half) } else { half };
    bare.to_uppercase()
}

fn half_width(c: char) -> char {
    match c {
        '\u{3000}' => ' ',
        '\u{ff01}'..='\u{ff5e}' => {
            char::from_u32(u32::from(c) - 0xfee0).expect("a letter of half width")
        }
        _ => c,
    }
}

fn carried(address: &str) -> &str {
    let after = |mark: &str| address.split_once(mark).map(|(_, rest)| rest);
    let serial = after("/21/").or_else(|| after("?c="));
    let serial = serial.unwrap_or_else(|| address.rsplit('/').next().expect("a last part"));
    serial.split(['/', '?', '&', '#']).next().expect("a first part")
}

/// Whether a code stands for a damaged label.
pub fn is_placeholder(code: &str, configured: &[String]) -> bool {
    code.chars().all(|c| c == '0') || configured.iter().any(|one| one == code)
}
