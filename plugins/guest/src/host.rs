//! Host names as people write them, plainly or so that a filter should not see them. Knows which top
//! level domains there are; what a host is for is the caller's matter.

use crate::list::{Gate, Row, one_of};
use crate::scan::{Kind, Token, Words};
use crate::tld::{Tld, tld};

mod path;

pub use path::{is_slash, path_follows, path_is_said, read_dotless, spoken_path};

/// A host name found among tokens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Host {
    /// Lower case, labels joined by dots; transliterated top-level domains as they were written.
    pub name: String,
    /// Index of the first token after it.
    pub end: usize,
    /// The most disguised of its dots.
    pub dots: Dots,
    pub tld: Tld,
    /// How many labels it has.
    pub labels: usize,
}

/// How a dot was written, from plain to disguised.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Dots {
    Plain,
    /// White space only after it, as between sentences.
    Loose,
    /// White space before it, or another mark in its place.
    Apart,
    /// A word that also means something else, as the French `point`.
    Pointed,
    /// A word.
    Spoken,
    /// A word or a mark in brackets.
    Bracketed,
}

/// Most tokens of one label; DNS allows 63 characters.
const LABEL_TOKENS_MAX: usize = 64;

/// Longest name read; DNS allows 253.
const NAME_MAX: usize = 260;

/// Most labels of one host. What has more is read from a later label on, where the top-level domain is.
const LABELS_MAX: usize = 10;

/// The same of a host with a dot in disguise.
const TOLD_MAX: usize = 5;

/// Words for a dot.
static DOT_WORDS: Row = Row::of(
    "dot dott krapka period point punkt punto tochka tochku дат дот крапка крапку крапочка \
     кропка нүкте поинт пойнт точечка точка точкой точку точько тчк тчка чекит",
);

/// Those of them that are more often something else.
const POINT_WORDS: &str = "period point punkt punto поинт пойнт";

/// Words for a hyphen inside a name, and for an underscore.
static DASHES: Row = Row::of(
    "dash defis hyphen minus soulignement tire tiret underbar underline underscore андерскор \
     дефис дефіс минус мінус нижнеподчеркивание подчерк подчеркивание подчёркивание прочерк \
     підкреслення підкреслювання тире черточка чёрточка",
);

/// Those for a hyphen.
const HYPHENS: &str = "dash defis hyphen minus tire tiret дефис дефіс минус мінус прочерк тире черточка \
     чёрточка";

/// Adjectives that may precede the word for an underscore.
static LOW: Row = Row::of("нижнее нижний нижня нижняя нижнє");

/// Top-level domains before which a comma is a mistyped dot.
static SURE: Row = Row::of("by com fr info kz net org pro ru su ua ком ру рф");

fn word_in(token: &Token<'_>, words: &Row) -> bool {
    token.kind == Kind::Word && words.contains(token.text)
}

fn dot_word(token: &Token<'_>) -> Option<Dots> {
    // The commonest are told at once.
    if matches!(token.text, "dot" | "точка") {
        return Some(Dots::Spoken);
    }
    let pointed = || one_of(POINT_WORDS, token.text);
    word_in(token, &DOT_WORDS).then(|| if pointed() { Dots::Pointed } else { Dots::Spoken })
}

/// What a word for a hyphen or an underscore stands for.
fn dash_word(word: &str) -> Option<char> {
    DASHES.contains(word).then(|| if one_of(HYPHENS, word) { '-' } else { '_' })
}

/// A gate that lets the words for a dot through too.
#[must_use]
pub const fn dot_words<const N: usize>(gate: Gate<N>) -> Gate<N> {
    DOT_WORDS.gate(gate)
}

/// Whether a word says a dot.
#[must_use]
pub fn is_dot(token: &Token<'_>) -> bool {
    dot_word(token).is_some()
}

/// The dot that begins at token `i`: how many tokens it takes and how it was written.
#[must_use]
pub fn dot(tokens: &[Token<'_>], i: usize) -> Option<(usize, Dots)> {
    let here = tokens.get(i)?;
    let gap = |n: usize| crate::scan::gap(tokens, n);
    let short = |t: &Token<'_>| one_of("pt p т тч тк кр", t.text);
    let inner = |t: &Token<'_>| t.is(".") || dot_word(t).is_some() || short(t);
    if here.is(".") {
        if crate::scan::marks(tokens, i + 1, b'.')
            && tokens.get(i + 2).is_some_and(|t| word_in(t, &SURE))
        {
            return Some((2, Dots::Apart));
        }
        return Some(if gap(i + 1) { (2, Dots::Loose) } else { (1, Dots::Plain) });
    }
    if here.kind == Kind::Mark {
        if let Some(length) = bracketed(tokens, i, &inner).or_else(|| zero_in_brackets(tokens, i)) {
            return Some((length + usize::from(gap(i + length)), Dots::Bracketed));
        }
        return mistyped(tokens, i).map(|length| (length, Dots::Apart));
    }
    if here.is_gap() {
        let next = tokens.get(i + 1)?;
        if next.kind == Kind::Word {
            if gap(i + 2) {
                return dot_word(next).map(|dots| (3, dots));
            }
            let spelled = gap(i + 4) && spelled_with_zero(tokens, i + 1);
            return spelled.then_some((5, Dots::Spoken));
        }
        if next.is(".") {
            return Some((if gap(i + 2) { 3 } else { 2 }, Dots::Apart));
        }
        // `shop 🔵 com`
        let symbol = next.kind == Kind::Mark && !next.text.is_ascii();
        if symbol && let Some(length) = mistyped(tokens, i + 1) {
            return Some((1 + length, Dots::Apart));
        }
        let name = tokens.get(i.wrapping_sub(1));
        let long = name.is_some_and(|t| t.text.len() > 5 && t.text.is_ascii());
        let com =
            |t: &Token<'_>| one_of("com net org", t.text) || long && matches!(t.text, "ru" | "ua");
        if symbol && gap(i + 2) && tokens.get(i + 3).is_some_and(com) {
            return Some((3, Dots::Apart));
        }
        if let Some(length) =
            bracketed(tokens, i + 1, &inner).or_else(|| zero_in_brackets(tokens, i + 1))
        {
            let end = 1 + length + usize::from(gap(i + 1 + length));
            return Some((end, Dots::Bracketed));
        }
    }
    None
}

/// Second labels of names that end with two: `shop,co,uk`.
const SECONDS: &str = "co com org net gov edu ac";

/// How many tokens a mark in place of a dot takes: `shop,ru`, `shop,,com`, `shop•ru`, `shop,co,uk`.
fn mistyped(tokens: &[Token<'_>], i: usize) -> Option<usize> {
    let mark = tokens.get(i)?;
    let word = |n: usize| tokens.get(n).filter(|t| t.kind == Kind::Word);
    let doubled = usize::from(tokens.get(i + 1).is_some_and(|t| t.is(mark.text)));
    let next = word(i + 1 + doubled)?;
    // Marks that are no part of sentences glue two labels together too.
    let usual = matches!(mark.text, "," | "*")
        || !mark.text.is_ascii() && one_of("• · ∙ ⋅ ● ‧ ▪ …", mark.text)
        || doubled == 1 && matches!(mark.text, ";" | ":")
        || !mark.text.is_ascii()
            && mark.text > "\u{2500}"
            && one_of("com net org ru ua kz fr", next.text)
            && i.checked_sub(1).and_then(word).is_some_and(|t| {
                t.text.is_ascii() && (t.text.len() > 3 || one_of(SECONDS, t.text))
            });
    let country = |n: usize| word(n).is_some_and(|t| t.text.len() == 2 && tld(t.text).is_some());
    let same = |n: usize| tokens.get(n).is_some_and(|t| t.is(mark.text));
    let chain = || {
        doubled == 0
            && (one_of(SECONDS, next.text) && same(i + 2) && country(i + 3)
                || country(i + 1)
                    && same(i.wrapping_sub(2))
                    && word(i - 1).is_some_and(|t| one_of(SECONDS, t.text)))
    };
    // `oakdoors•shop`
    let bullet = || {
        let name = i.checked_sub(1).and_then(word);
        !mark.text.is_ascii()
            && next.text.len() > 3
            && name.is_some_and(|t| t.text.is_ascii() && t.text.len() > 5)
            && tld(next.text).is_some()
            && !same(i + 2)
    };
    (usual && (word_in(next, &SURE) || chain() || bullet())).then_some(1 + doubled)
}

/// `(d0t)`: how many tokens.
fn zero_in_brackets(tokens: &[Token<'_>], i: usize) -> Option<usize> {
    let mark = |n: usize| crate::scan::text(tokens, n);
    let closed = matches!(
        (mark(i), mark(i + 4)),
        ("(", ")") | ("[", "]") | ("{", "}") | ("<", ">") | ("*", "*")
    );
    (closed && spelled_with_zero(tokens, i + 1)).then_some(5)
}

/// `d0t`, `т0чка`.
fn spelled_with_zero(tokens: &[Token<'_>], i: usize) -> bool {
    let text = |n: usize| crate::scan::text(tokens, n);
    let word = (text(i), text(i + 2));
    text(i + 1) == "0" && matches!(word, ("d", "t") | ("т", "чка") | ("t", "chka") | ("д", "т"))
}

/// The spoken hyphen or underscore that begins at token `i`, a gap: how many tokens it takes with the
/// gaps around, and what it stands for.
#[must_use]
pub fn dash(tokens: &[Token<'_>], i: usize) -> Option<(usize, char)> {
    let gap = |n: usize| crate::scan::gap(tokens, n);
    let mut n = i + 1;
    let known = |t: &Token<'_>| t.kind == Kind::Word && dash_word(t.text).is_some();
    let open = i + usize::from(gap(i));
    if let Some(length) = bracketed(tokens, open, &known) {
        let word = tokens.get(open + 1..open + length)?.iter().find(|t| known(t))?.text;
        let end = open + length;
        return Some((end + usize::from(open > i && gap(end)) - i, dash_word(word)?));
    }
    tokens.get(i).filter(|t| t.is_gap())?;
    if tokens.get(n).is_some_and(|t| word_in(t, &LOW)) && gap(n + 1) {
        n += 2;
    }
    let word = tokens.get(n).filter(|t| t.kind == Kind::Word)?.text;
    let said = |n: usize, word: &str| tokens.get(n).is_some_and(|t| t.text == word);
    let tiret = word == "tiret";
    // On French keyboards it lies on the 8; the hyphen lies on the 6.
    let key = |words: &str| one_of(words, crate::scan::text(tokens, n + 4));
    let low = tiret && said(n + 2, "du") && key("bas 8 huit 6 six");
    let bas = tiret && said(n + 2, "bas");
    let stands = if low && !key("6 six") || bas { '_' } else { dash_word(word)? };
    n += if low {
        4
    } else if bas {
        2
    } else {
        0
    };
    gap(n + 1).then_some((n + 2 - i, stands))
}

/// How many tokens a bracketed word takes: an opening mark, the word, a closing mark, with white
/// space inside allowed.
#[must_use]
pub fn bracketed(
    tokens: &[Token<'_>],
    i: usize,
    inner: &dyn Fn(&Token<'_>) -> bool,
) -> Option<usize> {
    let close = match tokens.get(i).filter(|t| t.kind == Kind::Mark)?.text {
        "(" => ")",
        "[" => "]",
        "{" => "}",
        "<" => ">",
        "【" => "】",
        "‹" => "›",
        "." | "," | "#" | ";" | "?" | ")" | "]" | "}" | ">" | "@" => return None,
        same if same.is_ascii() => same,
        _ => return None,
    };
    // `((at))`
    let twice = usize::from(tokens.get(i + 1).map(|t| t.text) == tokens.get(i).map(|t| t.text));
    let mut n = i + 1 + twice;
    n += usize::from(crate::scan::gap(tokens, n));
    if !tokens.get(n).is_some_and(inner) {
        return None;
    }
    n += 1;
    n += usize::from(crate::scan::gap(tokens, n));
    let closed = (n..=n + twice).all(|n| crate::scan::text(tokens, n) == close);
    closed.then_some(n + twice + 1 - i)
}

/// A label: letters, digits, inner hyphens and underscores, without white space; hyphens may be
/// spoken. Returns the index after it.
fn label(tokens: &[Token<'_>], i: usize, name: &mut String) -> Option<usize> {
    let mut n = i;
    let mut solid = i;
    let mut length = name.len();
    while let Some(t) = tokens.get(n).filter(|_| n - i < LABEL_TOKENS_MAX) {
        match t.kind {
            Kind::Word | Kind::Digits if t.text.bytes().all(|b| b != b'\'') => {
                n += 1;
                solid = n;
                name.push_str(t.text);
                length = name.len();
            }
            Kind::Mark if matches!(t.text, "-" | "_") && n > i => {
                if tokens.get(n + 1).is_some_and(|t| dot_word(t).is_some()) {
                    break;
                }
                n += 1;
                name.push_str(t.text);
            }
            Kind::Space | Kind::Mark if n > i && solid == n => {
                let Some((taken, stands)) = dash(tokens, n) else {
                    break;
                };
                n += taken;
                name.push(stands);
            }
            _ => break,
        }
    }
    name.truncate(length);
    (solid > i && name.len() <= NAME_MAX).then_some(solid)
}

/// Words for a dot that are read inside a word, as in `mailточкаru`.
const RUN_ON: &str = "точка тчк крапка tochka";

/// Whether a word is long enough to hold one of [`RUN_ON`] and has two letters of them that are rarer
/// than the others: `чк`, `пк` or `hk`.
#[must_use]
pub fn may_run_on(word: &str) -> bool {
    /// Of letters of two bytes.
    const WIDE: usize = 16;
    let bytes = word.as_bytes();
    let wide = |at: Option<&u8>| at.is_some_and(|byte| *byte >= 0x80);
    if bytes.len() < WIDE && wide(bytes.first()) && wide(bytes.last()) {
        return false;
    }
    let rare = |n: usize| match bytes.get(n) {
        Some(0x87 | 0xbf) => bytes.get(n + 1..n + 3) == Some(&[0xd0, 0xba]),
        Some(b'h') => bytes.get(n + 1) == Some(&b'k'),
        _ => false,
    };
    bytes.len() > 8 && (0..bytes.len()).any(rare)
}

/// Whether a word is a top-level domain before which any mark is a dot.
#[must_use]
pub fn is_sure(word: &str) -> bool {
    SURE.contains(word)
}

/// Whether token `i` is a word or number with another after white space, so that there is no dot or
/// hyphen which would make a host of it.
fn stands_alone(tokens: &[Token<'_>], i: usize) -> bool {
    let plain = |t: &Token<'_>| match t.kind {
        Kind::Digits => true,
        Kind::Word => {
            t.text.len() > 2
                && dot_word(t).is_none()
                && dash_word(t.text).is_none()
                && !LOW.contains(t.text)
        }
        Kind::Space | Kind::Mark => false,
    };
    tokens.get(i).is_some_and(|t| t.is_solid() && !may_run_on(t.text))
        && tokens.get(i + 1).is_some_and(|t| t.kind == Kind::Space)
        && tokens.get(i + 2).is_some_and(plain)
}

/// A word that holds its dots in words: the name with real dots, and how many labels it has.
fn run_on(word: &str) -> Option<(String, usize)> {
    if !may_run_on(word) {
        return None;
    }
    let dot = Words::of(RUN_ON).find(|d| word.len() > d.len() + 2 && find(word, d).is_some())?;
    let mut name = String::new();
    let mut labels = 1;
    let mut rest = word;
    while let Some(at) = find(rest, dot) {
        if at == 0 {
            return None;
        }
        name.push_str(rest.get(..at)?);
        name.push('.');
        labels += 1;
        rest = rest.get(at + dot.len()..)?;
    }
    name.push_str(rest);
    // `фоточками` holds no dot.
    let sound = name.is_ascii() || SURE.contains(rest) || tld(rest) == Some(Tld::Plain);
    (!rest.is_empty() && sound).then_some((name, labels))
}

/// Where `part` first stands in a short text.
#[must_use]
#[inline(never)]
pub fn find(text: &str, part: &str) -> Option<usize> {
    let part = part.as_bytes();
    text.as_bytes().windows(part.len().max(1)).position(|w| w.get(1) == part.get(1) && w == part)
}

/// Two labels with a dot between.
#[must_use]
pub fn dotted(label: &str, last: &str) -> String {
    let mut name = String::with_capacity(label.len() + last.len() + 1);
    name.push_str(label);
    name.push('.');
    name.push_str(last);
    name
}

/// A label behind a dot that a host may end with.
#[derive(Clone, Copy)]
struct Label {
    /// Where it lies in the name.
    from: usize,
    to: usize,
    /// The token behind it.
    end: usize,
    /// The most disguised dot so far.
    dots: Dots,
    /// How many labels there are with it.
    labels: usize,
}

/// Reads the host that begins at token `i`: at least two labels of which the last is a top-level
/// domain. The longest such name is taken.
#[must_use]
pub fn read(tokens: &[Token<'_>], i: usize) -> Option<Host> {
    if stands_alone(tokens, i) {
        return None;
    }
    let mut name = String::new();
    let mut n = label(tokens, i, &mut name)?;
    let mut dots = Dots::Plain;
    let mut labels = 1;
    // `it is good. shop.com`: what joins the first two is as in all others, or ends a sentence.
    let mut sentence = false;
    let mut read: Vec<Label> = Vec::new();
    if let Some((whole, parts)) = run_on(&name) {
        (name, labels, dots) = (whole, parts, Dots::Spoken);
        let from = name.len() - crate::scan::behind(&name, b'.').len();
        read.push(Label { from, to: name.len(), end: n, dots, labels });
    }
    while labels < if dots > Dots::Plain { TOLD_MAX } else { LABELS_MAX }
        && let Some((length, written)) = dot(tokens, n)
    {
        name.push('.');
        let from = name.len();
        let Some(after) = label(tokens, n + length, &mut name) else {
            break;
        };
        sentence |= labels == 1 && written == Dots::Loose;
        labels += 1;
        dots = dots.max(written);
        if !sentence || written == Dots::Loose {
            read.push(Label { from, to: name.len(), end: after, dots, labels });
        }
        let single = |text: &str| text.chars().nth(1).is_none();
        // `. u a`, `.u.a`
        if name.get(from..).is_some_and(single)
            && matches!(dots, Dots::Apart | Dots::Plain)
            && let Some(second) = tokens.get(after + 1).filter(|t| single(t.text))
            && let apart = [name.get(from..)?, second.text].concat()
            && (crate::scan::gap(tokens, after) && SURE.contains(&apart)
                || crate::scan::marks(tokens, after, b'.')
                    && from > 5
                    && one_of("ru ua ру юа рф", &apart))
            && let Some(tld) = tld(&apart)
        {
            name.push_str(second.text);
            return Some(Host { name, end: after + 2, dots, tld, labels });
        }
        n = after;
    }
    let last = |label: &Label| Some((*label, tld(name.get(label.from..label.to)?)?));
    let (Label { to, end, dots, labels, .. }, tld) = read.iter().rev().find_map(last)?;
    name.truncate(to);
    Some(Host { name, end, dots, tld, labels })
}
