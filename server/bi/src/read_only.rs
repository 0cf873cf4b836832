//! Questions only: whatever else a statement is, it is refused before it is planned.

use async_trait::async_trait;
use datafusion::common::ParamValues;
use datafusion::logical_expr::LogicalPlan;
use datafusion::prelude::SessionContext;
use datafusion::sql::sqlparser::ast::{Query, Set, SetExpr, Statement};
use datafusion_postgres::QueryHook;
use datafusion_postgres::hooks::HookClient;
use datafusion_postgres::pgwire::api::ClientInfo;
use datafusion_postgres::pgwire::api::results::Response;
use datafusion_postgres::pgwire::error::{ErrorInfo, PgWireError, PgWireResult};

/// Settings of the engine itself, the bound of its memory among them.
const ENGINE: &str = "datafusion";

/// Stands before everything that answers statements.
pub(crate) struct ReadOnly;

#[async_trait]
impl QueryHook for ReadOnly {
    async fn handle_simple_query(
        &self,
        statement: &Statement,
        _context: &SessionContext,
        _client: &mut dyn HookClient,
    ) -> Option<PgWireResult<Response>> {
        refusal(statement).map(Err)
    }

    async fn handle_extended_parse_query(
        &self,
        statement: &Statement,
        _context: &SessionContext,
        _client: &(dyn ClientInfo + Send + Sync),
    ) -> Option<PgWireResult<LogicalPlan>> {
        refusal(statement).map(Err)
    }

    async fn handle_extended_query(
        &self,
        statement: &Statement,
        _plan: &LogicalPlan,
        _parameters: &ParamValues,
        _context: &SessionContext,
        _client: &mut dyn HookClient,
    ) -> Option<PgWireResult<Response>> {
        refusal(statement).map(Err)
    }
}

fn refusal(statement: &Statement) -> Option<PgWireError> {
    if is_question(statement) {
        return None;
    }
    let told = "the hub answers questions only: nothing can be written, and no setting of the engine changed";
    let info = ErrorInfo::new("ERROR".to_owned(), "25006".to_owned(), told.to_owned());
    Some(PgWireError::UserError(Box::new(info)))
}

fn is_question(statement: &Statement) -> bool {
    match statement {
        Statement::Query(query) => reads(query),
        Statement::Explain { statement, .. } => is_question(statement),
        Statement::Set(set) => !concerns_engine(set),
        Statement::ShowVariable { .. }
        | Statement::ShowStatus { .. }
        | Statement::ShowCatalogs { .. }
        | Statement::ShowTables { .. }
        | Statement::ShowColumns { .. }
        | Statement::ExplainTable { .. }
        | Statement::StartTransaction { .. }
        | Statement::Commit { .. }
        | Statement::Rollback { .. }
        | Statement::Savepoint { .. }
        | Statement::ReleaseSavepoint { .. }
        | Statement::Discard { .. }
        | Statement::Fetch { .. }
        | Statement::Close { .. }
        | Statement::Deallocate { .. } => true,
        Statement::Declare { stmts } => {
            stmts.iter().all(|one| one.for_query.as_deref().is_some_and(reads))
        }
        _ => false,
    }
}

fn concerns_engine(set: &Set) -> bool {
    set.to_string().to_ascii_lowercase().contains(ENGINE)
}

/// Whether a query and everything in it reads only; `select … into` makes a table.
fn reads(query: &Query) -> bool {
    let with = query.with.iter().flat_map(|with| &with.cte_tables);
    with.into_iter().all(|cte| reads(&cte.query)) && body_reads(&query.body)
}

fn body_reads(body: &SetExpr) -> bool {
    match body {
        SetExpr::Select(select) => select.into.is_none(),
        SetExpr::Query(query) => reads(query),
        SetExpr::SetOperation { left, right, .. } => body_reads(left) && body_reads(right),
        SetExpr::Values(_) | SetExpr::Table(_) => true,
        SetExpr::Insert(_) | SetExpr::Update(_) | SetExpr::Delete(_) | SetExpr::Merge(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use datafusion::sql::sqlparser::dialect::PostgreSqlDialect;
    use datafusion::sql::sqlparser::parser::Parser;

    use super::is_question;

    #[test]
    fn nothing_but_questions_passes() {
        let asks = |sql: &str| {
            Parser::parse_sql(&PostgreSqlDialect {}, sql).unwrap().iter().all(is_question)
        };
        for sql in [
            "select 1",
            "with a as (select 1) select * from a union all select 2",
            "explain analyze select 1",
            "begin; select 1; rollback",
            "set extra_float_digits = 3",
            "show transaction isolation level",
        ] {
            assert!(asks(sql), "{sql}");
        }
        for sql in [
            "insert into marts.sightings values (1)",
            "delete from marts.sightings",
            "select 1 into copied",
            "with a as (delete from t returning *) select * from a",
            "create table t as select 1",
            "create view v as select 1",
            "create external table t (a int) stored as csv location '/etc/passwd'",
            "copy (select 1) to '/tmp/x'",
            "copy t from '/etc/passwd'",
            "drop table marts.sightings",
            "set datafusion.runtime.memory_limit = '100G'",
            "prepare p as delete from t",
            "explain insert into t values (1)",
        ] {
            let parsed = Parser::parse_sql(&PostgreSqlDialect {}, sql);
            assert!(parsed.is_err() || !asks(sql), "{sql}");
        }
    }
}
