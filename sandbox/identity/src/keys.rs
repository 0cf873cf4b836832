//! The provider's keys.

use std::sync::OnceLock;

use rsa::RsaPrivateKey;
use rsa::rand_core::OsRng;

/// Keys that the provider shows one after the other, and one that it never shows.
const KEYS: usize = 3;

/// The key that is never shown.
pub(crate) const HIDDEN: usize = 2;

/// One of the keys; they are made once in a process, for it takes long.
pub(crate) fn signing_key(n: usize) -> Result<&'static RsaPrivateKey, rsa::Error> {
    static MADE: OnceLock<Vec<RsaPrivateKey>> = OnceLock::new();
    if MADE.get().is_none() {
        let made: Result<_, _> = (0..KEYS).map(|_| RsaPrivateKey::new(&mut OsRng, 2048)).collect();
        // Another thread may have been faster; its keys are as good.
        let _ = MADE.set(made?);
    }
    MADE.get().and_then(|keys| keys.get(n)).ok_or(rsa::Error::Internal)
}
