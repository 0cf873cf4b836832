//! Accounts and tokens.

use super::*;

pub fn fill(state: &mut State) {
    for role in [Role::Admin, Role::Management, Role::Operations, Role::Finance, Role::Dealer] {
        let who = principal(role);
        let account = Account {
            login: who.login.clone(),
            display_name: who.display_name,
            role,
            regions: who.regions,
            dealer_code: who.dealer_code,
            locale: Locale::Chinese,
            is_disabled: false,
            locked_until: None,
            last_login_at: None,
            created_at: at(0),
        };
        state.accounts.insert(who.login, account);
    }
}

fn change(memory: &Memory, login: &str, change: impl FnOnce(&mut Account)) -> Answer<Account> {
    let mut state = memory.state();
    let account = state.accounts.get_mut(login).ok_or_else(|| missing("account", login))?;
    change(account);
    Ok(account.clone())
}

impl Memory {
    fn note(&self, who: &Principal, from: &Origin, action: &str, object: &str) {
        self.state().audit.push(AuditEntry {
            at: at(8),
            actor: who.login.clone(),
            role: Some(who.role),
            address: from.address.clone(),
            action: action.to_owned(),
            object: object.to_owned(),
            outcome: AuditOutcome::Done,
            detail: String::new(),
        });
    }
}

#[async_trait]
impl AccountDesk for Memory {
    async fn accounts(&self, _: &Principal, page: &PageAsked) -> Answer<Page<Account>> {
        page_of(self.state().accounts.values().cloned().collect(), page)
    }

    async fn create(
        &self,
        who: &Principal,
        from: &Origin,
        account: &NewAccount,
    ) -> Answer<Account> {
        self.note(who, from, "account.create", &account.login);
        let mut state = self.state();
        if state.accounts.contains_key(&account.login) {
            return Err(PortError::Conflict(format!("`{}` is taken", account.login)));
        }
        let draft = account.draft();
        let made = Account {
            login: account.login.clone(),
            display_name: draft.display_name,
            role: draft.role,
            regions: draft.regions,
            dealer_code: draft.dealer_code,
            locale: draft.locale,
            is_disabled: false,
            locked_until: None,
            last_login_at: None,
            created_at: at(1),
        };
        state.accounts.insert(account.login.clone(), made.clone());
        Ok(made)
    }

    async fn update(
        &self,
        _: &Principal,
        _: &Origin,
        login: &str,
        draft: &AccountDraft,
    ) -> Answer<Account> {
        let draft = draft.clone();
        change(self, login, |account| {
            account.display_name = draft.display_name;
            account.role = draft.role;
            account.regions = draft.regions;
            account.dealer_code = draft.dealer_code;
            account.locale = draft.locale;
        })
    }

    async fn set_password(&self, _: &Principal, _: &Origin, login: &str, _: &str) -> Answer<()> {
        change(self, login, |_| ()).map(|_| ())
    }

    async fn unlock(&self, _: &Principal, _: &Origin, login: &str) -> Answer<Account> {
        self.state().failures.remove(login);
        change(self, login, |account| account.locked_until = None)
    }

    async fn disable(
        &self,
        _: &Principal,
        _: &Origin,
        login: &str,
        is_disabled: bool,
    ) -> Answer<Account> {
        change(self, login, |account| account.is_disabled = is_disabled)
    }

    async fn tokens(&self, _: &Principal, page: &PageAsked) -> Answer<Page<Token>> {
        page_of(self.state().tokens.clone(), page)
    }

    async fn create_token(&self, _: &Principal, _: &Origin, token: &NewToken) -> Answer<TokenMade> {
        let mut state = self.state();
        let made = Token {
            id: state.id("tok"),
            name: token.name.clone(),
            role: token.login.as_ref().map_or(Role::Device, |_| Role::Dealer),
            login: token.login.clone(),
            created_at: at(2),
            expires_at: token.expires_at,
            last_used_at: None,
        };
        state.tokens.push(made.clone());
        Ok(TokenMade { secret: format!("secret of {}", made.id), token: made })
    }

    async fn revoke_token(&self, _: &Principal, _: &Origin, id: &str) -> Answer<()> {
        let mut state = self.state();
        let before = state.tokens.len();
        state.tokens.retain(|token| token.id != id);
        if state.tokens.len() == before { Err(missing("token", id)) } else { Ok(()) }
    }
}
