//! One process: its wall time, processor time and peak memory.

use std::io::Read;
use std::process::{ChildStdin, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, anyhow, bail};
use serde_json::Value;
use wait4::Wait4;

/// What one finished process cost and answered.
#[derive(Debug)]
pub struct Measured {
    /// From start to end on the clock.
    pub elapsed: Duration,
    /// User and system time together.
    pub processor: Duration,
    /// The most memory it had resident at once, in bytes.
    pub peak: u64,
    output: String,
}

impl Measured {
    /// The answer.
    pub fn text(&self) -> &str {
        &self.output
    }

    /// The answer as JSON.
    pub fn json(&self) -> Result<Value> {
        serde_json::from_str(&self.output).context("reading the answer as JSON")
    }
}

/// Runs a command to its end; fails if it says that something could not be done.
pub fn run(command: &mut Command) -> Result<Measured> {
    command.stdin(Stdio::null());
    run_fed(command, |_| Ok(()))
}

/// Runs a command to its end while `feed` writes what it reads, if its standard input is a pipe.
pub fn run_fed(
    command: &mut Command,
    feed: impl FnOnce(ChildStdin) -> Result<()> + Send,
) -> Result<Measured> {
    let start = Instant::now();
    let mut child =
        command.stdout(Stdio::piped()).spawn().with_context(|| format!("{command:?}"))?;
    let (stdin, stdout) = (child.stdin.take(), child.stdout.take());
    let mut output = String::new();
    let fed = std::thread::scope(|scope| {
        let feeding = stdin.map(|stdin| scope.spawn(move || feed(stdin)));
        if let Some(mut stdout) = stdout {
            stdout.read_to_string(&mut output).context("reading the answer")?;
        }
        // A panic was told already.
        let fed = feeding.map(|feeding| feeding.join().map_err(|_| anyhow!("feeding panicked")));
        anyhow::Ok(fed.transpose()?.unwrap_or(Ok(())))
    })?;
    let used = child.wait4().context("waiting for the process")?;
    let elapsed = start.elapsed();
    // One means that a report or an audit found something, which is what it is asked for.
    if !matches!(used.status.code(), Some(0 | 1)) {
        bail!("{command:?} ended with {}: {output}", used.status);
    }
    fed.context("feeding the process")?;
    let processor = used.rusage.utime + used.rusage.stime;
    Ok(Measured { elapsed, processor, peak: used.rusage.maxrss, output })
}
