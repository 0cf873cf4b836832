//! A server that is measured: started, watched, asked to end.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use serde_json::{Map, Value};
use wait4::Wait4;

use crate::process;

/// A running server that says where it listens as a line of JSON; killed when dropped.
#[derive(Debug)]
pub struct Served {
    process: Option<Child>,
    address: String,
    said: Map<String, Value>,
}

/// It says where it listens in one of its first lines.
const LINES_MAX: usize = 4;

impl Served {
    /// Starts a server and waits until it listens.
    pub fn start(command: &mut Command) -> Result<Self> {
        command.stdin(Stdio::null()).stdout(Stdio::piped());
        let mut process = command.spawn().with_context(|| format!("{command:?}"))?;
        let stdout = process.stdout.take().context("the server's output")?;
        let mut served = Self { process: Some(process), address: String::new(), said: Map::new() };
        for line in BufReader::new(stdout).lines().take(LINES_MAX) {
            let line = line.context("reading the server's address")?;
            let said: Value = serde_json::from_str(&line).with_context(|| {
                format!("{command:?} did not say where it listens but {:?}", line.trim())
            })?;
            served.said.extend(said.as_object().cloned().into_iter().flatten());
            if served.said("address").is_some() {
                break;
            }
        }
        served.address = served.said("address").context("no address")?;
        served.answers().with_context(|| format!("{} does not answer", served.address))?;
        Ok(served)
    }

    /// Makes the demo of a company of some size in a folder, and serves it.
    pub fn demo(yuanliu: &Path, scale: u32, home: &Path) -> Result<Self> {
        let mut command = Command::new(yuanliu);
        command.args(["demo", "--serve", "--port", "0", "--quiet", "--format", "json"]);
        Self::start(command.args(["--scale", &scale.to_string()]).arg("--home").arg(home))
    }

    /// Waits for a first answer, whatever it is: a server that only just listens may not yet know how
    /// to end in order.
    fn answers(&self) -> Result<()> {
        let host = self.address.strip_prefix("http://").context("the address is not http://…")?;
        let mut stream = TcpStream::connect(host)?;
        stream.write_all(b"GET /healthz HTTP/1.0\r\n\r\n")?;
        stream.read_to_end(&mut Vec::new())?;
        Ok(())
    }

    /// A text among what it said.
    #[must_use]
    pub fn said(&self, name: &str) -> Option<String> {
        self.said.get(name)?.as_str().map(str::to_owned)
    }

    /// `http://127.0.0.1:PORT`.
    #[must_use]
    pub fn address(&self) -> &str {
        &self.address
    }

    /// Processor time until now.
    pub fn processor(&self) -> Result<Duration> {
        process::processor(self.id()?)
    }

    /// The most memory it had resident at once until now, in bytes.
    pub fn peak(&self) -> Result<u64> {
        process::peak(self.id()?)
    }

    /// The memory it has resident now, in bytes.
    pub fn resident(&self) -> Result<u64> {
        process::resident(self.id()?)
    }

    /// Asks it to end, as the system does, and waits.
    pub fn stop(mut self) -> Result<()> {
        let asked = Command::new("kill").args(["-TERM", &self.id()?.to_string()]).status();
        ensure!(asked.context("asking the server to end")?.success(), "kill -TERM failed");
        let Some(process) = self.process.take() else { return Ok(()) };
        let ended = process.wait4().context("waiting for the server")?;
        ensure!(ended.status.success(), "the server ended with {}", ended.status);
        Ok(())
    }

    fn id(&self) -> Result<u32> {
        self.process.as_ref().map(Child::id).context("the server has ended")
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        if let Some(process) = &mut self.process {
            // Already ended is as good as ended.
            let _ = process.kill();
            let _ = process.wait();
        }
    }
}
