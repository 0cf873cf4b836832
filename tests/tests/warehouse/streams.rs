//! The columns of tables that no model makes.

use std::path::Path;

use arrow::datatypes::{DataType, Field, Fields, TimeUnit};

use super::models::Models;

const SCAN_COLUMNS: &str = "event_id event_type event_time recorded_at codes printed_codes parent_code \
    level aliases product_code batch_no work_order_no order_no delivery_no from_party to_party \
    store_code promoter_code warehouse_code bin line team operator device_id longitude latitude \
    accuracy_m datum location_source region_code address ip inputs consumer_ref channel quantity unit \
    corrects_event_id attributes content_hash source_file source_line landed_at";

const META: &str = "_system _key _hash _op _changed_at _landed_at _seq";

/// What a staging model of files adds to the columns of its file.
const ADDED: [&str; 10] = [
    "system",
    "source_id",
    "source_changed_at",
    "landed_at",
    "is_deleted",
    "deleted_at",
    "org_code",
    "stock_org_code",
    "master_id",
    "document_no",
];

/// The columns of a table: of a model from its header, of anything else as its owner documents it.
pub(crate) fn columns_of(models: &Models, table: &str) -> Vec<(String, DataType)> {
    if let Some(model) = models.get(table) {
        return named(model.columns.iter().map(String::as_str));
    }
    if let Some(members) = models.united(table) {
        let mut columns = Vec::new();
        for member in members {
            for column in columns_of(models, member) {
                if !columns.contains(&column) {
                    columns.push(column);
                }
            }
        }
        return columns;
    }
    let listed = match table {
        "raw.scans__event" => SCAN_COLUMNS,
        "rules.sighting" => "gps_accuracy_max_m",
        "rules.diversion" => "min_items rate_limit confidence",
        "rules.version" => "rule_version",
        "rules.promoter" => "retry_s burst_items burst_window_s hold_h radius_m",
        "rules.recall" => "transit_days",
        "rules.upload_sla" => "event_type sla_s",
        "rules.national_channel" => "channel",
        "rules.buffer_region" => "dealer_code region_code",
        "rules.visitor_region" => "region_code valid_from valid_to",
        "rules.staff_device" => "device_id",
        "rules.placeholder" | "rules.test_code" => "code",
        "reference.system" => "system kind default_organisation",
        "reference.region" => "region_code name level parent_code valid_from valid_to",
        _ => return stream(models, table),
    };
    named(listed.split_whitespace())
}

fn stream(models: &Models, table: &str) -> Vec<(String, DataType)> {
    let (kind, stream) = table
        .strip_prefix("current.")
        .and_then(|name| name.split_once("__"))
        .unwrap_or_else(|| panic!("{table} is neither a model nor a known source"));
    let mut columns = match kind {
        "kingdee_galaxy" => rest_columns("kingdee-galaxy", stream),
        "yonyou_bip" => rest_columns("yonyou-bip", stream),
        "yonyou_u8_openapi" => rest_columns("yonyou-u8-openapi", stream),
        "yonyou_u8_eai" => rest_columns("yonyou-eai", stream),
        "kingdee_k3_wise" => sql_columns("kingdee-k3-wise", stream),
        "yonyou_u8" => sql_columns("yonyou-u8", stream),
        _ => {
            let model = models.get(&format!("staging.{kind}__{stream}"));
            let model = model.unwrap_or_else(|| panic!("no staging model reads {table}"));
            let own = model.columns.iter().map(String::as_str).filter(|c| !ADDED.contains(c));
            named(own)
        }
    };
    columns.extend(named(META.split_whitespace()));
    columns
}

/// The columns of a stream of a kind whose fields are keys of an answer.
fn rest_columns(folder: &str, stream: &str) -> Vec<(String, DataType)> {
    let fields = catalogued(folder, stream, "fields");
    fields
        .iter()
        .map(|field| {
            let data_type = match field["type"].as_str().unwrap() {
                "id" | "position" => DataType::Int64,
                "decimal" => decimal(),
                "date" => DataType::Date32,
                "datetime" => instant(),
                "boolean" => DataType::Boolean,
                _ => DataType::Utf8,
            };
            (field["key"].as_str().unwrap().replace('.', "__"), data_type)
        })
        .collect()
}

/// The columns of a stream of a kind over SQL tables.
fn sql_columns(folder: &str, stream: &str) -> Vec<(String, DataType)> {
    let columns = catalogued(folder, stream, "columns");
    columns
        .iter()
        .map(|column| {
            let name = column.get("as").unwrap_or(&column["name"]);
            (name.as_str().unwrap().to_owned(), sql_type(column["type"].as_str().unwrap()))
        })
        .collect()
}

fn sql_type(text: &str) -> DataType {
    if let Some(digits) = text.strip_prefix("decimal(").and_then(|text| text.strip_suffix(')')) {
        let (precision, scale) = digits.split_once(',').unwrap();
        return DataType::Decimal128(
            precision.trim().parse().unwrap(),
            scale.trim().parse().unwrap(),
        );
    }
    match text {
        "integer" => DataType::Int64,
        "unsigned" | "rowversion" => DataType::UInt64,
        "boolean" => DataType::Boolean,
        "date" => DataType::Date32,
        "datetime" | "instant" => instant(),
        "text" | "uuid" | "json" => DataType::Utf8,
        other => panic!("no seed can be written for {other}"),
    }
}

/// The entries under `key` of a stream in a connector's catalogue.
fn catalogued(folder: &str, stream: &str, key: &str) -> toml::value::Array {
    let connectors = Path::new(env!("CARGO_MANIFEST_DIR")).join("../connectors");
    let path = connectors.join(folder).join("catalog.toml");
    let catalog: toml::Table = std::fs::read_to_string(path).unwrap().parse().unwrap();
    let streams = catalog["stream"].as_array().unwrap();
    let found = streams.iter().find(|one| one["name"].as_str() == Some(stream));
    let found = found.unwrap_or_else(|| panic!("the catalogue of {folder} has no stream {stream}"));
    found[key].as_array().unwrap().clone()
}

fn named<'a>(columns: impl Iterator<Item = &'a str>) -> Vec<(String, DataType)> {
    columns.map(|name| (name.to_owned(), type_of(name))).collect()
}

pub(crate) fn instant() -> DataType {
    DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into()))
}

fn decimal() -> DataType {
    DataType::Decimal128(28, 10)
}

/// Columns are named after what they hold, so a name tells the type.
fn type_of(column: &str) -> DataType {
    const INSTANTS: [&str; 11] = [
        "event_time",
        "contained_from",
        "contained_to",
        "inside_from",
        "inside_to",
        "held_from",
        "held_to",
        "held_since",
        "custody_since",
        "planned_start",
        "planned_end",
    ];
    const INTEGERS: &[&str] = &[
        "content_hash",
        "depth",
        "source_line",
        "_seq",
        "shipped",
        "returned",
        "sold",
        "stock_change",
        "shipped_qty",
        "returned_qty",
        "sold_qty",
        "located",
        "off_territory",
        "min_items",
        "transit_days",
        "sla_s",
        "made",
        "stored",
        "complained",
        "received",
        "on_time",
        "events",
        "accurate",
        "lag_us",
        "gps_accuracy_max_m",
        "packages",
        "shipments",
        "devices",
        "exempted",
        "retry_s",
        "burst_items",
        "burst_window_s",
        "hold_h",
        "radius_m",
        "claim_hash",
        "returns_before",
        "claims",
        "store_received",
        "store_claims",
        "claimed",
        "clawed_back",
    ];
    const DECIMALS: &[&str] = &[
        "amount",
        "price",
        "amount_untaxed",
        "tax_rate",
        "items_per_case",
        "cases_per_pallet",
        "ordered_amount",
        "quantity",
        "expected",
        "present",
    ];
    const FLOATS: &[&str] = &[
        "longitude",
        "latitude",
        "accuracy_m",
        "distance_m",
        "rate",
        "rate_lower",
        "rate_limit",
        "confidence",
    ];
    let item = |fields: Vec<Field>| {
        DataType::List(Field::new_list_field(DataType::Struct(Fields::from(fields)), true).into())
    };
    match column {
        "codes" | "printed_codes" | "aliases" => {
            DataType::List(Field::new_list_field(DataType::Utf8, true).into())
        }
        "inputs" => item(vec![
            Field::new("material_code", DataType::Utf8, true),
            Field::new("lot_no", DataType::Utf8, true),
            Field::new("qty", decimal(), true),
            Field::new("unit", DataType::Utf8, true),
        ]),
        "continues" | "alert" => DataType::Boolean,
        "valid_from" | "valid_to" | "day" => DataType::Date32,
        name if name.starts_with("is_") => DataType::Boolean,
        name if INSTANTS.contains(&name) || name.ends_with("_at") => instant(),
        name if INTEGERS.contains(&name) => DataType::Int64,
        name if DECIMALS.contains(&name) || name.ends_with("qty") => decimal(),
        name if FLOATS.contains(&name) => DataType::Float64,
        _ => DataType::Utf8,
    }
}
