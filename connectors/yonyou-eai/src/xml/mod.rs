//! XML as both exchange platforms need it: bytes to text, text to a bounded tree, and back.

mod encoding;
mod tree;
mod write;

pub(crate) use encoding::decode;
pub(crate) use tree::{Element, parse};
pub(crate) use write::{attribute, element};
