//! Applies the policy table to one call.

use tracing::warn;
use yuanliu_contract::{Clock, ConnectorError, Page, Result, Source};

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
        match call().await {
            Ok(value) => return Ok(value),
            Err(error) => wait_or_stop(clock, error, attempt).await?,
        }
    }
}

/// Asks a source for its next page until it answers or the policy table says to stop.
///
/// The future may move between threads, which that of a closure over the source may not.
pub(crate) async fn next_page(clock: &dyn Clock, source: &mut dyn Source) -> Result<Option<Page>> {
    let mut attempt = 0;
    loop {
        attempt += 1;
        match source.next_page().await {
            Ok(page) => return Ok(page),
            Err(error) => wait_or_stop(clock, error, attempt).await?,
        }
    }
}

async fn wait_or_stop(clock: &dyn Clock, error: ConnectorError, attempt: u32) -> Result<()> {
    let Some(wait) = wait_before_retry(&error, attempt) else { return Err(error) };
    warn!(kind = ?error.kind, attempt, wait_ms = wait.as_millis() as u64, "{error}; will try again");
    clock.sleep(wait).await;
    Ok(())
}
