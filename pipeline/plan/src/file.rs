//! Which file of a configuration a path is.

/// A file by what it is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileKind {
    /// `hub.toml`.
    Hub,
    /// `rules.toml`.
    Rules,
    /// `gates.toml`.
    Gates,
    /// `jobs.toml`.
    Jobs,
    /// `alerts.toml`.
    Alerts,
    /// One of `systems/`.
    System,
}

impl FileKind {
    /// The files there is one of.
    pub const NAMES: [&'static str; 5] =
        ["hub.toml", "rules.toml", "gates.toml", "jobs.toml", "alerts.toml"];

    /// The kind of a path; none if it is none of a configuration.
    pub fn of(path: &str) -> Option<Self> {
        match path {
            "hub.toml" => Some(Self::Hub),
            "rules.toml" => Some(Self::Rules),
            "gates.toml" => Some(Self::Gates),
            "jobs.toml" => Some(Self::Jobs),
            "alerts.toml" => Some(Self::Alerts),
            _ => system(path).map(|_| Self::System),
        }
    }
}

/// The system whose file a path is.
pub(crate) fn system(path: &str) -> Option<&str> {
    let name = path.strip_prefix("systems/")?.strip_suffix(".toml")?;
    let is_plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    let fits = !name.is_empty() && name.chars().all(is_plain) && !name.contains("__");
    fits.then_some(name)
}
