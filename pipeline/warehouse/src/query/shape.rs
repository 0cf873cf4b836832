//! Choosing columns, rows and order of a query's answer.

use datafusion::arrow::datatypes::DataType;
use datafusion::common::ScalarValue;
use datafusion::execution::SendableRecordBatchStream;
use datafusion::functions::expr_fn::starts_with;
use datafusion::prelude::{DataFrame, Expr, cast, ident, lit};

use super::{QueryError, QueryScope, run};

/// What is wanted of an answer. Names are columns as the answer writes them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Shape {
    /// Columns that are left out; nothing else may name them.
    pub without: Vec<String>,
    /// Conditions, all of which hold.
    pub only: Vec<(String, Only)>,
    /// What rows are ordered by, the first first.
    pub order: Vec<Order>,
    /// Some of the ordered rows.
    pub range: Option<RowRange>,
}

/// A condition on the text of a column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Only {
    /// There is none.
    Missing,
    /// It is this one.
    Is(String),
    /// It begins like this.
    Begins(String),
}

/// A column to order by; what is missing comes first in rising order and last in falling.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Order {
    /// The column.
    pub column: String,
    /// Whether the largest come first.
    pub falls: bool,
}

/// Rows by their place in the answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RowRange {
    /// How many rows come before.
    pub offset: u64,
    /// How many there are at most.
    pub limit: u64,
}

impl QueryScope {
    /// Runs one query and shapes its answer, else as [`QueryScope::query`]; it is planned once.
    ///
    /// # Errors
    ///
    /// [`QueryError::NoColumn`] if the shape names a column that the answer does not have.
    pub async fn shaped(
        &self,
        sql: &str,
        parameters: Vec<(String, ScalarValue)>,
        shape: &Shape,
    ) -> Result<SendableRecordBatchStream, QueryError> {
        run(shape.of(self.frame(sql, parameters).await?)?).await
    }
}

impl Shape {
    fn of(&self, frame: DataFrame) -> Result<DataFrame, QueryError> {
        let without: Vec<&str> = self.without.iter().map(String::as_str).collect();
        let mut frame = frame.drop_columns(&without).map_err(QueryError::plan)?;
        self.check(&frame)?;
        if let Some(only) = self.only.iter().map(condition).reduce(Expr::and) {
            frame = frame.filter(only).map_err(QueryError::plan)?;
        }
        if !self.order.is_empty() {
            let order = self.order.iter().map(|by| ident(&by.column).sort(!by.falls, !by.falls));
            frame = frame.sort(order.collect()).map_err(QueryError::plan)?;
        }
        match self.range {
            Some(RowRange { offset, limit }) => {
                let rows = |count: u64| usize::try_from(count).unwrap_or(usize::MAX);
                frame.limit(rows(offset), Some(rows(limit))).map_err(QueryError::plan)
            }
            None => Ok(frame),
        }
    }

    fn check(&self, frame: &DataFrame) -> Result<(), QueryError> {
        let known = || frame.schema().fields().iter().map(|field| field.name());
        let conditions = self.only.iter().map(|(column, _)| column);
        let mut named = conditions.chain(self.order.iter().map(|by| &by.column));
        match named.find(|column| !known().any(|name| name == *column)) {
            None => Ok(()),
            Some(column) => Err(QueryError::NoColumn {
                column: column.clone(),
                known: known().cloned().collect(),
            }),
        }
    }
}

fn condition((column, only): &(String, Only)) -> Expr {
    let text = || cast(ident(column), DataType::Utf8);
    match only {
        Only::Missing => ident(column).is_null(),
        Only::Is(wanted) => text().eq(lit(wanted.as_str())),
        Only::Begins(start) => starts_with(text(), lit(start.as_str())),
    }
}
