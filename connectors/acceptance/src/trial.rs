//! One behaviour's workbench: the opened system, the manual clock, and reading with the real policy.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use arrow::record_batch::RecordBatch;
use arrow::util::display::{ArrayFormatter, FormatOptions};
use chrono::{DateTime, TimeDelta, Utc};
use yuanliu_contract::{
    Clock, ConfigProblem, ConnectorError, Cursor, Page, ReadRange, RejectedRow, Seams, Settings,
    Source, StreamSpec, System, Unlimited,
};
use yuanliu_engine::retry::{next_page, with_policy};

use crate::manual_clock::ManualClock;
use crate::report::{Failure, ensure};
use crate::subject::{SourceRow, Subject};

/// A stream that makes more pages than this does not end.
const PAGES_MAX: usize = 2_000;

/// How far the fence stays behind the clock in every trial.
pub const SAFETY_LAG: Duration = Duration::from_secs(60);

/// How far a later run starts again behind its position.
pub const LOOK_BACK: Duration = Duration::from_secs(600);

/// A row as delivered: as the suite sees it, and every column as text.
#[derive(Debug, Clone)]
pub(crate) struct DeliveredRow {
    pub(crate) row: SourceRow,
    pub(crate) content: String,
}

/// A page as delivered.
#[derive(Debug, Clone)]
pub(crate) struct DeliveredPage {
    pub(crate) rows: Vec<DeliveredRow>,
    pub(crate) rejects: Vec<RejectedRow>,
    pub(crate) cursor: Cursor,
}

/// All pages of one run.
#[derive(Debug, Clone, Default)]
pub(crate) struct Reading {
    pub(crate) pages: Vec<DeliveredPage>,
}

/// What a lake would hold: the last delivered note by id and line.
pub(crate) type State = BTreeMap<RowKey, String>;

/// Id and line of a row.
pub(crate) type RowKey = (String, Option<String>);

impl Reading {
    pub(crate) fn rows(&self) -> impl Iterator<Item = &DeliveredRow> {
        self.pages.iter().flat_map(|page| &page.rows)
    }

    pub(crate) fn last_cursor(&self) -> Option<&Cursor> {
        self.pages.last().map(|page| &page.cursor)
    }

    pub(crate) fn apply_to(&self, state: &mut State) {
        for DeliveredRow { row, .. } in self.rows() {
            state.insert((row.id.clone(), row.line.clone()), row.note.clone());
        }
    }

    pub(crate) fn state(&self) -> State {
        let mut state = State::new();
        self.apply_to(&mut state);
        state
    }
}

/// The state that rows of the source make.
pub(crate) fn state_of(rows: &[SourceRow]) -> State {
    rows.iter().map(|row| ((row.id.clone(), row.line.clone()), row.note.clone())).collect()
}

/// Fails with the differences unless both states are the same.
pub(crate) fn same_state(what: &str, wanted: &State, got: &State) -> Result<(), Failure> {
    let missing: Vec<_> = wanted.keys().filter(|key| !got.contains_key(*key)).collect();
    let surplus: Vec<_> = got.keys().filter(|key| !wanted.contains_key(*key)).collect();
    let stale: Vec<_> = wanted
        .iter()
        .filter(|(key, note)| got.get(*key).is_some_and(|other| other != *note))
        .map(|(key, _)| key)
        .collect();
    let sample = |keys: &[&RowKey]| format!("{:?}", &keys[..keys.len().min(5)]);
    ensure(missing.is_empty() && surplus.is_empty() && stale.is_empty(), || {
        format!(
            "{what}: wanted {} rows, got {}; {} missing {}, {} surplus {}, {} stale {}",
            wanted.len(),
            got.len(),
            missing.len(),
            sample(&missing),
            surplus.len(),
            sample(&surplus),
            stale.len(),
            sample(&stale),
        )
    })
}

/// The opened system of one behaviour.
pub(crate) struct Trial<'a> {
    pub(crate) subject: &'a dyn Subject,
    pub(crate) clock: Arc<ManualClock>,
    pub(crate) system: Arc<dyn System>,
    pub(crate) spec: StreamSpec,
}

impl<'a> Trial<'a> {
    /// Opens the subject's system on a clock of its own.
    pub(crate) fn begin(subject: &'a dyn Subject) -> Result<Self, Failure> {
        let clock = Arc::new(ManualClock::at(subject.now()));
        let system = open(subject, clock.clone())?;
        let streams = system.streams();
        let names: Vec<_> = streams.iter().map(|stream| stream.name.clone()).collect();
        let spec = streams.into_iter().find(|stream| stream.name == subject.stream());
        let spec = spec.ok_or_else(|| {
            Failure::new(format!("no stream {} among {}", subject.stream(), names.join(", ")))
        })?;
        Ok(Self { subject, clock, system, spec })
    }

    /// Forgets everything the process knew, as after a crash.
    pub(crate) fn restart(&mut self) -> Result<(), Failure> {
        self.system = open(self.subject, self.clock.clone())?;
        Ok(())
    }

    /// Lets time pass for both sides.
    pub(crate) async fn advance(&self, duration: Duration) {
        self.clock.advance(duration);
        self.subject.advance(duration).await;
    }

    /// When the first of the suite's documents changed: well before the fence.
    pub(crate) fn base(&self) -> DateTime<Utc> {
        self.subject.now() - TimeDelta::days(2)
    }

    /// `count` documents from `first` on, one second apart, two lines each if there are lines.
    pub(crate) fn documents(&self, first: usize, count: usize) -> Vec<SourceRow> {
        let documents = first..first + count;
        let of_one = |n: usize| {
            self.document(n, Some(self.base() + TimeDelta::seconds(n as i64)), "first version")
        };
        documents.flat_map(of_one).collect()
    }

    /// The rows of one document.
    pub(crate) fn document(
        &self,
        number: usize,
        changed_at: Option<DateTime<Utc>>,
        note: &str,
    ) -> Vec<SourceRow> {
        let lines = match self.subject.expectations().has_lines {
            true => vec![Some("1".to_owned()), Some("2".to_owned())],
            false => vec![None],
        };
        let id = (100_000 + number).to_string();
        let row = |line: Option<String>| SourceRow {
            note: format!("{note} {id}"),
            id: id.clone(),
            line,
            changed_at,
        };
        lines.into_iter().map(row).collect()
    }

    /// So many documents that there are at least three pages.
    pub(crate) fn documents_of_three_pages(&self) -> usize {
        self.subject.expectations().page_rows * 2 + 1
    }

    /// A range with the suite's fence and the given look-back.
    pub(crate) fn range(&self, look_back: Duration) -> ReadRange {
        ReadRange { look_back, safety_lag: SAFETY_LAG, ..ReadRange::default() }
    }

    /// Opens the stream, retrying as the engine would.
    pub(crate) async fn open(
        &self,
        cursor: Option<&Cursor>,
        look_back: Duration,
    ) -> Result<Box<dyn Source>, Failure> {
        let range = self.range(look_back);
        with_policy(&*self.clock, || self.system.read(&self.spec.name, cursor, &range))
            .await
            .map_err(|error| self.failure("opening the stream", &error))
    }

    /// The next page, retrying as the engine would.
    pub(crate) async fn next(
        &self,
        source: &mut dyn Source,
    ) -> Result<Option<DeliveredPage>, Failure> {
        let page = next_page(&*self.clock, source)
            .await
            .map_err(|error| self.failure("reading a page", &error))?;
        page.map(|page| self.deliver(page)).transpose()
    }

    /// Reads a source to its end.
    pub(crate) async fn drain(&self, source: &mut dyn Source) -> Result<Reading, Failure> {
        let mut reading = Reading::default();
        for _ in 0..PAGES_MAX {
            match self.next(source).await? {
                Some(page) => reading.pages.push(page),
                None => return Ok(reading),
            }
        }
        Err(Failure::new(format!("the stream did not end after {PAGES_MAX} pages")))
    }

    /// One whole run.
    pub(crate) async fn run(
        &self,
        cursor: Option<&Cursor>,
        look_back: Duration,
    ) -> Result<Reading, Failure> {
        let mut source = self.open(cursor, look_back).await?;
        self.drain(&mut *source).await
    }

    /// An unexpected error as a failure.
    pub(crate) fn failure(&self, doing: &str, error: &ConnectorError) -> Failure {
        Failure::new(format!("{doing} failed: {}", chain(error)))
    }

    /// Fails if an error's text or structure holds a secret.
    pub(crate) fn no_leak(&self, error: &ConnectorError) -> Result<(), Failure> {
        let text = format!("{} {error:?}", chain(error));
        let secrets = self.subject.secrets();
        ensure(!secrets.values().any(|secret| text.contains(secret)), || {
            format!("an error of kind {:?} while {} holds a secret", error.kind, error.action)
        })
    }

    /// Checks what holds for every page and reads it back.
    pub(crate) fn deliver(&self, page: Page) -> Result<DeliveredPage, Failure> {
        let batch = &page.rows.batch;
        ensure(batch.schema() == self.spec.schema, || {
            format!(
                "a page has the schema {:?}, its stream says {:?}",
                batch.schema(),
                self.spec.schema
            )
        })?;
        for key in &self.spec.key {
            let column = batch.column_by_name(key);
            let column = column.ok_or_else(|| Failure::new(format!("no key column {key}")))?;
            ensure(column.null_count() == 0, || format!("key column {key} holds nulls"))?;
        }
        let rows = self.subject.rows(batch);
        ensure(rows.len() == batch.num_rows(), || {
            format!("the subject read {} rows back from {}", rows.len(), batch.num_rows())
        })?;
        let contents = contents(batch)?;
        let rows = rows.into_iter().zip(contents);
        Ok(DeliveredPage {
            rows: rows.map(|(row, content)| DeliveredRow { row, content }).collect(),
            rejects: page.rows.rejects,
            cursor: Cursor::from_text(page.cursor.as_text()),
        })
    }
}

/// Every row of a batch as text, all columns.
pub(crate) fn contents(batch: &RecordBatch) -> Result<Vec<String>, Failure> {
    let options = FormatOptions::new().with_null("∅");
    let formatters: Result<Vec<_>, _> =
        batch.columns().iter().map(|column| ArrayFormatter::try_new(column, &options)).collect();
    let formatters =
        formatters.map_err(|error| Failure::new(format!("a batch cannot be shown: {error}")))?;
    let line = |row| {
        let cells: Vec<_> = formatters.iter().map(|f| f.value(row).to_string()).collect();
        cells.join("|")
    };
    Ok((0..batch.num_rows()).map(line).collect())
}

/// Rows that appear in two readings must not differ.
pub(crate) fn same_content(readings: &[&Reading]) -> Result<(usize, BTreeSet<RowKey>), Failure> {
    let mut seen: BTreeMap<RowKey, String> = BTreeMap::new();
    let mut again = 0;
    for delivered in readings.iter().flat_map(|reading| reading.rows()) {
        let key = (delivered.row.id.clone(), delivered.row.line.clone());
        match seen.get(&key) {
            Some(content) if *content != delivered.content => {
                return Err(Failure::new(format!(
                    "row {key:?} was delivered twice with different content although it did not \
                     change: {content} and {}",
                    delivered.content
                )));
            }
            Some(_) => again += 1,
            None => {
                seen.insert(key, delivered.content.clone());
            }
        }
    }
    Ok((again, seen.into_keys().collect()))
}

fn open(subject: &dyn Subject, clock: Arc<ManualClock>) -> Result<Arc<dyn System>, Failure> {
    let connector = subject.connector();
    let spec = connector.config_spec();
    let settings = Settings::check("acceptance", &spec, &subject.config(), &[], &subject.secrets())
        .map_err(|problems| refused(&problems))?;
    let seams = Seams { clock: clock as Arc<dyn Clock>, budget: Arc::new(Unlimited) };
    connector.open(&settings, seams).map_err(|problems| refused(&problems))
}

fn refused(problems: &[ConfigProblem]) -> Failure {
    let lines: Vec<_> = problems.iter().map(|p| format!("{}: {}", p.path, p.message)).collect();
    Failure::new(format!("the subject's own configuration is refused: {}", lines.join("; ")))
}

fn chain(error: &ConnectorError) -> String {
    let mut text = format!("{error} ({:?})", error.kind);
    let mut below = std::error::Error::source(error);
    while let Some(source) = below {
        text.push_str(&format!(": {source}"));
        below = source.source();
    }
    text
}
