//! A message as terms: its words with their meaning, and the platforms named in it, however spelled.
//! Decides nothing about contacts.

use parlour_guest::scan::{Kind, Token, tokens};
use parlour_guest::{Folded, Span};

use crate::platform::{Platform, Reading, Skeleton, Strength, emoji};
use crate::words;

/// A text, its tokens and its terms in order. Terms cover all words; marks, digits and space between
/// them are only among the tokens.
pub struct Scene<'a> {
    pub original: &'a str,
    pub folded: &'a Folded,
    pub tokens: Vec<Token<'a>>,
    pub terms: Vec<Term>,
}

/// A word, or several tokens that are one name.
#[derive(Clone, Copy, Debug)]
pub struct Term {
    /// Tokens `from..to`.
    pub from: usize,
    pub to: usize,
    /// What it means, as bits of [`words`].
    pub bits: u32,
    pub platform: Option<Platform>,
    /// Marks of disguise.
    pub signs: u8,
    /// A picture stands for the platform.
    pub emoji: bool,
}

impl Term {
    pub fn means(&self, bits: u32) -> bool {
        self.bits & bits != 0
    }
}

/// Longest name written as several tokens: `v.i.b.3.r` and the like.
const NAME_TOKENS_MAX: usize = 12;

impl<'a> Scene<'a> {
    pub fn new(original: &'a str, folded: &'a Folded) -> Self {
        let mut scene =
            Self { original, folded, tokens: single_scripts(folded), terms: Vec::new() };
        let mut i = 0;
        while i < scene.tokens.len() {
            match scene.term(i) {
                Some(term) => {
                    i = term.to.max(i + 1);
                    scene.terms.push(term);
                }
                None => i += 1,
            }
        }
        scene
    }

    pub fn token(&self, i: usize) -> Option<&Token<'a>> {
        self.tokens.get(i)
    }

    pub fn before(&self, i: usize) -> Option<&Token<'a>> {
        self.tokens.get(i.checked_sub(1)?)
    }

    /// Whether token `i` exists and is that mark.
    pub fn is(&self, i: usize, mark: &str) -> bool {
        self.token(i).is_some_and(|t| t.is(mark))
    }

    pub fn gap(&self, i: usize) -> bool {
        self.token(i).is_some_and(Token::is_gap)
    }

    /// The term that covers token `i`.
    pub fn term_at(&self, i: usize) -> Option<(usize, &Term)> {
        let k = self.terms.partition_point(|t| t.to <= i);
        self.terms.get(k).filter(|t| t.from <= i).map(|t| (k, t))
    }

    /// The original range of some tokens.
    pub fn span(&self, from: usize, to: usize) -> Span {
        let start = self.token(from).map_or(self.folded.text.len(), |t| t.start);
        let end = to.checked_sub(1).and_then(|n| self.token(n)).map_or(start, |t| t.end);
        self.folded.original(start, end)
    }

    /// Whether the letters of a word stand apart in the original.
    pub fn spread(&self, i: usize) -> bool {
        let Some(token) = self.token(i) else {
            return false;
        };
        let span = self.span(i, i + 1);
        let letters = token.text.chars().count();
        let gaps = self
            .original
            .get(span.start as usize..span.end as usize)
            .map_or(0, |s| s.chars().filter(|c| !c.is_alphanumeric()).count());
        letters >= 3 && gaps + 1 >= letters
    }

    /// Whether a word begins with a capital in the original.
    pub fn capital(&self, i: usize) -> bool {
        let span = self.span(i, i + 1);
        let written = self.original.get(span.start as usize..span.end as usize);
        written.and_then(|w| w.chars().next()).is_some_and(char::is_uppercase)
    }

    /// Whether token `i` ends a sentence or a line.
    pub fn ends_clause(&self, i: usize) -> bool {
        self.token(i).is_none_or(|t| match t.kind {
            Kind::Space => !t.is_gap(),
            Kind::Mark => matches!(t.text, "." | "!" | "?" | ";" | "…" | ")"),
            Kind::Word | Kind::Digits => false,
        })
    }

    /// The terms before term `k` in its sentence, nearest first, at most `most`.
    pub fn preceding(&self, k: usize, most: usize) -> impl Iterator<Item = &Term> {
        let floor = self.terms.get(k).map_or(0, |t| self.clause_start(t.from));
        let before = self.terms.get(..k).unwrap_or_default();
        before.iter().rev().take(most).take_while(move |t| t.from >= floor)
    }

    /// The first token of the sentence in which token `i` stands; looks back a bounded way.
    fn clause_start(&self, i: usize) -> usize {
        let floor = i.saturating_sub(40);
        (floor..i)
            .rev()
            .find(|n| self.ends_clause(*n) && !self.inside_name(*n))
            .map_or(floor, |n| n + 1)
    }

    /// Whether a full stop stands between two characters without space, as in a name.
    fn inside_name(&self, i: usize) -> bool {
        let solid = |t: Option<&Token<'_>>| t.is_some_and(|t| t.kind != Kind::Space);
        self.is(i, ".") && solid(self.before(i)) && solid(self.token(i + 1))
    }

    // === reading terms ===

    fn term(&self, i: usize) -> Option<Term> {
        let token = self.token(i)?;
        let plain =
            |to, platform, signs| Term { from: i, to, bits: 0, platform, signs, emoji: false };
        match token.kind {
            Kind::Mark => {
                let (platform, tokens) = emoji(token.text, self.token(i + 1).map(|t| t.text))?;
                Some(Term { emoji: true, ..plain(i + tokens, Some(platform), 1) })
            }
            Kind::Digits | Kind::Space if !self.starts_leet(i) => None,
            Kind::Digits | Kind::Space => {
                self.leet(i).map(|(to, platform)| plain(to, Some(platform), 2))
            }
            Kind::Word => {
                let found = if self.inside_handle(i) { None } else { self.platform(i) };
                let (to, platform, signs) =
                    found.map_or((i + 1, None, 0), |(to, p, signs)| (to, Some(p), signs));
                let mut term = plain(to, platform, signs);
                if to == i + 1 {
                    term.bits = words::meaning(token.text);
                }
                Some(term)
            }
        }
    }

    /// Whether a word is part of a longer name: `telegram_bot`, `@telegram`, `telegram.org`.
    fn inside_handle(&self, i: usize) -> bool {
        let ascii = |n: Option<&Token<'_>>| {
            n.is_some_and(|t| matches!(t.kind, Kind::Word | Kind::Digits) && t.text.is_ascii())
        };
        let before = i.checked_sub(1).and_then(|p| self.token(p));
        let joined_before = before.is_some_and(|t| match t.text {
            "_" | "@" => true,
            "." | "/" => {
                ascii(i.checked_sub(2).and_then(|p| self.token(p)))
                    && ascii(self.token(i))
                    && t.is(".")
            }
            _ => t.kind == Kind::Digits,
        });
        let joined_after = self.token(i + 1).is_some_and(|t| match t.text {
            "_" => true,
            "." => {
                ascii(self.token(i + 2))
                    && ascii(self.token(i))
                    && self.token(i).is_some_and(|t| t.text.len() > 1)
                    && !self.capital(i + 2)
            }
            _ => false,
        });
        joined_before || joined_after
    }

    /// The platform that begins at word `i`: where it ends, and the marks of its disguise.
    fn platform(&self, i: usize) -> Option<(usize, Platform, u8)> {
        if let Some(found) = self.parts(i) {
            return Some(found);
        }
        if let Some((to, platform)) = self.leet(i) {
            return Some((to, platform, 2));
        }
        let token = self.token(i)?;
        let mut skeleton = Skeleton::new();
        skeleton.add(token.text, Reading::First)?;
        if let Some(p) = skeleton.platform() {
            return Some((i + 1, p, u8::from(self.disguised(i))));
        }
        // The fold spells a mixed word in one script by looks; people also mix by sound.
        let written = self.written(i);
        let mixed = !token.text.is_ascii() && written.bytes().any(|b| b.is_ascii_alphabetic());
        let mut sounded = Skeleton::new();
        let heard = mixed.then(|| sounded.add(&written.to_lowercase(), Reading::First)).flatten();
        heard.and_then(|()| sounded.platform()).map(|p| (i + 1, p, 1))
    }

    /// A token as it was sent.
    fn written(&self, i: usize) -> &str {
        let span = self.span(i, i + 1);
        self.original.get(span.start as usize..span.end as usize).unwrap_or_default()
    }

    /// Whether a word was written with other characters than it is read by.
    fn disguised(&self, i: usize) -> bool {
        let span = self.span(i, i + 1);
        let written = self.original.get(span.start as usize..span.end as usize).unwrap_or_default();
        self.token(i)
            .is_some_and(|t| t.text.len() != written.len() || !written.to_lowercase().eq(t.text))
    }

    /// A name in two or three parts: `тик ток`, `теле-га`, `what's app`, `т.г.`
    fn parts(&self, i: usize) -> Option<(usize, Platform, u8)> {
        let first = self.token(i)?;
        let parted = |n: usize| {
            self.token(n).is_some_and(|t| {
                t.is_gap() || matches!(t.text, "-" | "." | "'" | "/" | "*" | "_" | "|" | "+" | "\"")
            })
        };
        let word = |n: usize| self.token(n).filter(|t| t.kind == Kind::Word);
        let second = word(i + 2).filter(|_| parted(i + 1))?;
        let mut joined = Skeleton::new();
        joined.add(first.text, Reading::First)?;
        joined.add(second.text, Reading::First)?;
        let lone = |t: &Token<'_>| t.text.chars().count() == 1;
        if lone(first) && lone(second) {
            let short = matches!(joined.bytes(), b"tg" | b"ig" | b"fb");
            let marked = joined.bytes() == b"vk" && !self.gap(i + 1);
            let closed = usize::from(self.is(i + 1, ".") && self.is(i + 3, "."));
            return joined
                .platform()
                .filter(|_| short || marked)
                .map(|p| (i + 3 + closed, Platform { strength: Strength::Weak, ..p }, 2));
        }
        if matches!((first.text, second.text), ("we", "chat") | ("linked", "in")) {
            return None;
        }
        let contact = lone(first) && joined.bytes().starts_with(b"vkontakt");
        if contact {
            return joined
                .long_name()
                .map(|p| (i + 3, Platform { strength: Strength::Weak, ..p }, 0));
        }
        if lone(first) || lone(second) && !matches!(second.text, "а" | "у" | "е" | "s") {
            return None;
        }
        let alone = |t: &Token<'_>| {
            let mut skeleton = Skeleton::new();
            skeleton.add(t.text, Reading::First).and_then(|()| skeleton.platform())
        };
        if alone(first).is_none_or(|p| p.strength < Strength::Sure)
            && !lone(second)
            && let Some(p) = joined.long_name()
        {
            return Some((i + 3, p, 1));
        }
        let third = word(i + 4).filter(|t| parted(i + 3) && t.text.len() <= 10)?;
        joined.add(third.text, Reading::First)?;
        let short = first.text.len() <= 10 && second.text.len() <= 10;
        joined.long_name().filter(|_| short).map(|p| (i + 5, p, 2))
    }

    fn starts_leet(&self, i: usize) -> bool {
        let free = self.before(i).is_none_or(|t| t.kind == Kind::Space || t.is("(") || t.is("/"));
        free && self.token(i).is_some_and(|t| t.kind == Kind::Digits && t.text.len() == 1)
            && self.token(i + 1).is_some_and(|t| t.kind == Kind::Word && t.text.len() > 2)
    }

    /// A name with digits and marks for letters: `т3лега`, `wh@tsapp`, `1nsta`, `т*лега`.
    fn leet(&self, i: usize) -> Option<(usize, Platform)> {
        let free = |t: &Token<'_>| {
            t.kind == Kind::Space || matches!(t.text, "(" | "/" | "\"" | "," | ":" | "-")
        };
        if !self.before(i).is_none_or(free) {
            return None;
        }
        let part = |t: &Token<'_>| match t.kind {
            Kind::Word => true,
            Kind::Digits => t.text.len() == 1,
            Kind::Mark => matches!(t.text, "@" | "$" | "!" | "*" | "|" | "€" | "+" | "#"),
            Kind::Space => false,
        };
        let run =
            self.tokens.get(i..)?.iter().take(NAME_TOKENS_MAX).take_while(|t| part(t)).count();
        let trailing = |n: usize| {
            self.token(n).is_some_and(|t| t.kind == Kind::Mark && !matches!(t.text, "@" | "$"))
        };
        let mut to = i + run;
        while to > i && trailing(to - 1) {
            to -= 1;
        }
        if to < i + 2 {
            return None;
        }
        for reading in [Reading::First, Reading::Second] {
            let mut skeleton = Skeleton::new();
            let whole = self.tokens.get(i..to)?;
            if whole.iter().try_for_each(|t| skeleton.add(t.text, reading)).is_none() {
                continue;
            }
            if let Some(p) = skeleton.platform().filter(|p| p.strength > Strength::Weak)
                && skeleton.bytes().len() >= 4
            {
                return Some((to, p));
            }
        }
        None
    }
}

/// The tokens of a text, words of two scripts parted where the script changes, unless the whole is the
/// name of a platform; and words spread out that begin with such a name parted after it.
fn single_scripts(folded: &Folded) -> Vec<Token<'_>> {
    let all = tokens(&folded.text);
    if !all.iter().any(|t| two_scripts(t) || stretched(folded, t)) {
        return all;
    }
    let mut out = Vec::with_capacity(all.len() + 8);
    for token in all {
        let mut rest = token;
        while let Some(cut) = cut(folded, &rest) {
            let (head, tail) = rest.text.split_at(cut);
            out.push(Token { text: head, end: rest.start + cut, ..rest });
            rest = Token { text: tail, start: rest.start + cut, ..rest };
        }
        out.push(rest);
    }
    out
}

fn cyrillic(c: char) -> bool {
    matches!(c, '\u{400}'..='\u{52f}')
}

fn two_scripts(t: &Token<'_>) -> bool {
    t.kind == Kind::Word && !t.text.is_ascii() && {
        let mut letters = t.text.chars().map(cyrillic);
        letters.next().is_some_and(|first| letters.any(|next| next != first))
    }
}

/// Whether a word takes much more room in the original than its letters need.
fn stretched(folded: &Folded, t: &Token<'_>) -> bool {
    let span = folded.original(t.start, t.end);
    let room = (span.end - span.start) as usize;
    t.kind == Kind::Word && t.text.len() >= 5 && room + 1 >= t.text.len() + t.text.chars().count()
}

/// Where to part a word, as an offset in it.
fn cut(folded: &Folded, t: &Token<'_>) -> Option<usize> {
    let named = |part: &str| {
        let mut skeleton = Skeleton::new();
        skeleton.add(part, Reading::First).and_then(|()| skeleton.platform())
    };
    if two_scripts(t) {
        if named(t.text).is_some() {
            return None;
        }
        let first = t.text.chars().next().map(cyrillic)?;
        return t.text.char_indices().find(|(_, c)| cyrillic(*c) != first).map(|(at, _)| at);
    }
    if !stretched(folded, t) || named(t.text).is_some() {
        return None;
    }
    // A preposition before the name, or a handle after it.
    let second = t.text.char_indices().nth(1).map(|(at, _)| at)?;
    let ends = || t.text.char_indices().map(|(at, _)| at).filter(|at| *at >= 4).take(24);
    let sure = |part: &str| named(part).is_some_and(|p| p.strength > Strength::Weak);
    if ends().chain([t.text.len()]).any(|end| t.text.get(second..end).is_some_and(sure))
        && matches!(t.text.get(..second), Some("в" | "у" | "с" | "и" | "я" | "і"))
    {
        return Some(second);
    }
    ends().filter(|end| t.text.get(..*end).is_some_and(sure)).last()
}
