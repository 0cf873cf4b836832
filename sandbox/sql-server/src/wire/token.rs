//! Tokens of a response (MS-TDS 2.2.7).

use super::type_info::{long_text, short_text, write_type};
use crate::engine::Node;
use crate::error::SqlError;
use crate::values::{Collation, SqlType, Value};

/// Which of the three end marks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Done {
    Statement = 0xFD,
    Procedure = 0xFE,
    InProcedure = 0xFF,
}

/// A response being built.
pub(crate) struct Tokens<'a>(pub(crate) &'a mut Vec<u8>);

impl Tokens<'_> {
    pub(crate) fn login_ack(&mut self, tds_version: u32) {
        let mut body = vec![1];
        body.extend_from_slice(&tds_version.to_be_bytes());
        short_text("Microsoft SQL Server", &mut body);
        body.extend([15, 0, 0x10, 0xE2]);
        self.sized(0xAD, &body);
    }

    pub(crate) fn error(&mut self, error: &SqlError, line: u32) {
        self.message(0xAA, error, line);
    }

    pub(crate) fn info(&mut self, number: i32, text: &str) {
        self.message(0xAB, &SqlError::new(number, 0, text), 1);
    }

    fn message(&mut self, token: u8, error: &SqlError, line: u32) {
        let mut body = error.number.to_le_bytes().to_vec();
        body.extend([error.state, error.class]);
        long_text(&error.message, &mut body);
        short_text("YUANLIU-SANDBOX", &mut body);
        short_text("", &mut body);
        body.extend_from_slice(&line.to_le_bytes());
        self.sized(token, &body);
    }

    /// ENVCHANGE of texts: 1 is the database, 4 the packet size.
    pub(crate) fn change(&mut self, kind: u8, new: &str, old: &str) {
        let mut body = vec![kind];
        short_text(new, &mut body);
        short_text(old, &mut body);
        self.sized(0xE3, &body);
    }

    pub(crate) fn change_collation(&mut self, new: Collation) {
        let mut body = vec![7, 5];
        body.extend(new.bytes());
        body.push(0);
        self.sized(0xE3, &body);
    }

    fn sized(&mut self, token: u8, body: &[u8]) {
        self.0.push(token);
        self.0.extend_from_slice(&u16::try_from(body.len()).unwrap_or(u16::MAX).to_le_bytes());
        self.0.extend_from_slice(body);
    }

    /// COLMETADATA.
    pub(crate) fn columns<'c>(
        &mut self,
        columns: impl ExactSizeIterator<Item = (&'c str, &'c Node, bool)>,
        collation: Collation,
    ) {
        self.0.push(0x81);
        self.0.extend_from_slice(&u16::try_from(columns.len()).unwrap_or(u16::MAX).to_le_bytes());
        for (name, node, plain) in columns {
            let user_type: u32 = if node.ty == SqlType::RowVersion { 80 } else { 0 };
            self.0.extend_from_slice(&user_type.to_le_bytes());
            let flags = u16::from(node.nullable) | if plain { 0x08 } else { 0x20 };
            self.0.extend_from_slice(&flags.to_le_bytes());
            write_type(&node.ty, node.nullable, collation, self.0);
            if matches!(node.ty, SqlType::Text | SqlType::NText | SqlType::Image) {
                // The table's name, in no parts.
                self.0.push(0);
            }
            short_text(name, self.0);
        }
    }

    pub(crate) fn return_status(&mut self) {
        self.0.push(0x79);
        self.0.extend_from_slice(&0i32.to_le_bytes());
    }

    /// An output parameter of type int.
    pub(crate) fn return_int(&mut self, ordinal: u16, value: i32) {
        self.0.push(0xAC);
        self.0.extend_from_slice(&ordinal.to_le_bytes());
        short_text("", self.0);
        self.0.push(1);
        self.0.extend_from_slice(&0u32.to_le_bytes());
        self.0.extend_from_slice(&0u16.to_le_bytes());
        write_type(&SqlType::Int, true, Collation::default(), self.0);
        super::value::write_value(
            &Value::from(value),
            &SqlType::Int,
            true,
            Collation::default(),
            self.0,
        );
    }

    /// An end mark: `more` follow, an `error` happened, rows were counted.
    pub(crate) fn done(&mut self, kind: Done, more: bool, error: bool, rows: Option<u64>) {
        let status =
            u16::from(more) | if error { 2 } else { 0 } | if rows.is_some() { 0x10 } else { 0 };
        self.raw_done(kind, status, rows.unwrap_or(0));
    }

    /// The answer to an Attention.
    pub(crate) fn cancelled(&mut self) {
        self.raw_done(Done::Statement, 0x20, 0);
    }

    fn raw_done(&mut self, kind: Done, status: u16, rows: u64) {
        self.0.push(kind as u8);
        self.0.extend_from_slice(&status.to_le_bytes());
        self.0.extend_from_slice(&[0xC1, 0]);
        self.0.extend_from_slice(&rows.to_le_bytes());
    }
}
