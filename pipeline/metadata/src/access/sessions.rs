//! Who is logged in, and logins by OIDC on their way.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use sqlx::FromRow;
use yuanliu_access::{OidcFlow, OidcFlowStore, SessionRecord, SessionStore, StoreError};

use super::failed;
use crate::error::Cause;
use crate::store::Metadata;
use crate::store::value::{exact, time, values};

#[derive(FromRow)]
struct SessionRow {
    id_hash: String,
    login: String,
    csrf_token: String,
    created_at: String,
    last_seen_at: String,
    expires_at: String,
    address: String,
    user_agent: String,
}

impl SessionRow {
    fn session(self) -> Result<SessionRecord, Cause> {
        Ok(SessionRecord {
            id_hash: self.id_hash.into(),
            login: self.login,
            csrf_token: self.csrf_token.into(),
            created_at: time(&self.created_at)?,
            last_seen_at: time(&self.last_seen_at)?,
            expires_at: time(&self.expires_at)?,
            address: self.address,
            user_agent: self.user_agent,
        })
    }
}

#[async_trait]
impl SessionStore for Metadata {
    async fn insert_session(&self, session: &SessionRecord) -> Result<(), StoreError> {
        let action = "keeping a session";
        self.execute(
            format!("{action} of {}", session.login),
            "insert into session (id_hash, login, csrf_token, created_at, last_seen_at, \
             expires_at, address, user_agent) values ($1, $2, $3, $4, $5, $6, $7, $8)",
            values![
                session.id_hash.expose(),
                &session.login,
                session.csrf_token.expose(),
                exact(session.created_at),
                exact(session.last_seen_at),
                exact(session.expires_at),
                &session.address,
                &session.user_agent,
            ],
        )
        .await
        .map(|_| ())
        .map_err(failed(action))
    }

    async fn session(&self, id_hash: &str) -> Result<Option<SessionRecord>, StoreError> {
        let action = "reading a session";
        self.one(
            action,
            "select id_hash, login, csrf_token, created_at, last_seen_at, expires_at, address, \
             user_agent from session where id_hash = $1",
            values![id_hash],
            SessionRow::session,
        )
        .await
        .map_err(failed(action))
    }

    async fn touch_session(&self, id_hash: &str, at: DateTime<Utc>) -> Result<(), StoreError> {
        let action = "noting that a session was used";
        self.execute(
            action,
            "update session set last_seen_at = $2 where id_hash = $1 and last_seen_at < $2",
            values![id_hash, exact(at)],
        )
        .await
        .map(|_| ())
        .map_err(failed(action))
    }

    async fn delete_session(&self, id_hash: &str) -> Result<(), StoreError> {
        let action = "forgetting a session";
        self.execute(action, "delete from session where id_hash = $1", values![id_hash])
            .await
            .map(|_| ())
            .map_err(failed(action))
    }

    async fn delete_sessions_of(&self, login: &str, kept: Option<&str>) -> Result<u64, StoreError> {
        let action = "forgetting the sessions of an account";
        self.execute(
            format!("{action}: {login}"),
            "delete from session where login = $1 and ($2 is null or id_hash <> $2)",
            values![login, kept],
        )
        .await
        .map_err(failed(action))
    }

    async fn delete_ended_sessions(
        &self,
        now: DateTime<Utc>,
        idle_since: DateTime<Utc>,
    ) -> Result<u64, StoreError> {
        let action = "forgetting ended sessions";
        self.execute(
            action,
            "delete from session where expires_at < $1 or last_seen_at < $2",
            values![exact(now), exact(idle_since)],
        )
        .await
        .map_err(failed(action))
    }
}

#[derive(FromRow)]
struct FlowRow {
    state_hash: String,
    nonce: String,
    pkce_verifier: String,
    return_to: String,
    created_at: String,
    expires_at: String,
}

impl FlowRow {
    fn flow(self) -> Result<OidcFlow, Cause> {
        Ok(OidcFlow {
            state_hash: self.state_hash.into(),
            nonce: self.nonce.into(),
            pkce_verifier: self.pkce_verifier.into(),
            return_to: self.return_to,
            created_at: time(&self.created_at)?,
            expires_at: time(&self.expires_at)?,
        })
    }
}

#[async_trait]
impl OidcFlowStore for Metadata {
    async fn insert_flow(&self, flow: &OidcFlow) -> Result<(), StoreError> {
        let action = "keeping a login by OIDC";
        self.within(action, async {
            let mut work = self.begin_work().await?;
            let now = values![exact(flow.created_at)];
            work.execute("delete from oidc_flow where expires_at < $1", now).await?;
            work.execute(
                "insert into oidc_flow (state_hash, nonce, pkce_verifier, return_to, created_at, \
                 expires_at) values ($1, $2, $3, $4, $5, $6)",
                values![
                    flow.state_hash.expose(),
                    flow.nonce.expose(),
                    flow.pkce_verifier.expose(),
                    &flow.return_to,
                    exact(flow.created_at),
                    exact(flow.expires_at),
                ],
            )
            .await?;
            work.commit().await
        })
        .await
        .map_err(failed(action))
    }

    async fn take_flow(&self, state_hash: &str) -> Result<Option<OidcFlow>, StoreError> {
        let action = "taking up a login by OIDC";
        self.one(
            action,
            "delete from oidc_flow where state_hash = $1 returning state_hash, nonce, \
             pkce_verifier, return_to, created_at, expires_at",
            values![state_hash],
            FlowRow::flow,
        )
        .await
        .map_err(failed(action))
    }
}
