//! The per-request signature of the official SDKs: no login, two signatures on every call.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use yuanliu_contract::Secret;

use super::digest::hmac_text;

/// What the gateway secret inside an app id is hidden with; the same in every official SDK.
const GATEWAY_MASK: &[u8] = b"0054f397c6234378b09ca7d3e5debce7";

/// The hidden part of an app id has exactly this many characters.
const HIDDEN_CHARS: usize = 32;

/// Credentials that sign every call. No `Debug`: an app id holds the gateway's secret.
pub(crate) struct Signature {
    pub(crate) acct_id: String,
    pub(crate) user: String,
    pub(crate) app_id: String,
    pub(crate) app_secret: Secret,
    pub(crate) lcid: i64,
    pub(crate) org_number: String,
}

impl Signature {
    /// The headers for a POST to `path`, which is signed as it is sent: its case matters.
    pub(crate) fn headers(&self, path: &str, unix_seconds: i64) -> Vec<(&'static str, String)> {
        let time = unix_seconds.to_string();
        let (client_id, client_secret) = split_app_id(&self.app_id);
        let signed = format!(
            "POST\n{}\n\nx-api-nonce:{time}\nx-api-timestamp:{time}\n",
            percent_encode(path)
        );
        let data = format!("{},{},{},{}", self.acct_id, self.user, self.lcid, self.org_number);
        let kingdee =
            hmac_text(self.app_secret.reveal().as_bytes(), &format!("{}{data}", self.app_id));
        vec![
            ("X-Api-ClientID", client_id.to_owned()),
            ("X-Api-Auth-Version", "2.0".to_owned()),
            ("x-api-timestamp", time.clone()),
            ("x-api-nonce", time),
            ("x-api-signheaders", "x-api-timestamp,x-api-nonce".to_owned()),
            ("X-Api-Signature", hmac_text(client_secret.as_bytes(), &signed)),
            ("X-Kd-Appkey", self.app_id.clone()),
            ("X-Kd-Appdata", STANDARD.encode(data)),
            ("X-Kd-Signature", kingdee),
        ]
    }
}

/// Client id and gateway secret; both empty unless the app id has exactly two parts.
fn split_app_id(app_id: &str) -> (&str, String) {
    let parts: Vec<_> = app_id.split('_').collect();
    match parts[..] {
        [client_id, hidden] => (client_id, reveal(hidden)),
        _ => ("", String::new()),
    }
}

/// The gateway secret behind its hidden form, empty if that is not well-formed.
fn reveal(hidden: &str) -> String {
    if hidden.len() != HIDDEN_CHARS {
        return String::new();
    }
    let Ok(mut bytes) = STANDARD.decode(hidden) else { return String::new() };
    for (byte, mask) in bytes.iter_mut().zip(GATEWAY_MASK) {
        *byte ^= mask;
    }
    STANDARD.encode(bytes)
}

fn percent_encode(path: &str) -> String {
    let mut encoded = String::with_capacity(path.len() * 3);
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            encoded.push_str(&format!("%{byte:02X}"));
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use super::*;

    const APP_ID: &str = "900001_Q1FbUARcQRoQU1FBUUcaClYdWxoVUhcS";
    const SERVICE: &str =
        "Kingdee.BOS.WebApi.ServicesStub.DynamicFormService.ExecuteBillQuery.common.kdsvc";
    const TIME: i64 = 1_767_225_600;

    fn signature(user: &str, org_number: &str, app_id: &str) -> Signature {
        Signature {
            acct_id: "65a1b2c3d4e5f6".to_owned(),
            user: user.to_owned(),
            app_id: app_id.to_owned(),
            app_secret: Secret::new("0123456789abcdef0123456789abcdef"),
            lcid: 2052,
            org_number: org_number.to_owned(),
        }
    }

    fn header(signature: &Signature, folder: &str, name: &str) -> String {
        let headers = signature.headers(&format!("/{folder}/{SERVICE}"), TIME);
        headers.into_iter().find(|(known, _)| *known == name).unwrap().1
    }

    #[test]
    fn v1_gateway_secret() {
        let (client_id, secret) = split_app_id(APP_ID);
        assert_eq!(client_id, "900001");
        assert_eq!(secret, "c2FuZGJveC1zZWNyZXQtMjQtYnl0ZXMh");
    }

    #[test]
    fn v2_full_request() {
        let signature = signature("张三", "100", APP_ID);
        assert_eq!(
            header(&signature, "k3cloud", "X-Api-Signature"),
            "NDdhNGM3MDQ4MzA0NGY1OTVhZDRkMTI1ZjQ4NzRhYzY0OTExNTJhN2JlMTc4MTMzMWEzMjQzMGFiOTA4M2ExNw=="
        );
        assert_eq!(
            header(&signature, "k3cloud", "X-Kd-Appdata"),
            "NjVhMWIyYzNkNGU1ZjYs5byg5LiJLDIwNTIsMTAw"
        );
        assert_eq!(
            header(&signature, "k3cloud", "X-Kd-Signature"),
            "YzAzNzJlZTg5MTg4YWRkYzkyNjFhMDFmMmRjZWQ1ZDY3ODQzZDk5ZjY5YWUxOWY2M2RkMmQxY2E5M2M2YTI0NA=="
        );
        assert_eq!(header(&signature, "k3cloud", "X-Api-ClientID"), "900001");
    }

    #[test]
    fn v3_ascii_user_without_organisation() {
        let signature = signature("demo", "0", APP_ID);
        assert_eq!(
            header(&signature, "k3cloud", "X-Kd-Appdata"),
            "NjVhMWIyYzNkNGU1ZjYsZGVtbywyMDUyLDA="
        );
        assert_eq!(
            header(&signature, "k3cloud", "X-Kd-Signature"),
            "MzFkYTFlYTdhYWRjMzVmMjljMzNjM2UyNjI0ZWI1NGUwMjRjMjUyMWQ1NWI2Njk1ZDA5OTNmYTYyZjRmOTBkYw=="
        );
    }

    #[test]
    fn v4_path_case_matters() {
        let signature = signature("张三", "100", APP_ID);
        assert_eq!(
            header(&signature, "K3Cloud", "X-Api-Signature"),
            "OTA3Y2U0YjMzMTc1N2I5MzhhMjI1M2U3YzczNDk5YTg5M2EyNDQ4ZmU5ZGI1NzM1NzdiMWQwYzgxNDEwZWZjNQ=="
        );
    }

    #[test]
    fn v5_malformed_app_id() {
        for app_id in ["900001", "900001_short", "9_0_0"] {
            let signature = signature("张三", "100", app_id);
            assert_eq!(
                header(&signature, "k3cloud", "X-Api-Signature"),
                "ODc3M2JmNmI2OGJjZDc1Zjk3ZjM0MWZkY2U5Y2ExNDgxNzY1ZjkzOTAzYjNlYjA1NzEzODE5MzNlNzcyODk2Mg==",
                "{app_id}"
            );
        }
    }

    #[test]
    fn v6_the_bare_function() {
        assert_eq!(
            hmac_text(b"abc123", "abc"),
            "ZDljMTI3NGIyNTE1MTRkYzlkNjc1MDNhYjUzMzgzNWMyY2M4YTdjMzdmNmM3YTVlNDkxMTkzNjdiOTFjNzUyZQ=="
        );
    }
}
