//! Databases, tables and their rows.

mod database;
mod put;
mod table;
mod table_def;
mod tracking;

pub use database::Database;
pub(crate) use database::View;
pub use put::PutError;
pub(crate) use put::{Change, Op};
pub(crate) use table::{Table, TableData};
pub use table_def::{ColumnDef, IndexDef, TableDef};
