//! `[freshness]`: how old the data of a report may be.

use std::time::Duration;

use super::Known;
use super::problem::Problems;
use super::section::Section;
use crate::freshness::{Bounds, matches};

/// Reads the bounds.
pub(super) fn read(section: &Section<'_>, known: &Known, problems: &mut Problems<'_>) -> Bounds {
    let mut bounds = Vec::new();
    for (pattern, value) in section.entries() {
        let age = value.get_ref().as_str().and_then(duration);
        match age {
            Some(age) => bounds.push((pattern.to_owned(), age)),
            None => problems.add(
                value.span(),
                section.key(pattern),
                "should be an age such as \"30m\", \"26h\" or \"2d\"",
                "应为时长，例如 \"30m\"、\"26h\" 或 \"2d\"",
            ),
        }
        if let Some(reports) = &known.reports
            && !reports.iter().any(|report| matches(pattern, report))
        {
            problems.add(
                value.span(),
                section.key(pattern),
                format!("fits no report; there are: {}", reports.join(", ")),
                format!("没有匹配的报表；现有：{}", reports.join("、")),
            );
        }
    }
    Bounds::new(bounds)
}

fn duration(text: &str) -> Option<Duration> {
    let text = text.trim();
    let unit = text.chars().last()?;
    let seconds: u64 = match unit {
        's' => 1,
        'm' => 60,
        'h' => 3600,
        'd' => 86_400,
        _ => return None,
    };
    let number: u32 = text.strip_suffix(unit)?.trim().parse().ok()?;
    (number > 0).then(|| Duration::from_secs(seconds * u64::from(number)))
}
