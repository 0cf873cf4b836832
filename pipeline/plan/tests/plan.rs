//! Texts of two configurations in, changes and effects out.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test ends where its ground is missing"
)]

use std::fs;
use std::path::Path;

use yuanliu_plan::{HIDDEN, Models, Plan, Surroundings, Texts, plan, policy};

const ERP: &str = r#"
kind = "kingdee_galaxy"
base_url = "https://erp.example.com/k3cloud/"
acct_id = "65a1"
app_secret = "env:KINGDEE_APP_SECRET"
[sync]
look_back_s = 600
[extra_fields]
product = ["F_A"]
"#;

const DATABASE: &str = r#"
kind = "postgresql"
host = "db"
database = "mes"
user = "reader"
password = "file:secrets/mes"
[[stream]]
name = "order"
key = ["id"]
[[stream]]
name = "line"
key = ["id", "no"]
"#;

fn folder(path: &Path, texts: &mut Vec<String>) {
    for entry in fs::read_dir(path).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            folder(&path, texts);
        } else if path.extension().is_some_and(|extension| extension == "sql") {
            texts.push(fs::read_to_string(path).unwrap());
        }
    }
}

/// The hub's own models.
fn surroundings() -> Surroundings {
    let mut texts = Vec::new();
    folder(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../../warehouse-sql"), &mut texts);
    let models = Models::of(texts.iter().map(String::as_str));
    Surroundings { models, secret_fields: Vec::new() }
}

fn between(path: &str, old: Option<&str>, new: Option<&str>) -> Plan {
    let texts = |text: Option<&str>| -> Texts {
        text.map(|text| (path.to_owned(), text.to_owned())).into_iter().collect()
    };
    let plan = plan(&texts(old), &texts(new), &surroundings());
    assert!(plan.effects.iter().all(|effect| !effect.why_zh.is_empty()));
    assert!(plan.problems.iter().all(|problem| !problem.message_zh.is_empty()));
    plan
}

fn replaced(path: &str, text: &str, from: &str, to: &str) -> Plan {
    assert!(text.contains(from), "{from}");
    between(path, Some(text), Some(&text.replace(from, to)))
}

fn changes(plan: &Plan) -> Vec<String> {
    let none = || "-".to_owned();
    let line = |c: &yuanliu_plan::Change| {
        let (from, to) = (c.from.clone().unwrap_or_else(none), c.to.clone().unwrap_or_else(none));
        format!("{} {} {}: {from} → {to}", c.path, c.kind.as_str(), c.key)
    };
    plan.changes.iter().map(line).collect()
}

fn effects(plan: &Plan) -> Vec<String> {
    plan.effects.iter().map(|e| format!("{} {}", e.kind.as_str(), e.object)).collect()
}

#[test]
fn nothing_changes_where_only_comments_and_order_do() {
    let other = "# moved\n[[stream]]\nkey = [\"id\", \"no\"]\nname = \"line\"\n[[stream]]\nname = \"order\"\nkey = [\"id\"]\n";
    let head = "password = \"file:secrets/mes\"\nuser = \"reader\"\ndatabase = \"mes\"\nhost = \"db\"\nkind = \"postgresql\"\n";
    let found = between("systems/mes.toml", Some(DATABASE), Some(&format!("{head}{other}")));
    assert_eq!(found, Plan::default());
}

#[test]
fn another_address_or_account_is_read_in_full() {
    for (from, to) in [("erp.example.com", "erp2.example.com"), ("65a1", "77b2")] {
        let found = replaced("systems/erp_main.toml", ERP, from, to);
        assert_eq!(effects(&found), ["reread erp_main"]);
    }
    let found = replaced("systems/erp_main.toml", ERP, "erp.example", "erp2.example");
    assert_eq!(
        found.effects.first().unwrap().why,
        "systems/erp_main.toml: base_url: another address may be another system: positions there mean nothing here"
    );
}

#[test]
fn a_longer_look_back_reads_again_and_a_shorter_one_does_not() {
    let to = |seconds: &str| {
        effects(&replaced("systems/erp_main.toml", ERP, "look_back_s = 600", seconds))
    };
    assert_eq!(to("look_back_s = 900"), ["reread erp_main"]);
    assert_eq!(to("look_back_s = 300"), ["none systems/erp_main.toml: sync.look_back_s"]);
    assert_eq!(
        to("safety_lag_s = 5").last().unwrap(),
        "none systems/erp_main.toml: sync.safety_lag_s"
    );
}

#[test]
fn another_key_of_a_stream_and_another_field_read_that_stream() {
    let found = replaced("systems/mes.toml", DATABASE, "[\"id\", \"no\"]", "[\"no\", \"id\"]");
    assert_eq!(effects(&found), ["reread mes.line"]);
    let found = replaced("systems/erp_main.toml", ERP, "[\"F_A\"]", "[\"F_A\", \"F_B\"]");
    assert_eq!(effects(&found), ["reread erp_main.product"]);
}

#[test]
fn a_new_stream_is_read_from_its_beginning() {
    let text = format!("{DATABASE}[[stream]]\nname = \"stock\"\nkey = [\"id\"]\n");
    let found = between("systems/mes.toml", Some(DATABASE), Some(&text));
    assert_eq!(effects(&found), ["reread mes.stock"]);
    assert_eq!(
        changes(&found),
        [
            "systems/mes.toml added stream.stock.key: - → [\"id\"]",
            "systems/mes.toml added stream.stock.name: - → \"stock\"",
        ]
    );
}

#[test]
fn a_system_comes_and_goes() {
    let comes = effects(&between("systems/erp_main.toml", None, Some(ERP)));
    assert_eq!(comes.first().unwrap(), "reread erp_main");
    assert!(comes.contains(&"rebuild staging.kingdee_galaxy__product".to_owned()));
    assert!(comes.contains(&"rebuild core.product".to_owned()));
    assert!(!comes.contains(&"rebuild staging.files__product".to_owned()));
    let goes = between("systems/erp_main.toml", Some(ERP), None);
    assert!(!effects(&goes).iter().any(|effect| effect.starts_with("reread")));
    assert!(goes.effects.first().unwrap().why.contains("its rows no longer count"));
    let off = format!("enabled = false{ERP}");
    let found = between("systems/erp_main.toml", None, Some(&off));
    assert_eq!(effects(&found), ["none systems/erp_main.toml"]);
    let found = between("systems/erp_main.toml", Some(&off), Some(ERP));
    assert_eq!(effects(&found), ["reread erp_main"]);
}

#[test]
fn rules_rebuild_the_models_that_read_them_and_those_after() {
    let rules = include_str!("../../../config/rules.toml");
    let found = replaced("rules.toml", rules, "radius_m = 500", "radius_m = 800");
    assert_eq!(changes(&found), ["rules.toml changed promoter.radius_m: 500 → 800"]);
    let rebuilt = effects(&found);
    for model in ["core.claim_place", "core.promoter_claim", "marts.promoter_claims"] {
        assert!(rebuilt.contains(&format!("rebuild {model}")), "{model} in {rebuilt:#?}");
    }
    for model in ["core.dealer", "core.product", "core.containment"] {
        assert!(!rebuilt.contains(&format!("rebuild {model}")), "{model} in {rebuilt:#?}");
    }
    let why = |model: &str| {
        found.effects.iter().find(|e| e.object == model).map(|e| e.why.clone()).unwrap_or_default()
    };
    assert_eq!(
        why("core.claim_place"),
        "rules.toml: promoter.radius_m: reads rules.promoter: verdicts of claims, also of past months"
    );
    assert!(
        why("marts.promoter_summary").contains("which is rebuilt")
            || why("marts.promoter_summary").contains("reads rules.")
    );
}

#[test]
fn every_rule_table_that_a_model_reads_is_reached_by_a_key() {
    let mut reached: Vec<&str> = Vec::new();
    for line in policy::POLICY.iter().filter(|line| line.file == policy::FileKind::Rules) {
        for act in line.acts {
            if let policy::Act::Rebuild(tables) = act {
                reached.extend(tables.iter());
            }
        }
    }
    let mut texts = Vec::new();
    folder(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../../warehouse-sql"), &mut texts);
    for text in texts.iter().filter(|text| text.starts_with("-- name:")) {
        for (at, _) in text.match_indices(" rules.") {
            let table: String = text[at + 1..]
                .chars()
                .take_while(|c| c.is_ascii_alphanumeric() || "._".contains(*c))
                .collect();
            assert!(table == "rules." || reached.contains(&table.as_str()), "{table}");
        }
    }
}

#[test]
fn the_business_zone_rebuilds_everything_and_says_only_that() {
    let hub = include_str!("../../../config/hub.toml");
    let found = replaced("hub.toml", hub, "[hub]", "[hub]\n# zone\n");
    assert_eq!(found, Plan::default());
    let found = replaced(
        "hub.toml",
        hub,
        "\ntime_zone = \"Asia/Shanghai\"\n",
        "\ntime_zone = \"Asia/Tokyo\"\n",
    );
    assert_eq!(effects(&found), ["rebuild *", "restart yuanliu serve"]);
    let found = replaced("hub.toml", hub, "flush_s = 5", "flush_s = 9");
    assert_eq!(effects(&found), ["restart yuanliu serve"]);
}

#[test]
fn patterns_of_codes_concern_the_index_too() {
    let found = between(
        "rules.toml",
        Some("[codes]\npatterns = []"),
        Some("[codes]\npatterns = ['c=(.+)']"),
    );
    assert_eq!(effects(&found), ["rebuild *", "rebuild trace index", "restart yuanliu serve"]);
}

#[test]
fn jobs_are_compared_by_name_and_hold_at_once() {
    let job = |name: &str, minute: u32| {
        format!(
            "[[job]]\nname = \"{name}\"\nkind = \"maintain\"\nschedule = \"{minute} 3 * * *\"\n"
        )
    };
    let found = between(
        "jobs.toml",
        Some(&[job("a", 1), job("b", 2)].concat()),
        Some(&[job("b", 2), job("a", 5)].concat()),
    );
    assert_eq!(
        changes(&found),
        ["jobs.toml changed job.a.schedule: \"1 3 * * *\" → \"5 3 * * *\""]
    );
    assert_eq!(effects(&found), ["none jobs.toml: job.a.schedule"]);
}

#[test]
fn secrets_are_never_shown_and_references_are() {
    let found = replaced("systems/mes.toml", DATABASE, "file:secrets/mes", "env:MES_PASSWORD");
    assert_eq!(
        changes(&found),
        ["systems/mes.toml changed password: \"file:secrets/mes\" → \"env:MES_PASSWORD\""]
    );
    let clear = DATABASE.replace("file:secrets/mes", "hunter2");
    let found = between("systems/mes.toml", Some(&clear), Some(DATABASE));
    assert_eq!(
        changes(&found),
        [format!("systems/mes.toml changed password: {HIDDEN} → \"file:secrets/mes\"")]
    );
    let found = replaced("systems/mes.toml", &clear, "hunter2", "hunter3");
    assert_eq!(
        changes(&found),
        [format!("systems/mes.toml changed password: {HIDDEN} → {HIDDEN} ≠")]
    );
}

#[test]
fn no_part_of_a_secret_comes_out_wherever_it_stands() {
    let secret = "s3cr3t-p4rt";
    for (path, text) in [
        (
            "systems/a.toml",
            format!("kind = \"x\"\nbase_url = \"https://u:{secret}@h/p?key={secret}\""),
        ),
        ("systems/a.toml", format!("kind = \"x\"\n[write]\napp_secret = \"{secret}\"")),
        (
            "systems/a.toml",
            format!(
                "kind = \"x\"\n[[stream]]\nname = \"s\"\nheaders = [{{ api_token = \"{secret}\" }}]"
            ),
        ),
        ("systems/a.toml", format!("kind = \"x\"\npassword = \"env:{secret} \"")),
        ("systems/a.toml", format!("kind = \"x\"\npassword = \"{secret}")),
        ("systems/a.toml", format!("kind = \"x\"\npin = \"{secret}\"")),
        ("alerts.toml", format!("[[channel]]\nname = \"c\"\nurl = \"https://h/hook/{secret}\"")),
        (
            "alerts.toml",
            format!("[[channel]]\nname = \"c\"\nwebhook = \"https://h/hook/{secret}\""),
        ),
        (
            "hub.toml",
            format!("[serve]\ndevice_tokens = \"{secret}\"\n[captcha]\nsecret = \"{secret}\""),
        ),
    ] {
        let texts: Texts = [(path.to_owned(), text.clone())].into();
        let surroundings =
            Surroundings { secret_fields: vec!["pin".to_owned()], ..Surroundings::default() };
        for (old, new) in [(&Texts::new(), &texts), (&texts, &Texts::new())] {
            let told = format!("{:?}", plan(old, new, &surroundings));
            assert!(!told.contains(secret), "{text}: {told}");
        }
    }
}

#[test]
fn what_is_no_toml_or_no_file_of_a_configuration_is_a_problem() {
    let found = between("rules.toml", None, Some("[diversion]\nmin_items = \n"));
    let problem = found.problems.first().unwrap();
    assert_eq!((problem.path.as_str(), problem.line), ("rules.toml", 2));
    assert!(found.changes.is_empty());
    for path in [
        "../hub.toml",
        "systems/../hub.toml",
        "systems/A.toml",
        "systems/a__b.toml",
        "hub.toml.bak",
        "systems/.toml",
    ] {
        let found = between(path, None, Some(""));
        assert!(
            found.problems.first().unwrap().message.starts_with("is no file of the configuration"),
            "{path}"
        );
    }
    let mended = between("rules.toml", Some("[diversion"), Some("[diversion]\nmin_items = 4"));
    assert_eq!(changes(&mended), ["rules.toml added diversion.min_items: - → 4"]);
}

#[test]
fn every_key_of_the_examples_has_a_line() {
    for (path, text) in [
        ("hub.toml", include_str!("../../../config/hub.toml")),
        ("rules.toml", include_str!("../../../config/rules.toml")),
        ("gates.toml", include_str!("../../../config/gates.toml")),
        ("systems/erp_main.toml", include_str!("../../../config/systems/erp_main.toml")),
    ] {
        let found = between(path, None, Some(text));
        let kind = policy::FileKind::of(path).unwrap();
        assert!(!found.changes.is_empty());
        for change in &found.changes {
            let line = policy::of(kind, &change.key, change.kind, policy::Moved::Otherwise);
            assert!(line.is_some(), "{path}: {}", change.key);
        }
    }
}
