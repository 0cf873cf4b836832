//! Errors as the server reports them, with the numbers of `sys.messages`.

/// An error of a statement.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct SqlError {
    /// Number in `sys.messages`.
    pub number: i32,
    /// State.
    pub state: u8,
    /// Severity: 11 to 16 end the statement, 20 and more the connection.
    pub class: u8,
    /// The message.
    pub message: String,
}

impl SqlError {
    /// An error with state 1.
    pub(crate) fn new(number: i32, class: u8, message: impl Into<String>) -> Self {
        Self { number, state: 1, class, message: message.into() }
    }

    pub(crate) fn syntax(near: &str) -> Self {
        Self::new(102, 15, format!("Incorrect syntax near '{near}'."))
    }

    pub(crate) fn unsupported(what: &str) -> Self {
        Self::new(50_000, 16, format!("the sandbox does not support {what}"))
    }

    pub(crate) fn invalid_object(name: &str) -> Self {
        Self::new(208, 16, format!("Invalid object name '{name}'."))
    }

    pub(crate) fn invalid_column(name: &str) -> Self {
        Self::new(207, 16, format!("Invalid column name '{name}'."))
    }

    pub(crate) fn conversion(from: &str, to: &str) -> Self {
        Self::new(8114, 16, format!("Error converting data type {from} to {to}."))
    }

    pub(crate) fn conversion_of(from: &str, text: &str, to: &str) -> Self {
        let from = from.split('(').next().unwrap_or(from);
        Self::new(
            245,
            16,
            format!(
                "Conversion failed when converting the {from} value '{text}' to data type {to}."
            ),
        )
    }

    pub(crate) fn bad_date() -> Self {
        Self::new(
            241,
            16,
            "Conversion failed when converting date and/or time from character string.",
        )
    }

    pub(crate) fn overflow(to: &str) -> Self {
        Self {
            state: 2,
            ..Self::new(
                8115,
                16,
                format!("Arithmetic overflow error converting expression to data type {to}."),
            )
        }
    }

    pub(crate) fn permission(object: &str, database: &str, schema: &str) -> Self {
        Self {
            state: 5,
            ..Self::new(
                229,
                14,
                format!(
                    "The SELECT permission was denied on the object '{object}', database '{database}', schema '{schema}'."
                ),
            )
        }
    }
}
