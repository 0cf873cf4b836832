//! `yuanliu check-config`.

use anyhow::Result;
use serde_json::json;

use super::args::Common;
use crate::config::{Config, ConfigError};
use crate::output::Format;
use crate::{exit, writer};

pub(super) fn run(common: &Common) -> Result<u8> {
    let checked = Config::load(&common.config).and_then(|config| {
        let problems = writer::problems(config.systems.iter());
        if problems.is_empty() {
            Ok(config)
        } else {
            Err(ConfigError { folder: common.config.clone(), problems })
        }
    });
    let problems = match checked {
        Ok(config) => {
            let names: Vec<_> = config.systems.iter().map(|system| &system.name).collect();
            if common.format == Format::Json {
                common.json_output().write_json(&json!({"problems": [], "systems": names}))?;
            } else {
                eprintln!("configuration is right; {} system(s)", names.len());
            }
            return Ok(exit::DONE);
        }
        Err(error) if common.format == Format::Json => error.problems,
        Err(error) => return Err(error.into()),
    };
    common.json_output().write_json(&json!({"problems": problems}))?;
    Ok(exit::USAGE)
}
