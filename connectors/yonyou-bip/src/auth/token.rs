//! An access token and when to ask for the next.

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::Value;
use yuanliu_contract::{ErrorKind, Result, Secret};
use yuanliu_http_kit::HttpReply;

use crate::envelope::{self, OPEN_AUTH_OK};

/// Part of its life after which a token is renewed.
const USED_PER_CENT: i64 = 90;

/// The life of a token that does not say how long it lives (reference: yonyou.md 1.2).
const LIFE_S_DEFAULT: i64 = 7_200;

/// A token that claims to live longer than a day is renewed daily all the same.
const LIFE_S_MAX: i64 = 86_400;

/// A token. `Debug` does not show it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Token {
    value: Secret,
    renew_at: DateTime<Utc>,
}

impl Token {
    /// Reads the answer to a token request.
    pub(crate) fn read(reply: &HttpReply) -> Result<Self> {
        let data = envelope::accept(reply, OPEN_AUTH_OK).map_err(|mut error| {
            // The codes of a bad signature and a stale time are not documented, so every refusal
            // is one of the login.
            if error.kind == ErrorKind::Refused {
                error.kind = ErrorKind::Auth;
                error.hint.get_or_insert(
                    "check app_key, app_secret, token_path and this machine's clock".to_owned(),
                );
            }
            error
        })?;
        // The body is not repeated in any error: it may hold the token.
        let malformed = || reply.error(ErrorKind::Malformed).with_detail("the answer has no token");
        let data: Value =
            data.and_then(|data| serde_json::from_str(data.get()).ok()).ok_or_else(malformed)?;
        let value = data["access_token"].as_str().filter(|token| !token.is_empty());
        let life_s = [&data["expire"], &data["expires_in"]].into_iter().find_map(envelope::integer);
        let life_s = life_s.unwrap_or(LIFE_S_DEFAULT).clamp(0, LIFE_S_MAX);
        let used = TimeDelta::milliseconds(life_s * 10 * USED_PER_CENT);
        Ok(Self {
            value: Secret::new(value.ok_or_else(malformed)?),
            renew_at: reply.received_at + used,
        })
    }

    /// Whether it shall still be used.
    pub(crate) fn is_fresh(&self, now: DateTime<Utc>) -> bool {
        now < self.renew_at
    }

    /// The value, for the query of one call.
    pub(crate) fn reveal(&self) -> &str {
        self.value.reveal()
    }
}

#[cfg(test)]
mod tests {
    use yuanliu_http_kit::Bytes;

    use super::*;

    fn read(body: &'static str) -> Result<Token> {
        Token::read(&HttpReply {
            status: 200.try_into().unwrap(),
            headers: Default::default(),
            body: Bytes::from_static(body.as_bytes()),
            received_at: DateTime::UNIX_EPOCH,
            action: "asking for a token".to_owned(),
        })
    }

    #[track_caller]
    fn check(body: &'static str, fresh_s: i64) {
        let token = read(body).unwrap();
        let at = |seconds| DateTime::from_timestamp(seconds, 0).unwrap();
        assert!(token.is_fresh(at(fresh_s - 1)) && !token.is_fresh(at(fresh_s)), "{body}");
        assert!(!format!("{token:?}").contains(token.reveal()));
    }

    #[test]
    fn a_token_is_renewed_at_nine_tenths_of_its_life() {
        check(r#"{"code":"00000","data":{"access_token":"a+b=","expire":7200}}"#, 6_480);
        check(r#"{"code":"00000","data":{"access_token":"q+9/=","expire":"100"}}"#, 90);
        check(r#"{"code":"00000","data":{"access_token":"q+9/=","expires_in":1000}}"#, 900);
        check(r#"{"code":"00000","data":{"access_token":"q+9/="}}"#, 6_480);
    }

    #[test]
    fn a_refusal_is_one_of_the_login() {
        let kind = |body| read(body).unwrap_err().kind;
        assert_eq!(
            kind(r#"{"code":"10018","message":"应用不存在或appKey已停用"}"#),
            ErrorKind::Auth
        );
        assert_eq!(kind(r#"{"code":"50000","message":"?"}"#), ErrorKind::Auth);
        assert_eq!(kind(r#"{"code":"310031"}"#), ErrorKind::Permission);
        assert_eq!(kind(r#"{"code":"00000","data":{}}"#), ErrorKind::Malformed);
        assert_eq!(kind(r#"{"code":"00000"}"#), ErrorKind::Malformed);
    }
}
