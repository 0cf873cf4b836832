//! What the hub is compared with: the same handlers over PostgreSQL.
//!
//! Bodies are read and checked by the hub's own reader, events of a request are one transaction, and
//! an event is told to be a duplicate by its unique id. It runs as a process of its own, so that its
//! costs are apart from the client's.

mod binary;
mod columns;
mod handlers;
mod preload;
mod schema;
mod trace;
mod writer;

use std::io::Write;

use anyhow::{Context, Result};
use clap::Args;
use serde_json::json;
use sqlx::postgres::{PgConnectOptions, PgPool, PgPoolOptions, PgSslMode};
use tokio::net::TcpListener;
use yuanliu_sandbox_servers::{DATABASE, PASSWORD, USER};

pub(crate) use preload::preload;
pub(crate) use schema::{create, index};
pub(crate) use writer::Write as WriteBy;

/// How the peer is started; the measuring program does that itself.
#[derive(Debug, Args)]
pub(crate) struct PeerArgs {
    /// Where PostgreSQL listens.
    #[arg(long)]
    port: u16,
    /// Connections to it.
    #[arg(long)]
    connections: u32,
    /// How events are written.
    #[arg(long, value_enum)]
    writer: WriteBy,
}

/// Connections to the database of a sandbox server.
pub(crate) async fn connect(port: u16, connections: u32) -> Result<PgPool> {
    let options = PgConnectOptions::new()
        .host("127.0.0.1")
        .port(port)
        .username(USER)
        .password(PASSWORD)
        .database(DATABASE)
        .ssl_mode(PgSslMode::Disable);
    let pool = PgPoolOptions::new()
        .min_connections(connections)
        .max_connections(connections)
        // A ping before each use would be a second round trip for every question.
        .test_before_acquire(false)
        .after_connect(|connection, _| {
            Box::pin(async move {
                let staging = sqlx::AssertSqlSafe(writer::staging());
                sqlx::raw_sql(staging).execute(connection).await.map(|_| ())
            })
        })
        .connect_with(options);
    pool.await.context("connecting to PostgreSQL")
}

/// Serves until the process is asked to end.
pub(crate) async fn serve(args: PeerArgs) -> Result<()> {
    let pool = connect(args.port, args.connections).await?;
    let service = handlers::service(pool, args.writer).await?;
    let mut asked = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())?;
    let listener = TcpListener::bind("127.0.0.1:0").await.context("listening")?;
    let address = listener.local_addr().context("asking for the address")?;
    let mut out = std::io::stdout().lock();
    writeln!(out, "{}", json!({"address": format!("http://{address}")}))?;
    out.flush()?;
    drop(out);
    let stop = async move {
        asked.recv().await;
    };
    let served = axum::serve(listener, handlers::router(service)).with_graceful_shutdown(stop);
    served.await.context("serving")
}
