//! Products, dealers with their territories, stores, promoters, rates.

use chrono::{Days, NaiveDate};
use rand::{Rng, RngExt};

use super::Company;
use super::chain::pick;

/// Places: code, and the address form of its name.
pub const PLACES: [(&str, &str); 14] = [
    ("330106", "浙江省杭州市西湖区"),
    ("330105", "浙江省杭州市拱墅区"),
    ("330110", "浙江省杭州市余杭区"),
    ("330203", "浙江省宁波市海曙区"),
    ("320102", "江苏省南京市玄武区"),
    ("320105", "江苏省南京市建邺区"),
    ("310115", "上海市浦东新区"),
    ("310104", "上海市徐汇区"),
    ("429004", "湖北省仙桃市"),
    ("420106", "湖北省武汉市武昌区"),
    ("441900", "广东省东莞市"),
    ("440305", "广东省深圳市南山区"),
    ("500103", "重庆市渝中区"),
    ("330103", ""),
];

/// How many dealers a company has; the last ones are special.
pub const DEALERS: usize = 7;

/// Adds the masters.
pub fn add(company: &mut Company, prefix: &str, random: &mut impl Rng) {
    for (number, category) in [("P1", "liquor"), ("P2", "liquor"), ("P3", "drink")] {
        company.put(
            "product",
            &[
                ("product_code", &format!("{prefix}{number}")),
                ("name", number),
                ("category", category),
                ("base_unit", "瓶"),
                ("items_per_case", "4"),
                ("cases_per_pallet", "2"),
                ("trace_level", "item"),
            ],
        );
    }
    company.put("warehouse", &[("warehouse_code", &format!("{prefix}W1")), ("name", "总仓")]);
    company.put("warehouse", &[("warehouse_code", &format!("{prefix}W2")), ("name", "分仓")]);
    for number in 1..=DEALERS {
        dealer(company, prefix, number, random);
    }
    rates(company, prefix);
    company.staff_devices.push(format!("{prefix}STAFF"));
    company.placeholders.push("BADLABEL".to_owned());
}

fn dealer(company: &mut Company, prefix: &str, number: usize, random: &mut impl Rng) {
    let code = format!("{prefix}D{number}");
    let (region, address) = *pick(random, &PLACES[..13]);
    let by_address = random.random_bool(0.3);
    // One dealer's place nobody knows.
    let (region_cell, address_cell) = match number {
        5 => (String::new(), "某地".to_owned()),
        _ if by_address => (String::new(), format!("{address}人民路1号")),
        _ => (region.to_owned(), String::new()),
    };
    let channel =
        if number == 6 { "ecommerce" } else { *pick(random, &["offline", "offline", "group", ""]) };
    let parent = if number == 2 { format!("{prefix}D1") } else { String::new() };
    company.put(
        "dealer",
        &[
            ("dealer_code", &code),
            ("name", &code),
            ("region_code", &region_cell),
            ("address", &address_cell),
            ("channel", channel),
            ("parent_dealer_code", &parent),
        ],
    );
    // The last one has no rule at all.
    if number < DEALERS {
        for _ in 0..random.random_range(1..=3) {
            territory(company, prefix, &code, region, random);
        }
    }
    if random.random_bool(0.4) {
        let near = *pick(random, &["330110", "320105", "330200", "420106"]);
        company.buffer.insert(code.clone(), vec![near.to_owned()]);
    }
    if random.random_bool(0.2) {
        let place = *pick(random, &["310115", "420100", "460202", "500103"]);
        let from = NaiveDate::from_ymd_opt(2025, 2, random.random_range(1..=20)).expect("a day");
        let days = random.random_bool(0.8).then(|| (from, from + Days::new(14)));
        company.visitors.push((place.to_owned(), days));
    }
    for shop in 1..=2 {
        store(company, prefix, &code, number * 10 + shop, region, random);
    }
}

fn territory(company: &mut Company, prefix: &str, dealer: &str, home: &str, random: &mut impl Rng) {
    let far = pick(random, &PLACES).0;
    let region = match random.random_range(0..10) {
        0..=4 => home.to_owned(),
        5 => format!("{}0000", &home[..2]),
        6 if !home.starts_with("42") && !home.starts_with("31") && !home.starts_with("50") => {
            format!("{}00", &home[..4])
        }
        // A county that was in force until 2021.
        7 => "330104".to_owned(),
        _ => far.to_owned(),
    };
    let (from, to) = *pick(
        random,
        &[
            ("", ""),
            ("2020-01-01", ""),
            ("", "2025-02-28"),
            ("2025-03-01", ""),
            ("2025-02-10", "2025-03-20"),
        ],
    );
    let product = if random.random_bool(0.25) { format!("{prefix}P1") } else { String::new() };
    let category = *pick(random, &["", "", "", "liquor", "drink"]);
    let channel = *pick(random, &["", "", "", "offline", "group"]);
    let cells = [
        ("dealer_code", dealer),
        ("product_code", product.as_str()),
        ("category", category),
        ("channel", channel),
        ("region_code", region.as_str()),
        ("valid_from", from),
        ("valid_to", to),
    ];
    // The key is all columns but the last.
    let is_known = company
        .table("territory")
        .iter()
        .any(|row| cells[..6].iter().all(|(name, text)| row.get(name) == *text));
    if !is_known {
        company.put("territory", &cells);
    }
}

fn store(
    company: &mut Company,
    prefix: &str,
    dealer: &str,
    number: usize,
    home: &str,
    random: &mut impl Rng,
) {
    let code = format!("{prefix}T{number}");
    let (region, address) = if random.random_bool(0.5) {
        *PLACES.iter().find(|p| p.0 == home).expect("a place")
    } else {
        *pick(random, &PLACES[..13])
    };
    let by_address = random.random_bool(0.3);
    let (region_cell, address_cell) =
        if by_address { ("", format!("{address}中山路2号")) } else { (region, String::new()) };
    let has_point = random.random_bool(0.85);
    let longitude = format!("{:.6}", random.random_range(113.0..121.0));
    let latitude = format!("{:.6}", random.random_range(28.0..32.0));
    company.put(
        "store",
        &[
            ("store_code", &code),
            ("name", &code),
            ("dealer_code", dealer),
            ("region_code", region_cell),
            ("address", &address_cell),
            ("longitude", if has_point { &longitude } else { "" }),
            ("latitude", if has_point { &latitude } else { "" }),
        ],
    );
    company.put(
        "promoter",
        &[
            ("promoter_code", &format!("{prefix}M{number}")),
            ("name", "导购"),
            ("store_code", &code),
            ("dealer_code", dealer),
        ],
    );
}

fn rates(company: &mut Company, prefix: &str) {
    let (one, two) = (format!("{prefix}P1"), format!("{prefix}P2"));
    for (product, from, to, amount) in [
        (&one, "", "2025-02-28", "3.50"),
        (&one, "2025-03-01", "", "4.25"),
        (&two, "2025-02-15", "2025-03-31", "1"),
    ] {
        company.put(
            "incentive_rate",
            &[
                ("product_code", product),
                ("valid_from", from),
                ("valid_to", to),
                ("amount", amount),
            ],
        );
    }
}
