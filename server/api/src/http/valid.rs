//! Bounds of what people send, told by name.

use std::ops::RangeInclusive;

use crate::problem::Problem;

/// Refuses a text that is too short or too long, in characters.
pub(crate) fn length(name: &str, text: &str, bounds: RangeInclusive<usize>) -> Result<(), Problem> {
    let chars = text.chars().count();
    if bounds.contains(&chars) {
        return Ok(());
    }
    let (min, max) = bounds.into_inner();
    Err(Problem::bad_request(format!(
        "`{name}` has {chars} characters; give {min} to {max} of them"
    )))
}

/// Refuses a number out of bounds.
pub(crate) fn number(name: &str, given: u32, bounds: RangeInclusive<u32>) -> Result<(), Problem> {
    if bounds.contains(&given) {
        return Ok(());
    }
    let (min, max) = bounds.into_inner();
    Err(Problem::bad_request(format!("`{name}` is {given}; give {min} to {max}")))
}

/// Refuses a word that is none of those known.
pub(crate) fn words(name: &str, given: Option<&str>, known: &[&str]) -> Result<(), Problem> {
    match given {
        Some(word) if !known.contains(&word) => Err(Problem::bad_request(format!(
            "`{name}` is `{word}`; give one of: {}",
            known.join(", ")
        ))),
        _ => Ok(()),
    }
}

/// Refuses what is not a region code of six digits.
pub(crate) fn region(name: &str, given: &str) -> Result<(), Problem> {
    if given.len() == 6 && given.bytes().all(|byte| byte.is_ascii_digit()) {
        return Ok(());
    }
    Err(Problem::bad_request(format!("`{name}` is `{given}`; give a region code of six digits")))
}
