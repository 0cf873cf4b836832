//! Built-in functions: those of rows, and those of server and session, which are worked out once.

use super::bind::Context;
use super::expr::{Aggregate, Node};
use crate::error::SqlError;
use crate::values::{DAY, Decimal, MAX, SqlType, Value, cast, from_chrono, to_chrono};

use chrono::{Datelike, Months, TimeDelta};

/// What `@@VERSION` says.
pub(crate) const VERSION: &str = "Microsoft SQL Server 2019 (RTM-CU22) (KB5027702) - 15.0.4322.2 (X64) \n\tYuanliu sandbox, not a product of Microsoft\n\tDeveloper Edition (64-bit)\n";
const PRODUCT_VERSION: &str = "15.0.4322.2";

/// A function of its arguments, by its lower-case name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Function(&'static str);

/// The functions and how many arguments each takes at least and at most.
const FUNCTIONS: [(&str, usize, usize); 33] = [
    ("ltrim", 1, 1),
    ("rtrim", 1, 1),
    ("trim", 1, 1),
    ("len", 1, 1),
    ("datalength", 1, 1),
    ("left", 2, 2),
    ("right", 2, 2),
    ("upper", 1, 1),
    ("lower", 1, 1),
    ("substring", 3, 3),
    ("replace", 3, 3),
    ("charindex", 2, 2),
    ("concat", 1, 64),
    ("abs", 1, 1),
    ("floor", 1, 1),
    ("ceiling", 1, 1),
    ("round", 2, 2),
    ("year", 1, 1),
    ("month", 1, 1),
    ("day", 1, 1),
    ("dateadd", 3, 3),
    ("datediff", 3, 3),
    ("datepart", 2, 2),
    ("quotename", 1, 1),
    ("isnumeric", 1, 1),
    ("str", 1, 3),
    ("char", 1, 1),
    ("nchar", 1, 1),
    ("sql_variant_property", 2, 2),
    ("type_name", 1, 1),
    ("sign", 1, 1),
    ("reverse", 1, 1),
    ("space", 1, 1),
];

/// The function of that name, if it takes as many arguments.
pub(super) fn find(name: &str, arguments: usize) -> Option<Function> {
    let found = FUNCTIONS
        .iter()
        .find(|(held, low, high)| *held == name && (*low..=*high).contains(&arguments));
    found.map(|(name, ..)| Function(name))
}

/// The aggregate of that name.
pub(super) fn aggregate(name: &str) -> Option<Aggregate> {
    Some(match name {
        "count" | "count_big" => Aggregate::Count,
        "sum" => Aggregate::Sum,
        "avg" => Aggregate::Avg,
        "min" => Aggregate::Min,
        "max" => Aggregate::Max,
        _ => return None,
    })
}

impl Function {
    pub(super) fn result_type(self, args: &[Node]) -> SqlType {
        let first = args.first().map_or(SqlType::Int, |arg| arg.ty);
        let text = |ty: SqlType| match ty {
            SqlType::Char(n) => SqlType::VarChar(n),
            SqlType::NChar(n) => SqlType::NVarChar(n),
            ty if ty.is_text() => ty,
            _ => SqlType::VarChar(8000),
        };
        match self.0 {
            "len" | "datalength" | "charindex" | "year" | "month" | "day" | "datediff"
            | "datepart" | "isnumeric" => SqlType::Int,
            "ltrim" | "rtrim" | "trim" | "left" | "right" | "upper" | "lower" | "reverse" => {
                text(first)
            }
            "substring" if first.is_binary() => SqlType::VarBinary(8000),
            "substring" => text(first),
            "replace" | "concat" => {
                if args.iter().any(|arg| arg.ty.is_wide()) {
                    SqlType::NVarChar(4000)
                } else {
                    SqlType::VarChar(8000)
                }
            }
            "quotename" => SqlType::NVarChar(258),
            "sql_variant_property" => SqlType::NVarChar(128),
            "type_name" => SqlType::NVarChar(128),
            "str" | "space" => SqlType::VarChar(8000),
            "char" => SqlType::Char(1),
            "nchar" => SqlType::NChar(1),
            "floor" | "ceiling" => match first {
                SqlType::Decimal(p, _) => SqlType::Decimal(p, 0),
                ty => ty,
            },
            "dateadd" => match args.get(2).map(|arg| arg.ty) {
                Some(ty) if ty.is_temporal() => ty,
                _ => SqlType::DateTime,
            },
            _ => first,
        }
    }

    pub(super) fn call(
        self,
        values: &[Value],
        args: &[Node],
        ty: &SqlType,
    ) -> Result<Value, SqlError> {
        if self.0 != "concat" && values.iter().any(Value::is_null) {
            return Ok(Value::Null);
        }
        let text = |at: usize| -> Result<String, SqlError> {
            let cast = cast(&values[at], &args[at].ty, &SqlType::NVarChar(MAX))?;
            Ok(cast.as_text().unwrap_or_default().into_owned())
        };
        let int = |at: usize| match cast(&values[at], &args[at].ty, &SqlType::BigInt) {
            Ok(Value::Int(int)) => Ok(int),
            Ok(_) => Ok(0),
            Err(error) => Err(error),
        };
        let count = |at: usize| int(at).map(|n| usize::try_from(n).unwrap_or(0));
        let whole = |n: usize| Value::Int(i64::try_from(n).unwrap_or(i64::MAX));
        let moment = |at: usize| cast(&values[at], &args[at].ty, &SqlType::DateTime2(7));
        Ok(match self.0 {
            "ltrim" => Value::text(text(0)?.trim_start_matches(' ')),
            "rtrim" => Value::text(text(0)?.trim_end_matches(' ')),
            "trim" => Value::text(text(0)?.trim_matches(' ')),
            "len" => whole(text(0)?.trim_end_matches(' ').encode_utf16().count()),
            "datalength" => match cast(&values[0], &args[0].ty, &SqlType::VarBinary(MAX))? {
                Value::Binary(bytes) => whole(bytes.len()),
                _ => Value::Null,
            },
            "left" => Value::text(text(0)?.chars().take(count(1)?).collect::<String>()),
            "right" => {
                let text = text(0)?;
                let skip = text.chars().count().saturating_sub(count(1)?);
                Value::text(text.chars().skip(skip).collect::<String>())
            }
            "upper" => Value::text(text(0)?.to_uppercase()),
            "lower" => Value::text(text(0)?.to_lowercase()),
            "reverse" => Value::text(text(0)?.chars().rev().collect::<String>()),
            "space" => Value::text(" ".repeat(count(0)?.min(8000))),
            "substring" => {
                let (start, length) = (int(1)? - 1, int(2)?);
                let end = usize::try_from(start.saturating_add(length)).unwrap_or(0);
                let start = usize::try_from(start).unwrap_or(0);
                match &values[0] {
                    Value::Binary(bytes) => Value::binary(
                        &bytes[start.min(bytes.len())
                            ..end.clamp(start.min(bytes.len()), bytes.len())],
                    ),
                    _ => Value::text(text(0)?.chars().take(end).skip(start).collect::<String>()),
                }
            }
            "replace" => Value::text(text(0)?.replace(&text(1)?, &text(2)?)),
            "charindex" => {
                let (sought, within) = (text(0)?.to_lowercase(), text(1)?.to_lowercase());
                whole(within.find(&sought).map_or(0, |at| within[..at].chars().count() + 1))
            }
            "concat" => {
                let parts = (0..values.len())
                    .map(|at| if values[at].is_null() { Ok(String::new()) } else { text(at) });
                Value::text(parts.collect::<Result<String, _>>()?)
            }
            "abs" => match &values[0] {
                Value::Int(int) => Value::Int(int.abs()),
                Value::Decimal(d) => Value::Decimal(Decimal::new(d.units().abs(), d.scale())),
                Value::Float(float) => Value::Float(float.abs()),
                other => other.clone(),
            },
            "sign" => match &values[0] {
                Value::Int(int) => Value::Int(int.signum()),
                Value::Decimal(d) => Value::Decimal(
                    Decimal::new(d.units().signum(), 0).rescale(d.scale()).unwrap_or(*d),
                ),
                other => other.clone(),
            },
            "floor" | "ceiling" | "round" => {
                round(self.0, &values[0], if values.len() > 1 { int(1)? } else { 0 })
            }
            "year" | "month" | "day" => match moment(0)? {
                Value::DateTime(ticks) => Value::Int(part(self.0, ticks)),
                _ => Value::Null,
            },
            "datepart" => match moment(1)? {
                Value::DateTime(ticks) => Value::Int(part(&text(0)?, ticks)),
                _ => Value::Null,
            },
            "dateadd" => match moment(2)? {
                Value::DateTime(ticks) => cast(
                    &Value::DateTime(add(&text(0)?, int(1)?, ticks)?),
                    &SqlType::DateTime2(7),
                    ty,
                )?,
                _ => Value::Null,
            },
            "datediff" => match (moment(1)?, moment(2)?) {
                (Value::DateTime(from), Value::DateTime(to)) => {
                    Value::Int(boundary(&text(0)?, to)? - boundary(&text(0)?, from)?)
                }
                _ => Value::Null,
            },
            "quotename" => Value::text(format!("[{}]", text(0)?.replace(']', "]]"))),
            "isnumeric" => Value::Int(i64::from(Decimal::parse(&text(0)?).is_some())),
            "str" => Value::text(format!("{:>10}", text(0)?)),
            "char" | "nchar" => match u32::try_from(int(0)?).ok().and_then(char::from_u32) {
                Some(c) => Value::text(c.to_string()),
                None => Value::Null,
            },
            "sql_variant_property" => match (&values[0], text(1)?.to_ascii_lowercase().as_str()) {
                (Value::Variant(inner), "basetype") => Value::text(inner.0.name()),
                (Value::Variant(inner), "precision") => Value::Int(i64::from(inner.0.precision())),
                (Value::Variant(inner), "scale") => Value::Int(i64::from(inner.0.scale())),
                (_, "basetype") => Value::text(args[0].ty.name()),
                _ => Value::Null,
            },
            "type_name" => {
                let id = int(0)?;
                let found = SqlType::SYSTEM.iter().find(|ty| ty.user_type_id() == id);
                found.map_or(Value::Null, |ty| Value::text(ty.name()))
            }
            _ => Value::Null,
        })
    }
}

fn round(how: &str, value: &Value, digits: i64) -> Value {
    match value {
        Value::Float(float) => {
            let by = 10f64.powi(i32::try_from(digits).unwrap_or(0));
            Value::Float(match how {
                "floor" => float.floor(),
                "ceiling" => float.ceil(),
                _ => (float * by).round() / by,
            })
        }
        Value::Decimal(d) => {
            let whole = d.whole();
            let exact = Decimal::new(whole, 0) == d.rescale(0).unwrap_or(*d)
                && Decimal::new(whole, 0).cmp(d).is_eq();
            Value::Decimal(match how {
                "floor" => Decimal::new(whole - i128::from(!exact && d.units() < 0), 0),
                "ceiling" => Decimal::new(whole + i128::from(!exact && d.units() > 0), 0),
                _ => {
                    let digits = u8::try_from(digits).unwrap_or(0).min(d.scale());
                    d.rescale(digits).and_then(|rounded| rounded.rescale(d.scale())).unwrap_or(*d)
                }
            })
        }
        other => other.clone(),
    }
}

fn part(name: &str, ticks: i64) -> i64 {
    let at = to_chrono(ticks);
    let of_day = ticks.rem_euclid(DAY);
    match name {
        "year" | "yy" | "yyyy" => i64::from(at.year()),
        "month" | "mm" | "m" => i64::from(at.month()),
        "hour" | "hh" => of_day / 36_000_000_000,
        "minute" | "mi" | "n" => of_day / 600_000_000 % 60,
        "second" | "ss" | "s" => of_day / 10_000_000 % 60,
        "millisecond" | "ms" => of_day / 10_000 % 1000,
        "quarter" | "qq" | "q" => i64::from(at.month().div_ceil(3)),
        "dayofyear" | "dy" | "y" => i64::from(at.ordinal()),
        "weekday" | "dw" => i64::from(at.weekday().num_days_from_sunday()) + 1,
        _ => i64::from(at.day()),
    }
}

fn unknown_part(name: &str) -> SqlError {
    SqlError::new(155, 15, format!("'{name}' is not a recognized datepart option."))
}

fn ticks_of(name: &str) -> Option<i64> {
    Some(match name {
        "day" | "dd" | "d" | "dayofyear" | "dy" | "y" => DAY,
        "week" | "wk" | "ww" => 7 * DAY,
        "hour" | "hh" => 36_000_000_000,
        "minute" | "mi" | "n" => 600_000_000,
        "second" | "ss" | "s" => 10_000_000,
        "millisecond" | "ms" => 10_000,
        "microsecond" | "mcs" => 10,
        _ => return None,
    })
}

fn months_of(name: &str) -> Option<i64> {
    Some(match name {
        "year" | "yy" | "yyyy" => 12,
        "quarter" | "qq" | "q" => 3,
        "month" | "mm" | "m" => 1,
        _ => return None,
    })
}

fn add(name: &str, count: i64, ticks: i64) -> Result<i64, SqlError> {
    let overflow =
        || SqlError::new(517, 16, "Adding a value to a 'datetime' column caused an overflow.");
    if let Some(each) = ticks_of(name) {
        return each.checked_mul(count).and_then(|by| ticks.checked_add(by)).ok_or_else(overflow);
    }
    let months = months_of(name)
        .ok_or_else(|| unknown_part(name))?
        .checked_mul(count)
        .ok_or_else(overflow)?;
    let by = Months::new(u32::try_from(months.unsigned_abs()).map_err(|_| overflow())?);
    let at = to_chrono(ticks);
    let moved = if months < 0 { at.checked_sub_months(by) } else { at.checked_add_months(by) };
    moved.map(from_chrono).ok_or_else(overflow)
}

/// How many boundaries of that part lie before the moment.
fn boundary(name: &str, ticks: i64) -> Result<i64, SqlError> {
    if let Some(each) = ticks_of(name) {
        return Ok(ticks.div_euclid(each));
    }
    let at = to_chrono(ticks);
    let months = i64::from(at.year()) * 12 + i64::from(at.month0());
    months_of(name).map(|each| months.div_euclid(each)).ok_or_else(|| unknown_part(name))
}

/// `@@NAME`
pub(super) fn global(context: Context<'_>, name: &str) -> Option<Node> {
    let database = context.world.database(context.database);
    Some(match name.to_ascii_uppercase().as_str() {
        "@@VERSION" => Node::constant(Value::text(VERSION), SqlType::NVarChar(300)),
        "@@DBTS" => Node::constant(
            Value::RowVersion(database.map_or(0, |d| d.rowversion)),
            SqlType::Binary(8),
        ),
        "@@SPID" => Node::constant(Value::Int(context.session_id), SqlType::SmallInt),
        "@@SERVERNAME" => Node::constant(Value::text("YUANLIU-SANDBOX"), SqlType::NVarChar(128)),
        "@@LANGUAGE" => Node::constant(Value::text("us_english"), SqlType::NVarChar(128)),
        "@@TRANCOUNT" | "@@ERROR" | "@@ROWCOUNT" => Node::constant(Value::Int(0), SqlType::Int),
        "@@MICROSOFTVERSION" => Node::constant(Value::Int(0x0F00_10E2), SqlType::Int),
        "@@MAX_PRECISION" => Node::constant(Value::Int(38), SqlType::TinyInt),
        _ => return None,
    })
}

/// Functions whose value the server and the session determine.
pub(super) fn session(
    context: Context<'_>,
    name: &str,
    args: &[Node],
) -> Result<Option<Node>, SqlError> {
    let text = |at: usize| {
        args.get(at)
            .and_then(Node::as_const)
            .and_then(Value::as_text)
            .map(|text| text.into_owned())
            .unwrap_or_default()
    };
    let name_node = |text: &str| Node::constant(Value::text(text), SqlType::NVarChar(128));
    let utc = from_chrono(context.world.clock.now().naive_utc());
    let offset = context.world.utc_offset_minutes;
    let local = utc + TimeDelta::minutes(i64::from(offset)).num_seconds() * 10_000_000;
    let database = context.world.database(context.database);
    let id = |name: &str| -> Option<i64> {
        let parts: Vec<String> =
            name.split('.').map(|part| part.trim_matches(['[', ']']).to_owned()).collect();
        let schema =
            parts.len().checked_sub(2).and_then(|at| parts.get(at)).map_or("dbo", String::as_str);
        let database = match parts.len().checked_sub(3).and_then(|at| parts.get(at)) {
            Some(named) => context.world.database(named)?,
            None => database?,
        };
        database.object_id(schema, parts.last()?)
    };
    Ok(Some(match name {
        "sysdatetime" => Node::constant(Value::DateTime(local), SqlType::DateTime2(7)),
        "sysutcdatetime" => Node::constant(Value::DateTime(utc), SqlType::DateTime2(7)),
        "sysdatetimeoffset" => {
            Node::constant(Value::DateTimeOffset(utc, offset), SqlType::DateTimeOffset(7))
        }
        "getdate" => Node::constant(
            cast(&Value::DateTime(local), &SqlType::DateTime2(7), &SqlType::DateTime)?,
            SqlType::DateTime,
        ),
        "getutcdate" => Node::constant(
            cast(&Value::DateTime(utc), &SqlType::DateTime2(7), &SqlType::DateTime)?,
            SqlType::DateTime,
        ),
        "min_active_rowversion" => Node::constant(
            Value::RowVersion(database.map_or(0, |d| d.min_active_rowversion())),
            SqlType::Binary(8),
        ),
        "change_tracking_current_version" => match database.filter(|d| d.change_tracking) {
            Some(database) => {
                Node::constant(Value::Int(database.tracking_version), SqlType::BigInt)
            }
            None => Node::constant(Value::Null, SqlType::BigInt),
        },
        "change_tracking_min_valid_version" => {
            let wanted = args.first().and_then(Node::as_const);
            let table = database.filter(|d| d.change_tracking).and_then(|d| {
                d.tables
                    .iter()
                    .find(|t| t.def.change_tracking && wanted == Some(&Value::Int(t.object_id)))
            });
            Node::constant(
                table.map_or(Value::Null, |t| Value::Int(t.tracked.min_valid)),
                SqlType::BigInt,
            )
        }
        "db_name" => name_node(database.map_or("master", |d| &d.name)),
        "db_id" => {
            let wanted = if args.is_empty() { context.database.to_owned() } else { text(0) };
            let at =
                context.world.databases.iter().position(|d| d.name.eq_ignore_ascii_case(&wanted));
            Node::constant(
                at.map_or(Value::Null, |at| Value::Int(at as i64 + 5)),
                SqlType::SmallInt,
            )
        }
        "schema_name" => name_node("dbo"),
        "suser_sname" | "suser_name" | "original_login" | "system_user" => name_node(context.user),
        "user_name" | "current_user" => name_node("yuanliu"),
        "app_name" | "program_name" => name_node(context.application),
        "host_name" => name_node("sandbox"),
        "object_id" => Node::constant(id(&text(0)).map_or(Value::Null, Value::Int), SqlType::Int),
        "object_name" if args.first().and_then(Node::as_const).is_some() => {
            let wanted = args.first().and_then(Node::as_const);
            let table = database
                .and_then(|d| d.tables.iter().find(|t| wanted == Some(&Value::Int(t.object_id))));
            table.map_or(Node::constant(Value::Null, SqlType::NVarChar(128)), |t| {
                name_node(&t.def.name)
            })
        }
        "serverproperty" => server_property(&text(0)),
        "databasepropertyex" => match text(1).to_ascii_lowercase().as_str() {
            "collation" => {
                name_node(context.world.database(&text(0)).map_or("", |d| d.collation.name()))
            }
            "updateability" => name_node("READ_WRITE"),
            "status" => name_node("ONLINE"),
            _ => Node::constant(Value::Null, SqlType::NVarChar(128)),
        },
        "has_perms_by_name" => {
            let (object, permission) = (text(0), text(2).to_ascii_uppercase());
            let held = match permission.as_str() {
                "VIEW DATABASE STATE" | "VIEW SERVER STATE" | "VIEW DATABASE PERFORMANCE STATE" => {
                    context.world.view_database_state
                }
                "SELECT" if id(&object).is_none() => {
                    return Ok(Some(Node::constant(Value::Null, SqlType::Int)));
                }
                "SELECT" => database.is_some_and(|d| {
                    let parts: Vec<&str> =
                        object.split('.').map(|part| part.trim_matches(['[', ']'])).collect();
                    let (schema, name) = match parts[..] {
                        [.., schema, name] => (schema, name),
                        _ => ("dbo", object.as_str()),
                    };
                    context.world.allowed(d, schema, name.trim_matches(['[', ']'])).is_ok()
                }),
                "CONNECT" | "VIEW DEFINITION" | "VIEW CHANGE TRACKING" => true,
                _ => false,
            };
            Node::constant(Value::Int(i64::from(held)), SqlType::Int)
        }
        "is_member" | "is_srvrolemember" => Node::constant(Value::Int(0), SqlType::Int),
        "connectionproperty" => Node::constant(Value::text("TCP"), SqlType::NVarChar(128)),
        _ => return Ok(None),
    }))
}

fn server_property(name: &str) -> Node {
    let text = match name.to_ascii_lowercase().as_str() {
        "productversion" => PRODUCT_VERSION,
        "productlevel" => "RTM",
        "productupdatelevel" => "CU22",
        "edition" => "Developer Edition (64-bit)",
        "servername" | "machinename" => "YUANLIU-SANDBOX",
        "collation" => "Chinese_PRC_CI_AS",
        "productmajorversion" => "15",
        "engineedition" => return Node::constant(Value::Int(3), SqlType::Int),
        _ => return Node::constant(Value::Null, SqlType::NVarChar(128)),
    };
    Node::constant(Value::text(text), SqlType::NVarChar(128))
}
