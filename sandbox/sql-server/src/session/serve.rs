//! The loop of a session: a message, its response, the next.

use std::sync::Arc;

use tokio::sync::mpsc;

use super::Session;
use super::handshake::Stream;
use super::respond::{Cancel, Responder, Stop};
use super::statement;
use crate::server::Server;
use crate::wire::{Kind, Request, Tokens, read_message};

/// Serves a client until it closes or is to be dropped.
pub(crate) async fn serve(server: Arc<Server>, stream: Box<dyn Stream>, mut session: Session) {
    let (mut reader, writer) = tokio::io::split(stream);
    let cancel = Arc::new(Cancel::default());
    let (sender, mut messages) = mpsc::channel(4);
    let asked = cancel.clone();
    // Reads on while a statement runs, since only so an Attention is heard in time.
    let reading = tokio::spawn(async move {
        while let Ok(Some((kind, message))) = read_message(&mut reader).await {
            if kind == Kind::Attention {
                asked.ask();
            }
            if sender.send((kind, message)).await.is_err() {
                break;
            }
        }
    });
    let mut responder = Responder::new(writer, session.packet_size, cancel.clone());
    let mut answered = 0;
    while let Some((kind, message)) = messages.recv().await {
        let request = match kind {
            Kind::Attention if answered > 0 => {
                answered -= 1;
                continue;
            }
            Kind::Attention => {
                cancel.clear();
                Tokens(&mut responder.payload).cancelled();
                match responder.finish().await {
                    Ok(()) => continue,
                    Err(_) => break,
                }
            }
            Kind::Batch => Request::read_batch(&message),
            Kind::Rpc => Request::read_call(&message),
            _ => break,
        };
        let Ok(request) = request else { break };
        let ended = match statement::run(&server, &mut session, request, &mut responder).await {
            Ok(()) => responder.finish().await,
            Err(stop) => Err(stop),
        };
        match ended {
            Ok(()) => {}
            Err(Stop::Cancelled) => {
                cancel.clear();
                answered += 1;
                Tokens(&mut responder.payload).cancelled();
                if responder.finish().await.is_err() {
                    break;
                }
            }
            Err(Stop::Closed) => break,
        }
    }
    reading.abort();
}
