//! Small made-up companies with every trap of the field.

pub mod chain;
pub mod chaos;
pub mod documents;
pub mod masters;
pub mod model;
pub mod scans;
pub mod sights;
pub mod traps;
pub mod write;

pub use model::{Company, Row};

use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;

/// The company of a seed; all its codes begin with the seed's own prefix, so that companies can be joined.
pub fn generate(seed: u64) -> Company {
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    let mut company = Company::default();
    let prefix = format!("S{seed}");
    masters::add(&mut company, &prefix, &mut random);
    documents::add(&mut company, &prefix, &mut random);
    scans::add(&mut company, &prefix, &mut random);
    traps::add(&mut company, &prefix, &mut random);
    company
}
