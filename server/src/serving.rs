//! The hub that serves a data folder, for commands that ask it instead of opening its ledger.
//!
//! One process has the ledger at a time. A hub that serves leaves its address, and a token that only its
//! account can read, in the data folder while it runs.

use std::fs::{self, OpenOptions};
use std::io::Write;
use std::net::SocketAddr;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, Result, bail};
use reqwest::Client;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

const FILE: &str = "serving.json";

/// A hub that takes longer to say that it lives was killed or is not ours.
const LIVES_WITHIN: Duration = Duration::from_secs(2);

const ANSWER_WITHIN: Duration = Duration::from_secs(60);

/// Codes asked for at a time, as many as one question may hold.
const CODES_MAX: usize = 50;

/// A hub that serves the same data folder.
#[derive(Serialize, Deserialize)]
pub(crate) struct Serving {
    address: SocketAddr,
    token: String,
}

/// The note that a hub serves; gone when dropped.
pub(crate) struct Announcement(PathBuf);

impl Announcement {
    /// Leaves the note where [`Serving::find`] looks for it.
    pub(crate) fn make(data: &Path, address: SocketAddr, token: &str) -> Result<Self> {
        let path = data.join(FILE);
        let note = Serving { address, token: token.to_owned() };
        let write = || {
            // A note left by a kill may be open to others.
            match fs::remove_file(&path) {
                Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error),
                _ => {}
            }
            let mut file =
                OpenOptions::new().write(true).create_new(true).mode(0o600).open(&path)?;
            file.write_all(json!(note).to_string().as_bytes())
        };
        write().with_context(|| format!("noting the hub's address in {}", path.display()))?;
        Ok(Self(path))
    }
}

impl Drop for Announcement {
    fn drop(&mut self) {
        // A note that stays is found to lead nowhere.
        let _ = fs::remove_file(&self.0);
    }
}

impl Serving {
    /// The hub that serves a data folder and answers now.
    pub(crate) async fn find(data: &Path) -> Option<Self> {
        let note = fs::read(data.join(FILE)).ok()?;
        let serving: Self = serde_json::from_slice(&note).ok()?;
        let url = format!("http://{}/healthz", serving.address);
        let lives = client().ok()?.get(url).timeout(LIVES_WITHIN).send().await;
        lives.is_ok_and(|answer| answer.status().is_success()).then_some(serving)
    }

    /// What the hub says of codes, as staff.
    pub(crate) async fn verify(&self, codes: &[&str]) -> Result<Vec<Value>> {
        let url = format!("http://{}/api/v1/verify", self.address);
        let mut answers = Vec::with_capacity(codes.len());
        for some in codes.chunks(CODES_MAX) {
            let asking = client()?.post(&url).bearer_auth(&self.token);
            let asked = asking.json(&json!({"codes": some.join(";")})).send().await;
            let answer = asked.with_context(|| format!("asking the hub at {}", self.address))?;
            let status = answer.status();
            match answer.json().await.context("reading what the hub answers")? {
                Value::Array(some) if status.is_success() => answers.extend(some),
                told => {
                    let why = told["detail"].as_str().unwrap_or("it answers something else");
                    bail!("the hub at {} refuses ({status}): {why}", self.address)
                }
            }
        }
        Ok(answers)
    }
}

fn client() -> Result<Client> {
    // Loopback needs no proxy, whatever the surroundings say.
    let client = Client::builder().timeout(ANSWER_WITHIN).no_proxy().build();
    client.context("preparing calls of the hub")
}
