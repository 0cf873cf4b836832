//! The files in which the warehouse and the address resolver read what people decided.

use std::io;
use std::path::{Path, PathBuf};

use serde::Serialize;

use crate::error::{Cause, MetadataError};
use crate::store::Metadata;

/// What an export wrote.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exported {
    /// The file.
    pub path: PathBuf,
    /// How many rows it holds.
    pub rows: usize,
    /// Whether it differs from what was there.
    pub is_changed: bool,
}

#[derive(Serialize)]
struct CaseLine<'a> {
    dealer_code: &'a str,
    product_code: &'a str,
    destination_region: &'a str,
    month: &'a str,
    decided_at: &'a str,
    decision: &'a str,
    decided_by: &'a str,
    case_hash: Option<&'a str>,
    note: Option<&'a str>,
}

#[derive(Serialize)]
struct ClaimLine<'a> {
    event_id: &'a str,
    code: &'a str,
    decided_at: &'a str,
    decision: &'a str,
    decided_by: &'a str,
    note: Option<&'a str>,
}

#[derive(Serialize)]
struct CorrectionLine<'a> {
    kind: &'a str,
    text: &'a str,
    region_code: &'a str,
    corrected_by: &'a str,
    corrected_at: &'a str,
    note: Option<&'a str>,
}

const CASE_HEADER: &[&str] = &[
    "dealer_code",
    "product_code",
    "destination_region",
    "month",
    "decided_at",
    "decision",
    "decided_by",
    "case_hash",
    "note",
];
const CLAIM_HEADER: &[&str] = &["event_id", "code", "decided_at", "decision", "decided_by", "note"];
const CORRECTION_HEADER: &[&str] =
    &["kind", "text", "region_code", "corrected_by", "corrected_at", "note"];

impl Metadata {
    /// Writes `case_decision.csv` and `claim_decision.csv` for a system of kind `files` that reads `folder`.
    ///
    /// A file that would be the same is left as it is, so that nothing is read again for it.
    pub async fn export_decisions(&self, folder: &Path) -> Result<Vec<Exported>, MetadataError> {
        let cases = self.all_case_decisions().await?;
        let cases = cases.iter().map(|row| CaseLine {
            dealer_code: &row.dealer_code,
            product_code: &row.product_code,
            destination_region: &row.destination_region,
            month: &row.month,
            decided_at: &row.decided_at,
            decision: &row.decision,
            decided_by: &row.decided_by,
            case_hash: row.case_hash.as_deref(),
            note: row.note.as_deref(),
        });
        let claims = self.all_claim_decisions().await?;
        let claims = claims.iter().map(|row| ClaimLine {
            event_id: &row.event_id,
            code: &row.code,
            decided_at: &row.decided_at,
            decision: &row.decision,
            decided_by: &row.decided_by,
            note: row.note.as_deref(),
        });
        let (case_path, claim_path) =
            (folder.join("case_decision.csv"), folder.join("claim_decision.csv"));
        Ok(vec![
            self.export(case_path, CASE_HEADER, cases)?,
            self.export(claim_path, CLAIM_HEADER, claims)?,
        ])
    }

    /// Writes the file that `[regions] corrections` of the configuration names.
    pub async fn export_address_corrections(&self, path: &Path) -> Result<Exported, MetadataError> {
        let corrections = self.all_address_corrections().await?;
        let lines = corrections.iter().map(|row| CorrectionLine {
            kind: &row.kind,
            text: &row.text,
            region_code: &row.region_code,
            corrected_by: &row.corrected_by,
            corrected_at: &row.corrected_at,
            note: row.note.as_deref(),
        });
        self.export(path.to_owned(), CORRECTION_HEADER, lines)
    }

    fn export<L: Serialize>(
        &self,
        path: PathBuf,
        header: &[&str],
        lines: impl ExactSizeIterator<Item = L>,
    ) -> Result<Exported, MetadataError> {
        let rows = lines.len();
        match write(&path, header, lines) {
            Ok(is_changed) => Ok(Exported { path, rows, is_changed }),
            Err(error) => {
                Err(self.failed("exporting recorded decisions", Cause::File(path, error)))
            }
        }
    }
}

/// Writes a file as a whole beside the old one and puts it in its place.
fn write<L: Serialize>(
    path: &Path,
    header: &[&str],
    lines: impl Iterator<Item = L>,
) -> io::Result<bool> {
    let mut writer = csv::WriterBuilder::new().has_headers(false).from_writer(Vec::new());
    writer.write_record(header).map_err(io::Error::other)?;
    for line in lines {
        writer.serialize(line).map_err(io::Error::other)?;
    }
    let content = writer.into_inner().map_err(|error| io::Error::other(error.to_string()))?;
    if std::fs::read(path).is_ok_and(|there| there == content) {
        return Ok(false);
    }
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder)?;
    }
    let beside = path.with_extension("csv.new");
    let mut file = std::fs::File::create(&beside)?;
    io::Write::write_all(&mut file, &content)?;
    file.sync_all()?;
    std::fs::rename(&beside, path)?;
    Ok(true)
}
