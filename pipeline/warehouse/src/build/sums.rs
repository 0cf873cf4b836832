//! Tables of sums: what changed keys came to before is taken away, what they come to now is added.
//!
//! A model with `sums` promises that each of its rows adds up what follows from the rows of its sliced inputs with one value of
//! the key that `touched` names, over all such values, and that rows whose sums are all zero are left out. The rows of the keys, as the last build
//! read them and as they are, then tell by how much the table differs. Nothing else is read of the inputs, however
//! many of their rows stand behind a sum.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use arrow::array::RecordBatch;
use arrow::datatypes::DataType;
use datafusion::catalog::TableProvider;
use datafusion::common::{Column, NullEquality};
use datafusion::error::Result as QueryResult;
use datafusion::functions_aggregate::expr_fn::sum;
use datafusion::logical_expr::{JoinType, LogicalPlanBuilder};
use datafusion::prelude::{DataFrame, Expr, ident, lit};
use deltalake::DeltaTable;

use super::BuildError;
use super::inputs::Input;
use super::keys::Keys;
use super::piece::{Held, Piece, Sides, if_it_fits};
use super::rebuild::Computed;
use super::row_order::order_of;
use super::shared_rows::rows_of_keys;
use super::storage::files_of;
use super::whole::Whole;
use crate::lake::TableName;
use crate::query::{Files, bare_session};

/// Columns of the difference beside those of the table that they are compared with.
const OF_DIFFERENCE: &str = "difference_";

/// The sums of a piece and the keys that changed.
pub(crate) struct Sums<'a> {
    pub(crate) piece: Piece<'a>,
    pub(crate) whole: &'a Whole<'a>,
    pub(crate) keys: &'a Keys,
    /// The sliced inputs as the last build read them.
    pub(crate) before: &'a BTreeMap<TableName, DeltaTable>,
}

impl Sums<'_> {
    /// Adds what the keys come to now and takes away what they came to.
    ///
    /// The sums concerned are held in memory; false, and nothing is done, if they are too many.
    pub(crate) async fn compute(&self, computed: &mut Computed) -> Result<bool, BuildError> {
        let piece = &self.piece;
        let inputs = self.whole.inputs;
        let now =
            self.of_keys(|name| inputs.get(name).and_then(|input: &Input| input.table.as_ref()));
        let now = now.await?;
        let before = self.of_keys(|name| self.before.get(name)).await?;
        let order = order_of(&now);
        let difference = self.difference(now, before).map_err(piece.failed())?;
        let difference = if_it_fits(piece.computed_rows(difference).await)?;
        let Some(difference) = difference.map(Held::into_batches) else { return Ok(false) };
        let files = piece.files()?;
        let standing = Arc::new(piece.standing_files(&files)?);
        let standing = bare_session(piece.scope.lake()).read_table(standing);
        let concerned = standing.and_then(|rows| self.concerned(rows, difference.clone()));
        let concerned = concerned.map_err(piece.failed())?;
        let Some(before) = if_it_fits(piece.standing_rows(concerned).await)? else {
            return Ok(false);
        };
        let now = self.added(&before.rows().map_err(piece.failed())?, difference);
        let now = now.map_err(piece.failed())?;
        let Some(now) = if_it_fits(piece.computed_rows(now).await)? else { return Ok(false) };
        piece.replace(Sides { before, now }, &files, &order, computed).await?;
        Ok(true)
    }

    /// The model over the rows of the keys alone, of the sliced inputs as `tables` has them.
    async fn of_keys<'t>(
        &self,
        tables: impl Fn(&TableName) -> Option<&'t DeltaTable>,
    ) -> Result<DataFrame, BuildError> {
        let Piece { scope, model, chunk, .. } = &self.piece;
        let mut rows = HashMap::new();
        for name in &model.slice {
            let Some(table) = tables(name) else { continue };
            let of_keys = self.rows_of_keys(name, table).await?;
            rows.insert(name.clone(), of_keys);
        }
        self.whole.piece_of(scope, rows, chunk).await
    }

    async fn rows_of_keys(
        &self,
        name: &TableName,
        table: &DeltaTable,
    ) -> Result<Arc<dyn TableProvider>, BuildError> {
        let Piece { scope, model, chunk, .. } = &self.piece;
        let files = files_of(name, table, chunk).map_err(BuildError::lake(&model.name))?;
        let files = Files::live(name, table, files).map_err(BuildError::lake(&model.name))?;
        let rows = rows_of_keys(scope.lake(), files, self.keys).await;
        Ok(rows.map_err(self.piece.failed())?.into_view())
    }

    /// By how much the table differs, in rows like its own.
    fn difference(&self, now: DataFrame, before: DataFrame) -> QueryResult<DataFrame> {
        let less = |column: &str| match self.is_sum(column) {
            true => (-ident(column)).alias(column),
            false => ident(column),
        };
        let before = before.select(self.columns().map(less))?;
        let now = now.select(self.columns().map(ident))?;
        self.summed(now.union(before)?)
    }

    /// Of the rows that stand those to which the difference is added.
    fn concerned(&self, rows: DataFrame, difference: Vec<RecordBatch>) -> QueryResult<DataFrame> {
        let named = |column: &str| ident(column).alias(format!("{OF_DIFFERENCE}{column}"));
        let difference = self.piece.table_of(difference)?.select(self.groups().map(named))?;
        let (state, rows) = rows.into_parts();
        let keys = self.groups().map(|column| {
            (Column::from_name(column), Column::from_name(format!("{OF_DIFFERENCE}{column}")))
        });
        let difference = difference.into_unoptimized_plan();
        let concerned = LogicalPlanBuilder::from(rows).join_detailed(
            difference,
            JoinType::LeftSemi,
            keys.unzip::<_, _, Vec<_>, Vec<_>>(),
            None,
            NullEquality::NullEqualsNull,
        )?;
        Ok(DataFrame::new(state, concerned.build()?))
    }

    /// Rows that stand together with the difference.
    fn added(
        &self,
        standing: &[RecordBatch],
        difference: Vec<RecordBatch>,
    ) -> QueryResult<DataFrame> {
        self.summed(self.piece.table_of([standing, &difference].concat())?)
    }

    /// Rows of the same group put together, and left out where nothing is left of them.
    fn summed(&self, rows: DataFrame) -> QueryResult<DataFrame> {
        let sums = || self.columns().filter(|column| self.is_sum(column));
        let added = sums().map(|column| sum(ident(column)).alias(column));
        let rows = rows.aggregate(self.groups().map(ident).collect(), added.collect())?;
        let is_left = sums().map(|column| ident(column).not_eq(lit(0))).reduce(Expr::or);
        rows.filter(is_left.unwrap_or(lit(true)))?.select(self.columns().map(ident))
    }

    fn columns(&self) -> impl Iterator<Item = &str> {
        self.piece.model.columns.iter().map(|column| column.name.as_str())
    }

    fn groups(&self) -> impl Iterator<Item = &str> {
        self.columns().filter(|column| !self.is_sum(column))
    }

    fn is_sum(&self, column: &str) -> bool {
        self.piece.model.sums.iter().any(|sum| sum == column)
    }
}

/// Whether numbers of a type come to the same in whatever order they are added and taken away.
pub(super) fn is_added_exactly(kind: &DataType) -> bool {
    kind.is_integer() || matches!(kind, DataType::Decimal128(..))
}
