//! The table of region codes through time.
//!
//! A code may stand for several things one after the other, so an entry holds periods. The
//! hierarchy follows the code: the parent of a code never changes, a county that moves gets a new
//! code. Years in the data are year ends, so the day of a change is unknown: in the year of a
//! change both sides are taken as valid.

mod hierarchy;
mod load;
mod source;
mod time;

use std::path::Path;

use chrono::NaiveDate;

use crate::error::TableError;
use crate::level::Level;

pub(crate) use source::{AliasRow, TownRow};

/// The year the table begins with; a code without a known beginning is valid from here.
const FIRST_YEAR: i32 = 1981;

/// One successor of a period.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Successor {
    pub(crate) entry: usize,
    pub(crate) year: i32,
    /// False when only part of the territory went there while the code stayed in use.
    pub(crate) at_end: bool,
}

/// What a code stood for over some years, both ends inclusive.
#[derive(Debug, Clone)]
pub(crate) struct Period {
    pub(crate) name: String,
    pub(crate) level: Level,
    pub(crate) from: Option<i32>,
    pub(crate) to: Option<i32>,
    pub(crate) successors: Vec<Successor>,
}

impl Period {
    fn holds(&self, year: i32) -> bool {
        self.from.is_none_or(|from| from <= year) && self.to.is_none_or(|to| year <= to)
    }
}

/// One code with its periods in order of time.
#[derive(Debug, Clone)]
pub(crate) struct Entry {
    pub(crate) code: String,
    pub(crate) number: u32,
    pub(crate) periods: Vec<Period>,
    pub(crate) parent: Option<usize>,
    /// True when the code is in use today.
    pub(crate) current: bool,
    /// True for a province without cities, or a city without counties, as of today.
    pub(crate) flat: bool,
    /// Codes of which this one received territory, with the year.
    pub(crate) predecessors: Vec<(usize, i32)>,
}

impl Entry {
    pub(crate) fn latest(&self) -> &Period {
        &self.periods[self.periods.len() - 1]
    }

    pub(crate) fn level(&self) -> Level {
        self.latest().level
    }
}

/// One region over one stretch of time, as the table `reference.region` shows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Region<'a> {
    /// Six digits.
    pub region_code: &'a str,
    /// Official name in that time.
    pub name: &'a str,
    /// Level in that time.
    pub level: Level,
    /// The city, or the province where there is none above; none for a province.
    pub parent_code: Option<&'a str>,
    /// First day; 1981-01-01 where the beginning is unknown or earlier.
    pub valid_from: NaiveDate,
    /// Last day, inclusive; none while in use.
    pub valid_to: Option<NaiveDate>,
}

/// Every region code since 1981.
#[derive(Debug, Clone)]
pub struct RegionTable {
    /// Sorted by number.
    pub(crate) entries: Vec<Entry>,
    pub(crate) towns: Vec<TownRow>,
    pub(crate) aliases: Vec<AliasRow>,
}

impl RegionTable {
    /// Loads the data this crate was built with.
    pub fn embedded() -> Result<Self, TableError> {
        load::build(&source::Texts::embedded())
    }

    /// Loads `regions.csv`, `regions_history.csv`, `towns.csv` and `aliases.csv` from a folder.
    ///
    /// A file the folder does not have is taken from the embedded data, except `regions.csv`.
    pub fn load(folder: &Path) -> Result<Self, TableError> {
        load::build(&source::Texts::read(folder)?)
    }

    /// The region a code stands for today, or stood for last.
    pub fn get(&self, code: &str) -> Option<Region<'_>> {
        let entry = self.find(code)?;
        let last = self.entries[entry].periods.len() - 1;
        Some(self.region(entry, last))
    }

    /// True when the code is in use today.
    pub fn is_current(&self, code: &str) -> bool {
        self.find(code).is_some_and(|entry| self.entries[entry].current)
    }

    /// Every region with its validity, former ones included, in order of code and time.
    ///
    /// A code holds at most one row on any day, so `(region_code, valid_from)` is unique.
    pub fn rows(&self) -> impl Iterator<Item = Region<'_>> {
        self.entries.iter().enumerate().flat_map(move |(index, entry)| {
            (0..entry.periods.len()).map(move |period| self.region(index, period))
        })
    }

    /// The position of a code in `entries`.
    pub(crate) fn find(&self, code: &str) -> Option<usize> {
        let number = code_number(code)?;
        self.entries.binary_search_by_key(&number, |entry| entry.number).ok()
    }

    fn region(&self, entry: usize, period: usize) -> Region<'_> {
        let entry = &self.entries[entry];
        let here = &entry.periods[period];
        let last_day = match (here.to, entry.periods.get(period + 1).and_then(|next| next.from)) {
            (_, Some(next)) => day(next, 1, 1).pred_opt(),
            (Some(to), None) => Some(day(to, 12, 31)),
            (None, None) => None,
        };
        Region {
            region_code: &entry.code,
            name: &here.name,
            level: here.level,
            parent_code: entry.parent.map(|parent| self.entries[parent].code.as_str()),
            valid_from: day(here.from.unwrap_or(FIRST_YEAR), 1, 1),
            valid_to: last_day,
        }
    }
}

fn day(year: i32, month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).unwrap_or_default()
}

/// Six ASCII digits as a number.
pub(crate) fn code_number(code: &str) -> Option<u32> {
    let digits = code.len() == 6 && code.bytes().all(|b| b.is_ascii_digit());
    if digits { code.parse().ok() } else { None }
}
