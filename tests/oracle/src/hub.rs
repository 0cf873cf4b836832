//! The real binary in a folder of its own.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;
use tempfile::TempDir;

use crate::company::{Company, write};

/// A hub, gone when dropped unless `YUANLIU_ORACLE_KEEP` is set.
#[derive(Debug)]
pub struct Hub {
    home: TempDir,
}

impl Hub {
    /// A hub that knows a company's rules and reads its tables; nothing is read yet.
    pub fn new(company: &Company) -> Self {
        let mut hub = Self { home: TempDir::new().expect("a temporary folder") };
        if std::env::var_os("YUANLIU_ORACLE_KEEP").is_some() {
            hub.home.disable_cleanup(true);
            println!("the hub stays in {}", hub.home.path().display());
        }
        let config = hub.home.path().join("config");
        std::fs::create_dir_all(config.join("systems")).expect("the configuration folder");
        let sql =
            std::env::var("YUANLIU_SQL").map(|folder| format!("[warehouse]\nsql = {folder:?}\n"));
        let text = format!(
            "[hub]\ndata = \"../data\"\ntime_zone = \"Asia/Shanghai\"\n\
             [scans]\ndevice_time_zone = \"Asia/Shanghai\"\n{}",
            sql.unwrap_or_default()
        );
        let put = |name: &str, text: &str| std::fs::write(config.join(name), text).expect("a file");
        put("hub.toml", &text);
        put("rules.toml", &write::rules(company));
        put("systems/books.toml", "kind = \"files\"\nfolder = \"../tables\"\n");
        write::tables(company, &hub.home.path().join("tables"));
        hub.run(&["check-config"]);
        hub
    }

    /// Reads the tables, then takes the scans batch by batch with a build after each.
    pub fn fill(&self, company: &Company, seed: u64, batches: usize) {
        self.run(&["sync"]);
        for (place, text) in write::batches(company, seed, batches).iter().enumerate() {
            let file = self.home.path().join(format!("scans-{place}.jsonl"));
            std::fs::write(&file, text).expect("the scans");
            self.run(&["ingest", &file.display().to_string()]);
            self.run(&["build"]);
        }
    }

    /// What a command prints; it must end well.
    pub fn run(&self, arguments: &[&str]) -> String {
        let mut command = Command::new(binary());
        command.arg("--quiet").arg("--config").arg(self.home.path().join("config")).args(arguments);
        let output = command.current_dir(self.home.path()).output().expect("the hub starts");
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(
            // 1 says that audits found something, which traps are for.
            matches!(output.status.code(), Some(0 | 1)),
            "{arguments:?}: {}\n{said}\n{}",
            output.status,
            String::from_utf8_lossy(&output.stderr)
        );
        said
    }

    /// The rows of a report.
    pub fn report(&self, arguments: &[&str]) -> Vec<Value> {
        let said = self.run(&[&["report"], arguments, &["--format", "json"]].concat());
        serde_json::from_str(&said).unwrap_or_else(|e| panic!("not JSON ({e}): {said}"))
    }

    /// One answer of another command.
    pub fn ask(&self, arguments: &[&str]) -> Value {
        let said = self.run(&[arguments, &["--format", "json"]].concat());
        serde_json::from_str(&said).unwrap_or_else(|e| panic!("not JSON ({e}): {said}"))
    }

    /// The hub's folder.
    pub fn home(&self) -> &Path {
        self.home.path()
    }
}

/// The binary that `YUANLIU_BINARY` names, else the one beside the test's own; `tests/run` builds it.
fn binary() -> PathBuf {
    if let Ok(path) = std::env::var("YUANLIU_BINARY") {
        return path.into();
    }
    let mut folder = std::env::current_exe().expect("the test's own path");
    folder.pop();
    if folder.ends_with("deps") {
        folder.pop();
    }
    let binary = folder.join("yuanliu");
    assert!(binary.exists(), "{} is missing; run `cargo build -p yuanliu` first", binary.display());
    binary
}
