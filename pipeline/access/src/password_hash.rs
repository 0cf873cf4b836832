//! Passwords are kept as argon2id hashes.

use std::sync::Arc;

use argon2::password_hash::SaltString;
use argon2::{
    Algorithm, Argon2, Params, PasswordHash, PasswordHasher as _, PasswordVerifier, Version,
};
use tokio::sync::Semaphore;
use unicode_normalization::UnicodeNormalization;

use crate::error::AccessError;
use crate::random;
use crate::secret::Secret;

/// Memory, rounds and lanes of the OWASP Password Storage Cheat Sheet for argon2id.
pub const ARGON2_MEMORY_KIB: u32 = 19 * 1024;
/// See [`ARGON2_MEMORY_KIB`].
pub const ARGON2_ROUNDS: u32 = 2;
/// See [`ARGON2_MEMORY_KIB`].
pub const ARGON2_LANES: u32 = 1;

/// As RFC 9106 recommends.
const SALT_BYTES: usize = 16;

/// Hashes made at once: each takes a core and 19 MiB.
const HASHES_AT_ONCE: usize = 4;

/// Makes and compares hashes, off the threads that serve.
#[derive(Debug, Clone)]
pub struct PasswordHasher {
    params: Params,
    /// What a password is compared with where there is none, so that it takes as long.
    nobody: Secret,
    permits: Arc<Semaphore>,
}

/// What came of comparing a password with a hash.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Compared {
    /// It is the password.
    pub is_right: bool,
    /// The hash was made with other parameters than today's.
    pub is_outdated: bool,
}

impl PasswordHasher {
    /// The hasher with the parameters above.
    pub fn new() -> Result<Self, AccessError> {
        Self::with_cost(ARGON2_MEMORY_KIB, ARGON2_ROUNDS)
    }

    /// A hasher of another cost, for hubs on other machines and for tests.
    pub fn with_cost(memory_kib: u32, rounds: u32) -> Result<Self, AccessError> {
        let params =
            Params::new(memory_kib, rounds, ARGON2_LANES, None).map_err(|error| hashing(&error))?;
        let nobody = hash(&params, &random::new_secret()?)?;
        Ok(Self { params, nobody, permits: Arc::new(Semaphore::new(HASHES_AT_ONCE)) })
    }

    /// The hash of a password, in PHC form.
    pub async fn hash(&self, password: Secret) -> Result<Secret, AccessError> {
        let params = self.params.clone();
        self.off_thread(move || hash(&params, &password)).await
    }

    /// Compares a password with a hash; without one it takes as long and is wrong.
    pub async fn compare(
        &self,
        password: Secret,
        with: Option<Secret>,
    ) -> Result<Compared, AccessError> {
        let (params, is_somebody) = (self.params.clone(), with.is_some());
        let against = with.unwrap_or_else(|| self.nobody.clone());
        let compared = self.off_thread(move || compare(&params, &password, &against)).await?;
        Ok(Compared { is_right: compared.is_right && is_somebody, ..compared })
    }

    async fn off_thread<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T, AccessError> + Send + 'static,
    ) -> Result<T, AccessError> {
        let _permit = self.permits.acquire().await.map_err(|error| hashing(&error))?;
        tokio::task::spawn_blocking(work).await.map_err(|error| hashing(&error))?
    }
}

fn hash(params: &Params, password: &Secret) -> Result<Secret, AccessError> {
    let mut bytes = [0_u8; SALT_BYTES];
    random::fill(&mut bytes)?;
    let salt = SaltString::encode_b64(&bytes).map_err(|error| hashing(&error))?;
    let hashed = argon2(params)
        .hash_password(one_spelling(password).expose().as_bytes(), &salt)
        .map_err(|error| hashing(&error))?;
    Ok(Secret::new(hashed.to_string()))
}

fn compare(params: &Params, password: &Secret, with: &Secret) -> Result<Compared, AccessError> {
    let parsed = PasswordHash::new(with.expose()).map_err(|error| hashing(&error))?;
    // The hash names its own parameters, and these are used.
    let verified =
        argon2(params).verify_password(one_spelling(password).expose().as_bytes(), &parsed);
    let is_right = match verified {
        Ok(()) => true,
        Err(argon2::password_hash::Error::Password) => false,
        Err(error) => return Err(hashing(&error)),
    };
    let is_today = parsed.algorithm == Algorithm::Argon2id.ident()
        && Params::try_from(&parsed).is_ok_and(|used| {
            used.m_cost() == params.m_cost()
                && used.t_cost() == params.t_cost()
                && used.p_cost() == params.p_cost()
        });
    Ok(Compared { is_right, is_outdated: !is_today })
}

fn argon2(params: &Params) -> Argon2<'static> {
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params.clone())
}

/// An input method may give full-width letters for what was once typed in half-width ones.
pub(crate) fn one_spelling(password: &Secret) -> Secret {
    Secret::new(password.expose().nfkc().collect::<String>())
}

fn hashing(error: &dyn std::fmt::Display) -> AccessError {
    AccessError::Hashing { reason: error.to_string() }
}
