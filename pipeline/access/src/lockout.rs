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
    /// Counts an attempt before it is made. `Err`: it may not be made before then.
    pub(crate) fn reserve(
        &self,
        key: &str,
        rules: LockoutRules,
        attempts: u32,
        now: DateTime<Utc>,
    ) -> Result<(), DateTime<Utc>> {
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
        Ok(())
    }

    /// The attempt was no wrong one. Earlier ones stay: an address may be shared.
    pub(crate) fn give_back(&self, key: &str) {
        let mut entries = self.lock();
        if let Some(entry) = entries.get_mut(key) {
            entry.attempts.failed = entry.attempts.failed.saturating_sub(1);
            entry.attempts.locked_until = None;
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
