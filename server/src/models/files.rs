//! The SQL files: built into the binary, or a folder beside the configuration.

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
    /// Reads `folder`, or what is built in.
    pub(crate) fn load(folder: Option<&Path>) -> Result<Self> {
        let mut files = Vec::new();
        match folder {
            Some(folder) => read_folder(folder, "", 0, &mut files)?,
            None => read_built_in(&BUILT_IN, &mut files),
        }
        if files.is_empty() {
            bail!("no .sql file in {}", folder.unwrap_or(Path::new("the binary")).display());
        }
        files.sort_by(|a, b| a.path.cmp(&b.path));
        Ok(Self(files))
    }

    /// Every file.
    pub(crate) fn all(&self) -> &[SqlFile] {
        &self.0
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
