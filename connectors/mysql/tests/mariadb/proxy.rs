//! A way to the server that can break.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// What happens to the next answer of the server, and to its connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Break {
    /// The connection is reset.
    Reset,
    /// Something comes that is no answer.
    Garbage,
    /// A packet comes that ends in the middle of a value.
    Short,
    /// The server says that the statement met a deadlock.
    Deadlock,
}

/// A port of loopback that leads to another.
pub(crate) struct Proxy {
    pub(crate) port: u16,
    next: Arc<Mutex<Option<Break>>>,
    open: Arc<AtomicUsize>,
}

impl Proxy {
    pub(crate) async fn to(upstream: u16) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let proxy = Self { port, next: Arc::default(), open: Arc::default() };
        let (next, open) = (proxy.next.clone(), proxy.open.clone());
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let (next, open) = (next.clone(), open.clone());
                open.fetch_add(1, Ordering::SeqCst);
                tokio::spawn(async move {
                    if let Ok(server) = TcpStream::connect(("127.0.0.1", upstream)).await {
                        relay(client, server, &next).await;
                    }
                    open.fetch_sub(1, Ordering::SeqCst);
                });
            }
        });
        proxy
    }

    pub(crate) fn break_next(&self, how: Break) {
        *self.next.lock().unwrap() = Some(how);
    }

    /// Returns when nobody is connected.
    pub(crate) async fn all_closed(&self) {
        while self.open.load(Ordering::SeqCst) > 0 {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }
}

async fn relay(mut client: TcpStream, mut server: TcpStream, next: &Mutex<Option<Break>>) {
    let (mut asked, mut answered) = (vec![0; 65_536], vec![0; 65_536]);
    loop {
        tokio::select! {
            read = client.read(&mut asked) => match read {
                Ok(length) if length > 0 => {
                    if server.write_all(&asked[..length]).await.is_err() { return }
                }
                _ => return,
            },
            read = server.read(&mut answered) => match read {
                Ok(length) if length > 0 => {
                    let how = next.lock().unwrap().take();
                    match how {
                        Some(how) => return break_off(client, how).await,
                        None => if client.write_all(&answered[..length]).await.is_err() { return },
                    }
                }
                _ => return,
            },
        }
    }
}

/// Packets: a length of three bytes, a number of one, and that many bytes.
async fn break_off(mut client: TcpStream, how: Break) {
    let answer: &[u8] = match how {
        Break::Reset => {
            // A connection that closes without waiting for anything is reset.
            client.set_zero_linger().unwrap();
            return;
        }
        Break::Garbage => b"\x05\0\0\x01\x42\x42\x42\x42\x42",
        Break::Short => b"\x02\0\0\x01\0\x01",
        Break::Deadlock => b"\x11\0\0\x01\xff\xbd\x04#40001Deadlock",
    };
    client.write_all(answer).await.unwrap();
    // The driver has to read it before it sees the end.
    let _ = client.shutdown().await;
    let mut rest = [0; 1_024];
    while client.read(&mut rest).await.is_ok_and(|length| length > 0) {}
}
