//! Reading the next pages while the ones before are landed.

use std::sync::Arc;

use tokio::sync::mpsc::{Receiver, channel};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::task::JoinHandle;
use yuanliu_contract::{Clock, ConnectorError, ErrorKind, Page, Result, Source};

use crate::retry::next_page;

/// Pages that wait to be landed take at most this much together; one more is being read.
const AHEAD_BYTES_MAX: u32 = 16 << 20;

/// However small they are, no more pages than this wait.
const PAGES_AHEAD_MAX: usize = 64;

/// What a reader hands over: a page, and the room it takes until it is landed.
type Handed = (Result<Option<Page>>, Option<OwnedSemaphorePermit>);

/// A source read by a task of its own, a bounded number of bytes before the landing.
pub(crate) struct ReadAhead {
    pages: Receiver<Handed>,
    reader: JoinHandle<()>,
}

impl ReadAhead {
    /// Begins to read; the task ends with the source, at its first error, or when this is dropped.
    pub(crate) fn start(mut source: Box<dyn Source>, clock: Arc<dyn Clock>) -> Self {
        let (sender, pages) = channel(PAGES_AHEAD_MAX);
        let room = Arc::new(Semaphore::new(AHEAD_BYTES_MAX as usize));
        let reader = tokio::spawn(async move {
            loop {
                let page = next_page(&*clock, &mut *source).await;
                let is_last = !matches!(page, Ok(Some(_)));
                let taken = Arc::clone(&room).acquire_many_owned(room_for(&page)).await.ok();
                if sender.send((page, taken)).await.is_err() || is_last {
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
        self.pages.recv().await.map_or_else(|| Err(lost()), |(page, _room)| page)
    }
}

impl Drop for ReadAhead {
    fn drop(&mut self) {
        self.reader.abort();
    }
}

/// A page larger than everything allowed waits until it is alone.
fn room_for(page: &Result<Option<Page>>) -> u32 {
    let bytes = match page {
        Ok(Some(page)) => page.rows.batch.get_array_memory_size(),
        _ => 0,
    };
    u32::try_from(bytes).unwrap_or(u32::MAX).min(AHEAD_BYTES_MAX)
}
