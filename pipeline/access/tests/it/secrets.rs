//! What must not be seen is seen nowhere.

use yuanliu_access::{Actor, NewToken, OidcFlow, Role, Secret, SessionStore, TokenStore};

use crate::sessions::sha256_hex;
use crate::support::{ADDRESS, Hub, PASSWORD, actor, visitor};

fn shows<T: std::fmt::Debug>(value: &T, secret: &Secret) -> bool {
    format!("{value:?}{value:#?}").contains(secret.expose())
}

#[tokio::test]
async fn debug_shows_no_secret() {
    let hub = Hub::staffed().await;
    let hash = hub.account("finance").await.password_hash.unwrap();
    assert!(!shows(&hub.account("finance").await, &hash));

    let session = hub.log_in("finance", PASSWORD).await.unwrap();
    let id_hash = Secret::new(sha256_hex(session.cookie.expose()));
    let record = hub.stores.session(id_hash.expose()).await.unwrap().unwrap();
    for secret in [&session.cookie, &session.opened.csrf_token] {
        assert!(!shows(&session, secret) && !shows(&record, secret));
    }
    assert!(!shows(&record, &id_hash));

    let new = NewToken { name: "line".to_owned(), login: None, expires_at: None };
    let made = hub.access.create_token(&actor(Role::Admin), new).await.unwrap();
    assert!(!shows(&made, &made.1) && !shows(&made, &made.0.hash));

    let first = Hub::empty().access.bootstrap(None).await.unwrap().unwrap();
    assert!(!shows(&first, first.password.as_ref().unwrap()));

    let come =
        yuanliu_access::Visitor { session: Some(session.cookie.clone()), ..visitor(ADDRESS) };
    assert!(!shows(&come, &session.cookie));

    let at = yuanliu_access::Clock::now(&*hub.clock);
    let flow = OidcFlow {
        state_hash: Secret::new("the state"),
        nonce: Secret::new("the nonce"),
        pkce_verifier: Secret::new("the verifier"),
        return_to: "/".to_owned(),
        created_at: at,
        expires_at: at,
    };
    for secret in [&flow.state_hash, &flow.nonce, &flow.pkce_verifier] {
        assert!(!shows(&flow, secret));
    }
}

#[tokio::test]
async fn the_log_holds_no_secret() {
    let hub = Hub::staffed().await;
    let admin = actor(Role::Admin);
    let mut secrets = vec![Secret::new(PASSWORD), Secret::new("a wrong password")];
    let session = hub.log_in("finance", PASSWORD).await.unwrap();
    secrets.extend([session.cookie.clone(), session.opened.csrf_token.clone()]);
    for _ in 0..6 {
        hub.log_in("dealer", "a wrong password").await.unwrap_err();
    }
    // A password that slipped into the field of the login.
    let slipped = "my-secret-pass";
    hub.log_in(slipped, "finance").await.unwrap_err();
    secrets.push(Secret::new(slipped));
    secrets.push(hub.access.reset_password(&admin, "dealer", None).await.unwrap().unwrap());
    let new = NewToken { name: "line".to_owned(), login: None, expires_at: None };
    let (token, text) = hub.access.create_token(&admin, new).await.unwrap();
    hub.access.revoke_token(&admin, &token.token_id).await.unwrap();
    secrets.extend([text, token.hash]);
    hub.access.log_out(&session.cookie, ADDRESS).await.unwrap();
    hub.access.disable_account(&Actor::system(), "dealer").await.unwrap();
    secrets.push(hub.account("finance").await.password_hash.unwrap());

    let log = serde_json::to_string(&hub.log().await).unwrap();
    for secret in secrets {
        assert!(!log.contains(secret.expose()));
    }
    assert!(log.contains("token.created") && log.contains("(unknown login)"));
    let mut ids: Vec<_> = hub.log().await.into_iter().map(|entry| entry.entry_id).collect();
    let written = ids.clone();
    ids.sort();
    assert_eq!(ids, written, "ids sort by time");
    assert_eq!(hub.stores.tokens().await.unwrap().len(), 1);
}

#[test]
fn secrets_are_compared_as_a_whole() {
    let secret = Secret::new("abc");
    assert!(secret.matches("abc") && secret == Secret::new("abc"));
    for other in ["", "ab", "abd", "abcd", "ABC"] {
        assert!(!secret.matches(other) && secret != Secret::new(other));
    }
}
