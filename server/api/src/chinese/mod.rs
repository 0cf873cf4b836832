//! What the hub says in English, said in Chinese.
//!
//! Texts are made where something goes wrong, in every crate of the hub, and in English only. Here one
//! file, `messages.txt`, holds a template of each with its Chinese, and a text is translated by the
//! templates it fits: as a whole, or, where layers of an error or a remedy were joined to it, part by
//! part. Whoever shows a text of the hub to a person can ask [`in_chinese`].
//!
//! Reading order: `messages.txt`, [`template`] (one message), [`reading`] (a text of several).

mod reading;
mod template;

#[cfg(test)]
mod sources;

use std::borrow::Cow;
use std::sync::LazyLock;

use self::reading::Reading;
use self::template::Template;

/// English, and set in below it Chinese; `#` begins a remark.
const MESSAGES: &str = include_str!("messages.txt");

/// Every template, those that say most first: of two that fit, the earlier is the more specific one.
static TEMPLATES: LazyLock<Vec<Template>> = LazyLock::new(|| {
    let mut templates: Vec<_> =
        pairs().filter_map(|(english, chinese)| Template::new(english, chinese)).collect();
    templates.sort_by_key(|template| std::cmp::Reverse(template.weight()));
    templates
});

/// A text of the hub in Chinese, as far as it has one; what has none stays as it is.
///
/// Borrowed if nothing of it has Chinese. Names, numbers and code keep their wording.
pub fn in_chinese(text: &str) -> Cow<'_, str> {
    Reading::of(text, &TEMPLATES).in_chinese()
}

/// The texts of the file, English and Chinese.
fn pairs() -> impl Iterator<Item = (&'static str, &'static str)> {
    let mut english = None;
    MESSAGES.lines().filter(|line| !line.is_empty() && !line.starts_with('#')).filter_map(
        move |line| match line.strip_prefix("    ") {
            Some(chinese) => Some((english.take()?, chinese)),
            None => {
                english = Some(line);
                None
            }
        },
    )
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use proptest::prelude::*;

    use super::*;

    #[test]
    fn every_message_has_its_chinese_and_its_holes() {
        let lines = MESSAGES.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
        assert_eq!(pairs().count() * 2, lines.count(), "a message stands alone");
        assert_eq!(TEMPLATES.len(), pairs().count());
        let mut seen = HashSet::new();
        for (english, chinese) in pairs() {
            assert!(seen.insert(english), "there twice: {english}");
            assert!(Template::new(english, chinese).is_some(), "holes differ: {english}");
            assert!(chinese.chars().any(|c| ('一'..='龥').contains(&c)), "no Chinese: {chinese}");
            assert!(!chinese.ends_with('。'), "a part of a text does not end it: {chinese}");
        }
    }

    #[test]
    fn what_is_in_a_hole_is_carried_over() {
        for (english, chinese) in [
            ("there is no run 0198-a", "运行记录 0198-a 不存在"),
            ("`limit` is `0`; give 1 to 1000", "`limit` 为 `0`，应为 1 至 1000"),
            // In another order.
            ("there was no region 430102 on 2019-01-01", "2019-01-01 时没有区划 430102"),
            // What looks like a joint between parts, or like a hole, is content here.
            ("there is no alert a: b; c", "告警 a: b; c 不存在"),
            ("there is no alert {}{1}", "告警 {}{1} 不存在"),
            ("there is no account 经销商；甲", "账号 经销商；甲 不存在"),
            ("there is no run ", "运行记录  不存在"),
        ] {
            assert_eq!(in_chinese(english), chinese);
        }
    }

    #[test]
    fn a_chain_is_translated_part_by_part() {
        for (english, chinese) in [
            (
                "keeping scan events: the inbox is closed: open it again",
                "保存扫码记录失败：收件箱已关闭，请重新打开",
            ),
            (
                "there is no system `a`; configured are: b, c; change the question and ask again",
                "系统 `a` 不存在，已配置的系统：b, c；请修改查询条件后重试",
            ),
            (
                "element 3: a dealer reports receive, transfer and return, not ship",
                "第 3 个元素有误：经销商只能上报 receive、transfer 和 return，不能上报 ship",
            ),
            // A layer of somebody else stays as it is.
            (
                "keeping scan events: cannot write /data/a.seg; free space or repair the disk: No \
                 space left on device (os error 28)",
                "保存扫码记录失败：对 /data/a.seg 执行 write 失败，请清理空间或修复磁盘：No space \
                 left on device (os error 28)",
            ),
            (
                "nothing to recall for lot L1 of material M1: no work order is known to have used \
                 it; compare with `yuanliu sql \"select * from core.material_use\"`. What was read \
                 or scanned since the last `yuanliu build` is not seen",
                "物料 M1 的批次 L1 没有可召回的产品：没有工单领用过该批次；请与 `yuanliu sql \
                 \"select * from core.material_use\"` 的结果核对。上次 `yuanliu build` 之后读取或\
                 扫描的数据未计入",
            ),
        ] {
            assert_eq!(in_chinese(english), chinese);
        }
    }

    #[test]
    fn what_is_not_known_stays_as_it_is() {
        for text in
            ["", ":", ": ; : ", "{}", "{1}: {}", "nobody ever wrote this: so; it stays", "系统繁忙"]
        {
            assert!(matches!(in_chinese(text), Cow::Borrowed(same) if same == text), "{text}");
        }
    }

    #[test]
    fn a_long_text_is_read_too() {
        let long = "x; ".repeat(1 << 16);
        let text = format!("Failed to deserialize query string: unknown field `{long}`");
        let told = in_chinese(&text);
        assert_eq!(told, format!("查询参数不符合要求：unknown field `{long}`"));
        let parts = "the inbox is closed: open it again; ".repeat(20);
        assert!(in_chinese(&parts).starts_with("收件箱已关闭"));
        assert!(matches!(in_chinese(&"汉".repeat(1 << 16)), Cow::Borrowed(_)));
    }

    proptest! {
        #[test]
        fn no_text_is_too_odd(text in "(\\PC|: |; |\\{\\}|`|有|there is no |keeping scan events){0,40}") {
            let told = in_chinese(&text);
            prop_assert!(text.is_empty() == told.is_empty());
        }

        #[test]
        fn a_name_survives(name in "[^:;]{0,30}") {
            let told = in_chinese(&format!("there is no job `{name}`; there are: {name}")).into_owned();
            prop_assert_eq!(told, format!("任务 `{name}` 不存在，现有任务：{name}"));
        }
    }
}
