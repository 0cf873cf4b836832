//! Which device a token belongs to.

use std::collections::HashMap;

use anyhow::{Result, bail};
use axum::http::{HeaderMap, header};
use uuid::Uuid;
use xxhash_rust::xxh3::xxh3_128;

use super::problem::Problem;

/// The tokens of devices, by name; none at all means that whoever reaches the port may send.
///
/// Tokens are found by a hash, so that how long a refusal takes says nothing about them.
pub(crate) struct Tokens {
    devices: HashMap<u128, (String, String)>,
    /// Made for this run, for commands on this machine.
    own: String,
}

impl std::fmt::Debug for Tokens {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Tokens").field("devices", &self.devices.len()).finish()
    }
}

impl Tokens {
    /// Reads lines `name token`; empty lines and those that begin with `#` say nothing.
    pub(crate) fn read(text: &str) -> Result<Self> {
        let mut devices = HashMap::new();
        let lines = text.lines().map(str::trim).enumerate();
        for (at, line) in lines.filter(|(_, line)| !line.is_empty() && !line.starts_with('#')) {
            let Some((name, token)) = line.split_once(char::is_whitespace) else {
                bail!("line {} of the device tokens is not `name token`", at + 1);
            };
            let token = token.trim();
            if token.len() < TOKEN_CHARS_MIN {
                bail!("the token of device {name} is shorter than {TOKEN_CHARS_MIN} characters");
            }
            let known = (name.to_owned(), token.to_owned());
            if devices.insert(xxh3_128(token.as_bytes()), known).is_some() {
                bail!("two devices have the token of {name}; give each its own");
            }
        }
        Ok(Self { devices, own: Uuid::new_v4().simple().to_string() })
    }

    /// The token with which a command on this machine asks as staff.
    pub(crate) fn own(&self) -> &str {
        &self.own
    }

    /// Whether staff asks, or a device: where no device has a token everybody else is public.
    pub(super) fn is_staff(&self, headers: &HeaderMap) -> bool {
        given(headers) == self.own || (self.are_needed() && self.device(headers).is_ok())
    }

    /// Whether a request needs a token.
    pub(crate) fn are_needed(&self) -> bool {
        !self.devices.is_empty()
    }

    /// The device that sends, none where no token is needed.
    pub(super) fn device(&self, headers: &HeaderMap) -> Result<Option<&str>, Problem> {
        if !self.are_needed() {
            return Ok(None);
        }
        let token = given(headers);
        match self.devices.get(&xxh3_128(token.as_bytes())) {
            Some((name, known)) if known == token => Ok(Some(name)),
            _ => Err(Problem::unauthorized()),
        }
    }
}

fn given(headers: &HeaderMap) -> &str {
    let given = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    given.and_then(|value| value.strip_prefix("Bearer ")).unwrap_or_default()
}

/// Shorter tokens can be guessed.
const TOKEN_CHARS_MIN: usize = 16;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_names_its_device_and_another_names_none() {
        let tokens = Tokens::read("# line 3\nline-3 0123456789abcdef\n").unwrap();
        let with = |text: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::AUTHORIZATION, text.parse().unwrap());
            headers
        };
        assert_eq!(tokens.device(&with("Bearer 0123456789abcdef")).unwrap(), Some("line-3"));
        assert!(tokens.device(&with("Bearer 0123456789abcdee")).is_err());
        assert!(tokens.device(&HeaderMap::new()).is_err());
        assert!(Tokens::read("a short").is_err());
        assert_eq!(Tokens::read("").unwrap().device(&HeaderMap::new()).unwrap(), None);
        assert!(!tokens.is_staff(&HeaderMap::new()));
        assert!(tokens.is_staff(&with(&format!("Bearer {}", tokens.own()))));
        assert!(!format!("{tokens:?}").contains("0123"));
    }
}
