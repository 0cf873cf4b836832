//! Which code stands above which.

use super::RegionTable;
use crate::level::Level;

impl RegionTable {
    /// The code at `level` that is or contains `code`, in the hierarchy the code belongs to.
    ///
    /// A former code answers with codes of its own time. A municipality and a directly ruled county
    /// are their own city, a city without counties is its own county; no answer means unknown at
    /// that level.
    pub fn at_level(&self, code: &str, level: Level) -> Option<&str> {
        let found = self.entry_at_level(self.find(code)?, level)?;
        Some(&self.entries[found].code)
    }

    pub(crate) fn entry_at_level(&self, entry: usize, level: Level) -> Option<usize> {
        let here = &self.entries[entry];
        match (level, here.level()) {
            (Level::Province, Level::Province)
            | (Level::City, Level::City)
            | (Level::County, Level::County) => Some(entry),
            (Level::County, Level::City) | (Level::City, Level::Province) => {
                here.flat.then_some(entry)
            }
            (Level::County, Level::Province) => None,
            (Level::City, Level::County) => {
                let parent = here.parent?;
                let above = &self.entries[parent];
                let is_city = above.level() == Level::City || above.flat;
                Some(if is_city { parent } else { entry })
            }
            (Level::Province, _) => self.top(entry),
        }
    }

    fn top(&self, entry: usize) -> Option<usize> {
        let parent = self.entries[entry].parent?;
        match self.entries[parent].level() {
            Level::Province => Some(parent),
            _ => self.entries[parent].parent,
        }
    }

    /// True when `outer` is `inner` or stands above it.
    pub(crate) fn contains(&self, outer: usize, inner: usize) -> bool {
        outer == inner
            || self.entries[inner]
                .parent
                .is_some_and(|parent| parent == outer || self.entries[parent].parent == Some(outer))
    }
}
