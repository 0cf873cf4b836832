//! Emptying a keyspace.

use std::io;

use fjall::{AbstractTree, Keyspace};

use crate::store::wait_until;

/// No entry has so short a key; see [`empty`].
const NO_KEY: &[u8] = &[0];

/// Removes all entries, which nobody may read or write any more.
///
/// The store's own way is noted in its journal, and done again when the journal is read after a
/// crash: to whatever has been written since. Dropping tables is not, and what the journal still
/// brings back is dropped when the index is opened.
pub(in crate::store) fn empty(keyspace: &Keyspace) -> fjall::Result<()> {
    if keyspace.is_empty()? {
        return Ok(());
    }
    write_memtable(keyspace)?;
    keyspace.tree.drop_range::<&[u8], _>(..)?;
    // A journal is kept until a keyspace has tables younger than its entries there.
    keyspace.remove(NO_KEY)?;
    write_memtable(keyspace)
}

fn write_memtable(keyspace: &Keyspace) -> fjall::Result<()> {
    keyspace.rotate_memtable()?;
    if wait_until(|| keyspace.sealed_memtable_count() == 0) {
        return Ok(());
    }
    let why = "entries that are to be removed were not written to disk first";
    Err(io::Error::new(io::ErrorKind::TimedOut, why).into())
}
