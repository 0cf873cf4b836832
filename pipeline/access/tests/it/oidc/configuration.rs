//! The section `[oidc]` and what is wrong with it.

use yuanliu_access::{OidcClient, OidcConfig, Role};

const SOUND: &str = r#"
name = "统一登录"
issuer = "https://id.example.com/realms/main"
client_id = "yuanliu"
client_secret = "env:OIDC_SECRET"
redirect_url = "https://hub.example.com/api/v1/session/oidc/callback"
role_claim = "realm_access.roles"

[[roles]]
claim = "hub-admins"
role = "admin"

[[roles]]
claim = "hub-zhejiang"
role = "management"
regions = ["330000"]
"#;

fn problems(from: &str, to: &str) -> String {
    assert!(SOUND.contains(from), "{from}");
    match toml::from_str::<OidcConfig>(&SOUND.replacen(from, to, 1)) {
        Ok(config) => config.problems().join("; "),
        Err(error) => error.message().to_owned(),
    }
}

#[test]
fn a_sound_one_has_none() {
    let config: OidcConfig = toml::from_str(SOUND).unwrap();
    assert_eq!(config.problems(), Vec::<String>::new());
    assert_eq!(config.scopes, ["profile"]);
    assert_eq!(config.timeout_s, 10);
    assert_eq!(config.roles[1].role, Role::Management);
}

#[test]
fn each_problem_names_its_key() {
    for (from, to, expected) in [
        (
            "https://id",
            "http://id",
            "oidc.issuer \"http://id.example.com/realms/main\" should begin with https://",
        ),
        ("https://id.example.com/realms/main", "id", "oidc.issuer \"id\" is no address"),
        (
            "https://hub",
            "ftp://hub",
            "oidc.redirect_url \"ftp://hub.example.com/api/v1/session/oidc/callback\" should begin with https://",
        ),
        ("env:OIDC_SECRET", "hunter2", "oidc.client_secret should be env:NAME or file:PATH"),
        ("\"realm_access.roles\"", "\"\"", "oidc.role_claim is empty"),
        (
            "\"admin\"",
            "\"dealer\"",
            "oidc.roles: \"hub-admins\" means dealer; only admin, management, operations and finance log in so",
        ),
        ("330000", "33", "oidc.roles: \"hub-zhejiang\": \"33\" is no region code of six digits"),
        (
            "role = \"management\"",
            "role = \"admin\"",
            "oidc.roles: \"hub-zhejiang\": only management, operations and finance are limited to regions",
        ),
    ] {
        assert_eq!(problems(from, to), expected);
    }
    assert!(problems("client_id", "klient_id").contains("klient_id"));
    assert!(problems("\"admin\"", "\"root\"").contains("root"));
}

#[test]
fn a_provider_on_this_machine_may_speak_http() {
    assert_eq!(problems("https://id.example.com/realms/main", "http://127.0.0.1:9000"), "");
    assert_eq!(problems("https://id.example.com/realms/main", "http://localhost:9000/x"), "");
}

#[test]
fn an_unsound_one_makes_no_client() {
    let mut config: OidcConfig = toml::from_str(SOUND).unwrap();
    config.roles.clear();
    let refused = OidcClient::new(config, None).err().unwrap();
    assert_eq!(refused.to_string(), "oidc.roles is empty: nobody could log in");
}
