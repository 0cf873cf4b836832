//! What the metadata store keeps about people, sessions and tokens.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::principal::Principal;
use crate::role::{Locale, Role};
use crate::secret::Secret;

/// Whether an account may be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AccountStatus {
    /// May log in.
    Active,
    /// May not.
    Disabled,
}

impl AccountStatus {
    /// The name in records and answers.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Disabled => "disabled",
        }
    }

    /// The status of a name.
    #[must_use]
    pub fn of_name(name: &str) -> Option<Self> {
        [Self::Active, Self::Disabled].into_iter().find(|status| status.name() == name)
    }
}

/// Somebody who can log in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// Names the account: lower case, never changed.
    pub login: String,
    /// What people call them.
    pub display_name: String,
    /// `admin`, `management`, `operations`, `finance` or `dealer`.
    pub role: Role,
    /// The argon2id hash in PHC form; none: no login by password.
    pub password_hash: Option<Secret>,
    /// Issuer and subject at the identity provider, unique; none: no login by OIDC.
    pub oidc_subject: Option<String>,
    /// Region codes, empty for all China; staff only.
    pub regions: Vec<String>,
    /// The root of the subtree of dealers; required of a dealer, of nobody else.
    pub dealer_code: Option<String>,
    /// The language of their answers.
    pub locale: Locale,
    /// Whether the account may be used.
    pub status: AccountStatus,
    /// Wrong passwords since the last right one.
    pub failed_attempts: u32,
    /// No password is tried before then.
    pub locked_until: Option<DateTime<Utc>>,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it was last changed.
    pub updated_at: DateTime<Utc>,
    /// The password was set by somebody else; only a new one may be set now.
    pub must_change_password: bool,
    /// Counts changes, so that two people who change the account at once are told; 1 for a new one.
    pub revision: u32,
}

impl Account {
    /// Whom the account lets in.
    #[must_use]
    pub fn principal(&self) -> Principal {
        Principal {
            login: self.login.clone(),
            display_name: self.display_name.clone(),
            role: self.role,
            regions: self.regions.clone(),
            dealer_code: self.dealer_code.clone(),
            locale: self.locale,
        }
    }

    /// Whether this is an admin who can log in.
    #[must_use]
    pub fn is_active_admin(&self) -> bool {
        self.role == Role::Admin && self.status == AccountStatus::Active
    }
}

/// Somebody who is logged in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionRecord {
    /// The SHA-256 of the cookie in hex; the cookie itself is kept nowhere.
    pub id_hash: Secret,
    /// The account.
    pub login: String,
    /// What requests that change something must repeat in a header.
    pub csrf_token: Secret,
    /// When they logged in.
    pub created_at: DateTime<Utc>,
    /// When the session was last used, to about a minute.
    pub last_seen_at: DateTime<Utc>,
    /// When it ends however much it is used.
    pub expires_at: DateTime<Utc>,
    /// From where they logged in.
    pub address: String,
    /// With what they logged in.
    pub user_agent: String,
}

/// A token that a device or a program sends instead of logging in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiToken {
    /// Names the token in lists and in the log; no secret.
    pub token_id: String,
    /// What people call it.
    pub name: String,
    /// `device`, or the role its account had when it was made; what it may do follows the account.
    pub role: Role,
    /// The account it acts for; none for a device.
    pub login: Option<String>,
    /// The SHA-256 of the token in hex.
    pub hash: Secret,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it ends; none: when it is revoked.
    pub expires_at: Option<DateTime<Utc>>,
    /// When it was revoked.
    pub revoked_at: Option<DateTime<Utc>>,
    /// When it was last used, to about a minute.
    pub last_used_at: Option<DateTime<Utc>>,
}

/// A login by OIDC that went to the provider and has not come back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OidcFlow {
    /// The SHA-256 of the state in hex.
    pub state_hash: Secret,
    /// What the ID token must repeat.
    pub nonce: Secret,
    /// What proves to the provider that the code comes back to who asked.
    pub pkce_verifier: Secret,
    /// The page to go on with: a path of the hub.
    pub return_to: String,
    /// When it went out.
    pub created_at: DateTime<Utc>,
    /// When it is too late to come back.
    pub expires_at: DateTime<Utc>,
}
