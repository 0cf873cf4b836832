//! The connector's fields, and what they mean.

use std::path::PathBuf;
use std::sync::Arc;

use chrono_tz::Tz;
use yuanliu_contract::{
    Capabilities, ConfigProblem, ConfigSpec, Connector, FieldKind, FieldSpec, Seams, Settings,
    StreamSpec, System,
};

use crate::catalog::{self, Table};
use crate::system::FilesSystem;

/// A folder of canonical files as a kind of system.
#[derive(Debug, Clone, Copy, Default)]
pub struct FilesConnector;

/// How CSV files are encoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum EncodingChoice {
    /// UTF-8 if a file is valid UTF-8, else GB18030; a byte order mark decides at once.
    Auto,
    Utf8,
    Gb18030,
}

/// One configured folder.
#[derive(Debug, Clone)]
pub(crate) struct FilesConfig {
    pub(crate) folder: PathBuf,
    pub(crate) encoding: EncodingChoice,
    pub(crate) zone: Tz,
    pub(crate) file_bytes_max: u64,
}

impl Connector for FilesConnector {
    fn kind(&self) -> &'static str {
        "files"
    }

    fn title(&self) -> &'static str {
        "文件夹（CSV、XLSX） Folder of CSV and XLSX files"
    }

    fn capabilities(&self) -> Capabilities {
        Capabilities {
            incremental: true,
            reports_deletes: false,
            write_back: false,
            own_streams: false,
        }
    }

    fn config_spec(&self) -> ConfigSpec {
        let optional = |name, kind, default, help| FieldSpec {
            name,
            kind,
            required: false,
            default: Some(default),
            help,
        };
        ConfigSpec {
            fields: vec![
                FieldSpec {
                    name: "folder",
                    kind: FieldKind::Path,
                    required: true,
                    default: None,
                    help: "存放 CSV、XLSX 文件的文件夹。 The folder that holds the CSV and XLSX files.",
                },
                optional(
                    "encoding",
                    FieldKind::Choice(&["auto", "utf-8", "gb18030"]),
                    "\"auto\"",
                    "CSV 编码；auto 先认 BOM，再认有效 UTF-8，否则 GB18030。 \
                     Encoding of CSV files; auto takes UTF-8 if valid, else GB18030.",
                ),
                optional(
                    "time_zone",
                    FieldKind::TimeZone,
                    "\"Asia/Shanghai\"",
                    "不带时区的时间所用时区。 The zone of times without an offset.",
                ),
                optional(
                    "file_size_max_mib",
                    FieldKind::Integer { min: 1, max: 16_384 },
                    "256",
                    "单个文件的最大大小（MiB）。 The largest file that is read, in MiB.",
                ),
            ],
        }
    }

    fn default_streams(&self) -> Vec<StreamSpec> {
        catalog::tables().unwrap_or_default().iter().map(Table::stream).collect()
    }

    fn open(
        &self,
        settings: &Settings,
        seams: Seams,
    ) -> std::result::Result<Arc<dyn System>, Vec<ConfigProblem>> {
        let config = parse(settings).map_err(|problem| vec![problem])?;
        Ok(Arc::new(FilesSystem::new(config, seams.clock)))
    }
}

fn parse(settings: &Settings) -> std::result::Result<FilesConfig, ConfigProblem> {
    let missing = |name: &str| ConfigProblem::new(name, "is required");
    let encoding = match settings.text("encoding") {
        Some("utf-8") => EncodingChoice::Utf8,
        Some("gb18030") => EncodingChoice::Gb18030,
        _ => EncodingChoice::Auto,
    };
    let zone = settings.text("time_zone").ok_or_else(|| missing("time_zone"))?;
    let size_max_mib = settings.integer("file_size_max_mib");
    let size_max_mib = size_max_mib.ok_or_else(|| missing("file_size_max_mib"))?;
    Ok(FilesConfig {
        folder: settings.path("folder").ok_or_else(|| missing("folder"))?.clone(),
        encoding,
        zone: zone.parse().map_err(|_| ConfigProblem::new("time_zone", "is no IANA time zone"))?,
        file_bytes_max: size_max_mib.unsigned_abs().saturating_mul(1 << 20),
    })
}
