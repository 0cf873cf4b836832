//! Streams of any SQL database as data: catalogue, keyset statements, positions, pages.
//!
//! A product implements [`Database`] and [`Dialect`]; this crate does the rest of reading.
//!
//! Reading order: [`catalog`], [`dialect`], [`database`].

pub mod catalog;
pub mod database;
pub mod dialect;
pub mod types;
pub mod zone;

pub use catalog::{Column, ColumnType, Stream};
pub use database::{
    Database, Deletions, DescribedColumn, DescribedTable, Greeting, PageRequest, RowPage, Statement,
};
pub use dialect::{Dialect, Nulls, Operand, Select, Value};
