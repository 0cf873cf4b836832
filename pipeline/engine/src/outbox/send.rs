//! Sends what the outbox holds for one system.

use std::sync::Arc;
use std::time::Duration;

use serde::Serialize;
use tracing::{info, warn};
use yuanliu_contract::{Clock, ConnectorError, ErrorKind, OutgoingDocument, WriteReceipt, Writer};

use crate::policy::{concerns_the_whole_system, may_take_effect_later, wait_before_retry};
use crate::ports::{DueDocument, OutboxStore, SendOutcome, StoreError};
use crate::report::RunOutcome;
use crate::retry::with_policy;
use crate::run::explain_system;

/// Documents sent in one run: more wait for the next.
pub const ENTRIES_MAX_DEFAULT: usize = 1_000;

/// How long a call whose answer was lost may still take effect: longer than a server works on one
/// document after its client is gone.
pub const SETTLING_DEFAULT: Duration = Duration::from_secs(60);

/// Entries read at a time.
const PAGE_ENTRIES: usize = 100;

/// What a person asked of a send.
#[derive(Debug, Clone)]
pub struct SendOptions {
    /// At most so many documents.
    pub entries_max: usize,
    /// How long a call whose answer was lost may still take effect.
    pub settling: Duration,
}

impl Default for SendOptions {
    fn default() -> Self {
        Self { entries_max: ENTRIES_MAX_DEFAULT, settling: SETTLING_DEFAULT }
    }
}

/// The counts of one run; `taken = sent + known + refused + failed + unknown` unless the outbox
/// itself failed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SendReport {
    /// The system sent to.
    pub system: String,
    /// Green: all is sent. Yellow: something was refused. Red: something is still to be sent.
    pub outcome: RunOutcome,
    /// Documents taken from the outbox.
    pub taken: u64,
    /// Documents the system holds since this run.
    pub sent: u64,
    /// Documents the system turned out to hold already.
    pub known: u64,
    /// Documents it refused.
    pub refused: u64,
    /// Documents it is known not to hold; the next run tries again.
    pub failed: u64,
    /// Documents nobody knows about; the next run asks first.
    pub unknown: u64,
    /// What a person should know.
    pub message: Option<String>,
    /// The kind of the failure that ended the run early.
    #[serde(skip)]
    pub stopped_by: Option<ErrorKind>,
}

impl SendReport {
    /// Whether every document taken is accounted for.
    pub fn is_balanced(&self) -> bool {
        self.taken == self.sent + self.known + self.refused + self.failed + self.unknown
    }

    fn count(&mut self, outcome: &SendOutcome) {
        match outcome {
            SendOutcome::Sent { receipt, .. } if receipt.was_known => self.known += 1,
            SendOutcome::Sent { .. } => self.sent += 1,
            SendOutcome::Refused(_) => self.refused += 1,
            SendOutcome::Failed(_) => self.failed += 1,
            SendOutcome::Unknown(_) => self.unknown += 1,
        }
    }
}

/// One run over the outbox of one system: borrowed parts, no state kept afterwards.
///
/// The caller is the one sender there is, and has marked the sends that an earlier one left open.
pub struct OutboxRun<'a> {
    /// The system's configured name.
    pub system_name: &'a str,
    /// The system to send to.
    pub writer: Arc<dyn Writer>,
    /// Where documents wait.
    pub outbox: &'a dyn OutboxStore,
    /// Now, and waiting.
    pub clock: Arc<dyn Clock>,
}

/// How one document ended, and the failure behind it if there was one.
struct Ended(SendOutcome, Option<ErrorKind>);

impl OutboxRun<'_> {
    /// Sends what is due, one document after another; a document's failure is part of the report.
    ///
    /// A failure that every further document would meet ends the run, and so does one of the outbox.
    pub async fn run(&self, options: &SendOptions) -> (SendReport, Option<StoreError>) {
        let mut report = SendReport {
            system: self.system_name.to_owned(),
            outcome: RunOutcome::Green,
            taken: 0,
            sent: 0,
            known: 0,
            refused: 0,
            failed: 0,
            unknown: 0,
            message: None,
            stopped_by: None,
        };
        let error = self.send_due(options, &mut report).await.err();
        if let Some(error) = &error {
            report.message = Some(format!("the outbox failed: {error}"));
        }
        report.outcome = if error.is_some() || report.failed + report.unknown > 0 {
            RunOutcome::Red
        } else if report.refused > 0 {
            RunOutcome::Yellow
        } else {
            RunOutcome::Green
        };
        info!(system = report.system, outcome = ?report.outcome, taken = report.taken,
            sent = report.sent, known = report.known, refused = report.refused,
            failed = report.failed, unknown = report.unknown, "send ended");
        (report, error)
    }

    async fn send_due(
        &self,
        options: &SendOptions,
        report: &mut SendReport,
    ) -> Result<(), StoreError> {
        let mut after_id = 0;
        let mut left = options.entries_max;
        while left > 0 {
            let page = self.outbox.due(self.system_name, after_id, left.min(PAGE_ENTRIES)).await?;
            let Some(last) = page.last() else { return Ok(()) };
            after_id = last.entry_id;
            left = left.saturating_sub(page.len());
            for due in page {
                if !self.outbox.begin(due.entry_id).await? {
                    continue;
                }
                report.taken += 1;
                let Ended(outcome, failure) = self.send(&due, options.settling).await;
                self.outbox.settle(due.entry_id, &outcome).await?;
                report.count(&outcome);
                if let SendOutcome::Refused(text)
                | SendOutcome::Failed(text)
                | SendOutcome::Unknown(text) = outcome
                {
                    warn!(entry_id = due.entry_id, key = due.document.key, "not sent: {text}");
                    report.message.get_or_insert(text);
                }
                if let Some(kind) = failure.filter(|kind| concerns_the_whole_system(*kind)) {
                    report.stopped_by = Some(kind);
                    return Ok(());
                }
            }
        }
        if !self.outbox.due(self.system_name, after_id, 1).await?.is_empty() {
            let more = "more documents wait for the next send".to_owned();
            report.message.get_or_insert(more);
        }
        Ok(())
    }

    /// Sends one document until it is settled or the policy table says to stop.
    async fn send(&self, due: &DueDocument, settling: Duration) -> Ended {
        let document = &due.document;
        if due.is_unknown {
            match self.find_settled(due, settling).await {
                Ok(None) => {}
                Ok(Some(receipt)) => return sent(receipt, None),
                Err(error) => return unknown(&error),
            }
        }
        let mut attempt = 0;
        loop {
            attempt += 1;
            let error = match self.writer.write(document).await {
                Ok(receipt) => return sent(receipt, None),
                Err(error) => error,
            };
            let said = explain_system(&error);
            if error.kind == ErrorKind::Refused {
                return Ended(SendOutcome::Refused(said), None);
            }
            let retry = wait_before_retry(&error, attempt);
            let settled = may_take_effect_later(error.kind).then_some(settling);
            let wait = retry.max(settled).unwrap_or_default();
            warn!(kind = ?error.kind, attempt, wait_ms = wait.as_millis() as u64,
                key = document.key, "{error}; will ask whether it arrived");
            match self.find_after(document, wait, settled.is_some()).await {
                Ok(Some(receipt)) => return sent(receipt, Some(said)),
                Ok(None) if retry.is_some() => {}
                Ok(None) => return Ended(SendOutcome::Failed(said), Some(error.kind)),
                Err(asking) => {
                    let text = format!("{said}; then {}", explain_system(&asking));
                    return Ended(SendOutcome::Unknown(text), Some(asking.kind));
                }
            }
        }
    }

    /// Asks at once, and once more when a lost call can no longer take effect.
    async fn find_settled(
        &self,
        due: &DueDocument,
        settling: Duration,
    ) -> Result<Option<WriteReceipt>, ConnectorError> {
        let found = self.find(&due.document).await?;
        let age = due.attempted_at.and_then(|at| (self.clock.now() - at).to_std().ok());
        let wait = settling.saturating_sub(age.unwrap_or_default());
        if found.is_some() || wait.is_zero() {
            return Ok(found);
        }
        self.clock.sleep(wait).await;
        self.find(&due.document).await
    }

    /// Asks after `wait`; where a lost call may have taken effect already, first at once.
    async fn find_after(
        &self,
        document: &OutgoingDocument,
        wait: Duration,
        is_lost: bool,
    ) -> Result<Option<WriteReceipt>, ConnectorError> {
        if is_lost && let Some(receipt) = self.find(document).await? {
            return Ok(Some(receipt));
        }
        self.clock.sleep(wait).await;
        self.find(document).await
    }

    async fn find(
        &self,
        document: &OutgoingDocument,
    ) -> Result<Option<WriteReceipt>, ConnectorError> {
        with_policy(&*self.clock, || self.writer.find(document)).await
    }
}

fn sent(receipt: WriteReceipt, remark: Option<String>) -> Ended {
    Ended(SendOutcome::Sent { receipt, remark }, None)
}

fn unknown(error: &ConnectorError) -> Ended {
    Ended(SendOutcome::Unknown(explain_system(error)), Some(error.kind))
}
