//! `alerts.toml`: the committed example, and everything wrong at once.

use yuanliu_alerts::AlertsConfig;

use crate::desk::Secrets;

const EXAMPLE: &str = include_str!("../../../../config/alerts.toml");

fn problems(text: &str, secrets: &Secrets) -> Vec<String> {
    let found = AlertsConfig::parse(text, secrets).expect_err("problems");
    found.into_iter().map(|p| format!("{}: {}", p.path, p.message)).collect()
}

#[test]
fn the_example_is_valid_as_it_stands() {
    let config = AlertsConfig::parse(EXAMPLE, &Secrets::default()).unwrap();
    assert!(config.rules.is_empty() && config.channels.is_empty());
}

#[test]
fn the_example_is_valid_with_its_signs_taken_off() {
    // A commented line of the file is one that begins a table or gives a key a value.
    let is_setting = |line: &str| {
        let is_key = |c: char| c.is_ascii_alphanumeric() || "_\"*".contains(c);
        line.starts_with('[')
            || line.split_once(" = ").is_some_and(|(key, _)| key.chars().all(is_key))
    };
    let uncommented: Vec<_> = EXAMPLE
        .lines()
        .map(|line| line.strip_prefix("# ").filter(|rest| is_setting(rest)).unwrap_or(line))
        .collect();
    let mut secrets = Secrets::of(&[
        ("DINGTALK_WEBHOOK", "https://ding.example.com/robot/send?access_token=t"),
        ("DINGTALK_SECRET", "SEC1"),
        ("WECOM_WEBHOOK", "https://wecom.example.com/send?key=k"),
        ("FEISHU_WEBHOOK", "https://feishu.example.com/hook/h"),
        ("FEISHU_SECRET", "s"),
        ("SMTP_PASSWORD", "p"),
        ("TICKETING_URL", "https://tickets.example.com/hook"),
    ]);
    secrets.0.insert("file:ticketing.key".to_owned(), "whsec_c2VjcmV0".to_owned());
    let config =
        AlertsConfig::parse(&uncommented.join("\n"), &secrets).unwrap_or_else(|e| panic!("{e:#?}"));
    let rules: Vec<_> = config.rules.iter().map(|rule| rule.name.as_str()).collect();
    assert_eq!(
        rules,
        ["diversion", "sync_failed", "sync_late", "uploads", "recall", "undeliverable"]
    );
    let channels: Vec<_> =
        config.channels.iter().map(|(name, c)| format!("{name} {}", c.kind.as_str())).collect();
    assert_eq!(
        channels,
        ["mail mail", "ops dingtalk", "quality feishu", "sales wecom", "ticketing webhook"]
    );
    assert_eq!(config.managers.len(), 3);
    assert_eq!(config.quiet_hours.len(), 1);
}

#[test]
fn every_problem_is_told_at_once() {
    let text = r#"
        [alerts]
        language = "fr"
        colour = "red"
        [channels.ops]
        kind = "dingtalk"
        webhook = "https://oapi.example.com/robot/send?access_token=CLEAR"
        [channels.out]
        kind = "webhook"
        url = "env:URL"
        [channels.old]
        kind = "pager"
        [people]
        zhang = ["nowhere:1"]
        [region_managers]
        "13" = ["zhang"]
        [[quiet_hours]]
        from = "25:00"
        to = "07:00"
        days = ["monday"]
        [[rules]]
        name = "a"
        on = "sync_failed"
        where = { grade = "A" }
        to = ["region_manager"]
        title_zh = "{sytem}"
        text_en = "{system"
        [[rules.escalation]]
        after_min = 30
        to = ["nobody"]
        [[rules.escalation]]
        after_min = 10
        to = ["zhang"]
        [[rules]]
        name = "a"
        on = "sync_failed"
        to = []
    "#;
    let found = problems(text, &Secrets::of(&[("URL", "ftp://x")])).join("\n");
    let expected = [
        "alerts.toml: [alerts] language: `fr` should be one of zh, en",
        "alerts.toml: [alerts] colour: unknown key; known keys are",
        "alerts.toml: [channels.ops] webhook: is a secret: write env:NAME or file:PATH",
        "alerts.toml: [channels.out] url: what it refers to is no http or https address",
        "alerts.toml: [channels.out] secret: is missing",
        "alerts.toml: [channels.old] kind: `pager` should be one of dingtalk, wecom, feishu, mail",
        "alerts.toml: [people] zhang: `nowhere:1` names no channel and no person",
        "alerts.toml: [region_managers] 13: should be a region code of at least six digits",
        "alerts.toml: [[quiet_hours]] 1 days: `monday` should be one of mon, tue",
        "alerts.toml: [[quiet_hours]] 1 from: `25:00` should be a time of the day",
        "alerts.toml: [[rules]] a where: a sync_failed has no field `grade`; it has subject",
        "alerts.toml: [[rules]] a to: region_manager: a region without a manager would tell nobody",
        "alerts.toml: [[rules]] a title_zh: there is no placeholder `{sytem}`; placeholders are rule",
        "alerts.toml: [[rules]] a text_en: `{` without `}` in `{system`",
        "alerts.toml: [[rules]] a escalation 1: `nobody` names no channel and no person",
        "alerts.toml: [[rules]] a escalation 2: should come later than the step before it",
        "alerts.toml: [[rules]] a to: names nobody",
        "alerts.toml: [[rules]] a name: is the name of another rule too",
    ];
    for message in expected {
        assert!(found.contains(message), "missing: {message}\nfound:\n{found}");
    }
    assert!(!found.contains("CLEAR"), "{found}");
}

#[test]
fn a_file_that_is_no_toml_says_where() {
    let found = problems("[alerts\n", &Secrets::default());
    assert!(found.len() == 1 && found[0].contains("line 1"), "{found:?}");
}

#[test]
fn recipients_have_the_form_of_their_channel() {
    let text = r#"
        [channels.ops]
        kind = "wecom"
        webhook = "env:W"
        [channels.mail]
        kind = "mail"
        server = "localhost"
        from = "hub"
        [channels.out]
        kind = "webhook"
        url = "env:W"
        secret = "env:W"
        [people]
        a = ["ops:<@all>"]
        b = ["mail"]
        c = ["out:x"]
        ops = ["out"]
    "#;
    let found = problems(text, &Secrets::of(&[("W", "http://localhost/x")])).join("\n");
    for message in
        ["[channels.mail] from: is no mail address", "[people] ops: is also the name of a channel"]
    {
        assert!(found.contains(message), "missing: {message}\nfound:\n{found}");
    }
    let text = text.replace("from = \"hub\"", "from = \"hub@example.com\"");
    let found = problems(&text, &Secrets::of(&[("W", "http://localhost/x")])).join("\n");
    for message in [
        "[people] a: `ops:<@all>`: `<@all>` is no number or id to mention",
        "[people] b: `mail` needs a mail address after the colon",
        "[people] c: `out:x`: a webhook has no recipients",
    ] {
        assert!(found.contains(message), "missing: {message}\nfound:\n{found}");
    }
}
