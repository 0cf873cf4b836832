//! Which device a token belongs to.

use std::collections::HashMap;

use anyhow::{Result, bail};
use uuid::Uuid;
use xxhash_rust::xxh3::xxh3_128;

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

    /// Whether a command on this machine asks.
    pub(crate) fn is_own(&self, token: &str) -> bool {
        token == self.own
    }

    /// Whether a request needs a token.
    pub(crate) fn are_needed(&self) -> bool {
        !self.devices.is_empty()
    }

    /// The device whose token this is.
    pub(crate) fn device(&self, token: &str) -> Option<&str> {
        let (name, known) = self.devices.get(&xxh3_128(token.as_bytes()))?;
        (known == token).then_some(name)
    }
}

/// Shorter tokens can be guessed.
const TOKEN_CHARS_MIN: usize = 16;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_names_its_device_and_another_names_none() {
        let tokens = Tokens::read("# line 3\nline-3 0123456789abcdef\n").unwrap();
        assert_eq!(tokens.device("0123456789abcdef"), Some("line-3"));
        assert_eq!(tokens.device("0123456789abcdee"), None);
        assert_eq!(tokens.device(""), None);
        assert!(Tokens::read("a short").is_err());
        assert!(!Tokens::read("").unwrap().are_needed());
        assert!(!tokens.is_own(""));
        assert!(tokens.is_own(tokens.own()));
        assert!(!format!("{tokens:?}").contains("0123"));
    }
}
