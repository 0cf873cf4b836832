//! How long requests took.

use std::time::Duration;

/// Times of requests.
#[derive(Debug, Clone, Default)]
pub struct Latencies(Vec<Duration>);

impl Latencies {
    /// Adds one.
    pub fn push(&mut self, latency: Duration) {
        self.0.push(latency);
    }

    /// Adds those of another connection.
    pub fn extend(&mut self, others: Self) {
        self.0.extend(others.0);
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The time that the share `per_mille` of a thousand stayed within; zero if there is none.
    #[must_use]
    pub fn within(&self, per_mille: usize) -> Duration {
        let mut sorted = self.0.clone();
        sorted.sort_unstable();
        let rank = (sorted.len() * per_mille).div_ceil(1_000).saturating_sub(1);
        sorted.get(rank).copied().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::{Duration, Latencies};

    #[test]
    fn a_share_of_the_requests_stayed_within_its_time() {
        let mut latencies = Latencies::default();
        assert_eq!(latencies.within(500), Duration::ZERO);
        for millis in (1..=200).rev() {
            latencies.push(Duration::from_millis(millis));
        }
        let within = [500, 990, 1_000].map(|share| latencies.within(share).as_millis());
        assert_eq!(within, [100, 198, 200]);
    }
}
