//! Texts with `{field}` placeholders.

use std::fmt::Write as _;

/// Placeholders that every alert fills, besides the fields of its kind.
pub(crate) const ALWAYS: &[&str] = &[
    "rule",
    "kind",
    "subject",
    "severity",
    "region_code",
    "dealer_code",
    "first_at",
    "last_at",
    "count",
    "link",
];

/// A text in which `{field}` stands for a value; `{{` and `}}` are braces.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Template {
    parts: Vec<Part>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Part {
    Text(String),
    Field(String),
}

/// What stands where an alert has no such value.
const MISSING: &str = "—";

impl Template {
    /// Reads a template; the error says which brace or placeholder is wrong.
    pub(crate) fn parse(text: &str, is_known: impl Fn(&str) -> bool) -> Result<Self, String> {
        let mut parts = Vec::new();
        let mut plain = String::new();
        let mut rest = text;
        while let Some(at) = rest.find(['{', '}']) {
            let (before, from_brace) = rest.split_at(at);
            plain.push_str(before);
            if let Some(after) = from_brace.strip_prefix("{{") {
                plain.push('{');
                rest = after;
            } else if let Some(after) = from_brace.strip_prefix("}}") {
                plain.push('}');
                rest = after;
            } else if let Some(after) = from_brace.strip_prefix('{') {
                let Some((name, after)) = after.split_once('}') else {
                    return Err(format!("`{{` without `}}` in `{text}`; write {{{{ for a brace"));
                };
                if !is_known(name) {
                    return Err(format!("there is no placeholder `{{{name}}}`"));
                }
                parts.push(Part::Text(std::mem::take(&mut plain)));
                parts.push(Part::Field(name.to_owned()));
                rest = after;
            } else {
                return Err(format!("`}}` without `{{` in `{text}`; write }}}} for a brace"));
            }
        }
        plain.push_str(rest);
        parts.push(Part::Text(plain));
        Ok(Self { parts })
    }

    /// A template that is not checked; placeholders that nobody fills are shown as missing.
    pub(crate) fn built_in(text: &str) -> Self {
        Self::parse(text, |_| true)
            .unwrap_or_else(|_| Self { parts: vec![Part::Text(text.into())] })
    }

    /// The text with every value put in, each through `escape`; the template's own text is not.
    pub(crate) fn render(
        &self,
        value: impl Fn(&str) -> Option<String>,
        escape: impl Fn(&str) -> String,
    ) -> String {
        let mut out = String::new();
        for part in &self.parts {
            match part {
                Part::Text(text) => out.push_str(text),
                Part::Field(name) => {
                    let found = value(name).filter(|value| !value.is_empty());
                    let shown = found.map_or_else(|| MISSING.to_owned(), |value| escape(&value));
                    // Writing to a string cannot fail.
                    let _ = write!(out, "{shown}");
                }
            }
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rendered(text: &str) -> Result<String, String> {
        let template = Template::parse(text, |name| ["a", "b"].contains(&name))?;
        let value = |name: &str| (name == "a").then(|| "<1>".to_owned());
        Ok(template.render(value, |value| value.replace('<', "&lt;")))
    }

    #[test]
    fn values_are_put_in_and_escaped() {
        assert_eq!(rendered("x<{a}> {b}").unwrap(), "x<&lt;1>> —");
        assert_eq!(rendered("{{a}} {a}").unwrap(), "{a} &lt;1>");
        assert_eq!(rendered("").unwrap(), "");
    }

    #[test]
    fn what_is_wrong_is_named() {
        assert_eq!(rendered("{c}").unwrap_err(), "there is no placeholder `{c}`");
        assert!(rendered("{a").unwrap_err().starts_with("`{` without `}`"));
        assert!(rendered("a}").unwrap_err().starts_with("`}` without `{`"));
    }
}
