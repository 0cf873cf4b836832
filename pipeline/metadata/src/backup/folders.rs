//! Folders: what is in them, and putting a new one in the place of an old one.

use std::fs;
use std::path::{Path, PathBuf};

use super::BackupError;

/// A folder for work in progress, gone when dropped.
pub(super) struct Scratch(PathBuf);

impl Scratch {
    /// Makes an empty folder beside `target`, on the same disk; one that a crash left there is removed first.
    pub(super) fn beside(target: &Path, suffix: &str) -> Result<Self, BackupError> {
        let path = beside(target, suffix);
        remove(&path)?;
        let made = || {
            path.parent().map_or(Ok(()), fs::create_dir_all)?;
            private().create(&path)
        };
        made().map_err(BackupError::file("making the folder", &path))?;
        Ok(Self(path))
    }

    pub(super) fn path(&self) -> &Path {
        &self.0
    }
}

/// Makes a folder that nobody else can look into: there are hashes of passwords in it.
fn private() -> fs::DirBuilder {
    let mut builder = fs::DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder
}

/// Makes a file that nobody else can read, for the same reason.
pub(super) fn private_file(path: &Path) -> std::io::Result<fs::File> {
    let mut options = fs::File::options();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // It may have been put in its place meanwhile.
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// The path beside `target` with a further suffix.
pub(super) fn beside(target: &Path, suffix: &str) -> PathBuf {
    let mut name = target.file_name().unwrap_or_default().to_owned();
    name.push(".");
    name.push(suffix);
    target.with_file_name(name)
}

/// Removes a folder with all that is in it, if it is there.
pub(super) fn remove(path: &Path) -> Result<(), BackupError> {
    match fs::remove_dir_all(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(BackupError::file("removing", path)(error))
        }
        _ => Ok(()),
    }
}

/// Whether there is nothing at `path`, or an empty folder.
pub(super) fn is_empty(path: &Path) -> Result<bool, BackupError> {
    match fs::read_dir(path) {
        Ok(mut entries) => Ok(entries.next().is_none()),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(true),
        Err(error) => Err(BackupError::file("reading the folder", path)(error)),
    }
}

/// What is in a folder, by path within it.
#[derive(Debug, Default)]
pub(super) struct Content {
    pub(super) files: Vec<PathBuf>,
    /// Links and devices.
    pub(super) others: Vec<PathBuf>,
}

/// Everything in a folder, in order.
pub(super) fn content(folder: &Path) -> Result<Content, BackupError> {
    let mut content = Content::default();
    let mut open = vec![PathBuf::new()];
    while let Some(within) = open.pop() {
        let path = folder.join(&within);
        let read = || -> std::io::Result<Vec<(PathBuf, fs::FileType)>> {
            let entry =
                |entry: fs::DirEntry| Ok((within.join(entry.file_name()), entry.file_type()?));
            fs::read_dir(&path)?.map(|found| found.and_then(entry)).collect()
        };
        for (path, kind) in read().map_err(BackupError::file("reading the folder", &path))? {
            match kind {
                kind if kind.is_dir() => open.push(path),
                kind if kind.is_file() => content.files.push(path),
                _ => content.others.push(path),
            }
        }
    }
    content.files.sort();
    content.others.sort();
    Ok(content)
}

/// A folder that was put in the place of another one, until that is settled.
pub(super) struct Swapped {
    target: PathBuf,
    old: Option<PathBuf>,
    is_settled: bool,
}

/// Puts `new` in the place of `target`; unless that is settled, dropping it takes that back.
pub(super) fn swap(new: &Path, target: &Path) -> Result<Swapped, BackupError> {
    let old = beside(target, "replaced");
    remove(&old)?;
    // Who could look into the old folder can look into the new one.
    if let Ok(there) = fs::metadata(target) {
        let set = fs::set_permissions(new, there.permissions());
        set.map_err(BackupError::file("putting in its place", target))?;
    }
    let old = match fs::rename(target, &old) {
        Ok(()) => Some(old),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => None,
        Err(error) => return Err(BackupError::file("putting aside", target)(error)),
    };
    let swapped = Swapped { target: target.to_owned(), old, is_settled: false };
    match fs::rename(new, target) {
        Ok(()) => Ok(swapped),
        Err(error) => Err(BackupError::file("putting in its place", target)(error)),
    }
}

impl Swapped {
    /// Where the old folder is now, if there was one.
    pub(super) fn old(&self) -> Option<&Path> {
        self.old.as_deref()
    }

    /// It stays as it is; the old folder goes.
    pub(super) fn settle(mut self) -> Result<(), BackupError> {
        self.is_settled = true;
        self.old.as_deref().map_or(Ok(()), remove)
    }
}

impl Drop for Swapped {
    fn drop(&mut self) {
        if self.is_settled {
            return;
        }
        // The error that brought us here is the one to tell.
        let _ = fs::remove_dir_all(&self.target);
        if let Some(old) = &self.old {
            let _ = fs::rename(old, &self.target);
        }
    }
}
