//! Kingdee K/3 WISE (金蝶 K/3 WISE) as a catalogue over SQL Server.
//!
//! Tables, keys and rowversion columns are data in `catalog.toml`; reading them is the work of
//! `yuanliu-sql-server`. There is no code of its own.

use yuanliu_sql_server::SqlServerKind;

/// Kingdee K/3 WISE, read from its account set's database (`AIS…`). An account set is one database.
pub const KINGDEE_K3_WISE: SqlServerKind = SqlServerKind {
    kind: "kingdee_k3_wise",
    title: "金蝶 K/3 WISE Kingdee K/3 WISE",
    catalog: include_str!("../catalog.toml"),
    has_yearly_databases: false,
};
