//! The file that says which format an index has and whether its build ended.

use std::fs::{self, File};
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

use crate::error::IndexError;

/// Goes up with every change of a key or a value, and of what the store keeps of its layout.
const FORMAT: &str = "yuanliu trace index 4\n";
/// This version opens them as they are, and those versions would miss what it writes: the second has
/// all codes in one space, which is taken for the base, and both keep what no answer reads.
const FORMATS_BEFORE: [&str; 2] = ["yuanliu trace index 2\n", "yuanliu trace index 3\n"];
const MARKER_FILE: &str = "FORMAT";
/// In its place while a bulk build runs.
const BUILDING_FILE: &str = "BUILDING";
/// The store itself.
pub(crate) const STORE_FOLDER: &str = "store";

/// The marker of one index folder.
#[derive(Debug, Clone)]
pub(crate) struct Marker {
    folder: PathBuf,
}

impl Marker {
    /// Checks a folder, or makes a new one an index: the marker is there before the store, so a
    /// store without one is an unfinished build.
    pub(crate) fn check_or_create(folder: &Path) -> Result<Self, IndexError> {
        let marker = Self { folder: folder.to_owned() };
        match fs::read_to_string(marker.path()) {
            Ok(found) if found == FORMAT => Ok(marker),
            Ok(found) if FORMATS_BEFORE.contains(&found.as_str()) => {
                marker.write(MARKER_FILE)?;
                Ok(marker)
            }
            Ok(found) => Err(IndexError::Format {
                folder: folder.to_owned(),
                found: quoted(&found),
                expected: quoted(FORMAT),
            }),
            Err(error) if error.kind() == ErrorKind::NotFound => {
                if folder.join(STORE_FOLDER).exists() || folder.join(BUILDING_FILE).exists() {
                    return Err(IndexError::Unfinished { folder: folder.to_owned() });
                }
                create_folder(folder)?;
                marker.write(MARKER_FILE)?;
                Ok(marker)
            }
            Err(error) if error.kind() == ErrorKind::InvalidData => Err(IndexError::Format {
                folder: folder.to_owned(),
                found: "that is no text".to_owned(),
                expected: quoted(FORMAT),
            }),
            Err(source) => Err(IndexError::file("read", marker.path())(source)),
        }
    }

    /// Makes an empty folder an index that is being built.
    pub(crate) fn create_building(folder: &Path) -> Result<Self, IndexError> {
        create_folder(folder)?;
        let mut files = fs::read_dir(folder).map_err(IndexError::file("read", folder))?;
        if files.next().is_some() {
            return Err(IndexError::Occupied { folder: folder.to_owned() });
        }
        let marker = Self { folder: folder.to_owned() };
        marker.write(BUILDING_FILE)?;
        Ok(marker)
    }

    /// Says that the build ended.
    pub(crate) fn finish(&self) -> Result<(), IndexError> {
        let building = self.folder.join(BUILDING_FILE);
        fs::rename(&building, self.path()).map_err(IndexError::file("rename", &building))?;
        sync_folder(&self.folder)
    }

    /// Whether the index is still where it was opened.
    pub(crate) fn is_there(&self) -> bool {
        self.path().exists()
    }

    fn path(&self) -> PathBuf {
        self.folder.join(MARKER_FILE)
    }

    /// Through another name, so that a crash leaves no half of it.
    fn write(&self, name: &str) -> Result<(), IndexError> {
        let path = self.folder.join(name);
        let draft = self.folder.join(format!("{name}.new"));
        let mut file = File::create(&draft).map_err(IndexError::file("create", &draft))?;
        file.write_all(FORMAT.as_bytes())
            .and_then(|()| file.sync_all())
            .and_then(|()| fs::rename(&draft, &path))
            .map_err(IndexError::file("write", &path))?;
        sync_folder(&self.folder)
    }
}

fn create_folder(folder: &Path) -> Result<(), IndexError> {
    fs::create_dir_all(folder).map_err(IndexError::file("create", folder))
}

fn sync_folder(folder: &Path) -> Result<(), IndexError> {
    File::open(folder)
        .and_then(|folder| folder.sync_all())
        .map_err(IndexError::file("sync", folder))
}

/// A marker's text for a message, whatever is in it.
fn quoted(text: &str) -> String {
    const SHOWN_CHARS_MAX: usize = 40;
    let line: String = text.trim_end().chars().take(SHOWN_CHARS_MAX).collect();
    format!("`{}`", line.escape_default())
}
