//! Rows of one code lie together in a file, and what is far from the codes of a change is not read.

use std::fs::{File, OpenOptions};
use std::io::{Seek, SeekFrom, Write};
use std::path::PathBuf;

use deltalake::parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use deltalake::parquet::file::metadata::{PageIndexPolicy, ParquetMetaData, ParquetMetaDataReader};

use crate::fixture::Fixture;

const UNIT: &str = "\
-- name: core.unit
-- kind: table
-- partition: bucket = char_length(code)
-- touched: select distinct char_length(code) as bucket, code from changed.raw__scans__event
-- grain: code
-- columns:
--   code: the unit
--   bucket: its bucket
--   n: its number
select code, char_length(code) as bucket, max(n) as n from raw.scans__event group by code";

const TWICE: &str = "\
-- name: core.twice
-- kind: table
-- partition: bucket = char_length(code)
-- touched: select distinct bucket, code from changed.core__unit
-- slice: core.unit
-- grain: code
-- columns:
--   code: the unit
--   bucket: its bucket
--   n: twice its number
select code, bucket, 2 * n as n from core.unit";

const MODELS: [(&str, &str); 2] = [("core/unit.sql", UNIT), ("core/twice.sql", TWICE)];

/// Twenty thousand codes in no order: five pages of a file.
async fn fixture() -> Fixture {
    let fixture = Fixture::new(&MODELS);
    let codes = "select concat('c', lpad(cast(n * 7919 % 20000 as text), 5, '0')) as code, 1 as n
        from (select unnest(range(20000)) as n)";
    fixture.land("raw.scans__event", 1, codes).await;
    assert_eq!(fixture.built().await, "core.unit 1/1 changed 1\ncore.twice 1/1 changed 1");
    fixture
}

/// The one data file of a table.
fn file(fixture: &Fixture, table: &str) -> PathBuf {
    let folder = fixture.dir.path().join("lake").join(table.replace('.', "/")).join("bucket=6");
    let files = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let files: Vec<_> = files.filter(|path| path.extension().is_some()).collect();
    assert_eq!(files.len(), 1, "{files:?}");
    files[0].clone()
}

fn metadata(path: &PathBuf) -> ParquetMetaData {
    let reader = ParquetMetaDataReader::new().with_page_index_policy(PageIndexPolicy::Required);
    reader.parse_and_finish(&File::open(path).unwrap()).unwrap()
}

#[tokio::test]
async fn rows_are_written_in_the_order_of_codes() {
    let fixture = fixture().await;
    for table in ["core.unit", "core.twice"] {
        let path = file(&fixture, table);
        let reader = ParquetRecordBatchReaderBuilder::try_new(File::open(&path).unwrap()).unwrap();
        let mut codes = Vec::new();
        for batch in reader.build().unwrap() {
            let batch = batch.unwrap();
            let column = batch.column_by_name("code").unwrap();
            codes.extend(
                arrow::array::AsArray::as_string::<i32>(column)
                    .iter()
                    .map(|code| code.unwrap().to_owned()),
            );
        }
        assert_eq!(codes.len(), 20_000);
        assert!(codes.is_sorted(), "{table}");
        let index = metadata(&path);
        let pages = index.offset_index().unwrap()[0][0].page_locations();
        assert_eq!(pages.len(), 5, "{table}");
    }
}

/// Makes a page of every column of a table unreadable.
fn spoil(fixture: &Fixture, table: &str, page: usize) {
    let path = file(fixture, table);
    let index = metadata(&path);
    let mut file = OpenOptions::new().write(true).open(path).unwrap();
    for column in &index.offset_index().unwrap()[0] {
        let page = &column.page_locations()[page];
        file.seek(SeekFrom::Start(page.offset.unsigned_abs())).unwrap();
        file.write_all(&vec![0xff; page.compressed_page_size as usize]).unwrap();
    }
}

#[tokio::test]
async fn pages_without_the_codes_of_a_change_are_not_read() {
    let fixture = fixture().await;
    // The third of the pages has the codes from c08192 on. The engine reads a column that it compares two pages at a time.
    for table in ["core.unit", "core.twice"] {
        spoil(&fixture, table, 2);
    }
    let landing = |code: &str| format!("select '{code}' as code, 5 as n");
    for (sequence, code) in [(2, "c00010"), (3, "c08191"), (4, "c16384"), (5, "c19999")] {
        fixture.land("raw.scans__event", sequence, &landing(code)).await;
        assert_eq!(
            fixture.built().await,
            "core.unit 1/1 changed 1\ncore.twice 1/1 changed 1",
            "{code}"
        );
        let page = format!("select n from core.twice where code = '{code}'");
        assert_eq!(fixture.read(&page).await, "10");
    }
    fixture.land("raw.scans__event", 6, &landing("c08192")).await;
    let error = fixture.run(&fixture.build()).await.unwrap_err();
    assert!(error.to_string().contains("core.unit"), "{error}");
}
