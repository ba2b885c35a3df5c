//! Messages of one sender drawn together, so that what was told in pieces can be read as one text. Knows
//! no category.

use crate::scan::drawn_together;
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

/// A message of the sender.
#[derive(Clone, Debug)]
pub struct Said<'m> {
    /// 0 is the newest.
    pub message: u32,
    pub original: &'m str,
    pub folded: Folded,
}

impl<'m> Said<'m> {
    /// A message with its view, letters that are spread out drawn together.
    #[must_use]
    pub fn of(message: u32, original: &'m str, folded: &Folded) -> Self {
        let drawn = drawn_together(folded);
        Self { message, original, folded: drawn.unwrap_or_else(|| folded.clone()) }
    }
}

/// The sender's messages before the newest, the newest of them first, without those that are too long.
pub fn before<'m>(
    history: &'m [Earlier],
    limits: Limits,
    fold: Fold,
) -> impl Iterator<Item = Said<'m>> {
    let recent = history.iter().zip(1..).take_while(move |(e, _)| e.age_seconds <= limits.age);
    let own = recent.filter(move |(e, _)| {
        e.same_sender && e.text.len() <= limits.bytes && e.text.bytes().any(|b| b > b' ')
    });
    let said = move |(e, message): (&'m Earlier, u32)| Said::of(message, &e.text, &fold(&e.text));
    own.take(limits.messages).map(said)
}

/// Several messages, or parts of them, as one text.
#[derive(Default)]
pub struct Joined {
    /// The parts as they were written, in order, two spaces between them.
    pub original: String,
    spelled: String,
    map: Vec<u32>,
    /// Number of the message (0 is the newest), where its part lies in `original`, and where that
    /// begins in the message.
    places: Vec<(u32, Span, u32)>,
}

impl Joined {
    /// Adds the part `from..to` of the folded text of a message, with `glue` before it.
    pub fn push(&mut self, said: &Said<'_>, from: usize, to: usize, glue: &str) {
        let Span { start, end } = said.folded.original(from, to);
        let base = self.offset();
        let body = said.folded.text.get(from..to).unwrap_or_default();
        self.spelled.push_str(glue);
        self.map.extend(glue.bytes().map(|_| base.saturating_sub(1)));
        self.spelled.push_str(body);
        let own = |i| base.saturating_add(said.folded.at(i)).saturating_sub(start);
        self.map.extend((from..from + body.len()).map(own));
        self.original.push_str(said.original.get(start as usize..end as usize).unwrap_or_default());
        self.places.push((said.message, Span { start: base, end: self.offset() }, start));
        self.original.push_str("  ");
    }

    /// All of it as one text.
    #[must_use]
    pub fn folded(&mut self) -> Folded {
        let mut map = std::mem::take(&mut self.map);
        map.push(self.offset());
        Folded::spelled(std::mem::take(&mut self.spelled), map)
    }

    fn offset(&self) -> u32 {
        u32::try_from(self.original.len()).unwrap_or(u32::MAX)
    }

    /// The parts of the messages that a range of `original` takes, in their order; nothing unless it
    /// takes some of the newest and of another.
    #[must_use]
    pub fn parts(&self, span: Span) -> Option<Vec<(u32, Span)>> {
        let parts: Vec<(u32, Span)> = self
            .places
            .iter()
            .filter_map(|(message, place, begins)| {
                let start = span.start.max(place.start);
                let end = span.end.min(place.end);
                let own = |at: u32| at.wrapping_sub(place.start).wrapping_add(*begins);
                let part = Span { start: own(start), end: own(end) };
                (start < end).then_some((*message, part))
            })
            .collect();
        (parts.len() > 1 && parts.iter().any(|(n, _)| *n == 0)).then_some(parts)
    }

    /// What of the last message lies behind a range of `original`.
    #[must_use]
    pub fn rest(&self, span: Span) -> &str {
        let end = self.places.last().map_or(0, |(_, place, _)| place.end as usize);
        self.original.get(span.end as usize..end).unwrap_or_default()
    }
}
