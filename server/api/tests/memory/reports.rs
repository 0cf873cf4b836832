//! Reports over a few hundred made-up rows.

use super::*;

/// The reports there are.
pub const REPORTS: [&str; 16] = [
    "case-evidence",
    "dealer-scorecard",
    "device-gaps",
    "diversion-cases",
    "diversion-dealers",
    "dwell",
    "incentive-rates",
    "promoter-claims",
    "promoter-summary",
    "reconciliation",
    "regional-sales",
    "regional-sales-change",
    "sightings",
    "supplier-quality",
    "unresolved-addresses",
    "upload-quality",
];

const DEALERS: [(&str, &str); 3] = [("D1", "430100"), ("D2", "430200"), ("D3", "110101")];

fn column(name: &str, data_type: &str) -> Column {
    Column { name: name.to_owned(), data_type: data_type.to_owned() }
}

fn columns() -> Vec<Column> {
    vec![
        column("period", "text"),
        column("region_code", "text"),
        column("dealer_code", "text"),
        column("sold_qty", "integer"),
        column("ordered_amount", "decimal"),
    ]
}

/// What a principal sees: the same rule for every report.
fn is_seen(who: &Principal, dealer: &str, region: &str) -> bool {
    who.dealer_code.as_deref().is_none_or(|code| code == dealer)
        && (who.regions.is_empty() || who.regions.iter().any(|code| code[..2] == region[..2]))
}

fn rows(who: &Principal, question: &ReportQuestion) -> Answer<Vec<Row>> {
    let known: Vec<_> = columns().into_iter().map(|column| column.name).collect();
    let asked = question.filters.keys().chain(question.sort.iter().map(|(name, _)| name));
    if let Some(wrong) = asked.into_iter().find(|name| !known.contains(name)) {
        return Err(PortError::invalid(
            format!("there is no column `{}`", wrong.escape_debug()),
            format!("there are {}", known.join(", ")),
        ));
    }
    let mut rows = Vec::new();
    for month in 1..=12 {
        for (dealer, region) in DEALERS.iter().filter(|(d, r)| is_seen(who, d, r)) {
            let made = row(json!({
                "period": format!("2026-{month:02}"),
                "region_code": region,
                "dealer_code": dealer,
                "sold_qty": month * 10,
                "ordered_amount": format!("{month}00.50"),
            }));
            let fits = |(name, value): (&String, &String)| match &made.0[name] {
                Value::String(text) => text == value,
                other => *value == format!("{other}"),
            };
            if question.filters.iter().all(fits) {
                rows.push(made);
            }
        }
    }
    for (name, falls) in question.sort.iter().rev() {
        rows.sort_by_key(|row| row.0[name].to_string());
        if *falls {
            rows.reverse();
        }
    }
    Ok(rows)
}

fn expect_report(name: &str) -> Answer<()> {
    if REPORTS.contains(&name) { Ok(()) } else { Err(missing("report", name)) }
}

#[async_trait]
impl ReportDesk for Memory {
    async fn reports(&self, _: &Principal) -> Answer<Vec<Report>> {
        let report = |name: &&str| Report {
            name: (*name).to_owned(),
            title: (*name).to_owned(),
            title_zh: (*name).to_owned(),
            dimensions: vec![Dimension { name: "period".to_owned(), optional: false }],
            parameters: vec![column("from", "date"), column("to", "date")],
            columns: columns(),
        };
        Ok(REPORTS.iter().map(report).collect())
    }

    async fn rows(
        &self,
        who: &Principal,
        report: &str,
        question: &ReportQuestion,
        page: &PageAsked,
    ) -> Answer<ReportRows> {
        expect_report(report)?;
        let Page { items, next } = page_of(rows(who, question)?, page)?;
        Ok(ReportRows {
            columns: columns(),
            rows: items,
            next_cursor: next,
            built_at: Some(at(5)),
            rule_version: Some("r1".to_owned()),
        })
    }

    async fn file(
        &self,
        who: &Principal,
        report: &str,
        question: &ReportQuestion,
        format: FileFormat,
    ) -> Answer<FileAnswer> {
        expect_report(report)?;
        let rows = rows(who, question)?;
        let lines: Vec<_> = rows
            .iter()
            .map(|row| row.0.values().map(Value::to_string).collect::<Vec<_>>().join(","))
            .collect();
        let lines: Vec<_> = lines.iter().map(String::as_str).collect();
        let ending = if format == FileFormat::Csv { "csv" } else { "xlsx" };
        Ok(file(&format!("报表 {report}.{ending}"), &lines))
    }

    async fn freshness(&self, _: &Principal) -> Answer<Vec<Freshness>> {
        let fresh = |name: &&str| Freshness {
            report: (*name).to_owned(),
            built_at: Some(at(5)),
            data_until: Some(at(4)),
            bound_s: Some(3_600),
            is_late: false,
            why: None,
            why_zh: None,
        };
        Ok(REPORTS.iter().map(fresh).collect())
    }
}

#[async_trait]
impl Places for Memory {
    async fn regions(
        &self,
        _: &Principal,
        parent: Option<&str>,
        _: Option<chrono::NaiveDate>,
    ) -> Answer<Vec<Region>> {
        let region = |code: &str, name: &str, level, parent: Option<&str>| Region {
            region_code: code.to_owned(),
            name: name.to_owned(),
            level,
            parent_code: parent.map(str::to_owned),
            has_children: level != RegionLevel::County,
        };
        match parent {
            None => Ok(vec![region("430000", "湖南省", RegionLevel::Province, None)]),
            Some("430000") => {
                Ok(vec![region("430100", "长沙市", RegionLevel::City, Some("430000"))])
            }
            Some(other) => Err(missing("region", other)),
        }
    }

    async fn territories(
        &self,
        who: &Principal,
        filter: &TerritoryFilter,
        page: &PageAsked,
    ) -> Answer<Page<Territory>> {
        let seen = DEALERS.iter().filter(|(dealer, region)| {
            is_seen(who, dealer, region)
                && filter.dealer_code.as_deref().is_none_or(|code| code == *dealer)
                && filter.region_code.as_deref().is_none_or(|code| code[..2] == region[..2])
        });
        let territory = |(dealer, region): &(&str, &str)| Territory {
            dealer_code: (*dealer).to_owned(),
            dealer_name: None,
            product_code: None,
            category: None,
            channel: None,
            region_code: (*region).to_owned(),
            region_name: None,
            valid_from: None,
            valid_to: None,
        };
        page_of(seen.map(territory).collect(), page)
    }

    async fn corrections(&self, _: &Principal, page: &PageAsked) -> Answer<Page<Correction>> {
        page_of(self.state().corrections.clone(), page)
    }

    async fn correct(&self, who: &Principal, draft: &CorrectionDraft) -> Answer<Correction> {
        let kept = Correction {
            kind: draft.kind,
            text: draft.text.clone(),
            region_code: draft.region_code.clone(),
            note: draft.note.clone(),
            made_by: Some(who.login.clone()),
            made_at: Some(at(6)),
        };
        self.state().corrections.push(kept.clone());
        Ok(kept)
    }
}
