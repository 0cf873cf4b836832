//! Addresses as ERP users type them, made from the official lists by rule.
//!
//! Labels come from the list a county was taken from, never from a resolver. A county is in one half
//! with all its addresses, so that no name of the held-out half was seen in development.

use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;

use serde::Deserialize;
use yuanliu_regions::{Level, RegionTable};

use super::set::{Labelled, hash, own_file};

/// Most of them are also the names of counties, cities or provinces elsewhere.
const STREETS: &[&str] = &[
    "人民路",
    "解放路",
    "中山路",
    "北京路",
    "南京东路",
    "朝阳大街",
    "长安街",
    "建设南路",
    "新华北街",
    "长江大道",
    "黄河路",
    "西湖路",
    "和平街",
    "工业大道",
    "文化巷",
    "青年路",
    "海河东路",
    "东城大道",
    "泰山路",
    "华山西路",
    "延安路",
    "庐山大道",
    "金水路",
    "江宁路",
    "天津街",
    "鼓楼街",
    "昆山路",
    "桐城南路",
    "宝安大道",
    "武进路",
];

const TRADES: &[&str] =
    &["华盛贸易有限公司", "鑫源酒业商行", "宏达农资经销部", "康健大药房", "第二人民医院"];

const CONTACTS: &[&str] = &[
    "张三 13812345678 ",
    "收货人：李建国，电话：13987654321，地址：",
    "王经理,０１０-8888６６６６,",
    "【送货】赵敏 ",
    "430000 ",
];

#[derive(Deserialize)]
struct Town {
    name: String,
    county_code: String,
}

struct County<'a> {
    code: &'a str,
    province: &'a str,
    /// Empty where the province rules directly.
    city: &'a str,
    city_code: &'a str,
    name: &'a str,
    town: String,
    street: String,
}

/// Makes the addresses; the same ones every time.
pub(crate) fn addresses(
    table: &RegionTable,
) -> Result<Vec<Labelled>, Box<dyn Error + Send + Sync>> {
    let towns = towns()?;
    let mut bearers: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for region in table.rows().filter(|region| region.level == Level::County) {
        bearers.entry(region.name).or_default().insert(table.today(region.region_code));
    }
    let mut made = Vec::new();
    for region in table.rows().filter(|r| r.level == Level::County) {
        let code = region.region_code;
        if region.valid_to.is_none() {
            let county = county(table, code, region.name, &towns);
            current(&county, bearers.get(region.name).map_or(1, BTreeSet::len), &mut made);
        } else if table.get(code).is_some_and(|last| last.valid_from == region.valid_from) {
            former(table, code, region.name, &towns, &mut made);
        }
    }
    Ok(made)
}

fn towns() -> Result<BTreeMap<String, Vec<String>>, Box<dyn Error + Send + Sync>> {
    let mut towns: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for town in csv::Reader::from_path(own_file("data/towns.csv"))?.deserialize() {
        let Town { name, county_code } = town?;
        towns.entry(county_code).or_default().push(name);
    }
    Ok(towns)
}

fn pick<'a, T>(of: &'a [T], seed: &str, turn: u64) -> Option<&'a T> {
    of.get(usize::try_from((hash(seed) >> 7).wrapping_add(turn) % of.len().max(1) as u64).ok()?)
}

fn county<'a>(
    table: &'a RegionTable,
    code: &'a str,
    name: &'a str,
    towns: &BTreeMap<String, Vec<String>>,
) -> County<'a> {
    let above =
        |level| table.at_level(code, level).and_then(|code| Some((code, table.get(code)?.name)));
    let (_, province) = above(Level::Province).unwrap_or_default();
    let (city_code, city) = above(Level::City).unwrap_or_default();
    let town = towns.get(code).and_then(|towns| pick(towns, code, 0)).cloned().unwrap_or_default();
    let number = hash(code) % 300 + 1;
    let street = pick(STREETS, code, 0).map_or("", |street| street);
    let directly = city_code == code || city == province;
    County {
        code,
        province,
        city: if directly { "" } else { city },
        city_code,
        name,
        town,
        street: format!("{street}{number}号"),
    }
}

/// The name as people shorten it; none where fewer than two characters would be left.
fn short(name: &str) -> Option<&str> {
    let stem = [
        "特别行政区",
        "维吾尔自治区",
        "壮族自治区",
        "回族自治区",
        "自治区",
        "地区",
        "省",
        "市",
        "县",
        "区",
        "旗",
        "盟",
    ]
    .iter()
    .find_map(|suffix| name.strip_suffix(suffix))?;
    (stem.chars().count() >= 2 && !name.contains("自治县") && !name.contains("自治州"))
        .then_some(stem)
}

fn current(county: &County<'_>, bearers: usize, made: &mut Vec<Labelled>) {
    let County { code, province, city, name, town, street, .. } = county;
    let parent = if city.is_empty() { province } else { city };
    let mut add = |group, shows_county, address: String| {
        made.push(Labelled {
            group,
            address,
            codes: vec![(*code).to_owned()],
            shows_county,
            former: false,
            key: (*code).to_owned(),
        });
    };
    let contact = pick(CONTACTS, code, 1).map_or("", |contact| contact);
    let trade = pick(TRADES, code, 2).map_or("", |trade| trade);
    add("full", true, format!("{province}{city}{name}{town}{street}"));
    add("without province", true, format!("{parent}{name}{street}"));
    add("contact in front", true, format!("{contact}{province}{city}{name}{street}"));
    add("county alone", bearers == 1, format!("{name}{town}{street}"));
    add("doubled", true, format!("{province}{parent}{parent}{name}{name}{street}"));
    add("wrong order", true, format!("{street}，{town}，{name}，{parent}，中国"));
    add("spaced", true, format!("{province}　{city} ，{name}；{street}"));
    let filler = if city.is_empty() { "省直辖县级行政区划" } else { "市辖区" };
    add("placeholder", true, format!("{province}{city}{filler}{name}{street}"));
    add("traditional", true, traditional(&format!("{province}{city}{name}{street}")));
    if !city.is_empty() && !town.is_empty() {
        add("town without county", false, format!("{city}{town}{street}"));
    }
    let all: Vec<char> = format!("{province}{city}{name}").chars().collect();
    let cut = all.len() - name.chars().count() / 2;
    // 新城区 cut to 新城 is a short name, 尧都区 cut to 尧 is nothing: a blank is right for both.
    add("cut off", false, all[..cut].iter().collect());
    if let (Some(parent), Some(name)) = (short(parent), short(name))
        && parent != name
    {
        add("short forms", true, format!("{parent}{name}{street}"));
        if county.name.ends_with(['县', '市']) {
            add("company name", true, format!("{parent}{name}{trade}"));
        }
    }
    for (group, before) in [("city and street", ""), ("province, city and street", province)] {
        if !city.is_empty() {
            made.push(Labelled {
                group,
                address: format!("{before}{city}{street}"),
                codes: vec![county.city_code.to_owned()],
                shows_county: false,
                former: false,
                key: (*code).to_owned(),
            });
        }
    }
}

/// A county that is no more, written with the city it was in then and with today's.
fn former(
    table: &RegionTable,
    code: &str,
    name: &str,
    towns: &BTreeMap<String, Vec<String>>,
    made: &mut Vec<Labelled>,
) {
    let today = table.today(code);
    if today == code || table.get(today).is_none_or(|r| r.name == name || r.level != Level::County)
    {
        return;
    }
    let ended = table.rows().filter(|r| r.region_code == code).filter_map(|r| r.valid_to).max();
    if ended.is_none_or(|day| day.to_string().as_str() < "1995") {
        return;
    }
    let [then, now] = [code, today].map(|code| county(table, code, name, towns));
    for (group, county) in
        [("former county, city of then", &then), ("former county, city of today", &now)]
    {
        let parent = if county.city.is_empty() { county.province } else { county.city };
        if parent == name {
            continue; // written twice it is the city
        }
        made.push(Labelled {
            group,
            address: format!("{}{parent}{name}{}", county.province, county.street),
            codes: vec![today.to_owned()],
            shows_county: true,
            former: true,
            key: today.to_owned(),
        });
    }
}

/// Simplified and traditional forms of characters in region names, written for this set.
const FORMS: &str = "广廣东東宁寧苏蘇陕陝黑黑龙龍区區县縣乡鄉镇鎮云雲贵貴阳陽湾灣庆慶济濟临臨兰蘭长長汉漢乌烏鲁魯齐齊连連锡錫郑鄭门門马馬关關兴興宝寶义義华華韶韶厦廈尔爾宾賓岭嶺达達遵遵铜銅滨濱凤鳳双雙沟溝泽澤湖湖绍紹楼樓罗羅张張赣贛丰豐无無杨楊杭杭维維辽遼沈瀋";

fn traditional(text: &str) -> String {
    let forms: Vec<char> = FORMS.chars().collect();
    text.chars()
        .map(|c| {
            forms
                .chunks(2)
                .find(|pair| pair[0] == c)
                .and_then(|pair| pair.get(1))
                .copied()
                .unwrap_or(c)
        })
        .collect()
}
