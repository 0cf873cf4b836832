//! What makes a password good enough.
//!
//! As NIST SP 800-63B has it: length counts, classes of letters do not; what everybody tries first is
//! refused; nothing expires.

use crate::password_hash::one_spelling;
use crate::secret::Secret;

/// Shorter ones are tried through.
pub const PASSWORD_LETTERS_MIN: usize = 10;
/// Longer ones are no passwords but attempts to keep the hub busy.
pub const PASSWORD_LETTERS_MAX: usize = 256;

/// Of fewer different letters than this a password is one key held down.
const DIFFERENT_LETTERS_MIN: usize = 4;

/// What everybody tries first, of the length that is allowed; in lower case.
const WORST: &str = include_str!("worst_passwords.txt");

/// What is wrong with a password.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PasswordFault {
    /// Too few letters.
    #[error("the password is too short; take at least {PASSWORD_LETTERS_MIN} letters")]
    TooShort,
    /// Too many letters.
    #[error("the password is too long; take at most {PASSWORD_LETTERS_MAX} letters")]
    TooLong,
    /// It says who it is of.
    #[error("the password is made of the login; take another")]
    IsLogin,
    /// Everybody tries it first.
    #[error("the password is one of those that are tried first; take another")]
    TooCommon,
    /// It is the old one.
    #[error("the new password is the old one; take another")]
    Unchanged,
}

impl PasswordFault {
    /// What a program goes by.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::TooShort => "password_too_short",
            Self::TooLong => "password_too_long",
            Self::IsLogin => "password_is_login",
            Self::TooCommon => "password_too_common",
            Self::Unchanged => "password_unchanged",
        }
    }

    /// The text in Chinese.
    #[must_use]
    pub fn chinese(self) -> String {
        match self {
            Self::TooShort => format!("密码太短,至少 {PASSWORD_LETTERS_MIN} 个字符"),
            Self::TooLong => format!("密码太长,最多 {PASSWORD_LETTERS_MAX} 个字符"),
            Self::IsLogin => "密码由账号构成,请换一个".to_owned(),
            Self::TooCommon => "密码过于常见,请换一个".to_owned(),
            Self::Unchanged => "新密码与旧密码相同,请换一个".to_owned(),
        }
    }
}

/// Whether `password` is good enough for `login`.
pub fn check_password(login: &str, password: &Secret) -> Result<(), PasswordFault> {
    let password = one_spelling(password);
    let letters: Vec<char> = password.expose().chars().flat_map(char::to_lowercase).collect();
    if letters.len() < PASSWORD_LETTERS_MIN {
        return Err(PasswordFault::TooShort);
    }
    if letters.len() > PASSWORD_LETTERS_MAX {
        return Err(PasswordFault::TooLong);
    }
    let text: String = letters.iter().collect();
    if is_made_of_login(&login.to_lowercase(), &text) {
        return Err(PasswordFault::IsLogin);
    }
    if is_run(&letters) || is_monotonous(&letters) || WORST.lines().any(|worst| worst == text) {
        return Err(PasswordFault::TooCommon);
    }
    Ok(())
}

/// The login, repeated or with digits and signs around it.
fn is_made_of_login(login: &str, text: &str) -> bool {
    let rest = text.replace(login, "");
    !login.is_empty() && rest.len() < text.len() && !rest.chars().any(char::is_alphabetic)
}

fn is_monotonous(letters: &[char]) -> bool {
    let mut different = letters.to_vec();
    different.sort_unstable();
    different.dedup();
    different.len() < DIFFERENT_LETTERS_MIN
}

/// `abcdefghij`, `9876543210`, and `1234567890`, where 0 follows 9.
fn is_run(letters: &[char]) -> bool {
    let step = |pair: &[char]| match (pair[0], pair[1]) {
        ('9', '0') => 1,
        ('0', '9') => -1,
        (from, to) => i64::from(u32::from(to)) - i64::from(u32::from(from)),
    };
    [1, -1].into_iter().any(|way| letters.windows(2).all(|pair| step(pair) == way))
}
