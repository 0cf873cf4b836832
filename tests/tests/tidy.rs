//! The shape of the repository: dependency directions, file sizes, words, licences.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a test ends where its ground is missing"
)]

use std::collections::{BTreeMap, BTreeSet};

use yuanliu_tests::{files, root};

/// Which of our crates each of our crates may name, `dev-dependencies` apart.
const ALLOWED: &[(&str, &[&str])] = &[
    ("contract", &[]),
    ("http-kit", &["contract"]),
    ("kingdee-galaxy", &["contract", "http-kit"]),
    ("files", &["contract"]),
    ("sql-kit", &["contract"]),
    ("postgresql", &["contract", "sql-kit"]),
    ("sql-server", &["contract", "sql-kit"]),
    ("mysql", &["contract", "sql-kit"]),
    ("sqlite", &["contract", "sql-kit"]),
    // Catalogues over one protocol: no protocol code of their own.
    ("kingdee-k3-wise", &["contract", "sql-server"]),
    ("yonyou-u8", &["contract", "sql-server"]),
    ("yonyou-bip", &["contract", "http-kit"]),
    ("yonyou-u8-openapi", &["contract", "http-kit"]),
    ("yonyou-eai", &["contract", "http-kit"]),
    (
        "registry",
        &[
            "contract",
            "files",
            "kingdee-galaxy",
            "kingdee-k3-wise",
            "postgresql",
            "mysql",
            "sql-server",
            "sqlite",
            "yonyou-bip",
            "yonyou-eai",
            "yonyou-u8",
            "yonyou-u8-openapi",
        ],
    ),
    ("acceptance", &["contract", "engine"]),
    ("engine", &["contract"]),
    ("access", &[]),
    ("api", &["access"]),
    ("alerts", &[]),
    ("metadata", &["access", "alerts", "schedule"]),
    ("plan", &[]),
    ("schedule", &[]),
    ("telemetry", &[]),
    ("law", &[]),
    ("scans", &["law"]),
    ("trace-index", &["law"]),
    ("inbox", &[]),
    ("regions", &[]),
    ("functions", &["law", "regions"]),
    ("warehouse", &[]),
    ("gates", &[]),
    // A workspace of its own.
    ("fuzz", &["inbox", "scans"]),
    ("bi", &["warehouse"]),
    ("company", &[]),
    ("benchmarks", &["sandbox-servers", "scans"]),
    // It judges the hub and shares no code with it.
    ("oracle", &[]),
    ("sandbox-servers", &[]),
    ("sandbox-identity", &[]),
    ("sandbox-kingdee", &["company"]),
    ("sandbox-sql-server", &["company"]),
    ("sandbox-yonyou-bip", &["company"]),
    ("sandbox-yonyou-u8-openapi", &["company"]),
    ("sandbox-yonyou-eai", &["company"]),
];

/// Holds features and no code; it names what it likes and may be named by the crates it is for.
const FEATURES: &str = "unified-features";

/// Crates that must not appear outside their owners.
const OWNED: &[(&str, &[&str])] = &[
    (
        "datafusion",
        &["yuanliu-warehouse", "yuanliu-functions", "yuanliu-gates", "yuanliu-bi", "yuanliu-tests"],
    ),
    ("datafusion-postgres", &["yuanliu-bi"]),
    ("deltalake", &["yuanliu-warehouse"]),
    ("fjall", &["yuanliu-trace-index"]),
    ("lettre", &["yuanliu-alerts"]),
    (
        "reqwest",
        &[
            "yuanliu",
            "yuanliu-access",
            "yuanliu-alerts",
            "yuanliu-http-kit",
            "yuanliu-telemetry",
            "yuanliu-tests",
        ],
    ),
    (
        "sqlx",
        &[
            "yuanliu-benchmarks",
            "yuanliu-metadata",
            "yuanliu-mysql",
            "yuanliu-postgresql",
            "yuanliu-sqlite",
        ],
    ),
    ("openidconnect", &["yuanliu-access"]),
    ("tiberius", &["yuanliu-sql-server"]),
];

/// A file longer than this does more than one job.
const FILE_LINES_MAX: usize = 600;

fn manifests() -> BTreeMap<String, toml::Table> {
    let found = files(&root(), &["toml"]).into_iter().filter(|p| p.ends_with("Cargo.toml"));
    let tables = found.map(|path| {
        let text = std::fs::read_to_string(&path).expect("a manifest");
        text.parse::<toml::Table>().unwrap_or_else(|e| panic!("{}: {e}", path.display()))
    });
    tables.filter_map(|t| Some((t.get("package")?.get("name")?.as_str()?.to_owned(), t))).collect()
}

fn names<'a>(manifest: &'a toml::Table, section: &str) -> BTreeSet<&'a str> {
    let table = manifest.get(section).and_then(toml::Value::as_table);
    table.into_iter().flat_map(|t| t.keys()).map(String::as_str).collect()
}

#[test]
fn dependencies_point_in_the_documented_direction() {
    let mut wrong = Vec::new();
    for (name, manifest) in manifests() {
        let short = name.trim_start_matches("yuanliu-");
        if ["yuanliu", "tests", FEATURES].contains(&short) {
            continue;
        }
        let Some((_, allowed)) = ALLOWED.iter().find(|(crate_name, _)| *crate_name == short) else {
            wrong.push(format!("{name} is not in the table of allowed dependencies"));
            continue;
        };
        for dependency in names(&manifest, "dependencies") {
            if let Some(ours) = dependency.strip_prefix("yuanliu-")
                && !allowed.contains(&ours)
                && ours != FEATURES
            {
                wrong.push(format!("{name} must not depend on {dependency}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn heavy_crates_are_named_by_their_owners_only() {
    let mut wrong = Vec::new();
    for (name, manifest) in manifests().into_iter().filter(|(name, _)| !name.ends_with(FEATURES)) {
        for dependency in names(&manifest, "dependencies") {
            if let Some((_, owners)) = OWNED.iter().find(|(owned, _)| *owned == dependency)
                && !owners.contains(&name.as_str())
            {
                wrong.push(format!("{name} must not depend on {dependency}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn every_crate_inherits_lints_and_versions() {
    let mut wrong = Vec::new();
    for (name, manifest) in manifests() {
        let inherits = |value: Option<&toml::Value>| {
            value.and_then(|v| v.get("workspace")).and_then(toml::Value::as_bool) == Some(true)
        };
        if !inherits(manifest.get("lints")) {
            wrong.push(format!("{name} does not inherit the workspace's lints"));
        }
        for section in ["dependencies", "dev-dependencies"] {
            let table = manifest.get(section).and_then(toml::Value::as_table);
            let table = table.filter(|_| !name.ends_with(FEATURES));
            for (dependency, value) in table.into_iter().flatten() {
                if !inherits(Some(value)) {
                    wrong.push(format!("{name}: {dependency} does not come from the workspace"));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn files_stay_small() {
    let sources = files(&root(), &["rs", "sql"]);
    assert!(sources.len() > 50, "the walk found only {} files", sources.len());
    let long: Vec<_> = sources
        .into_iter()
        .filter_map(|path| {
            let lines = std::fs::read_to_string(&path).ok()?.lines().count();
            (lines > FILE_LINES_MAX).then(|| format!("{}: {lines} lines", path.display()))
        })
        .collect();
    assert!(long.is_empty(), "{long:#?}");
}

#[test]
fn modules_have_names_that_say_something() {
    let banned = ["utils", "util", "common", "helpers", "helper", "manager", "misc", "types"];
    let found: Vec<_> = files(&root(), &["rs", "sql"])
        .into_iter()
        .filter(|path| {
            let stem = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
            let parent = path.parent().and_then(|p| p.file_name()).unwrap_or_default();
            banned.contains(&stem.as_str()) || banned.iter().any(|word| parent == *word)
        })
        .collect();
    assert!(found.is_empty(), "{found:#?}");
}

#[test]
fn licences_of_dependencies_are_permissive() {
    let output = std::process::Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--locked", "--offline"])
        .current_dir(root())
        .output()
        .expect("cargo metadata");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let metadata: serde_json::Value = serde_json::from_slice(&output.stdout).expect("metadata");
    let allowed = [
        "MIT",
        "MIT-0",
        "Apache-2.0",
        "Apache-2.0 WITH LLVM-exception",
        "BSD-2-Clause",
        "BSD-3-Clause",
        "ISC",
        "Zlib",
        "Unicode-3.0",
        "Unicode-DFS-2016",
        "CC0-1.0",
        "0BSD",
        "MPL-2.0",
        "BSL-1.0",
        "Unlicense",
        "CDLA-Permissive-2.0",
        "bzip2-1.0.6",
        "OpenSSL",
    ];
    let packages = metadata["packages"].as_array().expect("packages");
    let wrong: Vec<_> = packages
        .iter()
        .filter_map(|package| {
            let licence = package["license"].as_str().unwrap_or("none").replace('/', " OR ");
            let plain = licence.replace(['(', ')'], "");
            // Every AND part needs one permitted OR choice.
            let is_fine = plain
                .split(" AND ")
                .all(|part| part.split(" OR ").any(|choice| allowed.contains(&choice.trim())));
            (!is_fine).then(|| format!("{} {}", package["name"], licence))
        })
        .collect();
    assert!(packages.len() > 300, "only {} packages", packages.len());
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn committed_text_names_no_machine() {
    let home = std::env::var("HOME").unwrap_or_default();
    let extensions = ["rs", "toml", "md", "sql", "slt", "py", "csv"];
    let found: Vec<_> = files(&root(), &extensions)
        .into_iter()
        .filter(|path| {
            let text = std::fs::read_to_string(path).unwrap_or_default();
            home.len() > 3 && text.contains(&format!("{home}/"))
        })
        .collect();
    assert!(found.is_empty(), "{found:#?}");
}
