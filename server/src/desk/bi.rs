//! BI tools: each login sees the tables of its permissions, within its rows.

use std::collections::BTreeSet;
use std::net::IpAddr;
use std::sync::Arc;

use async_trait::async_trait;
use chrono::Utc;
use yuanliu_access::{AccessError, Permission, Secret};
use yuanliu_bi::{Door, Refused};
use yuanliu_warehouse::QueryScope;

use super::Desk;
use crate::exit;

#[async_trait]
impl Door for Desk {
    fn lobby(&self) -> QueryScope {
        let service = self.service();
        service.models.scope(&service.hub, Utc::now())
    }

    async fn admit(
        &self,
        login: &str,
        password: &str,
        from: IpAddr,
    ) -> Result<QueryScope, Refused> {
        let admitted = self.0.access.admit(login, Secret::new(password), &from.to_string()).await;
        let who = admitted.map_err(refused)?;
        if !who.may(Permission::UseBi) {
            return Err(Refused("this account may not use BI tools; ask an admin".to_owned()));
        }
        let may: BTreeSet<&str> = who.permissions().into_iter().map(Permission::name).collect();
        let service = self.service();
        let policy = Arc::clone(&service.models.row_policy);
        let tables = policy.tables(|permission| may.contains(permission));
        let scope = service.models.scope(&service.hub, Utc::now());
        Ok(scope.limited_to_tables(policy, self.limit(&who).unwrap_or_default(), tables))
    }
}

fn refused(error: AccessError) -> Refused {
    if error.is_internal() {
        ::tracing::error!(error = exit::chain(&error.into()), "letting a BI tool in");
        return Refused("the hub cannot look up logins now; try again later".to_owned());
    }
    Refused(error.to_string())
}
