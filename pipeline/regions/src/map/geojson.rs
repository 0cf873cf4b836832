//! Reads polygons out of GeoJSON.

use serde::Deserialize;
use serde_json::value::RawValue;
use serde_json::{Map, Value};

use super::shape::{Ring, Shape, UNIT};
use crate::error::MapError;

/// Where the code of a feature stands, in the order it is looked for.
const CODE_PROPERTIES: &[&str] = &["region_code", "adcode", "code", "gb", "id"];

/// What the national numbers put before a code.
const COUNTRY: &str = "156";

#[derive(Deserialize)]
struct Collection {
    features: Vec<Feature>,
}

#[derive(Deserialize)]
struct Feature {
    #[serde(default)]
    properties: Option<Map<String, Value>>,
    geometry: Option<Geometry>,
}

#[derive(Deserialize)]
struct Geometry {
    r#type: String,
    #[serde(default)]
    coordinates: Option<Box<RawValue>>,
}

type Position = Vec<f64>;

impl Geometry {
    /// All rings of a polygon or of several; none of any other kind.
    fn rings(&self) -> Result<Vec<Vec<Position>>, serde_json::Error> {
        let text = self.coordinates.as_deref().map_or("[]", RawValue::get);
        match self.r#type.as_str() {
            "Polygon" => serde_json::from_str(text),
            "MultiPolygon" => serde_json::from_str::<Vec<Vec<Vec<Position>>>>(text)
                .map(|polygons| polygons.concat()),
            _ => Ok(Vec::new()),
        }
    }
}

/// The polygons of a `FeatureCollection` in WGS-84 degrees; lines and features without a code are
/// left out.
///
/// The code is the property `region_code`, `adcode`, `code`, `gb` or `id`: six digits, or nine that
/// begin with 156.
pub fn shapes(file: &str, bytes: &[u8]) -> Result<Vec<Shape>, MapError> {
    let wrong = |problem: String| MapError::GeoJson { file: file.to_owned(), problem };
    let read: Collection =
        serde_json::from_slice(bytes).map_err(|error| wrong(error.to_string()))?;
    let mut found = Vec::new();
    for (index, feature) in read.features.into_iter().enumerate() {
        let code = feature.properties.as_ref().and_then(code);
        let (Some(code), Some(geometry)) = (code, feature.geometry) else { continue };
        let in_feature = |problem: String| wrong(format!("feature {index} ({code}): {problem}"));
        let rings = geometry.rings().map_err(|error| in_feature(error.to_string()))?;
        let rings: Option<Vec<Ring>> = rings.iter().map(|points| ring(points)).collect();
        let rings = rings.ok_or_else(|| in_feature("a point is not two degrees".to_owned()))?;
        found.extend(Shape::new(code, rings));
    }
    if found.is_empty() {
        return Err(wrong(format!("no polygon has a code in {}", CODE_PROPERTIES.join(", "))));
    }
    Ok(found)
}

fn code(properties: &Map<String, Value>) -> Option<u32> {
    CODE_PROPERTIES.iter().find_map(|name| {
        let text = match properties.get(*name)? {
            Value::String(text) => text.clone(),
            Value::Number(number) => number.to_string(),
            _ => return None,
        };
        let digits = if text.len() == 9 { text.strip_prefix(COUNTRY)? } else { &text };
        (digits.len() == 6).then(|| digits.parse().ok()).flatten()
    })
}

/// In units, without repeated points and without the closing one.
fn ring(points: &[Vec<f64>]) -> Option<Ring> {
    let mut ring = Ring::with_capacity(points.len());
    for point in points {
        let [x, y, ..] = point.as_slice() else { return None };
        if !(x.abs() <= 180.0 && y.abs() <= 90.0) {
            return None;
        }
        ring.push([x, y].map(|degrees| (degrees / UNIT).round() as i32));
    }
    ring.dedup();
    if ring.len() > 1 && ring.first() == ring.last() {
        ring.pop();
    }
    Some(ring)
}
