//! Real PostgreSQL and MariaDB servers, each with an empty database in a folder of its own, gone when dropped.
//!
//! A server that is not installed is installed with `apt-get`, which needs root or `sudo`. Servers refuse to run
//! as root, so they run as the account of their package then. They listen on loopback only, on a free port.
//! [`faketime`] is where the library is that shifts a process's clock.
//!
//! ```no_run
//! # fn main() -> Result<(), yuanliu_sandbox_servers::ServerError> {
//! let server = yuanliu_sandbox_servers::PostgreSql::start()?;
//! server.run("create table scan (id bigint primary key)")?;
//! println!("127.0.0.1:{} as {}", server.port(), yuanliu_sandbox_servers::USER);
//! # Ok(())
//! # }
//! ```

mod account;
mod command;
mod drivers;
mod error;
mod faketime;
mod mariadb;
mod packages;
mod postgresql;
mod psql;
mod spreadsheet;

pub use drivers::{jdbc, odbc};
pub use error::ServerError;
pub use faketime::faketime;
pub use mariadb::MariaDb;
pub use postgresql::PostgreSql;
pub use psql::psql;
pub use spreadsheet::ssconvert;

/// Who may do everything in [`DATABASE`].
pub const USER: &str = "yuanliu";

/// [`USER`]'s password.
pub const PASSWORD: &str = "sandbox-password";

/// The empty database.
pub const DATABASE: &str = "mes";

/// How often a server is tried on another port when its own was taken meanwhile.
const PORTS_TRIED: usize = 5;

/// A port that is free now.
fn free_port() -> Result<u16, ServerError> {
    let listener = std::net::TcpListener::bind(("127.0.0.1", 0)).map_err(ServerError::Port)?;
    Ok(listener.local_addr().map_err(ServerError::Port)?.port())
}
