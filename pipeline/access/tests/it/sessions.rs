//! How long a session holds, and what ends it.

use chrono::TimeDelta;
use yuanliu_access::{AccountChange, Actor, NewSession, Role, Secret, SessionStore, Visitor};

use crate::support::{ADDRESS, Hub, PASSWORD, actor, code, visitor};

async fn opens(hub: &Hub, session: &NewSession) -> bool {
    hub.access.open_session(&session.cookie).await.is_ok()
}

#[tokio::test]
async fn it_ends_when_unused_and_however_much_it_is_used() {
    let hub = Hub::staffed().await;
    let unused = hub.log_in("finance", PASSWORD).await.unwrap();
    hub.clock.advance(TimeDelta::minutes(119));
    let used = hub.log_in("finance", PASSWORD).await.unwrap();
    assert!(opens(&hub, &unused).await);
    hub.clock.advance(TimeDelta::minutes(120));
    assert!(!opens(&hub, &unused).await, "idle for two hours");
    assert!(!opens(&hub, &used).await, "idle for two hours");

    let busy = hub.log_in("finance", PASSWORD).await.unwrap();
    for _ in 0..11 {
        hub.clock.advance(TimeDelta::hours(1));
        assert!(opens(&hub, &busy).await);
    }
    hub.clock.advance(TimeDelta::hours(1));
    assert!(!opens(&hub, &busy).await, "twelve hours old");
}

#[tokio::test]
async fn its_use_is_noted_once_a_minute() {
    let hub = Hub::staffed().await;
    let session = hub.log_in("finance", PASSWORD).await.unwrap();
    let hash = sha256_hex(session.cookie.expose());
    let mut noted = Vec::new();
    for _ in 0..5 {
        hub.clock.advance(TimeDelta::seconds(25));
        assert!(opens(&hub, &session).await);
        noted.push(hub.stores.session(&hash).await.unwrap().unwrap().last_seen_at);
    }
    noted.dedup();
    assert_eq!(noted.len(), 2);
}

#[tokio::test]
async fn a_login_begins_a_new_one_and_ends_the_old() {
    let hub = Hub::staffed().await;
    let first = hub.log_in("finance", PASSWORD).await.unwrap();
    let again = Visitor { session: Some(first.cookie.clone()), ..visitor(ADDRESS) };
    let second = hub.access.log_in("finance", Secret::new(PASSWORD), &again).await.unwrap();
    assert_ne!(first.cookie, second.cookie);
    assert_ne!(first.opened.csrf_token, second.opened.csrf_token);
    assert!(!opens(&hub, &first).await);
    assert!(opens(&hub, &second).await);
}

#[tokio::test]
async fn changing_something_needs_the_token_of_the_page() {
    let hub = Hub::staffed().await;
    let opened = hub.log_in("finance", PASSWORD).await.unwrap().opened;
    let other = hub.log_in("finance", PASSWORD).await.unwrap().opened;
    opened.check_csrf(Some(opened.csrf_token.expose())).unwrap();
    for wrong in [None, Some(""), Some("x"), Some(other.csrf_token.expose())] {
        assert_eq!(code(opened.check_csrf(wrong)), "wrong_csrf_token");
    }
}

#[tokio::test]
async fn a_logout_ends_it() {
    let hub = Hub::staffed().await;
    let session = hub.log_in("finance", PASSWORD).await.unwrap();
    hub.access.log_out(&session.cookie, ADDRESS).await.unwrap();
    assert!(!opens(&hub, &session).await);
    assert_eq!(code(hub.access.log_out(&session.cookie, ADDRESS).await), "no_session");
    assert_eq!(hub.log_lines().await.last().unwrap(), "finance logout done");
}

#[tokio::test]
async fn new_rights_or_a_new_password_end_every_one() {
    let hub = Hub::staffed().await;
    let admin = actor(Role::Admin);
    let change = |change: AccountChange| hub.access.change_account(&admin, "finance", change);
    let session = || hub.log_in("finance", PASSWORD);

    let open = session().await.unwrap();
    let name = Some("Another name".to_owned());
    change(AccountChange { display_name: name, ..AccountChange::default() }).await.unwrap();
    assert!(opens(&hub, &open).await, "a name is no right");

    change(AccountChange { role: Some(Role::Management), ..AccountChange::default() })
        .await
        .unwrap();
    assert!(!opens(&hub, &open).await, "role");

    let open = session().await.unwrap();
    let regions = Some(vec!["330000".to_owned()]);
    change(AccountChange { regions, ..AccountChange::default() }).await.unwrap();
    assert!(!opens(&hub, &open).await, "regions");

    let open = session().await.unwrap();
    let next = Some(Secret::new("another long enough one"));
    assert!(hub.access.reset_password(&admin, "finance", next).await.unwrap().is_none());
    assert!(!opens(&hub, &open).await, "password");

    let open = hub.log_in("finance", "another long enough one").await.unwrap();
    hub.access.disable_account(&admin, "finance").await.unwrap();
    assert!(!opens(&hub, &open).await, "disabled");
}

#[tokio::test]
async fn ones_own_password_is_changed_with_the_old_one() {
    let hub = Hub::staffed().await;
    let here = hub.log_in("finance", PASSWORD).await.unwrap();
    let elsewhere = hub.log_in("finance", PASSWORD).await.unwrap();
    let with = |cookie: &Secret| Visitor { session: Some(cookie.clone()), ..visitor(ADDRESS) };
    let change = |cookie: &Secret, current: &str, next: &str| {
        let (current, next, visitor) = (Secret::new(current), Secret::new(next), with(cookie));
        let access = hub.access.clone();
        async move { access.change_own_password(current, next, &visitor).await }
    };
    let next = "quite another password";
    assert_eq!(code(change(&here.cookie, "a wrong password", next).await), "wrong_login");
    assert_eq!(code(change(&here.cookie, PASSWORD, "short").await), "password_too_short");
    assert_eq!(code(change(&here.cookie, PASSWORD, PASSWORD).await), "password_unchanged");
    assert_eq!(code(change(&Secret::new("no cookie"), PASSWORD, next).await), "no_session");

    let fresh = change(&here.cookie, PASSWORD, next).await.unwrap();
    assert!(!fresh.opened.must_change_password);
    assert!(!opens(&hub, &here).await && !opens(&hub, &elsewhere).await);
    assert!(opens(&hub, &fresh).await);
    assert_eq!(code(hub.log_in("finance", PASSWORD).await), "wrong_login");
    hub.log_in("finance", next).await.unwrap();
}

/// A stolen session must not become a way to guess the password.
#[tokio::test]
async fn guessing_the_old_password_locks_as_at_a_login() {
    let hub = Hub::staffed().await;
    let open = hub.log_in("finance", PASSWORD).await.unwrap();
    let come = Visitor { session: Some(open.cookie), ..visitor(ADDRESS) };
    let guess = || {
        let (old, new) = (Secret::new("a wrong password"), Secret::new("another long one"));
        hub.access.change_own_password(old, new, &come)
    };
    for _ in 0..5 {
        assert_eq!(code(guess().await), "wrong_login");
    }
    assert_eq!(code(guess().await), "locked");
}

#[tokio::test]
async fn those_that_are_over_are_forgotten() {
    let hub = Hub::staffed().await;
    for _ in 0..3 {
        hub.log_in("finance", PASSWORD).await.unwrap();
    }
    hub.clock.advance(TimeDelta::hours(3));
    let open = hub.log_in("finance", PASSWORD).await.unwrap();
    assert_eq!(hub.access.forget_ended_sessions().await.unwrap(), 0, "a login did it");
    assert!(opens(&hub, &open).await);
    hub.access.reset_password(&Actor::system(), "finance", None).await.unwrap();
    assert!(!opens(&hub, &open).await);
}

pub(crate) fn sha256_hex(text: &str) -> String {
    use sha2::Digest;
    hex::encode(sha2::Sha256::digest(text.as_bytes()))
}
