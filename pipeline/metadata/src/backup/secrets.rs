//! The files a configuration refers to as secrets.

use std::collections::BTreeSet;
use std::path::{Component, Path, PathBuf};

use super::BackupError;

/// The files that TOML files of `folder` refer to as `file:PATH`, by path within the folder; those elsewhere are not
/// in the folder and so in no archive.
pub(super) fn referred(folder: &Path, files: &[PathBuf]) -> Result<BTreeSet<PathBuf>, BackupError> {
    let mut found = BTreeSet::new();
    for file in files.iter().filter(|file| file.extension().is_some_and(|ext| ext == "toml")) {
        let path = folder.join(file);
        let bytes = std::fs::read(&path).map_err(BackupError::file("reading", &path))?;
        let text = String::from_utf8_lossy(&bytes);
        match text.parse::<toml::Table>() {
            Ok(table) => collect(&toml::Value::Table(table), folder, &mut found),
            // A file with a mistake in it is backed up too, and its secrets are not.
            Err(_) => scan(&text, folder, &mut found),
        }
    }
    Ok(found)
}

fn collect(value: &toml::Value, folder: &Path, found: &mut BTreeSet<PathBuf>) {
    match value {
        toml::Value::String(text) => note(text, folder, found),
        toml::Value::Array(values) => values.iter().for_each(|value| collect(value, folder, found)),
        toml::Value::Table(table) => table.values().for_each(|value| collect(value, folder, found)),
        _ => {}
    }
}

fn scan(text: &str, folder: &Path, found: &mut BTreeSet<PathBuf>) {
    for (at, _) in text.match_indices("file:") {
        let rest = text.get(at..).unwrap_or_default();
        note(rest.split(['"', '\'', '\n', '\r']).next().unwrap_or_default(), folder, found);
    }
}

fn note(reference: &str, folder: &Path, found: &mut BTreeSet<PathBuf>) {
    let Some(written) = reference.strip_prefix("file:") else { return };
    let path = plain(&folder.join(written.trim()));
    if let Ok(within) = path.strip_prefix(plain(folder)) {
        found.insert(within.to_owned());
    }
}

/// The path without `.` and `..`, as far as that can be told without looking at the disk.
fn plain(path: &Path) -> PathBuf {
    let mut plain = PathBuf::new();
    for component in path.components() {
        match component {
            Component::CurDir => {}
            Component::ParentDir if plain.file_name().is_some() => {
                plain.pop();
            }
            component => plain.push(component),
        }
    }
    plain
}
