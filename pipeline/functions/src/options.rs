//! What the functions are fixed to.

use std::fmt;
use std::sync::{Arc, LazyLock};

use chrono_tz::Tz;
use yuanliu_regions::{RegionTable, Resolver};

/// The rule by which a code's spelling is made comparable; scans own it.
pub type Normalize = Arc<dyn Fn(&str) -> String + Send + Sync>;

/// A resolver that is made when it is first asked: most queries read no address.
pub type SharedResolver = Arc<LazyLock<Resolver, Box<dyn FnOnce() -> Resolver + Send>>>;

/// A shared resolver over a region table.
pub fn shared_resolver(regions: &Arc<RegionTable>) -> SharedResolver {
    let regions = Arc::clone(regions);
    Arc::new(LazyLock::new(Box::new(move || Resolver::new(&regions))))
}

/// What the functions are fixed to besides the instant.
#[derive(Clone)]
pub struct FunctionOptions {
    /// The zone in which days, weeks and months begin.
    pub time_zone: Tz,
    /// Region codes through time.
    pub regions: Arc<RegionTable>,
    /// Reads addresses; made when the first address is.
    pub resolver: SharedResolver,
    /// Makes a code comparable.
    pub normalize: Normalize,
}

impl fmt::Debug for FunctionOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FunctionOptions")
            .field("time_zone", &self.time_zone)
            .finish_non_exhaustive()
    }
}
