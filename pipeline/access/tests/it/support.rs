//! A hub of its own for each test.

use std::sync::{Arc, Mutex};

use chrono::{DateTime, TimeDelta, Utc};
use yuanliu_access::{
    Access, AccessError, AccessRules, Account, AccountStore, Actor, AuditEntry, AuditFilter,
    AuditLog, Clock, Locale, MemoryStores, NewAccount, NewSession, PasswordHasher, Role, Secret,
    Stores, Visitor,
};

/// The password of everybody here.
pub const PASSWORD: &str = "correct horse battery";
/// From where people come unless it matters.
pub const ADDRESS: &str = "203.0.113.7";

/// A clock that stands until it is moved.
pub struct ManualClock(Mutex<DateTime<Utc>>);

impl ManualClock {
    pub fn advance(&self, by: TimeDelta) {
        *self.0.lock().unwrap() += by;
    }
}

impl Clock for ManualClock {
    fn now(&self) -> DateTime<Utc> {
        *self.0.lock().unwrap()
    }
}

/// The parts of a hub without a server.
pub struct Hub {
    pub access: Arc<Access>,
    pub stores: Arc<MemoryStores>,
    pub clock: Arc<ManualClock>,
}

/// Hashes that cost nothing, because tests make many.
pub fn cheap_hasher() -> PasswordHasher {
    PasswordHasher::with_cost(8, 1).unwrap()
}

impl Hub {
    /// A hub without any account.
    pub fn empty() -> Self {
        let start = "2026-06-01T00:00:00Z".parse().unwrap();
        let stores = Arc::new(MemoryStores::default());
        let clock = Arc::new(ManualClock(Mutex::new(start)));
        let access = Arc::new(Access::new(
            Stores::all_in(stores.clone()),
            clock.clone(),
            cheap_hasher(),
            AccessRules::default(),
        ));
        Self { access, stores, clock }
    }

    /// A hub with the admin `admin` and one account of every other role.
    pub async fn staffed() -> Self {
        let hub = Self::empty();
        hub.access.bootstrap(Some(Secret::new(PASSWORD))).await.unwrap().unwrap();
        for role in [Role::Management, Role::Operations, Role::Finance, Role::Dealer] {
            hub.create(role.name(), role).await.unwrap();
        }
        hub
    }

    /// Adds an account whose password is [`PASSWORD`].
    pub async fn create(&self, login: &str, role: Role) -> Result<Account, AccessError> {
        let new = new_account(login, role);
        let password = Some(Secret::new(PASSWORD));
        Ok(self.access.create_account(&Actor::system(), new, password).await?.0)
    }

    pub async fn log_in(&self, login: &str, password: &str) -> Result<NewSession, AccessError> {
        self.log_in_from(login, password, ADDRESS).await
    }

    pub async fn log_in_from(
        &self,
        login: &str,
        password: &str,
        address: &str,
    ) -> Result<NewSession, AccessError> {
        self.access.log_in(login, Secret::new(password), &visitor(address)).await
    }

    pub async fn account(&self, login: &str) -> Account {
        self.stores.account(login).await.unwrap().unwrap()
    }

    /// The whole log, oldest first.
    pub async fn log(&self) -> Vec<AuditEntry> {
        let filter = AuditFilter { entries_max: u32::MAX, ..AuditFilter::default() };
        let mut entries = self.stores.entries(&filter).await.unwrap();
        entries.reverse();
        entries
    }

    /// The log as `actor action outcome`.
    pub async fn log_lines(&self) -> Vec<String> {
        let line = |entry: &AuditEntry| {
            format!("{} {} {}", entry.actor, entry.action, entry.outcome.name())
        };
        self.log().await.iter().map(line).collect()
    }
}

pub fn new_account(login: &str, role: Role) -> NewAccount {
    NewAccount {
        login: login.to_owned(),
        display_name: format!("Name of {login}"),
        role,
        regions: Vec::new(),
        dealer_code: (role == Role::Dealer).then(|| "D001".to_owned()),
        locale: Locale::default(),
    }
}

pub fn visitor(address: &str) -> Visitor {
    Visitor { address: address.to_owned(), user_agent: "test".to_owned(), session: None }
}

/// Somebody of a role who asks.
pub fn actor(role: Role) -> Actor {
    Actor { login: role.name().to_owned(), role, address: Some(ADDRESS.to_owned()) }
}

/// The code of what was refused.
pub fn code<T: std::fmt::Debug>(result: Result<T, AccessError>) -> &'static str {
    result.expect_err("should be refused").code()
}
