//! Who may do what: roles and what they may do, the rows each sees, logins, sessions and tokens.
//!
//! Everything here is decided over traits and a clock: no database, no HTTP server, no reading of the
//! environment. What a secret is shown to once is kept as a hash.

pub mod audit;
pub mod clock;
pub mod permission;
pub mod principal;
pub mod records;
pub mod role;
pub mod scope;
pub mod secret;
pub mod stores;

pub use audit::{AuditEntry, AuditFilter, AuditOutcome};
pub use clock::Clock;
pub use permission::{Permission, Reach};
pub use principal::Principal;
pub use records::{Account, AccountStatus, ApiToken, OidcFlow, SessionRecord};
pub use role::{Locale, Role, UnknownRole};
pub use scope::{DealerScope, RegionScope, RowScope};
pub use secret::Secret;
pub use stores::{
    AccountStore, Attempts, AuditLog, Inserted, OidcFlowStore, Replaced, SessionStore, StoreError,
    TokenStore,
};
