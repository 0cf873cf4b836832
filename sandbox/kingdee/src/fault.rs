//! Faults as values, queued for query calls or for write calls to come.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

/// Something that goes wrong with one query call or one write call.
///
/// A write call is carried out before an answer that is slow, cut, broken or partial, so that its
/// answer is lost; every other fault strikes before anything is stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// Every session is dropped and the call answers with `MsgCode` 1.
    SessionLost,
    /// A text that starts with `response_error:`, with status 200.
    ResponseError,
    /// HTTP 500 with a text.
    Http500,
    /// The right answer, this many milliseconds late.
    Slow(u64),
    /// HTTP 429 with `Retry-After` in seconds.
    RateLimitedSeconds(u64),
    /// HTTP 429 with `Retry-After` as a date two seconds from now.
    RateLimitedDate,
    /// Status 200 and JSON that ends in the middle.
    MalformedPage,
    /// The connection closes before the announced length was sent.
    TruncatedBody,
    /// A business error with this `MsgCode`: 13 is an edit lock, 14 a call limit, 6 the database.
    MsgCode(i32),
    /// The request screening's answer, which blames suspicious data.
    Screening,
    /// A login page in HTML, as a proxy or a wrong virtual directory answers.
    HtmlPage,
    /// The connection closes without an answer.
    ConnectionReset,
    /// The right answer; then the first document of that page is changed, so that pages shift.
    MutateBetweenPages,
    /// A write call is carried out, and its answer lists the document beside an error.
    PartialFailure,
}

impl Fault {
    /// Whether a write call is carried out all the same.
    pub(crate) fn lets_write(self) -> bool {
        matches!(
            self,
            Self::Slow(_)
                | Self::MalformedPage
                | Self::TruncatedBody
                | Self::ConnectionReset
                | Self::MutateBetweenPages
                | Self::PartialFailure
        )
    }
}

/// Faults waiting for their query call.
///
/// Query calls are ExecuteBillQuery and BillQuery, write calls are Save, Submit, Audit, UnAudit and
/// Delete; each are counted from 1 at the start of the server.
/// As text: `session_lost@3,429s:2@5,slow:200@6`, each a name, an argument where it takes one, and
/// the call it strikes. Without `@` a fault strikes the first free call.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Faults {
    at_call: BTreeMap<u64, Fault>,
}

impl Faults {
    /// Sets `fault` for the query call of that number; a fault already there gives way.
    pub fn set(&mut self, call: u64, fault: Fault) {
        self.at_call.insert(call, fault);
    }

    /// Sets `fault` for the first call from `call` on that has none.
    pub(crate) fn push(&mut self, call: u64, fault: Fault) {
        let free = (call..).find(|number| !self.at_call.contains_key(number)).unwrap_or(call);
        self.set(free, fault);
    }

    /// Takes the fault of the query call of that number.
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
    #[error("`{0}` in `{1}` is not the number of a query call; the first call is 1")]
    Call(String, String),
    /// Two faults for one call.
    #[error("query call {0} has two faults; a call has at most one")]
    Twice(u64),
}

const NAMES: &str = "session_lost, response_error, http_500, slow:MS, 429s:SECONDS, 429date, \
    malformed, truncated, msg_code:CODE, screening, html, reset, mutate, partial";

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
            "session_lost" => plain(Self::SessionLost),
            "response_error" => plain(Self::ResponseError),
            "http_500" => plain(Self::Http500),
            "slow" => number("slow:MS").map(Self::Slow),
            "429s" => number("429s:SECONDS").map(Self::RateLimitedSeconds),
            "429date" => plain(Self::RateLimitedDate),
            "malformed" => plain(Self::MalformedPage),
            "truncated" => plain(Self::TruncatedBody),
            "msg_code" => {
                let code = number("msg_code:CODE")?;
                i32::try_from(code).map(Self::MsgCode).map_err(|_| refuse("msg_code:CODE"))
            }
            "screening" => plain(Self::Screening),
            "html" => plain(Self::HtmlPage),
            "reset" => plain(Self::ConnectionReset),
            "mutate" => plain(Self::MutateBetweenPages),
            "partial" => plain(Self::PartialFailure),
            _ => Err(FaultsError::Unknown(name.to_owned())),
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::SessionLost => f.write_str("session_lost"),
            Self::ResponseError => f.write_str("response_error"),
            Self::Http500 => f.write_str("http_500"),
            Self::Slow(ms) => write!(f, "slow:{ms}"),
            Self::RateLimitedSeconds(seconds) => write!(f, "429s:{seconds}"),
            Self::RateLimitedDate => f.write_str("429date"),
            Self::MalformedPage => f.write_str("malformed"),
            Self::TruncatedBody => f.write_str("truncated"),
            Self::MsgCode(code) => write!(f, "msg_code:{code}"),
            Self::Screening => f.write_str("screening"),
            Self::HtmlPage => f.write_str("html"),
            Self::ConnectionReset => f.write_str("reset"),
            Self::MutateBetweenPages => f.write_str("mutate"),
            Self::PartialFailure => f.write_str("partial"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_the_command_line_form() {
        let mut faults: Faults = "session_lost@3, 429s:2@5,slow:200,mutate".parse().unwrap();
        assert_eq!(faults.take(1), Some(Fault::Slow(200)));
        assert_eq!(faults.take(2), Some(Fault::MutateBetweenPages));
        assert_eq!(faults.take(3), Some(Fault::SessionLost));
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
        assert!(said("boom").starts_with("`boom` is not a fault; the faults are session_lost"));
        assert_eq!(said("slow"), "fault `slow` needs the form slow:MS");
        assert_eq!(
            said("html@0"),
            "`0` in `html@0` is not the number of a query call; the first call is 1"
        );
        assert_eq!(said("html@2,reset@2"), "query call 2 has two faults; a call has at most one");
    }
}
