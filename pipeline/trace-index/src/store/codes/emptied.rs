//! Emptying a keyspace.

use std::io;
use std::thread::sleep;
use std::time::{Duration, Instant};

use fjall::{AbstractTree, Keyspace};

/// No entry has so short a key; see [`empty`].
const NO_KEY: &[u8] = &[0];
const WRITTEN_MAX: Duration = Duration::from_secs(60);
const WRITTEN_STEP: Duration = Duration::from_millis(2);

/// Removes all entries, which nobody may read or write any more.
///
/// The store's own way is noted in its journal, and done again when the journal is read after a
/// crash: to whatever has been written since. Dropping tables is not, and what the journal still
/// brings back is dropped when the index is opened.
pub(super) fn empty(keyspace: &Keyspace) -> fjall::Result<()> {
    if keyspace.is_empty()? {
        return Ok(());
    }
    write_memtable(keyspace)?;
    keyspace.tree.drop_range::<&[u8], _>(..)?;
    // A journal is kept until a keyspace has tables younger than its entries there.
    keyspace.remove(NO_KEY)?;
    write_memtable(keyspace)
}

/// The store's own way waits without end if it cannot write any more.
fn write_memtable(keyspace: &Keyspace) -> fjall::Result<()> {
    let started = Instant::now();
    keyspace.rotate_memtable()?;
    while keyspace.sealed_memtable_count() > 0 {
        if started.elapsed() > WRITTEN_MAX {
            let why = "entries that are to be removed were not written to disk first";
            return Err(io::Error::new(io::ErrorKind::TimedOut, why).into());
        }
        sleep(WRITTEN_STEP);
    }
    Ok(())
}
