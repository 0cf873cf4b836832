//! The shapes in which one call may arrive (reference: kingdee.md 1.2).

use serde_json::{Map, Value as Json};

/// A call's members, whichever envelope they came in.
#[derive(Debug, Default)]
pub(crate) struct Call {
    named: Map<String, Json>,
    positional: Vec<Json>,
}

/// The body is not one of the known shapes; becomes HTTP 500 with a text.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(crate) struct EnvelopeError(String);

impl Call {
    /// Reads a body. The content type is not looked at, except to tell forms apart.
    pub(crate) fn read(body: &[u8], is_form: bool) -> Result<Self, EnvelopeError> {
        if body.iter().all(u8::is_ascii_whitespace) {
            return Ok(Self::default());
        }
        if is_form && !body.trim_ascii_start().starts_with(b"{") {
            return Ok(Self { named: form(body), positional: Vec::new() });
        }
        let json: Json = serde_json::from_slice(body)
            .map_err(|error| EnvelopeError(format!("Invalid JSON in request body: {error}")))?;
        let Json::Object(named) = json else {
            let text = "Additional text encountered after finished reading JSON content";
            return Err(EnvelopeError(text.to_owned()));
        };
        let parameters = named.iter().find(|(key, _)| key.eq_ignore_ascii_case("parameters"));
        let positional = match parameters.map(|(_, value)| value) {
            Some(Json::Array(items)) => items.clone(),
            Some(Json::String(text)) => serde_json::from_str(text)
                .map_err(|error| EnvelopeError(format!("Invalid JSON in parameters: {error}")))?,
            _ => Vec::new(),
        };
        Ok(Self { named, positional })
    }

    /// A parameter as text, by position or by one of its names in lower case; empty when absent.
    pub(crate) fn parameter(&self, position: usize, names: &[&str]) -> String {
        let by_name = names.iter().find_map(|name| self.named(name));
        match self.positional.get(position).or(by_name) {
            Some(Json::String(text)) => text.clone(),
            Some(Json::Number(number)) => number.to_string(),
            _ => String::new(),
        }
    }

    /// The `data` object, given as an object or as text that holds JSON.
    pub(crate) fn data(&self) -> Json {
        let given = self.named("data").or(self.positional.last());
        match given {
            Some(Json::String(text)) => serde_json::from_str(text).unwrap_or(Json::Null),
            Some(data) => data.clone(),
            None => Json::Null,
        }
    }

    /// The form id: beside the data, before it, or within it.
    pub(crate) fn form_id(&self) -> String {
        let first = (self.positional.len() > 1).then(|| self.positional.first()).flatten();
        let data = self.data();
        let inner = data.as_object().and_then(|object| member(object, "formid"));
        let found = self.named("formid").or(first).or(inner);
        found.and_then(Json::as_str).unwrap_or_default().trim().to_owned()
    }

    fn named(&self, name: &str) -> Option<&Json> {
        member(&self.named, name)
    }
}

/// A member by name without regard to case.
pub(crate) fn member<'a>(object: &'a Map<String, Json>, name: &str) -> Option<&'a Json> {
    object.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value)
}

fn form(body: &[u8]) -> Map<String, Json> {
    let mut named = Map::new();
    for pair in body.split(|byte| *byte == b'&') {
        let mut sides = pair.splitn(2, |byte| *byte == b'=');
        if let (Some(key), Some(value)) = (sides.next(), sides.next()) {
            named.insert(decoded(key), Json::String(decoded(value)));
        }
    }
    named
}

fn decoded(text: &[u8]) -> String {
    let mut out = Vec::with_capacity(text.len());
    let mut at = 0;
    while let Some(&byte) = text.get(at) {
        let hex = text.get(at + 1..at + 3).and_then(|pair| std::str::from_utf8(pair).ok());
        let value = hex.and_then(|pair| u8::from_str_radix(pair, 16).ok());
        match (byte, value) {
            (b'%', Some(value)) => {
                out.push(value);
                at += 2;
            }
            (b'+', _) => out.push(b' '),
            _ => out.push(byte),
        }
        at += 1;
    }
    String::from_utf8_lossy(&out).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(body: &str, is_form: bool) -> (String, String) {
        let call = Call::read(body.as_bytes(), is_form).unwrap();
        (call.form_id(), call.data()["Number"].as_str().unwrap_or_default().to_owned())
    }

    #[test]
    fn takes_every_envelope() {
        let want = ("BD_MATERIAL".to_owned(), "A01".to_owned());
        for body in [
            r#"{"formid":"BD_MATERIAL","data":{"Number":"A01"}}"#,
            r#"{"FormId":"BD_MATERIAL","Data":"{\"Number\":\"A01\"}"}"#,
            r#"{"data":{"FormId":"BD_MATERIAL","Number":"A01"}}"#,
            r#"{"parameters":["BD_MATERIAL",{"Number":"A01"}]}"#,
            r#"{"parameters":["BD_MATERIAL","{\"Number\":\"A01\"}"]}"#,
            r#"{"parameters":[{"FormId":"BD_MATERIAL","Number":"A01"}]}"#,
            r#"{"format":1,"useragent":"ApiClient","rid":"1","timestamp":"2026-01-01 00:00:00",
                "v":"1.0","parameters":"[\"BD_MATERIAL\",{\"Number\":\"A01\"}]"}"#,
        ] {
            assert_eq!(seen(body, false), want, "{body}");
        }
        let form = "data=%7B%22FormId%22%3A%22BD_MATERIAL%22%2C%22Number%22%3A%22A01%22%7D";
        assert_eq!(seen(form, true), want);
        assert!(Call::read(b"[1]", false).is_err());
        assert!(Call::read(b"{\"a\":", false).is_err());
    }
}
