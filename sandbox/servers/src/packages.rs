//! Debian packages, installed when a program of theirs is missing.

use std::path::{Path, PathBuf};
use std::sync::Mutex;

use crate::ServerError;
use crate::command::Program;

/// `apt-get` takes one caller at a time.
static INSTALLING: Mutex<()> = Mutex::new(());

/// The program that `find` finds, after installing `package` if need be.
pub(crate) fn require(
    package: &'static str,
    find: impl Fn() -> Option<PathBuf>,
) -> Result<PathBuf, ServerError> {
    // A caller that panicked meanwhile left nothing half done in here.
    let _one_at_a_time = INSTALLING.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
    if let Some(program) = find() {
        return Ok(program);
    }
    apt_get(package, &["update", "-qq"])?;
    apt_get(package, &["install", "-y", "-qq", "--no-install-recommends", package])?;
    find().ok_or_else(|| ServerError::Failed {
        program: "apt-get".to_owned(),
        message: format!("{package} is installed, but its server is not where Debian puts it"),
    })
}

fn apt_get(package: &'static str, arguments: &[&str]) -> Result<String, ServerError> {
    let is_root = crate::account::for_server("root").is_some();
    let (path, first) = if is_root { ("apt-get", None) } else { ("sudo", Some("apt-get")) };
    let program = Program::new(Path::new(path), None, package);
    let program = program.env("DEBIAN_FRONTEND", "noninteractive").args(first);
    program.args(arguments.iter().copied()).run("")
}

/// The first of these paths that exists.
pub(crate) fn first_of(paths: impl IntoIterator<Item = PathBuf>) -> Option<PathBuf> {
    paths.into_iter().find(|path| path.exists())
}
