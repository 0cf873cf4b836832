//! Tells a place name from the same characters inside a street, a river or an institution.

/// Kinds of street.
const STREETS: &[&str] = &["路", "街", "大道", "道", "巷", "弄", "胡同", "环线"];

/// What follows when the characters before were the name of something else.
const THINGS: &[&str] = &[
    "里", "桥", "村", "庄", "镇", "乡", "苏木", "社区", "站", "广场", "大厦", "大楼", "花园", "苑",
    "小区", "公园", "公路", "高速", "隧道", "江", "河", "湖", "山", "寺", "祠", "楼", "门", "坊",
    "宾馆", "酒店", "饭店", "国际", "商城", "商厦", "家园", "名苑", "府", "港", "塔", "园", "场",
    "屯", "堡", "沟", "岭", "岛", "湾", "军", "战士",
];

/// Words of direction and number that stand between a street's name and its kind.
const BETWEEN: &str = "东西南北中一二三四五六七八九十环支前后上下内外大正";

/// Short names that are as often a person, a virtue, a mountain or a brand: 东方明珠, 平安保险.
const COMMON_WORDS: &[&str] = &[
    "中山", "朝阳", "安康", "黄山", "平安", "东方", "万宁", "安吉", "太和", "太平", "太康", "永安",
    "永兴", "永泰", "永丰", "永昌", "泰和", "泰兴", "新兴", "新安", "华安", "安福", "富裕", "福安",
    "和平", "和顺", "兴业", "兴隆", "兴国", "兴安", "兴平", "大丰", "万年", "万安", "天长", "天全",
    "天台", "长乐", "长安", "长寿", "长兴", "长丰", "长城", "嘉禾", "嘉祥", "凤凰", "金湖", "金川",
    "金塔", "玉山", "玉龙", "龙门", "龙泉", "海丰", "海安", "安宁", "安国", "顺平", "明光", "宝丰",
    "光明", "德兴", "德安", "仁寿", "三江", "建平", "昌乐", "富民", "康乐", "昌盛", "同心", "乐业",
    "民乐", "文明", "新华", "新建", "中原", "友谊", "集贤", "普安",
];

/// True for a short name that means a place only where its parent is named too.
pub(crate) fn is_common_word(word: &str) -> bool {
    COMMON_WORDS.contains(&word)
}

/// Institutions that carry a region's name wherever they stand.
const SCHOOLS: &[&str] = &[
    "大学",
    "医科大",
    "医学院",
    "中医药大",
    "中医学院",
    "学院",
    "理工",
    "师范",
    "交通大",
    "外国语",
];

const BETWEEN_MAX: usize = 3;

/// True when the text after a short name makes it the name of a street or another thing.
pub(crate) fn is_thing(after: &str) -> bool {
    if THINGS.iter().any(|thing| after.starts_with(thing)) {
        return true;
    }
    let mut rest = after;
    for _ in 0..=BETWEEN_MAX {
        if STREETS.iter().any(|street| rest.starts_with(street)) {
            return true;
        }
        let mut chars = rest.chars();
        match chars.next() {
            Some(c) if BETWEEN.contains(c) => rest = chars.as_str(),
            _ => return false,
        }
    }
    false
}

/// True when a street of its own name begins here, as 江宁路 does, and not 江东路 or 山路.
pub(crate) fn begins_street(after: &str) -> bool {
    let mut chars = after.chars();
    let named = |c: char| !BETWEEN.contains(c) && !STREETS.iter().any(|s| s.starts_with(c));
    if chars.next().is_none() || !chars.next().is_some_and(named) {
        return false;
    }
    let mut rest = chars.as_str();
    for _ in 0..=BETWEEN_MAX {
        if STREETS.iter().any(|street| rest.starts_with(street)) {
            return true;
        }
        let mut chars = rest.chars();
        if !chars.next().is_some_and(char::is_alphabetic) {
            return false;
        }
        rest = chars.as_str();
    }
    false
}

/// True when the text after a short name makes it the name of a school of that name.
pub(crate) fn is_school(after: &str) -> bool {
    SCHOOLS.iter().any(|school| after.starts_with(school))
}

/// What systems write at a level that a region does not have.
const FILLERS: &[&str] =
    &["市辖区", "省直辖县级行政区划", "自治区直辖县级行政区划", "省直辖县级行政单位", "县"];

/// True when nothing but spaces, punctuation or the word for a missing level stands in `gap`.
pub(crate) fn is_separator(gap: &str) -> bool {
    let rest = FILLERS.iter().find_map(|filler| gap.strip_prefix(filler)).unwrap_or(gap);
    rest.chars().all(|c| {
        c.is_whitespace()
            || c.is_ascii_punctuation()
            || "，、。；：·（）－—／．【】《》".contains(c)
    })
}

/// True when a development zone's name follows, which carries the name of the county it is in.
pub(crate) fn is_zone(after: &str) -> bool {
    ["经济技术开发区", "经济开发区", "高新技术", "高新区", "经开区", "工业园"]
        .iter()
        .any(|zone| after.starts_with(zone))
}
