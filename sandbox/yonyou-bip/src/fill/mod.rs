//! Filling the objects from the made-up company.
//!
//! Ids are numbers of 19 digits, of organisations, staff and material issues texts, as they come
//! from a real tenant. `headItem` carries the made-up tenant's own fields.

mod factory;
mod masters;
mod sales;

use std::collections::BTreeMap;

use chrono::{NaiveDateTime, TimeDelta};
use serde_json::{Map, Value as Json, json};
use yuanliu_company::{Company, Status};

use crate::data::{Dataset, Object};

/// The one organisation.
const ORG: &str = "1500000000000000001";
const ORG_NAME: &str = "示例总部";

const ID_FIRST: i64 = 1_800_000_000_000_000_001;

impl Dataset {
    /// The objects of a made-up company.
    #[must_use]
    pub fn from_company(company: &Company) -> Self {
        let mut filler = Filler::default();
        masters::fill(&mut filler, company);
        factory::fill(&mut filler, company);
        sales::fill(&mut filler, company);
        filler.data
    }
}

/// A data set while it is filled, and the ids by kind and code.
#[derive(Default)]
struct Filler {
    data: Dataset,
    taken: i64,
    ids: BTreeMap<(&'static str, String), i64>,
}

impl Filler {
    fn take_id(&mut self) -> i64 {
        self.taken += 1;
        ID_FIRST + self.taken
    }

    /// The id of a code, made when it is first asked for.
    fn id_of(&mut self, kind: &'static str, code: &str) -> i64 {
        if let Some(id) = self.ids.get(&(kind, code.to_owned())) {
            return *id;
        }
        let id = self.take_id();
        self.ids.insert((kind, code.to_owned()), id);
        id
    }

    fn put(&mut self, object: Object, header: Json, lines: Vec<Json>) {
        self.data.put(object, header, lines);
    }
}

/// Adds when a document was made, changed and approved; whole seconds, as the platform has them.
fn trail(header: &mut Map<String, Json>, status: Status, at: NaiveDateTime) {
    let changed = at + TimeDelta::minutes(18);
    let is_approved = matches!(status, Status::Approved | Status::Closed);
    header.insert("createTime".into(), json!(text(at)));
    header.insert("modifyTime".into(), json!(text(changed)));
    header.insert("auditTime".into(), json!(is_approved.then(|| text(changed))));
    header.insert("pubts".into(), json!(text(changed)));
}

/// `verifystate`: 0 开立, 2 已审核, 3 终止.
fn verify_state(status: Status) -> i64 {
    match status {
        Status::Draft => 0,
        Status::Approved | Status::Closed => 2,
        Status::Cancelled => 3,
    }
}

fn object(value: Json) -> Map<String, Json> {
    match value {
        Json::Object(map) => map,
        _ => Map::new(),
    }
}

fn text(at: NaiveDateTime) -> String {
    at.format("%Y-%m-%d %H:%M:%S").to_string()
}

/// A document's day, which comes with midnight.
fn day(at: NaiveDateTime) -> String {
    at.format("%Y-%m-%d 00:00:00").to_string()
}

/// A decimal as a JSON number with its own digits.
fn number(digits: &str) -> Json {
    serde_json::from_str(digits).unwrap_or(Json::Null)
}
