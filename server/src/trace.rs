//! Everything known about one code, put together from the queries in `warehouse-sql/trace`.

use anyhow::{Context, Result};
use chrono_tz::Tz;
use futures::TryStreamExt;
use serde_json::{Map, Value, json};
use yuanliu_api::ports::{Trace, TracedSighting};
use yuanliu_warehouse::{QueryScope, ScalarValue};

use crate::cli::Common;
use crate::models::SqlFiles;
use crate::output::{Cell, batch_json};

/// The lists of a trace, each the file of its name.
const LISTS: [&str; 7] =
    ["materials", "inspections", "containment", "movements", "custody", "sightings", "dwell"];

/// The answer for one code as it was typed or scanned.
pub(crate) async fn trace(
    files: &SqlFiles,
    scope: &QueryScope,
    code: &str,
    zone: Tz,
) -> Result<Value> {
    let asked = Asked { files, scope, zone };
    let resolved = asked.rows("resolve", code).await?;
    let code = resolved.first().and_then(|row| row["code"].as_str()).unwrap_or(code).to_owned();
    let unit = asked.rows("unit", &code).await?.into_iter().next().unwrap_or_default();
    let siblings = asked.rows("siblings", &code).await?.into_iter().next();
    let mut answer = Map::new();
    answer.insert("code".to_owned(), json!(code));
    for name in ["printed_code", "level", "status"] {
        answer.insert(name.to_owned(), unit[name].clone());
    }
    answer.insert(
        "product".to_owned(),
        json!({
            "product_code": unit["product_code"],
            "name": unit["product_name"],
            "spec": unit["product_spec"],
            "category": unit["product_category"],
        }),
    );
    let production = [
        "work_order_no",
        "batch_no",
        "factory",
        "workshop",
        "line",
        "team",
        "operator",
        "commissioned_at",
    ];
    let production: Map<_, _> =
        production.into_iter().map(|name| (name.to_owned(), unit[name].clone())).collect();
    answer.insert("production".to_owned(), production.into());
    answer.insert("siblings".to_owned(), siblings.unwrap_or(json!({"items": 0, "cases": 0})));
    for list in LISTS {
        answer.insert(list.to_owned(), asked.rows(list, &code).await?.into());
    }
    Ok(answer.into())
}

/// Puts into a trace from the index what the warehouse says of its sightings: where each was and its verdict. One
/// that came after the last build keeps what it has.
pub(crate) async fn add_verdicts(
    files: &SqlFiles,
    scope: &QueryScope,
    trace: &mut Trace,
    zone: Tz,
) -> Result<()> {
    if trace.sightings.is_empty() {
        return Ok(());
    }
    let rows = Asked { files, scope, zone }.rows("sightings", &trace.code).await?;
    let judged = rows.into_iter().map(serde_json::from_value).collect::<Result<Vec<_>, _>>();
    let judged: Vec<TracedSighting> = judged.context("reading rows of trace/sightings.sql")?;
    for sighting in &mut trace.sightings {
        if let Some(row) = judged.iter().find(|row| row.event_id == sighting.event_id) {
            sighting.clone_from(row);
        }
    }
    Ok(())
}

struct Asked<'a> {
    files: &'a SqlFiles,
    scope: &'a QueryScope,
    zone: Tz,
}

impl Asked<'_> {
    async fn rows(&self, name: &str, code: &str) -> Result<Vec<Value>> {
        let sql = self.files.text(&format!("trace/{name}.sql"))?;
        let parameters = vec![("code".to_owned(), ScalarValue::Utf8(Some(code.to_owned())))];
        let rows = self.scope.query(sql, parameters).await?;
        let batches: Vec<_> = rows.try_collect().await?;
        Ok(batches.iter().flat_map(|batch| batch_json(batch, self.zone)).collect())
    }
}

/// Prints a trace for a person: what it is, then one table per list.
pub(crate) async fn print(common: &Common, trace: &Value) -> Result<()> {
    let flat = |object: &Value| -> Vec<Vec<String>> {
        let pairs = object.as_object().into_iter().flatten();
        pairs
            .filter(|(_, v)| !v.is_array() && !v.is_null())
            .map(|(k, v)| vec![k.clone(), Cell::from_json(v).into_text()])
            .collect()
    };
    let mut facts = flat(trace);
    facts.retain(|fact| !["product", "production", "siblings"].contains(&fact[0].as_str()));
    for part in ["product", "production", "siblings"] {
        facts.extend(flat(&trace[part]).into_iter().map(|mut fact| {
            fact[0] = format!("{part}.{}", fact[0]);
            fact
        }));
    }
    common.write_texts(&["fact", "value"], facts.into_iter()).await?;
    for list in LISTS {
        let rows = trace[list].as_array().map(Vec::as_slice).unwrap_or_default();
        let Some(first) = rows.first().and_then(Value::as_object) else { continue };
        eprintln!("{list}");
        let header: Vec<&str> = first.keys().map(String::as_str).collect();
        let line = |row: &Value| {
            header.iter().map(|name| Cell::from_json(&row[*name]).into_text()).collect()
        };
        let lines = rows.iter().map(line);
        common.write_texts(&header, lines).await?;
    }
    Ok(())
}
