//! An IP address to a province, from a database the operator supplies.
//!
//! Addresses of phones often sit at a gateway of the province, so the city of such a database is not
//! used.

mod xdb;

use std::net::IpAddr;
use std::path::Path;

use crate::error::IpError;
use crate::level::Level;
use crate::resolve::names::stem;
use crate::table::RegionTable;

use xdb::Xdb;

/// How sure a province by IP address is: good for counting, not for accusing.
const CONFIDENCE: u8 = 60;

/// What the database calls the country.
const COUNTRY: &str = "中国";

/// The province of an IP address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct IpRegion<'a> {
    /// A province's code of today.
    pub code: &'a str,
    /// 0 to 100: how sure, for ranking and review; not a probability.
    pub confidence: u8,
    /// What the database says of the address.
    pub record: &'a str,
}

/// Provinces by IP address, from an ip2region `.xdb` file.
#[derive(Debug)]
pub struct IpRegions {
    xdb: Xdb,
    /// Names of provinces, full and short, with their codes.
    provinces: Vec<(String, String)>,
}

impl IpRegions {
    /// Reads the whole file; one for IPv4 has 11 MB.
    pub fn load(path: &Path, table: &RegionTable) -> Result<Self, IpError> {
        let bytes = std::fs::read(path)
            .map_err(|source| IpError::Read { path: path.to_owned(), source })?;
        Self::read(&path.display().to_string(), bytes, table)
    }

    /// Takes the bytes of a file; `file` is its name for errors.
    pub fn read(file: &str, bytes: Vec<u8>, table: &RegionTable) -> Result<Self, IpError> {
        let xdb = Xdb::new(bytes)
            .map_err(|problem| IpError::Format { file: file.to_owned(), problem })?;
        let provinces = table
            .rows()
            .filter(|region| region.level == Level::Province && region.valid_to.is_none())
            .flat_map(|region| {
                let names = [region.name, stem(region.name)];
                names.map(|name| (name.to_owned(), region.region_code.to_owned()))
            })
            .collect();
        Ok(Self { xdb, provinces })
    }

    /// The province of an address; none abroad, in private networks, and for an address of the kind
    /// (IPv4 or IPv6) that the file does not hold.
    pub fn province(&self, address: IpAddr) -> Option<IpRegion<'_>> {
        let record = self.xdb.find(address)?;
        let mut fields = record.split('|');
        if fields.next() != Some(COUNTRY) {
            return None;
        }
        // Older files have an area before the province, newer ones do not.
        fields.find_map(|field| {
            let (_, code) = self.provinces.iter().find(|(name, _)| name == field)?;
            Some(IpRegion { code, confidence: CONFIDENCE, record })
        })
    }
}
