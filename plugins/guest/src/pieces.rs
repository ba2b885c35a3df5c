//! Messages of one sender drawn together, so that what was told in pieces can be read as one text. Knows
//! no category.

use crate::{Earlier, Fold, Folded, Span};

/// What may be drawn together.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Oldest message, in seconds.
    pub age: u32,
    /// Longest message, in bytes.
    pub bytes: usize,
    /// Most messages beside the newest.
    pub messages: usize,
}

/// Several messages as one text.
pub struct Joined {
    /// The originals, in order, two spaces between them.
    pub original: String,
    pub folded: Folded,
    /// Number of the message (0 is the newest) and where it lies in `original`.
    places: Vec<(u32, Span)>,
    /// Where the newest message begins in the folded text.
    newest: usize,
}

/// Draws the sender's last messages together with this one, the oldest first. A piece that begins or
/// ends with a mark of an address is joined without a gap.
#[must_use]
pub fn join(
    text: &str,
    folded: &Folded,
    history: &[Earlier],
    limits: Limits,
    fold: Fold,
) -> Option<Joined> {
    if text.len() > limits.bytes || text.trim().is_empty() {
        return None;
    }
    let mut pieces: Vec<(u32, &str, Folded)> = vec![(0, text, folded.clone())];
    for (n, earlier) in history.iter().enumerate() {
        if pieces.len() > limits.messages || earlier.age_seconds > limits.age {
            break;
        }
        if !earlier.same_sender || earlier.text.trim().is_empty() {
            continue;
        }
        if earlier.text.len() > limits.bytes {
            break;
        }
        pieces.push((u32::try_from(n + 1).ok()?, &earlier.text, fold(&earlier.text)));
    }
    if pieces.len() < 2 {
        return None;
    }
    pieces.reverse();
    let (mut original, mut spelled, mut map) = (String::new(), String::new(), Vec::new());
    let mut places = Vec::with_capacity(pieces.len());
    let mut newest = 0;
    for (index, text, folded) in &pieces {
        let base = u32::try_from(original.len()).ok()?;
        let body = folded.text.trim();
        let from = folded.text.len() - folded.text.trim_start().len();
        if !spelled.is_empty()
            && !marked(spelled.chars().next_back())
            && !marked(body.chars().next())
        {
            spelled.push(' ');
            map.push(base.saturating_sub(1));
        }
        newest = spelled.len();
        spelled.push_str(body);
        map.extend((from..from + body.len()).map(|i| base.saturating_add(folded.at(i))));
        original.push_str(text);
        places.push((*index, Span { start: base, end: u32::try_from(original.len()).ok()? }));
        original.push_str("  ");
    }
    map.push(u32::try_from(original.len()).ok()?);
    Some(Joined { original, folded: Folded::spelled(spelled, map), places, newest })
}

/// Whether an address goes on beside such a character.
fn marked(c: Option<char>) -> bool {
    matches!(c, Some('@' | '.' | '_' | '-' | '/' | ':'))
}

impl Joined {
    /// The parts of the messages that a range of `original` takes, the oldest first; nothing unless it
    /// takes some of the newest and of another.
    #[must_use]
    pub fn parts(&self, span: Span) -> Option<Vec<(u32, Span)>> {
        let parts: Vec<(u32, Span)> = self
            .places
            .iter()
            .filter_map(|(index, place)| {
                let start = span.start.max(place.start);
                let end = span.end.min(place.end);
                let own = Span {
                    start: start.wrapping_sub(place.start),
                    end: end.wrapping_sub(place.start),
                };
                (start < end).then_some((*index, own))
            })
            .collect();
        (parts.len() > 1 && parts.last().is_some_and(|(n, _)| *n == 0)).then_some(parts)
    }

    /// What of the newest message lies behind a range of `original`.
    #[must_use]
    pub fn rest(&self, span: Span) -> &str {
        let end = self.places.last().map_or(0, |(_, place)| place.end as usize);
        self.original.get(span.end as usize..end).unwrap_or_default()
    }

    /// The newest message as it was folded.
    #[must_use]
    pub fn newest(&self) -> &str {
        self.folded.text.get(self.newest..).unwrap_or_default().trim_start()
    }

    /// The messages before it, folded.
    #[must_use]
    pub fn previous(&self) -> &str {
        self.folded.text.get(..self.newest).unwrap_or_default().trim_end()
    }
}
