//! Save, then Submit and Audit where the site wants them.

use serde_json::{Value as Json, json};
use yuanliu_contract::{ConnectorError, ErrorKind, OutgoingDocument, Result};

use super::config::WriteConfig;
use super::form;
use super::lookup::Held;
use super::model::model;
use crate::client::Client;
use crate::envelope::{integer, parse};

/// Saves a new document; answers it and the server's words.
pub(super) async fn save(
    client: &Client,
    write: &WriteConfig,
    document: &OutgoingDocument,
) -> Result<(Held, String)> {
    let form = form(document.kind).id;
    let data = json!({
        "NeedReturnFields": ["FBillNo"],
        // The default deletes lines; a new document has none to delete.
        "IsDeleteEntry": "false",
        // Codes come from another system: what does not exist here is refused, not left empty.
        "IsVerifyBaseDataField": "true",
        "Model": model(write, document)?,
    });
    let action = format!("saving {} as {form}", document.key);
    let answer = client.call_form("Save", form, action, data).await.map_err(|mut error| {
        // A field or value that does not exist: nothing is stored.
        if error.kind == ErrorKind::NotFound {
            error.kind = ErrorKind::Refused;
        }
        error
    })?;
    let text = answer.text()?.to_owned();
    let value: Json = parse(answer.reply(), &text)?;
    let result = &value["Result"];
    let entity = &result["ResponseStatus"]["SuccessEntitys"][0];
    let id = integer(&result["Id"]).or(integer(&entity["Id"]));
    let number = result["Number"].as_str().or(entity["Number"].as_str());
    let (Some(id), Some(number)) = (id, number) else {
        return Err(answer.malformed("the document was saved, but without id or number"));
    };
    let held = Held { id: id.to_string(), number: number.to_owned(), status: "A".to_owned() };
    Ok((held, text))
}

/// Takes a held document through the steps that are configured and not done yet.
///
/// A refusal has the kind [`ErrorKind::Permission`]: the document is held, only the step is not done.
pub(super) async fn finish(
    client: &Client,
    write: &WriteConfig,
    document: &OutgoingDocument,
    held: &Held,
) -> Result<Vec<(&'static str, String)>> {
    let mut answers = Vec::new();
    // B 审核中 is submitted, C 已审核 is audited.
    if write.submit && !matches!(held.status.as_str(), "B" | "C") {
        answers.push(("submit", step(client, "Submit", document, held).await?));
    }
    if write.audit && held.status != "C" {
        answers.push(("audit", step(client, "Audit", document, held).await?));
    }
    Ok(answers)
}

async fn step(
    client: &Client,
    operation: &'static str,
    document: &OutgoingDocument,
    held: &Held,
) -> Result<String> {
    let form = form(document.kind).id;
    // By id: a number may be used by several organisations.
    let data = json!({ "CreateOrgId": 0, "Numbers": [], "Ids": held.id, "SelectedPostId": 0,
        "NetworkCtrl": "", "IgnoreInterationFlag": "" });
    let action = format!("calling {operation} for {} of {form}", held.number);
    let answer =
        client.call_form(operation, form, action, data).await.map_err(|e| held_but(e, held))?;
    Ok(answer.text()?.to_owned())
}

fn held_but(mut error: ConnectorError, held: &Held) -> ConnectorError {
    if matches!(error.kind, ErrorKind::Refused | ErrorKind::NotFound) {
        error.kind = ErrorKind::Permission;
        error.hint = Some(format!(
            "{} is saved; submit it in the ERP, or set submit = false in [write]",
            held.number
        ));
    }
    error
}
