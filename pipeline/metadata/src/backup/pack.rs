//! Writing an archive.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{self, BufReader, BufWriter, Read, Write};
use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};
use sha2::{Digest, Sha256};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::folders::{beside, content, private_file};
use super::manifest::{self, KeptTable, LeftOut, Manifest, Part};
use super::{BackupError, BackupFolder, secrets};
use crate::store::schema_version;

/// Refuses names that are no single plain part of a path, and names that come twice.
pub(super) fn check_names(folders: &[BackupFolder]) -> Result<(), BackupError> {
    let mut seen = BTreeSet::new();
    for BackupFolder { name, .. } in folders {
        let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
        if name.is_empty() || !name.chars().all(is_plain) || !seen.insert(name) {
            return Err(BackupError::FolderName(name.clone()));
        }
    }
    Ok(())
}

/// Packs the rows in `parts` and the folders.
pub(super) fn pack(
    parts: &Path,
    tables: Vec<KeptTable>,
    folders: &[BackupFolder],
    archive: &Path,
    at: DateTime<Utc>,
) -> Result<Manifest, BackupError> {
    let new = beside(archive, "new");
    let mut packer = Packer::create(&new)?;
    for table in &tables {
        packer.add(&manifest::table_path(&table.name), &parts.join(&table.name))?;
    }
    let mut left_out = Vec::new();
    for folder in folders {
        packer.add_folder(folder, &mut left_out)?;
    }
    let manifest = Manifest {
        format: manifest::FORMAT.to_owned(),
        format_version: manifest::FORMAT_VERSION,
        hub_version: env!("CARGO_PKG_VERSION").to_owned(),
        schema_version: schema_version(),
        created_at: at,
        tables,
        folders: folders.iter().map(|folder| folder.name.clone()).collect(),
        parts: std::mem::take(&mut packer.parts),
        left_out,
    };
    packer.finish(&manifest)?;
    std::fs::rename(&new, archive).map_err(BackupError::file("writing the archive", archive))?;
    Ok(manifest)
}

struct Packer {
    path: PathBuf,
    zip: ZipWriter<BufWriter<File>>,
    parts: Vec<Part>,
}

impl Packer {
    fn create(path: &Path) -> Result<Self, BackupError> {
        let file = private_file(path).map_err(BackupError::file("making the archive", path))?;
        let zip = ZipWriter::new(BufWriter::new(file));
        Ok(Self { path: path.to_owned(), zip, parts: Vec::new() })
    }

    fn add_folder(
        &mut self,
        folder: &BackupFolder,
        left_out: &mut Vec<LeftOut>,
    ) -> Result<(), BackupError> {
        let found = content(&folder.path)?;
        let secrets = match folder.with_secrets {
            true => BTreeSet::new(),
            false => secrets::referred(&folder.path, &found.files)?,
        };
        let mut leave = |path: &Path, why: &str| {
            let path = within(path);
            left_out.push(LeftOut { folder: folder.name.clone(), path, why: why.to_owned() });
        };
        found.others.iter().for_each(|path| leave(path, "link"));
        for file in &found.files {
            if secrets.contains(file) {
                leave(file, "secret");
            } else {
                let name = format!("{}{}", manifest::folder_path(&folder.name), within(file));
                self.add(&name, &folder.path.join(file))?;
            }
        }
        Ok(())
    }

    fn add(&mut self, name: &str, path: &Path) -> Result<(), BackupError> {
        let file = File::open(path).map_err(BackupError::file("reading", path))?;
        let mut source = BufReader::new(file);
        let (mut bytes, mut hash, mut buffer) = (0, Sha256::new(), vec![0; 1 << 16]);
        self.start(name)?;
        loop {
            let read = source.read(&mut buffer).map_err(BackupError::file("reading", path))?;
            let Some(piece) = buffer.get(..read).filter(|piece| !piece.is_empty()) else { break };
            hash.update(piece);
            bytes += read as u64;
            let written = self.zip.write_all(piece);
            written.map_err(BackupError::file("writing the archive", &self.path))?;
        }
        let sha256 = hex::encode(hash.finalize());
        self.parts.push(Part { path: name.to_owned(), bytes, sha256 });
        Ok(())
    }

    fn start(&mut self, name: &str) -> Result<(), BackupError> {
        // A part's size is not known before it is read; the log of a year may be larger than 4 GiB.
        let options = SimpleFileOptions::default().large_file(true).unix_permissions(0o600);
        let started = self.zip.start_file(name, options).map_err(io::Error::other);
        started.map_err(BackupError::file("writing the archive", &self.path))
    }

    fn finish(mut self, manifest: &Manifest) -> Result<(), BackupError> {
        self.start(manifest::NAME)?;
        let path = self.path;
        let failed = || BackupError::file("writing the archive", &path);
        serde_json::to_writer_pretty(&mut self.zip, manifest)
            .map_err(|error| failed()(error.into()))?;
        let file = self.zip.finish().map_err(|error| failed()(io::Error::other(error)))?;
        let file = file.into_inner().map_err(|error| failed()(error.into_error()))?;
        file.sync_all().map_err(failed())
    }
}

/// A path within a folder, as archives write it.
fn within(path: &Path) -> String {
    let parts: Vec<_> = path.iter().map(|part| part.to_string_lossy()).collect();
    parts.join("/")
}
