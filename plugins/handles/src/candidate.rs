//! A handle as people write one: with `@` or without, with its marks said in words, its letters apart.
//! Reads shapes; whether a shape is a contact is decided elsewhere.

use parlour_guest::scan::{Kind, Token};

use crate::lexicon::among;
use crate::scene::Scene;
use crate::words::{self, AT, COLON, DASH, DOT, HASH, LOWER, NUMBER, STOP, TECH, UNDERSCORE};

/// What may be a handle: tokens `from..to`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Candidate {
    pub from: usize,
    pub to: usize,
    /// Begins with `@`, written or said.
    pub at: bool,
    /// The `@` is said as a word.
    pub at_said: bool,
    pub underscore: bool,
    /// Shaped as no word of a language is: digits, marks, letters apart.
    pub strong: bool,
    /// Latin letters and no others.
    pub latin: bool,
    /// Marks of disguise.
    pub signs: u8,
    /// Parts of a technical name: a variable, a file, an identifier.
    pub technical: bool,
    /// Parts joined by hyphens.
    pub dashed: bool,
    pub letters: usize,
    pub digits: usize,
    /// Some part is a word of technical names.
    pub listed: bool,
}

/// Longest handle in letters and digits, with some to spare; Telegram allows 32.
const LENGTH_MAX: usize = 36;

/// Longest handle in tokens; Instagram allows 30 characters.
const TOKENS_MAX: usize = 40;

/// Endings of file names and of the names of programs.
const EXTENSIONS: &str = "js ts tsx jsx py go rs md css scss html htm php sql json xml pdf doc docx \
    xls xlsx csv zip rar png jpg jpeg gif psd svg mp3 mp4 exe net";

/// What has been read so far.
#[derive(Default)]
struct Reading {
    letters: usize,
    digits: usize,
    foreign: usize,
    underscores: usize,
    dots: usize,
    hash: bool,
    colon: bool,
    said: u8,
    spread: bool,
    technical: usize,
    parts: usize,
    stop: bool,
    dashes: usize,
    listed: bool,
}

/// Reads the handle that begins at token `i`, which may be its `@`.
pub fn read(scene: &Scene<'_>, i: usize) -> Option<Candidate> {
    if !scene.spend(5) {
        return None;
    }
    let (start, at, at_said, mut signs) = sign(scene, i);
    let digit_first = scene.token(start)?.kind == Kind::Digits;
    let mut read = Reading::default();
    let to = body(scene, start, at, &mut read)?;
    let latin = read.foreign == 0;
    let marked = read.underscores > 0 || read.dots > 0;
    let numbered = scene.among(start, "id club public");
    let mixed =
        read.digits > 0 && !digit_first && (read.letters >= 3 || numbered && read.digits >= 4);
    let strong = at && read.letters + read.foreign >= 2
        || read.underscores > 0 && read.letters + read.digits + read.foreign >= 3
        || (mixed && latin && read.dashes == 0)
        || (mixed && latin && read.letters >= 4 && read.dashes > 0)
        || read.hash
        || read.colon
        || (read.dots > 0 && latin && read.letters >= 4)
        || (read.spread && read.letters >= 3)
        || (read.dashes > 0 && read.said > 0 && latin && read.letters >= 6);
    signs = signs.saturating_add(read.said).saturating_add(u8::from(read.spread));
    let file = read.dots > 0
        && !at
        && to
            .checked_sub(1)
            .and_then(|n| scene.token(n))
            .is_some_and(|t| among(t.text, EXTENSIONS));
    let technical =
        file || read.parts > 0 && read.technical == read.parts && (marked || read.parts == 1);
    let length = read.letters + read.foreign;
    (length > 0 && length + read.digits <= LENGTH_MAX).then_some(Candidate {
        from: i,
        to,
        at,
        at_said,
        underscore: read.underscores > 0,
        strong: strong
            && (!read.stop || marked || at || read.hash || read.colon || read.digits > 0),
        latin,
        signs,
        technical: technical && !at,
        dashed: read.dashes > 0,
        letters: read.letters + read.foreign,
        digits: read.digits,
        listed: read.listed,
    })
}

/// The `@` at token `i`, if there is one: where the name begins, whether it is there, whether it is
/// said, and the marks of its disguise.
fn sign(scene: &Scene<'_>, i: usize) -> (usize, bool, bool, u8) {
    let past_gap = |n: usize| n + usize::from(scene.gap(n));
    // `(a)ivan`, `🐌ivan`: looks and names of the sign.
    if scene.token(i).is_some_and(|t| matches!(t.text, "🐌" | "🐶" | "🐕" | "🐩" | "🦮" | "ⓐ"))
    {
        return (past_gap(i + 1), true, true, 2);
    }
    if scene.is(i, "@") {
        let spaced = u8::from(scene.gap(i + 1));
        let doubled = usize::from(scene.is(i + 1, "@"));
        return (past_gap(i + 1 + doubled), true, false, spaced);
    }
    let said = |n: usize| {
        scene.token(n).is_some_and(|t| {
            t.is("@")
                || t.kind == Kind::Word
                    && (scene.meaning(n) & AT != 0 || matches!(t.text, "at" | "a" | "а"))
        })
    };
    if scene.token(i).is_some_and(|t| matches!(t.text, "(" | "[" | "{"))
        && said(i + 1)
        && scene.among(i + 2, ") ] }")
    {
        return (past_gap(i + 3), true, true, 2);
    }
    if scene.among(i, "at")
        && scene.gap(i + 1)
        && scene.among(i + 2, "sign symbol")
        && scene.gap(i + 3)
    {
        return (i + 4, true, true, 2);
    }
    let word = scene.token(i).filter(|t| t.kind == Kind::Word);
    if word.is_some() && scene.meaning(i) & AT != 0 && scene.gap(i + 1) {
        return (i + 2, true, true, 2);
    }
    (i, false, false, 0)
}

/// The name itself; returns the token after it.
fn body(scene: &Scene<'_>, start: usize, at: bool, read: &mut Reading) -> Option<usize> {
    let mut n = start;
    let mut solid = start;
    while n < start + TOKENS_MAX {
        let Some(token) = scene.token(n) else {
            break;
        };
        match token.kind {
            Kind::Word if token.text.contains('\'') && n > start => break,
            Kind::Word | Kind::Digits => {
                if n > start && (script_changes(scene, solid, n) || !scene.spend(1)) {
                    break;
                }
                part(scene, n, read);
                n += 1;
                solid = n;
            }
            Kind::Mark if token.is("_") => {
                read.underscores += 1;
                n += 1;
                solid = n;
            }
            // A mark for a letter in the name, or one that parts its words.
            Kind::Mark
                if n > start
                    && matches!(token.text, "@" | "*" | "~" | "+")
                    && inner(scene, n, at) =>
            {
                read.said = read.said.saturating_add(1);
                read.underscores += usize::from(!token.is("@"));
                n += 1;
            }
            Kind::Mark if matches!(token.text, "." | "-") && joins(scene, n, start) => {
                read.dots += usize::from(token.is("."));
                read.dashes += usize::from(token.is("-"));
                n += 1;
            }
            Kind::Mark if token.is("#") && four_digits(scene, n + 1) && n > start => {
                read.hash = true;
                return Some(n + 2);
            }
            Kind::Mark
                if token.is(":")
                    && n == start + 1
                    && scene.token(start).is_some_and(|t| t.text == "live") =>
            {
                read.colon = true;
                n += 1;
                n += usize::from(scene.is(n, "."));
            }
            Kind::Space if n > start && hash_said(scene, n) => {
                read.hash = true;
                read.said = read.said.saturating_add(1);
                return Some(n + 4);
            }
            Kind::Space
                if n == start + 1
                    && scene.among(start, "live")
                    && scene.meaning(n + 1) & COLON != 0
                    && scene.gap(n + 2) =>
            {
                read.colon = true;
                read.said = read.said.saturating_add(1);
                n += 3;
            }
            _ if !scene.said => break,
            _ => match said(scene, n, at || read.underscores > 0) {
                Some((next, mark)) if n > start => {
                    match mark {
                        "_" => read.underscores += 1,
                        "." => read.dots += 1,
                        _ => read.dashes += 1,
                    }
                    read.said = read.said.saturating_add(1);
                    n = next;
                }
                _ => match then_digits(scene, n).filter(|_| read.said > 0) {
                    Some(digits) => n = digits,
                    None => break,
                },
            },
        }
    }
    (solid > start).then_some(solid)
}

/// Counts a word or number of the name.
fn part(scene: &Scene<'_>, n: usize, read: &mut Reading) {
    let Some(token) = scene.token(n) else {
        return;
    };
    read.parts += 1;
    if token.kind == Kind::Digits {
        read.digits += token.text.len();
        read.technical += 1;
        return;
    }
    let bits = scene.meaning(n);
    read.technical += usize::from(bits & TECH != 0);
    read.listed |= bits & TECH != 0;
    read.stop |= bits & STOP != 0;
    read.spread |= scene.odd && scene.spread(n);
    for c in token.text.chars() {
        if c.is_ascii() { read.letters += 1 } else { read.foreign += 1 }
    }
}

/// Whether token `n` is of another script than the token that ended before `solid`, across a mark, and
/// does not only look so, as the `а` of `petrov_а6` does.
fn script_changes(scene: &Scene<'_>, solid: usize, n: usize) -> bool {
    let word = |n: &usize| scene.token(*n).is_some_and(|t| t.kind == Kind::Word);
    let ascii = |n: usize| scene.token(n).is_some_and(|t| t.text.is_ascii());
    let last = (solid.saturating_sub(3)..solid).rev().find(word);
    last.is_some_and(|last| {
        let joined = (last..n).any(|n| scene.is(n, "_"));
        word(&n) && ascii(last) != ascii(n) && !joined && !alike(scene, n)
    })
}

/// Whether all letters of a short word look like Latin ones.
fn alike(scene: &Scene<'_>, n: usize) -> bool {
    let latin = |c: char| "аеорсхукмтнвіјѕ".contains(c);
    scene.token(n).is_some_and(|t| t.text.len() <= 8 && t.text.chars().all(latin))
}

/// `owl hashtag 7712`: a number that ends a name on Discord, its mark said after the gap at `n`.
fn hash_said(scene: &Scene<'_>, n: usize) -> bool {
    scene.meaning(n + 1) & HASH != 0 && scene.gap(n + 2) && four_digits(scene, n + 3)
}

/// Whether a full stop or hyphen at `n` joins two parts of one name rather than ending a sentence.
fn joins(scene: &Scene<'_>, n: usize, start: usize) -> bool {
    let next = scene.token(n + 1);
    let solid = next.is_some_and(|t| matches!(t.kind, Kind::Word | Kind::Digits) || t.is("_"));
    let ascii = next.is_some_and(|t| t.text.is_ascii())
        && scene.before(n).is_some_and(|t| t.text.is_ascii());
    let after_capital = n.checked_sub(1).is_some_and(|before| scene.capital(before));
    let sentence = scene.is(n, ".") && scene.capital(n + 1) && !after_capital;
    n > start && solid && ascii && !sentence
}

/// Whether a mark at `n` stands between Latin letters; an `@` only in a name that has its own already and
/// no domain.
fn inner(scene: &Scene<'_>, n: usize, at: bool) -> bool {
    let letters = |n: usize, least: usize| {
        scene
            .token(n)
            .is_some_and(|t| t.kind == Kind::Word && t.text.is_ascii() && t.text.len() >= least)
    };
    let latin = |n: usize| letters(n, 2);
    let numbered = scene.token(n + 2).is_some_and(|t| t.kind == Kind::Digits);
    if scene.is(n, "@") {
        return at
            && scene.before(n).is_some_and(|t| t.kind == Kind::Word)
            && latin(n + 1)
            && !scene.is(n + 2, ".");
    }
    let plus = scene.is(n, "+") && !(numbered || scene.is(n + 2, "_"));
    latin(n - 1) && letters(n + 1, if numbered { 1 } else { 2 }) && !scene.is(n + 2, "*") && !plus
}

fn four_digits(scene: &Scene<'_>, n: usize) -> bool {
    scene.token(n).is_some_and(|t| t.kind == Kind::Digits && t.text.len() == 4)
}

/// Whether a full stop with space on both sides parts two words of one name rather than two sentences.
fn dot_apart(scene: &Scene<'_>, at: usize, sure: bool) -> bool {
    let again = scene.gap(at + 3) && scene.is(at + 4, ".");
    let latin = |t: &Token<'_>| {
        t.kind == Kind::Word && t.text.is_ascii() && (again || scene.meaning(at + 2) & STOP == 0)
    };
    scene.is(at, ".")
        && scene.gap(at + 1)
        && (sure || again)
        && scene.token(at + 2).is_some_and(latin)
        && !scene.capital(at + 2)
}

/// Past white space, a comma and words like "then" from one part of a spelled name to the next.
fn past_links(scene: &Scene<'_>, n: usize) -> usize {
    const THEN: &str = "потом затем далее потім далі then puis ensuite";
    let past_gap = |n: usize| n + usize::from(scene.gap(n));
    let mut at = past_gap(n);
    if scene.is(at, ",") {
        at = past_gap(at + 1);
    }
    let from = at;
    while scene.among(at, THEN) && scene.gap(at + 1) {
        at += 2;
    }
    // A comma alone parts two things.
    if at > from { at } else { past_gap(n) }
}

/// Whether a word for a mark stands between two Latin words that no list knows: `boris тире potolok`.
fn between_unknown(scene: &Scene<'_>, n: usize, at: usize) -> bool {
    let unknown = |n: usize| {
        scene.token(n).is_some_and(|t| t.kind == Kind::Word && t.text.is_ascii())
            && scene.meaning(n) == 0
    };
    unknown(n.wrapping_sub(1)) && unknown(at + 2)
}

/// Digits that go on with a spelled name: `then 55`.
fn then_digits(scene: &Scene<'_>, n: usize) -> Option<usize> {
    let at = past_links(scene, n);
    let linked = at > n + 1 && scene.token(at).is_some_and(|t| t.kind == Kind::Digits);
    linked.then_some(at)
}

/// A mark said in words after token `n`, or set apart: the token after it and the mark.
fn said(scene: &Scene<'_>, n: usize, sure: bool) -> Option<(usize, &'static str)> {
    let opens =
        |n: usize| scene.token(n).is_some_and(|t| matches!(t.text, "(" | "[" | "{" | "*" | "<"));
    let open = opens(n);
    let mut at = past_links(scene, n);
    let bracket = opens(at);
    at += usize::from(bracket);
    let bits = |n: usize| scene.meaning(n);
    if !open && at == n {
        return None;
    }
    let gap = scene.gap(at + 1);
    let du = scene.token(at + 2).is_some_and(|t| t.text == "du");
    let low = scene.token(at).is_some_and(|t| t.text.starts_with("нижн"));
    let short = |n: usize| {
        bits(n) == 0 && scene.token(n).is_some_and(|t| among(t.text, words::UNDERSCORES))
    };
    // `нижнее подчёркивание`, `under score`, `tiret bas`, `tiret du bas`.
    let two = gap
        && ((low || bits(at) & LOWER != 0)
            && (bits(at + 2) & (UNDERSCORE | DASH) != 0 || short(at + 2))
            || bits(at) & DASH != 0 && bits(at + 2) & LOWER != 0);
    let three = gap && bits(at) & DASH != 0 && du && bits(at + 4) & LOWER != 0;
    let (mut end, mark) = if two || three {
        (at + if three { 5 } else { 3 }, "_")
    } else if scene.is(at, "_") || bits(at) & UNDERSCORE != 0 || low || short(at) {
        (at + 1, "_")
    } else if bits(at) & DOT != 0 || scene.gap(n) && dot_apart(scene, at, sure) {
        (at + 1, ".")
    } else if bits(at) & DASH != 0 && (sure || between_unknown(scene, n, at)) {
        (at + 1, "-")
    } else {
        return None;
    };
    if bracket {
        end += usize::from(scene.among(end, ") ] } * >"));
    }
    let parted = scene.gap(end);
    end = past_links(scene, end);
    let follows = scene.token(end).is_some_and(|t| matches!(t.kind, Kind::Word | Kind::Digits));
    let next_said = parted && bits(end) & words::BETWEEN != 0 && mark == ".";
    (follows && !next_said).then_some((end, mark))
}

impl Candidate {
    /// With what belongs to it on either side: an English `at`, a letter of another script that is glued
    /// to it, numbers in words after a mark in words.
    pub fn whole(mut self, scene: &Scene<'_>) -> Self {
        let before = self.from.checked_sub(2);
        if !self.at
            && before.is_some_and(|n| scene.gap(n + 1))
            && before.is_some_and(|n| scene.among(n, "at"))
        {
            self.from -= 2;
        }
        let sign = self.from.checked_sub(4).filter(|n| scene.among(n + 2, "sign symbol"));
        if let Some(at) = sign.filter(|n| !self.at && scene.among(*n, "at") && scene.gap(n + 3)) {
            self.from = at;
        }
        let glued = scene.before(self.from).is_some_and(|t| {
            t.kind == Kind::Word && t.text.chars().nth(1).is_none() && !t.text.is_ascii()
        });
        self.from -= usize::from(glued);
        let number = |n: usize| {
            scene.token(n).is_some_and(|t| scene.meaning(n) & NUMBER != 0 && t.text != "номер")
        };
        while self.underscore && self.signs > 0 && scene.gap(self.to) && number(self.to + 1) {
            self.to += 2;
        }
        self
    }

    /// What is a contact by what stands around it alone.
    pub fn shapeless(from: usize, to: usize) -> Self {
        Self {
            from,
            to,
            at: false,
            at_said: false,
            underscore: false,
            strong: true,
            latin: false,
            signs: 0,
            technical: false,
            dashed: false,
            letters: 0,
            digits: 0,
            listed: false,
        }
    }

    /// A Latin word that no list knows and that may be a handle once it is announced.
    pub fn plain(&self, scene: &Scene<'_>) -> bool {
        let word = scene.token(self.from).filter(|_| self.to == self.from + 1);
        self.latin
            && self.letters >= 3
            && word.is_some_and(|t| {
                t.kind == Kind::Word && !t.text.contains('\'') && scene.meaning(self.from) == 0
            })
    }
}
