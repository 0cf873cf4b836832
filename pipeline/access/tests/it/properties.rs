//! Whatever is done in whatever order: somebody can still administer, and what was ended stays shut.

use chrono::{DateTime, TimeDelta, Utc};
use proptest::prelude::{Just, ProptestConfig, Strategy, any, prop_oneof, proptest};
use yuanliu_access::{
    AccountChange, AccountStatus, AccountStore, Actor, Clock, NewToken, Role, Secret,
};

use crate::support::{Hub, PASSWORD, actor};

const LOGINS: [&str; 4] = ["admin", "anna", "bao", "chen"];
const ROLES: [Role; 3] = [Role::Admin, Role::Management, Role::Dealer];

#[derive(Debug, Clone)]
enum Step {
    Create { login: usize, role: usize },
    Become { login: usize, role: usize },
    Disable { login: usize },
    Enable { login: usize },
    Reset { login: usize },
    LogIn { login: usize, is_right: bool },
    LogOut { session: usize },
    MakeToken { login: Option<usize>, life_h: Option<i64> },
    Revoke { token: usize },
    Wait { minutes: i64 },
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let login = 0..LOGINS.len();
    let role = 0..ROLES.len();
    let step = prop_oneof![
        3 => (login.clone(), role.clone()).prop_map(|(login, role)| Step::Create { login, role }),
        3 => (login.clone(), role).prop_map(|(login, role)| Step::Become { login, role }),
        3 => login.clone().prop_map(|login| Step::Disable { login }),
        1 => login.clone().prop_map(|login| Step::Enable { login }),
        1 => login.clone().prop_map(|login| Step::Reset { login }),
        4 => (login.clone(), proptest::bool::weighted(0.8))
            .prop_map(|(login, is_right)| Step::LogIn { login, is_right }),
        1 => any::<usize>().prop_map(|session| Step::LogOut { session }),
        2 => (proptest::option::of(login), proptest::option::of(1_i64..30))
            .prop_map(|(login, life_h)| Step::MakeToken { login, life_h }),
        1 => any::<usize>().prop_map(|token| Step::Revoke { token }),
        2 => prop_oneof![Just(1), Just(50), Just(130), Just(800)]
            .prop_map(|minutes| Step::Wait { minutes }),
    ];
    proptest::collection::vec(step, 1..40)
}

/// What was handed out, and what an onlooker knows of it.
struct Handed {
    text: Secret,
    login: Option<String>,
    begun: DateTime<Utc>,
    ends: Option<DateTime<Utc>>,
    id: String,
    is_ended: bool,
}

#[derive(Default)]
struct Onlooker {
    sessions: Vec<Handed>,
    tokens: Vec<Handed>,
}

impl Onlooker {
    fn end_sessions_of(&mut self, login: &str) {
        for session in &mut self.sessions {
            session.is_ended |= session.login.as_deref() == Some(login);
        }
    }
}

async fn take(hub: &Hub, seen: &mut Onlooker, step: Step) {
    let by = Actor::system();
    let none = AccountChange::default();
    match step {
        Step::Create { login, role } => {
            let _ = hub.create(LOGINS[login], ROLES[role]).await;
        }
        Step::Become { login, role } => {
            let (login, role) = (LOGINS[login], ROLES[role]);
            let Ok(Some(before)) = hub.stores.account(login).await else { return };
            let dealer_code = Some((role == Role::Dealer).then(|| "D001".to_owned()));
            let change = AccountChange { role: Some(role), dealer_code, ..none };
            if hub.access.change_account(&by, login, change).await.is_ok() && before.role != role {
                seen.end_sessions_of(login);
            }
        }
        Step::Disable { login } => {
            if hub.access.disable_account(&by, LOGINS[login]).await.is_ok() {
                seen.end_sessions_of(LOGINS[login]);
            }
        }
        Step::Enable { login } => {
            let change = AccountChange { status: Some(AccountStatus::Active), ..none };
            let _ = hub.access.change_account(&by, LOGINS[login], change).await;
        }
        Step::Reset { login } => {
            let next = Some(Secret::new(PASSWORD));
            if hub.access.reset_password(&by, LOGINS[login], next).await.is_ok() {
                seen.end_sessions_of(LOGINS[login]);
            }
        }
        Step::LogIn { login, is_right } => {
            let password = if is_right { PASSWORD } else { "a wrong password" };
            let Ok(session) = hub.log_in(LOGINS[login], password).await else { return };
            assert!(is_right, "a wrong password opened");
            seen.sessions.push(Handed {
                text: session.cookie,
                login: Some(LOGINS[login].to_owned()),
                begun: hub.clock.now(),
                ends: Some(session.opened.expires_at),
                id: String::new(),
                is_ended: false,
            });
        }
        Step::LogOut { session } => {
            let Some(count) = (!seen.sessions.is_empty()).then(|| seen.sessions.len()) else {
                return;
            };
            let session = &mut seen.sessions[session % count];
            let _ = hub.access.log_out(&session.text, "203.0.113.7").await;
            session.is_ended = true;
        }
        Step::MakeToken { login, life_h } => {
            let login = login.map(|n| LOGINS[n].to_owned());
            let begun = hub.clock.now();
            let ends = life_h.map(|hours| begun + TimeDelta::hours(hours));
            let new =
                NewToken { name: "program".to_owned(), login: login.clone(), expires_at: ends };
            let made = hub.access.create_token(&actor(Role::Admin), new).await;
            let Ok((record, text)) = made else { return };
            let id = record.token_id;
            seen.tokens.push(Handed { text, login, begun, ends, id, is_ended: false });
        }
        Step::Revoke { token } => {
            let Some(count) = (!seen.tokens.is_empty()).then(|| seen.tokens.len()) else { return };
            let token = &mut seen.tokens[token % count];
            let _ = hub.access.revoke_token(&actor(Role::Admin), &token.id).await;
            token.is_ended = true;
        }
        Step::Wait { minutes } => hub.clock.advance(TimeDelta::minutes(minutes)),
    }
}

async fn check(hub: &Hub, seen: &Onlooker) {
    let accounts = hub.stores.accounts().await.unwrap();
    assert!(accounts.iter().any(|account| account.is_active_admin()), "nobody administers");
    let now = hub.clock.now();
    for (handed, is_session) in seen
        .sessions
        .iter()
        .map(|handed| (handed, true))
        .chain(seen.tokens.iter().map(|handed| (handed, false)))
    {
        let opened = if is_session {
            hub.access.open_session(&handed.text).await.map(|opened| opened.principal)
        } else {
            hub.access.open_token(&handed.text).await
        };
        let Ok(principal) = opened else { continue };
        assert!(!handed.is_ended, "what was ended opens");
        assert!(handed.ends.is_none_or(|end| now < end), "what is over opens");
        assert!(handed.begun <= now);
        match &handed.login {
            None => assert_eq!(principal.role, Role::Device),
            Some(login) => {
                let account = accounts.iter().find(|account| account.login == *login).unwrap();
                assert_eq!(account.status, AccountStatus::Active, "a disabled account opens");
                assert_eq!(principal, account.principal(), "rights of before");
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    #[test]
    fn somebody_administers_and_what_ended_stays_shut(steps in steps()) {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(async {
            let hub = Hub::empty();
            hub.access.bootstrap(Some(Secret::new(PASSWORD))).await.unwrap().unwrap();
            let mut seen = Onlooker::default();
            for step in steps {
                take(&hub, &mut seen, step).await;
                check(&hub, &seen).await;
            }
        });
    }

    /// Admins who disable each other at the same time do not all succeed.
    #[test]
    fn admins_cannot_all_disable_each_other(order in Just(LOGINS.to_vec()).prop_shuffle()) {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(4).build().unwrap();
        runtime.block_on(async {
            let hub = Hub::empty();
            hub.access.bootstrap(Some(Secret::new(PASSWORD))).await.unwrap();
            for login in &LOGINS[1..] {
                hub.create(login, Role::Admin).await.unwrap();
            }
            let tasks: Vec<_> = order.into_iter().map(|login| {
                let access = hub.access.clone();
                tokio::spawn(async move { access.disable_account(&Actor::system(), login).await.is_ok() })
            }).collect();
            let mut disabled = 0;
            for task in tasks {
                disabled += usize::from(task.await.unwrap());
            }
            assert_eq!(disabled, LOGINS.len() - 1);
        });
    }
}
