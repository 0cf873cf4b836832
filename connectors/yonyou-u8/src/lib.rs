//! Yonyou U8 (用友 U8) databases as a catalogue over SQL Server.
//!
//! Tables, keys and rowversion columns are data in `catalog.toml`; reading them is the work of
//! `yuanliu-sql-server`. There is no code of its own.

use yuanliu_sql_server::SqlServerKind;

/// Yonyou U8, read from its account set's databases: `UFDATA_<account set>_<year>`, of which
/// several are one system.
pub const YONYOU_U8: SqlServerKind = SqlServerKind {
    kind: "yonyou_u8",
    title: "用友 U8 数据库 Yonyou U8 database",
    catalog: include_str!("../catalog.toml"),
    has_yearly_databases: true,
};
