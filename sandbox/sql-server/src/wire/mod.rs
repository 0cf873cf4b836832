//! MS-TDS on the wire: packets, handshake messages, tokens and values.

mod login;
mod packet;
mod prelogin;
mod read;
mod request;
mod tls;
mod token;
mod type_info;
mod value;

pub(crate) use login::LoginRequest;
pub(crate) use packet::{Kind, Outgoing, read_message};
pub(crate) use prelogin::{EncryptionByte, Prelogin};
pub(crate) use request::{Procedure, Request};
pub(crate) use tls::{Certificate, TlsPackets};
pub(crate) use token::{Done, Tokens};
pub(crate) use value::{is_fixed, write_value};
