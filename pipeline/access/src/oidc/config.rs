//! The section `[oidc]` of the configuration.

use openidconnect::url::{Host, Url};
use serde::Deserialize;

use crate::account_rules::check_regions;
use crate::role::{Locale, Role};

/// How the hub logs people in through an identity provider.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OidcConfig {
    /// What the button says.
    pub name: String,
    /// The provider; `/.well-known/openid-configuration` is read below it.
    pub issuer: String,
    /// What the provider calls the hub.
    pub client_id: String,
    /// A reference to the secret, `env:NAME` or `file:PATH`; none for a public client.
    #[serde(default)]
    pub client_secret: Option<String>,
    /// Where the provider sends people back: the hub's address and `/api/v1/session/oidc/callback`.
    pub redirect_url: String,
    /// What is asked for besides `openid`.
    #[serde(default = "default_scopes")]
    pub scopes: Vec<String>,
    /// The claim that says what somebody is; points go into objects: `realm_access.roles`.
    pub role_claim: String,
    /// What the claim's values mean. The first that fits counts; without one nobody is let in.
    pub roles: Vec<RoleMapping>,
    /// The language of accounts made at a first login.
    #[serde(default)]
    pub locale: Locale,
    /// The provider answers within so long.
    #[serde(default = "default_timeout_s")]
    pub timeout_s: u32,
}

/// What a value of the claim means.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RoleMapping {
    /// The value, to the letter.
    pub claim: String,
    /// The role: one of staff.
    pub role: Role,
    /// The regions they see; empty: all China.
    #[serde(default)]
    pub regions: Vec<String>,
}

fn default_scopes() -> Vec<String> {
    vec!["profile".to_owned()]
}

fn default_timeout_s() -> u32 {
    10
}

impl OidcConfig {
    /// Everything that is wrong with the section, each with its key.
    #[must_use]
    pub fn problems(&self) -> Vec<String> {
        let mut problems = Vec::new();
        for (key, text) in [("issuer", &self.issuer), ("redirect_url", &self.redirect_url)] {
            problems.extend(url_problem(key, text));
        }
        for (key, text) in
            [("name", &self.name), ("client_id", &self.client_id), ("role_claim", &self.role_claim)]
        {
            if text.trim().is_empty() {
                problems.push(format!("oidc.{key} is empty"));
            }
        }
        if self.client_secret.as_deref().is_some_and(|text| !is_reference(text)) {
            problems.push("oidc.client_secret should be env:NAME or file:PATH".to_owned());
        }
        if self.timeout_s == 0 {
            problems.push("oidc.timeout_s should be at least 1".to_owned());
        }
        if self.roles.is_empty() {
            problems.push("oidc.roles is empty: nobody could log in".to_owned());
        }
        problems.extend(self.roles.iter().filter_map(mapping_problem));
        problems
    }
}

fn is_reference(text: &str) -> bool {
    text.starts_with("env:") || text.starts_with("file:")
}

fn mapping_problem(mapping: &RoleMapping) -> Option<String> {
    let claim = &mapping.claim;
    if !mapping.role.is_staff() {
        return Some(format!(
            "oidc.roles: {claim:?} means {}; only admin, management, operations and finance log in so",
            mapping.role
        ));
    }
    check_regions(mapping.role, &mapping.regions)
        .err()
        .map(|fault| format!("oidc.roles: {claim:?}: {fault}"))
}

/// Codes and tokens pass over these addresses; in clear only within this machine.
fn url_problem(key: &str, text: &str) -> Option<String> {
    let Ok(url) = Url::parse(text) else {
        return Some(format!("oidc.{key} {text:?} is no address"));
    };
    let is_here = match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    };
    let is_safe = url.scheme() == "https" || (url.scheme() == "http" && is_here);
    (!is_safe).then(|| format!("oidc.{key} {text:?} should begin with https://"))
}
