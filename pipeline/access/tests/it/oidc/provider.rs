//! The provider as this crate's client meets it.

use chrono::{DateTime, Utc};
use yuanliu_access::oidc::RoleMapping;
use yuanliu_access::{Locale, OidcClient, OidcConfig, OidcReturn, OidcStart, Role, Secret};
use yuanliu_sandbox_identity::{CLIENT_ID, CLIENT_SECRET, IdentityProvider};

const REDIRECT: &str = "http://127.0.0.1:8080/api/v1/session/oidc/callback";

pub(crate) async fn start(now: DateTime<Utc>) -> IdentityProvider {
    IdentityProvider::start(Some(now)).await.unwrap()
}

pub(crate) fn config_of(provider: &IdentityProvider) -> OidcConfig {
    let roles = [("hub-admins", Role::Admin), ("hub-operations", Role::Operations)];
    OidcConfig {
        name: "统一登录".to_owned(),
        issuer: provider.issuer(),
        client_id: CLIENT_ID.to_owned(),
        client_secret: Some("env:SECRET".to_owned()),
        redirect_url: REDIRECT.to_owned(),
        scopes: vec!["profile".to_owned()],
        role_claim: "groups".to_owned(),
        roles: roles.map(|(claim, role)| mapping(claim, role, &[])).to_vec(),
        locale: Locale::English,
        timeout_s: 60,
    }
}

pub(crate) fn client_of(provider: &IdentityProvider) -> OidcClient {
    OidcClient::new(config_of(provider), Some(Secret::new(CLIENT_SECRET))).unwrap()
}

/// Somebody logs in over there, and their browser comes back.
pub(crate) fn come_back(provider: &IdentityProvider, start: &OidcStart) -> OidcReturn {
    let arrival = provider.authorize(&start.url).unwrap();
    assert_eq!(arrival.redirect, REDIRECT);
    OidcReturn {
        state: arrival.state,
        code: Some(arrival.code),
        error: None,
        cookie: Some(start.state.clone()),
    }
}

pub(crate) fn mapping(claim: &str, role: Role, regions: &[&str]) -> RoleMapping {
    let regions = regions.iter().map(|code| (*code).to_owned()).collect();
    RoleMapping { claim: claim.to_owned(), role, regions }
}
