//! Answers as files: CSV as it is computed, workbooks from a temporary file.

use std::io;
use std::path::Path;

use arrow::record_batch::RecordBatch;
use bytes::Bytes;
use chrono_tz::Tz;
use futures::stream::{self, BoxStream};
use futures::{StreamExt, TryStreamExt};
use tempfile::TempPath;
use tokio::io::AsyncReadExt;
use yuanliu_warehouse::Rows;

use crate::output::{Format, Output, cell};

/// Spreadsheet programs take CSV for UTF-8 only with it.
const BYTE_ORDER_MARK: &str = "\u{feff}";

/// Bytes of a file sent at a time.
const PIECE_BYTES: usize = 64 << 10;

/// Rows as CSV, a piece for each batch: nothing is held.
pub(super) fn csv(rows: Rows, zone: Tz) -> BoxStream<'static, io::Result<Bytes>> {
    let names: Vec<String> = rows.schema().fields().iter().map(|f| f.name().clone()).collect();
    let head = stream::once(async move {
        let mut writer = csv::Writer::from_writer(BYTE_ORDER_MARK.as_bytes().to_vec());
        writer.write_record(&names)?;
        finished(writer)
    });
    let body = rows.map(move |batch| csv_piece(&batch.map_err(io::Error::other)?, zone));
    head.chain(body).boxed()
}

fn csv_piece(batch: &RecordBatch, zone: Tz) -> io::Result<Bytes> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    for row in 0..batch.num_rows() {
        for column in batch.columns() {
            writer.write_field(cell(column, row, zone).into_text())?;
        }
        writer.write_record(None::<&[u8]>)?;
    }
    finished(writer)
}

fn finished(writer: csv::Writer<Vec<u8>>) -> io::Result<Bytes> {
    writer.into_inner().map(Bytes::from).map_err(|error| io::Error::other(error.to_string()))
}

/// A place for a workbook, gone when dropped, and an output that writes there.
pub(super) fn workbook(zone: Tz) -> io::Result<(TempPath, Output)> {
    let place = tempfile::Builder::new().prefix("yuanliu-").suffix(".xlsx").tempfile()?;
    let place = place.into_temp_path();
    let file = Some(place.to_path_buf());
    Ok((place, Output { format: Format::Xlsx, file, zone }))
}

/// The bytes of a temporary file, which is gone after the last.
pub(super) async fn read_out(place: TempPath) -> io::Result<BoxStream<'static, io::Result<Bytes>>> {
    let path: &Path = &place;
    let file = tokio::fs::File::open(path).await?;
    let pieces = stream::try_unfold((file, place), |(mut file, place)| async move {
        let mut piece = Vec::with_capacity(PIECE_BYTES);
        let read = (&mut file).take(PIECE_BYTES as u64).read_to_end(&mut piece).await?;
        Ok::<_, io::Error>((read > 0).then(|| (Bytes::from(piece), (file, place))))
    });
    Ok(pieces.into_stream().boxed())
}
