//! The signature of a token request (reference: yonyou.md 1.2).

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use yuanliu_contract::Secret;

/// Names and values of the query joined without separators, in the byte order of the names.
pub(super) fn string_to_sign(parameters: &[(&str, String)]) -> String {
    let mut sorted: Vec<_> = parameters.iter().collect();
    sorted.sort_by_key(|(name, _)| *name);
    sorted.into_iter().map(|(name, value)| format!("{name}{value}")).collect()
}

/// Base64 of the raw bytes of HMAC-SHA256, not of their hexadecimal text.
pub(super) fn sign(parameters: &[(&str, String)], secret: &Secret) -> String {
    // HMAC takes keys of every length, so the error cannot occur; an empty text fails the login.
    let key = secret.reveal().as_bytes();
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key) else { return String::new() };
    mac.update(string_to_sign(parameters).as_bytes());
    STANDARD.encode(mac.finalize().into_bytes())
}

/// A value as it stands in a query: everything but letters, digits and `-._~` as `%XX`, once.
pub(crate) fn percent_encode(value: &str) -> String {
    let mut encoded = String::with_capacity(value.len());
    for byte in value.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
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

    const KEY: &str = "a1b2c3d4e5f60718293a4b5c6d7e8f90";
    const SECRET: &str = "0f1e2d3c4b5a69788796a5b4c3d2e1f001234567";
    const SUITE_SECRET: &str = "suite-secret-zz-0001";

    #[track_caller]
    fn check(parameters: &[(&str, &str)], secret: &str, signed: &str, base64: &str, sent: &str) {
        let parameters: Vec<_> =
            parameters.iter().map(|(name, value)| (*name, (*value).to_owned())).collect();
        assert_eq!(string_to_sign(&parameters), signed);
        let signature = sign(&parameters, &Secret::new(secret));
        assert_eq!(signature, base64);
        assert_eq!(percent_encode(&signature), sent);
        // An address keeps what is encoded as it is: nothing is encoded twice.
        let url = format!("https://a.test/b?signature={}", percent_encode(&signature));
        assert_eq!(url.parse::<yuanliu_http_kit::Url>().unwrap().as_str(), url);
    }

    #[track_caller]
    fn check_app(time: &str, base64: &str, sent: &str) {
        let signed = format!("appKey{KEY}timestamp{time}");
        check(&[("timestamp", time), ("appKey", KEY)], SECRET, &signed, base64, sent);
    }

    #[test]
    fn the_vectors_of_a_self_built_app() {
        check_app(
            "1760000000000",
            "R8vqGwFx2Ix69UABtz5+JHYRZ1tazrd4KEr/MB3SgU0=",
            "R8vqGwFx2Ix69UABtz5%2BJHYRZ1tazrd4KEr%2FMB3SgU0%3D",
        );
        check_app(
            "1760000000013",
            "/CTu+mGKcmh6FEcTtmMH/mWTd7XQgGc4vzJCsvjd7+Y=",
            "%2FCTu%2BmGKcmh6FEcTtmMH%2FmWTd7XQgGc4vzJCsvjd7%2BY%3D",
        );
        check_app(
            "1760000000004",
            "JyRaXO2RDyO2RGmQGzbj9CBXJba0RGTSodQAHoZJ33s=",
            "JyRaXO2RDyO2RGmQGzbj9CBXJba0RGTSodQAHoZJ33s%3D",
        );
    }

    #[test]
    fn the_vectors_of_a_suite() {
        let mut parameters = vec![
            ("suiteKey", "suite-demo-0001"),
            ("tenantId", "tenant9x"),
            ("timestamp", "1760000000000"),
        ];
        check(
            &parameters,
            SUITE_SECRET,
            "suiteKeysuite-demo-0001tenantIdtenant9xtimestamp1760000000000",
            "cBtCNC87CDNdFGSrE5ilUpc9er6R8ec6SVUSs/it1MA=",
            "cBtCNC87CDNdFGSrE5ilUpc9er6R8ec6SVUSs%2Fit1MA%3D",
        );
        parameters.push(("suiteTicket", "ticket-demo-77"));
        check(
            &parameters,
            SUITE_SECRET,
            "suiteKeysuite-demo-0001suiteTicketticket-demo-77tenantIdtenant9xtimestamp1760000000000",
            "fl8vYgFRTiRQl3xwUr2Ka7tN0NVAz0GQf0kYFtY1CSU=",
            "fl8vYgFRTiRQl3xwUr2Ka7tN0NVAz0GQf0kYFtY1CSU%3D",
        );
    }

    #[test]
    fn every_byte_of_a_token_arrives() {
        assert_eq!(percent_encode("yT+0/k9=& 字~"), "yT%2B0%2Fk9%3D%26%20%E5%AD%97~");
    }
}
