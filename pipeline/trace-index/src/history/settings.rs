//! Settings, which nearly every event names, kept in memory.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use crate::event::Texts;

/// About 300 bytes each; when it is full, it starts anew.
const SETTINGS_MAX: usize = 65_536;

/// Settings by their hash; what is under a hash never changes.
#[derive(Debug, Default)]
pub(crate) struct SettingCache(RwLock<HashMap<u64, Arc<Texts>>>);

impl SettingCache {
    pub(super) fn get(&self, hash: u64) -> Option<Arc<Texts>> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).get(&hash).cloned()
    }

    pub(super) fn put(&self, hash: u64, texts: &Arc<Texts>) {
        let mut settings = self.0.write().unwrap_or_else(PoisonError::into_inner);
        if settings.len() >= SETTINGS_MAX {
            settings.clear();
        }
        settings.insert(hash, Arc::clone(texts));
    }
}
