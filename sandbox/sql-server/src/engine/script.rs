//! A batch as a list of commands. Queries are parsed by sqlparser; the settings around them, which it does not
//! know or knows otherwise, are read here word by word.

use sqlparser::ast::{DataType, Expr, Query};
use sqlparser::dialect::MsSqlDialect;
use sqlparser::keywords::Keyword;
use sqlparser::parser::{Parser, ParserError};
use sqlparser::tokenizer::{Token, TokenWithSpan, Tokenizer, Word};

use crate::error::SqlError;

static DIALECT: MsSqlDialect = MsSqlDialect {};

/// One statement.
#[derive(Debug, Clone)]
pub(crate) enum Command {
    /// A query.
    Query(Box<Query>),
    /// `use database`
    Use(String),
    /// `declare @name type = value`, or `set @name = value` without a type.
    Assign(String, Option<DataType>, Option<Expr>),
    /// `set transaction isolation level …`
    Isolation(String),
    /// `waitfor delay 'hh:mm:ss'`, in milliseconds
    Wait(u64),
    /// `exec procedure argument, …`; names are dropped, the order of the documentation is expected.
    Exec(String, Vec<Expr>),
    /// `print expression`
    Print(Expr),
    /// A setting that changes nothing here.
    Setting,
}

/// A batch, split into commands up to the first that cannot be read.
pub(crate) struct Script {
    commands: std::vec::IntoIter<Result<Command, SqlError>>,
}

impl Script {
    /// Reads a batch; an error in it comes when its command is asked for.
    pub(crate) fn new(sql: &str) -> Result<Self, SqlError> {
        let tokens = Tokenizer::new(&DIALECT, sql).tokenize_with_location();
        let tokens = tokens.map_err(|error| SqlError::syntax(&error.message))?;
        let mut reader = Reader {
            parser: Parser::new(&DIALECT).with_tokens_with_locations(changetable(tokens)),
        };
        let mut commands = Vec::new();
        while let Some(command) = reader.command().transpose() {
            let failed = command.is_err();
            commands.push(command);
            if failed {
                break;
            }
        }
        Ok(Self { commands: commands.into_iter() })
    }

    /// The next command; none at the end.
    pub(crate) fn next(&mut self) -> Result<Option<Command>, SqlError> {
        self.commands.next().transpose()
    }
}

/// A batch being read.
struct Reader<'a> {
    parser: Parser<'a>,
}

impl Reader<'_> {
    fn command(&mut self) -> Result<Option<Command>, SqlError> {
        while self.parser.consume_token(&Token::SemiColon) {}
        let token = self.parser.peek_token().token;
        let word = match &token {
            Token::EOF => return Ok(None),
            Token::LParen => return self.query().map(Some),
            Token::Word(word) => word.value.to_ascii_uppercase(),
            other => return Err(SqlError::syntax(&other.to_string())),
        };
        match word.as_str() {
            "SELECT" | "WITH" => return self.query().map(Some),
            "INSERT" | "UPDATE" | "DELETE" | "MERGE" | "CREATE" | "ALTER" | "DROP" | "TRUNCATE" => {
                return Err(SqlError::new(
                    262,
                    14,
                    format!(
                        "{word} permission denied: the sandbox is read through SQL and written through its handle."
                    ),
                ));
            }
            _ => {}
        }
        self.parser.next_token();
        Ok(Some(match word.as_str() {
            "USE" => Command::Use(self.word()?),
            "SET" => self.set()?,
            "DECLARE" => {
                let name = self.word()?;
                self.keyword("AS");
                let ty = self.parser.parse_data_type().map_err(syntax)?;
                let value = self.initial()?;
                Command::Assign(name, Some(ty), value)
            }
            "PRINT" => Command::Print(self.parser.parse_expr().map_err(syntax)?),
            "WAITFOR" => {
                self.keyword("DELAY");
                Command::Wait(delay(&self.word()?).ok_or_else(|| SqlError::syntax("waitfor"))?)
            }
            "EXEC" | "EXECUTE" => self.exec()?,
            "BEGIN" | "COMMIT" | "ROLLBACK" | "IF" | "GO" | "END" => {
                self.skip_setting();
                Command::Setting
            }
            other => return Err(SqlError::syntax(other)),
        }))
    }

    fn query(&mut self) -> Result<Command, SqlError> {
        let query = self.parser.parse_query().map_err(syntax)?;
        // `option (recompile)` and its like.
        if self.keyword("OPTION") {
            while !matches!(
                self.parser.peek_token().token,
                Token::EOF | Token::SemiColon | Token::RParen
            ) {
                self.parser.next_token();
            }
            let _ = self.parser.consume_token(&Token::RParen);
        }
        Ok(Command::Query(query))
    }

    fn set(&mut self) -> Result<Command, SqlError> {
        let name = self.word()?;
        if name.starts_with('@') {
            return Ok(Command::Assign(name, None, self.initial()?));
        }
        if name.eq_ignore_ascii_case("transaction") {
            self.keyword("ISOLATION");
            self.keyword("LEVEL");
            let mut level = self.word()?;
            if level.eq_ignore_ascii_case("read") || level.eq_ignore_ascii_case("repeatable") {
                level = format!("{level} {}", self.word()?);
            }
            return Ok(Command::Isolation(level.to_ascii_lowercase()));
        }
        self.skip_setting();
        Ok(Command::Setting)
    }

    fn exec(&mut self) -> Result<Command, SqlError> {
        let name = self.parser.parse_object_name(false).map_err(syntax)?;
        let name = name.0.last().map(ToString::to_string).unwrap_or_default().to_ascii_lowercase();
        let mut arguments = Vec::new();
        while !matches!(self.parser.peek_token().token, Token::EOF | Token::SemiColon) {
            let argument = self.parser.parse_expr().map_err(syntax)?;
            arguments.push(match argument {
                Expr::BinaryOp { left, right, .. } if left.to_string().starts_with('@') => *right,
                other => other,
            });
            if !self.parser.consume_token(&Token::Comma) {
                break;
            }
        }
        Ok(Command::Exec(name, arguments))
    }

    fn initial(&mut self) -> Result<Option<Expr>, SqlError> {
        if !self.parser.consume_token(&Token::Eq) {
            return Ok(None);
        }
        self.parser.parse_expr().map(Some).map_err(syntax)
    }

    fn word(&mut self) -> Result<String, SqlError> {
        match self.parser.next_token().token {
            Token::Word(word) => Ok(word.value),
            Token::SingleQuotedString(text) | Token::NationalStringLiteral(text) => Ok(text),
            other => Err(SqlError::syntax(&other.to_string())),
        }
    }

    fn keyword(&mut self, expected: &str) -> bool {
        let found = matches!(self.parser.peek_token().token, Token::Word(word) if word.value.eq_ignore_ascii_case(expected));
        if found {
            self.parser.next_token();
        }
        found
    }

    /// Skips to the end of a setting: a semicolon, or a word that begins a statement.
    fn skip_setting(&mut self) {
        const STARTS: [&str; 9] =
            ["SELECT", "SET", "USE", "DECLARE", "EXEC", "EXECUTE", "PRINT", "WITH", "WAITFOR"];
        loop {
            match self.parser.peek_token().token {
                Token::EOF | Token::SemiColon => return,
                Token::Word(word)
                    if STARTS.iter().any(|start| word.value.eq_ignore_ascii_case(start)) =>
                {
                    return;
                }
                _ => {
                    self.parser.next_token();
                }
            }
        }
    }
}

/// Writes `changetable(changes dbo.t, @last)` as a function of two texts, which sqlparser can read.
fn changetable(tokens: Vec<TokenWithSpan>) -> Vec<TokenWithSpan> {
    let mut result: Vec<TokenWithSpan> = Vec::with_capacity(tokens.len());
    let mut tokens = tokens.into_iter().peekable();
    let is = |token: &Token, name: &str| matches!(token, Token::Word(word) if word.value.eq_ignore_ascii_case(name));
    while let Some(token) = tokens.next() {
        let in_changetable = is(&token.token, "CHANGES")
            && result
                .iter()
                .rev()
                .filter(|t| !matches!(t.token, Token::Whitespace(_)))
                .take(2)
                .map(|t| &t.token)
                .eq_by_name();
        if !in_changetable {
            result.push(token);
            continue;
        }
        let mut name = String::new();
        while let Some(part) = tokens.next_if(|t| !matches!(t.token, Token::Comma)) {
            match part.token {
                Token::Word(word) => name += &word.value,
                Token::Period => name.push('.'),
                _ => {}
            }
        }
        result.push(TokenWithSpan { token: Token::SingleQuotedString(name), span: token.span });
    }
    result
}

/// Whether the two tokens before, last first, are `changetable (`.
trait EqByName {
    fn eq_by_name(self) -> bool;
}

impl<'a, I: Iterator<Item = &'a Token>> EqByName for I {
    fn eq_by_name(mut self) -> bool {
        let open = matches!(self.next(), Some(Token::LParen));
        open && matches!(self.next(), Some(Token::Word(Word { value, keyword: Keyword::NoKeyword, .. })) if value.eq_ignore_ascii_case("changetable"))
    }
}

fn syntax(error: ParserError) -> SqlError {
    match error {
        ParserError::ParserError(text) | ParserError::TokenizerError(text) => {
            SqlError::new(102, 15, format!("Incorrect syntax: {text}."))
        }
        ParserError::RecursionLimitExceeded => {
            SqlError::new(191, 15, "Some part of your SQL statement is nested too deeply.")
        }
    }
}

fn delay(text: &str) -> Option<u64> {
    let mut seconds = 0.0;
    for part in text.split(':') {
        seconds = seconds * 60.0 + part.parse::<f64>().ok()?;
    }
    Some((seconds * 1000.0) as u64)
}

/// Parses one expression.
pub(super) fn parse_expression(text: &str) -> Result<Expr, SqlError> {
    let parser = Parser::new(&DIALECT).try_with_sql(text).map_err(syntax);
    parser?.parse_expr().map_err(syntax)
}

/// Parses one type.
pub(super) fn parse_type(text: &str) -> Result<DataType, SqlError> {
    let parser = Parser::new(&DIALECT).try_with_sql(text).map_err(syntax);
    parser?.parse_data_type().map_err(syntax)
}
