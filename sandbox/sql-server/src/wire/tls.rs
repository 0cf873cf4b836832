//! TLS whose handshake travels inside PRELOGIN packets (MS-TDS 2.2.6.5), and the certificate for it.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::crypto::aws_lc_rs;
use tokio_rustls::rustls::pki_types::PrivateKeyDer;
use tokio_rustls::rustls::{self, ServerConfig, version};

/// A certificate for localhost made at start, signed by itself.
#[derive(Clone)]
pub(crate) struct Certificate {
    pub(crate) acceptor: TlsAcceptor,
    pub(crate) pem: String,
}

/// A certificate could not be made.
#[derive(Debug, thiserror::Error)]
pub(crate) enum CertificateError {
    /// The key or the certificate.
    #[error("cannot make a certificate for localhost")]
    Make(#[from] rcgen::Error),
    /// The TLS configuration.
    #[error("cannot configure tls")]
    Configure(#[from] rustls::Error),
}

impl Certificate {
    /// Makes a key and a certificate. TLS 1.2 alone: 1.3 sends session tickets after the handshake, which would
    /// land between packets of a connection that encrypts only its login.
    pub(crate) fn make() -> Result<Self, CertificateError> {
        let made =
            rcgen::generate_simple_self_signed(["localhost".to_owned(), "127.0.0.1".to_owned()])?;
        let key = PrivateKeyDer::Pkcs8(made.signing_key.serialize_der().into());
        let config = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
            .with_protocol_versions(&[&version::TLS12])?
            .with_no_client_auth()
            .with_single_cert(vec![made.cert.der().clone()], key)?;
        Ok(Self { acceptor: TlsAcceptor::from(Arc::new(config)), pem: made.cert.pem() })
    }
}

/// A stream that wraps what is written in packets and unwraps what is read, until the handshake is over.
pub(crate) struct TlsPackets<S> {
    stream: S,
    wrapping: bool,
    header: [u8; 8],
    header_filled: usize,
    body_left: usize,
    pending: Vec<u8>,
    sent: usize,
}

impl<S> TlsPackets<S> {
    pub(crate) fn new(stream: S) -> Self {
        Self {
            stream,
            wrapping: true,
            header: [0; 8],
            header_filled: 0,
            body_left: 0,
            pending: Vec::new(),
            sent: 0,
        }
    }

    /// From now on bytes pass as they are.
    pub(crate) fn unwrapped(&mut self) {
        self.wrapping = false;
    }

    /// The stream below.
    pub(crate) fn into_inner(self) -> S {
        self.stream
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for TlsPackets<S> {
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        if !this.wrapping && this.body_left == 0 {
            return Pin::new(&mut this.stream).poll_read(cx, buf);
        }
        while this.body_left == 0 {
            let mut rest = ReadBuf::new(&mut this.header[this.header_filled..]);
            ready!(Pin::new(&mut this.stream).poll_read(cx, &mut rest))?;
            let read = rest.filled().len();
            if read == 0 {
                return Poll::Ready(Ok(()));
            }
            this.header_filled += read;
            if this.header_filled == 8 {
                this.header_filled = 0;
                this.body_left = usize::from(u16::from_be_bytes([this.header[2], this.header[3]]))
                    .saturating_sub(8);
            }
        }
        let most = this.body_left.min(buf.remaining());
        let mut part = ReadBuf::new(buf.initialize_unfilled_to(most));
        ready!(Pin::new(&mut this.stream).poll_read(cx, &mut part))?;
        let read = part.filled().len();
        this.body_left -= read;
        buf.advance(read);
        Poll::Ready(Ok(()))
    }
}

impl<S: AsyncWrite + Unpin> TlsPackets<S> {
    fn poll_send(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        while self.sent < self.pending.len() {
            let written =
                ready!(Pin::new(&mut self.stream).poll_write(cx, &self.pending[self.sent..]))?;
            if written == 0 {
                return Poll::Ready(Err(io::ErrorKind::WriteZero.into()));
            }
            self.sent += written;
        }
        self.pending.clear();
        self.sent = 0;
        Poll::Ready(Ok(()))
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for TlsPackets<S> {
    fn poll_write(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &[u8],
    ) -> Poll<io::Result<usize>> {
        const BODY_MAX: usize = 4088;
        let this = self.get_mut();
        ready!(this.poll_send(cx))?;
        if !this.wrapping {
            return Pin::new(&mut this.stream).poll_write(cx, buf);
        }
        let body = &buf[..buf.len().min(BODY_MAX)];
        let length = u16::try_from(body.len() + 8).unwrap_or(u16::MAX).to_be_bytes();
        this.pending.extend_from_slice(&[18, 1, length[0], length[1], 0, 0, 1, 0]);
        this.pending.extend_from_slice(body);
        // Sent on the next write or flush at the latest.
        let _ = this.poll_send(cx)?;
        Poll::Ready(Ok(body.len()))
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        ready!(this.poll_send(cx))?;
        Pin::new(&mut this.stream).poll_flush(cx)
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        ready!(this.poll_send(cx))?;
        Pin::new(&mut this.stream).poll_shutdown(cx)
    }
}
