//! Which rows a limited view shows: one policy, applied wherever a name is resolved.
//!
//! A view that is limited to regions or dealers sees every table through the policy's rule for it, so that no
//! statement, report, total or catalogue over the scope can see more. A table without a rule is not there.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use datafusion::catalog::TableProvider;
use datafusion::common::{Column, JoinType};
use datafusion::datasource::{ViewTable, provider_as_source};
use datafusion::error::DataFusionError;
use datafusion::logical_expr::{Expr, LogicalPlanBuilder, col, lit};
use serde::Deserialize;

use super::QueryScope;
use super::catalog::resolve;
use crate::lake::{LakeError, TableName};

/// A chain of tables that show rows through each other is no longer than this.
const THROUGH_DEPTH_MAX: usize = 4;

/// The policy as it is written: tables that everybody sees whole, and a rule for each of the others.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RowPolicyText {
    /// Tables without a row of anyone in particular.
    #[serde(default)]
    pub open: Vec<String>,
    /// The rules, by table.
    #[serde(default)]
    pub tables: BTreeMap<String, RowRule>,
}

/// How the rows of one table belong to dealers and regions.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RowRule {
    /// The permission without which the table is not shown where tables are asked for by name.
    pub permission: String,
    /// The column that names the dealer a row is about.
    pub dealer: Option<String>,
    /// The columns that name the regions a row is about; one of them is enough.
    #[serde(default)]
    pub region: Vec<String>,
    /// A row is also about the region of its dealer.
    #[serde(default)]
    pub dealer_region: bool,
    /// A row about a region is also about every region inside of it.
    #[serde(default)]
    pub region_covers: bool,
    /// A row is shown when the row it points at is.
    pub through: Option<Through>,
}

/// A row that belongs to whom another table's row belongs.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Through {
    /// The column that points.
    pub column: String,
    /// The other table.
    pub of: String,
    /// The column it points at; the same name if left out.
    pub key: Option<String>,
}

/// The policy, with every name understood.
#[derive(Debug, Default)]
pub struct RowPolicy {
    open: BTreeSet<TableName>,
    rules: BTreeMap<TableName, RowRule>,
}

impl RowPolicy {
    /// Checks the names of a policy.
    ///
    /// # Errors
    ///
    /// A table of the policy whose name is no table name.
    pub fn new(text: RowPolicyText) -> Result<Self, LakeError> {
        let open = text.open.iter().map(|name| name.parse()).collect::<Result<_, _>>()?;
        let rules = text.tables.into_iter();
        let rules = rules
            .map(|(name, rule)| Ok((name.parse()?, rule)))
            .collect::<Result<BTreeMap<TableName, RowRule>, LakeError>>()?;
        Ok(Self { open, rules })
    }

    /// The tables of those who have some permissions.
    pub fn tables(&self, has: impl Fn(&str) -> bool) -> BTreeSet<TableName> {
        let permitted = self.rules.iter().filter(|(_, rule)| has(&rule.permission));
        self.open.iter().chain(permitted.map(|(name, _)| name)).cloned().collect()
    }

    /// Whether a limited view knows the table at all.
    pub fn shows(&self, name: &TableName, limit: &RowLimit) -> bool {
        let Some(rule) = self.rules.get(name) else { return self.open.contains(name) };
        let has_region = rule.dealer.is_some() || !rule.region.is_empty();
        rule.through.is_some()
            || ((limit.dealers.is_none() || rule.dealer.is_some())
                && (limit.regions.is_none() || has_region))
    }
}

/// Whose rows are shown: those that every part shows.
#[derive(Debug, Clone, Default)]
pub struct RowLimit {
    /// Those about one of these dealers; without it, about any dealer or none.
    pub dealers: Option<Arc<[String]>>,
    /// Those about one of these regions; without it, about any region or none.
    pub regions: Option<RegionLimit>,
}

/// Some regions, with the dealers there.
#[derive(Debug, Clone)]
pub struct RegionLimit {
    /// Six-digit codes of provinces, cities and counties.
    pub codes: Arc<[String]>,
    /// The dealers of those regions.
    pub dealers: Arc<[String]>,
}

/// A policy with whom it is applied to.
#[derive(Debug, Clone)]
pub(super) struct Limited {
    policy: Arc<RowPolicy>,
    limit: RowLimit,
    /// The only tables that may be named.
    tables: Option<Arc<BTreeSet<TableName>>>,
}

impl Limited {
    pub(super) fn shows(&self, name: &TableName) -> bool {
        let is_named = self.tables.as_ref().is_none_or(|tables| tables.contains(name));
        is_named && self.policy.shows(name, &self.limit)
    }
}

impl QueryScope {
    /// This scope, showing only the rows of `limit`.
    pub fn limited(&self, policy: Arc<RowPolicy>, limit: RowLimit) -> Self {
        self.with_limited(Some(Limited { policy, limit, tables: None }))
    }

    /// This scope, showing only the rows of `limit`, and of no other tables than those of
    /// [`RowPolicy::tables`].
    pub fn limited_to_tables(
        &self,
        policy: Arc<RowPolicy>,
        limit: RowLimit,
        tables: BTreeSet<TableName>,
    ) -> Self {
        self.with_limited(Some(Limited { policy, limit, tables: Some(Arc::new(tables)) }))
    }
}

/// The table under its rule; `None` if there is no such table for this view.
pub(super) async fn limited_table(
    scope: &QueryScope,
    limited: &Limited,
    name: &TableName,
) -> Result<Option<Arc<dyn TableProvider>>, DataFusionError> {
    if !limited.shows(name) {
        return Ok(None);
    }
    let whole = scope.with_limited(None);
    let Some(plan) = rows(&whole, limited, name, 0).await? else { return Ok(None) };
    Ok(Some(Arc::new(ViewTable::new(plan.build()?, None))))
}

/// The rows that are shown, as a plan.
async fn rows(
    whole: &QueryScope,
    limited: &Limited,
    name: &TableName,
    depth: usize,
) -> Result<Option<LogicalPlanBuilder>, DataFusionError> {
    if depth > THROUGH_DEPTH_MAX {
        let message = format!("the row policy leads from {name} through too many tables");
        return Err(DataFusionError::Plan(message));
    }
    let Some(table) = resolve(whole, name).await? else { return Ok(None) };
    let plan = LogicalPlanBuilder::scan(name.table(), provider_as_source(table), None)?;
    let Some(rule) = limited.policy.rules.get(name) else { return Ok(Some(plan)) };
    if let Some(through) = &rule.through {
        let of: TableName = through
            .of
            .parse()
            .map_err(|error: LakeError| DataFusionError::External(Box::new(error)))?;
        let shown = Box::pin(rows(whole, limited, &of, depth + 1)).await?;
        let Some(shown) = shown else { return Ok(None) };
        let key = through.key.as_ref().unwrap_or(&through.column);
        let shown = shown.project([col(Column::from_name(key)).alias("shown_key")])?.build()?;
        let on = (vec![Column::from_name(&through.column)], vec![Column::from_name("shown_key")]);
        return plan.join(shown, JoinType::LeftSemi, on, None).map(Some);
    }
    plan.filter(condition(rule, &limited.limit)).map(Some)
}

/// What a row must be about to be shown.
fn condition(rule: &RowRule, limit: &RowLimit) -> Expr {
    let by_dealer = limit.dealers.as_ref().map(|dealers| about_dealers(rule, dealers));
    let by_region = limit.regions.as_ref().map(|regions| about_regions(rule, regions));
    let parts = [by_dealer, by_region].into_iter().flatten();
    parts.reduce(Expr::and).unwrap_or_else(|| lit(true))
}

fn about_dealers(rule: &RowRule, dealers: &[String]) -> Expr {
    let Some(column) = &rule.dealer else { return lit(false) };
    let dealers = dealers.iter().map(|dealer| lit(dealer.as_str())).collect();
    col(Column::from_name(column)).in_list(dealers, false)
}

fn about_regions(rule: &RowRule, regions: &RegionLimit) -> Expr {
    let mut conditions = Vec::new();
    for column in &rule.region {
        let column = col(Column::from_name(column));
        let inside = regions.codes.iter().map(|code| format!("{}%", significant(code)));
        conditions.extend(inside.map(|pattern| column.clone().like(lit(pattern))));
        if rule.region_covers {
            let outer = regions.codes.iter().flat_map(|code| outer_codes(code)).map(lit);
            conditions.push(column.in_list(outer.collect(), false));
        }
    }
    if rule.dealer_region || rule.region.is_empty() {
        conditions.push(about_dealers(rule, &regions.dealers));
    }
    conditions.into_iter().reduce(Expr::or).unwrap_or_else(|| lit(false))
}

/// The digits of a code that its counties share: two of a province, four of a city.
fn significant(code: &str) -> &str {
    let shared = code.strip_suffix("0000").or_else(|| code.strip_suffix("00"));
    shared.unwrap_or(code)
}

/// The codes of the city and the province that a region lies in.
fn outer_codes(code: &str) -> impl Iterator<Item = String> {
    let outer = |digits: usize| Some(format!("{:0<6}", code.get(..digits)?));
    [outer(2), outer(4)].into_iter().flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_region_is_its_own_digits() {
        assert_eq!(significant("430000"), "43");
        assert_eq!(significant("430100"), "4301");
        assert_eq!(significant("430102"), "430102");
        assert_eq!(outer_codes("430102").collect::<Vec<_>>(), ["430000", "430100"]);
    }
}
