//! The SQL files and what their headers say.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

const SCHEMAS: [&str; 8] =
    ["current", "staging", "core", "marts", "reference", "rules", "raw", "recall"];

/// One model file.
pub(crate) struct Model {
    pub(crate) sql: String,
    pub(crate) columns: Vec<String>,
    pub(crate) grain: Option<String>,
    pub(crate) reads: BTreeSet<String>,
}

/// All model files by name, and the parameterised queries by path.
pub(crate) struct Models {
    models: BTreeMap<String, Model>,
    queries: BTreeMap<String, String>,
    files: Vec<(String, String)>,
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../warehouse-sql")
}

impl Models {
    pub(crate) fn load() -> Self {
        let mut loaded =
            Self { models: BTreeMap::new(), queries: BTreeMap::new(), files: Vec::new() };
        for path in super::files_below(&root(), "sql") {
            let sql = std::fs::read_to_string(&path).unwrap();
            let relative = path.strip_prefix(root()).unwrap();
            loaded.files.push((relative.to_string_lossy().into_owned(), sql.clone()));
            match header(&sql, "name") {
                Some(name) => {
                    let model = Model {
                        columns: columns(&sql),
                        // A question mark says that a column may be empty.
                        grain: header(&sql, "grain").map(|grain| grain.replace('?', "")),
                        reads: reads(&sql),
                        sql,
                    };
                    loaded.models.insert(name, model);
                }
                None => {
                    let relative = relative.with_extension("");
                    loaded.queries.insert(relative.to_string_lossy().into_owned(), sql);
                }
            }
        }
        loaded
    }

    /// Every file with its path below the folder of models.
    pub(crate) fn files(&self) -> impl Iterator<Item = (&str, &str)> {
        self.files.iter().map(|(path, text)| (path.as_str(), text.as_str()))
    }

    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.models.keys().map(String::as_str)
    }

    pub(crate) fn get(&self, name: &str) -> Option<&Model> {
        self.models.get(name)
    }

    /// The text of `reports/x`, `trace/x` or `recall/x` and the tables it reads.
    pub(crate) fn query(&self, path: &str) -> Option<(&str, BTreeSet<String>)> {
        let sql = self.queries.get(path)?;
        Some((sql, reads(sql)))
    }

    /// The staging models behind `staging.all__x`.
    pub(crate) fn united(&self, name: &str) -> Option<Vec<&str>> {
        let entity = name.strip_prefix("staging.all__")?;
        let is_member = |name: &&str| {
            name.strip_prefix("staging.")
                .and_then(|name| name.split_once("__"))
                .is_some_and(|(_, e)| e == entity)
        };
        Some(self.names().filter(is_member).collect())
    }
}

fn header(sql: &str, key: &str) -> Option<String> {
    let start = format!("-- {key}: ");
    sql.lines()
        .take_while(|line| line.starts_with("--"))
        .find_map(|line| line.strip_prefix(&start).map(str::to_owned))
}

fn columns(sql: &str) -> Vec<String> {
    sql.lines()
        .skip_while(|line| *line != "-- columns:")
        .skip(1)
        .map_while(|line| line.strip_prefix("--   "))
        .filter_map(|line| line.split_once(": ").map(|(name, _)| name.to_owned()))
        .collect()
}

/// Tables after `from` and `join`, as written.
fn reads(sql: &str) -> BTreeSet<String> {
    let code = sql.lines().filter(|line| !line.trim_start().starts_with("--"));
    let words: Vec<&str> = code.flat_map(str::split_whitespace).collect();
    let tables = words.windows(2).filter(|pair| matches!(pair[0], "from" | "join" | "(from"));
    tables
        .map(|pair| pair[1].trim_end_matches([')', ',']))
        .filter(|table| table.split_once('.').is_some_and(|(schema, _)| SCHEMAS.contains(&schema)))
        .map(str::to_owned)
        .collect()
}
