//! Asking the index.

use std::borrow::Cow;
use std::time::{Duration, Instant};

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use yuanliu_trace_index::{Dealer, Delivery, Documents, IndexError, Party, TraceIndex, WorkOrder};

use crate::process::{resident_mib, thread_time};
use crate::stream::Stream;
use crate::{Outcome, say};

const SEED: u64 = 1;

/// Every party is a dealer.
struct Dealers;

impl Documents for Dealers {
    fn party(&self, _: &str) -> Party<'_> {
        let dealer = Dealer { channel: Some(Cow::Borrowed("store")) };
        Party { dealer: Some(dealer), ..Party::default() }
    }

    fn delivery(&self, _: &str) -> Option<Delivery<'_>> {
        None
    }

    fn order_dealer(&self, _: &str) -> Option<Cow<'_, str>> {
        None
    }

    fn work_order(&self, _: &str) -> Option<WorkOrder<'_>> {
        None
    }
}

pub(crate) fn measure(index: &TraceIndex, stream: &Stream, reads: usize) -> Outcome<()> {
    say(&format!("seed {SEED}"))?;
    let mut random = ChaCha8Rng::seed_from_u64(SEED);
    let items: Vec<String> =
        (0..reads).map(|_| stream.item(random.random_range(0..stream.items()))).collect();
    for pass in ["first", "second"] {
        timed(&format!("history, {pass} pass"), &items, |code| {
            let history = index.history(code, i64::MAX, &Dealers)?;
            Ok(history.is_some_and(|one| one.custody.len() == 1 && one.origin.is_some()))
        })?;
    }
    let absent: Vec<String> = items.iter().map(|code| format!("{code}X")).collect();
    timed("history of an unknown code", &absent, |code| {
        Ok(index.history(code, i64::MAX, &Dealers)?.is_none())
    })?;
    timed("contents of an unknown id", &absent, |id| {
        Ok(index.contents([id])?.iter().all(Vec::is_empty))
    })?;
    say(&format!("{} MiB resident", resident_mib()))
}

fn timed(
    what: &str,
    asked: &[String],
    mut ask: impl FnMut(&str) -> Result<bool, IndexError>,
) -> Outcome<()> {
    let mut times = Vec::with_capacity(asked.len());
    let mut right = 0;
    let before = thread_time();
    for one in asked {
        let started = Instant::now();
        right += usize::from(ask(one)?);
        times.push(started.elapsed());
    }
    let processor = thread_time().saturating_sub(before) / asked.len().max(1) as u32;
    let total: Duration = times.iter().sum();
    times.sort_unstable();
    let at = |share: usize| times.get(times.len() * share / 100).copied().unwrap_or_default();
    say(&format!(
        "{what}: {:.0} a second, p50 {:?}, p99 {:?}, {processor:?} of a processor each, {} of {} as expected",
        asked.len() as f64 / total.as_secs_f64(),
        at(50),
        at(99),
        right,
        asked.len()
    ))
}
