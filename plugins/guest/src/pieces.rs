//! The earlier messages of one sender, in which a part of something may have been told. Knows no category.

use std::cmp::Reverse;

use crate::host;
use crate::list::one_of;
use crate::mailbox::AT;
use crate::scan::{Kind, Token, drawn_together};
use crate::tld::tld;
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

/// What of an address a message holds: bytes of its folded text.
#[derive(Clone, Copy, Debug)]
pub struct Part<'s> {
    pub said: &'s Said,
    pub from: usize,
    pub to: usize,
    /// A word as any other.
    pub plain: bool,
}

impl<'s> Part<'s> {
    /// The longest run in a message that has marks of an address or words for them with what they join, or
    /// its only word that is not `quiet`.
    #[must_use]
    pub fn of(said: &'s Said, quiet: fn(&str) -> bool) -> Option<Self> {
        let tokens = said.folded.tokens();
        let (mut best, mut open, mut before) = ((0, 0), (0, 0), (0, 0));
        let (mut words, mut word, mut hangs, mut n) = (0, (0, 0), false, 0);
        while n < tokens.len() {
            let rest = tokens.get(n..)?;
            let length = rest.iter().take_while(|t| t.kind != Kind::Space).count();
            let (from, to) = trimmed(&tokens, n, n + length);
            n += length + 1;
            if from == to {
                continue;
            }
            let chunk = tokens.get(from..to)?;
            let first = chunk.first()?;
            let joint = chunk.len() == 1 && is_joint(first);
            // `boosty`, `to`
            let single = tokens.len() == 1 && tld(first.text).is_some();
            let hushed = chunk.len() == 1 && quiet(first.text) && !single;
            let adjacent = |end: usize| end > 0 && end + 1 == from;
            let zone = |at: usize| tokens.get(at).is_some_and(|t| tld(t.text).is_some());
            // `рф жду`, `zone com`
            let ending = chunk.len() == 1
                && zone(from)
                && (from == 0 && host::is_sure(first.text)
                    || adjacent(before.1) && is_zone(tokens.get(before.0)?.text));
            if joint && !adjacent(open.1) {
                let named = adjacent(before.1)
                    && !quiet(tokens.get(before.0)?.text)
                    && (!host::is_slash(first) || zone(before.1 - 1));
                open = (if named { before.0 } else { from }, to);
            } else if joint || hangs && !hushed && adjacent(open.1) && !first.is("/") {
                open.1 = to;
            } else if ending || is_marked(chunk) {
                open = (from, to);
            } else if before == (0, 1) && from == 2 && host::is_sure(first.text) {
                // `vk com`
                open = (0, to);
            } else if !hushed {
                words += 1;
                word = (from, to);
            }
            hangs = joint;
            before = (from, to);
            if open.1 - open.0 >= best.1 - best.0 {
                best = open;
            }
        }
        let plain = best.1 == 0;
        let (from, to) = if plain { Some(word).filter(|_| words == 1)? } else { best };
        let (from, to) = (tokens.get(from)?.start, tokens.get(to - 1)?.end);
        Some(Self { said, from, to, plain })
    }

    #[must_use]
    pub fn text(&self) -> &'s str {
        self.said.folded.text.get(self.from..self.to).unwrap_or_default()
    }
}

/// Whether a token alone is a mark of an address, or a word for one.
fn is_joint(token: &Token<'_>) -> bool {
    matches!(token.text, "." | "@" | "/")
        || host::is_dot(token)
        || host::is_slash(token)
        || AT.contains(token.text)
}

fn is_zone(word: &str) -> bool {
    one_of("zone зона зоне зоні домен extension", word)
}

/// Whether an unbroken run looks like a part of an address.
fn is_marked(run: &[Token<'_>]) -> bool {
    let has = |kind| run.iter().any(|t| t.kind == kind);
    let letters = has(Kind::Word);
    has(Kind::Mark) && (letters || has(Kind::Digits))
        || has(Kind::Digits) && (letters || run.iter().any(|t| t.text.len() > 5))
}

/// A run without the marks of the sentence around it.
fn trimmed(tokens: &[Token<'_>], mut from: usize, mut to: usize) -> (usize, usize) {
    let mark = |n: usize| tokens.get(n).filter(|t| t.kind == Kind::Mark).map_or("", |t| t.text);
    let odd = |mark: &str| mark.as_bytes().first().is_some_and(|byte| *byte >= 0x80);
    while from < to && (odd(mark(from)) || one_of("( \" '", mark(from))) {
        from += 1;
    }
    let inner = to < tokens.len() && from > 0;
    while to > from && {
        let mark = mark(to - 1);
        odd(mark) || one_of(", ! ? ; ) \" '", mark) || inner && one_of(": .", mark)
    } {
        to -= 1;
    }
    (from, to)
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
