//! The filter grammar: a where-clause over field keys.

use super::QueryError;
use super::lexer::{Token, tokens};

/// Deepest nesting of parentheses and `not`; keeps the recursion bounded.
const DEPTH_MAX: usize = 64;

/// Comparison operator.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Operator {
    Equal,
    NotEqual,
    Less,
    LessEqual,
    Greater,
    GreaterEqual,
}

/// A side of a comparison.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Operand {
    Field(String),
    Text(String),
    Number(String),
    Null,
}

/// A parsed filter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Filter {
    All(Vec<Filter>),
    Any(Vec<Filter>),
    Not(Box<Filter>),
    Compare(Operand, Operator, Operand),
    Like(Operand, String),
    In(Operand, Vec<Operand>),
    Between(Operand, Operand, Operand),
    IsNull(Operand),
}

/// Parses a filter text; empty text filters nothing.
pub(super) fn parse(text: &str) -> Result<Filter, QueryError> {
    let tokens = tokens(text)?;
    if tokens.is_empty() {
        return Ok(Filter::All(Vec::new()));
    }
    let mut parser = Parser { tokens: &tokens, at: 0 };
    let filter = parser.any(0)?;
    if parser.at < tokens.len() { Err(parser.refuse()) } else { Ok(filter) }
}

struct Parser<'a> {
    tokens: &'a [Token],
    at: usize,
}

impl Parser<'_> {
    fn any(&mut self, depth: usize) -> Result<Filter, QueryError> {
        let mut parts = vec![self.all(depth)?];
        while self.take_word("or") {
            parts.push(self.all(depth)?);
        }
        Ok(single(parts, Filter::Any))
    }

    fn all(&mut self, depth: usize) -> Result<Filter, QueryError> {
        let mut parts = vec![self.negation(depth)?];
        while self.take_word("and") {
            parts.push(self.negation(depth)?);
        }
        Ok(single(parts, Filter::All))
    }

    fn negation(&mut self, depth: usize) -> Result<Filter, QueryError> {
        if depth > DEPTH_MAX {
            return Err(QueryError::Filter("条件嵌套过深".to_owned()));
        }
        if self.take_word("not") {
            return Ok(Filter::Not(Box::new(self.negation(depth + 1)?)));
        }
        if self.take_symbol("(") {
            let inner = self.any(depth + 1)?;
            return if self.take_symbol(")") { Ok(inner) } else { Err(self.refuse()) };
        }
        self.predicate()
    }

    fn predicate(&mut self) -> Result<Filter, QueryError> {
        let left = self.operand()?;
        if self.take_word("is") {
            let negated = self.take_word("not");
            let filter = Filter::IsNull(left);
            return if self.take_word("null") {
                Ok(wrap(negated, filter))
            } else {
                Err(self.refuse())
            };
        }
        let negated = self.take_word("not");
        if self.take_word("like") {
            return match self.next() {
                Some(Token::Text(pattern)) => {
                    let filter = Filter::Like(left, pattern.clone());
                    Ok(wrap(negated, filter))
                }
                _ => Err(self.refuse()),
            };
        }
        if self.take_word("in") {
            return Ok(wrap(negated, Filter::In(left, self.list()?)));
        }
        if self.take_word("between") {
            let low = self.operand()?;
            if !self.take_word("and") {
                return Err(self.refuse());
            }
            return Ok(wrap(negated, Filter::Between(left, low, self.operand()?)));
        }
        if negated {
            return Err(self.refuse());
        }
        let operator = self.operator()?;
        Ok(Filter::Compare(left, operator, self.operand()?))
    }

    fn list(&mut self) -> Result<Vec<Operand>, QueryError> {
        if !self.take_symbol("(") {
            return Err(self.refuse());
        }
        let mut items = vec![self.operand()?];
        while self.take_symbol(",") {
            items.push(self.operand()?);
        }
        if self.take_symbol(")") { Ok(items) } else { Err(self.refuse()) }
    }

    fn operand(&mut self) -> Result<Operand, QueryError> {
        match self.next().cloned() {
            Some(Token::Word(word)) if word.eq_ignore_ascii_case("null") => Ok(Operand::Null),
            Some(Token::Word(word)) if !is_keyword(&word) => Ok(Operand::Field(word)),
            Some(Token::Text(text)) => Ok(Operand::Text(text)),
            Some(Token::Number(number)) => Ok(Operand::Number(number)),
            Some(Token::Symbol("-")) => match self.next().cloned() {
                Some(Token::Number(number)) => Ok(Operand::Number(format!("-{number}"))),
                _ => Err(self.refuse()),
            },
            _ => Err(self.refuse()),
        }
    }

    fn operator(&mut self) -> Result<Operator, QueryError> {
        match self.next() {
            Some(Token::Symbol("=")) => Ok(Operator::Equal),
            Some(Token::Symbol("<>" | "!=")) => Ok(Operator::NotEqual),
            Some(Token::Symbol("<")) => Ok(Operator::Less),
            Some(Token::Symbol("<=")) => Ok(Operator::LessEqual),
            Some(Token::Symbol(">")) => Ok(Operator::Greater),
            Some(Token::Symbol(">=")) => Ok(Operator::GreaterEqual),
            _ => Err(self.refuse()),
        }
    }

    fn next(&mut self) -> Option<&Token> {
        let token = self.tokens.get(self.at);
        self.at += 1;
        token
    }

    fn take_word(&mut self, keyword: &str) -> bool {
        let found = matches!(
            self.tokens.get(self.at), Some(Token::Word(word)) if word.eq_ignore_ascii_case(keyword)
        );
        self.at += usize::from(found);
        found
    }

    fn take_symbol(&mut self, symbol: &str) -> bool {
        let found = matches!(self.tokens.get(self.at), Some(Token::Symbol(s)) if *s == symbol);
        self.at += usize::from(found);
        found
    }

    fn refuse(&self) -> QueryError {
        let last = self.at.min(self.tokens.len()).saturating_sub(1);
        let near = match self.tokens.get(last) {
            Some(Token::Word(text) | Token::Text(text) | Token::Number(text)) => text.as_str(),
            Some(Token::Symbol(symbol)) => symbol,
            None => "",
        };
        let near: String = near.chars().take(40).collect();
        QueryError::Filter(format!("“{near}”附近有语法错误"))
    }
}

fn is_keyword(word: &str) -> bool {
    let keywords = ["and", "or", "not", "like", "in", "between", "is", "select", "from"];
    keywords.iter().any(|keyword| word.eq_ignore_ascii_case(keyword))
}

fn single(mut parts: Vec<Filter>, many: fn(Vec<Filter>) -> Filter) -> Filter {
    match parts.pop() {
        Some(only) if parts.is_empty() => only,
        Some(last) => {
            parts.push(last);
            many(parts)
        }
        None => many(parts),
    }
}

fn wrap(negated: bool, filter: Filter) -> Filter {
    if negated { Filter::Not(Box::new(filter)) } else { filter }
}
