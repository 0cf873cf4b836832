//! What each role may do: one table.

use serde::{Deserialize, Serialize};

use crate::role::Role;

/// How far a permission reaches.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reach {
    /// Not at all.
    No,
    /// What belongs to the dealer's own subtree.
    Own,
    /// Everything the row scope shows.
    All,
}

use Reach::{All, No, Own};

/// Declares the permissions and their table together, so that a permission without a row cannot be written.
macro_rules! permissions {
    ($( $(#[$doc:meta])* $name:ident $text:literal : $($reach:ident)+ ; )+) => {
        /// Something that may be allowed or not. Names are those that `GET /session` lists.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        pub enum Permission {
            $( $(#[$doc])* #[serde(rename = $text)] $name, )+
        }

        impl Permission {
            /// Every permission, in the order of the table.
            pub const ALL: &[Self] = &[$(Self::$name),+];

            /// The name in answers.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self { $(Self::$name => $text,)+ }
            }

            fn row(self) -> [Reach; Role::ALL.len()] {
                match self { $(Self::$name => [$($reach),+],)+ }
            }
        }
    };
}

permissions! {
    //                                                    admin management operations finance dealer device public local
    /// Connected systems, their streams and previews.
    ReadSystems       "systems.read"       :  All   No         No         No      No     No     No     No;
    /// Check a system.
    WriteSystems      "systems.write"      :  All   No         No         No      No     No     No     No;
    /// Jobs and their schedules.
    ReadJobs          "jobs.read"          :  All   No         No         No      No     No     No     No;
    /// Run, pause and resume jobs.
    WriteJobs         "jobs.write"         :  All   No         No         No      No     No     No     No;
    /// The run ledger, live progress.
    ReadRuns          "runs.read"          :  All   No         All        No      No     No     No     All;
    /// Start a run.
    WriteRuns         "runs.write"         :  All   No         No         No      No     No     No     No;
    /// Rejected rows with their payload.
    ReadRejects       "rejects.read"       :  All   No         No         No      No     No     No     No;
    /// Replay and discard rejected rows.
    WriteRejects      "rejects.write"      :  All   No         No         No      No     No     No     No;
    /// Fields that are new, vanished or retyped.
    ReadDrift         "drift.read"         :  All   No         No         No      No     No     No     No;
    /// Accept a drift.
    WriteDrift        "drift.write"        :  All   No         No         No      No     No     No     No;
    /// The configuration and its history.
    ReadConfiguration "configuration.read" :  All   No         No         No      No     No     No     No;
    /// Plan and apply changes of the configuration.
    WriteConfiguration "configuration.write": All   No         No         No      No     No     No     No;
    /// Accounts and API tokens.
    ReadAccounts      "accounts.read"      :  All   No         No         No      No     No     No     No;
    /// Create and change accounts and API tokens.
    WriteAccounts     "accounts.write"     :  All   No         No         No      No     No     No     No;
    /// The audit log.
    ReadAudit         "audit.read"         :  All   No         No         No      No     No     No     No;
    /// Alerts and their deliveries.
    ReadAlerts        "alerts.read"        :  All   All        All        No      No     No     No     No;
    /// Acknowledge and resolve alerts.
    HandleAlerts      "alerts.handle"      :  All   All        All        No      No     No     No     No;
    /// See rules and deliveries, try channels.
    ConfigureAlerts   "alerts.configure"   :  All   No         No         No      No     No     No     No;
    /// How old the answers are.
    ReadFreshness     "freshness.read"     :  All   All        All        All     All    No     No     No;
    /// Reports at all; which ones is up to the permission of their group below.
    ReadReports       "reports.read"       :  All   All        All        All     Own    No     No     No;
    /// Regional sales, dwell, scorecards, addresses without a region.
    ReadSales         "sales.read"         :  All   All        All        All     Own    No     No     No;
    /// Correct addresses.
    WriteCorrections  "corrections.write"  :  All   All        All        No      No     No     No     No;
    /// Regions and territory rules.
    ReadRegions       "regions.read"       :  All   All        All        All     Own    No     No     No;
    /// Sightings, evidence of cases, upload faults, reconciliation, supplier quality.
    ReadDiversion     "diversion.read"     :  All   All        All        No      No     No     No     No;
    /// Diversion cases.
    ReadCases         "cases.read"         :  All   All        All        No      Own    No     No     No;
    /// Decide a diversion case.
    DecideCases       "cases.decide"       :  No    No         All        No      No     No     No     No;
    /// Appeal against a diversion case.
    AppealCases       "cases.appeal"       :  No    No         No         No      Own    No     No     No;
    /// How well devices and dealers upload.
    ReadUploads       "uploads.read"       :  All   All        All        No      Own    No     No     No;
    /// Promoter claims with their facts, settlement and rates.
    ReadClaims        "claims.read"        :  All   No         No         All     No     No     No     No;
    /// Release and confirm held claims.
    DecideClaims      "claims.decide"      :  No    No         No         All     No     No     No     No;
    /// Everything known about one code.
    Trace             "trace.read"         :  All   All        All        All     Own    No     No     All;
    /// What a recall reaches.
    ReadRecall        "recall.read"        :  All   No         All        No      No     No     No     All;
    /// Open a recall and export its codes.
    WriteRecall       "recall.write"       :  No    No         All        No      No     No     No     No;
    /// Is a code genuine.
    Verify            "verify"             :  All   All        All        All     All    All    All     All;
    /// Send scan events.
    WriteEvents       "events.write"       :  No    No         No         No      Own    All    No     All;
    /// Ask whether a code may be shipped or used now.
    AskChecks         "checks.ask"         :  No    No         No         No      Own    All    No     All;
    /// The dealer's own stock, codes and score.
    ReadDealerDesk    "dealer.read"        :  No    No         No         No      Own    No     No     No;
    /// Reports that are in no other group: those a company adds itself.
    ReadOtherReports  "reports.other"      :  All   No         No         No      No     No     No     No;
    /// Any SQL over the lake, unscoped.
    QueryLake         "lake.query"         :  All   No         No         No      No     No     No     No;
    /// Tables over the PostgreSQL wire protocol, each by the permission of its report.
    UseBi             "bi.use"             :  All   All        All        All     No     No     No     No;
}

impl Permission {
    /// How far this permission reaches for `role`.
    #[must_use]
    pub fn reach(self, role: Role) -> Reach {
        self.row()[role as usize]
    }

    /// What `role` may do at all.
    #[must_use]
    pub fn of(role: Role) -> Vec<Self> {
        Self::ALL.iter().copied().filter(|permission| permission.reach(role) != No).collect()
    }
}
