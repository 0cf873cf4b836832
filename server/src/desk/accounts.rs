//! Accounts of people and tokens of devices.

use std::cmp::Ordering;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use yuanliu_access::{
    AccountChange, AccountStatus, Actor, ApiToken, AuditFilter, NewAccount as Wanted,
    NewToken as WantedToken, Principal, Secret,
};
use yuanliu_api::ports::{
    Account, AccountDesk, AccountDraft, Answer, NewAccount, NewToken, Origin, Page, PageAsked,
    PortError, Token, TokenMade,
};

use super::Desk;
use super::sessions::access_error;

#[async_trait]
impl AccountDesk for Desk {
    async fn accounts(&self, who: &Principal, page: &PageAsked) -> Answer<Page<Account>> {
        let all = self.0.access.accounts(&reader(who)).await.map_err(access_error)?;
        let mut page =
            paged(all.iter().map(account).collect(), page, |one| one.login.clone(), Ordering::Less);
        for account in &mut page.items {
            account.last_login_at = self.last_login(who, &account.login).await?;
        }
        Ok(page)
    }

    async fn create(&self, who: &Principal, from: &Origin, new: &NewAccount) -> Answer<Account> {
        let wanted = Wanted {
            login: new.login.clone(),
            display_name: new.display_name.clone(),
            role: new.role,
            regions: new.regions.clone(),
            dealer_code: new.dealer_code.clone(),
            locale: new.locale,
        };
        let actor = actor(who, from);
        let made =
            self.0.access.create_account(&actor, wanted, Some(Secret::new(new.password.as_str())));
        made.await.map(|(made, _)| account(&made)).map_err(access_error)
    }

    async fn update(
        &self,
        who: &Principal,
        from: &Origin,
        login: &str,
        draft: &AccountDraft,
    ) -> Answer<Account> {
        let change = AccountChange {
            display_name: Some(draft.display_name.clone()),
            role: Some(draft.role),
            regions: Some(draft.regions.clone()),
            dealer_code: Some(draft.dealer_code.clone()),
            locale: Some(draft.locale),
            ..AccountChange::default()
        };
        self.change(who, from, login, change).await
    }

    async fn set_password(
        &self,
        who: &Principal,
        from: &Origin,
        login: &str,
        password: &str,
    ) -> Answer<()> {
        let password = Some(Secret::new(password));
        let set = self.0.access.reset_password(&actor(who, from), login, password).await;
        set.map(drop).map_err(access_error)
    }

    async fn unlock(&self, who: &Principal, from: &Origin, login: &str) -> Answer<Account> {
        self.0.access.unlock_account(&actor(who, from), login).await.map_err(access_error)?;
        let all = self.0.access.accounts(&actor(who, from)).await.map_err(access_error)?;
        let found = all.iter().find(|one| one.login == login).map(account);
        found.ok_or_else(|| PortError::NotFound(format!("there is no account {login}")))
    }

    async fn disable(
        &self,
        who: &Principal,
        from: &Origin,
        login: &str,
        is_disabled: bool,
    ) -> Answer<Account> {
        let status = if is_disabled { AccountStatus::Disabled } else { AccountStatus::Active };
        let change = AccountChange { status: Some(status), ..AccountChange::default() };
        self.change(who, from, login, change).await
    }

    async fn tokens(&self, who: &Principal, page: &PageAsked) -> Answer<Page<Token>> {
        let all = self.0.access.tokens(&reader(who)).await.map_err(access_error)?;
        let valid = all.iter().filter(|token| token.revoked_at.is_none());
        // The newest first: an id begins with its time.
        Ok(paged(valid.map(token).collect(), page, |one| one.id.clone(), Ordering::Greater))
    }

    async fn create_token(
        &self,
        who: &Principal,
        from: &Origin,
        new: &NewToken,
    ) -> Answer<TokenMade> {
        let wanted = WantedToken {
            name: new.name.clone(),
            login: new.login.clone(),
            expires_at: new.expires_at,
        };
        let made = self.0.access.create_token(&actor(who, from), wanted).await;
        let (made, secret) = made.map_err(access_error)?;
        Ok(TokenMade { token: token(&made), secret: secret.expose().to_owned() })
    }

    async fn revoke_token(&self, who: &Principal, from: &Origin, id: &str) -> Answer<()> {
        self.0.access.revoke_token(&actor(who, from), id).await.map_err(access_error)
    }
}

impl Desk {
    async fn change(
        &self,
        who: &Principal,
        from: &Origin,
        login: &str,
        change: AccountChange,
    ) -> Answer<Account> {
        let changed = self.0.access.change_account(&actor(who, from), login, change).await;
        changed.map(|changed| account(&changed)).map_err(access_error)
    }
}

fn actor(who: &Principal, from: &Origin) -> Actor {
    Actor::new(who, &from.address)
}

/// Looking is not noted, so from where does not matter.
fn reader(who: &Principal) -> Actor {
    Actor::new(who, "")
}

fn account(one: &yuanliu_access::Account) -> Account {
    Account {
        login: one.login.clone(),
        display_name: one.display_name.clone(),
        role: one.role,
        regions: one.regions.clone(),
        dealer_code: one.dealer_code.clone(),
        locale: one.locale,
        is_disabled: one.status == AccountStatus::Disabled,
        locked_until: one.locked_until.filter(|until| *until > Utc::now()),
        last_login_at: None,
        created_at: one.created_at,
    }
}

fn token(one: &ApiToken) -> Token {
    Token {
        id: one.token_id.clone(),
        name: one.name.clone(),
        role: one.role,
        login: one.login.clone(),
        created_at: one.created_at,
        expires_at: one.expires_at,
        last_used_at: one.last_used_at,
    }
}

/// A page of a list that is short enough to be read whole; the cursor is the key of its last item. Keys stand in
/// the order of `earlier`, so that a page goes on where the one before ended even if that item is gone.
fn paged<T>(
    items: Vec<T>,
    page: &PageAsked,
    key: impl Fn(&T) -> String,
    earlier: Ordering,
) -> Page<T> {
    let after = page.after.as_deref();
    let follows = |item: &T| after.is_none_or(|after| after.cmp(&key(item)) == earlier);
    let mut rest = items.into_iter().filter(follows);
    let limit = usize::try_from(page.limit).unwrap_or(usize::MAX);
    let items: Vec<T> = rest.by_ref().take(limit).collect();
    let next = rest.next().and_then(|_| items.last().map(&key));
    Page { items, next }
}

impl Desk {
    /// When somebody was last let in, as the audit log has it.
    async fn last_login(&self, who: &Principal, login: &str) -> Answer<Option<DateTime<Utc>>> {
        let filter = AuditFilter {
            actor: Some(login.to_owned()),
            action: Some("login".to_owned()),
            entries_max: 1,
            ..AuditFilter::default()
        };
        let entries = self.0.access.audit_entries(&reader(who), &filter).await;
        Ok(entries.map_err(access_error)?.first().map(|entry| entry.at))
    }
}
