//! Traces and recalls over the API.

use std::collections::BTreeSet;
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
        let read = tokio::task::spawn_blocking(move || {
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
        serde_json::from_value(traced).map_err(|error| failed(error.into()))
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
    async fn judge(&self, traced: &mut Value) {
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
fn is_seen(trace: &Value, limit: &RowLimit) -> bool {
    let holders: BTreeSet<&str> = texts(&trace["custody"], "dealer_code").collect();
    let has = |dealers: &[String]| dealers.iter().any(|dealer| holders.contains(dealer.as_str()));
    let by_dealer = limit.dealers.as_ref().is_none_or(|dealers| has(dealers));
    let by_region = limit.regions.as_ref().is_none_or(|regions| {
        let mut places = texts(&trace["sightings"], "region_code");
        let within = |place: &str| regions.codes.iter().any(|outer| is_within(place, outer));
        has(&regions.dealers) || places.any(within)
    });
    by_dealer && by_region
}

/// Leaves of the chain what is the dealers' own: their custody, what happened under it, and no material, inspection
/// or neighbour's name.
fn keep_own(trace: &mut Value, dealers: &[String]) {
    let is_own = |value: &Value| value.as_str().is_some_and(|one| dealers.iter().any(|d| d == one));
    let spans: Vec<(String, Option<String>)> = trace["custody"]
        .as_array()
        .into_iter()
        .flatten()
        .filter(|held| is_own(&held["dealer_code"]))
        .filter_map(|held| {
            let end = held["to"].as_str().map(str::to_owned);
            Some((held["from"].as_str()?.to_owned(), end))
        })
        .collect();
    // Instants are written in one zone, so that their texts have their order.
    let is_within_spans = |at: &Value| {
        at.as_str().is_some_and(|at| {
            spans
                .iter()
                .any(|(from, to)| from.as_str() <= at && to.as_deref().is_none_or(|to| at <= to))
        })
    };
    for (list, own) in [
        ("custody", &(|row: &Value| is_own(&row["dealer_code"])) as &dyn Fn(&Value) -> bool),
        ("sightings", &|row: &Value| is_own(&row["dealer_code"])),
        ("movements", &|row: &Value| {
            is_own(&row["from_party"])
                || is_own(&row["to_party"])
                || is_within_spans(&row["event_time"])
        }),
        ("materials", &|_| false),
        ("inspections", &|_| false),
        ("dwell", &|_| false),
    ] {
        if let Some(rows) = trace[list].as_array_mut() {
            rows.retain(own);
        }
    }
    for name in ["workshop", "line", "team", "operator", "work_order_no"] {
        trace["production"][name] = Value::Null;
    }
}

fn texts<'a>(rows: &'a Value, name: &'a str) -> impl Iterator<Item = &'a str> {
    rows.as_array().into_iter().flatten().filter_map(move |row| row[name].as_str())
}

#[cfg(test)]
mod tests {
    use yuanliu_warehouse::RegionLimit;

    use super::*;

    fn traced() -> Value {
        json!({
            "custody": [
                {"dealer_code": "D1", "from": "2026-03-01T08:00:00+08:00", "to": "2026-03-05T08:00:00+08:00"},
                {"dealer_code": "D2", "from": "2026-03-05T08:00:00+08:00", "to": null},
            ],
            "movements": [
                {"event_id": "line", "event_time": "2026-02-01T08:00:00+08:00", "from_party": null, "to_party": null},
                {"event_id": "ship", "event_time": "2026-03-01T08:00:00+08:00", "from_party": null, "to_party": "D1"},
                {"event_id": "own", "event_time": "2026-03-03T08:00:00+08:00", "from_party": null, "to_party": null},
                {"event_id": "next", "event_time": "2026-03-06T08:00:00+08:00", "from_party": null, "to_party": "D2"},
            ],
            "sightings": [{"dealer_code": "D2", "region_code": "430102"}],
            "materials": [{"lot_no": "L"}], "inspections": [], "dwell": [],
            "production": {"line": "L1", "batch_no": "B1"},
        })
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
        let movements: Vec<_> = texts(&trace["movements"], "event_id").collect();
        assert_eq!(movements, ["ship", "own"]);
        assert_eq!(texts(&trace["custody"], "dealer_code").collect::<Vec<_>>(), ["D1"]);
        assert_eq!(trace["sightings"], json!([]));
        assert_eq!(trace["materials"], json!([]));
        assert_eq!(
            trace["production"],
            json!({"line": null, "batch_no": "B1", "workshop": null,
            "team": null, "operator": null, "work_order_no": null})
        );
    }
}
