//! The one writer of a lake.

use std::fs::{File, TryLockError};
use std::io::{Read, Seek, Write};
use std::path::Path;

use super::LakeError;

const LOCK_FILE: &str = ".lock";

/// Held while a process writes a lake; the operating system releases it when the process ends.
#[derive(Debug)]
pub(super) struct WriterLock {
    _file: File,
}

impl WriterLock {
    pub(super) fn take(root: &Path) -> Result<Self, LakeError> {
        let path = root.join(LOCK_FILE);
        let mut file = File::options()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(&path)
            .map_err(LakeError::file("open", &path))?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                let mut holder = String::new();
                // The holder's name is a courtesy: without it the message still says what to do.
                let _ = file.read_to_string(&mut holder);
                return Err(LakeError::Locked { root: root.to_owned(), holder });
            }
            Err(TryLockError::Error(source)) => return Err(LakeError::file("lock", path)(source)),
        }
        file.set_len(0)
            .and_then(|()| file.rewind())
            .and_then(|()| write!(file, "process {}", std::process::id()))
            .map_err(LakeError::file("write", &path))?;
        Ok(Self { _file: file })
    }
}
