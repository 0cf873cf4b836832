//! From what the provider says of somebody to what they are here.

use serde_json::Value;

use crate::oidc::config::{OidcConfig, RoleMapping};

/// What the claim of the configuration means: the first mapping that one of its values has.
pub(crate) fn mapped<'c>(config: &'c OidcConfig, claims: &Value) -> Option<&'c RoleMapping> {
    let values = values_of(claims, &config.role_claim);
    config.roles.iter().find(|mapping| values.contains(&mapping.claim.as_str()))
}

/// The texts of a claim: itself, or a list's. A claim whose own name has points is found by its name.
fn values_of<'c>(claims: &'c Value, path: &str) -> Vec<&'c str> {
    let found = claims
        .get(path)
        .or_else(|| path.split('.').try_fold(claims, |inside, name| inside.get(name)));
    match found {
        Some(Value::String(text)) => vec![text.as_str()],
        Some(Value::Array(list)) => list.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::values_of;

    #[test]
    fn values_are_found_flat_deep_and_single() {
        let claims = json!({
            "groups": ["a", 1, "b"],
            "role": "c",
            "realm_access": {"roles": ["d"]},
            "https://hub.example/roles": ["e"],
            "deep.name": "f",
        });
        let values = |path| values_of(&claims, path);
        assert_eq!(values("groups"), ["a", "b"]);
        assert_eq!(values("role"), ["c"]);
        assert_eq!(values("realm_access.roles"), ["d"]);
        assert_eq!(values("https://hub.example/roles"), ["e"]);
        assert_eq!(values("deep.name"), ["f"]);
        assert!(values("realm_access").is_empty());
        assert!(values("none.at.all").is_empty());
    }
}
