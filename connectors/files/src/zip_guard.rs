//! Refuses a workbook that would not fit in memory, before anything of it is unpacked.

use std::fs::File;
use std::io::{BufReader, Read};

use yuanliu_contract::{ConnectorError, ErrorKind, Result};
use zip::ZipArchive;

use crate::error::{io, unusable};
use crate::folder::TableFile;

/// The table of shared texts is held in memory, at about three times its size.
const SHARED_TEXT_BYTES_MAX: u64 = 40 << 20;

/// A sheet is read as a stream; this bounds the time.
const SHEET_BYTES_MAX: u64 = 1 << 30;

/// Styles, relations and the like are held in memory.
const PART_BYTES_MAX: u64 = 16 << 20;

/// More parts than any workbook has.
const PARTS_MAX: usize = 10_000;

/// The start of the shared texts, which says how many there are.
const SHARED_TEXT_HEAD_BYTES: u64 = 4_096;

/// `<si><t/></si>`: no shared text is shorter.
const SHARED_TEXT_BYTES_MIN: u64 = 9;

/// Looks at the sizes in the file's directory.
pub(crate) fn check(file: &TableFile) -> Result<()> {
    let name = &file.name;
    let opened = File::open(&file.path)
        .map_err(|source| io(format!("opening {name}"), &file.path, source))?;
    let mut archive = ZipArchive::new(BufReader::new(opened)).map_err(|_| not_a_workbook(name))?;
    if archive.len() > PARTS_MAX {
        return Err(too_large(name, format!("it has {} parts", archive.len())));
    }
    for index in 0..archive.len() {
        let part = archive.by_index_raw(index).map_err(|_| not_a_workbook(name))?;
        let (part_name, bytes) = (part.name().map_err(|_| not_a_workbook(name))?, part.size());
        let lower = part_name.to_lowercase();
        let is_shared_text = lower.ends_with("sharedstrings.xml");
        let bytes_max = match lower.as_str() {
            part if part.starts_with("xl/worksheets/sheet") => SHEET_BYTES_MAX,
            _ if is_shared_text => SHARED_TEXT_BYTES_MAX,
            part if part.starts_with("xl/media/") => u64::MAX,
            _ => PART_BYTES_MAX,
        };
        if bytes > bytes_max {
            let (mib, max) = (bytes >> 20, bytes_max >> 20);
            let detail = format!("unpacked, its part {part_name} has {mib} MiB, at most {max}");
            return Err(too_large(name, detail));
        }
        drop(part_name);
        drop(part);
        if is_shared_text {
            check_shared_text(name, &mut archive, index, bytes)?;
        }
    }
    Ok(())
}

/// The reader reserves memory for as many texts as the part claims to have.
fn check_shared_text(
    name: &str,
    archive: &mut ZipArchive<BufReader<File>>,
    index: usize,
    bytes: u64,
) -> Result<()> {
    let mut head = String::new();
    let part = archive.by_index(index).map_err(|_| not_a_workbook(name))?;
    let mut bytes_read = Vec::new();
    part.take(SHARED_TEXT_HEAD_BYTES)
        .read_to_end(&mut bytes_read)
        .map_err(|_| not_a_workbook(name))?;
    head.push_str(&String::from_utf8_lossy(&bytes_read));
    let claimed = head.split_once("uniqueCount=").and_then(|(_, rest)| {
        let digits: String = rest.chars().skip(1).take_while(char::is_ascii_digit).collect();
        digits.parse::<u64>().ok()
    });
    match claimed {
        Some(count) if count > bytes / SHARED_TEXT_BYTES_MIN + 1 => Err(unusable(
            name,
            format!("it claims {count} texts in {bytes} bytes"),
            "open it in the spreadsheet program and save it anew",
        )),
        _ => Ok(()),
    }
}

fn too_large(name: &str, detail: String) -> ConnectorError {
    unusable(name, detail, format!("save {name} as CSV UTF-8; a CSV file may be of any length"))
}

/// An error that may pass: a workbook that is still being copied has no directory yet.
pub(crate) fn not_a_workbook(name: &str) -> ConnectorError {
    ConnectorError::new(ErrorKind::Malformed, format!("reading {name}"))
        .with_detail("it cannot be opened as an XLSX workbook")
        .with_hint(format!(
            "wait until {name} is completely copied; remove a password; save .xls files as .xlsx"
        ))
}
