//! The metrics of one process, and their text.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64};
use std::time::Duration;

use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::{Metric, Registry};

use crate::names;
use crate::process;

/// The content type of [`Metrics::render`].
pub const CONTENT_TYPE: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

type Labels = Vec<(&'static str, String)>;
type Counters = Family<Labels, Counter>;
type Gauges = Family<Labels, Gauge<f64, AtomicU64>>;
type Histograms = Family<Labels, Histogram, fn() -> Histogram>;

/// From a look-up in the index to a large report.
const REQUEST_BUCKETS: [f64; 12] =
    [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0, 30.0];
/// From a batch to a full load or a rebuild.
const WORK_BUCKETS: [f64; 11] =
    [0.05, 0.25, 1.0, 5.0, 15.0, 60.0, 300.0, 900.0, 1800.0, 3600.0, 14_400.0];

fn request_histogram() -> Histogram {
    Histogram::new(REQUEST_BUCKETS)
}

fn work_histogram() -> Histogram {
    Histogram::new(WORK_BUCKETS)
}

/// The metrics of one process. Cheap to clone; every method may be called concurrently.
#[derive(Clone)]
pub struct Metrics {
    registry: Arc<Registry>,
    http_requests: Counters,
    http_duration: Histograms,
    http_in_flight: Gauge<i64, AtomicI64>,
    events: Counters,
    inbox_depth: Gauge<i64, AtomicI64>,
    index_lag: Gauge<f64, AtomicU64>,
    lake_commit_duration: Histograms,
    sync_rows: Counters,
    job_runs: Counters,
    job_duration: Histograms,
    report_age: Gauges,
    report_age_bound: Gauges,
    build_duration: Histogram,
    alert_deliveries: Counters,
    alerts: Gauges,
}

/// Registers a clone of a metric; the text adds `_total` to a counter by itself.
fn register<M: Metric + Clone>(registry: &mut Registry, name: &str, help: &str, metric: &M) {
    registry.register(name.trim_end_matches("_total"), help, metric.clone());
}

impl Metrics {
    /// All metrics at zero, for a hub of this version.
    pub fn new(version: &str) -> Self {
        let mut registry = Registry::default();
        let requests = || Histograms::new_with_constructor(request_histogram);
        let work = || Histograms::new_with_constructor(work_histogram);
        let metrics = Self {
            registry: Arc::default(),
            http_requests: Family::default(),
            http_duration: requests(),
            http_in_flight: Gauge::default(),
            events: Family::default(),
            inbox_depth: Gauge::default(),
            index_lag: Gauge::default(),
            lake_commit_duration: work(),
            sync_rows: Family::default(),
            job_runs: Family::default(),
            job_duration: work(),
            report_age: Family::default(),
            report_age_bound: Family::default(),
            build_duration: work_histogram(),
            alert_deliveries: Family::default(),
            alerts: Family::default(),
        };
        metrics.register_service(&mut registry);
        metrics.register_pipeline(&mut registry);
        let info = Gauges::default();
        info.get_or_create(&vec![("version", version.to_owned())]).set(1.0);
        register(&mut registry, names::BUILD_INFO, "which hub this is", &info);
        registry.register_collector(Box::new(process::ProcessCollector::new()));
        Self { registry: Arc::new(registry), ..metrics }
    }

    fn register_service(&self, r: &mut Registry) {
        register(r, names::HTTP_REQUESTS, "HTTP requests", &self.http_requests);
        register(r, names::HTTP_DURATION, "time to answer", &self.http_duration);
        register(r, names::HTTP_IN_FLIGHT, "requests being answered", &self.http_in_flight);
        register(r, names::EVENTS, "scan events by outcome", &self.events);
        register(r, names::INBOX_DEPTH, "events not in the lake yet", &self.inbox_depth);
        register(r, names::INDEX_LAG, "age of the oldest event not in the index", &self.index_lag);
        register(r, names::ALERT_DELIVERIES, "deliveries of alerts", &self.alert_deliveries);
        register(r, names::ALERTS, "alerts that are not over", &self.alerts);
    }

    fn register_pipeline(&self, r: &mut Registry) {
        let commit = &self.lake_commit_duration;
        register(r, names::LAKE_COMMIT_DURATION, "time of a commit to the lake", commit);
        register(r, names::SYNC_ROWS, "rows read from systems", &self.sync_rows);
        register(r, names::JOB_RUNS, "ended runs of jobs", &self.job_runs);
        register(r, names::JOB_DURATION, "time of a run", &self.job_duration);
        register(r, names::REPORT_AGE, "age of the data behind a report", &self.report_age);
        register(r, names::REPORT_AGE_BOUND, "the age it may have", &self.report_age_bound);
        register(r, names::BUILD_DURATION, "time of a build", &self.build_duration);
    }

    /// A request begins; it is over when what is returned is dropped.
    pub fn http_begins(&self) -> InFlight {
        self.http_in_flight.inc();
        InFlight(self.http_in_flight.clone())
    }

    /// A request was answered. `route` is the matched one, never the path.
    pub fn http_answered(&self, method: &str, route: &str, status: u16, took: Duration) {
        let labels = vec![("method", method.to_owned()), ("route", route.to_owned())];
        self.http_duration.get_or_create(&labels).observe(took.as_secs_f64());
        let labels = [labels, vec![("status", status.to_string())]].concat();
        self.http_requests.get_or_create(&labels).inc();
    }

    /// What became of a batch of scan events.
    pub fn events(&self, accepted: u64, duplicate: u64, rejected: u64) {
        for (outcome, count) in
            [("accepted", accepted), ("duplicate", duplicate), ("rejected", rejected)]
        {
            self.events.get_or_create(&vec![("outcome", outcome.to_owned())]).inc_by(count);
        }
    }

    /// How many events the inbox holds.
    pub fn inbox_depth(&self, events: u64) {
        self.inbox_depth.set(i64::try_from(events).unwrap_or(i64::MAX));
    }

    /// How far the index on disk is behind.
    pub fn index_lag(&self, lag: Duration) {
        self.index_lag.set(lag.as_secs_f64());
    }

    /// A commit to a table of this schema (raw, staging, core, marts).
    pub fn lake_committed(&self, schema: &str, took: Duration) {
        let labels = vec![("schema", schema.to_owned())];
        self.lake_commit_duration.get_or_create(&labels).observe(took.as_secs_f64());
    }

    /// What became of the rows of a stream.
    pub fn sync_rows(&self, system: &str, stream: &str, outcome: &str, rows: u64) {
        let labels = vec![
            ("outcome", outcome.to_owned()),
            ("stream", stream.to_owned()),
            ("system", system.to_owned()),
        ];
        self.sync_rows.get_or_create(&labels).inc_by(rows);
    }

    /// A job's run ended.
    pub fn job_ended(&self, job: &str, outcome: &str, took: Duration) {
        let labels = vec![("job_name", job.to_owned())];
        self.job_duration.get_or_create(&labels).observe(took.as_secs_f64());
        let labels = [labels, vec![("outcome", outcome.to_owned())]].concat();
        self.job_runs.get_or_create(&labels).inc();
    }

    /// How old a report's data are, and may be.
    pub fn freshness(&self, report: &str, age: Duration, bound: Option<Duration>) {
        let labels = vec![("report", report.to_owned())];
        self.report_age.get_or_create(&labels).set(age.as_secs_f64());
        if let Some(bound) = bound {
            self.report_age_bound.get_or_create(&labels).set(bound.as_secs_f64());
        }
    }

    /// A build ended.
    pub fn built(&self, took: Duration) {
        self.build_duration.observe(took.as_secs_f64());
    }

    /// Deliveries of a channel by outcome.
    pub fn alert_deliveries(&self, channel: &str, outcome: &str, deliveries: u64) {
        let labels = vec![("channel", channel.to_owned()), ("outcome", outcome.to_owned())];
        self.alert_deliveries.get_or_create(&labels).inc_by(deliveries);
    }

    /// How many alerts stand at a status.
    pub fn alerts(&self, status: &str, alerts: u64) {
        let gauge = self.alerts.get_or_create(&vec![("status", status.to_owned())]);
        // A count of alerts is far from where a float loses whole numbers.
        gauge.set(alerts as f64);
    }

    /// Everything as text, as [`CONTENT_TYPE`] says.
    pub fn render(&self) -> String {
        let mut text = String::new();
        // Writing to a string cannot fail; what a collector could not read is left out.
        let _ = encode(&mut text, &self.registry);
        text
    }
}

/// A request being answered.
#[derive(Debug)]
pub struct InFlight(Gauge<i64, AtomicI64>);

impl Drop for InFlight {
    fn drop(&mut self) {
        self.0.dec();
    }
}
