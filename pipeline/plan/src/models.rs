//! Which models read which tables, told by the SQL alone.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// The schemas whose tables a model can be read from.
const SCHEMAS: [&str; 6] = ["rules", "reference", "current", "staging", "core", "marts"];

/// `staging.all__dealer` is every `staging.<mapping>__dealer`.
const ALL: &str = "staging.all__";

/// The models of a hub and what each reads.
#[derive(Debug, Clone, Default)]
pub struct Models {
    reads: BTreeMap<String, BTreeSet<String>>,
}

impl Models {
    /// Reads the texts of models: files with a header line `-- name: core.dealer`. Others are passed over.
    pub fn of<'t>(texts: impl IntoIterator<Item = &'t str>) -> Self {
        let mut models = Self::default();
        for text in texts {
            let mut comments = text.lines().filter_map(|line| line.trim().strip_prefix("--"));
            let name = comments.find_map(|line| line.trim().strip_prefix("name:"));
            // Audits run after the models they look at, whenever these are built.
            if let Some(name) = name.filter(|name| !name.trim().starts_with("audits.")) {
                models.reads.insert(name.trim().to_owned(), tables(text));
            }
        }
        models
    }

    /// The models that read one of the tables, and those that read these, each with the table by which
    /// it is reached; nearest first. A table ending in `*` is every table that begins so.
    pub fn downstream(&self, tables: &[String]) -> Vec<(&str, String)> {
        let mut found = Vec::new();
        let mut seen = BTreeSet::new();
        let mut ways: VecDeque<String> = tables.iter().cloned().collect();
        while let Some(table) = ways.pop_front() {
            for (model, reads) in &self.reads {
                if reads.iter().any(|read| fits(&table, read)) && seen.insert(model) {
                    found.push((model.as_str(), table.clone()));
                    ways.push_back(model.clone());
                }
            }
        }
        found
    }
}

/// Whether a changed table is what a model reads.
fn fits(changed: &str, read: &str) -> bool {
    let entity = |table: &str| table.split_once("__").map(|(_, entity)| entity.to_owned());
    if let Some(wanted) = read.strip_prefix(ALL) {
        return changed.starts_with("staging.") && entity(changed).as_deref() == Some(wanted);
    }
    match changed.strip_suffix('*') {
        Some(start) => read.starts_with(start),
        None => changed == read,
    }
}

/// The names that follow `from` and `join`, outside of comments.
fn tables(text: &str) -> BTreeSet<String> {
    let code: Vec<_> = text.lines().map(|line| line.split("--").next().unwrap_or(line)).collect();
    let code = code.join(" ").to_ascii_lowercase();
    let words: Vec<_> = code.split_whitespace().collect();
    let mut found = BTreeSet::new();
    for pair in words.windows(2) {
        let [before, name] = pair else { continue };
        if !matches!(before.trim_start_matches('('), "from" | "join") {
            continue;
        }
        let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '.';
        let name = name.split(|c| !is_name(c)).next().unwrap_or_default();
        if name.split_once('.').is_some_and(|(schema, _)| SCHEMAS.contains(&schema)) {
            found.insert(name.to_owned());
        }
    }
    found
}
