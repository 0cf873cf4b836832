//! The accounts.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use sqlx::FromRow;
use yuanliu_access::{
    Account, AccountStatus, AccountStore, Attempts, Inserted, Locale, Replaced, Role, StoreError,
};

use super::failed;
use crate::error::{Cause, MetadataError};
use crate::store::value::{count, exact, json, time, time_if_any, values, word};
use crate::store::{Metadata, Work};

macro_rules! columns {
    () => {
        "login, display_name, role, password_hash, oidc_subject, regions, dealer_code, locale, \
         status, failed_attempts, locked_until, created_at, updated_at, must_change_password, revision"
    };
}

#[derive(FromRow)]
struct AccountRow {
    login: String,
    display_name: String,
    role: String,
    password_hash: Option<String>,
    oidc_subject: Option<String>,
    regions: String,
    dealer_code: Option<String>,
    locale: String,
    status: String,
    failed_attempts: i64,
    locked_until: Option<String>,
    created_at: String,
    updated_at: String,
    must_change_password: i64,
    revision: i64,
}

impl AccountRow {
    fn account(self) -> Result<Account, Cause> {
        Ok(Account {
            role: word(&self.role, self.role.parse::<Role>().ok())?,
            password_hash: self.password_hash.map(Into::into),
            regions: json(&self.regions)?,
            locale: word(&self.locale, Locale::of_tag(&self.locale))?,
            status: word(&self.status, AccountStatus::of_name(&self.status))?,
            failed_attempts: count(self.failed_attempts)?,
            locked_until: time_if_any(self.locked_until.as_deref())?,
            created_at: time(&self.created_at)?,
            updated_at: time(&self.updated_at)?,
            must_change_password: self.must_change_password != 0,
            revision: count(self.revision)?,
            login: self.login,
            display_name: self.display_name,
            oidc_subject: self.oidc_subject,
            dealer_code: self.dealer_code,
        })
    }
}

#[async_trait]
impl AccountStore for Metadata {
    async fn account(&self, login: &str) -> Result<Option<Account>, StoreError> {
        let sql = concat!("select ", columns!(), " from account where login = $1");
        let action = "reading an account";
        self.one(format!("{action}: {login}"), sql, values![login], AccountRow::account)
            .await
            .map_err(failed(action))
    }

    async fn account_of_subject(&self, subject: &str) -> Result<Option<Account>, StoreError> {
        let sql = concat!("select ", columns!(), " from account where oidc_subject = $1");
        let action = "reading the account of a subject";
        self.one(action, sql, values![subject], AccountRow::account).await.map_err(failed(action))
    }

    async fn accounts(&self) -> Result<Vec<Account>, StoreError> {
        let sql = concat!("select ", columns!(), " from account order by login");
        let action = "listing the accounts";
        self.all(action, sql, vec![], AccountRow::account).await.map_err(failed(action))
    }

    async fn insert_account(&self, account: &Account) -> Result<Inserted, StoreError> {
        let action = "adding an account";
        self.within(format!("{action}: {}", account.login), async {
            let mut work = self.begin_work().await?;
            let inserted = insert(&mut work, account).await?;
            work.commit().await?;
            Ok(inserted)
        })
        .await
        .map_err(failed(action))
    }

    async fn insert_first_account(&self, account: &Account) -> Result<Inserted, StoreError> {
        let action = "adding the first account";
        self.within(format!("{action}: {}", account.login), async {
            let mut work = self.begin_work().await?;
            work.one_at_a_time(FIRST).await?;
            let there: Option<(String,)> =
                work.row("select login from account limit 1", vec![]).await?;
            if there.is_some() {
                return Ok(Inserted::Taken);
            }
            let inserted = insert(&mut work, account).await?;
            work.commit().await?;
            Ok(inserted)
        })
        .await
        .map_err(failed(action))
    }

    async fn replace_account(&self, account: &Account) -> Result<Replaced, StoreError> {
        let action = "changing an account";
        let changing: Result<Replaced, MetadataError> = self
            .within(format!("{action}: {}", account.login), async {
                let mut work = self.begin_work().await?;
                // Two admins who disable each other at once must not both succeed.
                work.one_at_a_time("last admin").await?;
                let replaced = replace(&mut work, account).await?;
                if replaced == Replaced::Done {
                    work.commit().await?;
                }
                Ok(replaced)
            })
            .await;
        match changing {
            // The one thing that can collide is the subject.
            Err(MetadataError { cause: Cause::Conflict(error), .. })
                if error.as_database_error().is_some_and(|e| e.is_unique_violation()) =>
            {
                Ok(Replaced::SubjectTaken)
            }
            changing => changing.map_err(failed(action)),
        }
    }

    async fn count_attempt(&self, login: &str) -> Result<Option<Attempts>, StoreError> {
        let action = "counting a login attempt";
        let attempts = |(failed, locked): (i64, Option<String>)| {
            Ok(Attempts { failed: count(failed)?, locked_until: time_if_any(locked.as_deref())? })
        };
        self.one(
            format!("{action}: {login}"),
            "update account set failed_attempts = failed_attempts + 1 where login = $1 \
             returning failed_attempts, locked_until",
            values![login],
            attempts,
        )
        .await
        .map_err(failed(action))
    }

    async fn lock_account(
        &self,
        login: &str,
        now: DateTime<Utc>,
        until: DateTime<Utc>,
    ) -> Result<bool, StoreError> {
        let action = "locking an account";
        self.execute(
            format!("{action}: {login}"),
            "update account set locked_until = $3 where login = $1 \
             and (locked_until is null or locked_until <= $2)",
            values![login, exact(now), exact(until)],
        )
        .await
        .map(|rows| rows == 1)
        .map_err(failed(action))
    }

    async fn clear_attempts(&self, login: &str) -> Result<(), StoreError> {
        let action = "clearing login attempts";
        self.execute(
            format!("{action}: {login}"),
            "update account set failed_attempts = 0, locked_until = null where login = $1",
            values![login],
        )
        .await
        .map(|_| ())
        .map_err(failed(action))
    }
}

/// What the first account waits for, and every other one too: none may come between.
const FIRST: &str = "first account";

async fn insert(work: &mut Work, account: &Account) -> Result<Inserted, Cause> {
    work.one_at_a_time(FIRST).await?;
    let rows = work
        .execute(
            concat!(
                "insert into account (",
                columns!(),
                ") values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15) \
                 on conflict do nothing"
            ),
            values![
                &account.login,
                &account.display_name,
                account.role.name(),
                account.password_hash.as_ref().map(|hash| hash.expose()),
                &account.oidc_subject,
                regions(account),
                &account.dealer_code,
                account.locale.tag(),
                account.status.name(),
                account.failed_attempts,
                account.locked_until.map(exact),
                exact(account.created_at),
                exact(account.updated_at),
                account.must_change_password,
                account.revision,
            ],
        )
        .await?;
    Ok(if rows == 1 { Inserted::Done } else { Inserted::Taken })
}

async fn replace(work: &mut Work, account: &Account) -> Result<Replaced, Cause> {
    let stored: Option<AccountRow> = work
        .row(
            concat!("select ", columns!(), " from account where login = $1"),
            values![&account.login],
        )
        .await?;
    let stored = match stored.map(AccountRow::account).transpose()? {
        Some(stored) if stored.revision == account.revision => stored,
        _ => return Ok(Replaced::Stale),
    };
    if stored.is_active_admin() && !account.is_active_admin() {
        let other: Option<(String,)> = work
            .row(
                "select login from account where role = $1 and status = $2 and login <> $3 limit 1",
                values![Role::Admin.name(), AccountStatus::Active.name(), &account.login],
            )
            .await?;
        if other.is_none() {
            return Ok(Replaced::LastAdmin);
        }
    }
    let rows = work
        .execute(
            "update account set display_name = $2, role = $3, password_hash = $4, \
             oidc_subject = $5, regions = $6, dealer_code = $7, locale = $8, status = $9, \
             created_at = $10, updated_at = $11, must_change_password = $12, \
             revision = revision + 1 where login = $1 and revision = $13",
            values![
                &account.login,
                &account.display_name,
                account.role.name(),
                account.password_hash.as_ref().map(|hash| hash.expose()),
                &account.oidc_subject,
                regions(account),
                &account.dealer_code,
                account.locale.tag(),
                account.status.name(),
                exact(account.created_at),
                exact(account.updated_at),
                account.must_change_password,
                account.revision,
            ],
        )
        .await?;
    Ok(if rows == 1 { Replaced::Done } else { Replaced::Stale })
}

fn regions(account: &Account) -> String {
    serde_json::Value::from(account.regions.as_slice()).to_string()
}
