//! One message: its English with holes, and its Chinese.

/// A message of which some places differ from one telling to the next.
#[derive(Debug)]
pub(super) struct Template {
    /// The English around and between the holes, one more than there are holes.
    english: Vec<&'static str>,
    chinese: Vec<Piece>,
}

/// What a Chinese text is put together of.
#[derive(Debug)]
enum Piece {
    Text(&'static str),
    Hole(usize),
}

impl Template {
    /// A template of two texts; none if their holes are not the same.
    pub(super) fn new(english: &'static str, chinese: &'static str) -> Option<Self> {
        let english: Vec<_> = english.split("{}").collect();
        let chinese = pieces(chinese)?;
        let mut holes: Vec<_> = chinese
            .iter()
            .filter_map(|piece| match piece {
                Piece::Hole(at) => Some(*at),
                Piece::Text(_) => None,
            })
            .collect();
        holes.sort_unstable();
        holes.into_iter().eq(0..english.len() - 1).then_some(Self { english, chinese })
    }

    /// How much of a text it explains: the bytes of its English that are no holes.
    pub(super) fn weight(&self) -> usize {
        self.english.iter().map(|text| text.len()).sum()
    }

    /// What stands in the holes if the text is this message. A hole ends where the English behind it
    /// first comes, so that a text is gone through once.
    pub(super) fn holes<'t>(&self, text: &'t str) -> Option<Vec<&'t str>> {
        let (first, behind) = self.english.split_first()?;
        let mut rest = text.strip_prefix(first)?;
        let Some((last, between)) = behind.split_last() else {
            return rest.is_empty().then(Vec::new);
        };
        rest = rest.strip_suffix(last)?;
        let mut holes = Vec::with_capacity(behind.len());
        for english in between {
            let (hole, after) = rest.split_once(english)?;
            holes.push(hole);
            rest = after;
        }
        holes.push(rest);
        Some(holes)
    }

    /// Writes the Chinese with what stands in the holes.
    pub(super) fn write(&self, holes: &[&str], told: &mut String) {
        for piece in &self.chinese {
            told.push_str(match piece {
                Piece::Text(text) => text,
                Piece::Hole(at) => holes.get(*at).copied().unwrap_or_default(),
            });
        }
    }
}

/// The pieces of a Chinese text: `{}` is the next hole, `{2}` the second.
fn pieces(text: &'static str) -> Option<Vec<Piece>> {
    let mut parts = text.split('{');
    let mut pieces = vec![Piece::Text(parts.next()?)];
    for (next, part) in parts.enumerate() {
        let (number, text) = part.split_once('}')?;
        let at = match number {
            "" => next,
            number => number.parse::<usize>().ok()?.checked_sub(1)?,
        };
        pieces.extend([Piece::Hole(at), Piece::Text(text)]);
    }
    Some(pieces)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(english: &'static str, chinese: &'static str, text: &str) -> Option<String> {
        let template = Template::new(english, chinese)?;
        let mut told = String::new();
        template.write(&template.holes(text)?, &mut told);
        Some(told)
    }

    #[test]
    fn literal_text_is_matched_and_holes_are_filled() {
        let told = |text| told("{} of {} is {}", "{2} 的 {1} 为 {3}", text);
        assert_eq!(told("a of b is c").as_deref(), Some("b 的 a 为 c"));
        assert_eq!(told("a of b of c is d is e").as_deref(), Some("b of c 的 a 为 d is e"));
        assert_eq!(told("a is b of c"), None);
        assert_eq!(told(" of  is ").as_deref(), Some(" 的  为 "));
        assert_eq!(told(" of is "), None);
    }

    #[test]
    fn the_ends_do_not_share_letters() {
        assert_eq!(told("aba{}aba", "甲{}", "ababa"), None);
        assert_eq!(told("aba{}aba", "甲{}", "abaaba").as_deref(), Some("甲"));
        assert_eq!(told("plain", "甲", "plain").as_deref(), Some("甲"));
        assert_eq!(told("plain", "甲", "plainer"), None);
    }

    #[test]
    fn holes_that_differ_are_no_template() {
        for chinese in ["甲", "甲{}{}", "甲{2}", "甲{0}", "甲{x}", "甲{", "甲{1}{1}"] {
            assert!(Template::new("a {}", chinese).is_none(), "{chinese}");
        }
    }
}
