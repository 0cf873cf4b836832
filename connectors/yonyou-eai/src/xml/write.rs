//! Writing XML: escaping, and control characters that XML cannot hold left out.

use quick_xml::escape::escape;

/// Text that may stand between tags or in an attribute.
pub(crate) fn text(text: &str) -> String {
    let is_legal = |c: &char| !c.is_control() || matches!(c, '\t' | '\n' | '\r');
    let legal: String = text.chars().filter(is_legal).collect();
    escape(legal).into_owned()
}

/// An attribute with a blank before it.
pub(crate) fn attribute(name: &str, value: &str) -> String {
    format!(" {name}=\"{}\"", text(value))
}

/// An element that holds text.
pub(crate) fn element(name: &str, value: &str) -> String {
    format!("<{name}>{}</{name}>", text(value))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::parse;
    use super::*;

    proptest! {
        /// What is written reads back, without control characters.
        #[test]
        fn text_reads_back(value in "[^\\x00-\\x1f\\x7f-\\x9f]{0,60}") {
            let xml = format!("<a{}>{}</a>", attribute("b", &value), element("c", &value));
            let root = parse(&xml).unwrap();
            prop_assert_eq!(root.attribute("b"), Some(value.as_str()));
            prop_assert_eq!(&root.child("c").unwrap().text, &value);
        }
    }
}
