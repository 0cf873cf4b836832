//! Sessions: who is logged in, until when.

use chrono::{DateTime, Utc};
use serde_json::Value;

use crate::access::{Access, Actor};
use crate::audit::AuditOutcome;
use crate::error::AccessError;
use crate::principal::Principal;
use crate::random;
use crate::records::{Account, AccountStatus, SessionRecord};
use crate::secret::Secret;
use crate::session_rules::TOUCH_EVERY;

/// Longer names of browsers are cut.
const USER_AGENT_LETTERS_MAX: usize = 200;

/// From where somebody logs in.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Visitor {
    /// The address.
    pub address: String,
    /// The browser's name for itself.
    pub user_agent: String,
    /// The cookie of the session they had, which ends.
    pub session: Option<Secret>,
}

/// A session that has just begun.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewSession {
    /// What goes into the cookie; told only now.
    pub cookie: Secret,
    /// The session.
    pub opened: Opened,
}

/// A session that holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opened {
    /// Who it is.
    pub principal: Principal,
    /// What requests that change something must repeat.
    pub csrf_token: Secret,
    /// Until they have set a password of their own, nothing but that is allowed.
    pub must_change_password: bool,
    /// When the session ends however much it is used.
    pub expires_at: DateTime<Utc>,
    pub(crate) id_hash: String,
}

impl Opened {
    /// Refuses everything but a change of password to who has none of their own.
    pub fn check_own_password(&self) -> Result<(), AccessError> {
        if self.must_change_password { Err(AccessError::MustChangePassword) } else { Ok(()) }
    }

    /// Whether a request comes from a page of the hub: it repeats the session's CSRF token.
    pub fn check_csrf(&self, token: Option<&str>) -> Result<(), AccessError> {
        match token {
            Some(token) if self.csrf_token.matches(token) => Ok(()),
            _ => Err(AccessError::WrongCsrfToken),
        }
    }
}

impl Access {
    /// Who comes with this cookie. Role, scope and status are those of the account now.
    pub async fn open_session(&self, cookie: &Secret) -> Result<Opened, AccessError> {
        let now = self.clock.now();
        let id_hash = random::sha256_hex(cookie.expose());
        let Some(session) = self.stores.sessions.session(&id_hash).await? else {
            return Err(AccessError::NoSession);
        };
        let account = self.stores.accounts.account(&session.login).await?;
        let account = account.filter(|account| account.status == AccountStatus::Active);
        let (Some(account), false) = (account, self.rules.sessions.has_ended(&session, now)) else {
            self.stores.sessions.delete_session(&id_hash).await?;
            return Err(AccessError::NoSession);
        };
        if now - session.last_seen_at >= TOUCH_EVERY {
            self.stores.sessions.touch_session(&id_hash, now).await?;
        }
        Ok(opened(&account, &session))
    }

    /// Ends a session.
    pub async fn log_out(&self, cookie: &Secret, address: &str) -> Result<(), AccessError> {
        let opened = self.open_session(cookie).await?;
        self.stores.sessions.delete_session(&opened.id_hash).await?;
        let actor = Actor::new(&opened.principal, address);
        self.note(&actor, "logout", &opened.principal.login, AuditOutcome::Done, Value::Null).await
    }

    /// Forgets sessions that are over; how many.
    pub async fn forget_ended_sessions(&self) -> Result<u64, AccessError> {
        let now = self.clock.now();
        let idle_since = now - self.rules.sessions.idle();
        Ok(self.stores.sessions.delete_ended_sessions(now, idle_since).await?)
    }

    /// Begins a session with a new id and a new CSRF token, and ends the one that they had.
    pub(crate) async fn begin_session(
        &self,
        account: &Account,
        visitor: &Visitor,
    ) -> Result<NewSession, AccessError> {
        let now = self.clock.now();
        if let Some(cookie) = &visitor.session {
            let id_hash = random::sha256_hex(cookie.expose());
            self.stores.sessions.delete_session(&id_hash).await?;
        }
        self.forget_ended_sessions().await?;
        let cookie = random::new_secret()?;
        let session = SessionRecord {
            id_hash: Secret::new(random::sha256_hex(cookie.expose())),
            login: account.login.clone(),
            csrf_token: random::new_secret()?,
            created_at: now,
            last_seen_at: now,
            expires_at: now + self.rules.sessions.absolute(),
            address: visitor.address.clone(),
            user_agent: visitor.user_agent.chars().take(USER_AGENT_LETTERS_MAX).collect(),
        };
        self.stores.sessions.insert_session(&session).await?;
        Ok(NewSession { cookie, opened: opened(account, &session) })
    }
}

fn opened(account: &Account, session: &SessionRecord) -> Opened {
    Opened {
        principal: account.principal(),
        csrf_token: session.csrf_token.clone(),
        must_change_password: account.must_change_password,
        expires_at: session.expires_at,
        id_hash: session.id_hash.expose().to_owned(),
    }
}
