//! A logged-in session and what its login said.

use serde::Deserialize;
use serde_json::Value;
use yuanliu_contract::{ErrorKind, Result};
use yuanliu_http_kit::reply::excerpt;
use yuanliu_http_kit::{CookieJar, HttpReply};

use crate::envelope::{accept, integer, is_true, parse};

/// Cookie and header that carry the session.
const SESSION_COOKIE: &str = "kdservice-sessionid";

/// The web server's own session, which some front proxies route by.
const WEB_SESSION_COOKIE: &str = "ASP.NET_SessionId";

/// One hundred nanoseconds, the unit of the reply's offsets.
const TICKS_PER_SECOND: i64 = 10_000_000;

/// What the server says about itself at login.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Greeting {
    /// What it calls its version.
    pub(crate) version: Option<String>,
    /// Its zone's offset from UTC.
    pub(crate) offset_s: Option<i64>,
}

/// The session, if there is one. Its cookies are keys: `Debug` shows their names only.
#[derive(Debug, Default)]
pub(crate) struct Session {
    cookies: CookieJar,
    is_open: bool,
    pub(crate) greeting: Greeting,
}

impl Session {
    /// Whether calls can be made.
    pub(crate) fn is_open(&self) -> bool {
        self.is_open
    }

    /// Drops the session; the next call logs in.
    pub(crate) fn forget(&mut self) {
        self.cookies = CookieJar::default();
        self.is_open = false;
    }

    /// The headers a call carries: both as cookies and by name, as the official client does.
    pub(crate) fn headers(&self) -> Vec<(&'static str, String)> {
        let mut headers = Vec::new();
        if let Some(id) = self.cookies.get(SESSION_COOKIE) {
            headers.push((SESSION_COOKIE, id.to_owned()));
        }
        headers.extend(self.cookies.header().map(|cookies| ("Cookie", cookies)));
        headers
    }

    /// Takes over cookies that a later reply renews.
    pub(crate) fn renew(&mut self, reply: &HttpReply) {
        self.cookies.absorb(reply);
    }

    /// Opens the session from a login's reply, or says why the login was refused.
    pub(crate) fn open(&mut self, reply: &HttpReply) -> Result<()> {
        self.forget();
        let text = accept(reply).map_err(|mut error| {
            // There is no session to renew yet: the data centre or the app is not known.
            if matches!(error.kind, ErrorKind::SessionExpired | ErrorKind::Refused) {
                error.kind = ErrorKind::Auth;
            }
            error
        })?;
        let login: LoginReply = parse(reply, text)?;
        if !login.is_success() {
            return Err(login.refusal(reply));
        }
        self.cookies.absorb(reply);
        let context = &login.context;
        for (name, value) in [
            (SESSION_COOKIE, login.session_id.as_str()),
            (WEB_SESSION_COOKIE, context["SessionId"].as_str()),
        ] {
            if let Some(value) = value.filter(|_| self.cookies.get(name).is_none()) {
                self.cookies.set(name, value);
            }
        }
        if self.cookies.get(SESSION_COOKIE).is_none() {
            return Err(reply
                .error(ErrorKind::Malformed)
                .with_detail("the login succeeded but no session came with it"));
        }
        let ticks = integer(&context["STimeZone"]["OffsetTicks"]);
        self.greeting = Greeting {
            version: context["DisplayVersion"].as_str().map(str::to_owned),
            offset_s: ticks.map(|ticks| ticks / TICKS_PER_SECOND),
        };
        self.is_open = true;
        Ok(())
    }
}

/// The members of a login's reply that matter; which ones are there differs by version.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct LoginReply {
    #[serde(rename = "LoginResultType")]
    result: Value,
    #[serde(rename = "IsSuccessByAPI")]
    is_success: Value,
    #[serde(rename = "Message")]
    message: Value,
    #[serde(rename = "KDSVCSessionId")]
    session_id: Value,
    #[serde(rename = "Context")]
    context: Value,
}

impl LoginReply {
    fn is_success(&self) -> bool {
        match integer(&self.result) {
            // -5: logged in, but the user should act, for instance change the password.
            Some(result) => result == 1 || result == -5,
            None => is_true(&self.is_success),
        }
    }

    fn refusal(&self, reply: &HttpReply) -> yuanliu_contract::ConnectorError {
        let said = self.message.as_str().filter(|text| !text.trim().is_empty());
        reply
            .error(ErrorKind::Auth)
            .with_detail(excerpt(said.unwrap_or("the login was refused without a message")))
            .with_hint(
                "check acct_id, user and password or app secret; the app and the user must be \
                 listed in 第三方系统登录授权 of this data centre, this machine in its white list",
            )
    }
}

#[cfg(test)]
mod tests {
    use yuanliu_http_kit::Bytes;

    use super::*;

    fn reply(body: &str, cookies: &[&str]) -> HttpReply {
        let mut headers = yuanliu_http_kit::HeaderMap::new();
        for cookie in cookies {
            headers.append("set-cookie", cookie.parse().unwrap());
        }
        HttpReply {
            status: 200.try_into().unwrap(),
            headers,
            body: Bytes::copy_from_slice(body.as_bytes()),
            received_at: Default::default(),
            action: "logging in".to_owned(),
        }
    }

    #[test]
    fn opens_from_cookies_or_body() {
        let body = r#"{"LoginResultType":1,"KDSVCSessionId":"body","Context":{"SessionId":"web",
            "DisplayVersion":"8.2.0.0","STimeZone":{"OffsetTicks":288000000000}}}"#;
        let mut session = Session::default();
        session.open(&reply(body, &[])).unwrap();
        assert_eq!(session.headers()[0], ("kdservice-sessionid", "body".to_owned()));
        assert_eq!(session.headers()[1].1, "ASP.NET_SessionId=web; kdservice-sessionid=body");
        assert_eq!(session.greeting.version.as_deref(), Some("8.2.0.0"));
        assert_eq!(session.greeting.offset_s, Some(28_800));
        let cookies = ["kdservice-sessionid=c; path=/", "route=7; HttpOnly"];
        session.open(&reply(body, &cookies)).unwrap();
        assert_eq!(session.headers()[1].1, "ASP.NET_SessionId=web; kdservice-sessionid=c; route=7");
        assert!(!format!("{session:?}").contains("web"));
        session.forget();
        assert!(!session.is_open() && session.headers().is_empty());
    }

    #[test]
    fn results_may_be_text_or_missing() {
        for (result, is_open) in [
            (r#""LoginResultType":"1""#, true),
            (r#""LoginResultType":-5"#, true),
            (r#""IsSuccessByAPI":true"#, true),
            (r#""LoginResultType":0,"IsSuccessByAPI":true"#, false),
            (r#""LoginResultType":-1"#, false),
            (r#""LoginResultType":null"#, false),
        ] {
            let body = format!(r#"{{{result},"KDSVCSessionId":"s","Message":"密码错误"}}"#);
            let opened = Session::default().open(&reply(&body, &[]));
            let kind = opened.map_err(|error| (error.kind, error.to_string()));
            let refused = (ErrorKind::Auth, "logging in: 密码错误".to_owned());
            assert_eq!(kind, if is_open { Ok(()) } else { Err(refused) }, "{result}");
        }
    }
}
