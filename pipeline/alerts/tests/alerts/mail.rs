//! Mail against a small SMTP server.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::pki_types::PrivateKeyDer;
use yuanliu_alerts::{Mail, MailSecurity, MailServer, Network, Secret, Transport, TransportError};

/// What the server was given.
#[derive(Debug, Default, Clone)]
struct Got {
    commands: Vec<String>,
    mail: String,
}

/// A server that wants a login and refuses some recipients.
async fn start() -> (u16, Arc<Mutex<Got>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let got = Arc::new(Mutex::new(Got::default()));
    let kept = got.clone();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(talk(stream, kept.clone()));
        }
    });
    (port, got)
}

async fn talk(stream: TcpStream, got: Arc<Mutex<Got>>) -> Option<()> {
    let (reader, mut writer) = stream.into_split();
    let mut lines = BufReader::new(reader).lines();
    writer.write_all(b"220 mail.example.com ESMTP\r\n").await.ok()?;
    let mut is_in_data = false;
    while let Some(line) = lines.next_line().await.ok()? {
        if is_in_data {
            is_in_data = line != ".";
            if is_in_data {
                got.lock().unwrap().mail.push_str(&format!("{line}\n"));
            } else {
                writer.write_all(b"250 queued\r\n").await.ok()?;
            }
            continue;
        }
        got.lock().unwrap().commands.push(line.clone());
        let word = line.split([' ', ':']).next().unwrap_or_default().to_uppercase();
        let answer: &[u8] = match word.as_str() {
            "EHLO" => b"250-mail.example.com\r\n250-AUTH PLAIN\r\n250 SIZE 1000000\r\n",
            // \0hub\0right
            "AUTH" if line.ends_with("AGh1YgByaWdodA==") => b"235 welcome\r\n",
            "AUTH" => b"535 5.7.8 bad credentials\r\n",
            "RCPT" if line.contains("nobody@") => b"550 5.1.1 no such user\r\n",
            "RCPT" if line.contains("full@") => b"452 4.2.2 mailbox full\r\n",
            "DATA" => b"354 go on\r\n",
            "QUIT" => b"221 bye\r\n",
            _ => b"250 ok\r\n",
        };
        is_in_data = word == "DATA";
        writer.write_all(answer).await.ok()?;
    }
    Some(())
}

fn server(port: u16, password: &str) -> MailServer {
    MailServer {
        host: "127.0.0.1".to_owned(),
        port,
        security: MailSecurity::None,
        login: Some(("hub".to_owned(), Secret::new(password))),
        from: "源流 <hub@example.com>".to_owned(),
    }
}

fn mail(to: &str) -> Mail {
    Mail {
        to: to.to_owned(),
        subject: "【预警】同步失败\r\nBcc: all@example.com".replace(char::is_control, " "),
        text: "运行 r1 未成功\n.\n完".to_owned(),
        message_id: "<d1@example.com>".to_owned(),
    }
}

fn network() -> Network {
    Network::with_timeouts(Duration::from_secs(2), Duration::from_millis(700)).unwrap()
}

#[tokio::test]
async fn a_mail_arrives_whole() {
    let (port, got) = start().await;
    network().mail(&server(port, "right"), mail("li@example.com")).await.unwrap();
    let got = got.lock().unwrap().clone();
    assert!(got.commands.iter().any(|c| c.starts_with("MAIL FROM:<hub@example.com>")), "{got:?}");
    assert!(got.commands.iter().any(|c| c.starts_with("RCPT TO:<li@example.com>")), "{got:?}");
    assert!(got.mail.contains("Message-ID: <d1@example.com>"), "{}", got.mail);
    let headers = got.mail.split("\n\n").next().unwrap();
    assert!(!headers.lines().any(|line| line.starts_with("Bcc")), "{headers}");
    assert!(headers.contains("Subject: =?utf-8?"), "{headers}");
}

#[tokio::test]
async fn refusals_are_told_apart_and_name_no_password() {
    let (port, _) = start().await;
    let network = network();
    let no_user = network.mail(&server(port, "right"), mail("nobody@example.com")).await;
    assert!(
        matches!(&no_user, Err(TransportError::Refused(w)) if w.contains("no such user")),
        "{no_user:?}"
    );
    let full = network.mail(&server(port, "right"), mail("full@example.com")).await;
    assert!(
        matches!(&full, Err(TransportError::Later(w)) if w.contains("mailbox full")),
        "{full:?}"
    );
    let wrong = network.mail(&server(port, "wr0ng-pass"), mail("li@example.com")).await;
    assert!(matches!(&wrong, Err(TransportError::Refused(_))), "{wrong:?}");
    let address = network.mail(&server(port, "right"), mail("li@@")).await;
    assert!(matches!(&address, Err(TransportError::Refused(_))), "{address:?}");
    for told in [no_user, full, wrong, address] {
        assert!(!format!("{told:?}").contains("wr0ng-pass"), "{told:?}");
    }
}

#[tokio::test]
async fn a_password_is_not_sent_where_starttls_is_missing() {
    let (port, got) = start().await;
    let server = MailServer { security: MailSecurity::StartTls, ..server(port, "right") };
    let told = network().mail(&server, mail("li@example.com")).await;
    assert!(told.is_err(), "{told:?}");
    let commands = got.lock().unwrap().commands.clone();
    assert!(
        !commands.iter().any(|c| c.starts_with("AUTH") || c.starts_with("MAIL")),
        "{commands:?}"
    );
}

#[tokio::test]
async fn a_server_with_a_certificate_of_its_own_making_gets_nothing() {
    let made = rcgen::generate_simple_self_signed(["127.0.0.1".to_owned()]).unwrap();
    let key = PrivateKeyDer::try_from(made.signing_key.serialize_der()).unwrap();
    let provider = Arc::new(tokio_rustls::rustls::crypto::aws_lc_rs::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![made.cert.der().clone()], key)
        .unwrap();
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let accepted = tokio::spawn(async move {
        let (stream, _) = listener.accept().await.unwrap();
        acceptor.accept(stream).await.is_ok()
    });
    let server = MailServer { security: MailSecurity::Tls, ..server(port, "right") };
    let told = network().mail(&server, mail("li@example.com")).await;
    assert!(told.is_err(), "{told:?}");
    assert!(!accepted.await.unwrap(), "the handshake ends before a word is said");
}

#[tokio::test]
async fn a_silent_or_absent_server_is_tried_again() {
    let silent = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = silent.local_addr().unwrap().port();
    let told = network().mail(&server(port, "right"), mail("li@example.com")).await;
    assert!(matches!(told, Err(TransportError::Unreachable(_))), "{told:?}");
    drop(silent);
    let told = network().mail(&server(port, "right"), mail("li@example.com")).await;
    assert!(matches!(told, Err(TransportError::Unreachable(_))), "{told:?}");
}
