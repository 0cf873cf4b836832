//! The audit log is read by admins, in pages, by who and what.

use chrono::TimeDelta;
use yuanliu_access::{AuditEntry, AuditFilter, Clock, Role};

use crate::support::{Hub, PASSWORD, actor, code};

async fn read(hub: &Hub, filter: AuditFilter) -> Vec<AuditEntry> {
    hub.access.audit_entries(&actor(Role::Admin), &filter).await.unwrap()
}

fn all() -> AuditFilter {
    AuditFilter { entries_max: 1000, ..AuditFilter::default() }
}

#[tokio::test]
async fn entries_are_found_by_actor_action_and_time() {
    let hub = Hub::staffed().await;
    hub.clock.advance(TimeDelta::hours(1));
    let noon = hub.clock.now();
    hub.log_in("finance", PASSWORD).await.unwrap();
    hub.log_in("finance", "a wrong password").await.unwrap_err();
    hub.log_in("dealer", PASSWORD).await.unwrap();

    let of_finance = read(&hub, AuditFilter { actor: Some("finance".into()), ..all() }).await;
    let outcomes: Vec<_> = of_finance.iter().map(|entry| entry.outcome.name()).collect();
    assert_eq!(outcomes, ["refused", "done"], "newest first");

    let made = AuditFilter { action: Some("account.".into()), ..all() };
    assert_eq!(read(&hub, made).await.len(), 5);
    let exact = AuditFilter { action: Some("account".into()), ..all() };
    assert!(read(&hub, exact).await.is_empty());

    let before = read(&hub, AuditFilter { to: Some(noon), ..all() }).await;
    let after = read(&hub, AuditFilter { from: Some(noon), ..all() }).await;
    assert_eq!((before.len(), after.len()), (5, 3));
}

#[tokio::test]
async fn pages_follow_each_other_without_gap() {
    let hub = Hub::staffed().await;
    let whole = read(&hub, all()).await;
    let (mut pages, mut before_entry) = (Vec::new(), None);
    loop {
        let page = read(&hub, AuditFilter { entries_max: 2, before_entry, ..all() }).await;
        let Some(last) = page.last() else { break };
        before_entry = Some(last.entry_id.clone());
        pages.extend(page);
    }
    assert_eq!(pages, whole);
    assert_eq!(whole.len(), 5);
}

#[tokio::test]
async fn only_admins_read_it_and_trying_is_noted_in_it() {
    let hub = Hub::staffed().await;
    for role in Role::ALL.into_iter().filter(|role| *role != Role::Admin) {
        assert_eq!(code(hub.access.audit_entries(&actor(role), &all()).await), "forbidden");
    }
    assert!(hub.log_lines().await.contains(&"finance audit.read refused".to_owned()));
}
