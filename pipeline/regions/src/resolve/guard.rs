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

/// True when the text after a short name makes it the name of a school of that name.
pub(crate) fn is_school(after: &str) -> bool {
    SCHOOLS.iter().any(|school| after.starts_with(school))
}

/// True when only spaces and punctuation stand in `gap`.
pub(crate) fn is_separator(gap: &str) -> bool {
    gap.chars()
        .all(|c| c.is_whitespace() || c.is_ascii_punctuation() || "，、。；：·（）－—/".contains(c))
}

/// True when a development zone's name follows, which carries the name of the county it is in.
pub(crate) fn is_zone(after: &str) -> bool {
    ["经济技术开发区", "经济开发区", "高新技术", "高新区", "经开区", "工业园"]
        .iter()
        .any(|zone| after.starts_with(zone))
}
