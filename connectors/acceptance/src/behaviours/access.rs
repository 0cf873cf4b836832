//! What a person sees of a system before the first run.

use std::collections::BTreeSet;

use yuanliu_contract::{Cursor, ErrorKind};

use crate::report::{Failure, Outcome, Verdict, ensure};
use crate::subject::Subject;
use crate::trial::{LOOK_BACK, Trial};

pub(super) async fn streams_are_described(subject: &dyn Subject) -> Outcome {
    let trial = Trial::begin(subject)?;
    let mut names = BTreeSet::new();
    for stream in trial.system.streams() {
        let name = &stream.name;
        ensure(names.insert(name.clone()), || format!("stream {name} is there twice"))?;
        ensure(!stream.title.is_empty(), || format!("stream {name} has no title"))?;
        ensure(!stream.key.is_empty(), || format!("stream {name} has no key"))?;
        for column in stream.key.iter().chain(&stream.change) {
            let field = stream.schema.field_with_name(column);
            ensure(field.is_ok(), || format!("stream {name} has no column {column}"))?;
        }
        let mut columns = BTreeSet::new();
        for field in stream.schema.fields() {
            let column = field.name();
            ensure(columns.insert(column), || format!("stream {name} has {column} twice"))?;
            ensure(!column.starts_with('_'), || {
                format!("column {column} of stream {name} starts like the hub's own columns")
            })?;
            ensure(!field.data_type().is_floating(), || {
                format!("column {column} of stream {name} is a float; use a decimal")
            })?;
        }
    }
    Ok(Verdict::Holds)
}

pub(super) async fn check_passes(subject: &dyn Subject) -> Outcome {
    let trial = Trial::begin(subject)?;
    subject.put(&trial.documents(0, 1)).await;
    let report = trial.system.check().await.map_err(|e| trial.failure("check", &e))?;
    ensure(!report.items.is_empty(), || "check looked at nothing".to_owned())?;
    let bad: Vec<_> = report.items.iter().filter(|item| !item.ok).collect();
    ensure(bad.is_empty(), || format!("check finds fault with a sound source: {bad:?}"))?;
    Ok(Verdict::Holds)
}

pub(super) async fn discover_finds_stream(subject: &dyn Subject) -> Outcome {
    let trial = Trial::begin(subject)?;
    subject.put(&trial.documents(0, 1)).await;
    let objects = trial.system.discover().await.map_err(|e| trial.failure("discover", &e))?;
    let object = objects.iter().find(|object| object.stream.as_deref() == Some(subject.stream()));
    let object = object.ok_or_else(|| {
        Failure::new(format!("no discovered object is read by stream {}", subject.stream()))
    })?;
    ensure(object.fields.iter().any(|field| field.is_read), || {
        format!("discover shows no field of {} that is read", object.name)
    })?;
    Ok(Verdict::Holds)
}

pub(super) async fn unknown_stream_is_refused(subject: &dyn Subject) -> Outcome {
    let trial = Trial::begin(subject)?;
    let range = trial.range(LOOK_BACK);
    match trial.system.read("no_such_stream", None, &range).await {
        Ok(_) => Err(Failure::new("a stream that does not exist can be opened")),
        Err(error) => {
            let is_known = matches!(error.kind, ErrorKind::Config | ErrorKind::NotFound);
            ensure(is_known, || format!("an unknown stream is {:?}", error.kind))?;
            Ok(Verdict::Holds)
        }
    }
}

pub(super) async fn foreign_cursor_is_refused(subject: &dyn Subject) -> Outcome {
    let trial = Trial::begin(subject)?;
    subject.put(&trial.documents(0, 1)).await;
    let range = trial.range(LOOK_BACK);
    for text in ["", "not json", r#"{"v":999999}"#] {
        let cursor = Cursor::from_text(text);
        let opened = trial.system.read(subject.stream(), Some(&cursor), &range).await;
        ensure(opened.is_err(), || format!("the cursor `{text}` is read as a position"))?;
    }
    Ok(Verdict::Holds)
}
