//! Accounts of people and tokens of devices.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::error::Answer;
use super::page::{Page, PageAsked};
use crate::access::{Locale, Principal, Role};

/// An account of a person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Account {
    /// The name to log in with.
    #[schema(example = "li.na")]
    pub login: String,
    /// What people call them.
    #[schema(example = "李娜")]
    pub display_name: String,
    /// What the account is for.
    pub role: Role,
    /// The region codes it sees, with everything below; empty: all of China.
    #[schema(example = json!(["430000"]))]
    pub regions: Vec<String>,
    /// The root of the subtree of dealers it sees; null unless the role is dealer.
    #[schema(example = json!(null))]
    pub dealer_code: Option<String>,
    /// The language it reads.
    pub locale: Locale,
    /// Where alerts for it go.
    #[schema(example = "li.na@example.com")]
    pub email: Option<String>,
    /// Switched off by an admin.
    pub is_disabled: bool,
    /// Locked after failed attempts, until then; null: not locked.
    pub locked_until: Option<DateTime<Utc>>,
    /// Last seen logging in; null: never.
    pub last_login_at: Option<DateTime<Utc>>,
    /// When it was made.
    pub created_at: DateTime<Utc>,
}

/// What an admin gives of an account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AccountDraft {
    /// What people call them.
    #[schema(example = "李娜", min_length = 1, max_length = 100)]
    pub display_name: String,
    /// What the account is for: neither device nor public.
    pub role: Role,
    /// The region codes it sees; empty: all of China.
    #[serde(default)]
    #[schema(example = json!(["430000"]), max_items = 500)]
    pub regions: Vec<String>,
    /// The root of the subtree of dealers it sees; needed for the role dealer.
    #[schema(example = json!(null))]
    pub dealer_code: Option<String>,
    /// The language it reads.
    #[serde(default)]
    pub locale: Locale,
    /// Where alerts for it go.
    pub email: Option<String>,
}

/// A new account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct NewAccount {
    /// The name to log in with: letters, digits, `.`, `-`, `_`, `@`.
    #[schema(example = "li.na", min_length = 1, max_length = 100)]
    pub login: String,
    /// The first password; the person is asked to change it. Null: single sign-on only.
    #[schema(max_length = 200)]
    pub password: Option<String>,
    /// The rest.
    #[serde(flatten)]
    pub draft: AccountDraft,
}

/// A token of a device.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Token {
    /// Names the token; not the secret.
    #[schema(example = "tok_01")]
    pub id: String,
    /// The device or program that has it.
    #[schema(example = "line-3")]
    pub name: String,
    /// What it may be used for.
    pub role: Role,
    /// The dealer it speaks for; null: none.
    pub dealer_code: Option<String>,
    /// Who made it.
    pub created_by: String,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it ends; null: never.
    pub expires_at: Option<DateTime<Utc>>,
    /// When it was last used; null: never.
    pub last_used_at: Option<DateTime<Utc>>,
}

/// A token to make.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewToken {
    /// The device or program that will have it.
    #[schema(example = "line-3", min_length = 1, max_length = 100)]
    pub name: String,
    /// What it may be used for.
    pub role: Role,
    /// The dealer it speaks for; needed for the role dealer.
    pub dealer_code: Option<String>,
    /// When it ends; null: never.
    pub expires_at: Option<DateTime<Utc>>,
}

/// A token just made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct TokenMade {
    /// The token's line.
    pub token: Token,
    /// The secret; it is shown this once.
    #[schema(example = "yl_2f0c9b6e4a1d…")]
    pub secret: String,
}

/// Keeps accounts and tokens.
#[async_trait]
pub trait AccountDesk: Send + Sync {
    /// Every account, in order of login.
    async fn accounts(&self, who: &Principal, page: &PageAsked) -> Answer<Page<Account>>;

    /// Makes an account.
    async fn create(&self, who: &Principal, account: &NewAccount) -> Answer<Account>;

    /// Replaces what an admin gave.
    async fn update(&self, who: &Principal, login: &str, draft: &AccountDraft) -> Answer<Account>;

    /// Sets a password that the person is asked to change, and ends the account's sessions.
    async fn set_password(&self, who: &Principal, login: &str, password: &str) -> Answer<()>;

    /// Lifts a lock.
    async fn unlock(&self, who: &Principal, login: &str) -> Answer<Account>;

    /// Switches an account off or on again; off ends its sessions.
    async fn disable(&self, who: &Principal, login: &str, is_disabled: bool) -> Answer<Account>;

    /// Every token, without its secret.
    async fn tokens(&self, who: &Principal, page: &PageAsked) -> Answer<Page<Token>>;

    /// Makes a token.
    async fn create_token(&self, who: &Principal, token: &NewToken) -> Answer<TokenMade>;

    /// Ends a token.
    async fn revoke_token(&self, who: &Principal, id: &str) -> Answer<()>;
}
