//! A made-up company behind one ERP's protocol, served by the real `yuanliu sandbox`, with its scan files.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

use serde_json::Value;
use tempfile::TempDir;

use crate::hub::{TestHub, binary};

/// A running sandbox; ended when dropped.
#[derive(Debug)]
pub struct Sandbox {
    process: Child,
    /// Address, credentials and configuration as printed.
    pub description: Value,
    files: TempDir,
}

impl Sandbox {
    /// Starts a Kingdee company of `scale` and waits until it says where it listens.
    pub fn start(scale: u32, faults: Option<&str>) -> Self {
        Self::start_kind("kingdee", scale, faults)
    }

    /// Starts a company behind the protocol of a kind.
    pub fn start_kind(kind: &str, scale: u32, faults: Option<&str>) -> Self {
        let files = TempDir::new().expect("a temporary folder");
        let mut command = Command::new(binary());
        command
            .args(["--quiet", "sandbox", kind, "--scale", &scale.to_string(), "--scans"])
            .arg(files.path())
            .stdout(Stdio::piped());
        if let Some(faults) = faults {
            command.args(["--faults", faults]);
        }
        let mut process = command.spawn().expect("the sandbox starts");
        let mut line = String::new();
        let stdout = process.stdout.take().expect("a pipe");
        BufReader::new(stdout).read_line(&mut line).expect("the sandbox's description");
        let description = serde_json::from_str(&line).expect("a JSON description");
        Self { process, description, files }
    }

    /// The text it prints for a file below the configuration folder.
    pub fn config(&self, path: &str) -> &str {
        let text = self.description["config"][path].as_str();
        text.unwrap_or_else(|| panic!("{path} in {}", self.description))
    }

    /// Writes the secrets it prints into a hub's configuration folder.
    pub fn write_secrets(&self, hub: &TestHub) {
        let files = self.description["config"].as_object().expect("files");
        for path in files.keys().filter(|path| !path.starts_with("systems/")) {
            hub.write(&format!("config/{path}"), self.config(path));
        }
    }

    /// Connects a hub to the sandbox's only system and to the company's canonical files.
    pub fn connect(&self, hub: &TestHub) {
        self.write_secrets(hub);
        let files = self.description["config"].as_object().expect("files");
        let mut systems = files.keys().filter(|path| path.starts_with("systems/"));
        let system = systems.next().expect("a system");
        hub.write("config/systems/erp_main.toml", self.config(system));
        self.connect_files(hub);
    }

    /// Connects a hub to the company's canonical files: what no ERP holds.
    pub fn connect_files(&self, hub: &TestHub) {
        hub.add_files_system("inbox", &self.files.path().join("files"));
    }

    /// The company's scans.
    pub fn scans(&self) -> String {
        self.files.path().join("scans.jsonl").display().to_string()
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        // Already ended is as good as ended.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
