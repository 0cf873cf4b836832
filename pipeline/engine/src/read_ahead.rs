//! Reading the next pages while the ones before are landed.

use std::sync::Arc;

use tokio::sync::mpsc::{Receiver, channel};
use tokio::task::JoinHandle;
use yuanliu_contract::{Clock, ConnectorError, ErrorKind, Page, Result, Source};

use crate::retry::next_page;

/// Pages that wait to be landed; one more is being read.
const PAGES_AHEAD: usize = 2;

/// A source read by a task of its own, at most [`PAGES_AHEAD`] pages before the landing.
pub(crate) struct ReadAhead {
    pages: Receiver<Result<Option<Page>>>,
    reader: JoinHandle<()>,
}

impl ReadAhead {
    /// Begins to read; the task ends with the source, at its first error, or when this is dropped.
    pub(crate) fn start(mut source: Box<dyn Source>, clock: Arc<dyn Clock>) -> Self {
        let (sender, pages) = channel(PAGES_AHEAD);
        let reader = tokio::spawn(async move {
            loop {
                let page = next_page(&*clock, &mut *source).await;
                let is_last = !matches!(page, Ok(Some(_)));
                if sender.send(page).await.is_err() || is_last {
                    return;
                }
            }
        });
        Self { pages, reader }
    }

    /// The next page, or none at the end of the source.
    pub(crate) async fn next(&mut self) -> Result<Option<Page>> {
        let lost = || {
            ConnectorError::new(ErrorKind::Internal, "reading the next page")
                .with_detail("the reader stopped without an answer")
        };
        self.pages.recv().await.unwrap_or_else(|| Err(lost()))
    }
}

impl Drop for ReadAhead {
    fn drop(&mut self) {
        self.reader.abort();
    }
}
