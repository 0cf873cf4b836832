//! What the logic needs to have kept. Every method is durable when it returns.

use std::error::Error;

use async_trait::async_trait;
use chrono::{DateTime, Utc};

use crate::audit::{AuditEntry, AuditFilter};
use crate::records::{Account, ApiToken, OidcFlow, SessionRecord};

/// A store could not do something.
#[derive(Debug, thiserror::Error)]
#[error("{action} failed")]
pub struct StoreError {
    /// What was being done.
    pub action: &'static str,
    /// The error below.
    #[source]
    pub source: Box<dyn Error + Send + Sync>,
}

/// What came of adding an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Inserted {
    /// It is there now.
    Done,
    /// The login, or the subject at the identity provider, is another account's.
    Taken,
}

/// What came of changing an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Replaced {
    /// It is changed.
    Done,
    /// Somebody changed it since it was read, or there is none.
    Stale,
    /// No active admin would be left; nothing was changed.
    LastAdmin,
    /// The subject at the identity provider is another account's.
    SubjectTaken,
}

/// Wrong passwords of an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Attempts {
    /// How many since the last right one, with the one just counted.
    pub failed: u32,
    /// No password is tried before then.
    pub locked_until: Option<DateTime<Utc>>,
}

/// The accounts.
#[async_trait]
pub trait AccountStore: Send + Sync {
    /// The account of a login.
    async fn account(&self, login: &str) -> Result<Option<Account>, StoreError>;

    /// The account linked with issuer and subject.
    async fn account_of_subject(&self, subject: &str) -> Result<Option<Account>, StoreError>;

    /// All accounts by login.
    async fn accounts(&self) -> Result<Vec<Account>, StoreError>;

    /// Adds an account.
    async fn insert_account(&self, account: &Account) -> Result<Inserted, StoreError>;

    /// Adds an account if there is none at all, in one step: `Taken` where there is one.
    async fn insert_first_account(&self, account: &Account) -> Result<Inserted, StoreError>;

    /// Writes everything of `account` but `failed_attempts` and `locked_until`, if the stored revision is
    /// `account.revision`, and makes it one more. In the same transaction it is refused with `LastAdmin` if the
    /// stored account is an active admin and afterwards nobody would be; two such changes at once, of different
    /// accounts and from different processes, must not both pass.
    async fn replace_account(&self, account: &Account) -> Result<Replaced, StoreError>;

    /// Adds one to `failed_attempts` in one step, before the password is looked at, so that guesses sent
    /// at once are all counted. `None`: there is no such account.
    async fn count_attempt(&self, login: &str) -> Result<Option<Attempts>, StoreError>;

    /// Sets `locked_until` to `until` if it is none or not after `now`; whether it did, in one step. From a
    /// number of wrong passwords on, each further one is tried by whoever gets this lock, so once in its time.
    async fn lock_account(
        &self,
        login: &str,
        now: DateTime<Utc>,
        until: DateTime<Utc>,
    ) -> Result<bool, StoreError>;

    /// Sets `failed_attempts` to 0 and `locked_until` to none.
    async fn clear_attempts(&self, login: &str) -> Result<(), StoreError>;
}

/// Who is logged in.
#[async_trait]
pub trait SessionStore: Send + Sync {
    /// Keeps a session.
    async fn insert_session(&self, session: &SessionRecord) -> Result<(), StoreError>;

    /// The session of a hash, ended or not.
    async fn session(&self, id_hash: &str) -> Result<Option<SessionRecord>, StoreError>;

    /// Notes that a session was used.
    async fn touch_session(&self, id_hash: &str, at: DateTime<Utc>) -> Result<(), StoreError>;

    /// Forgets a session.
    async fn delete_session(&self, id_hash: &str) -> Result<(), StoreError>;

    /// Forgets the sessions of an account but `kept`; how many.
    async fn delete_sessions_of(&self, login: &str, kept: Option<&str>) -> Result<u64, StoreError>;

    /// Forgets sessions that ended before `now` or were last used before `idle_since`; how many.
    async fn delete_ended_sessions(
        &self,
        now: DateTime<Utc>,
        idle_since: DateTime<Utc>,
    ) -> Result<u64, StoreError>;
}

/// The API tokens.
#[async_trait]
pub trait TokenStore: Send + Sync {
    /// Keeps a token. Names need not be unique; ids and hashes are.
    async fn insert_token(&self, token: &ApiToken) -> Result<(), StoreError>;

    /// The token of a hash, revoked and ended ones too.
    async fn token_of_hash(&self, hash: &str) -> Result<Option<ApiToken>, StoreError>;

    /// All tokens, newest first.
    async fn tokens(&self) -> Result<Vec<ApiToken>, StoreError>;

    /// Revokes a token; the one revoked, `None` if there is none or it was revoked before.
    async fn revoke_token(
        &self,
        token_id: &str,
        at: DateTime<Utc>,
    ) -> Result<Option<ApiToken>, StoreError>;

    /// Notes that a token was used.
    async fn note_token_use(&self, token_id: &str, at: DateTime<Utc>) -> Result<(), StoreError>;
}

/// Logins by OIDC on their way.
#[async_trait]
pub trait OidcFlowStore: Send + Sync {
    /// Keeps a login, and forgets those that expired before `flow.created_at`.
    async fn insert_flow(&self, flow: &OidcFlow) -> Result<(), StoreError>;

    /// Hands a login out and forgets it in one step, so that a state works once.
    async fn take_flow(&self, state_hash: &str) -> Result<Option<OidcFlow>, StoreError>;
}

/// The audit log. Entries are only ever added.
#[async_trait]
pub trait AuditLog: Send + Sync {
    /// Adds an entry.
    async fn append(&self, entry: &AuditEntry) -> Result<(), StoreError>;

    /// Entries, newest first.
    async fn entries(&self, filter: &AuditFilter) -> Result<Vec<AuditEntry>, StoreError>;
}
