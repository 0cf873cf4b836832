//! The schema's steps, forward only. A step that was once released never changes.

use sqlx::SqlSafeStr;
use sqlx::migrate::{Migration, MigrationType};

use super::Metadata;
use super::value::{Sql, each, values};
use crate::error::{Cause, MetadataError};

/// Every step, oldest first.
macro_rules! steps {
    ($($version:literal $file:literal $description:literal),* $(,)?) => {
        &[$(Step {
            version: $version,
            description: $description,
            sqlite: include_str!(concat!("../../migrations/sqlite/", $file, ".sql")),
            postgresql: include_str!(concat!("../../migrations/postgresql/", $file, ".sql")),
        }),*]
    };
}

struct Step {
    version: i64,
    description: &'static str,
    sqlite: &'static str,
    postgresql: &'static str,
}

const STEPS: &[Step] = steps![
    1 "0001_runs_and_rejects" "runs and rejects",
    2 "0002_outbox" "outbox",
    3 "0003_shapes" "shapes of streams",
    4 "0004_history" "history of runs",
    5 "0005_access" "accounts, sessions, tokens, audit log",
    6 "0006_jobs" "leases, jobs, freshness",
    7 "0007_alerts" "alerts and deliveries",
    8 "0008_decisions" "recorded decisions, changes of configuration",
];

/// The step this version's schema is at.
pub(crate) fn schema_version() -> i64 {
    STEPS.last().map_or(0, |step| step.version)
}

type Applied = (i64, String);

impl Metadata {
    /// Applies the steps that are missing, all in one transaction. Two processes that begin at once wait for each other.
    pub(super) async fn migrate(&self) -> Result<(), MetadataError> {
        let action = "migrating the schema";
        // A store that has every step is not locked: others may be writing. One that has none has no table of them.
        let applied = self.rows(action, each!("migrations_applied"), vec![]).await;
        self.within(action, async {
            if applied
                .is_ok_and(|applied| self.missing(&applied).is_ok_and(|steps| steps.is_empty()))
            {
                return Ok(());
            }
            let mut work = self.begin_work().await?;
            work.script(each!("migrations_table")).await?;
            let applied = work.rows(each!("migrations_applied"), vec![]).await?;
            for step in self.missing(&applied)? {
                work.script(step.sql()).await?;
                let row = values![step.version, step.description, step.checksum(self.is_sqlite())];
                work.execute(each!("migration_applied"), row).await?;
            }
            work.commit().await
        })
        .await
    }

    /// The steps to apply; an error if those applied are not ours.
    fn missing(&self, applied: &[Applied]) -> Result<Vec<&'static Step>, Cause> {
        let newer = applied.iter().map(|(version, _)| *version).filter(|at| *at > schema_version());
        if let Some(found) = newer.max() {
            return Err(Cause::Newer { found, known: schema_version() });
        }
        let mut missing = Vec::new();
        for step in STEPS {
            match applied.iter().find(|(version, _)| *version == step.version) {
                Some((_, known))
                    if known.eq_ignore_ascii_case(&step.checksum(self.is_sqlite())) => {}
                Some(_) => return Err(Cause::Changed(step.version)),
                None => missing.push(step),
            }
        }
        Ok(missing)
    }
}

impl Step {
    fn sql(&self) -> Sql {
        Sql::Each { sqlite: self.sqlite, postgresql: self.postgresql }
    }

    /// As sqlx computes it: stores of earlier versions were migrated by sqlx itself.
    fn checksum(&self, is_sqlite: bool) -> String {
        let sql = if is_sqlite { self.sqlite } else { self.postgresql };
        let kind = MigrationType::Simple;
        let step = Migration::new(self.version, "".into(), kind, sql.into_sql_str(), false);
        step.checksum.iter().map(|byte| format!("{byte:02x}")).collect()
    }
}
