//! Lets the towns decide between the counties one name may mean.
//!
//! Used only where a county's name stands in the text and its meanings are as good as each other:
//! a name borne by several counties, or a former county whose territory went to several.

use super::evidence::EvidenceKind;
use super::lexicon::{Lexicon, Meaning};
use super::mention::Mention;
use crate::level::Level;

/// Counties of one name that are told apart; a name borne by more is too common.
const COUNTIES_MAX: u32 = 8;

/// Town names that are street names everywhere.
const COMMON_STEMS: &[&str] = &[
    "人民",
    "解放",
    "和平",
    "新华",
    "建设",
    "中山",
    "胜利",
    "光明",
    "东风",
    "红旗",
    "团结",
    "民主",
    "文化",
    "青年",
    "友谊",
    "站前",
    "城关",
    "城东",
    "城西",
    "城南",
    "城北",
    "东关",
    "西关",
    "南关",
    "北关",
    "新城",
    "北京",
    "长江",
    "南京",
    "延安",
    "朝阳",
    "工业",
    "城区",
    "中心",
    "幸福",
    "前进",
    "向阳",
    "西湖",
    "长安",
    "中华",
    "五一",
    "八一",
    "迎宾",
    "滨河",
    "大桥",
    "广场",
    "东街",
    "西街",
    "南街",
    "北街",
    "中街",
    "东大街",
    "西大街",
    "南大街",
    "北大街",
    "解放路",
    "人民路",
    "中山路",
    "建设路",
    "中央",
    "开发区",
    "新兴",
    "兴华",
    "振兴",
    "复兴",
];

/// The part of a town's name people use for streets and quarters in it.
pub(crate) fn town_stem(name: &str) -> Option<&str> {
    let stem = ["街道", "地区", "镇", "乡"].iter().find_map(|suffix| name.strip_suffix(suffix))?;
    (stem.chars().count() >= 2 && !COMMON_STEMS.contains(&stem)).then_some(stem)
}

/// The county of today that a split or shared name means, with the bytes of the town's name.
pub(crate) fn tell_apart(
    lexicon: &Lexicon,
    text: &str,
    mention: &Mention,
    above: Option<u32>,
) -> Option<(u32, usize, usize)> {
    let name = lexicon.name(mention.pattern);
    let meanings = lexicon.named(mention.pattern);
    let mut told = Told::default();
    for meaning in meanings {
        let place = &lexicon.places[meaning.place as usize];
        match above {
            Some(above) if place.today == above => {
                for entry in lexicon.successors(meaning.place) {
                    told.look(lexicon, text, mention.end, *entry);
                }
            }
            None if is_county(lexicon, meaning) && name.counties <= COUNTIES_MAX => {
                told.look(lexicon, text, mention.end, place.today);
            }
            _ => {}
        }
    }
    if told.several { None } else { told.found }
}

fn is_county(lexicon: &Lexicon, meaning: &Meaning) -> bool {
    meaning.kind == EvidenceKind::FullName
        && lexicon.places[meaning.place as usize].level == Level::County
}

#[derive(Default)]
struct Told {
    found: Option<(u32, usize, usize)>,
    several: bool,
}

impl Told {
    fn look(&mut self, lexicon: &Lexicon, text: &str, from: usize, entry: u32) {
        let Some(rest) = text.get(from..) else { return };
        let hit = lexicon
            .town_stems(entry)
            .iter()
            .find_map(|stem| Some((rest.find(stem.as_ref())?, stem.len())));
        let Some((at, length)) = hit else { return };
        self.several |= self.found.is_some_and(|(known, ..)| known != entry);
        self.found = Some((entry, from + at, from + at + length));
    }
}
