//! Reading the tables of reports before somebody asks for them.
//!
//! The first question after a start or a build would read them, which takes longer than to answer it.

use anyhow::Result;
use chrono::Utc;
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::watch;

use super::Desk;
use crate::report::{Report, models_read};

impl Desk {
    /// Reads what the last build left at once, and again after every build, until `stopped`.
    pub(crate) async fn keep_warm(&self, mut stopped: watch::Receiver<bool>) {
        let mut runs = self.service().hub.live.watch();
        loop {
            tokio::select! {
                warmed = self.warm() => if let Err(error) = warmed {
                    // Whoever asks reads what is missing, and is told what is wrong with it.
                    tracing::warn!(error = %format!("{error:#}"), "reading the tables of reports");
                },
                _ = stopped.changed() => return,
            }
            loop {
                tokio::select! {
                    run = runs.recv() => match run {
                        Ok(run) if run.kind == "build" && run.has_ended => break,
                        Ok(_) => {}
                        // A build may be among the runs that were missed.
                        Err(RecvError::Lagged(_)) => break,
                        Err(RecvError::Closed) => return,
                    },
                    _ = stopped.changed() => return,
                }
            }
        }
    }

    async fn warm(&self) -> Result<()> {
        let service = self.service();
        let reports = self.all()?;
        let tables = models_read(&service.models, reports.all().map(Report::sql));
        let scope = service.models.scope(&service.hub, Utc::now());
        Ok(self.0.hot.warm(&scope, tables).await?)
    }
}
