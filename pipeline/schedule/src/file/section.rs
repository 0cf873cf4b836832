//! One section of the file, read key by key; what nobody asked for is unknown.

use std::ops::Range;

use chrono_tz::Tz;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::problem::Problems;

type Value<'a> = Spanned<DeValue<'a>>;

/// A table, its place, and the keys that were asked for.
pub(super) struct Section<'t> {
    /// What it is called in problems: `[[job]] build`.
    pub(super) name: String,
    /// Where it begins.
    pub(super) at: Range<usize>,
    table: &'t DeTable<'t>,
    known: Vec<&'static str>,
}

impl<'t> Section<'t> {
    pub(super) fn new(name: impl Into<String>, at: Range<usize>, table: &'t DeTable<'t>) -> Self {
        Self { name: name.into(), at, table, known: Vec::new() }
    }

    /// The section in a value, or a problem.
    pub(super) fn of(
        name: impl Into<String>,
        value: &'t Value<'t>,
        problems: &mut Problems<'_>,
    ) -> Option<Self> {
        let name = name.into();
        if let Some(table) = value.get_ref().as_table() {
            return Some(Self::new(name, value.span(), table));
        }
        problems.add(
            value.span(),
            name,
            format!("is {}, should be a section of keys", value.get_ref().type_str()),
            "应为一个小节（若干键值）",
        );
        None
    }

    pub(super) fn key(&self, key: &str) -> String {
        if self.name.is_empty() { key.to_owned() } else { format!("{}: {key}", self.name) }
    }

    /// Where a key is, or where the section is.
    pub(super) fn place(&self, key: &str) -> Range<usize> {
        self.table.get(key).map_or(self.at.clone(), Spanned::span)
    }

    /// All keys with their values, for sections whose keys are names.
    pub(super) fn entries(&self) -> impl Iterator<Item = (&'t str, &'t Value<'t>)> + use<'t> {
        self.table.iter().map(|(key, value)| (key.get_ref().as_ref(), value))
    }

    pub(super) fn value(&mut self, key: &'static str) -> Option<&'t Value<'t>> {
        if !self.known.contains(&key) {
            self.known.push(key);
        }
        self.table.get(key)
    }

    fn wrong(&self, key: &str, wanted: &str, wanted_zh: &str, problems: &mut Problems<'_>) {
        let found = match self.table.get(key).map(Spanned::get_ref) {
            Some(DeValue::Integer(number)) => number.to_string(),
            Some(other) => format!("a {}", other.type_str()),
            None => "missing".to_owned(),
        };
        problems.add(
            self.place(key),
            self.key(key),
            format!("is {found}, should be {wanted}"),
            format!("应为{wanted_zh}"),
        );
    }

    /// A text that is not empty.
    pub(super) fn text(
        &mut self,
        key: &'static str,
        problems: &mut Problems<'_>,
    ) -> Option<&'t str> {
        let value = self.value(key)?;
        match value.get_ref().as_str().map(str::trim) {
            Some(text) if !text.is_empty() => Some(text),
            Some(_) => {
                problems.add(
                    value.span(),
                    self.key(key),
                    "is empty; give a value or leave the key out",
                    "为空；请填写或删除此键",
                );
                None
            }
            None => {
                self.wrong(key, "a text", "文本", problems);
                None
            }
        }
    }

    /// A text that must be there.
    pub(super) fn required_text(
        &mut self,
        key: &'static str,
        why: (&str, &str),
        problems: &mut Problems<'_>,
    ) -> Option<&'t str> {
        if self.value(key).is_none() {
            problems.add(
                self.at.clone(),
                self.key(key),
                format!("is missing: {}", why.0),
                format!("缺少：{}", why.1),
            );
            return None;
        }
        self.text(key, problems)
    }

    /// One of these words.
    pub(super) fn word<W: Copy>(
        &mut self,
        key: &'static str,
        words: &[(&str, W)],
        default: W,
        problems: &mut Problems<'_>,
    ) -> W {
        let Some(text) = self.text(key, problems) else { return default };
        if let Some((_, word)) = words.iter().find(|(name, _)| *name == text) {
            return *word;
        }
        let names: Vec<_> = words.iter().map(|(name, _)| *name).collect();
        problems.add(
            self.place(key),
            self.key(key),
            format!("is `{text}`, should be one of {}", names.join(", ")),
            format!("为 `{text}`，应为 {} 之一", names.join("、")),
        );
        default
    }

    /// A whole number within bounds, both inclusive.
    pub(super) fn whole(
        &mut self,
        key: &'static str,
        (min, max): (u32, u32),
        problems: &mut Problems<'_>,
    ) -> Option<u32> {
        let value = self.value(key)?;
        let given = value.get_ref().as_integer();
        let number = given.and_then(|n| u32::from_str_radix(n.as_str(), n.radix()).ok());
        let number = number.filter(|n| (min..=max).contains(n));
        if number.is_none() {
            let wanted = format!("a whole number between {min} and {max}");
            self.wrong(key, &wanted, &format!(" {min} 到 {max} 的整数"), problems);
        }
        number
    }

    /// Yes or no.
    pub(super) fn flag(
        &mut self,
        key: &'static str,
        default: bool,
        problems: &mut Problems<'_>,
    ) -> bool {
        let Some(value) = self.value(key) else { return default };
        value.get_ref().as_bool().unwrap_or_else(|| {
            self.wrong(key, "true or false", " true 或 false", problems);
            default
        })
    }

    /// A list of texts; empty if it is left out.
    pub(super) fn texts(
        &mut self,
        key: &'static str,
        problems: &mut Problems<'_>,
    ) -> Vec<(&'t str, Range<usize>)> {
        let Some(value) = self.value(key) else { return Vec::new() };
        let items = value.get_ref().as_array().map(|list| {
            list.iter().map(|item| Some((item.get_ref().as_str()?, item.span()))).collect()
        });
        items.flatten().unwrap_or_else(|| {
            self.wrong(key, "a list of texts", "文本列表", problems);
            Vec::new()
        })
    }

    /// An IANA zone.
    pub(super) fn time_zone(
        &mut self,
        key: &'static str,
        default: Tz,
        problems: &mut Problems<'_>,
    ) -> Tz {
        let Some(text) = self.text(key, problems) else { return default };
        text.parse().unwrap_or_else(|_| {
            problems.add(
                self.place(key),
                self.key(key),
                format!("is `{text}`, should be an IANA time zone such as Asia/Shanghai"),
                format!("为 `{text}`，应为 IANA 时区名，例如 Asia/Shanghai"),
            );
            default
        })
    }

    /// A problem for every key that nobody asked for.
    pub(super) fn finish(self, problems: &mut Problems<'_>) {
        for key in self.table.keys() {
            if !self.known.contains(&key.get_ref().as_ref()) {
                problems.add(
                    key.span(),
                    self.key(key.get_ref()),
                    format!("unknown key; known keys are {}", self.known.join(", ")),
                    format!("未知的键；可用的键：{}", self.known.join("、")),
                );
            }
        }
    }
}
