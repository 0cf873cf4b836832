//! PRELOGIN, TLS, LOGIN7.

use std::io;

use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpStream;

use super::Session;
use crate::error::SqlError;
use crate::options::Encryption;
use crate::server::{SeenLogin, Server};
use crate::wire::{
    Done, EncryptionByte, Kind, LoginRequest, Outgoing, Prelogin, TlsPackets, Tokens, read_message,
};

/// What both directions of a connection can do.
pub(crate) trait Stream: AsyncRead + AsyncWrite + Unpin + Send {}
impl<S: AsyncRead + AsyncWrite + Unpin + Send> Stream for S {}

const PACKET_BYTES_MAX: usize = 32_767;

/// Carries a connection to where statements can come; none: the client was refused or left.
pub(crate) async fn handshake(
    server: &Server,
    mut tcp: TcpStream,
    id: i64,
) -> io::Result<Option<(Box<dyn Stream>, Session)>> {
    let Some((Kind::Prelogin, message)) = read_message(&mut tcp).await? else { return Ok(None) };
    let asked = Prelogin::read(&message).encryption;
    let agreed = match (server.options.encryption, asked) {
        (Encryption::NotSupported, _) | (_, EncryptionByte::NotSupported)
            if server.options.encryption != Encryption::Required =>
        {
            EncryptionByte::NotSupported
        }
        (Encryption::Required, _) => EncryptionByte::Required,
        (_, EncryptionByte::Off) => EncryptionByte::Off,
        (_, EncryptionByte::Required) => EncryptionByte::Required,
        _ => EncryptionByte::On,
    };
    let mut answer = Vec::new();
    Outgoing::new(4096).cut(&mut Prelogin::answer(agreed), true, &mut answer);
    tcp.write_all(&answer).await?;
    if agreed == EncryptionByte::NotSupported {
        return login(server, Box::new(tcp), id).await;
    }
    let mut tls = server.certificate.acceptor.accept(TlsPackets::new(tcp)).await?;
    tls.get_mut().0.unwrapped();
    if agreed != EncryptionByte::Off {
        return login(server, Box::new(tls), id).await;
    }
    // Only the login was secret: from here on the plain stream goes on.
    let Some((Kind::Login, message)) = read_message(&mut tls).await? else { return Ok(None) };
    answer_login(server, Box::new(tls.into_inner().0.into_inner()), id, &message).await
}

async fn login(
    server: &Server,
    mut stream: Box<dyn Stream>,
    id: i64,
) -> io::Result<Option<(Box<dyn Stream>, Session)>> {
    let Some((Kind::Login, message)) = read_message(&mut stream).await? else { return Ok(None) };
    answer_login(server, stream, id, &message).await
}

async fn answer_login(
    server: &Server,
    mut stream: Box<dyn Stream>,
    id: i64,
    message: &[u8],
) -> io::Result<Option<(Box<dyn Stream>, Session)>> {
    let request = LoginRequest::read(message)
        .map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error))?;
    let mut payload = Vec::new();
    let mut tokens = Tokens(&mut payload);
    let packet_size = if request.packet_size == 0 {
        4096
    } else {
        request.packet_size.clamp(512, PACKET_BYTES_MAX)
    };
    let result = check(server, &request);
    let mut session = None;
    match result {
        Ok(database) => {
            tokens.change(1, &database, "master");
            tokens.info(5701, &format!("Changed database context to '{database}'."));
            tokens.change_collation(server.collation(&database));
            tokens.change(2, "us_english", "");
            tokens.info(5703, "Changed language setting to us_english.");
            tokens.login_ack(request.tds_version.min(0x7400_0004));
            tokens.change(4, &packet_size.to_string(), "4096");
            tokens.done(Done::Statement, false, false, None);
            server.state().last_login = Some(SeenLogin {
                application: request.application.clone(),
                database: request.database.clone(),
                read_only: request.read_only,
            });
            session = Some(Session {
                id,
                database,
                application: request.application,
                user: request.user,
                packet_size,
                isolation: "read committed".to_owned(),
                prepared: Default::default(),
            });
        }
        Err(error) => {
            tokens.error(&error, 1);
            tokens.done(Done::Statement, false, true, None);
        }
    }
    let mut out = Vec::new();
    Outgoing::new(4096.min(packet_size)).cut(&mut payload, true, &mut out);
    stream.write_all(&out).await?;
    stream.flush().await?;
    Ok(session.map(|session| (stream, session)))
}

/// The database a login lands in.
fn check(server: &Server, request: &LoginRequest) -> Result<String, SqlError> {
    let failed = || SqlError::new(18_456, 14, format!("Login failed for user '{}'.", request.user));
    let denied = server.state().take_login_fault();
    if request.integrated {
        return Err(SqlError::new(
            18_452,
            14,
            "Login failed. The login is from an untrusted domain and cannot be used with Integrated authentication.",
        ));
    }
    let login = &server.options.login;
    if denied
        || !request.user.eq_ignore_ascii_case(&login.user)
        || request.password != login.password
    {
        return Err(failed());
    }
    let state = server.state();
    if request.database.is_empty() {
        return Ok(state
            .world
            .databases
            .first()
            .map_or("master", |database| &database.name)
            .to_owned());
    }
    state.world.database(&request.database).map(|database| database.name.clone()).ok_or_else(|| {
        SqlError::new(
            4060,
            11,
            format!(
                "Cannot open database \"{}\" requested by the login. The login failed.",
                request.database
            ),
        )
    })
}
