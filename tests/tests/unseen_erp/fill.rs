//! The made-up company in the plant's own words.

use chrono::{Datelike as _, NaiveDate, NaiveDateTime, TimeDelta, Timelike as _};
use serde_json::{Value, json};
use yuanliu_company::{Company, MoveKind, Place, Status};
use yuanliu_sandbox_sql_server::Database;

use crate::database;

const MANDANT: &str = "007";

/// The company's masters and documents, and a few rows that are marked deleted.
pub(crate) fn fill(company: &Company) -> Database {
    let mut db = database::empty();
    masters(&mut db, company);
    orders(&mut db, company);
    deliveries(&mut db, company);
    production(&mut db, company);
    db
}

fn put(db: &mut Database, table: &str, row: &Value) {
    db.put(table, row).unwrap_or_else(|error| panic!("{table}: {error}"));
}

/// `20260131`
fn day(date: NaiveDate) -> i64 {
    i64::from(date.year()) * 10_000 + i64::from(date.month() * 100 + date.day())
}

/// `93005`
fn time(at: NaiveDateTime) -> u32 {
    at.hour() * 10_000 + at.minute() * 100 + at.second()
}

fn masters(db: &mut Database, company: &Company) {
    for product in &company.products {
        let row = json!({"ArtNr": product.code, "Ausf": 0, "Bez1": product.name,
            "Bez2": product.spec, "WarenGr": product.category, "BasisEinh": "ST",
            "StkKarton": product.items_per_case, "KartonPal": product.cases_per_pallet,
            "Gesperrt": "N", "Satz": " "});
        put(db, "fert.Artikel", &row);
    }
    for material in &company.materials {
        let row = json!({"ArtNr": material.code, "Ausf": 0, "Bez1": material.name,
            "BasisEinh": material.unit, "StkKarton": 0, "KartonPal": 0, "Gesperrt": "N"});
        put(db, "fert.Artikel", &row);
    }
    // A second version that was given up.
    let row = json!({"ArtNr": company.products[0].code, "Ausf": 2, "Bez1": "旧", "Satz": "L"});
    put(db, "fert.Artikel", &row);
    for dealer in &company.dealers {
        let channel = if dealer.channel == "ecommerce" { 30 } else { 10 };
        let row = json!({"Mandant": MANDANT, "KdNr": dealer.code, "Name": dealer.name,
            "Anschrift": company.places[dealer.place].full_address(), "VertrWeg": channel,
            "Loesch": false});
        put(db, "vk.Kunde", &row);
    }
    for (position, supplier) in company.suppliers.iter().enumerate() {
        assert_eq!(supplier.code, format!("VEN{:05}", position + 1));
        put(db, "ek.Lieferant", &json!({"LiefNr": position + 1, "Firma": supplier.name}));
    }
}

/// The key of an order, with its mark.
pub(crate) fn order_mark(number: &str, is_deleted: bool) -> Value {
    json!({"Mandant": MANDANT, "AuftrNr": number, "Loesch": is_deleted})
}

fn orders(db: &mut Database, company: &Company) {
    for (position, order) in company.orders.iter().enumerate() {
        let dealer = &company.dealers[order.dealer];
        let state = match order.status {
            Status::Draft => 10,
            Status::Approved => 20,
            Status::Closed => 80,
            Status::Cancelled => 90,
        };
        let place: &Place = &company.places[dealer.place];
        let row = json!({"Mandant": MANDANT, "AuftrNr": order.no, "KdNr": dealer.code,
            "Dat": day(order.at.date()), "LiefAnschrift": place.full_address(), "Stat": state,
            "Sonder7": format!("Tour \"{}\"", position + 1), "Loesch": false});
        put(db, "vk.Auftrag", &row);
        for (at, line) in order.lines.iter().enumerate() {
            let product = &company.products[line.product];
            let row = json!({"Mandant": MANDANT, "AuftrNr": order.no, "Pos": (at + 1) * 10,
                "ArtNr": product.code, "Ausf": 0, "Menge": line.cases,
                "PreisCt": product.case_price.units,
                "BetragCt": product.case_price.times(line.cases).units, "MwSt": 13,
                "Loesch": false});
            put(db, "vk.AuftragPos", &row);
        }
    }
    // An order that was thrown away, marked as such on both levels.
    let row = json!({"Mandant": MANDANT, "AuftrNr": "WEG1", "KdNr": company.dealers[0].code,
        "Dat": 0, "Stat": 20, "Loesch": true});
    put(db, "vk.Auftrag", &row);
    let row = json!({"Mandant": MANDANT, "AuftrNr": "WEG1", "Pos": 10,
        "ArtNr": company.products[0].code, "Ausf": 0, "Menge": 0.1, "BetragCt": 99, "Loesch": true});
    put(db, "vk.AuftragPos", &row);
}

fn deliveries(db: &mut Database, company: &Company) {
    for delivery in &company.deliveries {
        let order = &company.orders[delivery.order];
        let row = json!({"VersandNr": delivery.no, "AuftrNr": order.no,
            "Lager": delivery.warehouse + 1, "Spedition": delivery.carrier,
            "Sendung": delivery.waybill_no, "Dat": day(delivery.at.date()),
            "Zt": time(delivery.at), "Stat": "V"});
        put(db, "vk.Versand", &row);
        for (at, line) in delivery.lines.iter().enumerate() {
            let product = &company.products[order.lines[line.order_line].product];
            let row = json!({"VersandNr": delivery.no, "Pos": at + 1,
                "AuftrPos": (line.order_line + 1) * 10, "ArtNr": product.code, "Ausf": 0,
                "Menge": line.cases});
            put(db, "vk.VersandPos", &row);
        }
    }
}

fn production(db: &mut Database, company: &Company) {
    for run in &company.runs {
        let state = match run.status {
            Status::Draft => "PL",
            Status::Approved => "FR",
            Status::Closed => "AB",
            Status::Cancelled => "ST",
        };
        // The plant's clock is eight hours ahead.
        let end = (run.end - TimeDelta::hours(8)).and_utc().timestamp();
        let row = json!({"FaNr": run.document_no, "FaPos": run.line_no,
            "ArtNr": company.products[run.product].code, "Ausf": 0, "Charge": run.batch_no,
            "Soll": run.planned_qty, "Linie": run.line,
            "Start": run.start.format("%Y-%m-%d %H:%M").to_string(), "EndeEpoch": end,
            "Stat": state});
        put(db, "fert.FAuftrag", &row);
    }
    let mut id = 0;
    for moved in &company.moves {
        let run = &company.runs[moved.run];
        let kind = match moved.kind {
            MoveKind::Issue => "E",
            MoveKind::Feed => "N",
            MoveKind::Return => "R",
        };
        for (lot, quantity) in &moved.lines {
            id += 1;
            let lot = &company.lots[*lot];
            let material = &company.materials[lot.material];
            let milli = quantity.units * 10_i64.pow(3 - quantity.scale);
            let row = json!({"Id": format!("00000000-0000-4000-8000-{id:012}"),
                "FaNr": run.document_no, "FaPos": run.line_no, "ArtNr": material.code,
                "Los": lot.lot_no, "MengeMilli": milli, "Art": kind,
                "LiefNr": material.supplier + 1});
            put(db, "fert.Entnahme", &row);
        }
    }
}
