//! The first administrator.

use serde_json::json;

use crate::access::{Access, Actor};
use crate::accounts::NewAccount;
use crate::audit::AuditOutcome;
use crate::error::AccessError;
use crate::records::Account;
use crate::role::{Locale, Role};
use crate::secret::Secret;
use crate::stores::Inserted;

/// The login of the first administrator.
pub const FIRST_LOGIN: &str = "admin";

/// The first administrator, just made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FirstAdmin {
    /// The login.
    pub login: String,
    /// The password, if it was made up; told only now.
    pub password: Option<Secret>,
}

impl Access {
    /// Makes the first administrator if there is no account at all: with the password given, which the
    /// caller has read from `env:` or `file:`, or with one that is made up.
    pub async fn bootstrap(
        &self,
        password: Option<Secret>,
    ) -> Result<Option<FirstAdmin>, AccessError> {
        if !self.stores.accounts.accounts().await?.is_empty() {
            return Ok(None);
        }
        let is_given = password.is_some();
        let new = NewAccount {
            login: FIRST_LOGIN.to_owned(),
            display_name: "管理员".to_owned(),
            role: Role::Admin,
            regions: Vec::new(),
            dealer_code: None,
            locale: Locale::default(),
        };
        let (account, password) = self.new_account(new, password).await?;
        // A password that its owner chose is theirs; one that was printed is not.
        let account = Account { must_change_password: !is_given, ..account };
        if self.stores.accounts.insert_first_account(&account).await? == Inserted::Taken {
            return Ok(None);
        }
        let detail = json!({"role": account.role});
        self.note(&Actor::system(), "account.created", &account.login, AuditOutcome::Done, detail)
            .await?;
        Ok(Some(FirstAdmin { login: account.login, password }))
    }
}
