//! Resolving `schema.table` when a query mentions it.

use std::collections::BTreeSet;
use std::fmt;
use std::sync::Arc;

use async_trait::async_trait;
use datafusion::catalog::{CatalogProvider, SchemaProvider, TableProvider};
use datafusion::datasource::{MemTable, ViewTable};
use datafusion::error::DataFusionError;

use super::rows::limited_table;
use super::session::{empty_table, provider};
use super::{QueryScope, current};
use crate::graph::Kind;
use crate::lake::TableName;

#[derive(Debug)]
pub(super) struct LakeCatalog {
    scope: QueryScope,
}

impl LakeCatalog {
    pub(super) fn new(scope: QueryScope) -> Self {
        Self { scope }
    }
}

impl CatalogProvider for LakeCatalog {
    fn schema_names(&self) -> Vec<String> {
        let mut names = BTreeSet::new();
        if self.scope.inner.limited.is_none() {
            names.insert("current".to_owned());
        }
        names.extend(self.scope.listed().into_iter().map(|name| name.schema().to_owned()));
        names.into_iter().collect()
    }

    fn schema(&self, name: &str) -> Option<Arc<dyn SchemaProvider>> {
        let schema = LakeSchema { scope: self.scope.clone(), name: name.to_owned() };
        Some(Arc::new(schema))
    }
}

struct LakeSchema {
    scope: QueryScope,
    name: String,
}

impl fmt::Debug for LakeSchema {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("LakeSchema").field(&self.name).finish()
    }
}

#[async_trait]
impl SchemaProvider for LakeSchema {
    fn table_names(&self) -> Vec<String> {
        let names = self.scope.listed().into_iter();
        names
            .filter(|name| name.schema() == self.name)
            .map(|name| name.table().to_owned())
            .collect()
    }

    async fn table(&self, table: &str) -> Result<Option<Arc<dyn TableProvider>>, DataFusionError> {
        match TableName::new(&self.name, table) {
            Ok(name) => match &self.scope.inner.limited {
                Some(limited) => limited_table(&self.scope, limited, &name).await,
                None => resolve(&self.scope, &name).await,
            },
            Err(_) => Ok(None),
        }
    }

    fn table_exist(&self, table: &str) -> bool {
        self.table_names().iter().any(|name| name == table)
    }
}

impl QueryScope {
    /// Every name that a query may mention, as far as one can be listed.
    fn listed(&self) -> BTreeSet<TableName> {
        let mut names = BTreeSet::new();
        // A listing is a convenience: a folder that cannot be read shows when a query needs it.
        names.extend(self.lake().table_names().unwrap_or_default());
        let sources = self.sources();
        names.extend(sources.memory.iter().map(|source| source.name.clone()));
        names.extend(sources.declared.iter().map(|source| source.name.clone()));
        let streams = sources.current.iter();
        names.extend(streams.filter_map(|stream| {
            TableName::new("current", &format!("{}__{}", stream.kind, stream.stream)).ok()
        }));
        let views = self.graph().models().filter(|model| model.kind == Kind::View);
        names.extend(views.map(|model| model.name.clone()));
        if let Some(limited) = &self.inner.limited {
            names.retain(|name| limited.shows(name));
        }
        names
    }
}

pub(super) async fn resolve(
    scope: &QueryScope,
    name: &TableName,
) -> Result<Option<Arc<dyn TableProvider>>, DataFusionError> {
    if let Some(extra) = scope.inner.extras.get(name) {
        return Ok(Some(Arc::clone(extra)));
    }
    if name.schema() == "current" {
        return match scope.sources().current(name.table()) {
            Some(stream) => current::table(scope, stream).await.map(Some),
            None => Ok(None),
        };
    }
    if let Some(source) = scope.sources().memory(name) {
        let table = MemTable::try_new(source.schema.clone(), vec![source.batches.clone()])?;
        return Ok(Some(Arc::new(table)));
    }
    if let Some(sql) = scope.graph().view_sql(name) {
        return view(scope, &sql).await.map(Some);
    }
    let table = scope.lake_of(name).table(name).await;
    if let Some(table) = table.map_err(external)? {
        return match &scope.inner.hot {
            Some(hot) => hot.provider(scope.lake_of(name), name, &table).await.map(Some),
            None => provider(name, &table).map(Some).map_err(external),
        };
    }
    if let Some(declared) = scope.sources().declared(name) {
        let schema = crate::lake::storable_schema(name, &declared.schema).map_err(external)?;
        return empty_table(schema).map(Some);
    }
    if scope.graph().model(name).is_some() {
        let message = format!("{name} has not been built yet: run a build first");
        return Err(DataFusionError::Plan(message));
    }
    Ok(None)
}

/// A query in the place of a table.
pub(super) async fn view(
    scope: &QueryScope,
    sql: &str,
) -> Result<Arc<dyn TableProvider>, DataFusionError> {
    let plan = scope.session().state().create_logical_plan(sql).await?;
    Ok(Arc::new(ViewTable::new(plan, Some(sql.to_owned()))))
}

pub(super) fn external(error: crate::lake::LakeError) -> DataFusionError {
    DataFusionError::External(Box::new(error))
}
