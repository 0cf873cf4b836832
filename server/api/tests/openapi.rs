//! The committed document is the one that the routes make, and says enough.

use std::collections::HashSet;
use std::fs;
use std::path::Path;

use serde_json::Value;

/// Writes the document anew instead of comparing it.
const UPDATE: &str = "UPDATE_OPENAPI";

#[test]
fn the_committed_document_is_current() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/openapi.json");
    let mut made = serde_json::to_string_pretty(&yuanliu_api::document()).unwrap();
    made.push('\n');
    if std::env::var_os(UPDATE).is_some() {
        fs::write(&file, &made).unwrap();
    }
    let committed = fs::read_to_string(&file).unwrap_or_default();
    assert!(
        committed == made,
        "docs/openapi.json is not what the routes make; write it anew with \
         `{UPDATE}=1 cargo test -p yuanliu-api openapi`"
    );
}

#[test]
fn every_field_is_described() {
    let document = yuanliu_api::document();
    let mut silent = Vec::new();
    for (name, schema) in document["components"]["schemas"].as_object().unwrap() {
        if schema["description"].as_str().is_none_or(str::is_empty) {
            silent.push(name.clone());
        }
        fields(name, schema, &mut silent);
    }
    assert!(silent.is_empty(), "not described: {silent:?}");
}

fn is_described(told: &Value) -> bool {
    told["description"].as_str().is_some_and(|text| !text.is_empty())
        || told["oneOf"].as_array().is_some_and(|one| one.iter().any(is_described))
}

fn fields(name: &str, schema: &Value, silent: &mut Vec<String>) {
    for (field, told) in schema["properties"].as_object().into_iter().flatten() {
        // The tag of a variant is told by the variant.
        let is_tag = told["enum"].as_array().is_some_and(|words| words.len() == 1);
        if !is_tag && !is_described(told) {
            silent.push(format!("{name}.{field}"));
        }
    }
    for part in ["oneOf", "allOf", "anyOf"] {
        schema[part].as_array().into_iter().flatten().for_each(|one| fields(name, one, silent));
    }
}

#[test]
fn every_operation_says_what_it_needs_and_how_it_refuses() {
    let document = yuanliu_api::document();
    assert_eq!(document["openapi"], "3.1.0");
    let mut names = HashSet::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let told = format!("{method} {path}");
            let name = operation["operationId"].as_str().unwrap().to_owned();
            assert!(names.insert(name), "{told}: another has this operationId");
            assert!(operation["summary"].as_str().is_some_and(|text| !text.is_empty()), "{told}");
            assert!(operation["tags"].as_array().is_some_and(|tags| tags.len() == 1), "{told}");
            let needs = operation["x-permission"].as_str().unwrap_or_default();
            let is_open = ["public", "session"].contains(&needs);
            assert!(is_open || operation["x-roles"].is_array(), "{told}: {needs}");
            assert_eq!(operation["security"].is_array(), needs != "public", "{told}");
            let responses = operation["responses"].as_object().unwrap();
            assert!(needs == "public" || responses.contains_key("403"), "{told}");
            assert_eq!(responses.contains_key("404"), path.contains('{'), "{told}");
            assert_eq!(
                responses.contains_key("415"),
                operation["requestBody"].is_object(),
                "{told}"
            );
        }
    }
}
