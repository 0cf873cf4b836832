//! An opened table: pages from the reader's thread, and the position to start it again from.

use std::sync::Arc;

use async_trait::async_trait;
use tokio::sync::mpsc::{Receiver, channel};
use yuanliu_contract::{Clock, Page, Result, Source};

use crate::catalog::Table;
use crate::config::FilesConfig;
use crate::position::Position;
use crate::reader::{self, Assignment, Message};

/// Pages made ahead of the one being landed.
const PAGES_AHEAD_MAX: usize = 1;

enum Progress {
    /// The file has to be opened, for the first time or after an error.
    ToStart,
    Reading(Receiver<Message>),
    Ended,
}

/// Reads one table's file once.
pub(crate) struct FilesSource {
    table: &'static Table,
    config: FilesConfig,
    clock: Arc<dyn Clock>,
    position: Position,
    progress: Progress,
}

impl FilesSource {
    pub(crate) fn new(
        table: &'static Table,
        config: FilesConfig,
        clock: Arc<dyn Clock>,
        position: Position,
    ) -> Self {
        Self { table, config, clock, position, progress: Progress::ToStart }
    }

    fn start(&self) -> Receiver<Message> {
        let (sender, receiver) = channel(PAGES_AHEAD_MAX);
        let assignment = Assignment {
            table: self.table,
            config: self.config.clone(),
            position: self.position.clone(),
            now: self.clock.now(),
        };
        // The thread ends with its file, or when this receiver is dropped.
        tokio::task::spawn_blocking(move || reader::read(assignment, &sender));
        receiver
    }
}

#[async_trait]
impl Source for FilesSource {
    async fn next_page(&mut self) -> Result<Option<Page>> {
        if let Progress::ToStart = self.progress {
            self.progress = Progress::Reading(self.start());
        }
        let Progress::Reading(pages) = &mut self.progress else { return Ok(None) };
        match pages.recv().await {
            Some(Ok((page, position))) => {
                self.position = position;
                Ok(Some(page))
            }
            Some(Err(error)) => {
                self.progress = Progress::ToStart;
                Err(error)
            }
            None => {
                self.progress = Progress::Ended;
                Ok(None)
            }
        }
    }
}
