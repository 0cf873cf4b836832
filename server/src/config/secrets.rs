//! Resolves secret references and paths relative to the configuration folder.

use std::path::{Path, PathBuf};

use yuanliu_contract::config::SecretSource;

/// A secret file larger than this is not a secret.
const SECRET_BYTES_MAX: u64 = 1024 * 1024;

/// The environment and files, as seen from a configuration folder.
pub(super) struct FolderSecrets {
    folder: PathBuf,
}

impl FolderSecrets {
    pub(super) fn new(folder: &Path) -> Self {
        Self { folder: folder.to_owned() }
    }
}

impl SecretSource for FolderSecrets {
    fn resolve(&self, reference: &str) -> Result<String, String> {
        if let Some(name) = reference.strip_prefix("env:") {
            return std::env::var(name).map_err(|_| {
                format!("refers to the environment variable {name}, which is not set")
            });
        }
        let Some(written) = reference.strip_prefix("file:") else {
            return Err("should be env:NAME or file:PATH".to_owned());
        };
        let path = self.path(written);
        let readable = std::fs::metadata(&path).and_then(|meta| {
            if meta.len() > SECRET_BYTES_MAX {
                return Err(std::io::Error::other("it is too large for a secret"));
            }
            std::fs::read_to_string(&path)
        });
        readable
            .map(|text| text.trim().to_owned())
            .map_err(|error| format!("refers to the file {}: {error}", path.display()))
    }

    fn path(&self, written: &str) -> PathBuf {
        self.folder.join(written)
    }
}
