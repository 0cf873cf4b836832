//! Builds the table from the data files and refuses what contradicts itself.

use std::collections::BTreeMap;

use super::source::{AliasRow, HistoryRow, RegionRow, Text, Texts, TownRow};
use super::{Entry, Period, RegionTable, Successor, code_number};
use crate::error::TableError;
use crate::level::Level;
use crate::resolve::names::stem;

/// A successor as written, before positions are known.
struct Written {
    code: u32,
    year: i32,
    at_end: bool,
    line: u64,
}

struct Draft {
    code: String,
    parent: Option<u32>,
    current: bool,
    periods: Vec<(Period, Vec<Written>)>,
}

type Drafts = BTreeMap<u32, Draft>;

pub(crate) fn build(texts: &Texts) -> Result<RegionTable, TableError> {
    let mut drafts = Drafts::new();
    read_history(&texts.history, &mut drafts)?;
    read_regions(&texts.regions, &mut drafts)?;
    let mut entries = link(&texts.history, drafts)?;
    guess_beginnings(&mut entries);
    mark_flat(&mut entries);
    let mut table = RegionTable { entries, towns: Vec::new(), aliases: Vec::new() };
    table.towns = read_towns(&texts.towns)?;
    table.aliases = read_aliases(&texts.aliases, &table)?;
    Ok(table)
}

fn number(text: &Text, line: u64, code: &str) -> Result<u32, TableError> {
    code_number(code).ok_or_else(|| text.problem(line, format!("code `{code}` is not six digits")))
}

fn level(text: &Text, line: u64, word: &str) -> Result<Level, TableError> {
    Level::parse(word).ok_or_else(|| {
        text.problem(line, format!("level `{word}` is not one of province, city, county"))
    })
}

fn read_history(text: &Text, drafts: &mut Drafts) -> Result<(), TableError> {
    for (line, row) in text.rows::<HistoryRow>()? {
        let code = number(text, line, &row.code)?;
        let level = level(text, line, &row.level)?;
        if row.status != "current" && row.end_year.is_none() {
            return Err(text.problem(line, format!("code {code} has ended but has no end_year")));
        }
        let written = successors(text, line, &row)?;
        let period = Period {
            name: row.name,
            level,
            from: row.start_year,
            to: row.end_year,
            successors: Vec::new(),
        };
        draft(drafts, code, row.code).periods.push((period, written));
    }
    Ok(())
}

fn draft(drafts: &mut Drafts, number: u32, code: String) -> &mut Draft {
    drafts.entry(number).or_insert_with(|| Draft {
        code,
        parent: None,
        current: false,
        periods: Vec::new(),
    })
}

/// Reads `130102[2001];130111`: a year in brackets is when that part went, else at the end.
fn successors(text: &Text, line: u64, row: &HistoryRow) -> Result<Vec<Written>, TableError> {
    let mut found = Vec::new();
    for part in row.successor_codes.split(';').map(str::trim).filter(|part| !part.is_empty()) {
        let bad = || text.problem(line, format!("successor `{part}` is not CODE or CODE[YEAR]"));
        let (code, year) = match part.strip_suffix(']').and_then(|part| part.split_once('[')) {
            Some((code, year)) => (code, Some(year.parse::<i32>().map_err(|_| bad())?)),
            None => (part, None),
        };
        let code = code_number(code).ok_or_else(bad)?;
        let year = year.or(row.end_year).ok_or_else(bad)?;
        found.push(Written { code, year, at_end: Some(year) == row.end_year, line });
    }
    Ok(found)
}

fn read_regions(text: &Text, drafts: &mut Drafts) -> Result<(), TableError> {
    let rows = text.rows::<RegionRow>()?;
    let mut lines = Vec::with_capacity(rows.len());
    for (line, row) in rows {
        let code = number(text, line, &row.code)?;
        let level = level(text, line, &row.level)?;
        let parent = match row.parent_code.as_str() {
            "" => None,
            parent => Some(number(text, line, parent)?),
        };
        if (level == Level::Province) != parent.is_none() {
            return Err(text.problem(line, format!("{level} {code} has the wrong kind of parent")));
        }
        let draft = draft(drafts, code, row.code);
        if draft.current {
            return Err(text.problem(line, format!("code {code} is listed twice")));
        }
        draft.current = true;
        draft.parent = parent;
        add_current(draft, row.name, level);
        lines.push((line, code, parent));
    }
    for (line, code, parent) in lines {
        if let Some(parent) = parent
            && !drafts.get(&parent).is_some_and(|parent| parent.current)
        {
            return Err(text.problem(line, format!("parent {parent} of {code} is not listed")));
        }
    }
    Ok(())
}

/// The period in use is in the history already if it gave up territory, else it starts here.
fn add_current(draft: &mut Draft, name: String, level: Level) {
    if let Some((open, _)) = draft.periods.iter_mut().find(|(period, _)| period.to.is_none()) {
        open.name = name;
        open.level = level;
        return;
    }
    let from = draft.periods.iter().filter_map(|(period, _)| period.to).max();
    let period = Period { name, level, from, to: None, successors: Vec::new() };
    draft.periods.push((period, Vec::new()));
}

fn link(text: &Text, drafts: Drafts) -> Result<Vec<Entry>, TableError> {
    let numbers: Vec<u32> = drafts.keys().copied().collect();
    let position = |number: u32| numbers.binary_search(&number).ok();
    let mut entries = Vec::with_capacity(drafts.len());
    for (number, mut draft) in drafts {
        draft.periods.sort_by_key(|(period, _)| (period.from, period.to.unwrap_or(i32::MAX)));
        let mut periods = Vec::with_capacity(draft.periods.len());
        for (mut period, written) in draft.periods {
            for Written { code, year, at_end, line } in written {
                let entry = position(code).ok_or_else(|| {
                    text.problem(line, format!("successor {code} of {number} is in no file"))
                })?;
                period.successors.push(Successor { entry, year, at_end });
            }
            periods.push(period);
        }
        let above = [number / 100 * 100, number / 10_000 * 10_000];
        let by_code = above.into_iter().filter(|above| *above != number).find_map(position);
        entries.push(Entry {
            code: draft.code,
            number,
            parent: draft.parent.map_or(by_code, position),
            current: draft.current,
            flat: false,
            periods,
            predecessors: Vec::new(),
        });
    }
    for index in 0..entries.len() {
        let given: Vec<Successor> =
            entries[index].periods.iter().flat_map(|period| period.successors.clone()).collect();
        for successor in given.iter().filter(|successor| successor.entry != index) {
            entries[successor.entry].predecessors.push((index, successor.year));
        }
    }
    Ok(entries)
}

/// A code whose beginning is unknown began when its only predecessor of that name became it.
fn guess_beginnings(entries: &mut [Entry]) {
    for index in 0..entries.len() {
        if entries[index].periods[0].from.is_some() {
            continue;
        }
        let own = stem(&entries[index].periods[0].name).to_owned();
        let renamed = entries[index].predecessors.iter().find(|(before, year)| {
            entries[*before].periods.iter().any(|period| {
                let mut ends = period.successors.iter().filter(|s| s.at_end);
                let only = ends.next().is_some_and(|s| s.entry == index && s.year == *year)
                    && ends.next().is_none();
                only && stem(&period.name) == own
            })
        });
        entries[index].periods[0].from = renamed.map(|(_, year)| *year);
    }
}

fn mark_flat(entries: &mut [Entry]) {
    let mut cities = vec![false; entries.len()];
    let mut counties = vec![false; entries.len()];
    for entry in entries.iter().filter(|entry| entry.current) {
        if let Some(parent) = entry.parent {
            let below = if entry.level() == Level::City { &mut cities } else { &mut counties };
            below[parent] = true;
        }
    }
    for (index, entry) in entries.iter_mut().enumerate().filter(|(_, entry)| entry.current) {
        entry.flat = match entry.level() {
            Level::Province => !cities[index] && counties[index],
            Level::City => !counties[index],
            Level::County => false,
        };
    }
}

fn read_towns(text: &Text) -> Result<Vec<TownRow>, TableError> {
    let mut towns = Vec::new();
    for (line, row) in text.rows::<TownRow>()? {
        number(text, line, &row.county_code)?;
        towns.push(row);
    }
    Ok(towns)
}

fn read_aliases(text: &Text, table: &RegionTable) -> Result<Vec<AliasRow>, TableError> {
    let mut aliases = Vec::new();
    for (line, row) in text.rows::<AliasRow>()? {
        number(text, line, &row.code)?;
        if !table.is_current(&row.code) {
            return Err(text.problem(line, format!("code {} is not in use today", row.code)));
        }
        if !matches!(row.needs.as_str(), "alone" | "parent") {
            return Err(text.problem(line, format!("needs `{}` is not alone or parent", row.needs)));
        }
        aliases.push(row);
    }
    Ok(aliases)
}
