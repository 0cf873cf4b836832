//! Which models are built next: each after what it reads, some side by side.
//!
//! Much of a build after a few changes waits: for a log, for the disk, for the one thread that reads the last file. Another model
//! takes the time. A model of which whole pieces are computed has the machine and its memory for itself.

use std::collections::{BTreeMap, BTreeSet};

use tokio::sync::{Semaphore, SemaphorePermit};

use super::inputs::{Input, rows_of};
use super::net::NetChanges;
use super::touched::Touched;
use crate::graph::{Model, ModelGraph};
use crate::lake::TableName;
use crate::query::QueryScope;

/// So many models are built at once. Three keep two threads at work; each more holds rows in memory.
pub(super) const AT_ONCE: usize = 3;

/// The models that are left to build.
pub(super) struct Schedule<'a> {
    /// In an order in which each comes after what it reads, with what it still waits for.
    open: Vec<(&'a Model, BTreeSet<TableName>)>,
}

impl<'a> Schedule<'a> {
    /// `models` come in such an order. What is not among them is as it will be.
    pub(super) fn of(graph: &ModelGraph, models: &[&'a Model]) -> Self {
        let built: BTreeSet<_> = models.iter().map(|model| &model.name).collect();
        let waits_for = |model: &Model| {
            let mut before = graph.built_before(model);
            before.retain(|name| built.contains(name));
            before
        };
        Self { open: models.iter().map(|model| (*model, waits_for(model))).collect() }
    }

    /// The first that can be built now.
    pub(super) fn next(&mut self) -> Option<&'a Model> {
        let ready = self.open.iter().position(|(_, waits_for)| waits_for.is_empty())?;
        Some(self.open.remove(ready).0)
    }

    /// Notes that a model is up to date.
    pub(super) fn built(&mut self, name: &TableName) {
        for (_, waits_for) in &mut self.open {
            waits_for.remove(name);
        }
    }
}

/// What the models of one build share.
pub(super) struct Shared {
    pub(super) scope: QueryScope,
    pub(super) net: NetChanges,
    /// One permit for each model that is computed.
    room: Semaphore,
}

impl Shared {
    pub(super) fn new(scope: QueryScope) -> Self {
        Self { scope, net: NetChanges::default(), room: Semaphore::new(AT_ONCE) }
    }

    /// Waits until there is room to compute a model beside others, or alone if it reads much.
    pub(super) async fn room_for(
        &self,
        touched: &Touched,
        inputs: &BTreeMap<TableName, Input>,
    ) -> Option<SemaphorePermit<'_>> {
        let rows_max = self.scope.lake().options().chunk_rows_max as u64;
        let is_little = matches!(touched, Touched::Rows(..)) || rows_of(inputs) <= rows_max;
        let permits = if is_little { 1 } else { AT_ONCE };
        // It is never closed.
        self.room.acquire_many(u32::try_from(permits).unwrap_or(u32::MAX)).await.ok()
    }
}
