//! Region codes through time and the address resolver.
//!
//! [`RegionTable`] knows every province, city and county code since 1981: its name, level, parent
//! and validity, what it became ([`RegionTable::today`]), which codes stood for it at a date
//! ([`RegionTable::codes_at`]) and whether one code contains another
//! ([`RegionTable::covers`]). [`Resolver`] reads an address and answers a code of today, with its
//! level, a confidence and the bytes that gave each level.
//!
//! The data is embedded and replaceable from a folder at run time, because codes change every
//! year. [`RegionMap`] answers a point in WGS-84, [`IpRegions`]
//! an IP address, [`Corrections`] what people corrected. This crate does no network. Invariants: a
//! resolved code is always one of today; a tie gives up one level, because a wrong county raises a
//! false diversion alarm and a blank one does not.
//!
//! ```
//! use yuanliu_regions::{Level, RegionTable, Resolver};
//!
//! let table = RegionTable::embedded()?;
//! let resolver = Resolver::new(&table);
//! let found = resolver.resolve("北京市崇文区法华寺街92号").map(|r| r.code);
//! assert_eq!(found, Some("110101"));
//! assert_eq!(table.at_level("110101", Level::City), Some("110000"));
//! # Ok::<(), yuanliu_regions::TableError>(())
//! ```

pub mod corrections;
pub mod error;
pub mod ip;
pub mod level;
pub mod map;
pub mod resolve;
pub mod table;

pub use corrections::{Correction, CorrectionKind, Corrections};
pub use error::{IpError, MapError, TableError};
pub use ip::{IpRegion, IpRegions};
pub use level::Level;
pub use map::{Located, RegionMap};
pub use resolve::{Evidence, EvidenceKind, Resolution, Resolver};
pub use table::{Region, RegionTable};
