//! A hub of its own for the measurement, and the made-up company it reads.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};

use anyhow::{Context, Result, ensure};
use serde_json::Value;

use crate::measure::{self, Measured};

/// Thresholds and rules of the measured hub, as the repository ships them.
const CONFIG: [(&str, &str); 2] = [
    ("hub.toml", include_str!("../../config/hub.toml")),
    ("rules.toml", include_str!("../../config/rules.toml")),
];

/// The folder of the measured hub.
#[derive(Debug)]
pub struct Home {
    binary: PathBuf,
    folder: PathBuf,
}

/// A running made-up ERP; ended when dropped.
#[derive(Debug)]
pub struct Erp(Child);

impl Drop for Erp {
    fn drop(&mut self) {
        // Already ended is as good as ended.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Replaces a text of a file, which must have it.
pub fn replace(path: &Path, from: &str, to: &str) -> Result<()> {
    let text = std::fs::read_to_string(path);
    let text = text.with_context(|| format!("reading {}", path.display()))?;
    ensure!(text.contains(from), "{} has no `{from}` any more", path.display());
    let text = text.replacen(from, to, 1);
    std::fs::write(path, text).with_context(|| format!("writing {}", path.display()))
}

impl Home {
    /// A fresh configuration in `folder`, measured with `binary`.
    pub fn new(binary: &Path, folder: &Path) -> Result<Self> {
        let binary = binary.canonicalize().with_context(|| {
            format!("{} is missing; run `cargo build --release -p yuanliu`", binary.display())
        })?;
        let home = Self { binary, folder: folder.to_owned() };
        for (name, text) in CONFIG {
            home.write(name, text)?;
        }
        Ok(home)
    }

    /// Writes a file of the configuration folder.
    pub fn write(&self, name: &str, text: &str) -> Result<()> {
        let path = self.folder.join("config").join(name);
        let folder = path.parent().unwrap_or(&self.folder);
        std::fs::create_dir_all(folder).with_context(|| format!("making {}", folder.display()))?;
        std::fs::write(&path, text).with_context(|| format!("writing {}", path.display()))
    }

    /// Replaces a text of a configuration file, which must have it.
    pub fn replace(&self, name: &str, from: &str, to: &str) -> Result<()> {
        replace(&self.folder.join("config").join(name), from, to)
    }

    /// Where the company's scans are written.
    pub fn scans(&self) -> PathBuf {
        self.folder.join("company/scans.jsonl")
    }

    /// Starts the company's Kingdee server, writes its scans and connects the hub to it.
    pub fn start_company(&self, seed: u64, scale: u32) -> Result<Erp> {
        let mut process = Command::new(&self.binary)
            .args(["--quiet", "sandbox", "kingdee", "--seed", &seed.to_string()])
            .args(["--scale", &scale.to_string(), "--scans"])
            .arg(self.folder.join("company"))
            .stdout(Stdio::piped())
            .spawn()
            .context("starting the sandbox")?;
        let stdout = process.stdout.take().context("the sandbox's output")?;
        let erp = Erp(process);
        let mut line = String::new();
        BufReader::new(stdout).read_line(&mut line).context("reading the sandbox's address")?;
        let said: Value = serde_json::from_str(&line).context("reading the sandbox's address")?;
        let config = said["config"].as_object().context("the sandbox's configuration")?;
        for (path, text) in config {
            self.write(path, text.as_str().unwrap_or_default())?;
        }
        let files = self.folder.join("company/files").display().to_string();
        self.write("systems/inbox.toml", &format!("kind = \"files\"\nfolder = {files:?}\n"))?;
        Ok(erp)
    }

    /// One command of the hub, not yet started.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(&self.binary);
        command.arg("--quiet").arg("--config").arg(self.folder.join("config"));
        command.args(arguments).current_dir(&self.folder);
        command
    }

    /// Runs one command of the hub and measures it.
    pub fn run(&self, arguments: &[&str]) -> Result<Measured> {
        measure::run(&mut self.command(arguments))
    }

    /// The same while `feed` writes its standard input.
    pub fn run_fed(
        &self,
        arguments: &[&str],
        feed: impl FnOnce(ChildStdin) -> Result<()> + Send,
    ) -> Result<Measured> {
        measure::run_fed(self.command(arguments).stdin(Stdio::piped()), feed)
    }

    /// Runs one command several times; the median by time.
    pub fn run_often(&self, times: usize, arguments: &[&str]) -> Result<Measured> {
        let mut runs = (0..times).map(|_| self.run(arguments)).collect::<Result<Vec<_>>>()?;
        runs.sort_by_key(|run| run.elapsed);
        Ok(runs.swap_remove(times / 2))
    }

    /// Size of the measured binary.
    pub fn binary_mb(&self) -> Result<f64> {
        Ok(megabytes(std::fs::metadata(&self.binary)?.len()))
    }

    /// Size of the lake.
    pub fn lake_mb(&self) -> f64 {
        self.data_mb("lake")
    }

    /// Size of a part of the hub's data: `lake`, `index`, `inbox`.
    pub fn data_mb(&self, part: &str) -> f64 {
        let mut pending = vec![self.folder.join("data").join(part)];
        let mut bytes = 0;
        while let Some(folder) = pending.pop() {
            for entry in std::fs::read_dir(&folder).into_iter().flatten().flatten() {
                match entry.metadata() {
                    Ok(metadata) if metadata.is_dir() => pending.push(entry.path()),
                    Ok(metadata) => bytes += metadata.len(),
                    // Removed between the two calls.
                    Err(_) => {}
                }
            }
        }
        megabytes(bytes)
    }
}

#[expect(clippy::cast_precision_loss, reason = "a size for people")]
fn megabytes(bytes: u64) -> f64 {
    bytes as f64 / 1e6
}
