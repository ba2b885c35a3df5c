//! The earlier messages of one sender, in which a part of something may have been told. Knows no category.

use std::cmp::Reverse;

use crate::scan::drawn_together;
use crate::{Earlier, Fold, Folded, Span};

/// Which of them may hold one.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Oldest message, in seconds.
    pub age: u32,
    /// Longest message, in bytes.
    pub bytes: usize,
    /// Most messages beside the newest.
    pub messages: usize,
}

/// What was told, and its parts: the number of the message, 0 is the newest, and where in it.
pub type Told<T> = (T, Vec<(u32, Span)>);

/// A message of the sender.
#[derive(Clone, Debug)]
pub struct Said {
    /// 0 is the newest.
    pub message: u32,
    pub folded: Folded,
}

impl Said {
    /// A message by its view, letters that are spread out drawn together.
    #[must_use]
    pub fn of(message: u32, folded: &Folded) -> Self {
        Self { message, folded: drawn_together(folded).unwrap_or_else(|| folded.clone()) }
    }
}

/// The sender's messages before the newest, the newest of them first, without those that are too long.
#[must_use]
pub fn before(history: &[Earlier], limits: Limits, fold: Fold) -> Vec<Said> {
    let mut said = Vec::new();
    for (earlier, message) in history.iter().zip(1..) {
        if earlier.age_seconds > limits.age || said.len() >= limits.messages {
            break;
        }
        let text = earlier.text.as_str();
        if earlier.same_sender && text.len() <= limits.bytes && text.bytes().any(|b| b > b' ') {
            said.push(Said::of(message, &fold(text)));
        }
    }
    said
}

/// The messages of one sender as a history, the oldest first: for tests of plugins, which have no host.
#[must_use]
pub fn history(messages: &[&str]) -> Vec<Earlier> {
    let earlier = |(n, text): (u32, &&str)| Earlier {
        id: String::new(),
        age_seconds: n * 10,
        same_sender: true,
        text: (*text).to_owned(),
    };
    (1..).zip(messages.iter().rev()).map(earlier).collect()
}

/// The parts that `across` finds in one sender's messages, the oldest first: for tests of plugins.
#[must_use]
pub fn told<'t, T>(
    messages: &[&'t str],
    across: fn(&Folded, &[Earlier], Fold) -> Option<Told<T>>,
) -> Vec<&'t str> {
    let Some((last, before)) = messages.split_last() else { return Vec::new() };
    let found = across(&Folded::plain(last), &history(before), Folded::plain);
    let mut parts = found.map_or(Vec::new(), |(_, parts)| parts);
    parts.sort_by_key(|(n, _)| Reverse(*n));
    let text = |(n, span): &(u32, Span)| {
        let message = messages.iter().rev().nth(*n as usize)?;
        message.get(span.start as usize..span.end as usize)
    };
    parts.iter().map(|part| text(part).unwrap_or_default()).collect()
}
