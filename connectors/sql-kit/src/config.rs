//! Configuration fields that all SQL products share.

use std::time::Duration;

use chrono_tz::Tz;
use yuanliu_contract::{ConfigProblem, FieldKind, FieldSpec, Settings};

use crate::catalog::{self, Stream};

/// Rows of one page by default: well below a second on an ordinary table.
const PAGE_ROWS_DEFAULT: &str = "20000";

/// The most rows a page may be configured to.
const PAGE_ROWS_MAX: i64 = 200_000;

/// The fields, after those of the product's own.
pub fn fields() -> Vec<FieldSpec> {
    let preset = |name, kind, default, help| FieldSpec {
        name,
        kind,
        required: false,
        default: Some(default),
        help,
    };
    vec![
        preset(
            "time_zone",
            FieldKind::TimeZone,
            "\"Asia/Shanghai\"",
            "不带时区的时间所在时区。The zone of times that carry no offset",
        ),
        preset(
            "page_rows",
            FieldKind::Integer { min: 1, max: PAGE_ROWS_MAX },
            PAGE_ROWS_DEFAULT,
            "每页最多行数，语句变慢时自动减小。The most rows of a page; made smaller while statements are slow",
        ),
        preset(
            "statement_limit_ms",
            FieldKind::Integer { min: 100, max: 600_000 },
            "30000",
            "单条语句的时限（毫秒），超过即中止。Milliseconds one statement may take before it is stopped",
        ),
        preset(
            "connect_timeout_ms",
            FieldKind::Integer { min: 100, max: 600_000 },
            "10000",
            "连接超时（毫秒）。Milliseconds a connection may take",
        ),
        FieldSpec {
            name: "extra_columns",
            kind: FieldKind::TextListTable,
            required: false,
            default: None,
            help: "按流追加的列，写作“列名 类型”。Further columns by stream, each as name and type: { order_line = [\"cDefine22 text\"] }",
        },
        FieldSpec {
            name: "stream",
            kind: FieldKind::TableList,
            required: false,
            default: None,
            help: "要读取的表或查询，每个一节 [[stream]]。The tables or queries to read, one [[stream]] section each",
        },
    ]
}

/// The shared fields, checked.
#[derive(Debug, Clone)]
pub struct SqlConfig {
    /// The zone of wall-clock columns.
    pub time_zone: Tz,
    /// The most rows of a page.
    pub page_rows: usize,
    /// How long one statement may take.
    pub statement_limit: Duration,
    /// How long a connection may take.
    pub connect_timeout: Duration,
    /// A product's own streams and those of the file.
    pub streams: Vec<Stream>,
}

impl SqlConfig {
    /// Reads the shared fields, with a product's own streams first, or says everything that is wrong.
    pub fn read(settings: &Settings, own: Vec<Stream>) -> Result<Self, Vec<ConfigProblem>> {
        let mut problems = Vec::new();
        let mut streams = own;
        match catalog::from_tables(&settings.tables("stream")) {
            Ok(given) => {
                for stream in given {
                    // A stream of the file stands in for one of the product's own by that name.
                    streams.retain(|own| own.name != stream.name);
                    streams.push(stream);
                }
            }
            Err(found) => problems.extend(found),
        }
        if let Err(found) =
            catalog::extend(&mut streams, &settings.text_list_table("extra_columns"))
        {
            problems.extend(found);
        }
        let time_zone = settings.text("time_zone").and_then(|zone| zone.trim().parse().ok());
        if time_zone.is_none() {
            problems.push(ConfigProblem::new("time_zone", "is not an IANA time zone"));
        }
        let millis = |name| {
            let value = settings.integer(name).and_then(|n| u64::try_from(n).ok());
            Duration::from_millis(value.unwrap_or(10_000))
        };
        let page_rows = settings.integer("page_rows").and_then(|n| usize::try_from(n).ok());
        match time_zone {
            Some(time_zone) if problems.is_empty() => Ok(Self {
                time_zone,
                page_rows: page_rows.unwrap_or(1).max(1),
                statement_limit: millis("statement_limit_ms"),
                connect_timeout: millis("connect_timeout_ms"),
                streams,
            }),
            _ => Err(problems),
        }
    }
}
