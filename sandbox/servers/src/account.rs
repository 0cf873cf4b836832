//! The account a server runs as, and a folder that belongs to it.

use std::path::Path;

use tempfile::TempDir;

use crate::ServerError;
use crate::command::Program;

/// The package's account, if this process is root's.
pub(crate) fn for_server(account: &'static str) -> Option<&'static str> {
    let id = Program::new(Path::new("id"), None, "coreutils").args(["-u"]).run("");
    id.is_ok_and(|id| id.trim() == "0").then_some(account)
}

/// An empty folder that belongs to the account.
pub(crate) fn folder(account: Option<&str>) -> Result<TempDir, ServerError> {
    let folder = tempfile::Builder::new().prefix("yuanliu-server-").tempdir();
    let folder = folder.map_err(|e| ServerError::Folder(std::env::temp_dir(), e))?;
    if let Some(account) = account {
        let path = folder.path().display().to_string();
        Program::new(Path::new("chown"), None, "coreutils").args([account, &path]).run("")?;
    }
    Ok(folder)
}
