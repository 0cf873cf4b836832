//! A folder of CSV and XLSX files named after the canonical tables; no mapping needed.
//!
//! The onboarding path of a company without an API: `product.csv`, `sales_order_line.xlsx`, … with
//! the column names of the core model in the header. The tables are data (`catalog.toml`). A file that
//! did not change since the last run is not read; a changed one is read whole, row by row, and is an
//! upsert by key. A file or row that vanishes deletes nothing.
//!
//! Reading order: [`catalog`], `folder`, `fingerprint`, `csv_file` and `xlsx_file` (rows out of a file),
//! `header`, `decode` (rows typed), `reader` (pages out of rows), `source`, `system`.

pub mod catalog;
pub mod config;

mod batch;
mod cell;
mod csv_file;
mod decode;
mod error;
mod fingerprint;
mod folder;
mod header;
mod position;
mod reader;
mod rows;
mod source;
mod system;
mod xlsx_file;
mod zip_guard;

pub use config::FilesConnector;
