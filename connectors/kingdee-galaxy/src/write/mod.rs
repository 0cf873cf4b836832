//! Writes approved documents as Save, and Submit and Audit where a site wants them.
//!
//! There is no idempotency key in the WebAPI (reference: kingdee.md 1.14): the key travels in a text
//! field that the site adds to the form, and is asked for before every Save.

mod config;
mod lookup;
mod model;
mod save;
mod template;

use async_trait::async_trait;
use yuanliu_contract::{
    ConfigProblem, ErrorKind, OutgoingDocument, OutgoingKind, Result, Seams, Settings,
    WriteReceipt, Writer,
};

use crate::client::Client;
use crate::config::Config;
use crate::system::explain_chain;

use config::WriteConfig;
pub(crate) use config::spec;

/// The form a kind of document becomes, and the spelling of its entity.
struct Form {
    id: &'static str,
    entity: &'static str,
}

/// The forms of reference section 2: 销售出库单 and 检验单.
fn form(kind: OutgoingKind) -> Form {
    match kind {
        OutgoingKind::DeliveryResult => Form { id: "SAL_OUTSTOCK", entity: "FEntity" },
        OutgoingKind::InspectionResult => Form { id: "QM_InspectBill", entity: "FEntity" },
    }
}

/// Writes to one configured account.
pub(crate) struct GalaxyWriter {
    client: Client,
    write: WriteConfig,
}

impl GalaxyWriter {
    /// Builds a writer from settings, or says everything that is wrong with them.
    pub(crate) fn open(
        settings: &Settings,
        write: &Settings,
        seams: &Seams,
    ) -> std::result::Result<Self, Vec<ConfigProblem>> {
        let mut problems = Vec::new();
        let config = Config::read(settings).map_err(|found| problems.extend(found));
        let write = WriteConfig::read(write).map_err(|found| problems.extend(found));
        let (Ok(config), Ok(mut write)) = (config, write) else { return Err(problems) };
        write.time_zone = config.time_zone;
        let client = Client::new(config.base_url, config.auth, config.http, seams)
            .map_err(|error| vec![ConfigProblem::new("ca_file", explain_chain(&error))])?;
        Ok(Self { client, write })
    }
}

#[async_trait]
impl Writer for GalaxyWriter {
    /// Where submitting or auditing is configured, it also finishes what an earlier send left open;
    /// a document that the system then refuses to submit is held all the same.
    async fn find(&self, document: &OutgoingDocument) -> Result<Option<WriteReceipt>> {
        let Some(held) = lookup::held(&self.client, &self.write, document).await? else {
            return Ok(None);
        };
        match save::finish(&self.client, &self.write, document, &held).await {
            Ok(steps) => Ok(Some(held.receipt(true, steps))),
            Err(error) if error.kind == ErrorKind::Permission => {
                Ok(Some(held.receipt(true, vec![("refused", error.to_string())])))
            }
            Err(error) => Err(error),
        }
    }

    async fn write(&self, document: &OutgoingDocument) -> Result<WriteReceipt> {
        let known = lookup::held(&self.client, &self.write, document).await?;
        let was_known = known.is_some();
        let mut answers = Vec::new();
        let held = match known {
            Some(held) => held,
            None => {
                let (held, answer) = save::save(&self.client, &self.write, document).await?;
                answers.push(("save", answer));
                held
            }
        };
        answers.extend(save::finish(&self.client, &self.write, document, &held).await?);
        Ok(held.receipt(was_known, answers))
    }
}
