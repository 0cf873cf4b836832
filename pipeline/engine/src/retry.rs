//! Applies the policy table to one call.

use std::pin::Pin;

use tracing::warn;
use yuanliu_contract::{Clock, ConnectorError, Page, Result, Source};

use crate::policy::wait_before_retry;

/// A call under way, as the methods of [`yuanliu_contract::System`] and of its kin return it.
pub type Call<'a, T> = Pin<Box<dyn Future<Output = Result<T>> + Send + 'a>>;

/// Makes a call until it succeeds or the policy table says to stop; returns the last error.
///
/// The number of attempts is bounded by [`crate::policy::Directive::attempts_max`] of each error's kind.
pub async fn with_policy<'a, T>(
    clock: &dyn Clock,
    mut call: impl FnMut() -> Call<'a, T> + Send,
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
/// A closure could not lend the source out anew for each attempt.
///
/// # Errors
///
/// The last error of the source.
pub async fn next_page(clock: &dyn Clock, source: &mut dyn Source) -> Result<Option<Page>> {
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
