//! Functions of time.

use std::sync::Arc;

use arrow::array::{ArrayRef, AsArray, Date32Array, TimestampMicrosecondArray};
use arrow::datatypes::{DataType, Date32Type, TimeUnit, TimestampMicrosecondType};
use chrono::{DateTime, Duration, NaiveDate, NaiveTime, Offset, TimeZone, Utc};
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
            let mut offsets = Offsets::new(zone);
            let days: Date32Array =
                instants.iter().map(|at| at.and_then(|at| offsets.day(at))).collect();
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

const DAY_US: i64 = 24 * 60 * 60 * 1_000_000;
/// More than a year, so that rows in any order find what earlier ones asked for.
const DAYS_KEPT: usize = 512;

/// The offsets of days that were asked for: looking one up in the zone takes longer than all else.
struct Offsets {
    zone: Tz,
    days: Vec<Option<DayOffset>>,
}

#[derive(Clone, Copy)]
struct DayOffset {
    utc_day: i64,
    /// None: it changes on that day. No zone changes it and back within one.
    us: Option<i64>,
}

impl Offsets {
    fn new(zone: Tz) -> Self {
        Self { zone, days: vec![None; DAYS_KEPT] }
    }

    /// The local day of an instant, since 1970.
    fn day(&mut self, at_us: i64) -> Option<i32> {
        let utc_day = at_us.div_euclid(DAY_US);
        let place = utc_day.rem_euclid(DAYS_KEPT as i64) as usize;
        let kept = self.days.get(place).copied().flatten().filter(|kept| kept.utc_day == utc_day);
        let kept = match kept {
            Some(kept) => kept,
            None => self.keep(utc_day, place),
        };
        let offset_us = match kept.us {
            Some(offset_us) => offset_us,
            None => offset_us(at_us, self.zone)?,
        };
        i32::try_from((at_us + offset_us).div_euclid(DAY_US)).ok()
    }

    fn keep(&mut self, utc_day: i64, place: usize) -> DayOffset {
        let at = |day: i64| offset_us(day.checked_mul(DAY_US)?, self.zone);
        let us = at(utc_day).filter(|first| at(utc_day + 1) == Some(*first));
        let kept = DayOffset { utc_day, us };
        if let Some(slot) = self.days.get_mut(place) {
            *slot = Some(kept);
        }
        kept
    }
}

fn offset_us(at_us: i64, zone: Tz) -> Option<i64> {
    let at = DateTime::<Utc>::from_timestamp_micros(at_us)?;
    let offset = zone.offset_from_utc_datetime(&at.naive_utc()).fix();
    Some(i64::from(offset.local_minus_utc()) * 1_000_000)
}

/// The longest that a zone left out is a day.
const SKIPPED_MINUTES_MAX: i64 = 24 * 60;

/// The first instant of a day in `zone`, or after a day that it left out.
fn midnight(day: i32, zone: Tz) -> Option<i64> {
    let date = NaiveDate::default().checked_add_signed(Duration::days(i64::from(day)))?;
    let start = date.and_time(NaiveTime::MIN);
    // Where summer time begins at midnight the day starts later, and where a day was left out, with the
    // next one.
    let found = (0..=SKIPPED_MINUTES_MAX).find_map(|minutes| {
        zone.from_local_datetime(&(start + Duration::minutes(minutes))).earliest()
    })?;
    Some(found.timestamp_micros())
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, Datelike, NaiveDate, Utc};
    use chrono_tz::{America, Asia, Australia, Pacific, Tz};

    use super::{DAY_US, Offsets, midnight};

    /// Zones that changed their offset: by an hour, at midnight, by half an hour, by a day.
    const ZONES: [Tz; 5] = [
        Asia::Shanghai,
        America::New_York,
        America::Sao_Paulo,
        Australia::Lord_Howe,
        Pacific::Apia,
    ];

    fn plainly(at_us: i64, zone: Tz) -> i32 {
        let at = DateTime::<Utc>::from_timestamp_micros(at_us).unwrap().with_timezone(&zone);
        at.date_naive().num_days_from_ce() - NaiveDate::default().num_days_from_ce()
    }

    #[test]
    fn a_day_is_the_calendars_at_every_quarter_of_an_hour() {
        let quarter_us = 15 * 60 * 1_000_000;
        for zone in ZONES {
            let mut offsets = Offsets::new(zone);
            // 1985 to 2023, a prime number of quarters apart; every time a second before and after it too.
            for step in 0..120_000 {
                let at_us = 16 * 365 * DAY_US + step * 11 * quarter_us;
                for near in [at_us - 1_000_000, at_us, at_us + 1_000_000] {
                    assert_eq!(offsets.day(near), Some(plainly(near, zone)), "{zone} {near}");
                }
            }
        }
    }

    #[test]
    fn a_day_begins_with_its_first_instant_or_with_the_next_days() {
        for zone in ZONES {
            // 1985 to 2023.
            for day in 5_479..19_358 {
                let start = midnight(day, zone).unwrap();
                assert!(plainly(start, zone) >= day, "{zone} {day}");
                assert!(plainly(start - 1, zone) < day, "{zone} {day}");
            }
        }
        let left_out = NaiveDate::from_ymd_opt(2011, 12, 30).unwrap();
        let left_out = (left_out - NaiveDate::default()).num_days() as i32;
        assert_eq!(midnight(left_out, Pacific::Apia), midnight(left_out + 1, Pacific::Apia));
    }

    #[test]
    fn a_time_that_no_calendar_has_has_no_day() {
        let mut offsets = Offsets::new(Asia::Shanghai);
        for at_us in [i64::MIN, i64::MAX] {
            assert_eq!(offsets.day(at_us), None);
        }
        assert_eq!(offsets.day(-1), Some(0));
        assert_eq!(offsets.day(-8 * 3_600 * 1_000_000 - 1), Some(-1));
    }
}
