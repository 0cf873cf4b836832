//! Distances, and the shift of Chinese map coordinates.

use std::f64::consts::PI;

/// A point in degrees.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Point {
    /// East.
    pub longitude: f64,
    /// North.
    pub latitude: f64,
}

/// Metres between two points of a sphere.
pub fn distance_m(one: Point, other: Point) -> f64 {
    let unit = |point: Point| {
        let (east, north) = (point.longitude.to_radians(), point.latitude.to_radians());
        [north.cos() * east.cos(), north.cos() * east.sin(), north.sin()]
    };
    let (a, b) = (unit(one), unit(other));
    let chord: f64 = a.iter().zip(b).map(|(a, b)| (a - b).powi(2)).sum::<f64>().sqrt();
    2.0 * 6_371_008.8 * (chord / 2.0).asin()
}

/// What a Chinese map shows for a point of WGS-84.
pub fn to_gcj02(point: Point) -> Point {
    let (x, y) = (point.longitude - 105.0, point.latitude - 35.0);
    let ripple = (20.0 * (6.0 * x * PI).sin() + 20.0 * (2.0 * x * PI).sin()) * 2.0 / 3.0;
    let series = |at: f64, terms: [(f64, f64); 4]| -> f64 {
        terms.iter().map(|(size, part)| size * (at / part * PI).sin()).sum::<f64>() * 2.0 / 3.0
    };
    let north = -100.0
        + 2.0 * x
        + 3.0 * y
        + 0.2 * y * y
        + 0.1 * x * y
        + 0.2 * x.abs().sqrt()
        + ripple
        + series(y, [(20.0, 1.0), (40.0, 3.0), (160.0, 12.0), (320.0, 30.0)]);
    let east = 300.0
        + x
        + 2.0 * y
        + 0.1 * x * x
        + 0.1 * x * y
        + 0.1 * x.abs().sqrt()
        + ripple
        + series(x, [(20.0, 1.0), (40.0, 3.0), (150.0, 12.0), (300.0, 30.0)]);
    let latitude = point.latitude.to_radians();
    let (axis, flat) = (6_378_245.0, 0.006_693_421_622_965_943);
    let squeeze = 1.0 - flat * latitude.sin().powi(2);
    Point {
        longitude: point.longitude + (east / (axis / squeeze.sqrt() * latitude.cos())).to_degrees(),
        latitude: point.latitude + (north / (axis * (1.0 - flat) / squeeze.powf(1.5))).to_degrees(),
    }
}

/// The point of WGS-84 that a Chinese map shows here, found by trying.
pub fn from_gcj02(shown: Point) -> Point {
    let mut guess = shown;
    for _ in 0..10 {
        let there = to_gcj02(guess);
        guess.longitude += shown.longitude - there.longitude;
        guess.latitude += shown.latitude - there.latitude;
    }
    guess
}
