//! The SQL files: those built into the binary, and a folder beside the configuration whose files
//! replace or join them.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use anyhow::{Context, Result, bail};
use include_dir::{Dir, include_dir};

static BUILT_IN: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/../warehouse-sql");

/// A folder deeper than this is not a folder of models.
const DEPTH_MAX: usize = 6;

/// One SQL file.
#[derive(Debug, Clone)]
pub(crate) struct SqlFile {
    /// Relative to the folder of models, with `/`.
    pub(crate) path: String,
    pub(crate) text: String,
}

/// All SQL files in order of path.
#[derive(Debug, Clone)]
pub(crate) struct SqlFiles(Vec<SqlFile>);

impl SqlFiles {
    /// Reads what is built in and lays the files of `folder` over it: one of the same path replaces
    /// the built-in one, any other is added.
    ///
    /// Staging models of a mapping that no system uses are left out: nothing could fill them.
    pub(crate) fn load(folder: Option<&Path>, mappings: &BTreeSet<&str>) -> Result<Self> {
        let mut files = Vec::new();
        read_built_in(&BUILT_IN, &mut files);
        if let Some(folder) = folder {
            let built_in = files.len();
            read_folder(folder, "", 0, &mut files)?;
            if files.len() == built_in {
                bail!("no .sql file in {}", folder.display());
            }
        }
        let by_path: BTreeMap<String, SqlFile> =
            files.into_iter().map(|file| (file.path.clone(), file)).collect();
        let is_used = |file: &SqlFile| match file.path.strip_prefix("staging/") {
            Some(rest) => {
                rest.split_once('/').is_none_or(|(mapping, _)| mappings.contains(mapping))
            }
            None => true,
        };
        Ok(Self(by_path.into_values().filter(is_used).collect()))
    }

    /// Every file.
    pub(crate) fn all(&self) -> &[SqlFile] {
        &self.0
    }

    /// The text of the file at `path`, for instance `lookup/dealer.sql`.
    pub(crate) fn text(&self, path: &str) -> Result<&str> {
        let file = self.0.iter().find(|file| file.path == path);
        Ok(&file.with_context(|| format!("the models lack {path}"))?.text)
    }

    /// The files directly in a folder, by their names without extension.
    pub(crate) fn in_folder<'a>(
        &'a self,
        folder: &'a str,
    ) -> impl Iterator<Item = (&'a str, &'a SqlFile)> + 'a {
        self.0.iter().filter_map(move |file| {
            let name = file.path.strip_prefix(folder)?.strip_prefix('/')?.strip_suffix(".sql")?;
            (!name.contains('/')).then_some((name, file))
        })
    }
}

fn read_built_in(folder: &Dir<'_>, files: &mut Vec<SqlFile>) {
    for file in folder.files() {
        let path = file.path().to_string_lossy().replace('\\', "/");
        if let (true, Some(text)) = (path.ends_with(".sql"), file.contents_utf8()) {
            files.push(SqlFile { path, text: text.to_owned() });
        }
    }
    for inner in folder.dirs() {
        read_built_in(inner, files);
    }
}

fn read_folder(folder: &Path, prefix: &str, depth: usize, files: &mut Vec<SqlFile>) -> Result<()> {
    let reading = || format!("reading the models in {}", folder.display());
    if depth > DEPTH_MAX {
        bail!("{} lies too deep for a folder of models", folder.display());
    }
    for entry in std::fs::read_dir(folder).with_context(reading)? {
        let entry = entry.with_context(reading)?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let path = if prefix.is_empty() { name } else { format!("{prefix}/{name}") };
        if entry.path().is_dir() {
            read_folder(&entry.path(), &path, depth + 1, files)?;
        } else if path.ends_with(".sql") {
            let text = std::fs::read_to_string(entry.path())
                .with_context(|| format!("reading {}", entry.path().display()))?;
            files.push(SqlFile { path, text });
        }
    }
    Ok(())
}
