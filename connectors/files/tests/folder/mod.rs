//! A temporary folder read through the connector, shown as text.

use std::fs;
use std::path::PathBuf;
use std::sync::Arc;

use arrow::record_batch::RecordBatch;
use arrow::util::display::{ArrayFormatter, FormatOptions};
use tempfile::TempDir;
use yuanliu_acceptance::{FixedSecrets, ManualClock};
use yuanliu_contract::{
    Connector, ConnectorError, Cursor, Page, ReadRange, Seams, Settings, System, Unlimited,
};
use yuanliu_files::FilesConnector;

pub struct Folder {
    dir: TempDir,
    extra: &'static str,
}

impl Folder {
    pub fn new() -> Self {
        Self { dir: TempDir::new().unwrap(), extra: "" }
    }

    /// With more lines of configuration.
    pub fn configured(extra: &'static str) -> Self {
        Self { dir: TempDir::new().unwrap(), extra }
    }

    pub fn with(self, name: &str, content: impl AsRef<[u8]>) -> Self {
        fs::write(self.path(name), content).unwrap();
        self
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    pub fn system(&self) -> Arc<dyn System> {
        let mut config: toml::Table = toml::from_str(self.extra).unwrap();
        config.insert("folder".to_owned(), self.dir.path().to_str().unwrap().into());
        let spec = FilesConnector.config_spec();
        let secrets = FixedSecrets::default();
        let settings = Settings::check("files-test", &spec, &config, &[], &secrets).unwrap();
        let clock = Arc::new(ManualClock::at(chrono::Utc::now() + chrono::Days::new(1)));
        FilesConnector.open(&settings, Seams { clock, budget: Arc::new(Unlimited) }).unwrap()
    }

    pub async fn pages(
        &self,
        stream: &str,
        cursor: Option<&Cursor>,
    ) -> Result<Vec<Page>, ConnectorError> {
        let mut source = self.system().read(stream, cursor, &ReadRange::default()).await?;
        let mut pages = Vec::new();
        while let Some(page) = source.next_page().await? {
            pages.push(page);
        }
        Ok(pages)
    }

    /// Rows as `a|b|c`, rejects as `reason position: message`, an error as `kind: text -> hint`.
    pub async fn read(&self, stream: &str) -> String {
        match self.pages(stream, None).await {
            Ok(pages) => pages.iter().map(show).collect(),
            Err(error) => format!(
                "{:?}: {error} -> {}\n",
                error.kind,
                error.hint.as_deref().unwrap_or_default()
            ),
        }
    }
}

fn show(page: &Page) -> String {
    let mut text = show_rows(&page.rows.batch);
    for reject in &page.rows.rejects {
        text.push_str(&format!("{} {}: {}\n", reject.reason, reject.position, reject.message));
    }
    text
}

fn show_rows(batch: &RecordBatch) -> String {
    let options = FormatOptions::new().with_null("-");
    let columns: Vec<_> = batch
        .columns()
        .iter()
        .map(|column| ArrayFormatter::try_new(column, &options).unwrap())
        .collect();
    let line = |row| {
        let cells: Vec<_> = columns.iter().map(|column| column.value(row).to_string()).collect();
        format!("{}\n", cells.join("|"))
    };
    (0..batch.num_rows()).map(line).collect()
}
