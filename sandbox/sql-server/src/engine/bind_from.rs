//! Binding `from`: tables, views, derived tables, joins, catalogue views, changes.

use std::sync::Arc;

use sqlparser::ast::{
    Expr, FunctionArg, FunctionArgExpr, Join, JoinConstraint, JoinOperator, ObjectName, Query,
    TableAlias, TableFactor, TableWithJoins,
};

use super::bind::{Binder, ScopeSource};
use super::expr::{Node, Op};
use super::plan::{Plan, Rows, Source};
use super::script::{Command, Script};
use crate::catalog::{self, Made};
use crate::error::SqlError;
use crate::values::Value;

const VIEW_DEPTH_MAX: usize = 16;

impl Binder<'_> {
    pub(super) fn from(
        &mut self,
        from: &[TableWithJoins],
        plan: &mut Plan,
    ) -> Result<(), SqlError> {
        for table in from {
            self.factor(&table.relation, plan, false)?;
            for join in &table.joins {
                self.join(join, plan)?;
            }
        }
        Ok(())
    }

    fn join(&mut self, join: &Join, plan: &mut Plan) -> Result<(), SqlError> {
        let (left, constraint) = match &join.join_operator {
            JoinOperator::Join(constraint) | JoinOperator::Inner(constraint) => {
                (false, Some(constraint))
            }
            JoinOperator::Left(constraint) | JoinOperator::LeftOuter(constraint) => {
                (true, Some(constraint))
            }
            JoinOperator::CrossJoin(_) => (false, None),
            other => {
                return Err(SqlError::unsupported(
                    &format!("this join: {other:?}").chars().take(60).collect::<String>(),
                ));
            }
        };
        let before = plan.sources.len();
        self.factor(&join.relation, plan, left)?;
        let mut on = Vec::new();
        if let Some(JoinConstraint::On(condition)) = constraint {
            self.expression(condition)?.conjuncts(&mut on);
        }
        if left && let Some(source) = plan.sources.get_mut(before) {
            source.on = on;
            source.left = true;
        } else {
            plan.filter.extend(on);
        }
        Ok(())
    }

    fn factor(
        &mut self,
        factor: &TableFactor,
        plan: &mut Plan,
        left: bool,
    ) -> Result<(), SqlError> {
        match factor {
            TableFactor::Table { name, alias, args, .. } => {
                let arguments: Vec<&Expr> = args
                    .iter()
                    .flat_map(|args| &args.args)
                    .filter_map(|arg| match arg {
                        FunctionArg::Unnamed(FunctionArgExpr::Expr(expr)) => Some(expr),
                        _ => None,
                    })
                    .collect();
                let is_hint = arguments.iter().all(
                    |arg| matches!(arg, Expr::Identifier(name) if !name.value.starts_with('@')),
                );
                let called = args.is_some() && !is_hint;
                self.table(name, alias.as_ref(), called.then_some(arguments), plan, left)
            }
            TableFactor::Function { name, args, alias, .. } => {
                let arguments = args.iter().filter_map(|arg| match arg {
                    FunctionArg::Unnamed(FunctionArgExpr::Expr(expr)) => Some(expr),
                    _ => None,
                });
                self.table(name, alias.as_ref(), Some(arguments.collect()), plan, left)
            }
            TableFactor::Derived { subquery, alias, .. } => {
                let alias =
                    alias.as_ref().map(|alias| alias.name.value.clone()).unwrap_or_default();
                self.derived(subquery, alias, plan, left)
            }
            TableFactor::NestedJoin { table_with_joins, .. } => {
                self.from(std::slice::from_ref(table_with_joins), plan)
            }
            other => Err(SqlError::unsupported(&format!("`{other}` in `from`"))),
        }
    }

    /// A derived table is merged into the query around it where that changes nothing, so that indexes serve it.
    fn derived(
        &mut self,
        query: &Query,
        alias: String,
        plan: &mut Plan,
        left: bool,
    ) -> Result<(), SqlError> {
        let own = self.scopes.pop();
        let inner = self.query(query);
        self.scopes.extend(own);
        let mut inner = inner?;
        let first = plan.sources.len();
        if left || !inner.is_transparent() {
            let columns = inner.outputs.iter().enumerate();
            let columns = columns
                .map(|(at, o)| {
                    (o.name.clone(), Node::column(first, at, o.node.ty, left || o.node.nullable))
                })
                .collect();
            self.add(alias, columns);
            plan.sources.push(Source { rows: Rows::Query(Box::new(inner)), left, on: Vec::new() });
            return Ok(());
        }
        let mut shift = |node: &mut Node| {
            node.walk(&mut |node| {
                if let Op::Column { depth: 0, source, .. } = &mut node.op {
                    *source += first;
                }
            });
        };
        inner.outputs.iter_mut().for_each(|output| shift(&mut output.node));
        inner.filter.iter_mut().for_each(&mut shift);
        inner.sources.iter_mut().flat_map(|source| &mut source.on).for_each(&mut shift);
        plan.filter.append(&mut inner.filter);
        plan.sources.append(&mut inner.sources);
        let columns = inner.outputs.into_iter().map(|output| (output.name, output.node)).collect();
        self.add(alias, columns);
        Ok(())
    }

    fn add(&mut self, alias: String, columns: Vec<(String, Node)>) {
        if let Some(scope) = self.scopes.last_mut() {
            scope.push(ScopeSource { alias, columns });
        }
    }

    fn made(&mut self, alias: String, made: Made, plan: &mut Plan, left: bool) {
        let source = plan.sources.len();
        let columns = made.columns.iter().enumerate();
        let columns = columns
            .map(|(at, (name, ty))| ((*name).clone(), Node::column(source, at, *ty, true)))
            .collect();
        self.add(alias, columns);
        plan.sources.push(Source { rows: Rows::Made(Arc::new(made.rows)), left, on: Vec::new() });
    }

    fn table(
        &mut self,
        name: &ObjectName,
        alias: Option<&TableAlias>,
        arguments: Option<Vec<&Expr>>,
        plan: &mut Plan,
        left: bool,
    ) -> Result<(), SqlError> {
        let parts: Vec<String> = name
            .0
            .iter()
            .filter_map(|part| part.as_ident())
            .map(|ident| ident.value.clone())
            .collect();
        let shown = parts.join(".");
        let object = parts.last().cloned().unwrap_or_default();
        let alias = alias.map_or_else(|| object.clone(), |alias| alias.name.value.clone());
        if parts.len() == 1
            && let Some((_, query)) = self
                .named
                .iter()
                .rev()
                .find(|(named, _)| named.eq_ignore_ascii_case(&object))
                .cloned()
        {
            return self.derived(&query, alias, plan, left);
        }
        let context =
            self.context.ok_or_else(|| SqlError::unsupported("a table in a computed column"))?;
        let schema = parts
            .len()
            .checked_sub(2)
            .and_then(|at| parts.get(at))
            .filter(|s| !s.is_empty())
            .map_or("dbo", String::as_str);
        let database = parts
            .len()
            .checked_sub(3)
            .and_then(|at| parts.get(at))
            .map_or(context.database, String::as_str);
        let database =
            context.world.database(database).ok_or_else(|| SqlError::invalid_object(&shown))?;
        if let Some(arguments) = arguments {
            let values = arguments
                .into_iter()
                .map(|arg| self.value(arg).map(|(value, _)| value))
                .collect::<Result<Vec<Value>, _>>()?;
            let made = match object.to_ascii_lowercase().as_str() {
                "changetable" => {
                    self.user_table = true;
                    catalog::changes(database, &values)?
                }
                "dm_exec_describe_first_result_set" => catalog::describe_rows(context, &values)?,
                _ => return Err(SqlError::invalid_object(&shown)),
            };
            self.made(alias, made, plan, left);
            return Ok(());
        }
        if let Some(made) = catalog::view(context, database, schema, &object)? {
            self.made(alias, made, plan, left);
            return Ok(());
        }
        if let Some(view) = database.views.iter().find(|view| {
            view.schema.eq_ignore_ascii_case(schema) && view.name.eq_ignore_ascii_case(&object)
        }) {
            if self.scopes.len() > VIEW_DEPTH_MAX {
                return Err(SqlError::new(
                    217,
                    16,
                    "Maximum stored procedure, function, trigger, or view nesting level exceeded (limit 32).",
                ));
            }
            context.world.allowed(database, &view.schema, &view.name)?;
            let Some(Command::Query(query)) = Script::new(&view.sql)?.next()? else {
                return Err(SqlError::invalid_object(&shown));
            };
            self.user_table = true;
            let around = self.context;
            self.context = Some(super::bind::Context { database: &database.name, ..context });
            let result = self.derived(&query, alias, plan, left);
            self.context = around;
            return result;
        }
        let at = database.find(schema, &object).ok_or_else(|| SqlError::invalid_object(&shown))?;
        let table = &database.tables[at];
        context.world.allowed(database, &table.def.schema, &table.def.name)?;
        self.user_table = true;
        let source = plan.sources.len();
        let columns = table.def.columns.iter().enumerate();
        let columns = columns
            .map(|(at, c)| (c.name.clone(), Node::column(source, at, c.ty, left || c.nullable)))
            .collect();
        self.add(alias, columns);
        plan.sources.push(Source { rows: Rows::Table(table.data.clone()), left, on: Vec::new() });
        Ok(())
    }
}
