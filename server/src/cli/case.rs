//! `yuanliu case`: the file of one diversion case.

use std::collections::BTreeMap;

use anyhow::Result;
use chrono::Utc;
use chrono_tz::Tz;
use futures::TryStreamExt;
use serde_json::{Value, json};
use yuanliu_warehouse::QueryScope;

use super::args::{CaseArgs, Common, parse_instant};
use crate::exit;
use crate::hub::Hub;
use crate::models::Models;
use crate::output::{Cell, Format, Part, batch_json, instant};
use crate::report::{Question, Report, Reports, models_read, scope_as_of};

/// The reports of a case: what it is called in the answer, and the report.
const PARTS: [(&str, &str); 3] =
    [("case", "case-summary"), ("evidence", "case-evidence"), ("siblings", "case-siblings")];

/// The answer of one report.
struct Answered {
    name: &'static str,
    header: Vec<String>,
    rows: Vec<Value>,
}

pub(super) async fn run(common: &Common, args: CaseArgs) -> Result<u8> {
    let hub = Hub::open(common).await?;
    let models = Models::load(&hub)?;
    let reports = Reports::load(&models.files)?;
    let zone = hub.config.hub.time_zone;
    let as_of = args.as_of.as_deref().map(|text| parse_instant(text, zone)).transpose()?;
    let mut found = Vec::new();
    for (name, report) in PARTS {
        found.push((name, reports.find(report)?));
    }
    let earlier = match as_of {
        Some(as_of) => {
            let wanted = models_read(&models, found.iter().map(|(_, report)| report.sql()));
            Some(scope_as_of(&hub, &models, wanted, as_of, common.is_quiet()).await?)
        }
        None => None,
    };
    let as_of = as_of.unwrap_or_else(Utc::now);
    let now = models.scope(&hub, as_of);
    let scope = earlier.as_ref().map_or(&now, |(scope, _)| scope);
    let question = question(&args);
    let mut answered = Vec::new();
    for (name, report) in found {
        answered.push(answer(scope, name, report, &question, zone).await?);
    }
    let is_there = answered.first().is_some_and(|case| !case.rows.is_empty());
    let as_of = instant(as_of.timestamp_micros(), zone);
    match common.format {
        Format::Json => common.json_output().write_json(&object(&answered, as_of))?,
        Format::Xlsx => common.output(zone).write_sheets(parts(answered, as_of))?,
        Format::Table | Format::Csv => common.output(zone).write_parts(parts(answered, as_of))?,
    }
    if !is_there {
        eprintln!(
            "there is no case of dealer {}, product {}, destination {}, month {}; \
             `yuanliu report diversion-cases` lists those there are",
            args.dealer_code, args.product_code, args.destination_region, args.month
        );
        return Ok(exit::PROBLEMS);
    }
    Ok(exit::DONE)
}

fn question(args: &CaseArgs) -> Question {
    let named = [
        ("dealer_code", &args.dealer_code),
        ("product_code", &args.product_code),
        ("destination_region", &args.destination_region),
        ("month", &args.month),
    ];
    let filters: BTreeMap<String, String> =
        named.into_iter().map(|(name, value)| (name.to_owned(), value.clone())).collect();
    Question { filters, ..Question::default() }
}

async fn answer(
    scope: &QueryScope,
    name: &'static str,
    report: &Report,
    question: &Question,
    zone: Tz,
) -> Result<Answered> {
    let rows = report.answer(scope, question).await?;
    let header = rows.schema().fields().iter().map(|field| field.name().clone()).collect();
    let batches: Vec<_> = rows.try_collect().await?;
    let rows = batches.iter().flat_map(|batch| batch_json(batch, zone)).collect();
    Ok(Answered { name, header, rows })
}

/// The case as one object, its lists beside it.
fn object(answered: &[Answered], as_of: Cell) -> Value {
    let mut whole = json!({ "as_of": as_of.into_json() });
    for part in answered {
        whole[part.name] = match part.name {
            "case" => part.rows.first().cloned().unwrap_or_default(),
            _ => Value::Array(part.rows.clone()),
        };
    }
    whole
}

/// The case as tables: its own facts one below the other, its lists as they are.
fn parts(answered: Vec<Answered>, as_of: Cell) -> Vec<Part> {
    let mut parts = Vec::new();
    for part in answered {
        let Answered { name, header, rows } = part;
        let cells = |row: &Value| header.iter().map(|name| Cell::from_json(&row[name])).collect();
        let (header, rows) = match name {
            "case" => {
                let mut facts = vec![vec![Cell::Text("as_of".to_owned()), as_of.clone()]];
                for row in &rows {
                    let pair =
                        |name: &String| vec![Cell::Text(name.clone()), Cell::from_json(&row[name])];
                    facts.extend(header.iter().map(pair));
                }
                (vec!["fact".to_owned(), "value".to_owned()], facts)
            }
            _ => {
                let rows: Vec<Vec<Cell>> = rows.iter().map(cells).collect();
                (header, rows)
            }
        };
        parts.push(Part { name: name.to_owned(), header, rows });
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answered() -> Vec<Answered> {
        let case = Answered {
            name: "case",
            header: vec!["dealer_code".to_owned(), "grade".to_owned()],
            rows: vec![json!({"dealer_code": "D1", "grade": "B"})],
        };
        let evidence = Answered {
            name: "evidence",
            header: vec!["code".to_owned()],
            rows: vec![json!({"code": "I1"}), json!({"code": "I2"})],
        };
        vec![case, evidence]
    }

    #[test]
    fn a_case_is_an_object_with_its_lists() {
        let expected = json!({
            "as_of": null,
            "case": {"dealer_code": "D1", "grade": "B"},
            "evidence": [{"code": "I1"}, {"code": "I2"}],
        });
        assert_eq!(object(&answered(), Cell::Null), expected);
    }

    #[test]
    fn a_case_is_a_table_of_facts_and_tables_of_rows() {
        let found = parts(answered(), Cell::Null);
        let text = |text: &str| Cell::Text(text.to_owned());
        assert_eq!(found[0].header, ["fact", "value"]);
        assert_eq!(found[0].rows[2], [text("grade"), text("B")]);
        assert_eq!(found[1].header, ["code"]);
        assert_eq!(found[1].rows, [[text("I1")], [text("I2")]]);
    }

    #[test]
    fn an_empty_product_asks_for_the_case_without_one() {
        let args = CaseArgs {
            dealer_code: "D1".to_owned(),
            product_code: String::new(),
            destination_region: "430102".to_owned(),
            month: "2026-03".to_owned(),
            as_of: None,
        };
        assert_eq!(question(&args).filters["product_code"], "");
        assert_eq!(question(&args).filters.len(), 4);
    }
}
