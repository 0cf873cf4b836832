//! A source file as words, texts and signs.

/// A piece of a source file; comments and spaces are left out.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Token {
    Word(String),
    Text(String),
    Sign(char),
}

impl Token {
    pub(super) fn is_word(&self, wanted: &str) -> bool {
        matches!(self, Self::Word(word) if word == wanted)
    }

    pub(super) fn text(&self) -> Option<&str> {
        if let Self::Text(text) = self { Some(text) } else { None }
    }
}

/// The pieces of a file.
pub(super) fn tokens(source: &str) -> Vec<Token> {
    let mut found = Vec::new();
    let mut rest = source;
    while let Some(c) = rest.chars().next() {
        let is_letter = |c: char| c.is_alphanumeric() || c == '_';
        if let Some(comment) = rest.strip_prefix("//") {
            rest = comment.split_once('\n').map_or("", |(_, rest)| rest);
        } else if let Some(raw) = raw_text(rest) {
            found.push(Token::Text(raw.0.to_owned()));
            rest = raw.1;
        } else if c == '"' {
            let (text, after) = plain_text(&rest[1..]);
            found.push(Token::Text(text));
            rest = after;
        } else if c == '\'' {
            // A character, or the name of a lifetime.
            let mut inner = rest[1..].char_indices();
            let (_, first) = inner.next().unwrap();
            let end = if first == '\\' { inner.nth(1) } else { inner.next() };
            let end = end.filter(|(_, c)| *c == '\'').map_or(1, |(at, _)| at + 2);
            rest = &rest[end..];
        } else if is_letter(c) {
            let end = rest.find(|c| !is_letter(c)).unwrap_or(rest.len());
            found.push(Token::Word(rest[..end].to_owned()));
            rest = &rest[end..];
        } else {
            if !c.is_whitespace() {
                found.push(Token::Sign(c));
            }
            rest = &rest[c.len_utf8()..];
        }
    }
    found
}

/// A text like `r#"…"#` at the beginning, and what follows it.
fn raw_text(rest: &str) -> Option<(&str, &str)> {
    let marked = rest.strip_prefix('r')?;
    let hashes = marked.len() - marked.trim_start_matches('#').len();
    marked[hashes..].strip_prefix('"')?.split_once(&format!("\"{}", "#".repeat(hashes)))
}

/// The text up to its closing quote, and what follows it.
fn plain_text(rest: &str) -> (String, &str) {
    let mut text = String::new();
    let mut chars = rest.char_indices();
    while let Some((at, c)) = chars.next() {
        match c {
            '"' => return (text, &rest[at + 1..]),
            '\\' => match chars.next() {
                Some((at, '\n')) => {
                    let after = rest[at..].trim_start();
                    chars = rest.char_indices();
                    chars.nth(rest[..rest.len() - after.len()].chars().count() - 1);
                }
                Some((_, 'n')) => text.push('\n'),
                Some((_, c)) => text.push(c),
                None => break,
            },
            c => text.push(c),
        }
    }
    (text, "")
}
