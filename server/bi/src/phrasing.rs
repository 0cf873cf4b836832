//! Statements of drivers on their way to the engine's parser.

use std::sync::Arc;

use async_trait::async_trait;
use datafusion_postgres::Parser;
use datafusion_postgres::pgwire::api::ClientInfo;
use datafusion_postgres::pgwire::api::Type;
use datafusion_postgres::pgwire::api::portal::Format;
use datafusion_postgres::pgwire::api::results::FieldInfo;
use datafusion_postgres::pgwire::api::stmt::QueryParser;
use datafusion_postgres::pgwire::error::PgWireResult;

use crate::drivers::understood;
use crate::parameters::declared;

/// The engine's parser behind [`understood`].
pub(crate) struct Phrasing(pub(crate) Arc<Parser>);

#[async_trait]
impl QueryParser for Phrasing {
    type Statement = <Parser as QueryParser>::Statement;

    async fn parse_sql<C>(
        &self,
        client: &C,
        sql: &str,
        types: &[Option<Type>],
    ) -> PgWireResult<Option<Self::Statement>>
    where
        C: ClientInfo + Unpin + Send + Sync,
    {
        let understood = understood(sql);
        self.0.parse_sql(client, &declared(&understood, types), types).await
    }

    fn get_parameter_types(&self, statement: &Self::Statement) -> PgWireResult<Vec<Type>> {
        self.0.get_parameter_types(statement)
    }

    fn get_result_schema(
        &self,
        statement: &Self::Statement,
        format: Option<&Format>,
    ) -> PgWireResult<Vec<FieldInfo>> {
        self.0.get_result_schema(statement, format)
    }
}
