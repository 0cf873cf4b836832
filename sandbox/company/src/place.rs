//! Real places, from the embedded address list.

/// A place with its address and the county it lies in.
#[derive(Debug, Clone)]
pub struct Place {
    /// Address as published, without what comes before the county in about half the rows.
    pub address: String,
    /// Province.
    pub province: String,
    /// City; the province's name in a municipality.
    pub city: String,
    /// County.
    pub county: String,
    /// County code.
    pub region_code: String,
    /// Longitude of the county's label point, WGS-84.
    pub longitude: f64,
    /// Latitude of the county's label point, WGS-84.
    pub latitude: f64,
}

/// Level of a region.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Level {
    Province,
    City,
    County,
}

impl Place {
    /// The address with province and city in front.
    #[must_use]
    pub fn full_address(&self) -> String {
        let Self { address, province, city, .. } = self;
        if address.starts_with(province.as_str()) {
            address.clone()
        } else if province == city || address.starts_with(city.as_str()) {
            format!("{province}{address}")
        } else {
            format!("{province}{city}{address}")
        }
    }

    /// Code of the region of that level around this place. A municipality has no city level, a
    /// directly ruled county none either.
    pub(crate) fn region(&self, level: Level) -> String {
        let code = &self.region_code;
        let municipality = matches!(code.get(..2), Some("11" | "12" | "31" | "50"));
        let direct = code.get(2..4) == Some("90");
        match (level, municipality, direct) {
            (Level::Province, ..) | (Level::City, true, _) => {
                format!("{}0000", code.get(..2).unwrap_or(code))
            }
            (Level::City, false, false) => format!("{}00", code.get(..4).unwrap_or(code)),
            (Level::City, false, true) | (Level::County, ..) => code.clone(),
        }
    }

    /// Whether `region` equals or contains this place's county.
    pub(crate) fn within(&self, region: &str) -> bool {
        let digits = region.trim_end_matches("00");
        let prefix = match digits.len() {
            0..=2 => region.get(..2),
            3..=4 => region.get(..4),
            _ => Some(region),
        };
        prefix.is_some_and(|prefix| self.region_code.starts_with(prefix))
    }
}

/// The embedded places, one per county first seen.
pub(crate) fn load() -> Vec<Place> {
    let mut reader = csv::Reader::from_reader(include_str!("../data/addresses.csv").as_bytes());
    let place = |record: csv::StringRecord| {
        let text = |column: usize| record.get(column).map(str::to_owned);
        Some(Place {
            address: text(0)?,
            province: text(1)?,
            city: text(2)?,
            county: text(3)?,
            region_code: text(4)?,
            longitude: record.get(5)?.parse().ok()?,
            latitude: record.get(6)?.parse().ok()?,
        })
    };
    let mut seen = std::collections::BTreeSet::new();
    let places = reader.records().filter_map(Result::ok).filter_map(place);
    places.filter(|place| seen.insert(place.region_code.clone())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_read_whole() {
        let places = load();
        assert!(places.len() > 150, "{}", places.len());
        for place in &places {
            assert_eq!(place.region_code.len(), 6);
            assert!(place.within(&place.region(Level::Province)));
            assert!(place.within(&place.region(Level::City)));
            assert!(place.within(&place.region(Level::County)));
        }
    }
}
