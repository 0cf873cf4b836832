//! The file of a diversion case: its facts, its evidence, what is still out there.

use anyhow::Result;
use chrono_tz::Tz;
use futures::TryStreamExt;
use serde_json::{Value, json};
use yuanliu_warehouse::QueryScope;

use crate::output::{Cell, Part, batch_json};
use crate::report::{Question, Report};

/// The reports of a case: what it is called in the answer, and the report.
pub(crate) const PARTS: [(&str, &str); 3] =
    [("case", "case-summary"), ("evidence", "case-evidence"), ("siblings", "case-siblings")];

/// The answer of one report.
pub(crate) struct Answered {
    name: &'static str,
    header: Vec<String>,
    pub(crate) rows: Vec<Value>,
}

impl Answered {
    /// Asks one report for its part of the case.
    pub(crate) async fn read(
        scope: &QueryScope,
        name: &'static str,
        report: &Report,
        question: &Question,
        zone: Tz,
    ) -> Result<Self> {
        let rows = report.answer(scope, question).await?;
        let header = rows.schema().fields().iter().map(|field| field.name().clone()).collect();
        let batches: Vec<_> = rows.try_collect().await?;
        let rows = batches.iter().flat_map(|batch| batch_json(batch, zone)).collect();
        Ok(Self { name, header, rows })
    }
}

/// The case as one object, its lists beside it.
pub(crate) fn object(answered: &[Answered], as_of: Cell) -> Value {
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
pub(crate) fn parts(answered: Vec<Answered>, as_of: Cell) -> Vec<Part> {
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
}
