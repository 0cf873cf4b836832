//! Internal ids of the rows filled so far.

use std::collections::HashMap;

/// Internal ids by position or number.
#[derive(Debug, Default)]
pub(super) struct Ids {
    pub(super) materials: Vec<i64>,
    pub(super) products: Vec<i64>,
    pub(super) suppliers: Vec<i64>,
    pub(super) dealers: Vec<i64>,
    pub(super) warehouses: Vec<i64>,
    /// Lots of materials, by position of the lot.
    pub(super) lots: Vec<i64>,
    /// Batches, by position of the run.
    pub(super) batches: Vec<i64>,
    /// Document and entry ids of production order lines, by position of the run.
    pub(super) runs: Vec<(i64, i64)>,
    lookups: HashMap<(String, String), i64>,
}

impl Ids {
    pub(super) fn remember(&mut self, form: &str, number: &str, pk: i64) {
        self.lookups.insert((form.to_owned(), number.to_owned()), pk);
    }

    /// Id of a small base-data row by its number; 0 when there is none.
    pub(super) fn lookup(&self, form: &str, number: &str) -> i64 {
        self.lookups.get(&(form.to_owned(), number.to_owned())).copied().unwrap_or_default()
    }
}

/// The id at a position; 0 when there is none, which is the server's empty reference.
pub(super) fn at(ids: &[i64], position: usize) -> i64 {
    ids.get(position).copied().unwrap_or_default()
}
