//! A kind of system over SQL Server, as data: the generic one, and ERPs that keep their tables there.

use std::sync::Arc;

use yuanliu_contract::{
    Capabilities, ConfigProblem, ConfigSpec, Connector, Seams, Settings, StreamSpec, System,
};

use crate::{config, system};

/// A kind of system whose data lies in SQL Server databases.
///
/// A product over SQL Server is one value of this and a catalogue text; it needs no code:
///
/// ```
/// use yuanliu_sql_server::SqlServerKind;
///
/// pub const EXAMPLE_ERP: SqlServerKind = SqlServerKind {
///     kind: "example_erp",
///     title: "示例 ERP Example",
///     catalog: r#"
///         [[stream]]
///         name = "customer"
///         title = "客户 Customer"
///         table = "dbo.Customer"
///         key = ["cCusCode"]
///         change = "pubufts"
///         columns = [
///             { name = "cCusCode", type = "text" },
///             { name = "pubufts", type = "rowversion" },
///         ]
///     "#,
///     has_yearly_databases: true,
/// };
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SqlServerKind {
    /// The word written as `kind = "…"`; snake case.
    pub kind: &'static str,
    /// What people call the system: Chinese first, then English.
    pub title: &'static str,
    /// The streams every system of this kind has, as TOML (`[[stream]]` tables, see
    /// `connectors/sql-kit`); empty where all streams are configured. Streams an admin configures
    /// are added to it.
    pub catalog: &'static str,
    /// Whether several databases may be read as one system, as those that hold one year each
    /// (`databases`, oldest first).
    pub has_yearly_databases: bool,
}

/// Any SQL Server database, described by configuration only.
pub const SQL_SERVER: SqlServerKind = SqlServerKind {
    kind: "sql_server",
    title: "SQL Server 数据库 SQL Server",
    catalog: "",
    has_yearly_databases: true,
};

impl SqlServerKind {
    /// Whether this is a product with streams of its own, and not just any database.
    pub fn has_catalog(&self) -> bool {
        !self.catalog.trim().is_empty()
    }
}

impl Connector for SqlServerKind {
    fn kind(&self) -> &'static str {
        self.kind
    }

    fn title(&self) -> &'static str {
        self.title
    }

    fn capabilities(&self) -> Capabilities {
        Capabilities {
            incremental: true,
            reports_deletes: true,
            write_back: false,
            own_streams: !self.has_catalog(),
        }
    }

    fn config_spec(&self) -> ConfigSpec {
        config::spec(self)
    }

    fn default_streams(&self) -> Vec<StreamSpec> {
        system::default_streams(self)
    }

    fn open(
        &self,
        settings: &Settings,
        seams: Seams,
    ) -> Result<Arc<dyn System>, Vec<ConfigProblem>> {
        system::open(*self, settings, seams)
    }
}
