//! Streams of any SQL database as data: catalogue, keyset statements, positions, pages.
//!
//! A product implements [`Database`] and [`Dialect`]; [`SqlSystem`] does the rest of reading.
//!
//! Reading order: [`catalog`], [`dialect`], [`database`], `plan`, `query`, [`position`], `source`,
//! [`cell`], [`rows`], [`payload`], [`system`].

pub mod catalog;
pub mod cell;
pub mod column_type;
pub mod config;
pub mod database;
pub mod decimal;
pub mod dialect;
pub mod payload;
pub mod position;
pub mod rows;
pub mod system;
pub mod text;
pub mod zone;

mod account;
mod check;
mod discover;
mod plan;
mod preview;
mod query;
mod source;

pub use catalog::{Column, ColumnType, Stream};
pub use cell::{Cell, CellFault, ColumnBuilder};
pub use config::SqlConfig;
pub use database::{
    Database, Deletions, DescribedColumn, DescribedTable, Greeting, PageRequest, RowPage, Statement,
};
pub use dialect::{Dialect, Nulls, Operand, Select, Value};
pub use plan::reads_as;
pub use rows::RowBuilder;
pub use system::{SqlSystem, SystemOptions};
