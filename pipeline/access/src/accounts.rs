//! Accounts: made and changed by admins.

use serde_json::{Value, json};

use crate::access::{Access, Actor};
use crate::account_rules::{AccountFault, check_account, check_login, written_login};
use crate::audit::AuditOutcome;
use crate::error::AccessError;
use crate::password_policy::check_password;
use crate::permission::Permission;
use crate::random;
use crate::records::{Account, AccountStatus};
use crate::role::{Locale, Role};
use crate::secret::Secret;
use crate::stores::{Inserted, Replaced};

/// An account that is to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewAccount {
    /// Names it for good.
    pub login: String,
    /// What people call them.
    pub display_name: String,
    /// The role.
    pub role: Role,
    /// Region codes, empty for all China.
    pub regions: Vec<String>,
    /// The root of a dealer's subtree.
    pub dealer_code: Option<String>,
    /// The language of their answers.
    pub locale: Locale,
}

/// What is to be different about an account; none: stays.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AccountChange {
    /// What people call them.
    pub display_name: Option<String>,
    /// The role.
    pub role: Option<Role>,
    /// Region codes, empty for all China.
    pub regions: Option<Vec<String>>,
    /// The root of a dealer's subtree; inner none: no longer.
    pub dealer_code: Option<Option<String>>,
    /// The language of their answers.
    pub locale: Option<Locale>,
    /// Whether the account may be used.
    pub status: Option<AccountStatus>,
    /// Issuer and subject at the identity provider; inner none: no longer linked.
    pub oidc_subject: Option<Option<String>>,
    /// The revision that whoever asks has seen; none: whatever it is.
    pub revision: Option<u32>,
}

impl Access {
    /// All accounts by login.
    pub async fn accounts(&self, actor: &Actor) -> Result<Vec<Account>, AccessError> {
        self.demand(actor, Permission::ReadAccounts, "account.listed", "").await?;
        Ok(self.stores.accounts.accounts().await?)
    }

    /// Makes an account with a password that its owner has to change; without one given, one is made up
    /// and told only now.
    pub async fn create_account(
        &self,
        actor: &Actor,
        new: NewAccount,
        password: Option<Secret>,
    ) -> Result<(Account, Option<Secret>), AccessError> {
        self.demand(actor, Permission::WriteAccounts, "account.created", &new.login).await?;
        let (account, told) = self.new_account(new, password).await?;
        if self.stores.accounts.insert_account(&account).await? == Inserted::Taken {
            return Err(AccountFault::LoginTaken(account.login).into());
        }
        self.note(actor, "account.created", &account.login, AuditOutcome::Done, shown(&account))
            .await?;
        Ok((account, told))
    }

    /// Makes an account for whoever commands the hub at its machine; its password need not be changed.
    pub async fn provide_account(
        &self,
        new: NewAccount,
        password: Secret,
    ) -> Result<Account, AccessError> {
        let (account, _) = self.new_account(new, Some(password)).await?;
        let account = Account { must_change_password: false, ..account };
        if self.stores.accounts.insert_account(&account).await? == Inserted::Taken {
            return Err(AccountFault::LoginTaken(account.login).into());
        }
        let actor = Actor::system();
        self.note(&actor, "account.created", &account.login, AuditOutcome::Done, shown(&account))
            .await?;
        Ok(account)
    }

    /// Changes an account. Whoever is logged in with it is logged out if role, scope or status change.
    pub async fn change_account(
        &self,
        actor: &Actor,
        login: &str,
        change: AccountChange,
    ) -> Result<Account, AccessError> {
        let login = written_login(login);
        self.demand(actor, Permission::WriteAccounts, "account.changed", &login).await?;
        let before = self.known(&login).await?;
        if change.revision.is_some_and(|seen| seen != before.revision) {
            return Err(AccountFault::Stale(login).into());
        }
        let after = changed(&before, change);
        check_account(&after)?;
        let after = self.replace(after).await?;
        if rights(&before) != rights(&after) {
            self.stores.sessions.delete_sessions_of(&login, None).await?;
        }
        let detail = json!({"before": shown(&before), "after": shown(&after)});
        self.note(actor, "account.changed", &login, AuditOutcome::Done, detail).await?;
        Ok(after)
    }

    /// Sets somebody's password, which they have to change, and logs them out everywhere; without one
    /// given, one is made up and told only now.
    pub async fn reset_password(
        &self,
        actor: &Actor,
        login: &str,
        password: Option<Secret>,
    ) -> Result<Option<Secret>, AccessError> {
        let login = written_login(login);
        self.demand(actor, Permission::WriteAccounts, "account.password_reset", &login).await?;
        let account = self.known(&login).await?;
        let (hash, told) = self.first_hash(&login, password).await?;
        self.replace(Account { password_hash: Some(hash), must_change_password: true, ..account })
            .await?;
        self.stores.accounts.clear_attempts(&login).await?;
        self.stores.sessions.delete_sessions_of(&login, None).await?;
        self.note(actor, "account.password_reset", &login, AuditOutcome::Done, Value::Null).await?;
        Ok(told)
    }

    /// Ends the lock of an account.
    pub async fn unlock_account(&self, actor: &Actor, login: &str) -> Result<(), AccessError> {
        let login = written_login(login);
        self.demand(actor, Permission::WriteAccounts, "account.unlocked", &login).await?;
        self.known(&login).await?;
        self.stores.accounts.clear_attempts(&login).await?;
        self.note(actor, "account.unlocked", &login, AuditOutcome::Done, Value::Null).await
    }

    /// Disables an account and logs it out everywhere.
    pub async fn disable_account(
        &self,
        actor: &Actor,
        login: &str,
    ) -> Result<Account, AccessError> {
        let status = Some(AccountStatus::Disabled);
        self.change_account(actor, login, AccountChange { status, ..AccountChange::default() })
            .await
    }

    pub(crate) async fn known(&self, login: &str) -> Result<Account, AccessError> {
        let account = self.stores.accounts.account(login).await?;
        Ok(account.ok_or_else(|| AccountFault::Unknown(login.to_owned()))?)
    }

    /// Writes an account as it was read and then changed.
    pub(crate) async fn replace(&self, account: Account) -> Result<Account, AccessError> {
        let account = Account { updated_at: self.clock.now(), ..account };
        match self.stores.accounts.replace_account(&account).await? {
            Replaced::Done => Ok(Account { revision: account.revision + 1, ..account }),
            Replaced::Stale => Err(AccountFault::Stale(account.login).into()),
            Replaced::LastAdmin => Err(AccountFault::LastAdmin(account.login).into()),
            Replaced::SubjectTaken => Err(AccountFault::SubjectTaken.into()),
        }
    }

    /// A new account that is as it should be, and its password if it was made up.
    pub(crate) async fn new_account(
        &self,
        new: NewAccount,
        password: Option<Secret>,
    ) -> Result<(Account, Option<Secret>), AccessError> {
        let account = self.blank(new)?;
        let (hash, told) = self.first_hash(&account.login, password).await?;
        let account = Account { password_hash: Some(hash), must_change_password: true, ..account };
        Ok((account, told))
    }

    /// A new account without a way in.
    pub(crate) fn blank(&self, new: NewAccount) -> Result<Account, AccessError> {
        let now = self.clock.now();
        let account = Account {
            login: written_login(&new.login),
            display_name: new.display_name,
            role: new.role,
            password_hash: None,
            oidc_subject: None,
            regions: new.regions,
            dealer_code: new.dealer_code,
            locale: new.locale,
            status: AccountStatus::Active,
            failed_attempts: 0,
            locked_until: None,
            created_at: now,
            updated_at: now,
            must_change_password: false,
            revision: 1,
        };
        check_login(&account.login)?;
        check_account(&account)?;
        Ok(account)
    }

    async fn first_hash(
        &self,
        login: &str,
        password: Option<Secret>,
    ) -> Result<(Secret, Option<Secret>), AccessError> {
        let (password, told) = match password {
            Some(password) => (password, None),
            None => {
                let made_up = random::new_secret()?;
                (made_up.clone(), Some(made_up))
            }
        };
        check_password(login, &password)?;
        Ok((self.hasher.hash(password).await?, told))
    }
}

fn changed(before: &Account, change: AccountChange) -> Account {
    let mut after = before.clone();
    after.display_name = change.display_name.unwrap_or(after.display_name);
    after.role = change.role.unwrap_or(after.role);
    after.regions = change.regions.unwrap_or(after.regions);
    after.dealer_code = change.dealer_code.unwrap_or(after.dealer_code);
    after.locale = change.locale.unwrap_or(after.locale);
    after.status = change.status.unwrap_or(after.status);
    after.oidc_subject = change.oidc_subject.unwrap_or(after.oidc_subject);
    after
}

/// What a session was opened with.
fn rights(account: &Account) -> (Role, AccountStatus, &[String], Option<&str>, Option<&str>) {
    let (code, subject) = (account.dealer_code.as_deref(), account.oidc_subject.as_deref());
    (account.role, account.status, &account.regions, code, subject)
}

/// An account as the log shows it.
pub(crate) fn shown(account: &Account) -> Value {
    json!({
        "display_name": account.display_name,
        "role": account.role,
        "regions": account.regions,
        "dealer_code": account.dealer_code,
        "locale": account.locale,
        "status": account.status,
        "oidc_subject": account.oidc_subject,
    })
}
