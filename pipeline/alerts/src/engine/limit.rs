//! How many messages a channel may still take.

use std::collections::VecDeque;

use chrono::{DateTime, Duration, Utc};

/// The vendors count by the minute.
pub(super) const SPAN: Duration = Duration::seconds(60);

/// The messages of the last minute, and whether the other side asked for silence.
#[derive(Debug, Clone, Default)]
pub(super) struct Window {
    sent: VecDeque<DateTime<Utc>>,
    silent_until: Option<DateTime<Utc>>,
}

impl Window {
    pub(super) fn of(mut sent: Vec<DateTime<Utc>>) -> Self {
        sent.sort_unstable();
        Self { sent: sent.into(), silent_until: None }
    }

    /// How many more may go out now.
    pub(super) fn free(&mut self, per_minute: usize, now: DateTime<Utc>) -> usize {
        if self.silent_until.is_some_and(|until| now < until) {
            return 0;
        }
        while self.sent.front().is_some_and(|at| *at + SPAN <= now) {
            self.sent.pop_front();
        }
        per_minute.saturating_sub(self.sent.len())
    }

    /// One went out; the vendors count those they refuse as well.
    pub(super) fn note(&mut self, at: DateTime<Utc>) {
        self.sent.push_back(at);
    }

    /// None more before then.
    pub(super) fn silence(&mut self, until: DateTime<Utc>) {
        self.silent_until = self.silent_until.max(Some(until));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_minute_holds_more_than_the_limit() {
        let start = DateTime::<Utc>::UNIX_EPOCH;
        let mut window = Window::of(vec![start - Duration::seconds(30)]);
        let mut sent = vec![start - Duration::seconds(30)];
        for second in 0..300 {
            let now = start + Duration::seconds(second);
            for _ in 0..window.free(20, now) {
                window.note(now);
                sent.push(now);
            }
        }
        for from in &sent {
            let within = sent.iter().filter(|at| **at >= *from && **at < *from + SPAN).count();
            assert!(within <= 20, "{within} from {from}");
        }
        // 19 at once, then as the minute of each is over.
        assert_eq!(sent.len(), 101, "{sent:?}");
    }

    #[test]
    fn silence_is_kept() {
        let start = DateTime::<Utc>::UNIX_EPOCH;
        let mut window = Window::default();
        window.silence(start + Duration::seconds(600));
        window.silence(start + Duration::seconds(60));
        assert_eq!(window.free(20, start + Duration::seconds(599)), 0);
        assert_eq!(window.free(20, start + Duration::seconds(600)), 20);
    }
}
