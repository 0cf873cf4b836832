//! What people decide: recorded, and handed to the warehouse as files that it reads like any other system's.

use chrono::{DateTime, Utc};
use yuanliu_access::Principal;
use yuanliu_api::ports::{
    Answer, CaseDecision, CaseKey, ClaimDecision, ClaimDecisionDraft, Correction, CorrectionDraft,
    CorrectionKind, HoldDecision, Page, PageAsked, PortError,
};
use yuanliu_metadata::{
    AddressCorrection, CaseName, MetadataError, NewAddressCorrection, NewCaseDecision,
    NewClaimDecision, PageRequest,
};

use super::Desk;
use super::answer::failed;
use crate::cli::{SyncArgs, sync};
use crate::config::DECISIONS;

impl Desk {
    pub(super) async fn case_decisions(&self, key: &CaseKey) -> Answer<Vec<CaseDecision>> {
        let found = self.service().hub.metadata.case_decisions(&name(key)).await;
        found.map_err(stored)?.into_iter().map(case_decision).collect()
    }

    pub(super) async fn record_case(
        &self,
        who: &Principal,
        key: &CaseKey,
        decision: &str,
        case_hash: Option<&str>,
        note: &str,
    ) -> Answer<CaseDecision> {
        let decision = NewCaseDecision {
            case: name(key),
            decision: decision.to_owned(),
            decided_by: who.login.clone(),
            case_hash: case_hash.map(str::to_owned),
            note: Some(note.to_owned()),
        };
        let metadata = &self.service().hub.metadata;
        let recorded = metadata.record_case_decision(&decision, Utc::now()).await;
        let recorded = recorded.map_err(stored)?;
        self.hand_over().await?;
        case_decision(recorded)
    }

    pub(super) async fn claim_decisions(&self, event_id: &str) -> Answer<Vec<ClaimDecision>> {
        let found = self.service().hub.metadata.claim_decisions(event_id).await;
        found.map_err(stored)?.into_iter().map(claim_decision).collect()
    }

    pub(super) async fn record_claim(
        &self,
        who: &Principal,
        event_id: &str,
        draft: &ClaimDecisionDraft,
    ) -> Answer<ClaimDecision> {
        let decision = match draft.decision {
            HoldDecision::Released => "released",
            HoldDecision::Confirmed => "confirmed",
        };
        let decision = NewClaimDecision {
            event_id: event_id.to_owned(),
            code: draft.code.clone().unwrap_or_default(),
            decision: decision.to_owned(),
            decided_by: who.login.clone(),
            note: Some(draft.note.clone()),
        };
        let metadata = &self.service().hub.metadata;
        let recorded = metadata.record_claim_decision(&decision, Utc::now()).await;
        let recorded = recorded.map_err(stored)?;
        self.hand_over().await?;
        claim_decision(recorded)
    }

    pub(super) async fn corrections_page(&self, page: &PageAsked) -> Answer<Page<Correction>> {
        let request = PageRequest::after(page.after.clone(), page.limit);
        let found = self.service().hub.metadata.address_corrections(&request).await;
        let found = found.map_err(stored)?;
        let items = found.items.into_iter().map(correction).collect();
        Ok(Page { items, next: found.next_cursor })
    }

    pub(super) async fn record_correction(
        &self,
        who: &Principal,
        draft: &CorrectionDraft,
    ) -> Answer<Correction> {
        let Some(path) = self.service().hub.config.hub.regions.corrections.clone() else {
            return Err(PortError::Conflict(
                "no file for corrected addresses is set up: name one as `corrections` under [regions] \
                 of hub.toml"
                    .to_owned(),
            ));
        };
        let kind = match draft.kind {
            CorrectionKind::Exact => "exact",
            CorrectionKind::Pattern => "pattern",
        };
        let correction_made = NewAddressCorrection {
            kind: kind.to_owned(),
            text: draft.text.clone(),
            region_code: draft.region_code.clone(),
            corrected_by: who.login.clone(),
            note: Some(draft.note.clone()),
        };
        let metadata = &self.service().hub.metadata;
        let recorded = metadata.record_address_correction(&correction_made, Utc::now()).await;
        let recorded = recorded.map_err(stored)?;
        metadata.export_address_corrections(&path).await.map_err(stored)?;
        Ok(correction(recorded))
    }

    /// Hands what was decided to the warehouse; reports show it after the next build.
    async fn hand_over(&self) -> Answer<()> {
        let hub = &self.service().hub;
        let Some(folder) = hub.config.decisions_folder() else {
            ::tracing::warn!(
                "decisions are kept but shown in no report: there is no system `decisions`"
            );
            return Ok(());
        };
        hub.metadata.export_decisions(&folder).await.map_err(stored)?;
        let read = SyncArgs { system: Some(DECISIONS.to_owned()), ..SyncArgs::default() };
        sync(hub, Some(&self.service().ledger), true, &read).await.map(drop).map_err(failed)
    }
}

fn stored(error: MetadataError) -> PortError {
    failed(error.into())
}

fn name(key: &CaseKey) -> CaseName {
    CaseName {
        dealer_code: key.dealer_code.clone(),
        product_code: key.product_code.clone(),
        destination_region: key.destination_region.clone(),
        month: key.month.clone(),
    }
}

fn instant(text: &str) -> Answer<DateTime<Utc>> {
    let read = DateTime::parse_from_rfc3339(text);
    read.map(|at| at.to_utc()).map_err(|_| PortError::Failed(format!("{text} is no instant")))
}

fn case_decision(row: yuanliu_metadata::CaseDecision) -> Answer<CaseDecision> {
    Ok(CaseDecision {
        decided_at: instant(&row.decided_at)?,
        decision: row.decision,
        decided_by: row.decided_by,
        case_hash: row.case_hash,
        note: row.note.unwrap_or_default(),
    })
}

fn claim_decision(row: yuanliu_metadata::ClaimDecision) -> Answer<ClaimDecision> {
    Ok(ClaimDecision {
        decided_at: instant(&row.decided_at)?,
        decision: match row.decision.as_str() {
            "released" => HoldDecision::Released,
            _ => HoldDecision::Confirmed,
        },
        code: Some(row.code).filter(|code| !code.is_empty()),
        event_id: row.event_id,
        decided_by: row.decided_by,
        note: row.note.unwrap_or_default(),
    })
}

fn correction(row: AddressCorrection) -> Correction {
    Correction {
        kind: if row.kind == "pattern" { CorrectionKind::Pattern } else { CorrectionKind::Exact },
        made_at: instant(&row.corrected_at).ok(),
        text: row.text,
        region_code: row.region_code,
        note: row.note.unwrap_or_default(),
        made_by: Some(row.corrected_by),
    }
}
