//! Accounts, sessions, tokens, logins by OIDC, audit log.

use std::sync::Arc;

use serde_json::json;
use yuanliu_access::{
    Account, AccountStatus, AccountStore, ApiToken, AuditEntry, AuditFilter, AuditLog,
    AuditOutcome, Inserted, Locale, OidcFlow, OidcFlowStore, Replaced, Role, Secret, SessionRecord,
    SessionStore, TokenStore,
};
use yuanliu_metadata::Metadata;

use crate::world::{World, at, on_both};

on_both!(
    an_account_is_read_as_it_was_written,
    a_login_and_a_subject_are_one_accounts,
    the_first_account_is_added_once,
    who_changes_an_old_version_is_told,
    admins_who_disable_each_other_leave_one,
    attempts_at_once_are_all_counted,
    a_lock_is_got_by_one,
    sessions_end,
    a_token_is_revoked_once,
    a_login_by_oidc_comes_back_once,
    the_audit_log_is_only_added_to,
    the_audit_log_is_filtered,
);

pub(crate) fn account(login: &str, role: Role) -> Account {
    Account {
        login: login.into(),
        display_name: "王五 \"Wu\" Wang".into(),
        role,
        password_hash: Some("$argon2id$v=19$m=1,t=1,p=1$c2FsdA$aGFzaA".to_owned().into()),
        oidc_subject: None,
        regions: vec!["440000".into(), "110000".into()],
        dealer_code: None,
        locale: Locale::Chinese,
        status: AccountStatus::Active,
        failed_attempts: 0,
        locked_until: None,
        // Nobody's clock stops at milliseconds.
        created_at: at(0) + chrono::TimeDelta::nanoseconds(123_456_789),
        updated_at: at(1),
        must_change_password: true,
        revision: 1,
    }
}

async fn an_account_is_read_as_it_was_written(world: Arc<World>) {
    let store = world.open().await;
    let written = Account {
        oidc_subject: Some("https://id.example 0815".into()),
        dealer_code: Some("D001".into()),
        locked_until: Some(at(60)),
        ..account("wu", Role::Dealer)
    };
    assert_eq!(store.insert_account(&written).await.unwrap(), Inserted::Done);
    assert_eq!(store.account("wu").await.unwrap(), Some(written.clone()));
    let found = store.account_of_subject("https://id.example 0815").await.unwrap();
    assert_eq!(found, Some(written));
    assert_eq!(store.account("Wu").await.unwrap(), None);
    assert_eq!(store.account("wu' or '1'='1").await.unwrap(), None);
    let bare = Account {
        password_hash: None,
        regions: vec![],
        locale: Locale::English,
        status: AccountStatus::Disabled,
        must_change_password: false,
        ..account("an", Role::Finance)
    };
    store.insert_account(&bare).await.unwrap();
    let all = store.accounts().await.unwrap();
    assert_eq!(all.iter().map(|a| a.login.as_str()).collect::<Vec<_>>(), ["an", "wu"]);
    assert_eq!(all[0], bare);
}

async fn a_login_and_a_subject_are_one_accounts(world: Arc<World>) {
    let store = world.open().await;
    let subject = Some("issuer 1".to_owned());
    let first = Account { oidc_subject: subject.clone(), ..account("a", Role::Admin) };
    assert_eq!(store.insert_account(&first).await.unwrap(), Inserted::Done);
    assert_eq!(store.insert_account(&first).await.unwrap(), Inserted::Taken);
    let other = Account { oidc_subject: subject.clone(), ..account("b", Role::Admin) };
    assert_eq!(store.insert_account(&other).await.unwrap(), Inserted::Taken);
    store.insert_account(&account("b", Role::Admin)).await.unwrap();
    assert_eq!(store.replace_account(&other).await.unwrap(), Replaced::SubjectTaken);
    assert_eq!(store.account("b").await.unwrap().unwrap().oidc_subject, None);
}

async fn the_first_account_is_added_once(world: Arc<World>) {
    let mut adding = tokio::task::JoinSet::new();
    for n in 0..6 {
        let store = world.open().await;
        adding.spawn(async move {
            store.insert_first_account(&account(&format!("admin{n}"), Role::Admin)).await.unwrap()
        });
    }
    let added = adding.join_all().await;
    assert_eq!(added.iter().filter(|added| **added == Inserted::Done).count(), 1);
    assert_eq!(world.open().await.accounts().await.unwrap().len(), 1);
}

async fn who_changes_an_old_version_is_told(world: Arc<World>) {
    let store = world.open().await;
    let first = account("a", Role::Finance);
    store.insert_account(&first).await.unwrap();
    store.count_attempt("a").await.unwrap();
    let changed = Account { display_name: "Zhao".into(), regions: vec![], ..first.clone() };
    assert_eq!(store.replace_account(&changed).await.unwrap(), Replaced::Done);
    assert_eq!(store.replace_account(&changed).await.unwrap(), Replaced::Stale);
    assert_eq!(store.replace_account(&account("z", Role::Admin)).await.unwrap(), Replaced::Stale);
    let kept = store.account("a").await.unwrap().unwrap();
    assert_eq!((kept.display_name.as_str(), kept.revision), ("Zhao", 2));
    assert_eq!(kept.failed_attempts, 1, "a change does not forgive attempts");
}

async fn admins_who_disable_each_other_leave_one(world: Arc<World>) {
    let store = world.open().await;
    for login in ["a", "b"] {
        store.insert_account(&account(login, Role::Admin)).await.unwrap();
    }
    let mut changing = tokio::task::JoinSet::new();
    for login in ["a", "b"] {
        let store = world.open().await;
        let off = Account { status: AccountStatus::Disabled, ..account(login, Role::Admin) };
        changing.spawn(async move { store.replace_account(&off).await.unwrap() });
    }
    let outcomes = changing.join_all().await;
    assert!(outcomes.contains(&Replaced::Done) && outcomes.contains(&Replaced::LastAdmin));
    let left = store.accounts().await.unwrap().into_iter().filter(Account::is_active_admin);
    assert_eq!(left.count(), 1);
}

async fn attempts_at_once_are_all_counted(world: Arc<World>) {
    let store = world.open().await;
    store.insert_account(&account("a", Role::Finance)).await.unwrap();
    assert_eq!(store.count_attempt("nobody").await.unwrap(), None);
    let mut guessing = tokio::task::JoinSet::new();
    for _ in 0..10 {
        let store = store.clone();
        guessing.spawn(async move { store.count_attempt("a").await.unwrap().unwrap().failed });
    }
    let mut counted = guessing.join_all().await;
    counted.sort_unstable();
    assert_eq!(counted, (1..=10).collect::<Vec<_>>());
    store.clear_attempts("a").await.unwrap();
    assert_eq!(store.count_attempt("a").await.unwrap().unwrap().failed, 1);
}

async fn a_lock_is_got_by_one(world: Arc<World>) {
    let store = world.open().await;
    store.insert_account(&account("a", Role::Finance)).await.unwrap();
    assert!(store.lock_account("a", at(0), at(10)).await.unwrap());
    assert!(!store.lock_account("a", at(9), at(20)).await.unwrap(), "locked until 10");
    assert!(store.lock_account("a", at(10), at(20)).await.unwrap());
    assert_eq!(store.count_attempt("a").await.unwrap().unwrap().locked_until, Some(at(20)));
    assert!(!store.lock_account("nobody", at(0), at(10)).await.unwrap());
}

fn session(hash: &str, login: &str, seen: i64, ends: i64) -> SessionRecord {
    SessionRecord {
        id_hash: Secret::new(hash),
        login: login.into(),
        csrf_token: Secret::new("csrf"),
        created_at: at(0),
        last_seen_at: at(seen),
        expires_at: at(ends),
        address: "192.0.2.1".into(),
        user_agent: "Mozilla/5.0".into(),
    }
}

async fn sessions_end(world: Arc<World>) {
    let store = world.open().await;
    for (hash, login, seen, ends) in
        [("1", "a", 50, 100), ("2", "a", 50, 100), ("3", "b", 5, 100), ("4", "b", 50, 60)]
    {
        store.insert_session(&session(hash, login, seen, ends)).await.unwrap();
    }
    assert_eq!(store.session("1").await.unwrap(), Some(session("1", "a", 50, 100)));
    store.touch_session("1", at(70)).await.unwrap();
    store.touch_session("1", at(60)).await.unwrap();
    assert_eq!(store.session("1").await.unwrap().unwrap().last_seen_at, at(70));
    assert_eq!(store.delete_ended_sessions(at(61), at(10)).await.unwrap(), 2);
    assert_eq!(store.session("3").await.unwrap(), None);
    assert_eq!(store.delete_sessions_of("a", Some("2")).await.unwrap(), 1);
    assert!(store.session("2").await.unwrap().is_some());
    store.delete_session("2").await.unwrap();
    assert_eq!(store.session("2").await.unwrap(), None);
}

async fn a_token_is_revoked_once(world: Arc<World>) {
    let store = world.open().await;
    let token = |id: &str, second| ApiToken {
        token_id: id.into(),
        name: "line 3".into(),
        role: Role::Device,
        login: None,
        hash: Secret::new(format!("hash {id}")),
        created_at: at(second),
        expires_at: Some(at(100)),
        revoked_at: None,
        last_used_at: None,
    };
    for (id, second) in [("a", 1), ("b", 2)] {
        store.insert_token(&token(id, second)).await.unwrap();
    }
    assert!(store.insert_token(&token("a", 3)).await.is_err());
    assert_eq!(store.tokens().await.unwrap(), [token("b", 2), token("a", 1)]);
    store.note_token_use("a", at(5)).await.unwrap();
    let used = ApiToken { last_used_at: Some(at(5)), ..token("a", 1) };
    assert_eq!(store.token_of_hash("hash a").await.unwrap(), Some(used.clone()));
    let revoked = ApiToken { revoked_at: Some(at(6)), ..used };
    assert_eq!(store.revoke_token("a", at(6)).await.unwrap(), Some(revoked.clone()));
    assert_eq!(store.revoke_token("a", at(7)).await.unwrap(), None);
    assert_eq!(store.token_of_hash("hash a").await.unwrap(), Some(revoked));
}

async fn a_login_by_oidc_comes_back_once(world: Arc<World>) {
    let store = world.open().await;
    let flow = |state: &str, second| OidcFlow {
        state_hash: Secret::new(state),
        nonce: Secret::new("nonce"),
        pkce_verifier: Secret::new("verifier"),
        return_to: "/map".into(),
        created_at: at(second),
        expires_at: at(second + 10),
    };
    store.insert_flow(&flow("old", 0)).await.unwrap();
    store.insert_flow(&flow("new", 20)).await.unwrap();
    assert_eq!(store.take_flow("old").await.unwrap(), None, "forgotten by the next one");
    let mut coming = tokio::task::JoinSet::new();
    for _ in 0..4 {
        let store = store.clone();
        coming.spawn(async move { store.take_flow("new").await.unwrap() });
    }
    let came: Vec<_> = coming.join_all().await.into_iter().flatten().collect();
    assert_eq!(came, [flow("new", 20)]);
}

pub(crate) fn entry(id: &str, actor: &str, action: &str, second: i64) -> AuditEntry {
    AuditEntry {
        entry_id: id.into(),
        at: at(second),
        actor: actor.into(),
        role: Some(Role::Admin),
        address: Some("192.0.2.1".into()),
        action: action.into(),
        object: "report regional-sales".into(),
        outcome: AuditOutcome::Done,
        detail: json!({"rows": 12345678901234567890_u64, "note": "导出"}),
    }
}

async fn the_audit_log_is_only_added_to(world: Arc<World>) {
    let store = world.open().await;
    store.append(&entry("1", "wu", "report.exported", 0)).await.unwrap();
    for sql in ["update audit_entry set actor = 'someone'", "delete from audit_entry"] {
        let error = world.run(sql).await.unwrap_err();
        assert!(error.to_string().contains("are only added"), "{error}");
    }
    assert!(store.append(&entry("1", "wu", "login", 1)).await.is_err(), "an entry is written once");
    let all = store.entries(&AuditFilter { entries_max: 10, ..Default::default() }).await.unwrap();
    assert_eq!(all, [entry("1", "wu", "report.exported", 0)]);
}

async fn the_audit_log_is_filtered(world: Arc<World>) {
    let store = world.open().await;
    let actions = ["account.added", "accounting", "login", "account.changed", "account"];
    for (n, action) in actions.iter().enumerate() {
        let actor = ["wu", "zhao"][n % 2];
        store.append(&entry(&format!("{n}"), actor, action, n as i64)).await.unwrap();
    }
    let ids = async |filter: AuditFilter| {
        let filter = AuditFilter { entries_max: filter.entries_max.max(1), ..filter };
        let found = store.entries(&filter).await.unwrap();
        found.into_iter().map(|entry| entry.entry_id).collect::<Vec<_>>().join("")
    };
    let of = |action: &str| AuditFilter {
        action: Some(action.into()),
        entries_max: 10,
        ..Default::default()
    };
    assert_eq!(ids(of("account.")).await, "30");
    assert_eq!(ids(of("account")).await, "4");
    assert_eq!(ids(of("log")).await, "");
    let wu = AuditFilter { actor: Some("wu".into()), entries_max: 10, ..Default::default() };
    assert_eq!(ids(wu).await, "420");
    let (from, to) = (Some(at(1)), Some(at(3)));
    assert_eq!(ids(AuditFilter { from, to, entries_max: 10, ..Default::default() }).await, "21");
    assert_eq!(ids(AuditFilter { entries_max: 2, ..Default::default() }).await, "43");
    let before_entry = Some("3".to_owned());
    assert_eq!(ids(AuditFilter { before_entry, entries_max: 2, ..Default::default() }).await, "21");
}

/// Something in every table of this file.
pub(crate) async fn fill(store: &Metadata) {
    store.insert_account(&account("wu", Role::Admin)).await.unwrap();
    store.insert_session(&session("1", "wu", 5, 100)).await.unwrap();
    let token = ApiToken {
        token_id: "t1".into(),
        name: "line 3".into(),
        role: Role::Device,
        login: None,
        hash: Secret::new("hash"),
        created_at: at(0),
        expires_at: None,
        revoked_at: None,
        last_used_at: None,
    };
    store.insert_token(&token).await.unwrap();
    store.append(&entry("1", "wu", "report.exported", 0)).await.unwrap();
}
