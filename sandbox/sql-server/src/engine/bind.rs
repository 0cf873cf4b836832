//! Binding a query: names to columns, parameters to values, types to expressions.

use std::collections::HashMap;

use sqlparser::ast::{
    Distinct, Expr, GroupByExpr, LimitClause, OrderByExpr, OrderByKind, Query, Select, SelectItem,
    SelectItemQualifiedWildcardKind, SetExpr, SetOperator, SetQuantifier, TopQuantity,
};

use super::eval::Env;
use super::expr::{Node, Op};
use super::plan::{Grouping, Output, Plan, Rows, Source};
use crate::data::TableDef;
use crate::error::SqlError;
use crate::server::World;
use crate::values::{SqlType, Value, cast};

/// Parameters and variables by lower-case name with `@`.
pub(crate) type Variables = HashMap<String, (Value, SqlType)>;

/// What a statement sees of the server and its session.
#[derive(Clone, Copy)]
pub(crate) struct Context<'a> {
    pub(crate) world: &'a World,
    pub(crate) database: &'a str,
    pub(crate) session_id: i64,
    pub(crate) application: &'a str,
    pub(crate) user: &'a str,
}

/// Names that a source of the query answers to.
pub(super) struct ScopeSource {
    pub(super) alias: String,
    pub(super) columns: Vec<(String, Node)>,
}

/// Binds one query after another, each with the scopes of those around it.
pub(crate) struct Binder<'a> {
    pub(super) context: Option<Context<'a>>,
    pub(super) variables: Option<&'a Variables>,
    pub(super) scopes: Vec<Vec<ScopeSource>>,
    pub(super) named: Vec<(String, Query)>,
    pub(super) user_table: bool,
}

impl<'a> Binder<'a> {
    pub(crate) fn new(context: Context<'a>, variables: &'a Variables) -> Self {
        Self {
            context: Some(context),
            variables: Some(variables),
            scopes: Vec::new(),
            named: Vec::new(),
            user_table: false,
        }
    }

    /// A binder without a server, for computed columns.
    pub(super) fn detached() -> Self {
        Self {
            context: None,
            variables: None,
            scopes: Vec::new(),
            named: Vec::new(),
            user_table: false,
        }
    }

    pub(super) fn push_table(&mut self, def: &TableDef) {
        let columns = def.columns.iter().enumerate();
        let columns = columns
            .map(|(at, c)| (c.name.clone(), Node::column(0, at, c.ty, c.nullable)))
            .collect();
        self.scopes.push(vec![ScopeSource { alias: def.name.clone(), columns }]);
    }

    /// A value without rows.
    pub(crate) fn value(&mut self, expression: &Expr) -> Result<(Value, SqlType), SqlError> {
        let node = self.expression(expression)?;
        Ok((node.eval(&Env { rows: &[], outer: None })?.into_owned(), node.ty))
    }

    /// A whole query.
    pub(crate) fn query(&mut self, query: &Query) -> Result<Plan, SqlError> {
        let named = self.named.len();
        for cte in query.with.iter().flat_map(|with| &with.cte_tables) {
            self.named.push((cte.alias.name.value.clone(), (*cte.query).clone()));
        }
        let order: &[OrderByExpr] = match query.order_by.as_ref().map(|order| &order.kind) {
            Some(OrderByKind::Expressions(order)) => order,
            _ => &[],
        };
        let mut plan = self.body(&query.body, order)?;
        self.named.truncate(named);
        let (limit, offset) = match &query.limit_clause {
            Some(LimitClause::LimitOffset { limit, offset, .. }) => {
                (limit.as_ref(), offset.as_ref().map(|o| &o.value))
            }
            _ => (None, None),
        };
        let fetch = query.fetch.as_ref().and_then(|fetch| fetch.quantity.as_ref());
        if let Some(limit) = fetch.or(limit) {
            plan.top = Some(self.count(limit)?);
        }
        if let Some(offset) = offset {
            plan.skip = self.count(offset)?;
        }
        plan.reads_user_table = self.user_table;
        Ok(plan)
    }

    fn body(&mut self, body: &SetExpr, order: &[OrderByExpr]) -> Result<Plan, SqlError> {
        match body {
            SetExpr::Select(select) => self.select(select, order),
            SetExpr::Query(query) => self.query(query),
            SetExpr::SetOperation { op: SetOperator::Union, set_quantifier, left, right } => {
                let parts = vec![self.body(left, &[])?, self.body(right, &[])?];
                self.union(parts, *set_quantifier != SetQuantifier::All, order)
            }
            other => Err(SqlError::unsupported(&format!("`{other}`"))),
        }
    }

    fn union(
        &mut self,
        mut parts: Vec<Plan>,
        distinct: bool,
        order: &[OrderByExpr],
    ) -> Result<Plan, SqlError> {
        let mut outputs: Vec<Output> = Vec::new();
        for at in 0..parts[0].outputs.len() {
            let types: Vec<SqlType> =
                parts.iter().filter_map(|part| part.outputs.get(at)).map(|o| o.node.ty).collect();
            if types.len() != parts.len() {
                return Err(SqlError::new(
                    205,
                    16,
                    "All queries combined using a UNION operator must have an equal number of expressions in their target lists.",
                ));
            }
            let ty =
                types.iter().copied().reduce(super::bind_expr::common_type).unwrap_or(SqlType::Int);
            for part in &mut parts {
                let node = part.outputs[at].node.clone();
                part.outputs[at].node = super::bind_expr::cast_node(node, ty)?;
            }
            let nullable = parts.iter().any(|part| part.outputs[at].node.nullable);
            let name = parts[0].outputs[at].name.clone();
            outputs.push(Output { name, node: Node::column(0, at, ty, nullable), plain: false });
        }
        let columns =
            outputs.iter().map(|output| (output.name.clone(), output.node.clone())).collect();
        self.scopes.push(vec![ScopeSource { alias: String::new(), columns }]);
        let order = self.order(order, &outputs);
        self.scopes.pop();
        Ok(Plan { outputs, distinct, order: order?, union: parts, ..Plan::default() })
    }

    fn select(&mut self, select: &Select, order: &[OrderByExpr]) -> Result<Plan, SqlError> {
        self.scopes.push(Vec::new());
        let plan = self.select_in_scope(select, order);
        self.scopes.pop();
        plan
    }

    fn select_in_scope(
        &mut self,
        select: &Select,
        order: &[OrderByExpr],
    ) -> Result<Plan, SqlError> {
        let mut plan = Plan {
            distinct: matches!(select.distinct, Some(Distinct::Distinct)),
            ..Plan::default()
        };
        self.from(&select.from, &mut plan)?;
        if plan.sources.is_empty() {
            // A select without `from` has one row.
            let row: crate::values::Row = std::sync::Arc::from([]);
            plan.sources.push(Source {
                rows: Rows::Made(vec![row].into()),
                left: false,
                on: Vec::new(),
            });
        }
        if let Some(selection) = &select.selection {
            self.expression(selection)?.conjuncts(&mut plan.filter);
        }
        plan.outputs = self.outputs(&select.projection)?;
        plan.order = self.order(order, &plan.outputs)?;
        if let Some(top) = &select.top {
            plan.top = match &top.quantity {
                Some(TopQuantity::Constant(count)) => usize::try_from(*count).ok(),
                Some(TopQuantity::Expr(count)) => Some(self.count(count)?),
                None => None,
            };
        }
        let keys = match &select.group_by {
            GroupByExpr::Expressions(keys, _) => {
                keys.iter().map(|key| self.expression(key)).collect::<Result<Vec<_>, _>>()?
            }
            GroupByExpr::All(_) => return Err(SqlError::unsupported("`group by all`")),
        };
        let having = select.having.as_ref().map(|having| self.expression(having)).transpose()?;
        let is_aggregate = |node: &Node| matches!(node.op, Op::Aggregate(..));
        let aggregates = plan.outputs.iter().any(|output| output.node.any(&is_aggregate));
        if aggregates || !keys.is_empty() || having.is_some() {
            group(&mut plan, keys, having)?;
        }
        Ok(plan)
    }

    fn outputs(&mut self, items: &[SelectItem]) -> Result<Vec<Output>, SqlError> {
        let mut outputs = Vec::new();
        for item in items {
            match item {
                SelectItem::Wildcard(_) => self.wildcard(None, &mut outputs)?,
                SelectItem::QualifiedWildcard(
                    SelectItemQualifiedWildcardKind::ObjectName(name),
                    _,
                ) => {
                    let alias = name.0.last().map(ToString::to_string).unwrap_or_default();
                    self.wildcard(Some(alias.trim_matches(['[', ']'])), &mut outputs)?;
                }
                SelectItem::UnnamedExpr(Expr::BinaryOp {
                    left,
                    op: sqlparser::ast::BinaryOperator::Eq,
                    right,
                }) => {
                    let name = left.to_string().trim_matches(['[', ']']).to_owned();
                    outputs.push(Output { name, node: self.expression(right)?, plain: false });
                }
                SelectItem::UnnamedExpr(expression) => {
                    let name = match expression {
                        Expr::Identifier(name) if !name.value.starts_with('@') => {
                            name.value.clone()
                        }
                        Expr::CompoundIdentifier(names) => {
                            names.last().map(|name| name.value.clone()).unwrap_or_default()
                        }
                        _ => String::new(),
                    };
                    let plain = !name.is_empty();
                    outputs.push(Output { name, node: self.expression(expression)?, plain });
                }
                SelectItem::ExprWithAlias { expr, alias } => {
                    let node = self.expression(expr)?;
                    let plain = matches!(node.op, Op::Column { .. });
                    outputs.push(Output { name: alias.value.clone(), node, plain });
                }
                other => return Err(SqlError::unsupported(&format!("`{other}`"))),
            }
        }
        Ok(outputs)
    }

    fn wildcard(&self, alias: Option<&str>, outputs: &mut Vec<Output>) -> Result<(), SqlError> {
        let sources = self.scopes.last().map(Vec::as_slice).unwrap_or_default();
        let mut found = false;
        for source in sources
            .iter()
            .filter(|source| alias.is_none_or(|alias| source.alias.eq_ignore_ascii_case(alias)))
        {
            found = true;
            let columns = source.columns.iter();
            outputs.extend(columns.map(|(name, node)| Output {
                name: name.clone(),
                node: node.clone(),
                plain: true,
            }));
        }
        if found {
            Ok(())
        } else {
            Err(SqlError::new(
                107,
                15,
                format!("The column prefix '{}' does not match.", alias.unwrap_or("*")),
            ))
        }
    }

    /// An order may name an output, number one, or be any expression.
    fn order(
        &mut self,
        order: &[OrderByExpr],
        outputs: &[Output],
    ) -> Result<Vec<(Node, bool)>, SqlError> {
        let mut bound = Vec::new();
        for item in order {
            let named = match &item.expr {
                Expr::Identifier(name) => {
                    outputs.iter().find(|output| output.name.eq_ignore_ascii_case(&name.value))
                }
                Expr::Value(value) => value
                    .to_string()
                    .parse::<usize>()
                    .ok()
                    .and_then(|at| outputs.get(at.wrapping_sub(1))),
                _ => None,
            };
            let node = match named {
                Some(output) => output.node.clone(),
                None => self.expression(&item.expr)?,
            };
            bound.push((node, item.options.asc == Some(false)));
        }
        Ok(bound)
    }

    fn count(&mut self, expression: &Expr) -> Result<usize, SqlError> {
        let (value, ty) = self.value(expression)?;
        match cast(&value, &ty, &SqlType::BigInt)? {
            Value::Int(count) => usize::try_from(count).map_err(|_| SqlError::new(1060, 15, "The number of rows provided for a TOP or FETCH clauses row count parameter must be an integer.")),
            _ => Err(SqlError::new(1060, 15, "The number of rows provided for a TOP or FETCH clauses row count parameter must be an integer.")),
        }
    }
}

/// Rewrites outputs, order and `having` over a row of keys and aggregates.
fn group(plan: &mut Plan, keys: Vec<Node>, having: Option<Node>) -> Result<(), SqlError> {
    let mut aggregates: Vec<Node> = Vec::new();
    let mut rewrite = |node: &mut Node| {
        node.walk(&mut |node| {
            let place = match node.op {
                Op::Aggregate(..) => match aggregates.iter().position(|held| held.same(node)) {
                    Some(at) => Some(keys.len() + at),
                    None => {
                        aggregates.push(node.clone());
                        Some(keys.len() + aggregates.len() - 1)
                    }
                },
                _ => keys.iter().position(|key| key.same(node)),
            };
            if let Some(at) = place {
                // Marked as one level out for now, so that a key's own columns are not taken for sources.
                *node = Node {
                    op: Op::Column { depth: usize::MAX, source: 0, at },
                    args: Vec::new(),
                    ty: node.ty,
                    nullable: true,
                };
            }
        });
    };
    plan.outputs.iter_mut().for_each(|output| rewrite(&mut output.node));
    plan.order.iter_mut().for_each(|(node, _)| rewrite(node));
    let mut having = having;
    having.iter_mut().for_each(&mut rewrite);
    let mut stray = false;
    let mut settle = |node: &mut Node| {
        node.walk(&mut |node| {
            if let Op::Column { depth, .. } = &mut node.op {
                stray |= *depth == 0;
                if *depth == usize::MAX {
                    *depth = 0;
                }
            }
        });
    };
    plan.outputs.iter_mut().for_each(|output| settle(&mut output.node));
    plan.order.iter_mut().for_each(|(node, _)| settle(node));
    having.iter_mut().for_each(&mut settle);
    if stray {
        return Err(SqlError::new(
            8120,
            16,
            "A column is invalid in the select list because it is not contained in either an aggregate function or the GROUP BY clause.",
        ));
    }
    plan.grouping = Some(Grouping { keys, aggregates, having });
    Ok(())
}
