//! Opening a file: compression, byte-order mark, and how far reading has come.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Cursor, Read};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use flate2::bufread::MultiGzDecoder;

use crate::error::ScanError;

const READ_BUFFER_BYTES: usize = 256 * 1024;
const UTF8_MARK: [u8; 3] = [0xef, 0xbb, 0xbf];
const UTF16_MARKS: [[u8; 2]; 2] = [[0xff, 0xfe], [0xfe, 0xff]];

/// A stream of text without its byte-order mark.
pub(crate) type Input = Box<dyn BufRead + Send>;

/// What the name of a file says about its content.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Format {
    JsonLines,
    Json,
    Csv,
}

/// An opened file.
pub(crate) struct Source {
    pub(crate) input: Input,
    pub(crate) has_mark: bool,
    pub(crate) bytes_read: Arc<AtomicU64>,
    pub(crate) bytes_total: u64,
}

/// The format by extension, and whether the file is compressed.
pub(crate) fn format_of(path: &Path) -> Result<(Format, bool), ScanError> {
    let unknown = || ScanError::UnknownFormat { path: path.to_owned() };
    let name = path.file_name().and_then(|name| name.to_str()).ok_or_else(unknown)?;
    let name = name.to_ascii_lowercase();
    let plain = name.strip_suffix(".gz").unwrap_or(&name);
    let format = match plain.rsplit_once('.') {
        Some((_, "jsonl" | "ndjson")) => Format::JsonLines,
        Some((_, "json")) => Format::Json,
        Some((_, "csv")) => Format::Csv,
        _ => return Err(unknown()),
    };
    Ok((format, plain.len() < name.len()))
}

pub(crate) fn open(path: &Path, is_compressed: bool) -> Result<Source, ScanError> {
    let failed = |source| ScanError::Open { path: path.to_owned(), source };
    let file = File::open(path).map_err(failed)?;
    let metadata = file.metadata().map_err(failed)?;
    if metadata.is_dir() {
        return Err(failed(io::ErrorKind::IsADirectory.into()));
    }
    let bytes_read = Arc::new(AtomicU64::new(0));
    let counted = Counted { file, bytes_read: Arc::clone(&bytes_read) };
    let plain = BufReader::with_capacity(READ_BUFFER_BYTES, counted);
    let mut input: Input = if is_compressed {
        Box::new(BufReader::with_capacity(READ_BUFFER_BYTES, MultiGzDecoder::new(plain)))
    } else {
        Box::new(plain)
    };
    let head = first_bytes(&mut input).map_err(|source| ScanError::Read {
        path: path.to_owned(),
        line: 0,
        source,
    })?;
    if UTF16_MARKS.iter().any(|mark| head.starts_with(mark)) {
        return Err(ScanError::Utf16 { path: path.to_owned() });
    }
    let has_mark = head == UTF8_MARK;
    if !has_mark {
        input = Box::new(Cursor::new(head).chain(input));
    }
    Ok(Source { input, has_mark, bytes_read, bytes_total: metadata.len() })
}

/// As many bytes as a byte-order mark has, or fewer at the end of the file.
fn first_bytes(input: &mut Input) -> io::Result<Vec<u8>> {
    let mut head = Vec::with_capacity(UTF8_MARK.len());
    input.take(UTF8_MARK.len() as u64).read_to_end(&mut head)?;
    Ok(head)
}

struct Counted {
    file: File,
    bytes_read: Arc<AtomicU64>,
}

impl Read for Counted {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.file.read(buffer)?;
        self.bytes_read.fetch_add(count as u64, Ordering::Relaxed);
        Ok(count)
    }
}
