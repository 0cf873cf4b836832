//! The question of a report, from a query string.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use serde::Deserialize;
use utoipa::IntoParams;

use crate::http::{number, words};
use crate::ports::{FileFormat, ReportQuestion};
use crate::problem::Problem;

/// What is asked of a report.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[allow(dead_code, reason = "describes what Question reads")]
pub(crate) struct ReportParams {
    /// First business day.
    #[param(example = "2026-01-01")]
    from: Option<NaiveDate>,
    /// Last business day.
    #[param(example = "2026-12-31")]
    to: Option<NaiveDate>,
    /// Length of a period.
    #[param(inline)]
    grain: Option<Grain>,
    /// Level of regions.
    #[param(inline)]
    level: Option<Level>,
    /// Optional dimensions wanted, with commas between.
    #[param(example = "dealer_code")]
    by: Option<String>,
    /// Region codes of the time or of today.
    #[param(inline)]
    regions: Option<CodesOf>,
    /// Events after it are not seen; an instant.
    as_of: Option<DateTime<Utc>>,
    /// Only rows of this system.
    system: Option<String>,
    /// Columns to sort by with commas between, `-` before one that falls; left out: the report's order.
    #[param(example = "-sold_qty")]
    sort: Option<String>,
    /// JSON, or a file to save.
    #[param(inline)]
    format: Option<FileFormat>,
    /// Wanted values by column: `dealer_code=D1`. An empty value means missing.
    #[param(style = Form, explode, value_type = Option<BTreeMap<String, String>>, required = false)]
    filters: Option<BTreeMap<String, String>>,
}

/// Lengths of a period.
#[derive(utoipa::ToSchema)]
#[schema(rename_all = "snake_case")]
#[allow(dead_code, reason = "describes a parameter")]
pub(crate) enum Grain {
    Day,
    Week,
    Month,
    Total,
}

/// Levels of regions.
#[derive(utoipa::ToSchema)]
#[schema(rename_all = "snake_case")]
#[allow(dead_code, reason = "describes a parameter")]
pub(crate) enum Level {
    Province,
    City,
    County,
}

/// Of when region codes are.
#[derive(utoipa::ToSchema)]
#[schema(rename_all = "snake_case")]
#[allow(dead_code, reason = "describes a parameter")]
pub(crate) enum CodesOf {
    Then,
    Today,
}

/// The parameters that are no columns.
#[derive(Default, Deserialize)]
struct Known {
    from: Option<NaiveDate>,
    to: Option<NaiveDate>,
    grain: Option<String>,
    level: Option<String>,
    by: Option<String>,
    regions: Option<String>,
    as_of: Option<DateTime<Utc>>,
    system: Option<String>,
    sort: Option<String>,
    format: Option<FileFormat>,
}

const KNOWN: [&str; 10] =
    ["from", "to", "grain", "level", "by", "regions", "as_of", "system", "sort", "format"];

/// Columns that one may filter by at a time.
const FILTERS_MAX: u32 = 50;

/// Every parameter of a report but the page's, as it was sent.
pub(crate) type Pairs = Vec<(String, String)>;

/// The question and the form of its answer.
pub(crate) fn question(pairs: &Pairs) -> Result<(ReportQuestion, FileFormat), Problem> {
    let mut known = serde_json::Map::new();
    let mut filters = BTreeMap::new();
    for (name, value) in pairs {
        let is_again = if KNOWN.contains(&name.as_str()) {
            known.insert(name.clone(), value.clone().into()).is_some()
        } else {
            filters.insert(name.clone(), value.clone()).is_some()
        };
        if is_again {
            return Err(Problem::bad_request(format!("`{name}` is given twice")));
        }
    }
    number("filters", u32::try_from(filters.len()).unwrap_or(u32::MAX), 0..=FILTERS_MAX)?;
    let known: Known = serde_json::from_value(known.into())
        .map_err(|error| Problem::bad_request(format!("the question of the report: {error}")))?;
    words("grain", known.grain.as_deref(), &["day", "week", "month", "total"])?;
    words("level", known.level.as_deref(), &["province", "city", "county"])?;
    words("regions", known.regions.as_deref(), &["then", "today"])?;
    if let (Some(from), Some(to)) = (known.from, known.to)
        && from > to
    {
        return Err(Problem::bad_request(format!("`from` {from} lies after `to` {to}")));
    }
    let sort = listed(known.sort.as_deref()).map(|column| match column.strip_prefix('-') {
        Some(column) => (column.to_owned(), true),
        None => (column.to_owned(), false),
    });
    let question = ReportQuestion {
        from: known.from,
        to: known.to,
        sort: sort.collect(),
        by: listed(known.by.as_deref()).map(str::to_owned).collect(),
        grain: known.grain,
        level: known.level,
        regions: known.regions,
        system: known.system,
        as_of: known.as_of,
        filters,
    };
    Ok((question, known.format.unwrap_or(FileFormat::Json)))
}

fn listed(text: Option<&str>) -> impl Iterator<Item = &str> {
    text.unwrap_or_default().split(',').map(str::trim).filter(|item| !item.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(query: &[(&str, &str)]) -> Result<(ReportQuestion, FileFormat), String> {
        let pairs = query.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect();
        question(&pairs).map_err(|problem| problem.detail().to_owned())
    }

    #[test]
    fn what_is_no_parameter_is_a_column() {
        let (question, format) =
            asked(&[("by", "dealer_code, channel"), ("sort", "-sold_qty,period"), ("channel", "")])
                .unwrap();
        assert_eq!(question.by, ["dealer_code", "channel"]);
        assert_eq!(question.sort, [("sold_qty".to_owned(), true), ("period".to_owned(), false)]);
        assert_eq!(question.filters.get("channel").map(String::as_str), Some(""));
        assert_eq!(format, FileFormat::Json);
    }

    #[test]
    fn what_cannot_be_is_told_by_name() {
        assert!(asked(&[("grain", "hour")]).unwrap_err().contains("`grain` is `hour`"));
        assert!(asked(&[("a", "1"), ("a", "2")]).unwrap_err().contains("`a` is given twice"));
        assert!(asked(&[("from", "2026-02-30")]).is_err());
        let late = asked(&[("from", "2026-02-02"), ("to", "2026-02-01")]);
        assert!(late.unwrap_err().contains("lies after"));
    }
}
