//! What is not let in through the identity provider, and what is said about it.

use chrono::TimeDelta;
use serde_json::json;
use yuanliu_access::{
    AccessError, AccountStore, Actor, Clock, OidcClient, OidcConfig, OidcReturn, Secret,
};

use yuanliu_sandbox_identity::{CLIENT_SECRET, Fault, IdentityProvider};

use crate::oidc::provider::{client_of, come_back, config_of, start};
use crate::support::{ADDRESS, Hub, code, visitor};

async fn set_up() -> (Hub, IdentityProvider, OidcClient) {
    let hub = Hub::staffed().await;
    let provider = start(hub.clock.now()).await;
    let client = client_of(&provider);
    (hub, provider, client)
}

async fn finish(hub: &Hub, client: &OidcClient, back: &OidcReturn) -> Result<String, AccessError> {
    let finished = hub.access.finish_oidc(client, back, &visitor(ADDRESS)).await;
    finished.map(|(session, _)| session.opened.principal.login)
}

async fn log_in(
    hub: &Hub,
    provider: &IdentityProvider,
    client: &OidcClient,
) -> Result<String, AccessError> {
    let start = hub.access.start_oidc(client, "/").await?;
    finish(hub, client, &come_back(provider, &start)).await
}

#[tokio::test]
async fn a_token_that_does_not_hold_is_refused() {
    for (fault, expected, says) in [
        (Fault::WrongNonce, "oidc_wrong_nonce", "wrong nonce"),
        (Fault::WrongAudience, "oidc_wrong_audience", "wrong audience"),
        (Fault::WrongIssuer, "oidc_wrong_issuer", "wrong issuer"),
        (Fault::Expired, "oidc_expired", "expired"),
        (Fault::SignedByAnother, "oidc_wrong_signature", "wrong signature"),
        (Fault::Tampered, "oidc_wrong_signature", "wrong signature"),
        (Fault::Unsigned, "oidc_wrong_signature", "wrong signature"),
        (Fault::SignedWithSecret, "oidc_wrong_signature", "wrong signature"),
        (Fault::NoIdToken, "oidc_malformed", "no ID token"),
    ] {
        let (hub, provider, client) = set_up().await;
        provider.misbehave(fault);
        let error = log_in(&hub, &provider, &client).await.unwrap_err();
        assert_eq!(error.code(), expected, "{fault:?}: {error}");
        assert!(error.to_string().contains(says), "{fault:?}: {error}");
        assert!(!error.chinese().is_empty() && !error.is_internal());
        assert!(hub.stores.account("wang.wei").await.unwrap().is_none(), "{fault:?}");
        let entry = hub.log().await.pop().unwrap();
        assert_eq!((entry.action.as_str(), entry.outcome.name()), ("login", "refused"));
        assert_eq!(entry.detail["code"], expected);
    }
}

#[tokio::test]
async fn a_provider_that_does_not_answer_is_told_apart_from_one_that_answers_nonsense() {
    for (fault, expected) in [
        (Fault::Silent, "oidc_unreachable"),
        (Fault::Endless, "oidc_unreachable"),
        (Fault::ServerError, "oidc_malformed"),
        (Fault::NotJson, "oidc_malformed"),
    ] {
        let (hub, provider, _) = set_up().await;
        let timeout_s = if fault == Fault::Silent { 1 } else { 60 };
        let config = OidcConfig { timeout_s, ..config_of(&provider) };
        let client = OidcClient::new(config, None).unwrap();
        provider.misbehave(fault);
        let refused = hub.access.start_oidc(&client, "/").await;
        assert_eq!(code(refused), expected, "{fault:?}");
    }
}

#[tokio::test]
async fn a_provider_that_is_down_is_unreachable_at_either_step() {
    let (hub, provider, client) = set_up().await;
    let start = hub.access.start_oidc(&client, "/").await.unwrap();
    let back = come_back(&provider, &start);
    let other = client_of(&provider);
    drop(provider);
    // The listener is closed when its task has ended.
    while tokio::net::TcpStream::connect(start.url[7..].split('/').next().unwrap()).await.is_ok() {
        tokio::task::yield_now().await;
    }
    assert_eq!(code(finish(&hub, &client, &back).await), "oidc_unreachable");
    let error = hub.access.start_oidc(&other, "/").await.unwrap_err();
    assert!(error.to_string().contains("try again, or log in by password"), "{error}");
}

#[tokio::test]
async fn a_state_works_once_in_its_browser_and_in_time() {
    let (hub, provider, client) = set_up().await;
    let begin = async || {
        let start = hub.access.start_oidc(&client, "/").await.unwrap();
        come_back(&provider, &start)
    };
    let back = begin().await;
    assert_eq!(finish(&hub, &client, &back).await.unwrap(), "wang.wei");
    assert_eq!(code(finish(&hub, &client, &back).await), "oidc_unknown_state", "replayed");

    let back = begin().await;
    for cookie in [None, Some(Secret::new("")), begin().await.cookie] {
        let stolen = OidcReturn { cookie, ..begin().await };
        assert_eq!(code(finish(&hub, &client, &stolen).await), "oidc_unknown_state");
    }
    let made_up = OidcReturn {
        state: "made up".to_owned(),
        cookie: Some(Secret::new("made up")),
        ..back.clone()
    };
    assert_eq!(code(finish(&hub, &client, &made_up).await), "oidc_unknown_state");

    hub.clock.advance(TimeDelta::minutes(10));
    assert_eq!(code(finish(&hub, &client, &back).await), "oidc_unknown_state", "late");
}

/// Somebody puts the code of their own login into another's browser, or a code into another flow.
#[tokio::test]
async fn a_code_of_another_login_is_refused() {
    let (hub, provider, client) = set_up().await;
    let mine = come_back(&provider, &hub.access.start_oidc(&client, "/").await.unwrap());
    let theirs = come_back(&provider, &hub.access.start_oidc(&client, "/").await.unwrap());
    let mixed = OidcReturn { code: theirs.code, ..mine };
    assert_eq!(code(finish(&hub, &client, &mixed).await), "oidc_code_refused");
}

#[tokio::test]
async fn what_the_provider_declines_is_passed_on() {
    let (hub, provider, client) = set_up().await;
    let start = hub.access.start_oidc(&client, "/").await.unwrap();
    let error = Some("access_denied".to_owned());
    let back = OidcReturn { code: None, error, ..come_back(&provider, &start) };
    let error = finish(&hub, &client, &back).await.unwrap_err();
    assert_eq!(error.to_string(), "the identity provider did not log in: access_denied");
}

#[tokio::test]
async fn a_wrong_client_secret_is_said_to_be_refused() {
    let (hub, provider, _) = set_up().await;
    let client =
        OidcClient::new(config_of(&provider), Some(Secret::new("not the secret"))).unwrap();
    let error = log_in(&hub, &provider, &client).await.unwrap_err();
    assert_eq!(error.code(), "oidc_code_refused");
    assert!(!format!("{error:?}").contains("not the secret"));
    assert_ne!("not the secret", CLIENT_SECRET);
}

#[tokio::test]
async fn who_has_no_role_here_is_not_let_in() {
    let (hub, provider, client) = set_up().await;
    for claim in [json!(["everybody"]), json!([]), json!("hub-admins2"), json!(null), json!(7)] {
        provider.claim("groups", claim.clone());
        let refused = log_in(&hub, &provider, &client).await;
        assert_eq!(code(refused), "oidc_no_role", "{claim}");
    }
    assert!(hub.stores.account("wang.wei").await.unwrap().is_none());
}

#[tokio::test]
async fn a_disabled_account_stays_shut() {
    let (hub, provider, client) = set_up().await;
    log_in(&hub, &provider, &client).await.unwrap();
    hub.access.disable_account(&Actor::system(), "wang.wei").await.unwrap();
    assert_eq!(code(log_in(&hub, &provider, &client).await), "account_disabled");
}

/// The provider cannot leave the hub without an admin either.
#[tokio::test]
async fn the_last_admin_is_not_demoted_by_a_claim() {
    let (hub, provider, client) = set_up().await;
    provider.claim("groups", json!(["hub-admins"]));
    log_in(&hub, &provider, &client).await.unwrap();
    hub.access.disable_account(&Actor::system(), "admin").await.unwrap();
    provider.claim("groups", json!(["hub-operations"]));
    assert_eq!(code(log_in(&hub, &provider, &client).await), "last_admin");
    assert!(hub.account("wang.wei").await.is_active_admin());
}
