//! What holds between jobs: names are given once, `after` names jobs there are, and nobody waits for itself.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::job::Place;
use super::problem::Problems;
use crate::job::JobSpec;

/// Checks all jobs against each other.
pub(super) fn check(jobs: &[(Arc<JobSpec>, Place)], problems: &mut Problems<'_>) {
    let mut by_name: BTreeMap<&str, &JobSpec> = BTreeMap::new();
    for (job, place) in jobs {
        if by_name.insert(&job.name, job).is_some() {
            problems.add(
                place.job.clone(),
                format!("[[job]] {}: name", job.name),
                "is given to two jobs; name one of them otherwise",
                "两个任务同名；请改其中一个",
            );
        }
    }
    let names = by_name.keys().copied().collect::<Vec<_>>().join(", ");
    for (job, place) in jobs {
        for (wanted, at) in job.after.iter().zip(&place.after) {
            if !by_name.contains_key(wanted.as_str()) {
                problems.add(
                    at.clone(),
                    format!("[[job]] {}: after", job.name),
                    format!("there is no job `{wanted}`; there are: {names}"),
                    format!("没有名为 `{wanted}` 的任务；现有：{names}"),
                );
            }
        }
        if let Some(way) = way_back(&job.name, &by_name) {
            let way = way.join(" → ");
            problems.add(
                place.job.clone(),
                format!("[[job]] {}: after", job.name),
                format!("waits for itself: {way}; take one `after` out of the circle"),
                format!("循环依赖：{way}；请去掉其中一个 after"),
            );
        }
    }
}

/// The way from a job over its `after` back to itself, told once: from its first name in order.
fn way_back<'a>(start: &'a str, jobs: &BTreeMap<&'a str, &'a JobSpec>) -> Option<Vec<&'a str>> {
    let mut seen = vec![start];
    let mut ways = vec![vec![start]];
    while let Some(way) = ways.pop() {
        let Some(job) = way.last().and_then(|name| jobs.get(name)) else { continue };
        for next in job.after.iter().map(String::as_str) {
            if next == start {
                let whole: Vec<_> = way.iter().copied().chain([start]).collect();
                return (way.iter().min() == Some(&start)).then_some(whole);
            }
            if !seen.contains(&next) {
                seen.push(next);
                ways.push(way.iter().copied().chain([next]).collect());
            }
        }
    }
    None
}
