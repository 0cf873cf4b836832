//! Which permission a report needs: on every surface, also where a report is a table of BI tools.

use crate::permission::Permission;

/// The reports of the hub, by the permission that opens them.
const REPORTS: &[(Permission, &[&str])] = &[
    (
        Permission::ReadSales,
        &[
            "regional-sales",
            "regional-sales-change",
            "unresolved-addresses",
            "unassigned-counties",
            "dwell",
            "dealer-scorecard",
            "dealer-stock",
            "dealer-codes",
        ],
    ),
    (Permission::ReadRegions, &["territories"]),
    (Permission::ReadCases, &["diversion-cases"]),
    (Permission::ReadUploads, &["upload-quality"]),
    (
        Permission::ReadDiversion,
        &[
            "sightings",
            "diversion-dealers",
            "diversion-matrix",
            "case-summary",
            "case-evidence",
            "case-siblings",
            "upload-faults",
            "reconciliation",
            "supplier-quality",
            "device-gaps",
        ],
    ),
    (
        Permission::ReadClaims,
        &[
            "promoter-claims",
            "promoter-summary",
            "promoter-settlement",
            "incentive-rates",
            "claim-event",
        ],
    ),
];

/// What a report needs. One that the hub does not know is a company's own, and for admins only.
#[must_use]
pub fn report_permission(report: &str) -> Permission {
    let found = REPORTS.iter().find(|(_, names)| names.contains(&report));
    found.map_or(Permission::ReadOtherReports, |(permission, _)| *permission)
}
