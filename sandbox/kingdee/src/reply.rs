//! Bodies of business errors and successes (reference: kingdee.md 1.11).

use serde_json::{Value as Json, json};

/// `MsgCode` values.
pub(crate) mod code {
    pub(crate) const SESSION_LOST: i32 = 1;
    pub(crate) const NO_PERMISSION: i32 = 2;
    pub(crate) const FORM_EMPTY: i32 = 5;
    pub(crate) const DATABASE: i32 = 6;
    pub(crate) const BAD_PARAMETER: i32 = 8;
    pub(crate) const NOT_EXIST: i32 = 9;
    pub(crate) const NO_DATA: i32 = 10;
    pub(crate) const INVALID: i32 = 11;
    pub(crate) const NOT_POSSIBLE: i32 = 12;
}

/// Text of a lost session.
pub(crate) const SESSION_LOST: &str = "会话信息已丢失，请重新登录";

/// How deep an error is wrapped, which differs by operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Wrapping {
    /// `{…}`.
    Plain,
    /// `[{…}]`, one of the shapes seen from BillQuery.
    Array,
    /// `[[{…}]]`, which ExecuteBillQuery answers.
    ArrayOfArrays,
}

/// A business error; travels with HTTP 200.
pub(crate) fn error(wrapping: Wrapping, msg_code: i32, message: &str) -> String {
    let body = json!({"Result": {"ResponseStatus": {"ErrorCode": 500, "IsSuccess": false,
        "Errors": [{"FieldName": null, "Message": message, "DIndex": 0}],
        "SuccessEntitys": [], "SuccessMessages": [], "MsgCode": msg_code}}});
    match wrapping {
        Wrapping::Plain => body.to_string(),
        Wrapping::Array => format!("[{body}]"),
        Wrapping::ArrayOfArrays => format!("[[{body}]]"),
    }
}

/// A successful answer with one more member in `Result`.
pub(crate) fn success(member: &str, value: Json) -> String {
    let status = json!({"IsSuccess": true, "Errors": [], "SuccessEntitys": [],
        "SuccessMessages": [], "MsgCode": 0});
    let mut result = serde_json::Map::new();
    result.insert("ResponseStatus".to_owned(), status);
    result.insert(member.to_owned(), value);
    json!({"Result": result}).to_string()
}

/// A document that a write call reached.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Reached {
    pub(crate) id: i64,
    pub(crate) number: String,
    /// Position in the request.
    pub(crate) index: usize,
}

/// A reason why a write call did not reach a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Missed {
    pub(crate) field: String,
    pub(crate) message: String,
    /// Position in the request.
    pub(crate) index: usize,
}

/// The status of a write call; both lists may be filled (reference: kingdee.md 1.14 and 6).
pub(crate) fn write_status(reached: &[Reached], missed: &[Missed]) -> Json {
    let entity = |r: &Reached| json!({"Id": r.id, "Number": r.number, "DIndex": r.index});
    let error = |m: &Missed| json!({"FieldName": m.field, "Message": m.message, "DIndex": m.index});
    let entities: Vec<_> = reached.iter().map(entity).collect();
    let errors: Vec<_> = missed.iter().map(error).collect();
    if missed.is_empty() {
        return json!({"IsSuccess": true, "Errors": [], "SuccessEntitys": entities,
            "SuccessMessages": [], "MsgCode": 0});
    }
    json!({"ErrorCode": 500, "IsSuccess": false, "Errors": errors, "SuccessEntitys": entities,
        "SuccessMessages": [], "MsgCode": code::INVALID})
}
