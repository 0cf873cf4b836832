//! The API tokens.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use sqlx::FromRow;
use yuanliu_access::{ApiToken, Role, StoreError, TokenStore};

use super::failed;
use crate::error::Cause;
use crate::store::Metadata;
use crate::store::value::{exact, time, time_if_any, values, word};

macro_rules! columns {
    () => {
        "token_id, name, role, login, hash, created_at, expires_at, revoked_at, last_used_at"
    };
}

#[derive(FromRow)]
struct TokenRow {
    token_id: String,
    name: String,
    role: String,
    login: Option<String>,
    hash: String,
    created_at: String,
    expires_at: Option<String>,
    revoked_at: Option<String>,
    last_used_at: Option<String>,
}

impl TokenRow {
    fn token(self) -> Result<ApiToken, Cause> {
        Ok(ApiToken {
            role: word(&self.role, self.role.parse::<Role>().ok())?,
            hash: self.hash.into(),
            created_at: time(&self.created_at)?,
            expires_at: time_if_any(self.expires_at.as_deref())?,
            revoked_at: time_if_any(self.revoked_at.as_deref())?,
            last_used_at: time_if_any(self.last_used_at.as_deref())?,
            token_id: self.token_id,
            name: self.name,
            login: self.login,
        })
    }
}

#[async_trait]
impl TokenStore for Metadata {
    async fn insert_token(&self, token: &ApiToken) -> Result<(), StoreError> {
        let action = "keeping a token";
        self.execute(
            format!("{action}: {}", token.name),
            concat!(
                "insert into api_token (",
                columns!(),
                ") values ($1, $2, $3, $4, $5, $6, $7, $8, $9)"
            ),
            values![
                &token.token_id,
                &token.name,
                token.role.name(),
                &token.login,
                token.hash.expose(),
                exact(token.created_at),
                token.expires_at.map(exact),
                token.revoked_at.map(exact),
                token.last_used_at.map(exact),
            ],
        )
        .await
        .map(|_| ())
        .map_err(failed(action))
    }

    async fn token_of_hash(&self, hash: &str) -> Result<Option<ApiToken>, StoreError> {
        let action = "reading a token";
        let sql = concat!("select ", columns!(), " from api_token where hash = $1");
        self.one(action, sql, values![hash], TokenRow::token).await.map_err(failed(action))
    }

    async fn tokens(&self) -> Result<Vec<ApiToken>, StoreError> {
        let action = "listing the tokens";
        let sql = concat!(
            "select ",
            columns!(),
            " from api_token order by created_at desc, token_id desc"
        );
        self.all(action, sql, vec![], TokenRow::token).await.map_err(failed(action))
    }

    async fn revoke_token(
        &self,
        token_id: &str,
        at: DateTime<Utc>,
    ) -> Result<Option<ApiToken>, StoreError> {
        let action = "revoking a token";
        self.one(
            format!("{action}: {token_id}"),
            concat!(
                "update api_token set revoked_at = $2 where token_id = $1 and revoked_at is null \
                 returning ",
                columns!()
            ),
            values![token_id, exact(at)],
            TokenRow::token,
        )
        .await
        .map_err(failed(action))
    }

    async fn note_token_use(&self, token_id: &str, at: DateTime<Utc>) -> Result<(), StoreError> {
        let action = "noting that a token was used";
        self.execute(
            format!("{action}: {token_id}"),
            "update api_token set last_used_at = $2 where token_id = $1 \
             and (last_used_at is null or last_used_at < $2)",
            values![token_id, exact(at)],
        )
        .await
        .map(|_| ())
        .map_err(failed(action))
    }
}
