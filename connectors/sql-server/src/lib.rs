//! SQL Server over TDS: any table or query as a stream, described by configuration only.
//!
//! Speaks the protocol, writes T-SQL and types what the server answers; keyset reading, positions and
//! passes are `connectors/sql-kit`. It does not map a column to the canonical model, does not retry
//! and keeps no position. Products over SQL Server are values of [`SqlServerKind`].
//!
//! Reading order: `kind`, `config`, `connect`, `pool`, `statement`, `server`, `dialect`,
//! `server_type`, `decode`, `describe`, `tracking`, `error`.

mod config;
mod connect;
mod decode;
mod describe;
mod dialect;
mod error;
mod kind;
mod pool;
mod server;
mod server_type;
mod statement;
mod system;
mod tracking;

pub use kind::{SQL_SERVER, SqlServerKind};
