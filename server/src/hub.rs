//! The opened hub: configuration, lake, metadata, regions.

use std::sync::Arc;

use anyhow::{Context, Result};
use chrono::Utc;
use yuanliu_contract::{Seams, System};
use yuanliu_engine::RejectStore;
use yuanliu_engine::ports::{Position, TableStore};
use yuanliu_engine::staging_buffer::StagingBuffer;
use yuanliu_functions::{FunctionOptions, Normalize, functions_at};
use yuanliu_metadata::{Metadata, Reject};
use yuanliu_regions::RegionTable;
use yuanliu_scans::{CodeRules, ScanRules};
use yuanliu_telemetry::Metrics;
use yuanliu_warehouse::{Lake, LakeOptions};

use crate::adapters::{LakeTables, MetadataRejects, SystemClock};
use crate::cli::Common;
use crate::config::{Config, ConfigError, SecretText, SystemConfig};
use crate::exit::UsageError;
use crate::live::Live;
use crate::places::{load_places, load_regions, place_stamps};

/// Rejects typed again at a time.
const REPLAY_ROWS: usize = 5_000;

/// Everything a command needs.
pub(crate) struct Hub {
    pub(crate) config: Config,
    pub(crate) lake: Arc<Lake>,
    pub(crate) metadata: Metadata,
    pub(crate) regions: Arc<RegionTable>,
    /// What runs now.
    pub(crate) live: Live,
    /// What is measured.
    pub(crate) metrics: Metrics,
}

impl Hub {
    /// Opens the hub for reading.
    pub(crate) async fn open(common: &Common) -> Result<Self> {
        Self::with(Config::load(&common.config)?, false).await
    }

    /// Opens the hub as the lake's one writer; runs that a crash left open are marked.
    pub(crate) async fn open_for_writing(common: &Common) -> Result<Self> {
        let hub = Self::with(Config::load(&common.config)?, true).await?;
        hub.metadata.mark_interrupted(Utc::now()).await?;
        Ok(hub)
    }

    async fn with(config: Config, is_writer: bool) -> Result<Self> {
        let data = &config.hub.data;
        std::fs::create_dir_all(data)
            .with_context(|| format!("making the data folder {}", data.display()))?;
        let regions = Arc::new(load_regions(&config.hub.regions)?);
        let options = lake_options(&config, &regions)?;
        let lake = if is_writer { Lake::open(options)? } else { Lake::open_read_only(options)? };
        let metadata = match &config.hub.metadata_url {
            Some(SecretText(url)) => Metadata::connect(url).await?,
            None => Metadata::open(&data.join("metadata.db")).await?,
        };
        Ok(Self {
            config,
            lake,
            metadata,
            regions,
            live: Live::default(),
            metrics: Metrics::new(env!("CARGO_PKG_VERSION")),
        })
    }
}

/// How the lake is opened under this configuration.
pub(crate) fn lake_options(config: &Config, regions: &Arc<RegionTable>) -> Result<LakeOptions> {
    let codes = scan_rules(config)?.codes().clone();
    let normalize: Normalize = Arc::new(move |text| codes.normalize(text).into_owned());
    let functions = FunctionOptions {
        time_zone: config.hub.time_zone,
        places: load_places(&config.hub.regions, Arc::clone(regions))?,
        normalize,
    };
    Ok(LakeOptions {
        functions_at: Arc::new(move |as_of| functions_at(&functions, as_of)),
        functions_version: functions_version(config),
        memory_limit_bytes: config.hub.memory_limit_mib << 20,
        amended_rows_min: config.hub.amended_rows_min,
        ..LakeOptions::new(config.hub.data.join("lake"))
    })
}

/// How scans are read under this configuration.
pub(crate) fn scan_rules(config: &Config) -> Result<ScanRules> {
    let codes = CodeRules {
        patterns: config.rules.patterns.clone(),
        placeholders: config.rules.placeholders.clone(),
        test_codes: config.rules.test_codes.clone(),
    };
    ScanRules::new(&codes, config.hub.device_time_zone)
        .context("reading [codes] patterns of rules.toml")
}

/// Changes with the binary and with what the functions are fixed to.
fn functions_version(config: &Config) -> String {
    let hub = &config.hub;
    format!(
        "{} {} {:?} {:?}",
        env!("CARGO_PKG_VERSION"),
        hub.time_zone,
        place_stamps(&hub.regions),
        config.rules.patterns
    )
}

/// Opens a system that is switched on, without contacting it.
pub(crate) fn open_system(system: &SystemConfig) -> Result<Arc<dyn System>> {
    let settings = system
        .settings
        .as_ref()
        .ok_or_else(|| UsageError(format!("the system `{}` is switched off", system.name)))?;
    let connector = yuanliu_registry::find(&system.kind)?;
    let (clock, budget) = (Arc::new(SystemClock), system.budget.clone());
    connector.open(settings, Seams { clock, budget }).map_err(|problems| {
        let prefix = format!("systems/{}.toml: ", system.name);
        let problems = problems.into_iter().map(|mut problem| {
            problem.path.insert_str(0, &prefix);
            problem
        });
        ConfigError { folder: prefix.clone().into(), problems: problems.collect() }.into()
    })
}

/// What replaying did.
pub(crate) struct Replayed {
    /// Numbers of the rejects that are typed and landed now.
    pub(crate) loaded: Vec<i64>,
    /// How many are still rejected.
    pub(crate) still_rejected: usize,
}

/// Types the payloads of rejects again and lands what can be typed; the position stays.
pub(crate) async fn replay(
    hub: &Hub,
    system_name: &str,
    stream: &str,
    rejects: &[Reject],
) -> Result<Replayed> {
    let system = hub.config.system(system_name).map_err(UsageError)?;
    let opened = open_system(system)?;
    let Some(spec) = opened.streams().into_iter().find(|spec| spec.name == stream) else {
        return Err(UsageError(format!("{system_name} no longer has the stream {stream}")).into());
    };
    let table = format!("raw.{system_name}__{stream}");
    let tables = LakeTables(&hub.lake);
    let mut replayed = Replayed { loaded: Vec::new(), still_rejected: 0 };
    for chunk in rejects.chunks(REPLAY_ROWS) {
        let mut buffer = StagingBuffer::default();
        let mut fixed = Vec::new();
        for reject in chunk {
            let rows = opened.decode(stream, std::slice::from_ref(&reject.payload))?;
            if rows.rejects.is_empty() && rows.batch.num_rows() > 0 {
                fixed.push(reject.reject_id);
                buffer.push(&spec, rows.batch)?;
            } else {
                let store = MetadataRejects(&hub.metadata);
                let again: Vec<_> = rows
                    .rejects
                    .into_iter()
                    .map(|mut row| {
                        row.position = reject.position.clone();
                        row
                    })
                    .collect();
                store.keep(&reject.first_run_id, system_name, stream, &again).await?;
                replayed.still_rejected += 1;
            }
        }
        if buffer.rows() > 0 {
            let start = tables.position(&table).await?;
            let current = tables.current_hashes(&table, &buffer.key_changes()).await?;
            let sequence = start.as_ref().map_or(1, |p| p.sequence + 1);
            let rows = buffer.drain_changed(&spec, &current, sequence, Utc::now())?;
            let cursor = start.map(|p| p.cursor).unwrap_or_default();
            tables.append(&table, rows, &Position { sequence, cursor }).await?;
        }
        replayed.loaded.extend(fixed);
    }
    Ok(replayed)
}
