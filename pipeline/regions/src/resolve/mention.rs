//! Finds the names in an address and drops those that are only parts of others.

use super::evidence::EvidenceKind;
use super::guard::{is_school, is_separator, is_thing};
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
    /// Begins where another name ended.
    pub(crate) follows: bool,
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
        found.look_around(text);
        found
    }

    /// Longest name from the left wins; 济南市|市中区 shares its middle character.
    fn settle_overlaps(&mut self, lexicon: &Lexicon) {
        let mut kept = 0;
        for index in 0..self.count {
            let mut next = self.items[index];
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
                match overlap(lexicon, last, next) {
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
                next.follows = false;
                self.items[kept] = next;
                kept += 1;
            }
        }
        self.count = kept;
    }

    fn look_around(&mut self, text: &str) {
        let mut last_end = None;
        for mention in &mut self.items[..self.count] {
            let after = text.get(mention.end..).unwrap_or("");
            mention.is_thing = is_thing(after);
            mention.is_school = is_school(after);
            mention.follows = last_end
                .and_then(|end| text.get(end..mention.start))
                .is_some_and(is_separator);
            last_end = Some(mention.end);
        }
    }
}

enum Overlap {
    Share,
    First,
    Second,
}

fn overlap(lexicon: &Lexicon, first: Mention, second: Mention) -> Overlap {
    let shared = first.end - second.start;
    let one_char = shared == '市'.len_utf8() && first.end - first.start > 2 * shared;
    if one_char && is_above(lexicon, first.pattern, second.pattern) {
        return Overlap::Share;
    }
    let weak = |m: Mention| {
        lexicon
            .meanings(m.pattern)
            .iter()
            .all(|meaning| matches!(meaning.kind, EvidenceKind::ShortName | EvidenceKind::Town))
    };
    if weak(first) && !weak(second) { Overlap::Second } else { Overlap::First }
}

/// True when a meaning of `outer` is a city above a meaning of `inner`.
fn is_above(lexicon: &Lexicon, outer: usize, inner: usize) -> bool {
    lexicon.meanings(outer).iter().any(|out| {
        let city = &lexicon.places[out.place as usize];
        city.level == Level::City
            && lexicon
                .meanings(inner)
                .iter()
                .any(|m| lexicon.places[m.place as usize].cities.contains(&city.entry))
    })
}
