//! What writes documents back to a system, opened without contacting it.

use std::sync::Arc;

use anyhow::Result;
use yuanliu_contract::{ConfigProblem, Seams, Writer};

use crate::adapters::SystemClock;
use crate::config::{ConfigError, SystemConfig};
use crate::exit::UsageError;

/// Opens the writer of a system that is switched on and has a section `[write]`.
pub(crate) fn open_writer(system: &SystemConfig) -> Result<Arc<dyn Writer>> {
    match open(system) {
        Some(Ok(writer)) => Ok(writer),
        Some(Err(problems)) => {
            let file = format!("systems/{}.toml", system.name);
            Err(ConfigError { folder: file.into(), problems }.into())
        }
        None => Err(UsageError(format!("nothing can be written to {}", system.name)).into()),
    }
}

/// What the writers of these systems find wrong with their sections: what no list of fields can say.
pub(crate) fn problems<'s>(systems: impl Iterator<Item = &'s SystemConfig>) -> Vec<ConfigProblem> {
    systems.filter_map(open).filter_map(Result::err).flatten().collect()
}

fn open(system: &SystemConfig) -> Option<Result<Arc<dyn Writer>, Vec<ConfigProblem>>> {
    let writers = yuanliu_registry::write_backs();
    let writer = writers.iter().find(|writer| writer.kind() == system.kind)?;
    let (settings, write) = (system.settings.as_ref()?, system.write.as_ref()?);
    let (clock, budget) = (Arc::new(SystemClock), system.budget.clone());
    let opened = writer.open(settings, write, Seams { clock, budget });
    Some(opened.map_err(|mut problems| {
        let file = format!("systems/{}.toml: ", system.name);
        problems.iter_mut().for_each(|problem| problem.path.insert_str(0, &file));
        problems
    }))
}
