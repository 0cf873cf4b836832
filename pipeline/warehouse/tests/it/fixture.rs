//! A lake in a temporary folder, rows written as SQL, tables read as text.

use std::sync::Arc;

use arrow::array::RecordBatch;
use arrow::datatypes::{DataType, TimeUnit};
use arrow::util::pretty::pretty_format_batches;
use chrono::{DateTime, Utc};
use datafusion::common::ScalarValue;
use datafusion::logical_expr::expr_fn::SimpleScalarUDF;
use datafusion::logical_expr::{ColumnarValue, ScalarUDF, Signature, Volatility};
use datafusion::prelude::SessionContext;
use futures::TryStreamExt;
use tempfile::TempDir;
use yuanliu_warehouse::{
    AsOf, Build, BuildError, BuildReport, Lake, LakeError, LakeOptions, ModelGraph, Outcome,
    Position, QueryScope, QuerySources, Selection, TableName,
};

pub(crate) struct Fixture {
    pub(crate) dir: TempDir,
    pub(crate) lake: Arc<Lake>,
    pub(crate) graph: Arc<ModelGraph>,
    pub(crate) sources: QuerySources,
    pub(crate) now: DateTime<Utc>,
}

pub(crate) fn options(root: &std::path::Path) -> LakeOptions {
    let mut options = LakeOptions::new(root);
    options.functions_at = Arc::new(|at| vec![as_of(at)]);
    options
}

fn as_of(at: DateTime<Utc>) -> ScalarUDF {
    let instant = DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into()));
    let value = ScalarValue::TimestampMicrosecond(Some(at.timestamp_micros()), Some("UTC".into()));
    ScalarUDF::from(SimpleScalarUDF::new_with_signature(
        "as_of",
        Signature::nullary(Volatility::Immutable),
        instant,
        Arc::new(move |_| Ok(ColumnarValue::Scalar(value.clone()))),
    ))
}

pub(crate) fn name(text: &str) -> TableName {
    text.parse().unwrap()
}

pub(crate) fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

/// The rows of a select without tables.
pub(crate) async fn rows(sql: &str) -> Vec<RecordBatch> {
    SessionContext::new().sql(sql).await.unwrap().collect().await.unwrap()
}

impl Fixture {
    pub(crate) fn new(models: &[(&str, &str)]) -> Self {
        Self::with_options(models, |_| {})
    }

    /// A lake that is opened otherwise.
    pub(crate) fn with_options(
        models: &[(&str, &str)],
        change: impl FnOnce(&mut LakeOptions),
    ) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let mut options = options(&dir.path().join("lake"));
        change(&mut options);
        let lake = Lake::open(options).unwrap();
        let graph = match ModelGraph::load(models.iter().copied()) {
            Ok(graph) => Arc::new(graph),
            Err(problems) => panic!("{problems:#?}"),
        };
        let now = at("2026-03-01T00:00:00Z");
        Self { dir, lake, graph, sources: QuerySources::default(), now }
    }

    pub(crate) async fn land(&self, table: &str, sequence: i64, sql: &str) {
        self.try_land(table, sequence, sql).await.unwrap();
    }

    pub(crate) async fn try_land(
        &self,
        table: &str,
        sequence: i64,
        sql: &str,
    ) -> Result<(), LakeError> {
        let position = Position { sequence, text: format!("after {sequence}") };
        self.lake.append(&name(table), rows(sql).await, position).await
    }

    pub(crate) fn build(&self) -> Build {
        Build {
            lake: Arc::clone(&self.lake),
            graph: Arc::clone(&self.graph),
            sources: Arc::new(self.sources.clone()),
            now: self.now,
            as_of: None,
            selection: Selection::All,
        }
    }

    pub(crate) fn build_as_of(&self, instant: &str, scratch: &Arc<Lake>) -> Build {
        let as_of = AsOf { at: at(instant), scratch: Arc::clone(scratch) };
        Build { as_of: Some(as_of), ..self.build() }
    }

    /// Builds and tells what became of each model: `core.a 2/3` is two of three partitions.
    pub(crate) async fn built(&self) -> String {
        told(&self.run(&self.build()).await.unwrap())
    }

    pub(crate) async fn run(&self, build: &Build) -> Result<BuildReport, BuildError> {
        build.run(&mut |_| {}).await
    }

    pub(crate) fn scope(&self) -> QueryScope {
        self.build().scope()
    }

    pub(crate) async fn read(&self, sql: &str) -> String {
        read(&self.scope(), sql).await
    }
}

pub(crate) fn told(report: &BuildReport) -> String {
    let models = report.models.iter().map(|model| match model.outcome {
        Outcome::Unchanged => format!("{} -", model.name),
        Outcome::Rebuilt => format!(
            "{} {}/{} changed {}",
            model.name, model.partitions_rebuilt, model.partitions_total, model.partitions_changed
        ),
    });
    models.collect::<Vec<_>>().join("\n")
}

pub(crate) async fn read(scope: &QueryScope, sql: &str) -> String {
    let rows = scope.query(sql, Vec::new()).await.unwrap();
    let batches: Vec<_> = rows.try_collect().await.unwrap();
    let text = pretty_format_batches(&batches).unwrap().to_string();
    // The frame is noise in an expectation: one line for each row, cells apart by a bar.
    let lines = text.lines().filter(|line| !line.starts_with('+')).skip(1);
    let cells = |line: &str| {
        let line = line.trim_matches('|');
        line.split('|').map(str::trim).collect::<Vec<_>>().join("|")
    };
    lines.map(cells).collect::<Vec<_>>().join("\n")
}

/// The message of an error and of everything below it.
pub(crate) fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut below = error.source();
    while let Some(error) = below {
        text.push_str(": ");
        text.push_str(&error.to_string());
        below = error.source();
    }
    text
}
