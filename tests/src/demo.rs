//! The demo as it serves: a filled hub with a login per role.

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};
use std::time::Duration;

use reqwest::{Client, RequestBuilder, header};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::hub::binary;

const ANSWER_WITHIN: Duration = Duration::from_secs(120);

/// The demo's hub; killed when dropped.
#[derive(Debug)]
pub struct Demo {
    process: std::process::Child,
    home: TempDir,
    /// `http://127.0.0.1:PORT`.
    pub address: String,
    /// Where BI tools come in: `127.0.0.1:PORT`.
    pub bi: String,
    /// The password of every login.
    pub password: String,
}

/// Somebody who is logged in.
#[derive(Debug)]
pub struct Visitor {
    client: Client,
    address: String,
    /// What unsafe requests show.
    pub csrf_token: String,
    /// What every request shows, for programs that log in nowhere: `name=value`.
    pub cookie: String,
}

impl Demo {
    /// Makes the demo and waits until it listens.
    pub fn start() -> Self {
        let home = TempDir::new().expect("a temporary folder");
        let mut process = Command::new(binary())
            .args(["demo", "--serve", "--port", "0", "--quiet", "--format", "json", "--home"])
            .arg(home.path().join("demo"))
            .stdout(Stdio::piped())
            .spawn()
            .expect("the demo starts");
        let mut lines = BufReader::new(process.stdout.take().expect("a pipe")).lines();
        let mut next = || -> Value {
            let line = lines.next().expect("a line of the demo").expect("a readable line");
            serde_json::from_str(&line).unwrap_or_else(|error| panic!("not JSON ({error}): {line}"))
        };
        let (logins, served) = (next(), next());
        let text = |value: &Value| value.as_str().expect("a text").to_owned();
        Self {
            process,
            home,
            address: text(&served["address"]),
            bi: text(&served["bi"]),
            password: text(&logins["password"]),
        }
    }

    /// A command on the demo's configuration, beside the hub that serves it.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(binary());
        command.arg("--config").arg(self.home.path().join("demo/config")).args(arguments);
        command
    }

    /// The rows of a query over the whole lake.
    pub fn rows(&self, sql: &str) -> Vec<Value> {
        let output = self.command(&["sql", sql, "--format", "json"]).output().expect("sql runs");
        let told = String::from_utf8_lossy(&output.stderr);
        let rows: Value = serde_json::from_slice(&output.stdout)
            .unwrap_or_else(|error| panic!("{sql}: {error}: {told}"));
        rows.as_array().expect("rows").clone()
    }

    /// What `psql` prints for a statement of this login at the endpoint of BI tools, or what it complains of.
    pub fn psql(&self, login: &str, sql: &str) -> Result<Vec<String>, String> {
        self.psql_as(login, &self.password, sql)
    }

    /// The same with another password.
    pub fn psql_as(&self, login: &str, password: &str, sql: &str) -> Result<Vec<String>, String> {
        let (host, port) = self.bi_place();
        let output = Command::new(yuanliu_sandbox_servers::psql().expect("psql"))
            .args(["-X", "-A", "-t", "-q", "-v", "ON_ERROR_STOP=1", "-d", "lake", "-c", sql])
            .args(["-h", host, "-p", port, "-U", login])
            .env("PGPASSWORD", password)
            .env("PGCONNECT_TIMEOUT", "30")
            .output()
            .expect("psql runs");
        if !output.status.success() {
            return Err(String::from_utf8_lossy(&output.stderr).into_owned());
        }
        Ok(String::from_utf8_lossy(&output.stdout).lines().map(str::to_owned).collect())
    }

    /// Host and port of the endpoint of BI tools.
    pub fn bi_place(&self) -> (&str, &str) {
        self.bi.rsplit_once(':').expect("host and port")
    }

    /// Logs somebody in.
    pub async fn log_in(&self, login: &str) -> Visitor {
        let client = Client::builder().cookie_store(true).timeout(ANSWER_WITHIN).build();
        let client = client.expect("a client");
        let body = json!({"login": login, "password": self.password});
        let asked = client.post(format!("{}/api/v1/session", self.address)).json(&body).send();
        let answer = asked.await.expect("an answer");
        let cookies = answer.cookies().map(|one| format!("{}={}", one.name(), one.value()));
        let cookie = cookies.collect::<Vec<_>>().join("; ");
        let session: Value = answer.json().await.expect("a session");
        let csrf_token = session["csrf_token"].as_str().unwrap_or_else(|| panic!("{session}"));
        let csrf_token = csrf_token.to_owned();
        Visitor { csrf_token, cookie, client, address: self.address.clone() }
    }
}

impl Visitor {
    /// A request for a path below `/api/v1`.
    pub fn get(&self, path: &str) -> RequestBuilder {
        self.client.get(format!("{}/api/v1{path}", self.address))
    }

    /// The same that changes something, with what shows that it comes from the hub's own page.
    pub fn post(&self, path: &str) -> RequestBuilder {
        let request = self.client.post(format!("{}/api/v1{path}", self.address));
        request.header("x-csrf-token", &self.csrf_token).header(header::ORIGIN, &self.address)
    }
}

impl Drop for Demo {
    fn drop(&mut self) {
        // It may have ended by itself, which its test has seen.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
