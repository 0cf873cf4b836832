//! Has a file changed, and what is it made of.

use std::fs::{self, File};
use std::io::Read;
use std::time::UNIX_EPOCH;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use xxhash_rust::xxh3::Xxh3;
use yuanliu_contract::Result;

use crate::error::{io, unusable};
use crate::folder::TableFile;

/// Bytes read at once.
const CHUNK_BYTES: usize = 1 << 18;

/// A file written within this time of being looked at may be written again without its time moving.
const TIME_RESOLUTION_S: i64 = 2;

/// What a file looked like when it was read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Stamp {
    pub(crate) name: String,
    pub(crate) bytes: u64,
    /// None if the file was too fresh for its time to be trusted.
    pub(crate) modified_us: Option<i64>,
    /// Of the content, 32 hexadecimal digits.
    pub(crate) hash: String,
}

/// The content's start and whether it is UTF-8, found while hashing.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Content {
    pub(crate) is_utf8: bool,
    pub(crate) head: [u8; 4],
}

/// Size and time of a file, which are cheap to get; refuses one that is too large.
pub(crate) fn glance(
    file: &TableFile,
    bytes_max: u64,
    now: DateTime<Utc>,
) -> Result<(u64, Option<i64>)> {
    let metadata = fs::metadata(&file.path)
        .map_err(|source| io(format!("looking at {}", file.name), &file.path, source))?;
    let bytes = metadata.len();
    if bytes > bytes_max {
        return Err(unusable(
            &file.name,
            format!("it has {} MiB, at most {} are read", bytes >> 20, bytes_max >> 20),
            "split off old rows, save it as CSV, or raise file_size_max_mib",
        ));
    }
    let modified = metadata.modified().ok().and_then(|time| time.duration_since(UNIX_EPOCH).ok());
    let modified_us = modified.and_then(|since| i64::try_from(since.as_micros()).ok());
    let trusted_before_us = now.timestamp_micros() - TIME_RESOLUTION_S * 1_000_000;
    Ok((bytes, modified_us.filter(|modified| *modified < trusted_before_us)))
}

/// Reads the whole file once.
pub(crate) fn fingerprint(
    file: &TableFile,
    bytes_max: u64,
    now: DateTime<Utc>,
) -> Result<(Stamp, Content)> {
    let (_, modified_us) = glance(file, bytes_max, now)?;
    let failed = |source| io(format!("reading {}", file.name), &file.path, source);
    let mut reader = File::open(&file.path).map_err(failed)?.take(bytes_max + 1);
    let mut hasher = Xxh3::new();
    let mut utf8 = Utf8Watch::default();
    let mut content = Content { is_utf8: true, head: [0; 4] };
    let mut chunk = vec![0; CHUNK_BYTES];
    let mut bytes = 0;
    loop {
        let length = reader.read(&mut chunk).map_err(failed)?;
        if length == 0 {
            break;
        }
        if bytes == 0 {
            let head = length.min(content.head.len());
            content.head[..head].copy_from_slice(&chunk[..head]);
        }
        hasher.update(&chunk[..length]);
        utf8.take(&chunk[..length]);
        bytes += length as u64;
    }
    content.is_utf8 = utf8.is_valid();
    let hash = format!("{:032x}", hasher.digest128());
    Ok((Stamp { name: file.name.clone(), bytes, modified_us, hash }, content))
}

/// Validity across chunks: the up to three bytes of a character that a chunk cuts are kept.
#[derive(Default)]
struct Utf8Watch {
    carried: Vec<u8>,
    is_broken: bool,
}

impl Utf8Watch {
    fn take(&mut self, chunk: &[u8]) {
        if self.is_broken {
            return;
        }
        let joined;
        let bytes = if self.carried.is_empty() {
            chunk
        } else {
            joined = [self.carried.as_slice(), chunk].concat();
            joined.as_slice()
        };
        match std::str::from_utf8(bytes) {
            Ok(_) => self.carried = Vec::new(),
            Err(error) if error.error_len().is_none() => {
                self.carried = bytes[error.valid_up_to()..].to_vec();
            }
            Err(_) => self.is_broken = true,
        }
    }

    fn is_valid(&self) -> bool {
        !self.is_broken && self.carried.is_empty()
    }
}
