//! API tokens of devices and programs.

use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::access::{Access, Actor};
use crate::account_rules::{AccountFault, check_name, written_login};
use crate::audit::AuditOutcome;
use crate::error::AccessError;
use crate::permission::Permission;
use crate::principal::Principal;
use crate::random;
use crate::records::{AccountStatus, ApiToken};
use crate::role::{Locale, Role};
use crate::secret::Secret;
use crate::session_rules::TOUCH_EVERY;

/// What every token begins with, so that one that leaked is recognised.
pub const TOKEN_PREFIX: &str = "yl_";

/// A token that is to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewToken {
    /// What people call it: the device, the program.
    pub name: String,
    /// The account it acts for; none for a device.
    pub login: Option<String>,
    /// When it ends; none: when it is revoked.
    pub expires_at: Option<DateTime<Utc>>,
}

impl Access {
    /// Makes a token: its record, and the token itself, which is told only now.
    pub async fn create_token(
        &self,
        actor: &Actor,
        new: NewToken,
    ) -> Result<(ApiToken, Secret), AccessError> {
        self.demand(actor, Permission::WriteAccounts, "token.created", &new.name).await?;
        let now = self.clock.now();
        check_name(&new.name).ok_or(AccountFault::TokenName)?;
        if new.expires_at.is_some_and(|end| end <= now) {
            return Err(AccountFault::TokenEnded.into());
        }
        let (login, role) = match new.login.as_deref().map(written_login) {
            None => (None, Role::Device),
            Some(login) => {
                let account = self.stores.accounts.account(&login).await?;
                let account = account.ok_or_else(|| AccountFault::Unknown(login))?;
                (Some(account.login), account.role)
            }
        };
        let text = Secret::new(format!("{TOKEN_PREFIX}{}", random::new_secret()?.expose()));
        let token = ApiToken {
            token_id: Uuid::now_v7().to_string(),
            name: new.name,
            role,
            login,
            hash: Secret::new(random::sha256_hex(text.expose())),
            created_at: now,
            expires_at: new.expires_at,
            revoked_at: None,
            last_used_at: None,
        };
        self.stores.tokens.insert_token(&token).await?;
        let detail = json!({"name": token.name, "login": token.login, "role": token.role,
            "expires_at": token.expires_at});
        self.note(actor, "token.created", &token.token_id, AuditOutcome::Done, detail).await?;
        Ok((token, text))
    }

    /// Who comes with this token. A token of an account may what the account may now.
    pub async fn open_token(&self, text: &Secret) -> Result<Principal, AccessError> {
        if !text.expose().starts_with(TOKEN_PREFIX) {
            return Err(AccessError::NoToken);
        }
        let now = self.clock.now();
        let hash = random::sha256_hex(text.expose());
        let token = self.stores.tokens.token_of_hash(&hash).await?;
        let token = token.filter(|token| {
            token.hash.matches(&hash)
                && token.revoked_at.is_none()
                && token.expires_at.is_none_or(|end| now < end)
        });
        let Some(token) = token else { return Err(AccessError::NoToken) };
        let principal = match &token.login {
            None => device(&token),
            Some(login) => {
                let account = self.stores.accounts.account(login).await?;
                let account = account.filter(|account| account.status == AccountStatus::Active);
                account.ok_or(AccessError::NoToken)?.principal()
            }
        };
        if token.last_used_at.is_none_or(|last| now - last >= TOUCH_EVERY) {
            self.stores.tokens.note_token_use(&token.token_id, now).await?;
        }
        Ok(principal)
    }

    /// All tokens, without what opens.
    pub async fn tokens(&self, actor: &Actor) -> Result<Vec<ApiToken>, AccessError> {
        self.demand(actor, Permission::ReadAccounts, "token.listed", "").await?;
        Ok(self.stores.tokens.tokens().await?)
    }

    /// Revokes a token for good.
    pub async fn revoke_token(&self, actor: &Actor, token_id: &str) -> Result<(), AccessError> {
        self.demand(actor, Permission::WriteAccounts, "token.revoked", token_id).await?;
        let revoked = self.stores.tokens.revoke_token(token_id, self.clock.now()).await?;
        let Some(token) = revoked else {
            return Err(AccountFault::UnknownToken(token_id.to_owned()).into());
        };
        let detail: Value = json!({"name": token.name, "login": token.login});
        self.note(actor, "token.revoked", token_id, AuditOutcome::Done, detail).await
    }
}

fn device(token: &ApiToken) -> Principal {
    Principal {
        login: format!("token:{}", token.name),
        display_name: token.name.clone(),
        role: Role::Device,
        regions: Vec::new(),
        dealer_code: None,
        locale: Locale::default(),
    }
}
