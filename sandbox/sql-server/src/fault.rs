//! Faults as values, queued for statements to come.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

/// Something that goes wrong with one statement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// The connection closes without an answer.
    ConnectionReset,
    /// The connection closes in the middle of the rows.
    TruncatedRows,
    /// Error 1205: chosen as the deadlock victim.
    Deadlock,
    /// Error 1222: lock request time out period exceeded.
    LockTimeout,
    /// Error 229: SELECT permission denied.
    Permission,
    /// Error 8645: no memory to run the statement.
    Busy,
    /// Error 596 of severity 21; the connection closes.
    SessionKilled,
    /// The right answer, this many milliseconds late.
    Slow(u64),
    /// Bytes that are no token stream.
    MalformedPacket,
    /// Error 1205 after some rows were sent.
    DeadlockMidway,
    /// The next login after this moment fails with error 18456; strikes logins, not statements.
    LoginFailed,
}

/// Faults waiting for their statement.
///
/// Query calls are ExecuteBillQuery and BillQuery, write calls are Save, Submit, Audit, UnAudit and
/// Delete; each are counted from 1 at the start of the server.
/// As text: `session_lost@3,429s:2@5,slow:200@6`, each a name, an argument where it takes one, and
/// the call it strikes. Without `@` a fault strikes the first free call.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Faults {
    at_call: BTreeMap<u64, Fault>,
    at_login: BTreeMap<u64, ()>,
}

impl Faults {
    /// Sets `fault` for the statement of that number; a fault already there gives way.
    pub fn set(&mut self, call: u64, fault: Fault) {
        if fault == Fault::LoginFailed {
            self.at_login.insert(call, ());
        } else {
            self.at_call.insert(call, fault);
        }
    }

    /// Sets `fault` for the first statement from `call` on that has none.
    pub(crate) fn push(&mut self, call: u64, fault: Fault) {
        let taken = |number: &u64| match fault {
            Fault::LoginFailed => self.at_login.contains_key(number),
            _ => self.at_call.contains_key(number),
        };
        let free = (call..).find(|number| !taken(number)).unwrap_or(call);
        self.set(free, fault);
    }

    /// Takes the fault of the statement of that number.
    pub(crate) fn take(&mut self, call: u64) -> Option<Fault> {
        self.at_call.remove(&call)
    }

    /// Whether the login of that number fails.
    pub(crate) fn take_login(&mut self, login: u64) -> bool {
        self.at_login.remove(&login).is_some()
    }

    /// Number of faults still waiting.
    #[must_use]
    pub fn len(&self) -> usize {
        self.at_call.len() + self.at_login.len()
    }

    /// Whether none is waiting.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.at_call.is_empty() && self.at_login.is_empty()
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
    #[error("`{0}` in `{1}` is not the number of a statement; the first statement is 1")]
    Call(String, String),
    /// Two faults for one call.
    #[error("statement {0} has two faults; a call has at most one")]
    Twice(u64),
}

const NAMES: &str = "reset, truncated, deadlock, deadlock_midway, lock_timeout, permission, busy, killed, \
    slow:MS, malformed, login_failed";

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
        let plain = |fault| if argument.is_none() { Ok(fault) } else { Err(refuse("without `:`")) };
        match name {
            "reset" => plain(Self::ConnectionReset),
            "truncated" => plain(Self::TruncatedRows),
            "deadlock" => plain(Self::Deadlock),
            "deadlock_midway" => plain(Self::DeadlockMidway),
            "lock_timeout" => plain(Self::LockTimeout),
            "permission" => plain(Self::Permission),
            "busy" => plain(Self::Busy),
            "killed" => plain(Self::SessionKilled),
            "slow" => match argument.and_then(|ms| ms.parse().ok()) {
                Some(ms) => Ok(Self::Slow(ms)),
                None => Err(refuse("slow:MS")),
            },
            "malformed" => plain(Self::MalformedPacket),
            "login_failed" => plain(Self::LoginFailed),
            _ => Err(FaultsError::Unknown(name.to_owned())),
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::ConnectionReset => "reset",
            Self::TruncatedRows => "truncated",
            Self::Deadlock => "deadlock",
            Self::DeadlockMidway => "deadlock_midway",
            Self::LockTimeout => "lock_timeout",
            Self::Permission => "permission",
            Self::Busy => "busy",
            Self::SessionKilled => "killed",
            Self::Slow(ms) => return write!(f, "slow:{ms}"),
            Self::MalformedPacket => "malformed",
            Self::LoginFailed => "login_failed",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_the_command_line_form() {
        let mut faults: Faults = "deadlock@3,slow:200,login_failed".parse().unwrap();
        assert_eq!(faults.take(1), Some(Fault::Slow(200)));
        assert_eq!(faults.take(3), Some(Fault::Deadlock));
        assert!(faults.take_login(1));
        assert!(faults.is_empty());
    }

    #[test]
    fn every_name_reads_back() {
        for item in NAMES.split(", ") {
            let text = item.trim().replace("MS", "5");
            assert_eq!(text.parse::<Fault>().unwrap().to_string(), text);
        }
    }
}
