//! A person who configures a system is told everything at once and never shown a secret.

use std::collections::BTreeSet;

use toml::Value;
use yuanliu_contract::{ConfigProblem, FieldKind, Settings};

use crate::report::{Failure, Outcome, Verdict, ensure};
use crate::subject::Subject;
use crate::trial::Trial;

pub(super) async fn spec_is_complete(subject: &dyn Subject) -> Outcome {
    let connector = subject.connector();
    let kind = connector.kind();
    let is_snake = |text: &str| {
        !text.is_empty()
            && text.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
    };
    ensure(is_snake(kind), || format!("kind `{kind}` is not snake case"))?;
    ensure(!connector.title().is_empty(), || "the connector has no title".to_owned())?;
    let mut names = BTreeSet::new();
    for field in connector.config_spec().fields {
        let name = field.name;
        ensure(is_snake(name), || format!("field `{name}` is not snake case"))?;
        ensure(names.insert(name), || format!("field {name} is declared twice"))?;
        ensure(!field.help.is_empty(), || format!("field {name} has no help"))?;
        ensure(!(field.required && field.default.is_some()), || {
            format!("field {name} is required and has a default")
        })?;
        ensure(!(field.kind == FieldKind::Secret && field.default.is_some()), || {
            format!("field {name} is a secret and has a default")
        })?;
    }
    check(subject, &subject.config())
        .map_err(|problems| Failure::new(format!("the subject's configuration: {problems:?}")))?;
    Ok(Verdict::Holds)
}

pub(super) async fn missing_fields_are_reported(subject: &dyn Subject) -> Outcome {
    let spec = subject.connector().config_spec();
    let required: Vec<_> = spec.fields.iter().filter(|f| f.required).map(|f| f.name).collect();
    if required.is_empty() {
        return Ok(Verdict::NotApplicable);
    }
    for name in &required {
        let mut config = subject.config();
        config.remove(*name);
        let problems = problems_of(check(subject, &config), name)?;
        ensure(names(&problems, name), || format!("without {name}: {problems:?}"))?;
    }
    let problems = problems_of(check(subject, &toml::Table::new()), "everything")?;
    for name in required {
        ensure(names(&problems, name), || {
            format!("an empty configuration does not report {name} together with the others")
        })?;
    }
    Ok(Verdict::Holds)
}

pub(super) async fn unknown_key_is_refused(subject: &dyn Subject) -> Outcome {
    let mut config = subject.config();
    config.insert("no_such_key".to_owned(), Value::Boolean(true));
    let problems = problems_of(check(subject, &config), "the unknown key no_such_key")?;
    ensure(names(&problems, "no_such_key"), || format!("{problems:?}"))?;
    Ok(Verdict::Holds)
}

pub(super) async fn secrets_are_never_shown(subject: &dyn Subject) -> Outcome {
    const IN_CLEAR: &str = "pa55-in-clear";
    let spec = subject.connector().config_spec();
    let secret_fields: Vec<_> =
        spec.fields.iter().filter(|f| f.kind == FieldKind::Secret).map(|f| f.name).collect();
    if secret_fields.is_empty() {
        return Ok(Verdict::NotApplicable);
    }
    for name in secret_fields {
        let mut config = subject.config();
        config.insert(name.to_owned(), Value::String(IN_CLEAR.to_owned()));
        let problems = problems_of(check(subject, &config), &format!("{name} in clear"))?;
        ensure(!format!("{problems:?}").contains(IN_CLEAR), || {
            format!("the problem with {name} repeats the secret")
        })?;
    }
    let settings = check(subject, &subject.config())
        .map_err(|problems| Failure::new(format!("the subject's configuration: {problems:?}")))?;
    let shown = format!("{settings:?}");
    ensure(!subject.secrets().values().any(|secret| shown.contains(secret)), || {
        "Debug of the settings shows a secret".to_owned()
    })?;
    let trial = Trial::begin(subject)?;
    match trial.system.preview("no_such_stream", 1).await {
        Err(error) => trial.no_leak(&error)?,
        Ok(_) => return Err(Failure::new("a stream that does not exist has a preview")),
    }
    Ok(Verdict::Holds)
}

fn check(subject: &dyn Subject, config: &toml::Table) -> Result<Settings, Vec<ConfigProblem>> {
    let spec = subject.connector().config_spec();
    Settings::check("acceptance", &spec, config, &[], &subject.secrets())
}

fn problems_of(
    checked: Result<Settings, Vec<ConfigProblem>>,
    what: &str,
) -> Result<Vec<ConfigProblem>, Failure> {
    match checked {
        Err(problems) => Ok(problems),
        Ok(_) => Err(Failure::new(format!("a configuration is accepted in spite of {what}"))),
    }
}

fn names(problems: &[ConfigProblem], field: &str) -> bool {
    problems.iter().any(|problem| problem.path.contains(field))
}
