//! Who is let in through the identity provider, and as what.

use chrono::TimeDelta;
use serde_json::json;
use yuanliu_access::{AccountChange, Actor, Clock, Locale, NewSession, OidcClient, Role};

use yuanliu_sandbox_identity::IdentityProvider;

use crate::oidc::provider::{client_of, come_back, config_of, mapping, start};
use crate::support::{ADDRESS, Hub, PASSWORD, actor, code, visitor};

async fn set_up() -> (Hub, IdentityProvider, OidcClient) {
    let hub = Hub::staffed().await;
    let provider = start(hub.clock.now()).await;
    let client = client_of(&provider);
    (hub, provider, client)
}

async fn log_in(hub: &Hub, provider: &IdentityProvider, client: &OidcClient) -> NewSession {
    let start = hub.access.start_oidc(client, "/cases?month=2026-05").await.unwrap();
    let back = come_back(provider, &start);
    let (session, page) = hub.access.finish_oidc(client, &back, &visitor(ADDRESS)).await.unwrap();
    assert_eq!(page, "/cases?month=2026-05");
    session
}

#[tokio::test]
async fn the_first_login_makes_an_account_and_the_next_finds_it() {
    let (hub, provider, client) = set_up().await;
    let session = log_in(&hub, &provider, &client).await;
    let principal = &session.opened.principal;
    assert_eq!(principal.login, "wang.wei");
    assert_eq!(principal.display_name, "王伟");
    assert_eq!((principal.role, principal.locale), (Role::Operations, Locale::English));
    assert!(!session.opened.must_change_password);
    assert_eq!(hub.access.open_session(&session.cookie).await.unwrap(), session.opened);

    let account = hub.account("wang.wei").await;
    assert_eq!(account.oidc_subject, Some(client.linked_subject("u-1")));
    assert!(account.password_hash.is_none());
    assert_eq!(code(hub.log_in("wang.wei", PASSWORD).await), "wrong_login");

    let again = log_in(&hub, &provider, &client).await;
    assert_eq!(again.opened.principal, *principal);
    let lines = hub.log_lines().await;
    assert_eq!(lines.iter().filter(|line| line.contains("wang.wei login done")).count(), 2);
    assert_eq!(provider.key_reads(), 1, "keys are kept for a while");
}

#[tokio::test]
async fn the_first_mapping_that_fits_counts() {
    let (hub, provider, _) = set_up().await;
    let mut config = config_of(&provider);
    config.roles = vec![
        mapping("hub-zhejiang", Role::Management, &["330000"]),
        mapping("hub-operations", Role::Operations, &[]),
    ];
    config.role_claim = "resource_access.hub.roles".to_owned();
    let client = OidcClient::new(config, Some(yuanliu_access::Secret::new("the client's secret")));
    let client = client.unwrap();
    let roles = json!({"hub": {"roles": ["hub-operations", "hub-zhejiang"]}});
    provider.claim("resource_access", roles);
    let principal = log_in(&hub, &provider, &client).await.opened.principal;
    assert_eq!(principal.role, Role::Management);
    assert_eq!(principal.regions, ["330000"]);
}

#[tokio::test]
async fn a_changed_claim_changes_the_role_and_ends_sessions() {
    let (hub, provider, client) = set_up().await;
    let before = log_in(&hub, &provider, &client).await;
    provider.claim("groups", json!(["hub-admins"]));
    let after = log_in(&hub, &provider, &client).await;
    assert_eq!(after.opened.principal.role, Role::Admin);
    assert_eq!(code(hub.access.open_session(&before.cookie).await), "no_session");
    let lines = hub.log_lines().await;
    assert!(lines.contains(&"system account.changed done".to_owned()), "{lines:?}");
}

/// A name or a mail address that equals somebody's login is no proof of being them.
#[tokio::test]
async fn nobody_becomes_somebody_else_by_name_or_mail() {
    let (hub, provider, client) = set_up().await;
    for (subject, name) in [("u-2", "admin"), ("u-3", "public"), ("u-4", "no login at all!")] {
        provider.claim("sub", json!(subject));
        provider.claim("preferred_username", json!(name));
        provider.claim("email", json!("admin"));
        let principal = log_in(&hub, &provider, &client).await.opened.principal;
        assert!(principal.login.starts_with("oidc-"), "{}", principal.login);
        assert_eq!(principal.role, Role::Operations);
    }
    assert!(hub.account("admin").await.oidc_subject.is_none());
}

#[tokio::test]
async fn an_admin_links_an_account_by_hand() {
    let (hub, provider, client) = set_up().await;
    let subject = Some(Some(client.linked_subject("u-1")));
    let change = AccountChange { oidc_subject: subject.clone(), ..AccountChange::default() };
    let admin = actor(Role::Admin);
    hub.access.change_account(&admin, "finance", change).await.unwrap();
    let principal = log_in(&hub, &provider, &client).await.opened.principal;
    assert_eq!(principal.login, "finance");
    assert_eq!(principal.role, Role::Operations, "what the claim says");
    let change = AccountChange { oidc_subject: subject, ..AccountChange::default() };
    let twice = hub.access.change_account(&Actor::system(), "management", change).await;
    assert_eq!(code(twice), "subject_taken");
}

#[tokio::test]
async fn new_keys_of_the_provider_are_fetched_when_they_are_needed() {
    let (hub, provider, client) = set_up().await;
    log_in(&hub, &provider, &client).await;
    provider.rotate_keys();
    hub.clock.advance(TimeDelta::minutes(1));
    provider.set_now(hub.clock.now());
    log_in(&hub, &provider, &client).await;
    assert_eq!(provider.key_reads(), 2);
    hub.clock.advance(TimeDelta::hours(1));
    provider.set_now(hub.clock.now());
    log_in(&hub, &provider, &client).await;
    assert_eq!(provider.key_reads(), 3, "read again after an hour");
}

#[tokio::test]
async fn every_login_has_secrets_of_its_own() {
    let (hub, _provider, client) = set_up().await;
    let part = |url: &str, name: &str| {
        let (_, query) = url.split_once('?').unwrap();
        let found = form_urlencoded::parse(query.as_bytes()).find(|(key, _)| key == name);
        found.unwrap().1.into_owned()
    };
    let one = hub.access.start_oidc(&client, "/").await.unwrap().url;
    let two = hub.access.start_oidc(&client, "/").await.unwrap().url;
    for name in ["state", "nonce", "code_challenge"] {
        assert_ne!(part(&one, name), part(&two, name), "{name}");
        assert_eq!(part(&one, name).len(), 43, "{name}");
    }
}
