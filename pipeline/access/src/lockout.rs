//! Wrong passwords are followed by waits that grow.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, MutexGuard, PoisonError};

use chrono::{DateTime, TimeDelta, Utc};
use serde::Deserialize;

use crate::stores::Attempts;

/// When somebody has to wait, and how long.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct LockoutRules {
    /// The wrong password of an account that locks it. Each one after it takes a lock twice as long.
    pub account_attempts: u32,
    /// The same for an address, over all accounts. An office may share one.
    pub address_attempts: u32,
    /// The first lock.
    pub first_lock_s: u32,
    /// The longest lock. Longer ones would help whoever wants to keep somebody out.
    pub longest_lock_s: u32,
    /// An address is forgiven after so long without a wrong password.
    pub forget_s: u32,
}

impl Default for LockoutRules {
    fn default() -> Self {
        Self {
            account_attempts: 5,
            address_attempts: 30,
            first_lock_s: 60,
            longest_lock_s: 3600,
            forget_s: 86_400,
        }
    }
}

impl LockoutRules {
    /// The lock that the attempt of this number needs, where `attempts` are free but for the last.
    #[must_use]
    pub fn lock(self, failed: u32, attempts: u32) -> Option<TimeDelta> {
        let beyond = failed.checked_sub(attempts.max(1))?;
        let doubled = 2_u64.saturating_pow(beyond).saturating_mul(u64::from(self.first_lock_s));
        let longest = u64::from(self.longest_lock_s.max(self.first_lock_s));
        Some(TimeDelta::seconds(doubled.min(longest) as i64))
    }
}

/// More are not remembered at once; the one that failed longest ago is forgotten first.
const KEYS_MAX: usize = 20_000;

/// Wrong passwords by address, and by logins that nobody has, of this process.
#[derive(Debug, Default)]
pub(crate) struct AttemptBook {
    entries: Mutex<HashMap<String, Entry>>,
}

#[derive(Debug, Clone, Copy)]
struct Entry {
    attempts: Attempts,
    last_at: DateTime<Utc>,
}

impl AttemptBook {
    /// Counts an attempt before it is made, and tells the lock it took. `Err`: it may not be made before then.
    pub(crate) fn reserve(
        &self,
        key: &str,
        rules: LockoutRules,
        attempts: u32,
        now: DateTime<Utc>,
    ) -> Result<Option<DateTime<Utc>>, DateTime<Utc>> {
        let mut entries = self.lock();
        if !entries.contains_key(key) && entries.len() >= KEYS_MAX {
            forget_some(&mut entries, rules, now);
        }
        let fresh = Entry { attempts: Attempts { failed: 0, locked_until: None }, last_at: now };
        let entry = entries.entry(key.to_owned()).or_insert(fresh);
        if is_forgiven(entry, rules, now) {
            *entry = fresh;
        }
        if let Some(until) = entry.attempts.locked_until.filter(|until| *until > now) {
            return Err(until);
        }
        entry.attempts.failed = entry.attempts.failed.saturating_add(1);
        entry.last_at = now;
        entry.attempts.locked_until =
            rules.lock(entry.attempts.failed, attempts).map(|wait| now + wait);
        Ok(entry.attempts.locked_until)
    }

    /// The attempt was no wrong one. Earlier ones stay, and a lock that another one took: an address may be shared.
    pub(crate) fn give_back(&self, key: &str, lock: Option<DateTime<Utc>>) {
        let mut entries = self.lock();
        if let Some(entry) = entries.get_mut(key) {
            entry.attempts.failed = entry.attempts.failed.saturating_sub(1);
            if entry.attempts.locked_until == lock {
                entry.attempts.locked_until = None;
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<String, Entry>> {
        self.entries.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn is_forgiven(entry: &Entry, rules: LockoutRules, now: DateTime<Utc>) -> bool {
    let since = entry.attempts.locked_until.map_or(entry.last_at, |until| until.max(entry.last_at));
    now - since > TimeDelta::seconds(i64::from(rules.forget_s))
}

fn forget_some(entries: &mut HashMap<String, Entry>, rules: LockoutRules, now: DateTime<Utc>) {
    entries.retain(|_, entry| !is_forgiven(entry, rules, now));
    let mut times: Vec<DateTime<Utc>> = entries.values().map(|entry| entry.last_at).collect();
    if times.len() < KEYS_MAX {
        return;
    }
    // A tenth at once, so that a flood does not sort the book for every key.
    let tenth = times.len() / 10;
    let (_, limit, _) = times.select_nth_unstable(tenth);
    let limit = *limit;
    let mut left = tenth + 1;
    entries.retain(|_, entry| {
        let goes = left > 0 && entry.last_at <= limit;
        left -= usize::from(goes);
        !goes
    });
}

/// What counts as one address: of IPv6 the network, which one person has to themselves.
#[must_use]
pub(crate) fn address_key(address: &str) -> String {
    match address.parse::<IpAddr>().map(|parsed| parsed.to_canonical()) {
        Ok(IpAddr::V6(v6)) => {
            let [a, b, c, d, ..] = v6.segments();
            format!("{a:x}:{b:x}:{c:x}:{d:x}::/64")
        }
        Ok(IpAddr::V4(v4)) => v4.to_string(),
        Err(_) => address.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, TimeDelta, Utc};

    use super::{AttemptBook, KEYS_MAX, LockoutRules, address_key};

    fn start() -> DateTime<Utc> {
        DateTime::from_timestamp(1_780_000_000, 0).unwrap()
    }

    #[test]
    fn locks_double_from_the_attempt_on_that_locks() {
        let rules = LockoutRules::default();
        let locks = |failed| rules.lock(failed, 5).map(|lock| lock.num_seconds());
        assert_eq!(
            [1, 4, 5, 6, 7, 11, 12].map(locks),
            [None, None, Some(60), Some(120), Some(240), Some(3600), Some(3600)]
        );
        assert_eq!(locks(u32::MAX), Some(3600));
        let odd = LockoutRules { longest_lock_s: 1, ..rules };
        assert_eq!(odd.lock(9, 0).map(|lock| lock.num_seconds()), Some(60));
    }

    #[test]
    fn a_right_password_ends_no_lock_that_a_wrong_one_took() {
        let (book, rules, now) = (AttemptBook::default(), LockoutRules::default(), start());
        let right = book.reserve("a", rules, 2, now).unwrap();
        assert_eq!(right, None);
        let wrong = book.reserve("a", rules, 2, now).unwrap();
        assert_eq!(wrong, Some(now + TimeDelta::seconds(60)));
        book.give_back("a", right);
        assert_eq!(book.reserve("a", rules, 2, now), Err(now + TimeDelta::seconds(60)));
        book.give_back("a", wrong);
        assert!(book.reserve("a", rules, 2, now).is_ok());
    }

    #[test]
    fn a_day_without_a_wrong_password_is_forgiven() {
        let (book, rules, now) = (AttemptBook::default(), LockoutRules::default(), start());
        assert!(book.reserve("a", rules, 2, now).is_ok());
        let later = now + TimeDelta::days(1);
        assert_eq!(
            book.reserve("a", rules, 2, later).unwrap(),
            Some(later + TimeDelta::seconds(60))
        );
        let forgiven = later + TimeDelta::seconds(61) + TimeDelta::days(1);
        assert_eq!(book.reserve("a", rules, 2, forgiven).unwrap(), None);
    }

    #[test]
    fn a_flood_of_addresses_is_bounded_and_forgets_the_oldest() {
        let (book, rules) = (AttemptBook::default(), LockoutRules::default());
        for n in 0..KEYS_MAX + 1 {
            let at = start() + TimeDelta::milliseconds(n as i64);
            book.reserve(&n.to_string(), rules, 30, at).unwrap();
        }
        let entries = book.lock();
        assert!(entries.len() < KEYS_MAX && entries.len() > KEYS_MAX / 2, "{}", entries.len());
        assert!(!entries.contains_key("0") && entries.contains_key(&KEYS_MAX.to_string()));
    }

    #[test]
    fn an_address_is_one_machine_or_one_network() {
        assert_eq!(address_key("203.0.113.7"), "203.0.113.7");
        assert_eq!(address_key("::ffff:203.0.113.7"), "203.0.113.7");
        assert_eq!(address_key("2001:db8:1:2::9"), address_key("2001:db8:1:2:ffff::1"));
        assert_ne!(address_key("2001:db8:1:2::9"), address_key("2001:db8:1:3::9"));
        assert_eq!(address_key("not an address"), "not an address");
    }
}
