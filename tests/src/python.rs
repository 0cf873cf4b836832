//! Python with packages, for readers that are not ours.

use std::path::{Path, PathBuf};
use std::process::Command;

/// A virtual environment under `folder` that has `packages`; made once and used again.
///
/// Panics with what to install if Python is missing.
pub fn environment(folder: &Path, packages: &[&str]) -> PathBuf {
    let home = folder.join(format!("python-{}", packages.join("-").replace(['=', '.'], "_")));
    let python = home.join("bin/python");
    let marker = home.join("installed");
    if marker.exists() {
        return python;
    }
    run(Command::new("python3").args(["-m", "venv", "--clear"]).arg(&home), "python3-venv");
    run(Command::new(&python).args(["-m", "pip", "install", "-q"]).args(packages), "python3-pip");
    std::fs::write(marker, packages.join("\n")).expect("a note of what is installed");
    python
}

/// Runs a command that must succeed and returns what it printed.
pub fn run(command: &mut Command, needs: &str) -> String {
    let output = command
        .output()
        .unwrap_or_else(|e| panic!("{command:?} does not start ({e}); install {needs}"));
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command:?} failed; is {needs} installed? {stderr}");
    String::from_utf8_lossy(&output.stdout).into_owned()
}
