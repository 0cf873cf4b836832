//! Statements within a time and at most so many at once.

use std::fmt::Debug;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use datafusion_postgres::DfSessionService;
use datafusion_postgres::pgwire::api::portal::Portal;
use datafusion_postgres::pgwire::api::query::{ExtendedQueryHandler, SimpleQueryHandler};
use datafusion_postgres::pgwire::api::results::{QueryResponse, Response};
use datafusion_postgres::pgwire::api::store::PortalStore;
use datafusion_postgres::pgwire::api::{ClientInfo, ClientPortalStore};
use datafusion_postgres::pgwire::error::{ErrorInfo, PgWireError, PgWireResult};
use datafusion_postgres::pgwire::messages::PgWireBackendMessage;
use futures::{Sink, StreamExt, stream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, timeout_at};

use crate::drivers::understood;
use crate::phrasing::Phrasing;

/// Answers the statements of one connection.
pub(crate) struct Bounded {
    pub(crate) answers: DfSessionService,
    /// Shared by all connections.
    pub(crate) statements: Arc<Semaphore>,
    pub(crate) time: Duration,
}

impl Bounded {
    async fn room(&self, deadline: Instant) -> PgWireResult<OwnedSemaphorePermit> {
        let room = timeout_at(deadline, Arc::clone(&self.statements).acquire_owned()).await;
        match room {
            Ok(Ok(room)) => Ok(room),
            _ => Err(refused("53300", "too many statements run at once; ask again later")),
        }
    }
}

#[async_trait]
impl SimpleQueryHandler for Bounded {
    async fn do_query<C>(&self, client: &mut C, query: &str) -> PgWireResult<Vec<Response>>
    where
        C: ClientInfo + ClientPortalStore + Sink<PgWireBackendMessage> + Unpin + Send + Sync,
        C::PortalStore: PortalStore,
        C::Error: Debug,
        PgWireError: From<<C as Sink<PgWireBackendMessage>>::Error>,
    {
        let deadline = Instant::now() + self.time;
        let room = Arc::new(self.room(deadline).await?);
        let query = understood(query);
        let answered = SimpleQueryHandler::do_query(&self.answers, client, &query);
        let answered = timeout_at(deadline, answered).await.map_err(|_| too_long())??;
        Ok(answered.into_iter().map(|one| within(one, deadline, &room)).collect())
    }
}

#[async_trait]
impl ExtendedQueryHandler for Bounded {
    type Statement = <DfSessionService as ExtendedQueryHandler>::Statement;
    type QueryParser = Phrasing;

    fn query_parser(&self) -> Arc<Self::QueryParser> {
        Arc::new(Phrasing(self.answers.query_parser()))
    }

    async fn do_query<C>(
        &self,
        client: &mut C,
        portal: &Portal<Self::Statement>,
        max_rows: usize,
    ) -> PgWireResult<Response>
    where
        C: ClientInfo + ClientPortalStore + Sink<PgWireBackendMessage> + Unpin + Send + Sync,
        C::PortalStore: PortalStore<Statement = Self::Statement>,
        C::Error: Debug,
        PgWireError: From<<C as Sink<PgWireBackendMessage>>::Error>,
    {
        let deadline = Instant::now() + self.time;
        let room = Arc::new(self.room(deadline).await?);
        let answered = ExtendedQueryHandler::do_query(&self.answers, client, portal, max_rows);
        let answered = timeout_at(deadline, answered).await.map_err(|_| too_long())??;
        Ok(within(answered, deadline, &room))
    }
}

/// Ends an answer that is not whole by `deadline`; it has its room for as long as it is read.
fn within(response: Response, deadline: Instant, room: &Arc<OwnedSemaphorePermit>) -> Response {
    let Response::Query(QueryResponse { command_tag, row_schema, data_rows, .. }) = response else {
        return response;
    };
    let begun = (data_rows, Arc::clone(room), false);
    let rows = stream::unfold(begun, move |(mut rows, room, is_over)| async move {
        if is_over {
            return None;
        }
        match timeout_at(deadline, rows.next()).await {
            Ok(row) => row.map(|row| (row, (rows, room, false))),
            Err(_) => Some((Err(too_long()), (rows, room, true))),
        }
    });
    let mut bounded = QueryResponse::new(row_schema, rows);
    bounded.set_command_tag(&command_tag);
    Response::Query(bounded)
}

fn too_long() -> PgWireError {
    refused("57014", "the statement took longer than a statement may; ask for less")
}

fn refused(code: &str, told: &str) -> PgWireError {
    let info = ErrorInfo::new("ERROR".to_owned(), code.to_owned(), told.to_owned());
    PgWireError::UserError(Box::new(info))
}
