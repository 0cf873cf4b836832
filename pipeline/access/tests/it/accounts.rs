//! Accounts are made and changed by rules.

use yuanliu_access::password_policy::check_password;
use yuanliu_access::{AccountChange, Actor, NewAccount, PasswordFault, Role, Secret};

use crate::support::{Hub, PASSWORD, actor, code, new_account};

#[tokio::test]
async fn the_first_admin_is_made_once() {
    let hub = Hub::empty();
    let first = hub.access.bootstrap(None).await.unwrap().unwrap();
    assert_eq!(first.login, "admin");
    let password = first.password.expect("made up");
    let session = hub.log_in("admin", password.expose()).await.unwrap();
    assert!(session.opened.must_change_password, "it was printed");
    assert!(hub.access.bootstrap(None).await.unwrap().is_none());
    assert_eq!(hub.log_lines().await[0], "system account.created done");
}

#[tokio::test]
async fn the_first_admin_may_have_a_password_of_their_own_but_no_bad_one() {
    let hub = Hub::empty();
    let weak = hub.access.bootstrap(Some(Secret::new("admin12345"))).await;
    assert_eq!(code(weak), "password_is_login");
    let first = hub.access.bootstrap(Some(Secret::new(PASSWORD))).await.unwrap().unwrap();
    assert!(first.password.is_none());
    assert!(!hub.log_in("admin", PASSWORD).await.unwrap().opened.must_change_password);
}

#[tokio::test]
async fn the_last_admin_stays() {
    let hub = Hub::staffed().await;
    let admin = actor(Role::Admin);
    let demote = AccountChange { role: Some(Role::Finance), ..AccountChange::default() };
    let access = &hub.access;
    assert_eq!(code(access.disable_account(&admin, "admin").await), "last_admin");
    assert_eq!(code(access.change_account(&admin, "admin", demote.clone()).await), "last_admin");

    hub.create("second", Role::Admin).await.unwrap();
    access.disable_account(&admin, "admin").await.unwrap();
    assert_eq!(code(access.change_account(&admin, "second", demote).await), "last_admin");
    assert_eq!(code(access.disable_account(&admin, "second").await), "last_admin");
}

#[tokio::test]
async fn a_password_that_is_made_up_is_told_once_and_has_to_be_changed() {
    let hub = Hub::staffed().await;
    let admin = actor(Role::Admin);
    let new = new_account("wang.wei", Role::Operations);
    let (account, told) = hub.access.create_account(&admin, new, None).await.unwrap();
    assert!(account.must_change_password);
    let first = told.unwrap();
    hub.log_in("wang.wei", first.expose()).await.unwrap();
    let second = hub.access.reset_password(&admin, "wang.wei", None).await.unwrap().unwrap();
    assert_ne!(first, second);
    assert_eq!(code(hub.log_in("wang.wei", first.expose()).await), "wrong_login");
    hub.log_in("wang.wei", second.expose()).await.unwrap();
}

#[tokio::test]
async fn an_account_that_makes_no_sense_is_not_made() {
    let hub = Hub::staffed().await;
    let make = async |new: NewAccount| {
        let password = Some(Secret::new(PASSWORD));
        code(hub.access.create_account(&actor(Role::Admin), new, password).await)
    };
    let staff = |login: &str| new_account(login, Role::Operations);
    let regions = |codes: &[&str]| codes.iter().map(|code| (*code).to_owned()).collect::<Vec<_>>();

    for login in
        ["", "x", "has space", "令狐", "token:x", "-x", "public", "system", &"x".repeat(65)]
    {
        assert_eq!(make(staff(login)).await, "login_malformed", "{login:?}");
    }
    assert_eq!(make(staff("FINANCE")).await, "login_taken");
    assert_eq!(
        make(NewAccount { display_name: " ".into(), ..staff("li") }).await,
        "display_name_malformed"
    );
    for role in [Role::Device, Role::Public] {
        assert_eq!(make(new_account("li", role)).await, "role_without_account");
    }
    let dealer = new_account("li", Role::Dealer);
    for dealer_code in [None, Some("  ".to_owned())] {
        assert_eq!(make(NewAccount { dealer_code, ..dealer.clone() }).await, "dealer_code_missing");
    }
    let dealer_code = Some("D001".to_owned());
    assert_eq!(make(NewAccount { dealer_code, ..staff("li") }).await, "dealer_code_not_allowed");
    let limited = regions(&["330000"]);
    for role in [Role::Dealer, Role::Admin] {
        let new = NewAccount { regions: limited.clone(), ..new_account("li", role) };
        assert_eq!(make(new).await, "regions_not_allowed");
    }
    for wrong in ["33", "33000a", "3300000", "３３００００", "' or ''='"] {
        let new = NewAccount { regions: regions(&["310000", wrong]), ..staff("li") };
        assert_eq!(make(new).await, "region_code_malformed", "{wrong:?}");
    }
}

#[tokio::test]
async fn a_change_is_checked_as_a_whole() {
    let hub = Hub::staffed().await;
    let admin = actor(Role::Admin);
    let change =
        async |change: AccountChange| hub.access.change_account(&admin, "dealer", change).await;
    let to_staff = AccountChange { role: Some(Role::Operations), ..AccountChange::default() };
    assert_eq!(code(change(to_staff.clone()).await), "dealer_code_not_allowed");
    let whole = AccountChange {
        dealer_code: Some(None),
        regions: Some(vec!["330000".to_owned()]),
        ..to_staff
    };
    let changed = change(whole).await.unwrap();
    assert_eq!((changed.role, changed.dealer_code), (Role::Operations, None));
    assert_eq!(hub.account("dealer").await.regions, ["330000"]);

    let entry = hub.log().await.pop().unwrap();
    assert_eq!(entry.action, "account.changed");
    assert_eq!(entry.detail["before"]["role"], "dealer");
    assert_eq!(entry.detail["after"]["role"], "operations");
}

#[tokio::test]
async fn of_two_who_change_at_once_one_is_told() {
    let hub = Hub::staffed().await;
    let seen = hub.account("finance").await.revision;
    let change = |name: &str| {
        let change = AccountChange {
            display_name: Some(name.to_owned()),
            revision: Some(seen),
            ..AccountChange::default()
        };
        let access = hub.access.clone();
        async move { access.change_account(&actor(Role::Admin), "finance", change).await }
    };
    change("first").await.unwrap();
    assert_eq!(code(change("second").await), "account_changed_meanwhile");
    assert_eq!(hub.account("finance").await.display_name, "first");
}

#[tokio::test]
async fn nobody_but_an_admin_touches_accounts_and_trying_is_noted() {
    let hub = Hub::staffed().await;
    for role in Role::ALL.into_iter().filter(|role| *role != Role::Admin) {
        let (by, access) = (actor(role), &hub.access);
        let none = AccountChange::default();
        let new = new_account("mine", Role::Admin);
        assert_eq!(code(access.accounts(&by).await), "forbidden", "{role}");
        assert_eq!(code(access.create_account(&by, new, None).await), "forbidden", "{role}");
        assert_eq!(code(access.change_account(&by, "admin", none).await), "forbidden", "{role}");
        assert_eq!(code(access.reset_password(&by, "admin", None).await), "forbidden", "{role}");
        assert_eq!(code(access.unlock_account(&by, "admin").await), "forbidden", "{role}");
        assert_eq!(code(access.disable_account(&by, "admin").await), "forbidden", "{role}");
    }
    let lines = hub.log_lines().await;
    assert!(lines.contains(&"finance account.created refused".to_owned()));
    assert!(lines.contains(&"dealer account.password_reset refused".to_owned()));
}

#[tokio::test]
async fn an_unknown_account_is_said_to_be_unknown() {
    let hub = Hub::staffed().await;
    let unknown = hub.access.disable_account(&Actor::system(), "nobody").await.unwrap_err();
    assert_eq!(unknown.to_string(), "there is no account \"nobody\"");
    assert_eq!(unknown.chinese(), "账号 \"nobody\" 不存在");
    assert!(!unknown.is_internal());
}

#[test]
fn a_password_is_judged_by_length_and_by_what_is_tried_first() {
    let judge = |password: &str| check_password("wang.wei", &Secret::new(password));
    for good in [PASSWORD, "床前明月光疑是地上霜", "xkcd936xkcd", "wang.weiXiaoming"] {
        assert_eq!(judge(good), Ok(()), "{good}");
    }
    for (bad, fault) in [
        ("", PasswordFault::TooShort),
        ("123456789", PasswordFault::TooShort),
        ("wang.wei2026", PasswordFault::IsLogin),
        ("Wang.WeiWang.Wei", PasswordFault::IsLogin),
        ("1234567890", PasswordFault::TooCommon),
        ("9876543210", PasswordFault::TooCommon),
        ("abcdefghijkl", PasswordFault::TooCommon),
        ("aaaaaaaaaaaaaaa", PasswordFault::TooCommon),
        ("abababababab", PasswordFault::TooCommon),
        ("Password123", PasswordFault::TooCommon),
        ("woaini5201314", PasswordFault::TooCommon),
        ("Ｐａｓｓｗｏｒｄ１２３", PasswordFault::TooCommon),
    ] {
        assert_eq!(judge(bad), Err(fault), "{bad}");
    }
    assert_eq!(judge(&"long ".repeat(60)), Err(PasswordFault::TooLong));
}
