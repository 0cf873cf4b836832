//! Login by password, and what follows wrong ones.

use std::sync::Arc;

use chrono::TimeDelta;
use yuanliu_access::{
    Access, AccessError, AccessRules, Actor, NewToken, PasswordHasher, Role, Secret, Stores,
};

use crate::support::{ADDRESS, Hub, PASSWORD, code, visitor};

#[tokio::test]
async fn the_right_password_opens_and_is_noted() {
    let hub = Hub::staffed().await;
    let session = hub.log_in(" Finance ", PASSWORD).await.unwrap();
    assert_eq!(session.opened.principal.role, Role::Finance);
    assert!(session.opened.must_change_password, "an admin set it");
    assert_eq!(hub.log_lines().await.last().unwrap(), "finance login done");
    let entry = hub.log().await.pop().unwrap();
    assert_eq!(entry.address.as_deref(), Some(ADDRESS));
    assert_eq!(entry.detail["by"], "password");
}

#[tokio::test]
async fn full_width_letters_are_the_same_password() {
    let hub = Hub::staffed().await;
    let full: String = PASSWORD
        .chars()
        .map(|letter| match letter {
            ' ' => '\u{3000}',
            letter => char::from_u32(u32::from(letter) + 0xFEE0).unwrap(),
        })
        .collect();
    assert_ne!(full, PASSWORD);
    hub.log_in("admin", &full).await.unwrap();
}

#[tokio::test]
async fn a_stranger_learns_nothing_about_who_has_an_account() {
    let hub = Hub::staffed().await;
    hub.access.disable_account(&Actor::system(), "finance").await.unwrap();
    let disabled = hub.log_in("finance", PASSWORD).await.unwrap_err();
    let mut answers = Vec::new();
    for login in ["operations", "nobody"] {
        let mut of_one = Vec::new();
        for n in 0..9 {
            let address = format!("198.51.100.{n}");
            let error = hub.log_in_from(login, "a wrong password", &address).await.unwrap_err();
            of_one.push(error.to_string());
        }
        answers.push(of_one);
    }
    assert_eq!(answers[0], answers[1]);
    assert_eq!(answers[0][0], disabled.to_string());
    assert!(answers[0][8].contains("too many wrong passwords"), "{}", answers[0][8]);
}

#[tokio::test]
async fn a_connection_is_let_in_by_an_own_password_or_a_token_of_the_account() {
    let hub = Hub::staffed().await;
    let admit = |login: &str, password: &str| {
        let (access, login, password) =
            (hub.access.clone(), login.to_owned(), Secret::new(password));
        async move { access.admit(&login, password, ADDRESS).await }
    };
    assert_eq!(admit("Admin", PASSWORD).await.unwrap().role, Role::Admin);
    assert_eq!(code(admit("admin", "a wrong password").await), "wrong_login");
    assert_eq!(code(admit("finance", PASSWORD).await), "must_change_password");

    let new = |login: Option<&str>| NewToken {
        name: "BI".to_owned(),
        login: login.map(str::to_owned),
        expires_at: None,
    };
    let make = async |login| hub.access.create_token(&Actor::system(), new(login)).await.unwrap().1;
    let token = make(Some("finance")).await;
    assert_eq!(admit("finance", token.expose()).await.unwrap().role, Role::Finance);
    assert_eq!(code(admit("admin", token.expose()).await), "no_token", "not their own");
    let device = make(None).await;
    assert_eq!(code(admit("finance", device.expose()).await), "no_token");
}

#[tokio::test]
async fn an_account_is_locked_longer_each_time() {
    let hub = Hub::staffed().await;
    for _ in 0..5 {
        assert_eq!(code(hub.log_in("finance", "a wrong password").await), "wrong_login");
    }
    let mut waits = Vec::new();
    for _ in 0..9 {
        let AccessError::Locked { until } = hub.log_in("finance", PASSWORD).await.unwrap_err()
        else {
            panic!("should be locked, even for the right password");
        };
        let wait = until - yuanliu_access::Clock::now(&*hub.clock);
        waits.push(wait.num_seconds());
        hub.clock.advance(wait);
        assert_eq!(code(hub.log_in("finance", "a wrong password").await), "wrong_login");
    }
    assert_eq!(waits, [60, 120, 240, 480, 960, 1920, 3600, 3600, 3600]);
    hub.clock.advance(TimeDelta::hours(1));
    hub.log_in("finance", PASSWORD).await.unwrap();
    assert_eq!(hub.account("finance").await.failed_attempts, 0);
    assert!(hub.log_lines().await.contains(&"finance lockout refused".to_owned()));
}

#[tokio::test]
async fn an_admin_ends_a_lock() {
    let hub = Hub::staffed().await;
    for _ in 0..5 {
        hub.log_in("dealer", "a wrong password").await.unwrap_err();
    }
    assert_eq!(code(hub.log_in("dealer", PASSWORD).await), "locked");
    hub.access.unlock_account(&Actor::system(), "dealer").await.unwrap();
    hub.log_in("dealer", PASSWORD).await.unwrap();
}

/// Guesses that arrive at once are counted before they are compared.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn guesses_sent_at_once_are_not_more_guesses() {
    let hub = Arc::new(Hub::staffed().await);
    for _ in 0..3 {
        let before = compared(&hub).await;
        let mut tasks = Vec::new();
        for n in 0..60 {
            let hub = hub.clone();
            tasks.push(tokio::spawn(async move {
                let address = format!("198.51.100.{n}");
                hub.log_in_from("finance", "a wrong password", &address).await.unwrap_err()
            }));
        }
        for task in tasks {
            task.await.unwrap();
        }
        let guesses = compared(&hub).await - before;
        // Five before the first lock, then one whenever a lock has ended.
        assert!(guesses == if before == 0 { 5 } else { 1 }, "{guesses} after {before}");
        hub.clock.advance(TimeDelta::hours(1));
    }
}

async fn compared(hub: &Hub) -> usize {
    let lines = hub.log_lines().await;
    lines.iter().filter(|line| *line == "finance login refused").count()
}

#[tokio::test]
async fn an_address_that_tries_many_accounts_is_locked() {
    let hub = Hub::staffed().await;
    for n in 0..30 {
        let login = format!("guess{n}");
        let address = format!("2001:db8:1:2::{n:x}");
        assert_eq!(
            code(hub.log_in_from(&login, "a wrong password", &address).await),
            "wrong_login"
        );
    }
    let same_network = "2001:db8:1:2:ffff::1";
    assert_eq!(code(hub.log_in_from("admin", PASSWORD, same_network).await), "locked");
    hub.log_in_from("admin", PASSWORD, "2001:db8:1:3::1").await.unwrap();
    hub.clock.advance(TimeDelta::seconds(60));
    hub.log_in_from("admin", PASSWORD, same_network).await.unwrap();
    // One right password does not make up for thirty wrong ones.
    assert_eq!(
        code(hub.log_in_from("guess", "a wrong password", same_network).await),
        "wrong_login"
    );
    assert_eq!(code(hub.log_in_from("admin", PASSWORD, same_network).await), "locked");
}

#[tokio::test]
async fn people_who_know_their_password_never_lock_their_office() {
    let hub = Hub::staffed().await;
    for _ in 0..40 {
        hub.log_in("finance", PASSWORD).await.unwrap();
    }
}

#[tokio::test]
async fn a_hash_of_an_older_cost_is_made_anew() {
    let hub = Hub::staffed().await;
    let before = hub.account("finance").await.password_hash.unwrap();
    assert!(before.expose().starts_with("$argon2id$v=19$m=8,t=1,p=1$"));
    let dearer = Access::new(
        Stores::all_in(hub.stores.clone()),
        hub.clock.clone(),
        PasswordHasher::with_cost(16, 2).unwrap(),
        AccessRules::default(),
    );
    let come = visitor(ADDRESS);
    dearer.log_in("finance", Secret::new(PASSWORD), &come).await.unwrap();
    let after = hub.account("finance").await.password_hash.unwrap();
    assert!(after.expose().starts_with("$argon2id$v=19$m=16,t=2,p=1$"));
    dearer.log_in("finance", Secret::new(PASSWORD), &come).await.unwrap();
    assert_eq!(hub.account("finance").await.password_hash.unwrap(), after, "once");
}

#[tokio::test]
async fn the_cost_of_a_release_is_that_of_owasp() {
    let hasher = PasswordHasher::new().unwrap();
    let hash = hasher.hash(Secret::new(PASSWORD)).await.unwrap();
    assert!(hash.expose().starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{}", hash.expose());
    let again = hasher.hash(Secret::new(PASSWORD)).await.unwrap();
    assert_ne!(hash, again, "salted");
    let compared = hasher.compare(Secret::new(PASSWORD), Some(hash)).await.unwrap();
    assert!(compared.is_right && !compared.is_outdated);
    assert!(!hasher.compare(Secret::new(PASSWORD), None).await.unwrap().is_right);
}

#[tokio::test]
async fn a_password_of_a_megabyte_is_not_hashed() {
    let hub = Hub::staffed().await;
    assert_eq!(code(hub.log_in("admin", &"x".repeat(1 << 20)).await), "wrong_login");
}
