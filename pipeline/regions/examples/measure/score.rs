//! Counts right, wrong and silent answers.

use std::collections::{BTreeMap, HashMap};
use std::io::Write;

use yuanliu_regions::{Level, RegionTable};

use super::Failure;
use super::answer::Report;
use super::set::Labelled;

/// Counts over some rows.
#[derive(Debug, Default, Clone, Copy)]
pub(crate) struct Counts {
    rows: u32,
    shown: u32,
    right: u32,
    wrong: u32,
    silent: u32,
    city: u32,
    former: u32,
    former_right: u32,
}

#[derive(Default)]
pub(crate) struct Score {
    groups: BTreeMap<&'static str, Counts>,
}

struct Verdict {
    answers_county: bool,
    county: bool,
    city: bool,
}

impl Score {
    pub(crate) fn of(table: &RegionTable, rows: &[Labelled], answers: &[String]) -> Self {
        let names = Names::new(table);
        let mut score = Self::default();
        for (row, answer) in rows.iter().zip(answers) {
            let verdict = judge(table, &names, row, answer);
            for group in [row.group, if is_real(row) { " real" } else { " typed" }] {
                let counts = score.groups.entry(group).or_default();
                counts.rows += 1;
                counts.shown += u32::from(row.shows_county);
                counts.right += u32::from(row.shows_county && verdict.county);
                counts.wrong += u32::from(verdict.answers_county && !verdict.county);
                counts.silent += u32::from(!verdict.answers_county);
                counts.city += u32::from(verdict.city);
                counts.former += u32::from(row.former);
                counts.former_right += u32::from(row.former && verdict.county);
            }
        }
        score
    }
}

fn is_real(row: &Labelled) -> bool {
    matches!(row.group, "public" | "clinics" | "file")
}

fn judge(table: &RegionTable, names: &Names<'_>, row: &Labelled, answer: &str) -> Verdict {
    let code = names.code(table, answer);
    let county = table.at_level(&code, Level::County);
    let city = table.at_level(&code, Level::City);
    let right = |level, found: Option<&str>| {
        found.is_some() && row.codes.iter().any(|label| table.at_level(label, level) == found)
    };
    let unknown_name = code == UNKNOWN_COUNTY;
    Verdict {
        answers_county: county.is_some() || unknown_name,
        county: right(Level::County, county),
        city: right(Level::City, city),
    }
}

/// A county by a name that no list has.
const UNKNOWN_COUNTY: &str = "?";

/// Codes of today by the names a peer answers, former names included.
struct Names<'a> {
    codes: HashMap<&'a str, HashMap<&'a str, Vec<&'a str>>>,
}

impl<'a> Names<'a> {
    fn new(table: &'a RegionTable) -> Self {
        let mut codes: HashMap<_, HashMap<_, Vec<_>>> = HashMap::new();
        for row in table.rows() {
            let today = table.today(row.region_code);
            let province = table.at_level(row.region_code, Level::Province);
            let province = province.and_then(|code| table.get(code)).map_or("", |r| r.name);
            let known = codes.entry(province).or_default().entry(row.name).or_default();
            if table.is_current(today) && !known.contains(&today) {
                known.push(today);
            }
        }
        Self { codes }
    }

    fn find(&self, province: &str, name: &str) -> &[&'a str] {
        self.codes.get(province).and_then(|names| names.get(name)).map_or(&[], Vec::as_slice)
    }

    /// The code behind an answer that is a code or `province/city/county`.
    fn code(&self, table: &RegionTable, answer: &str) -> String {
        let Some((province, rest)) = answer.split_once('/') else {
            return table.today(answer).to_owned();
        };
        let (city, county) = rest.split_once('/').unwrap_or((rest, ""));
        let cities = self.find(province, city);
        if !county.is_empty() {
            let inside = |code: &&&str| {
                cities.is_empty()
                    || table.at_level(code, Level::City).is_some_and(|city| cities.contains(&city))
            };
            let counties = self.find(province, county);
            let chosen = counties.iter().find(inside).or_else(|| counties.first());
            if let Some(code) = chosen {
                return (*code).to_owned();
            }
            // Towns of a city without counties are its leaf.
            let leaf = cities.first().filter(|code| table.at_level(code, Level::County).is_some());
            return leaf.map_or(UNKNOWN_COUNTY.to_owned(), |code| (*code).to_owned());
        }
        let found = cities.first().or_else(|| self.find(province, province).first());
        found.map_or(String::new(), |code| (*code).to_owned())
    }
}

/// Prints what the resolver did not get right.
pub(crate) fn list(
    out: &mut impl Write,
    table: &RegionTable,
    rows: &[Labelled],
    answers: &[String],
) -> Result<(), Failure> {
    let names = Names::new(table);
    for (row, answer) in rows.iter().zip(answers) {
        let verdict = judge(table, &names, row, answer);
        let is_wrong = verdict.answers_county && !verdict.county;
        if is_wrong || (row.shows_county && !verdict.county) || !verdict.city {
            let kind = if is_wrong { "WRONG" } else { "blank" };
            let codes = row.codes.join(";");
            writeln!(out, "{kind}\t{}\t{answer} for {codes}\t{}", row.group, row.address)?;
        }
    }
    Ok(())
}

pub(crate) fn print(
    out: &mut impl Write,
    rows: &[Labelled],
    scores: &[(&str, Report, Score)],
) -> Result<(), Failure> {
    let share = |part: u32, of: u32| {
        if of == 0 {
            "".to_owned()
        } else {
            format!("{:.1}", 100.0 * f64::from(part) / f64::from(of))
        }
    };
    writeln!(out, "| program | addresses/s | peak MB |\n| --- | --- | --- |")?;
    for (name, report, _) in scores {
        writeln!(out, "| {name} | {:.0} | {:.0} |", report.rate, report.memory_mb)?;
    }
    let mut groups: Vec<&str> = rows.iter().map(|row| row.group).collect();
    groups.extend([" real", " typed"]);
    groups.sort_unstable();
    groups.dedup();
    writeln!(
        out,
        "\n| addresses | program | rows | county right % | wrong % | silent % | city right % | former right % |"
    )?;
    writeln!(out, "| --- | --- | --- | --- | --- | --- | --- | --- |")?;
    for group in groups {
        for (name, _, score) in scores {
            let Some(c) = score.groups.get(group) else { continue };
            writeln!(
                out,
                "| {} | {name} | {} | {} | {} | {} | {} | {} |",
                group.trim(),
                c.rows,
                share(c.right, c.shown),
                share(c.wrong, c.rows),
                share(c.silent, c.rows),
                share(c.city, c.rows),
                share(c.former_right, c.former),
            )?;
        }
    }
    Ok(())
}
