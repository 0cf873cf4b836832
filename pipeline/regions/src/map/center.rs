//! Where a label or the end of a line is drawn for a region.

use super::RegionMap;

impl RegionMap {
    /// Longitude and latitude in degrees of about the middle of a region: that of the boxes around its counties, each
    /// by its size. None for a region without a county on the map.
    ///
    /// For drawing only; it may lie outside of a region of an odd shape.
    pub fn center(&self, code: &str) -> Option<[f64; 2]> {
        let shared = code.strip_suffix("0000").or_else(|| code.strip_suffix("00")).unwrap_or(code);
        let (mut sum, mut weight) = ([0.0, 0.0], 0.0);
        for (shape, line) in self.shapes.iter().zip(&self.codes) {
            if !line.code().starts_with(shared) {
                continue;
            }
            let [west, south, east, north] = shape.bounds();
            let size = ((east - west) * (north - south)).max(f64::EPSILON);
            sum[0] += size * f64::midpoint(west, east);
            sum[1] += size * f64::midpoint(south, north);
            weight += size;
        }
        (weight > 0.0).then(|| sum.map(|one| one / weight))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::RegionTable;

    #[test]
    fn the_middle_of_a_region_is_in_it_or_near() {
        let table = RegionTable::embedded().unwrap();
        let map = RegionMap::embedded(&table).unwrap();
        for (code, [x, y]) in [
            ("110000", [116.4, 40.2]),
            ("430100", [113.1, 28.2]),
            ("430102", [113.05, 28.2]),
            ("540000", [88.5, 31.5]),
        ] {
            let [longitude, latitude] = map.center(code).unwrap();
            let (wide, high) = if code.ends_with("0000") { (2.0, 1.5) } else { (0.3, 0.2) };
            assert!((longitude - x).abs() < wide, "{code}: {longitude}");
            assert!((latitude - y).abs() < high, "{code}: {latitude}");
        }
        assert_eq!(map.center("999999"), None);
    }
}
