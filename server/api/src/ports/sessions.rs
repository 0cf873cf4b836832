//! Logging in and out.

use std::time::Duration;

use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use thiserror::Error;
use utoipa::ToSchema;

use super::error::{Answer, PortError};
use crate::access::Principal;

/// Where a request comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    /// The address.
    pub address: String,
    /// What the program calls itself.
    pub user_agent: String,
    /// The secret of the session it has, which a new one takes the place of.
    pub session: Option<String>,
}

/// A person's session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// Who it belongs to.
    pub principal: Principal,
    /// What unsafe requests of this session must show.
    pub csrf_token: String,
    /// Until they have set a password of their own, nothing but that is allowed.
    pub must_change_password: bool,
}

/// A session just begun.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opened {
    /// The secret that the cookie carries.
    pub token: String,
    /// How long it lives at most.
    pub lifetime: Duration,
    /// The session.
    pub session: Session,
}

/// Why nobody was logged in.
#[derive(Debug, Error)]
pub enum LoginError {
    /// Unknown login, wrong password, or a disabled account: which of them is not told.
    #[error("the login or the password is wrong")]
    Wrong,
    /// Too many attempts; the same for logins that exist and for those that do not.
    #[error("too many failed attempts")]
    Locked {
        /// When it may be tried again.
        retry_after: Duration,
    },
    /// The provider of the single sign-on said no, or its answer does not fit the question.
    #[error("{0}")]
    Provider(String),
    /// The hub could not decide.
    #[error(transparent)]
    Port(#[from] PortError),
}

/// The single sign-on there is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct OidcWay {
    /// What its users call it.
    #[schema(example = "企业微信")]
    pub name: String,
}

/// How one can log in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SessionWays {
    /// Whether a login and a password are taken.
    pub password: bool,
    /// The single sign-on, null if there is none.
    pub oidc: Option<OidcWay>,
}

/// The first step of a single sign-on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OidcStart {
    /// Where the browser goes.
    pub url: String,
    /// What the browser keeps until it comes back; binds the answer to it.
    pub state: String,
}

/// What a provider sent a browser back with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OidcAnswer {
    /// The code to redeem.
    pub code: String,
    /// The state it was given.
    pub state: String,
    /// What the browser kept.
    pub kept: String,
}

/// Decides who somebody is, and records logins, refusals and log-outs.
#[async_trait]
pub trait SessionDesk: Send + Sync {
    /// How one can log in.
    async fn ways(&self) -> Answer<SessionWays>;

    /// Begins a session by password. Takes as long for a login that does not exist.
    async fn log_in(
        &self,
        login: &str,
        password: &str,
        from: &Origin,
    ) -> Result<Opened, LoginError>;

    /// The session behind a cookie, if it lives.
    async fn session(&self, token: &str) -> Answer<Option<Session>>;

    /// Whoever has a bearer token, if anybody.
    async fn bearer(&self, token: &str) -> Answer<Option<Principal>>;

    /// Who asks without a cookie and without a token, where that is allowed for devices.
    async fn anonymous(&self, from: &Origin) -> Answer<Option<Principal>>;

    /// Ends a session.
    async fn log_out(&self, token: &str, from: &Origin) -> Answer<()>;

    /// Sets a new password, ends every session of the account and begins one in their place.
    async fn change_password(
        &self,
        who: &Principal,
        token: &str,
        current: &str,
        next: &str,
        from: &Origin,
    ) -> Result<Opened, LoginError>;

    /// Begins a single sign-on that returns to a path of the web.
    async fn oidc_start(&self, return_to: &str) -> Answer<OidcStart>;

    /// Ends a single sign-on: a session, and the path to return to.
    async fn oidc_callback(
        &self,
        answer: &OidcAnswer,
        from: &Origin,
    ) -> Result<(Opened, String), LoginError>;
}
