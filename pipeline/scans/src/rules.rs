//! What reading a scan depends on besides the record itself.

use chrono_tz::Tz;

use crate::codes::{CodeReader, CodeRules, PatternError};

/// The rules of one run, checked.
#[derive(Debug, Clone)]
pub struct ScanRules {
    pub(crate) codes: CodeReader,
    pub(crate) device_time_zone: Tz,
}

impl ScanRules {
    /// Checks the code rules; times that name no zone are read in `device_time_zone`.
    pub fn new(codes: &CodeRules, device_time_zone: Tz) -> Result<Self, PatternError> {
        Ok(Self { codes: codes.compile()?, device_time_zone })
    }

    /// How codes are read.
    pub fn codes(&self) -> &CodeReader {
        &self.codes
    }
}
