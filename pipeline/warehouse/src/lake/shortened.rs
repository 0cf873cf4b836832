//! Files that stay with fewer rows.

use std::path::Path;

use deltalake::DeltaTable;
use deltalake::kernel::{Action, LogicalFileView};

use super::commit::allow_deletion_vectors;
use super::deletion_vector::{RowNumbers, read};
use super::files::with_deleted;
use super::{Lake, LakeError, TableName};

/// Files of a table of which rows go, and which rows are gone then.
#[derive(Default)]
pub(crate) struct Shortened {
    files: Vec<LogicalFileView>,
    vectors: Vec<RowNumbers>,
}

impl Shortened {
    /// Adds a file of which the rows at some places go. A file of which nothing is left goes as a whole.
    pub(crate) fn add(
        &mut self,
        folder: &Path,
        file: &LogicalFileView,
        places: &RowNumbers,
    ) -> Result<(), LakeError> {
        let mut vector = match file.deletion_vector_descriptor() {
            Some(earlier) => read(folder, &earlier)?,
            None => RowNumbers::new(),
        };
        vector |= places;
        if file.num_records().is_none_or(|rows| vector.len() < rows as u64) {
            self.files.push(file.clone());
            self.vectors.push(vector);
        }
        Ok(())
    }

    /// The actions that name the files again, once their vectors are on the disk.
    pub(crate) async fn actions(
        self,
        lake: &Lake,
        name: &TableName,
        table: &DeltaTable,
    ) -> Result<Vec<Action>, LakeError> {
        if self.files.is_empty() {
            return Ok(Vec::new());
        }
        let mut actions = allow_deletion_vectors(table).map_err(LakeError::delta("alter", name))?;
        let descriptors = lake.write_deletion_vectors(name, self.vectors).await?;
        let adds = self.files.iter().zip(descriptors);
        actions.extend(adds.map(|(file, deleted)| Action::Add(with_deleted(file, deleted))));
        Ok(actions)
    }
}
