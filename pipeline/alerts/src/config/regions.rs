//! Managers of regions: the nearest region around a place that has one decides.

use std::collections::BTreeMap;

use crate::config::section::texts;
use crate::config::{Address, FILE, Names, Problem};

/// What a file writes for every region without a manager of its own.
pub(crate) const EVERYWHERE: &str = "*";

/// Which region a region lies in.
pub trait Regions: Send + Sync {
    /// The region around this one; none: the country, or nobody knows it.
    fn parent(&self, region_code: &str) -> Option<String>;
}

/// Parents by the digits of GB/T 2260: town, county, city, province.
///
/// A county that a province rules directly (`429004`) has a city's code that names nothing; its
/// province comes next all the same.
#[derive(Debug, Clone, Copy, Default)]
pub struct ByDigits;

impl Regions for ByDigits {
    fn parent(&self, region_code: &str) -> Option<String> {
        if !region_code.bytes().all(|byte| byte.is_ascii_digit()) || region_code.len() < 6 {
            return None;
        }
        let county = region_code.get(..6)?;
        if region_code.len() > 6 {
            return Some(county.to_owned());
        }
        let (province, city) = (county.get(..2)?, county.get(..4)?);
        if !county.ends_with("00") {
            Some(format!("{city}00"))
        } else if !city.ends_with("00") {
            Some(format!("{province}0000"))
        } else {
            None
        }
    }
}

/// No hierarchy of regions is deeper; a wrong one ends here.
const DEPTH_MAX: usize = 8;

/// The managers of the nearest region that has some, else those of every other region.
pub(crate) fn managers<'m>(
    managers: &'m BTreeMap<String, Vec<Address>>,
    regions: &dyn Regions,
    region_code: Option<&str>,
) -> &'m [Address] {
    let mut code = region_code.map(str::to_owned);
    for _ in 0..DEPTH_MAX {
        let Some(at) = code else { break };
        if let Some(found) = managers.get(&at) {
            return found;
        }
        code = regions.parent(&at);
    }
    managers.get(EVERYWHERE).map_or(&[], Vec::as_slice)
}

pub(super) fn read(
    table: toml::Table,
    names: &Names<'_>,
    problems: &mut Vec<Problem>,
) -> BTreeMap<String, Vec<Address>> {
    let mut managers = BTreeMap::new();
    for (code, value) in table {
        let path = format!("{FILE}: [region_managers] {code}");
        let is_code = code.len() >= 6 && code.bytes().all(|byte| byte.is_ascii_digit());
        if !is_code && code != EVERYWHERE {
            let message = "should be a region code of at least six digits, or \"*\"".to_owned();
            problems.push(Problem { path, message });
            continue;
        }
        let Some(written) = texts(&value).filter(|written| !written.is_empty()) else {
            let message = "should be a list of people or `channel:recipient`".to_owned();
            problems.push(Problem { path, message });
            continue;
        };
        let mut addresses = Vec::new();
        for word in &written {
            match names.addresses(word) {
                Ok(found) => addresses.extend(found),
                Err(message) => problems.push(Problem { path: path.clone(), message }),
            }
        }
        managers.insert(code, addresses);
    }
    managers
}
