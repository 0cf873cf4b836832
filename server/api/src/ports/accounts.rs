//! Accounts of people and tokens of devices.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::error::Answer;
use super::page::{Page, PageAsked};
use super::sessions::Origin;
use crate::access::{AccountRoleWord, Locale, LocaleWord, Principal, Role, RoleWord};

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
    #[schema(value_type = RoleWord)]
    pub role: Role,
    /// The region codes it sees, with everything below; empty: all of China.
    #[schema(example = json!(["430000"]))]
    pub regions: Vec<String>,
    /// The root of the subtree of dealers it sees; null unless the role is dealer.
    #[schema(example = json!(null))]
    pub dealer_code: Option<String>,
    /// The language it reads.
    #[schema(value_type = LocaleWord)]
    pub locale: Locale,
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
    /// What the account is for.
    #[schema(value_type = AccountRoleWord)]
    pub role: Role,
    /// The region codes it sees; empty: all of China.
    #[serde(default)]
    #[schema(example = json!(["430000"]), max_items = 500)]
    pub regions: Vec<String>,
    /// The root of the subtree of dealers it sees; needed for the role dealer.
    #[schema(example = json!(null), min_length = 1, max_length = 100)]
    pub dealer_code: Option<String>,
    /// The language it reads.
    #[serde(default)]
    #[schema(value_type = LocaleWord)]
    pub locale: Locale,
}

/// A new account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewAccount {
    /// The name to log in with: letters, digits, `.`, `-`, `_`, `@`, a letter or digit first.
    #[schema(
        example = "li.na",
        min_length = 2,
        max_length = 64,
        pattern = "^[A-Za-z0-9][A-Za-z0-9._@-]*$"
    )]
    pub login: String,
    /// The first password; the person is asked to change it. Who comes by single sign-on needs no account made here.
    #[schema(min_length = 1, max_length = 200)]
    pub password: String,
    /// What people call them.
    #[schema(example = "李娜", min_length = 1, max_length = 100)]
    pub display_name: String,
    /// What the account is for.
    #[schema(value_type = AccountRoleWord)]
    pub role: Role,
    /// The region codes it sees; empty: all of China.
    #[serde(default)]
    #[schema(example = json!(["430000"]), max_items = 500)]
    pub regions: Vec<String>,
    /// The root of the subtree of dealers it sees; needed for the role dealer.
    #[schema(example = json!(null), min_length = 1, max_length = 100)]
    pub dealer_code: Option<String>,
    /// The language it reads.
    #[serde(default)]
    #[schema(value_type = LocaleWord)]
    pub locale: Locale,
}

impl NewAccount {
    /// What an admin may change later.
    pub fn draft(&self) -> AccountDraft {
        AccountDraft {
            display_name: self.display_name.clone(),
            role: self.role,
            regions: self.regions.clone(),
            dealer_code: self.dealer_code.clone(),
            locale: self.locale,
        }
    }
}

/// A token of a device, or of a program that acts for an account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Token {
    /// Names the token; not the secret.
    #[schema(example = "tok_01")]
    pub id: String,
    /// The device or program that has it.
    #[schema(example = "line-3")]
    pub name: String,
    /// What it may be used for: `device`, or the role its account had when it was made.
    #[schema(value_type = RoleWord)]
    pub role: Role,
    /// The account it acts for, whose role and scope it has; null: a device's.
    pub login: Option<String>,
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
    /// The account it acts for, as of a dealer's own system or of a BI tool; null: a device's.
    #[schema(example = json!(null), min_length = 1, max_length = 100)]
    pub login: Option<String>,
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

/// Keeps accounts and tokens, and records who changed them.
#[async_trait]
pub trait AccountDesk: Send + Sync {
    /// Every account, in order of login.
    async fn accounts(&self, who: &Principal, page: &PageAsked) -> Answer<Page<Account>>;

    /// Makes an account.
    async fn create(&self, who: &Principal, from: &Origin, account: &NewAccount)
    -> Answer<Account>;

    /// Replaces what an admin gave.
    async fn update(
        &self,
        who: &Principal,
        from: &Origin,
        login: &str,
        draft: &AccountDraft,
    ) -> Answer<Account>;

    /// Sets a password that the person is asked to change, and ends the account's sessions.
    async fn set_password(
        &self,
        who: &Principal,
        from: &Origin,
        login: &str,
        password: &str,
    ) -> Answer<()>;

    /// Lifts a lock.
    async fn unlock(&self, who: &Principal, from: &Origin, login: &str) -> Answer<Account>;

    /// Switches an account off or on again; off ends its sessions.
    async fn disable(
        &self,
        who: &Principal,
        from: &Origin,
        login: &str,
        is_disabled: bool,
    ) -> Answer<Account>;

    /// Every token, without its secret.
    async fn tokens(&self, who: &Principal, page: &PageAsked) -> Answer<Page<Token>>;

    /// Makes a token.
    async fn create_token(
        &self,
        who: &Principal,
        from: &Origin,
        token: &NewToken,
    ) -> Answer<TokenMade>;

    /// Ends a token.
    async fn revoke_token(&self, who: &Principal, from: &Origin, id: &str) -> Answer<()>;
}
