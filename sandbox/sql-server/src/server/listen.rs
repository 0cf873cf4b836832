//! Listening, and a task for each client.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;

use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use super::state::Server;
use crate::session::{handshake, serve};

/// First number that sessions of users have.
const SESSION_ID_FIRST: i64 = 51;

/// The server could not be started.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The port cannot be listened on.
    #[error("cannot listen on 127.0.0.1:{port}; choose another port, or 0 for any free one")]
    Listen {
        /// The port asked for.
        port: u16,
        /// Why.
        source: std::io::Error,
    },
    /// The certificate could not be made.
    #[error("cannot make a certificate for localhost")]
    Certificate(#[source] Box<dyn std::error::Error + Send + Sync>),
}

pub(super) async fn bind(port: u16) -> Result<(TcpListener, SocketAddr), StartError> {
    let failed = |source| StartError::Listen { port, source };
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await.map_err(failed)?;
    let address = listener.local_addr().map_err(failed)?;
    Ok((listener, address))
}

/// Accepts clients until stopped; every session ends with it.
pub(super) async fn accept(server: Arc<Server>, listener: TcpListener, stop: CancellationToken) {
    let mut id = SESSION_ID_FIRST;
    loop {
        let accepted = tokio::select! {
            () = stop.cancelled() => return,
            accepted = listener.accept() => accepted,
        };
        let Ok((tcp, _)) = accepted else { continue };
        let _ = tcp.set_nodelay(true);
        let (server, stop) = (server.clone(), stop.clone());
        let mut kills = server.kills.subscribe();
        tokio::spawn(async move {
            let client = async {
                if let Ok(Some((stream, session))) = handshake(&server, tcp, id).await {
                    serve(server.clone(), stream, session).await;
                }
            };
            tokio::select! {
                () = client => {}
                _ = kills.changed() => {}
                () = stop.cancelled() => {}
            }
        });
        id += 1;
    }
}
