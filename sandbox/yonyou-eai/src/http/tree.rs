//! The little of XML the server needs: elements with attributes and text.

use quick_xml::events::{BytesStart, Event};
use quick_xml::{Reader, XmlVersion};

/// An element.
#[derive(Debug, Default)]
pub(super) struct Node {
    pub(super) name: String,
    pub(super) attributes: Vec<(String, String)>,
    pub(super) text: String,
    pub(super) children: Vec<Node>,
}

impl Node {
    pub(super) fn attribute(&self, name: &str) -> &str {
        let found = self.attributes.iter().find(|(known, _)| known == name);
        found.map_or("", |(_, value)| value.as_str())
    }

    pub(super) fn child(&self, name: &str) -> Option<&Self> {
        self.children.iter().find(|child| child.name == name)
    }

    pub(super) fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Self> {
        self.children.iter().filter(move |child| child.name == name)
    }
}

/// Parses a document; none if it is not one.
pub(super) fn parse(text: &str) -> Option<Node> {
    let mut reader = Reader::from_str(text);
    reader.config_mut().expand_empty_elements = true;
    let mut open = vec![Node::default()];
    loop {
        match reader.read_event().ok()? {
            Event::Start(start) => open.push(begin(&start)?),
            Event::End(_) => {
                let closed = open.pop()?;
                open.last_mut()?.children.push(closed);
            }
            Event::Text(part) => {
                open.last_mut()?.text.push_str(&part.xml_content(XmlVersion::Implicit1_0));
            }
            Event::GeneralRef(reference) => {
                let text = match reference.resolve_char_ref().ok()? {
                    Some(char) => char.to_string(),
                    None => quick_xml::escape::resolve_predefined_entity(&reference)?.to_owned(),
                };
                open.last_mut()?.text.push_str(&text);
            }
            Event::Eof => break,
            _ => {}
        }
    }
    match open.len() {
        1 => open.pop()?.children.pop(),
        _ => None,
    }
}

fn begin(start: &BytesStart<'_>) -> Option<Node> {
    let mut node = Node { name: start.name().as_ref().to_owned(), ..Node::default() };
    for attribute in start.attributes() {
        let attribute = attribute.ok()?;
        let value = attribute.normalized_value(XmlVersion::Implicit1_0).ok()?;
        node.attributes.push((attribute.key.as_ref().to_owned(), value.into_owned()));
    }
    Some(node)
}
