//! What a dealer sees of itself.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use utoipa::IntoParams;

use super::list::list;
use crate::api::Api;
use crate::http::{Asked, PageParams, Staff, needs};
use crate::ports::{DealerCode, DealerScore, DealerStock};
use crate::problem::Problem;

list! {
    /// Stock in order of product.
    DealerStockList of DealerStock
}
list! {
    /// Codes in order of code.
    DealerCodeList of DealerCode
}

/// Which codes.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct DealerCodeParams {
    /// Of this product; left out: of all.
    #[param(example = "P1")]
    product_code: Option<String>,
}

/// What the dealer and its subtree have, by product.
#[utoipa::path(
    get,
    path = "/dealer/stock",
    tag = "dealer",
    responses((status = 200, description = "The stock", body = DealerStockList)),
    extensions(("x-permission" = json!("dealer.read")))
)]
pub(crate) async fn dealer_stock(
    State(api): State<Arc<Api>>,
    staff: Staff<needs::DealerRead>,
) -> Result<Json<DealerStockList>, Problem> {
    Ok(Json(api.ports.dealers.stock(&staff.principal).await?.into()))
}

/// The codes that the dealer and its subtree have.
#[utoipa::path(
    get,
    path = "/dealer/codes",
    tag = "dealer",
    params(DealerCodeParams, PageParams),
    responses((status = 200, description = "A page of codes", body = DealerCodeList)),
    extensions(("x-permission" = json!("dealer.read")))
)]
pub(crate) async fn dealer_codes(
    State(api): State<Arc<Api>>,
    staff: Staff<needs::DealerRead>,
    asked: Asked<DealerCodeParams>,
) -> Result<Json<DealerCodeList>, Problem> {
    let product_code = asked.filter.product_code.as_deref();
    let page = api.ports.dealers.codes(&staff.principal, product_code, &asked.page).await?;
    Ok(Json(asked.answer(page).into()))
}

/// How completely and how timely the dealer reports.
#[utoipa::path(
    get,
    path = "/dealer/score",
    tag = "dealer",
    responses((status = 200, description = "The score by month", body = DealerScore)),
    extensions(("x-permission" = json!("dealer.read")))
)]
pub(crate) async fn dealer_score(
    State(api): State<Arc<Api>>,
    staff: Staff<needs::DealerRead>,
) -> Result<Json<DealerScore>, Problem> {
    Ok(Json(api.ports.dealers.score(&staff.principal).await?))
}
