//! From what ports, logins and extractors refuse to problems.

use axum::extract::rejection::{BytesRejection, JsonRejection, PathRejection, QueryRejection};
use axum::http::StatusCode;

use super::Problem;
use crate::ports::{LoginError, PortError};

/// A rejection whose own text says what is wrong.
fn unreadable(status: StatusCode, text: String) -> Problem {
    match status {
        StatusCode::PAYLOAD_TOO_LARGE => Problem::too_large(crate::http::JSON_BYTES_MAX),
        StatusCode::UNSUPPORTED_MEDIA_TYPE => {
            Problem::unsupported("send JSON with `Content-Type: application/json`")
        }
        _ => Problem::bad_request(text),
    }
}

impl From<BytesRejection> for Problem {
    fn from(rejection: BytesRejection) -> Self {
        unreadable(rejection.status(), rejection.body_text())
    }
}

impl From<JsonRejection> for Problem {
    fn from(rejection: JsonRejection) -> Self {
        unreadable(rejection.status(), rejection.body_text())
    }
}

impl From<QueryRejection> for Problem {
    fn from(rejection: QueryRejection) -> Self {
        Self::bad_request(rejection.body_text())
    }
}

impl From<PathRejection> for Problem {
    fn from(rejection: PathRejection) -> Self {
        match rejection.status() {
            StatusCode::INTERNAL_SERVER_ERROR => Self::internal(&rejection.body_text()),
            _ => Self::bad_request(rejection.body_text()),
        }
    }
}

impl From<PortError> for Problem {
    fn from(error: PortError) -> Self {
        match error {
            PortError::NotFound(what) => Self::not_found(what),
            PortError::Invalid { .. } => Self::bad_request(error.to_string()),
            PortError::Conflict(what) => Self::conflict(what),
            PortError::Refused(what) => Self::forbidden(what),
            PortError::Unavailable { what, retry_after } => {
                Self::unavailable(what).after(retry_after)
            }
            PortError::Failed(told) => Self::internal(&told),
        }
    }
}

impl From<LoginError> for Problem {
    fn from(error: LoginError) -> Self {
        match error {
            LoginError::Wrong => Self::wrong_login(),
            LoginError::Locked { retry_after } => Self::locked(retry_after),
            LoginError::Provider(told) => Self::bad_request(told),
            LoginError::Port(error) => error.into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failure_is_told_by_a_number_only() {
        let problem = Problem::from(PortError::Failed("password of the database".to_owned()));
        assert_eq!(problem.status(), StatusCode::INTERNAL_SERVER_ERROR);
        assert!(!problem.detail().contains("database"));
        assert!(problem.detail().contains("incident"));
    }

    #[test]
    fn what_is_invalid_says_what_would_be_right() {
        let error = PortError::invalid("`grain` is `hour`", "give day, week, month or total");
        let document = Problem::from(error).document();
        assert_eq!(document.status, 400);
        assert_eq!(document.detail, "`grain` is `hour`; give day, week, month or total");
        assert_eq!(document.title_zh, "请求无法识别");
        let error = PortError::invalid("`grain` is hour; it can be day, week", "ask again");
        let document = Problem::from(error).document();
        assert_eq!(document.detail_zh, "`grain` 为 hour，可选值为 day, week；请重新提交");
    }
}
