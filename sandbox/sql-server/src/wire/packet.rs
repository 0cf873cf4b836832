//! Packets: the eight-byte header, and messages that span several (MS-TDS 2.2.3).

use tokio::io::{AsyncRead, AsyncReadExt};

/// Largest message taken from a client.
const MESSAGE_BYTES_MAX: usize = 64 << 20;
const HEADER_BYTES: usize = 8;
const END_OF_MESSAGE: u8 = 1;

/// What a client's message is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Batch,
    Rpc,
    Attention,
    Login,
    Prelogin,
    Other(u8),
}

impl Kind {
    const fn from_byte(byte: u8) -> Self {
        match byte {
            1 => Self::Batch,
            3 => Self::Rpc,
            6 => Self::Attention,
            16 => Self::Login,
            18 => Self::Prelogin,
            other => Self::Other(other),
        }
    }
}

/// Reads one message; none: the client closed.
pub(crate) async fn read_message<R: AsyncRead + Unpin>(
    stream: &mut R,
) -> std::io::Result<Option<(Kind, Vec<u8>)>> {
    let malformed =
        |text: &str| std::io::Error::new(std::io::ErrorKind::InvalidData, text.to_owned());
    let mut message = Vec::new();
    loop {
        let mut header = [0; HEADER_BYTES];
        match stream.read_exact(&mut header).await {
            Ok(_) => {}
            Err(error) if error.kind() == std::io::ErrorKind::UnexpectedEof => return Ok(None),
            Err(error) => return Err(error),
        }
        let length = usize::from(u16::from_be_bytes([header[2], header[3]]));
        let body = length
            .checked_sub(HEADER_BYTES)
            .ok_or_else(|| malformed("packet shorter than its header"))?;
        let start = message.len();
        if start + body > MESSAGE_BYTES_MAX {
            return Err(malformed("message too long"));
        }
        message.resize(start + body, 0);
        stream.read_exact(&mut message[start..]).await?;
        if header[1] & END_OF_MESSAGE != 0 {
            return Ok(Some((Kind::from_byte(header[0]), message)));
        }
    }
}

/// A response being cut into packets of type 4.
pub(crate) struct Outgoing {
    packet_size: usize,
    id: u8,
}

impl Outgoing {
    pub(crate) fn new(packet_size: usize) -> Self {
        Self { packet_size, id: 0 }
    }

    /// Moves whole packets of `payload` into `out`; all of it, with the end mark, if it is the last.
    pub(crate) fn cut(&mut self, payload: &mut Vec<u8>, last: bool, out: &mut Vec<u8>) {
        let body = self.packet_size - HEADER_BYTES;
        let mut start = 0;
        while payload.len() - start > body
            || (last && start < payload.len())
            || (last && payload.is_empty() && start == 0)
        {
            let end = payload.len().min(start + body);
            let ends = last && end == payload.len();
            self.id = self.id.wrapping_add(1);
            let length =
                u16::try_from(end - start + HEADER_BYTES).unwrap_or(u16::MAX).to_be_bytes();
            out.extend_from_slice(&[4, u8::from(ends), length[0], length[1], 0, 0, self.id, 0]);
            out.extend_from_slice(&payload[start..end]);
            start = end;
            if ends {
                break;
            }
        }
        payload.drain(..start);
        if last {
            self.id = 0;
        }
    }
}
