//! What the server's message codes mean for the engine's policy.

use yuanliu_contract::ErrorKind;

/// The text of a lost session; some replies carry it without a code.
pub(crate) const SESSION_LOST_TEXT: &str = "会话信息已丢失";

/// The kind of failure a `MsgCode` stands for, and what a person can do about it.
///
/// Which code comes with which refusal differs by release, so only the codes that a program must
/// act on are told apart; the rest is a refusal that the message explains.
pub(crate) fn kind_of(code: Option<i64>, message: &str) -> (ErrorKind, Option<&'static str>) {
    match code {
        Some(1) => (ErrorKind::SessionExpired, None),
        _ if message.contains(SESSION_LOST_TEXT) => (ErrorKind::SessionExpired, None),
        Some(2) => (ErrorKind::Permission, None),
        // An exception, a failed database operation, an edit lock (网控冲突).
        Some(4 | 6 | 13) => (ErrorKind::Busy, None),
        Some(7) => {
            (ErrorKind::Permission, Some("ask the ERP administrator to check the WebAPI licence"))
        }
        Some(9) => (ErrorKind::NotFound, None),
        Some(14) => (ErrorKind::RateLimited, None),
        Some(15) => (ErrorKind::Auth, Some("administrators may not log in here; use another user")),
        _ => (ErrorKind::Refused, None),
    }
}

/// Whether a failure may come from a form or field that the server does not have.
pub(crate) fn is_about_fields(kind: ErrorKind) -> bool {
    matches!(kind, ErrorKind::NotFound | ErrorKind::Refused | ErrorKind::Config)
}
