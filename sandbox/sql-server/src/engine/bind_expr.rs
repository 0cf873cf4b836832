//! Binding expressions, and the type that two operands meet at.

use sqlparser::ast::{
    BinaryOperator, Expr, Function as Call, FunctionArg, FunctionArgExpr, FunctionArguments, Ident,
    UnaryOperator, Value as Literal,
};

use super::arithmetic;
use super::bind::Binder;
use super::data_type::to_sql_type;
use super::eval::Env;
use super::expr::{Comparison, Node, Op};
use super::functions;
use crate::error::SqlError;
use crate::values::{Decimal, MAX, SqlType, Value};

/// The type that both operands of a comparison, or all branches of a case, are cast to.
pub(super) fn common_type(a: SqlType, b: SqlType) -> SqlType {
    use SqlType::{Char, Decimal, NChar, NVarChar, VarChar};
    let length = |ty: &SqlType| match ty {
        Char(n) | VarChar(n) | NChar(n) | NVarChar(n) => *n,
        _ => MAX,
    };
    match (a, b) {
        (Decimal(p1, s1), Decimal(p2, s2)) => {
            let scale = s1.max(s2);
            Decimal(((p1 - s1).max(p2 - s2) + scale).min(38), scale)
        }
        (Decimal(p, s), other) | (other, Decimal(p, s))
            if other.rank() < Decimal(p, s).rank() && !other.is_text() && !other.is_binary() =>
        {
            common_type(Decimal(p, s), Decimal(other.precision().max(1), other.scale()))
        }
        (a, b) if a.is_text() && b.is_text() && a != b => {
            let longest = length(&a).max(length(&b));
            if a.is_wide() || b.is_wide() { NVarChar(longest) } else { VarChar(longest) }
        }
        (a, b) => {
            if a.rank() >= b.rank() {
                a
            } else {
                b
            }
        }
    }
}

/// A cast, left out where it would change nothing, worked out where it can be.
pub(super) fn cast_node(node: Node, ty: SqlType) -> Result<Node, SqlError> {
    if node.ty == ty {
        return Ok(node);
    }
    let nullable = node.nullable;
    fold(Node { op: Op::Cast(0), args: vec![node], ty, nullable })
}

/// Works an expression of constants out.
fn fold(node: Node) -> Result<Node, SqlError> {
    let foldable = !node.args.is_empty() && node.args.iter().all(|arg| arg.as_const().is_some());
    if !foldable || matches!(node.op, Op::Aggregate(..) | Op::InQuery(_)) {
        return Ok(node);
    }
    let value = node.eval(&Env { rows: &[], outer: None })?.into_owned();
    Ok(Node::constant(value, node.ty))
}

/// Whether values of both compare without a cast.
fn comparable(a: &SqlType, b: &SqlType) -> bool {
    let clock = |ty: &SqlType| {
        matches!(ty, SqlType::DateTime | SqlType::SmallDateTime | SqlType::DateTime2(_))
    };
    let exact =
        |ty: &SqlType| matches!(ty, SqlType::Decimal(..) | SqlType::Money | SqlType::SmallMoney);
    let count = |ty: &SqlType| ty.is_integer() && *ty != SqlType::Bit;
    (a.is_text() && b.is_text())
        || (a.is_binary() && b.is_binary())
        || (clock(a) && clock(b))
        || (exact(a) && exact(b))
        || (count(a) && count(b))
        || matches!(
            (a, b),
            (SqlType::DateTimeOffset(_), SqlType::DateTimeOffset(_))
                | (SqlType::Time(_), SqlType::Time(_))
        )
        || matches!((a, b), (SqlType::Float | SqlType::Real, SqlType::Float | SqlType::Real))
        || a == b
}

pub(super) fn compare_node(comparison: Comparison, a: Node, b: Node) -> Result<Node, SqlError> {
    let (a, b) = if comparable(&a.ty, &b.ty) {
        (a, b)
    } else {
        let ty = common_type(a.ty, b.ty);
        (cast_node(a, ty)?, cast_node(b, ty)?)
    };
    Ok(Node::predicate(Op::Compare(comparison), vec![a, b]))
}

impl Binder<'_> {
    /// Binds an expression in the innermost scope.
    pub(crate) fn expression(&mut self, expression: &Expr) -> Result<Node, SqlError> {
        match expression {
            Expr::Nested(inner) => self.expression(inner),
            Expr::Identifier(name) => self.identifier(name),
            Expr::CompoundIdentifier(names) => self.qualified(names),
            Expr::Value(value) => literal(&value.value),
            Expr::Collate { expr, .. } => self.expression(expr),
            Expr::UnaryOp { op, expr } => self.unary(op, expr),
            Expr::BinaryOp { left, op, right } => self.binary(left, op, right),
            Expr::IsNull(inner) => Ok(Node::predicate(Op::IsNull, vec![self.expression(inner)?])),
            Expr::IsNotNull(inner) => {
                let inner = Node::predicate(Op::IsNull, vec![self.expression(inner)?]);
                Ok(Node::predicate(Op::Not, vec![inner]))
            }
            Expr::InList { expr, list, negated } => {
                let sought = self.expression(expr)?;
                let mut options = Vec::new();
                for option in list {
                    let option = self.expression(option)?;
                    options.push(compare_node(Comparison::Eq, sought.clone(), option)?);
                }
                Ok(negate(Node::predicate(Op::Or, options), *negated))
            }
            Expr::InSubquery { expr, subquery, negated } => {
                let sought = self.expression(expr)?;
                let plan = self.query(subquery)?;
                Ok(negate(Node::predicate(Op::InQuery(Box::new(plan)), vec![sought]), *negated))
            }
            Expr::Exists { subquery, negated } => {
                let plan = self.query(subquery)?;
                Ok(negate(Node::predicate(Op::Exists(Box::new(plan)), Vec::new()), *negated))
            }
            Expr::Subquery(query) => {
                let plan = self.query(query)?;
                let ty = plan.outputs.first().map_or(SqlType::Int, |output| output.node.ty);
                Ok(Node { op: Op::Scalar(Box::new(plan)), args: Vec::new(), ty, nullable: true })
            }
            Expr::Between { expr, negated, low, high } => {
                let (value, low, high) =
                    (self.expression(expr)?, self.expression(low)?, self.expression(high)?);
                let above = compare_node(Comparison::GreaterEq, value.clone(), low)?;
                let below = compare_node(Comparison::LessEq, value, high)?;
                Ok(negate(Node::predicate(Op::And, vec![above, below]), *negated))
            }
            Expr::Like { negated, expr, pattern, escape_char, .. } => {
                let escape = escape_char
                    .as_ref()
                    .and_then(|c| c.value.clone().into_string())
                    .and_then(|c| c.chars().next());
                let args = vec![self.expression(expr)?, self.expression(pattern)?];
                Ok(negate(Node::predicate(Op::Like(escape), args), *negated))
            }
            Expr::Case { operand, conditions, else_result, .. } => {
                self.case(operand.as_deref(), conditions, else_result.as_deref())
            }
            Expr::Cast { expr, data_type, .. } => {
                cast_node(self.expression(expr)?, to_sql_type(data_type)?).map(explicit)
            }
            Expr::Convert { expr, data_type: Some(ty), styles, .. } => {
                let node = self.expression(expr)?;
                let style = match styles.first() {
                    Some(style) => match self.value(style)?.0 {
                        Value::Int(style) => style,
                        _ => 0,
                    },
                    None => 0,
                };
                let nullable = node.nullable;
                fold(Node { op: Op::Cast(style), args: vec![node], ty: to_sql_type(ty)?, nullable })
            }
            Expr::Trim { expr, .. } => self.call("trim", vec![(**expr).clone()]),
            Expr::Floor { expr, .. } => self.call("floor", vec![(**expr).clone()]),
            Expr::Ceil { expr, .. } => self.call("ceiling", vec![(**expr).clone()]),
            Expr::Substring {
                expr,
                substring_from: Some(from),
                substring_for: Some(length),
                ..
            } => {
                self.call("substring", vec![(**expr).clone(), (**from).clone(), (**length).clone()])
            }
            Expr::AtTimeZone { .. } => Err(SqlError::unsupported("`at time zone`")),
            Expr::Function(call) => self.function(call),
            other => Err(SqlError::unsupported(&format!("the expression `{other}`"))),
        }
    }

    fn identifier(&mut self, name: &Ident) -> Result<Node, SqlError> {
        let text = name.value.as_str();
        if text.starts_with("@@") {
            return self.context.and_then(|context| functions::global(context, text)).ok_or_else(
                || SqlError::new(137, 15, format!("Must declare the scalar variable \"{text}\".")),
            );
        }
        if text.starts_with('@') {
            let held =
                self.variables.and_then(|variables| variables.get(&text.to_ascii_lowercase()));
            return held.map(|(value, ty)| Node::constant(value.clone(), *ty)).ok_or_else(|| {
                SqlError::new(137, 15, format!("Must declare the scalar variable \"{text}\"."))
            });
        }
        if name.quote_style == Some('"') {
            // QUOTED_IDENTIFIER is on: a name.
        } else if text.eq_ignore_ascii_case("current_timestamp") {
            return self.call("getdate", Vec::new());
        }
        self.resolve(None, text)
    }

    fn qualified(&mut self, names: &[Ident]) -> Result<Node, SqlError> {
        let [.., table, column] = names else { return Err(SqlError::syntax(".")) };
        self.resolve(Some(&table.value), &column.value)
    }

    fn resolve(&self, table: Option<&str>, column: &str) -> Result<Node, SqlError> {
        let same = |a: &str, b: &str| a == b || a.eq_ignore_ascii_case(b);
        for (depth, scope) in self.scopes.iter().rev().enumerate() {
            let sources =
                scope.iter().filter(|source| table.is_none_or(|table| same(&source.alias, table)));
            let mut found = sources
                .flat_map(|source| source.columns.iter().filter(|(name, _)| same(name, column)));
            if let Some((_, node)) = found.next() {
                if found.next().is_some() {
                    return Err(SqlError::new(
                        209,
                        16,
                        format!("Ambiguous column name '{column}'."),
                    ));
                }
                return Ok(node.clone().deeper(depth));
            }
        }
        match table {
            Some(table)
                if !self.scopes.iter().flatten().any(|source| same(&source.alias, table)) =>
            {
                Err(SqlError::new(
                    4104,
                    16,
                    format!("The multi-part identifier \"{table}.{column}\" could not be bound."),
                ))
            }
            _ => Err(SqlError::invalid_column(column)),
        }
    }

    fn unary(&mut self, op: &UnaryOperator, inner: &Expr) -> Result<Node, SqlError> {
        let node = self.expression(inner)?;
        match op {
            UnaryOperator::Not => Ok(Node::predicate(Op::Not, vec![node])),
            UnaryOperator::Plus => Ok(node),
            UnaryOperator::Minus => match node.as_const() {
                Some(Value::Decimal(d)) => {
                    Ok(Node::constant(Value::Decimal(Decimal::new(-d.units(), d.scale())), node.ty))
                }
                _ => {
                    let ty = arithmetic::result_type('-', &SqlType::TinyInt, &node.ty);
                    let zero = cast_node(Node::constant(Value::Int(0), SqlType::Int), ty)?;
                    let node = cast_node(node, ty)?;
                    fold(Node::new(Op::Arithmetic('-'), vec![zero, node], ty))
                }
            },
            other => Err(SqlError::unsupported(&format!("the operator `{other}`"))),
        }
    }

    fn binary(&mut self, left: &Expr, op: &BinaryOperator, right: &Expr) -> Result<Node, SqlError> {
        let (a, b) = (self.expression(left)?, self.expression(right)?);
        let comparison = match op {
            BinaryOperator::And | BinaryOperator::Or => {
                let op = if *op == BinaryOperator::And { Op::And } else { Op::Or };
                let same =
                    |node: &Node| std::mem::discriminant(&node.op) == std::mem::discriminant(&op);
                let mut args = Vec::new();
                for node in [a, b] {
                    if same(&node) { args.extend(node.args) } else { args.push(node) }
                }
                return Ok(Node::predicate(op, args));
            }
            BinaryOperator::Eq => Comparison::Eq,
            BinaryOperator::NotEq => Comparison::NotEq,
            BinaryOperator::Lt => Comparison::Less,
            BinaryOperator::LtEq => Comparison::LessEq,
            BinaryOperator::Gt => Comparison::Greater,
            BinaryOperator::GtEq => Comparison::GreaterEq,
            _ => return arithmetic_node(op, a, b),
        };
        compare_node(comparison, a, b)
    }

    fn case(
        &mut self,
        operand: Option<&Expr>,
        conditions: &[sqlparser::ast::CaseWhen],
        otherwise: Option<&Expr>,
    ) -> Result<Node, SqlError> {
        let operand = operand.map(|operand| self.expression(operand)).transpose()?;
        let mut tests = Vec::new();
        let mut results = Vec::new();
        for when in conditions {
            let condition = self.expression(&when.condition)?;
            tests.push(match &operand {
                Some(operand) => compare_node(Comparison::Eq, operand.clone(), condition)?,
                None => condition,
            });
            results.push(self.expression(&when.result)?);
        }
        results.push(match otherwise {
            Some(otherwise) => self.expression(otherwise)?,
            None => null(),
        });
        choose(tests, results)
    }

    fn function(&mut self, call: &Call) -> Result<Node, SqlError> {
        let name =
            call.name.0.last().map(ToString::to_string).unwrap_or_default().to_ascii_lowercase();
        if call.over.is_some() {
            return Err(SqlError::unsupported("window functions"));
        }
        let FunctionArguments::List(list) = &call.args else {
            return self.call(&name, Vec::new());
        };
        let distinct =
            list.duplicate_treatment == Some(sqlparser::ast::DuplicateTreatment::Distinct);
        let mut arguments = Vec::new();
        for argument in &list.args {
            if let FunctionArg::Unnamed(FunctionArgExpr::Expr(expression)) = argument {
                arguments.push(expression.clone());
            }
        }
        if let Some(aggregate) = functions::aggregate(&name) {
            let args =
                arguments.iter().map(|arg| self.expression(arg)).collect::<Result<Vec<_>, _>>()?;
            let of = args.first().map_or(SqlType::Int, |arg| arg.ty);
            let ty = if name == "count_big" {
                SqlType::BigInt
            } else {
                super::aggregate::result_type(aggregate, &of)
            };
            return Ok(Node { op: Op::Aggregate(aggregate, distinct), args, ty, nullable: true });
        }
        self.call(&name, arguments)
    }

    fn call(&mut self, name: &str, arguments: Vec<Expr>) -> Result<Node, SqlError> {
        // The first argument of a date function is a word, not a column.
        let part = match (name, arguments.first()) {
            ("dateadd" | "datediff" | "datepart" | "datename", Some(Expr::Identifier(part))) => {
                Some(part.value.to_ascii_lowercase())
            }
            _ => None,
        };
        let mut args = Vec::new();
        for argument in arguments.iter().skip(usize::from(part.is_some())) {
            args.push(self.expression(argument)?);
        }
        if let Some(part) = part {
            args.insert(0, Node::constant(Value::text(part), SqlType::VarChar(20)));
        }
        match (name, args.len()) {
            ("coalesce", 1..) => {
                let tests = args
                    .iter()
                    .take(args.len() - 1)
                    .map(|arg| negate(Node::predicate(Op::IsNull, vec![arg.clone()]), true))
                    .collect();
                choose(tests, args)
            }
            ("isnull", 2) => {
                let ty = args[0].ty;
                let otherwise = cast_node(args.remove(1), ty)?;
                let test = negate(Node::predicate(Op::IsNull, vec![args[0].clone()]), true);
                choose(vec![test], vec![args.remove(0), otherwise])
            }
            ("nullif", 2) => {
                let first = args[0].clone();
                let test = compare_node(Comparison::Eq, args.remove(0), args.remove(0))?;
                choose(vec![test], vec![null_of(first.ty), first])
            }
            ("iif", 3) => choose(vec![args.remove(0)], args),
            _ => {
                if let Some(node) = self
                    .context
                    .map(|context| functions::session(context, name, &args))
                    .transpose()?
                    .flatten()
                {
                    return Ok(node);
                }
                let function = functions::find(name, args.len()).ok_or_else(|| {
                    SqlError::new(195, 15, format!("'{name}' is not a recognized built-in function name, or has other arguments."))
                })?;
                let ty = function.result_type(&args);
                let mut node = Node::new(Op::Function(function), args, ty);
                node.nullable = true;
                fold(node)
            }
        }
    }
}

fn arithmetic_node(op: &BinaryOperator, a: Node, b: Node) -> Result<Node, SqlError> {
    let op = match op {
        BinaryOperator::Plus | BinaryOperator::StringConcat => '+',
        BinaryOperator::Minus => '-',
        BinaryOperator::Multiply => '*',
        BinaryOperator::Divide => '/',
        BinaryOperator::Modulo => '%',
        BinaryOperator::BitwiseAnd => '&',
        BinaryOperator::BitwiseOr => '|',
        other => return Err(SqlError::unsupported(&format!("the operator `{other}`"))),
    };
    let ty = arithmetic::result_type(op, &a.ty, &b.ty);
    let operand = |node: Node| -> Result<Node, SqlError> {
        match (&ty, &node.ty) {
            // Decimals keep their own scale until the result is cast.
            (SqlType::Decimal(..), SqlType::Decimal(..))
            | (SqlType::Money, SqlType::SmallMoney) => Ok(node),
            (SqlType::Decimal(..), own) if own.is_integer() => {
                let precision = own.precision();
                cast_node(node, SqlType::Decimal(precision, 0))
            }
            (SqlType::Decimal(..), SqlType::Money | SqlType::SmallMoney) => {
                cast_node(node, SqlType::Decimal(19, 4))
            }
            (result, own) if result.is_integer() && own.is_integer() && *own != SqlType::Bit => {
                Ok(node)
            }
            (result, own) if result.is_text() && own.is_text() => Ok(node),
            _ => cast_node(node, ty),
        }
    };
    let args = vec![operand(a)?, operand(b)?];
    fold(Node::new(Op::Arithmetic(op), args, ty))
}

fn choose(tests: Vec<Node>, results: Vec<Node>) -> Result<Node, SqlError> {
    let typed = results
        .iter()
        .filter(|node| !matches!(node.as_const(), Some(Value::Null)) || node.ty != SqlType::Int);
    let ty = typed.map(|node| node.ty).reduce(common_type).unwrap_or(SqlType::Int);
    let mut results = results.into_iter();
    let mut args = Vec::new();
    for test in tests {
        args.push(test);
        if let Some(result) = results.next() {
            args.push(cast_node(result, ty)?);
        }
    }
    for otherwise in results {
        args.push(cast_node(otherwise, ty)?);
    }
    let mut node = Node::new(Op::Case, args, ty);
    node.nullable = true;
    Ok(node)
}

fn explicit(node: Node) -> Node {
    node
}

fn null() -> Node {
    Node::constant(Value::Null, SqlType::Int)
}

fn null_of(ty: SqlType) -> Node {
    Node::constant(Value::Null, ty)
}

fn negate(node: Node, negated: bool) -> Node {
    if negated { Node::predicate(Op::Not, vec![node]) } else { node }
}

fn literal(literal: &Literal) -> Result<Node, SqlError> {
    Ok(match literal {
        Literal::Null => null(),
        Literal::Number(text, _) => match text.parse::<i32>() {
            Ok(int) => Node::constant(Value::from(int), SqlType::Int),
            Err(_) if text.contains(['e', 'E']) => {
                Node::constant(Value::Float(text.parse().unwrap_or_default()), SqlType::Float)
            }
            Err(_) => {
                let number = Decimal::parse(text).ok_or_else(|| SqlError::syntax(text))?;
                let digits =
                    u8::try_from(text.chars().filter(char::is_ascii_digit).count()).unwrap_or(38);
                Node::constant(
                    Value::Decimal(number),
                    SqlType::Decimal(digits.min(38), number.scale()),
                )
            }
        },
        Literal::SingleQuotedString(text) => text_node(text, SqlType::VarChar),
        Literal::NationalStringLiteral(text) => text_node(text, SqlType::NVarChar),
        Literal::HexStringLiteral(digits) => {
            let even =
                if digits.len().is_multiple_of(2) { digits.clone() } else { format!("0{digits}") };
            let bytes = crate::values::parse_hex(&even).ok_or_else(|| SqlError::syntax(digits))?;
            let length = u16::try_from(bytes.len().max(1)).unwrap_or(MAX);
            Node::constant(Value::binary(bytes), SqlType::VarBinary(length))
        }
        other => return Err(SqlError::syntax(&other.to_string())),
    })
}

fn text_node(text: &str, ty: fn(u16) -> SqlType) -> Node {
    let length = text.encode_utf16().count().max(1);
    // Twice, since a character may take two bytes of the code page.
    let length = u16::try_from(length * 2).ok().filter(|length| *length <= 4000).unwrap_or(MAX);
    Node::constant(Value::text(text), ty(length))
}
