//! The one account of the sandbox, in every form a client may use it.

use serde::Serialize;

use super::signature::mint_app_id;

/// What a client needs to log in, whichever way it chooses. All of it is made up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Credentials {
    /// Internal id of the data centre (数据中心内码).
    pub acct_id: String,
    /// Number of the data centre.
    pub data_centre: String,
    /// User name.
    pub user: String,
    /// Password, for `ValidateUser`.
    pub password: String,
    /// Full app id: client id, `_`, obfuscated gateway secret.
    pub app_id: String,
    /// App secret.
    pub app_secret: String,
    /// Text of the passport file, for `LoginBySimplePassport`.
    pub passport: String,
    /// Organisation number.
    pub org: String,
    /// Language.
    pub lcid: i64,
}

impl Default for Credentials {
    fn default() -> Self {
        Self {
            acct_id: "65a1b2c3d4e5f6".to_owned(),
            data_centre: "DEMO".to_owned(),
            user: "demo".to_owned(),
            password: "sandbox-password".to_owned(),
            app_id: mint_app_id("900001", b"sandbox-secret-24-bytes!"),
            app_secret: "0123456789abcdef0123456789abcdef".to_owned(),
            passport: "c2FuZGJveC1wYXNzcG9ydA==".to_owned(),
            org: "100".to_owned(),
            lcid: 2052,
        }
    }
}
