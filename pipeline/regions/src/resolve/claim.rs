//! One place an address may mean, weighed by what else in the text agrees with it.

use super::evidence::EvidenceKind;
use super::guard::{is_common_word, is_separator, is_zone};
use super::lexicon::{Lexicon, Meaning, NONE, Name, Place};
use super::mention::Mention;
use crate::level::Level;

/// A mention that names what stands above the claimed place.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Support {
    pub(crate) mention: u8,
    pub(crate) kind: EvidenceKind,
    pattern: usize,
    level: Level,
    weight: i32,
    adjacent: bool,
    before: bool,
}

/// A weighed place.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Claim {
    pub(crate) place: u32,
    pub(crate) mention: u8,
    pub(crate) kind: EvidenceKind,
    pub(crate) level: Level,
    pub(crate) score: i32,
    pub(crate) city: Option<Support>,
    pub(crate) province: Option<Support>,
}

impl Default for Claim {
    fn default() -> Self {
        Self {
            place: 0,
            mention: 0,
            kind: EvidenceKind::Town,
            level: Level::Province,
            score: 0,
            city: None,
            province: None,
        }
    }
}

impl Claim {
    /// Weighs one meaning of one mention; none when the text does not carry it.
    pub(crate) fn weigh(
        lexicon: &Lexicon,
        text: &str,
        mentions: &[Mention],
        index: usize,
        meaning: Meaning,
    ) -> Option<Self> {
        let mention = mentions[index];
        let name = lexicon.name(mention.pattern);
        let place = &lexicon.places[meaning.place as usize];
        let short = meaning.kind == EvidenceKind::ShortName;
        if short && (mention.is_thing || (mention.is_school && place.level == Level::County)) {
            return None;
        }
        let around = Around::look(lexicon, text, mentions, index, place);
        let carried = match (meaning.kind, place.level) {
            (EvidenceKind::Town, _) => town_holds(name, &around),
            (EvidenceKind::ShortName, Level::County) => {
                short_county_holds(lexicon, text, &mention, meaning, place, &around)
            }
            (EvidenceKind::ShortName, Level::City) => {
                let word = text.get(mention.start..mention.end).unwrap_or("");
                !is_common_word(word) || around.province.is_some()
            }
            (_, Level::County) => long_county_holds(name, &mention, meaning, &around),
            (_, Level::City) => !name.needs_parent || around.province.is_some(),
            (_, Level::Province) => true,
        };
        if !carried {
            return None;
        }
        let own = if short && mention.is_school { 1 } else { base(meaning, place, name) };
        let score = own + around.weight() + 2 * i32::from(mention.start == 0)
            - loose_penalty(meaning, place, &around);
        Some(Self {
            place: meaning.place,
            mention: u8::try_from(index).unwrap_or(u8::MAX),
            kind: meaning.kind,
            level: if meaning.kind == EvidenceKind::Town { Level::County } else { place.level },
            score,
            city: around.city,
            province: around.province,
        })
    }

    /// How sure the claim is by itself, 0 to 100.
    pub(crate) fn certainty(&self) -> u8 {
        let supported = self.city.is_some() || self.province.is_some();
        match (self.kind, supported) {
            (EvidenceKind::Correction, _) => 100,
            (EvidenceKind::FullName, true) => 99,
            (EvidenceKind::FullName, false) => 94,
            (EvidenceKind::FormerName, true) => 92,
            (EvidenceKind::ShortName, true) => 88,
            (EvidenceKind::FormerName, false) | (EvidenceKind::Alias, _) => 85,
            (EvidenceKind::Town, true) => 80,
            (EvidenceKind::ShortName, false) => 75,
            (EvidenceKind::Town, false) => 65,
        }
    }
}

fn base(meaning: Meaning, place: &Place, name: &Name) -> i32 {
    use EvidenceKind::{Alias, Correction, FormerName, FullName, ShortName, Town};
    match (place.level, meaning.kind) {
        (_, Town) => 4,
        (Level::County, FullName | Correction) => 10,
        (Level::County, FormerName) if name.counties > 0 || name.has_city => 6,
        (Level::County, FormerName | Alias) => 9,
        (Level::City, FullName | Correction) => 8,
        (Level::City, FormerName | Alias) => 7,
        (Level::County | Level::City, ShortName) => 5,
        (Level::Province, ShortName) => 4,
        (Level::Province, _) => 6,
    }
}

/// A bare county name far from its parent is weaker than one that follows it.
fn loose_penalty(meaning: Meaning, place: &Place, around: &Around) -> i32 {
    let loose = meaning.kind == EvidenceKind::ShortName
        && place.level == Level::County
        && !around.is_adjacent();
    if loose { 2 } else { 0 }
}

fn town_holds(name: &Name, around: &Around) -> bool {
    around.has_parent() || (name.different == 1 && name.chars >= 3)
}

fn long_county_holds(name: &Name, mention: &Mention, meaning: Meaning, around: &Around) -> bool {
    if name.common {
        return around.is_adjacent();
    }
    // 山西省临汾市 is the prefecture; the county-level city it once had is meant only where the
    // prefecture stands before it: 临汾地区临汾市.
    if name.has_city && meaning.kind == EvidenceKind::FormerName {
        return around.city.is_some_and(|city| {
            city.level == Level::City && city.before && city.pattern != mention.pattern
        });
    }
    if around.has_parent() {
        return true;
    }
    if name.needs_parent && meaning.kind == EvidenceKind::Alias {
        return false;
    }
    match meaning.kind {
        EvidenceKind::FullName => name.counties == 1,
        _ => name.counties == 0 && !name.has_city && name.different == 1,
    }
}

fn short_county_holds(
    lexicon: &Lexicon,
    text: &str,
    mention: &Mention,
    meaning: Meaning,
    place: &Place,
    around: &Around,
) -> bool {
    let name = lexicon.name(mention.pattern);
    // 辽宁朝阳 is the prefecture, not the county of the same name in it, unless the prefecture
    // stands before it by another name or all three levels are written in the same short way.
    let own_city = lexicon.named(mention.pattern).iter().any(|other| {
        let city = &lexicon.places[other.place as usize];
        city.level == Level::City && place.cities.contains(&city.entry)
    });
    let written_before = around.city.is_some_and(|city| {
        let other_name = city.pattern != mention.pattern;
        let all_short = city.kind == EvidenceKind::ShortName && around.province.is_some();
        city.adjacent && (other_name || all_short)
    });
    if own_city && !written_before {
        return false;
    }
    let zone = is_zone(text.get(mention.end..).unwrap_or(""));
    if around.has_parent() {
        return around.is_adjacent() || meaning.rural || zone;
    }
    let word = text.get(mention.start..mention.end).unwrap_or("");
    name.different == 1 && ((mention.start == 0 && meaning.rural && !is_common_word(word)) || zone)
}

/// What the other mentions say about a place.
struct Around {
    city: Option<Support>,
    province: Option<Support>,
    town: bool,
    repeated: bool,
    against: i32,
}

impl Around {
    fn look(
        lexicon: &Lexicon,
        text: &str,
        mentions: &[Mention],
        index: usize,
        place: &Place,
    ) -> Self {
        let mut around =
            Self { city: None, province: None, town: false, repeated: false, against: 0 };
        for (other_index, other) in mentions.iter().enumerate() {
            if other_index != index {
                around.take(lexicon, text, mentions, (index, other_index), place, other);
            }
        }
        around
    }

    fn take(
        &mut self,
        lexicon: &Lexicon,
        text: &str,
        mentions: &[Mention],
        (index, other_index): (usize, usize),
        place: &Place,
        other: &Mention,
    ) {
        let mention = mentions[index];
        let before = other.end <= mention.start;
        let gap = if before { text.get(other.end..mention.start) } else { None };
        let adjacent = gap.is_some_and(is_separator);
        if place.level == Level::County {
            let today = lexicon.place_of_entry(place.today);
            let towns = lexicon.towns(other.pattern);
            self.town |= towns.binary_search_by_key(&today, |town| town.place).is_ok();
        }
        let (mut agrees, mut is_high) = (false, false);
        for meaning in lexicon.named(other.pattern) {
            let short = meaning.kind == EvidenceKind::ShortName;
            if short && other.is_thing {
                continue;
            }
            let above = &lexicon.places[meaning.place as usize];
            let relation = relation(place, above, meaning, adjacent);
            is_high |= meaning.kind == EvidenceKind::FullName && above.level != Level::County;
            let weight = match relation {
                Relation::None => continue,
                Relation::Same => {
                    agrees = true;
                    self.repeated = true;
                    continue;
                }
                _ if short && other.is_school => 1,
                Relation::City => {
                    if short {
                        4
                    } else {
                        6
                    }
                }
                Relation::Province => {
                    if short {
                        3
                    } else {
                        4
                    }
                }
            };
            agrees = true;
            let support = Support {
                mention: u8::try_from(other_index).unwrap_or(u8::MAX),
                kind: meaning.kind,
                pattern: other.pattern,
                level: above.level,
                weight,
                adjacent,
                before,
            };
            let slot = if matches!(relation, Relation::City) && above.level != Level::Province {
                &mut self.city
            } else {
                &mut self.province
            };
            let value = |s: &Support| s.weight + i32::from(s.before) + 2 * i32::from(s.adjacent);
            if slot.as_ref().is_none_or(|known| value(&support) > value(known)) {
                *slot = Some(support);
            }
        }
        if is_high && !agrees {
            self.against = self.against.max(if before { 6 } else { 2 });
        }
    }

    fn has_parent(&self) -> bool {
        self.city.is_some() || self.province.is_some()
    }

    fn is_adjacent(&self) -> bool {
        self.city.is_some_and(|s| s.adjacent) || self.province.is_some_and(|s| s.adjacent)
    }

    fn weight(&self) -> i32 {
        let of = |s: Option<Support>| s.map_or(0, |s| s.weight + i32::from(s.before));
        of(self.city)
            + of(self.province)
            + 2 * i32::from(self.is_adjacent())
            + 3 * i32::from(self.town)
            + 2 * i32::from(self.repeated)
            - self.against
    }
}

enum Relation {
    None,
    Same,
    City,
    Province,
}

/// How a meaning of another mention relates to a claimed place.
fn relation(place: &Place, above: &Place, meaning: &Meaning, adjacent: bool) -> Relation {
    if above.today == place.today || above.entry == place.entry {
        // A county that became part of a city of its name says nothing new about the city.
        return if above.level == place.level { Relation::Same } else { Relation::None };
    }
    // A county that was split is today the city around it, but does not name that city.
    let is = |entries: [u32; 2]| {
        entries.contains(&above.entry)
            || (above.level != Level::County
                && above.today != NONE
                && entries.contains(&above.today))
    };
    if place.level == Level::County && is(place.cities) {
        return Relation::City;
    }
    if place.level != Level::Province && is(place.provinces) {
        return Relation::Province;
    }
    // 阿克苏市库车县: the seat is written where its prefecture is meant.
    let seat = adjacent
        && place.level == Level::County
        && above.level == Level::County
        && meaning.kind == EvidenceKind::FullName
        && meaning.rural
        && above.cities[1] != NONE
        && above.cities[1] == place.cities[1]
        && above.cities[1] != above.provinces[1];
    if seat { Relation::City } else { Relation::None }
}
