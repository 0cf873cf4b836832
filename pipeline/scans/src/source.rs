//! Opening a file or bytes in memory: compression, byte-order mark, and how far reading has come.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Cursor, Read};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use flate2::bufread::MultiGzDecoder;

use crate::encoding::Encoding;
use crate::error::ScanError;

const READ_BUFFER_BYTES: usize = 256 * 1024;
/// So much of a stream that cannot be read twice tells its encoding.
const TELLING_BYTES_MAX: u64 = 1024 * 1024;
const UTF8_MARK: [u8; 3] = [0xef, 0xbb, 0xbf];
const UTF16_MARKS: [[u8; 2]; 2] = [[0xff, 0xfe], [0xfe, 0xff]];

/// A stream of text without its byte-order mark.
pub(crate) type Input = Box<dyn BufRead + Send>;

/// How records are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// One JSON object on each line; a damaged line costs only itself.
    JsonLines,
    /// A JSON list of objects, or objects one after the other on any number of lines.
    Json,
    /// Comma-separated rows under a header, in UTF-8 or GB18030.
    Csv,
}

/// An opened source.
pub(crate) struct Source {
    pub(crate) input: Input,
    /// Of a CSV source; the others are UTF-8.
    pub(crate) encoding: Encoding,
    pub(crate) bytes_read: Arc<AtomicU64>,
    /// 0 if it is not known.
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

/// Opens a file; a CSV file is gone through once to find out its encoding.
pub(crate) fn open(path: &Path, format: Format, is_packed: bool) -> Result<Source, ScanError> {
    let failed = |source| ScanError::Open { path: path.to_owned(), source };
    let file = File::open(path).map_err(failed)?;
    let metadata = file.metadata().map_err(failed)?;
    if metadata.is_dir() {
        return Err(failed(io::ErrorKind::IsADirectory.into()));
    }
    let (mut input, bytes_read) = unpacked(file, is_packed);
    let mut encoding = Encoding::Utf8;
    if !skip_mark(&mut input, path)? && format == Format::Csv {
        let again = unpacked(File::open(path).map_err(failed)?, is_packed).0;
        encoding = Encoding::detect(again).map_err(read_failed(path))?;
    }
    Ok(Source { input, encoding, bytes_read, bytes_total: metadata.len() })
}

/// Reads a stream once; the encoding of a CSV stream is told from its first megabyte.
pub(crate) fn stream(
    reader: impl Read + Send + 'static,
    format: Format,
    name: &Path,
) -> Result<Source, ScanError> {
    let (mut input, bytes_read) = unpacked(reader, false);
    let mut encoding = Encoding::Utf8;
    if !skip_mark(&mut input, name)? && format == Format::Csv {
        let mut head = Vec::new();
        input.by_ref().take(TELLING_BYTES_MAX).read_to_end(&mut head).map_err(read_failed(name))?;
        // A line that is cut off would say what the cut made of it.
        let lines = match head.iter().rposition(|byte| *byte == b'\n') {
            Some(end) if head.len() as u64 == TELLING_BYTES_MAX => head.get(..=end),
            _ => head.get(..),
        };
        let lines = Box::new(Cursor::new(lines.unwrap_or_default().to_vec()));
        encoding = Encoding::detect(lines).map_err(read_failed(name))?;
        input = Box::new(Cursor::new(head).chain(input));
    }
    Ok(Source { input, encoding, bytes_read, bytes_total: 0 })
}

/// Reads bytes in memory.
pub(crate) fn memory(
    bytes: impl AsRef<[u8]> + Send + Sync + 'static,
    format: Format,
    name: &Path,
) -> Result<Source, ScanError> {
    let shared = Shared(Arc::new(bytes));
    let bytes_total = shared.as_ref().len() as u64;
    let bytes_read = Arc::new(AtomicU64::new(0));
    let counted = Counted { inner: Cursor::new(shared.clone()), bytes_read };
    let bytes_read = Arc::clone(&counted.bytes_read);
    let mut input: Input = Box::new(counted);
    let mut encoding = Encoding::Utf8;
    if !skip_mark(&mut input, name)? && format == Format::Csv {
        encoding = Encoding::detect(Box::new(Cursor::new(shared))).map_err(read_failed(name))?;
    }
    Ok(Source { input, encoding, bytes_read, bytes_total })
}

fn unpacked(reader: impl Read + Send + 'static, is_packed: bool) -> (Input, Arc<AtomicU64>) {
    let bytes_read = Arc::new(AtomicU64::new(0));
    let counted = Counted { inner: reader, bytes_read: Arc::clone(&bytes_read) };
    let plain = BufReader::with_capacity(READ_BUFFER_BYTES, counted);
    let input: Input = if is_packed {
        Box::new(BufReader::with_capacity(READ_BUFFER_BYTES, MultiGzDecoder::new(plain)))
    } else {
        Box::new(plain)
    };
    (input, bytes_read)
}

/// Skips a byte-order mark of UTF-8 and says whether there was one; one of UTF-16 is an error.
fn skip_mark(input: &mut Input, name: &Path) -> Result<bool, ScanError> {
    let mut head = Vec::with_capacity(UTF8_MARK.len());
    input.take(UTF8_MARK.len() as u64).read_to_end(&mut head).map_err(read_failed(name))?;
    if UTF16_MARKS.iter().any(|mark| head.starts_with(mark)) {
        return Err(ScanError::Utf16 { path: name.to_owned() });
    }
    let has_mark = head == UTF8_MARK;
    if !has_mark {
        let rest = std::mem::replace(input, Box::new(io::empty()));
        *input = Box::new(Cursor::new(head).chain(rest));
    }
    Ok(has_mark)
}

fn read_failed(name: &Path) -> impl FnOnce(io::Error) -> ScanError {
    move |source| ScanError::Read { path: name.to_owned(), line: 0, source }
}

/// Bytes that two readers go through.
struct Shared<B>(Arc<B>);

impl<B> Clone for Shared<B> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<B: AsRef<[u8]>> AsRef<[u8]> for Shared<B> {
    fn as_ref(&self) -> &[u8] {
        self.0.as_ref().as_ref()
    }
}

struct Counted<R> {
    inner: R,
    bytes_read: Arc<AtomicU64>,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(buffer)?;
        self.bytes_read.fetch_add(count as u64, Ordering::Relaxed);
        Ok(count)
    }
}

impl<R: BufRead> BufRead for Counted<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        self.inner.fill_buf()
    }

    fn consume(&mut self, amount: usize) {
        self.inner.consume(amount);
        self.bytes_read.fetch_add(amount as u64, Ordering::Relaxed);
    }
}
