//! The file operations an inbox needs, and nothing else, so that tests can let any of them fail.

mod folder;

use std::fmt;
use std::io;

pub use folder::FolderDisk;

/// A folder of files that belongs to one inbox.
///
/// Called by one writer thread and any number of readers. A name that was created or removed is
/// durable after the next [`Disk::sync_folder`].
pub trait Disk: fmt::Debug + Send + Sync + 'static {
    /// The names of all files.
    fn list(&self) -> io::Result<Vec<String>>;
    /// Makes an empty file that must not exist.
    fn create(&self, name: &str) -> io::Result<Box<dyn DiskFile>>;
    /// Opens a file for reading and writing.
    fn open(&self, name: &str) -> io::Result<Box<dyn DiskFile>>;
    /// Removes a file.
    fn remove(&self, name: &str) -> io::Result<()>;
    /// Makes the names of the files durable.
    fn sync_folder(&self) -> io::Result<()>;
}

/// An opened file.
///
/// What was written is durable after the next [`DiskFile::sync`] that succeeds.
pub trait DiskFile: fmt::Debug + Send {
    /// Its length in bytes.
    fn length(&mut self) -> io::Result<u64>;
    /// Fills the buffer from `offset` on; an error if the file ends before.
    fn read_at(&mut self, offset: u64, buffer: &mut [u8]) -> io::Result<()>;
    /// Writes all bytes from `offset` on; on an error any part of them may have been written.
    fn write_at(&mut self, offset: u64, bytes: &[u8]) -> io::Result<()>;
    /// Cuts the file.
    fn set_length(&mut self, length: u64) -> io::Result<()>;
    /// Makes content and length durable.
    fn sync(&mut self) -> io::Result<()>;
}
