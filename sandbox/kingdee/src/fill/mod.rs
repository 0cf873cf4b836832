//! Filling the forms from the made-up company.
//!
//! Custom fields start with `F_YL_`. Materials and customers stand once per using organisation,
//! as allotted base data does; documents refer to the row of the head office.

mod factory;
mod ids;
mod masters;
mod sales;

use chrono::{NaiveDateTime, TimeDelta};
use serde_json::{Map, Value as Json, json};
use yuanliu_company::{Company, Status};

use self::ids::Ids;
use crate::data::Dataset;

impl Dataset {
    /// The forms of a made-up company.
    #[must_use]
    pub fn from_company(company: &Company) -> Self {
        let mut filler = Filler { data: Self::empty(), ids: Ids::default(), touched: 0 };
        masters::fill(&mut filler, company);
        factory::fill(&mut filler, company);
        sales::fill(&mut filler, company);
        filler.data
    }
}

/// A data set while it is filled.
struct Filler {
    data: Dataset,
    ids: Ids,
    touched: i64,
}

impl Filler {
    /// Stores a row; a row that the catalogue refuses is a fault of this crate and is left out,
    /// which the tests notice by count.
    fn put(&mut self, form: &str, row: Json) -> i64 {
        self.data.put(form, &row).unwrap_or_default()
    }

    /// Adds the change trail of a document made at `at`: created, changed, approved.
    fn trail(&mut self, row: &mut Map<String, Json>, status: Status, at: NaiveDateTime) {
        self.touched += 1;
        // Milliseconds with and without trailing zeros; one in sixteen shares its neighbour's.
        let millis = if self.touched % 16 == 0 { 0 } else { self.touched * 37 % 1_000 };
        let changed = at + TimeDelta::minutes(18) + TimeDelta::milliseconds(millis);
        let letter = match (status, self.touched % 50) {
            (Status::Draft, _) => "A",
            // Un-audited to be changed, and audited again later.
            (Status::Approved, 49) => "D",
            _ => "C",
        };
        let approved = (letter == "C").then(|| text(changed));
        row.insert("FDocumentStatus".into(), json!(letter));
        row.insert("FCreateDate".into(), json!(text(at)));
        row.insert("FModifyDate".into(), json!(text(changed)));
        row.insert("FApproveDate".into(), json!(approved));
        let user = self.ids.lookup("SEC_User", "demo");
        row.insert("FCreatorId".into(), json!(user));
        row.insert("FModifierId".into(), json!(user));
        let cancelled = if status == Status::Cancelled { "B" } else { "A" };
        row.insert("FCancelStatus".into(), json!(cancelled));
    }
}

/// A JSON object as a map that more is added to.
fn object(value: Json) -> Map<String, Json> {
    match value {
        Json::Object(map) => map,
        _ => Map::new(),
    }
}

fn text(at: NaiveDateTime) -> String {
    at.format("%Y-%m-%dT%H:%M:%S%.3f").to_string()
}
