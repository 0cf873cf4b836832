//! Programs of a server's package, run to their end.

use std::io::{self, Seek, Write};
use std::path::Path;
use std::process::{Command, Stdio};

use crate::ServerError;

/// A program of a Debian package that is about to run.
pub(crate) struct Program {
    name: String,
    package: &'static str,
    command: Command,
}

impl Program {
    /// The program at `path`, run as `account` or, without one, as whoever runs this.
    pub(crate) fn new(path: &Path, account: Option<&str>, package: &'static str) -> Self {
        let name = path.display().to_string();
        let mut command = match account {
            Some(account) => {
                let mut command = Command::new("runuser");
                command.args(["-u", account, "--"]).arg(path);
                command
            }
            None => Command::new(path),
        };
        // The account need not be allowed to enter the folder we are in.
        command.current_dir("/");
        Self { name, package, command }
    }

    /// Adds arguments.
    pub(crate) fn args<'a>(mut self, arguments: impl IntoIterator<Item = &'a str>) -> Self {
        self.command.args(arguments);
        self
    }

    /// Sets a variable of its environment.
    pub(crate) fn env(mut self, name: &str, value: &str) -> Self {
        self.command.env(name, value);
        self
    }

    /// The command, to be started and left running.
    pub(crate) fn into_command(self) -> Command {
        self.command
    }

    /// Runs it with `input` and returns what it printed.
    pub(crate) fn run(mut self, input: &str) -> Result<String, ServerError> {
        let stdin = as_file(input).map_err(|source| self.missing(source))?;
        let done = self.command.stdin(stdin).output().map_err(|source| self.missing(source))?;
        let stdout = String::from_utf8_lossy(&done.stdout).into_owned();
        if done.status.success() {
            return Ok(stdout);
        }
        let message = format!("{stdout}{}", String::from_utf8_lossy(&done.stderr));
        Err(ServerError::Failed { program: self.name, message: message.trim().to_owned() })
    }

    fn missing(&self, source: io::Error) -> ServerError {
        ServerError::Missing { program: self.name.clone(), package: self.package, source }
    }
}

/// A file instead of a pipe: a program may answer before it has read everything.
fn as_file(input: &str) -> io::Result<Stdio> {
    let mut file = tempfile::tempfile()?;
    file.write_all(input.as_bytes())?;
    file.rewind()?;
    Ok(Stdio::from(file))
}
