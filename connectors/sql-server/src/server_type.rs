//! The server's own types: their names, how long they are, and what they are read as.

use yuanliu_sql_kit::{ColumnType, Operand};

/// The longest `nvarchar` that is not `max`.
const NVARCHAR_MAX: u32 = 4000;

/// Why types of the common language runtime are not read.
const NOT_READ: &str = "values of this type have no plain form; name a column of your own with an \
    expression, for instance";

/// A type as `data_type` texts write it: `nvarchar(60)`, `varchar(max) collate Chinese_PRC_CI_AS`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ServerType {
    /// Lower case, without length.
    pub(crate) name: String,
    /// What stands in parentheses: `60`, `max`, `38,10`; empty if there are none.
    pub(crate) arguments: String,
    /// Of text in code pages, if it is known.
    pub(crate) collation: Option<String>,
}

/// What `sys.columns` says about a column's type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct TypeFacts<'a> {
    pub(crate) name: &'a str,
    /// In bytes; -1 for `max`.
    pub(crate) max_length: i64,
    pub(crate) precision: i64,
    pub(crate) scale: i64,
    pub(crate) collation: Option<&'a str>,
}

impl ServerType {
    /// Reads a `data_type` text back.
    pub(crate) fn parse(text: &str) -> Self {
        let (head, collation) = match text.split_once(" collate ") {
            Some((head, collation)) => (head, Some(collation.trim().to_owned())),
            None => (text, None),
        };
        let (name, rest) = head.split_once('(').unwrap_or((head, ""));
        Self {
            name: name.trim().to_ascii_lowercase(),
            arguments: rest.trim_end().trim_end_matches(')').trim().to_owned(),
            // It comes from the server's catalogue and goes back into a statement unquoted.
            collation: collation.filter(|name| is_word(name)),
        }
    }

    /// The type of an operand; one that an expression most likely has if the server says nothing.
    pub(crate) fn of(operand: &Operand) -> Self {
        let text = match (&operand.server_type, operand.kind) {
            (Some(text), _) => return Self::parse(text),
            (None, ColumnType::Integer) => "bigint",
            (None, ColumnType::Unsigned) => "decimal(20,0)",
            (None, ColumnType::Decimal(precision, scale)) => {
                return Self::parse(&format!("decimal({precision},{scale})"));
            }
            (None, ColumnType::Text | ColumnType::Json) => "nvarchar(4000)",
            (None, ColumnType::Boolean) => "bit",
            (None, ColumnType::Date) => "date",
            (None, ColumnType::Time) => "time(7)",
            (None, ColumnType::Datetime) => "datetime2(7)",
            (None, ColumnType::Instant) => "datetimeoffset(7)",
            (None, ColumnType::Binary) => "varbinary(8000)",
            (None, ColumnType::Rowversion) => "timestamp",
            (None, ColumnType::Uuid) => "uniqueidentifier",
        };
        Self::parse(text)
    }

    /// A type from what the catalogue views say.
    pub(crate) fn from_facts(facts: &TypeFacts<'_>) -> Self {
        let name = facts.name.to_ascii_lowercase();
        let length = |unit: i64| match facts.max_length {
            -1 => "max".to_owned(),
            bytes => (bytes / unit).to_string(),
        };
        let arguments = match name.as_str() {
            "char" | "varchar" | "binary" | "varbinary" => length(1),
            "nchar" | "nvarchar" => length(2),
            "decimal" | "numeric" => format!("{},{}", facts.precision, facts.scale),
            "time" | "datetime2" | "datetimeoffset" => facts.scale.to_string(),
            _ => String::new(),
        };
        let in_code_page = matches!(name.as_str(), "char" | "varchar" | "text");
        let collation = facts.collation.filter(|collation| in_code_page && is_word(collation));
        Self { name, arguments, collation: collation.map(str::to_owned) }
    }

    /// Without the collation, as a statement writes it.
    pub(crate) fn written(&self) -> String {
        match self.arguments.as_str() {
            "" => self.name.clone(),
            arguments => format!("{}({arguments})", self.name),
        }
    }

    /// With the collation, as `systems discover` shows it.
    pub(crate) fn described(&self) -> String {
        match &self.collation {
            Some(collation) => format!("{} collate {collation}", self.written()),
            None => self.written(),
        }
    }

    /// The `nvarchar` that holds every value of a text type: no value has more characters than bytes.
    pub(crate) fn as_unicode(&self) -> String {
        match self.arguments.parse::<u32>() {
            Ok(length) if length <= NVARCHAR_MAX => format!("nvarchar({length})"),
            _ => "nvarchar(max)".to_owned(),
        }
    }

    /// The catalogue type it would be read as, or why it cannot be.
    pub(crate) fn readable(&self) -> Result<String, String> {
        Ok(match self.name.as_str() {
            "bit" => "boolean",
            "tinyint" | "smallint" | "int" | "bigint" => "integer",
            "decimal" | "numeric" => match self.arguments.as_str() {
                "" => return Ok("decimal(38,10)".to_owned()),
                arguments => return Ok(format!("decimal({arguments})")),
            },
            "money" => "decimal(19,4)",
            "smallmoney" => "decimal(10,4)",
            // The most digits a binary float of 64 bits is sure to keep are 15.
            "float" | "real" => "decimal(38,10)",
            "date" => "date",
            "time" => "time",
            "datetime" | "smalldatetime" | "datetime2" => "datetime",
            "datetimeoffset" => "instant",
            "char" | "varchar" | "text" | "nchar" | "nvarchar" | "ntext" | "sysname" | "xml"
            | "sql_variant" => "text",
            "binary" | "varbinary" | "image" => "binary",
            "timestamp" | "rowversion" => "rowversion",
            "uniqueidentifier" => "uuid",
            "hierarchyid" => return Err(format!("{NOT_READ} expr = \"[column].ToString()\"")),
            "geometry" | "geography" => {
                return Err(format!("{NOT_READ} expr = \"[column].STAsText()\""));
            }
            other => return Err(format!("`{other}` is not a type this connector knows")),
        }
        .to_owned())
    }

    /// Whether a column of it can tell that a row changed.
    pub(crate) fn can_tell_change(&self) -> bool {
        matches!(
            self.name.as_str(),
            "timestamp"
                | "rowversion"
                | "datetime"
                | "smalldatetime"
                | "datetime2"
                | "datetimeoffset"
        )
    }
}

fn is_word(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn facts(name: &str, max_length: i64, precision: i64, scale: i64) -> ServerType {
        let collation = Some("Chinese_PRC_CI_AS");
        ServerType::from_facts(&TypeFacts { name, max_length, precision, scale, collation })
    }

    #[test]
    fn texts_read_back() {
        for (server_type, text) in [
            (facts("nvarchar", 120, 0, 0), "nvarchar(60)"),
            (facts("nvarchar", -1, 0, 0), "nvarchar(max)"),
            (facts("varchar", 60, 0, 0), "varchar(60) collate Chinese_PRC_CI_AS"),
            (facts("decimal", 17, 38, 10), "decimal(38,10)"),
            (facts("datetime2", 8, 27, 7), "datetime2(7)"),
            (facts("timestamp", 8, 0, 0), "timestamp"),
            (facts("varbinary", 16, 0, 0), "varbinary(16)"),
        ] {
            assert_eq!(server_type.described(), text);
            assert_eq!(ServerType::parse(text), server_type);
        }
    }

    #[test]
    fn a_collation_is_one_word() {
        assert_eq!(ServerType::parse("varchar(1) collate x; drop table t").collation, None);
    }

    #[test]
    fn what_cannot_be_read_says_what_to_do() {
        let reason = ServerType::parse("geography").readable().unwrap_err();
        assert!(reason.contains("STAsText"), "{reason}");
        assert!(ServerType::parse("cursor").readable().is_err());
    }
}
