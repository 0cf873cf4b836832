//! What a resolution rests on.

use crate::corrections::{Correction, Settled};
use crate::level::Level;

/// How the text named a region, strongest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EvidenceKind {
    /// Somebody corrected it.
    Correction,
    /// The official name of today, or its common abbreviation (恩施州).
    FullName,
    /// A name that is not in the official list, such as a development zone.
    Alias,
    /// A name of an earlier time.
    FormerName,
    /// A name without its suffix.
    ShortName,
    /// A town or street that lies in the region.
    Town,
}

impl EvidenceKind {
    /// The word used in reports and SQL.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Correction => "correction",
            Self::FullName => "full_name",
            Self::Alias => "alias",
            Self::FormerName => "former_name",
            Self::ShortName => "short_name",
            Self::Town => "town",
        }
    }
}

/// The bytes of the address that gave one level.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Evidence {
    /// The level these bytes gave.
    pub level: Level,
    /// How they named it.
    pub kind: EvidenceKind,
    /// First byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
}

/// What an address was resolved to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Resolution<'a> {
    /// A code of today.
    pub code: &'a str,
    /// The level of `code`.
    pub level: Level,
    /// 0 to 100: how sure, for ranking and review; not a probability.
    pub confidence: u8,
    /// Who corrected it and when, where somebody did.
    pub correction: Option<&'a Correction>,
    pub(crate) spans: [Option<Evidence>; 3],
}

impl Resolution<'_> {
    /// The bytes that gave each level, outermost first; a level implied by another has none.
    pub fn evidence(&self) -> impl Iterator<Item = Evidence> + '_ {
        self.spans.iter().flatten().copied()
    }
}

/// What a correction says of an address: the whole of it is the evidence.
pub(crate) fn corrected<'a>(settled: &'a Settled, address: &str) -> Resolution<'a> {
    let level = settled.level;
    let mut spans = [None; 3];
    spans[level as usize] =
        Some(Evidence { level, kind: EvidenceKind::Correction, start: 0, end: address.len() });
    Resolution {
        code: &settled.code,
        level,
        confidence: 100,
        correction: Some(&settled.correction),
        spans,
    }
}
