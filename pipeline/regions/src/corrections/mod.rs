//! What people corrected, remembered.
//!
//! A correction is consulted before anything is resolved. An exact address goes before a pattern, a
//! longer pattern before a shorter one, and of two about the same text the later one counts.

mod normal;

use std::collections::HashMap;
use std::path::Path;

use aho_corasick::{AhoCorasick, MatchKind};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::error::TableError;
use crate::level::Level;
use crate::table::RegionTable;

pub use normal::normalised;

/// A pattern shorter than this would catch addresses nobody thought of.
const PATTERN_CHARS_MIN: usize = 4;

/// What a correction is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum CorrectionKind {
    /// This address and no other, apart from spaces, punctuation and forms of characters.
    Exact,
    /// Every address that holds this text.
    Pattern,
}

/// One line of a table of corrections.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Correction {
    /// What it is about.
    pub kind: CorrectionKind,
    /// The address or the text in it, as typed.
    pub text: String,
    /// The right region, in the codes of any time.
    pub region_code: String,
    /// Who says so.
    pub corrected_by: String,
    /// Since when.
    pub corrected_at: DateTime<Utc>,
    /// Why, in their words.
    #[serde(default)]
    pub note: String,
}

/// A correction with its code of today.
#[derive(Debug, Clone)]
pub(crate) struct Settled {
    pub(crate) correction: Correction,
    pub(crate) code: String,
    pub(crate) level: Level,
}

/// Corrections, ready to be asked.
#[derive(Debug, Clone, Default)]
pub struct Corrections {
    settled: Vec<Settled>,
    exact: HashMap<String, usize>,
    patterns: Option<AhoCorasick>,
    /// The correction of each pattern.
    of_pattern: Vec<usize>,
}

impl Corrections {
    /// Reads a CSV file `kind,text,region_code,corrected_by,corrected_at,note`.
    pub fn load(path: &Path, table: &RegionTable) -> Result<Self, TableError> {
        let text = std::fs::read_to_string(path)
            .map_err(|source| TableError::Read { path: path.to_owned(), source })?;
        let file = path.display().to_string();
        let mut rows = Vec::new();
        let mut reader = csv::Reader::from_reader(text.as_bytes());
        for row in reader.deserialize() {
            rows.push(row.map_err(|source: csv::Error| TableError::Csv {
                file: file.clone(),
                line: source.position().map_or(0, csv::Position::line),
                source,
            })?);
        }
        Self::new(rows, table).map_err(|(row, problem)| TableError::Value {
            file,
            line: row as u64 + 2,
            problem,
        })
    }

    /// Takes corrections; the error says which one cannot be used, counted from 0, and why.
    pub fn new(rows: Vec<Correction>, table: &RegionTable) -> Result<Self, (usize, String)> {
        let mut settled = Vec::with_capacity(rows.len());
        let mut newest: HashMap<(CorrectionKind, String), usize> = HashMap::new();
        for (index, correction) in rows.into_iter().enumerate() {
            let code = table.today(&correction.region_code).to_owned();
            let region = table.get(&code).filter(|_| table.is_current(&code)).ok_or_else(|| {
                let code = &correction.region_code;
                (index, format!("region code `{code}` is not in use and has no one successor"))
            })?;
            let text = normalised(&correction.text);
            let chars = text.chars().count();
            let shortest =
                if correction.kind == CorrectionKind::Pattern { PATTERN_CHARS_MIN } else { 1 };
            if chars < shortest {
                let text = &correction.text;
                return Err((
                    index,
                    format!("text `{text}` is shorter than {shortest} characters"),
                ));
            }
            let level = region.level;
            let known = newest.entry((correction.kind, text)).or_insert(index);
            let at = |index: usize, settled: &[Settled]| {
                settled.get(index).map(|settled: &Settled| settled.correction.corrected_at)
            };
            if at(*known, &settled).is_some_and(|known| known <= correction.corrected_at) {
                *known = index;
            }
            settled.push(Settled { correction, code, level });
        }
        Ok(Self::index(settled, newest))
    }

    fn index(settled: Vec<Settled>, newest: HashMap<(CorrectionKind, String), usize>) -> Self {
        let (mut exact, mut texts, mut of_pattern) = (HashMap::new(), Vec::new(), Vec::new());
        for ((kind, text), index) in newest {
            match kind {
                CorrectionKind::Exact => {
                    exact.insert(text, index);
                }
                CorrectionKind::Pattern => {
                    texts.push(text);
                    of_pattern.push(index);
                }
            }
        }
        let automaton =
            || AhoCorasick::builder().match_kind(MatchKind::Standard).build(&texts).ok();
        let patterns = if texts.is_empty() { None } else { automaton() };
        Self { settled, exact, patterns, of_pattern }
    }

    /// True when nothing was corrected.
    pub fn is_empty(&self) -> bool {
        self.settled.is_empty()
    }

    /// The correction that holds for an address.
    pub fn find(&self, address: &str) -> Option<&Correction> {
        self.settled(address).map(|settled| &settled.correction)
    }

    pub(crate) fn settled(&self, address: &str) -> Option<&Settled> {
        if self.is_empty() {
            return None;
        }
        let text = normalised(address);
        if let Some(index) = self.exact.get(&text) {
            return self.settled.get(*index);
        }
        let hits = self.patterns.as_ref()?.find_overlapping_iter(&text);
        let found = hits.filter_map(|hit| {
            let index = *self.of_pattern.get(hit.pattern().as_usize())?;
            Some((hit.len(), self.settled.get(index)?))
        });
        // Of two as long the later correction counts, whichever comes first in the text.
        found
            .max_by_key(|(length, settled)| (*length, settled.correction.corrected_at))
            .map(|(_, settled)| settled)
    }
}
