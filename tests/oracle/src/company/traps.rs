//! What goes wrong on the way: repeats, collisions, corrections, spellings, times that are none.

use rand::seq::IndexedRandom;
use rand::{Rng, RngExt};
use serde_json::{Value, json};

use super::Company;
use super::chain::pick;

/// Adds the traps.
pub fn add(company: &mut Company, prefix: &str, random: &mut impl Rng) {
    carriers(company, random);
    corrections(company, prefix, random);
    collisions(company, random);
    sentinels(company, random);
    for record in &mut company.records {
        spell_time(record, random);
        spell_codes(record, random);
    }
    let again: Vec<_> = company.records.sample(random, 8).cloned().collect();
    company.records.extend(again);
    let item = company.records.iter().find(|one| text(one, "level") == "item");
    let item = item.map(|one| crate::law::event::Event::read(one).codes[0].clone());
    company.test_codes.extend(item);
}

fn text<'a>(record: &'a Value, name: &str) -> &'a str {
    record[name].as_str().unwrap_or_default()
}

/// Cases get a second carrier, and some later scans read that one.
fn carriers(company: &mut Company, random: &mut impl Rng) {
    let is_case =
        |one: &Value| text(one, "event_type") == "commission" && text(one, "level") == "case";
    let mut cases = Vec::new();
    for record in company.records.iter_mut().filter(|one| is_case(one)) {
        if random.random_bool(0.3) {
            let code = record["codes"][0].as_str().expect("a code").to_owned();
            record["aliases"] = json!([format!("RF{code}")]);
            cases.push(code);
        }
    }
    for record in company.records.iter_mut().filter(|one| text(one, "event_type") != "commission") {
        let is_one = record["codes"].as_array().is_some_and(|codes| codes.len() == 1);
        let code = record["codes"][0].as_str().unwrap_or_default().to_owned();
        if is_one && cases.contains(&code) && random.random_bool(0.5) {
            record["codes"] = json!([format!("RF{code}")]);
        }
        let parent = text(record, "parent_code").to_owned();
        if cases.contains(&parent) && random.random_bool(0.3) {
            record["parent_code"] = json!(format!("RF{parent}"));
        }
    }
}

fn corrections(company: &mut Company, prefix: &str, random: &mut impl Rng) {
    for number in 0..12 {
        let mut record = company.records.choose(random).expect("records").clone();
        // A commission that is taken back takes its codes with it: once in a while.
        if text(&record, "event_type") == "commission" && random.random_bool(0.7) {
            continue;
        }
        let id = format!("{prefix}K{number}");
        record["corrects_event_id"] = record["event_id"].clone();
        record["event_id"] = json!(id);
        if random.random_bool(0.4) {
            // Only taken back, not said anew.
            let bare = ["event_id", "event_time", "recorded_at", "codes", "corrects_event_id"];
            let fields = record.as_object_mut().expect("an object");
            fields.retain(|name, _| bare.contains(&name.as_str()));
            record["event_type"] = json!("inspect");
        } else if record["region_code"].is_string() {
            record["region_code"] = json!("440305");
        }
        company.records.push(record.clone());
        if random.random_bool(0.4) {
            record["corrects_event_id"] = json!(id);
            record["event_id"] = json!(format!("{id}K"));
            company.records.push(record);
        }
    }
}

/// Two different events under one id.
fn collisions(company: &mut Company, random: &mut impl Rng) {
    let verifies: Vec<_> = (0..company.records.len())
        .filter(|at| text(&company.records[*at], "event_type") == "verify")
        .collect();
    if verifies.len() > 4 {
        let (one, other) = (*pick(random, &verifies[..2]), *pick(random, &verifies[2..]));
        company.records[other]["event_id"] = company.records[one]["event_id"].clone();
    }
}

fn sentinels(company: &mut Company, random: &mut impl Rng) {
    for number in 0..3 {
        let mut record = company.records.choose(random).expect("records").clone();
        if record["corrects_event_id"].is_string() {
            continue;
        }
        let id = format!("{}N{number}", text(&record, "event_id"));
        record["event_id"] = json!(id);
        let none = *pick(
            random,
            &["1900-01-01T00:00:00Z", "1901-01-01 00:00:00", "9999-12-31T00:00:00+08:00"],
        );
        record["event_time"] = json!(none);
        company.records.push(record);
    }
}

fn spell_time(record: &mut Value, random: &mut impl Rng) {
    let Some(at) = crate::law::clock::read(text(record, "event_time")) else { return };
    let local = at.with_timezone(&chrono_tz::Asia::Shanghai);
    let spelled = match random.random_range(0..5) {
        0 => local.format("%Y-%m-%d %H:%M:%S").to_string(),
        1 => local.format("%Y/%m/%d %H:%M:%S").to_string(),
        2 => local.to_rfc3339(),
        _ => return,
    };
    record["event_time"] = json!(spelled);
}

fn spell_codes(record: &mut Value, random: &mut impl Rng) {
    let Some(codes) = record["codes"].as_array_mut() else { return };
    for code in codes {
        if !random.random_bool(0.15) {
            continue;
        }
        let bare = code.as_str().expect("a code").to_owned();
        *code = json!(match random.random_range(0..5) {
            0 => bare.to_lowercase(),
            1 => format!(" {bare} "),
            2 => bare.chars().map(full_width).collect::<String>(),
            3 => format!("https://q.example.com/v?c={bare}&s=1"),
            _ => format!("https://id.example.com/01/06912345678901/21/{bare}"),
        });
    }
}

fn full_width(c: char) -> char {
    char::from_u32(u32::from(c) + 0xfee0).filter(|_| c.is_ascii_graphic()).unwrap_or(c)
}
