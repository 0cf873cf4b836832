//! Logging in and out.

use std::time::Duration;

use super::*;

/// Failed attempts after which a login is locked, known or not.
pub const ATTEMPTS_MAX: u32 = 5;

impl Memory {
    /// A session of an account without a login: its cookie and its CSRF token.
    pub fn session_of(&self, role: Role) -> (String, String) {
        let opened = self.open(principal(role));
        (opened.token, opened.session.csrf_token)
    }

    fn open(&self, principal: Principal) -> Opened {
        let mut state = self.state();
        let token = state.id("session");
        let csrf_token = format!("csrf of {token}");
        let session = Session { csrf_token, principal, must_change_password: false };
        state.sessions.insert(token.clone(), session.clone());
        Opened { token, lifetime: Duration::from_secs(3_600), session }
    }
}

#[async_trait]
impl SessionDesk for Memory {
    async fn ways(&self) -> Answer<SessionWays> {
        Ok(SessionWays { password: true, oidc: Some(OidcWay { name: "企业微信".to_owned() }) })
    }

    async fn log_in(&self, login: &str, given: &str, _: &Origin) -> Result<Opened, LoginError> {
        let principal = {
            let mut state = self.state();
            let account = state.accounts.get(login).filter(|account| !account.is_disabled).cloned();
            let failures = state.failures.entry(login.to_owned()).or_default();
            if *failures >= ATTEMPTS_MAX {
                return Err(LoginError::Locked { retry_after: Duration::from_secs(900) });
            }
            match account {
                Some(account) if given == password(login) => {
                    *failures = 0;
                    Principal {
                        login: account.login,
                        display_name: account.display_name,
                        role: account.role,
                        regions: account.regions,
                        dealer_code: account.dealer_code,
                        locale: account.locale,
                    }
                }
                _ => {
                    *failures += 1;
                    return Err(LoginError::Wrong);
                }
            }
        };
        Ok(self.open(principal))
    }

    async fn session(&self, token: &str) -> Answer<Option<Session>> {
        Ok(self.state().sessions.get(token).cloned())
    }

    async fn bearer(&self, given: &str) -> Answer<Option<Principal>> {
        Ok(Role::ALL.into_iter().find(|role| token(*role) == given).map(principal))
    }

    async fn anonymous(&self, _: &Origin) -> Answer<Option<Principal>> {
        Ok(None)
    }

    async fn log_out(&self, token: &str, _: &Origin) -> Answer<()> {
        self.state().sessions.remove(token);
        Ok(())
    }

    async fn change_password(
        &self,
        who: &Principal,
        _: &str,
        current: &str,
        next: &str,
        _: &Origin,
    ) -> Result<Opened, LoginError> {
        if current != password(&who.login) {
            return Err(LoginError::Wrong);
        }
        if next.chars().count() < 12 {
            return Err(PortError::invalid("`next` is short", "give 12 characters or more").into());
        }
        self.state().sessions.retain(|_, session| session.principal.login != who.login);
        Ok(self.open(who.clone()))
    }

    async fn oidc_start(&self, return_to: &str) -> Answer<OidcStart> {
        let url = "https://login.example/authorize?state=s1".to_owned();
        Ok(OidcStart { url, state: format!("s1.{}", return_to.trim_start_matches('/')) })
    }

    async fn oidc_callback(
        &self,
        answer: &OidcAnswer,
        _: &Origin,
    ) -> Result<(Opened, String), LoginError> {
        let Some(("s1", return_to)) = answer.kept.split_once('.') else {
            return Err(LoginError::Provider("the login was begun in another browser".to_owned()));
        };
        if answer.state != "s1" || answer.code != "good" {
            return Err(LoginError::Provider("the provider refused the code".to_owned()));
        }
        Ok((self.open(principal(Role::Management)), format!("/{return_to}")))
    }
}
