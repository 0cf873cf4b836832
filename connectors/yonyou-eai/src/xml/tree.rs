//! A document as a tree of elements, bounded in depth and number; no document type, no entities but
//! the predefined ones.

use quick_xml::Reader;
use quick_xml::XmlVersion;
use quick_xml::escape::resolve_predefined_entity;
use quick_xml::events::{BytesStart, Event};

/// The deepest documents of both platforms have seven levels.
const DEPTH_MAX: usize = 32;

/// A page of documents has tens of thousands of elements.
const ELEMENTS_MAX: usize = 1_000_000;

/// An element: attributes and text unescaped, comments and instructions left out.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Element {
    pub(crate) name: String,
    pub(crate) attributes: Vec<(String, String)>,
    pub(crate) text: String,
    pub(crate) children: Vec<Element>,
}

impl Element {
    /// The first child of a name, in any case.
    pub(crate) fn child(&self, name: &str) -> Option<&Self> {
        self.children.iter().find(|child| child.name.eq_ignore_ascii_case(name))
    }

    /// All children of a name, in any case.
    pub(crate) fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Self> {
        self.children.iter().filter(move |child| child.name.eq_ignore_ascii_case(name))
    }

    /// An attribute's value, its name in any case.
    pub(crate) fn attribute(&self, name: &str) -> Option<&str> {
        let found = self.attributes.iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.as_str())
    }

    /// The text of a child, trimmed; empty if there is none.
    pub(crate) fn child_text(&self, name: &str) -> &str {
        self.child(name).map_or("", |child| child.text.trim())
    }
}

/// Parses a document, or says what is wrong with it.
pub(crate) fn parse(text: &str) -> Result<Element, String> {
    let mut reader = Reader::from_str(text);
    reader.config_mut().expand_empty_elements = true;
    let mut open: Vec<Element> = Vec::new();
    let mut root = None;
    let mut elements = 0_usize;
    loop {
        match reader.read_event().map_err(|error| format!("it is not XML: {error}"))? {
            Event::Start(start) => {
                elements += 1;
                if root.is_some() {
                    return Err("it has more than one root element".to_owned());
                }
                if open.len() >= DEPTH_MAX || elements > ELEMENTS_MAX {
                    return Err(format!(
                        "it is deeper than {DEPTH_MAX} levels or has more than {ELEMENTS_MAX} elements"
                    ));
                }
                open.push(begin(&start)?);
            }
            Event::End(_) => {
                let closed = open.pop().ok_or("an element ends that never began")?;
                match open.last_mut() {
                    Some(parent) => parent.children.push(closed),
                    None => root = Some(closed),
                }
            }
            Event::Text(part) => append(&mut open, &part.xml_content(XmlVersion::Implicit1_0))?,
            Event::CData(part) => append(&mut open, &part.xml_content(XmlVersion::Implicit1_0))?,
            Event::GeneralRef(reference) => {
                let char = reference.resolve_char_ref().map_err(|error| error.to_string())?;
                match (char, resolve_predefined_entity(&reference)) {
                    (Some(char), _) => append(&mut open, char.encode_utf8(&mut [0; 4]))?,
                    (None, Some(text)) => append(&mut open, text)?,
                    (None, None) => {
                        return Err(format!("the entity &{}; is not predefined", &*reference));
                    }
                }
            }
            // Entity bombs and external entities need one; neither platform writes any.
            Event::DocType(_) => return Err("a document type is not accepted".to_owned()),
            Event::Comment(_) | Event::Decl(_) | Event::PI(_) | Event::Empty(_) => {}
            Event::Eof => break,
        }
    }
    if !open.is_empty() {
        return Err("it ends in the middle".to_owned());
    }
    root.ok_or_else(|| "it has no element".to_owned())
}

fn begin(start: &BytesStart<'_>) -> Result<Element, String> {
    let name = start.name().as_ref().to_owned();
    let mut attributes = Vec::new();
    for attribute in start.attributes() {
        let attribute = attribute.map_err(|error| format!("in <{name}>: {error}"))?;
        let value = attribute
            .normalized_value(XmlVersion::Implicit1_0)
            .map_err(|error| format!("in <{name}>: {error}"))?;
        attributes.push((attribute.key.as_ref().to_owned(), value.into_owned()));
    }
    Ok(Element { name, attributes, ..Element::default() })
}

fn append(open: &mut [Element], text: &str) -> Result<(), String> {
    match open.last_mut() {
        Some(element) => element.text.push_str(text),
        None if text.trim().is_empty() => {}
        None => return Err("text stands outside of the root element".to_owned()),
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn reads_elements_attributes_and_text() {
        let text = "<?xml version=\"1.0\"?><!-- c --><A x=\"1 &amp; 2\"><b>a&lt;&#20013;<![CDATA[<]]></b><c/></A>";
        let root = parse(text).unwrap();
        assert_eq!(root.attribute("X"), Some("1 & 2"));
        assert_eq!(root.child_text("B"), "a<中<");
        assert_eq!(root.all("c").count(), 1);
    }

    #[test]
    fn attacks_are_refused() {
        let bomb = "<!DOCTYPE a [<!ENTITY b \"bbbb\"><!ENTITY c \"&b;&b;&b;\">]><a>&c;</a>";
        let external = "<!DOCTYPE a [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><a>&x;</a>";
        let remote = "<!DOCTYPE a SYSTEM \"http://127.0.0.1/x.dtd\"><a/>";
        for text in [bomb, external, remote] {
            assert_eq!(parse(text).unwrap_err(), "a document type is not accepted");
        }
        assert!(parse("<a>&x;</a>").unwrap_err().contains("is not predefined"));
        assert!(parse("<a b=\"&x;\"/>").is_err());
        let deep = format!("{}{}", "<a>".repeat(5_000), "</a>".repeat(5_000));
        assert!(parse(&deep).unwrap_err().starts_with("it is deeper than 32"));
    }

    #[test]
    fn broken_documents_are_explained() {
        for text in
            ["", "x", "<a>", "<a></b>", "</a>", "<a/><b/>", "<a/>x", "<a b></a>", "<a>&#0;</a>"]
        {
            assert!(parse(text).is_err(), "{text}");
        }
    }

    proptest! {
        #[test]
        fn no_text_panics(text in "\\PC{0,80}") {
            let _ = parse(&text);
            let _ = parse(&format!("<a>{text}</a>"));
        }
    }
}
