//! Scores what the names in an address may mean together, and decides.

use super::claim::Claim;
use super::evidence::{Evidence, EvidenceKind};
use super::lexicon::{Lexicon, NONE, Place};
use super::mention::Mention;
use super::streets::tell_apart;
use crate::level::Level;

/// Claims weighed in one address.
const CLAIMS_MAX: usize = 64;

/// Meanings of one town name weighed as claims; a name with more (城关镇) only supports others.
const TOWN_CLAIMS_MAX: usize = 24;

/// Scores this close are a tie.
const TIE: i32 = 1;

/// Confidence in a county that only a street or town name tells from others.
const STREETS_CONFIDENCE: u8 = 70;

/// The decided region, as a position in the table.
pub(crate) struct Answer {
    pub(crate) entry: u32,
    pub(crate) confidence: u8,
    pub(crate) spans: [Option<Evidence>; 3],
}

/// Decides for one address; none when nothing can be told.
pub(crate) fn decide(lexicon: &Lexicon, text: &str, mentions: &[Mention]) -> Option<Answer> {
    let mut claims = [Claim::default(); CLAIMS_MAX];
    let mut count = 0;
    for (index, mention) in mentions.iter().enumerate() {
        let towns = lexicon.towns(mention.pattern);
        let towns = if towns.len() > TOWN_CLAIMS_MAX { &[] } else { towns };
        for meaning in lexicon.named(mention.pattern).iter().chain(towns) {
            if count < CLAIMS_MAX
                && let Some(claim) = Claim::weigh(lexicon, text, mentions, index, *meaning)
            {
                claims[count] = claim;
                count += 1;
            }
        }
    }
    let claims = &claims[..count];
    let Some(mut best) = best_within(lexicon, claims, None) else {
        return told_by_streets(lexicon, text, mentions, None);
    };
    // A county that fits below a decided city or province is more than either alone.
    for _ in 0..2 {
        match best_within(lexicon, claims, Some(best.entry)) {
            Some(deeper) => best = deeper,
            None => break,
        }
    }
    let spans = spans(&best, mentions, lexicon);
    if best.claim.level == Level::County
        && lexicon_place(lexicon, best.entry).level != Level::County
        && let Some(told) = told_by_streets(lexicon, text, mentions, Some(best.entry))
    {
        let [province, city, _] = spans;
        return Some(Answer { spans: [province, city, told.spans[2]], ..told });
    }
    Some(Answer { entry: best.entry, confidence: best.confidence, spans })
}

/// Asks the towns where a county's name alone does not tell which one is meant.
fn told_by_streets(
    lexicon: &Lexicon,
    text: &str,
    mentions: &[Mention],
    above: Option<u32>,
) -> Option<Answer> {
    mentions.iter().find_map(|mention| {
        let (entry, start, end) = tell_apart(lexicon, text, mention, above)?;
        let evidence = Evidence { level: Level::County, kind: EvidenceKind::Town, start, end };
        Some(Answer { entry, confidence: STREETS_CONFIDENCE, spans: [None, None, Some(evidence)] })
    })
}

struct Best<'a> {
    entry: u32,
    confidence: u8,
    claim: &'a Claim,
    tied: bool,
}

/// The best claim strictly below `above`, or what it shares with claims as good as it.
fn best_within<'a>(lexicon: &Lexicon, claims: &'a [Claim], above: Option<u32>) -> Option<Best<'a>> {
    let inside = |claim: &&Claim| {
        above.is_none_or(|above| {
            let place = today(lexicon, claim);
            place.entry != above && line(place).contains(&above)
        })
    };
    let top = claims.iter().filter(inside).max_by_key(|claim| claim.score)?;
    let mut entry = today(lexicon, top).entry;
    let mut gap = i32::MAX;
    for rival in claims.iter().filter(inside) {
        let other = today(lexicon, rival);
        let agrees = line(other).contains(&entry)
            || line(lexicon_place(lexicon, entry)).contains(&other.entry);
        if agrees {
            continue;
        }
        let distance = top.score - rival.score;
        gap = gap.min(distance);
        if distance <= TIE {
            entry = shared(lexicon_place(lexicon, entry), other)?;
        }
    }
    if above == Some(entry) {
        return None;
    }
    let tied = gap <= TIE;
    let doubt = if tied {
        25
    } else if gap <= 3 {
        10
    } else {
        0
    };
    Some(Best { entry, confidence: top.certainty().saturating_sub(doubt), claim: top, tied })
}

fn today<'a>(lexicon: &'a Lexicon, claim: &Claim) -> &'a Place {
    lexicon_place(lexicon, lexicon.places[claim.place as usize].today)
}

fn lexicon_place(lexicon: &Lexicon, entry: u32) -> &Place {
    lexicon.of_entry(entry)
}

/// A place of today and what stands above it.
fn line(place: &Place) -> [u32; 3] {
    [place.entry, place.cities[1], place.provinces[1]]
}

fn shared(one: &Place, other: &Place) -> Option<u32> {
    let (one, other) = (line(one), line(other));
    one.into_iter().find(|entry| *entry != NONE && other.contains(entry))
}

fn spans(best: &Best<'_>, mentions: &[Mention], lexicon: &Lexicon) -> [Option<Evidence>; 3] {
    let decided = lexicon_place(lexicon, best.entry).level;
    let mut spans = [None; 3];
    let mut put = |level: Level, index: Option<u8>, kind: EvidenceKind| {
        let Some(mention) = index.and_then(|index| mentions.get(usize::from(index))) else {
            return;
        };
        if level <= decided {
            spans[level as usize] =
                Some(Evidence { level, kind, start: mention.start, end: mention.end });
        }
    };
    let claim = best.claim;
    put(
        Level::Province,
        claim.province.map(|s| s.mention),
        claim.province.map_or(claim.kind, |s| s.kind),
    );
    put(Level::City, claim.city.map(|s| s.mention), claim.city.map_or(claim.kind, |s| s.kind));
    let own = if best.tied { decided } else { decided.min(claim.level) };
    if spans[own as usize].is_none() || !best.tied {
        let mention = mentions.get(usize::from(claim.mention));
        spans[own as usize] = mention.map(|mention| Evidence {
            level: own,
            kind: claim.kind,
            start: mention.start,
            end: mention.end,
        });
    }
    spans
}
