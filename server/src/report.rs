//! Reports: SQL files with typed parameters, filtered and ordered by their dimension columns.

use std::collections::BTreeMap;

use anyhow::{Result, bail};
use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use datafusion_scalar::ScalarValue;

use yuanliu_warehouse::scalar as datafusion_scalar;
