//! PostgreSQL from its Debian package.

use std::path::{Path, PathBuf};

use tempfile::TempDir;

use crate::command::Program;
use crate::{DATABASE, PASSWORD, PORTS_TRIED, ServerError, USER, account, free_port, packages};

const PACKAGE: &str = "postgresql";

/// Where Debian puts the programs of each major version.
const VERSIONS: &str = "/usr/lib/postgresql";

/// A running PostgreSQL; stopped and its data removed when dropped.
#[derive(Debug)]
pub struct PostgreSql {
    programs: PathBuf,
    account: Option<&'static str>,
    folder: TempDir,
    port: u16,
}

impl PostgreSql {
    /// Starts a server with Debian's settings, commits reaching the disk.
    pub fn start() -> Result<Self, ServerError> {
        Self::start_with(&[])
    }

    /// Starts a server with further settings: `["fsync=off"]`.
    pub fn start_with(settings: &[&str]) -> Result<Self, ServerError> {
        let server = packages::require(PACKAGE, newest)?;
        let programs = server.parent().unwrap_or(Path::new("/")).to_owned();
        let account = account::for_server("postgres");
        let folder = account::folder(account)?;
        let mut server = Self { programs, account, folder, port: 0 };
        server
            .program("initdb")
            .args(["-D", &server.data(), "-U", USER, "-E", "UTF8"])
            .args(["--locale=C.UTF-8", "--auth-local=trust", "--auth-host=scram-sha-256"])
            .args(["--pwfile=/dev/stdin"])
            .run(PASSWORD)?;
        let mut tried = 0;
        loop {
            server.port = free_port()?;
            tried += 1;
            match server.listen(settings) {
                Ok(()) => break,
                Err(error) if tried == PORTS_TRIED => return Err(error),
                Err(_) => {}
            }
        }
        server.sql("postgres", &format!("create database {DATABASE}"))?;
        Ok(server)
    }

    fn listen(&self, settings: &[&str]) -> Result<(), ServerError> {
        let folder = self.folder.path().display().to_string();
        let mut options = format!("-p {} -k {folder} -c listen_addresses=127.0.0.1", self.port);
        for setting in settings {
            options.push_str(&format!(" -c {setting}"));
        }
        let log = format!("{folder}/log");
        let start = self.program("pg_ctl").args(["start", "-s", "-w", "-t", "60"]);
        start.args(["-D", &self.data(), "-l", &log, "-o", &options]).run("").map(|_| ())
    }

    fn program(&self, name: &str) -> Program {
        Program::new(&self.programs.join(name), self.account, PACKAGE)
    }

    fn data(&self) -> String {
        self.folder.path().join("data").display().to_string()
    }

    fn sql(&self, database: &str, sql: &str) -> Result<String, ServerError> {
        let folder = self.folder.path().display().to_string();
        let psql = self.program("psql").args(["-h", &folder, "-p", &self.port.to_string()]);
        let psql = psql.args(["-U", USER, "-d", database, "-v", "ON_ERROR_STOP=1"]);
        psql.args(["-X", "-q", "-A", "-t", "-f", "-"]).run(sql)
    }

    /// Runs statements in [`DATABASE`]; the answer is rows of `|`-separated values without a header.
    pub fn run(&self, sql: &str) -> Result<String, ServerError> {
        self.sql(DATABASE, sql)
    }

    /// Ends the server in order and starts it on its port again, with an empty memory and these settings.
    pub fn restart_with(&self, settings: &[&str]) -> Result<(), ServerError> {
        let stop = self.program("pg_ctl").args(["stop", "-s", "-w", "-t", "600", "-m", "fast"]);
        stop.args(["-D", &self.data()]).run("")?;
        self.listen(settings)
    }

    /// The folder of its data.
    pub fn data_folder(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// The port it listens on at 127.0.0.1.
    pub fn port(&self) -> u16 {
        self.port
    }
}

impl Drop for PostgreSql {
    fn drop(&mut self) {
        // The folder is about to go; a server that stopped by itself is as good.
        let stop =
            self.program("pg_ctl").args(["stop", "-s", "-m", "immediate", "-D", &self.data()]);
        let _ = stop.run("");
    }
}

/// The server's program of the newest version.
fn newest() -> Option<PathBuf> {
    let versions = std::fs::read_dir(VERSIONS).ok()?.flatten();
    let mut versions: Vec<(u32, PathBuf)> = versions
        .filter_map(|entry| Some((entry.file_name().to_str()?.parse().ok()?, entry.path())))
        .collect();
    versions.sort();
    packages::first_of(versions.into_iter().rev().map(|(_, path)| path.join("bin/postgres")))
}
