//! FreeTDS logs in and reads, as a second opinion on the protocol.

#![allow(clippy::unwrap_used)]

mod support;

use std::process::{Command, Stdio};
use std::sync::OnceLock;

use support::{DATABASE, start};

/// Installs the clients where they are missing and may be, once for all tests.
fn freetds() {
    static INSTALLED: OnceLock<()> = OnceLock::new();
    INSTALLED.get_or_init(install);
}

fn install() {
    let found = Command::new("tsql").arg("-C").stdout(Stdio::null()).stderr(Stdio::null()).status();
    if found.is_err() {
        let install = "apt-get update -qq && apt-get install -y -qq freetds-bin";
        let status =
            Command::new("sh").args(["-c", install]).stdout(Stdio::null()).status().unwrap();
        assert!(status.success(), "freetds-bin is missing and could not be installed");
    }
}

async fn run(mut command: Command, input: &'static str) -> String {
    let output = tokio::task::spawn_blocking(move || {
        use std::io::Write;
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
        child.wait_with_output().unwrap()
    });
    let output = output.await.unwrap();
    format!(
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    )
}

#[tokio::test(flavor = "multi_thread")]
async fn tsql_reads_catalogue_and_rows() {
    freetds();
    let sandbox = start().await;
    let mut command = Command::new("tsql");
    let port = sandbox.port().to_string();
    command.env("TDSVER", "7.4").env("LC_ALL", "C.UTF-8");
    command.args([
        "-H",
        "127.0.0.1",
        "-p",
        &port,
        "-U",
        sandbox.user(),
        "-P",
        sandbox.password(),
        "-D",
        DATABASE,
    ]);
    let said = run(command, "select TABLE_NAME from INFORMATION_SCHEMA.TABLES\ngo\nselect id, vc, d, dt2, u from [every type] where id = 1\ngo\nexit\n").await;
    for expected in [
        "every type",
        "line",
        "1234567890123456789012345678.0123456789",
        "6F9619FF-8B86-D011-B42D-00C04FC964FF",
        "中文 varchar",
    ] {
        assert!(said.contains(expected), "{expected} is not in {said}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn bsqldb_reads_rows() {
    freetds();
    let sandbox = start().await;
    let folder = tempfile::tempdir().unwrap();
    let configuration = folder.path().join("freetds.conf");
    std::fs::write(
        &configuration,
        format!(
            "[sandbox]\nhost = 127.0.0.1\nport = {}\ntds version = 7.4\nclient charset = UTF-8\n",
            sandbox.port()
        ),
    )
    .unwrap();
    let mut command = Command::new("bsqldb");
    command.env("FREETDSCONF", &configuration);
    command.args(["-S", "sandbox", "-U", sandbox.user(), "-P", sandbox.password(), "-D", DATABASE]);
    let said = run(command, "select top (3) id, qty from dbo.line order by id desc\n").await;
    assert!(said.contains("999") && said.contains("1498.5"), "{said}");
}
