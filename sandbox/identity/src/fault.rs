//! What can be wrong with a provider.

/// What the provider does wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// The token answers another question.
    WrongNonce,
    /// The token is for another client.
    WrongAudience,
    /// The token names another provider.
    WrongIssuer,
    /// The token was good until a minute ago.
    Expired,
    /// The token is signed with a key that is not shown.
    SignedByAnother,
    /// The token has `alg: none`.
    Unsigned,
    /// The token is signed with the client's secret in place of the provider's key.
    SignedWithSecret,
    /// The token was changed after it was signed.
    Tampered,
    /// The token endpoint answers without one.
    NoIdToken,
    /// Discovery answers with a page.
    NotJson,
    /// Discovery answers with 500.
    ServerError,
    /// Discovery never answers.
    Silent,
    /// Discovery answers with three megabytes.
    Endless,
}
