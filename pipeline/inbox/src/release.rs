//! Removing segments nobody needs.

use std::sync::PoisonError;

use crate::error::InboxError;
use crate::inbox::Shared;

impl Shared {
    /// Oldest first, each durably before the next: what is left never has a gap.
    pub(crate) fn remove_released(&self) -> Result<(), InboxError> {
        let _removing = self.files.write().unwrap_or_else(PoisonError::into_inner);
        loop {
            let next = self.ledger().removable.first().cloned();
            let Some(name) = next else { return Ok(()) };
            let path = self.options.folder.join(&name);
            match self.disk.remove(&name) {
                Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                    return Err(InboxError::disk("remove", &path)(error));
                }
                _ => {}
            }
            self.disk.sync_folder().map_err(InboxError::disk("sync the folder of", &path))?;
            self.ledger().removable.retain(|other| *other != name);
        }
    }
}
