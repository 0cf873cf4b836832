//! schemathesis against the hub that serves: no request makes it fail, and every answer is as the document says.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a test ends where its ground is missing"
)]

use std::path::Path;
use std::process::Command;

use yuanliu_tests::demo::Demo;
use yuanliu_tests::python;

/// Requests made up for each route, role and phase.
const EXAMPLES: &str = "6";

/// Ends the session that asks, has no end, or takes the hub away from whoever asks next.
const LEFT_OUT: &str = r"/(runs/live|session|session/password|configuration/apply)$";

#[tokio::test]
async fn nothing_a_client_sends_breaks_the_hub_or_its_document() {
    let root = yuanliu_tests::root();
    let python =
        python::environment(Path::new(env!("CARGO_TARGET_TMPDIR")), &["schemathesis==4.32.5"]);
    // It keeps what it finds in the folder it runs in.
    let folder = tempfile::tempdir().unwrap();
    let demo = Demo::start();
    for login in ["admin", "finance", "dealer"] {
        let visitor = demo.log_in(login).await;
        let output = Command::new(&python)
            .current_dir(folder.path())
            .args(["-m", "schemathesis.cli", "--config-file"])
            .arg(root.join("server/api/schemathesis.toml"))
            .arg("run")
            .arg(root.join("docs/openapi.json"))
            .args(["--url", &demo.address, "--phases", "examples,coverage,fuzzing"])
            .args(["--max-examples", EXAMPLES, "--exclude-path-regex", LEFT_OUT])
            .args(["--warnings", "off", "--no-color"])
            .args(["-H", &format!("Cookie: {}", visitor.cookie)])
            .args(["-H", &format!("X-CSRF-Token: {}", visitor.csrf_token)])
            .args(["-H", &format!("Origin: {}", demo.address)])
            .output()
            .unwrap();
        let told = String::from_utf8_lossy(&output.stdout).into_owned();
        println!("{login}: {}", told.lines().last().unwrap_or_default());
        assert!(
            output.status.success(),
            "{login}: {told}{}",
            String::from_utf8_lossy(&output.stderr)
        );
    }
}
