//! What a build did.

use arrow::array::RecordBatch;

use crate::lake::TableName;

/// What became of one model.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// Nothing it depends on has changed; it was not looked at further.
    Unchanged,
    /// Some or all of it was computed anew.
    Rebuilt,
}

/// One model in a build.
#[derive(Debug, Clone)]
pub struct ModelReport {
    /// Its name.
    pub name: TableName,
    /// What became of it.
    pub outcome: Outcome,
    /// How many partitions it has; 1 for a table that is not partitioned.
    pub partitions_total: usize,
    /// How many of them were computed anew.
    pub partitions_rebuilt: usize,
    /// How many of those came out different and were replaced.
    pub partitions_changed: usize,
    /// How many rows it has.
    pub rows: u64,
    /// How long it took, without waiting for other models.
    pub elapsed_ms: u64,
}

/// One audit in a build.
#[derive(Debug, Clone)]
pub struct AuditReport {
    /// Its name; `audits.grain__<schema>__<table>` is the check of a model's grain.
    pub name: TableName,
    /// How many findings there are.
    pub rows: u64,
    /// Some of them; none if there are no findings.
    pub sample: Option<RecordBatch>,
}

/// What a build did, in the order it was done.
#[derive(Debug, Clone, Default)]
pub struct BuildReport {
    /// Every table model that was looked at.
    pub models: Vec<ModelReport>,
    /// Every audit that was looked at.
    pub audits: Vec<AuditReport>,
}

impl BuildReport {
    /// Whether no audit has findings.
    pub fn is_clean(&self) -> bool {
        self.audits.iter().all(|audit| audit.rows == 0)
    }
}

/// What a build is doing, told as it happens.
#[derive(Debug)]
pub enum BuildEvent<'a> {
    /// A model or audit is being looked at.
    Started {
        /// Its name.
        name: &'a TableName,
        /// Its place among those to look at, from 1.
        place: usize,
        /// How many there are to look at.
        of: usize,
    },
    /// A model or audit is done.
    Finished(&'a ModelReport),
}
