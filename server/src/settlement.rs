//! The spreadsheet finance gets of a promoter summary: every sum is a formula over the claims beside it.
//!
//! What counts where is decided by `warehouse-sql/reports`: `promoter-settlement` gives each claim the
//! key of the summary's row it counts in. The formulas only count rows of a key.

use anyhow::{Context, Result};
use futures::TryStreamExt;
use rust_xlsxwriter::utility::column_number_to_name;
use yuanliu_warehouse::{QueryScope, Rows};

use crate::output::{Cell, Entry, Output, Page, batch_json};
use crate::report::{Question, Reports};

/// The report whose spreadsheet this is.
pub(crate) const SUMMARY: &str = "promoter-summary";

/// The reports behind it, with the names of their sheets.
pub(crate) const SHEETS: [(&str, &str); 2] =
    [("promoter-settlement", CLAIMS), ("incentive-rates", "Rates")];

const CLAIMS: &str = "Claims";

/// Writes the answer of [`SUMMARY`] to `question` with what stands behind it.
pub(crate) async fn write(
    output: &Output,
    reports: &Reports,
    scope: &QueryScope,
    question: &Question,
    summary: Rows,
) -> Result<()> {
    let [(claims_report, claims_sheet), (rates_report, rates_sheet)] = SHEETS;
    let claims = reports.find(claims_report)?.answer(scope, &of_claims(question)).await?;
    let rates = Question { from: question.from, to: question.to, ..Question::default() };
    let rates = reports.find(rates_report)?.answer(scope, &rates).await?;
    let names: Vec<String> = claims.schema().fields().iter().map(|f| f.name().clone()).collect();
    let first = page(output, &names, 2 + question.by.len(), summary).await?;
    output.write_workbook(first, vec![(claims_sheet, claims), (rates_sheet, rates)]).await
}

/// The same question of the claims; a summary filtered by a sum is still made of all claims.
fn of_claims(question: &Question) -> Question {
    let mut question = question.clone();
    question.filters.retain(|column, _| column == "promoter_code");
    question
}

async fn page(
    output: &Output,
    claims: &[String],
    dimensions: usize,
    summary: Rows,
) -> Result<Page> {
    let header: Vec<String> =
        summary.schema().fields().iter().map(|field| field.name().clone()).collect();
    let batches: Vec<_> = summary.try_collect().await.context("reading the summary")?;
    let answered = batches.iter().flat_map(|batch| batch_json(batch, output.zone));
    let mut rows = Vec::new();
    // The header is a spreadsheet's row 1.
    for (number, answer) in (2_usize..).zip(answered) {
        let cells: Vec<Cell> = header.iter().map(|name| Cell::from_json(&answer[name])).collect();
        let key = key(number, cells.iter().take(dimensions));
        let entries =
            header.iter().zip(cells).map(|(name, result)| match sum(name, &key, claims) {
                Some(text) => Entry::Formula { text, result },
                None => Entry::Value(result),
            });
        rows.push(entries.collect());
    }
    Ok(Page { name: "Summary".to_owned(), header, rows })
}

/// What the claims of one row have as their key: the row's dimensions with bars between them.
fn key<'a>(number: usize, dimensions: impl Iterator<Item = &'a Cell>) -> String {
    let texts: Vec<String> = dimensions.map(|cell| cell.clone().into_text()).collect();
    let is_pattern = texts.iter().any(|text| text.contains(['*', '?', '~']));
    if is_pattern {
        // Where a code holds what a spreadsheet takes for a pattern, it is written out with its signs escaped.
        let literal = texts.join("|").replace('~', "~~").replace('*', "~*").replace('?', "~?");
        return format!("\"{}\"", literal.replace('"', "\"\""));
    }
    let cells: Vec<String> =
        (0..texts.len()).map(|column| format!("${}{number}", letter(column))).collect();
    cells.join("&\"|\"&")
}

/// The formula of a column of the summary, none for one that is no sum.
fn sum(name: &str, key: &str, claims: &[String]) -> Option<String> {
    let column = |name: &str| {
        let place = claims.iter().position(|known| known == name)?;
        Some(format!("{CLAIMS}!${0}:${0}", letter(place)))
    };
    let count = |keys: &str, conditions: &[(&str, &str)]| -> Option<String> {
        let mut criteria = format!("{},{key}", column(keys)?);
        for (of, wanted) in conditions {
            criteria.push_str(&format!(",{},{wanted}", column(of)?));
        }
        Some(format!("COUNTIFS({criteria})"))
    };
    let amount = |keys: &str| -> Option<String> {
        // A sum of binary fractions is rounded to the places that amounts have.
        Some(format!("ROUND(SUMIFS({},{},{key}),10)", column("amount")?, column(keys)?))
    };
    let settled = |verdict: &str| {
        let verdict = format!("\"{verdict}\"");
        let conditions = [("is_retry", "FALSE"), ("verdict", verdict.as_str())];
        count("settlement_key", &conditions)
    };
    let unpriced = |verdict: &str| {
        let verdict = format!("\"{verdict}\"");
        let conditions = [("is_retry", "FALSE"), ("verdict", verdict.as_str()), ("amount", "\"\"")];
        count("settlement_key", &conditions)
    };
    match name {
        "claimed" => count("settlement_key", &[("is_retry", "FALSE")]),
        "accepted" => Some(format!("{}+{}", settled("accepted")?, settled("clawed_back")?)),
        "held" | "rejected" => settled(name),
        "clawed_back" => count("clawback_key", &[]),
        "payable_amount" => amount("settlement_key"),
        "clawback_amount" => amount("clawback_key"),
        "retries" => count("settlement_key", &[("is_retry", "TRUE")]),
        "unpriced" => Some(format!("{}+{}", unpriced("accepted")?, unpriced("clawed_back")?)),
        "over_stock" => count("settlement_key", &[("store_claims", "\">0\"")]),
        _ => None,
    }
}

fn letter(column: usize) -> String {
    // A report has a few dozen columns.
    column_number_to_name(u16::try_from(column).unwrap_or(u16::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn claims() -> Vec<String> {
        let names = ["code", "verdict", "is_retry", "amount", "settlement_key", "clawback_key"];
        names.map(str::to_owned).to_vec()
    }

    #[test]
    fn sums_count_the_claims_of_their_row() {
        let dimensions = ["2026-03", "M1"].map(|text| Cell::Text(text.to_owned()));
        let key = key(2, dimensions.iter());
        assert_eq!(key, "$A2&\"|\"&$B2");
        let found = |name: &str| sum(name, &key, &claims()).unwrap_or_default();
        assert_eq!(
            found("held"),
            "COUNTIFS(Claims!$E:$E,$A2&\"|\"&$B2,Claims!$C:$C,FALSE,Claims!$B:$B,\"held\")"
        );
        assert_eq!(found("clawed_back"), "COUNTIFS(Claims!$F:$F,$A2&\"|\"&$B2)");
        assert_eq!(
            found("payable_amount"),
            "ROUND(SUMIFS(Claims!$D:$D,Claims!$E:$E,$A2&\"|\"&$B2),10)"
        );
        assert_eq!(found("promoter_code"), "");
    }

    #[test]
    fn a_code_with_signs_of_a_pattern_is_taken_by_its_letter() {
        let dimensions = ["total", "M*1"].map(|text| Cell::Text(text.to_owned()));
        assert_eq!(key(7, dimensions.iter()), "\"total|M~*1\"");
    }
}
