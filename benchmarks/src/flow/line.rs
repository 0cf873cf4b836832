//! One event as a line of JSON.

use std::io::Write;

use chrono::{DateTime, Datelike, Timelike};

const CHINA_S: i64 = 8 * 3_600;

/// An event that is being written.
pub(super) struct JsonLine<'a>(&'a mut Vec<u8>);

impl<'a> JsonLine<'a> {
    pub(super) fn begin(out: &'a mut Vec<u8>, event_id: &str, event_type: &str) -> Self {
        out.extend_from_slice(b"{\"event_id\":\"");
        out.extend_from_slice(event_id.as_bytes());
        out.extend_from_slice(b"\",\"event_type\":\"");
        out.extend_from_slice(event_type.as_bytes());
        out.push(b'"');
        Self(out)
    }

    /// Members that a line will take up later.
    pub(super) fn part(out: &'a mut Vec<u8>) -> Self {
        Self(out)
    }

    /// A text that holds nothing to be escaped.
    pub(super) fn text(&mut self, name: &str, value: &str) {
        self.name(name);
        self.0.push(b'"');
        self.0.extend_from_slice(value.as_bytes());
        self.0.push(b'"');
    }

    pub(super) fn whole(&mut self, name: &str, value: u64) {
        self.name(name);
        // Writing to memory does not fail.
        let _ = write!(self.0, "{value}");
    }

    /// Degrees with six decimals: a decimetre.
    pub(super) fn degrees(&mut self, name: &str, value: f64) {
        self.name(name);
        let _ = write!(self.0, "{value:.6}");
    }

    pub(super) fn codes(&mut self, codes: &[String]) {
        self.name("codes");
        self.0.push(b'[');
        for (at, code) in codes.iter().enumerate() {
            self.0.extend_from_slice(if at == 0 { b"\"" } else { b",\"" });
            self.0.extend_from_slice(code.as_bytes());
            self.0.push(b'"');
        }
        self.0.push(b']');
    }

    /// An instant, in microseconds since 1970 UTC, as China's clocks show it.
    pub(super) fn instant(&mut self, name: &str, at_us: i64) {
        self.name(name);
        let local = DateTime::from_timestamp_micros(at_us + CHINA_S * 1_000_000);
        let local = local.unwrap_or_default().naive_utc();
        let _ = write!(
            self.0,
            "\"{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:06}+08:00\"",
            local.year(),
            local.month(),
            local.day(),
            local.hour(),
            local.minute(),
            local.second(),
            local.nanosecond() / 1_000
        );
    }

    /// Members that were written before, each with a comma before it.
    pub(super) fn members(&mut self, members: &[u8]) {
        self.0.extend_from_slice(members);
    }

    pub(super) fn end(self) {
        self.0.extend_from_slice(b"}\n");
    }

    fn name(&mut self, name: &str) {
        self.0.extend_from_slice(b",\"");
        self.0.extend_from_slice(name.as_bytes());
        self.0.extend_from_slice(b"\":");
    }
}
