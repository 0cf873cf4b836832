//! The view of one principal.

use std::sync::Arc;

use chrono::Utc;
use yuanliu_access::Principal;
use yuanliu_api::ports::{Answer, PortError};
use yuanliu_warehouse::{QueryScope, RowLimit};

use super::Desk;
use crate::report::models_read;
use crate::row_scope::row_limit;

impl Desk {
    /// What a principal's rows are limited to; `None` where nothing is hidden.
    pub(super) fn limit(&self, who: &Principal) -> Option<RowLimit> {
        row_limit(&who.row_scope(), &self.service().knowledge())
    }

    /// The lake as a principal sees it now.
    pub(super) fn scope(&self, who: &Principal) -> QueryScope {
        let service = self.service();
        let scope = service.models.scope(&service.hub, Utc::now());
        self.limited(who, scope.with_hot_tables(Arc::clone(&self.0.hot)))
    }

    /// Whether a principal has rows of everything that a query reads.
    pub(super) fn shows(&self, who: &Principal, sql: &str) -> bool {
        let Some(limit) = self.limit(who) else { return true };
        let models = &self.service().models;
        let read = models_read(models, [sql].into_iter());
        read.iter().all(|table| models.row_policy.shows(table, &limit))
    }

    /// A scope as a principal sees it.
    pub(super) fn limited(&self, who: &Principal, scope: QueryScope) -> QueryScope {
        match self.limit(who) {
            Some(limit) => scope.limited(Arc::clone(&self.service().models.row_policy), limit),
            None => scope,
        }
    }

    /// The code of the dealer that asks.
    pub(super) fn own_dealer<'a>(&self, who: &'a Principal) -> Answer<&'a str> {
        let told = || PortError::Refused("this account belongs to no dealer".to_owned());
        who.dealer_code.as_deref().ok_or_else(told)
    }
}
