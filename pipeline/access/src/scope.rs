//! Which rows somebody sees.

use serde::{Deserialize, Serialize};

/// The regions somebody sees.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RegionScope {
    /// All China, and what is in no known region.
    All,
    /// These regions and what they contain; never empty. What is in no known region is not shown.
    Only(Vec<String>),
}

impl RegionScope {
    /// What the codes of every region shown begin with: two digits of a province, four of a city, six of a county
    /// (GB/T 2260). `None`: all are shown, and rows without a code.
    #[must_use]
    pub fn prefixes(&self) -> Option<Vec<&str>> {
        match self {
            Self::All => None,
            Self::Only(codes) => Some(codes.iter().map(|code| prefix(code)).collect()),
        }
    }

    /// Whether a row of this region is shown; empty: the region is not known.
    #[must_use]
    pub fn shows(&self, region_code: &str) -> bool {
        let is_inside = |prefix: &&str| region_code.starts_with(prefix);
        self.prefixes().is_none_or(|prefixes| prefixes.iter().any(is_inside))
    }
}

/// A code of zeros means nothing and must not become what every code begins with.
fn prefix(code: &str) -> &str {
    match code.trim_end_matches("00") {
        "" => code,
        digits => digits,
    }
}

/// The dealers somebody sees.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DealerScope {
    /// All dealers, and what belongs to none.
    All,
    /// This dealer and those below it; what belongs to no dealer is not shown.
    Subtree(String),
}

/// The rows somebody sees: those that both parts show.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RowScope {
    /// By region.
    pub regions: RegionScope,
    /// By dealer.
    pub dealers: DealerScope,
}

impl RowScope {
    /// Every row.
    #[must_use]
    pub fn everything() -> Self {
        Self { regions: RegionScope::All, dealers: DealerScope::All }
    }

    /// Whether no row is hidden.
    #[must_use]
    pub fn is_everything(&self) -> bool {
        *self == Self::everything()
    }
}
