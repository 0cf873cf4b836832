//! Whose certificate is believed.

use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use yuanliu_contract::{CheckReport, ErrorKind, Result};
use yuanliu_sandbox_servers::MariaDb;

use crate::setup::open;

/// Writes an authority, and a server's certificate for a name with its key.
fn certificates(folder: &Path, name: &str) -> [PathBuf; 3] {
    let mut authority = CertificateParams::new(Vec::<String>::new()).unwrap();
    authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let authority = CertifiedIssuer::self_signed(authority, KeyPair::generate().unwrap()).unwrap();
    let key = KeyPair::generate().unwrap();
    let server = CertificateParams::new(vec![name.to_owned()]).unwrap();
    let server = server.signed_by(&key, &authority).unwrap();
    let texts = [authority.pem(), server.pem(), key.serialize_pem()];
    let paths = ["ca.pem", "cert.pem", "key.pem"].map(|name| folder.join(name));
    for (path, text) in paths.iter().zip(texts) {
        std::fs::write(path, text).unwrap();
    }
    // The server runs as another account.
    std::fs::set_permissions(folder, std::fs::Permissions::from_mode(0o755)).unwrap();
    paths
}

async fn check(name: &str, configure: impl Fn(&Path) -> String) -> Result<CheckReport> {
    let folder = tempfile::tempdir().unwrap();
    let [authority, certificate, key] = certificates(folder.path(), name);
    let settings =
        [format!("ssl-cert={}", certificate.display()), format!("ssl-key={}", key.display())];
    let server = MariaDb::start_with(&settings.each_ref().map(String::as_str)).unwrap();
    open(server.port(), &configure(&authority)).check().await
}

fn with_authority(tls: &'static str) -> impl Fn(&Path) -> String {
    move |authority| format!("tls = \"{tls}\"\nca_file = {:?}\n", authority.display().to_string())
}

#[tokio::test]
async fn verify_full_believes_the_authoritys_certificate_of_the_host_only() {
    let report = check("127.0.0.1", with_authority("verify-full")).await.unwrap();
    assert!(report.items.iter().any(|item| item.detail.starts_with("encrypted: ")), "{report:?}");
    let error = check("mes.example", with_authority("verify-full")).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::Config, "{error:?}");
    assert!(error.hint.as_deref().unwrap().contains("certificate"), "{error:?}");
}

#[tokio::test]
async fn verify_ca_believes_the_authoritys_certificate_of_any_host() {
    check("mes.example", with_authority("verify-ca")).await.unwrap();
    for authority in ["", "ca_file = \"/nowhere/ca.pem\"\n"] {
        let configured = |_: &Path| format!("tls = \"verify-ca\"\n{authority}");
        let error = check("127.0.0.1", configured).await.unwrap_err();
        assert_eq!(error.kind, ErrorKind::Config, "{error:?}");
    }
}

#[tokio::test]
async fn require_believes_any_certificate() {
    let report = check("mes.example", |_| "tls = \"require\"\n".to_owned()).await.unwrap();
    assert!(report.items.iter().any(|item| item.detail.starts_with("encrypted: ")), "{report:?}");
}
