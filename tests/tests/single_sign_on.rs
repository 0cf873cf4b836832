//! Logging in through an identity provider, as a browser goes: to the hub, to the provider, back, and in.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test ends where its ground is missing"
)]

use std::time::Duration;

use reqwest::{Client, Response, header, redirect};
use serde_json::{Value, json};
use yuanliu_sandbox_identity::{CLIENT_ID, CLIENT_SECRET, Fault, IdentityProvider};
use yuanliu_tests::hub::TestHub;
use yuanliu_tests::server::Server;

/// Longer than any answer takes on a busy machine.
const ANSWER_WITHIN: Duration = Duration::from_secs(60);

/// Where the provider sends browsers, whatever port a test's hub has.
const REDIRECT: &str = "http://127.0.0.1:8080/api/v1/session/oidc/callback";

/// A browser that goes one step at a time and keeps cookies.
struct Browser {
    client: Client,
    hub: String,
}

impl Browser {
    fn at(server: &Server) -> Self {
        // By which the hub tells browsers from programs of its own machine.
        let browser = header::HeaderName::from_static("sec-fetch-site");
        let headers = [(browser, header::HeaderValue::from_static("none"))].into_iter().collect();
        let client = Client::builder().cookie_store(true).timeout(ANSWER_WITHIN);
        let client = client.default_headers(headers);
        let client = client.redirect(redirect::Policy::none()).build().unwrap();
        Self { client, hub: server.address.clone() }
    }

    async fn get(&self, address: &str) -> Response {
        self.client.get(address).send().await.unwrap()
    }

    /// Goes to the provider and back; gives where the hub sends it then.
    async fn log_in(&self, return_to: &str) -> String {
        let start = format!("{}/api/v1/session/oidc/start?return_to={return_to}", self.hub);
        let to_provider = location(&self.get(&start).await);
        let back = location(&self.get(&to_provider).await);
        let query = back.strip_prefix(REDIRECT).unwrap_or_else(|| panic!("sent to {back}"));
        location(&self.get(&format!("{}/api/v1/session/oidc/callback{query}", self.hub)).await)
    }

    async fn session(&self) -> Value {
        self.get(&format!("{}/api/v1/session", self.hub)).await.json().await.unwrap()
    }
}

fn location(response: &Response) -> String {
    assert_eq!(response.status(), 303, "{}", response.url());
    response.headers()[header::LOCATION].to_str().unwrap().to_owned()
}

fn hub(provider: &IdentityProvider) -> TestHub {
    let hub = TestHub::new();
    hub.write("config/oidc.secret", CLIENT_SECRET);
    let path = hub.path("config/hub.toml");
    let mut text = std::fs::read_to_string(&path).unwrap();
    text.push_str(&format!(
        "\n[oidc]\nname = \"统一登录\"\nissuer = \"{}\"\nclient_id = \"{CLIENT_ID}\"\n\
         client_secret = \"file:oidc.secret\"\nredirect_url = \"{REDIRECT}\"\n\
         scopes = [\"profile\"]\nrole_claim = \"groups\"\n\
         [[oidc.roles]]\nclaim = \"hub-admins\"\nrole = \"admin\"\n\
         [[oidc.roles]]\nclaim = \"hub-zhejiang\"\nrole = \"management\"\nregions = [\"330000\"]\n",
        provider.issuer()
    ));
    std::fs::write(&path, text).unwrap();
    hub
}

#[tokio::test]
async fn a_provider_lets_its_people_in_with_their_role_and_regions() {
    let provider = IdentityProvider::start(None).await.unwrap();
    provider.claim("groups", json!(["everybody", "hub-zhejiang"]));
    let hub = hub(&provider);
    let server = Server::start(&hub);
    let ways: Value =
        server.get("/api/v1/session/ways").send().await.unwrap().json().await.unwrap();
    assert_eq!(ways["oidc"]["name"], "统一登录", "{ways}");

    let browser = Browser::at(&server);
    assert_eq!(browser.log_in("/map").await, "/map");
    let user = browser.session().await;
    assert_eq!((&user["login"], &user["display_name"]), (&json!("wang.wei"), &json!("王伟")));
    assert_eq!((&user["role"], &user["regions"]), (&json!("management"), &json!(["330000"])));
    let accounts = browser.get(&format!("{}/api/v1/accounts", server.address)).await;
    assert_eq!(accounts.status(), 403);

    // Who has no group of the hub is not let in, and told so at the login page.
    provider.claim("groups", json!(["everybody"]));
    let outsider = Browser::at(&server);
    let page = outsider.log_in("/").await;
    assert!(page.starts_with("/login?problem="), "{page}");
    assert_eq!(outsider.get(&format!("{}/api/v1/accounts", server.address)).await.status(), 401);

    // A token that was changed on its way is none.
    provider.claim("groups", json!(["hub-zhejiang"]));
    provider.misbehave(Fault::Tampered);
    let page = Browser::at(&server).log_in("/").await;
    assert!(page.starts_with("/login?problem="), "{page}");
}
