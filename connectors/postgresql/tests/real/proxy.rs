//! Stands between the connector and the server and, when told, answers one COPY itself.
//!
//! Frames: PostgreSQL 15 manual, "Message Formats": a type byte, a 32-bit length that counts itself,
//! the body; the start-up message has no type.

use std::io;
use std::sync::{Arc, Mutex};

use tokio::io::{AsyncReadExt, AsyncWriteExt, copy};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Mutex as AsyncMutex;
use tokio::task::JoinSet;

/// What happens in place of the answer.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Interruption {
    /// The server refuses with this SQLSTATE; the session goes on.
    Refused(&'static str),
    /// The server refuses with this SQLSTATE and ends the session.
    Ended(&'static str),
    /// The connection breaks.
    Broken,
    /// No answer ever.
    Silent,
    /// An answer that is no COPY.
    Garbled,
}

/// A running proxy; its connections end when it is dropped.
#[derive(Debug)]
pub(crate) struct Proxy {
    port: u16,
    next: Arc<Mutex<Option<Interruption>>>,
    _connections: JoinSet<()>,
}

impl Proxy {
    /// Forwards to the server at `port`.
    pub(crate) async fn start(server: u16) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let next = Arc::new(Mutex::new(None));
        let mut connections = JoinSet::new();
        let armed = next.clone();
        connections.spawn(async move {
            let mut inner = JoinSet::new();
            while let Ok((client, _)) = listener.accept().await {
                let armed = armed.clone();
                inner.spawn(async move {
                    // Either side going away ends both.
                    let _ = forward(client, server, &armed).await;
                });
            }
        });
        Self { port, next, _connections: connections }
    }

    pub(crate) fn port(&self) -> u16 {
        self.port
    }

    /// Interrupts the next COPY.
    pub(crate) fn interrupt(&self, how: Interruption) {
        *self.next.lock().unwrap() = Some(how);
    }
}

async fn forward(
    client: TcpStream,
    port: u16,
    armed: &Mutex<Option<Interruption>>,
) -> io::Result<()> {
    let server = TcpStream::connect(("127.0.0.1", port)).await?;
    // Small frames would wait for each other's acknowledgement.
    client.set_nodelay(true)?;
    server.set_nodelay(true)?;
    let (from_client, to_client) = client.into_split();
    let (mut from_server, to_server) = server.into_split();
    let to_client = AsyncMutex::new(to_client);
    let requests = requests(from_client, to_server, &to_client, armed);
    let answers = async {
        let mut buffer = vec![0; 65_536];
        loop {
            let read = from_server.read(&mut buffer).await?;
            if read == 0 {
                return Ok(());
            }
            to_client.lock().await.write_all(&buffer[..read]).await?;
        }
    };
    tokio::select! {
        done = requests => done,
        done = answers => done,
    }
}

async fn requests(
    mut client: OwnedReadHalf,
    mut server: OwnedWriteHalf,
    to_client: &AsyncMutex<OwnedWriteHalf>,
    armed: &Mutex<Option<Interruption>>,
) -> io::Result<()> {
    let length = client.read_u32().await?;
    server.write_u32(length).await?;
    copy(&mut (&mut client).take(u64::from(length) - 4), &mut server).await?;
    loop {
        let kind = client.read_u8().await?;
        let length = client.read_u32().await?;
        let mut body = vec![0; length as usize - 4];
        client.read_exact(&mut body).await?;
        let is_copy = kind == b'Q' && body.to_ascii_lowercase().starts_with(b"copy (");
        let how = is_copy.then(|| armed.lock().unwrap().take()).flatten();
        let answer = match how {
            None => {
                server.write_all(&frame(kind, &body)).await?;
                continue;
            }
            Some(Interruption::Broken) => return Ok(()),
            Some(Interruption::Silent) => continue,
            Some(Interruption::Ended(state)) => error("FATAL", state),
            Some(Interruption::Refused(state)) => [error("ERROR", state), ready()].concat(),
            Some(Interruption::Garbled) => garbled(),
        };
        to_client.lock().await.write_all(&answer).await?;
        if matches!(how, Some(Interruption::Ended(_))) {
            return Ok(());
        }
    }
}

fn frame(kind: u8, body: &[u8]) -> Vec<u8> {
    let length = u32::try_from(body.len() + 4).unwrap();
    [&[kind][..], &length.to_be_bytes(), body].concat()
}

fn error(severity: &str, state: &str) -> Vec<u8> {
    let body = format!("S{severity}\0V{severity}\0C{state}\0Minterrupted on purpose\0\0");
    frame(b'E', body.as_bytes())
}

fn ready() -> Vec<u8> {
    frame(b'Z', b"I")
}

fn garbled() -> Vec<u8> {
    let copy_out = frame(b'H', &[1, 0, 0]);
    let data = frame(b'd', b"this is not what a server copies out");
    [copy_out, data, frame(b'c', b""), frame(b'C', b"COPY 1\0"), ready()].concat()
}
