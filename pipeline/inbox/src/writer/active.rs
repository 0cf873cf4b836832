//! The segment that is being written.

use std::io;
use std::path::PathBuf;
use std::sync::Arc;

use crate::disk::DiskFile;
use crate::error::InboxError;
use crate::frame::{Frame, put_frame};
use crate::inbox::Shared;
use crate::schema::Decoder;
use crate::segment::{Segment, SegmentHeader, name_of};

/// An open segment; everything before `durable` is.
#[derive(Debug)]
pub(crate) struct Active {
    file: Box<dyn DiskFile>,
    path: PathBuf,
    /// Where the next frame goes.
    pub(crate) end: u64,
    durable: u64,
    is_marked: bool,
    is_empty: bool,
}

impl Active {
    /// Goes on with the last segment that was there on opening.
    pub(crate) fn resume(shared: &Shared) -> Result<Option<Self>, InboxError> {
        let (name, end, is_empty) = {
            let ledger = shared.ledger();
            match ledger.segments.back().filter(|last| last.decoder.is_current()) {
                Some(last) => (last.name(), last.length, last.spots.is_empty()),
                None => return Ok(None),
            }
        };
        let path = shared.options.folder.join(&name);
        let file = shared.disk.open(&name).map_err(InboxError::disk("open", &path))?;
        Ok(Some(Self { file, path, end, durable: end, is_marked: false, is_empty }))
    }

    /// Makes the next segment, durably, and notes it in the ledger.
    pub(crate) fn create(shared: &Shared) -> Result<Self, InboxError> {
        let header = {
            let ledger = shared.ledger();
            SegmentHeader {
                number: ledger.next_number,
                first_sequence: ledger.last_sequence.saturating_add(1),
                previous_length: ledger.segments.back().map_or(0, |last| last.length),
                schema: shared.options.schema.as_ref().clone(),
            }
        };
        let name = name_of(header.number);
        let path = shared.options.folder.join(&name);
        let bytes = header.to_bytes();
        let file = create_durably(shared, &name, &bytes).map_err(|error| {
            // Left there it would be removed as one that a crash kept from being made.
            let _ = shared.disk.remove(&name);
            InboxError::disk("make", &path)(error)
        })?;
        let end = bytes.len() as u64;
        let mut ledger = shared.ledger();
        ledger.next_number = header.number.saturating_add(1);
        ledger.segments.push_back(Segment {
            number: header.number,
            first_sequence: header.first_sequence,
            length: end,
            spots: Vec::new(),
            decoder: Arc::new(Decoder::same(&shared.options.schema)),
        });
        // The segment before may have been kept only because it was the last.
        let released = ledger.released;
        ledger.release(released);
        drop(ledger);
        Ok(Self { file, path, end, durable: end, is_marked: true, is_empty: true })
    }

    /// A segment takes at least one group, however large.
    pub(crate) fn has_room(&self, bytes: u64, limit: u64) -> bool {
        self.is_empty || self.end.saturating_add(bytes) <= limit
    }

    pub(crate) fn write(&mut self, bytes: &[u8]) -> Result<(), InboxError> {
        self.file.write_at(self.end, bytes).map_err(InboxError::disk("write", &self.path))?;
        self.end += bytes.len() as u64;
        Ok(())
    }

    pub(crate) fn sync(&mut self) -> Result<(), InboxError> {
        self.file.sync().map_err(InboxError::disk("sync", &self.path))?;
        (self.durable, self.is_marked, self.is_empty) = (self.end, false, false);
        Ok(())
    }

    /// Takes back what is not durable; false if that fails, and the file cannot be trusted.
    pub(crate) fn cut(&mut self) -> bool {
        self.end = self.durable;
        self.is_marked = false;
        self.file.set_length(self.durable).is_ok()
    }

    /// Writes a mark unless there is one; it needs no sync, for it only helps to find damage.
    pub(crate) fn mark(&mut self, next: u64) -> Result<(), InboxError> {
        if self.is_marked {
            return Ok(());
        }
        let mut bytes = Vec::new();
        put_frame(&mut bytes, Frame { sequence: next, rows: 0, position: 0, payload: &[] });
        self.write(&bytes)?;
        self.is_marked = true;
        Ok(())
    }
}

fn create_durably(shared: &Shared, name: &str, header: &[u8]) -> io::Result<Box<dyn DiskFile>> {
    let mut file = match shared.disk.create(name) {
        // An earlier attempt left it.
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
            shared.disk.remove(name)?;
            shared.disk.create(name)?
        }
        made => made?,
    };
    file.write_at(0, header)?;
    file.sync()?;
    shared.disk.sync_folder()?;
    Ok(file)
}
