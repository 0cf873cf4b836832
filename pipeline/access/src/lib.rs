//! Who may do what: roles and what they may do, the rows each sees, logins, sessions and tokens.
//!
//! Everything here is decided over traits and a clock: no database, no HTTP server, no reading of the
//! environment. What a secret is shown to once is kept as a hash.

pub mod access;
pub mod account_rules;
pub mod accounts;
pub mod audit;
pub mod bootstrap;
pub mod clock;
pub mod error;
pub mod lockout;
mod login;
pub mod memory;
#[cfg(feature = "oidc")]
pub mod oidc;
mod own_password;
pub mod password_hash;
pub mod password_policy;
pub mod permission;
pub mod principal;
mod random;
pub mod records;
pub mod reports;
pub mod role;
pub mod scope;
pub mod secret;
pub mod session_rules;
pub mod sessions;
pub mod stores;
pub mod tokens;

pub use access::{Access, AccessRules, Actor, Stores};
pub use account_rules::AccountFault;
pub use accounts::{AccountChange, NewAccount};
pub use audit::{AuditEntry, AuditFilter, AuditOutcome};
pub use bootstrap::FirstAdmin;
pub use clock::Clock;
pub use error::AccessError;
pub use lockout::LockoutRules;
pub use memory::MemoryStores;
#[cfg(feature = "oidc")]
pub use oidc::{OidcClient, OidcConfig, OidcError};
pub use password_hash::PasswordHasher;
pub use password_policy::PasswordFault;
pub use permission::{Permission, Reach};
pub use principal::Principal;
pub use records::{Account, AccountStatus, ApiToken, OidcFlow, SessionRecord};
pub use role::{Locale, Role, UnknownRole};
pub use scope::{DealerScope, RegionScope, RowScope};
pub use secret::Secret;
pub use session_rules::SessionRules;
pub use sessions::{NewSession, Opened, Visitor};
pub use stores::{
    AccountStore, Attempts, AuditLog, Inserted, OidcFlowStore, Replaced, SessionStore, StoreError,
    TokenStore,
};
pub use tokens::NewToken;
