//! The Chinese of a detail.

use std::borrow::Cow;

/// A detail in Chinese; one that has none is led in by what to do about problems of its code, so that whoever
/// reads Chinese knows what the English below is about.
pub(super) fn in_chinese(code: &str, detail: &str) -> String {
    match crate::chinese::in_chinese(detail) {
        Cow::Owned(told) => told,
        Cow::Borrowed(told) => format!("{}：{told}", lead(code)),
    }
}

/// What leads in the details of a code.
fn lead(code: &str) -> &'static str {
    match code {
        "bad_request" => "请按以下说明修改请求后重新提交",
        "unsupported_media_type" => "请按以下说明更换内容类型",
        "content_too_large" => "请按以下说明减小请求体",
        "not_found" => "请按以下说明核对要访问的对象",
        "unauthorized" | "wrong_login" => "请按以下说明重新登录",
        "forbidden" | "csrf" | "password_change_required" => "请求被拒绝，原因如下",
        "captcha_required" => "请按以下说明完成人机验证",
        "conflict" => "请刷新后按以下说明处理",
        "locked" | "too_many_requests" | "unavailable" | "timed_out" => "请稍后再试，原因如下",
        _ => "原因如下",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_detail_is_never_without_chinese() {
        assert_eq!(in_chinese("not_found", "there is no run 7"), "运行记录 7 不存在");
        let told = in_chinese("conflict", "the moon is full");
        assert_eq!(told, "请刷新后按以下说明处理：the moon is full");
        assert_eq!(in_chinese("later", ""), "原因如下：");
    }
}
