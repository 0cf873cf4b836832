//! API tokens.

use chrono::TimeDelta;
use yuanliu_access::{
    AccountChange, AccountStatus, Actor, Clock, NewToken, Permission, Reach, Role, Secret,
    TokenStore,
};

use crate::support::{Hub, actor, code};

fn device(name: &str) -> NewToken {
    NewToken { name: name.to_owned(), login: None, expires_at: None }
}

#[tokio::test]
async fn a_device_sends_events_and_nothing_else() {
    let hub = Hub::staffed().await;
    let (record, text) =
        hub.access.create_token(&actor(Role::Admin), device("line 3")).await.unwrap();
    assert!(text.expose().starts_with("yl_") && text.expose().len() == 46, "{}", text.expose());
    assert!(!record.hash.expose().contains(text.expose()));
    let principal = hub.access.open_token(&text).await.unwrap();
    assert_eq!(principal.login, "token:line 3");
    assert_eq!(principal.reach(Permission::WriteEvents), Reach::All);
    assert!(!principal.may(Permission::Trace));
}

#[tokio::test]
async fn a_token_of_an_account_may_what_the_account_may_now() {
    let hub = Hub::staffed().await;
    let new = NewToken { login: Some("finance".to_owned()), ..device("month end") };
    let (record, text) = hub.access.create_token(&actor(Role::Admin), new).await.unwrap();
    assert_eq!((record.role, record.login.as_deref()), (Role::Finance, Some("finance")));
    assert_eq!(hub.access.open_token(&text).await.unwrap().role, Role::Finance);

    let change = AccountChange { role: Some(Role::Management), ..AccountChange::default() };
    hub.access.change_account(&Actor::system(), "finance", change).await.unwrap();
    assert_eq!(hub.access.open_token(&text).await.unwrap().role, Role::Management);

    hub.access.disable_account(&Actor::system(), "finance").await.unwrap();
    assert_eq!(code(hub.access.open_token(&text).await), "no_token");
    let status = Some(AccountStatus::Active);
    let change = AccountChange { status, ..AccountChange::default() };
    hub.access.change_account(&Actor::system(), "finance", change).await.unwrap();
    assert!(hub.access.open_token(&text).await.is_ok());
}

#[tokio::test]
async fn revoked_ended_and_unknown_ones_do_not_open() {
    let hub = Hub::staffed().await;
    let admin = actor(Role::Admin);
    let end = hub.clock.now() + TimeDelta::hours(1);
    let new = NewToken { expires_at: Some(end), ..device("for an hour") };
    let (_, short) = hub.access.create_token(&admin, new).await.unwrap();
    let (record, revoked) = hub.access.create_token(&admin, device("lost")).await.unwrap();

    hub.access.revoke_token(&admin, &record.token_id).await.unwrap();
    assert_eq!(code(hub.access.open_token(&revoked).await), "no_token");
    assert_eq!(code(hub.access.revoke_token(&admin, &record.token_id).await), "token_unknown");

    assert!(hub.access.open_token(&short).await.is_ok());
    hub.clock.advance(TimeDelta::hours(1));
    assert_eq!(code(hub.access.open_token(&short).await), "no_token");

    for wrong in ["", "yl_", "yl_AAAA", &format!("{}x", revoked.expose())] {
        assert_eq!(code(hub.access.open_token(&Secret::new(wrong)).await), "no_token");
    }
    assert_eq!(hub.access.tokens(&admin).await.unwrap().len(), 2);
}

#[tokio::test]
async fn its_use_is_noted_once_a_minute() {
    let hub = Hub::staffed().await;
    let (_, text) = hub.access.create_token(&actor(Role::Admin), device("line")).await.unwrap();
    let mut noted = Vec::new();
    for _ in 0..6 {
        hub.access.open_token(&text).await.unwrap();
        noted.push(hub.stores.tokens().await.unwrap()[0].last_used_at);
        hub.clock.advance(TimeDelta::seconds(20));
    }
    noted.dedup();
    assert_eq!(noted.len(), 2);
}

#[tokio::test]
async fn only_admins_make_them_and_only_sensible_ones() {
    let hub = Hub::staffed().await;
    for role in Role::ALL.into_iter().filter(|role| *role != Role::Admin) {
        let refused = hub.access.create_token(&actor(role), device("x")).await;
        assert_eq!(code(refused), "forbidden", "{role}");
        assert_eq!(code(hub.access.tokens(&actor(role)).await), "forbidden", "{role}");
    }
    let access = &hub.access;
    let make = |new| async move { code(access.create_token(&actor(Role::Admin), new).await) };
    assert_eq!(make(device(" ")).await, "token_name_malformed");
    let nobody = Some("nobody".to_owned());
    assert_eq!(make(NewToken { login: nobody, ..device("x") }).await, "account_unknown");
    let past = Some(hub.clock.now());
    assert_eq!(make(NewToken { expires_at: past, ..device("x") }).await, "token_ended");
}
