//! Region codes through time, straight from the published tables.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use chrono::{Datelike, NaiveDate};

/// The tables.
#[derive(Debug)]
pub struct Regions {
    today: BTreeMap<String, Region>,
    history: Vec<Change>,
}

/// A region in use.
#[derive(Debug)]
pub struct Region {
    /// Its name.
    pub name: String,
    /// province, city or county.
    pub level: String,
    /// The code above; empty for a province.
    pub parent: String,
    /// A point in it, WGS-84.
    pub point: (f64, f64),
}

#[derive(Debug)]
struct Change {
    code: String,
    level: String,
    abolished: bool,
    to: Option<i32>,
    successors: Vec<(String, Option<i32>)>,
}

impl Regions {
    /// Reads the tables of the repository.
    pub fn load() -> Self {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../pipeline/regions/data");
        let rows = |file: &str| -> Vec<csv::StringRecord> {
            let mut reader =
                csv::Reader::from_path(folder.join(file)).expect("the table of regions");
            reader.records().map(|row| row.expect("a row")).collect()
        };
        let number = |text: &str| text.parse().unwrap_or(0.0);
        let region = |row: &csv::StringRecord| Region {
            name: row[1].to_owned(),
            level: row[2].to_owned(),
            parent: row[3].to_owned(),
            point: (number(&row[4]), number(&row[5])),
        };
        let change = |row: csv::StringRecord| Change {
            code: row[0].to_owned(),
            level: row[2].to_owned(),
            abolished: &row[5] == "abolished",
            to: row[7].parse().ok(),
            successors: row[8].split(';').filter(|one| !one.is_empty()).map(successor).collect(),
        };
        Self {
            today: rows("regions.csv").iter().map(|row| (row[0].to_owned(), region(row))).collect(),
            history: rows("regions_history.csv").into_iter().map(change).collect(),
        }
    }

    /// A region in use today.
    pub fn get(&self, code: &str) -> Option<&Region> {
        self.today.get(code)
    }

    /// The level of a code of any time; none for what is no code.
    pub fn level(&self, code: &str) -> Option<&str> {
        let gone = || self.history.iter().find(|change| change.code == code).map(|c| &c.level);
        self.today.get(code).map(|region| &region.level).or_else(gone).map(String::as_str)
    }

    /// Today's code; the same if it became several.
    pub fn now(&self, code: &str) -> String {
        let mut code = code.to_owned();
        while !self.today.contains_key(&code) {
            let last = self.history.iter().rev().find(|one| one.code == code && one.abolished);
            let Some(change) = last else { break };
            let end = change.to;
            let at_end =
                change.successors.iter().filter(|(_, year)| year.is_none() || *year == end);
            let at_end: BTreeSet<_> = at_end.map(|(code, _)| code.clone()).collect();
            match at_end.into_iter().collect::<Vec<_>>().as_slice() {
                [one] => code.clone_from(one),
                _ => break,
            }
        }
        code
    }

    /// The code at a level that a code of today lies in, if it reaches that deep. A municipality and a
    /// directly ruled county are their own city, a city without counties its own county.
    pub fn at_level(&self, code: &str, level: &str) -> Option<String> {
        let code = self.now(code);
        let region = self.today.get(&code)?;
        let parent = self.today.get(&region.parent);
        let is_leaf_city =
            region.level == "city" && !self.today.values().any(|other| other.parent == code);
        match (level, region.level.as_str()) {
            ("province", "province") => Some(code),
            ("province", _) => match parent {
                Some(above) if above.level == "province" => Some(region.parent.clone()),
                _ => parent.map(|above| above.parent.clone()),
            },
            ("city", "city") => Some(code),
            ("city", "county") if parent.is_some_and(|above| above.level == "city") => {
                Some(region.parent.clone())
            }
            // Ruled by the province: a municipality's county has the municipality as its city.
            ("city", "county") if is_municipality(&region.parent) => Some(region.parent.clone()),
            ("city", "county") => Some(code),
            ("city", "province") if is_municipality(&code) => Some(code),
            ("county", "county") => Some(code),
            ("county", "city") if is_leaf_city => Some(code),
            _ => None,
        }
    }

    /// Whether a rule's region equals or contains a place, read as of a date. A rule is taken by its
    /// letter where its code was in use then; a place may have been coded later, so every code that
    /// gave it territory since counts, and doubt counts for the dealer.
    pub fn covers(&self, rule: &str, place: &str, on: NaiveDate) -> bool {
        if rule == place {
            return true;
        }
        let year = on.year();
        let mut places = self.as_of(place, year);
        let former = self.history.iter().filter(|change| {
            change.successors.iter().any(|(code, when)| {
                code == place && when.or(change.to).is_some_and(|when| when >= year)
            })
        });
        places.extend(former.map(|change| change.code.clone()));
        let rules = self.as_of(rule, year);
        rules.iter().any(|rule| places.iter().any(|place| self.contains(rule, place)))
    }

    /// The codes that stood in a year for what a code means. Only the year of a change is known: in that year
    /// both the old code and the new ones stood.
    fn as_of(&self, code: &str, year: i32) -> BTreeSet<String> {
        let is_end = |change: &&Change| {
            change.code == code && change.abolished && change.to.is_some_and(|to| to <= year)
        };
        let ended: Vec<_> = self.history.iter().filter(is_end).collect();
        if self.today.contains_key(code) || ended.is_empty() {
            return [code.to_owned()].into();
        }
        let next = ended.iter().flat_map(|change| {
            let at_end = change.successors.iter();
            at_end.filter(|(_, when)| when.is_none() || *when == change.to).map(|(code, _)| code)
        });
        let mut found: BTreeSet<String> = next.flat_map(|code| self.as_of(code, year)).collect();
        if ended.iter().any(|change| change.to == Some(year)) {
            found.insert(code.to_owned());
        }
        found
    }

    fn contains(&self, outer: &str, inner: &str) -> bool {
        let parent = self.today.get(inner).map(|region| region.parent.as_str());
        // An abolished county lay in what its digits say.
        let by_digits = |code: &str| match self.level(code) {
            Some("province") => code[..2].to_owned(),
            Some("city") => code[..4].to_owned(),
            _ => code.to_owned(),
        };
        outer == inner
            || parent.is_some_and(|parent| !parent.is_empty() && self.contains(outer, parent))
            || (parent.is_none() && inner.starts_with(&by_digits(outer)))
    }

    /// The region that an address of the made-up company begins with: full names, from the province on.
    pub fn of_address(&self, address: &str) -> Option<String> {
        let mut found: Option<(String, &str)> = None;
        let mut rest = address;
        while let Some((code, region)) = self.today.iter().find(|(code, region)| {
            let above = found.as_ref().map_or("", |(code, _)| code.as_str());
            **code != above && region.parent == above && rest.starts_with(&region.name)
        }) {
            rest = &rest[region.name.len()..];
            found = Some((code.clone(), rest));
        }
        found.map(|(code, _)| code)
    }
}

/// Beijing, Tianjin, Shanghai, Chongqing.
fn is_municipality(code: &str) -> bool {
    ["110000", "120000", "310000", "500000"].contains(&code)
}

fn successor(text: &str) -> (String, Option<i32>) {
    match text.split_once('[') {
        Some((code, year)) => (code.to_owned(), year.trim_end_matches(']').parse().ok()),
        None => (text.to_owned(), None),
    }
}
