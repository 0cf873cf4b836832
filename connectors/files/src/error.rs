//! What goes wrong with a file, told so that its owner can act.

use std::io;
use std::path::Path;

use yuanliu_contract::{ConnectorError, ErrorKind};

/// The file cannot be read as it is; somebody has to change it.
pub(crate) fn unusable(
    file: &str,
    detail: impl Into<String>,
    hint: impl Into<String>,
) -> ConnectorError {
    ConnectorError::new(ErrorKind::Config, format!("reading {file}"))
        .with_detail(detail)
        .with_hint(hint)
}

/// The file looks as if somebody were still writing it; the engine tries again.
pub(crate) fn unfinished(file: &str, detail: impl Into<String>) -> ConnectorError {
    ConnectorError::new(ErrorKind::Busy, format!("reading {file}")).with_detail(detail).with_hint(
        format!(
            "wait until {file} is completely written and run again; better: write it under another \
             name and rename it when it is complete"
        ),
    )
}

/// The file system failed.
pub(crate) fn io(doing: String, path: &Path, source: io::Error) -> ConnectorError {
    let (kind, hint) = match source.kind() {
        io::ErrorKind::NotFound => (ErrorKind::NotFound, "check the path"),
        io::ErrorKind::PermissionDenied => (ErrorKind::Permission, "let the hub's user read it"),
        _ => (ErrorKind::Unreachable, "check the disk or network share"),
    };
    ConnectorError::new(kind, doing)
        .with_hint(format!("{hint}: {}", path.display()))
        .with_source(source)
}
