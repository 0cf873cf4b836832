//! A text as one message or several that were joined.

use std::borrow::Cow;

use super::template::Template;

/// Between the layers of an error, and between what is wrong and its remedy; with what Chinese has there.
const JOINTS: [(&str, &str); 2] = [(": ", "："), ("; ", "；")];

/// Parts that a text is cut into; the last one has whatever is left.
const PARTS_MAX: usize = 16;

/// A text longer than this was made of what somebody sent: it is cut once, whatever it holds.
const CUT_BYTES_MAX: usize = 4_096;

/// The reading of a text that finds most of it in messages.
pub(super) struct Reading<'t> {
    text: &'t str,
    spans: Vec<Span<'t>>,
}

/// Parts next to each other that are one message, or one part that is none.
struct Span<'t> {
    text: &'t str,
    message: Option<&'t Template>,
    /// What joins it with the next one, and what does so in Chinese.
    joint: (&'t str, &'t str),
}

/// The best reading from some part on: the weight of its messages, how many parts its first span has, and the
/// message that span is.
#[derive(Clone, Copy)]
struct Best<'t> {
    weight: usize,
    parts: usize,
    message: Option<&'t Template>,
}

impl<'t> Reading<'t> {
    /// Reads a text by the templates, which are ordered by weight.
    ///
    /// A joint may be part of a message or of a name in it, so every run of parts is tried as a message, from
    /// the end of the text to its beginning. Of two readings of one weight the one with the longer message
    /// wins: what its hole holds is then left alone.
    pub(super) fn of(text: &'t str, templates: &'t [Template]) -> Self {
        let parts = parts(text);
        let mut best = vec![Best { weight: 0, parts: 0, message: None }; parts.len() + 1];
        for from in (0..parts.len()).rev() {
            let unread = best.get(from + 1).map_or(0, |rest| rest.weight);
            let mut found = Best { weight: unread, parts: 1, message: None };
            for to in from..parts.len() {
                let run = &text[parts[from].start..parts[to].end];
                let fits = |template: &&Template| template.holes(run).is_some();
                let Some(message) = templates.iter().find(fits) else { continue };
                let weight = message.weight() + best[to + 1].weight;
                if weight >= found.weight {
                    found = Best { weight, parts: to + 1 - from, message: Some(message) };
                }
            }
            best[from] = found;
        }
        let mut spans = Vec::new();
        let mut from = 0;
        while from < parts.len() {
            let Best { parts: count, message, .. } = best[from];
            let last = &parts[from + count - 1];
            let text = &text[parts[from].start..last.end];
            spans.push(Span { text, message, joint: last.joint });
            from += count;
        }
        Self { text, spans }
    }

    /// The text in Chinese, as far as it was read.
    pub(super) fn in_chinese(&self) -> Cow<'t, str> {
        if self.spans.iter().all(|span| span.message.is_none()) {
            return Cow::Borrowed(self.text);
        }
        let mut told = String::with_capacity(self.text.len());
        let mut next = self.spans.iter().skip(1);
        for span in &self.spans {
            match span.message.and_then(|message| Some((message, message.holes(span.text)?))) {
                Some((message, holes)) => message.write(&holes, &mut told),
                None => told.push_str(span.text),
            }
            let is_read =
                [Some(span), next.next()].into_iter().flatten().any(|s| s.message.is_some());
            let (english, chinese) = span.joint;
            told.push_str(if is_read { chinese } else { english });
        }
        Cow::Owned(told)
    }

    /// What of the text stays in its wording: parts that are no message, and what stands in holes.
    #[cfg(test)]
    pub(super) fn english(&self) -> Vec<&'t str> {
        let of_span = |span: &Span<'t>| match span.message.and_then(|one| one.holes(span.text)) {
            Some(holes) => holes,
            None => vec![span.text],
        };
        self.spans.iter().flat_map(of_span).collect()
    }
}

/// Where a part of a text lies, and what joins it with the next.
struct Part {
    start: usize,
    end: usize,
    joint: (&'static str, &'static str),
}

/// A text cut at its joints.
fn parts(text: &str) -> Vec<Part> {
    let parts_max = if text.len() > CUT_BYTES_MAX { 2 } else { PARTS_MAX };
    let mut parts = Vec::new();
    let mut start = 0;
    while parts.len() + 1 < parts_max {
        let rest = &text[start..];
        let joints = JOINTS.iter().filter_map(|joint| Some((rest.find(joint.0)?, *joint)));
        let Some((at, joint)) = joints.min_by_key(|(at, _)| *at) else { break };
        parts.push(Part { start, end: start + at, joint });
        start += at + joint.0.len();
    }
    parts.push(Part { start, end: text.len(), joint: ("", "") });
    parts
}
