//! What an ERP knows of the flow, as canonical CSV files.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;

use anyhow::{Context, Result};
use chrono::DateTime;

use super::places::{PLACES, of_dealer};
use super::plan::{
    BATCH_ITEMS, BATCH_PALLETS, CASE_ITEMS, DEALERS, DELIVERY_PALLETS, PALLET_CASES, PRODUCTS,
    Plan, START_US, dealer, line, product,
};

/// Writes masters, work orders, sales orders and deliveries of a plan into a folder, made if absent.
pub fn write_documents(plan: &Plan, folder: &Path) -> Result<()> {
    std::fs::create_dir_all(folder).with_context(|| format!("making {}", folder.display()))?;
    write(
        folder,
        "product",
        "product_code,name,base_unit,items_per_case,cases_per_pallet",
        |out| {
            for number in 0..PRODUCTS {
                writeln!(out, "P{number:03},产品{number},瓶,{CASE_ITEMS},{PALLET_CASES}")?;
            }
            Ok(())
        },
    )?;
    write(folder, "dealer", "dealer_code,name,level,region_code,channel", |out| {
        for number in 0..DEALERS {
            let place = of_dealer(number);
            let (name, region) = (place.name, place.region_code);
            writeln!(out, "D{number:04},{name}经销商{number},1,{region},distribution")?;
        }
        Ok(())
    })?;
    write(folder, "warehouse", "warehouse_code,name,region_code", |out| {
        writeln!(out, "WH1,总仓,{}", PLACES[4].region_code)
    })?;
    let header = "work_order_no,product_code,batch_no,planned_qty,line,factory,status";
    write(folder, "work_order", header, |out| {
        for batch in 0..plan.batches() {
            let (product, line) = (product(batch), line(batch * BATCH_PALLETS));
            let named = format!("MO{batch:07},P{product:03},B{batch:07}");
            writeln!(out, "{named},{BATCH_ITEMS},L{line:02},F1,approved")?;
        }
        Ok(())
    })?;
    write(folder, "sales_order", "order_no,dealer_code,ordered_at,ship_to_region,status", |out| {
        for delivery in 0..plan.deliveries() {
            let (dealer, at) = (dealer(delivery), shipped_at(plan, delivery));
            let region = of_dealer(dealer).region_code;
            writeln!(out, "XSDD{delivery:08},D{dealer:04},{at},{region},approved")?;
        }
        Ok(())
    })?;
    let header = "delivery_no,order_no,dealer_code,warehouse_code,shipped_at";
    write(folder, "delivery", header, |out| {
        for delivery in 0..plan.deliveries() {
            let (dealer, at) = (dealer(delivery), shipped_at(plan, delivery));
            writeln!(out, "XSCK{delivery:08},XSDD{delivery:08},D{dealer:04},WH1,{at}")?;
        }
        Ok(())
    })
}

/// When the first pallet of a delivery leaves, RFC 3339.
fn shipped_at(plan: &Plan, delivery: u64) -> String {
    let slot = delivery * DELIVERY_PALLETS + plan.shipped_after();
    let at = DateTime::from_timestamp_micros(START_US + (slot * plan.slot_us()) as i64);
    at.unwrap_or_default().format("%Y-%m-%dT%H:%M:%SZ").to_string()
}

fn write(
    folder: &Path,
    table: &str,
    header: &str,
    rows: impl FnOnce(&mut BufWriter<File>) -> std::io::Result<()>,
) -> Result<()> {
    let path = folder.join(table).with_extension("csv");
    let written = || -> std::io::Result<()> {
        let mut out = BufWriter::new(File::create(&path)?);
        writeln!(out, "{header}")?;
        rows(&mut out)?;
        out.flush()
    };
    written().with_context(|| format!("writing {}", path.display()))
}
