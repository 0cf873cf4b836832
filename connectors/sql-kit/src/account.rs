//! What every call of one configured system shares.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use chrono::{DateTime, TimeDelta, Utc};
use chrono_tz::Tz;
use yuanliu_contract::{ConnectorError, ErrorKind, Result, Seams};

use crate::catalog::{Scope, Stream};
use crate::database::Database;
use crate::plan::StreamPlan;

/// How long a measured difference between the clocks is believed.
const SKEW_AGE_MAX: Duration = Duration::from_secs(600);

pub(crate) struct Account<D> {
    pub(crate) database: D,
    pub(crate) seams: Seams,
    pub(crate) time_zone: Tz,
    pub(crate) page_rows: usize,
    /// Oldest first; empty where the system is one database.
    pub(crate) databases: Vec<String>,
    pub(crate) plans: Mutex<HashMap<(String, String), Arc<StreamPlan>>>,
    pub(crate) skew: Mutex<Option<(TimeDelta, Instant)>>,
}

impl<D: Database> Account<D> {
    /// The databases a stream is read from, in order; one empty name if the system is one database.
    pub(crate) fn databases_of(&self, stream: &Stream) -> Vec<String> {
        match (self.databases.last(), stream.scope) {
            (None, _) => vec![String::new()],
            (Some(latest), Scope::Latest) => vec![latest.clone()],
            (Some(_), Scope::Each) => self.databases.clone(),
        }
    }

    /// The stream as a database has it; asked once, until a statement says it is out of date.
    pub(crate) async fn plan(&self, stream: &Arc<Stream>, name: &str) -> Result<Arc<StreamPlan>> {
        let key = (stream.name.clone(), name.to_owned());
        let known = lock(&self.plans).get(&key).cloned();
        if let Some(plan) = known {
            return Ok(plan);
        }
        self.seams.budget.acquire().await;
        let database = Some(name).filter(|name| !name.is_empty());
        let plan = Arc::new(StreamPlan::fit(&self.database, stream, database).await?);
        lock(&self.plans).insert(key, plan.clone());
        Ok(plan)
    }

    /// Forgets a plan that a statement failed with.
    pub(crate) fn forget(&self, stream: &Stream, name: &str, error: &ConnectorError) {
        if matches!(error.kind, ErrorKind::NotFound | ErrorKind::Config | ErrorKind::Refused) {
            lock(&self.plans).remove(&(stream.name.clone(), name.to_owned()));
        }
    }

    /// The server's clock, by the hub's clock and the difference last measured.
    pub(crate) async fn source_now(&self, _database: Option<&str>) -> Result<DateTime<Utc>> {
        let known = lock(&self.skew).filter(|(_, at)| at.elapsed() < SKEW_AGE_MAX);
        let skew = match known {
            Some((skew, _)) => skew,
            None => {
                self.seams.budget.acquire().await;
                let greeting = self.database.greet().await?;
                let skew = greeting.now - self.seams.clock.now();
                *lock(&self.skew) = Some((skew, Instant::now()));
                skew
            }
        };
        let now = self.seams.clock.now();
        Ok(now.checked_add_signed(skew).unwrap_or(now))
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
