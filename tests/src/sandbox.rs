//! A made-up Kingdee company served by the real `yuanliu sandbox`, with its scan files.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

use serde_json::Value;
use tempfile::TempDir;

use crate::hub::{TestHub, binary};

/// A running sandbox; ended when dropped.
#[derive(Debug)]
pub struct Sandbox {
    process: Child,
    /// Address and credentials as printed.
    pub description: Value,
    files: TempDir,
}

impl Sandbox {
    /// Starts a company of `scale` and waits until it says where it listens.
    pub fn start(scale: u32, faults: Option<&str>) -> Self {
        let files = TempDir::new().expect("a temporary folder");
        let mut command = Command::new(binary());
        command
            .args(["--quiet", "sandbox", "kingdee", "--scale", &scale.to_string(), "--scans"])
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

    fn text(&self, name: &str) -> &str {
        self.description[name].as_str().unwrap_or_else(|| panic!("{name} in {}", self.description))
    }

    /// Connects a hub to the sandbox and to the company's canonical files.
    pub fn connect(&self, hub: &TestHub) {
        hub.write("config/app_secret", self.text("app_secret"));
        let system = format!(
            "kind = \"kingdee_galaxy\"\nbase_url = {:?}\nacct_id = {:?}\nuser = {:?}\n\
             login = \"login_by_sign\"\napp_id = {:?}\napp_secret = \"file:app_secret\"\n\
             [sync]\ncalls_per_minute = 100000\n",
            self.text("base_url"),
            self.text("acct_id"),
            self.text("user"),
            self.text("app_id"),
        );
        hub.write("config/systems/erp_main.toml", &system);
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
