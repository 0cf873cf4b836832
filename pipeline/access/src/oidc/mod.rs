//! Login through an identity provider: OpenID Connect, authorization code with PKCE.
//!
//! An account is linked by issuer and subject. Mail addresses and names come from the provider and may be
//! anybody's; nothing is linked by them.

mod claims;
mod client;
mod config;
mod error;
mod http;
mod login;

pub use client::{Identity, OidcClient};
pub use config::{OidcConfig, RoleMapping};
pub use error::OidcError;
pub use login::{OidcReturn, OidcStart};
