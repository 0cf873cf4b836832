//! Two answers to one question, cell by cell, as text.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde_json::Value;

/// A row: its cells by column; empty text is no value.
pub type Cells = BTreeMap<String, String>;

/// A cell of an answer as text: decimals without zeros that say nothing.
pub fn text(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => plain(text),
        other => plain(&other.to_string()),
    }
}

fn plain(text: &str) -> String {
    let is_decimal = text.contains('.')
        && text.trim_start_matches('-').chars().all(|c| c.is_ascii_digit() || c == '.');
    if !is_decimal {
        return text.to_owned();
    }
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// The difference between the hub's rows and ours, for people; none if there is none. `key` are the columns
/// that name a row, `columns` those that are compared.
pub fn difference(
    report: &str,
    key: &[&str],
    columns: &[&str],
    hub: &[Value],
    ours: &[Cells],
) -> Option<String> {
    let read = |row: &Value| -> Cells {
        let cells = key.iter().chain(columns);
        cells.map(|name| ((*name).to_owned(), text(&row[*name]))).collect()
    };
    let named = |cells: &Cells| -> Vec<String> {
        key.iter().map(|name| cells.get(*name).cloned().unwrap_or_default()).collect()
    };
    let mut rows: BTreeMap<Vec<String>, (Vec<Cells>, Vec<Cells>)> = BTreeMap::new();
    for cells in hub.iter().map(read) {
        rows.entry(named(&cells)).or_default().0.push(cells);
    }
    for row in ours {
        let row: Cells = key
            .iter()
            .chain(columns)
            .map(|name| ((*name).to_owned(), row.get(*name).map_or_else(String::new, |t| plain(t))))
            .collect();
        rows.entry(named(&row)).or_default().1.push(row);
    }
    let mut said = String::new();
    let mut wrong = 0;
    for (name, (mut hub, mut ours)) in rows {
        hub.sort();
        ours.sort();
        let is_alike = |(one, other): (&Cells, &Cells)| {
            columns.iter().all(|name| {
                is_same(one.get(*name).map(String::as_str), other.get(*name).map(String::as_str))
            })
        };
        if hub.len() == ours.len() && hub.iter().zip(&ours).all(is_alike) {
            continue;
        }
        wrong += 1;
        if wrong > 12 {
            continue;
        }
        writeln!(said, "{report} {name:?}: {} rows of the hub, {} of ours", hub.len(), ours.len())
            .expect("text");
        for place in 0..hub.len().max(ours.len()) {
            for column in columns {
                let cell = |rows: &[Cells]| rows.get(place).map(|row| row[*column].clone());
                let (one, other) = (cell(&hub), cell(&ours));
                if !is_same(one.as_deref(), other.as_deref()) {
                    writeln!(said, "    {column}: hub {one:?}, ours {other:?}").expect("text");
                }
            }
        }
    }
    let told = (wrong > 0).then(|| format!("{report}: {wrong} rows differ\n{said}"));
    // At once: the rest may take long.
    told.iter().for_each(|told| println!("{told}"));
    told
}

/// The same text, or fractions that differ in the last digits of a float only.
fn is_same(one: Option<&str>, other: Option<&str>) -> bool {
    let fraction = |text: Option<&str>| text?.parse::<f64>().ok();
    let is_float = |text: Option<&str>| text.is_some_and(|text| text.contains(['.', 'e']));
    one == other
        || (is_float(one) || is_float(other))
            && matches!((fraction(one), fraction(other)), (Some(a), Some(b)) if (a - b).abs() <= 1e-9 * a.abs())
}
