//! Why a record was not taken.

use std::fmt;

use serde::{Serialize, Serializer};

/// Longer payloads are cut: the file still has them.
const PAYLOAD_BYTES_MAX: usize = 64 * 1024;
/// How much of an offending value a message repeats.
const SHOWN_CHARS_MAX: usize = 40;

/// Why a record was rejected; the codes are stable.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reason {
    /// The line or record is longer than the reader holds.
    LineLengthMax,
    /// Bytes that are no text.
    EncodingInvalid,
    /// No JSON, or cut off.
    JsonInvalid,
    /// JSON, but no object.
    NotAnObject,
    /// A CSV row with another number of cells than the header.
    CsvColumns,
    /// A quotation mark in a CSV row is not closed.
    CsvQuote,
    /// One field under two names with two values.
    FieldTwice,
    /// No event type.
    EventTypeMissing,
    /// An event type nobody knows.
    EventTypeUnknown,
    /// No event time.
    EventTimeMissing,
    /// An event time that is none.
    EventTimeInvalid,
    /// A recording time that is none.
    RecordedAtInvalid,
    /// No code.
    CodeMissing,
    /// A code that is no text, or has control characters.
    CodeInvalid,
    /// A code longer than any carrier holds.
    CodeLengthMax,
    /// A pack without its container.
    ParentMissing,
    /// A unit packed into itself.
    ParentIsChild,
    /// Aliases of none or of several codes.
    AliasesNeedOneCode,
    /// A word that is not in the field's list.
    WordUnknown,
    /// A number that is none.
    NumberInvalid,
    /// A number beyond what the field can hold.
    NumberRange,
    /// A list of inputs that cannot be read.
    InputsInvalid,
    /// A text field that holds no text.
    TextInvalid,
    /// A text longer than the field holds.
    TextLengthMax,
    /// A region code that is no number of 2 to 12 digits.
    RegionCodeInvalid,
    /// An address that is no IP address.
    IpInvalid,
    /// Attributes that are no JSON object.
    AttributesInvalid,
}

impl Reason {
    /// The stable code.
    pub fn as_str(self) -> &'static str {
        self.code_and_title().0
    }

    /// The reason in Chinese.
    pub fn title_zh(self) -> &'static str {
        self.code_and_title().1
    }

    fn code_and_title(self) -> (&'static str, &'static str) {
        match self {
            Self::LineLengthMax => ("line_length_max", "行过长"),
            Self::EncodingInvalid => ("encoding_invalid", "编码错误"),
            Self::JsonInvalid => ("json_invalid", "JSON 格式错误或不完整"),
            Self::NotAnObject => ("not_an_object", "不是 JSON 对象"),
            Self::CsvColumns => ("csv_columns", "列数与表头不符"),
            Self::CsvQuote => ("csv_quote", "引号未闭合"),
            Self::FieldTwice => ("field_twice", "同一字段出现两次"),
            Self::EventTypeMissing => ("event_type_missing", "缺少事件类型"),
            Self::EventTypeUnknown => ("event_type_unknown", "未知的事件类型"),
            Self::EventTimeMissing => ("event_time_missing", "缺少事件时间"),
            Self::EventTimeInvalid => ("event_time_invalid", "事件时间无法识别"),
            Self::RecordedAtInvalid => ("recorded_at_invalid", "记录时间无法识别"),
            Self::CodeMissing => ("code_missing", "缺少码"),
            Self::CodeInvalid => ("code_invalid", "码无法识别"),
            Self::CodeLengthMax => ("code_length_max", "码过长"),
            Self::ParentMissing => ("parent_missing", "装箱缺少父码"),
            Self::ParentIsChild => ("parent_is_child", "父码与子码相同"),
            Self::AliasesNeedOneCode => ("aliases_need_one_code", "别名只能对应一个码"),
            Self::WordUnknown => ("word_unknown", "取值不在允许范围"),
            Self::NumberInvalid => ("number_invalid", "不是数字"),
            Self::NumberRange => ("number_range", "数字超出范围"),
            Self::InputsInvalid => ("inputs_invalid", "投料清单无法识别"),
            Self::TextInvalid => ("text_invalid", "不是文本"),
            Self::TextLengthMax => ("text_length_max", "文本过长"),
            Self::RegionCodeInvalid => ("region_code_invalid", "区划代码无法识别"),
            Self::IpInvalid => ("ip_invalid", "IP 地址无法识别"),
            Self::AttributesInvalid => ("attributes_invalid", "扩展属性不是 JSON 对象"),
        }
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Serialize for Reason {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

/// The verdict on one record that breaks a rule.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}: {detail}", reason.title_zh())]
pub struct Rejection {
    /// Which rule.
    pub reason: Reason,
    /// What was found, and what to write instead.
    pub detail: String,
}

impl Rejection {
    pub(crate) fn new(reason: Reason, detail: impl Into<String>) -> Self {
        Self { reason, detail: detail.into() }
    }
}

/// A rejected record with its place in the file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Rejected {
    /// Which record of its source it is, from 1.
    pub record: u64,
    /// The line it starts on, from 1.
    pub line: u64,
    /// Which rule it breaks.
    pub reason: Reason,
    /// What to do about it.
    pub message: String,
    /// The record as it came, CSV rows as JSON; cut at 64 KiB.
    pub payload: String,
}

impl Rejected {
    pub(crate) fn new(record: u64, line: u64, rejection: &Rejection, payload: &str) -> Self {
        let message = rejection.to_string();
        Self { record, line, reason: rejection.reason, message, payload: cut(payload) }
    }
}

fn cut(payload: &str) -> String {
    let mut end = payload.len().min(PAYLOAD_BYTES_MAX);
    while !payload.is_char_boundary(end) {
        end -= 1;
    }
    payload.get(..end).unwrap_or_default().to_owned()
}

/// A value as a message repeats it: short, and without control characters.
pub(crate) fn shown(value: &str) -> String {
    let mut text: String = value
        .chars()
        .take(SHOWN_CHARS_MAX)
        .map(|c| if c.is_control() { '\u{fffd}' } else { c })
        .collect();
    if value.chars().nth(SHOWN_CHARS_MAX).is_some() {
        text.push('…');
    }
    text
}
