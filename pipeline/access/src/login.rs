//! Login by password.

use chrono::{DateTime, Utc};
use serde_json::json;

use crate::access::{Access, Actor};
use crate::account_rules::written_login;
use crate::audit::AuditOutcome;
use crate::error::AccessError;
use crate::lockout::address_key;
use crate::password_policy::PASSWORD_LETTERS_MAX;
use crate::principal::Principal;
use crate::records::{Account, AccountStatus};
use crate::secret::Secret;
use crate::sessions::{NewSession, Visitor};
use crate::tokens::TOKEN_PREFIX;

/// What the log says instead of a login that nobody has: it might be a password in the wrong field.
const NOBODY: &str = "(unknown login)";

impl Access {
    /// Lets somebody in by login and password; a session they had ends.
    pub async fn log_in(
        &self,
        login: &str,
        password: Secret,
        visitor: &Visitor,
    ) -> Result<NewSession, AccessError> {
        let account = self.proven(&written_login(login), password, &visitor.address).await?;
        let actor = Actor::new(&account.principal(), &visitor.address);
        let session = self.begin_session(&account, visitor).await?;
        self.note(&actor, "login", &account.login, AuditOutcome::Done, json!({"by": "password"}))
            .await?;
        Ok(session)
    }

    /// Lets somebody in for one connection, without a session: BI tools. An API token of the account does for
    /// the password.
    pub async fn admit(
        &self,
        login: &str,
        password: Secret,
        address: &str,
    ) -> Result<Principal, AccessError> {
        let login = written_login(login);
        let by = if password.expose().starts_with(TOKEN_PREFIX) { "token" } else { "password" };
        let principal = if by == "token" {
            let principal = self.open_token(&password).await?;
            Some(principal).filter(|owner| owner.login == login).ok_or(AccessError::NoToken)?
        } else {
            let account = self.proven(&login, password, address).await?;
            if account.must_change_password {
                return Err(AccessError::MustChangePassword);
            }
            account.principal()
        };
        let actor = Actor::new(&principal, address);
        let detail = json!({"by": by, "for": "connection"});
        self.note(&actor, "login", &principal.login, AuditOutcome::Done, detail).await?;
        Ok(principal)
    }

    /// The account of a login whose password this is. Attempts are counted before they are made, of the
    /// address and of the account, and take as long whether there is such an account or not.
    pub(crate) async fn proven(
        &self,
        login: &str,
        password: Secret,
        address: &str,
    ) -> Result<Account, AccessError> {
        let (now, rules) = (self.clock.now(), self.rules.lockout);
        let key = address_key(address);
        self.addresses
            .reserve(&key, rules, rules.address_attempts, now)
            .map_err(|until| AccessError::Locked { until })?;
        let account = self.stores.accounts.account(login).await?;
        match &account {
            Some(account) => self.reserve(account, now).await,
            None => self
                .strangers
                .reserve(login, rules, rules.account_attempts, now)
                .map_err(|until| AccessError::Locked { until }),
        }
        .inspect_err(|_| self.addresses.give_back(&key))?;

        let is_too_long = password.expose().chars().count() > PASSWORD_LETTERS_MAX;
        let hash = account.as_ref().and_then(|account| account.password_hash.clone());
        let tried = if is_too_long { Secret::new("") } else { password.clone() };
        let compared = self.hasher.compare(tried, hash).await?;
        match account {
            Some(account)
                if compared.is_right && !is_too_long && account.status == AccountStatus::Active =>
            {
                self.stores.accounts.clear_attempts(login).await?;
                self.addresses.give_back(&key);
                if compared.is_outdated {
                    self.hash_anew(&account, password).await?;
                }
                Ok(account)
            }
            refused => self.refuse(refused, address).await,
        }
    }

    /// Counts an attempt of an account; from the one that locks it on, whoever gets the lock may try.
    async fn reserve(&self, account: &Account, now: DateTime<Utc>) -> Result<(), AccessError> {
        let (login, rules) = (account.login.as_str(), self.rules.lockout);
        if let Some(until) = account.locked_until.filter(|until| *until > now) {
            return Err(AccessError::Locked { until });
        }
        let Some(attempts) = self.stores.accounts.count_attempt(login).await? else {
            return Err(AccessError::WrongLogin);
        };
        if let Some(until) = attempts.locked_until.filter(|until| *until > now) {
            return Err(AccessError::Locked { until });
        }
        let Some(wait) = rules.lock(attempts.failed, rules.account_attempts) else {
            return Ok(());
        };
        let until = now + wait;
        if self.stores.accounts.lock_account(login, now, until).await? {
            Ok(())
        } else {
            Err(AccessError::Locked { until })
        }
    }

    async fn refuse(
        &self,
        account: Option<Account>,
        address: &str,
    ) -> Result<Account, AccessError> {
        let Some(account) = account else {
            self.note_stranger(NOBODY, address, "login", json!({"by": "password"})).await?;
            return Err(AccessError::WrongLogin);
        };
        let now = self.clock.now();
        let stored = self.stores.accounts.account(&account.login).await?;
        let until = stored.and_then(|account| account.locked_until).filter(|until| *until > now);
        let detail = json!({"by": "password", "status": account.status.name()});
        self.note_stranger(&account.login, address, "login", detail).await?;
        if let Some(until) = until {
            let detail = json!({"until": until});
            self.note_stranger(&account.login, address, "lockout", detail).await?;
        }
        Err(AccessError::WrongLogin)
    }

    /// The password is known just now; the next login compares with a hash of today's cost.
    async fn hash_anew(&self, account: &Account, password: Secret) -> Result<(), AccessError> {
        let hash = self.hasher.hash(password).await?;
        let account = Account { password_hash: Some(hash), ..account.clone() };
        // Somebody changed the account meanwhile: the login after this one will do it.
        self.stores.accounts.replace_account(&account).await?;
        Ok(())
    }
}
