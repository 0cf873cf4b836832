//! Every name that may stand in an address, and the places each may mean.

use std::collections::HashMap;

use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};

use super::evidence::EvidenceKind;
use super::names::{abbreviated, is_rural, stem};
use super::streets::town_stem;
use crate::level::Level;
use crate::table::RegionTable;

/// Steps through successors when a former name is expanded.
const STEPS_MAX: u32 = 8;

/// Former short names are kept where the region ended in or after this year.
const FORMER_SHORT_FROM: i32 = 2000;

/// Automaton states this near the root are dense: one Chinese character and a byte.
const DENSE_DEPTH: usize = 4;

/// No position in the table.
pub(crate) const NONE: u32 = u32::MAX;

/// A place of some time, with the line of places above it then and now.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Place {
    /// Its position in the table.
    pub(crate) entry: u32,
    /// What it is today: itself, its successor, or what its several successors share.
    pub(crate) today: u32,
    pub(crate) level: Level,
    /// Cities above it: then, and today.
    pub(crate) cities: [u32; 2],
    /// Provinces above it: then, and today.
    pub(crate) provinces: [u32; 2],
}

/// One meaning of a name.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Meaning {
    pub(crate) place: u32,
    pub(crate) kind: EvidenceKind,
    pub(crate) rural: bool,
}

/// A name and its meanings.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Name {
    first: u32,
    /// Meanings that are not towns come first.
    towns_from: u32,
    end: u32,
    /// Meanings that are a county of today by full name.
    pub(crate) counties: u32,
    /// Meanings that differ in what they are today.
    pub(crate) different: u32,
    pub(crate) has_city: bool,
    /// True for a name that is as often a common word (城区, 郊区, 东区).
    pub(crate) common: bool,
    pub(crate) needs_parent: bool,
    pub(crate) chars: u32,
}

pub(crate) struct Lexicon {
    pub(crate) automaton: Option<AhoCorasick>,
    pub(crate) places: Vec<Place>,
    by_entry: Vec<u32>,
    names: Vec<Name>,
    meanings: Vec<Meaning>,
    /// Today's counties of a place that was split, by place.
    split: HashMap<u32, Vec<u32>>,
    /// Town names without suffix, by position in the table.
    town_stems: Vec<Vec<Box<str>>>,
}

impl Lexicon {
    pub(crate) fn new(table: &RegionTable) -> Self {
        let mut draft = Draft::new(table);
        draft.add_regions();
        draft.add_towns();
        draft.add_aliases();
        draft.finish()
    }

    pub(crate) fn name(&self, pattern: usize) -> &Name {
        &self.names[pattern]
    }

    /// The place of a position in the table that is known to have one.
    pub(crate) fn of_entry(&self, entry: u32) -> &Place {
        &self.places[self.place_of_entry(entry) as usize]
    }

    pub(crate) fn place_of_entry(&self, entry: u32) -> u32 {
        self.by_entry[entry as usize]
    }

    /// Today's counties of a place that was split; empty for any other.
    pub(crate) fn successors(&self, place: u32) -> &[u32] {
        self.split.get(&place).map_or(&[], Vec::as_slice)
    }

    pub(crate) fn town_stems(&self, entry: u32) -> &[Box<str>] {
        &self.town_stems[entry as usize]
    }

    /// The meanings by a region's own name, in order of place.
    pub(crate) fn named(&self, pattern: usize) -> &[Meaning] {
        let name = &self.names[pattern];
        &self.meanings[name.first as usize..name.towns_from as usize]
    }

    /// The meanings by a town's name, in order of place.
    pub(crate) fn towns(&self, pattern: usize) -> &[Meaning] {
        let name = &self.names[pattern];
        &self.meanings[name.towns_from as usize..name.end as usize]
    }
}

struct Draft<'a> {
    table: &'a RegionTable,
    places: Vec<Place>,
    by_entry: Vec<u32>,
    names: HashMap<String, Vec<Meaning>>,
    needing_parent: Vec<String>,
    split: HashMap<u32, Vec<u32>>,
    town_stems: Vec<Vec<Box<str>>>,
}

impl<'a> Draft<'a> {
    fn new(table: &'a RegionTable) -> Self {
        Self {
            table,
            places: Vec::with_capacity(table.entries.len()),
            by_entry: vec![NONE; table.entries.len()],
            names: HashMap::new(),
            needing_parent: Vec::new(),
            split: HashMap::new(),
            town_stems: vec![Vec::new(); table.entries.len()],
        }
    }

    /// Adds what a code stood for in one period; none when it led nowhere.
    fn add_place(&mut self, entry: usize, period: usize) -> Option<u32> {
        let table = self.table;
        let found = self.leaves(entry, period);
        let today = self.today(&table.entries[entry].periods[period].name, &found)?;
        let above = |entry, level| table.entry_at_level(entry, level).map_or(NONE, |e| e as u32);
        let place = self.places.len() as u32;
        self.places.push(Place {
            entry: entry as u32,
            today: today as u32,
            level: table.entries[entry].periods[period].level,
            cities: [above(entry, Level::City), above(today, Level::City)],
            provinces: [above(entry, Level::Province), above(today, Level::Province)],
        });
        if found.len() > 1 && !found.contains(&today) {
            self.split.insert(place, found.iter().map(|leaf| *leaf as u32).collect());
        }
        self.by_entry[entry] = place;
        Some(place)
    }

    fn leaves(&self, entry: usize, period: usize) -> Vec<usize> {
        let table = self.table;
        let here = &table.entries[entry].periods[period];
        let mut found = Vec::new();
        if here.to.is_none() {
            found.push(entry);
        }
        for successor in here.successors.iter().filter(|s| s.at_end && here.to.is_some()) {
            table.leaves(successor.entry, Some(successor.year), STEPS_MAX, &mut found);
        }
        if found.is_empty() && here.level == Level::City {
            // A dissolved prefecture has no successor of its own: its counties tell.
            for (index, _) in
                table.entries.iter().enumerate().filter(|(_, e)| e.parent == Some(entry))
            {
                table.leaves(index, None, STEPS_MAX, &mut found);
            }
            for leaf in &mut found {
                *leaf = table.entry_at_level(*leaf, Level::City).unwrap_or(*leaf);
            }
            found.sort_unstable();
            found.dedup();
        }
        found
    }

    /// What a place is today: of several successors the one of its name, else what they share.
    fn today(&self, name: &str, found: &[usize]) -> Option<usize> {
        let own = stem(name);
        let mut same =
            found.iter().filter(|leaf| stem(&self.table.entries[**leaf].latest().name) == own);
        if let (Some(one), None) = (same.next(), same.next()) {
            return Some(*one);
        }
        self.shared(found)
    }

    /// The lowest region that contains all of `leaves`.
    fn shared(&self, leaves: &[usize]) -> Option<usize> {
        let first = *leaves.first()?;
        [Level::County, Level::City, Level::Province].into_iter().find_map(|level| {
            let above = self.table.entry_at_level(first, level)?;
            let shared = |leaf: &usize| self.table.entry_at_level(*leaf, level) == Some(above);
            leaves.iter().all(shared).then_some(above)
        })
    }

    fn add(&mut self, name: &str, place: u32, kind: EvidenceKind, rural: bool) {
        let meanings = self.names.entry(name.to_owned()).or_default();
        let today = self.places[place as usize];
        let known = meanings.iter_mut().find(|known| {
            let other = &self.places[known.place as usize];
            other.entry == today.entry && other.today == today.today
        });
        match known {
            Some(known) if kind < known.kind => *known = Meaning { place, kind, rural },
            Some(_) => {}
            None => meanings.push(Meaning { place, kind, rural }),
        }
    }

    fn add_regions(&mut self) {
        let table = self.table;
        for (index, entry) in table.entries.iter().enumerate() {
            let last = entry.periods.len() - 1;
            for (number, period) in entry.periods.iter().enumerate() {
                let Some(place) = self.add_place(index, number) else { continue };
                let current = entry.current && number == last;
                let kind = if current { EvidenceKind::FullName } else { EvidenceKind::FormerName };
                let rural = is_rural(&period.name);
                self.add(&period.name, place, kind, rural);
                if let Some(short) = abbreviated(&period.name) {
                    self.add(&short, place, kind, rural);
                }
                let recent = current || period.to.is_some_and(|to| to >= FORMER_SHORT_FROM);
                let short = stem(&period.name);
                if recent && short != period.name {
                    self.add(short, place, EvidenceKind::ShortName, rural);
                }
            }
        }
    }

    fn add_towns(&mut self) {
        let table = self.table;
        for town in &table.towns {
            let Some(county) = table.find(&town.county_code) else { continue };
            let place = self.by_entry[county];
            if place == NONE || town.name.chars().count() < 3 || town.name.ends_with("发区") {
                continue;
            }
            let today = self.places[place as usize].today as usize;
            let place = self.by_entry[today];
            self.town_stems[today].extend(town_stem(&town.name).map(Box::from));
            self.add(&town.name, place, EvidenceKind::Town, false);
        }
    }

    fn add_aliases(&mut self) {
        let table = self.table;
        for alias in &table.aliases {
            let Some(place) = table.find(&alias.code).map(|entry| self.by_entry[entry]) else {
                continue;
            };
            self.add(&alias.name, place, EvidenceKind::Alias, false);
            if alias.needs == "parent" {
                self.needing_parent.push(alias.name.clone());
            }
        }
    }

    fn finish(self) -> Lexicon {
        let Self { places, by_entry, names: drafted, needing_parent, split, town_stems, .. } = self;
        let mut sorted: Vec<_> = drafted.into_iter().collect();
        sorted.sort_unstable_by(|a, b| a.0.cmp(&b.0));
        let (mut names, mut meanings) = (Vec::new(), Vec::new());
        for (text, of_name) in &mut sorted {
            of_name.sort_unstable_by_key(|m| (m.kind == EvidenceKind::Town, m.place));
            names.push(describe(text, of_name, &places, meanings.len(), &needing_parent));
            meanings.extend_from_slice(of_name);
        }
        // The patterns come from checked tables; a set too large to index leaves nothing to find.
        let automaton = AhoCorasick::builder()
            .kind(Some(AhoCorasickKind::ContiguousNFA))
            .match_kind(MatchKind::Standard)
            .dense_depth(DENSE_DEPTH)
            .build(sorted.iter().map(|(text, _)| text.as_bytes()))
            .ok();
        Lexicon { automaton, places, by_entry, names, meanings, split, town_stems }
    }
}

fn describe(
    text: &str,
    meanings: &[Meaning],
    places: &[Place],
    first: usize,
    needing_parent: &[String],
) -> Name {
    let level = |meaning: &Meaning| places[meaning.place as usize].level;
    let full = |m: &&Meaning| m.kind == EvidenceKind::FullName && level(m) == Level::County;
    let mut todays: Vec<u32> = meanings.iter().map(|m| places[m.place as usize].today).collect();
    todays.sort_unstable();
    todays.dedup();
    let chars = text.chars().count();
    let named = meanings.partition_point(|m| m.kind != EvidenceKind::Town);
    Name {
        first: first as u32,
        towns_from: (first + named) as u32,
        end: (first + meanings.len()) as u32,
        counties: meanings.iter().filter(full).count() as u32,
        different: todays.len() as u32,
        has_city: meanings
            .iter()
            .any(|m| level(m) == Level::City && m.kind == EvidenceKind::FullName),
        common: chars == 2 && text.ends_with('区')
            || matches!(text, "市郊区" | "新城区" | "老城区"),
        needs_parent: needing_parent.iter().any(|name| name == text),
        chars: chars as u32,
    }
}
