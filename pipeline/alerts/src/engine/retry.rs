//! What a failed attempt leads to: the only place that decides on another one.

use std::time::Duration;

use chrono::{DateTime, Utc};

use crate::channels::SendError;
use crate::config::Patience;
use crate::delivery::{Delivery, DeliveryStatus};

/// After the first failure; doubled after each further one.
const BACK_OFF_FIRST: Duration = Duration::from_secs(30);
/// Ten attempts are over after about two hours.
const BACK_OFF_MAX: Duration = Duration::from_secs(1800);

/// No quiet hours on end are longer: a week of holidays.
const QUIET_MAX: chrono::Duration = chrono::Duration::days(8);

/// The delivery after an attempt that failed.
pub(super) fn after(
    mut delivery: Delivery,
    error: &SendError,
    patience: &Patience,
    now: DateTime<Utc>,
) -> Delivery {
    delivery.last_error = Some(error.to_string());
    let wait = match error {
        SendError::Refused { .. } => None,
        SendError::Limited { wait, .. } => {
            // The message itself is not at fault: only its age counts.
            delivery.attempts = delivery.attempts.saturating_sub(1);
            Some(*wait)
        }
        SendError::Failed { .. } if delivery.attempts >= patience.attempts_max => None,
        SendError::Failed { wait, .. } => {
            Some(back_off(delivery.attempts).max(wait.unwrap_or_default()))
        }
    };
    let next_at = wait.map(|wait| now + wait);
    // What quiet hours held is not older for it.
    let limit = delivery.created_at.max(held_until(&delivery)) + patience.give_up_after;
    match next_at.filter(|at| *at <= limit) {
        Some(next_at) => {
            delivery.status = DeliveryStatus::Failed;
            delivery.next_at = next_at;
        }
        None => delivery.status = DeliveryStatus::GivenUp,
    }
    delivery
}

/// When quiet hours let it go at the latest: `next_at` has moved on since.
fn held_until(delivery: &Delivery) -> DateTime<Utc> {
    match delivery.is_held {
        true => delivery.next_at.min(delivery.created_at + QUIET_MAX),
        false => delivery.created_at,
    }
}

fn back_off(attempts: u32) -> Duration {
    let doublings = attempts.saturating_sub(1).min(16);
    BACK_OFF_FIRST.saturating_mul(1 << doublings).min(BACK_OFF_MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::delivery::DeliveryKey;

    fn delivery(attempts: u32) -> Delivery {
        let key = DeliveryKey {
            alert_id: "a".to_owned(),
            round: 1,
            step: 0,
            channel: "c".to_owned(),
            recipient: String::new(),
        };
        let start = DateTime::<Utc>::UNIX_EPOCH;
        Delivery { attempts, ..Delivery::new(key, start, start) }
    }

    fn patience() -> Patience {
        let day = Duration::from_secs(86_400);
        Patience { attempts_max: 10, give_up_after: day, digest_over: 5 }
    }

    #[test]
    fn waits_grow_and_end() {
        let failed = SendError::Failed { why: "no".to_owned(), wait: None };
        let now = DateTime::<Utc>::UNIX_EPOCH;
        let waits: Vec<_> = (1..=9)
            .map(|attempts| {
                (after(delivery(attempts), &failed, &patience(), now).next_at - now).num_seconds()
            })
            .collect();
        assert_eq!(waits, [30, 60, 120, 240, 480, 960, 1800, 1800, 1800]);
        let last = after(delivery(10), &failed, &patience(), now);
        assert_eq!(
            (last.status, last.last_error.as_deref()),
            (DeliveryStatus::GivenUp, Some("no"))
        );
    }

    #[test]
    fn what_the_other_side_asks_for_is_obeyed() {
        let now = DateTime::<Utc>::UNIX_EPOCH;
        let wait = Duration::from_secs(600);
        let asked = SendError::Failed { why: String::new(), wait: Some(wait) };
        assert_eq!(after(delivery(1), &asked, &patience(), now).next_at, now + wait);
        let limited = SendError::Limited { why: String::new(), wait };
        let next = after(delivery(10), &limited, &patience(), now);
        assert_eq!((next.attempts, next.next_at), (9, now + wait));
        let late = now + Duration::from_secs(86_000);
        let next = after(delivery(3), &limited, &patience(), late);
        assert_eq!(next.status, DeliveryStatus::GivenUp);
        let refused = SendError::Refused { why: String::new() };
        let next = after(delivery(1), &refused, &patience(), now);
        assert_eq!(next.status, DeliveryStatus::GivenUp);
    }
}
