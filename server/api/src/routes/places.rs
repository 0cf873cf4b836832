//! Regions, territories, and corrections of addresses.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use chrono::NaiveDate;
use serde::Deserialize;
use utoipa::IntoParams;

use super::accounts::Nothing;
use super::list::list;
use crate::api::Api;
use crate::http::{Asked, Body, PageParams, Question, Staff, audited, length, needs, region};
use crate::ports::{Correction, CorrectionDraft, Region, Territory, TerritoryFilter};
use crate::problem::Problem;

list! {
    /// Regions in order of code.
    RegionList of Region
}
list! {
    /// Rules of territories.
    TerritoryList of Territory
}
list! {
    /// Corrections, newest first.
    CorrectionList of Correction
}

/// Which regions.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct RegionParams {
    /// The parts of this region; left out: the provinces.
    #[param(example = "430000", pattern = "^[0-9]{6}$")]
    parent: Option<String>,
    /// As they were on this day; left out: today.
    on: Option<NaiveDate>,
}

/// Which territories; what is left out means any.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct TerritoryParams {
    /// Of this dealer.
    #[param(example = "D1")]
    dealer_code: Option<String>,
    /// That hold this region or a part of it.
    #[param(example = "430000", pattern = "^[0-9]{6}$")]
    region_code: Option<String>,
    /// That hold on this day; left out: today.
    on: Option<NaiveDate>,
}

/// The parts of a region.
#[utoipa::path(
    get,
    path = "/regions",
    tag = "map",
    params(RegionParams),
    responses((status = 200, description = "The regions", body = RegionList)),
    extensions(("x-permission" = json!("regions.read")))
)]
pub(crate) async fn list_regions(
    State(api): State<Arc<Api>>,
    staff: Staff<needs::RegionsRead>,
    Question(asked): Question<RegionParams>,
) -> Result<Json<RegionList>, Problem> {
    let parent = asked.parent.as_deref();
    parent.map_or(Ok(()), |code| region("parent", code))?;
    Ok(Json(api.ports.places.regions(&staff.principal, parent, asked.on).await?.into()))
}

/// Who may sell where, within what whoever asks may see.
#[utoipa::path(
    get,
    path = "/territories",
    tag = "map",
    params(TerritoryParams, PageParams),
    responses((status = 200, description = "A page of territories", body = TerritoryList)),
    extensions(("x-permission" = json!("regions.read")))
)]
pub(crate) async fn list_territories(
    State(api): State<Arc<Api>>,
    staff: Staff<needs::RegionsRead>,
    asked: Asked<TerritoryParams>,
) -> Result<Json<TerritoryList>, Problem> {
    let TerritoryParams { dealer_code, region_code, on } = &asked.filter;
    region_code.as_deref().map_or(Ok(()), |code| region("region_code", code))?;
    let (dealer_code, region_code) = (dealer_code.clone(), region_code.clone());
    let filter = TerritoryFilter { dealer_code, region_code, on: *on };
    let page = api.ports.places.territories(&staff.principal, &filter, &asked.page).await?;
    Ok(Json(asked.answer(page).into()))
}

/// The corrections of addresses there are.
#[utoipa::path(
    get,
    path = "/addresses/corrections",
    tag = "map",
    params(PageParams),
    responses((status = 200, description = "A page of corrections", body = CorrectionList)),
    extensions(("x-permission" = json!("corrections.write")))
)]
pub(crate) async fn list_corrections(
    State(api): State<Arc<Api>>,
    staff: Staff<needs::CorrectionsWrite>,
    asked: Asked<Nothing>,
) -> Result<Json<CorrectionList>, Problem> {
    let page = api.ports.places.corrections(&staff.principal, &asked.page).await?;
    Ok(Json(asked.answer(page).into()))
}

/// Says in which region addresses lie; reports follow with the next build.
#[utoipa::path(
    post,
    path = "/addresses/corrections",
    tag = "map",
    request_body = CorrectionDraft,
    responses((status = 201, description = "Kept", body = Correction)),
    extensions(("x-permission" = json!("corrections.write")))
)]
pub(crate) async fn correct_address(
    State(api): State<Arc<Api>>,
    staff: Staff<needs::CorrectionsWrite>,
    Body(draft): Body<CorrectionDraft>,
) -> Result<(StatusCode, Json<Correction>), Problem> {
    length("text", &draft.text, 1..=500)?;
    length("note", &draft.note, 0..=1_000)?;
    region("region_code", &draft.region_code)?;
    let detail = serde_json::to_string(&draft).unwrap_or_default();
    let work = api.ports.places.correct(&staff.principal, &draft);
    let kept = audited(&api, &staff, "address.correct", &draft.region_code, &detail, work).await?;
    Ok((StatusCode::CREATED, Json(kept)))
}
