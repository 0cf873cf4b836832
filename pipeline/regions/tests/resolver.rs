//! The resolver on real and on tricky addresses.

#![allow(clippy::unwrap_used, reason = "a failed set-up is a failed test")]

use proptest::prelude::{ProptestConfig, any, prop, prop_assert, prop_assert_eq, proptest};
use serde::Deserialize;
use std::sync::LazyLock;
use yuanliu_regions::{EvidenceKind, Level, RegionTable, Resolver};

static TABLE: LazyLock<RegionTable> = LazyLock::new(|| RegionTable::embedded().unwrap());
static RESOLVER: LazyLock<Resolver> = LazyLock::new(|| Resolver::new(&TABLE));

#[derive(Deserialize)]
struct Labelled {
    address: String,
    adcode: String,
    evidence: String,
}

fn code(address: &str) -> &'static str {
    RESOLVER.resolve(address).map_or("", |found| found.code)
}

/// Thousandths that must be right, and that may be wrong.
fn measure(text: &str, county: usize, city: usize) {
    let rows: Vec<Labelled> =
        csv::Reader::from_reader(text.as_bytes()).deserialize().collect::<Result<_, _>>().unwrap();
    let (mut shown, mut right, mut wrong, mut visible, mut city_right) = (0, 0, Vec::new(), 0, 0);
    for row in &rows {
        let found = code(&row.address);
        let at = |level| TABLE.at_level(found, level);
        let is_right =
            |level| row.adcode.split(';').any(|label| at(level) == TABLE.at_level(label, level));
        if row.evidence.starts_with("county") {
            shown += 1;
            right += usize::from(is_right(Level::County));
        }
        if row.evidence.starts_with("county") || row.evidence == "city_only" {
            visible += 1;
            city_right += usize::from(is_right(Level::City));
        }
        if at(Level::County).is_some() && !is_right(Level::County) {
            wrong.push(&row.address);
        }
    }
    assert!(rows.len() >= 180, "only {} rows", rows.len());
    assert!(right * 1000 >= shown * county, "county right {right} of {shown}");
    assert!(city_right * 1000 >= visible * city, "city right {city_right} of {visible}");
    assert!(wrong.len() * 1000 <= rows.len() * 5, "wrong counties: {wrong:?}");
}

#[test]
fn clinic_addresses() {
    measure(include_str!("data/addresses_sample.csv"), 980, 980);
}

#[test]
fn public_addresses() {
    measure(include_str!("data/addresses_public.csv"), 980, 989);
}

#[test]
fn fresh_addresses() {
    measure(include_str!("data/addresses_fresh.csv"), 980, 980);
}

fn check(cases: &[(&str, &str)]) {
    let failed: Vec<String> = cases
        .iter()
        .filter(|(address, expected)| code(address) != *expected)
        .map(|(address, expected)| format!("{address}: {} instead of {expected}", code(address)))
        .collect();
    assert!(failed.is_empty(), "{failed:#?}");
}

#[test]
fn naive_three_levels_fail_here() {
    check(&[
        ("河南省济源市沁园路1号", "419001"),
        ("湖北省直辖县仙桃市沔州大道8号", "429004"),
        ("海南省文昌市文城镇", "469005"),
        ("新疆石河子市北四路", "659001"),
        ("广东省东莞市长安镇锦厦", "441900"),
        ("东莞市东莞市虎门镇", "441900"),
        ("海南省儋州市那大镇", "460400"),
        ("重庆市万州区高笋塘", "500101"),
        ("上海浦东新区张江路1号", "310115"),
        ("神农架林区松柏镇", "429021"),
        ("济南市中区英雄山路", "370103"),
        ("长沙市区某处", "430100"),
        ("吉林省吉林市昌邑区", "220202"),
        ("吉林吉林市船营区", "220204"),
        ("香港特别行政区", "810000"),
    ]);
}

#[test]
fn former_counties() {
    check(&[
        ("北京市崇文区法华寺街92号", "110101"),
        ("北京宣武区广安门内大街", "110102"),
        ("天津市塘沽区上海道", "120116"),
        ("襄樊市襄阳县张湾镇", "420607"),
        ("安徽省巢湖市庐江县", "340124"),
        ("安徽省巢湖市居巢区", "340181"),
        ("四川省资阳市简阳市", "510185"),
        ("莱芜市莱城区", "370116"),
        ("栾城县", "130111"),
        ("河北省抚宁县某街", "130306"),
    ]);
    // Split between two: the town tells, else the city stands.
    check(&[("河北省邢台市邢台县会宁镇", "130503"), ("河北省邢台市邢台县1号", "130500")]);
}

#[test]
fn short_and_doubled() {
    check(&[
        ("广宗文明街31号", "130531"),
        ("浙江杭州西湖文三路12号", "330106"),
        ("北京朝阳工体南路", "110105"),
        ("辽宁朝阳凌河街", "211300"),
        ("内蒙古科右前旗", "152221"),
        ("恩施州利川市", "422802"),
        ("湖北恩施土家族苗族自治州恩施市", "422801"),
        ("阿克苏市库车县", "652902"),
        ("长阳县龙舟坪镇", "420528"),
        ("北京市北京市海淀区海淀区中关村", "110108"),
        ("江苏省 苏州市 吴中区", "320506"),
        ("信阳新县建设路", "411523"),
        ("甘肃庆阳镇原建设路1号", "621027"),
    ]);
}

#[test]
fn street_names_and_ties() {
    check(&[
        ("上海市北京路88号", "310000"),
        ("广州市南京东路", "440100"),
        ("大连市中山路222号", "210200"),
        ("成都市武侯祠大街", "510100"),
        ("杭州市西湖大道38号", "330100"),
        ("朝阳区1号", ""),
        ("河北省新华区1号", "130000"),
        ("普陀区东港文康街19号", "330903"),
        ("黑龙江省加格达奇区", "232700"),
        ("青海省大柴旦行政委员会", "632800"),
        ("", ""),
        ("中山路1号", ""),
    ]);
}

#[test]
fn a_prefecture_is_not_its_seat() {
    check(&[
        ("山西省临汾市", "141000"),
        ("山西省临汾市人民路1号", "141000"),
        ("陕西省延安市延安市", "610600"),
        ("山西省临汾地区临汾市", "141002"),
        ("四川省宜宾市宜宾县", "511500"),
        ("西湖路196号，淳化县，咸阳市", "610430"),
        ("青岛市北宅街道泰山路", "370212"),
    ]);
}

#[test]
fn as_people_write() {
    check(&[
        ("廣東省東莞市長安鎮錦廈村", "441900"),
        ("遼寧省瀋陽市鐵西區", "210106"),
        ("重庆市县城口县", "500229"),
        ("呼和浩特市市辖区新城区宝安大道67号", "150102"),
        ("内蒙古呼市新城区", "150102"),
        ("商洛柞水江宁路38号", "611026"),
        ("浙江黄山江路1号", "330000"),
        ("南京市雨花区小行路58号", "320114"),
        ("雨花区韶山中路95号", "430111"),
        ("张江宁，上海市浦东新区", "310115"),
        ("沙县小吃 深圳市福田区", "440304"),
    ]);
}

#[test]
fn brands_and_names_are_not_counties() {
    for text in
        ["东方明珠商贸有限公司", "平安保险公司", "万宁超市", "安吉物流", "长安汽车", "中山大学"]
    {
        assert_eq!(code(text), "", "{text}");
    }
}

#[test]
fn evidence_names_the_bytes() {
    let address = "送:浙江省杭州西湖区文三路";
    let found = RESOLVER.resolve(address).unwrap();
    let shown: Vec<_> =
        found.evidence().map(|e| (e.level, e.kind, &address[e.start..e.end])).collect();
    assert_eq!(
        shown,
        [
            (Level::Province, EvidenceKind::FullName, "浙江省"),
            (Level::City, EvidenceKind::ShortName, "杭州"),
            (Level::County, EvidenceKind::FullName, "西湖区"),
        ]
    );
    assert!(found.confidence > 90);
}

#[test]
fn every_official_address_resolves_to_itself() {
    let mut wrong = Vec::new();
    for region in TABLE.rows().filter(|r| r.valid_to.is_none() && r.level == Level::County) {
        let mut address = String::new();
        for level in [Level::Province, Level::City, Level::County] {
            let above = TABLE.at_level(region.region_code, level).and_then(|c| TABLE.get(c));
            if let Some(above) = above
                && !address.ends_with(above.name)
            {
                address.push_str(above.name);
            }
        }
        address.push_str("人民路1号");
        if code(&address) != region.region_code {
            wrong.push((address.clone(), code(&address)));
        }
    }
    assert!(wrong.is_empty(), "{wrong:?}");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    #[test]
    fn any_text_is_answered_with_a_code_in_use(text in any::<String>()) {
        if let Some(found) = RESOLVER.resolve(&text) {
            prop_assert!(TABLE.is_current(found.code));
        }
    }

    #[test]
    fn any_mix_of_names_is_answered_within_the_text(
        parts in prop::collection::vec("[省市县区旗盟路街东西南北中山朝阳长安庆海河江州宁0-9 ]{1,4}", 0..60)
    ) {
        let text = parts.concat();
        if let Some(found) = RESOLVER.resolve(&text) {
            prop_assert!(TABLE.is_current(found.code));
            for evidence in found.evidence() {
                prop_assert!(text.get(evidence.start..evidence.end).is_some_and(|t| !t.is_empty()));
            }
            prop_assert_eq!(TABLE.get(found.code).map(|r| r.level), Some(found.level));
        }
    }
}
