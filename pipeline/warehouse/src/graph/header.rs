//! The comment lines at the head of a model file.
//!
//! ```text
//! -- name: core.custody
//! -- kind: table | view | audit
//! -- partition: bucket = bucket(code)   (or the column alone)
//! -- touched: select distinct bucket from changed.core__event_code   (or bucket, code: only rows of these codes)
//! -- slice: core.event_code   (read piece by piece although `touched` names it)
//! -- sums: items   (over `touched`'s second column of the sliced tables; rows with zeros alone are left out)
//! -- expires: select min(event_time) from core.event where event_time > as_of()
//! -- grain: code, held_from, region_code?   (? may be empty)
//! -- columns:
//! --   code: the unit, normalised
//! --     (deeper lines go on)
//! ```

/// A header as written, every known key at most once.
#[derive(Debug, Default)]
pub(super) struct Header {
    pub(super) name: Option<String>,
    pub(super) kind: Option<String>,
    pub(super) partition: Option<String>,
    pub(super) touched: Option<String>,
    pub(super) expires: Option<String>,
    pub(super) slice: Vec<String>,
    pub(super) sums: Vec<String>,
    pub(super) grain: Vec<String>,
    /// Those of the grain that may be empty.
    pub(super) grain_optional: Vec<String>,
    /// Name and text of each column, in order.
    pub(super) columns: Vec<(String, String)>,
}

/// Lines of columns start this far behind the dashes, their continuations further.
const CONTINUATION_SPACES: usize = 4;

const KEYS: &str = "name, kind, partition, touched, slice, sums, expires, grain, columns";

/// Reads the header; whatever cannot be read is told in `problems`.
pub(super) fn parse(text: &str, problems: &mut Vec<String>) -> Header {
    let mut header = Header::default();
    let mut is_in_columns = false;
    for line in text.trim_start_matches('\u{feff}').lines() {
        let Some(comment) = line.strip_prefix("--") else { break };
        let spaces = comment.len() - comment.trim_start().len();
        let comment = comment.trim();
        if comment.is_empty() {
            continue;
        }
        if is_in_columns && spaces > 1 {
            column(&mut header, spaces, comment, problems);
            continue;
        }
        let Some((key, value)) = key_value(comment) else { continue };
        is_in_columns = key == "columns";
        set(&mut header, key, value, problems);
    }
    header
}

fn key_value(comment: &str) -> Option<(&str, &str)> {
    let (key, value) = comment.split_once(':')?;
    let is_word = !key.is_empty() && key.bytes().all(|byte| byte.is_ascii_lowercase());
    is_word.then(|| (key, value.trim()))
}

fn set(header: &mut Header, key: &str, value: &str, problems: &mut Vec<String>) {
    let slot = match key {
        "name" => &mut header.name,
        "kind" => &mut header.kind,
        "partition" => &mut header.partition,
        "touched" => &mut header.touched,
        "expires" => &mut header.expires,
        "slice" => {
            header.slice.extend(list(value));
            return;
        }
        "sums" => {
            header.sums.extend(list(value));
            return;
        }
        "grain" => {
            for column in list(value) {
                let name = column.trim_end_matches('?').trim_end().to_owned();
                if name.len() < column.len() {
                    header.grain_optional.push(name.clone());
                }
                header.grain.push(name);
            }
            return;
        }
        "columns" => {
            if !value.is_empty() {
                problems.push("`columns:` takes one indented line for each column".to_owned());
            }
            return;
        }
        _ => {
            problems.push(format!("unknown header key `{key}`; known keys are {KEYS}"));
            return;
        }
    };
    if value.is_empty() {
        problems.push(format!("header key `{key}` has no value"));
    } else if slot.replace(value.to_owned()).is_some() {
        problems.push(format!("header key `{key}` is given twice"));
    }
}

fn list(value: &str) -> Vec<String> {
    value.split(',').map(|item| item.trim().to_owned()).filter(|item| !item.is_empty()).collect()
}

fn column(header: &mut Header, spaces: usize, comment: &str, problems: &mut Vec<String>) {
    if spaces >= CONTINUATION_SPACES
        && let Some((_, text)) = header.columns.last_mut()
    {
        text.push(' ');
        text.push_str(comment);
        return;
    }
    match comment.split_once(':') {
        Some((name, text)) if !name.contains(' ') => {
            if text.trim().is_empty() {
                problems.push(format!("column `{name}` has no text"));
            }
            if header.columns.iter().any(|(known, _)| known == name) {
                problems.push(format!("column `{name}` is described twice"));
            }
            header.columns.push((name.to_owned(), text.trim().to_owned()));
        }
        _ => problems.push(format!("`{comment}` is no column line: write `--   name: text`")),
    }
}
