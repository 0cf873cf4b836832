//! Replacing some rows of a partition without writing the others again.
//!
//! Rows that are gone are named in deletion vectors, rows that came lie in a file of their own. Files so written are put together
//! once there are many of them, and a partition is written anew once an eighth of its rows is deleted: so a change costs what changed,
//! and a reader meets few files and few rows in vain.

use std::collections::{BTreeMap, BTreeSet};

use crate::lake::{DataFile, RowNumbers};

/// A partition is written anew when one of so many rows in its files is deleted.
const DELETED_PART: u64 = 8;

/// A file with fewer than one of so many rows of its partition is a small one.
const SMALL_PART: u64 = 8;

/// So many small files of a partition are put together.
const SMALL_FILES_MAX: usize = 8;

/// What becomes of a partition's files.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Amendment {
    /// Of files that stay the rows that go.
    pub(crate) deleted: BTreeMap<String, RowNumbers>,
    /// Files whose other rows are put in the new one.
    pub(crate) folded: BTreeSet<String>,
}

impl Amendment {
    /// Whether the rows of a partition may be replaced so, and how. `files` are all of the partition, `deleted` the rows that go of
    /// each, `added` how many come; none if writing everything takes about as long.
    pub(crate) fn of(
        files: &[&DataFile],
        deleted: BTreeMap<String, RowNumbers>,
        added: u64,
        rows_min: u64,
    ) -> Option<Self> {
        let rows: u64 = files.iter().map(|file| file.rows).sum();
        let gone = |file: &&DataFile| {
            let now = deleted.get(&file.path).map_or(0, RowNumbers::len);
            file.deleted_rows() + now
        };
        let all_gone: u64 = files.iter().map(gone).sum();
        if rows < rows_min || (all_gone + added) * DELETED_PART > rows {
            return None;
        }
        let small = files.iter().filter(|file| file.rows * SMALL_PART < rows);
        let small: BTreeSet<_> = small.map(|file| file.path.clone()).collect();
        let folded = if small.len() < SMALL_FILES_MAX { BTreeSet::new() } else { small };
        Some(Self { deleted, folded })
    }

    /// The rows of a file that go, if it stays.
    pub(crate) fn deleted_of(&self, path: &str) -> Option<&RowNumbers> {
        self.deleted.get(path).filter(|_| !self.folded.contains(path))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(path: &str, rows: u64) -> DataFile {
        let path = path.to_owned();
        DataFile { path, part: None, bytes: 1, rows, modified_ms: 0, deleted: None }
    }

    fn amendment(files: &[DataFile], deleted: &[(&str, u64)], added: u64) -> Option<Vec<String>> {
        let deleted = deleted.iter().map(|(path, rows)| ((*path).to_owned(), (0..*rows).collect()));
        let files: Vec<_> = files.iter().collect();
        let amendment = Amendment::of(&files, deleted.collect(), added, 100)?;
        Some(amendment.folded.into_iter().collect())
    }

    #[test]
    fn few_rows_are_replaced_and_many_are_written_anew() {
        let files = [file("a", 800), file("b", 200)];
        assert_eq!(amendment(&files, &[("a", 60), ("b", 5)], 60), Some(Vec::new()));
        assert_eq!(amendment(&files, &[("a", 60), ("b", 5)], 61), None);
        assert_eq!(amendment(&[file("a", 99)], &[("a", 1)], 0), None, "too few to care");
    }

    #[test]
    fn rows_deleted_earlier_count() {
        let mut files = [file("a", 1_000)];
        files[0].deleted = Some(deltalake::kernel::DeletionVectorDescriptor {
            storage_type: deltalake::kernel::StorageType::UuidRelativePath,
            path_or_inline_dv: String::new(),
            offset: None,
            size_in_bytes: 0,
            cardinality: 100,
        });
        assert!(amendment(&files, &[("a", 25)], 0).is_some());
        assert!(amendment(&files, &[("a", 26)], 0).is_none());
    }

    #[test]
    fn small_files_are_put_together() {
        let mut files = vec![file("base", 1_000)];
        files.extend((0..7).map(|place| file(&format!("s{place}"), 10)));
        assert_eq!(amendment(&files, &[("base", 1)], 1), Some(Vec::new()));
        files.push(file("s7", 10));
        let folded = amendment(&files, &[("base", 1)], 1).unwrap();
        assert_eq!(folded.join(" "), "s0 s1 s2 s3 s4 s5 s6 s7");
    }
}
