//! The SQL models and what they read of each other.
//!
//! The graph is parsed from the SQL; nothing is declared twice. Loading checks every file and tells
//! every problem at once. It needs no lake: what the tables really hold shows when a build runs.
//!
//! `staging.all__x` stands for the union, by column name, of every model `staging.<kind>__x`.

mod grain;
mod header;
mod layers;
mod model;
mod order;
mod statement;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

pub use self::model::{Kind, Model, ModelColumn};

use self::model::Draft;
use crate::lake::TableName;

const STAGING: &str = "staging";
const ALL: &str = "all__";

/// Something wrong with a model file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ModelProblem {
    /// The file.
    pub path: String,
    /// What is wrong and what would be right.
    pub message: String,
}

impl fmt::Display for ModelProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.path, self.message)
    }
}

/// All models, each after what it reads.
#[derive(Debug, Default)]
pub struct ModelGraph {
    models: BTreeMap<TableName, Model>,
    order: Vec<TableName>,
}

impl ModelGraph {
    /// Reads all files: their paths relative to the folder of models, with `/`, and their texts.
    ///
    /// Files below `reports` and `trace` are queries with parameters and are passed over, as is
    /// everything that does not end in `.sql`.
    pub fn load<P, T>(files: impl IntoIterator<Item = (P, T)>) -> Result<Self, Vec<ModelProblem>>
    where
        P: AsRef<str>,
        T: AsRef<str>,
    {
        let mut problems = Vec::new();
        let mut drafts: BTreeMap<TableName, Draft> = BTreeMap::new();
        for (path, text) in files {
            let (path, text) = (path.as_ref(), text.as_ref());
            if !is_model(path, &mut problems) {
                continue;
            }
            let mut found = Vec::new();
            let draft = model::read(path, text, &mut found);
            tell(&mut problems, path, found);
            let Some(draft) = draft else { continue };
            let name = draft.model.name.clone();
            if let Some(earlier) = drafts.insert(name.clone(), draft) {
                let message = format!("{name} is also the name of {}", earlier.model.path);
                tell(&mut problems, path, [message]);
            }
        }
        check_columns(&drafts, &mut problems);
        let models = drafts.into_iter().map(|(name, draft)| (name, draft.model)).collect();
        let mut graph = Self { models, order: Vec::new() };
        graph.check_inputs(&mut problems);
        graph.add_grain_checks(&mut problems);
        match order::order(&graph.edges()) {
            Ok(order) => graph.order = order,
            Err(cycle) => {
                let path = cycle.first().and_then(|name| graph.model(name));
                let path = path.map(|model| model.path.clone()).unwrap_or_default();
                let names: Vec<_> = cycle.iter().map(TableName::to_string).collect();
                tell(
                    &mut problems,
                    &path,
                    [format!("models read in a circle: {}", names.join(" -> "))],
                );
            }
        }
        if problems.is_empty() { Ok(graph) } else { Err(problems) }
    }

    /// All models, each after what it reads.
    pub fn models(&self) -> impl Iterator<Item = &Model> {
        self.order.iter().filter_map(|name| self.models.get(name))
    }

    /// A model by name.
    pub fn model(&self, name: &TableName) -> Option<&Model> {
        self.models.get(name)
    }

    /// Every model that is one of these tables or reads one, directly or through others.
    pub fn readers(&self, tables: &BTreeSet<TableName>) -> BTreeSet<TableName> {
        let mut affected = tables.clone();
        // Models come after what they read, so that one pass finds all.
        for model in self.models() {
            let reads = model.reads.iter().flat_map(|read| self.expand(read));
            if reads.into_iter().any(|read| affected.contains(&read)) {
                affected.insert(model.name.clone());
            }
        }
        affected.retain(|name| self.models.contains_key(name));
        affected
    }

    /// The tables behind a name: those of `staging.all__x`, else the table itself.
    pub(crate) fn expand(&self, name: &TableName) -> Vec<TableName> {
        let Some(entity) = union_entity(name) else { return vec![name.clone()] };
        let members = self.models.keys().filter(|model| {
            model.schema() == STAGING
                && model.table().split_once("__").is_some_and(|(_, other)| other == entity)
        });
        members.cloned().collect()
    }

    /// The query that a name stands for, none if it is a table.
    pub(crate) fn view_sql(&self, name: &TableName) -> Option<String> {
        if union_entity(name).is_some() {
            let members = self.expand(name);
            let selects: Vec<_> =
                members.iter().map(|member| format!("select * from {}", quoted(member))).collect();
            return (!selects.is_empty()).then(|| selects.join("\nunion all by name\n"));
        }
        let model = self.model(name)?;
        (model.kind == Kind::View).then(|| model.sql.clone())
    }

    /// A model's inputs with views and unions replaced by what they read.
    pub(crate) fn inputs(&self, model: &Model) -> BTreeSet<TableName> {
        self.stored(model.reads.clone())
    }

    /// The tables that have to be as they will be before a model is built: its inputs and those of its other queries.
    pub(crate) fn built_before(&self, model: &Model) -> BTreeSet<TableName> {
        let helpers = model.helpers_read.iter();
        let helpers = helpers.map(|read| changed_name(read).unwrap_or_else(|| read.clone()));
        let mut before = self.stored(model.reads.iter().cloned().chain(helpers).collect());
        before.remove(&model.name);
        before
    }

    /// Some names with views and unions replaced by what they read.
    pub(crate) fn stored(&self, mut open: Vec<TableName>) -> BTreeSet<TableName> {
        let mut inputs = BTreeSet::new();
        let mut seen = BTreeSet::new();
        while let Some(name) = open.pop() {
            if !seen.insert(name.clone()) {
                continue;
            }
            if union_entity(&name).is_some() {
                open.extend(self.expand(&name));
                continue;
            }
            match self.model(&name) {
                Some(view) if view.kind == Kind::View => open.extend(view.reads.iter().cloned()),
                _ => {
                    inputs.insert(name);
                }
            }
        }
        inputs
    }

    /// The view models that a model reads, directly or through others.
    pub(crate) fn views(&self, model: &Model) -> BTreeSet<TableName> {
        let mut views = BTreeSet::new();
        let mut open = model.reads.clone();
        while let Some(name) = open.pop() {
            if let Some(view) = self.model(&name)
                && view.kind == Kind::View
                && views.insert(name)
            {
                open.extend(view.reads.iter().cloned());
            }
        }
        views
    }

    fn add_grain_checks(&mut self, problems: &mut Vec<ModelProblem>) {
        let tables = self.models.values();
        let tables = tables.filter(|model| model.kind == Kind::Table && !model.grain.is_empty());
        let mut checks = Vec::new();
        for model in tables {
            match grain::check(model) {
                Ok(check) => checks.push((check.name.clone(), check)),
                Err(error) => tell(problems, &model.path, [error.to_string()]),
            }
        }
        self.models.extend(checks);
    }

    fn edges(&self) -> BTreeMap<TableName, BTreeSet<TableName>> {
        let edges = self.models.iter().map(|(name, model)| {
            let helpers = model.helpers_read.iter().filter(|read| *read != name);
            let reads = model.reads.iter().chain(helpers);
            (name.clone(), reads.flat_map(|read| self.expand(read)).collect())
        });
        edges.collect()
    }

    fn check_inputs(&self, problems: &mut Vec<ModelProblem>) {
        for model in self.models.values() {
            for read in &model.reads {
                if self.expand(read).is_empty() {
                    let message = format!("{read}: there is no such staging model to unite");
                    tell(problems, &model.path, [message]);
                }
                let is_layer = layers::LAYERS.contains(&read.schema());
                if is_layer && union_entity(read).is_none() && self.model(read).is_none() {
                    tell(problems, &model.path, [format!("{read}: there is no such model")]);
                }
            }
            let inputs = self.inputs(model);
            // What is summed may be read through a view.
            let is_read = |name: &TableName| {
                model.reads.contains(name) || (!model.sums.is_empty() && inputs.contains(name))
            };
            for name in model.slice.iter().filter(|name| !is_read(name)) {
                let message = format!("`slice` names {name}, which the model does not read");
                tell(problems, &model.path, [message]);
            }
            for helper in &model.helpers_read {
                if let Some(changed) = changed_name(helper)
                    && !model.reads.contains(&changed)
                    && !inputs.contains(&changed)
                {
                    let message = format!("`touched` reads {helper}, but the model not {changed}");
                    tell(problems, &model.path, [message]);
                } else if let Some(changed) = changed_name(helper)
                    && self.model(&changed).is_some_and(|read| read.kind == Kind::View)
                {
                    let message =
                        format!("`touched` reads {helper}, which is a view: name a table");
                    tell(problems, &model.path, [message]);
                } else if let Some(changed) = changed_name(helper)
                    && !model.sums.is_empty()
                    && !model.slice.contains(&changed)
                {
                    let message = format!(
                        "`touched` reads {helper}: what a table of `sums` follows has to be in its `slice`"
                    );
                    tell(problems, &model.path, [message]);
                }
            }
        }
    }
}

/// The table whose change `changed.<schema>__<table>` names.
pub(crate) fn changed_name(name: &TableName) -> Option<TableName> {
    if name.schema() != "changed" {
        return None;
    }
    let (schema, table) = name.table().split_once("__")?;
    TableName::new(schema, table).ok()
}

fn union_entity(name: &TableName) -> Option<&str> {
    if name.schema() != STAGING {
        return None;
    }
    name.table().strip_prefix(ALL)
}

fn quoted(name: &TableName) -> String {
    format!("{}.\"{}\"", name.schema(), name.table())
}

fn is_model(path: &str, problems: &mut Vec<ModelProblem>) -> bool {
    let folder = path.split('/').next().unwrap_or_default();
    if !path.ends_with(".sql") || layers::QUERY_FOLDERS.contains(&folder) {
        return false;
    }
    if layers::LAYERS.contains(&folder) {
        return true;
    }
    let known = layers::LAYERS.into_iter().chain(layers::QUERY_FOLDERS).collect::<Vec<_>>();
    tell(problems, path, [format!("files belong into one of {}", known.join(", "))]);
    false
}

/// The described columns are those of the select, and grain and partition are among them.
fn check_columns(drafts: &BTreeMap<TableName, Draft>, problems: &mut Vec<ModelProblem>) {
    let of = |name: &TableName| {
        let columns = &drafts.get(name)?.model.columns;
        Some(columns.iter().map(|column| column.name.clone()).collect::<Vec<_>>())
    };
    for draft in drafts.values() {
        let model = &draft.model;
        let described: Vec<String> = model.columns.iter().map(|c| c.name.clone()).collect();
        if !described.is_empty() {
            match draft.parsed.columns(&of) {
                Ok(columns) => tell(problems, &model.path, difference(&described, &columns)),
                Err(message) => tell(problems, &model.path, [message]),
            }
            for column in model.grain.iter().chain(&model.partition) {
                if !described.contains(column) {
                    let message = format!("grain or partition column `{column}` is no column");
                    tell(problems, &model.path, [message]);
                }
            }
        }
    }
}

fn difference(described: &[String], selected: &[String]) -> Option<String> {
    if described == selected {
        return None;
    }
    let list = |from: &[String], other: &[String]| {
        let missing: Vec<_> = from.iter().filter(|column| !other.contains(column)).collect();
        missing.iter().map(|column| column.as_str()).collect::<Vec<_>>().join(", ")
    };
    let undescribed = list(selected, described);
    let absent = list(described, selected);
    Some(match (undescribed.is_empty(), absent.is_empty()) {
        (true, true) => format!(
            "the described columns are in another order than selected: {}",
            selected.join(", ")
        ),
        (false, true) => format!("columns are selected but not described: {undescribed}"),
        (true, false) => format!("columns are described but not selected: {absent}"),
        (false, false) => format!(
            "columns are selected but not described: {undescribed}; described but not selected: \
             {absent}"
        ),
    })
}

fn tell(problems: &mut Vec<ModelProblem>, path: &str, messages: impl IntoIterator<Item = String>) {
    let path = path.to_owned();
    problems
        .extend(messages.into_iter().map(|message| ModelProblem { path: path.clone(), message }));
}
