//! The labelled addresses, and the two halves they are split into.

use std::error::Error;
use std::path::{Path, PathBuf};

use serde::Deserialize;

/// One address with the codes that are right for it.
#[derive(Debug, Clone)]
pub(crate) struct Labelled {
    pub(crate) group: &'static str,
    pub(crate) address: String,
    pub(crate) codes: Vec<String>,
    /// True when the text itself shows the county.
    pub(crate) shows_county: bool,
    /// True when the county is shown by a name of an earlier time.
    pub(crate) former: bool,
    /// What decides the half: the address, or the county it was made for.
    pub(crate) key: String,
}

impl Labelled {
    /// True for the half on which the resolver is not developed.
    pub(crate) fn is_held_out(&self) -> bool {
        (hash(&self.key) >> 32) % 2 == 1
    }
}

/// FNV-1a, so that the halves are the same on every machine.
pub(crate) fn hash(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

#[derive(Deserialize)]
struct Row {
    address: String,
    adcode: String,
    evidence: String,
}

/// Reads `address,adcode,evidence`, several right codes separated by `;`.
pub(crate) fn read(
    path: &Path,
    group: &'static str,
) -> Result<Vec<Labelled>, Box<dyn Error + Send + Sync>> {
    let mut rows = Vec::new();
    for row in csv::Reader::from_path(path)?.deserialize() {
        let Row { address, adcode, evidence } = row?;
        rows.push(Labelled {
            group,
            key: address.clone(),
            address,
            codes: adcode.split(';').map(str::to_owned).collect(),
            shows_county: evidence.starts_with("county"),
            former: evidence == "county_former",
        });
    }
    Ok(rows)
}

/// A file of the crate.
pub(crate) fn own_file(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(name)
}
