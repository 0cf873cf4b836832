//! The login variants.

use serde_json::{Value as Json, json};

use super::credentials::Credentials;
use super::signature::verify_login;
use crate::http::Call;

/// What a login call came to.
pub(crate) enum LoginOutcome {
    /// The credentials are right.
    Accepted,
    /// They are not; the text is for the reply.
    Refused(&'static str),
    /// No such variant.
    UnknownVariant,
}

const WRONG_PASSWORD: &str = "用户名或密码错误";
// The vendor answers with this text for a wrong data centre or an app that is not authorised.
const WRONG_CENTRE: &str = "会话信息已丢失，请重新登录";
const WRONG_APP: &str = "第三方系统登录授权信息不正确";

/// Decides a call to `AuthService.{variant}`.
pub(crate) fn login(variant: &str, call: &Call, account: &Credentials) -> LoginOutcome {
    let get = |position: usize, names: &[&str]| call.parameter(position, names);
    let acct = || get(0, &["acctid"]);
    let user = || get(1, &["username", "user"]);
    let wrong = |text| LoginOutcome::Refused(text);
    let variant = variant.to_ascii_lowercase();
    match variant.trim_end_matches('2') {
        "validateuser" | "validateuserbyorgnumber" => {
            let password = get(2, &["password"]);
            let org = get(3, &["orgnumber", "orgnum"]);
            let by_org = variant.starts_with("validateuserbyorgnumber");
            if acct() != account.acct_id {
                wrong(WRONG_CENTRE)
            } else if user() != account.user || password != account.password {
                wrong(WRONG_PASSWORD)
            } else if by_org && org != account.org {
                wrong("组织编码不存在")
            } else {
                LoginOutcome::Accepted
            }
        }
        "loginbyappsecret" => {
            let right_app = get(2, &["appid"]) == account.app_id
                && get(3, &["appsecret", "appsec"]) == account.app_secret;
            by_app(acct(), user(), right_app, account)
        }
        "loginbysign" => {
            let right_app = get(2, &["appid"]) == account.app_id
                && verify_login(&get(4, &["sign"]), &get(3, &["timestamp"]), account);
            by_app(acct(), user(), right_app, account)
        }
        "loginbysimplepassport" => {
            if get(0, &["passport"]) == account.passport {
                LoginOutcome::Accepted
            } else {
                wrong(WRONG_APP)
            }
        }
        "validateuserendecode" => wrong("不支持编码登录，请使用签名登录"),
        _ => LoginOutcome::UnknownVariant,
    }
}

fn by_app(acct: String, user: String, right_app: bool, account: &Credentials) -> LoginOutcome {
    if acct != account.acct_id {
        LoginOutcome::Refused(WRONG_CENTRE)
    } else if user != account.user {
        LoginOutcome::Refused("第三方应用不允许该用户登录")
    } else if !right_app {
        LoginOutcome::Refused(WRONG_APP)
    } else {
        LoginOutcome::Accepted
    }
}

/// The reply of a successful login.
pub(crate) fn accepted(session: &str, account: &Credentials) -> Json {
    let zone = json!({"OffsetTicks": 288_000_000_000_i64, "StandardName": "(UTC+08:00)北京",
        "Id": 230, "Number": "1078_SYS", "CanBeUsed": true});
    json!({
        "Message": null, "MessageCode": "CheckPasswordPolicy", "LoginResultType": 1,
        "Context": {
            "UserLocale": "zh-CN", "LogLocale": "zh-CN", "DBid": account.acct_id, "DatabaseType": 3,
            "SessionId": asp_session(session),
            "UseLanguages": [{"LocaleId": 2052, "LocaleName": "中文(简体)", "Alias": "CN"}],
            "UserId": 100_001, "UserName": account.user, "CustomName": "示例制造有限公司",
            "DisplayVersion": "8.2.0.0", "DataCenterName": "示例账套", "UserToken": session,
            "CurrentOrganizationInfo": {"ID": 1, "AcctOrgType": "1", "Name": "示例总部",
                "FunctionIds": [101, 102, 103]},
            "IsCH_ZH_AutoTrans": false, "ClientType": 32, "WeiboAuthInfo": null,
            "UTimeZone": zone, "STimeZone": zone, "GDCID": "", "Gsid": null, "TRLevel": 0,
            "ProductEdition": 0, "DataCenterNumber": account.data_centre
        },
        "KDSVCSessionId": session, "FormId": null, "RedirectFormParam": null,
        "FormInputObject": null, "ErrorStackTrace": null, "Lcid": 0, "AccessToken": null,
        "KdAccessResult": null, "IsSuccessByAPI": true
    })
}

/// The reply of a failed login; HTTP 200 as well.
pub(crate) fn refused(text: &str) -> Json {
    json!({"Message": text, "MessageCode": "", "LoginResultType": 0, "Context": null,
        "KDSVCSessionId": null, "FormId": null, "IsSuccessByAPI": false})
}

/// The second cookie's value.
pub(crate) fn asp_session(session: &str) -> String {
    format!("q3k0{}", session.replace('-', ""))
}
