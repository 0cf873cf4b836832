//! What happens to runs, as it happens: server-sent events.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::State;
use axum::response::sse::{Event, KeepAlive, Sse};
use futures::stream::{self, BoxStream, Stream, StreamExt};
use tokio::sync::{OwnedSemaphorePermit, mpsc, watch};
use tokio::time::{Instant, timeout_at};

use crate::api::Api;
use crate::http::{Staff, needs};
use crate::ports::RunEvent;
use crate::problem::Problem;

/// Events that wait for a page that reads slowly; progress beyond is left out.
const WAITING_MAX: usize = 64;

/// When to come back if as many pages watch as may.
const WATCH_RETRY: Duration = Duration::from_secs(30);

/// What happens to runs from now on, as server-sent events.
///
/// The event `progress` says how far a run is, `ended` how it ended; the data of both are JSON. A
/// quiet stream sends comments. A stream ends after a while; the page asks again.
#[utoipa::path(
    get,
    path = "/runs/live",
    tag = "runs",
    responses((
        status = 200,
        description = "Events `progress` and `ended`, each with a `RunEvent` as its data",
        content((RunEvent = "text/event-stream"))
    )),
    extensions(("x-permission" = json!("runs.read")))
)]
pub(crate) async fn watch_runs(
    State(api): State<Arc<Api>>,
    staff: Staff<needs::RunsRead>,
) -> Result<Sse<impl Stream<Item = Result<Event, Infallible>>>, Problem> {
    let room = Arc::clone(&api.watchers).try_acquire_owned().map_err(|_| {
        Problem::too_many("as many pages watch the runs as the hub serves", WATCH_RETRY)
    })?;
    let events = api.ports.runs.live(&staff.principal).await?;
    let (sender, receiver) = mpsc::channel(WAITING_MAX);
    let until = Instant::now() + api.options.stream_lifetime;
    tokio::spawn(forward(events, sender, api.closing.subscribe(), until, room));
    let sent = stream::unfold(receiver, async |mut receiver: mpsc::Receiver<RunEvent>| {
        let event = receiver.recv().await?;
        Some((Ok(written(&event)), receiver))
    });
    Ok(Sse::new(sent).keep_alive(KeepAlive::new().interval(api.options.heartbeat)))
}

/// Hands events on until the page is gone, the time is over or the hub closes. A page that does not
/// keep up loses progress; it never loses an end.
async fn forward(
    mut events: BoxStream<'static, RunEvent>,
    page: mpsc::Sender<RunEvent>,
    mut closing: watch::Receiver<bool>,
    until: Instant,
    _room: OwnedSemaphorePermit,
) {
    loop {
        let next = tokio::select! {
            () = page.closed() => return,
            _ = closing.wait_for(|is_closing| *is_closing) => return,
            next = timeout_at(until, events.next()) => next,
        };
        let Ok(Some(event)) = next else { return };
        let is_handed_on = match event {
            RunEvent::Progress { .. } => {
                !matches!(page.try_send(event), Err(mpsc::error::TrySendError::Closed(_)))
            }
            RunEvent::Ended { .. } => {
                matches!(timeout_at(until, page.send(event)).await, Ok(Ok(())))
            }
        };
        if !is_handed_on {
            return;
        }
    }
}

fn written(event: &RunEvent) -> Event {
    let name = match event {
        RunEvent::Progress { .. } => "progress",
        RunEvent::Ended { .. } => "ended",
    };
    // JSON of strings and numbers has no line breaks outside of escapes, which is all that can fail.
    let data = serde_json::to_string(event).unwrap_or_default();
    Event::default().event(name).data(data)
}
