//! Traces and recalls over the API.

use std::sync::Arc;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use yuanliu_access::Principal;
use yuanliu_alerts::{Severity, Signal, SignalKind};
use yuanliu_api::ports::{
    Answer, FileAnswer, FileFormat, Page, PageAsked, PortError, RecallAnswer, RecallScope, Row,
    Trace, Tracing,
};
use yuanliu_trace_index::IndexError;
use yuanliu_warehouse::{RowLimit, Rows};

use super::answer::failed;
use super::reports::View;
use super::{Desk, files, rows};
use crate::answers;
use crate::cli::{RecallArgs, asked, parse_instant};
use crate::exit::UsageError;
use crate::knowledge::is_within;
use crate::live::Cause;
use crate::recall::{Asked, Recall};
use crate::trace::add_verdicts;

#[async_trait]
impl Tracing for Desk {
    async fn trace(&self, who: &Principal, code: &str, verdicts: bool) -> Answer<Trace> {
        let service = Arc::clone(self.service());
        let typed = code.to_owned();
        let read = self.service().read(move || {
            let now_us = Utc::now().timestamp_micros();
            let Some(history) = service.history(&typed, now_us)? else { return Ok(None) };
            let known = service.knowledge();
            let (days, zone) =
                (service.hub.config.rules.transit_days, service.hub.config.hub.time_zone);
            Ok::<_, IndexError>(Some(answers::trace(&history, &known, now_us, days, zone)))
        });
        let unknown =
            || PortError::NotFound("no event names this code; check how it was typed".to_owned());
        let traced = read.await.map_err(|e| failed(e.into()))?.map_err(unavailable)?;
        let mut traced = traced.ok_or_else(unknown)?;
        if verdicts {
            self.judge(&mut traced).await;
        }
        if let Some(limit) = self.limit(who) {
            if !is_seen(&traced, &limit) {
                return Err(unknown());
            }
            if let Some(dealers) = &limit.dealers {
                keep_own(&mut traced, dealers);
            }
        }
        Ok(traced)
    }

    async fn recall(&self, who: &Principal, scope: &RecallScope) -> Answer<RecallAnswer> {
        let found = self.scope_of(who, scope).await?;
        let service = self.service();
        let unbuilt = service.ledger.unbuilt().events();
        let mut recall = self.find(&found).await?;
        let mut answer = recall.answer(found.as_of).await.map_err(failed)?;
        answer["unbuilt_events"] = json!(unbuilt);
        serde_json::from_value(answer).map_err(|error| failed(error.into()))
    }

    async fn recall_codes(
        &self,
        who: &Principal,
        scope: &RecallScope,
        page: &PageAsked,
    ) -> Answer<Page<Row>> {
        let found = self.scope_of(who, scope).await?;
        let recall = self.find(&found).await?;
        let zone = self.service().hub.config.hub.time_zone;
        let limit = u64::from(page.limit);
        // Codes are read in order, so the last one of a page is where the next begins.
        let answered = recall.codes_after(page.after.as_deref(), limit + 1).await;
        let mut items = rows::collect(answered.map_err(failed)?, zone).await.map_err(failed)?;
        let has_more = items.len() as u64 > limit;
        items.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
        let last = items.last().and_then(|row| row.0.get("code")?.as_str()).map(str::to_owned);
        Ok(Page { items, next: last.filter(|_| has_more) })
    }

    async fn recall_file(
        &self,
        who: &Principal,
        scope: &RecallScope,
        format: FileFormat,
    ) -> Answer<FileAnswer> {
        let found = self.scope_of(who, scope).await?;
        let zone = self.service().hub.config.hub.time_zone;
        let mut recall = self.find(&found).await?;
        let answer = recall.answer(found.as_of).await.map_err(failed)?;
        self.tell_recall(who, scope, answer["items"].clone()).await;
        let (extension, bytes) = match format {
            FileFormat::Csv => {
                let codes: Rows = recall.codes().await.map_err(failed)?;
                let held = found.view;
                let bytes = futures::StreamExt::map(files::csv(codes, zone), move |piece| {
                    let _ = &held;
                    piece
                });
                ("csv", futures::StreamExt::boxed(bytes))
            }
            FileFormat::Xlsx => {
                let codes = recall.codes().await.map_err(failed)?;
                let (place, output) = files::workbook(zone).map_err(|e| failed(e.into()))?;
                let parts = crate::recall::parts(&answer);
                output.write_book(parts, "codes", codes).await.map_err(failed)?;
                ("xlsx", files::read_out(place).await.map_err(|e| failed(e.into()))?)
            }
            FileFormat::Json => {
                return Err(PortError::invalid(
                    "the codes of a recall are no JSON file",
                    "leave out `format` for pages of JSON, or ask for csv or xlsx",
                ));
            }
        };
        Ok(FileAnswer { name: format!("召回清单.{extension}"), bytes })
    }
}

/// A recall's scope, understood, with the tables it is asked of.
struct Found {
    asked: Asked,
    as_of: DateTime<Utc>,
    view: View,
}

impl Desk {
    /// Whoever takes the codes of a scope out is about to recall it: those concerned are told.
    async fn tell_recall(&self, who: &Principal, scope: &RecallScope, items: Value) {
        let asked = serde_json::to_value(scope).unwrap_or_default();
        let parts = asked.as_object().into_iter().flatten();
        let parts = parts.filter_map(|(name, value)| Some(format!("{name} {}", value.as_str()?)));
        let named = parts.collect::<Vec<_>>().join(", ");
        let signal =
            Signal::raised(SignalKind::RecallOpened, named.clone(), Severity::Critical, Utc::now())
                .with("scope", named)
                .with("product_code", scope.product.clone())
                .with("batch_no", scope.batch.clone())
                .with("items", items)
                .with("opened_by", who.login.clone());
        if let Err(error) = self.0.alerts.tell(&signal).await {
            ::tracing::error!(%error, "a recall could not be told");
        }
    }

    /// Writes the verdicts of the last build into a trace.
    async fn judge(&self, traced: &mut Trace) {
        let service = self.service();
        let whole = service.models.scope(&service.hub, Utc::now());
        let zone = service.hub.config.hub.time_zone;
        // Before the first build there are no verdicts, and everything else is there.
        if let Err(error) = add_verdicts(&service.models.files, &whole, traced, zone).await {
            ::tracing::debug!(error = %format!("{error:#}"), "a trace without verdicts");
        }
    }

    async fn scope_of(&self, who: &Principal, scope: &RecallScope) -> Answer<Found> {
        if self.limit(who).is_some() {
            return Err(PortError::Refused(
                "a recall reaches all regions and dealers, and this account sees some of them; ask \
                 somebody who sees all"
                    .to_owned(),
            ));
        }
        let service = self.service();
        let zone = service.hub.config.hub.time_zone;
        let wrong = |error: UsageError| failed(error.into());
        let arguments = arguments(scope);
        let asked = asked(&arguments, zone).map_err(wrong)?;
        let as_of = scope.as_of.as_deref().map(|text| parse_instant(text, zone)).transpose();
        let as_of = as_of.map_err(wrong)?;
        if scope.fresh {
            service.bring_up_to_date(Cause::PERSON).await.map_err(failed)?;
        }
        let files = service.models.files.in_folder("recall");
        let texts = files.map(|(_, file)| file.text.as_str()).collect();
        let view = self.view(who, as_of, texts).await?;
        Ok(Found { asked, as_of: as_of.unwrap_or_else(Utc::now), view })
    }

    async fn find<'a>(&'a self, found: &'a Found) -> Answer<Recall<'a>> {
        let service = self.service();
        let zone = service.hub.config.hub.time_zone;
        let recall = Recall::find(&service.models.files, &found.view.scope, &found.asked, zone);
        let recall = recall.await.map_err(failed)?;
        if recall.is_empty().await.map_err(failed)? {
            return Err(PortError::NotFound(found.asked.not_found()));
        }
        Ok(recall)
    }
}

fn arguments(scope: &RecallScope) -> RecallArgs {
    let scope = scope.clone();
    RecallArgs {
        material: scope.material,
        lot: scope.lot,
        product: scope.product,
        batch: scope.batch,
        work_order: scope.work_order,
        line: scope.line,
        from: scope.from,
        to: scope.to,
        codes_from: scope.codes_from,
        codes_to: scope.codes_to,
        ..RecallArgs::default()
    }
}

fn unavailable(error: IndexError) -> PortError {
    PortError::Unavailable { what: error.to_string(), retry_after: None }
}

/// Whether somebody's dealers have or had the unit, or it was seen in their regions.
fn is_seen(trace: &Trace, limit: &RowLimit) -> bool {
    let has =
        |dealers: &[String]| trace.custody.iter().any(|held| dealers.contains(&held.dealer_code));
    let by_dealer = limit.dealers.as_ref().is_none_or(|dealers| has(dealers));
    let by_region = limit.regions.as_ref().is_none_or(|regions| {
        let mut places = trace.sightings.iter().filter_map(|seen| seen.region_code.as_deref());
        let within = |place: &str| regions.codes.iter().any(|outer| is_within(place, outer));
        has(&regions.dealers) || places.any(within)
    });
    by_dealer && by_region
}

/// Leaves of the chain what is the dealers' own: their custody, what happened under it, and no material, inspection
/// or neighbour's name.
fn keep_own(trace: &mut Trace, dealers: &[String]) {
    let is_own = |one: &Option<String>| one.as_ref().is_some_and(|one| dealers.contains(one));
    trace.custody.retain(|held| dealers.contains(&held.dealer_code));
    trace.sightings.retain(|seen| is_own(&seen.dealer_code));
    let custody = &trace.custody;
    let is_under_custody =
        |at| custody.iter().any(|held| held.from <= at && held.to.is_none_or(|to| at <= to));
    trace.movements.retain(|moved| {
        is_own(&moved.from_party)
            || is_own(&moved.to_party)
            || moved.event_time.is_some_and(is_under_custody)
    });
    trace.materials.clear();
    trace.inspections.clear();
    trace.dwell.clear();
    let made = &mut trace.production;
    for name in [
        &mut made.workshop,
        &mut made.line,
        &mut made.team,
        &mut made.operator,
        &mut made.work_order_no,
    ] {
        *name = None;
    }
}

#[cfg(test)]
mod tests {
    use yuanliu_warehouse::RegionLimit;

    use super::*;

    fn at(text: &str) -> Value {
        Value::String(format!("2026-{text}T08:00:00+08:00"))
    }

    fn traced() -> Trace {
        let moved = |id: &str, day: &str, to: Option<&str>| {
            json!({"event_id": id, "event_type": "ship", "event_time": at(day), "from_party": null,
                "to_party": to, "document": null, "inferred": false, "via_code": "U",
                "parent_code": null, "delivery_no": null, "order_no": null, "store_code": null,
                "warehouse_code": null, "device_id": null, "is_voided": false})
        };
        let held = |dealer: &str, from: &str, to: Option<&str>| {
            json!({"dealer_code": dealer, "from": at(from), "to": to.map(at), "evidence": "verified",
                "since": at(from), "channel": null, "start_event_id": null, "delivery_no": null,
                "order_no": null})
        };
        let trace = json!({
            "code": "U", "printed_code": "U", "level": "item", "status": "dealer_stock",
            "product": {"product_code": "P1", "name": null, "spec": null, "category": null},
            "production": {"work_order_no": "W1", "batch_no": "B1", "factory": "F1", "workshop": "S1",
                "line": "L1", "team": "T1", "operator": "O1", "commissioned_at": at("01-01")},
            "siblings": {"items": 0, "cases": 0},
            "materials": [{"material_code": "M", "lot_no": "L", "supplier_code": null, "qty": null,
                "work_order_no": null, "depth": 0, "evidence": null}],
            "inspections": [], "containment": [],
            "movements": [
                moved("line", "02-01", None), moved("ship", "03-01", Some("D1")),
                moved("own", "03-03", None), moved("next", "03-06", Some("D2")),
            ],
            "custody": [held("D1", "03-01", Some("03-05")), held("D2", "03-05", None)],
            "sightings": [{"event_id": "seen", "event_type": "verify", "sighted_at": at("03-07"),
                "region_code": "430102", "location_source": "gps", "dealer_code": "D2",
                "verdict": null, "exempt_reason": null}],
            "dwell": [{"from_node": "ship", "to_node": "verify", "hours": 1.0}],
            "is_truncated": false,
        });
        serde_json::from_value(trace).unwrap()
    }

    fn list(codes: &[&str]) -> Arc<[String]> {
        codes.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn a_unit_is_seen_by_who_has_it_and_where_it_was() {
        let dealers = |codes: &[&str]| RowLimit { dealers: Some(list(codes)), regions: None };
        assert!(is_seen(&traced(), &dealers(&["D1"])));
        assert!(!is_seen(&traced(), &dealers(&["D3"])));
        let region = |code: &str, there: &[&str]| RowLimit {
            dealers: None,
            regions: Some(RegionLimit { codes: list(&[code]), dealers: list(there) }),
        };
        assert!(is_seen(&traced(), &region("430000", &[])));
        assert!(is_seen(&traced(), &region("110000", &["D2"])));
        assert!(!is_seen(&traced(), &region("110000", &["D3"])));
    }

    #[test]
    fn a_dealer_is_told_its_own_part_of_the_chain() {
        let mut trace = traced();
        keep_own(&mut trace, &["D1".to_owned()]);
        let movements: Vec<_> = trace.movements.iter().map(|one| one.event_id.as_str()).collect();
        assert_eq!(movements, ["ship", "own"]);
        let holders: Vec<_> = trace.custody.iter().map(|one| one.dealer_code.as_str()).collect();
        assert_eq!(holders, ["D1"]);
        assert!(trace.sightings.is_empty() && trace.materials.is_empty() && trace.dwell.is_empty());
        let made = trace.production;
        assert_eq!((made.batch_no.as_deref(), made.factory.as_deref()), (Some("B1"), Some("F1")));
        assert_eq!((made.line, made.workshop, made.team), (None, None, None));
        assert_eq!((made.operator, made.work_order_no), (None, None));
    }
}
