//! Serves the API over made-up data: for generated tests, and for the web without a hub.
//!
//! `cargo run -p yuanliu-api --example serve_memory [PORT]`; the accounts are named after the roles
//! (`admin`, `management`, `operations`, `finance`, `dealer`), the password of each is `password of
//! LOGIN`, its bearer token `token-LOGIN`.

use std::net::SocketAddr;

use yuanliu_api::{Options, router};

#[path = "../tests/memory/mod.rs"]
#[allow(dead_code, unused_imports, unreachable_pub, reason = "the tests use more of it")]
mod memory;

#[tokio::main]
#[allow(clippy::print_stdout, reason = "says where it listens")]
async fn main() -> std::io::Result<()> {
    let port = std::env::args().nth(1).and_then(|port| port.parse().ok()).unwrap_or(8621);
    let routes = router(memory::Memory::new().api(Options::default()));
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", port)).await?;
    println!("http://{}", listener.local_addr()?);
    axum::serve(listener, routes.into_make_service_with_connect_info::<SocketAddr>()).await
}
