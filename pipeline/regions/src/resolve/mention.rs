//! Finds the names in an address and drops those that are only parts of others.

use super::evidence::EvidenceKind;
use super::guard::{begins_street, is_school, is_thing};
use super::lexicon::Lexicon;
use crate::level::Level;

/// Names looked at in one address; real ones hold fewer than ten.
const MENTIONS_MAX: usize = 40;

/// A name found in the text.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Mention {
    pub(crate) start: usize,
    pub(crate) end: usize,
    pub(crate) pattern: usize,
    /// What follows makes a short name a street or another thing.
    pub(crate) is_thing: bool,
    /// What follows makes a short name a school.
    pub(crate) is_school: bool,
}

/// The names of one address in order, without allocation.
pub(crate) struct Mentions {
    items: [Mention; MENTIONS_MAX],
    count: usize,
}

impl Mentions {
    pub(crate) fn as_slice(&self) -> &[Mention] {
        &self.items[..self.count]
    }

    pub(crate) fn find(lexicon: &Lexicon, text: &str) -> Self {
        let mut found = Self { items: [Mention::default(); MENTIONS_MAX], count: 0 };
        let Some(automaton) = &lexicon.automaton else { return found };
        for hit in automaton.find_overlapping_iter(text).take(MENTIONS_MAX) {
            let mention = Mention {
                start: hit.start(),
                end: hit.end(),
                pattern: hit.pattern().as_usize(),
                ..Mention::default()
            };
            found.items[found.count] = mention;
            found.count += 1;
        }
        found.items[..found.count].sort_unstable_by_key(|m| (m.start, usize::MAX - m.end));
        found.settle_overlaps(lexicon);
        found.look_around(lexicon, text);
        found
    }

    /// Longest name from the left wins; 济南市|市中区 shares its middle character.
    fn settle_overlaps(&mut self, lexicon: &Lexicon) {
        let mut kept = 0;
        for index in 0..self.count {
            let next = self.items[index];
            let mut keep = true;
            while kept > 0 {
                let last = self.items[kept - 1];
                if next.start >= last.end {
                    break;
                }
                if next.end <= last.end {
                    keep = false;
                    break;
                }
                if let Some(shorter) = self.cut_at(lexicon, last, next, kept..index) {
                    self.items[kept - 1] = shorter;
                    break;
                }
                match overlap(lexicon, last, next, &self.items[index + 1..self.count]) {
                    Overlap::Share => {
                        self.items[kept - 1].end = next.start;
                        break;
                    }
                    Overlap::First => {
                        keep = false;
                        break;
                    }
                    Overlap::Second => kept -= 1,
                }
            }
            if keep {
                self.items[kept] = next;
                kept += 1;
            }
        }
        self.count = kept;
    }

    /// 庆阳镇原: the county after 庆阳 shows that no town 庆阳镇 is meant.
    fn cut_at(
        &self,
        lexicon: &Lexicon,
        last: Mention,
        next: Mention,
        dropped: std::ops::Range<usize>,
    ) -> Option<Mention> {
        if !lexicon.named(last.pattern).is_empty() {
            return None;
        }
        self.items[dropped].iter().copied().find(|shorter| {
            shorter.start == last.start
                && shorter.end == next.start
                && is_above(lexicon, shorter.pattern, next.pattern)
        })
    }

    fn look_around(&mut self, lexicon: &Lexicon, text: &str) {
        for index in 0..self.count {
            let here = self.items[index];
            let after = text.get(here.end..).unwrap_or("");
            // 天津河东: what follows is a name below this one, not a river.
            let continued = || {
                index + 1 < self.count
                    && self.items[index + 1].start == here.end
                    && is_above(lexicon, here.pattern, self.items[index + 1].pattern)
            };
            // 商洛柞水江宁路: what stands before has shown that 柞水 is a place, and a street follows.
            let led = || {
                let before = index.checked_sub(1).and_then(|before| self.items.get(before));
                let led = before.is_some_and(|before| {
                    before.end == here.start && is_above(lexicon, before.pattern, here.pattern)
                });
                led && begins_street(after)
            };
            self.items[index].is_thing = is_thing(after) && !continued() && !led();
            self.items[index].is_school = is_school(after);
        }
    }
}

enum Overlap {
    Share,
    First,
    Second,
}

fn overlap(lexicon: &Lexicon, first: Mention, second: Mention, later: &[Mention]) -> Overlap {
    let shared = first.end - second.start;
    let one_char = shared == '市'.len_utf8() && first.end - first.start > 2 * shared;
    let weak = |m: Mention| {
        lexicon.named(m.pattern).iter().all(|meaning| meaning.kind == EvidenceKind::ShortName)
    };
    // 青岛市北宅街道 does not hold 市北.
    if one_char && !weak(second) && is_above(lexicon, first.pattern, second.pattern) {
        return Overlap::Share;
    }
    // 信阳新县: what begins where the first ends fits it better than 阳新县 does.
    let continued = || {
        later.iter().any(|m| m.start == first.end && is_above(lexicon, first.pattern, m.pattern))
    };
    if weak(first) && !weak(second) && !continued() { Overlap::Second } else { Overlap::First }
}

/// True when a meaning of `outer` stands above a meaning of `inner`.
fn is_above(lexicon: &Lexicon, outer: usize, inner: usize) -> bool {
    lexicon.named(outer).iter().any(|out| {
        let above = &lexicon.places[out.place as usize];
        lexicon.named(inner).iter().chain(lexicon.towns(inner)).any(|m| {
            let place = &lexicon.places[m.place as usize];
            match above.level {
                Level::Province => {
                    place.provinces.contains(&above.entry) && place.entry != above.entry
                }
                Level::City => place.cities.contains(&above.entry) && place.entry != above.entry,
                Level::County => m.kind == EvidenceKind::Town && place.today == above.today,
            }
        })
    })
}
