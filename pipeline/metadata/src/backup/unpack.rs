//! Reading an archive. Every part is checked against its hash before anything of it is used.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufReader, Read, Write};
use std::path::{Component, Path, PathBuf};

use sha2::{Digest, Sha256};
use zip::ZipArchive;

use super::BackupError;
use super::folders::{Scratch, is_empty, swap};
use super::manifest::{self, Manifest, Part};
use crate::store::schema_version;

/// A manifest larger than this is none.
const MANIFEST_BYTES_MAX: u64 = 256 * 1024 * 1024;

/// An archive that was read to its end and is as it was written.
pub(super) struct Checked {
    path: PathBuf,
    zip: ZipArchive<BufReader<File>>,
    pub(super) manifest: Manifest,
}

/// Reads an archive to its end and answers what it holds; an error if it is not as it was written.
pub fn inspect(archive: &Path) -> Result<Manifest, BackupError> {
    Checked::open(archive).map(|checked| checked.manifest)
}

/// Unpacks one folder of an archive that is whole into `target`, which must hold nothing: for a
/// configuration that says where everything else goes.
pub fn unpack_configuration(archive: &Path, name: &str, target: &Path) -> Result<(), BackupError> {
    if !is_empty(target)? {
        return Err(BackupError::NotEmpty(format!("the folder {}", target.display())));
    }
    let mut checked = Checked::open(archive)?;
    if !checked.manifest.folders.iter().any(|folder| folder == name) {
        return Err(checked.damaged(&format!("it holds no folder {name}")));
    }
    let new = Scratch::beside(target, "restoring")?;
    checked.unpack_folder(name, new.path())?;
    swap(new.path(), target)?.settle()
}

impl Checked {
    pub(super) fn open(path: &Path) -> Result<Self, BackupError> {
        let damaged = |reason: String| BackupError::Damaged { archive: path.to_owned(), reason };
        let file = File::open(path).map_err(BackupError::file("opening the archive", path))?;
        let mut zip = ZipArchive::new(BufReader::new(file))
            .map_err(|error| damaged(format!("it is no ZIP file ({error})")))?;
        let manifest = read_manifest(&mut zip).map_err(damaged)?;
        if manifest.format != manifest::FORMAT {
            return Err(damaged(format!("it says that it is {:?}", manifest.format)));
        }
        for (found, known) in [
            (manifest.format_version, manifest::FORMAT_VERSION),
            (manifest.schema_version, schema_version()),
        ] {
            if found > known {
                return Err(BackupError::Newer { found, known });
            }
        }
        let mut checked = Self { path: path.to_owned(), zip, manifest };
        checked.check_parts()?;
        Ok(checked)
    }

    fn check_parts(&mut self) -> Result<(), BackupError> {
        let parts = self.manifest.parts.clone();
        let named: BTreeMap<&str, &Part> =
            parts.iter().map(|part| (part.path.as_str(), part)).collect();
        if named.len() != parts.len() || self.zip.len() != parts.len() + 1 {
            return Err(self.damaged("it holds other parts than it says"));
        }
        for part in named.values() {
            if !is_plain(Path::new(&part.path)) {
                return Err(self.damaged(&format!("{:?} is no path within it", part.path)));
            }
            self.read(part, &mut std::io::sink())?;
        }
        for table in &self.manifest.tables {
            if !named.contains_key(manifest::table_path(&table.name).as_str()) {
                return Err(self.damaged(&format!("it lacks the rows of {}", table.name)));
            }
        }
        Ok(())
    }

    /// Copies a part; an error if it is not as it was written.
    fn read(&mut self, part: &Part, to: &mut dyn Write) -> Result<(), BackupError> {
        let (path, name) = (self.path.clone(), &part.path);
        let damaged = |reason: String| BackupError::Damaged { archive: path.clone(), reason };
        let entry = self.zip.by_name(name);
        let entry = entry.map_err(|error| damaged(format!("{name} cannot be read ({error})")))?;
        // Not one byte more than it says: what unpacks without end is no part.
        let mut entry = entry.take(part.bytes + 1);
        let (mut bytes, mut hash, mut buffer) = (0, Sha256::new(), vec![0; 1 << 16]);
        loop {
            let read = entry.read(&mut buffer);
            let read = read.map_err(|error| damaged(format!("{name} cannot be read ({error})")))?;
            let Some(piece) = buffer.get(..read).filter(|piece| !piece.is_empty()) else { break };
            hash.update(piece);
            bytes += read as u64;
            to.write_all(piece).map_err(BackupError::file("unpacking", name))?;
        }
        if bytes != part.bytes || hex::encode(hash.finalize()) != part.sha256 {
            return Err(damaged(format!("{name} is not as it was written")));
        }
        Ok(())
    }

    /// Unpacks the rows of the tables into `folder`, each in a file of its table's name.
    pub(super) fn unpack_tables(&mut self, folder: &Path) -> Result<(), BackupError> {
        for table in self.manifest.tables.clone() {
            let name = manifest::table_path(&table.name);
            let part = self.manifest.parts.iter().find(|part| part.path == name).cloned();
            let part = part.ok_or_else(|| self.damaged("a part is gone"))?;
            self.unpack(&part, &folder.join(&table.name))?;
        }
        Ok(())
    }

    /// Unpacks the files of a folder into `target`.
    pub(super) fn unpack_folder(&mut self, name: &str, target: &Path) -> Result<(), BackupError> {
        let prefix = manifest::folder_path(name);
        for part in self.manifest.parts.clone() {
            if let Some(within) = part.path.strip_prefix(&prefix) {
                self.unpack(&part, &target.join(within))?;
            }
        }
        Ok(())
    }

    fn unpack(&mut self, part: &Part, path: &Path) -> Result<(), BackupError> {
        let folder = path.parent().unwrap_or(Path::new("/"));
        std::fs::create_dir_all(folder).map_err(BackupError::file("making the folder", folder))?;
        let mut file = File::create(path).map_err(BackupError::file("making", path))?;
        self.read(part, &mut file)?;
        file.sync_all().map_err(BackupError::file("writing", path))
    }

    pub(super) fn damaged(&self, reason: &str) -> BackupError {
        BackupError::Damaged { archive: self.path.clone(), reason: reason.to_owned() }
    }
}

fn read_manifest(zip: &mut ZipArchive<BufReader<File>>) -> Result<Manifest, String> {
    let entry = zip.by_name(manifest::NAME).map_err(|_| "it has no manifest".to_owned())?;
    let reader = entry.take(MANIFEST_BYTES_MAX);
    serde_json::from_reader(reader)
        .map_err(|error| format!("its manifest cannot be read ({error})"))
}

/// Whether a path leads nowhere but down.
fn is_plain(path: &Path) -> bool {
    path.components().all(|part| matches!(part, Component::Normal(_)))
}
