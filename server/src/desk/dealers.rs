//! What a dealer sees of itself.

use async_trait::async_trait;
use chrono::DateTime;
use serde_json::Value;
use yuanliu_access::Principal;
use yuanliu_api::ports::{
    Answer, DealerCode, DealerDesk, DealerScore, DealerStock, Page, PageAsked, ReportDesk,
    ReportQuestion, Row,
};
use yuanliu_warehouse::RowRange;

use super::Desk;
use crate::report::Question;

/// Products of a dealer's stock.
const PRODUCTS_MAX: u64 = 10_000;

/// Months of a dealer's score.
const MONTHS_MAX: u64 = 600;

#[async_trait]
impl DealerDesk for Desk {
    async fn stock(&self, who: &Principal) -> Answer<Vec<DealerStock>> {
        self.own_dealer(who)?;
        let rows = self.first(who, "dealer-stock", PRODUCTS_MAX).await?;
        let mut stock: Vec<DealerStock> = Vec::new();
        for row in rows {
            let product_code = text(&row, "product_code").unwrap_or_default();
            let line = DealerStock {
                name: text(&row, "product_name"),
                items: number(&row, "items"),
                cases: number(&row, "cases"),
                oldest_days: number(&row, "oldest_days"),
                product_code,
            };
            // Dealers below have the same products.
            match stock.iter_mut().find(|known| known.product_code == line.product_code) {
                Some(known) => {
                    known.items += line.items;
                    known.cases += line.cases;
                    known.oldest_days = known.oldest_days.max(line.oldest_days);
                }
                None => stock.push(line),
            }
        }
        Ok(stock)
    }

    async fn codes(
        &self,
        who: &Principal,
        product_code: Option<&str>,
        page: &PageAsked,
    ) -> Answer<Page<DealerCode>> {
        self.own_dealer(who)?;
        let product = product_code.map(|code| ("product_code".to_owned(), code.to_owned()));
        let question =
            ReportQuestion { filters: product.into_iter().collect(), ..ReportQuestion::default() };
        let found = ReportDesk::rows(self, who, "dealer-codes", &question, page).await?;
        let code = |row: Row| {
            let since = DateTime::parse_from_rfc3339(&text(&row, "held_since")?).ok()?.to_utc();
            Some(DealerCode {
                code: text(&row, "code")?,
                product_code: text(&row, "product_code").unwrap_or_default(),
                batch_no: text(&row, "batch_no"),
                parent_code: text(&row, "container_code"),
                dealer_code: text(&row, "dealer_code")?,
                since,
                state: text(&row, "state")?,
            })
        };
        let items = found.rows.into_iter().filter_map(code).collect();
        Ok(Page { items, next: found.next_cursor })
    }

    async fn score(&self, who: &Principal) -> Answer<DealerScore> {
        self.own_dealer(who)?;
        Ok(DealerScore { months: self.first(who, "dealer-scorecard", MONTHS_MAX).await? })
    }
}

impl Desk {
    async fn first(&self, who: &Principal, report: &str, limit: u64) -> Answer<Vec<Row>> {
        let asked = Question { page: Some(RowRange { offset: 0, limit }), ..Question::default() };
        Ok(self.answer(who, report, &ReportQuestion::default(), &asked).await?.1)
    }
}

fn text(row: &Row, name: &str) -> Option<String> {
    row.0.get(name).and_then(Value::as_str).map(str::to_owned)
}

fn number(row: &Row, name: &str) -> i64 {
    let value = row.0.get(name);
    value.and_then(|value| value.as_i64().or(value.as_f64().map(|n| n as i64))).unwrap_or_default()
}
