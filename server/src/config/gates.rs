//! `gates.toml`: what must hold before goods go on; without the file those that come with the hub.

use std::io::ErrorKind;
use std::path::Path;

use yuanliu_contract::ConfigProblem;
use yuanliu_gates::Gates;

/// What holds where the folder has no file of its own.
const BUILT_IN: &str = include_str!("../../../config/gates.toml");

const FILE: &str = "gates.toml";

/// Reads the gates and tries their examples; a broken file is a problem.
pub(super) fn load(folder: &Path, problems: &mut Vec<ConfigProblem>) -> Option<Gates> {
    let text = match std::fs::read_to_string(folder.join(FILE)) {
        Ok(text) => text,
        Err(error) if error.kind() == ErrorKind::NotFound => BUILT_IN.to_owned(),
        Err(error) => {
            problems.push(ConfigProblem::new(FILE, format!("cannot be read ({error})")));
            return None;
        }
    };
    match Gates::parse(&text) {
        Ok(gates) => Some(gates),
        Err(error) => {
            let mut told = error.to_string();
            let mut below = std::error::Error::source(&error);
            while let Some(layer) = below {
                told = format!("{told}: {layer}");
                below = layer.source();
            }
            problems.push(ConfigProblem::new(FILE, told));
            None
        }
    }
}
