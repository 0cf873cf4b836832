//! A point to a region code.
//!
//! County polygons in WGS-84 over a grid of cells. A point is in doubt where a border is nearer than
//! its accuracy and the accuracy of the map together; then the answer goes up to what both sides
//! share, because a doubt must never accuse.

mod center;
mod code;
mod format;
mod geojson;
mod shape;

use std::path::Path;

use crate::error::MapError;
use crate::level::Level;
use crate::table::RegionTable;

pub use format::encode;
pub use geojson::shapes;
pub use shape::{Ring, Shape};

/// How far the borders of the embedded map may lie from the true ones, in metres: the median by which
/// points between it and a map of six times as many corners change sides.
pub const BORDER_ERROR_M: f64 = 200.0;

/// A point less accurate than this says nothing about a county.
const ACCURACY_MAX_M: f64 = 50_000.0;

/// Side of a grid cell in degrees.
const CELL: f64 = 0.25;

/// The cells cover this much, west, south, east, north: China with all its islands.
const EXTENT: [f64; 4] = [73.0, 3.0, 136.0, 54.0];

/// Metres of a degree of latitude.
pub(crate) const DEGREE_M: f64 = 111_195.08;

/// Where a point lies.
#[derive(Debug, Clone, PartialEq)]
pub struct Located<'a> {
    /// A code of today.
    pub code: &'a str,
    /// The level of `code`.
    pub level: Level,
    /// 0 to 100: how sure, for ranking and review; not a probability.
    pub confidence: u8,
    /// Metres to the nearest border of the county the point is in; none when it is in no polygon.
    pub border_m: Option<f64>,
    /// The regions that come into question, nearest first; one where there is no doubt.
    pub candidates: Vec<&'a str>,
}

/// Polygons of counties, ready to be asked.
#[derive(Debug)]
pub struct RegionMap {
    shapes: Vec<Shape>,
    /// What each shape is today.
    codes: Vec<code::Line>,
    /// Shapes whose box touches a cell: those of cell `i` are `members[first[i]..first[i + 1]]`.
    first: Vec<u32>,
    members: Vec<u32>,
    border_error_m: f64,
}

impl RegionMap {
    /// The map this crate was built with.
    pub fn embedded(table: &RegionTable) -> Result<Self, MapError> {
        let bytes = include_bytes!("../../data/counties.map");
        Ok(Self::new(format::decode("counties.map", bytes)?, table, BORDER_ERROR_M))
    }

    /// Loads a map of an operator: `.map` as written by [`encode`], else GeoJSON in WGS-84.
    ///
    /// `border_error_m` is how far its borders may lie from the true ones.
    pub fn load(path: &Path, table: &RegionTable, border_error_m: f64) -> Result<Self, MapError> {
        let bytes = std::fs::read(path)
            .map_err(|source| MapError::Read { path: path.to_owned(), source })?;
        let name = path.display().to_string();
        let shapes = if path.extension().is_some_and(|extension| extension == "map") {
            format::decode(&name, &bytes)?
        } else {
            geojson::shapes(&name, &bytes)?
        };
        Ok(Self::new(shapes, table, border_error_m))
    }

    /// Indexes polygons; those of no region in the table, nor inside one, are left out.
    pub fn new(shapes: Vec<Shape>, table: &RegionTable, border_error_m: f64) -> Self {
        let known = shapes.into_iter().filter_map(|shape| {
            let line = code::Line::find(table, shape.code)?;
            Some((shape, line))
        });
        let (shapes, codes): (Vec<_>, Vec<_>) = known.unzip();
        let mut cells: Vec<Vec<u32>> = vec![Vec::new(); columns() * rows()];
        for (index, shape) in shapes.iter().enumerate() {
            for cell in cells_of(shape.bounds()) {
                cells[cell].push(index as u32);
            }
        }
        let mut first = vec![0];
        first.extend(cells.iter().scan(0, |end, members| {
            *end += members.len() as u32;
            Some(*end)
        }));
        Self { shapes, codes, first, members: cells.concat(), border_error_m }
    }

    /// Polygons that can be answered with.
    pub fn len(&self) -> usize {
        self.shapes.len()
    }

    /// True for a map without a known region.
    pub fn is_empty(&self) -> bool {
        self.shapes.is_empty()
    }

    /// Locates a point in WGS-84, given in degrees, that may be off by `accuracy_m`.
    ///
    /// None outside of China, for a point that is none, and for one too inaccurate to tell anything.
    pub fn locate(&self, longitude: f64, latitude: f64, accuracy_m: f64) -> Option<Located<'_>> {
        // A comparison with NaN is false.
        let is_usable = latitude.abs() <= 90.0 && longitude.abs() <= 180.0;
        if !is_usable || !(0.0..=ACCURACY_MAX_M).contains(&accuracy_m) {
            return None;
        }
        let reach = accuracy_m + self.border_error_m;
        let mut inside: Option<(usize, f64)> = None;
        let mut near: Vec<(f64, usize)> = Vec::new();
        for index in self.around(longitude, latitude, reach) {
            let (contains, border_m) = self.shapes[index].meet(longitude, latitude);
            if contains && inside.is_none_or(|(_, known)| known < border_m) {
                inside = Some((index, border_m));
            }
            if contains || border_m <= reach {
                near.push((if contains { -border_m } else { border_m }, index));
            }
        }
        near.sort_by(|one, other| one.0.total_cmp(&other.0));
        let lines: Vec<&code::Line> = near.iter().map(|(_, index)| &self.codes[*index]).collect();
        let (code, level) = code::shared(&lines)?;
        let mut candidates: Vec<&str> = Vec::new();
        for line in &lines {
            if !candidates.contains(&line.code()) {
                candidates.push(line.code());
            }
        }
        let confidence = match (inside, candidates.len()) {
            (Some(_), 1) => 95,
            (Some(_), _) => 90,
            (None, _) => 70,
        };
        let border_m = inside.map(|(_, border_m)| border_m);
        Some(Located { code, level, confidence, border_m, candidates })
    }

    /// Shapes whose box is within reach of the point.
    fn around(&self, x: f64, y: f64, reach: f64) -> impl Iterator<Item = usize> + '_ {
        let north = reach / DEGREE_M;
        let east = north / y.to_radians().cos().max(0.01);
        let window = [x - east, y - north, x + east, y + north];
        let mut found: Vec<u32> = cells_of(window)
            .flat_map(|cell| {
                let range = self.first[cell] as usize..self.first[cell + 1] as usize;
                self.members[range].iter().copied()
            })
            .collect();
        found.sort_unstable();
        found.dedup();
        found.into_iter().map(|index| index as usize).filter(move |index| {
            let [west, south, east, north] = self.shapes[*index].bounds();
            west <= window[2] && east >= window[0] && south <= window[3] && north >= window[1]
        })
    }
}

fn columns() -> usize {
    ((EXTENT[2] - EXTENT[0]) / CELL) as usize
}

fn rows() -> usize {
    ((EXTENT[3] - EXTENT[1]) / CELL) as usize
}

/// Cells that a box touches; one beyond the extent touches none.
fn cells_of([west, south, east, north]: [f64; 4]) -> impl Iterator<Item = usize> {
    let is_outside = east < EXTENT[0] || west > EXTENT[2] || north < EXTENT[1] || south > EXTENT[3];
    let column = |x: f64| (((x - EXTENT[0]) / CELL).max(0.0) as usize).min(columns() - 1);
    let row = |y: f64| (((y - EXTENT[1]) / CELL).max(0.0) as usize).min(rows() - 1);
    let (from, to) = (column(west), column(east));
    let lines = if is_outside { 1..1 } else { row(south)..row(north) + 1 };
    lines.flat_map(move |line| (from..=to).map(move |column| line * columns() + column))
}
