//! The one list of connectors.
//!
//! Adding a connector adds one line here; nothing else in the workspace names a concrete system.

use yuanliu_contract::{Connector, WriteBack};
use yuanliu_files::FilesConnector;
use yuanliu_kingdee_galaxy::KingdeeGalaxy;
use yuanliu_kingdee_k3_wise::KINGDEE_K3_WISE;
use yuanliu_mysql::MySql;
use yuanliu_postgresql::PostgreSql;
use yuanliu_sql_server::SQL_SERVER;
use yuanliu_sqlite::Sqlite;
use yuanliu_yonyou_bip::YonyouBip;
use yuanliu_yonyou_eai::{YonyouNc, YonyouU8Eai};
use yuanliu_yonyou_u8::YONYOU_U8;
use yuanliu_yonyou_u8_openapi::YonyouU8OpenApi;

/// Every kind of system the hub can connect to, in the order of a form.
pub fn connectors() -> Vec<Box<dyn Connector>> {
    vec![
        Box::new(KingdeeGalaxy),
        Box::new(KINGDEE_K3_WISE),
        Box::new(YonyouBip),
        Box::new(YONYOU_U8),
        Box::new(YonyouU8OpenApi),
        Box::new(YonyouU8Eai),
        Box::new(YonyouNc),
        Box::new(SQL_SERVER),
        Box::new(PostgreSql),
        Box::new(MySql),
        Box::new(Sqlite),
        Box::new(FilesConnector),
    ]
}

/// Every kind of system that takes documents.
pub fn write_backs() -> Vec<Box<dyn WriteBack>> {
    vec![
        Box::new(KingdeeGalaxy),
        Box::new(YonyouBip),
        Box::new(YonyouU8OpenApi),
        Box::new(YonyouU8Eai),
        Box::new(YonyouNc),
    ]
}

/// A kind that no connector has.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("unknown kind `{kind}`; known kinds are {}", known.join(", "))]
pub struct UnknownKind {
    /// As written.
    pub kind: String,
    /// Those that would do.
    pub known: Vec<&'static str>,
}

/// The connector whose kind is written as `kind = "…"`.
pub fn find(kind: &str) -> Result<Box<dyn Connector>, UnknownKind> {
    let all = connectors();
    let known = all.iter().map(|connector| connector.kind()).collect();
    let found = all.into_iter().find(|connector| connector.kind() == kind);
    found.ok_or_else(|| UnknownKind { kind: kind.to_owned(), known })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn kinds_are_unique_and_found() {
        let kinds: BTreeSet<_> = connectors().iter().map(|c| c.kind()).collect();
        assert_eq!(kinds.len(), connectors().len());
        assert!(kinds.iter().all(|kind| find(kind).is_ok()));
    }

    #[test]
    fn an_unknown_kind_lists_the_known() {
        let error = find("kingdee").err().map(|error| error.to_string());
        let told = error.unwrap_or_default();
        assert!(told.starts_with("unknown kind `kingdee`; known kinds are "), "{told}");
        assert!(connectors().iter().all(|connector| told.contains(connector.kind())), "{told}");
    }
}
