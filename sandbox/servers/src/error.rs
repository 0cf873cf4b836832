//! Why a server does not run.

use std::io;
use std::path::PathBuf;

/// Why a server could not be installed, started or asked.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ServerError {
    /// No free port was found.
    #[error("finding a free port")]
    Port(#[source] io::Error),
    /// The server's folder could not be made.
    #[error("making the server's folder {}", .0.display())]
    Folder(PathBuf, #[source] io::Error),
    /// A program does not start.
    #[error("starting {program}; install the Debian package {package}")]
    Missing {
        /// The program.
        program: String,
        /// The package it comes in.
        package: &'static str,
        /// What the system said.
        #[source]
        source: io::Error,
    },
    /// A program ended with an error.
    #[error("{program}: {message}")]
    Failed {
        /// The program.
        program: String,
        /// What it printed.
        message: String,
    },
}
