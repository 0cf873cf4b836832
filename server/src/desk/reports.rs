//! Reports over the API.

use std::time::Duration;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use yuanliu_access::Principal;
use yuanliu_api::ports::{
    Answer, Column, Dimension, FileAnswer, FileFormat, Freshness, PageAsked, PortError,
    Report as ReportLine, ReportDesk, ReportQuestion, ReportRows,
};
use yuanliu_metadata::{PageRequest, RunFilter};
use yuanliu_schedule::{ReportTimes, judge};
use yuanliu_warehouse::{QueryScope, RowRange};

use super::answer::failed;
use super::{Desk, files, rows};
use crate::exit::UsageError;
use crate::report::{Question, Report, Reports, Scratch, models_read, scope_as_of};
use crate::settlement;

#[async_trait]
impl ReportDesk for Desk {
    async fn reports(&self, who: &Principal) -> Answer<Vec<ReportLine>> {
        let lines = self.0.reports.get_or_try_init(|| self.list()).await.map_err(failed)?;
        let reports = self.all().map_err(failed)?;
        let is_shown = |line: &&ReportLine| {
            reports.find(&line.name).is_ok_and(|report| self.shows(who, report.sql()))
        };
        Ok(lines.iter().filter(is_shown).cloned().collect())
    }

    async fn rows(
        &self,
        who: &Principal,
        report: &str,
        question: &ReportQuestion,
        page: &PageAsked,
    ) -> Answer<ReportRows> {
        let offset = offset(page)?;
        let limit = u64::from(page.limit);
        let mut asked = self.question(question).map_err(failed)?;
        // One more tells whether there is a next page.
        asked.page = Some(RowRange { offset, limit: limit + 1 });
        let (columns, mut rows) = self.answer(who, report, question, &asked).await?;
        let has_more = rows.len() as u64 > limit;
        rows.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
        Ok(ReportRows {
            columns,
            rows,
            next_cursor: has_more.then(|| (offset + limit).to_string()),
            built_at: self.built_at().await.map_err(failed)?,
            rule_version: Some(self.service().hub.config.rules.version.clone()),
        })
    }

    async fn file(
        &self,
        who: &Principal,
        report: &str,
        question: &ReportQuestion,
        format: FileFormat,
    ) -> Answer<FileAnswer> {
        let zone = self.service().hub.config.hub.time_zone;
        let asked = self.question(question).map_err(failed)?;
        let reports = self.all().map_err(failed)?;
        let found = find(&reports, report)?;
        found.check(&asked).map_err(|error| failed(error.into()))?;
        let is_settlement = report == settlement::SUMMARY && format == FileFormat::Xlsx;
        let mut texts = vec![found.sql()];
        if is_settlement {
            for (name, _) in settlement::SHEETS {
                texts.push(find(&reports, name)?.sql());
            }
        }
        let view = self.view(who, question.as_of, texts).await?;
        let rows = found.answer(&view.scope, &asked).await.map_err(failed)?;
        let (extension, bytes) = match format {
            FileFormat::Csv => {
                let held = view;
                let bytes = futures::StreamExt::map(files::csv(rows, zone), move |piece| {
                    // The tables of an earlier instant are there until the last row is out.
                    let _ = &held;
                    piece
                });
                ("csv", futures::StreamExt::boxed(bytes))
            }
            FileFormat::Json => {
                return Err(PortError::invalid(
                    "a report is no JSON file",
                    "leave out `format` for pages of JSON, or ask for csv or xlsx",
                ));
            }
            FileFormat::Xlsx => {
                let (place, output) = files::workbook(zone).map_err(|e| failed(e.into()))?;
                let written = if is_settlement {
                    settlement::write(&output, &reports, &view.scope, &asked, rows).await
                } else {
                    output.write_rows(rows.schema(), rows).await.map(drop)
                };
                written.map_err(failed)?;
                ("xlsx", files::read_out(place).await.map_err(|e| failed(e.into()))?)
            }
        };
        let (_, title_zh) = &found.titles;
        Ok(FileAnswer { name: format!("{title_zh}.{extension}"), bytes })
    }

    async fn freshness(&self, who: &Principal) -> Answer<Vec<Freshness>> {
        let service = self.service();
        let marks = service.hub.metadata.freshness().await.map_err(|e| failed(e.into()))?;
        let (bounds, now) = (&service.hub.config.jobs.freshness, Utc::now());
        let one = |report: ReportLine| {
            let mark = marks.iter().find(|mark| mark.report == report.name);
            let times = ReportTimes {
                report: report.name,
                built_at: mark.and_then(|mark| mark.built_at),
                data_until: mark.and_then(|mark| mark.data_until),
                slowest: mark.and_then(|mark| mark.slowest.clone()),
            };
            let judged = judge(&times, bounds, now);
            let seconds = |bound: Duration| i64::try_from(bound.as_secs()).unwrap_or(i64::MAX);
            Freshness {
                report: judged.report,
                built_at: judged.built_at,
                data_until: judged.data_until,
                bound_s: judged.bound.map(seconds),
                is_late: judged.is_late,
                why: judged.is_late.then_some(judged.why),
                why_zh: judged.is_late.then_some(judged.why_zh),
            }
        };
        Ok(self.reports(who).await?.into_iter().map(one).collect())
    }
}

/// A scope with what must live as long as its answers are read.
pub(super) struct View {
    pub(super) scope: QueryScope,
    _earlier: Option<Scratch>,
}

impl Desk {
    pub(super) fn all(&self) -> anyhow::Result<Reports> {
        Reports::load(&self.service().models.files)
    }

    async fn list(&self) -> anyhow::Result<Vec<ReportLine>> {
        let service = self.service();
        let scope = service.models.scope(&service.hub, Utc::now());
        let mut lines = Vec::new();
        for report in self.all()?.all() {
            let schema = report.schema(&scope, &Question::default()).await?;
            lines.push(line(report, rows::columns(&schema)));
        }
        Ok(lines)
    }

    /// The rows of a report that the caller has bounded.
    pub(super) async fn answer(
        &self,
        who: &Principal,
        report: &str,
        question: &ReportQuestion,
        asked: &Question,
    ) -> Answer<(Vec<Column>, Vec<yuanliu_api::ports::Row>)> {
        let reports = self.all().map_err(failed)?;
        let found = find(&reports, report)?;
        found.check(asked).map_err(|error| failed(error.into()))?;
        let view = self.view(who, question.as_of, vec![found.sql()]).await?;
        let answered = found.answer(&view.scope, asked).await.map_err(failed)?;
        let columns = rows::columns(&answered.schema());
        let zone = self.service().hub.config.hub.time_zone;
        let rows = rows::collect(answered, zone).await.map_err(failed)?;
        Ok((columns, rows))
    }

    /// What a principal sees, now or as it stood at an instant.
    pub(super) async fn view(
        &self,
        who: &Principal,
        as_of: Option<DateTime<Utc>>,
        texts: Vec<&str>,
    ) -> Answer<View> {
        if texts.iter().any(|text| !self.shows(who, text)) {
            return Err(PortError::Refused(
                "this report has no rows of one dealer or one region; it is for those who see all of them"
                    .to_owned(),
            ));
        }
        let Some(as_of) = as_of else {
            return Ok(View { scope: self.scope(who), _earlier: None });
        };
        let busy = |_| PortError::Unavailable {
            what: "another answer of an earlier instant is being made".to_owned(),
            retry_after: Some(std::time::Duration::from_secs(30)),
        };
        let _one_at_a_time = self.0.earlier.try_acquire().map_err(busy)?;
        let service = self.service();
        let wanted = models_read(&service.models, texts.into_iter());
        let made = scope_as_of(&service.hub, &service.models, wanted, as_of, true).await;
        let (scope, earlier) = made.map_err(failed)?;
        Ok(View { scope: self.limited(who, scope), _earlier: Some(earlier) })
    }

    fn question(&self, asked: &ReportQuestion) -> anyhow::Result<Question> {
        Ok(Question {
            from: asked.from,
            to: asked.to,
            grain: one_of(&["day", "week", "month", "total"], "grain", asked.grain.as_deref())?,
            level: one_of(&["province", "city", "county"], "level", asked.level.as_deref())?,
            regions: one_of(&["then", "today"], "regions", asked.regions.as_deref())?,
            by: asked.by.clone(),
            system: asked.system.clone(),
            filters: asked.filters.clone(),
            sort: asked.sort.clone(),
            page: None,
        })
    }

    /// When the models were last brought up to date.
    pub(super) async fn built_at(&self) -> anyhow::Result<Option<DateTime<Utc>>> {
        let filter = RunFilter {
            kind: Some("build".to_owned()),
            outcome: Some("green".to_owned()),
            ..RunFilter::default()
        };
        let found = self.service().hub.metadata.run_page(&filter, &PageRequest::first(1)).await?;
        let ended = found.items.into_iter().next().and_then(|run| run.ended_at);
        Ok(ended.and_then(|text| DateTime::parse_from_rfc3339(&text).ok()).map(|at| at.to_utc()))
    }
}

fn find<'a>(reports: &'a Reports, name: &str) -> Answer<&'a Report> {
    reports.find(name).map_err(|UsageError(told)| PortError::NotFound(told))
}

fn offset(page: &PageAsked) -> Answer<u64> {
    let Some(after) = &page.after else { return Ok(0) };
    after.parse().map_err(|_| {
        PortError::invalid("this cursor is none of a report", "begin again without `cursor`")
    })
}

fn line(report: &Report, columns: Vec<Column>) -> ReportLine {
    let dimensions = report.dimensions.iter().map(|dimension| Dimension {
        name: dimension.trim_end_matches('?').to_owned(),
        optional: dimension.ends_with('?'),
    });
    let parameters = report.parameters.iter().filter(|(name, _)| !name.starts_with("by_"));
    let (title, title_zh) = report.titles.clone();
    ReportLine {
        name: report.name.clone(),
        title,
        title_zh,
        dimensions: dimensions.collect(),
        parameters: parameters
            .map(|(name, kind)| Column { name: name.clone(), data_type: kind.clone() })
            .collect(),
        columns,
    }
}

/// The word that was asked for among those there are.
fn one_of(
    known: &[&'static str],
    name: &str,
    asked: Option<&str>,
) -> Result<Option<&'static str>, UsageError> {
    let Some(asked) = asked else { return Ok(None) };
    match known.iter().find(|word| **word == asked) {
        Some(word) => Ok(Some(word)),
        None => Err(UsageError(format!("`{name}` is {asked}; it can be {}", known.join(", ")))),
    }
}
