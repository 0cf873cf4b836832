//! One region's polygons: is a point inside, and how far is the border.

use super::DEGREE_M;

/// Degrees of a unit of the stored coordinates: about a metre.
pub(crate) const UNIT: f64 = 1e-5;

/// A closed line; longitude and latitude in units of 0.00001 degrees, the last point not repeated.
pub type Ring = Vec<[i32; 2]>;

/// The outer and inner rings of one region, in any order: a point inside an odd number of them is in
/// the region.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shape {
    /// Six digits, as the map has it.
    pub code: u32,
    rings: Vec<Ring>,
    /// West, south, east, north.
    bounds: [i32; 4],
}

impl Shape {
    /// Takes rings; none where no ring has three points.
    pub fn new(code: u32, rings: Vec<Ring>) -> Option<Self> {
        let rings: Vec<Ring> = rings.into_iter().filter(|ring| ring.len() >= 3).collect();
        let mut points = rings.iter().flatten();
        let [x, y] = *points.next()?;
        let bounds = points.fold([x, y, x, y], |[west, south, east, north], [x, y]| {
            [west.min(*x), south.min(*y), east.max(*x), north.max(*y)]
        });
        Some(Self { code, rings, bounds })
    }

    /// The rings.
    pub fn rings(&self) -> &[Ring] {
        &self.rings
    }

    /// West, south, east, north in degrees.
    pub(crate) fn bounds(&self) -> [f64; 4] {
        self.bounds.map(|side| f64::from(side) * UNIT)
    }

    /// Whether the point is inside, and the metres to the nearest border.
    pub(crate) fn meet(&self, longitude: f64, latitude: f64) -> (bool, f64) {
        let (x, y) = (longitude / UNIT, latitude / UNIT);
        // Over the distances that matter the earth is flat, and a degree of longitude shorter.
        let narrow = latitude.to_radians().cos();
        let (mut inside, mut nearest) = (false, f64::INFINITY);
        for ring in &self.rings {
            let Some(last) = ring.last() else { continue };
            let [mut ax, mut ay] = last.map(f64::from);
            for point in ring {
                let [bx, by] = point.map(f64::from);
                if (ay > y) != (by > y) && x < (bx - ax) * (y - ay) / (by - ay) + ax {
                    inside = !inside;
                }
                nearest = nearest.min(squared_distance(
                    [(ax - x) * narrow, ay - y],
                    [(bx - x) * narrow, by - y],
                ));
                (ax, ay) = (bx, by);
            }
        }
        (inside, nearest.sqrt() * UNIT * DEGREE_M)
    }
}

/// From the origin to the stretch between two points.
fn squared_distance([ax, ay]: [f64; 2], [bx, by]: [f64; 2]) -> f64 {
    let (dx, dy) = (bx - ax, by - ay);
    let length = dx * dx + dy * dy;
    let along = if length > 0.0 { (-(ax * dx + ay * dy) / length).clamp(0.0, 1.0) } else { 0.0 };
    let (x, y) = (ax + along * dx, ay + along * dy);
    x * x + y * y
}
