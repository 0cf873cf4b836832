//! `alerts.toml`: channels, people, managers of regions, quiet hours, rules.
//!
//! Checked whole: every problem is reported at once, unknown keys and placeholders are refused, and
//! whatever lets a message out is a reference to a secret.

mod channels;
mod people;
mod quiet;
mod regions;
mod rules;
mod section;

use std::collections::BTreeMap;
use std::time::Duration;

use chrono_tz::Tz;

use crate::secret::SecretSource;
use section::Section;

pub use channels::{Channel, ChannelKind};
pub use people::{Address, Target};
pub use quiet::QuietHours;
pub use regions::{ByDigits, Regions};
pub use rules::{Rule, Step};

pub(crate) use people::Names;
pub(crate) use quiet::allowed_at;
pub(crate) use regions::managers;
pub(crate) use rules::value_text;

/// The name of the file, in problems.
const FILE: &str = "alerts.toml";

/// One thing wrong with the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Where: `alerts.toml: [[rules]] diversion to`.
    pub path: String,
    /// What is wrong and what would be right.
    pub message: String,
}

/// The language of messages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Language {
    /// 中文
    Zh,
    /// English
    En,
}

impl Language {
    fn parse(word: &str) -> Option<Self> {
        match word {
            "zh" => Some(Self::Zh),
            "en" => Some(Self::En),
            _ => None,
        }
    }
}

/// How deliveries are tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Patience {
    /// A delivery that failed this often is given up.
    pub attempts_max: u32,
    /// One older than this is given up whatever the reason.
    pub give_up_after: Duration,
    /// More than this waiting for one recipient go out as one digest.
    pub digest_over: usize,
}

/// What `alerts.toml` says, defaults filled in.
#[derive(Debug, Clone)]
pub struct AlertsConfig {
    /// The language of channels that name none.
    pub language: Language,
    /// The zone of times in messages.
    pub time_zone: Tz,
    /// Where a person looks at an alert; `{alert_id}` is put in.
    pub link: Option<String>,
    /// How deliveries are tried.
    pub patience: Patience,
    /// The channels by name.
    pub channels: BTreeMap<String, Channel>,
    /// The managers by region code; `*`: of every other region.
    pub managers: BTreeMap<String, Vec<Address>>,
    /// When who is not disturbed.
    pub quiet_hours: Vec<QuietHours>,
    /// The rules in the order of the file; every one that matches takes effect.
    pub rules: Vec<Rule>,
}

impl AlertsConfig {
    /// No rules and no channels: signals go nowhere.
    pub fn none() -> Self {
        let patience = Patience {
            attempts_max: ATTEMPTS_MAX,
            give_up_after: Duration::from_secs(GIVE_UP_H.unsigned_abs() * 3600),
            digest_over: DIGEST_OVER,
        };
        Self {
            language: Language::Zh,
            time_zone: chrono_tz::Asia::Shanghai,
            link: None,
            patience,
            channels: BTreeMap::new(),
            managers: BTreeMap::new(),
            quiet_hours: Vec::new(),
            rules: Vec::new(),
        }
    }

    /// Reads and checks the text of the file.
    pub fn parse(text: &str, secrets: &dyn SecretSource) -> Result<Self, Vec<Problem>> {
        let mut problems = Vec::new();
        let config = match text.parse::<toml::Table>() {
            Ok(table) => read(table, secrets, &mut problems),
            Err(error) => {
                let message = error.to_string().trim_end().to_owned();
                problems.push(Problem { path: FILE.to_owned(), message });
                Self::none()
            }
        };
        if problems.is_empty() { Ok(config) } else { Err(problems) }
    }
}

/// With the back-off this is about two hours.
const ATTEMPTS_MAX: u32 = 10;
/// A day: what nobody could be told by then is told in the list of deliveries.
const GIVE_UP_H: i64 = 24;
/// More single messages at once than this are read by nobody.
const DIGEST_OVER: usize = 5;

fn read(
    table: toml::Table,
    secrets: &dyn SecretSource,
    problems: &mut Vec<Problem>,
) -> AlertsConfig {
    let mut config = AlertsConfig::none();
    let mut file = Section::new(format!("{FILE}:"), table, problems);
    let general = file.table("alerts");
    let channels = file.table("channels");
    let people = file.table("people");
    let managers = file.table("region_managers");
    let quiet_hours = file.tables("quiet_hours");
    let rules = file.tables("rules");
    file.finish();

    read_general(&mut config, general, problems);
    config.channels = channels::read(channels, secrets, problems);
    let names = Names::read(people, &config.channels, problems);
    config.managers = regions::read(managers, &names, problems);
    config.quiet_hours = quiet::read(quiet_hours, &config.channels, problems);
    let has_default_manager = config.managers.contains_key(regions::EVERYWHERE);
    config.rules = rules::read(rules, &names, has_default_manager, problems);
    config
}

fn read_general(config: &mut AlertsConfig, table: toml::Table, problems: &mut Vec<Problem>) {
    let mut general = Section::new(format!("{FILE}: [alerts]"), table, problems);
    if let Some(language) = general.word("language", Language::parse, &["zh", "en"]) {
        config.language = language;
    }
    let zone = general.word("time_zone", |w| w.parse().ok(), &["IANA zones, as Asia/Shanghai"]);
    config.time_zone = zone.unwrap_or(config.time_zone);
    config.link = general.text("link");
    let attempts = general.integer("attempts_max", 1, 100, i64::from(ATTEMPTS_MAX));
    let give_up_h = general.integer("give_up_h", 1, 24 * 30, GIVE_UP_H);
    let digest_over = general.integer("digest_over", 1, 100, DIGEST_OVER as i64);
    general.finish();
    config.patience = Patience {
        attempts_max: u32::try_from(attempts).unwrap_or(ATTEMPTS_MAX),
        give_up_after: Duration::from_secs(give_up_h.unsigned_abs() * 3600),
        digest_over: usize::try_from(digest_over).unwrap_or(DIGEST_OVER),
    };
}
