//! MariaDB from its Debian package.

use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};

use tempfile::TempDir;

use crate::command::Program;
use crate::{DATABASE, PASSWORD, PORTS_TRIED, ServerError, USER, account, free_port, packages};

const PACKAGE: &str = "mariadb-server";

/// Seconds a new server has until it answers.
const START_SECONDS: &str = "--wait=60";

/// A running MariaDB; stopped and its data removed when dropped.
#[derive(Debug)]
pub struct MariaDb {
    server: PathBuf,
    account: Option<&'static str>,
    process: Option<Child>,
    folder: TempDir,
    port: u16,
}

impl MariaDb {
    /// Starts a server with `utf8mb4` and otherwise MariaDB's own settings.
    pub fn start() -> Result<Self, ServerError> {
        Self::start_with(&[])
    }

    /// Starts a server with further settings: `["max_connections=2"]`.
    pub fn start_with(settings: &[&str]) -> Result<Self, ServerError> {
        let find = || packages::first_of(["/usr/sbin/mariadbd".into()]);
        let server = packages::require(PACKAGE, find)?;
        let account = account::for_server("mysql");
        let folder = account::folder(account)?;
        let mut server = Self { server, account, process: None, folder, port: 0 };
        let data = format!("--datadir={}", server.path("data"));
        let install = Program::new(Path::new("mariadb-install-db"), account, PACKAGE);
        let install = install.args(["--no-defaults", "--skip-test-db"]);
        let temporary = server.temporary();
        install.args(["--auth-root-authentication-method=normal", &data, &temporary]).run("")?;
        let mut tried = 0;
        loop {
            server.port = free_port()?;
            tried += 1;
            match server.listen(&data, settings) {
                Ok(()) => break,
                Err(error) if tried == PORTS_TRIED => return Err(error),
                Err(_) => server.stop(),
            }
        }
        server.sql(
            "mysql",
            &format!(
                "create database {DATABASE} character set utf8mb4;
                 create user '{USER}'@'%' identified by '{PASSWORD}';
                 grant all on {DATABASE}.* to '{USER}'@'%';"
            ),
        )?;
        Ok(server)
    }

    fn listen(&mut self, data: &str, settings: &[&str]) -> Result<(), ServerError> {
        let (socket, log, temporary) = (self.path("socket"), self.path("log"), self.temporary());
        let server = Program::new(&self.server, self.account, PACKAGE).args([
            "--no-defaults",
            "--bind-address=127.0.0.1",
            "--character-set-server=utf8mb4",
            "--skip-name-resolve",
            // A lock that is never given back is to be an error, not a hang.
            "--lock-wait-timeout=60",
            data,
            &format!("--port={}", self.port),
            &format!("--socket={socket}"),
            &format!("--log-error={log}"),
            &temporary,
        ]);
        let settings: Vec<_> = settings.iter().map(|setting| format!("--{setting}")).collect();
        let server = server.args(settings.iter().map(String::as_str));
        let mut command = server.into_command();
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        self.process = Some(command.spawn().map_err(|source| ServerError::Missing {
            program: self.server.display().to_string(),
            package: PACKAGE,
            source,
        })?);
        let ping = Program::new(Path::new("mariadb-admin"), None, PACKAGE);
        let socket = format!("--socket={socket}");
        let ping = ping.args(["--no-defaults", &socket, "-u", "root", START_SECONDS, "ping"]);
        ping.run("").map(|_| ())
    }

    /// A server that starts clears other servers' tables out of a folder they share.
    fn temporary(&self) -> String {
        format!("--tmpdir={}", self.folder.path().display())
    }

    fn path(&self, name: &str) -> String {
        self.folder.path().join(name).display().to_string()
    }

    fn sql(&self, database: &str, sql: &str) -> Result<String, ServerError> {
        let client = Program::new(Path::new("mariadb"), None, PACKAGE);
        let socket = format!("--socket={}", self.path("socket"));
        let client = client.args(["--no-defaults", "--default-character-set=utf8mb4", &socket]);
        client.args(["-u", "root", "-N", "-B", database]).run(sql)
    }

    /// Runs statements in [`DATABASE`]; the answer is rows of tab-separated values without a header.
    pub fn run(&self, sql: &str) -> Result<String, ServerError> {
        self.sql(DATABASE, sql)
    }

    /// The port it listens on at 127.0.0.1.
    pub fn port(&self) -> u16 {
        self.port
    }

    fn stop(&mut self) {
        let socket = format!("--socket={}", self.path("socket"));
        let admin = Program::new(Path::new("mariadb-admin"), None, PACKAGE);
        let stopped = admin.args(["--no-defaults", &socket, "-u", "root", "shutdown"]).run("");
        if let Some(mut process) = self.process.take() {
            if stopped.is_err() {
                // It never listened, so it holds nothing that could be lost.
                let _ = process.kill();
            }
            let _ = process.wait();
        }
    }
}

impl Drop for MariaDb {
    fn drop(&mut self) {
        self.stop();
    }
}
