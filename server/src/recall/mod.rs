//! Everything a lot, batch, work order, line or range of codes reached, put together from the
//! queries in `warehouse-sql/recall`.
//!
//! The scope is found once: `closure` and the counts of `held` are small and kept in memory, the units
//! themselves are only ever streamed, once for the answer and once for the codes.

mod asked;
mod consignees;
mod parts;

use std::time::Instant;

use anyhow::{Result, bail};
use arrow::record_batch::RecordBatch;
use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use futures::TryStreamExt;
use serde_json::{Map, Value, json};
use yuanliu_law::UnitState;
use yuanliu_warehouse::{QueryScope, Rows, ScalarValue, TableName};

pub(crate) use asked::Asked;
pub(crate) use parts::parts;

use crate::models::SqlFiles;
use crate::output::batch_json;

/// Rows of the closure or of the counts that are kept in memory, some 300 bytes each.
const KEPT_ROWS_MAX: usize = 1_000_000;

/// A recall whose scope has been found.
pub(crate) struct Recall<'a> {
    files: &'a SqlFiles,
    scope: QueryScope,
    asked: &'a Asked,
    parameters: Vec<(String, ScalarValue)>,
    zone: Tz,
    began: Instant,
    timings: Map<String, Value>,
}

impl<'a> Recall<'a> {
    /// Finds the scope: the work orders reached, and the counts of their units.
    pub(crate) async fn find(
        files: &'a SqlFiles,
        scope: &QueryScope,
        asked: &'a Asked,
        zone: Tz,
    ) -> Result<Self> {
        let mut recall = Self {
            files,
            scope: scope.seeking_few_rows(),
            asked,
            parameters: asked.parameters(),
            zone,
            began: Instant::now(),
            timings: Map::new(),
        };
        recall.keep("closure").await?;
        recall.lap("scope");
        recall.see("units").await?;
        recall.keep("held").await?;
        recall.see("holdings").await?;
        recall.see("past_holdings").await?;
        recall.lap("items");
        Ok(recall)
    }

    /// The whole answer but the codes.
    pub(crate) async fn answer(&mut self, as_of: DateTime<Utc>) -> Result<Value> {
        let states = self.states().await?;
        let items = states.values().flat_map(|split| [&split["verified"], &split["inferred"]]);
        let items: i64 = items.filter_map(Value::as_i64).sum();
        let deliveries = self.rows("deliveries").await?;
        let consignees = consignees::with_ways(self.rows("consignees").await?, deliveries);
        let regions = self.rows("regions").await?;
        self.lap("consignees");
        let balance = self.rows("balance").await?.into_iter().next().unwrap_or_default();
        self.lap("balance");
        let work_orders = self.rows("work_orders").await?;
        let materials = self.rows("materials").await?;
        self.lap("closure");
        let total = self.began.elapsed().as_secs_f64() * 1000.0;
        self.timings.insert("total".to_owned(), json!(total.round()));
        Ok(json!({
            "scope": self.asked.as_json(as_of, self.zone),
            "items": items,
            "states": states,
            "balance": balance,
            "consignees": consignees,
            "regions": regions,
            "work_orders": work_orders,
            "materials": materials,
            "timings_ms": self.timings,
        }))
    }

    /// Every code with its state, in order of code.
    pub(crate) async fn codes(&self) -> Result<Rows> {
        Ok(self.scope.query(self.sql("codes")?, self.parameters.clone()).await?)
    }

    /// Some codes with their states, in order of code, after one of them.
    pub(crate) async fn codes_after(&self, after: Option<&str>, limit: u64) -> Result<Rows> {
        let scope = self.seeing("codes").await?;
        let sql = format!(
            "select * from recall.codes where code > cast($after as varchar) order by code limit {limit}"
        );
        let after = ScalarValue::Utf8(Some(after.unwrap_or_default().to_owned()));
        Ok(scope.query(&sql, vec![("after".to_owned(), after)]).await?)
    }

    /// Whether the scope has any unit, containers included.
    pub(crate) async fn is_empty(&self) -> Result<bool> {
        let counts = self.scope.query("select 1 from recall.holdings limit 1", Vec::new()).await?;
        let batches: Vec<RecordBatch> = counts.try_collect().await?;
        Ok(batches.iter().all(|batch| batch.num_rows() == 0))
    }

    /// Every state, those without items too, so that the answer always has one shape.
    async fn states(&self) -> Result<Map<String, Value>> {
        let found = self.rows("states").await?;
        let split = |state: UnitState| {
            let row = found.iter().find(|row| row["state"] == state.as_str());
            let count = |name: &str| row.map_or(json!(0), |row| row[name].clone());
            let split = json!({"verified": count("verified"), "inferred": count("inferred")});
            (state.as_str().to_owned(), split)
        };
        Ok(UnitState::ALL.into_iter().map(split).collect())
    }

    fn sql(&self, name: &str) -> Result<&'a str> {
        self.files.text(&format!("recall/{name}.sql"))
    }

    async fn rows(&self, name: &str) -> Result<Vec<Value>> {
        let rows = self.scope.query(self.sql(name)?, self.parameters.clone()).await?;
        let batches: Vec<_> = rows.try_collect().await?;
        Ok(batches.iter().flat_map(|batch| batch_json(batch, self.zone)).collect())
    }

    /// Has the files that follow read a file as the view `recall.<name>`.
    async fn see(&mut self, name: &str) -> Result<()> {
        self.scope = self.seeing(name).await?;
        Ok(())
    }

    async fn seeing(&self, name: &str) -> Result<QueryScope> {
        let seen = self.scope.with_query(table(name)?, self.sql(name)?, self.parameters.clone());
        Ok(seen.await?)
    }

    /// Keeps the answer of a file as the table `recall.<name>` for the files that follow.
    async fn keep(&mut self, name: &str) -> Result<()> {
        let mut rows = self.scope.query(self.sql(name)?, self.parameters.clone()).await?;
        let schema = rows.schema();
        let (mut kept, mut count) = (Vec::new(), 0);
        while let Some(batch) = rows.try_next().await? {
            count += batch.num_rows();
            if count > KEPT_ROWS_MAX {
                bail!(
                    "the recall's {name} are more than {KEPT_ROWS_MAX} rows: narrow its scope, for \
                     instance to one batch or work order at a time"
                );
            }
            kept.push(batch);
        }
        self.scope = self.scope.with_rows(table(name)?, schema, kept)?;
        Ok(())
    }

    /// Notes how long it took to come this far, since the recall was asked for.
    fn lap(&mut self, name: &str) {
        let millis = self.began.elapsed().as_secs_f64() * 1000.0;
        self.timings.insert(name.to_owned(), json!(millis.round()));
    }
}

fn table(name: &str) -> Result<TableName> {
    Ok(TableName::new("recall", name)?)
}
