//! What people decided in the hub: append-only rows, handed to the warehouse as the files it reads them from.

mod addresses;
mod cases;
mod claims;
mod configuration;
mod export;

use chrono::{DateTime, TimeDelta, Utc};

use crate::error::Cause;
use crate::store::value::{stamp, time};

pub use addresses::{AddressCorrection, NewAddressCorrection};
pub use cases::{CaseDecision, CaseName, NewCaseDecision};
pub use claims::{ClaimDecision, NewClaimDecision};
pub use configuration::{ChangedFile, ConfigurationChange, NewConfigurationChange};
pub use export::Exported;

/// The time of a decision that follows one of `last`: the last of two counts, so no two have the same time.
fn after(last: Option<(Option<String>,)>, at: DateTime<Utc>) -> Result<String, Cause> {
    let last = last.and_then(|(last,)| last).map(|last| time(&last)).transpose()?;
    let earliest = last.map(|last| last + TimeDelta::milliseconds(1));
    Ok(stamp(earliest.map_or(at, |earliest| earliest.max(at))))
}

/// The one row that adding one gives.
fn only<T>(mut rows: Vec<T>) -> Result<T, Cause> {
    rows.pop().ok_or_else(|| Cause::Unknown("an added row was not given back".to_owned()))
}
