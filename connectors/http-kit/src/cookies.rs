//! Cookies a connector keeps by hand.

use std::collections::BTreeMap;
use std::fmt;

use crate::reply::HttpReply;

/// No login needs more; a server that sends more is not listened to.
const COOKIES_MAX: usize = 32;

/// The names and values a server asked to be sent back. Attributes are ignored: one jar serves one
/// session of one host. Values are session keys, so `Debug` shows only names.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct CookieJar(BTreeMap<String, String>);

impl CookieJar {
    /// Takes over every `Set-Cookie` of a reply; an empty value drops the cookie.
    pub fn absorb(&mut self, reply: &HttpReply) {
        for line in reply.headers.get_all("set-cookie") {
            let Ok(line) = line.to_str() else { continue };
            let pair = line.split(';').next().unwrap_or_default();
            let Some((name, value)) = pair.split_once('=') else { continue };
            self.set(name.trim(), value.trim());
        }
    }

    /// Sets one cookie; an empty value drops it.
    pub fn set(&mut self, name: &str, value: &str) {
        if value.is_empty() {
            self.0.remove(name);
        } else if self.0.contains_key(name) || self.0.len() < COOKIES_MAX {
            self.0.insert(name.to_owned(), value.to_owned());
        }
    }

    /// The value of a cookie; names are compared without regard to case.
    pub fn get(&self, name: &str) -> Option<&str> {
        let found = self.0.iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.as_str())
    }

    /// The `Cookie` header, or none if the jar is empty.
    pub fn header(&self) -> Option<String> {
        if self.0.is_empty() {
            return None;
        }
        let pairs: Vec<_> = self.0.iter().map(|(name, value)| format!("{name}={value}")).collect();
        Some(pairs.join("; "))
    }
}

impl fmt::Debug for CookieJar {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}
