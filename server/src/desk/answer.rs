//! From the hub's errors to those of the ports.

use yuanliu_api::ports::PortError;
use yuanliu_warehouse::QueryError;

use crate::exit::{self, UsageError};

/// What went wrong, for whoever asked: their question, what is not there for them, or the hub.
pub(super) fn failed(error: anyhow::Error) -> PortError {
    let error = match error.downcast::<UsageError>() {
        Ok(UsageError(told)) => {
            return PortError::invalid(told, "change the question and ask again");
        }
        Err(error) => error,
    };
    if let Some(QueryError::Plan { source }) = error.downcast_ref::<QueryError>() {
        let told = source.to_string();
        if told.contains("has not been built yet") {
            let what = "the reports have not been built yet; start a build".to_owned();
            return PortError::Unavailable { what, retry_after: None };
        }
    }
    PortError::Failed(exit::chain(&error))
}
