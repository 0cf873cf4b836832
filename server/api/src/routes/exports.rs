//! Files of rows, recorded before their first byte leaves.

use axum::response::Response;

use crate::api::Api;
use crate::http::{Caller, attachment, audited};
use crate::ports::{Answer, FileAnswer, FileFormat};
use crate::problem::Problem;

/// Makes a file, records that it was exported, and sends it.
pub(crate) async fn export(
    api: &Api,
    caller: &Caller,
    action: &str,
    object: &str,
    detail: &str,
    format: FileFormat,
    file: impl Future<Output = Answer<FileAnswer>>,
) -> Result<Response, Problem> {
    let file = audited(api, caller, action, object, detail, file).await?;
    Ok(attachment(file, format))
}
