//! `[telemetry]`: what the hub tells of itself, and to whom.

use yuanliu_contract::{ConfigSpec, FieldKind, FieldSpec, Settings};
use yuanliu_telemetry::{LogFormat, TraceSettings};

use super::hub::SecretText;

/// What the hub tells of itself.
#[derive(Debug, Clone)]
pub(crate) struct TelemetryConfig {
    /// How a line of the log looks while the hub serves.
    pub(crate) log: LogFormat,
    /// What whoever reads the metrics shows; none: only this machine may read them.
    pub(crate) metrics_token: Option<SecretText>,
    /// Where traces go; none: nowhere.
    pub(crate) traces: Option<TraceSettings>,
}

/// The fields of the section.
pub(super) fn spec() -> ConfigSpec {
    let field =
        |name, kind, default, help| FieldSpec { name, kind, required: false, default, help };
    ConfigSpec {
        fields: vec![
            field(
                "log",
                FieldKind::Choice(&["text", "json"]),
                Some("\"text\""),
                "日志格式 text for a person, json for one object a line",
            ),
            field(
                "metrics_token",
                FieldKind::Secret,
                None,
                "指标令牌 the bearer token of whoever reads /metrics",
            ),
            field(
                "otlp_endpoint",
                FieldKind::Url,
                None,
                "链路追踪 a collector of OTLP over HTTP, http://collector:4318",
            ),
            field(
                "sample_ratio",
                FieldKind::Fraction { min: 0.0, max: 1.0 },
                Some("0.1"),
                "采样率 the share of requests that are traced",
            ),
        ],
    }
}

/// What the checked section says.
pub(super) fn read(section: &Settings) -> Option<TelemetryConfig> {
    let sample_ratio = section.fraction("sample_ratio")?;
    let traces = section.text("otlp_endpoint").map(|endpoint| TraceSettings {
        endpoint: endpoint.to_owned(),
        service_name: "yuanliu".to_owned(),
        service_version: env!("CARGO_PKG_VERSION").to_owned(),
        sample_ratio,
        headers: Vec::new(),
    });
    Some(TelemetryConfig {
        log: match section.text("log")? {
            "json" => LogFormat::Json,
            _ => LogFormat::Text,
        },
        metrics_token: section.secret("metrics_token").map(|s| SecretText(s.reveal().to_owned())),
        traces,
    })
}
