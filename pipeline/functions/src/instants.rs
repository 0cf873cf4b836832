//! Functions of time.

use std::sync::Arc;

use arrow::array::{ArrayRef, AsArray, Date32Array, TimestampMicrosecondArray};
use arrow::datatypes::{DataType, Date32Type, TimeUnit, TimestampMicrosecondType};
use chrono::{DateTime, Duration, NaiveDate, NaiveTime, TimeZone, Utc};
use chrono_tz::Tz;
use datafusion::common::ScalarValue;
use datafusion::logical_expr::{ColumnarValue, ScalarUDF, Volatility, create_udf};

use crate::options::FunctionOptions;
use crate::scalar::scalar;

/// The warehouse's type of an instant.
pub(crate) fn instant_type() -> DataType {
    DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into()))
}

pub(crate) fn functions(options: &FunctionOptions, as_of: DateTime<Utc>) -> Vec<ScalarUDF> {
    let zone = options.time_zone;
    let now = ScalarValue::TimestampMicrosecond(Some(as_of.timestamp_micros()), Some("UTC".into()));
    let as_of = create_udf(
        "as_of",
        vec![],
        instant_type(),
        Volatility::Immutable,
        Arc::new(move |_: &[ColumnarValue]| Ok(ColumnarValue::Scalar(now.clone()))),
    );
    vec![
        as_of,
        scalar("business_date", vec![instant_type()], DataType::Date32, move |arguments| {
            let instants = arguments[0].as_primitive::<TimestampMicrosecondType>();
            let mut cached = DayCache::default();
            let days: Date32Array =
                instants.iter().map(|at| at.and_then(|at| cached.day(at, zone))).collect();
            Ok(Arc::new(days) as ArrayRef)
        }),
        scalar("business_midnight", vec![DataType::Date32], instant_type(), move |arguments| {
            let days = arguments[0].as_primitive::<Date32Type>();
            let starts: TimestampMicrosecondArray =
                days.iter().map(|day| day.and_then(|day| midnight(day, zone))).collect();
            Ok(Arc::new(starts.with_timezone("UTC")) as ArrayRef)
        }),
    ]
}

/// The last hour looked up: rows mostly come in runs of neighbouring times, and no zone changes its
/// offset within an hour that begins on a full quarter.
#[derive(Default)]
struct DayCache {
    quarter: i64,
    day: Option<i32>,
}

const QUARTER_US: i64 = 15 * 60 * 1_000_000;

impl DayCache {
    fn day(&mut self, at_us: i64, zone: Tz) -> Option<i32> {
        let quarter = at_us.div_euclid(QUARTER_US);
        if self.day.is_none() || self.quarter != quarter {
            let at = DateTime::<Utc>::from_timestamp_micros(at_us)?;
            let local = at.with_timezone(&zone).date_naive();
            self.quarter = quarter;
            self.day = i32::try_from((local - NaiveDate::default()).num_days()).ok();
        }
        self.day
    }
}

/// The first instant of a day in `zone`.
fn midnight(day: i32, zone: Tz) -> Option<i64> {
    let date = NaiveDate::default().checked_add_signed(Duration::days(i64::from(day)))?;
    let start = date.and_time(NaiveTime::MIN);
    // Where summer time begins at midnight the day starts an hour later.
    let found = zone
        .from_local_datetime(&start)
        .earliest()
        .or_else(|| zone.from_local_datetime(&(start + Duration::hours(1))).earliest())?;
    Some(found.timestamp_micros())
}
