//! Diversion cases over the API.

use std::collections::BTreeMap;

use async_trait::async_trait;
use chrono::Utc;
use serde_json::Value;
use yuanliu_access::Principal;
use yuanliu_api::ports::{
    Answer, Case, CaseDecision, CaseDecisionDraft, CaseKey, Cases, FileAnswer, FileFormat, MapLine,
    PortError, ReportQuestion, Row,
};
use yuanliu_warehouse::RowRange;

use super::Desk;
use super::answer::failed;
use super::files;
use crate::case::{Answered, PARTS, object, parts};
use crate::output::instant;
use crate::report::Question;

/// Rows of one part of a case; a case with more is read as a file.
const ROWS_MAX: u64 = 20_000;

#[async_trait]
impl Cases for Desk {
    async fn case(&self, who: &Principal, key: &CaseKey) -> Answer<Case> {
        let [summary, evidence, siblings] = self.case_rows(who, key).await?;
        let Some(summary) = summary.into_iter().next() else { return Err(no_case(key)) };
        let lines = self.lines(who, key, &evidence).await?;
        let decisions = self.case_decisions(key).await?;
        Ok(Case { summary, evidence, siblings, lines, decisions })
    }

    async fn file(&self, who: &Principal, key: &CaseKey, format: FileFormat) -> Answer<FileAnswer> {
        let service = self.service();
        let zone = service.hub.config.hub.time_zone;
        let question = question(key);
        let reports = self.all().map_err(failed)?;
        let scope = self.scope(who);
        let mut answered = Vec::new();
        for (name, report) in PARTS {
            let report = reports.find(report).map_err(|error| failed(error.into()))?;
            let part = Answered::read(&scope, name, report, &question, zone).await;
            answered.push(part.map_err(failed)?);
        }
        if answered.first().is_none_or(|case| case.rows.is_empty()) {
            return Err(no_case(key));
        }
        let as_of = instant(Utc::now().timestamp_micros(), zone);
        let name = format!(
            "窜货案件-{}-{}-{}-{}",
            key.dealer_code, key.product_code, key.destination_region, key.month
        );
        match format {
            FileFormat::Json => {
                let text = serde_json::to_vec_pretty(&object(&answered, as_of));
                let bytes = text.map_err(|error| failed(error.into()))?;
                let bytes = futures::stream::once(async move { Ok(bytes.into()) });
                Ok(FileAnswer { name: format!("{name}.json"), bytes: Box::pin(bytes) })
            }
            FileFormat::Xlsx => {
                let (place, output) = files::workbook(zone).map_err(|e| failed(e.into()))?;
                output.write_sheets(parts(answered, as_of)).map_err(failed)?;
                let bytes = files::read_out(place).await.map_err(|e| failed(e.into()))?;
                Ok(FileAnswer { name: format!("{name}.xlsx"), bytes })
            }
            FileFormat::Csv => Err(PortError::invalid(
                "a case has three tables and is no CSV file",
                "ask for json or xlsx",
            )),
        }
    }

    async fn decide(
        &self,
        who: &Principal,
        key: &CaseKey,
        draft: &CaseDecisionDraft,
    ) -> Answer<CaseDecision> {
        let [summary, ..] = self.case_rows(who, key).await?;
        let Some(summary) = summary.into_iter().next() else { return Err(no_case(key)) };
        if summary.0.get("case_hash").and_then(Value::as_str) != Some(draft.case_hash.as_str()) {
            return Err(PortError::Conflict(
                "the case rests on other facts or rules than those you decided on; read it again"
                    .to_owned(),
            ));
        }
        let decision = serde_json::to_value(draft.decision).map_err(|e| failed(e.into()))?;
        let decision = decision.as_str().unwrap_or_default();
        self.record_case(who, key, decision, Some(&draft.case_hash), &draft.note).await
    }

    async fn appeal(&self, who: &Principal, key: &CaseKey, note: &str) -> Answer<CaseDecision> {
        let [summary, ..] = self.case_rows(who, key).await?;
        let Some(summary) = summary.into_iter().next() else { return Err(no_case(key)) };
        let hash = summary.0.get("case_hash").and_then(Value::as_str);
        self.record_case(who, key, "appealed", hash, note).await
    }
}

impl Desk {
    async fn case_rows(&self, who: &Principal, key: &CaseKey) -> Answer<[Vec<Row>; 3]> {
        let mut found: [Vec<Row>; 3] = Default::default();
        for (place, (_, report)) in found.iter_mut().zip(PARTS) {
            let page = Some(RowRange { offset: 0, limit: ROWS_MAX });
            let asked = Question { page, ..question(key) };
            let everything = ReportQuestion::default();
            (_, *place) = self.answer(who, report, &everything, &asked).await?;
        }
        Ok(found)
    }

    /// A line for each place the case's units were seen in, from where the dealer may sell.
    async fn lines(
        &self,
        who: &Principal,
        key: &CaseKey,
        evidence: &[Row],
    ) -> Answer<Vec<MapLine>> {
        let mut seen: BTreeMap<&str, u64> = BTreeMap::new();
        for row in evidence {
            let text = |name: &str| row.0.get(name).and_then(Value::as_str);
            if let (Some("off_territory"), Some(region)) = (text("verdict"), text("region_code")) {
                *seen.entry(region).or_default() += 1;
            }
        }
        let from = self.home_of(who, &key.dealer_code).await?;
        let Some(from) = from else { return Ok(Vec::new()) };
        let lines = seen.into_iter().filter_map(|(region, count)| {
            let to = self.point(region)?;
            Some(MapLine { from: from.clone(), to, count })
        });
        Ok(lines.collect())
    }
}

fn question(key: &CaseKey) -> Question {
    let named = [
        ("dealer_code", &key.dealer_code),
        ("product_code", &key.product_code),
        ("destination_region", &key.destination_region),
        ("month", &key.month),
    ];
    let named = named.into_iter().map(|(name, value)| (name.to_owned(), value.clone()));
    Question { filters: named.collect(), ..Question::default() }
}

fn no_case(key: &CaseKey) -> PortError {
    PortError::NotFound(format!(
        "there is no case of dealer {}, product {}, destination {}, month {}; the report \
         diversion-cases lists those there are",
        key.dealer_code, key.product_code, key.destination_region, key.month
    ))
}
