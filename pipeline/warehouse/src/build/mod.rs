//! Building the models: each is brought up to date after what it reads, and nothing else happens.
//!
//! A model's last commit records what it was built from: a fingerprint of its text and functions
//! and the version of every input. If those are as they were, and time has not passed the recorded
//! expiry, the model is left alone. If only inputs changed, a partitioned model is rebuilt for the
//! partitions they touch. What comes out as it was is not replaced, so that nothing downstream
//! follows.
//!
//! A model with `partition: p` promises that its rows with value v of `p` follow from the rows with
//! value v of every input that has a column `p`, and from all rows of every other input. Where that
//! is not so, its `touched` query names the values: `changed.<schema>__<table>` holds the rows of
//! that input in files added or removed since the last build, both the old and the new ones (a row
//! that did not change may be there twice or once, a row that changed always is). A second column of that
//! query names keys: only the rows of these are computed, the others of their partitions stay.
//!
//! Models that do not read each other are built side by side ([`schedule`]).
//!
//! A model that calls `as_of()` without an `expires` query is computed anew by every build.

mod amended;
mod audit;
mod changed;
mod chunks;
mod content;
mod cut;
mod error;
mod expiry;
mod inputs;
mod key_bits;
mod key_order;
mod keys;
mod narrowed;
mod net;
mod piece;
mod rebuild;
mod record;
mod report;
mod row_order;
mod schedule;
mod shared_rows;
mod slices;
mod standing;
mod storage;
mod sums;
mod touched;
mod whole;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Instant;

use arrow::array::RecordBatch;
use chrono::{DateTime, Utc};
use datafusion::common::runtime::SpawnedTask;
use datafusion::error::DataFusionError;
use futures::StreamExt;
use futures::stream::FuturesUnordered;

pub use self::error::BuildError;
pub use self::report::{AuditReport, BuildEvent, BuildReport, ModelReport, Outcome};

use self::inputs::{fingerprint, inputs, version_text};
use self::net::NetChanges;
use self::rebuild::Rebuild;
use self::record::Record;
use self::schedule::{AT_ONCE, Schedule, Shared};
use self::touched::{Touched, touched};
use crate::graph::{Kind, Model, ModelGraph};
use crate::lake::{Commit, Lake, TableName, data_version, ids};
use crate::query::{Overlay, QueryScope, QuerySources};

/// Changes whenever builds of earlier versions of this code must not be relied on.
const FORMAT: &str = "1";

/// Which models are brought up to date.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Selection {
    /// All models and audits.
    All,
    /// These models, everything they read, and the checks of their grains.
    Models(Vec<TableName>),
}

/// A build as of another instant than now, beside the real one.
#[derive(Debug, Clone)]
pub struct AsOf {
    /// The instant that `as_of()` answers.
    pub at: DateTime<Utc>,
    /// Where models that depend on the instant are built; one lake serves one instant at a time.
    pub scratch: Arc<Lake>,
}

/// Everything a build needs.
#[derive(Debug, Clone)]
pub struct Build {
    /// The lake, opened for writing unless `as_of` is given.
    pub lake: Arc<Lake>,
    /// The models.
    pub graph: Arc<ModelGraph>,
    /// What they read besides the lake.
    pub sources: Arc<QuerySources>,
    /// The instant of the build, which `as_of()` answers unless `as_of` is given.
    pub now: DateTime<Utc>,
    /// Builds what depends on the instant into a scratch lake, and reads the rest from the lake.
    pub as_of: Option<AsOf>,
    /// What to build.
    pub selection: Selection,
}

impl Build {
    /// What a query sees after this build: the lake, and the scratch lake in front of it.
    pub fn scope(&self) -> QueryScope {
        let instant = self.as_of.as_ref().map_or(self.now, |as_of| as_of.at);
        let overlay = self.as_of.as_ref().map(|as_of| Overlay {
            lake: Arc::clone(&as_of.scratch),
            tables: Arc::new(self.dependent_on_instant()),
        });
        QueryScope::new(
            Arc::clone(&self.lake),
            Arc::clone(&self.graph),
            Arc::clone(&self.sources),
            instant,
        )
        .with_overlay(overlay)
    }

    /// Brings the selected models up to date, telling `progress` about each.
    ///
    /// A build as of another instant runs no audits.
    pub async fn run(
        &self,
        progress: &mut (dyn for<'a> FnMut(BuildEvent<'a>) + Send),
    ) -> Result<BuildReport, BuildError> {
        let selected = self.selected()?;
        let (mut schedule, of) = (Schedule::of(&self.graph, &selected), selected.len());
        let shared = Arc::new(Shared::new(self.scope()));
        let (mut started, mut built) = (0, BTreeMap::new());
        let mut running = FuturesUnordered::new();
        loop {
            while running.len() < AT_ONCE
                && let Some(model) = schedule.next()
            {
                started += 1;
                progress(BuildEvent::Started { name: &model.name, place: started, of });
                running.push(self.spawned(&shared, model));
            }
            let Some(one) = running.next().await else { break };
            let one = one?;
            progress(BuildEvent::Finished(&one));
            schedule.built(&one.name);
            built.insert(one.name.clone(), one);
        }
        let mut report = BuildReport::default();
        for model in selected {
            let Some(one) = built.remove(&model.name) else { continue };
            if model.kind == Kind::Audit {
                report.audits.push(audit::report(&shared.scope, &one).await?);
            } else {
                report.models.push(one);
            }
        }
        Ok(report)
    }

    /// Builds one model as a task of its own, which ends when nobody waits for it any more.
    async fn spawned(
        &self,
        shared: &Arc<Shared>,
        model: &Model,
    ) -> Result<ModelReport, BuildError> {
        let (build, shared, name) = (self.clone(), Arc::clone(shared), model.name.clone());
        let task = SpawnedTask::spawn(async move {
            match build.graph.model(&name) {
                Some(model) => build.build(&shared, model).await,
                None => Err(BuildError::UnknownModel { model: name.to_string() }),
            }
        });
        task.join().await.map_err(|error| {
            BuildError::rows(&model.name)(DataFusionError::ExecutionJoin(Box::new(error)))
        })?
    }

    fn selected(&self) -> Result<Vec<&Model>, BuildError> {
        let wanted = match &self.selection {
            Selection::All => None,
            Selection::Models(names) => Some(self.with_inputs(names)?),
        };
        let in_scratch = self.as_of.as_ref().map(|_| self.dependent_on_instant());
        let models = self.graph.models().filter(|model| {
            if model.kind == Kind::View {
                return false;
            }
            if let Some(in_scratch) = &in_scratch
                && (model.kind == Kind::Audit || !in_scratch.contains(&model.name))
            {
                return false;
            }
            let Some(wanted) = &wanted else { return true };
            let is_check = audit::checked(model).is_some_and(|checked| wanted.contains(checked));
            wanted.contains(&model.name) || is_check
        });
        Ok(models.collect())
    }

    /// The models and all they read, directly or through others.
    fn with_inputs(&self, names: &[TableName]) -> Result<BTreeSet<TableName>, BuildError> {
        let mut wanted = BTreeSet::new();
        let mut open = Vec::new();
        for name in names {
            if self.graph.model(name).is_none() {
                return Err(BuildError::UnknownModel { model: name.to_string() });
            }
            open.push(name.clone());
        }
        while let Some(name) = open.pop() {
            if let Some(model) = self.graph.model(&name)
                && wanted.insert(name)
            {
                let helpers = model.helpers_read.iter();
                let reads = model.reads.iter().chain(helpers);
                open.extend(reads.flat_map(|read| self.graph.expand(read)));
            }
        }
        Ok(wanted)
    }

    /// Models whose result depends on the instant, by themselves or through what they read.
    fn dependent_on_instant(&self) -> BTreeSet<TableName> {
        let mut dependent = BTreeSet::new();
        for model in self.graph.models() {
            let reads = model.reads.iter().flat_map(|read| self.graph.expand(read));
            if model.calls_as_of() || reads.into_iter().any(|read| dependent.contains(&read)) {
                dependent.insert(model.name.clone());
            }
        }
        dependent
    }

    async fn build(&self, shared: &Shared, model: &Model) -> Result<ModelReport, BuildError> {
        let mut started = Instant::now();
        let name = &model.name;
        let Shared { scope, net, .. } = shared;
        let lake = Arc::clone(scope.lake_of(name));
        let _writing = lake.writing(name).await.map_err(BuildError::lake(name))?;
        let inputs = inputs(scope, model).await?;
        let next = Record {
            model: self.fingerprint(scope, model),
            inputs: inputs.iter().map(|(n, input)| (n.clone(), input.version.clone())).collect(),
            ..Record::default()
        };
        let table = lake.table(name).await.map_err(BuildError::lake(name))?;
        let record = match &table {
            Some(table) => {
                Record::read(table).await.map_err(BuildError::delta("read the log of", name))?
            }
            None => None,
        };
        let is_usable = |record: &Record| {
            record.is_complete && record.model == next.model && !self.is_stale(model, record)
        };
        let touched = match &record {
            Some(record) if is_usable(record) => {
                if record.inputs == next.inputs {
                    return Ok(unchanged(name, record, started));
                }
                touched(scope, model, record, &inputs, net).await?
            }
            _ => Touched::All,
        };
        let is_computed = touched != Touched::Parts(BTreeSet::new());
        // Only such a rebuild tells what it changed.
        let before = match (&touched, &table) {
            (Touched::Rows(..), Some(table)) => {
                Some(version_text(name, table).await.map_err(BuildError::lake(name))?)
            }
            _ => None,
        };
        let waits = Instant::now();
        let _room = shared.room_for(&touched, &inputs).await;
        started += waits.elapsed();
        let told_bytes_max = net.room();
        let inputs = &inputs;
        let rebuild =
            Rebuild { scope, model, inputs, touched, table, record, next, told_bytes_max };
        let mut rebuilt = self.finish(scope, model, rebuild).await?;
        if let (Some(before), Some(changed)) = (before, rebuilt.changed.take()) {
            tell(scope, name, before, changed, net).await?;
        }
        Ok(ModelReport {
            name: name.clone(),
            outcome: if is_computed { Outcome::Rebuilt } else { Outcome::Unchanged },
            partitions_total: rebuilt.record.content.len(),
            partitions_rebuilt: rebuilt.partitions_rebuilt,
            partitions_changed: rebuilt.partitions_changed,
            rows: rebuilt.record.content.rows(),
            elapsed_ms: elapsed_ms(started),
        })
    }

    /// Rebuilds, and records the expiry in a second commit, as its query may read the model.
    async fn finish(
        &self,
        scope: &QueryScope,
        model: &Model,
        mut rebuild: Rebuild<'_>,
    ) -> Result<rebuild::Rebuilt, BuildError> {
        let expires = match &self.as_of {
            Some(_) => None,
            None => model.expires.as_deref(),
        };
        rebuild.next.is_complete = expires.is_none();
        let mut rebuilt = rebuild.run().await?;
        let Some(sql) = expires else { return Ok(rebuilt) };
        rebuilt.record.expires = expiry::expires(scope, model, sql).await?;
        rebuilt.record.is_complete = true;
        let (name, lake) = (&model.name, scope.lake_of(&model.name));
        if let Some(table) = lake.table(name).await.map_err(BuildError::lake(name))? {
            let version =
                data_version(&table).await.map_err(BuildError::delta("read the log of", name))?;
            let version = (ids::DATA_VERSION.to_owned(), version.into());
            let metadata = vec![rebuilt.record.metadata(), version];
            let commit = Commit { metadata, ..Commit::default() };
            lake.commit(name, table, commit).await.map_err(BuildError::lake(name))?;
        }
        Ok(rebuilt)
    }

    /// Whether time has overtaken a build.
    fn is_stale(&self, model: &Model, record: &Record) -> bool {
        if self.as_of.is_some() {
            return false;
        }
        match &model.expires {
            Some(_) => record.expires.is_some_and(|expires| self.now >= expires),
            None => self.calls_as_of(model),
        }
    }

    fn calls_as_of(&self, model: &Model) -> bool {
        let views = self.graph.views(model);
        let mut views = views.iter().filter_map(|view| self.graph.model(view));
        model.calls_as_of() || views.any(Model::calls_as_of)
    }

    fn fingerprint(&self, scope: &QueryScope, model: &Model) -> String {
        let views = self.graph.views(model);
        let views = views.iter().filter_map(|view| self.graph.model(view));
        let instant = self.as_of.as_ref().map(|as_of| as_of.at.to_rfc3339()).unwrap_or_default();
        let functions = &scope.lake().options().functions_version;
        let fixed = [FORMAT, functions.as_str(), instant.as_str(), model.sql.as_str()];
        fingerprint(fixed.into_iter().chain(views.map(|view| view.sql.as_str())))
    }
}

/// Hands the rows that a build changed to the models that read them.
async fn tell(
    scope: &QueryScope,
    name: &TableName,
    before: String,
    changed: Vec<RecordBatch>,
    net: &NetChanges,
) -> Result<(), BuildError> {
    let Some(first) = changed.first() else { return Ok(()) };
    let schema = first.schema();
    let table = scope.lake_of(name).table(name).await.map_err(BuildError::lake(name))?;
    let Some(table) = table else { return Ok(()) };
    let now = version_text(name, &table).await.map_err(BuildError::lake(name))?;
    net.put(name, (before, now), &schema, Some(changed)).map_err(BuildError::rows(name))
}

fn unchanged(name: &TableName, record: &Record, started: Instant) -> ModelReport {
    ModelReport {
        name: name.clone(),
        outcome: Outcome::Unchanged,
        partitions_total: record.content.len(),
        partitions_rebuilt: 0,
        partitions_changed: 0,
        rows: record.content.rows(),
        elapsed_ms: elapsed_ms(started),
    }
}

fn elapsed_ms(started: Instant) -> u64 {
    u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX)
}
