//! `rules.toml`: every threshold a report is decided by, stamped into it as a rule version.

use std::collections::BTreeMap;

use xxhash_rust::xxh3::xxh3_64;
use yuanliu_contract::{ConfigProblem, ConfigSpec, FieldKind, FieldSpec, Settings};
use yuanliu_law::EventType;

use super::check_sections;
use super::secrets::FolderSecrets;
use super::visitors::{VisitorRegion, visitor_regions};

/// What `rules.toml` says, defaults filled in.
#[derive(Debug, Clone)]
pub(crate) struct RulesConfig {
    /// A hash of everything below, 12 hexadecimal digits.
    pub(crate) version: String,
    /// Regular expressions with one group that is the code.
    pub(crate) patterns: Vec<String>,
    /// Codes that stand for a damaged label.
    pub(crate) placeholders: Vec<String>,
    /// Codes printed for tests.
    pub(crate) test_codes: Vec<String>,
    /// A fix less accurate than this locates nothing.
    pub(crate) gps_accuracy_max_m: i64,
    /// A case needs at least so many off-territory sightings for an alert.
    pub(crate) min_items: i64,
    /// And a lower bound of their share above this.
    pub(crate) rate_limit: f64,
    /// The confidence of that bound.
    pub(crate) confidence: f64,
    /// Channels whose territory is the whole country.
    pub(crate) national_channels: Vec<String>,
    /// Neighbouring regions in which a dealer is not accused.
    pub(crate) buffer_regions: BTreeMap<String, Vec<String>>,
    /// Regions where visitors open what they brought from home.
    pub(crate) visitor_regions: Vec<VisitorRegion>,
    /// Devices of our own people.
    pub(crate) staff_devices: Vec<String>,
    /// What a promoter's claim must stand up to.
    pub(crate) promoter: PromoterRules,
    /// How long goods travel before they count as dealer stock.
    pub(crate) transit_days: i64,
    /// When a check of a code is suspicious, and how often one may ask.
    pub(crate) verify: VerifyRules,
    /// Seconds an event of each type may take to be uploaded.
    pub(crate) upload_sla_s: BTreeMap<EventType, i64>,
}

/// The thresholds of promoter claims.
#[derive(Debug, Clone)]
pub(crate) struct PromoterRules {
    /// A repeat by the same promoter and device within this is the same claim.
    pub(crate) retry_s: i64,
    /// More claims of one promoter than this,
    pub(crate) burst_items: i64,
    /// within this, are held.
    pub(crate) burst_window_s: i64,
    /// How long a claim of goods that were not shipped waits for a shipment to be told.
    pub(crate) hold_h: i64,
    /// A claim made farther from the store than this is none of the store's.
    pub(crate) radius_m: i64,
}

/// How long an upload may take where `sla_s` does not say.
const UPLOAD_SLA_S: i64 = 3600;

/// The thresholds of `verify`.
#[derive(Debug, Clone)]
pub(crate) struct VerifyRules {
    /// A second check by one device within this is the same look at the code.
    pub(crate) session_s: i64,
    /// More checks than this,
    pub(crate) clone_checks: i64,
    /// by more devices than this, are no one item's.
    pub(crate) clone_devices: i64,
    /// Two provinces within this are no one item's either.
    pub(crate) province_leap_s: i64,
    /// Codes an address may ask for in a minute before it has to solve a CAPTCHA, where one is set up.
    pub(crate) captcha_after: i64,
    /// Codes an address may ask for in a minute.
    pub(crate) codes_per_minute: i64,
    /// An answer takes at least this, so that its time says nothing.
    pub(crate) answer_ms: i64,
}

fn specs() -> Vec<(&'static str, ConfigSpec)> {
    let field = |name, kind, default, help| FieldSpec {
        name,
        kind,
        required: false,
        default: Some(default),
        help,
    };
    let list = FieldKind::TextList;
    let whole = |min, max| FieldKind::Integer { min, max };
    let share = FieldKind::Fraction { min: 0.0, max: 1.0 };
    let section = |fields| ConfigSpec { fields };
    vec![
        (
            "codes",
            section(vec![
                field(
                    "patterns",
                    list,
                    "[]",
                    "码的提取规则 regular expressions with one group that is the code",
                ),
                field(
                    "placeholders",
                    list,
                    "[]",
                    "占位码 codes of damaged labels, besides all zeros",
                ),
                field("test_codes", list, "[]", "测试码 codes printed for tests"),
            ]),
        ),
        (
            "sighting",
            section(vec![field(
                "gps_accuracy_max_m",
                whole(1, 100_000),
                "2000",
                "定位精度上限 a less accurate fix locates nothing",
            )]),
        ),
        (
            "diversion",
            section(vec![
                field(
                    "min_items",
                    whole(1, 1_000_000),
                    "3",
                    "最少件数 off-territory sightings for an alert",
                ),
                field("rate_limit", share, "0.05", "比例上限 the share above which to alert"),
                field("confidence", share, "0.95", "置信度 of the lower bound"),
                field("national_channels", list, "[]", "全国渠道 channels without territory"),
                field("buffer_regions", FieldKind::TextListTable, "{}", "缓冲区县 by dealer code"),
                field(
                    "visitor_regions",
                    FieldKind::TextListTable,
                    "{}",
                    "旅游地区 by region code: the days of visitors, FROM/TO; none for the whole year",
                ),
                field("staff_devices", list, "[]", "员工设备 devices of our own people"),
            ]),
        ),
        (
            "promoter",
            section(vec![
                field(
                    "retry_s",
                    whole(0, 86_400),
                    "60",
                    "重试间隔 a repeat within this is the same claim",
                ),
                field(
                    "burst_items",
                    whole(1, 1_000_000),
                    "6",
                    "突发件数 more claims than this are held",
                ),
                field("burst_window_s", whole(1, 86_400), "60", "突发时间窗"),
                field("hold_h", whole(0, 10_000), "72", "等待发货时限 in hours"),
                field("radius_m", whole(0, 100_000), "500", "门店半径 in metres"),
            ]),
        ),
        (
            "recall",
            section(vec![field(
                "transit_days",
                whole(0, 3650),
                "15",
                "在途天数 before goods count as stock",
            )]),
        ),
        (
            "verify",
            section(vec![
                field("session_s", whole(0, 86_400), "600", "同一次查询的时限 in seconds"),
                field("clone_checks", whole(1, 1_000_000), "10", "仿码嫌疑：查询次数上限"),
                field("clone_devices", whole(1, 1_000_000), "5", "仿码嫌疑：设备数上限"),
                field(
                    "province_leap_s",
                    whole(0, 864_000),
                    "3600",
                    "仿码嫌疑：跨省时限 in seconds",
                ),
                field("captcha_after", whole(0, 1_000_000), "20", "每分钟每地址免人机验证的码数"),
                field("codes_per_minute", whole(1, 1_000_000), "60", "每分钟每地址查询码数上限"),
                field("answer_ms", whole(0, 10_000), "20", "应答时间下限 in milliseconds"),
            ]),
        ),
        (
            "quality",
            section(vec![field(
                "sla_s",
                FieldKind::IntegerTable,
                "{}",
                "上传时限 in seconds by event type, 3600 where none is given",
            )]),
        ),
    ]
}

impl RulesConfig {
    pub(super) fn check(
        table: &toml::Table,
        secrets: &FolderSecrets,
        problems: &mut Vec<ConfigProblem>,
    ) -> Option<Self> {
        let sections = check_sections("rules.toml", table, &specs(), secrets, problems)?;
        let [codes, sighting, diversion, promoter, recall, verify, quality] =
            <[Settings; 7]>::try_from(sections).ok()?;
        let upload_sla_s = upload_sla(&quality.integer_table("sla_s"), problems);
        let visitors = visitor_regions(&diversion.text_list_table("visitor_regions"), problems);
        let (upload_sla_s, visitor_regions) = (upload_sla_s?, visitors?);
        Some(Self {
            version: format!("{:012x}", xxh3_64(canonical(table).as_bytes()) & 0xffff_ffff_ffff),
            patterns: codes.text_list("patterns"),
            placeholders: codes.text_list("placeholders"),
            test_codes: codes.text_list("test_codes"),
            gps_accuracy_max_m: sighting.integer("gps_accuracy_max_m")?,
            min_items: diversion.integer("min_items")?,
            rate_limit: diversion.fraction("rate_limit")?,
            confidence: diversion.fraction("confidence")?,
            national_channels: diversion.text_list("national_channels"),
            buffer_regions: diversion.text_list_table("buffer_regions"),
            visitor_regions,
            staff_devices: diversion.text_list("staff_devices"),
            promoter: PromoterRules {
                retry_s: promoter.integer("retry_s")?,
                burst_items: promoter.integer("burst_items")?,
                burst_window_s: promoter.integer("burst_window_s")?,
                hold_h: promoter.integer("hold_h")?,
                radius_m: promoter.integer("radius_m")?,
            },
            transit_days: recall.integer("transit_days")?,
            verify: VerifyRules {
                session_s: verify.integer("session_s")?,
                clone_checks: verify.integer("clone_checks")?,
                clone_devices: verify.integer("clone_devices")?,
                province_leap_s: verify.integer("province_leap_s")?,
                captcha_after: verify.integer("captcha_after")?,
                codes_per_minute: verify.integer("codes_per_minute")?,
                answer_ms: verify.integer("answer_ms")?,
            },
            upload_sla_s,
        })
    }
}

/// The time for every event type; a name that is none is a problem.
fn upload_sla(
    given: &BTreeMap<String, i64>,
    problems: &mut Vec<ConfigProblem>,
) -> Option<BTreeMap<EventType, i64>> {
    let before = problems.len();
    for name in given.keys().filter(|name| EventType::parse(name).is_none()) {
        let known: Vec<_> = EventType::ALL.iter().map(|known| known.as_str()).collect();
        problems.push(ConfigProblem::new(
            format!("rules.toml: [quality] sla_s.{name}"),
            format!("no event type; event types are {}", known.join(", ")),
        ));
    }
    let limit =
        |event_type: EventType| given.get(event_type.as_str()).copied().unwrap_or(UPLOAD_SLA_S);
    let limits = EventType::ALL.into_iter().map(|event_type| (event_type, limit(event_type)));
    (problems.len() == before).then(|| limits.collect())
}

/// The table as text with its keys in order, so that layout and comments do not make a new version.
fn canonical(table: &toml::Table) -> String {
    let ordered: BTreeMap<_, _> = table
        .iter()
        .map(|(key, value)| match value {
            toml::Value::Table(inner) => (key, canonical(inner)),
            other => (key, other.to_string()),
        })
        .collect();
    format!("{ordered:?}")
}
