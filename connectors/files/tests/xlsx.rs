//! XLSX files in, rows and refusals out.

#![allow(unreachable_pub, clippy::unwrap_used)]

mod folder;

use std::io::{Cursor, Write};

use rust_xlsxwriter::{ExcelDateTime, Format, Workbook};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use crate::folder::Folder;

#[tokio::test]
async fn cells_are_typed_as_in_csv() {
    let mut workbook = Workbook::new();
    workbook.add_worksheet().set_name("说明").unwrap();
    let sheet = workbook.add_worksheet().set_name("sales_order").unwrap();
    let time = Format::new().set_num_format("yyyy-mm-dd hh:mm:ss");
    let day = Format::new().set_num_format("yyyy/m/d");
    for (column, name) in ["Order_No", "ordered_at", "备注", "status"].iter().enumerate() {
        sheet.write(1, column as u16, *name).unwrap();
    }
    let at = ExcelDateTime::parse_from_str("2026-03-02T08:30:15").unwrap();
    sheet.write(2, 0, 1001).unwrap();
    sheet.write_with_format(2, 1, &at, &time).unwrap();
    sheet.write(2, 2, 0.1 + 0.2).unwrap();
    let at = ExcelDateTime::parse_from_str("2026-03-02").unwrap();
    sheet.write(4, 0, "O2").unwrap();
    sheet.write_with_format(4, 1, &at, &day).unwrap();
    sheet.write(4, 3, "approved").unwrap();
    sheet.write(5, 0, "O3").unwrap();
    sheet.write(5, 1, 12.5).unwrap();
    sheet.write(6, 1, "2026-03-02").unwrap();
    let folder = Folder::new().with("sales_order.xlsx", workbook.save_to_buffer().unwrap());
    assert_eq!(
        folder.read("sales_order").await,
        "1001|-|2026-03-02T00:30:15Z|-|-|-|{\"备注\":\"0.3\"}\n\
         O2|-|2026-03-01T16:00:00Z|-|-|approved|-\n\
         bad_datetime sales_order.xlsx:6:ordered_at: ordered_at: `12.5` should be a time such as \
         2026-03-02 08:30:00 or 2026-03-02T08:30:00+08:00\n\
         missing_key sales_order.xlsx:7:order_no: order_no: is empty, but it names the row\n"
    );
}

#[tokio::test]
async fn decimals_are_exact() {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    for (column, name) in ["order_no", "line_no", "price"].iter().enumerate() {
        sheet.write(0, column as u16, *name).unwrap();
    }
    for (row, price) in [19.99, 0.07, 1_234_567.89, 1e-7].iter().enumerate() {
        let row = row as u32 + 1;
        sheet.write(row, 0, "O1").unwrap();
        sheet.write(row, 1, row).unwrap();
        sheet.write(row, 2, *price).unwrap();
    }
    let folder = Folder::new().with("sales_order_line.xlsx", workbook.save_to_buffer().unwrap());
    assert_eq!(
        folder.read("sales_order_line").await,
        "O1|1|-|-|-|-|19.9900000000|-|-|-|-|-\n\
         O1|2|-|-|-|-|0.0700000000|-|-|-|-|-\n\
         O1|3|-|-|-|-|1234567.8900000000|-|-|-|-|-\n\
         O1|4|-|-|-|-|0.0000001000|-|-|-|-|-\n"
    );
}

#[tokio::test]
async fn what_is_no_workbook_is_refused() {
    for content in ["", "product_code\nP1\n", "PK\u{3}\u{4} cut off"] {
        let shown = Folder::new().with("product.xlsx", content).read("product").await;
        assert!(
            shown.starts_with(
                "Malformed: reading product.xlsx: it cannot be opened as an XLSX workbook"
            ),
            "{shown}"
        );
    }
    let mut workbook = Workbook::new();
    workbook.add_worksheet();
    let empty = workbook.save_to_buffer().unwrap();
    let shown = Folder::new().with("product.xlsx", &empty).read("product").await;
    assert!(shown.contains("its sheet is empty"), "{shown}");
    let shown = Folder::new().with("product.csv", &empty).read("product").await;
    assert!(shown.contains("it is a spreadsheet, not a CSV file"), "{shown}");
}

fn zipped(part: &str, write: impl FnOnce(&mut dyn Write)) -> Vec<u8> {
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    archive.start_file(part, SimpleFileOptions::default()).unwrap();
    write(&mut archive);
    archive.finish().unwrap().into_inner()
}

#[tokio::test]
async fn what_would_not_fit_in_memory_is_refused_before_unpacking() {
    let bomb = zipped("xl/sharedStrings.xml", |part| {
        let blank = vec![b' '; 1 << 20];
        (0..41).for_each(|_| part.write_all(&blank).unwrap());
    });
    assert!(bomb.len() < 1 << 20);
    assert_eq!(
        Folder::new().with("product.xlsx", bomb).read("product").await,
        "Config: reading product.xlsx: unpacked, its part xl/sharedStrings.xml has 41 MiB, at most \
         40 -> save product.xlsx as CSV UTF-8; a CSV file may be of any length\n"
    );
    let liar = zipped("xl/sharedStrings.xml", |part| {
        part.write_all(b"<sst uniqueCount=\"99999999999\"></sst>").unwrap();
    });
    let shown = Folder::new().with("product.xlsx", liar).read("product").await;
    assert!(shown.contains("it claims 99999999999 texts in 37 bytes"), "{shown}");

    let folder = Folder::configured("file_size_max_mib = 1").with("product.xlsx", vec![0; 3 << 20]);
    assert_eq!(
        folder.read("product").await,
        "Config: reading product.xlsx: it has 3 MiB, at most 1 are read -> split off old rows, save \
         it as CSV, or raise file_size_max_mib\n"
    );
}
