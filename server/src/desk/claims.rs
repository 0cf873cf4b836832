//! Promoter claims over the API.

use async_trait::async_trait;
use chrono::{Months, NaiveDate};
use serde_json::Value;
use yuanliu_access::Principal;
use yuanliu_api::ports::{
    Answer, Claim, ClaimCheck, ClaimDecision, ClaimDecisionDraft, Claims, FileAnswer, FileFormat,
    PortError, ReportDesk, ReportQuestion, Row,
};
use yuanliu_warehouse::RowRange;

use super::Desk;
use crate::report::Question;
use crate::settlement;

/// Units of one event; a sell of more is none of a promoter.
const UNITS_MAX: u64 = 10_000;

/// The checks of a claim in their order, with what a hit says in English and Chinese.
const CHECKS: [(&str, &str, &str); 12] = [
    ("unknown_code", "no line ever commissioned this code", "该码从未在产线赋码"),
    (
        "not_item",
        "the code is of a case or pallet, not of an item",
        "该码为箱码或托盘码，不是单品码",
    ),
    ("decommissioned", "the unit was taken out of use", "该产品已作废"),
    ("recalled", "the unit was recalled", "该产品已召回"),
    ("already_claimed", "an earlier claim of this unit stands", "该产品已有有效核销"),
    (
        "awaiting_shipment",
        "no dealer had the unit yet; the claim waits for a late record",
        "尚无出库记录，等待补传",
    ),
    (
        "not_shipped",
        "no dealer had the unit, and no record came in time",
        "无出库记录且已超过等待时间",
    ),
    (
        "wrong_dealer",
        "another dealer had the unit than the one that serves the store",
        "货权经销商与门店所属经销商不符",
    ),
    ("out_of_store", "the scan was made too far from the store", "扫码位置超出门店范围"),
    ("no_location", "the scan does not say where it was made", "扫码缺少位置"),
    ("burst", "more claims in a short time than one person makes", "短时间内核销过于密集"),
    ("returned", "the item came back later", "产品后来被退回"),
];

#[async_trait]
impl Claims for Desk {
    async fn claim(&self, who: &Principal, event_id: &str) -> Answer<Claim> {
        let units = self.named(who, "promoter-claims", event_id, UNITS_MAX).await?;
        if units.is_empty() {
            return Err(PortError::NotFound(format!(
                "there is no claim {event_id}; the report promoter-claims lists those there are"
            )));
        }
        let event = self.named(who, "claim-event", event_id, 1).await?;
        let checks = units.iter().flat_map(checks_of).collect();
        let decisions = self.claim_decisions(event_id).await?;
        Ok(Claim {
            event_id: event_id.to_owned(),
            units,
            checks,
            event: event.into_iter().next().unwrap_or_default(),
            decisions,
        })
    }

    async fn decide(
        &self,
        who: &Principal,
        event_id: &str,
        draft: &ClaimDecisionDraft,
    ) -> Answer<ClaimDecision> {
        let units = self.named(who, "promoter-claims", event_id, UNITS_MAX).await?;
        let is_meant =
            |unit: &&Row| draft.code.as_deref().is_none_or(|code| text(unit, "code") == Some(code));
        let mut meant = units.iter().filter(is_meant).peekable();
        if meant.peek().is_none() {
            return Err(PortError::NotFound(format!("there is no such claim {event_id}")));
        }
        if !meant.any(|unit| text(unit, "verdict") == Some("held")) {
            return Err(PortError::Conflict(
                "the claim is not held: only a held claim is released or confirmed".to_owned(),
            ));
        }
        self.record_claim(who, event_id, draft).await
    }

    async fn settlement(&self, who: &Principal, period: &str) -> Answer<FileAnswer> {
        let first = NaiveDate::parse_from_str(&format!("{period}-01"), "%Y-%m-%d");
        let wrong = |_| PortError::invalid(format!("`{period}` is no month"), "write YYYY-MM");
        let first = first.map_err(wrong)?;
        let last = first.checked_add_months(Months::new(1)).and_then(|next| next.pred_opt());
        let question = ReportQuestion {
            from: Some(first),
            to: last,
            grain: Some("month".to_owned()),
            ..ReportQuestion::default()
        };
        let file = self.file(who, settlement::SUMMARY, &question, FileFormat::Xlsx).await?;
        Ok(FileAnswer { name: format!("促销员业绩-{period}.xlsx"), ..file })
    }
}

impl Desk {
    /// The rows of a report that one event has.
    async fn named(
        &self,
        who: &Principal,
        report: &str,
        event_id: &str,
        limit: u64,
    ) -> Answer<Vec<Row>> {
        let filters = [("event_id".to_owned(), event_id.to_owned())].into();
        let page = Some(RowRange { offset: 0, limit });
        let asked = Question { filters, page, ..Question::default() };
        Ok(self.answer(who, report, &ReportQuestion::default(), &asked).await?.1)
    }
}

fn text<'a>(row: &'a Row, name: &str) -> Option<&'a str> {
    row.0.get(name).and_then(Value::as_str)
}

/// The checks a unit's claim went through, up to the one that decided.
fn checks_of(unit: &Row) -> Vec<ClaimCheck> {
    let code = text(unit, "code").unwrap_or_default();
    let reason = text(unit, "reason");
    let mut checks = Vec::new();
    for (check, detail, detail_zh) in CHECKS {
        let is_hit = reason == Some(check);
        checks.push(ClaimCheck {
            check: check.to_owned(),
            code: code.to_owned(),
            is_hit,
            detail: if is_hit { detail.to_owned() } else { "passed".to_owned() },
            detail_zh: if is_hit { detail_zh.to_owned() } else { "通过".to_owned() },
        });
        if is_hit {
            break;
        }
    }
    checks
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn unit(reason: Value) -> Row {
        Row([("code".to_owned(), json!("I1")), ("reason".to_owned(), reason)].into_iter().collect())
    }

    #[test]
    fn checks_end_with_the_one_that_decided() {
        let checks = checks_of(&unit(json!("not_item")));
        let told: Vec<_> = checks.iter().map(|c| (c.check.as_str(), c.is_hit)).collect();
        assert_eq!(told, [("unknown_code", false), ("not_item", true)]);
        assert!(checks_of(&unit(Value::Null)).iter().all(|check| !check.is_hit));
    }
}
