//! What a table already holds for some keys.
//!
//! Memory is bounded by the keys asked for, plus one small filter per table.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, Int64Array, RecordBatch, StringArray, UInt64Array};
use arrow::compute::{cast, take_record_batch};
use arrow::datatypes::DataType;
use datafusion::catalog::TableProvider;
use datafusion::error::DataFusionError;
use datafusion::prelude::{DataFrame, ident, lit};
use futures::StreamExt;

use super::KnownKeys;
use super::prune::{file_bounds, needed, perhaps_unchanged};
use crate::lake::{Lake, LakeError, TableName, data_files};
use crate::query::{bare_session, provider, provider_of_files};

const KEY: &str = "_key";

/// A list up to this long is compared with the ranges of keys in each file; longer ones are not.
const PUSHED_KEYS_MAX: usize = 20;

const READING: &str = "look up keys in";

/// The columns that tell which version of a row is the current one.
struct Version<'a> {
    keys: &'a StringArray,
    ops: &'a StringArray,
    seqs: &'a Int64Array,
}

impl<'a> Version<'a> {
    fn of(batch: &'a RecordBatch) -> Option<Self> {
        Some(Self {
            keys: batch.column_by_name(KEY)?.as_string_opt()?,
            ops: batch.column_by_name("_op")?.as_string_opt()?,
            seqs: batch.column_by_name("_seq")?.as_primitive_opt()?,
        })
    }
}

impl Lake {
    /// The content hash of the current version of each of `rows` that may be unchanged.
    ///
    /// `rows` are keys with the time of change of their new content in µs, if it has one, as the
    /// column `_changed_at` would hold it. The current version of a key is its row with the greatest
    /// `_seq`; a key whose current version is a delete has none. A key may be left out if its
    /// current version bears another time of change.
    pub async fn current_hashes(
        &self,
        name: &TableName,
        rows: &HashMap<String, Option<i64>>,
    ) -> Result<HashMap<String, String>, LakeError> {
        let mut current: HashMap<String, (i64, Option<String>)> = HashMap::new();
        self.look_up(name, rows, |key, hash, op, seq| {
            let is_older = current.get(key).is_some_and(|(known, _)| *known > seq);
            if !is_older {
                let hash = hash.filter(|_| op != Some("delete")).map(str::to_owned);
                current.insert(key.to_owned(), (seq, hash));
            }
        })
        .await?;
        Ok(current.into_iter().filter_map(|(key, (_, hash))| Some((key, hash?))).collect())
    }

    /// The current versions of those of `keys` that exist, with all columns of the table.
    pub async fn current_rows(
        &self,
        name: &TableName,
        keys: &HashSet<String>,
    ) -> Result<Vec<RecordBatch>, LakeError> {
        let Some(table) = self.table(name).await? else { return Ok(Vec::new()) };
        let schema = super::stored_schema(name, &table)?;
        let columns: Vec<&str> = schema.fields().iter().map(|f| f.name().as_str()).collect();
        let mut newest: HashMap<String, (i64, RecordBatch, bool)> = HashMap::new();
        let mut rows = self
            .columns_of(name, provider(name, &table)?, &columns)?
            .execute_stream()
            .await
            .map_err(LakeError::scan(READING, name))?;
        while let Some(batch) = rows.next().await {
            let batch = batch.map_err(LakeError::scan(READING, name))?;
            let Some(Version { keys: found, ops, seqs }) = Version::of(&batch) else { continue };
            for row in 0..batch.num_rows() {
                let key = found.value(row);
                let seq = seqs.value(row);
                if !keys.contains(key) || newest.get(key).is_some_and(|(known, ..)| *known > seq) {
                    continue;
                }
                // A slice would keep its whole batch alive.
                let place = UInt64Array::from(vec![row as u64]);
                let taken = take_record_batch(&batch, &place)
                    .map_err(DataFusionError::from)
                    .map_err(LakeError::scan(READING, name))?;
                newest.insert(key.to_owned(), (seq, taken, ops.value(row) == "delete"));
            }
        }
        Ok(newest.into_values().filter(|(_, _, gone)| !gone).map(|(_, row, _)| row).collect())
    }

    /// Tells `visit` the key of every current row that is not deleted.
    ///
    /// The newest version of each key is found by a sort that spills, within the lake's memory limit.
    pub async fn visit_keys(
        &self,
        name: &TableName,
        visit: &mut (dyn for<'k> FnMut(&'k str) + Send),
    ) -> Result<(), LakeError> {
        let Some(table) = self.table(name).await? else { return Ok(()) };
        let frame = self
            .columns_of(name, provider(name, &table)?, &[KEY, "_op", "_seq"])?
            .sort(vec![ident(KEY).sort(true, true), ident("_seq").sort(false, false)])
            .map_err(LakeError::scan(READING, name))?;
        let mut rows = frame.execute_stream().await.map_err(LakeError::scan(READING, name))?;
        let mut last = None;
        while let Some(batch) = rows.next().await {
            let batch = batch.map_err(LakeError::scan(READING, name))?;
            let Some(Version { keys, ops, .. }) = Version::of(&batch) else { continue };
            for row in 0..batch.num_rows() {
                let key = keys.value(row);
                if last.as_deref() == Some(key) {
                    continue;
                }
                if ops.value(row) != "delete" {
                    visit(key);
                }
                last = Some(key.to_owned());
            }
        }
        Ok(())
    }

    /// Tells `visit` key, hash, operation and sequence of the rows that one of `rows` may equal.
    async fn look_up(
        &self,
        name: &TableName,
        rows: &HashMap<String, Option<i64>>,
        mut visit: impl FnMut(&str, Option<&str>, Option<&str>, i64) + Send,
    ) -> Result<(), LakeError> {
        let Some(table) = self.table(name).await? else { return Ok(()) };
        let files = file_bounds(name, &table)?;
        let mut wanted = perhaps_unchanged(&files, rows);
        let mut needed = needed(&files, &wanted);
        let needed_rows: usize = needed.iter().map(|file| file.rows).sum();
        if needed_rows > files.iter().map(|file| file.rows).sum::<usize>() / 2 {
            wanted = self.perhaps_landed(name, wanted).await?;
            needed.retain(|_| !wanted.is_empty());
        }
        if needed.is_empty() {
            return Ok(());
        }
        let paths: HashSet<_> = needed.iter().map(|file| file.path.as_str()).collect();
        let mut files = data_files(name, &table)?;
        files.retain(|file| paths.contains(file.path.as_str()));
        let provider = provider_of_files(name, &table, files)?;
        let mut frame = self.columns_of(name, provider, &[KEY, "_hash", "_op", "_seq"])?;
        if wanted.len() <= PUSHED_KEYS_MAX {
            let list = wanted.keys().map(|key| lit(*key)).collect();
            frame = frame
                .filter(ident(KEY).in_list(list, false))
                .map_err(LakeError::scan(READING, name))?;
        }
        let mut rows = frame.execute_stream().await.map_err(LakeError::scan(READING, name))?;
        while let Some(batch) = rows.next().await {
            let batch = batch.map_err(LakeError::scan(READING, name))?;
            let Some(Version { keys, ops, seqs }) = Version::of(&batch) else { continue };
            let hashes = batch.column(1).as_string::<i32>();
            for row in 0..batch.num_rows() {
                if keys.is_valid(row) && wanted.contains_key(keys.value(row)) {
                    let hash = hashes.is_valid(row).then(|| hashes.value(row));
                    let op = ops.is_valid(row).then(|| ops.value(row));
                    visit(keys.value(row), hash, op, seqs.value(row));
                }
            }
        }
        Ok(())
    }

    /// Those of `rows` that the filter does not know to be new.
    async fn perhaps_landed<'k>(
        &self,
        name: &TableName,
        rows: HashMap<&'k str, Option<i64>>,
    ) -> Result<HashMap<&'k str, Option<i64>>, LakeError> {
        let known = match self.known_keys(name) {
            Some(known) if !known.is_full() => known,
            // One look-up reads as much as making the filter does.
            None if self.is_first_look_up(name) => return Ok(rows),
            _ => self.read_known(name).await?,
        };
        let rows: Vec<_> = rows.into_iter().collect();
        let keys: ArrayRef = Arc::new(StringArray::from_iter_values(rows.iter().map(|row| row.0)));
        let verdicts = known.may_contain(&keys).map_err(LakeError::scan(READING, name))?;
        Ok(rows.into_iter().zip(verdicts).filter(|(_, may)| *may).map(|(row, _)| row).collect())
    }

    async fn read_known(&self, name: &TableName) -> Result<Arc<KnownKeys>, LakeError> {
        // No landing may slip in between reading the table and keeping the filter.
        let _writing = self.writing(name).await?;
        let Some(table) = self.table(name).await? else {
            return Ok(Arc::new(KnownKeys::with_room_for(0)));
        };
        let snapshot = table.snapshot().map_err(LakeError::delta("read", name))?;
        let rows = snapshot.log_data().iter().filter_map(|file| file.num_records()).sum::<usize>();
        let known = Arc::new(KnownKeys::with_room_for(rows as u64));
        let frame = self.columns_of(name, provider(name, &table)?, &[KEY])?;
        let mut batches = frame.execute_stream().await.map_err(LakeError::scan(READING, name))?;
        while let Some(batch) = batches.next().await {
            let batch = batch.map_err(LakeError::scan(READING, name))?;
            known.insert(batch.column(0)).map_err(LakeError::scan(READING, name))?;
        }
        self.keep_known_keys(name, Arc::clone(&known));
        Ok(known)
    }

    fn columns_of(
        &self,
        name: &TableName,
        provider: Arc<dyn TableProvider>,
        columns: &[&str],
    ) -> Result<DataFrame, LakeError> {
        bare_session(self)
            .read_table(provider)
            .and_then(|frame| frame.select(columns.iter().map(|column| ident(*column))))
            .map_err(LakeError::scan(READING, name))
    }

    /// Tells the filter of a table which keys have just been landed.
    ///
    /// A filter that cannot be told is dropped, and read anew when it is next needed.
    pub(super) fn note_landed(&self, name: &TableName, batches: &[RecordBatch]) {
        let Some(known) = self.known_keys(name) else { return };
        let is_told = batches.iter().all(|batch| {
            let Some(keys) = batch.column_by_name(KEY) else { return true };
            let keys = cast(keys, &DataType::Utf8).map_err(DataFusionError::from);
            keys.and_then(|keys| known.insert(&keys)).is_ok()
        });
        if !is_told {
            self.drop_known_keys(name);
        }
    }
}
