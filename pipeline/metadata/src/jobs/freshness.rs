//! How far the data of each report reach, as noted after reading and building.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use serde::Serialize;
use sqlx::FromRow;
use yuanliu_schedule::{ReportAges, ReportTimes, StoreError};

use super::failed;
use crate::error::{Cause, MetadataError};
use crate::store::Metadata;
use crate::store::value::{exact, time, time_if_any, values};

/// How far one report reaches.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FreshnessMark {
    /// The report or model.
    pub report: String,
    /// When its tables were last brought up to date; none: never.
    pub built_at: Option<DateTime<Utc>>,
    /// Every system it draws on was read well up to here; none: at least one never was.
    pub data_until: Option<DateTime<Utc>>,
    /// The system that holds `data_until` back.
    pub slowest: Option<String>,
    /// When this was noted.
    pub noted_at: DateTime<Utc>,
}

#[async_trait]
impl ReportAges for Metadata {
    async fn times(&self) -> Result<Vec<ReportTimes>, StoreError> {
        let marks = self.freshness().await.map_err(failed("reading how far reports reach"))?;
        let times = |mark: FreshnessMark| ReportTimes {
            report: mark.report,
            built_at: mark.built_at,
            data_until: mark.data_until,
            slowest: mark.slowest,
        };
        Ok(marks.into_iter().map(times).collect())
    }
}

#[derive(FromRow)]
struct MarkRow {
    report: String,
    built_at: Option<String>,
    data_until: Option<String>,
    slowest: Option<String>,
    noted_at: String,
}

impl MarkRow {
    fn mark(self) -> Result<FreshnessMark, Cause> {
        Ok(FreshnessMark {
            built_at: time_if_any(self.built_at.as_deref())?,
            data_until: time_if_any(self.data_until.as_deref())?,
            noted_at: time(&self.noted_at)?,
            report: self.report,
            slowest: self.slowest,
        })
    }
}

impl Metadata {
    /// Notes how far reports reach, all in one transaction; an older note never replaces a newer one.
    pub async fn note_freshness(&self, marks: &[FreshnessMark]) -> Result<(), MetadataError> {
        self.within(format!("noting how far {} reports reach", marks.len()), async {
            let mut work = self.begin_work().await?;
            work.one_at_a_time("freshness").await?;
            for mark in marks {
                work.execute(
                    "insert into freshness_mark (report, built_at, data_until, slowest, noted_at) \
                     values ($1, $2, $3, $4, $5) on conflict (report) do update set \
                     built_at = excluded.built_at, data_until = excluded.data_until, \
                     slowest = excluded.slowest, noted_at = excluded.noted_at \
                     where freshness_mark.noted_at <= excluded.noted_at",
                    values![
                        &mark.report,
                        mark.built_at.map(exact),
                        mark.data_until.map(exact),
                        &mark.slowest,
                        exact(mark.noted_at),
                    ],
                )
                .await?;
            }
            work.commit().await
        })
        .await
    }

    /// How far every report reaches, by name.
    pub async fn freshness(&self) -> Result<Vec<FreshnessMark>, MetadataError> {
        self.all(
            "reading how far reports reach",
            "select report, built_at, data_until, slowest, noted_at from freshness_mark \
             order by report",
            vec![],
            MarkRow::mark,
        )
        .await
    }
}
