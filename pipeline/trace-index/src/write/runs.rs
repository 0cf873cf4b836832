//! Sorted runs on disk and their merge.

use std::cmp::Ordering;
use std::collections::BinaryHeap;
use std::collections::binary_heap::PeekMut;
use std::fs::{self, File};
use std::io::{BufReader, BufWriter, ErrorKind, Read, Write};
use std::path::{Path, PathBuf};

use super::merge::merged;
use crate::error::IndexError;
use crate::store::Space;

const READ_BYTES: usize = 128 << 10;
const WRITE_BYTES: usize = 1 << 20;

/// Writes a run: keys ascending, each once.
pub(super) struct RunWriter {
    path: PathBuf,
    file: BufWriter<File>,
}

impl RunWriter {
    pub(super) fn create(path: &Path) -> Result<Self, IndexError> {
        let file = File::create(path).map_err(IndexError::file("create", path))?;
        Ok(Self { path: path.to_owned(), file: BufWriter::with_capacity(WRITE_BYTES, file) })
    }

    pub(super) fn put(&mut self, key: &[u8], value: &[u8]) -> Result<(), IndexError> {
        let [a, b, c, d] = (key.len() as u32).to_le_bytes();
        let [e, f, g, h] = (value.len() as u32).to_le_bytes();
        self.file
            .write_all(&[a, b, c, d, e, f, g, h])
            .and_then(|()| self.file.write_all(key))
            .and_then(|()| self.file.write_all(value))
            .map_err(IndexError::file("write", &self.path))
    }

    pub(super) fn finish(mut self) -> Result<PathBuf, IndexError> {
        self.file.flush().map_err(IndexError::file("write", &self.path))?;
        Ok(self.path)
    }
}

/// Goes through runs as one and removes them.
pub(super) fn merge_runs(
    space: Space,
    runs: &[PathBuf],
    mut put: impl FnMut(&[u8], &[u8]) -> Result<(), IndexError>,
) -> Result<(), IndexError> {
    let mut heads = BinaryHeap::with_capacity(runs.len());
    for path in runs {
        let file = File::open(path).map_err(IndexError::file("open", path))?;
        let file = BufReader::with_capacity(READ_BYTES, file);
        let mut head = Head { path, file, key: Vec::new(), value: Vec::new() };
        if head.advance()? {
            heads.push(head);
        }
    }
    let (mut key, mut value) = (Vec::new(), Vec::new());
    let mut has_entry = false;
    while let Some(mut head) = heads.peek_mut() {
        if has_entry && head.key == key {
            merged(space, &mut value, &head.value);
        } else {
            if has_entry {
                put(&key, &value)?;
            }
            std::mem::swap(&mut key, &mut head.key);
            std::mem::swap(&mut value, &mut head.value);
            has_entry = true;
        }
        if !head.advance()? {
            PeekMut::pop(head);
        }
    }
    if has_entry {
        put(&key, &value)?;
    }
    for path in runs {
        fs::remove_file(path).map_err(IndexError::file("remove", path))?;
    }
    Ok(())
}

/// A run with its next entry.
struct Head<'p> {
    path: &'p Path,
    file: BufReader<File>,
    key: Vec<u8>,
    value: Vec<u8>,
}

impl Head<'_> {
    /// Reads the next entry; answers whether there is one.
    fn advance(&mut self) -> Result<bool, IndexError> {
        let mut lengths = [0; 8];
        match self.file.read_exact(&mut lengths) {
            Ok(()) => {}
            Err(error) if error.kind() == ErrorKind::UnexpectedEof => return Ok(false),
            Err(source) => return Err(IndexError::file("read", self.path)(source)),
        }
        let [a, b, c, d, e, f, g, h] = lengths;
        let key_length = u32::from_le_bytes([a, b, c, d]) as usize;
        let value_length = u32::from_le_bytes([e, f, g, h]) as usize;
        self.key.resize(key_length, 0);
        self.value.resize(value_length, 0);
        self.file
            .read_exact(&mut self.key)
            .and_then(|()| self.file.read_exact(&mut self.value))
            .map_err(IndexError::file("read", self.path))?;
        Ok(true)
    }
}

/// The run with the smallest key is the greatest, which is what a heap hands out.
impl Ord for Head<'_> {
    fn cmp(&self, other: &Self) -> Ordering {
        other.key.cmp(&self.key)
    }
}

impl PartialOrd for Head<'_> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Head<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.key == other.key
    }
}

impl Eq for Head<'_> {}
