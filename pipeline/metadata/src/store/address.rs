//! Where a store is.

use std::fmt;
use std::path::PathBuf;

use sqlx::postgres::PgConnectOptions;

/// Where a store is. Its display form never shows a password.
#[derive(Clone)]
pub(super) enum Address {
    /// A SQLite file.
    File(PathBuf),
    /// A database of a PostgreSQL server.
    Server(Box<PgConnectOptions>),
}

impl Address {
    /// Reads an address; the error says what is wrong without repeating it, for it may hold a password.
    pub(super) fn parse(url: &str) -> Result<Self, String> {
        let url = url.trim();
        let Some((scheme, rest)) = url.split_once(':').filter(|(scheme, _)| is_scheme(scheme))
        else {
            return match url {
                "" => Err("the address is empty".to_owned()),
                path => Ok(Self::File(path.into())),
            };
        };
        match scheme {
            "sqlite" => match rest.trim_start_matches("//") {
                "" => Err("the address names no file".to_owned()),
                path => Ok(Self::File(path.into())),
            },
            "postgres" | "postgresql" => {
                let options: PgConnectOptions = url
                    .parse()
                    .map_err(|_| "the address is not a URL of PostgreSQL; percent-encode special characters of the password".to_owned())?;
                if options.get_database().is_none_or(str::is_empty) {
                    return Err("the address names no database".to_owned());
                }
                Ok(Self::Server(Box::new(options.application_name("yuanliu"))))
            }
            other => Err(format!("{other} is no kind of metadata store")),
        }
    }
}

/// A drive letter is no scheme.
fn is_scheme(text: &str) -> bool {
    text.len() > 1
        && text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.'))
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(path) => write!(f, "{}", path.display()),
            Self::Server(options) => write!(
                f,
                "postgres://{}@{}:{}/{}",
                options.get_username(),
                options.get_host(),
                options.get_port(),
                options.get_database().unwrap_or_default(),
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test ends where its ground is missing")]

    use super::Address;

    #[test]
    fn an_address_is_a_path_or_a_url_and_never_shows_its_password() {
        let shown = |url: &str| Address::parse(url).map(|address| address.to_string());
        assert_eq!(shown("data/metadata.db").unwrap(), "data/metadata.db");
        assert_eq!(shown("sqlite:data/metadata.db").unwrap(), "data/metadata.db");
        assert_eq!(shown("sqlite:///data/metadata.db").unwrap(), "/data/metadata.db");
        assert_eq!(shown("C:/data/metadata.db").unwrap(), "C:/data/metadata.db");
        assert_eq!(
            shown("postgres://hub:s3cret@db.example:5433/yuanliu?sslmode=require").unwrap(),
            "postgres://hub@db.example:5433/yuanliu"
        );
        for wrong in ["", "sqlite:", "mysql://a:s3cret@b/c", "postgres://hub:s3cret@db:port/x"] {
            let reason = shown(wrong).unwrap_err();
            assert!(!reason.contains("s3cret"), "{reason}");
        }
    }
}
