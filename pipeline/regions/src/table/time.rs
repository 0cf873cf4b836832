//! Codes through time.

use chrono::{Datelike, NaiveDate};

use super::RegionTable;

/// Steps from a code to a code of another time; real chains take up to four.
const STEPS_MAX: u32 = 8;

impl RegionTable {
    /// Today's code for a code of any time; unchanged when it is unknown or became several.
    ///
    /// Territory given up before the code ended does not make it several: what the code stood for
    /// when it ended decides.
    pub fn today<'a>(&'a self, code: &'a str) -> &'a str {
        let Some(entry) = self.find(code) else { return code };
        let mut found = Vec::new();
        self.leaves(entry, None, STEPS_MAX, &mut found);
        match found.as_slice() {
            [one] => &self.entries[*one].code,
            _ => code,
        }
    }

    /// The codes that may have stood at `date` for what `code` names, itself if it was valid then.
    ///
    /// Both sides of a change count in the year of the change. Empty when the code is unknown or
    /// leads to nothing known.
    pub fn codes_at(&self, code: &str, date: NaiveDate) -> Vec<&str> {
        let Some(entry) = self.find(code) else { return Vec::new() };
        let mut found = Vec::new();
        self.at_year(entry, date.year(), STEPS_MAX, &mut found);
        found.into_iter().map(|entry| self.entries[entry].code.as_str()).collect()
    }

    /// True when `outer` equals or contains `inner`, both read as of `date`; doubt favours true.
    ///
    /// `outer` is a rule written in the codes of `date`: valid then, it is taken by its letter.
    /// `inner` is an observation that may have been coded later, so every code that gave it
    /// territory after `date` counts too.
    pub fn covers(&self, outer: &str, inner: &str, date: NaiveDate) -> bool {
        if outer == inner {
            return true;
        }
        let (Some(outer), Some(inner)) = (self.find(outer), self.find(inner)) else {
            return false;
        };
        let year = date.year();
        if self.is_settled(outer, year) && self.is_settled(inner, year) {
            return self.contains(outer, inner);
        }
        let (mut rules, mut places) = (Vec::new(), Vec::new());
        self.at_year(outer, year, STEPS_MAX, &mut rules);
        self.at_year(inner, year, STEPS_MAX, &mut places);
        self.before(inner, year, STEPS_MAX, &mut places);
        rules.iter().any(|rule| places.iter().any(|place| self.contains(*rule, *place)))
    }

    /// True when neither the code nor its territory changed in or after `year`.
    fn is_settled(&self, entry: usize, year: i32) -> bool {
        let here = &self.entries[entry];
        let open = here.periods.iter().any(|period| period.to.is_none() && period.holds(year));
        let started = here.latest().from.is_none_or(|from| from < year);
        open && started && here.predecessors.iter().all(|(_, given)| *given < year)
    }

    /// Today's codes for an entry, reading it as of `year` or as of its end.
    pub(crate) fn leaves(
        &self,
        entry: usize,
        year: Option<i32>,
        steps: u32,
        found: &mut Vec<usize>,
    ) {
        let periods = &self.entries[entry].periods;
        let period = match year {
            // Where one period ends in the year the next begins, the next is meant.
            Some(year) => periods.iter().rev().find(|p| p.from.is_none_or(|from| from <= year)),
            None => periods.last(),
        };
        let Some(period) = period else { return };
        match period.to {
            None if !found.contains(&entry) => found.push(entry),
            None => {}
            Some(_) if steps == 0 => {}
            Some(_) => {
                for successor in period.successors.iter().filter(|successor| successor.at_end) {
                    self.leaves(successor.entry, Some(successor.year), steps - 1, found);
                }
            }
        }
    }

    fn at_year(&self, entry: usize, year: i32, steps: u32, found: &mut Vec<usize>) {
        if found.contains(&entry) {
            return;
        }
        let here = &self.entries[entry];
        if here.periods.iter().any(|period| period.holds(year)) {
            found.push(entry);
        }
        if steps == 0 {
            return;
        }
        let ended = here.periods.iter().rfind(|p| p.to.is_some_and(|to| to <= year));
        if let Some(ended) = ended {
            for successor in ended.successors.iter().filter(|s| s.entry != entry) {
                let reused = here.periods.iter().any(|p| p.holds(year) && p.to != ended.to);
                if !reused {
                    self.at_year(successor.entry, year, steps - 1, found);
                }
            }
        }
        let not_yet = here.periods.iter().all(|p| p.from.is_some_and(|from| from >= year));
        if not_yet {
            self.before(entry, year, steps, found);
        }
    }

    /// Adds the codes that held parts of this territory at `year` and gave them up later.
    fn before(&self, entry: usize, year: i32, steps: u32, found: &mut Vec<usize>) {
        if steps == 0 {
            return;
        }
        for (predecessor, given) in &self.entries[entry].predecessors {
            if *given < year || found.contains(predecessor) {
                continue;
            }
            if self.entries[*predecessor].periods.iter().any(|period| period.holds(year)) {
                found.push(*predecessor);
            }
            self.before(*predecessor, year, steps - 1, found);
        }
    }
}
