//! How people shorten region names.

/// Peoples named in autonomous regions, as the official names write them.
const PEOPLES: &[&str] = &[
    "土家族",
    "苗族",
    "侗族",
    "回族",
    "壮族",
    "瑶族",
    "彝族",
    "藏族",
    "羌族",
    "蒙古",
    "哈萨克",
    "柯尔克孜",
    "塔吉克",
    "锡伯",
    "傣族",
    "景颇族",
    "傈僳族",
    "独龙族",
    "怒族",
    "白族",
    "普米族",
    "纳西族",
    "哈尼族",
    "拉祜族",
    "佤族",
    "布朗族",
    "布依族",
    "仡佬族",
    "水族",
    "毛南族",
    "仫佬族",
    "黎族",
    "畲族",
    "朝鲜族",
    "满族",
    "达斡尔",
    "鄂温克",
    "鄂伦春",
    "东乡族",
    "保安族",
    "撒拉族",
    "裕固族",
    "土族",
    "各族",
    "维吾尔",
];

const AUTONOMOUS: &[(&str, &str)] =
    &[("自治县", "县"), ("自治旗", "旗"), ("自治州", "州"), ("族区", "区"), ("自治区", "")];

const SUFFIXES: &[&str] = &[
    "特别行政区",
    "自治区",
    "自治县",
    "自治旗",
    "自治州",
    "地区",
    "省",
    "市",
    "县",
    "区",
    "旗",
    "盟",
];

/// Bytes of a Chinese character in UTF-8.
const CHAR_BYTES: usize = 3;

/// A name without its suffix; the name itself where fewer than two characters would be left.
pub(crate) fn stem(name: &str) -> &str {
    if let Some((stem, _)) = autonomous(name) {
        return stem;
    }
    match name {
        "浦东新区" | "滨海新区" | "沈北新区" => return &name[..2 * CHAR_BYTES],
        "神农架林区" => return &name[..3 * CHAR_BYTES],
        _ => {}
    }
    for suffix in SUFFIXES {
        if let Some(stem) = name.strip_suffix(suffix)
            && stem.len() >= 2 * CHAR_BYTES
        {
            return stem;
        }
    }
    name
}

/// `长阳县` for 长阳土家族自治县, `恩施州` for 恩施土家族苗族自治州.
pub(crate) fn abbreviated(name: &str) -> Option<String> {
    let (stem, suffix) = autonomous(name)?;
    (!suffix.is_empty()).then(|| format!("{stem}{suffix}"))
}

fn autonomous(name: &str) -> Option<(&str, &'static str)> {
    let (_, short) = AUTONOMOUS.iter().find(|(long, _)| name.ends_with(long))?;
    let cut = PEOPLES
        .iter()
        .filter_map(|people| name.find(people))
        .filter(|cut| *cut >= 2 * CHAR_BYTES)
        .min()?;
    Some((&name[..cut], *short))
}

/// True for a county whose kind is town-like enough that its bare name is used (县, 市, 旗).
pub(crate) fn is_rural(name: &str) -> bool {
    ["县", "市", "旗"].iter().any(|suffix| name.ends_with(suffix))
}

#[cfg(test)]
mod tests {
    use super::{abbreviated, stem};

    #[test]
    fn stems() {
        let cases = [
            ("昌平区", "昌平"),
            ("泸县", "泸县"),
            ("长阳土家族自治县", "长阳"),
            ("内蒙古自治区", "内蒙古"),
            ("新疆维吾尔自治区", "新疆"),
            ("鄂温克族自治旗", "鄂温克族"),
            ("清新区", "清新"),
            ("碑林区", "碑林"),
            ("浦东新区", "浦东"),
            ("大兴安岭地区", "大兴安岭"),
            ("管城回族区", "管城"),
        ];
        for (name, expected) in cases {
            assert_eq!(stem(name), expected, "{name}");
        }
        assert_eq!(abbreviated("恩施土家族苗族自治州").as_deref(), Some("恩施州"));
        assert_eq!(abbreviated("泸县"), None);
    }
}
