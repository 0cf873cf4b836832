//! Every table and view the login can see, and which stream reads it.

use std::sync::Arc;

use yuanliu_contract::{DiscoveredField, DiscoveredObject, ErrorKind, Result};

use crate::account::Account;
use crate::catalog::Stream;
use crate::database::{Database, DescribedColumn, DescribedTable};

/// More tables than this are not listed: an ERP has thousands, a person reads hundreds.
const TABLES_MAX: usize = 5_000;

/// Describes tables of the newest database, those that are read first.
pub(crate) async fn discover<D: Database>(
    account: &Account<D>,
    streams: &[Arc<Stream>],
) -> Result<Vec<DiscoveredObject>> {
    let database = account.databases.last().map(String::as_str);
    account.seams.budget.acquire().await;
    let tables = account.database.tables(database, TABLES_MAX).await?;
    let mut objects: Vec<_> = tables.into_iter().map(|table| object(table, streams)).collect();
    for stream in streams.iter().filter(|stream| stream.query.is_some()) {
        let query = stream.query.as_deref().unwrap_or_default();
        account.seams.budget.acquire().await;
        let columns = match account.database.describe(database, query).await {
            Ok(columns) => columns,
            // What the login cannot see is not there to discover; a check says why.
            Err(error) if matches!(error.kind, ErrorKind::NotFound | ErrorKind::Permission) => {
                continue;
            }
            Err(error) => return Err(error),
        };
        objects.push(DiscoveredObject {
            name: stream.source_name(),
            title: stream.title().to_owned(),
            stream: Some(stream.name.clone()),
            fields: columns.into_iter().map(|column| field(column, Some(stream))).collect(),
        });
    }
    objects.sort_by_key(|object| object.stream.is_none());
    Ok(objects)
}

fn object(table: DescribedTable, streams: &[Arc<Stream>]) -> DiscoveredObject {
    let stream = streams
        .iter()
        .find(|stream| stream.table.as_deref().is_some_and(|wanted| is_same(wanted, &table.name)));
    let stream = stream.map(Arc::as_ref);
    let rows = table.rows.map(|rows| format!("about {rows} rows"));
    let title: Vec<_> = table.comment.into_iter().chain(rows).collect();
    DiscoveredObject {
        title: if title.is_empty() { table.name.clone() } else { title.join(", ") },
        name: table.name,
        stream: stream.map(|stream| stream.name.clone()),
        fields: table.columns.into_iter().map(|column| field(column, stream)).collect(),
    }
}

/// Whether a configured name, with or without its schema, means a table.
pub(crate) fn is_same(wanted: &str, name: &str) -> bool {
    let (wanted, name) = (wanted.to_lowercase(), name.to_lowercase());
    wanted == name || name.rsplit_once('.').is_some_and(|(_, table)| table == wanted)
}

fn field(column: DescribedColumn, stream: Option<&Stream>) -> DiscoveredField {
    let mut data_type = column.data_type;
    if column.is_key {
        data_type.push_str(", key");
    }
    if column.is_change_candidate {
        data_type.push_str(", may tell changes");
    }
    if let Err(reason) = &column.readable {
        data_type.push_str(&format!(", cannot be read: {reason}"));
    }
    let is_read = stream.is_some_and(|stream| {
        let same = |read: &crate::catalog::Column| {
            read.expr.is_none() && read.name.eq_ignore_ascii_case(&column.name)
        };
        stream.columns.iter().any(same)
    });
    DiscoveredField {
        title: column.name.clone(),
        name: column.name,
        data_type,
        is_custom: false,
        is_read,
    }
}
