//! Points on the earth.

use std::f64::consts::PI;
use std::sync::Arc;

use arrow::array::{ArrayRef, AsArray, Float64Array};
use arrow::datatypes::{DataType, Float64Type};
use datafusion::logical_expr::ScalarUDF;

use crate::scalar::{as_text, scalar};

pub(crate) fn functions() -> Vec<ScalarUDF> {
    let number = DataType::Float64;
    let arguments =
        vec![number.clone(), number.clone(), DataType::Utf8, number.clone(), number.clone()];
    vec![scalar("distance_m", arguments, number, |arguments| {
        let longitudes = arguments[0].as_primitive::<Float64Type>();
        let latitudes = arguments[1].as_primitive::<Float64Type>();
        let datums = as_text(&arguments[2])?;
        let to_longitudes = arguments[3].as_primitive::<Float64Type>();
        let to_latitudes = arguments[4].as_primitive::<Float64Type>();
        let distances: Float64Array = longitudes
            .iter()
            .zip(latitudes)
            .zip(datums.iter())
            .zip(to_longitudes.iter().zip(to_latitudes))
            .map(|(((longitude, latitude), datum), (to_longitude, to_latitude))| {
                let from = wgs84(Point { longitude: longitude?, latitude: latitude? }, datum)?;
                let to = Point { longitude: to_longitude?, latitude: to_latitude? };
                Some(distance_m(from, to))
            })
            .collect();
        Ok(Arc::new(distances) as ArrayRef)
    })]
}

/// Degrees.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Point {
    pub(crate) longitude: f64,
    pub(crate) latitude: f64,
}

/// The mean radius of the earth.
const EARTH_M: f64 = 6_371_008.8;

/// Along the great circle.
fn distance_m(from: Point, to: Point) -> f64 {
    let half = |one: f64, other: f64| ((other - one).to_radians() / 2.0).sin().powi(2);
    let along = from.latitude.to_radians().cos() * to.latitude.to_radians().cos();
    let chord = half(from.latitude, to.latitude) + along * half(from.longitude, to.longitude);
    2.0 * EARTH_M * chord.clamp(0.0, 1.0).sqrt().asin()
}

/// The point in WGS-84, which is what a missing datum means; none in a datum nobody knows.
pub(crate) fn wgs84(point: Point, datum: Option<&str>) -> Option<Point> {
    match datum {
        None | Some("wgs84") => Some(point),
        Some("gcj02") => Some(from_gcj02(point)),
        Some("bd09") => Some(from_gcj02(from_bd09(point))),
        Some(_) => None,
    }
}

/// Undoes the shift that Baidu adds to GCJ-02, to within a metre.
fn from_bd09(point: Point) -> Point {
    const TURN: f64 = PI * 3000.0 / 180.0;
    let (x, y) = (point.longitude - 0.0065, point.latitude - 0.006);
    let length = x.hypot(y) - 0.000_02 * (y * TURN).sin();
    let angle = y.atan2(x) - 0.000_003 * (x * TURN).cos();
    Point { longitude: length * angle.cos(), latitude: length * angle.sin() }
}

/// Undoes the shift of GCJ-02 to within a few metres: the shift at the shifted point is nearly that
/// at the true one.
fn from_gcj02(point: Point) -> Point {
    let shift = gcj02_shift(point);
    Point {
        longitude: point.longitude - shift.longitude,
        latitude: point.latitude - shift.latitude,
    }
}

/// What GCJ-02 adds at a point; nothing outside China.
fn gcj02_shift(point: Point) -> Point {
    const AXIS_M: f64 = 6_378_245.0;
    const ECCENTRICITY: f64 = 0.006_693_421_622_965_943;
    let is_inside = (72.004..=137.8347).contains(&point.longitude)
        && (0.8293..=55.8271).contains(&point.latitude);
    if !is_inside {
        return Point { longitude: 0.0, latitude: 0.0 };
    }
    let (x, y) = (point.longitude - 105.0, point.latitude - 35.0);
    let wave = |at: f64| (at * PI).sin();
    let ripple = 20.0 * wave(6.0 * x) + 20.0 * wave(2.0 * x);
    let north = -100.0
        + 2.0 * x
        + 3.0 * y
        + 0.2 * y * y
        + 0.1 * x * y
        + 0.2 * x.abs().sqrt()
        + (ripple
            + 20.0 * wave(y)
            + 40.0 * wave(y / 3.0)
            + 160.0 * wave(y / 12.0)
            + 320.0 * wave(y / 30.0))
            * 2.0
            / 3.0;
    let east = 300.0
        + x
        + 2.0 * y
        + 0.1 * x * x
        + 0.1 * x * y
        + 0.1 * x.abs().sqrt()
        + (ripple
            + 20.0 * wave(x)
            + 40.0 * wave(x / 3.0)
            + 150.0 * wave(x / 12.0)
            + 300.0 * wave(x / 30.0))
            * 2.0
            / 3.0;
    let latitude = point.latitude.to_radians();
    let bend = 1.0 - ECCENTRICITY * latitude.sin().powi(2);
    let meridian_m = AXIS_M * (1.0 - ECCENTRICITY) / (bend * bend.sqrt());
    let parallel_m = AXIS_M / bend.sqrt() * latitude.cos();
    Point {
        longitude: (east / parallel_m).to_degrees(),
        latitude: (north / meridian_m).to_degrees(),
    }
}

#[cfg(test)]
mod tests {
    use super::{Point, distance_m, gcj02_shift, wgs84};

    const TIANANMEN: Point = Point { longitude: 116.391_27, latitude: 39.907_22 };

    fn far(one: Point, other: Point) -> f64 {
        distance_m(one, other)
    }

    #[test]
    fn distances_are_those_of_a_sphere() {
        let at = |longitude, latitude| Point { longitude, latitude };
        let degree = far(at(0.0, 0.0), at(0.0, 1.0));
        assert!((degree - 111_195.08).abs() < 0.1, "{degree}");
        let parallel = far(at(10.0, 60.0), at(11.0, 60.0));
        assert!((parallel - 55_597.0).abs() < 10.0, "{parallel}");
        assert_eq!(far(TIANANMEN, TIANANMEN), 0.0);
        let opposite = far(at(0.0, 0.0), at(180.0, 0.0));
        assert!((opposite - 20_015_114.0).abs() < 10.0, "{opposite}");
    }

    /// Forward as published, back as here.
    #[test]
    fn a_shifted_point_comes_back() {
        for longitude in [75.0, 87.6, 104.07, 116.391_27, 121.5, 135.0] {
            for latitude in [18.2, 23.1, 31.2, 39.907_22, 45.8, 53.4] {
                let true_point = Point { longitude, latitude };
                let shift = gcj02_shift(true_point);
                let gcj02 = Point {
                    longitude: longitude + shift.longitude,
                    latitude: latitude + shift.latitude,
                };
                let moved = far(true_point, gcj02);
                assert!((50.0..1_000.0).contains(&moved), "{true_point:?} moved {moved} m");
                let back = wgs84(gcj02, Some("gcj02")).unwrap_or(gcj02);
                assert!(far(true_point, back) < 5.0, "{true_point:?} came back as {back:?}");
            }
        }
    }

    /// 天安门 in the three datums.
    #[test]
    fn known_points_agree() {
        let gcj02 = Point { longitude: 116.397_512_7, latitude: 39.908_624_2 };
        let bd09 = Point { longitude: 116.403_874_6, latitude: 39.914_978_2 };
        for (point, datum) in [(gcj02, "gcj02"), (bd09, "bd09")] {
            let found = wgs84(point, Some(datum)).unwrap_or(point);
            assert!(far(found, TIANANMEN) < 10.0, "{datum}: {found:?}");
        }
        assert_eq!(wgs84(TIANANMEN, None), Some(TIANANMEN));
        assert_eq!(wgs84(TIANANMEN, Some("nad27")), None);
    }

    #[test]
    fn nothing_is_shifted_abroad() {
        let paris = Point { longitude: 2.35, latitude: 48.85 };
        assert_eq!(wgs84(paris, Some("gcj02")), Some(paris));
    }
}
