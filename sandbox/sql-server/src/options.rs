//! How a sandbox is started.

use crate::clock::Clock;
use crate::data::Database;
use crate::fault::Faults;

/// An account of SQL Server authentication.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Login {
    /// Name.
    pub user: String,
    /// Password; public, as everything here.
    pub password: String,
}

impl Default for Login {
    fn default() -> Self {
        Self { user: "yuanliu_reader".to_owned(), password: "Sandbox-2026!".to_owned() }
    }
}

/// Whether the server encrypts (MS-TDS 2.2.6.5).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Encryption {
    /// It cannot.
    NotSupported,
    /// It does what the client asks for; the usual setting.
    #[default]
    Optional,
    /// It refuses clients that do not.
    Required,
}

/// Options of [`SqlServerSandbox::start`](crate::SqlServerSandbox::start).
#[derive(Debug, Clone)]
pub struct SqlServerOptions {
    /// Port on 127.0.0.1; 0 takes any free one.
    pub port: u16,
    /// What the server holds besides `master`.
    pub databases: Vec<Database>,
    /// The account; its default database is the first of `databases`.
    pub login: Login,
    /// Faults of statements to come.
    pub faults: Faults,
    /// The server's clock.
    pub clock: Clock,
    /// Whether connections are encrypted.
    pub encryption: Encryption,
    /// Minutes that the wall clock of the server room is ahead of UTC: `SYSDATETIME()`.
    pub utc_offset_minutes: i16,
    /// Whether the login has VIEW DATABASE STATE, which row counts need.
    pub view_database_state: bool,
}

impl Default for SqlServerOptions {
    fn default() -> Self {
        Self {
            port: 0,
            databases: Vec::new(),
            login: Login::default(),
            faults: Faults::default(),
            clock: Clock::System,
            encryption: Encryption::default(),
            utc_offset_minutes: 480,
            view_database_state: true,
        }
    }
}
