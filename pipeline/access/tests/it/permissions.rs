//! The permission table, read back role by role.

use std::collections::BTreeSet;

use yuanliu_access::reports::report_permission;
use yuanliu_access::{
    DealerScope, Locale, Permission, Principal, Reach, RegionScope, Role, RowScope,
};

fn names(role: Role) -> String {
    let shown = |permission: Permission| match permission.reach(role) {
        Reach::Own => format!("{} (own)", permission.name()),
        _ => permission.name().to_owned(),
    };
    Permission::of(role).into_iter().map(shown).collect::<Vec<_>>().join(" ")
}

#[test]
fn each_role_may_what_its_work_needs() {
    assert_eq!(
        names(Role::Admin),
        "systems.read systems.write jobs.read jobs.write runs.read runs.write rejects.read \
         rejects.write drift.read drift.write configuration.read configuration.write \
         accounts.read accounts.write audit.read alerts.read alerts.handle \
         alerts.configure freshness.read reports.read sales.read corrections.write regions.read \
         diversion.read cases.read uploads.read claims.read trace.read recall.read verify reports.other lake.query bi.use"
    );
    assert_eq!(
        names(Role::Management),
        "alerts.read alerts.handle freshness.read reports.read sales.read corrections.write \
         regions.read \
         diversion.read cases.read uploads.read trace.read verify bi.use"
    );
    assert_eq!(
        names(Role::Operations),
        "runs.read alerts.read alerts.handle freshness.read reports.read sales.read \
         corrections.write regions.read diversion.read cases.read cases.decide uploads.read trace.read \
         recall.read recall.write verify bi.use"
    );
    assert_eq!(
        names(Role::Finance),
        "freshness.read reports.read sales.read regions.read claims.read claims.decide trace.read \
         verify bi.use"
    );
    assert_eq!(
        names(Role::Dealer),
        "freshness.read reports.read (own) sales.read (own) regions.read (own) cases.read (own) cases.appeal (own) \
         uploads.read (own) trace.read (own) verify events.write (own) checks.ask (own) \
         dealer.read (own)"
    );
    assert_eq!(names(Role::Device), "verify events.write checks.ask");
    assert_eq!(names(Role::Public), "verify");
}

#[test]
fn names_are_distinct_and_those_on_the_wire() {
    let distinct: BTreeSet<_> = Permission::ALL.iter().map(|p| p.name()).collect();
    assert_eq!(distinct.len(), Permission::ALL.len());
    for permission in Permission::ALL {
        let wire = serde_json::to_string(permission).unwrap();
        assert_eq!(wire, format!("\"{}\"", permission.name()));
        assert_eq!(serde_json::from_str::<Permission>(&wire).unwrap(), *permission);
    }
    for role in Role::ALL {
        assert_eq!(role.name().parse::<Role>().unwrap(), role);
        assert_eq!(serde_json::to_string(&role).unwrap(), format!("\"{role}\""));
    }
    assert!("root".parse::<Role>().unwrap_err().to_string().contains("\"root\" is no role"));
}

/// A report that is added without a place in the table would be for admins only.
#[test]
fn every_report_of_the_hub_has_its_permission() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../warehouse-sql/reports");
    let mut reports = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
        assert_ne!(report_permission(&name), Permission::ReadOtherReports, "{name}");
        reports += 1;
    }
    assert!(reports >= 20);
    assert_eq!(report_permission("my-own"), Permission::ReadOtherReports);
    assert_eq!(report_permission("promoter-claims"), Permission::ReadClaims);
}

fn principal(role: Role, regions: &[&str], dealer_code: Option<&str>) -> Principal {
    Principal {
        login: "somebody".to_owned(),
        display_name: String::new(),
        role,
        regions: regions.iter().map(|code| (*code).to_owned()).collect(),
        dealer_code: dealer_code.map(str::to_owned),
        locale: Locale::Chinese,
    }
}

#[test]
fn rows_are_those_of_the_regions_and_of_the_subtree() {
    let everything = principal(Role::Management, &[], None).row_scope();
    assert!(everything.is_everything());

    let two = principal(Role::Operations, &["330000", "310000"], None).row_scope();
    let regions = RegionScope::Only(vec!["330000".to_owned(), "310000".to_owned()]);
    assert_eq!(two, RowScope { regions, dealers: DealerScope::All });
    assert!(!two.is_everything());

    let dealer = principal(Role::Dealer, &[], Some("D001"));
    assert_eq!(dealer.row_scope().dealers, DealerScope::Subtree("D001".to_owned()));
    assert_eq!(dealer.reach(Permission::Trace), Reach::Own);
}

#[test]
fn a_region_shows_what_it_contains() {
    let only =
        |codes: &[&str]| RegionScope::Only(codes.iter().map(|code| (*code).to_owned()).collect());
    let some = only(&["330000", "331000", "320500", "310101"]);
    assert_eq!(some.prefixes().unwrap(), ["33", "3310", "3205", "310101"]);
    for shown in ["330000", "330106", "331002", "320500", "320583", "310101"] {
        assert!(some.shows(shown), "{shown}");
    }
    for hidden in ["", "320000", "320100", "310000", "310104", "440100"] {
        assert!(!some.shows(hidden), "{hidden}");
    }
    assert!(RegionScope::All.shows("") && RegionScope::All.shows("440100"));
    assert!(!only(&["000000"]).shows("440100"), "what means nothing shows nothing");
}

#[test]
fn a_dealer_without_a_code_owns_and_sees_nothing() {
    let nobody = principal(Role::Dealer, &[], None);
    assert_eq!(nobody.permissions(), [Permission::ReadFreshness, Permission::Verify]);
    assert_eq!(nobody.row_scope().dealers, DealerScope::Subtree(String::new()));
}
