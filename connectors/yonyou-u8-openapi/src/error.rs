//! What the relay's codes mean for the engine's policy.
//!
//! The vendor publishes hardly any code, so the words of the message decide where the reference says
//! they do: a code that mentions a token, an agent that is not online (reference: yonyou.md 2.1, 2.3).

use yuanliu_contract::ErrorKind;

/// `此应用未上线`: the app is not published or not granted.
const APP_OFFLINE: &str = "30021";

const AGENT_HINT: &str =
    "start the agent (开放平台客户端) beside the U8 server, or check ds_sequence";

/// The kind of failure an `errcode` stands for, and what a person can do about it.
pub(crate) fn kind_of(code: &str, message: &str) -> (ErrorKind, Option<&'static str>) {
    let lower = message.to_ascii_lowercase();
    let says = |words: &[&str]| words.iter().any(|word| lower.contains(word));
    if code == APP_OFFLINE {
        let hint = "publish the app on the vendor's platform and have the U8's owner grant it";
        return (ErrorKind::Permission, Some(hint));
    }
    if says(&["token"]) {
        return (ErrorKind::SessionExpired, None);
    }
    if says(&["不在线", "离线", "未连接", "offline"]) {
        return (ErrorKind::Unreachable, Some(AGENT_HINT));
    }
    if says(&["数据源"]) {
        return (
            ErrorKind::Config,
            Some("set ds_sequence to a data source registered in the agent"),
        );
    }
    if says(&["频繁", "配额", "次数", "quota"]) {
        return (ErrorKind::RateLimited, Some("the purchased package limits the calls"));
    }
    if says(&["未授权", "权限"]) {
        return (ErrorKind::Permission, Some("have the U8's owner grant the app this resource"));
    }
    if says(&["系统内部错误", "超时"]) {
        return (ErrorKind::Busy, None);
    }
    (ErrorKind::Refused, None)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_and_words_decide_the_kind() {
        for (code, message, kind) in [
            ("30021", "此应用未上线", ErrorKind::Permission),
            ("1", "Token 已失效", ErrorKind::SessionExpired),
            ("1", "客户端不在线", ErrorKind::Unreachable),
            ("1", "调用次数超出配额", ErrorKind::RateLimited),
            ("1", "编码已存在", ErrorKind::Refused),
        ] {
            assert_eq!(kind_of(code, message).0, kind, "{message}");
        }
    }
}
