//! Running batches and procedure calls, faults included.

use std::time::Duration;

use super::Session;
use super::respond::{Responder, Stop};
use crate::engine::{
    Binder, Command, Context, Cursor, Plan, Script, Variables, parse_declaration, to_sql_type,
};
use crate::error::SqlError;
use crate::fault::Fault;
use crate::server::Server;
use crate::values::{Collation, SqlType, Value, cast};
use crate::wire::{Done, Procedure, Request, Tokens, is_fixed, write_value};

/// Rows sent before a fault strikes in the middle of them.
const ROWS_BEFORE_FAULT: u64 = 3;

/// How the pieces of a response end.
struct Ending {
    done: Done,
    /// The end of the last statement, not written before it is known whether more follows.
    held: Option<Option<u64>>,
}

impl Ending {
    fn release(&mut self, tokens: &mut Tokens<'_>, more: bool) {
        if let Some(rows) = self.held.take() {
            tokens.done(self.done, more, false, rows);
        }
    }
}

/// Runs a request and leaves its response in the responder.
pub(super) async fn run(
    server: &Server,
    session: &mut Session,
    request: Request,
    to: &mut Responder,
) -> Result<(), Stop> {
    match request {
        Request::Batch(sql) => {
            let mut ending = Ending { done: Done::Statement, held: None };
            match batch(server, session, &sql, Variables::new(), to, &mut ending).await? {
                Ok(()) => {
                    if ending.held.is_none() {
                        ending.held = Some(None);
                    }
                    ending.release(&mut Tokens(&mut to.payload), false);
                }
                Err(error) => return fail(&error, Done::Statement, &mut ending, to).await,
            }
            Ok(())
        }
        Request::Call(procedure) => call(server, session, procedure, to).await,
    }
}

/// Writes an error and the end; closes the connection after a fatal one.
async fn fail(
    error: &SqlError,
    done: Done,
    ending: &mut Ending,
    to: &mut Responder,
) -> Result<(), Stop> {
    let mut tokens = Tokens(&mut to.payload);
    ending.release(&mut tokens, true);
    tokens.error(error, 1);
    tokens.done(done, false, true, None);
    if error.class >= 20 {
        to.finish().await?;
        return Err(Stop::Closed);
    }
    Ok(())
}

async fn call(
    server: &Server,
    session: &mut Session,
    procedure: Procedure,
    to: &mut Responder,
) -> Result<(), Stop> {
    let mut ending = Ending { done: Done::InProcedure, held: None };
    let mut handle = None;
    let result = match prepare(session, procedure, &mut handle) {
        Ok(Some((sql, variables))) => {
            batch(server, session, &sql, variables, to, &mut ending).await?
        }
        Ok(None) => Ok(()),
        Err(error) => Err(error),
    };
    if let Err(error) = result {
        return fail(&error, Done::Procedure, &mut ending, to).await;
    }
    let mut tokens = Tokens(&mut to.payload);
    ending.release(&mut tokens, true);
    tokens.return_status();
    if let Some(handle) = handle {
        tokens.return_int(0, handle);
    }
    tokens.done(Done::Procedure, false, false, None);
    Ok(())
}

/// The text and variables that a procedure call amounts to.
fn prepare(
    session: &mut Session,
    procedure: Procedure,
    handle: &mut Option<i32>,
) -> Result<Option<(String, Variables)>, SqlError> {
    let Procedure { name, arguments } = procedure;
    let text = |at: usize| {
        arguments.get(at).and_then(|(_, value, _)| value.as_text()).unwrap_or_default().into_owned()
    };
    let number = || match arguments.first() {
        Some((_, Value::Int(handle), _)) => i32::try_from(*handle).unwrap_or(0),
        _ => 0,
    };
    let rest = |from: usize| arguments.get(from..).unwrap_or_default();
    match name.as_str() {
        "sp_executesql" => Ok(Some((text(0), variables(&text(1), rest(2))?))),
        "sp_prepare" | "sp_prepexec" => {
            let new = session.prepared.keys().last().map_or(1, |last| last + 1);
            session.prepared.insert(new, (text(2), text(1)));
            *handle = Some(new);
            if name == "sp_prepare" {
                return Ok(None);
            }
            Ok(Some((text(2), variables(&text(1), rest(3))?)))
        }
        "sp_execute" => {
            let held = session.prepared.get(&number()).cloned();
            let (sql, declared) = held.ok_or_else(|| {
                SqlError::new(
                    8179,
                    16,
                    format!("Could not find prepared statement with handle {}.", number()),
                )
            })?;
            Ok(Some((sql, variables(&declared, rest(1))?)))
        }
        "sp_unprepare" => {
            session.prepared.remove(&number());
            Ok(None)
        }
        "sp_describe_first_result_set" => {
            let sql =
                "select * from sys.dm_exec_describe_first_result_set(@tsql, @params, 0)".to_owned();
            let mut variables = Variables::new();
            variables.insert("@tsql".to_owned(), (Value::text(text(0)), SqlType::NVarChar(4000)));
            variables.insert("@params".to_owned(), (Value::text(text(1)), SqlType::NVarChar(4000)));
            Ok(Some((sql, variables)))
        }
        _ => Err(SqlError::new(2812, 16, format!("Could not find stored procedure '{name}'."))),
    }
}

/// Parameters by name; unnamed ones take the names of the declaration in order.
fn variables(
    declared: &str,
    arguments: &[(String, Value, SqlType)],
) -> Result<Variables, SqlError> {
    let mut depth = 0;
    let parts = declared.split(|c: char| {
        depth += i32::from(c == '(') - i32::from(c == ')');
        c == ',' && depth == 0
    });
    let mut variables = Variables::new();
    for (at, part) in parts.map(str::trim).filter(|part| !part.is_empty()).enumerate() {
        let Some((name, ty)) = part.split_once(char::is_whitespace) else {
            return Err(SqlError::syntax(part));
        };
        let name = name.to_lowercase();
        let ty = parse_declaration(ty.trim())?;
        let given =
            arguments.iter().find(|(given, ..)| *given == name).or_else(|| arguments.get(at));
        let Some((_, value, from)) = given else {
            return Err(SqlError::new(
                8178,
                16,
                format!(
                    "The parameterized query expects the parameter '{name}', which was not supplied."
                ),
            ));
        };
        let value = cast(value, from, &ty)?;
        variables.insert(name, (value, ty));
    }
    Ok(variables)
}

async fn batch(
    server: &Server,
    session: &mut Session,
    sql: &str,
    mut variables: Variables,
    to: &mut Responder,
    ending: &mut Ending,
) -> Result<Result<(), SqlError>, Stop> {
    let mut script = match Script::new(sql) {
        Ok(script) => script,
        Err(error) => return Ok(Err(error)),
    };
    loop {
        let command = match script.next() {
            Ok(Some(command)) => command,
            Ok(None) => return Ok(Ok(())),
            Err(error) => return Ok(Err(error)),
        };
        let mut tokens = Tokens(&mut to.payload);
        ending.release(&mut tokens, true);
        let result = match command {
            Command::Query(query) => match bind(server, session, &variables, sql, &query) {
                Ok((plan, collation, fault)) => answer(&plan, collation, fault, to, ending).await?,
                Err(error) => Err(error),
            },
            Command::Wait(ms) => {
                to.wait(Duration::from_millis(ms)).await?;
                Ok(())
            }
            Command::Use(name) => change_database(server, session, &name, &mut tokens),
            Command::Isolation(level) => {
                session.isolation = level;
                Ok(())
            }
            Command::Assign(name, ty, value) => {
                assign(server, session, &mut variables, name, ty, value)
            }
            Command::Print(value) => {
                let printed = with_context(server, session, |context| {
                    Binder::new(context, &variables).value(&value)
                });
                printed.map(|(value, _)| tokens.info(0, &value.as_text().unwrap_or_default()))
            }
            Command::Exec(name, arguments) => {
                let values: Result<Vec<_>, SqlError> = with_context(server, session, |context| {
                    arguments
                        .iter()
                        .map(|arg| {
                            Binder::new(context, &variables)
                                .value(arg)
                                .map(|(v, t)| (String::new(), v, t))
                        })
                        .collect()
                });
                match values.and_then(|arguments| {
                    prepare(session, Procedure { name, arguments }, &mut None)
                }) {
                    Ok(Some((inner, variables))) => {
                        Box::pin(batch(server, session, &inner, variables, to, ending)).await?
                    }
                    Ok(None) => Ok(()),
                    Err(error) => Err(error),
                }
            }
            Command::Setting => Ok(()),
        };
        if let Err(error) = result {
            return Ok(Err(error));
        }
    }
}

fn with_context<T>(server: &Server, session: &Session, run: impl FnOnce(Context<'_>) -> T) -> T {
    let state = server.state();
    run(Context {
        world: &state.world,
        database: &session.database,
        session_id: session.id,
        application: &session.application,
        user: &session.user,
    })
}

fn bind(
    server: &Server,
    session: &Session,
    variables: &Variables,
    sql: &str,
    query: &sqlparser::ast::Query,
) -> Result<(Plan, Collation, Option<Fault>), SqlError> {
    let (plan, collation) = with_context(server, session, |context| {
        let database = context.world.database(context.database);
        let plan = Binder::new(context, variables).query(query)?;
        if plan.reads_user_table
            && session.isolation == "snapshot"
            && database.is_some_and(|database| !database.snapshot)
        {
            return Err(SqlError::new(
                3952,
                16,
                format!(
                    "Snapshot isolation transaction failed accessing database '{}' because snapshot isolation is not allowed in this database. Use ALTER DATABASE to allow snapshot isolation.",
                    session.database
                ),
            ));
        }
        Ok((plan, database.map_or_else(Collation::default, |database| database.collation)))
    })?;
    let fault = if plan.reads_user_table { server.state().take_fault(sql) } else { None };
    Ok((plan, collation, fault))
}

fn change_database(
    server: &Server,
    session: &mut Session,
    name: &str,
    tokens: &mut Tokens<'_>,
) -> Result<(), SqlError> {
    let found = server.state().world.database(name).map(|database| database.name.clone());
    let found = found.ok_or_else(|| {
        SqlError::new(
            911,
            16,
            format!(
                "Database '{name}' does not exist. Make sure that the name is entered correctly."
            ),
        )
    })?;
    tokens.change(1, &found, &session.database);
    tokens.info(5701, &format!("Changed database context to '{found}'."));
    session.database = found;
    Ok(())
}

fn assign(
    server: &Server,
    session: &Session,
    variables: &mut Variables,
    name: String,
    ty: Option<sqlparser::ast::DataType>,
    value: Option<sqlparser::ast::Expr>,
) -> Result<(), SqlError> {
    let name = name.to_lowercase();
    let ty = match ty {
        Some(ty) => to_sql_type(&ty)?,
        None => variables.get(&name).map(|(_, ty)| *ty).ok_or_else(|| {
            SqlError::new(137, 15, format!("Must declare the scalar variable \"{name}\"."))
        })?,
    };
    let value = match value {
        Some(value) => {
            let (value, from) = with_context(server, session, |context| {
                Binder::new(context, variables).value(&value)
            })?;
            cast(&value, &from, &ty)?
        }
        None => Value::Null,
    };
    variables.insert(name, (value, ty));
    Ok(())
}

/// Sends columns and rows.
async fn answer(
    plan: &Plan,
    collation: Collation,
    fault: Option<Fault>,
    to: &mut Responder,
    ending: &mut Ending,
) -> Result<Result<(), SqlError>, Stop> {
    let deadlock = || {
        let text = "Transaction (Process ID 55) was deadlocked on lock resources with another process and has been chosen as the deadlock victim. Rerun the transaction.";
        SqlError { state: 51, ..SqlError::new(1205, 13, text) }
    };
    match fault {
        None | Some(Fault::LoginFailed | Fault::TruncatedRows | Fault::DeadlockMidway) => {}
        Some(Fault::ConnectionReset) => return Err(Stop::Closed),
        Some(Fault::Slow(ms)) => to.wait(Duration::from_millis(ms)).await?,
        Some(Fault::Deadlock) => return Ok(Err(deadlock())),
        Some(Fault::LockTimeout) => {
            return Ok(Err(SqlError {
                state: 51,
                ..SqlError::new(1222, 16, "Lock request time out period exceeded.")
            }));
        }
        Some(Fault::Permission) => {
            return Ok(Err(SqlError::permission("object", "database", "dbo")));
        }
        Some(Fault::Busy) => {
            let text = "A timeout occurred while waiting for memory resources to execute the query in resource pool 'default' (2). Rerun the query.";
            return Ok(Err(SqlError::new(8645, 17, text)));
        }
        Some(Fault::SessionKilled) => {
            return Ok(Err(SqlError::new(
                596,
                21,
                "Cannot continue the execution because the session is in the kill state.",
            )));
        }
        Some(Fault::MalformedPacket) => {
            to.payload
                .extend_from_slice(&[0x81, 0x02, 0x00, 0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07]);
            to.finish().await?;
            return Err(Stop::Closed);
        }
    }
    let columns =
        plan.outputs.iter().map(|output| (output.name.as_str(), &output.node, output.plain));
    Tokens(&mut to.payload).columns(columns, collation);
    let mut cursor = match Cursor::open(plan, None) {
        Ok(cursor) => cursor,
        Err(error) => return Ok(Err(error)),
    };
    let mut rows = 0;
    loop {
        if rows == ROWS_BEFORE_FAULT {
            match fault {
                Some(Fault::TruncatedRows) => return Err(to.break_off().await),
                Some(Fault::DeadlockMidway) => return Ok(Err(deadlock())),
                _ => {}
            }
        }
        match row(plan, &mut cursor, collation, &mut to.payload) {
            Ok(true) => rows += 1,
            Ok(false) => break,
            Err(error) => return Ok(Err(error)),
        }
        if to.is_full() {
            to.spill().await?;
        }
    }
    if matches!(fault, Some(Fault::TruncatedRows)) {
        return Err(to.break_off().await);
    }
    ending.held = Some(Some(rows));
    Ok(Ok(()))
}

/// Writes the next row; no more: false.
fn row(
    plan: &Plan,
    cursor: &mut Cursor<'_>,
    collation: Collation,
    payload: &mut Vec<u8>,
) -> Result<bool, SqlError> {
    let Some(tuple) = cursor.next_tuple()? else { return Ok(false) };
    let start = payload.len();
    payload.push(0xD1);
    for output in &plan.outputs {
        match output.node.value(tuple) {
            Ok(value) => {
                debug_assert!(
                    !(value.is_null() && is_fixed(&output.node.ty, output.node.nullable))
                );
                write_value(&value, &output.node.ty, output.node.nullable, collation, payload);
            }
            Err(error) => {
                // Half a row would garble the stream.
                payload.truncate(start);
                return Err(error);
            }
        }
    }
    Ok(true)
}
