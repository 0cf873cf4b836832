//! The figures as one table.

use std::fmt;

use comfy_table::presets::ASCII_MARKDOWN;

use crate::measure::Measured;

/// What was measured so far.
#[derive(Debug)]
pub struct Table(comfy_table::Table);

impl Default for Table {
    fn default() -> Self {
        Self::new(&["step", "rows", "seconds", "cpu s", "rows/s", "peak MB"])
    }
}

impl Table {
    /// A table of other figures.
    #[must_use]
    pub fn new(header: &[&str]) -> Self {
        let mut table = comfy_table::Table::new();
        table.load_style(ASCII_MARKDOWN);
        table.set_header(header);
        Self(table)
    }

    /// Whether there is no line under the header.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Adds one line under the header.
    pub fn line(&mut self, cells: &[String]) {
        // Long runs should say how far they are.
        eprintln!("{}", cells.join("  "));
        self.0.add_row(cells);
    }

    /// Adds one step; `rows` is what its speed is counted in.
    #[expect(clippy::cast_precision_loss, reason = "figures for people")]
    pub fn add(&mut self, step: &str, run: &Measured, rows: Option<u64>) {
        let seconds = run.elapsed.as_secs_f64();
        let told = |value: Option<String>| value.unwrap_or_else(|| "-".to_owned());
        let line = [
            step.to_owned(),
            told(rows.map(|rows| rows.to_string())),
            format!("{seconds:.3}"),
            format!("{:.3}", run.processor.as_secs_f64()),
            told(rows.map(|rows| format!("{:.0}", rows as f64 / seconds))),
            format!("{:.0}", run.peak as f64 / 1e6),
        ];
        self.line(&line);
    }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
