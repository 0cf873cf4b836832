//! The parts that decide, put together.

use std::sync::Arc;

use serde::Deserialize;
use serde_json::Value;
use uuid::Uuid;

use crate::audit::{AuditEntry, AuditOutcome};
use crate::clock::Clock;
use crate::error::AccessError;
use crate::lockout::{AttemptBook, LockoutRules};
use crate::password_hash::PasswordHasher;
use crate::permission::Permission;
use crate::principal::Principal;
use crate::role::Role;
use crate::session_rules::SessionRules;
use crate::stores::{AccountStore, AuditLog, OidcFlowStore, SessionStore, TokenStore};

/// Where everything is kept.
#[derive(Clone)]
pub struct Stores {
    /// The accounts.
    pub accounts: Arc<dyn AccountStore>,
    /// Who is logged in.
    pub sessions: Arc<dyn SessionStore>,
    /// The API tokens.
    pub tokens: Arc<dyn TokenStore>,
    /// Logins on their way through the identity provider.
    pub flows: Arc<dyn OidcFlowStore>,
    /// The audit log.
    pub log: Arc<dyn AuditLog>,
}

impl Stores {
    /// One store that keeps all.
    pub fn all_in<T>(store: Arc<T>) -> Self
    where
        T: AccountStore + SessionStore + TokenStore + OidcFlowStore + AuditLog + 'static,
    {
        Self {
            accounts: store.clone(),
            sessions: store.clone(),
            tokens: store.clone(),
            flows: store.clone(),
            log: store,
        }
    }
}

/// Limits that a hub may set.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct AccessRules {
    /// Of wrong passwords.
    pub lockout: LockoutRules,
    /// Of sessions.
    pub sessions: SessionRules,
}

/// Who asks for something, and from where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Actor {
    /// The login, `token:NAME`, or `system`.
    pub login: String,
    /// The role.
    pub role: Role,
    /// The address; none for the hub itself.
    pub address: Option<String>,
}

impl Actor {
    /// Somebody who was let in, at an address.
    #[must_use]
    pub fn new(principal: &Principal, address: &str) -> Self {
        let address = Some(address.to_owned());
        Self { login: principal.login.clone(), role: principal.role, address }
    }

    /// The hub itself, or who commands it at its machine.
    #[must_use]
    pub fn system() -> Self {
        Self { login: "system".to_owned(), role: Role::Admin, address: None }
    }
}

/// Decides who is let in, and keeps accounts, sessions and tokens. One for a process: it remembers the
/// addresses that sent wrong passwords.
pub struct Access {
    pub(crate) stores: Stores,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) hasher: PasswordHasher,
    pub(crate) rules: AccessRules,
    pub(crate) addresses: AttemptBook,
    pub(crate) strangers: AttemptBook,
}

impl Access {
    /// Puts the parts together.
    #[must_use]
    pub fn new(
        stores: Stores,
        clock: Arc<dyn Clock>,
        hasher: PasswordHasher,
        rules: AccessRules,
    ) -> Self {
        Self {
            stores,
            clock,
            hasher,
            rules,
            addresses: AttemptBook::default(),
            strangers: AttemptBook::default(),
        }
    }

    /// Notes in the audit log what somebody did or tried. `detail` must hold no secret.
    pub async fn note(
        &self,
        actor: &Actor,
        action: &str,
        object: &str,
        outcome: AuditOutcome,
        detail: Value,
    ) -> Result<(), AccessError> {
        self.log(Some(actor.role), actor, action, object, outcome, detail).await
    }

    /// Notes what somebody tried who was not let in.
    pub(crate) async fn note_stranger(
        &self,
        who: &str,
        address: &str,
        action: &str,
        detail: Value,
    ) -> Result<(), AccessError> {
        let address = Some(address.to_owned());
        let actor = Actor { login: who.to_owned(), role: Role::Public, address };
        self.log(None, &actor, action, who, AuditOutcome::Refused, detail).await
    }

    async fn log(
        &self,
        role: Option<Role>,
        actor: &Actor,
        action: &str,
        object: &str,
        outcome: AuditOutcome,
        detail: Value,
    ) -> Result<(), AccessError> {
        let entry = AuditEntry {
            entry_id: Uuid::now_v7().to_string(),
            at: self.clock.now(),
            actor: actor.login.clone(),
            role,
            address: actor.address.clone(),
            action: action.to_owned(),
            object: object.to_owned(),
            outcome,
            detail,
        };
        Ok(self.stores.log.append(&entry).await?)
    }

    /// Refuses, and notes it, what the role does not allow.
    pub(crate) async fn demand(
        &self,
        actor: &Actor,
        permission: Permission,
        action: &str,
        object: &str,
    ) -> Result<(), AccessError> {
        if permission.reach(actor.role) == crate::permission::Reach::No {
            self.note(actor, action, object, AuditOutcome::Refused, Value::Null).await?;
            return Err(AccessError::Forbidden { role: actor.role });
        }
        Ok(())
    }
}
