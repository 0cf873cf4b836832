//! Address text to a region code of today.
//!
//! One automaton finds every name in one pass: full names, short forms, former names, aliases and
//! towns. Each county or city a name may mean is then scored by what else in the text agrees with
//! it. The best one wins; if the runner-up is as good and another place, the answer goes up to what
//! both share.

mod claim;
mod evidence;
mod guard;
mod lexicon;
mod mention;
pub(crate) mod names;
mod score;
mod streets;
mod traditional;

use crate::corrections::Corrections;
use crate::level::Level;
use crate::table::RegionTable;

pub use evidence::{Evidence, EvidenceKind, Resolution};
pub(crate) use traditional::fold;

use lexicon::Lexicon;

/// Bytes of an address that are read; the region stands at its beginning.
const ADDRESS_BYTES_MAX: usize = 600;

/// Resolves addresses against one table; cheap to share, built once.
pub struct Resolver {
    lexicon: Lexicon,
    codes: Vec<(String, Level)>,
    corrections: Corrections,
}

impl Resolver {
    /// Indexes every name of the table.
    pub fn new(table: &RegionTable) -> Self {
        let codes = table.entries.iter().map(|e| (e.code.clone(), e.level())).collect();
        Self { lexicon: Lexicon::new(table), codes, corrections: Corrections::default() }
    }

    /// The same resolver, which consults these corrections first.
    #[must_use]
    pub fn with_corrections(self, corrections: Corrections) -> Self {
        Self { corrections, ..self }
    }

    /// Resolves one address; none when it names no region that can be told.
    pub fn resolve(&self, address: &str) -> Option<Resolution<'_>> {
        if let Some(settled) = self.corrections.settled(address) {
            return Some(evidence::corrected(settled, address));
        }
        let text = &*traditional::fold(head(address));
        let mentions = mention::Mentions::find(&self.lexicon, text);
        let answer = score::decide(&self.lexicon, text, mentions.as_slice())?;
        let (code, level) = self.codes.get(answer.entry as usize)?;
        Some(Resolution {
            code,
            level: *level,
            confidence: answer.confidence,
            correction: None,
            spans: answer.spans,
        })
    }
}

impl std::fmt::Debug for Resolver {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Resolver").field("regions", &self.codes.len()).finish_non_exhaustive()
    }
}

fn head(address: &str) -> &str {
    let mut end = address.len().min(ADDRESS_BYTES_MAX);
    while !address.is_char_boundary(end) {
        end -= 1;
    }
    address.get(..end).unwrap_or("")
}
