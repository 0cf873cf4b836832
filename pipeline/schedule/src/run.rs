//! One run of a job, and what is kept of a job between runs.

use chrono::{DateTime, Utc};

/// Why a run came to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trigger {
    /// A due time came.
    Schedule,
    /// A due time had passed while no scheduler ran.
    Missed,
    /// Every job it comes after ended well.
    After,
    /// A person asked for it.
    Manual,
}

impl Trigger {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Schedule, Self::Missed, Self::After, Self::Manual];

    /// The word for it in the history.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Schedule => "schedule",
            Self::Missed => "missed",
            Self::After => "after",
            Self::Manual => "manual",
        }
    }

    /// The trigger of a word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|trigger| trigger.as_str() == word)
    }
}

/// How far a run is, or how it ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// Waits for its turn or for the jobs it comes after.
    Queued,
    /// Being done.
    Running,
    /// Done.
    Green,
    /// Done, and somebody should look at it.
    Yellow,
    /// Failed.
    Red,
    /// Stopped before its end, by a shutdown or the end of its process.
    Interrupted,
    /// Passed over; it was never begun.
    Skipped,
}

impl Outcome {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::Queued,
        Self::Running,
        Self::Green,
        Self::Yellow,
        Self::Red,
        Self::Interrupted,
        Self::Skipped,
    ];

    /// The word for it in the history.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Running => "running",
            Self::Green => "green",
            Self::Yellow => "yellow",
            Self::Red => "red",
            Self::Interrupted => "interrupted",
            Self::Skipped => "skipped",
        }
    }

    /// The outcome of a word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|outcome| outcome.as_str() == word)
    }

    /// Whether it is still to be done or being done.
    pub fn is_open(self) -> bool {
        matches!(self, Self::Queued | Self::Running)
    }

    /// Whether jobs that come after may go on. Rejected rows do not stop a build.
    pub fn is_well(self) -> bool {
        matches!(self, Self::Green | Self::Yellow)
    }
}

/// What a run moved; read = loaded + unchanged + rejected unless it was stopped.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct JobCounts {
    /// Rows received.
    pub read: u64,
    /// Rows landed, or written for a report.
    pub loaded: u64,
    /// Rows the lake already held.
    pub unchanged: u64,
    /// Rows kept as rejects.
    pub rejected: u64,
}

impl JobCounts {
    /// Whether every row received is accounted for.
    pub fn is_balanced(&self) -> bool {
        let accounted = self.loaded.checked_add(self.unchanged);
        accounted.and_then(|n| n.checked_add(self.rejected)) == Some(self.read)
    }
}

/// One line of a job's history.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JobRun {
    /// Names the run; later ones sort after earlier ones of the same process.
    pub run_id: String,
    /// The job's name.
    pub job: String,
    /// Why it came to be.
    pub trigger: Trigger,
    /// The due time it stands for; none if a person or other jobs brought it about. No two runs of a
    /// job have the same.
    pub due_at: Option<DateTime<Utc>>,
    /// When it was admitted.
    pub queued_at: DateTime<Utc>,
    /// When it was begun.
    pub started_at: Option<DateTime<Utc>>,
    /// When it ended or was passed over.
    pub ended_at: Option<DateTime<Utc>>,
    /// How far it is or how it ended.
    pub outcome: Outcome,
    /// What it moved.
    pub counts: JobCounts,
    /// What a person should know, English.
    pub message: Option<String>,
    /// The same, Chinese.
    pub message_zh: Option<String>,
    /// Who asked for it, if a person did.
    pub asked_by: Option<String>,
}

impl JobRun {
    /// A run that waits for its turn.
    pub fn queued(
        job: &str,
        trigger: Trigger,
        due_at: Option<DateTime<Utc>>,
        at: DateTime<Utc>,
    ) -> Self {
        Self {
            run_id: uuid::Uuid::now_v7().to_string(),
            job: job.to_owned(),
            trigger,
            due_at,
            queued_at: at,
            started_at: None,
            ended_at: None,
            outcome: Outcome::Queued,
            counts: JobCounts::default(),
            message: None,
            message_zh: None,
            asked_by: None,
        }
    }

    /// The same run as it ends without having begun.
    #[must_use]
    pub fn passed_over(self, outcome: Outcome, message: &str, message_zh: &str) -> Self {
        Self {
            ended_at: Some(self.queued_at),
            outcome,
            message: Some(message.to_owned()),
            message_zh: Some(message_zh.to_owned()),
            ..self
        }
    }
}

/// What is kept of a job between runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JobState {
    /// The job's name.
    pub job: String,
    /// Whether somebody paused it.
    pub is_paused: bool,
    /// Every due time up to this one has been decided on.
    pub decided_until: DateTime<Utc>,
    /// Runs that are queued or running, in the order they were admitted.
    pub open: Vec<JobRun>,
    /// The run that ended last, of those that were begun.
    pub last: Option<JobRun>,
}
