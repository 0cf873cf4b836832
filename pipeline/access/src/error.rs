//! Why something was refused, or went wrong.

use chrono::{DateTime, SecondsFormat, Utc};

use crate::account_rules::AccountFault;
use crate::password_policy::PasswordFault;
use crate::stores::StoreError;

/// Why something was refused, or went wrong. The text is for the person who asked.
#[derive(Debug, thiserror::Error)]
pub enum AccessError {
    /// Not which of the two: a stranger must not learn who has an account.
    #[error("the login or the password is wrong")]
    WrongLogin,
    /// Too many wrong passwords, of the account or from the address.
    #[error("too many wrong passwords; try again after {}", stamp(.until))]
    Locked {
        /// When a password is tried again.
        until: DateTime<Utc>,
    },
    /// No session, or one that has ended.
    #[error("not logged in, or the session has ended; log in again")]
    NoSession,
    /// They came in with a password that somebody else set.
    #[error("the password was set by somebody else; set one of your own first")]
    MustChangePassword,
    /// The request does not come from the page it should come from.
    #[error("the CSRF token is missing or wrong; load the page again")]
    WrongCsrfToken,
    /// No such token, or one that was revoked or has ended.
    #[error("the API token is unknown, revoked or has ended; ask an admin for a new one")]
    NoToken,
    /// The role does not allow it.
    #[error("the role {role} may not do this")]
    Forbidden {
        /// The role of who asked.
        role: crate::role::Role,
    },
    /// The new password is not good enough.
    #[error(transparent)]
    Password(#[from] PasswordFault),
    /// The account cannot be so.
    #[error(transparent)]
    Account(#[from] AccountFault),
    /// The login through the identity provider did not succeed.
    #[cfg(feature = "oidc")]
    #[error(transparent)]
    Oidc(#[from] crate::oidc::OidcError),
    /// The metadata store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The system gave no random bytes.
    #[error("the system gave no random bytes")]
    Randomness {
        /// The error below.
        source: getrandom::Error,
    },
    /// A password could not be hashed.
    #[error("hashing a password failed: {reason}")]
    Hashing {
        /// What the hash function said.
        reason: String,
    },
}

impl AccessError {
    /// What a program goes by; names the problem in answers.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::WrongLogin => "wrong_login",
            Self::Locked { .. } => "locked",
            Self::NoSession => "no_session",
            Self::MustChangePassword => "must_change_password",
            Self::WrongCsrfToken => "wrong_csrf_token",
            Self::NoToken => "no_token",
            Self::Forbidden { .. } => "forbidden",
            Self::Password(fault) => fault.code(),
            Self::Account(fault) => fault.code(),
            #[cfg(feature = "oidc")]
            Self::Oidc(error) => error.code(),
            Self::Store(_) | Self::Randomness { .. } | Self::Hashing { .. } => "internal",
        }
    }

    /// The text in Chinese.
    #[must_use]
    pub fn chinese(&self) -> String {
        match self {
            Self::WrongLogin => "账号或密码错误".to_owned(),
            Self::Locked { until } => {
                format!("密码错误次数过多,请在 {} 之后再试", stamp(until))
            }
            Self::NoSession => "未登录或会话已结束,请重新登录".to_owned(),
            Self::MustChangePassword => "密码由他人设置,请先改为自己的密码".to_owned(),
            Self::WrongCsrfToken => "CSRF 令牌缺失或错误,请刷新页面".to_owned(),
            Self::NoToken => "API 令牌不存在、已吊销或已过期,请向管理员申请新令牌".to_owned(),
            Self::Forbidden { role } => format!("角色 {role} 无权执行此操作"),
            Self::Password(fault) => fault.chinese(),
            Self::Account(fault) => fault.chinese(),
            #[cfg(feature = "oidc")]
            Self::Oidc(error) => error.chinese(),
            Self::Store(_) | Self::Randomness { .. } | Self::Hashing { .. } => {
                "服务内部错误,请稍后再试".to_owned()
            }
        }
    }

    /// Whether the hub failed, not who asked; its text is for the log and not for them.
    #[must_use]
    pub fn is_internal(&self) -> bool {
        self.code() == "internal"
    }
}

fn stamp(at: &DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Secs, true)
}
