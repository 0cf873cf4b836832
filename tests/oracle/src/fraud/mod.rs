//! Companies in which it is known who cheats, to see how often the hub's rules say so.

pub mod dealers;
pub mod promoters;
pub mod score;

use chrono::{DateTime, Utc};
use rand_chacha::ChaCha8Rng;
use serde_json::{Value, json};

use crate::company::Company;
use crate::company::chain::written;

/// A company in the making, with its random numbers.
pub struct Scene<'a> {
    /// The company.
    pub company: &'a mut Company,
    /// Where choices come from.
    pub random: &'a mut ChaCha8Rng,
    made: usize,
}

impl std::fmt::Debug for Scene<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Scene").field("made", &self.made).finish_non_exhaustive()
    }
}

impl<'a> Scene<'a> {
    /// Nothing has happened yet.
    pub fn new(company: &'a mut Company, random: &'a mut ChaCha8Rng) -> Self {
        company.put("product", &[("product_code", "FP"), ("name", "酒"), ("category", "liquor")]);
        company.put("incentive_rate", &[("product_code", "FP"), ("amount", "5")]);
        Self { company, random, made: 0 }
    }

    /// A scan; its id.
    pub fn scan(
        &mut self,
        kind: &str,
        at: DateTime<Utc>,
        codes: &[String],
        fields: &[(&str, &str)],
    ) -> String {
        self.made += 1;
        let id = format!("F{:06}", self.made);
        let mut record = json!({
            "event_id": id, "event_type": kind, "event_time": written(at), "recorded_at": written(at),
            "codes": codes,
        });
        for (name, text) in fields.iter().filter(|(_, text)| !text.is_empty()) {
            record[*name] = json!(text);
        }
        self.company.records.push(record);
        id
    }

    /// A number of the scan made last.
    pub fn put_number(&mut self, name: &str, number: f64) {
        let last: &mut Value = self.company.records.last_mut().expect("a scan was made");
        last[name] = json!(number);
    }

    /// Items in cases of six, made and packed, not shipped; the cases with what is in them.
    pub fn make(
        &mut self,
        stem: &str,
        cases: usize,
        at: DateTime<Utc>,
    ) -> Vec<(String, Vec<String>)> {
        let mut made = Vec::new();
        for case in 0..cases {
            let code = format!("{stem}C{case}");
            let items: Vec<_> = (0..6).map(|item| format!("{stem}-{case}-{item}")).collect();
            self.scan("commission", at, &items, &[("level", "item"), ("product_code", "FP")]);
            self.scan(
                "commission",
                at,
                std::slice::from_ref(&code),
                &[("level", "case"), ("product_code", "FP")],
            );
            self.scan("pack", at, &items, &[("parent_code", &code)]);
            made.push((code, items));
        }
        made
    }

    /// A dealer with one county as its territory.
    pub fn dealer(&mut self, code: &str, region: &str, channel: &str) {
        self.company.put(
            "dealer",
            &[("dealer_code", code), ("name", code), ("region_code", region), ("channel", channel)],
        );
        self.company.put("territory", &[("dealer_code", code), ("region_code", region)]);
    }
}
