//! The session logins of `AuthService`, positional parameters in the vendor's order.

use serde_json::{Value, json};
use yuanliu_contract::Secret;

use super::digest::{sha1_hex, sha256_hex};

/// A session login. No `Debug`: an app id holds the gateway's secret.
pub(crate) enum Login {
    /// App id and a signature over all parts; the one the vendor recommends.
    Sign {
        acct_id: String,
        user: String,
        app_id: String,
        app_secret: Secret,
        /// Servers before patch PT-146911 (8.0.0.202205) expect SHA-1.
        is_sha1: bool,
        kick_off: bool,
        lcid: i64,
    },
    /// App id and secret.
    AppSecret {
        acct_id: String,
        user: String,
        app_id: String,
        app_secret: Secret,
        kick_off: bool,
        lcid: i64,
    },
    /// User and password.
    Password { acct_id: String, user: String, password: Secret, kick_off: bool, lcid: i64 },
    /// User and password in one organisation. The order of parameters is not confirmed.
    PasswordInOrg { acct_id: String, user: String, password: Secret, org_number: String, lcid: i64 },
    /// A passport file as Base64 text.
    Passport { passport: Secret, lcid: i64 },
}

impl Login {
    /// The service's name and its parameters; the parameters hold secrets in clear.
    pub(crate) fn request(&self, unix_seconds: i64) -> (&'static str, Vec<Value>) {
        match self {
            Self::Sign { acct_id, user, app_id, app_secret, is_sha1, kick_off, lcid } => {
                let timestamp = unix_seconds.to_string();
                let secret = app_secret.reveal();
                let parts = [acct_id.as_str(), user, app_id, secret, &timestamp];
                let sign = sign(parts, *is_sha1);
                let parameters =
                    vec![json!(acct_id), json!(user), json!(app_id), json!(timestamp), json!(sign)];
                with_kick_off(["LoginBySign", "LoginBySign2"], parameters, *kick_off, *lcid)
            }
            Self::AppSecret { acct_id, user, app_id, app_secret, kick_off, lcid } => {
                let secret = app_secret.reveal();
                let parameters = vec![json!(acct_id), json!(user), json!(app_id), json!(secret)];
                let names = ["LoginByAppSecret", "LoginByAppSecret2"];
                with_kick_off(names, parameters, *kick_off, *lcid)
            }
            Self::Password { acct_id, user, password, kick_off, lcid } => {
                let parameters = vec![json!(acct_id), json!(user), json!(password.reveal())];
                with_kick_off(["ValidateUser", "ValidateUser2"], parameters, *kick_off, *lcid)
            }
            Self::PasswordInOrg { acct_id, user, password, org_number, lcid } => (
                "ValidateUserByOrgNumber",
                vec![
                    json!(acct_id),
                    json!(user),
                    json!(password.reveal()),
                    json!(org_number),
                    json!(lcid),
                ],
            ),
            Self::Passport { passport, lcid } => {
                ("LoginBySimplePassport", vec![json!(passport.reveal()), json!(lcid)])
            }
        }
    }
}

/// The variant that ends other sessions has a flag before the language.
fn with_kick_off(
    [plain, kicking]: [&'static str; 2],
    mut parameters: Vec<Value>,
    kick_off: bool,
    lcid: i64,
) -> (&'static str, Vec<Value>) {
    if kick_off {
        parameters.push(json!(true));
    }
    parameters.push(json!(lcid));
    (if kick_off { kicking } else { plain }, parameters)
}

/// The five parts in ordinal order, joined without separator, digested.
fn sign(mut parts: [&str; 5], is_sha1: bool) -> String {
    parts.sort_unstable();
    let joined = parts.concat();
    if is_sha1 { sha1_hex(&joined) } else { sha256_hex(&joined) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn by_sign(is_sha1: bool, kick_off: bool) -> Login {
        Login::Sign {
            acct_id: "65a1b2c3d4e5f6".to_owned(),
            user: "张三".to_owned(),
            app_id: "900001_Q1FbUARcQRoQU1FBUUcaClYdWxoVUhcS".to_owned(),
            app_secret: Secret::new("0123456789abcdef0123456789abcdef"),
            is_sha1,
            kick_off,
            lcid: 2052,
        }
    }

    #[test]
    fn the_published_login_vector() {
        let (service, parameters) = by_sign(false, false).request(1_767_225_600);
        assert_eq!(service, "LoginBySign");
        assert_eq!(
            Value::from(parameters).to_string(),
            r#"["65a1b2c3d4e5f6","张三","900001_Q1FbUARcQRoQU1FBUUcaClYdWxoVUhcS","1767225600","4657a8065609c8a01f487cc855766393dbfc873077c001673f02b26df0b0f1e3",2052]"#
        );
        let (service, parameters) = by_sign(true, true).request(1_767_225_600);
        assert_eq!(service, "LoginBySign2");
        assert_eq!(parameters[4], "4f7c0463680bbd328c244767b1495bf7cdce175f");
        assert_eq!(parameters[5..], [json!(true), json!(2052)]);
    }

    #[test]
    fn parameters_follow_the_vendors_order() {
        let secret = || Secret::new("s3cret");
        let text = |login: &Login| {
            let (service, parameters) = login.request(0);
            format!("{service} {}", Value::from(parameters))
        };
        let (acct_id, user) = ("a".to_owned(), "u".to_owned());
        let login = Login::PasswordInOrg {
            acct_id,
            user,
            password: secret(),
            org_number: "100".to_owned(),
            lcid: 1033,
        };
        assert_eq!(text(&login), r#"ValidateUserByOrgNumber ["a","u","s3cret","100",1033]"#);
        let login = Login::Passport { passport: secret(), lcid: 2052 };
        assert_eq!(text(&login), r#"LoginBySimplePassport ["s3cret",2052]"#);
        let (acct_id, user) = ("a".to_owned(), "u".to_owned());
        let login =
            Login::Password { acct_id, user, password: secret(), kick_off: true, lcid: 2052 };
        assert_eq!(text(&login), r#"ValidateUser2 ["a","u","s3cret",true,2052]"#);
    }
}
