//! Values as they may be shown.

use toml::Value;

/// Stands for what is never shown.
pub const HIDDEN: &str = "(不显示 hidden)";

/// A field with one of these in its name holds a secret, whatever its spec says.
const MARKS: [&str; 7] =
    ["password", "passwd", "secret", "token", "ticket", "credential", "webhook"];

/// Ends of names that look secret and hold where, how many or how long.
const PLAIN_ENDS: [&str; 5] = ["_path", "_url", "_s", "_ms", "_max"];

/// A value under a key as it may be shown: references are, secrets and what stands in an address before
/// `@` or after `?` are not.
pub(crate) fn shown(key: &str, value: &Value, secret_fields: &[String]) -> String {
    let field = key.rsplit('.').next().unwrap_or(key);
    match value {
        Value::Table(table) => {
            let items = table
                .iter()
                .map(|(name, item)| format!("{name} = {}", shown(name, item, secret_fields)));
            format!("{{ {} }}", items.collect::<Vec<_>>().join(", "))
        }
        Value::Array(list) => {
            let items = list.iter().map(|item| shown(key, item, secret_fields));
            format!("[{}]", items.collect::<Vec<_>>().join(", "))
        }
        _ if is_secret(field, secret_fields) => match value.as_str() {
            Some(text) if is_reference(text) => value.to_string(),
            _ => HIDDEN.to_owned(),
        },
        Value::String(text) => Value::String(address(text)).to_string(),
        other => other.to_string(),
    }
}

fn is_secret(field: &str, secret_fields: &[String]) -> bool {
    let field = field.to_ascii_lowercase();
    let is_marked = MARKS.iter().any(|mark| field.contains(mark))
        && !PLAIN_ENDS.iter().any(|end| field.ends_with(end));
    is_marked || secret_fields.contains(&field)
}

/// `env:NAME` with a name that a variable may have, or `file:PATH`.
fn is_reference(text: &str) -> bool {
    let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
    match text.split_once(':') {
        Some(("env", name)) => !name.is_empty() && name.chars().all(is_name),
        Some(("file", path)) => !path.is_empty() && !path.contains('\n'),
        _ => false,
    }
}

/// An address without the account and the parameters in it; a robot's address carries its token there.
fn address(text: &str) -> String {
    let Some((scheme, rest)) = text.split_once("://") else { return text.to_owned() };
    let (rest, asked) = match rest.split_once(['?', '#']) {
        Some((rest, _)) => (rest, format!("?{HIDDEN}")),
        None => (rest, String::new()),
    };
    let (host, path) = match rest.split_once('/') {
        Some((host, path)) => (host, format!("/{path}")),
        None => (rest, String::new()),
    };
    let host = match host.rsplit_once('@') {
        Some((_, host)) => format!("{HIDDEN}@{host}"),
        None => host.to_owned(),
    };
    format!("{scheme}://{host}{path}{asked}")
}
