//! Logs and traces of the whole process, set up once.

use opentelemetry::trace::TracerProvider;
use opentelemetry_sdk::trace::SdkTracerProvider;
use tracing::Subscriber;
use tracing_subscriber::filter::{EnvFilter, ParseError};
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{Layer, Registry};

use crate::otlp::{self, TraceSettings};

/// How a log line looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogFormat {
    /// One JSON object a line: timestamp, level, target, message, fields, and those of the request.
    Json,
    /// For a person at a terminal.
    Text,
}

/// What is logged and how.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogSettings {
    /// How a line looks.
    pub format: LogFormat,
    /// What is logged, as `info` or `info,yuanliu=debug`.
    pub filter: String,
}

/// Logs or traces cannot be set up.
#[derive(Debug, thiserror::Error)]
pub enum TelemetryError {
    /// The filter cannot be read.
    #[error("`{filter}` is no filter of logs; write a level, or pairs as `info,yuanliu=debug`")]
    Filter {
        /// As it was written.
        filter: String,
        /// What is wrong with it.
        #[source]
        source: ParseError,
    },
    /// The HTTP client cannot be built.
    #[error("building the HTTP client for traces")]
    Client {
        /// Why.
        #[source]
        source: reqwest::Error,
    },
    /// The exporter cannot be built.
    #[error("setting up the export of traces; check the collector's address")]
    Exporter {
        /// Why.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// Traces are sent by the hub's runtime.
    #[error("setting up the export of traces outside of a runtime")]
    NoRuntime,
    /// Something else logs already.
    #[error("logs are set up already")]
    Twice,
}

/// Sends what is left of the traces when it is dropped.
#[derive(Debug)]
#[must_use]
pub struct Guard {
    provider: Option<SdkTracerProvider>,
}

impl Drop for Guard {
    fn drop(&mut self) {
        if let Some(provider) = self.provider.take() {
            // A collector that is gone must not keep the hub from ending.
            let _ = provider.shutdown();
        }
    }
}

/// Sets up logs on standard error and, if there is somewhere to send them, traces.
///
/// Drop the guard from outside the runtime's workers, or in `spawn_blocking`: it waits for the last
/// traces to be sent.
pub fn install(
    logs: &LogSettings,
    traces: Option<&TraceSettings>,
) -> Result<Guard, TelemetryError> {
    let (subscriber, guard) = subscriber(logs, traces, std::io::stderr)?;
    subscriber.try_init().map_err(|_| TelemetryError::Twice)?;
    Ok(guard)
}

/// What [`install`] sets up, over another writer.
pub fn subscriber<W>(
    logs: &LogSettings,
    traces: Option<&TraceSettings>,
    writer: W,
) -> Result<(impl Subscriber + Send + Sync + use<W>, Guard), TelemetryError>
where
    W: for<'w> MakeWriter<'w> + Send + Sync + 'static,
{
    let filter = EnvFilter::try_new(&logs.filter)
        .map_err(|source| TelemetryError::Filter { filter: logs.filter.clone(), source })?;
    let provider = traces.map(otlp::provider).transpose()?;
    let traced = provider
        .as_ref()
        .map(|provider| tracing_opentelemetry::layer().with_tracer(provider.tracer("yuanliu")));
    let lines = tracing_subscriber::fmt::layer().with_writer(writer);
    let lines: Box<dyn Layer<_> + Send + Sync> = match logs.format {
        LogFormat::Json => {
            Box::new(lines.json().flatten_event(true).with_current_span(true).with_span_list(false))
        }
        LogFormat::Text => Box::new(lines.with_target(false)),
    };
    Ok((Registry::default().with(filter).with(traced).with(lines), Guard { provider }))
}
