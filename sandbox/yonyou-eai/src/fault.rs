//! Faults as values, queued for posts to come.

use std::collections::VecDeque;
use std::str::FromStr;

/// Something that goes wrong with one post.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// HTTP 500 with an ASP error page.
    Html500,
    /// HTTP 503.
    Busy,
    /// An item that did not succeed, inside HTTP 200.
    Item,
    /// Status 200 and XML that ends in the middle.
    Malformed,
    /// An answer without records although there are some.
    EmptyPage,
    /// The right answer, this many milliseconds late; what was asked for is done.
    Slow(u64),
    /// The connection closes without an answer, before anything is done.
    Reset,
    /// The connection closes without an answer, after everything was done.
    ResetAfter,
}

/// Faults waiting for their call. As text: `html,slow:200`; each strikes the next call
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
    "`{0}` is not a fault; the faults are html, busy, item, malformed, empty, slow:MS, reset, \
     reset_after"
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
            ("html", None) => Ok(Self::Html500),
            ("busy", None) => Ok(Self::Busy),
            ("item", None) => Ok(Self::Item),
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
        let mut faults: Faults = "html, slow:200".parse().unwrap();
        assert_eq!(faults.take(), Some(Fault::Html500));
        assert_eq!(faults.take(), Some(Fault::Slow(200)));
        assert_eq!(faults.take(), None);
        assert!("boom".parse::<Faults>().unwrap_err().to_string().starts_with("`boom` is not"));
        assert!("slow".parse::<Faults>().is_err());
    }
}
