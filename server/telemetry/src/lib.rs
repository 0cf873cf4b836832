//! What the hub tells of itself: metrics for Prometheus, traces by OpenTelemetry, logs as JSON.
//!
//! It measures and decides nothing. Labels come from code and configuration only (a matched route, a
//! system, a job), never from what somebody sends, so that the number of series is bounded. No label,
//! span or log field holds a secret or a query string.

mod layer;
mod logs;
mod metrics;
pub mod names;
mod otlp;
mod process;
mod request_id;

pub use layer::observe;
pub use logs::{Guard, LogFormat, LogSettings, TelemetryError, install, subscriber};
pub use metrics::{CONTENT_TYPE, Metrics};
pub use otlp::TraceSettings;
pub use request_id::{REQUEST_ID, RequestId};
