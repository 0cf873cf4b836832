//! Values in texts: what comes from outside must not become markup, a mention or a header.

/// The markup of a channel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Markup {
    /// Markdown as the robots of groups read it.
    Markdown,
    /// None.
    Plain,
}

/// A value longer than this is an error's text that went on too long.
const VALUE_CHARS_MAX: usize = 300;

impl Markup {
    /// A value as it stands in a text.
    ///
    /// The robots disagree on backslashes, so signs that begin markup (`<at id=all>`, `<@user>`,
    /// links, emphasis) are written in full width, which every one of them shows as it is.
    pub(crate) fn escape(self, value: &str) -> String {
        let shown = value.chars().take(VALUE_CHARS_MAX).map(|c| match c {
            c if c.is_control() => ' ',
            '<' if self == Self::Markdown => '＜',
            '>' if self == Self::Markdown => '＞',
            '[' if self == Self::Markdown => '［',
            ']' if self == Self::Markdown => '］',
            '*' if self == Self::Markdown => '＊',
            '`' if self == Self::Markdown => '｀',
            c => c,
        });
        let mut text: String = shown.collect();
        if value.chars().nth(VALUE_CHARS_MAX).is_some() {
            text.push('…');
        }
        text
    }

    /// The lines of a text one under the other.
    pub(crate) fn lines(self, lines: &[String]) -> String {
        match self {
            // One line break alone joins lines in markdown.
            Self::Markdown => lines.join("\n\n"),
            Self::Plain => lines.join("\n"),
        }
    }
}

/// A text cut to so many bytes between two characters.
pub(crate) fn cut(text: &str, bytes_max: usize) -> String {
    if text.len() <= bytes_max {
        return text.to_owned();
    }
    let ellipsis = "…";
    let mut end = bytes_max.saturating_sub(ellipsis.len());
    while !text.is_char_boundary(end) {
        end = end.saturating_sub(1);
    }
    format!("{}{ellipsis}", text.get(..end).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_do_not_become_markup() {
        assert_eq!(
            Markup::Markdown.escape("<at id=all></at>\n[x](y)"),
            "＜at id=all＞＜/at＞ ［x］(y)"
        );
        assert_eq!(Markup::Plain.escape("a\r\nBcc: b <c>"), "a  Bcc: b <c>");
        assert_eq!(Markup::Plain.escape(&"长".repeat(400)).chars().count(), 301);
    }

    #[test]
    fn a_cut_text_fits_and_is_text() {
        for bytes_max in 3..40 {
            let text = cut("窜货预警：经销商 D001", bytes_max);
            assert!(text.len() <= bytes_max, "{bytes_max} {text}");
            assert!(bytes_max >= 29 || text.ends_with('…'));
        }
    }
}
