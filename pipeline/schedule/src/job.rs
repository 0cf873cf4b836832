//! One job as its file says it.

use std::time::Duration;

use chrono_tz::Tz;

use crate::timetable::Timetable;

/// What a job does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum JobKind {
    /// Reads what changed in a system.
    Sync {
        /// The system's name.
        system: String,
        /// One stream of it; none: all.
        stream: Option<String>,
    },
    /// Brings models up to date.
    Build {
        /// Only these; empty: all.
        models: Vec<String>,
    },
    /// Compacts the lake's tables and removes files that no reader needs any more.
    Maintain,
    /// Writes a report and hands it over.
    Report(ReportJob),
    /// Saves everything that is not the lake.
    Backup {
        /// The folder of the backups; none: the hub's own.
        to: Option<String>,
    },
}

impl JobKind {
    /// The words there are, in the order of a form.
    pub const WORDS: [&'static str; 5] = ["sync", "build", "maintain", "report", "backup"];

    /// The word for it in the file.
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Sync { .. } => "sync",
            Self::Build { .. } => "build",
            Self::Maintain => "maintain",
            Self::Report(_) => "report",
            Self::Backup { .. } => "backup",
        }
    }

    /// The system it is about, if it is about one.
    pub fn system(&self) -> Option<&str> {
        match self {
            Self::Sync { system, .. } => Some(system),
            _ => None,
        }
    }
}

/// A report that is written when its job runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReportJob {
    /// The report's name.
    pub report: String,
    /// Its parameters, as `yuanliu report` takes them.
    pub parameters: Vec<(String, String)>,
    /// `csv`, `json` or `xlsx`.
    pub format: String,
    /// Where it goes: `folder:PATH`, below the configuration unless it is absolute.
    pub to: String,
}

/// What happens to due times that passed while no scheduler ran.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Missed {
    /// Each is made up for, oldest first, up to a bound.
    All,
    /// The newest is made up for.
    Last,
    /// None is.
    None,
}

impl Missed {
    /// The words there are.
    pub const WORDS: [&'static str; 3] = ["all", "last", "none"];

    /// The word for it in the file.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::Last => "last",
            Self::None => "none",
        }
    }
}

/// What happens to a due time that comes while a run of the job is not over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Overlap {
    /// It is passed over and noted.
    Skip,
    /// It waits its turn.
    Queue,
    /// It is an error: noted red and told.
    Forbid,
}

impl Overlap {
    /// The words there are.
    pub const WORDS: [&'static str; 3] = ["skip", "queue", "forbid"];

    /// The word for it in the file.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Skip => "skip",
            Self::Queue => "queue",
            Self::Forbid => "forbid",
        }
    }
}

/// One job.
#[derive(Debug, Clone, PartialEq)]
pub struct JobSpec {
    /// Its name, which its history goes by.
    pub name: String,
    /// What it does.
    pub kind: JobKind,
    /// When it is due; none: whenever all of `after` ended well.
    pub timetable: Option<Timetable>,
    /// The zone of its times.
    pub time_zone: Tz,
    /// What happens to due times that passed while no scheduler ran.
    pub missed: Missed,
    /// How many of them are made up for at most.
    pub missed_max: usize,
    /// What happens to a due time that comes while a run is not over.
    pub overlap: Overlap,
    /// Jobs that must have ended well since this one last ran.
    pub after: Vec<String>,
    /// A run that takes longer is stopped and is red.
    pub timeout: Duration,
    /// Whether it runs by itself at all.
    pub is_enabled: bool,
}
