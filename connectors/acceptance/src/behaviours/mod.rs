//! The behaviours, one function each, listed in [`all`].

mod access;
mod changes;
mod configuration;
mod faults;
mod reading;
mod rejects;

use std::pin::Pin;

use crate::report::Outcome;
use crate::subject::Subject;

type Running<'a> = Pin<Box<dyn Future<Output = Outcome> + 'a>>;

/// One promise of a connector.
pub struct Behaviour {
    /// The promise as a name.
    pub name: &'static str,
    /// Tries it on a subject that holds no rows.
    pub run: for<'a> fn(&'a dyn Subject) -> Running<'a>,
}

/// Every behaviour, in the order of a connector's life.
pub fn all() -> &'static [Behaviour] {
    ALL
}

/// The behaviour of that name.
pub fn named(name: &str) -> Option<&'static Behaviour> {
    ALL.iter().find(|behaviour| behaviour.name == name)
}

const ALL: &[Behaviour] = &[
    Behaviour { name: "spec_is_complete", run: |s| Box::pin(configuration::spec_is_complete(s)) },
    Behaviour {
        name: "missing_fields_are_reported",
        run: |s| Box::pin(configuration::missing_fields_are_reported(s)),
    },
    Behaviour {
        name: "unknown_key_is_refused",
        run: |s| Box::pin(configuration::unknown_key_is_refused(s)),
    },
    Behaviour {
        name: "secrets_are_never_shown",
        run: |s| Box::pin(configuration::secrets_are_never_shown(s)),
    },
    Behaviour {
        name: "streams_are_described",
        run: |s| Box::pin(access::streams_are_described(s)),
    },
    Behaviour { name: "check_passes", run: |s| Box::pin(access::check_passes(s)) },
    Behaviour {
        name: "discover_finds_stream",
        run: |s| Box::pin(access::discover_finds_stream(s)),
    },
    Behaviour {
        name: "unknown_stream_is_refused",
        run: |s| Box::pin(access::unknown_stream_is_refused(s)),
    },
    Behaviour {
        name: "foreign_cursor_is_refused",
        run: |s| Box::pin(access::foreign_cursor_is_refused(s)),
    },
    Behaviour { name: "reads_all_rows", run: |s| Box::pin(reading::reads_all_rows(s)) },
    Behaviour { name: "reads_empty_stream", run: |s| Box::pin(reading::reads_empty_stream(s)) },
    Behaviour {
        name: "resumes_at_every_cursor",
        run: |s| Box::pin(reading::resumes_at_every_cursor(s)),
    },
    Behaviour { name: "reads_concurrently", run: |s| Box::pin(reading::reads_concurrently(s)) },
    Behaviour { name: "run_counts_balance", run: |s| Box::pin(reading::run_counts_balance(s)) },
    Behaviour {
        name: "repeats_are_identical",
        run: |s| Box::pin(reading::repeats_are_identical(s)),
    },
    Behaviour {
        name: "ties_survive_page_border",
        run: |s| Box::pin(changes::ties_survive_page_border(s)),
    },
    Behaviour {
        name: "late_rows_are_picked_up",
        run: |s| Box::pin(changes::late_rows_are_picked_up(s)),
    },
    Behaviour { name: "null_change_is_read", run: |s| Box::pin(changes::null_change_is_read(s)) },
    Behaviour {
        name: "changed_rows_come_again",
        run: |s| Box::pin(changes::changed_rows_come_again(s)),
    },
    Behaviour {
        name: "shifting_pages_lose_nothing",
        run: |s| Box::pin(changes::shifting_pages_lose_nothing(s)),
    },
    Behaviour { name: "fence_is_respected", run: |s| Box::pin(changes::fence_is_respected(s)) },
    Behaviour { name: "session_is_renewed", run: |s| Box::pin(faults::session_is_renewed(s)) },
    Behaviour { name: "retry_after_seconds", run: |s| Box::pin(faults::retry_after_seconds(s)) },
    Behaviour { name: "retry_after_date", run: |s| Box::pin(faults::retry_after_date(s)) },
    Behaviour {
        name: "error_inside_200_is_error",
        run: |s| Box::pin(faults::error_inside_200_is_error(s)),
    },
    Behaviour {
        name: "malformed_page_recovers",
        run: |s| Box::pin(faults::malformed_page_recovers(s)),
    },
    Behaviour { name: "empty_page_ends", run: |s| Box::pin(faults::empty_page_ends(s)) },
    Behaviour { name: "timeout_recovers", run: |s| Box::pin(faults::timeout_recovers(s)) },
    Behaviour {
        name: "reset_connection_recovers",
        run: |s| Box::pin(faults::reset_connection_recovers(s)),
    },
    Behaviour { name: "busy_source_recovers", run: |s| Box::pin(faults::busy_source_recovers(s)) },
    Behaviour { name: "bad_row_is_rejected", run: |s| Box::pin(rejects::bad_row_is_rejected(s)) },
    Behaviour {
        name: "preview_shows_all_three",
        run: |s| Box::pin(rejects::preview_shows_all_three(s)),
    },
];
