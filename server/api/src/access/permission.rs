//! The one table of who may do what.

use serde::Serialize;

use super::principal::Role;
use Role::{Admin, Dealer, Device, Finance, Management, Operations};

/// What a route needs of whoever asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Permission {
    /// See the systems, what they offer and what they hold.
    SystemsRead,
    /// Log in to a system to check it.
    SystemsWrite,
    /// See jobs and their schedules.
    JobsRead,
    /// Run, pause and resume jobs.
    JobsWrite,
    /// See what ran and what runs.
    RunsRead,
    /// Start a run.
    RunsWrite,
    /// See rejected rows.
    RejectsRead,
    /// Replay and discard rejected rows.
    RejectsWrite,
    /// See how the fields of systems changed.
    DriftRead,
    /// Accept a change of fields.
    DriftWrite,
    /// See the configuration files.
    ConfigurationRead,
    /// Plan and apply changes of the configuration.
    ConfigurationWrite,
    /// See accounts and tokens.
    AccountsRead,
    /// Change accounts and tokens.
    AccountsWrite,
    /// Read the audit log.
    AuditRead,
    /// See alerts of one's own scope.
    AlertsRead,
    /// Acknowledge and resolve alerts.
    AlertsHandle,
    /// See rules and deliveries, and try channels.
    AlertsConfigure,
    /// Read reports; which ones is decided by [`may_read_report`].
    ReportsRead,
    /// See how old reports are.
    FreshnessRead,
    /// Look up regions and territories.
    RegionsRead,
    /// Correct addresses.
    CorrectionsWrite,
    /// Open a diversion case.
    CasesRead,
    /// Decide a diversion case.
    CasesDecide,
    /// Appeal against a case of one's own.
    CasesAppeal,
    /// See the facts of promoters' claims.
    ClaimsRead,
    /// Release or confirm held claims.
    ClaimsDecide,
    /// Trace a code.
    TraceRead,
    /// See what a recall would reach.
    RecallRead,
    /// A dealer's own stock, codes and score.
    DealerRead,
    /// Send scan events.
    EventsWrite,
    /// Ask the gates whether goods may go on.
    ChecksAsk,
}

/// One line of the table: a permission, its name, and the roles that have it.
type Line = (Permission, &'static str, &'static [Role]);

const STAFF: &[Role] = &[Admin, Management, Operations, Finance];
const PERSONS: &[Role] = &[Admin, Management, Operations, Finance, Dealer];

const TABLE: &[Line] = &[
    (Permission::SystemsRead, "systems.read", &[Admin]),
    (Permission::SystemsWrite, "systems.write", &[Admin]),
    (Permission::JobsRead, "jobs.read", &[Admin]),
    (Permission::JobsWrite, "jobs.write", &[Admin]),
    (Permission::RunsRead, "runs.read", &[Admin, Operations]),
    (Permission::RunsWrite, "runs.write", &[Admin]),
    (Permission::RejectsRead, "rejects.read", &[Admin]),
    (Permission::RejectsWrite, "rejects.write", &[Admin]),
    (Permission::DriftRead, "drift.read", &[Admin]),
    (Permission::DriftWrite, "drift.write", &[Admin]),
    (Permission::ConfigurationRead, "configuration.read", &[Admin]),
    (Permission::ConfigurationWrite, "configuration.write", &[Admin]),
    (Permission::AccountsRead, "accounts.read", &[Admin]),
    (Permission::AccountsWrite, "accounts.write", &[Admin]),
    (Permission::AuditRead, "audit.read", &[Admin]),
    (Permission::AlertsRead, "alerts.read", &[Admin, Management, Operations]),
    (Permission::AlertsHandle, "alerts.handle", &[Admin, Management, Operations]),
    (Permission::AlertsConfigure, "alerts.configure", &[Admin]),
    (Permission::ReportsRead, "reports.read", PERSONS),
    (Permission::FreshnessRead, "freshness.read", PERSONS),
    (Permission::RegionsRead, "regions.read", PERSONS),
    (Permission::CorrectionsWrite, "corrections.write", &[Admin, Management, Operations]),
    (Permission::CasesRead, "cases.read", &[Admin, Management, Operations, Dealer]),
    (Permission::CasesDecide, "cases.decide", &[Operations]),
    (Permission::CasesAppeal, "cases.appeal", &[Dealer]),
    (Permission::ClaimsRead, "claims.read", &[Admin, Finance]),
    (Permission::ClaimsDecide, "claims.decide", &[Finance]),
    (Permission::TraceRead, "trace.read", PERSONS),
    (Permission::RecallRead, "recall.read", &[Admin, Operations]),
    (Permission::DealerRead, "dealer.read", &[Dealer]),
    (Permission::EventsWrite, "events.write", &[Device, Dealer]),
    (Permission::ChecksAsk, "checks.ask", &[Device]),
];

const SALES: &[&str] = &[
    "regional-sales*",
    "unresolved-addresses",
    "unassigned-counties",
    "dwell",
    "dealer-scorecard",
];
const OPERATIONS: &[&str] = &[
    "diversion-*",
    "sightings",
    "case-*",
    "upload-quality",
    "upload-faults",
    "reconciliation",
    "supplier-quality",
    "device-gaps",
];
const FINANCE: &[&str] = &["promoter-*", "incentive-rates"];
const OF_A_DEALER: &[&str] = &["upload-quality", "diversion-cases"];

impl Permission {
    /// Every permission.
    pub fn all() -> impl Iterator<Item = Self> {
        TABLE.iter().map(|(permission, ..)| *permission)
    }

    /// Its name, as a session lists it.
    pub fn name(self) -> &'static str {
        self.line().map_or("", |(_, name, _)| name)
    }

    /// Whether a role has it.
    pub fn is_of(self, role: Role) -> bool {
        self.line().is_some_and(|(_, _, roles)| roles.contains(&role))
    }

    fn line(self) -> Option<&'static Line> {
        TABLE.iter().find(|(permission, ..)| *permission == self)
    }
}

impl Serialize for Permission {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

/// Whether a role may read the report called `name`.
pub fn may_read_report(role: Role, name: &str) -> bool {
    let is_in = |list: &[&str]| {
        list.iter().any(|known| match known.strip_suffix('*') {
            Some(start) => name.starts_with(start),
            None => *known == name,
        })
    };
    (STAFF.contains(&role) && is_in(SALES))
        || ([Admin, Management, Operations].contains(&role) && is_in(OPERATIONS))
        || ([Admin, Finance].contains(&role) && is_in(FINANCE))
        || (role == Dealer && (is_in(SALES) || is_in(OF_A_DEALER)))
}
