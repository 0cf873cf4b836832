//! Which contents are known under an event id.

use crate::error::IndexError;
use crate::event::id_hash;
use crate::index::TraceIndex;
use crate::store::{Space, contained};
use crate::write::contents_in;

impl TraceIndex {
    /// The hashes of the contents known under each event id, in the order of the ids: none for a
    /// new event, the same for a duplicate, another one for a collision.
    pub fn contents<'a>(
        &self,
        ids: impl IntoIterator<Item = &'a str>,
    ) -> Result<Vec<Vec<i64>>, IndexError> {
        contained(self.folder(), || {
            let space = self.spaces().of(Space::Id);
            let contents = |id: &str| {
                let stored = space.get(id_hash(id).to_be_bytes()).map_err(self.failed("read"))?;
                Ok(stored.map_or_else(Vec::new, |stored| contents_in(&stored).collect()))
            };
            ids.into_iter().map(contents).collect()
        })
    }
}
