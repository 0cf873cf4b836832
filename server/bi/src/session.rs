//! A connection's session: empty until somebody is let in, then their view.

use std::sync::Arc;

use datafusion::catalog::{CatalogProvider, MemoryCatalogProvider};
use datafusion::error::DataFusionError;
use datafusion::prelude::SessionContext;
use datafusion_postgres::datafusion_pg_catalog::pg_catalog::context::EmptyContextProvider;
use datafusion_postgres::datafusion_pg_catalog::pg_catalog::setup_pg_catalog;
use yuanliu_warehouse::QueryScope;

/// The database that tools connect to, whatever they call it.
const DATABASE: &str = "lake";

/// The session of one connection.
pub(crate) struct Session {
    pub(crate) context: Arc<SessionContext>,
    schemas: Arc<MemoryCatalogProvider>,
}

impl Session {
    /// A session that can name nothing.
    pub(crate) fn empty(lobby: &QueryScope) -> Self {
        let context = lobby.session();
        let schemas = Arc::new(MemoryCatalogProvider::new());
        context.register_catalog(DATABASE, Arc::clone(&schemas) as Arc<dyn CatalogProvider>);
        Self { context: Arc::new(context), schemas }
    }

    /// Shows what a view holds, and a catalogue of that and nothing else.
    ///
    /// # Errors
    ///
    /// The catalogue cannot be made.
    pub(crate) fn show(&self, view: &QueryScope) -> Result<(), DataFusionError> {
        let seen = view.session();
        for (name, schema) in seen.catalog(DATABASE).into_iter().flat_map(|catalog| {
            let names = catalog.schema_names().into_iter();
            names.filter_map(move |name| Some((name.clone(), catalog.schema(&name)?)))
        }) {
            self.schemas.register_schema(&name, schema)?;
        }
        setup_pg_catalog(&self.context, DATABASE, EmptyContextProvider).map_err(|error| *error)
    }
}
