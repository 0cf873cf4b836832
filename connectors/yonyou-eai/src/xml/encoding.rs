//! Bytes to text: a byte order mark, then the declaration, then UTF-8, then GBK.
//!
//! Answers are UTF-8 in verified installations; declarations of gb2312 and GBK occur in older ones
//! (reference: yonyou.md 3.1). Nothing is ever replaced by a substitute character.

use encoding_rs::{Encoding, GB18030, UTF_8};

/// A declaration stands within the first bytes.
const DECLARATION_BYTES_MAX: usize = 200;

/// Decodes a document; none if it is text in none of the encodings.
pub(crate) fn decode(bytes: &[u8]) -> Option<String> {
    if let Some((encoding, length)) = Encoding::for_bom(bytes) {
        return exactly(encoding, bytes.get(length..)?);
    }
    let declared = declared(bytes).filter(|encoding| encoding.is_ascii_compatible());
    // GB18030 holds all of GBK, which holds all of GB 2312.
    let tried = declared.into_iter().chain([UTF_8, GB18030]);
    tried.into_iter().find_map(|encoding| exactly(encoding, bytes))
}

fn exactly(encoding: &'static Encoding, bytes: &[u8]) -> Option<String> {
    encoding.decode_without_bom_handling_and_without_replacement(bytes).map(Into::into)
}

/// The encoding an XML declaration names, if it is a known one.
fn declared(bytes: &[u8]) -> Option<&'static Encoding> {
    let start = bytes.get(..bytes.len().min(DECLARATION_BYTES_MAX))?;
    let text: String = start.iter().map(|&byte| char::from(byte)).collect();
    let (declaration, _) = text.trim_start().strip_prefix("<?xml")?.split_once("?>")?;
    let (_, value) = declaration.split_once("encoding")?;
    let value = value.trim_start().strip_prefix('=')?.trim_start();
    let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    let (label, _) = value.get(1..)?.split_once(quote)?;
    Encoding::for_label(label.trim().as_bytes())
}

#[cfg(test)]
mod tests {
    use encoding_rs::GBK;
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_declaration_decides() {
        let text = "<?xml version=\"1.0\" encoding=\"gb2312\"?><a>示例客户</a>";
        let (gbk, _, _) = GBK.encode(text);
        assert_eq!(decode(&gbk).as_deref(), Some(text));
        let text = "<?xml version='1.0' encoding='UTF-8'?><a>示例客户</a>";
        assert_eq!(decode(text.as_bytes()).as_deref(), Some(text));
    }

    #[test]
    fn wrong_or_missing_declarations_fall_back() {
        let (gbk, _, _) = GBK.encode("<?xml version=\"1.0\" encoding=\"utf-8\"?><a>示例</a>");
        assert!(decode(&gbk).unwrap().ends_with("<a>示例</a>"));
        let (gbk, _, _) = GBK.encode("<a>示例客户</a>");
        assert_eq!(decode(&gbk).as_deref(), Some("<a>示例客户</a>"));
        assert_eq!(decode("<a>示例客户</a>".as_bytes()).as_deref(), Some("<a>示例客户</a>"));
        let unknown = "<?xml version=\"1.0\" encoding=\"x-none\"?><a>示</a>";
        assert_eq!(decode(unknown.as_bytes()).as_deref(), Some(unknown));
    }

    #[test]
    fn byte_order_marks_come_first() {
        assert_eq!(decode("\u{feff}<a>示</a>".as_bytes()).as_deref(), Some("<a>示</a>"));
        let utf16: Vec<u8> =
            "\u{feff}<a>示</a>".encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(decode(&utf16).as_deref(), Some("<a>示</a>"));
        assert_eq!(decode(&[0xff, 0xff, 0x80]), None);
    }

    proptest! {
        /// Whatever GB18030 can write comes back, declared or not as long as it is not UTF-8.
        #[test]
        fn declared_text_comes_back(body in "[\\u4e00-\\u9fa5a-zA-Z0-9 ]{0,60}", label in "gbk|GB2312|gb18030") {
            let text = format!("<?xml version=\"1.0\" encoding=\"{label}\"?><a>{body}</a>");
            let (bytes, _, had_errors) = GB18030.encode(&text);
            prop_assert!(!had_errors);
            prop_assert_eq!(decode(&bytes), Some(text));
        }

        #[test]
        fn no_bytes_panic(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
            let _ = decode(&bytes);
        }
    }
}
