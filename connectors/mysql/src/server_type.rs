//! A column's type as the server declares it (`information_schema.columns.column_type`).
//!
//! Types: MySQL 8.0 manual, "Data Types"; MariaDB documentation, "Data Types".

use yuanliu_sql_kit::ColumnType;

/// A decimal of the server has up to 65 digits; what a float or a longer decimal is taken for.
const DECIMAL_DEFAULT: &str = "decimal(38,10)";

/// A declared type: `decimal(20,4) unsigned`, `enum('a','b')`, `varchar(60)`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct ServerType<'a>(pub(crate) &'a str);

/// Types that are treated alike.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Family {
    Signed,
    Unsigned,
    Decimal,
    Float,
    Double,
    Bit,
    Date,
    Datetime,
    Timestamp,
    Time,
    Text,
    /// Texts that are ordered and compared by their place in the declaration.
    Listed,
    Binary,
    Json,
    Uuid,
    Spatial,
    Unknown,
}

impl<'a> ServerType<'a> {
    /// The type's word: `decimal`.
    pub(crate) fn base(self) -> &'a str {
        self.0.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').next().unwrap_or_default()
    }

    /// The type with its length and without what follows: `decimal(20,4)`.
    pub(crate) fn with_length(self) -> &'a str {
        match self.0.split_once(')') {
            Some((head, _)) => self.0.get(..head.len() + 1).unwrap_or(self.0),
            None => self.base(),
        }
    }

    fn is_unsigned(self) -> bool {
        self.0.to_ascii_lowercase().contains("unsigned")
    }

    pub(crate) fn family(self) -> Family {
        match self.base().to_ascii_lowercase().as_str() {
            "tinyint" | "smallint" | "mediumint" | "int" | "integer" | "bigint" | "boolean" => {
                match self.is_unsigned() {
                    true => Family::Unsigned,
                    false => Family::Signed,
                }
            }
            "year" => Family::Unsigned,
            "decimal" | "numeric" => Family::Decimal,
            "float" => Family::Float,
            "double" | "real" => Family::Double,
            "bit" => Family::Bit,
            "date" => Family::Date,
            "datetime" => Family::Datetime,
            "timestamp" => Family::Timestamp,
            "time" => Family::Time,
            "char" | "varchar" | "tinytext" | "text" | "mediumtext" | "longtext" | "inet4"
            | "inet6" => Family::Text,
            "enum" | "set" => Family::Listed,
            "binary" | "varbinary" | "tinyblob" | "blob" | "mediumblob" | "longblob" => {
                Family::Binary
            }
            "json" => Family::Json,
            "uuid" => Family::Uuid,
            "geometry" | "point" | "linestring" | "polygon" | "multipoint" | "multilinestring"
            | "multipolygon" | "geometrycollection" | "geomcollection" => Family::Spatial,
            _ => Family::Unknown,
        }
    }

    /// The catalogue type it is read as, or why it is not.
    pub(crate) fn readable(self) -> Result<String, String> {
        let text = match self.family() {
            Family::Signed => "integer",
            Family::Unsigned if self.base().eq_ignore_ascii_case("bigint") => "unsigned",
            // Narrower ones fit a signed number of 64 bits.
            Family::Unsigned => "integer",
            Family::Decimal => return Ok(self.decimal()),
            Family::Float | Family::Double => DECIMAL_DEFAULT,
            Family::Bit if self.with_length().eq_ignore_ascii_case("bit(1)") => "boolean",
            Family::Bit => "unsigned",
            Family::Date => "date",
            Family::Datetime => "datetime",
            Family::Timestamp => "instant",
            Family::Time => "time",
            Family::Text | Family::Listed => "text",
            Family::Binary => "binary",
            Family::Json => "json",
            Family::Uuid => "uuid",
            Family::Spatial => {
                return Err("spatial values have no column type; read st_astext(column)".to_owned());
            }
            Family::Unknown => {
                return Err(
                    "the connector does not know this type; read cast(column as char)".to_owned()
                );
            }
        };
        Ok(text.to_owned())
    }

    fn decimal(self) -> String {
        let declared = self.with_length().to_ascii_lowercase().replace("numeric", "decimal");
        let fits = |text: &String| text.parse::<ColumnType>().is_ok();
        Some(declared).filter(fits).unwrap_or_else(|| DECIMAL_DEFAULT.to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(declared: &str, family: Family, readable: &str) {
        let server_type = ServerType(declared);
        assert_eq!(server_type.family(), family);
        assert_eq!(server_type.readable().unwrap_or_else(|reason| reason), readable);
    }

    #[test]
    fn declared_types_and_what_they_are_read_as() {
        check("tinyint(1)", Family::Signed, "integer");
        check("int(10) unsigned zerofill", Family::Unsigned, "integer");
        check("bigint(20) unsigned", Family::Unsigned, "unsigned");
        check("bigint unsigned", Family::Unsigned, "unsigned");
        check("decimal(20,4) unsigned", Family::Decimal, "decimal(20,4)");
        check("decimal(65,30)", Family::Decimal, "decimal(38,10)");
        check("double", Family::Double, "decimal(38,10)");
        check("bit(1)", Family::Bit, "boolean");
        check("bit(64)", Family::Bit, "unsigned");
        check("datetime(6)", Family::Datetime, "datetime");
        check("timestamp", Family::Timestamp, "instant");
        check("year(4)", Family::Unsigned, "integer");
        check("enum('合格','不合格)')", Family::Listed, "text");
        check("varbinary(16)", Family::Binary, "binary");
        check("uuid", Family::Uuid, "uuid");
        check(
            "point",
            Family::Spatial,
            "spatial values have no column type; read st_astext(column)",
        );
        assert!(ServerType("vector(3)").readable().is_err());
    }
}
