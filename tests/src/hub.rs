//! Runs the real `yuanliu` binary in a folder of its own.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;
use tempfile::TempDir;

/// A hub with its own configuration and data, gone when dropped.
#[derive(Debug)]
pub struct TestHub {
    home: TempDir,
}

/// What a command answered.
#[derive(Debug)]
pub struct Answer {
    /// The exit code; none if a signal ended it.
    pub code: Option<i32>,
    /// The output stream.
    pub stdout: String,
    /// The error stream.
    pub stderr: String,
}

impl Answer {
    /// The answer, which must have ended with `code`.
    pub fn expect_code(self, code: i32) -> Self {
        assert_eq!(self.code, Some(code), "stdout: {}\nstderr: {}", self.stdout, self.stderr);
        self
    }

    /// The output as JSON.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.stdout)
            .unwrap_or_else(|e| panic!("not JSON ({e}): {}\n{}", self.stdout, self.stderr))
    }
}

impl TestHub {
    /// A hub with the repository's `hub.toml` and `rules.toml` and no system.
    pub fn new() -> Self {
        let hub = Self { home: TempDir::new().expect("a temporary folder") };
        std::fs::create_dir_all(hub.path("config/systems")).expect("the configuration folder");
        for file in ["hub.toml", "rules.toml"] {
            let from = crate::root().join("config").join(file);
            std::fs::copy(from, hub.path("config").join(file))
                .expect("the repository's configuration");
        }
        hub
    }

    /// A path inside the hub's folder.
    pub fn path(&self, relative: &str) -> PathBuf {
        self.home.path().join(relative)
    }

    /// Writes a file inside the hub's folder, making its folder.
    pub fn write(&self, relative: &str, text: &str) -> PathBuf {
        let path = self.path(relative);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("the file's folder");
        std::fs::write(&path, text).expect("the file");
        path
    }

    /// Connects a folder of canonical files as the system `name`.
    pub fn add_files_system(&self, name: &str, folder: &Path) {
        let text = format!("kind = \"files\"\nfolder = {:?}\n", folder.display().to_string());
        self.write(&format!("config/systems/{name}.toml"), &text);
    }

    /// The command, ready to be run or spawned.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(binary());
        command
            .arg("--quiet")
            .arg("--config")
            .arg(self.path("config"))
            .args(arguments)
            .current_dir(self.home.path());
        command
    }

    /// Runs a command to its end.
    pub fn run(&self, arguments: &[&str]) -> Answer {
        let output = self.command(arguments).output().expect("the yuanliu binary starts");
        answer(output)
    }
}

impl Default for TestHub {
    fn default() -> Self {
        Self::new()
    }
}

/// Turns a finished process into an answer.
pub fn answer(output: Output) -> Answer {
    Answer {
        code: output.status.code(),
        stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
        stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
    }
}

/// The binary beside the test's own; `tests/run` builds it before the tests.
pub fn binary() -> PathBuf {
    let mut folder = std::env::current_exe().expect("the test's own path");
    folder.pop();
    if folder.ends_with("deps") {
        folder.pop();
    }
    let binary = folder.join("yuanliu");
    assert!(binary.exists(), "{} is missing; run `cargo build -p yuanliu` first", binary.display());
    binary
}
