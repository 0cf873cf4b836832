//! An identity provider (OpenID Connect Core 1.0, authorization code flow with PKCE) on this machine, for tests.
//!
//! [`IdentityProvider::start`] serves discovery, keys, the authorization and the token endpoint on 127.0.0.1.
//! Everybody who comes to the authorization endpoint is the one person of [`IdentityProvider::claim`], and is sent
//! back at once. It can be told to misbehave by a [`Fault`].

mod answers;
mod fault;
mod keys;
mod provider;
mod token;

pub use fault::Fault;
pub use provider::{Arrival, IdentityProvider, ProviderError};

/// The one client the provider knows.
pub const CLIENT_ID: &str = "yuanliu";

/// Its secret.
pub const CLIENT_SECRET: &str = "the client's secret";
