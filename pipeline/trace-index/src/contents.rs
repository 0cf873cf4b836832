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
            let ids = ids.into_iter().enumerate();
            let mut asked: Vec<(u128, usize)> = ids.map(|(at, id)| (id_hash(id), at)).collect();
            // Neighbours are found by way of the same parts of the store.
            asked.sort_unstable();
            let mut contents = vec![Vec::new(); asked.len()];
            for (id, at) in asked {
                let stored = space.get(id.to_be_bytes()).map_err(self.failed("read"))?;
                if let (Some(contents), Some(stored)) = (contents.get_mut(at), stored) {
                    contents.extend(contents_in(&stored));
                }
            }
            Ok(contents)
        })
    }
}
