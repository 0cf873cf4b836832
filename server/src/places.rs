//! What tells regions under a configuration: tables, corrections, the map of counties, IP addresses.

use std::path::Path;
use std::sync::Arc;
use std::time::SystemTime;

use anyhow::{Context, Result};
use yuanliu_functions::Places;
use yuanliu_regions::{Corrections, IpRegions, RegionMap, RegionTable, map};

use crate::config::RegionsConfig;

pub(crate) fn load_regions(config: &RegionsConfig) -> Result<RegionTable> {
    Ok(match &config.folder {
        Some(folder) => RegionTable::load(folder)
            .with_context(|| format!("loading the region tables in {}", folder.display()))?,
        None => RegionTable::embedded()?,
    })
}

pub(crate) fn load_places(config: &RegionsConfig, regions: Arc<RegionTable>) -> Result<Places> {
    let told = |what: &str, path: &Path| format!("loading {what} {}", path.display());
    let mut places = Places::new(Arc::clone(&regions));
    if let Some(path) = &config.corrections {
        let corrections = Corrections::load(path, &regions);
        places = places.with_corrections(
            corrections.with_context(|| told("the corrected addresses in", path))?,
        );
    }
    if let Some(path) = &config.map {
        let map = RegionMap::load(path, &regions, map::BORDER_ERROR_M);
        places = places.with_map(map.with_context(|| told("the map of counties", path))?);
    }
    if let Some(path) = &config.ip {
        let ips = IpRegions::load(path, &regions);
        places = places.with_ips(ips.with_context(|| told("the IP addresses in", path))?);
    }
    Ok(places)
}

/// The size and time of each file that tells regions, so that a replaced one is noticed.
pub(crate) fn place_stamps(config: &RegionsConfig) -> Vec<(u64, Option<SystemTime>)> {
    let tables = ["regions.csv", "regions_history.csv", "towns.csv"];
    let tables = config.folder.iter().flat_map(|folder| tables.map(|file| folder.join(file)));
    let files = [&config.corrections, &config.map, &config.ip];
    tables
        .chain(files.into_iter().flatten().cloned())
        .filter_map(|file| std::fs::metadata(file).ok())
        .map(|meta| (meta.len(), meta.modified().ok()))
        .collect()
}
