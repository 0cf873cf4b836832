//! Which server answers, and how it limits a statement.

use std::time::Duration;

/// MariaDB knows `max_statement_time` since 10.1.1 (MariaDB documentation, "Aborting Statements that Exceed a
/// Certain Time to Execute").
const MARIADB_LIMIT_SINCE: Version = Version(10, 1, 1);

/// MySQL knows `max_execution_time` since 5.7.8 (MySQL 8.0 manual, "Server System Variables").
const MYSQL_LIMIT_SINCE: Version = Version(5, 7, 8);

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Version(u32, u32, u32);

/// A server by what `version()` says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Product {
    is_mariadb: bool,
    version: Version,
}

impl Product {
    /// From the text of `version()`: `10.11.6-MariaDB-log`, `8.0.36`.
    pub(crate) fn of(version: &str) -> Self {
        let number = version.split(|c: char| c != '.' && !c.is_ascii_digit()).next();
        let mut parts = number.unwrap_or_default().split('.').map(|part| part.parse().unwrap_or(0));
        let mut next = || parts.next().unwrap_or(0);
        let version_number = Version(next(), next(), next());
        let is_mariadb = version.to_ascii_lowercase().contains("mariadb");
        Self { is_mariadb, version: version_number }
    }

    /// The assignment that makes the server itself stop a select after `limit`; none if it is too old.
    pub(crate) fn statement_limit(self, limit: Duration) -> Option<String> {
        match self.is_mariadb {
            true => (self.version >= MARIADB_LIMIT_SINCE)
                .then(|| format!("max_statement_time = {:.3}", limit.as_secs_f64())),
            false => (self.version >= MYSQL_LIMIT_SINCE)
                .then(|| format!("max_execution_time = {}", limit.as_millis())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_product_limits_statements_in_its_own_way() {
        let limit = |version| Product::of(version).statement_limit(Duration::from_millis(1_500));
        let mariadb = Some("max_statement_time = 1.500".to_owned());
        assert_eq!(limit("10.11.6-MariaDB-0+deb12u1"), mariadb);
        assert_eq!(limit("11.4.2-MariaDB-ubu2404-log"), mariadb);
        assert_eq!(limit("10.1.0-MariaDB"), None);
        let mysql = Some("max_execution_time = 1500".to_owned());
        assert_eq!(limit("8.0.36"), mysql);
        assert_eq!(limit("5.7.44-log"), mysql);
        assert_eq!(limit("5.7.7"), None);
        assert_eq!(limit("5.6.51"), None);
        assert_eq!(limit("?"), None);
    }
}
