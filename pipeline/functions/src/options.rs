//! What the functions are fixed to.

use std::fmt;
use std::sync::{Arc, LazyLock};

use chrono_tz::Tz;
use yuanliu_regions::{Corrections, IpRegions, MapError, RegionMap, RegionTable, Resolver};

/// The rule by which a code's spelling is made comparable; scans own it.
pub type Normalize = Arc<dyn Fn(&str) -> String + Send + Sync>;

/// Something of places that is made when it is first asked: most queries read none.
type Lazy<T> = Arc<LazyLock<T, Box<dyn FnOnce() -> T + Send>>>;

/// Everything that tells a region: codes through time, addresses, points, IP addresses.
#[derive(Clone)]
pub struct Places {
    /// Region codes through time.
    pub regions: Arc<RegionTable>,
    pub(crate) resolver: Lazy<Resolver>,
    pub(crate) map: Lazy<Result<RegionMap, MapError>>,
    pub(crate) ips: Option<Arc<IpRegions>>,
}

impl Places {
    /// Places by the built-in map of counties, without corrections and IP addresses.
    pub fn new(regions: Arc<RegionTable>) -> Self {
        let embedded = Arc::clone(&regions);
        Self {
            resolver: resolver(&regions, None),
            map: Arc::new(LazyLock::new(Box::new(move || RegionMap::embedded(&embedded)))),
            ips: None,
            regions,
        }
    }

    /// With what people corrected, which goes before what the resolver reads.
    #[must_use]
    pub fn with_corrections(mut self, corrections: Corrections) -> Self {
        self.resolver = resolver(&self.regions, Some(corrections));
        self
    }

    /// With another map of counties.
    #[must_use]
    pub fn with_map(mut self, map: RegionMap) -> Self {
        self.map = Arc::new(LazyLock::new(Box::new(move || Ok(map))));
        self
    }

    /// With provinces of IP addresses.
    #[must_use]
    pub fn with_ips(mut self, ips: IpRegions) -> Self {
        self.ips = Some(Arc::new(ips));
        self
    }
}

fn resolver(regions: &Arc<RegionTable>, corrections: Option<Corrections>) -> Lazy<Resolver> {
    let regions = Arc::clone(regions);
    Arc::new(LazyLock::new(Box::new(move || {
        let resolver = Resolver::new(&regions);
        match corrections {
            Some(corrections) => resolver.with_corrections(corrections),
            None => resolver,
        }
    })))
}

/// What the functions are fixed to besides the instant.
#[derive(Clone)]
pub struct FunctionOptions {
    /// The zone in which days, weeks and months begin.
    pub time_zone: Tz,
    /// What tells a region.
    pub places: Places,
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
