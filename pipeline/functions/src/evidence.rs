//! Functions of what scans say about their place besides a name: points and IP addresses.

use std::net::IpAddr;
use std::sync::Arc;

use arrow::array::{ArrayRef, AsArray, StringArray};
use arrow::datatypes::{DataType, Float64Type};
use datafusion::error::DataFusionError;
use datafusion::logical_expr::ScalarUDF;

use crate::options::FunctionOptions;
use crate::points::{Point, wgs84};
use crate::scalar::{as_text, map_text, scalar};

const NUMBER: DataType = DataType::Float64;
const TEXT: DataType = DataType::Utf8;

pub(crate) fn functions(options: &FunctionOptions) -> Vec<ScalarUDF> {
    let (map, ips) = (Arc::clone(&options.places.map), options.places.ips.clone());
    vec![
        // Longitude, latitude, datum, accuracy in metres.
        scalar("region_of_point", vec![NUMBER, NUMBER, TEXT, NUMBER], TEXT, move |arguments| {
            let map = map.as_ref().as_ref().map_err(|error| {
                DataFusionError::Execution(format!("the map of counties: {error}"))
            })?;
            let longitudes = arguments[0].as_primitive::<Float64Type>();
            let latitudes = arguments[1].as_primitive::<Float64Type>();
            let datums = as_text(&arguments[2])?;
            let accuracies = arguments[3].as_primitive::<Float64Type>();
            let found: StringArray = longitudes
                .iter()
                .zip(latitudes)
                .zip(datums.iter().zip(accuracies))
                .map(|((longitude, latitude), (datum, accuracy_m))| {
                    let given = Point { longitude: longitude?, latitude: latitude? };
                    let point = wgs84(given, datum)?;
                    let located = map.locate(point.longitude, point.latitude, accuracy_m?)?;
                    Some(located.code)
                })
                .collect();
            Ok(Arc::new(found) as ArrayRef)
        }),
        scalar("region_of_ip", vec![TEXT], TEXT, move |arguments| {
            let addresses = as_text(&arguments[0])?;
            let province = |address: &str| {
                let address: IpAddr = address.trim().parse().ok()?;
                ips.as_deref()?.province(address).map(|found| found.code)
            };
            Ok(Arc::new(map_text(&addresses, province)))
        }),
    ]
}
