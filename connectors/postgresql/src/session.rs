//! Sessions: read-only, in UTC, with limits that the server itself keeps.

use std::time::Duration;

use sqlx::pool::PoolConnection;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::{AssertSqlSafe, Executor, PgPool, Postgres};
use yuanliu_contract::{ConnectorError, Result};

use crate::error::{explain, too_late};

/// Two streams, a check and a spare: the source is not to be held by us.
const CONNECTIONS_MAX: u32 = 4;

/// How much longer than the server we wait ourselves: the server's own limit names the reason.
const GRACE: Duration = Duration::from_secs(1);

pub(crate) struct Sessions {
    pool: PgPool,
    limit: Duration,
}

impl Sessions {
    /// Contacts nothing.
    pub(crate) fn new(options: PgConnectOptions, limit: Duration, connect: Duration) -> Self {
        let setup = format!(
            "set session characteristics as transaction read only; set statement_timeout = {}; \
             set lock_timeout = {}; set timezone = 'UTC'; set datestyle = 'ISO, YMD'; \
             set extra_float_digits = 1; set bytea_output = 'hex'",
            limit.as_millis(),
            limit.as_millis() / 2,
        );
        let pool = PgPoolOptions::new()
            .max_connections(CONNECTIONS_MAX)
            .acquire_timeout(connect)
            .idle_timeout(Duration::from_secs(60))
            // A session that is gone is an error the engine knows, not something to hide.
            .test_before_acquire(false)
            .after_connect(move |session, _| {
                let setup = setup.clone();
                Box::pin(async move {
                    session.execute(sqlx::raw_sql(AssertSqlSafe(setup))).await.map(|_| ())
                })
            })
            .connect_lazy_with(options);
        Self { pool, limit }
    }

    /// Does some work on a session within the limit; a session that failed is not used again.
    pub(crate) async fn with<T>(
        &self,
        action: &str,
        work: impl AsyncFnOnce(&mut PoolConnection<Postgres>) -> std::result::Result<T, Failure>,
    ) -> Result<T> {
        let mut session = self.pool.acquire().await.map_err(|error| explain(action, error))?;
        let done = tokio::time::timeout(self.limit + GRACE, work(&mut session)).await;
        match done {
            Ok(Ok(value)) => Ok(value),
            Ok(Err(failure)) => {
                session.close_on_drop();
                Err(match failure {
                    Failure::Server(error) => explain(action, error),
                    Failure::Told(error) => error,
                })
            }
            Err(_) => {
                session.close_on_drop();
                Err(too_late(action))
            }
        }
    }
}

/// Why work on a session failed.
pub(crate) enum Failure {
    Server(sqlx::Error),
    Told(ConnectorError),
}

impl From<sqlx::Error> for Failure {
    fn from(error: sqlx::Error) -> Self {
        Self::Server(error)
    }
}

impl From<ConnectorError> for Failure {
    fn from(error: ConnectorError) -> Self {
        Self::Told(error)
    }
}
