//! Stores that forget everything with the process: for tests, here and of who builds on this.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use chrono::{DateTime, Utc};

use crate::audit::{AuditEntry, AuditFilter};
use crate::records::{Account, ApiToken, OidcFlow, SessionRecord};
use crate::stores::{
    AccountStore, Attempts, AuditLog, Inserted, OidcFlowStore, Replaced, SessionStore, StoreError,
    TokenStore,
};

/// All stores in memory.
#[derive(Debug, Default)]
pub struct MemoryStores {
    kept: Mutex<Kept>,
}

#[derive(Debug, Default)]
struct Kept {
    accounts: BTreeMap<String, Account>,
    sessions: HashMap<String, SessionRecord>,
    tokens: Vec<ApiToken>,
    flows: HashMap<String, OidcFlow>,
    entries: Vec<AuditEntry>,
}

impl Kept {
    fn has_subject_besides(&self, account: &Account) -> bool {
        account.oidc_subject.is_some()
            && self.accounts.values().any(|other| {
                other.login != account.login && other.oidc_subject == account.oidc_subject
            })
    }
}

impl MemoryStores {
    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl AccountStore for MemoryStores {
    async fn account(&self, login: &str) -> Result<Option<Account>, StoreError> {
        Ok(self.kept().accounts.get(login).cloned())
    }

    async fn account_of_subject(&self, subject: &str) -> Result<Option<Account>, StoreError> {
        let kept = self.kept();
        let mut all = kept.accounts.values();
        Ok(all.find(|account| account.oidc_subject.as_deref() == Some(subject)).cloned())
    }

    async fn accounts(&self) -> Result<Vec<Account>, StoreError> {
        Ok(self.kept().accounts.values().cloned().collect())
    }

    async fn insert_account(&self, account: &Account) -> Result<Inserted, StoreError> {
        let mut kept = self.kept();
        if kept.accounts.contains_key(&account.login) || kept.has_subject_besides(account) {
            return Ok(Inserted::Taken);
        }
        kept.accounts.insert(account.login.clone(), account.clone());
        Ok(Inserted::Done)
    }

    async fn insert_first_account(&self, account: &Account) -> Result<Inserted, StoreError> {
        let mut kept = self.kept();
        if !kept.accounts.is_empty() {
            return Ok(Inserted::Taken);
        }
        kept.accounts.insert(account.login.clone(), account.clone());
        Ok(Inserted::Done)
    }

    async fn replace_account(&self, account: &Account) -> Result<Replaced, StoreError> {
        let mut kept = self.kept();
        let stored = match kept.accounts.get(&account.login) {
            Some(stored) if stored.revision == account.revision => stored.clone(),
            _ => return Ok(Replaced::Stale),
        };
        let has_other_admin = kept
            .accounts
            .values()
            .any(|other| other.login != account.login && other.is_active_admin());
        if stored.is_active_admin() && !account.is_active_admin() && !has_other_admin {
            return Ok(Replaced::LastAdmin);
        }
        if kept.has_subject_besides(account) {
            return Ok(Replaced::SubjectTaken);
        }
        let replaced = Account {
            failed_attempts: stored.failed_attempts,
            locked_until: stored.locked_until,
            revision: stored.revision + 1,
            ..account.clone()
        };
        kept.accounts.insert(account.login.clone(), replaced);
        Ok(Replaced::Done)
    }

    async fn count_attempt(&self, login: &str) -> Result<Option<Attempts>, StoreError> {
        Ok(self.kept().accounts.get_mut(login).map(|account| {
            account.failed_attempts = account.failed_attempts.saturating_add(1);
            Attempts { failed: account.failed_attempts, locked_until: account.locked_until }
        }))
    }

    async fn lock_account(
        &self,
        login: &str,
        now: DateTime<Utc>,
        until: DateTime<Utc>,
    ) -> Result<bool, StoreError> {
        let mut kept = self.kept();
        let Some(account) = kept.accounts.get_mut(login) else { return Ok(false) };
        let is_free = account.locked_until.is_none_or(|locked| locked <= now);
        if is_free {
            account.locked_until = Some(until);
        }
        Ok(is_free)
    }

    async fn clear_attempts(&self, login: &str) -> Result<(), StoreError> {
        if let Some(account) = self.kept().accounts.get_mut(login) {
            account.failed_attempts = 0;
            account.locked_until = None;
        }
        Ok(())
    }
}

#[async_trait]
impl SessionStore for MemoryStores {
    async fn insert_session(&self, session: &SessionRecord) -> Result<(), StoreError> {
        self.kept().sessions.insert(session.id_hash.expose().to_owned(), session.clone());
        Ok(())
    }

    async fn session(&self, id_hash: &str) -> Result<Option<SessionRecord>, StoreError> {
        Ok(self.kept().sessions.get(id_hash).cloned())
    }

    async fn touch_session(&self, id_hash: &str, at: DateTime<Utc>) -> Result<(), StoreError> {
        if let Some(session) = self.kept().sessions.get_mut(id_hash) {
            session.last_seen_at = at;
        }
        Ok(())
    }

    async fn delete_session(&self, id_hash: &str) -> Result<(), StoreError> {
        self.kept().sessions.remove(id_hash);
        Ok(())
    }

    async fn delete_sessions_of(&self, login: &str, kept: Option<&str>) -> Result<u64, StoreError> {
        let mut all = self.kept();
        let before = all.sessions.len();
        all.sessions.retain(|hash, session| session.login != login || kept == Some(hash.as_str()));
        Ok((before - all.sessions.len()) as u64)
    }

    async fn delete_ended_sessions(
        &self,
        now: DateTime<Utc>,
        idle_since: DateTime<Utc>,
    ) -> Result<u64, StoreError> {
        let mut all = self.kept();
        let before = all.sessions.len();
        all.sessions
            .retain(|_, session| session.expires_at >= now && session.last_seen_at >= idle_since);
        Ok((before - all.sessions.len()) as u64)
    }
}

#[async_trait]
impl TokenStore for MemoryStores {
    async fn insert_token(&self, token: &ApiToken) -> Result<(), StoreError> {
        self.kept().tokens.insert(0, token.clone());
        Ok(())
    }

    async fn token_of_hash(&self, hash: &str) -> Result<Option<ApiToken>, StoreError> {
        Ok(self.kept().tokens.iter().find(|token| token.hash.matches(hash)).cloned())
    }

    async fn tokens(&self) -> Result<Vec<ApiToken>, StoreError> {
        Ok(self.kept().tokens.clone())
    }

    async fn revoke_token(
        &self,
        token_id: &str,
        at: DateTime<Utc>,
    ) -> Result<Option<ApiToken>, StoreError> {
        let mut kept = self.kept();
        let mut all = kept.tokens.iter_mut();
        let found = all.find(|token| token.token_id == token_id && token.revoked_at.is_none());
        Ok(found.map(|token| {
            token.revoked_at = Some(at);
            token.clone()
        }))
    }

    async fn note_token_use(&self, token_id: &str, at: DateTime<Utc>) -> Result<(), StoreError> {
        let mut kept = self.kept();
        if let Some(token) = kept.tokens.iter_mut().find(|token| token.token_id == token_id) {
            token.last_used_at = Some(at);
        }
        Ok(())
    }
}

#[async_trait]
impl OidcFlowStore for MemoryStores {
    async fn insert_flow(&self, flow: &OidcFlow) -> Result<(), StoreError> {
        let mut kept = self.kept();
        kept.flows.retain(|_, other| other.expires_at >= flow.created_at);
        kept.flows.insert(flow.state_hash.expose().to_owned(), flow.clone());
        Ok(())
    }

    async fn take_flow(&self, state_hash: &str) -> Result<Option<OidcFlow>, StoreError> {
        Ok(self.kept().flows.remove(state_hash))
    }
}

#[async_trait]
impl AuditLog for MemoryStores {
    async fn append(&self, entry: &AuditEntry) -> Result<(), StoreError> {
        self.kept().entries.push(entry.clone());
        Ok(())
    }

    async fn entries(&self, filter: &AuditFilter) -> Result<Vec<AuditEntry>, StoreError> {
        let kept = self.kept();
        let found = kept.entries.iter().rev().filter(|entry| is_asked_for(entry, filter));
        Ok(found.take(filter.entries_max as usize).cloned().collect())
    }
}

fn is_asked_for(entry: &AuditEntry, filter: &AuditFilter) -> bool {
    let is_action = |asked: &String| {
        entry.action == *asked || (asked.ends_with('.') && entry.action.starts_with(asked))
    };
    filter.actor.as_ref().is_none_or(|actor| entry.actor == *actor)
        && filter.action.as_ref().is_none_or(is_action)
        && filter.from.is_none_or(|from| entry.at >= from)
        && filter.to.is_none_or(|to| entry.at < to)
        && filter.before_entry.as_ref().is_none_or(|before| entry.entry_id < *before)
}
