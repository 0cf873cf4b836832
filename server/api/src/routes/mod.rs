//! The routes, one file per noun. Each is told to the router and to the document in one place.

mod accounts;
mod alerts;
mod audit;
mod cases;
mod claims;
mod configuration;
mod dealers;
mod drift;
mod exports;
mod freshness;
mod jobs;
mod list;
mod live;
mod meta;
mod oidc;
mod places;
mod recall;
mod rejects;
mod report_query;
mod reports;
mod runs;
mod scans;
mod sessions;
mod systems;
mod tokens;
mod trace;
mod verify;

use std::sync::Arc;

use axum::extract::DefaultBodyLimit;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::api::Api;
use crate::http::EVENTS_BYTES_MAX;

/// A part of the API: routes and their descriptions.
pub(crate) type Part = OpenApiRouter<Arc<Api>>;

/// Routes that answer from what the hub holds.
pub(crate) fn quick() -> Part {
    Part::new()
        .merge(people())
        .merge(work())
        .merge(facts())
        .routes(routes!(meta::openapi))
        .routes(routes!(verify::verify_by_query, verify::verify_by_body))
        .routes(routes!(scans::check_shipment))
        .routes(routes!(scans::check_material))
        .routes(routes!(scans::ledger_status))
}

/// Routes that ask a system, build, or read many rows.
pub(crate) fn slow() -> Part {
    Part::new()
        .routes(routes!(reports::read_report))
        .routes(routes!(recall::recall))
        .routes(routes!(recall::recall_codes))
        .routes(routes!(systems::check_system))
        .routes(routes!(systems::list_streams))
        .routes(routes!(systems::preview_stream))
        .routes(routes!(configuration::plan_configuration))
        .routes(routes!(configuration::apply_configuration))
        .routes(routes!(rejects::replay_reject))
        .routes(routes!(rejects::replay_rejects))
        .routes(routes!(cases::case_file))
        .routes(routes!(claims::settlement_workbook))
        .merge(Part::new().routes(routes!(scans::take_events)).layer(events_limit()))
}

fn events_limit() -> DefaultBodyLimit {
    DefaultBodyLimit::max(EVENTS_BYTES_MAX)
}

fn people() -> Part {
    Part::new()
        .routes(routes!(sessions::log_in, sessions::own_session, sessions::log_out))
        .routes(routes!(sessions::change_password))
        .routes(routes!(sessions::session_ways))
        .routes(routes!(oidc::oidc_start))
        .routes(routes!(oidc::oidc_callback))
        .routes(routes!(accounts::list_accounts, accounts::create_account))
        .routes(routes!(accounts::update_account))
        .routes(routes!(accounts::set_account_password))
        .routes(routes!(accounts::unlock_account))
        .routes(routes!(accounts::disable_account))
        .routes(routes!(tokens::list_tokens, tokens::create_token))
        .routes(routes!(tokens::revoke_token))
        .routes(routes!(audit::list_audit))
}

fn work() -> Part {
    Part::new()
        .routes(routes!(systems::list_systems))
        .routes(routes!(systems::list_kinds))
        .routes(routes!(configuration::read_configuration))
        .routes(routes!(configuration::configuration_history))
        .routes(routes!(jobs::list_jobs))
        .routes(routes!(jobs::run_job))
        .routes(routes!(jobs::pause_job))
        .routes(routes!(jobs::resume_job))
        .routes(routes!(jobs::list_job_runs))
        .routes(routes!(runs::list_runs, runs::start_run))
        .routes(routes!(live::watch_runs))
        .routes(routes!(runs::read_run))
        .routes(routes!(freshness::list_freshness))
        .routes(routes!(rejects::list_rejects))
        .routes(routes!(rejects::count_rejects))
        .routes(routes!(rejects::discard_reject))
        .routes(routes!(drift::list_drift))
        .routes(routes!(drift::accept_drift))
        .routes(routes!(alerts::list_alerts))
        .routes(routes!(alerts::acknowledge_alert))
        .routes(routes!(alerts::resolve_alert))
        .routes(routes!(alerts::list_alert_rules))
        .routes(routes!(alerts::list_deliveries))
        .routes(routes!(alerts::test_channel))
}

fn facts() -> Part {
    Part::new()
        .routes(routes!(reports::list_reports))
        .routes(routes!(trace::trace_code))
        .routes(routes!(places::list_regions))
        .routes(routes!(places::list_territories))
        .routes(routes!(reports::unresolved_addresses))
        .routes(routes!(places::list_corrections, places::correct_address))
        .routes(routes!(cases::read_case))
        .routes(routes!(cases::decide_case))
        .routes(routes!(cases::appeal_case))
        .routes(routes!(claims::read_claim))
        .routes(routes!(claims::decide_claim))
        .routes(routes!(dealers::dealer_stock))
        .routes(routes!(dealers::dealer_codes))
        .routes(routes!(dealers::dealer_score))
}
