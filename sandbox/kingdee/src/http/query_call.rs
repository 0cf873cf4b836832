//! ExecuteBillQuery and BillQuery, with the faults that strike them.

use std::time::Duration;

use axum::response::Response;

use super::envelope::Call;
use super::response;
use super::server::Server;
use crate::fault::Fault;
use crate::query::{QueryError, QueryRequest, RowShape, select};
use crate::reply::{self, Wrapping};

/// Wrapping of the errors of a query operation.
pub(super) fn wrapping(shape: RowShape) -> Wrapping {
    match shape {
        RowShape::Arrays => Wrapping::ArrayOfArrays,
        RowShape::Objects => Wrapping::Array,
    }
}

/// Answers one query call.
pub(super) async fn answer(server: &Server, call: &Call, shape: RowShape) -> Response {
    let fault = server.state().take_fault();
    if let Some(Fault::Slow(ms)) = fault {
        tokio::time::sleep(Duration::from_millis(ms)).await;
    }
    let now = server.clock().now();
    let body = {
        let mut state = server.state();
        let body = match QueryRequest::read(&call.data()) {
            Ok(mut request) => {
                if request.form_id.is_empty() {
                    request.form_id = call.form_id();
                }
                let outcome = server
                    .check_cap(request.limit)
                    .and_then(|()| select(&state.dataset, &request, server.row_cap(), shape));
                if let (Some(Fault::MutateBetweenPages), Ok(selection)) = (fault, &outcome)
                    && let Some(pk) = selection.first_pk
                {
                    state.dataset.touch(&request.form_id, pk, server.wall_clock());
                }
                outcome.map(|selection| selection.json)
            }
            Err(error) => Err(error),
        };
        if fault == Some(Fault::SessionLost) {
            state.sessions.close_all();
        }
        body.unwrap_or_else(|error: QueryError| {
            reply::error(wrapping(shape), error.code(), &error.to_string())
        })
    };
    match fault {
        Some(fault) => response::faulty(fault, body, wrapping(shape), now),
        None => response::json(body),
    }
}
