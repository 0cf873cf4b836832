//! Cookies: read, set, cleared.

use std::time::Duration;

use axum::http::{HeaderMap, HeaderValue, header};

/// The value of a cookie, if it was sent.
pub(crate) fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let sent = headers.get_all(header::COOKIE).into_iter().filter_map(|value| value.to_str().ok());
    sent.flat_map(|value| value.split(';')).find_map(|pair| {
        let (key, value) = pair.trim().split_once('=')?;
        (key == name).then_some(value)
    })
}

/// A cookie that no script can read and no other site's forms send.
pub(crate) fn set(
    headers: &mut HeaderMap,
    name: &str,
    value: &str,
    path: &str,
    lifetime: Duration,
    is_tls: bool,
) {
    let secure = if is_tls { "; Secure" } else { "" };
    let seconds = lifetime.as_secs();
    let text =
        format!("{name}={value}; Path={path}; Max-Age={seconds}; HttpOnly; SameSite=Lax{secure}");
    if let Ok(text) = HeaderValue::from_str(&text) {
        headers.append(header::SET_COOKIE, text);
    }
}

/// Takes a cookie back.
pub(crate) fn clear(headers: &mut HeaderMap, name: &str, path: &str, is_tls: bool) {
    set(headers, name, "", path, Duration::ZERO, is_tls);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cookie_is_found_by_its_whole_name() {
        let mut headers = HeaderMap::new();
        headers.append(header::COOKIE, "a=1; xb=2".parse().unwrap());
        headers.append(header::COOKIE, "b=3=4".parse().unwrap());
        assert_eq!(cookie(&headers, "b"), Some("3=4"));
        assert_eq!(cookie(&headers, "xb"), Some("2"));
        assert_eq!(cookie(&headers, "c"), None);
    }
}
