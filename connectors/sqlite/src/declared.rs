//! What a column declares, and what its values show.
//!
//! Affinity: SQLite documentation, "Datatypes In SQLite", section 3.1. A declaration binds nobody, so a column of
//! dates is looked into: numbers in it are unix times or Julian days, which an expression must name.

use yuanliu_sql_kit::ColumnType;

/// Added to the declared type where times are written with a `T` between day and time.
const WITH_T: &str = " with T";

/// What a value of a column of dates is stored as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sample {
    /// Nothing is known: no value among the first rows.
    None,
    /// `2026-03-31 08:30:00`, or a day.
    Text,
    /// `2026-03-31T08:30:00`.
    TextWithT,
    Number,
}

impl Sample {
    /// From `typeof` and the eleventh character.
    pub(crate) fn of(stored: &str, eleventh: &str) -> Self {
        match (stored, eleventh) {
            ("text", "T") => Self::TextWithT,
            ("text", _) => Self::Text,
            ("integer" | "real", _) => Self::Number,
            _ => Self::None,
        }
    }
}

/// Whether values of the described type have a `T` between day and time.
pub(crate) fn has_t(data_type: &str) -> bool {
    data_type.ends_with(WITH_T)
}

/// Whether it declares days or times.
pub(crate) fn is_day(declared: &str) -> bool {
    let declared = declared.to_ascii_uppercase();
    declared.contains("DATE") || declared.contains("TIME")
}

/// The type as it is shown: as declared, and how its values are written if that matters.
pub(crate) fn described(declared: &str, sample: Sample) -> String {
    match (declared.trim(), sample) {
        ("", _) => "ANY".to_owned(),
        (declared, Sample::TextWithT) if is_day(declared) => format!("{declared}{WITH_T}"),
        (declared, _) => declared.to_owned(),
    }
}

/// The catalogue type a column is read as, or why it is not.
pub(crate) fn readable(declared: &str, sample: Sample) -> Result<String, String> {
    let upper = declared.trim().to_ascii_uppercase();
    let has = |word: &str| upper.contains(word);
    if is_day(&upper) {
        if sample == Sample::Number {
            return Err("its values are numbers; say what they count with an expr such as \
                        datetime(column, 'unixepoch'), declared instant"
                .to_owned());
        }
        let is_both = has("DATETIME") || has("TIMESTAMP");
        return Ok(match (is_both, has("DATE")) {
            (true, _) => "datetime",
            (false, true) => "date",
            (false, false) => "time",
        }
        .to_owned());
    }
    let exact = upper.replace("NUMERIC", "DECIMAL").replace(' ', "").to_ascii_lowercase();
    if let Ok(exact @ ColumnType::Decimal(..)) = exact.parse::<ColumnType>() {
        return Ok(exact.to_string());
    }
    let kind = match () {
        () if has("INT") => "integer",
        () if has("JSON") => "json",
        () if has("UUID") || has("GUID") => "uuid",
        () if has("CHAR") || has("CLOB") || has("TEXT") => "text",
        () if has("BLOB") || has("BINARY") => "binary",
        () if has("BOOL") => "boolean",
        () if has("REAL") || has("FLOA") || has("DOUB") || has("NUM") || has("DEC") => {
            "decimal(38,10)"
        }
        // Whatever it is, it has a text.
        () => "text",
    };
    Ok(kind.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn declared_types_and_what_they_are_read_as() {
        let read = |declared| readable(declared, Sample::None).unwrap();
        for (declared, kind) in [
            ("INTEGER", "integer"),
            ("unsigned big int", "integer"),
            ("DECIMAL(20, 4)", "decimal(20,4)"),
            ("numeric(12,3)", "decimal(12,3)"),
            ("NUMERIC", "decimal(38,10)"),
            ("double precision", "decimal(38,10)"),
            ("VARCHAR(60)", "text"),
            ("", "text"),
            ("BLOB", "binary"),
            ("BOOLEAN", "boolean"),
            ("DATETIME", "datetime"),
            ("timestamp", "datetime"),
            ("date", "date"),
            ("TIME", "time"),
            ("JSON", "json"),
            ("uuid", "uuid"),
        ] {
            assert_eq!(read(declared), kind, "{declared}");
        }
        assert!(readable("DATETIME", Sample::Number).unwrap_err().contains("unixepoch"));
        assert_eq!(described("DATETIME", Sample::TextWithT), "DATETIME with T");
        assert!(has_t("DATETIME with T") && !has_t("DATETIME"));
        assert_eq!(described("", Sample::None), "ANY");
    }
}
