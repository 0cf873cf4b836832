//! Which file holds which table.

use std::fs;
use std::path::{Path, PathBuf};

use yuanliu_contract::{ConnectorError, ErrorKind, Result};

use crate::catalog::{self, Table};
use crate::error::{io, unusable};

/// A folder with more entries than this is not a folder of canonical tables.
const ENTRIES_MAX: usize = 100_000;

/// The form of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Format {
    Csv,
    Xlsx,
}

/// A file that may hold a table.
#[derive(Debug, Clone)]
pub(crate) struct TableFile {
    /// The file's name, for positions and messages.
    pub(crate) name: String,
    pub(crate) path: PathBuf,
    pub(crate) format: Format,
}

/// Every CSV and XLSX file of the folder with its name in lower case and without extension.
pub(crate) fn list(folder: &Path) -> Result<Vec<(String, TableFile)>> {
    let failed = |source| match source {
        e if std::io::Error::kind(&e) == std::io::ErrorKind::NotFound => {
            ConnectorError::new(ErrorKind::NotFound, format!("opening folder {}", folder.display()))
                .with_detail("it does not exist")
                .with_hint("create it, mount the share, or correct `folder` in the configuration")
        }
        e => io(format!("listing folder {}", folder.display()), folder, e),
    };
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).map_err(failed)?.take(ENTRIES_MAX) {
        let entry = entry.map_err(failed)?;
        let Ok(name) = entry.file_name().into_string() else { continue };
        // Excel keeps a hidden owner file `~$name.xlsx` beside a workbook that is open.
        let hidden = name.starts_with('.') || name.starts_with("~$");
        let Some((stem, extension)) = name.rsplit_once('.') else { continue };
        let format = match extension.to_ascii_lowercase().as_str() {
            "csv" => Format::Csv,
            "xlsx" => Format::Xlsx,
            _ => continue,
        };
        if !hidden && entry.path().is_file() {
            files.push((
                stem.trim().to_lowercase(),
                TableFile { path: entry.path(), format, name: name.clone() },
            ));
        }
    }
    files.sort_by(|a, b| a.1.name.cmp(&b.1.name));
    Ok(files)
}

/// The file that holds `table`, if there is one; two are an error.
///
/// If both were read, which one wins would depend on which one was changed last.
pub(crate) fn find(folder: &Path, table: &Table) -> Result<Option<TableFile>> {
    let files = list(folder)?.into_iter().filter(|(stem, _)| *stem == table.name);
    let mut files: Vec<_> = files.map(|(_, file)| file).collect();
    if files.len() > 1 {
        let names: Vec<_> = files.iter().map(|file| file.name.as_str()).collect();
        let names = names.join(" and ");
        return Err(unusable(
            &names,
            format!("both hold the table {}", table.name),
            format!("keep one of {names} and move the other out of the folder"),
        ));
    }
    Ok(files.pop())
}

/// What to say about a file that no table is named after.
pub(crate) fn unknown_table_hint() -> String {
    format!("rename it to one of {}, or move it out of the folder", catalog::names())
}
