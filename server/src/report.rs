//! Reports: SQL files with typed parameters, filtered and ordered by their dimension columns.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Error, Result};
use arrow::datatypes::SchemaRef;
use chrono::{DateTime, NaiveDate, Utc};
use yuanliu_warehouse::{
    AsOf, Build, Lake, Only, Order, QueryError, QueryScope, RowRange, Rows, ScalarValue, Selection,
    Shape, TableName,
};

use crate::drift::reads;
use crate::exit::UsageError;
use crate::hub::{Hub, lake_options};
use crate::models::{Models, SqlFile, SqlFiles};
use crate::progress;

/// What a person asks of a report.
#[derive(Debug, Clone, Default)]
pub(crate) struct Question {
    pub(crate) from: Option<NaiveDate>,
    pub(crate) to: Option<NaiveDate>,
    pub(crate) grain: Option<&'static str>,
    pub(crate) level: Option<&'static str>,
    /// Region codes of then or of today.
    pub(crate) regions: Option<&'static str>,
    pub(crate) by: Vec<String>,
    pub(crate) system: Option<String>,
    /// Wanted values by dimension column; empty: missing.
    pub(crate) filters: BTreeMap<String, String>,
    /// Columns to sort by before the dimensions, with whether they fall.
    pub(crate) sort: Vec<(String, bool)>,
    /// Some of the rows only.
    pub(crate) page: Option<RowRange>,
}

/// One report file.
#[derive(Debug, Clone)]
pub(crate) struct Report {
    pub(crate) name: String,
    /// What it is called in English and in Chinese.
    pub(crate) titles: (String, String),
    /// The columns that name a row; those that must be asked for with `--by` end in `?`.
    pub(crate) dimensions: Vec<String>,
    /// Parameter names with their types.
    pub(crate) parameters: BTreeMap<String, String>,
    sql: String,
}

/// All reports.
pub(crate) struct Reports(Vec<Report>);

impl Reports {
    /// Reads the headers of `reports/*.sql`.
    pub(crate) fn load(files: &SqlFiles) -> Result<Self> {
        Ok(Self(files.in_folder("reports").map(|(name, file)| read(name, file)).collect()))
    }

    /// Every report in order of name.
    pub(crate) fn all(&self) -> impl Iterator<Item = &Report> {
        self.0.iter()
    }

    /// The report called `name`, or the names there are.
    pub(crate) fn find(&self, name: &str) -> Result<&Report, UsageError> {
        self.0.iter().find(|report| report.name == name).ok_or_else(|| {
            let known: Vec<_> = self.0.iter().map(|report| report.name.as_str()).collect();
            UsageError(format!("there is no report `{name}`; there are {}", known.join(", ")))
        })
    }
}

fn read(name: &str, file: &SqlFile) -> Report {
    let header =
        |key: &str| file.text.lines().find_map(|line| line.strip_prefix("-- ")?.strip_prefix(key));
    let title = |key: &str| header(key).map_or(name, str::trim).to_owned();
    let listed = |key: &str| -> Vec<String> {
        header(key)
            .into_iter()
            .flat_map(|l| l.split(','))
            .map(|item| item.trim().to_owned())
            .collect()
    };
    let parameters = listed("parameters:").into_iter().filter_map(|parameter| {
        let (name, kind) = parameter.split_once(' ')?;
        Some((name.to_owned(), kind.trim().to_owned()))
    });
    Report {
        name: name.to_owned(),
        titles: (title("title:"), title("title_zh:")),
        dimensions: listed("dimensions:"),
        parameters: parameters.collect(),
        sql: file.text.clone(),
    }
}

impl Report {
    /// Whether the question can be asked of this report.
    pub(crate) fn check(&self, question: &Question) -> Result<(), UsageError> {
        let optional = self.optional_dimensions();
        if let Some(wrong) = question.by.iter().find(|by| !optional.contains(by.as_str())) {
            let known: Vec<_> = optional.into_iter().collect();
            return Err(UsageError(format!(
                "{} cannot be split by `{wrong}`; it can be split by: {}",
                self.name,
                known.join(", ")
            )));
        }
        for (name, is_given) in [
            ("grain", question.grain.is_some()),
            ("level", question.level.is_some()),
            ("regions", question.regions.is_some()),
            ("system", question.system.is_some()),
        ] {
            if is_given && !self.parameters.contains_key(name) {
                return Err(UsageError(format!("{} knows no --{name}", self.name)));
            }
        }
        match (question.from, question.to) {
            (Some(from), Some(to)) if from > to => {
                Err(UsageError(format!("--from {from} lies after --to {to}")))
            }
            _ => Ok(()),
        }
    }

    fn optional_dimensions(&self) -> BTreeSet<&str> {
        self.dimensions.iter().filter_map(|dimension| dimension.strip_suffix('?')).collect()
    }

    fn chosen_dimensions(&self, question: &Question) -> Vec<String> {
        let dimensions = self.dimensions.iter().filter_map(|d| match d.strip_suffix('?') {
            Some(name) => question.by.iter().any(|by| by == name).then(|| name.to_owned()),
            None => Some(d.clone()),
        });
        dimensions.collect()
    }

    /// Runs the report: the file's statement, of which columns are chosen, filtered and ordered by.
    pub(crate) async fn answer(&self, scope: &QueryScope, question: &Question) -> Result<Rows> {
        let rows = scope.shaped(&self.sql, self.values(question)?, &self.shape(question)).await;
        rows.map_err(|error| match error {
            QueryError::NoColumn { column, known } => Error::from(UsageError(format!(
                "{} has no column `{column}`; it has: {} (add dimensions with --by)",
                self.name,
                known.join(", ")
            ))),
            error => error.into(),
        })
    }

    /// Every column of the answer can be filtered and sorted by; a dimension of `--by` only if it is asked for.
    fn shape(&self, question: &Question) -> Shape {
        let chosen = self.chosen_dimensions(question);
        let is_hidden = |name: &&str| !chosen.iter().any(|chosen| chosen == name);
        let hidden = self.optional_dimensions().into_iter().filter(is_hidden);
        let only = question.filters.iter().map(|(column, value)| {
            // `43*` is every region of a province: codes of regions begin with that of what they lie in.
            let only = match value.strip_suffix('*') {
                _ if value.is_empty() => Only::Missing,
                Some(start) => Only::Begins(start.to_owned()),
                None => Only::Is(value.clone()),
            };
            (column.clone(), only)
        });
        let rising = |column: &String| Order { column: column.clone(), falls: false };
        let wanted = question
            .sort
            .iter()
            .map(|(column, falls)| Order { column: column.clone(), falls: *falls });
        Shape {
            without: hidden.map(str::to_owned).collect(),
            only: only.collect(),
            order: wanted.chain(chosen.iter().map(rising)).collect(),
            range: question.page,
        }
    }

    fn values(&self, question: &Question) -> Result<Vec<(String, ScalarValue)>, UsageError> {
        let date = |date: Option<NaiveDate>| ScalarValue::Date32(date.map(days_since_epoch));
        let text = |text: Option<&str>| ScalarValue::Utf8(text.map(str::to_owned));
        let mut values = Vec::new();
        for name in self.parameters.keys() {
            let value = match name.as_str() {
                "from" => date(question.from),
                "to" => date(question.to),
                "grain" => text(Some(question.grain.unwrap_or("month"))),
                "level" => text(Some(question.level.unwrap_or("province"))),
                "regions" => text(Some(question.regions.unwrap_or("then"))),
                "system" => text(question.system.as_deref()),
                other => match other.strip_prefix("by_") {
                    Some(dimension) => {
                        ScalarValue::Boolean(Some(question.by.iter().any(|by| by == dimension)))
                    }
                    None => {
                        return Err(UsageError(format!(
                            "the report {} declares the unknown parameter `{other}`",
                            self.name
                        )));
                    }
                },
            };
            values.push((name.clone(), value));
        }
        Ok(values)
    }
}

fn days_since_epoch(date: NaiveDate) -> i32 {
    let days = date.signed_duration_since(NaiveDate::default()).num_days();
    i32::try_from(days).unwrap_or(i32::MAX)
}

/// The models as they stood at `as_of`: those that look at the clock are built into a lake of their
/// own, which is gone when the returned guard is dropped.
pub(crate) async fn scope_as_of(
    hub: &Hub,
    models: &Models,
    wanted: Vec<TableName>,
    as_of: DateTime<Utc>,
    is_quiet: bool,
) -> Result<(QueryScope, Scratch)> {
    let scratch = Scratch::new();
    let mut options = lake_options(&hub.config, &hub.regions)?;
    options.root = scratch.0.clone();
    options.spill_dir = scratch.0.join(".spill");
    let build = Build {
        lake: hub.lake.clone(),
        graph: models.graph.clone(),
        sources: models.sources.clone(),
        now: Utc::now(),
        as_of: Some(AsOf { at: as_of, scratch: Lake::open(options)? }),
        selection: Selection::Models(wanted),
    };
    let bar = progress::spinner("as of", is_quiet);
    let told = bar.clone();
    build
        .run(&mut move |event| {
            if let yuanliu_warehouse::BuildEvent::Started { name, .. } = event {
                told.set_message(name.to_string());
            }
        })
        .await?;
    bar.finish_and_clear();
    Ok((build.scope(), scratch))
}

/// The models a set of queries reads: every table of marts and core they name.
pub(crate) fn models_read<'a>(
    models: &Models,
    queries: impl Iterator<Item = &'a str>,
) -> Vec<TableName> {
    let text: String = queries.collect::<Vec<_>>().join("\n");
    let names = models.graph.models().map(|model| model.name.clone());
    names.filter(|name| reads(&text, &name.to_string())).collect()
}

impl Report {
    /// The columns of an answer, without running it.
    pub(crate) async fn schema(
        &self,
        scope: &QueryScope,
        question: &Question,
    ) -> Result<SchemaRef> {
        Ok(scope.columns(&self.sql, self.values(question)?).await?)
    }

    /// The file's statement.
    pub(crate) fn sql(&self) -> &str {
        &self.sql
    }
}

/// A folder that is removed when dropped.
pub(crate) struct Scratch(std::path::PathBuf);

impl Scratch {
    fn new() -> Self {
        Self(std::env::temp_dir().join(format!("yuanliu-as-of-{}", uuid::Uuid::new_v4())))
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // A folder that stays behind in the temporary folder does no harm.
        let _ = std::fs::remove_dir_all(&self.0);
    }
}
