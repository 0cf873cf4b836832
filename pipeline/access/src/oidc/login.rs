//! Login through the identity provider.

use chrono::TimeDelta;
use serde_json::json;

use crate::access::{Access, Actor};
use crate::account_rules::{AccountFault, check_login, check_name, written_login};
use crate::accounts::{NewAccount, shown};
use crate::audit::AuditOutcome;
use crate::error::AccessError;
use crate::oidc::client::{Identity, OidcClient, linked_subject};
use crate::oidc::config::RoleMapping;
use crate::oidc::error::OidcError;
use crate::random;
use crate::records::{Account, AccountStatus, OidcFlow};
use crate::secret::Secret;
use crate::sessions::{NewSession, Visitor};
use crate::stores::Inserted;

/// Enough to find a telephone with the second factor.
const FLOW_LIFE: TimeDelta = TimeDelta::minutes(10);

/// Where somebody is sent to log in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OidcStart {
    /// The address at the provider.
    pub url: String,
    /// What goes into a cookie of this browser until it comes back.
    pub state: Secret,
}

/// What the provider sends back, and what the browser brings along.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OidcReturn {
    /// `state` of the address.
    pub state: String,
    /// `code` of the address.
    pub code: Option<String>,
    /// `error` of the address.
    pub error: Option<String>,
    /// The cookie set at the start.
    pub cookie: Option<Secret>,
}

impl Access {
    /// Begins a login: the page to go on with is a path of the hub, anything else becomes `/`.
    pub async fn start_oidc(
        &self,
        client: &OidcClient,
        return_to: &str,
    ) -> Result<OidcStart, AccessError> {
        let now = self.clock.now();
        let (state, nonce) = (random::new_secret()?, random::new_secret()?);
        let verifier = random::new_secret()?;
        let url = client.authorization_url(&state, &nonce, &verifier, now).await?;
        let flow = OidcFlow {
            state_hash: Secret::new(random::sha256_hex(state.expose())),
            nonce,
            pkce_verifier: verifier,
            return_to: own_path(return_to).to_owned(),
            created_at: now,
            expires_at: now + FLOW_LIFE,
        };
        self.stores.flows.insert_flow(&flow).await?;
        Ok(OidcStart { url, state })
    }

    /// Ends a login: the session, and the page to go on with.
    pub async fn finish_oidc(
        &self,
        client: &OidcClient,
        back: &OidcReturn,
        visitor: &Visitor,
    ) -> Result<(NewSession, String), AccessError> {
        let finished = self.finished(client, back).await;
        match finished {
            Ok((account, return_to)) => {
                let session = self.begin_session(&account, visitor).await?;
                let actor = Actor::new(&account.principal(), &visitor.address);
                let detail = json!({"by": "oidc"});
                self.note(&actor, "login", &account.login, AuditOutcome::Done, detail).await?;
                Ok((session, return_to))
            }
            Err(error) => {
                let who = match &error {
                    AccessError::Oidc(OidcError::Disabled { login })
                    | AccessError::Account(AccountFault::LastAdmin(login)) => login.clone(),
                    _ => "(unknown login)".to_owned(),
                };
                let detail = json!({"by": "oidc", "code": error.code()});
                self.note_stranger(&who, &visitor.address, "login", detail).await?;
                Err(error)
            }
        }
    }

    async fn finished(
        &self,
        client: &OidcClient,
        back: &OidcReturn,
    ) -> Result<(Account, String), AccessError> {
        let now = self.clock.now();
        // Taken whatever follows: a state works once.
        let flow = self.stores.flows.take_flow(&random::sha256_hex(&back.state)).await?;
        let is_same_browser =
            back.cookie.as_ref().is_some_and(|cookie| cookie.matches(&back.state));
        let flow = flow
            .filter(|flow| is_same_browser && now < flow.expires_at)
            .ok_or(OidcError::UnknownState)?;
        if let Some(reason) = &back.error {
            let reason = reason.chars().filter(|c| !c.is_control()).take(100).collect();
            return Err(OidcError::Declined { reason }.into());
        }
        let code = back.code.as_deref().ok_or(OidcError::UnknownState)?;
        let identity = client.identity(code, &flow.nonce, &flow.pkce_verifier, now).await?;
        let mapping = identity
            .mapping
            .clone()
            .ok_or_else(|| OidcError::NoRole { claim: client.config().role_claim.clone() })?;
        let account = match self.stores.accounts.account_of_subject(&identity.subject).await? {
            Some(account) => self.brought_up_to_date(account, &identity, &mapping).await?,
            None => self.made_for(client, &identity, &mapping).await?,
        };
        Ok((account, flow.return_to))
    }

    /// What the provider says of somebody holds from the next login on.
    async fn brought_up_to_date(
        &self,
        before: Account,
        identity: &Identity,
        mapping: &RoleMapping,
    ) -> Result<Account, AccessError> {
        if before.status != AccountStatus::Active {
            return Err(OidcError::Disabled { login: before.login }.into());
        }
        let after = Account {
            display_name: display_name(identity, &before.display_name),
            role: mapping.role,
            regions: mapping.regions.clone(),
            dealer_code: None,
            ..before.clone()
        };
        if after == before {
            return Ok(after);
        }
        let after = self.replace(after).await?;
        if (after.role, &after.regions) != (before.role, &before.regions) {
            self.stores.sessions.delete_sessions_of(&after.login, None).await?;
        }
        let detail = json!({"by": "oidc", "before": shown(&before), "after": shown(&after)});
        self.note(&Actor::system(), "account.changed", &after.login, AuditOutcome::Done, detail)
            .await?;
        Ok(after)
    }

    /// An account for somebody who is here for the first time. A login that somebody has is not theirs.
    async fn made_for(
        &self,
        client: &OidcClient,
        identity: &Identity,
        mapping: &RoleMapping,
    ) -> Result<Account, AccessError> {
        let own = format!("oidc-{}", &random::sha256_hex(&identity.subject)[..16]);
        let wanted = identity.preferred_username.as_deref().map(written_login);
        let wanted = wanted.filter(|login| check_login(login).is_ok());
        for login in wanted.into_iter().chain([own.clone()]) {
            let blank = self.blank(NewAccount {
                display_name: display_name(identity, &login),
                login,
                role: mapping.role,
                regions: mapping.regions.clone(),
                dealer_code: None,
                locale: client.config().locale,
            })?;
            let account = Account { oidc_subject: Some(identity.subject.clone()), ..blank };
            if self.stores.accounts.insert_account(&account).await? == Inserted::Done {
                let detail = json!({"by": "oidc", "after": shown(&account)});
                let actor = Actor::system();
                let login = &account.login;
                self.note(&actor, "account.created", login, AuditOutcome::Done, detail).await?;
                return Ok(account);
            }
        }
        Err(AccountFault::LoginTaken(own).into())
    }
}

impl OidcClient {
    /// What links an account with a subject of this provider: for an admin who does it by hand.
    #[must_use]
    pub fn linked_subject(&self, subject: &str) -> String {
        linked_subject(&self.config().issuer, subject)
    }
}

fn display_name(identity: &Identity, otherwise: &str) -> String {
    let name = identity.name.as_deref().map(str::trim);
    name.filter(|name| check_name(name).is_some()).unwrap_or(otherwise).to_owned()
}

/// A path of the hub, so that nobody is sent elsewhere after a login.
fn own_path(asked: &str) -> &str {
    let is_own = asked.starts_with('/')
        && !asked[1..].starts_with(['/', '\\'])
        && !asked.chars().any(char::is_control);
    if is_own { asked } else { "/" }
}

#[cfg(test)]
mod tests {
    use super::own_path;

    #[test]
    fn nobody_is_sent_elsewhere() {
        for own in ["/", "/sales?level=city#map", "/a//b"] {
            assert_eq!(own_path(own), own);
        }
        for foreign in
            ["", "//evil.example", "/\\evil.example", "https://evil.example", "/a\r\nb", "a"]
        {
            assert_eq!(own_path(foreign), "/", "{foreign:?}");
        }
    }
}
