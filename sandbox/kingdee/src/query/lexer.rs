//! Tokens of a filter text.

use super::QueryError;

/// Longest filter text taken, in bytes; a longer one is refused rather than parsed.
const FILTER_BYTES_MAX: usize = 1 << 20;

/// One token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Token {
    /// A field key or a keyword.
    Word(String),
    /// A string literal, quotes removed.
    Text(String),
    /// A number literal.
    Number(String),
    /// An operator, a parenthesis or a comma.
    Symbol(&'static str),
}

const SYMBOLS: [&str; 12] = ["<>", "!=", ">=", "<=", "=", ">", "<", "(", ")", ",", "-", "+"];

/// Splits a filter text into tokens.
pub(super) fn tokens(text: &str) -> Result<Vec<Token>, QueryError> {
    if text.len() > FILTER_BYTES_MAX {
        return Err(QueryError::Filter("过滤条件过长".to_owned()));
    }
    let mut tokens = Vec::new();
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        let (token, length) = match first {
            '\'' => string(rest, 1)?,
            'N' | 'n' if rest[1..].starts_with('\'') => string(rest, 2)?,
            '0'..='9' => number(rest),
            _ if is_word(first) => word(rest),
            _ => symbol(rest)?,
        };
        tokens.push(token);
        rest = rest[length..].trim_start();
    }
    Ok(tokens)
}

fn is_word(character: char) -> bool {
    character.is_alphanumeric() || matches!(character, '_' | '.')
}

fn word(rest: &str) -> (Token, usize) {
    let length = rest.find(|character| !is_word(character)).unwrap_or(rest.len());
    (Token::Word(rest[..length].to_owned()), length)
}

fn number(rest: &str) -> (Token, usize) {
    let outside = |character: char| !character.is_ascii_digit() && character != '.';
    let length = rest.find(outside).unwrap_or(rest.len());
    (Token::Number(rest[..length].to_owned()), length)
}

fn symbol(rest: &str) -> Result<(Token, usize), QueryError> {
    let found = SYMBOLS.iter().find(|symbol| rest.starts_with(**symbol));
    let near = || rest.chars().take(12).collect::<String>();
    found
        .map(|symbol| (Token::Symbol(symbol), symbol.len()))
        .ok_or_else(|| QueryError::Filter(format!("“{}”附近有语法错误", near())))
}

/// Reads a quoted string whose opening quote ends at `start`; a doubled quote stands for one.
fn string(rest: &str, start: usize) -> Result<(Token, usize), QueryError> {
    let mut text = String::new();
    let mut at = start;
    loop {
        let length = rest[at..]
            .find('\'')
            .ok_or_else(|| QueryError::Filter("字符串缺少右引号".to_owned()))?;
        text.push_str(&rest[at..at + length]);
        at += length + 1;
        if !rest[at..].starts_with('\'') {
            return Ok((Token::Text(text), at));
        }
        text.push('\'');
        at += 1;
    }
}
