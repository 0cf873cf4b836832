//! `jobs.toml`: read strictly and checked whole; every problem is told at once, with its line.

mod budgets;
mod freshness;
mod graph;
mod job;
mod problem;
mod section;

use std::sync::Arc;

use chrono_tz::Tz;
use toml::de::DeTable;

pub use problem::FileProblem;

use crate::budget::CallBudgets;
use crate::freshness::Bounds;
use crate::job::JobSpec;
use problem::Problems;
use section::Section;

/// What names there are; none: a name is not looked up.
#[derive(Debug, Clone, Default)]
pub struct Known {
    /// The files in `systems/`, without their endings.
    pub systems: Option<Vec<String>>,
    /// Reports, as `yuanliu report` names them.
    pub reports: Option<Vec<String>>,
}

/// Everything `jobs.toml` says.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Jobs {
    /// The jobs, in the order of the file.
    pub jobs: Vec<Arc<JobSpec>>,
    /// Calls a minute by account.
    pub budgets: Arc<CallBudgets>,
    /// How old the data of a report may be.
    pub freshness: Bounds,
}

impl Jobs {
    /// Reads a text. `time_zone` is that of jobs that name none: the hub's.
    pub fn parse(text: &str, time_zone: Tz, known: &Known) -> Result<Self, Vec<FileProblem>> {
        let mut problems = Problems::of(text);
        let root = match DeTable::parse(text) {
            Ok(root) => root,
            Err(error) => {
                let told = error.message().to_owned();
                let at = error.span().unwrap_or_default();
                problems.add(
                    at,
                    "",
                    format!("is no TOML: {told}"),
                    format!("不是有效的 TOML：{told}"),
                );
                return Err(problems.into_sorted());
            }
        };
        let mut top = Section::new("", 0..0, root.get_ref());
        let time_zone = top.time_zone("time_zone", time_zone, &mut problems);
        let mut jobs = Vec::new();
        for section in job_sections(&mut top, &mut problems) {
            jobs.extend(job::read(section, time_zone, known, &mut problems));
        }
        graph::check(&jobs, &mut problems);
        let budgets = top
            .value("budgets")
            .and_then(|value| Section::of("[budgets]", value, &mut problems))
            .map(|section| budgets::read(&section, time_zone, known, &mut problems));
        let freshness = top
            .value("freshness")
            .and_then(|value| Section::of("[freshness]", value, &mut problems))
            .map(|section| freshness::read(&section, known, &mut problems));
        top.finish(&mut problems);
        if problems.count() > 0 {
            return Err(problems.into_sorted());
        }
        Ok(Self {
            jobs: jobs.into_iter().map(|(job, _)| job).collect(),
            budgets: Arc::new(budgets.unwrap_or_default()),
            freshness: freshness.unwrap_or_default(),
        })
    }

    /// The job of a name.
    pub fn job(&self, name: &str) -> Option<&Arc<JobSpec>> {
        self.jobs.iter().find(|job| job.name == name)
    }
}

fn job_sections<'t>(top: &mut Section<'t>, problems: &mut Problems<'_>) -> Vec<Section<'t>> {
    let Some(value) = top.value("job") else { return Vec::new() };
    let Some(list) = value.get_ref().as_array() else {
        problems.add(value.span(), "job", "should be written [[job]]", "应写作 [[job]]");
        return Vec::new();
    };
    list.iter().filter_map(|item| Section::of("[[job]]", item, problems)).collect()
}
