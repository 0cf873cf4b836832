//! The statement of one page.

use crate::catalog::Column;
use crate::database::{PageRequest, Statement};
use crate::dialect::{Dialect, Nulls, Operand, Select, Value};
use crate::plan::StreamPlan;
use crate::position::PassKind;

/// A derived table's alias.
const ALIAS: &str = "source_query";

/// One pass over part of the stream, and how far it has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Pass {
    pub(crate) kind: PassKind,
    pub(crate) low: Option<String>,
    pub(crate) fence: Option<String>,
    pub(crate) after: Option<Vec<Option<String>>>,
}

/// Writes statements with values numbered in order.
struct Writer<'a> {
    dialect: &'a dyn Dialect,
    parameters: Vec<String>,
}

impl Writer<'_> {
    fn value(&mut self, operand: &Operand, text: &str) -> String {
        match self.dialect.value(self.parameters.len() + 1, text) {
            Value::Parameter(placeholder) => {
                self.parameters.push(text.to_owned());
                self.dialect.bind(operand, &placeholder)
            }
            Value::Literal(literal) => self.dialect.bind(operand, &literal),
        }
    }

    /// Rows after these marks in the order of these operands.
    fn after(&mut self, operands: &[&Operand], marks: &[Option<String>]) -> String {
        let is_plain = operands.iter().all(|operand| !operand.is_nullable)
            && marks.iter().all(Option::is_some);
        if is_plain && operands.len() > 1 && self.dialect.has_row_values() {
            let left: Vec<_> = operands.iter().map(|operand| operand.sql.as_str()).collect();
            let pairs = operands.iter().zip(marks);
            let right: Vec<_> =
                pairs.map(|(o, m)| self.value(o, m.as_deref().unwrap_or_default())).collect();
            return format!("({}) > ({})", left.join(", "), right.join(", "));
        }
        let mut cases = Vec::new();
        for last in 0..operands.len() {
            let mut terms = Vec::new();
            for (at, (operand, mark)) in operands.iter().zip(marks).enumerate().take(last + 1) {
                let sql = &operand.sql;
                terms.push(match (mark, at == last) {
                    (Some(mark), false) => format!("{sql} = {}", self.value(operand, mark)),
                    (None, false) => format!("{sql} is null"),
                    (Some(mark), true) => self.greater(operand, mark),
                    (None, true) => match self.dialect.nulls() {
                        Nulls::First => format!("{sql} is not null"),
                        Nulls::Last => "1 = 0".to_owned(),
                    },
                });
            }
            cases.push(match terms.len() {
                1 => terms.concat(),
                _ => format!("({})", terms.join(" and ")),
            });
        }
        if cases.len() == 1 {
            return cases.concat();
        }
        let any = format!("({})", cases.join(" or "));
        // Implied by the cases; lets an index on the first operand start in the right place.
        match (operands.first(), marks.first()) {
            (Some(first), Some(Some(mark))) if !first.is_nullable => {
                let from = format!("{} >= {}", first.sql, self.value(first, mark));
                format!("{from} and {any}")
            }
            _ => any,
        }
    }

    fn greater(&mut self, operand: &Operand, mark: &str) -> String {
        let sql = &operand.sql;
        let greater = format!("{sql} > {}", self.value(operand, mark));
        match self.dialect.nulls() {
            Nulls::Last if operand.is_nullable => format!("({greater} or {sql} is null)"),
            _ => greater,
        }
    }
}

/// What rows of a pass are ordered by.
pub(crate) fn order(plan: &StreamPlan, kind: PassKind) -> Vec<Operand> {
    let change = plan.change().filter(|_| kind.is_by_change()).cloned();
    // Within a window the condition rules nulls out.
    let change = change.map(|change| Operand { is_nullable: false, ..change });
    change.into_iter().chain(plan.key().into_iter().cloned()).collect()
}

/// The request for one page of a pass; `columns` are those the plan asks for, or the key's.
pub(crate) fn page<'a>(
    dialect: &dyn Dialect,
    plan: &StreamPlan,
    pass: &Pass,
    columns: &'a [Column],
    limit: usize,
) -> PageRequest<'a> {
    let order = order(plan, pass.kind);
    let mut writer = Writer { dialect, parameters: Vec::new() };
    let mut conditions = Vec::new();
    conditions.extend(plan.stream.condition.as_ref().map(|condition| format!("({condition})")));
    if let Some(change) = plan.change() {
        bounds(&mut writer, change, pass, &mut conditions);
    }
    if let Some(marks) = &pass.after {
        conditions.push(writer.after(&order.iter().collect::<Vec<_>>(), marks));
    }
    let operand =
        |column: &Column| plan.stream.index(&column.name).and_then(|at| plan.operands.get(at));
    let read: Vec<_> = columns.iter().filter_map(operand).collect();
    let mut list: Vec<_> = read
        .iter()
        .enumerate()
        .map(|(at, operand)| format!("{} as yl_c{at}", dialect.read(operand)))
        .collect();
    let mut marks_at = Vec::new();
    for (at, operand) in order.iter().enumerate() {
        let is_same = |read: &&Operand| read.sql == operand.sql;
        let itself = read.iter().position(is_same).filter(|_| dialect.is_its_mark(operand));
        marks_at.push(itself.unwrap_or(list.len()));
        if itself.is_none() {
            list.push(format!("{} as yl_m{at}", dialect.mark_of(operand)));
        }
    }
    let marks = list.len() - read.len();
    let select = Select {
        list: list.join(", "),
        from: from(dialect, plan),
        conditions,
        order: order.iter().map(|operand| operand.sql.clone()).collect(),
        limit: Some(limit),
    };
    let statement = Statement {
        sql: dialect.select(&select),
        parameters: writer.parameters,
        action: format!("reading {}", plan.stream.name),
    };
    PageRequest { statement, columns, marks, marks_at }
}

fn bounds(writer: &mut Writer<'_>, change: &Operand, pass: &Pass, conditions: &mut Vec<String>) {
    let sql = &change.sql;
    match pass.kind {
        PassKind::Keys => {}
        PassKind::Null => conditions.push(format!("{sql} is null")),
        PassKind::Load => {
            if let Some(fence) = &pass.fence {
                let within = format!("{sql} <= {}", writer.value(change, fence));
                conditions.push(match change.is_nullable {
                    true => format!("({within} or {sql} is null)"),
                    false => within,
                });
            }
        }
        PassKind::Window | PassKind::Range => {
            // A counter's value belongs to one change; a time may be shared by a later one.
            let from = if change.kind.is_counter() { ">" } else { ">=" };
            let to = if pass.kind == PassKind::Range { "<" } else { "<=" };
            if let Some(low) = &pass.low {
                conditions.push(format!("{sql} {from} {}", writer.value(change, low)));
            }
            if let Some(fence) = &pass.fence {
                conditions.push(format!("{sql} {to} {}", writer.value(change, fence)));
            }
            if pass.low.is_none() && pass.fence.is_none() {
                conditions.push(format!("{sql} is not null"));
            }
        }
    }
}

/// The request for the greatest change value there is, as its only mark.
pub(crate) fn newest(dialect: &dyn Dialect, plan: &StreamPlan) -> Option<PageRequest<'static>> {
    let change = plan.change()?;
    let condition = plan.stream.condition.as_ref().map(|condition| format!("({condition})"));
    let not_null = format!("{} is not null", change.sql);
    let select = Select {
        list: format!("{} as yl_m0", dialect.mark_of(change)),
        from: from(dialect, plan),
        conditions: condition.into_iter().chain([not_null]).collect(),
        order: vec![format!("{} desc", change.sql)],
        limit: Some(1),
    };
    let action = format!("reading the newest change of {}", plan.stream.name);
    let statement = Statement { sql: dialect.select(&select), parameters: Vec::new(), action };
    Some(PageRequest { statement, columns: &[], marks: 1, marks_at: vec![0] })
}

fn from(dialect: &dyn Dialect, plan: &StreamPlan) -> String {
    match (&plan.stream.table, &plan.stream.query) {
        (Some(table), _) => {
            format!("{}{}", dialect.table(plan.database.as_deref(), table), dialect.table_hint())
        }
        (None, query) => format!("({}) as {ALIAS}", query.as_deref().unwrap_or_default()),
    }
}
