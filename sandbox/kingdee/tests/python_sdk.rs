//! Kingdee's own Python SDK, unmodified, against the sandbox.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test stops at the first surprise")]

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::{Value, json};
use yuanliu_sandbox_kingdee::{Credentials, KingdeeOptions, KingdeeSandbox};

const SDK: &str = "kingdee.cdp.webapi.sdk==8.2.0";

fn run(command: &mut Command, install: &str) -> Output {
    let output = command.output().unwrap_or_else(|error| panic!("{command:?}: {error}; {install}"));
    assert!(
        output.status.success(),
        "{command:?} failed; {install}\n{}\n{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
    output
}

/// A Python with the SDK in it, made once per target folder.
fn python() -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("kingdee-python-sdk");
    let python = folder.join("bin/python");
    if !python.exists() {
        let install = "install python3 with its venv module (Debian: apt-get install python3-venv)";
        run(Command::new("python3").args(["-m", "venv"]).arg(&folder), install);
    }
    let known = Command::new(&python).args(["-c", "import k3cloud_webapi_sdk"]).output().unwrap();
    if !known.status.success() {
        let install = "install pip and let it reach a package index (Debian: python3-pip)";
        let mut pip = Command::new(&python);
        pip.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", SDK]);
        run(&mut pip, install);
    }
    python
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn queries_and_writes() {
    let credentials = Credentials { user: "张三".to_owned(), ..Credentials::default() };
    let options = KingdeeOptions { credentials, ..KingdeeOptions::default() };
    let sandbox = KingdeeSandbox::start(options).await.unwrap();
    sandbox.put("BD_MATERIAL", &json!({"FNumber": "01.02.0007", "FName": "轴套"})).unwrap();
    sandbox.put("BD_Customer", &json!({"FNumber": "D1", "FName": "客户"})).unwrap();
    for number in 1..=3 {
        let row = json!({
            "FBillNo": format!("MO{number:06}"), "FDocumentStatus": "C",
            "FModifyDate": "2026-01-01 09:42:59.070",
            "FTreeEntity": [{"FMaterialId.FNumber": "01.02.0007", "FQty": "1200"}]});
        sandbox.put("PRD_MO", &row).unwrap();
    }
    let account = sandbox.credentials().clone();
    let url = sandbox.base_url();
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/python_sdk.py");
    let output = tokio::task::spawn_blocking(move || {
        let mut command = Command::new(python());
        command.arg(script).args([
            &url,
            &account.acct_id,
            &account.user,
            &account.app_id,
            &account.app_secret,
            &account.org,
        ]);
        run(&mut command, "the SDK could not talk to the sandbox")
    })
    .await
    .unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let seen: Value = serde_json::from_str(text.lines().last().unwrap()).unwrap();
    let row = |number: &str| json!([number, 1, "01.02.0007", 1200.0, "2026-01-01T09:42:59.07"]);
    assert_eq!(seen["centres"][0]["Number"], json!("DEMO"));
    assert_eq!(seen["first_page"], json!([row("MO000001"), row("MO000002")]));
    assert_eq!(seen["second_page"], json!([row("MO000003")]));
    assert_eq!(seen["objects"][1]["FBillNo"], json!("MO000002"));
    assert_eq!(seen["info"]["Result"]["NeedReturnData"]["Entrys"][1]["Key"], json!("FTreeEntity"));
    assert_eq!(seen["view"]["Result"]["Result"]["BillNo"], json!("MO000001"));
    let status = &seen["unknown"][0][0]["Result"]["ResponseStatus"];
    assert_eq!(status["IsSuccess"], json!(false));
    assert_eq!(seen["saved"]["Result"]["Number"], json!("XSCKD000001"));
    let status = &seen["submitted"]["Result"]["ResponseStatus"];
    assert_eq!(status["SuccessEntitys"][0]["Number"], json!("XSCKD000001"));
    assert_eq!(status["Errors"][0]["DIndex"], json!(1));
    assert_eq!(seen["audited"]["Result"]["ResponseStatus"]["IsSuccess"], json!(true));
    assert_eq!(seen["written"], json!([["XSCKD000001", "C", 12.5]]));
    assert_eq!(sandbox.login_calls(), 0, "the SDK signs its calls instead of logging in");
    sandbox.shutdown().await;
}
