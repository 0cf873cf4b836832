//! Several sorted sources as one.

use fjall::{Iter, Keyspace, Readable, Slice, Snapshot};

type Entry = (Slice, Slice);

/// The entries of several spaces by key, one that stands in several once.
pub(crate) struct Merged {
    sources: Vec<Source>,
}

struct Source {
    entries: Iter,
    /// Read and not handed out yet.
    next: Option<Entry>,
    has_ended: bool,
}

impl Merged {
    /// From a key on; whoever reads stops where its keys end. The store looks up a bound it is
    /// given, which costs as much again as the beginning.
    pub(crate) fn from<'k>(
        snapshot: &Snapshot,
        spaces: impl Iterator<Item = &'k Keyspace>,
        key: &[u8],
    ) -> Self {
        let source =
            |space| Source { entries: snapshot.range(space, key..), next: None, has_ended: false };
        Self { sources: spaces.map(source).collect() }
    }

    fn advance(&mut self) -> fjall::Result<Option<Entry>> {
        for source in &mut self.sources {
            if source.next.is_none() && !source.has_ended {
                source.next = source.entries.next().map(fjall::Guard::into_inner).transpose()?;
                source.has_ended = source.next.is_none();
            }
        }
        let mut heads = self.sources.iter_mut().map(|source| &mut source.next);
        let Some(mut first) = heads.find(|head| head.is_some()) else { return Ok(None) };
        for head in heads {
            let order = match (&*first, &*head) {
                (Some((first, _)), Some((key, _))) => key.cmp(first),
                _ => continue,
            };
            if order.is_eq() {
                *head = None;
            } else if order.is_lt() {
                first = head;
            }
        }
        Ok(first.take())
    }
}

impl Iterator for Merged {
    type Item = fjall::Result<Entry>;

    fn next(&mut self) -> Option<Self::Item> {
        self.advance().transpose()
    }
}
