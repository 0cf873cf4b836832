//! Faults as values, queued for business calls to come.

use std::collections::VecDeque;
use std::str::FromStr;

/// Something that goes wrong with one business call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// Every token is revoked and the call says so.
    TokenLost,
    /// HTTP 429 with `Retry-After` in seconds.
    RateLimitedSeconds(u64),
    /// HTTP 503.
    Busy,
    /// An `errcode` inside HTTP 200.
    ErrCode,
    /// Status 200 and JSON that ends in the middle.
    Malformed,
    /// A list without rows although there are some.
    EmptyPage,
    /// The right answer, this many milliseconds late; what was asked for is done.
    Slow(u64),
    /// The connection closes without an answer, before anything is done.
    Reset,
    /// The connection closes without an answer, after everything was done.
    ResetAfter,
}

/// Faults waiting for their call. As text: `token_lost,429s:2,slow:200`; each strikes the next call
/// that has none.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Faults(VecDeque<Fault>);

impl Faults {
    /// Adds a fault behind the others.
    pub fn push(&mut self, fault: Fault) {
        self.0.push_back(fault);
    }

    /// Takes the fault of the call at hand.
    pub(crate) fn take(&mut self) -> Option<Fault> {
        self.0.pop_front()
    }
}

/// The faults text cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{0}` is not a fault; the faults are token_lost, 429s:SECONDS, busy, errcode, malformed, empty, \
     slow:MS, reset, reset_after"
)]
pub struct FaultsError(String);

impl FromStr for Faults {
    type Err = FaultsError;

    fn from_str(text: &str) -> Result<Self, FaultsError> {
        let items = text.split(',').map(str::trim).filter(|item| !item.is_empty());
        items.map(str::parse).collect::<Result<_, _>>().map(Self)
    }
}

impl FromStr for Fault {
    type Err = FaultsError;

    fn from_str(text: &str) -> Result<Self, FaultsError> {
        let refuse = || FaultsError(text.to_owned());
        let (name, number) = match text.split_once(':') {
            Some((name, number)) => (name, Some(number.parse().map_err(|_| refuse())?)),
            None => (text, None),
        };
        match (name, number) {
            ("token_lost", None) => Ok(Self::TokenLost),
            ("429s", Some(seconds)) => Ok(Self::RateLimitedSeconds(seconds)),
            ("busy", None) => Ok(Self::Busy),
            ("errcode", None) => Ok(Self::ErrCode),
            ("malformed", None) => Ok(Self::Malformed),
            ("empty", None) => Ok(Self::EmptyPage),
            ("slow", Some(ms)) => Ok(Self::Slow(ms)),
            ("reset", None) => Ok(Self::Reset),
            ("reset_after", None) => Ok(Self::ResetAfter),
            _ => Err(refuse()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_the_command_line_form() {
        let mut faults: Faults = "token_lost, 429s:2,slow:200".parse().unwrap();
        assert_eq!(faults.take(), Some(Fault::TokenLost));
        assert_eq!(faults.take(), Some(Fault::RateLimitedSeconds(2)));
        assert_eq!(faults.take(), Some(Fault::Slow(200)));
        assert_eq!(faults.take(), None);
        assert!("boom".parse::<Faults>().unwrap_err().to_string().starts_with("`boom` is not"));
        assert!("slow".parse::<Faults>().is_err());
    }
}
