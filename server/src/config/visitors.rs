//! `visitor_regions` of `rules.toml`: where, and on which days, consumers open what they brought from home.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use yuanliu_contract::ConfigProblem;

/// A region and days on which a consumer's scan there accuses no dealer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct VisitorRegion {
    /// Six digits.
    pub(crate) region_code: String,
    /// The first and the last business day; `None` for the whole year.
    pub(crate) days: Option<(NaiveDate, NaiveDate)>,
}

/// The regions with their days; what cannot be read is a problem.
pub(super) fn visitor_regions(
    given: &BTreeMap<String, Vec<String>>,
    problems: &mut Vec<ConfigProblem>,
) -> Option<Vec<VisitorRegion>> {
    let before = problems.len();
    let mut regions = Vec::new();
    for (region_code, spans) in given {
        let mut refuse = |why: String| {
            let place = format!("rules.toml: [diversion] visitor_regions.{region_code}");
            problems.push(ConfigProblem::new(place, why));
        };
        if region_code.len() != 6 || !region_code.bytes().all(|digit| digit.is_ascii_digit()) {
            refuse("no region code; one has six digits, as 460200".to_owned());
        }
        let mut add = |days| regions.push(VisitorRegion { region_code: region_code.clone(), days });
        if spans.is_empty() {
            add(None);
        }
        for span in spans {
            match days(span) {
                Some(days) => add(Some(days)),
                None => refuse(format!(
                    "`{span}` is no span of days; write the first and the last, as 2026-02-15/2026-02-23"
                )),
            }
        }
    }
    (problems.len() == before).then_some(regions)
}

/// An interval as ISO 8601 writes it, of whole days.
fn days(span: &str) -> Option<(NaiveDate, NaiveDate)> {
    let (from, to) = span.split_once('/')?;
    let (from, to) = (from.trim().parse().ok()?, to.trim().parse().ok()?);
    (from <= to).then_some((from, to))
}

#[cfg(test)]
mod tests {
    use super::visitor_regions;

    fn read(toml: &str) -> Result<String, String> {
        let given = toml::from_str(toml).unwrap();
        let mut problems = Vec::new();
        let regions = visitor_regions(&given, &mut problems);
        let shown = |problems: &[_]| format!("{problems:?}");
        let regions = regions.ok_or_else(|| shown(&problems))?;
        let lines = regions.iter().map(|region| match region.days {
            Some((from, to)) => format!("{} {from} to {to}", region.region_code),
            None => format!("{} always", region.region_code),
        });
        Ok(lines.collect::<Vec<_>>().join("\n"))
    }

    #[test]
    fn a_region_has_visitors_on_some_days_or_always() {
        let read =
            read("460200 = [\"2026-02-15/2026-02-23\", \"2026-10-01 / 2026-10-07\"]\n350203 = []");
        let expected =
            "350203 always\n460200 2026-02-15 to 2026-02-23\n460200 2026-10-01 to 2026-10-07";
        assert_eq!(read.unwrap(), expected);
    }

    #[test]
    fn what_is_no_region_or_no_span_is_told() {
        for (toml, told) in [
            ("sanya = []", "no region code"),
            ("460200 = [\"2026-02-15\"]", "no span of days"),
            ("460200 = [\"2026-02-23/2026-02-15\"]", "no span of days"),
            ("460200 = [\"2026-02-30/2026-03-01\"]", "no span of days"),
        ] {
            let problem = read(toml).unwrap_err();
            assert!(problem.contains(told), "{problem}");
        }
    }
}
