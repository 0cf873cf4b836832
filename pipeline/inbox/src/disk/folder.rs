//! A folder of the file system, locked for one process.

use std::fs::{self, File, TryLockError};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use super::{Disk, DiskFile};
use crate::error::InboxError;

const LOCK_FILE: &str = ".lock";

/// The real disk; the operating system releases the lock when the process ends.
#[derive(Debug)]
pub struct FolderDisk {
    folder: PathBuf,
    _lock: File,
}

impl FolderDisk {
    /// Makes the folder if it is absent and takes it for this process.
    pub fn open(folder: &Path) -> Result<Self, InboxError> {
        create_durably(folder).map_err(InboxError::disk("make the folder", folder))?;
        Ok(Self { folder: folder.to_owned(), _lock: lock(folder)? })
    }
}

/// The name of a new folder is durable only when the folder above it is synced.
fn create_durably(folder: &Path) -> io::Result<()> {
    let absent: Vec<&Path> = folder
        .ancestors()
        .take_while(|above| !above.as_os_str().is_empty() && !above.exists())
        .collect();
    fs::create_dir_all(folder)?;
    for made in absent {
        match made.parent().filter(|above| !above.as_os_str().is_empty()) {
            Some(above) => File::open(above)?.sync_all()?,
            None => File::open(".")?.sync_all()?,
        }
    }
    Ok(())
}

fn lock(folder: &Path) -> Result<File, InboxError> {
    let path = folder.join(LOCK_FILE);
    let mut file = File::options()
        .read(true)
        .write(true)
        .create(true)
        .truncate(false)
        .open(&path)
        .map_err(InboxError::disk("open", &path))?;
    match file.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => {
            let mut holder = String::new();
            // The holder's name is a courtesy: without it the message still says what to do.
            let _ = file.read_to_string(&mut holder);
            return Err(InboxError::Locked { folder: folder.to_owned(), holder });
        }
        Err(TryLockError::Error(source)) => return Err(InboxError::disk("lock", &path)(source)),
    }
    // A full disk must not keep a hub from landing what the inbox holds.
    let _ = file
        .set_len(0)
        .and_then(|()| file.rewind())
        .and_then(|()| write!(file, "process {}", std::process::id()));
    Ok(file)
}

impl Disk for FolderDisk {
    fn list(&self) -> io::Result<Vec<String>> {
        fs::read_dir(&self.folder)?
            .map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned()))
            .collect()
    }

    fn create(&self, name: &str) -> io::Result<Box<dyn DiskFile>> {
        let path = self.folder.join(name);
        let file = File::options().read(true).write(true).create_new(true).open(path)?;
        Ok(Box::new(OpenFile(file)))
    }

    fn open(&self, name: &str) -> io::Result<Box<dyn DiskFile>> {
        let file = File::options().read(true).write(true).open(self.folder.join(name))?;
        Ok(Box::new(OpenFile(file)))
    }

    fn remove(&self, name: &str) -> io::Result<()> {
        fs::remove_file(self.folder.join(name))
    }

    fn sync_folder(&self) -> io::Result<()> {
        File::open(&self.folder)?.sync_all()
    }
}

#[derive(Debug)]
struct OpenFile(File);

impl DiskFile for OpenFile {
    fn length(&mut self) -> io::Result<u64> {
        Ok(self.0.metadata()?.len())
    }

    fn read_at(&mut self, offset: u64, buffer: &mut [u8]) -> io::Result<()> {
        self.0.seek(SeekFrom::Start(offset))?;
        self.0.read_exact(buffer)
    }

    fn write_at(&mut self, offset: u64, bytes: &[u8]) -> io::Result<()> {
        self.0.seek(SeekFrom::Start(offset))?;
        self.0.write_all(bytes)
    }

    fn set_length(&mut self, length: u64) -> io::Result<()> {
        self.0.set_len(length)
    }

    fn sync(&mut self) -> io::Result<()> {
        self.0.sync_data()
    }
}
