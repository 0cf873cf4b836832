//! Who asks for a token, and where.

use yuanliu_contract::{ConfigProblem, Secret, Settings};

use super::gateway::Gateway;
use super::signature::{percent_encode, sign};

/// The kinds of app: a tenant's own, and one that a vendor offers to many tenants.
pub(crate) const APPS: &[&str] = &["self_built", "suite"];

/// Where the token is: since 2023-07, before it, or before it on the gateway's own prefix, which
/// some tenants need (reference: yonyou.md 1.2).
pub(crate) const TOKEN_PATHS: &[&str] = &["current", "previous", "gateway"];

/// Credentials of one app. No `Debug`: it holds a secret.
pub(crate) struct Login {
    is_suite: bool,
    path: String,
    key: String,
    secret: Secret,
    ticket: Option<Secret>,
    tenant_id: String,
}

impl Login {
    /// Reads the settings that belong to it.
    pub(crate) fn read(settings: &Settings) -> Result<Self, Vec<ConfigProblem>> {
        let text = |name| settings.text(name).unwrap_or_default().trim().to_owned();
        let is_suite = text("app") == "suite";
        let ticket = settings.secret("suite_ticket").cloned();
        let mut problems = Vec::new();
        if ticket.is_some() && !is_suite {
            problems.push(ConfigProblem::new("suite_ticket", "works with app = \"suite\" only"));
        }
        let secret = settings.secret("app_secret").cloned();
        if secret.as_ref().is_none_or(|secret| secret.reveal().is_empty()) {
            problems.push(ConfigProblem::new("app_secret", "is empty"));
        }
        let (tenant_id, key, path) = (text("tenant_id"), text("app_key"), text("token_path"));
        match secret {
            Some(secret) if problems.is_empty() => {
                Ok(Self { is_suite, path, key, secret, ticket, tenant_id })
            }
            _ => Err(problems),
        }
    }

    /// The tenant.
    pub(crate) fn tenant_id(&self) -> &str {
        &self.tenant_id
    }

    /// The signed address of a new token at an instant, in epoch milliseconds.
    pub(crate) fn url(&self, gateway: &Gateway, unix_ms: i64) -> String {
        let mut parameters = vec![("timestamp", unix_ms.to_string())];
        if self.is_suite {
            parameters.push(("suiteKey", self.key.clone()));
            parameters.push(("tenantId", self.tenant_id.clone()));
            if let Some(ticket) = &self.ticket {
                parameters.push(("suiteTicket", ticket.reveal().to_owned()));
            }
        } else {
            parameters.push(("appKey", self.key.clone()));
        }
        parameters.push(("signature", sign(&parameters, &self.secret)));
        let query: Vec<_> = parameters
            .iter()
            .map(|(name, value)| format!("{name}={}", percent_encode(value)))
            .collect();
        let service = if self.is_suite { "suiteApp" } else { "selfAppAuth" };
        let (host, version) = match self.path.as_str() {
            "gateway" => (&gateway.gateway_url, ""),
            "previous" => (&gateway.token_url, ""),
            _ => (&gateway.token_url, "/base/v1"),
        };
        format!("{host}/open-auth/{service}{version}/getAccessToken?{}", query.join("&"))
    }
}
