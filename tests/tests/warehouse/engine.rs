//! A database for sqllogictest: DataFusion with the warehouse's functions, in memory.

use std::collections::BTreeSet;
use std::sync::{Arc, LazyLock};

use arrow::array::RecordBatch;
use chrono::{DateTime, Utc};
use datafusion::common::ScalarValue;
use datafusion::datasource::MemTable;
use datafusion::error::{DataFusionError, Result};
use datafusion::execution::SessionStateBuilder;
use datafusion::prelude::{SessionConfig, SessionContext};
use sqllogictest::{DBOutput, DefaultColumnType};
use yuanliu_functions::{FunctionOptions, Places, functions_at};
use yuanliu_regions::RegionTable;
use yuanliu_warehouse::optimizer_rules;

use super::models::Models;
use super::{cells, seeds, streams};

/// The instant every test stands at.
const AS_OF: &str = "2025-12-31T16:00:00Z";

/// What the rules say where a test does not seed them.
const RULES: &[(&str, &str)] = &[
    ("rules.sighting", "gps_accuracy_max_m\n2000"),
    ("rules.diversion", "min_items | rate_limit | confidence\n3 | 0.05 | 0.95"),
    ("rules.version", "rule_version\nr1"),
    (
        "rules.promoter",
        "retry_s | burst_items | burst_window_s | hold_h | radius_m\n60 | 6 | 60 | 72 | 500",
    ),
    ("rules.recall", "transit_days\n15"),
    ("rules.upload_sla", "event_type | sla_s\nstore_in | 3600\nship | 3600\nverify | 3600"),
];

static PLACES: LazyLock<Places> =
    LazyLock::new(|| Places::new(Arc::new(RegionTable::embedded().unwrap())));

pub(crate) struct Engine<'a> {
    models: &'a Models,
    context: SessionContext,
    known: BTreeSet<String>,
}

impl<'a> Engine<'a> {
    pub(crate) fn new(models: &'a Models) -> Self {
        let config = SessionConfig::new()
            .with_target_partitions(2)
            .set_bool("datafusion.sql_parser.map_string_types_to_utf8view", false);
        let state = SessionStateBuilder::new()
            .with_config(config)
            .with_default_features()
            .with_physical_optimizer_rules(optimizer_rules());
        let context = SessionContext::new_with_state(state.build());
        let options = FunctionOptions {
            time_zone: zone(),
            places: PLACES.clone(),
            normalize: Arc::new(|code| code.trim().to_uppercase()),
        };
        let as_of: DateTime<Utc> = AS_OF.parse().unwrap();
        for function in functions_at(&options, as_of) {
            context.register_udf(function);
        }
        Self { models, context, known: BTreeSet::new() }
    }

    async fn sql(&self, sql: &str) -> Result<RecordBatch> {
        self.ask(sql, Vec::new()).await
    }

    async fn ask(&self, sql: &str, parameters: Vec<(String, ScalarValue)>) -> Result<RecordBatch> {
        let frame = self.context.sql(sql).await?;
        let frame =
            if parameters.is_empty() { frame } else { frame.with_param_values(parameters)? };
        let planned = Arc::clone(frame.schema().inner());
        let batches = frame.collect().await?;
        // The plan as written may name other types than it yields once they are coerced.
        let schema = batches.first().map_or(planned, RecordBatch::schema);
        Ok(arrow::compute::concat_batches(&schema, &batches)?)
    }

    async fn register(&mut self, name: &str, rows: RecordBatch) -> Result<()> {
        let schema = name.split('.').next().unwrap_or_default();
        self.context.sql(&format!("create schema if not exists {schema}")).await?;
        let table = MemTable::try_new(rows.schema(), vec![vec![rows]])?;
        self.context.deregister_table(name)?;
        self.context.register_table(name, Arc::new(table))?;
        self.known.insert(name.to_owned());
        Ok(())
    }

    async fn seed(&mut self, name: &str, text: &str) -> Result<()> {
        let rows = seeds::table(&streams::columns_of(self.models, name), text);
        self.register(name, rows).await
    }

    /// Makes sure that a table is there: seeded, built if wanted, else empty.
    async fn provide(&mut self, name: &str, is_built: bool) -> Result<()> {
        if self.known.contains(name) {
            return Ok(());
        }
        if let Some((_, text)) = RULES.iter().find(|(rule, _)| *rule == name) {
            return self.seed(name, text).await;
        }
        if name == "reference.region" {
            let mut text =
                "region_code | name | level | parent_code | valid_from | valid_to".to_owned();
            for row in PLACES.regions.rows() {
                let to = row.valid_to.map(|day| day.to_string()).unwrap_or_default();
                let parent = row.parent_code.unwrap_or_default();
                text.push_str(&format!(
                    "\n{} | {} | {} | {parent} | {} | {to}",
                    row.region_code, row.name, row.level, row.valid_from
                ));
            }
            return self.seed(name, &text).await;
        }
        if let Some(members) = self.models.united(name) {
            let members: Vec<String> = members.into_iter().map(str::to_owned).collect();
            if is_built || members.iter().any(|member| self.known.contains(member)) {
                for member in &members {
                    Box::pin(self.provide(member, is_built)).await?;
                }
                let parts: Vec<String> =
                    members.iter().map(|member| format!("select * from {member}")).collect();
                let rows = self.sql(&parts.join(" union all by name ")).await?;
                return self.register(name, rows).await;
            }
        }
        if is_built && self.models.get(name).is_some() {
            return self.model(name, true).await;
        }
        self.seed(name, "").await
    }

    async fn model(&mut self, name: &str, is_built: bool) -> Result<()> {
        let Some(model) = self.models.get(name) else {
            return Err(DataFusionError::Plan(format!("there is no model {name}")));
        };
        for read in &model.reads {
            Box::pin(self.provide(read, is_built)).await?;
        }
        let rows = self.sql(&model.sql).await.map_err(|e| e.context(format!("model {name}")))?;
        let found: Vec<String> = rows.schema().fields().iter().map(|f| f.name().clone()).collect();
        if !model.columns.is_empty() && found != model.columns {
            let problem = format!("{name} has columns {found:?}, its header {:?}", model.columns);
            return Err(DataFusionError::Plan(problem));
        }
        self.register(name, rows).await?;
        if let Some(grain) = &model.grain {
            let twice = self
                .sql(&format!("select {grain} from {name} group by {grain} having count(*) > 1"))
                .await?;
            if twice.num_rows() > 0 {
                let first = cells::rows(&twice.slice(0, 1));
                let problem = format!("{name} has more than one row for {grain} = {first:?}");
                return Err(DataFusionError::Plan(problem));
            }
        }
        Ok(())
    }

    async fn query(&mut self, folder: &str, rest: &str) -> Result<RecordBatch> {
        let mut words = rest.split_whitespace();
        let path = format!("{folder}/{}", words.next().unwrap_or_default());
        let models = self.models;
        let Some((sql, reads)) = models.query(&path) else {
            return Err(DataFusionError::Plan(format!("there is no query {path}")));
        };
        for read in &reads {
            match read.strip_prefix("recall.") {
                // A recall reads the answers of its other files to the same question.
                Some(other) => {
                    let question = rest.split_once(' ').map_or("", |(_, question)| question);
                    let other = format!("{other} {question}");
                    let rows = Box::pin(self.query(folder, &other)).await?;
                    self.register(read, rows).await?;
                }
                None => self.provide(read, true).await?,
            }
        }
        let given: Vec<(&str, &str)> = words.filter_map(|word| word.split_once('=')).collect();
        let text =
            |key: &str| given.iter().find(|(name, _)| *name == key).map(|(_, v)| (*v).to_owned());
        let by = text("by").unwrap_or_default();
        let flag = |column: &str| ScalarValue::Boolean(Some(by.split(',').any(|c| c == column)));
        let all = vec![
            ("code", ScalarValue::Utf8(text("code"))),
            ("from", ScalarValue::Utf8(text("from"))),
            ("to", ScalarValue::Utf8(text("to"))),
            ("material", ScalarValue::Utf8(text("material"))),
            ("lot", ScalarValue::Utf8(text("lot"))),
            ("product", ScalarValue::Utf8(text("product"))),
            ("batch", ScalarValue::Utf8(text("batch"))),
            ("work_order", ScalarValue::Utf8(text("work_order"))),
            ("line", ScalarValue::Utf8(text("line"))),
            ("codes_from", ScalarValue::Utf8(text("codes_from"))),
            ("codes_to", ScalarValue::Utf8(text("codes_to"))),
            ("grain", ScalarValue::Utf8(text("grain"))),
            ("level", ScalarValue::Utf8(text("level"))),
            ("regions", ScalarValue::Utf8(text("regions"))),
            ("by_dealer_code", flag("dealer_code")),
            ("by_product_code", flag("product_code")),
            ("by_channel", flag("channel")),
        ];
        let used = all.into_iter().filter(|(name, _)| sql.contains(&format!("${name}")));
        let parameters = used.map(|(name, value)| (name.to_owned(), value)).collect();
        self.ask(sql, parameters).await
    }

    async fn run_one(&mut self, statement: &str) -> Result<DBOutput<DefaultColumnType>> {
        let (first, body) = statement.split_once('\n').unwrap_or((statement, ""));
        let (word, rest) = first.trim().split_once(' ').unwrap_or((first, ""));
        let rows = match word {
            "seed" => return self.seed(rest.trim(), body).await.map(|()| complete()),
            "model" => return self.model(rest.trim(), false).await.map(|()| complete()),
            "build" => return self.model(rest.trim(), true).await.map(|()| complete()),
            "audit" => {
                for read in self.models.get(rest.trim()).into_iter().flat_map(|m| &m.reads) {
                    self.provide(read, true).await?;
                }
                let sql = self.models.get(rest.trim()).map(|m| m.sql.as_str()).unwrap_or_default();
                self.sql(sql).await?
            }
            "report" => self.query("reports", rest).await?,
            "trace" => self.query("trace", rest).await?,
            "recall" => self.query("recall", rest).await?,
            "lookup" => self.query("lookup", rest).await?,
            _ => self.sql(statement).await?,
        };
        let types = vec![DefaultColumnType::Any; rows.num_columns()];
        Ok(DBOutput::Rows { types, rows: cells::rows(&rows) })
    }
}

fn complete() -> DBOutput<DefaultColumnType> {
    DBOutput::StatementComplete(0)
}

fn zone() -> chrono_tz::Tz {
    chrono_tz::Asia::Shanghai
}

#[async_trait::async_trait]
impl sqllogictest::AsyncDB for Engine<'_> {
    type Error = DataFusionError;
    type ColumnType = DefaultColumnType;

    async fn run(&mut self, sql: &str) -> Result<DBOutput<DefaultColumnType>> {
        self.run_one(sql).await
    }

    async fn shutdown(&mut self) {}
}
