//! Traces to a collector: OTLP over HTTP, in protobuf.

use std::collections::HashMap;
use std::fmt;
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use http::{Request, Response};
use opentelemetry_http::{HttpClient, HttpError};
use opentelemetry_otlp::{SpanExporter, WithExportConfig, WithHttpConfig};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::trace::{Sampler, SdkTracerProvider};
use tokio::runtime::Handle;

use crate::logs::TelemetryError;

/// A collector that takes longer loses the batch; the hub goes on.
const EXPORT_TIMEOUT: Duration = Duration::from_secs(10);
/// Where OTLP over HTTP takes traces, below the collector's address.
const TRACES_PATH: &str = "/v1/traces";

/// Where traces go.
#[derive(Clone)]
pub struct TraceSettings {
    /// The collector's address, as `http://collector:4318`.
    pub endpoint: String,
    /// How the hub is called there.
    pub service_name: String,
    /// Which version it is.
    pub service_version: String,
    /// The share of traces that begin here and are kept, from 0 to 1; a caller's decision stands.
    pub sample_ratio: f64,
    /// Headers the collector wants; their values are secrets.
    pub headers: Vec<(String, String)>,
}

impl fmt::Debug for TraceSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TraceSettings")
            .field("endpoint", &self.endpoint)
            .field("service_name", &self.service_name)
            .field("sample_ratio", &self.sample_ratio)
            .finish_non_exhaustive()
    }
}

/// A provider that sends in the background; needs the runtime it is called in.
pub(crate) fn provider(settings: &TraceSettings) -> Result<SdkTracerProvider, TelemetryError> {
    let client = reqwest::Client::builder()
        .timeout(EXPORT_TIMEOUT)
        .http1_only()
        .build()
        .map_err(|source| TelemetryError::Client { source })?;
    let runtime = Handle::try_current().map_err(|_| TelemetryError::NoRuntime)?;
    let endpoint = settings.endpoint.trim_end_matches('/');
    let endpoint = match endpoint.ends_with(TRACES_PATH) {
        true => endpoint.to_owned(),
        false => format!("{endpoint}{TRACES_PATH}"),
    };
    let exporter = SpanExporter::builder()
        .with_http()
        .with_http_client(OnRuntime { client, runtime })
        .with_endpoint(endpoint)
        .with_timeout(EXPORT_TIMEOUT)
        .with_headers(settings.headers.iter().cloned().collect::<HashMap<_, _>>())
        .build()
        .map_err(|source| TelemetryError::Exporter { source: Box::new(source) })?;
    let resource = Resource::builder()
        .with_service_name(settings.service_name.clone())
        .with_attribute(opentelemetry::KeyValue::new(
            "service.version",
            settings.service_version.clone(),
        ))
        .build();
    let ratio = Sampler::TraceIdRatioBased(settings.sample_ratio.clamp(0.0, 1.0));
    Ok(SdkTracerProvider::builder()
        .with_batch_exporter(exporter)
        .with_sampler(Sampler::ParentBased(Box::new(ratio)))
        .with_resource(resource)
        .build())
}

/// Sends on the hub's runtime: the exporter asks from a thread of its own, which has none.
struct OnRuntime {
    client: reqwest::Client,
    runtime: Handle,
}

impl fmt::Debug for OnRuntime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("OnRuntime")
    }
}

#[async_trait]
impl HttpClient for OnRuntime {
    async fn send_bytes(&self, request: Request<Bytes>) -> Result<Response<Bytes>, HttpError> {
        let client = self.client.clone();
        let sent = self.runtime.spawn(async move {
            let request = reqwest::Request::try_from(request)?;
            let response = client.execute(request).await?;
            let status = response.status();
            Ok::<_, reqwest::Error>((status, response.bytes().await?))
        });
        let (status, body) = sent.await?.map_err(reqwest::Error::without_url)?;
        Ok(Response::builder().status(status).body(body)?)
    }
}
