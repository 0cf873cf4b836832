//! Why a login through the identity provider did not succeed.

use openidconnect::{ClaimsVerificationError, SignatureVerificationError};

/// Why a login through the identity provider did not succeed.
#[derive(Debug, thiserror::Error)]
pub enum OidcError {
    /// No answer in time.
    #[error(
        "the identity provider could not be reached for {step}; try again, or log in by password"
    )]
    Unreachable {
        /// What was asked for.
        step: &'static str,
        /// The error below.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// An answer that is none.
    #[error(
        "the identity provider answered {step} in a way that is not understood: {reason}; tell an admin"
    )]
    Malformed {
        /// What was asked for.
        step: &'static str,
        /// What is wrong.
        reason: String,
    },
    /// The state is unknown, used, too old, or another browser's.
    #[error("this login was not begun here, is finished already, or took too long; begin again")]
    UnknownState,
    /// The provider did not log them in.
    #[error("the identity provider did not log in: {reason}")]
    Declined {
        /// Its error code.
        reason: String,
    },
    /// The provider does not take its code back.
    #[error("the identity provider refused its own code: {reason}; begin again")]
    CodeRefused {
        /// Its error.
        reason: String,
    },
    /// The token does not hold.
    #[error("the ID token does not hold: {fault}: {reason}; tell an admin if it happens again")]
    IdToken {
        /// What does not.
        fault: IdTokenFault,
        /// In detail.
        reason: String,
    },
    /// Nobody said what they are.
    #[error("no value of the claim {claim} has a role here; ask an admin")]
    NoRole {
        /// The claim.
        claim: String,
    },
    /// They had an account.
    #[error("the account {login:?} is disabled; ask an admin")]
    Disabled {
        /// The account.
        login: String,
    },
    /// The section `[oidc]` cannot work.
    #[error("{0}")]
    Configuration(String),
}

/// What does not hold about an ID token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IdTokenFault {
    /// It answers another login.
    Nonce,
    /// It is for another client.
    Audience,
    /// It is of another provider.
    Issuer,
    /// It is over.
    Expired,
    /// Nobody the hub trusts has signed it.
    Signature,
    /// Something else.
    Other,
}

impl std::fmt::Display for IdTokenFault {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str(match self {
            Self::Nonce => "wrong nonce",
            Self::Audience => "wrong audience",
            Self::Issuer => "wrong issuer",
            Self::Expired => "expired",
            Self::Signature => "wrong signature",
            Self::Other => "not acceptable",
        })
    }
}

impl OidcError {
    /// What a program goes by.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Unreachable { .. } => "oidc_unreachable",
            Self::Malformed { .. } => "oidc_malformed",
            Self::UnknownState => "oidc_unknown_state",
            Self::Declined { .. } => "oidc_declined",
            Self::CodeRefused { .. } => "oidc_code_refused",
            Self::IdToken { fault, .. } => match fault {
                IdTokenFault::Nonce => "oidc_wrong_nonce",
                IdTokenFault::Audience => "oidc_wrong_audience",
                IdTokenFault::Issuer => "oidc_wrong_issuer",
                IdTokenFault::Expired => "oidc_expired",
                IdTokenFault::Signature => "oidc_wrong_signature",
                IdTokenFault::Other => "oidc_bad_token",
            },
            Self::NoRole { .. } => "oidc_no_role",
            Self::Disabled { .. } => "account_disabled",
            Self::Configuration(_) => "oidc_configuration",
        }
    }

    /// The text in Chinese.
    #[must_use]
    pub fn chinese(&self) -> String {
        match self {
            Self::Unreachable { .. } => "无法连接统一身份认证,请稍后再试或用密码登录".to_owned(),
            Self::Malformed { .. } => "统一身份认证的应答无法识别,请联系管理员".to_owned(),
            Self::UnknownState => "此次登录不是从这里发起、已经完成或已超时,请重新登录".to_owned(),
            Self::Declined { reason } => format!("统一身份认证未允许登录:{reason}"),
            Self::CodeRefused { .. } => "统一身份认证拒绝了授权码,请重新登录".to_owned(),
            Self::IdToken { .. } => "身份令牌校验未通过,如再次出现请联系管理员".to_owned(),
            Self::NoRole { claim } => {
                format!("声明 {claim} 中没有任何值对应本系统的角色,请联系管理员")
            }
            Self::Disabled { login } => format!("账号 {login:?} 已停用,请联系管理员"),
            Self::Configuration(_) => "统一身份认证配置有误,请联系管理员".to_owned(),
        }
    }

    /// Whether the keys may have changed since they were read.
    pub(crate) fn is_unknown_key(error: &ClaimsVerificationError) -> bool {
        use SignatureVerificationError::{CryptoError, NoMatchingKey};
        matches!(
            error,
            ClaimsVerificationError::SignatureVerification(NoMatchingKey | CryptoError(_))
        )
    }
}

impl From<ClaimsVerificationError> for OidcError {
    fn from(error: ClaimsVerificationError) -> Self {
        let (fault, reason) = match &error {
            ClaimsVerificationError::InvalidNonce(reason) => (IdTokenFault::Nonce, reason.clone()),
            ClaimsVerificationError::InvalidAudience(reason) => {
                (IdTokenFault::Audience, reason.clone())
            }
            ClaimsVerificationError::InvalidIssuer(reason) => {
                (IdTokenFault::Issuer, reason.clone())
            }
            ClaimsVerificationError::Expired(reason) => (IdTokenFault::Expired, reason.clone()),
            ClaimsVerificationError::SignatureVerification(source) => {
                (IdTokenFault::Signature, source.to_string())
            }
            other => (IdTokenFault::Other, other.to_string()),
        };
        Self::IdToken { fault, reason }
    }
}
