//! Invented names.

/// Categories with their products: name, specification, items per case, cases per pallet, case
/// price in hundredths with tax. Items times cases is the same for all.
pub(super) const PRODUCTS: &[(&str, &str, &str, u32, u32, i64)] = &[
    ("白酒", "源酿典藏", "500ml×6", 6, 20, 203_400),
    ("饮料", "清泉苏打水", "450ml×24", 24, 5, 6_780),
    ("调味品", "古法酱油", "800ml×12", 12, 10, 18_080),
    ("白酒", "源酿青花", "500ml×6", 6, 20, 406_800),
    ("饮料", "山楂汁", "300ml×24", 24, 5, 9_040),
    ("调味品", "陈年香醋", "500ml×12", 12, 10, 15_820),
    ("白酒", "源酿小酌", "125ml×24", 24, 5, 54_240),
    ("饮料", "乌龙茶", "500ml×15", 15, 8, 5_650),
    ("白酒", "源酿封坛", "1000ml×4", 4, 30, 542_400),
    ("调味品", "料酒", "500ml×12", 12, 10, 11_300),
    ("饮料", "枸杞饮", "250ml×24", 24, 5, 13_560),
    ("白酒", "源酿礼盒", "500ml×2×3", 6, 20, 610_200),
];

/// Materials: name, unit, thousandths of a unit per item.
pub(super) const MATERIALS: &[(&str, &str, i64)] = &[
    ("基酒", "kg", 525),
    ("玻璃瓶", "Pcs", 1_000),
    ("瓶盖", "Pcs", 1_000),
    ("饮用水", "kg", 450),
    ("白砂糖", "kg", 38),
    ("大豆原酿", "kg", 812),
    ("标签", "Pcs", 2_000),
    ("PET瓶", "Pcs", 1_000),
];

/// Materials of a category, by position.
pub(super) fn recipe(category: &str) -> Vec<usize> {
    match category {
        "白酒" => vec![0, 1, 2, 6],
        "饮料" => vec![3, 4, 6, 7],
        _ => vec![1, 2, 5, 6],
    }
}

pub(super) const HOUSES: &[&str] = &[
    "鸿运", "瑞丰", "恒达", "盛源", "金禾", "永泰", "嘉和", "德润", "信诚", "万隆", "百川", "聚贤",
];

pub(super) const STORES: &[&str] = &["名烟名酒店", "便利店", "生活超市", "副食商行"];

pub(super) const SURNAMES: &[&str] =
    &["王", "李", "张", "刘", "陈", "杨", "赵", "黄", "周", "吴", "徐", "孙"];

pub(super) const GIVEN: &[&str] =
    &["晓敏", "建国", "丽华", "志强", "雪梅", "俊杰", "婷", "海涛", "玉兰", "鹏"];

pub(super) const CARRIERS: &[&str] = &["远航物流", "捷达货运", "四方专线"];
