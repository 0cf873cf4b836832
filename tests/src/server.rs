//! A running `yuanliu serve` and a client of it.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use reqwest::{Client, RequestBuilder};
use serde_json::Value;

use crate::hub::TestHub;

/// Longer than any answer takes on a busy machine.
const ANSWER_WITHIN: Duration = Duration::from_secs(60);

/// A hub that serves; killed when dropped.
#[derive(Debug)]
pub struct Server {
    process: Option<Child>,
    /// `http://127.0.0.1:PORT`.
    pub address: String,
    client: Client,
}

impl Server {
    /// Starts the hub on a port it picks and waits until it says where it listens.
    pub fn start(hub: &TestHub) -> Self {
        Self::start_with(hub.command(&Self::ARGUMENTS))
    }

    /// What makes the hub serve on a port it picks and say which.
    pub const ARGUMENTS: [&str; 5] = ["--format", "json", "serve", "--port", "0"];

    /// The same for a command with these arguments that runs in surroundings of its own.
    pub fn start_with(mut command: Command) -> Self {
        let mut process = command.stdout(Stdio::piped()).spawn().expect("the hub starts");
        let stdout = process.stdout.take().expect("a pipe");
        let mut line = String::new();
        BufReader::new(stdout).read_line(&mut line).expect("the address");
        let said: Value = serde_json::from_str(&line).expect("a JSON line with the address");
        let address = said["address"].as_str().expect("an address").to_owned();
        let client = Client::builder().timeout(ANSWER_WITHIN).build().expect("a client");
        Self { process: Some(process), address, client }
    }

    /// A request for a path, to be completed and sent.
    pub fn get(&self, path: &str) -> RequestBuilder {
        self.client.get(format!("{}{path}", self.address))
    }

    /// The same for a body.
    pub fn post(&self, path: &str) -> RequestBuilder {
        self.client.post(format!("{}{path}", self.address))
    }

    /// The process.
    pub fn id(&self) -> u32 {
        self.process.as_ref().expect("a running hub").id()
    }

    /// Takes the process out, for whoever ends it in their own way.
    pub fn into_process(mut self) -> Child {
        self.process.take().expect("a running hub")
    }

    /// Asks the hub to end, as the system does, and waits; what is in the inbox is landed by then.
    pub fn stop(self) {
        let mut process = self.into_process();
        let asked = Command::new("kill").args(["-TERM", &process.id().to_string()]).status();
        assert!(asked.expect("kill starts").success());
        let status = process.wait().expect("the hub ends");
        assert_eq!(status.code(), Some(0), "the hub ended with {status}");
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if let Some(process) = &mut self.process {
            // It may have ended by itself, which its test has seen.
            let _ = process.kill();
            let _ = process.wait();
        }
    }
}

/// Sends a request and reads the answer: its status and its JSON.
pub async fn answer(request: RequestBuilder) -> (u16, Value) {
    let response = request.send().await.expect("an answer");
    let status = response.status().as_u16();
    let text = response.text().await.expect("a body");
    let json = serde_json::from_str(&text).unwrap_or_else(|e| panic!("not JSON ({e}): {text}"));
    (status, json)
}
