//! The figures of both ledgers, and what one is to the other.

use std::time::Duration;

use yuanliu_benchmarks::table::Table;

use crate::asking::Asked;
use crate::sending::Sent;

/// A figure of one ledger that the other may have as well.
#[derive(Debug)]
struct Figure {
    of: &'static str,
    name: String,
    per_s: f64,
    p99: Duration,
}

/// What was measured so far.
#[derive(Debug)]
pub(crate) struct Report {
    ingest: Table,
    lookup: Table,
    recall: Table,
    figures: Vec<Figure>,
    notes: Vec<String>,
}

impl Report {
    pub(crate) fn new() -> Self {
        Self {
            ingest: Table::new(&[
                "ingest",
                "codes held",
                "events",
                "seconds",
                "events/s",
                "p50 ms",
                "p99 ms",
                "client cpu s",
                "server cpu s",
                "server MB",
                "429s",
            ]),
            lookup: Table::new(&[
                "lookup",
                "connections",
                "requests",
                "requests/s",
                "p50 ms",
                "p99 ms",
                "max ms",
            ]),
            recall: Table::default(),
            figures: Vec::new(),
            notes: Vec::new(),
        }
    }

    /// A stretch of the flow that was sent to a ledger; `from_codes` were held before.
    pub(crate) fn sent(&mut self, of: &'static str, from_codes: u64, sent: &Sent) {
        let per_s = per_second(sent.events, sent.elapsed);
        let p99 = sent.latencies.within(990);
        self.ingest.line(&[
            of.to_owned(),
            format!("{from_codes} to {}", sent.at.codes),
            sent.events.to_string(),
            format!("{:.2}", sent.elapsed.as_secs_f64()),
            format!("{per_s:.0}"),
            millis(sent.latencies.within(500)),
            millis(p99),
            format!("{:.2}", sent.client.as_secs_f64()),
            format!("{:.2}", sent.server.as_secs_f64()),
            format!("{:.0}", megabytes(sent.memory)),
            sent.refusals.to_string(),
        ]);
        let name = format!("ingest to {} codes", sent.at.codes);
        self.figures.push(Figure { of, name, per_s, p99 });
    }

    /// Lookups in a ledger.
    pub(crate) fn asked(
        &mut self,
        of: &'static str,
        what: &str,
        connections: usize,
        asked: &Asked,
    ) {
        let requests = asked.latencies.len() as u64;
        let per_s = per_second(requests, asked.elapsed);
        let p99 = asked.latencies.within(990);
        self.lookup.line(&[
            format!("{of}, {what}"),
            connections.to_string(),
            requests.to_string(),
            format!("{per_s:.0}"),
            millis(asked.latencies.within(500)),
            millis(p99),
            millis(asked.latencies.within(1_000)),
        ]);
        let name = format!("{what}, {connections} connections");
        self.figures.push(Figure { of, name, per_s, p99 });
    }

    /// Building and recalling, as processes or requests.
    pub(crate) fn recall(&mut self) -> &mut Table {
        &mut self.recall
    }

    /// What the figures do not say.
    pub(crate) fn note(&mut self, note: String) {
        eprintln!("{note}");
        self.notes.push(note);
    }

    /// Everything, as Markdown.
    pub(crate) fn text(&self) -> String {
        let mut ratios = Table::new(&["hub against peer", "throughput", "p99"]);
        let of = |name: &'static str| self.figures.iter().filter(move |one| one.of == name);
        for hub in of("hub") {
            let Some(peer) = of("peer").find(|peer| peer.name == hub.name) else { continue };
            let faster = hub.per_s / peer.per_s;
            let p99 = hub.p99.as_secs_f64() / peer.p99.as_secs_f64();
            ratios.line(&[hub.name.clone(), format!("{faster:.2} x"), format!("{p99:.2} x")]);
        }
        let tables = [&self.ingest, &self.lookup, &self.recall, &ratios];
        let tables = tables.into_iter().filter(|table| !table.is_empty());
        let parts = tables.map(|table| format!("{table}\n\n")).collect::<String>();
        format!("{parts}{}", self.notes.join("\n"))
    }
}

/// Bytes for people.
pub(crate) fn megabytes(bytes: u64) -> f64 {
    bytes as f64 / 1e6
}

/// A time for people, in milliseconds.
pub(crate) fn millis(time: Duration) -> String {
    format!("{:.2}", time.as_secs_f64() * 1e3)
}

fn per_second(count: u64, time: Duration) -> f64 {
    count as f64 / time.as_secs_f64()
}
