//! The names of all metrics, as Prometheus shows them: base units, `_total` for what only grows.

/// HTTP requests by `method`, `route`, `status`.
pub const HTTP_REQUESTS: &str = "yuanliu_http_requests_total";
/// Time to answer by `method`, `route`.
pub const HTTP_DURATION: &str = "yuanliu_http_request_duration_seconds";
/// Requests being answered now.
pub const HTTP_IN_FLIGHT: &str = "yuanliu_http_requests_in_flight";
/// Scan events by `outcome`: accepted, duplicate, rejected.
pub const EVENTS: &str = "yuanliu_events_total";
/// Events in the inbox that are not in the lake yet.
pub const INBOX_DEPTH: &str = "yuanliu_inbox_events";
/// Age of the oldest event that the trace index does not have on disk yet.
pub const INDEX_LAG: &str = "yuanliu_index_lag_seconds";
/// Time of a commit to the lake by `schema`.
pub const LAKE_COMMIT_DURATION: &str = "yuanliu_lake_commit_duration_seconds";
/// Rows read from systems by `system`, `stream`, `outcome`: loaded, unchanged, rejected.
pub const SYNC_ROWS: &str = "yuanliu_sync_rows_total";
/// Ended runs of jobs by `job_name`, `outcome`; `job` is a label of Prometheus' own.
pub const JOB_RUNS: &str = "yuanliu_job_runs_total";
/// Time of a run by `job_name`.
pub const JOB_DURATION: &str = "yuanliu_job_duration_seconds";
/// Age of the data behind a `report`.
pub const REPORT_AGE: &str = "yuanliu_report_age_seconds";
/// The age a `report`'s data may have.
pub const REPORT_AGE_BOUND: &str = "yuanliu_report_age_bound_seconds";
/// Time of a build of the models.
pub const BUILD_DURATION: &str = "yuanliu_build_duration_seconds";
/// Deliveries of alerts by `channel`, `outcome`: sent, failed, given_up.
pub const ALERT_DELIVERIES: &str = "yuanliu_alert_deliveries_total";
/// Alerts that are not over, by `status`.
pub const ALERTS: &str = "yuanliu_alerts";
/// Always 1; `version` says which hub this is.
pub const BUILD_INFO: &str = "yuanliu_build_info";
/// Memory that the process holds.
pub const PROCESS_MEMORY: &str = "process_resident_memory_bytes";
/// Processor time it has used.
pub const PROCESS_CPU: &str = "process_cpu_seconds_total";
/// Files and connections it has open.
pub const PROCESS_FILES: &str = "process_open_fds";
/// When it began, since 1970.
pub const PROCESS_START: &str = "process_start_time_seconds";

/// Every name.
pub const ALL: [&str; 20] = [
    HTTP_REQUESTS,
    HTTP_DURATION,
    HTTP_IN_FLIGHT,
    EVENTS,
    INBOX_DEPTH,
    INDEX_LAG,
    LAKE_COMMIT_DURATION,
    SYNC_ROWS,
    JOB_RUNS,
    JOB_DURATION,
    REPORT_AGE,
    REPORT_AGE_BOUND,
    BUILD_DURATION,
    ALERT_DELIVERIES,
    ALERTS,
    BUILD_INFO,
    PROCESS_MEMORY,
    PROCESS_CPU,
    PROCESS_FILES,
    PROCESS_START,
];
