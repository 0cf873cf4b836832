//! Faults as values, queued for list calls to come.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

/// Something that goes wrong with one list call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// Every token ends, and the call answers 310036.
    TokenLost,
    /// Every token ends, and the call answers the bare text `非法token`.
    TokenLostText,
    /// An error code inside HTTP 200: 999 business, 310043 circuit breaker, 310046 throttled.
    Code(i64),
    /// HTTP 500 with a text.
    Http500,
    /// The right answer, this many milliseconds late.
    Slow(u64),
    /// HTTP 429 with `Retry-After` in seconds.
    RateLimitedSeconds(u64),
    /// HTTP 429 with `Retry-After` as a date this many seconds from now.
    RateLimitedDate(u64),
    /// Status 200 and JSON that ends in the middle.
    MalformedPage,
    /// A page without rows that counts them all the same.
    EmptyPage,
    /// The connection closes without an answer.
    ConnectionReset,
    /// A page in HTML, as a proxy answers.
    HtmlPage,
    /// The right answer; then the first document of that page changes, so that it leaves a window.
    MutateBetweenPages,
}

/// Faults waiting for their list call.
///
/// List calls are counted from 1 at the start of the server. As text: `token_lost@3,429s:2@5`, each
/// a name, an argument where it takes one, and the call it strikes. Without `@` a fault strikes the
/// first free call.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Faults {
    at_call: BTreeMap<u64, Fault>,
}

impl Faults {
    /// Sets `fault` for the list call of that number; a fault already there gives way.
    pub fn set(&mut self, call: u64, fault: Fault) {
        self.at_call.insert(call, fault);
    }

    /// Sets `fault` for the first call from `call` on that has none.
    pub(crate) fn push(&mut self, call: u64, fault: Fault) {
        let free = (call..).find(|number| !self.at_call.contains_key(number)).unwrap_or(call);
        self.set(free, fault);
    }

    /// Takes the fault of the list call of that number.
    pub(crate) fn take(&mut self, call: u64) -> Option<Fault> {
        self.at_call.remove(&call)
    }

    /// Number of faults still waiting.
    #[must_use]
    pub fn len(&self) -> usize {
        self.at_call.len()
    }

    /// Whether none is waiting.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.at_call.is_empty()
    }
}

/// The faults text cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FaultsError {
    /// No fault of that name.
    #[error("`{0}` is not a fault; the faults are {NAMES}")]
    Unknown(String),
    /// The argument is missing, not wanted or not a number.
    #[error("fault `{0}` needs the form {1}")]
    Argument(String, &'static str),
    /// The part after `@` is not a call number.
    #[error("`{0}` in `{1}` is not the number of a list call; the first call is 1")]
    Call(String, String),
    /// Two faults for one call.
    #[error("list call {0} has two faults; a call has at most one")]
    Twice(u64),
}

const NAMES: &str = "token_lost, token_lost_text, code:CODE, http_500, slow:MS, 429s:SECONDS, \
    429date:SECONDS, malformed, empty, reset, html, mutate";

impl FromStr for Faults {
    type Err = FaultsError;

    fn from_str(text: &str) -> Result<Self, FaultsError> {
        let mut faults = Self::default();
        for item in text.split(',').map(str::trim).filter(|item| !item.is_empty()) {
            let (fault, call) = match item.split_once('@') {
                Some((fault, call)) => (fault.parse()?, Some(call_number(call, item)?)),
                None => (item.parse()?, None),
            };
            match call {
                Some(call) if faults.at_call.contains_key(&call) => {
                    return Err(FaultsError::Twice(call));
                }
                Some(call) => faults.set(call, fault),
                None => faults.push(1, fault),
            }
        }
        Ok(faults)
    }
}

fn call_number(text: &str, item: &str) -> Result<u64, FaultsError> {
    match text.trim().parse() {
        Ok(call) if call > 0 => Ok(call),
        _ => Err(FaultsError::Call(text.to_owned(), item.to_owned())),
    }
}

impl FromStr for Fault {
    type Err = FaultsError;

    fn from_str(text: &str) -> Result<Self, FaultsError> {
        let (name, argument) = match text.trim().split_once(':') {
            Some((name, argument)) => (name, Some(argument)),
            None => (text.trim(), None),
        };
        let refuse = |form| FaultsError::Argument(text.to_owned(), form);
        let number = |form| argument.and_then(|a| a.parse().ok()).ok_or_else(|| refuse(form));
        let plain = |fault| if argument.is_none() { Ok(fault) } else { Err(refuse("without `:`")) };
        match name {
            "token_lost" => plain(Self::TokenLost),
            "token_lost_text" => plain(Self::TokenLostText),
            "code" => {
                let code: u64 = number("code:CODE")?;
                i64::try_from(code).map(Self::Code).map_err(|_| refuse("code:CODE"))
            }
            "http_500" => plain(Self::Http500),
            "slow" => number("slow:MS").map(Self::Slow),
            "429s" => number("429s:SECONDS").map(Self::RateLimitedSeconds),
            "429date" => number("429date:SECONDS").map(Self::RateLimitedDate),
            "malformed" => plain(Self::MalformedPage),
            "empty" => plain(Self::EmptyPage),
            "reset" => plain(Self::ConnectionReset),
            "html" => plain(Self::HtmlPage),
            "mutate" => plain(Self::MutateBetweenPages),
            _ => Err(FaultsError::Unknown(name.to_owned())),
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TokenLost => f.write_str("token_lost"),
            Self::TokenLostText => f.write_str("token_lost_text"),
            Self::Code(code) => write!(f, "code:{code}"),
            Self::Http500 => f.write_str("http_500"),
            Self::Slow(ms) => write!(f, "slow:{ms}"),
            Self::RateLimitedSeconds(seconds) => write!(f, "429s:{seconds}"),
            Self::RateLimitedDate(seconds) => write!(f, "429date:{seconds}"),
            Self::MalformedPage => f.write_str("malformed"),
            Self::EmptyPage => f.write_str("empty"),
            Self::ConnectionReset => f.write_str("reset"),
            Self::HtmlPage => f.write_str("html"),
            Self::MutateBetweenPages => f.write_str("mutate"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_the_command_line_form() {
        let mut faults: Faults = "token_lost@3, 429s:2@5,slow:200,mutate".parse().unwrap();
        assert_eq!(faults.take(1), Some(Fault::Slow(200)));
        assert_eq!(faults.take(2), Some(Fault::MutateBetweenPages));
        assert_eq!(faults.take(3), Some(Fault::TokenLost));
        assert_eq!(faults.take(4), None);
        assert_eq!(faults.take(5), Some(Fault::RateLimitedSeconds(2)));
        assert!(faults.is_empty());
    }

    #[test]
    fn every_name_reads_back() {
        for item in NAMES.split(", ") {
            let text = item.trim().replace("MS", "5").replace("SECONDS", "2").replace("CODE", "14");
            assert_eq!(text.parse::<Fault>().unwrap().to_string(), text);
        }
    }

    #[test]
    fn says_what_is_wrong() {
        let said = |text: &str| text.parse::<Faults>().unwrap_err().to_string();
        assert!(said("boom").starts_with("`boom` is not a fault; the faults are token_lost"));
        assert_eq!(said("slow"), "fault `slow` needs the form slow:MS");
        assert_eq!(
            said("html@0"),
            "`0` in `html@0` is not the number of a list call; the first call is 1"
        );
        assert_eq!(said("html@2,reset@2"), "list call 2 has two faults; a call has at most one");
    }
}
