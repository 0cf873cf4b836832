//! Whose rows are whose: `scope.toml` of the models.

use std::path::Path;

use anyhow::{Context, Result};
use yuanliu_warehouse::RowPolicy;

const FILE: &str = "scope.toml";

const BUILT_IN: &str = include_str!("../../../warehouse-sql/scope.toml");

/// The built-in policy, or that of the folder of models: one file, so that no half of it stays behind.
pub(super) fn load(folder: Option<&Path>) -> Result<RowPolicy> {
    let own = folder.map(|folder| folder.join(FILE)).filter(|path| path.exists());
    let text = match &own {
        Some(path) => std::fs::read_to_string(path)
            .with_context(|| format!("reading the row policy {}", path.display()))?,
        None => BUILT_IN.to_owned(),
    };
    let told = || {
        format!(
            "understanding the row policy {}",
            own.as_deref().map_or(FILE.into(), Path::to_string_lossy)
        )
    };
    let policy = toml::from_str(&text).with_context(told)?;
    RowPolicy::new(policy).with_context(told)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_built_in_policy_is_understood_and_a_wrong_key_is_refused() {
        load(None).unwrap();
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join(FILE), "[tables]\n\"marts.x\" = { daeler = \"d\" }\n")
            .unwrap();
        let told = format!("{:#}", load(Some(folder.path())).unwrap_err());
        assert!(told.contains("daeler"), "{told}");
    }
}
