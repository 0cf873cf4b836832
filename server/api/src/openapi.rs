//! The document that describes the API, OpenAPI 3.1.
//!
//! Routes, parameters and schemas come from the routes themselves. What every route has in common is
//! added here: how one shows who one is, and the problems that may be answered.

use serde_json::{Map, Value, json};
use utoipa::openapi::security::{ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::{OpenApi, ToResponse};
use utoipa_axum::router::OpenApiRouter;

use crate::access::{Permission, Reach, Role};
use crate::api::SESSION_COOKIE;
use crate::problem::ProblemDocument;
use crate::router::ROOT;
use crate::routes::{quick, slow};

/// The login or the password is wrong; which of them is not told.
#[derive(ToResponse)]
#[response(
    description = "The login or the password is wrong",
    content_type = "application/problem+json"
)]
#[allow(dead_code, reason = "describes an answer")]
pub(crate) struct WrongLogin(ProblemDocument);

/// Too many failed attempts; `Retry-After` says how long to wait.
#[derive(ToResponse)]
#[response(
    description = "Too many failed attempts; see Retry-After",
    content_type = "application/problem+json"
)]
#[allow(dead_code, reason = "describes an answer")]
pub(crate) struct Locked(ProblemDocument);

/// More than is taken at a time; `Retry-After` says how long to wait.
#[derive(ToResponse)]
#[response(
    description = "More than is taken at a time; see Retry-After",
    content_type = "application/problem+json"
)]
#[allow(dead_code, reason = "describes an answer")]
pub(crate) struct TooMany(ProblemDocument);

/// A solved challenge is wanted as `X-Captcha-Token`.
#[derive(ToResponse)]
#[response(
    description = "A solved challenge is wanted as X-Captcha-Token",
    content_type = "application/problem+json"
)]
#[allow(dead_code, reason = "describes an answer")]
pub(crate) struct CaptchaWanted(ProblemDocument);

/// There is no such thing in this hub.
#[derive(ToResponse)]
#[response(
    description = "There is no such thing in this hub",
    content_type = "application/problem+json"
)]
#[allow(dead_code, reason = "describes an answer")]
pub(crate) struct NoSuchThing(ProblemDocument);

/// A token was shown that is none.
#[derive(ToResponse)]
#[response(
    description = "A token was shown that is none",
    content_type = "application/problem+json"
)]
#[allow(dead_code, reason = "describes an answer")]
pub(crate) struct NoToken(ProblemDocument);

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Yuanliu 源流",
        description = "ERP/MES integration hub: reports, traces, recalls, diversion, and the hub's own work.\n\n\
            Lists are `{items, next_cursor}`. Refusals are problem documents (RFC 9457), title and detail \
            in two languages. Each operation's `x-permission` names what it needs: `public` nothing, \
            `session` a login, anything else a permission; `x-roles` lists the roles that have it. Rows \
            are those that whoever asks may see.",
        license(name = "Apache-2.0", identifier = "Apache-2.0"),
    ),
    components(schemas(ProblemDocument)),
    tags(
        (name = "session", description = "登录 Logging in and out"),
        (name = "accounts", description = "账号 Accounts, tokens, and who did what"),
        (name = "systems", description = "系统 Connected systems and how their fields changed"),
        (name = "configuration", description = "配置 The configuration: shown, planned, applied"),
        (name = "jobs", description = "任务 Jobs and their schedules"),
        (name = "runs", description = "运行 What ran and what runs"),
        (name = "rejects", description = "拒收 Rejected rows"),
        (name = "alerts", description = "告警 Alerts, their rules and deliveries"),
        (name = "reports", description = "报表 Reports and how old they are"),
        (name = "map", description = "地图 Regions, territories, addresses"),
        (name = "codes", description = "追溯 Traces, recalls, verification"),
        (name = "diversion", description = "窜货 Diversion cases"),
        (name = "finance", description = "财务 Promoters' claims and their month"),
        (name = "dealer", description = "经销商 What a dealer sees of itself"),
        (name = "devices", description = "设备 Scan events and gates"),
    )
)]
struct Head;

/// Keys of a path that are operations.
const METHODS: [&str; 4] = ["get", "post", "put", "delete"];

/// Problems by status: name of the response, and what it says.
const PROBLEMS: [(&str, &str, &str); 10] = [
    ("400", "BadRequest", "The request makes no sense as sent"),
    ("401", "Unauthorized", "Nobody is logged in, or the token is wrong"),
    ("403", "Forbidden", "Not for this role, or the CSRF token is missing"),
    ("404", "NotFound", "There is no such thing within what whoever asks may see"),
    ("409", "Conflict", "It does not fit what is there now"),
    ("413", "TooLarge", "The body is too large"),
    ("415", "UnsupportedMediaType", "The body is of a type that is not read here"),
    ("500", "Failed", "The hub failed; its log tells why under the incident named"),
    ("503", "Unavailable", "Not now; see Retry-After where it is given"),
    ("504", "TimedOut", "The answer took too long"),
];

/// The document as JSON.
pub fn document() -> Value {
    let all = OpenApiRouter::with_openapi(Head::openapi()).nest(ROOT, quick().merge(slow()));
    let mut document = all.into_openapi();
    let components = document.components.get_or_insert_default();
    for (name, scheme) in schemes() {
        components.add_security_scheme(name, scheme);
    }
    // A document of plain data can always be written.
    let mut document = serde_json::to_value(&document).unwrap_or_default();
    document["components"]["responses"] = problems();
    if let Some(paths) = document["paths"].as_object_mut() {
        for (path, item) in paths {
            for method in METHODS {
                if let Some(operation) = item.get_mut(method).and_then(Value::as_object_mut) {
                    complete(path, method, operation);
                }
            }
        }
    }
    document
}

fn schemes() -> [(&'static str, SecurityScheme); 3] {
    let cookie = ApiKeyValue::with_description(SESSION_COOKIE, "The cookie of POST /session.");
    let csrf = ApiKeyValue::with_description(
        "X-CSRF-Token",
        "The csrf_token of GET /session, with the cookie, for requests that change something.",
    );
    let bearer = HttpBuilder::new().scheme(HttpAuthScheme::Bearer);
    let bearer = bearer.description(Some("A token of POST /tokens; needs no CSRF token."));
    [
        ("session", SecurityScheme::ApiKey(ApiKey::Cookie(cookie))),
        ("csrf", SecurityScheme::ApiKey(ApiKey::Header(csrf))),
        ("bearer", SecurityScheme::Http(bearer.build())),
    ]
}

fn problems() -> Value {
    let schema = json!({"$ref": "#/components/schemas/Problem"});
    let content = json!({"application/problem+json": {"schema": schema}});
    let named = PROBLEMS.map(|(_, name, description)| {
        (name.to_owned(), json!({"description": description, "content": content}))
    });
    Value::Object(named.into_iter().collect())
}

/// Adds to an operation what follows from its path, its method and its permission.
fn complete(path: &str, method: &str, operation: &mut Map<String, Value>) {
    let permission = operation.get("x-permission").and_then(Value::as_str).unwrap_or_default();
    let permission = permission.to_owned();
    let is_public = permission == "public";
    let changes = method != "get";
    if !is_public {
        let cookie =
            if changes { json!({"session": [], "csrf": []}) } else { json!({"session": []}) };
        operation.insert("security".to_owned(), json!([cookie, {"bearer": []}]));
    }
    if let Some(permission) = Permission::ALL.iter().find(|known| known.name() == permission) {
        let roles: Vec<Role> =
            Role::ALL.into_iter().filter(|role| permission.reach(*role) != Reach::No).collect();
        operation.insert("x-roles".to_owned(), json!(roles));
    }
    let has_body = operation.contains_key("requestBody");
    let has_input = has_body || operation.contains_key("parameters");
    let answers: &[(&str, bool)] = &[
        ("400", has_input),
        ("401", !is_public),
        ("403", !is_public || path.ends_with("/session")),
        // What a body or a parameter names may be missing as well as what the path names.
        ("404", path.contains('{') || (has_input && !is_public)),
        ("409", changes && !is_public),
        ("413", has_body),
        ("415", has_body),
        ("500", true),
        ("503", true),
        ("504", true),
    ];
    let Some(responses) = operation.get_mut("responses").and_then(Value::as_object_mut) else {
        return;
    };
    for ((status, name, _), (_, may_be)) in PROBLEMS.iter().zip(answers) {
        if *may_be && !responses.contains_key(*status) {
            let told = json!({"$ref": format!("#/components/responses/{name}")});
            responses.insert((*status).to_owned(), told);
        }
    }
}
