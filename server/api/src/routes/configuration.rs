//! The configuration: shown, planned, applied.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;

use super::accounts::Nothing;
use super::list::list;
use crate::api::Api;
use crate::http::{Asked, Body, PageParams, Staff, audited, length, needs};
use crate::ports::{Configuration, ConfigurationChange, Plan, PlanChosen, PlanDraft};
use crate::problem::Problem;

list! {
    /// Changes that were applied, newest first.
    ConfigurationChangeList of ConfigurationChange
}

/// Files of a plan.
const FILES_MAX: usize = 200;

/// The files as they are. Secrets are references and are never shown.
#[utoipa::path(
    get,
    path = "/configuration",
    tag = "configuration",
    responses((status = 200, description = "The files", body = Configuration)),
    extensions(("x-permission" = json!("configuration.read")))
)]
pub(crate) async fn read_configuration(
    State(api): State<Arc<Api>>,
    staff: Staff<needs::ConfigurationRead>,
) -> Result<Json<Configuration>, Problem> {
    Ok(Json(api.ports.configuration.files(&staff.principal).await?))
}

/// What drafted files would change, and what that would set off. Nothing is written.
#[utoipa::path(
    post,
    path = "/configuration/plan",
    tag = "configuration",
    request_body = PlanDraft,
    responses((status = 200, description = "The plan", body = Plan)),
    extensions(("x-permission" = json!("configuration.write")))
)]
pub(crate) async fn plan_configuration(
    State(api): State<Arc<Api>>,
    staff: Staff<needs::ConfigurationWrite>,
    Body(draft): Body<PlanDraft>,
) -> Result<Json<Plan>, Problem> {
    if draft.files.is_empty() || draft.files.len() > FILES_MAX {
        return Err(Problem::bad_request(format!("give 1 to {FILES_MAX} `files` that change")));
    }
    for file in &draft.files {
        length("path", &file.path, 1..=200)?;
        expect_inside(&file.path)?;
    }
    Ok(Json(api.ports.configuration.plan(&staff.principal, &draft).await?))
}

/// Writes the files of a plan. A conflict if they changed since it was made, or if it has problems.
#[utoipa::path(
    post,
    path = "/configuration/apply",
    tag = "configuration",
    request_body = PlanChosen,
    responses((status = 200, description = "What was applied", body = ConfigurationChange)),
    extensions(("x-permission" = json!("configuration.write")))
)]
pub(crate) async fn apply_configuration(
    State(api): State<Arc<Api>>,
    staff: Staff<needs::ConfigurationWrite>,
    Body(chosen): Body<PlanChosen>,
) -> Result<Json<ConfigurationChange>, Problem> {
    length("plan_id", &chosen.plan_id, 1..=100)?;
    let work = api.ports.configuration.apply(&staff.principal, &chosen.plan_id);
    Ok(Json(audited(&api, &staff, "configuration.apply", &chosen.plan_id, "", work).await?))
}

/// What was applied.
#[utoipa::path(
    get,
    path = "/configuration/history",
    tag = "configuration",
    params(PageParams),
    responses((status = 200, description = "A page of changes", body = ConfigurationChangeList)),
    extensions(("x-permission" = json!("configuration.read")))
)]
pub(crate) async fn configuration_history(
    State(api): State<Arc<Api>>,
    staff: Staff<needs::ConfigurationRead>,
    asked: Asked<Nothing>,
) -> Result<Json<ConfigurationChangeList>, Problem> {
    let page = api.ports.configuration.history(&staff.principal, &asked.page).await?;
    Ok(Json(asked.answer(page).into()))
}

/// A file of the configuration lies in its folder, whatever its path says.
fn expect_inside(path: &str) -> Result<(), Problem> {
    let is_plain = |part: &str| !part.is_empty() && part != "." && part != "..";
    let is_inside = path.split('/').all(is_plain)
        && !path.contains(['\\', ':'])
        && !path.chars().any(char::is_control);
    if is_inside {
        return Ok(());
    }
    Err(Problem::bad_request(format!(
        "`{}` is no path within the configuration; give one like systems/erp-main.toml",
        path.escape_debug()
    )))
}

#[cfg(test)]
mod tests {
    use super::expect_inside;

    #[test]
    fn a_path_stays_in_the_folder() {
        assert!(expect_inside("systems/erp-main.toml").is_ok());
        for path in ["/etc/passwd", "../hub.toml", "a//b", "a/./b", "C:/x", "a\\b", "a\0b"] {
            assert!(expect_inside(path).is_err(), "{path}");
        }
    }
}
