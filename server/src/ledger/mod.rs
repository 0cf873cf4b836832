//! The ledger of scan events: durable in the inbox, asked for in the trace index, kept in the lake.
//!
//! Every event comes the same way, be it from a device over HTTP, a file or a stream of an MES
//! database: [`Ledger::accept`] tells duplicates and collisions, returns when what is new survives a
//! power cut, and by then a trace sees it. [`Ledger::land`] takes the inbox into the lake with the
//! inbox's sequence as part of the position, so that a frame lands once whatever is killed when.
//!
//! Invariants:
//! - a frame is released from the inbox only when the lake holds it and the index has it on disk;
//! - the index holds every event of the lake and of the inbox, else it is built anew on opening;
//! - one thread decides what is new, so two deliveries of one event never both count; another
//!   applies it to the index, group after group.

mod accept;
mod check;
mod compact;
mod error;
mod indexer;
mod land;
mod open;
mod position;
mod rebuild;
mod unbuilt;

use std::path::PathBuf;
use std::sync::Arc;
use std::thread::JoinHandle;

use arrow::record_batch::RecordBatch;
use tokio::sync::{Mutex, mpsc, oneshot};
use yuanliu_inbox::{Inbox, Status};
use yuanliu_scans::Classified;
use yuanliu_telemetry::Metrics;
use yuanliu_trace_index::TraceIndex;
use yuanliu_warehouse::Lake;

pub(crate) use self::error::LedgerError;
pub(crate) use self::open::Bounds;
pub(crate) use self::position::scan_position;
pub(crate) use self::unbuilt::{ShipDocument, ShippedItem, Unbuilt, UnbuiltShip};

use self::accept::Delivery;
use self::compact::Compactor;

/// The open ledger; one process has it at a time.
pub(crate) struct Ledger {
    lake: Arc<Lake>,
    inbox: Inbox,
    index: Arc<TraceIndex>,
    unbuilt: Arc<Unbuilt>,
    /// `None` only while dropping.
    deliveries: Option<mpsc::Sender<Delivery>>,
    /// In the order in which they end.
    threads: Vec<JoinHandle<()>>,
    landing: Mutex<()>,
    metrics: Metrics,
    _compactor: Compactor,
}

impl Ledger {
    /// Takes events in the columns of the raw event table, and answers which of them were new.
    ///
    /// When this returns they are durable and a trace sees them. Nothing of a delivery is kept if it
    /// fails, but for [`LedgerError::Behind`].
    pub(crate) async fn accept(&self, events: RecordBatch) -> Result<Classified, LedgerError> {
        let (answer, answered) = oneshot::channel();
        let delivery = Delivery { events, answer };
        let deliveries = self.deliveries.as_ref().ok_or(LedgerError::Closed)?;
        deliveries.try_send(delivery).map_err(|error| match error {
            mpsc::error::TrySendError::Full(_) => LedgerError::busy(),
            mpsc::error::TrySendError::Closed(_) => LedgerError::Closed,
        })?;
        answered.await.map_err(|_| LedgerError::Closed)?
    }

    /// The index that answers for one code.
    pub(crate) fn index(&self) -> &Arc<TraceIndex> {
        &self.index
    }

    /// What came since the last build.
    pub(crate) fn unbuilt(&self) -> &Unbuilt {
        &self.unbuilt
    }

    /// How full the inbox is.
    pub(crate) fn inbox_status(&self) -> Status {
        self.inbox.status()
    }
}

impl Drop for Ledger {
    /// Waits for the threads, so that inbox and index are free for whoever opens them next.
    fn drop(&mut self) {
        drop(self.deliveries.take());
        for thread in self.threads.drain(..) {
            // A panic of it was told to whoever waited.
            let _ = thread.join();
        }
    }
}

/// Where the inbox of a data folder is.
fn inbox_folder(data: &std::path::Path) -> PathBuf {
    data.join("inbox")
}

/// Where the index of a data folder is.
fn index_folder(data: &std::path::Path) -> PathBuf {
    data.join("index")
}
