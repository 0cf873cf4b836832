//! What of a stream is read from one database: optional columns it lacks are left out.

use std::sync::Arc;

use arrow::array::{ArrayRef, StringArray, new_null_array};
use arrow::record_batch::RecordBatch;
use yuanliu_contract::{ConnectorError, ErrorKind, Result};

use crate::catalog::{Column, Stream};
use crate::column_type::ColumnType;
use crate::database::{Database, DescribedColumn};
use crate::dialect::Operand;
use crate::rows::broken;

/// A stream fitted to one database.
#[derive(Debug, Clone)]
pub(crate) struct StreamPlan {
    pub(crate) stream: Arc<Stream>,
    pub(crate) database: Option<String>,
    /// The places of the columns that are asked for.
    pub(crate) asked: Vec<usize>,
    /// One for each column of the stream, whether asked for or not.
    pub(crate) operands: Vec<Operand>,
    /// The database lacks the table, and the stream is optional.
    pub(crate) is_absent: bool,
}

impl StreamPlan {
    /// Asks the database what it has, and fits the stream to it.
    pub(crate) async fn fit(
        source: &dyn Database,
        stream: &Arc<Stream>,
        database: Option<&str>,
    ) -> Result<Self> {
        let what = stream.table.as_deref().or(stream.query.as_deref()).unwrap_or_default();
        let described = match source.describe(database, what).await {
            Ok(described) => described,
            Err(error) if stream.optional && error.kind == ErrorKind::NotFound => {
                return Ok(Self::absent(stream, database));
            }
            Err(error) => return Err(error),
        };
        Self::with(source, stream, database, &described)
    }

    fn absent(stream: &Arc<Stream>, database: Option<&str>) -> Self {
        Self {
            stream: stream.clone(),
            database: database.map(str::to_owned),
            asked: Vec::new(),
            operands: Vec::new(),
            is_absent: true,
        }
    }

    fn with(
        source: &dyn Database,
        stream: &Arc<Stream>,
        database: Option<&str>,
        described: &[DescribedColumn],
    ) -> Result<Self> {
        let mut plan = Self::absent(stream, database);
        plan.is_absent = false;
        let mut missing = Vec::new();
        for (at, column) in stream.columns.iter().enumerate() {
            let found = find(described, &column.name);
            let operand = match (&column.expr, found) {
                (Some(expr), _) => Operand {
                    sql: format!("({expr})"),
                    kind: column.kind,
                    server_type: None,
                    is_nullable: !column.not_null,
                },
                (None, Some(found)) => {
                    check_type(stream, column, found)?;
                    Operand {
                        sql: source.dialect().quote(&found.name),
                        kind: column.kind,
                        server_type: Some(found.data_type.clone()),
                        is_nullable: found.is_nullable && !found.is_key && !column.not_null,
                    }
                }
                (None, None) => Operand {
                    sql: String::new(),
                    kind: column.kind,
                    server_type: None,
                    is_nullable: true,
                },
            };
            match operand.sql.is_empty() {
                false => plan.asked.push(at),
                true if !column.optional => missing.push(column.name.as_str()),
                true => {}
            }
            plan.operands.push(operand);
        }
        if missing.is_empty() {
            return Ok(plan);
        }
        let there: Vec<_> = described.iter().map(|column| column.name.as_str()).collect();
        let action = format!("fitting {} to {}", stream.name, stream.source_name());
        Err(ConnectorError::new(ErrorKind::NotFound, action)
            .with_detail(format!("no column {} in {}", missing.join(", "), stream.source_name()))
            .with_hint(format!(
                "its columns are {}; mark a column optional if it may be missing",
                there.join(", ")
            )))
    }

    /// The columns that are asked for.
    pub(crate) fn asked_columns(&self) -> Vec<Column> {
        self.asked.iter().filter_map(|at| self.stream.columns.get(*at).cloned()).collect()
    }

    /// Optional columns that are left out.
    pub(crate) fn left_out(&self) -> Vec<&str> {
        let columns = self.stream.columns.iter().enumerate();
        let left_out = columns.filter(|(at, _)| !self.asked.contains(at));
        left_out.map(|(_, column)| column.name.as_str()).collect()
    }

    /// The key's operands.
    pub(crate) fn key(&self) -> Vec<&Operand> {
        self.stream.key_indices().iter().filter_map(|at| self.operands.get(*at)).collect()
    }

    /// The change column's operand, if this database has the column.
    pub(crate) fn change(&self) -> Option<&Operand> {
        let at = self.stream.change_index()?;
        self.operands.get(at).filter(|operand| !operand.sql.is_empty())
    }

    /// Brings a batch of some of the columns, by name, into the stream's schema.
    pub(crate) fn assemble(&self, batch: &RecordBatch) -> Result<RecordBatch> {
        let schema = self.stream.schema();
        let rows = batch.num_rows();
        let own = usize::from(self.stream.has_database_column);
        let column = |(at, field): (usize, &arrow::datatypes::FieldRef)| -> ArrayRef {
            if at < own {
                let name = self.database.as_deref().unwrap_or_default();
                return Arc::new(StringArray::from(vec![name; rows]));
            }
            match batch.column_by_name(field.name()) {
                Some(column) => column.clone(),
                None => new_null_array(field.data_type(), rows),
            }
        };
        let columns = schema.fields().iter().enumerate().map(column).collect();
        RecordBatch::try_new(schema.clone(), columns).map_err(broken)
    }
}

/// A column by its exact name, or by the only one that differs in case.
fn find<'a>(described: &'a [DescribedColumn], name: &str) -> Option<&'a DescribedColumn> {
    let exact = described.iter().find(|column| column.name == name);
    exact.or_else(|| {
        let mut same = described.iter().filter(|c| c.name.to_lowercase() == name.to_lowercase());
        same.next().filter(|_| same.next().is_none())
    })
}

fn check_type(stream: &Stream, column: &Column, found: &DescribedColumn) -> Result<()> {
    let action = || format!("fitting {} to {}", stream.name, stream.source_name());
    let natural = match &found.readable {
        Ok(natural) => natural.parse().unwrap_or(ColumnType::Text),
        Err(reason) => {
            return Err(ConnectorError::new(ErrorKind::Config, action())
                .with_detail(format!("column {} is {}: {reason}", column.name, found.data_type))
                .with_hint("give an expr that casts it, or leave the column out"));
        }
    };
    if reads_as(natural, column.kind) {
        return Ok(());
    }
    Err(ConnectorError::new(ErrorKind::Config, action())
        .with_detail(format!(
            "column {} is {} and cannot be read as {}",
            column.name, found.data_type, column.kind
        ))
        .with_hint(format!("declare it as {natural}, or give an expr that casts it")))
}

/// Whether a column that is naturally `natural` may be declared as `declared`. What does not fit row
/// by row (a fraction in an integer, a text that is no date) is a reject.
pub fn reads_as(natural: ColumnType, declared: ColumnType) -> bool {
    use ColumnType::{Boolean, Date, Datetime, Decimal, Integer, Json, Text, Unsigned, Uuid};
    natural == declared
        || match (natural, declared) {
            (Text, kind) => kind != ColumnType::Rowversion,
            (
                Integer | Unsigned | Decimal(..),
                Integer | Unsigned | Decimal(..) | Text | Boolean,
            ) => true,
            (Boolean, Integer | Unsigned | Text) => true,
            (Date, Datetime | Text) | (Datetime, Date | Text) => true,
            (Uuid | Json | ColumnType::Time | ColumnType::Instant, Text) => true,
            (ColumnType::Rowversion, Unsigned | Integer) => true,
            _ => false,
        }
}
