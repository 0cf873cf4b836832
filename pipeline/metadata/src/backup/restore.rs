//! Putting an archive back.

use std::path::{Path, PathBuf};

use super::folders::{Scratch, Swapped, is_empty, swap};
use super::unpack::Checked;
use super::{BackupError, Manifest};
use crate::error::Cause;
use crate::store::Metadata;

/// Where a folder of an archive goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RestoreFolder {
    /// Its name in the archive.
    pub name: String,
    /// Where it goes.
    pub path: PathBuf,
}

/// What a restore did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Restored {
    /// What the archive says of itself; `left_out` is for a person to bring along.
    pub manifest: Manifest,
    /// Folders of the archive that were not asked for.
    pub not_restored: Vec<String>,
}

/// An archive, read and unpacked beside where it goes.
struct Unpacked {
    manifest: Manifest,
    tables: Scratch,
    folders: Vec<(String, Scratch, PathBuf)>,
}

impl Metadata {
    /// Puts an archive back, whichever database it was written from: all of it, or nothing.
    ///
    /// Unless `replace`, store and folders must be empty. Secret files that were left out of the archive are kept from
    /// the folder that is replaced. Nobody else may use the store meanwhile.
    pub async fn restore(
        &self,
        archive: &Path,
        folders: &[RestoreFolder],
        replace: bool,
    ) -> Result<Restored, BackupError> {
        if !replace {
            for RestoreFolder { path, .. } in folders {
                if !is_empty(path)? {
                    return Err(BackupError::NotEmpty(format!("the folder {}", path.display())));
                }
            }
        }
        let (path, wanted) = (archive.to_owned(), folders.to_owned());
        let unpacking = tokio::task::spawn_blocking(move || unpack(&path, &wanted));
        let unpacked = unpacking.await.map_err(|error| BackupError::Ended(error.to_string()))??;
        self.put_back(unpacked, replace).await
    }

    async fn put_back(&self, unpacked: Unpacked, replace: bool) -> Result<Restored, BackupError> {
        let Unpacked { manifest, tables, folders } = unpacked;
        let failed = |cause: Cause| BackupError::Store(self.failed("restoring the store", cause));
        let mut work = self.within("restoring the store", self.begin_work()).await?;
        if replace {
            self.clear(&mut work).await.map_err(failed)?;
        } else if !self.is_empty(&mut work).await.map_err(failed)? {
            return Err(BackupError::NotEmpty(format!("the metadata store {}", self.place())));
        }
        self.load_tables(&mut work, &manifest.tables, tables.path()).await?;
        // Each goes back where it was should anything below fail.
        let mut swapped = Vec::with_capacity(folders.len());
        for (name, new, target) in &folders {
            let one = swap(new.path(), target)?;
            keep_secrets(&manifest, name, &one, target)?;
            swapped.push(one);
        }
        work.commit().await.map_err(failed)?;
        swapped.into_iter().try_for_each(Swapped::settle)?;
        let is_missing = |name: &&String| !folders.iter().any(|(asked, _, _)| asked == *name);
        let not_restored = manifest.folders.iter().filter(is_missing).cloned().collect();
        Ok(Restored { manifest, not_restored })
    }
}

/// Reads an archive to its end, then unpacks it beside where it goes.
fn unpack(archive: &Path, wanted: &[RestoreFolder]) -> Result<Unpacked, BackupError> {
    let mut checked = Checked::open(archive)?;
    let tables = Scratch::beside(archive, "restoring")?;
    checked.unpack_tables(tables.path())?;
    let mut folders = Vec::with_capacity(wanted.len());
    for RestoreFolder { name, path } in wanted {
        if !checked.manifest.folders.contains(name) {
            return Err(checked.damaged(&format!("it holds no folder {name}")));
        }
        let new = Scratch::beside(path, "restoring")?;
        checked.unpack_folder(name, new.path())?;
        folders.push((name.clone(), new, path.clone()));
    }
    Ok(Unpacked { manifest: checked.manifest, tables, folders })
}

/// Copies the secret files that the archive lacks from the folder that was replaced.
fn keep_secrets(
    manifest: &Manifest,
    name: &str,
    swapped: &Swapped,
    target: &Path,
) -> Result<(), BackupError> {
    let Some(old) = swapped.old() else { return Ok(()) };
    for left in manifest.left_out.iter().filter(|left| left.folder == name && left.why == "secret")
    {
        let (from, to) = (old.join(&left.path), target.join(&left.path));
        let folder = to.parent().unwrap_or(target);
        std::fs::create_dir_all(folder).map_err(BackupError::file("making the folder", folder))?;
        match std::fs::copy(&from, &to) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                return Err(BackupError::file("keeping the secret file", from)(error));
            }
            _ => {}
        }
    }
    Ok(())
}
