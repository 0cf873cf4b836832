//! The text of the data files: embedded, or from a folder.

use std::borrow::Cow;
use std::path::Path;

use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::error::TableError;

/// One data file.
pub(crate) struct Text {
    pub(crate) file: String,
    body: Cow<'static, str>,
}

/// The four data files.
pub(crate) struct Texts {
    pub(crate) regions: Text,
    pub(crate) history: Text,
    pub(crate) towns: Text,
    pub(crate) aliases: Text,
}

/// A row of `regions.csv`; the label point is not needed here.
#[derive(Deserialize)]
pub(crate) struct RegionRow {
    pub(crate) code: String,
    pub(crate) name: String,
    pub(crate) level: String,
    pub(crate) parent_code: String,
}

/// A row of `regions_history.csv`; province and city follow from the code.
#[derive(Deserialize)]
pub(crate) struct HistoryRow {
    pub(crate) code: String,
    pub(crate) name: String,
    pub(crate) level: String,
    pub(crate) status: String,
    pub(crate) start_year: Option<i32>,
    pub(crate) end_year: Option<i32>,
    pub(crate) successor_codes: String,
}

/// A row of `towns.csv`.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct TownRow {
    pub(crate) name: String,
    pub(crate) county_code: String,
}

/// A row of `aliases.csv`: a name that is not in the official list.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct AliasRow {
    pub(crate) name: String,
    pub(crate) code: String,
    /// `alone` when the name suffices, `parent` when city or province must be named too.
    pub(crate) needs: String,
}

impl Texts {
    pub(crate) fn embedded() -> Self {
        Self {
            regions: embedded("regions.csv", include_str!("../../data/regions.csv")),
            history: embedded(
                "regions_history.csv",
                include_str!("../../data/regions_history.csv"),
            ),
            towns: embedded("towns.csv", include_str!("../../data/towns.csv")),
            aliases: embedded("aliases.csv", include_str!("../../data/aliases.csv")),
        }
    }

    pub(crate) fn read(folder: &Path) -> Result<Self, TableError> {
        let kept = Self::embedded();
        Ok(Self {
            regions: read(folder, "regions.csv")?,
            history: read_or(folder, kept.history)?,
            towns: read_or(folder, kept.towns)?,
            aliases: read_or(folder, kept.aliases)?,
        })
    }
}

fn embedded(file: &str, body: &'static str) -> Text {
    Text { file: file.to_owned(), body: Cow::Borrowed(body) }
}

fn read(folder: &Path, file: &str) -> Result<Text, TableError> {
    let path = folder.join(file);
    match std::fs::read_to_string(&path) {
        Ok(body) => Ok(Text { file: file.to_owned(), body: Cow::Owned(body) }),
        Err(source) => Err(TableError::Read { path, source }),
    }
}

fn read_or(folder: &Path, kept: Text) -> Result<Text, TableError> {
    if folder.join(&kept.file).exists() { read(folder, &kept.file) } else { Ok(kept) }
}

impl Text {
    /// Reads every row with its line.
    pub(crate) fn rows<T: DeserializeOwned>(&self) -> Result<Vec<(u64, T)>, TableError> {
        let body = self.body.strip_prefix('\u{feff}').unwrap_or(&self.body);
        let mut reader =
            csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(body.as_bytes());
        let failed = |source: csv::Error| {
            let line = source.position().map_or(0, csv::Position::line);
            TableError::Csv { file: self.file.clone(), line, source }
        };
        let headers = reader.headers().map_err(failed)?.clone();
        let mut rows = Vec::new();
        for record in reader.records() {
            let record = record.map_err(failed)?;
            let line = record.position().map_or(0, csv::Position::line);
            rows.push((line, record.deserialize(Some(&headers)).map_err(failed)?));
        }
        Ok(rows)
    }

    pub(crate) fn problem(&self, line: u64, problem: String) -> TableError {
        TableError::Value { file: self.file.clone(), line, problem }
    }
}
