//! One `[[job]]`.

use std::sync::Arc;
use std::time::Duration;

use chrono_tz::Tz;

use super::Known;
use super::problem::Problems;
use super::section::Section;
use crate::job::{JobKind, JobSpec, Missed, Overlap, ReportJob};
use crate::timetable::Timetable;

/// How many missed due times are made up for where the file does not say: a day of hourly ones.
const MISSED_MAX: u32 = 24;

/// How long a run may take where the file does not say.
const TIMEOUT_S: u32 = 4 * 3600;

/// The longest run anybody may allow.
const TIMEOUT_S_MAX: u32 = 7 * 86_400;

/// A name longer than this does not fit a list.
const NAME_CHARS_MAX: usize = 64;

/// Reads one job; none if it has no usable name or kind.
pub(super) fn read(
    mut section: Section<'_>,
    default_zone: Tz,
    known: &Known,
    problems: &mut Problems<'_>,
) -> Option<(Arc<JobSpec>, Place)> {
    let name_why = ("lower-case letters, digits and underscores", "小写字母、数字和下划线");
    let name = section.required_text("name", name_why, problems);
    if let Some(name) = name {
        section.name = format!("[[job]] {name}");
        check_name(name, &section, problems);
    }
    let kind = kind(&mut section, known, problems);
    let time_zone = section.time_zone("time_zone", default_zone, problems);
    let timetable = section.text("schedule", problems).and_then(|text| {
        Timetable::parse(text, time_zone)
            .map_err(|bad| {
                let key = section.key("schedule");
                problems.add(section.place("schedule"), key, bad.message, bad.message_zh);
            })
            .ok()
    });
    let missed_words = [("all", Missed::All), ("last", Missed::Last), ("none", Missed::None)];
    let overlap_words =
        [("skip", Overlap::Skip), ("queue", Overlap::Queue), ("forbid", Overlap::Forbid)];
    let after = section.texts("after", problems);
    let place =
        Place { job: section.at.clone(), after: after.iter().map(|(_, at)| at.clone()).collect() };
    let job = JobSpec {
        name: name.unwrap_or_default().to_owned(),
        kind: kind.clone().unwrap_or(JobKind::Maintain),
        timetable,
        time_zone,
        missed: section.word("missed", &missed_words, Missed::Last, problems),
        missed_max: section.whole("missed_max", (1, 1000), problems).unwrap_or(MISSED_MAX) as usize,
        overlap: section.word("overlap", &overlap_words, Overlap::Skip, problems),
        after: after.iter().map(|(name, _)| (*name).to_owned()).collect(),
        timeout: Duration::from_secs(u64::from(
            section.whole("timeout_s", (1, TIMEOUT_S_MAX), problems).unwrap_or(TIMEOUT_S),
        )),
        is_enabled: section.flag("enabled", true, problems),
    };
    if section.value("schedule").is_none() && job.after.is_empty() {
        problems.add(
            section.at.clone(),
            section.key("schedule"),
            "is missing, and so is `after`: the job would never run; give one of them",
            "缺少 schedule，也没有 after：该任务永远不会运行；请至少填写其一",
        );
    }
    section.finish(problems);
    (name.is_some() && kind.is_some()).then(|| (Arc::new(job), place))
}

/// Where a job and the names in its `after` stand in the file.
pub(super) struct Place {
    pub(super) job: std::ops::Range<usize>,
    pub(super) after: Vec<std::ops::Range<usize>>,
}

fn check_name(name: &str, section: &Section<'_>, problems: &mut Problems<'_>) {
    let is_plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    if !name.chars().all(is_plain) || name.len() > NAME_CHARS_MAX {
        problems.add(
            section.place("name"),
            section.key("name"),
            format!(
                "is no name; write lower-case letters, digits and underscores, at most {NAME_CHARS_MAX}"
            ),
            format!("名称只能用小写字母、数字和下划线，最长 {NAME_CHARS_MAX} 个字符"),
        );
    }
}

fn kind(section: &mut Section<'_>, known: &Known, problems: &mut Problems<'_>) -> Option<JobKind> {
    let words = JobKind::WORDS.join(", ");
    let word = section.required_text("kind", (&words, &JobKind::WORDS.join("、")), problems)?;
    match word {
        "sync" => {
            let why = (
                "the system to read, as its file in systems/ is named",
                "要同步的系统，即 systems/ 中的文件名",
            );
            let system = section.required_text("system", why, problems);
            let stream = section.text("stream", problems).map(str::to_owned);
            let system = named(section, "system", system?, &known.systems, problems)?;
            Some(JobKind::Sync { system, stream })
        }
        "build" => {
            let models = section.texts("models", problems);
            Some(JobKind::Build { models: models.iter().map(|(m, _)| (*m).to_owned()).collect() })
        }
        "maintain" => Some(JobKind::Maintain),
        "report" => report(section, known, problems).map(JobKind::Report),
        "backup" => Some(JobKind::Backup { to: section.text("to", problems).map(str::to_owned) }),
        other => {
            problems.add(
                section.place("kind"),
                section.key("kind"),
                format!("is `{other}`, should be one of {words}"),
                format!("为 `{other}`，应为 {} 之一", JobKind::WORDS.join("、")),
            );
            None
        }
    }
}

/// A name that must be among those there are.
fn named(
    section: &Section<'_>,
    key: &str,
    name: &str,
    known: &Option<Vec<String>>,
    problems: &mut Problems<'_>,
) -> Option<String> {
    let Some(names) = known.as_ref().filter(|names| !names.iter().any(|known| known == name))
    else {
        return Some(name.to_owned());
    };
    problems.add(
        section.place(key),
        section.key(key),
        format!("there is no {key} `{name}`; there are: {}", names.join(", ")),
        format!("没有名为 `{name}` 的{}；现有：{}", chinese(key), names.join("、")),
    );
    None
}

fn chinese(key: &str) -> &str {
    match key {
        "system" => "系统",
        "report" => "报表",
        other => other,
    }
}

fn report(
    section: &mut Section<'_>,
    known: &Known,
    problems: &mut Problems<'_>,
) -> Option<ReportJob> {
    let why =
        ("the report to write, as `yuanliu report` names it", "报表名称，与 `yuanliu report` 一致");
    let report = section.required_text("report", why, problems);
    let to_why = ("`folder:PATH`", "`folder:路径`");
    let to = section.required_text("to", to_why, problems);
    let formats = [("xlsx", "xlsx"), ("csv", "csv"), ("json", "json")];
    let format = section.word("format", &formats, "xlsx", problems);
    let parameters = parameters(section, problems);
    let is_place = |to: &str| to.starts_with("folder:");
    if let Some(given) = to.filter(|to| !is_place(to)) {
        problems.add(
            section.place("to"),
            section.key("to"),
            format!("is `{given}`, should be `folder:PATH`"),
            format!("为 `{given}`，应为 `folder:路径`"),
        );
    }
    let report = named(section, "report", report?, &known.reports, problems)?;
    Some(ReportJob { report, parameters, format: format.to_owned(), to: to?.to_owned() })
}

fn parameters(section: &mut Section<'_>, problems: &mut Problems<'_>) -> Vec<(String, String)> {
    let Some(value) = section.value("parameters") else { return Vec::new() };
    let Some(inner) = Section::of(section.key("parameters"), value, problems) else {
        return Vec::new();
    };
    let mut found = Vec::new();
    for (key, value) in inner.entries() {
        match value.get_ref().as_str() {
            Some(text) => found.push((key.to_owned(), text.to_owned())),
            None => problems.add(
                value.span(),
                inner.key(key),
                "should be a text, as on the command line",
                "应为文本，与命令行一致",
            ),
        }
    }
    found
}
