//! Applies the policy table to one call.

use tracing::warn;
use yuanliu_contract::{Clock, Result};

use crate::policy::wait_before_retry;

/// Makes a call until it succeeds or the policy table says to stop; returns the last error.
///
/// The number of attempts is bounded by [`crate::policy::Directive::attempts_max`] of each error's kind.
pub async fn with_policy<T>(
    clock: &dyn Clock,
    mut call: impl AsyncFnMut() -> Result<T>,
) -> Result<T> {
    let mut attempt = 0;
    loop {
        attempt += 1;
        let error = match call().await {
            Ok(value) => return Ok(value),
            Err(error) => error,
        };
        let Some(wait) = wait_before_retry(&error, attempt) else { return Err(error) };
        warn!(kind = ?error.kind, attempt, wait_ms = wait.as_millis() as u64, "{error}; will try again");
        clock.sleep(wait).await;
    }
}
