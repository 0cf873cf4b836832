//! What nobody can guess, and what is kept of it.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};

use crate::error::AccessError;
use crate::secret::Secret;

/// 256 bits: nobody guesses one, however many are in use.
const SECRET_BYTES: usize = 32;

/// A new secret of 43 letters that may stand in a cookie, a header and an address.
pub(crate) fn new_secret() -> Result<Secret, AccessError> {
    let mut bytes = [0_u8; SECRET_BYTES];
    fill(&mut bytes)?;
    Ok(Secret::new(URL_SAFE_NO_PAD.encode(bytes)))
}

/// Fills `bytes` from the system's source of randomness.
pub(crate) fn fill(bytes: &mut [u8]) -> Result<(), AccessError> {
    getrandom::fill(bytes).map_err(|source| AccessError::Randomness { source })
}

/// What is kept of a secret that is random itself: it needs no salt and no slow hash.
pub(crate) fn sha256_hex(text: &str) -> String {
    hex::encode(Sha256::digest(text.as_bytes()))
}
