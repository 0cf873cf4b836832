//! Diversion cases and promoters' claims.

use super::*;

/// The hash of the one case.
pub const CASE_HASH: &str = "c0ffee";

fn expect_case(who: &Principal, key: &CaseKey) -> Answer<()> {
    let is_there = key.product_code == "P1"
        && key.destination_region == "430102"
        && key.month == "2026-03"
        && ["D1", "D2"].contains(&key.dealer_code.as_str());
    let is_seen = who.dealer_code.as_ref().is_none_or(|code| *code == key.dealer_code);
    if is_there && is_seen { Ok(()) } else { Err(missing("case", &key.dealer_code)) }
}

fn case(memory: &Memory, key: &CaseKey) -> Case {
    let point = |lng, lat, region: &str| MapPoint { lng, lat, region_code: region.to_owned() };
    Case {
        summary: row(json!({"dealer_code": key.dealer_code, "case_hash": CASE_HASH})),
        evidence: vec![row(json!({"event_id": "e-1", "rate": "0.2500"}))],
        siblings: Vec::new(),
        lines: vec![MapLine {
            from: point(113.0, 28.2, "430100"),
            to: point(112.9, 28.2, "430102"),
            count: 3,
        }],
        decisions: memory.state().case_decisions.clone(),
    }
}

fn record(
    memory: &Memory,
    who: &Principal,
    word: &str,
    hash: Option<&str>,
    note: &str,
) -> CaseDecision {
    let kept = CaseDecision {
        decision: word.to_owned(),
        decided_by: who.login.clone(),
        decided_at: at(12),
        case_hash: hash.map(str::to_owned),
        note: note.to_owned(),
    };
    memory.state().case_decisions.push(kept.clone());
    kept
}

#[async_trait]
impl Cases for Memory {
    async fn case(&self, who: &Principal, key: &CaseKey) -> Answer<Case> {
        expect_case(who, key)?;
        Ok(case(self, key))
    }

    async fn file(&self, who: &Principal, key: &CaseKey, format: FileFormat) -> Answer<FileAnswer> {
        expect_case(who, key)?;
        let text = serde_json::to_string(&case(self, key)).unwrap();
        let ending = if format == FileFormat::Json { "json" } else { "xlsx" };
        Ok(file(&format!("窜货 {}.{ending}", key.dealer_code), &[&text]))
    }

    async fn decide(
        &self,
        who: &Principal,
        key: &CaseKey,
        draft: &CaseDecisionDraft,
    ) -> Answer<CaseDecision> {
        expect_case(who, key)?;
        if draft.case_hash != CASE_HASH {
            return Err(PortError::Conflict("the case rests on other facts now".to_owned()));
        }
        let word = serde_json::to_value(draft.decision).unwrap();
        let word = word.as_str().unwrap();
        Ok(record(self, who, word, Some(&draft.case_hash), &draft.note))
    }

    async fn appeal(&self, who: &Principal, key: &CaseKey, note: &str) -> Answer<CaseDecision> {
        expect_case(who, key)?;
        Ok(record(self, who, "appealed", None, note))
    }
}

fn expect_claim(event_id: &str) -> Answer<()> {
    if event_id == "e-1" { Ok(()) } else { Err(missing("claim", event_id)) }
}

#[async_trait]
impl Claims for Memory {
    async fn claim(&self, _: &Principal, event_id: &str) -> Answer<Claim> {
        expect_claim(event_id)?;
        Ok(Claim {
            event_id: event_id.to_owned(),
            units: vec![row(json!({"code": "88000001", "verdict": "held"}))],
            checks: vec![ClaimCheck {
                check: "out_of_store".to_owned(),
                code: "88000001".to_owned(),
                is_hit: true,
                detail: "620 m from the store".to_owned(),
                detail_zh: "距门店 620 米".to_owned(),
            }],
            event: row(json!({"event_type": "sell"})),
            decisions: self.state().claim_decisions.clone(),
        })
    }

    async fn decide(
        &self,
        who: &Principal,
        event_id: &str,
        draft: &ClaimDecisionDraft,
    ) -> Answer<ClaimDecision> {
        expect_claim(event_id)?;
        let kept = ClaimDecision {
            event_id: event_id.to_owned(),
            code: draft.code.clone(),
            decision: draft.decision,
            decided_by: who.login.clone(),
            decided_at: at(13),
            note: draft.note.clone(),
        };
        self.state().claim_decisions.push(kept.clone());
        Ok(kept)
    }

    async fn settlement(&self, _: &Principal, period: &str) -> Answer<FileAnswer> {
        Ok(file(&format!("结算 {period}.xlsx"), &["a workbook"]))
    }
}
