//! Sending a response while watching for the client's Attention.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tokio::io::{AsyncWriteExt, WriteHalf};
use tokio::sync::Notify;

use super::handshake::Stream;
use crate::wire::Outgoing;

/// Payload that is sent before more rows are written.
const SPILL_BYTES: usize = 64 << 10;

/// Whether the client wants the running statement cancelled.
#[derive(Debug, Default)]
pub(super) struct Cancel {
    asked: AtomicBool,
    notify: Notify,
}

impl Cancel {
    pub(super) fn ask(&self) {
        self.asked.store(true, Ordering::SeqCst);
        self.notify.notify_one();
    }

    pub(super) fn is_asked(&self) -> bool {
        self.asked.load(Ordering::SeqCst)
    }

    pub(super) fn clear(&self) {
        self.asked.store(false, Ordering::SeqCst);
    }
}

/// Why a response ended early.
#[derive(Debug)]
pub(super) enum Stop {
    /// The client asked.
    Cancelled,
    /// The connection is, or is to be, closed.
    Closed,
}

impl From<std::io::Error> for Stop {
    fn from(_: std::io::Error) -> Self {
        Self::Closed
    }
}

/// A response under way: tokens are appended to `payload` and sent as packets fill.
pub(super) struct Responder {
    pub(super) payload: Vec<u8>,
    writer: WriteHalf<Box<dyn Stream>>,
    outgoing: Outgoing,
    out: Vec<u8>,
    pub(super) cancel: Arc<Cancel>,
}

impl Responder {
    pub(super) fn new(
        writer: WriteHalf<Box<dyn Stream>>,
        packet_size: usize,
        cancel: Arc<Cancel>,
    ) -> Self {
        Self {
            payload: Vec::new(),
            writer,
            outgoing: Outgoing::new(packet_size),
            out: Vec::new(),
            cancel,
        }
    }

    /// Whether enough has gathered to be sent.
    pub(super) fn is_full(&self) -> bool {
        self.payload.len() >= SPILL_BYTES
    }

    /// Sends whole packets.
    pub(super) async fn spill(&mut self) -> Result<(), Stop> {
        if self.cancel.is_asked() {
            return Err(Stop::Cancelled);
        }
        self.outgoing.cut(&mut self.payload, false, &mut self.out);
        self.writer.write_all(&self.out).await?;
        self.out.clear();
        Ok(())
    }

    /// Sends the rest as the end of the response.
    pub(super) async fn finish(&mut self) -> Result<(), Stop> {
        self.outgoing.cut(&mut self.payload, true, &mut self.out);
        self.writer.write_all(&self.out).await?;
        self.out.clear();
        Ok(self.writer.flush().await?)
    }

    /// Sends a packet that announces more than comes.
    pub(super) async fn break_off(&mut self) -> Stop {
        self.outgoing.cut(&mut self.payload, false, &mut self.out);
        let length = u16::try_from(self.payload.len() + 64).unwrap_or(u16::MAX).to_be_bytes();
        self.out.extend_from_slice(&[4, 0, length[0], length[1], 0, 0, 1, 0]);
        self.out.extend_from_slice(&self.payload);
        let _ = self.writer.write_all(&self.out).await;
        let _ = self.writer.flush().await;
        Stop::Closed
    }

    /// Waits, or until the client cancels.
    pub(super) async fn wait(&mut self, time: Duration) -> Result<(), Stop> {
        let asked = async {
            while !self.cancel.is_asked() {
                self.cancel.notify.notified().await;
            }
        };
        tokio::select! {
            () = tokio::time::sleep(time) => Ok(()),
            () = asked => Err(Stop::Cancelled),
        }
    }
}
