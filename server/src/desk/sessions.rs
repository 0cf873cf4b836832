//! Logging in and out: by password, by the company's identity provider, by the token of a device.

use async_trait::async_trait;
use chrono::Utc;
use yuanliu_access::{
    AccessError, AccountFault, Locale, OidcClient, OidcReturn, Principal, Role, Secret, Visitor,
};
use yuanliu_api::ports::{
    Answer, LoginError, OidcAnswer, OidcStart, OidcWay, Opened, Origin, PortError, Session,
    SessionDesk, SessionWays,
};

use super::Desk;

#[async_trait]
impl SessionDesk for Desk {
    async fn ways(&self) -> Answer<SessionWays> {
        let oidc = self.0.oidc.as_ref();
        let oidc = oidc.map(|client| OidcWay { name: client.config().name.clone() });
        Ok(SessionWays { password: true, oidc })
    }

    async fn log_in(
        &self,
        login: &str,
        password: &str,
        from: &Origin,
    ) -> Result<Opened, LoginError> {
        let opened = self.0.access.log_in(login, Secret::new(password), &visitor(from)).await;
        opened.map(begun).map_err(login_error)
    }

    async fn session(&self, token: &str) -> Answer<Option<Session>> {
        match self.0.access.open_session(&Secret::new(token)).await {
            Ok(opened) => Ok(Some(session(&opened))),
            Err(AccessError::NoSession) => Ok(None),
            Err(error) => Err(access_error(error)),
        }
    }

    async fn bearer(&self, token: &str) -> Answer<Option<Principal>> {
        let tokens = &self.service().tokens;
        if tokens.is_own(token) {
            return Ok(Some(Principal { login: COMMAND.to_owned(), ..local() }));
        }
        if let Some(device) = tokens.device(token) {
            return Ok(Some(self::device(device)));
        }
        match self.0.access.open_token(&Secret::new(token)).await {
            Ok(principal) => Ok(Some(principal)),
            Err(AccessError::NoToken) => Ok(None),
            Err(error) => Err(access_error(error)),
        }
    }

    async fn anonymous(&self, from: &Origin) -> Answer<Option<Principal>> {
        // Where no device has a token, the programs of this machine send and ask.
        let is_here = from.address.parse().is_ok_and(|ip: std::net::IpAddr| ip.is_loopback());
        Ok((is_here && !self.service().tokens.are_needed()).then(local))
    }

    async fn log_out(&self, token: &str, from: &Origin) -> Answer<()> {
        match self.0.access.log_out(&Secret::new(token), &from.address).await {
            Ok(()) | Err(AccessError::NoSession) => Ok(()),
            Err(error) => Err(access_error(error)),
        }
    }

    async fn change_password(
        &self,
        _who: &Principal,
        token: &str,
        current: &str,
        next: &str,
        from: &Origin,
    ) -> Result<Opened, LoginError> {
        let visitor = Visitor { session: Some(Secret::new(token)), ..visitor(from) };
        let changed =
            self.0.access.change_own_password(Secret::new(current), Secret::new(next), &visitor);
        changed.await.map(begun).map_err(login_error)
    }

    async fn oidc_start(&self, return_to: &str) -> Answer<OidcStart> {
        let started = self.0.access.start_oidc(self.provider()?, return_to).await;
        let started = started.map_err(access_error)?;
        Ok(OidcStart { url: started.url, state: started.state.expose().to_owned() })
    }

    async fn oidc_callback(
        &self,
        answer: &OidcAnswer,
        from: &Origin,
    ) -> Result<(Opened, String), LoginError> {
        let back = OidcReturn {
            state: answer.state.clone(),
            code: Some(answer.code.clone()),
            error: None,
            cookie: Some(Secret::new(answer.kept.as_str())),
        };
        let done = self.0.access.finish_oidc(self.provider()?, &back, &visitor(from)).await;
        done.map(|(opened, return_to)| (begun(opened), return_to)).map_err(login_error)
    }
}

impl Desk {
    fn provider(&self) -> Answer<&OidcClient> {
        let told = "no identity provider is set up: see [oidc] of hub.toml";
        self.0.oidc.as_ref().ok_or_else(|| PortError::NotFound(told.to_owned()))
    }
}

/// A command of this machine that asks the hub that serves.
pub(super) const COMMAND: &str = "command";

/// Who works at this machine, where nobody else can reach the hub or with the hub's own token.
fn local() -> Principal {
    Principal {
        login: "local".to_owned(),
        display_name: "本机 this machine".to_owned(),
        role: Role::Local,
        regions: Vec::new(),
        dealer_code: None,
        locale: Locale::default(),
    }
}

fn device(name: &str) -> Principal {
    let login = format!("token:{name}");
    Principal { login, display_name: name.to_owned(), role: Role::Device, ..local() }
}

fn visitor(from: &Origin) -> Visitor {
    Visitor {
        address: from.address.clone(),
        user_agent: from.user_agent.clone(),
        session: from.session.as_deref().map(Secret::new),
    }
}

fn session(opened: &yuanliu_access::Opened) -> Session {
    let csrf_token = opened.csrf_token.expose().to_owned();
    let must_change_password = opened.must_change_password;
    Session { principal: opened.principal.clone(), csrf_token, must_change_password }
}

fn begun(new: yuanliu_access::NewSession) -> Opened {
    let left = new.opened.expires_at.signed_duration_since(Utc::now());
    Opened {
        token: new.cookie.expose().to_owned(),
        lifetime: left.to_std().unwrap_or_default(),
        session: session(&new.opened),
    }
}

fn login_error(error: AccessError) -> LoginError {
    match error {
        AccessError::WrongLogin => LoginError::Wrong,
        AccessError::Locked { until } => {
            let left = until.signed_duration_since(Utc::now()).to_std().unwrap_or_default();
            LoginError::Locked { retry_after: left }
        }
        AccessError::Oidc(error) => LoginError::Provider(error.to_string()),
        error => LoginError::Port(access_error(error)),
    }
}

/// What access refuses, in the words of the ports.
pub(super) fn access_error(error: AccessError) -> PortError {
    let told = error.to_string();
    match error {
        _ if error.is_internal() => PortError::Failed(told),
        AccessError::Account(AccountFault::Unknown(_) | AccountFault::UnknownToken(_)) => {
            PortError::NotFound(told)
        }
        AccessError::Account(
            AccountFault::LoginTaken(_)
            | AccountFault::Stale(_)
            | AccountFault::LastAdmin(_)
            | AccountFault::SubjectTaken,
        ) => PortError::Conflict(told),
        AccessError::Password(_) | AccessError::Account(_) => {
            PortError::invalid(told, "change it and send it again")
        }
        _ => PortError::Refused(told),
    }
}
