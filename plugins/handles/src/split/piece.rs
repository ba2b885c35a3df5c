//! A message as a piece of a name: what leads to the piece, the piece, and what is said of it. Whether it
//! is one at all, other messages decide.

use parlour_guest::scan::Kind;

use super::table::{CHAT, DOMAIN, PART as PARTS, told};
use crate::candidate::{Candidate, read};
use crate::lexicon::{ascii_only, single};
use crate::scene::Scene;
use crate::weigh::{english_form, provider};
use crate::words::{
    AFTER, AT, BEFORE, BETWEEN, CALL, CALL_LAST, CALL_LOOSE, DASH, DOT, FILL, GIVE, HASH, LOWER,
    MINE, NICK as NAMES, NUMBER, PREP, SPELLING, STOP, UNDERSCORE, WORK,
};

/// What may be a piece of a name, or a whole one: where it stands in the original, in bytes, and what it is.
#[derive(Clone, Copy, Default)]
pub struct Piece {
    /// 0 is the current message, n the n-th before it.
    pub number: u32,
    pub start: u32,
    pub end: u32,
    /// How many letters it has.
    pub letters: u32,
    pub is: u32,
}

/// Its own shape says that it is a name.
pub const SHAPED: u32 = 1;
/// Begins or ends with a mark of names, written or said, or is nothing else.
pub const MARK: u32 = 1 << 1;
/// Ends with one: something follows.
pub const OPEN: u32 = 1 << 2;
/// Begins with `@`.
pub const SIGN: u32 = 1 << 3;
/// What stands around it says that it is a part.
pub const PART: u32 = 1 << 4;
/// A Latin word that no list knows.
pub const PLAIN: u32 = 1 << 5;
/// A word for a name stands beside it.
pub const NICK: u32 = 1 << 6;
/// A piece only beside a mark: a word of another script, or a known one.
pub const KNOWN: u32 = 1 << 7;
/// A piece only behind a mark: other words follow.
pub const LOOSE: u32 = 1 << 8;
/// There is at most one other word.
pub const ALONE: u32 = 1 << 9;
/// It begins with a capital letter.
pub const CAPITAL: u32 = 1 << 10;
/// It looks like an English word by its ending.
pub const WORD: u32 = 1 << 14;
/// The half of an address.
pub const HALF: u32 = 1 << 11;
/// The end of one.
pub const END: u32 = 1 << 12;
/// A single letter.
pub const LETTER: u32 = 1 << 13;

impl Piece {
    pub fn is(&self, what: u32) -> bool {
        self.is & what != 0
    }

    #[inline(never)]
    fn set(&mut self, what: u32, when: bool) {
        self.is |= if when { what } else { 0 };
    }
}

/// Most words that lead to a piece.
const LEADS_MAX: usize = 6;
/// Most words that are said of it, and of these that no list knows.
const REMARK_MAX: usize = 8;
const UNKNOWN_MAX: usize = 4;

const MARKS: u32 = UNDERSCORE | LOWER | DOT | DASH | AT | HASH;
const LEADS: u32 =
    BETWEEN | MINE | NAMES | PREP | CALL | CALL_LOOSE | GIVE | FILL | AFTER | BEFORE | SPELLING;

/// The piece that the tokens from `start` on are.
#[inline(never)]
pub fn piece(scene: &Scene<'_>, start: usize) -> Option<Piece> {
    let mut piece = Piece::default();
    let first = lead(scene, start, &mut piece)?;
    let (from, to) = body(scene, first, &mut piece)?;
    remark(scene, to, &mut piece)?;
    // With one word before it, if any.
    let led = scene.next(first) - scene.next(start);
    piece.set(ALONE, led < 2 && scene.next(to) == scene.terms.len());
    let span = scene.span(from, to);
    (piece.start, piece.end) = (span.start, span.end);
    let under = (from..to).any(|n| scene.is(n, "_"));
    let dots = (from..to).filter(|n| scene.is(*n, ".")).count();
    piece.set(HALF, !under && dots < 2 && provider(scene, from, to));
    // `.com`, `точка ru`
    let dot = scene.is(from, ".") || scene.meaning(from) & DOT != 0;
    piece.set(END, dot && told(scene, to - 1) & DOMAIN != 0);
    Some(piece)
}

/// Past the words and marks that lead to a piece.
fn lead(scene: &Scene<'_>, start: usize, piece: &mut Piece) -> Option<usize> {
    let mut n = start;
    let mut words = 0;
    loop {
        let token = scene.token(n)?;
        match token.kind {
            Kind::Space => {}
            Kind::Mark => match token.text {
                "@" | "_" => return Some(n),
                // `#5512`
                "#" if scene.kind_is(n + 1, Kind::Digits) => return Some(n),
                "/" | "+" | "#" | "$" | "=" => return None,
                "." if scene.before(n).is_none_or(|t| t.kind == Kind::Space) => return Some(n),
                _ => {}
            },
            // `1) ivan`, `часть 2: petrov`
            Kind::Digits
                if token.text.len() == 1
                    && (scene.among(n + 1, row!(") : -"))
                        || scene.gap(n + 1) && piece.is(PART)) => {}
            Kind::Digits => return Some(n),
            Kind::Word => {
                let (_, term) = scene.term_at(n)?;
                let word = told(scene, n);
                let glued = scene.is(term.to, "_")
                    || scene.kind_is(term.to, Kind::Digits)
                    || scene.is(term.to, ".") && scene.joined(term.to);
                if term.platform.is_some() && !glued {
                    return None;
                }
                // The last word is the piece if any is.
                let last = (words == 0
                    || piece.is(PART) && !term.means(NAMES) && word & PARTS == 0)
                    && (ascii_only(token.text) || single(token.text))
                    && !(term.to..scene.tokens.len()).any(|n| scene.solid(n));
                let leads = word != 0 || term.means(LEADS);
                let mark = word & PARTS == 0 && term.means(MARKS);
                if glued || last || !leads || mark {
                    return Some(n);
                }
                piece.set(PART, word & PARTS != 0 || term.means(SPELLING));
                piece.set(NICK, term.means(NAMES));
                words += 1;
                if words > LEADS_MAX {
                    return None;
                }
                n = term.to - 1;
            }
        }
        n += 1;
    }
}

/// The piece at token `n`: where it begins and ends.
fn body(scene: &Scene<'_>, n: usize, piece: &mut Piece) -> Option<(usize, usize)> {
    let token = scene.token(n)?;
    let mut from = n;
    let mut last = n;
    // `нижнее подчёркивание`, `tiret du bas`
    while let Some((_, term)) = scene.term_at(from)
        && (term.means(MARKS) || last > n && scene.among(from, row!("du")))
    {
        last = term.to;
        from = last + usize::from(scene.gap(last));
        piece.set(SIGN, term.means(AT));
    }
    if last > n {
        piece.set(MARK, true);
        // `крапка odiag`, `underscore and petrov`: the mark and what it leads to.
        let linked = told(scene, from) & PARTS != 0 || scene.among(from, row!("и й та and et"));
        let next = from + if linked && scene.gap(from + 1) { 2 } else { 0 };
        let start = if linked { next } else { n };
        if let Some(c) = read(scene, next).filter(|c| c.latin) {
            piece.letters = u32::from(c.letters);
            return Some((start, c.to));
        }
        if scene.kind_is(next, Kind::Digits) {
            return Some((start, next + 1));
        }
        piece.set(OPEN, true);
        return Some((n, last));
    }
    let c = read(scene, n).filter(|c| !c.technical);
    if token.kind == Kind::Mark {
        piece.set(MARK, true);
        piece.set(SIGN, token.is("@"));
        if let Some(c) = c.filter(|c| c.latin) {
            shape(scene, &c, piece);
            return Some((n, c.to));
        }
        let to = (n..).find(|n| !scene.solid(*n))?;
        piece.set(OPEN, to == n + 1);
        return (n..to).all(|n| ascii_only(scene.text(n))).then_some((n, to));
    }
    let Some(c) = c else {
        const DIGITS_MAX: usize = 9;
        let number = token.kind == Kind::Digits && token.text.len() <= DIGITS_MAX;
        piece.set(KNOWN, token.text.len() > 4);
        // `id 401`
        piece.set(MARK | OPEN, piece.is(NICK));
        return number.then_some((n, n + 1));
    };
    shape(scene, &c, piece);
    // A word of another script only by itself.
    let next = c.to + usize::from(scene.gap(c.to));
    let end = !scene.solid(next) || scene.is(next, ",");
    let alone = scene.terms.len() < 2 || piece.is(PART | NICK) && end;
    // `foto.`: the mark goes on in the next message.
    let dot = c.latin
        && (scene.terms.len() < 2 || piece.is(PART))
        && scene.among(c.to, row!(". #"))
        && scene.token(c.to + 1).is_none()
        // `tosik# мой дискорд`
        || c.latin && scene.is(c.to, "#") && scene.gap(c.to + 1);
    piece.set(MARK | OPEN, dot);
    (c.latin || piece.is(SHAPED) || alone).then_some((n, c.to + usize::from(dot)))
}

/// What the shape of a candidate tells.
fn shape(scene: &Scene<'_>, c: &Candidate, piece: &mut Piece) {
    let word = scene.meaning(c.from);
    let single = c.to == c.from + 1;
    let letter = c.letters < 2 && single && told(scene, c.from) == 0;
    let listed = word & (STOP | WORK | NUMBER) != 0 || told(scene, c.from) & (CHAT | PARTS) != 0;
    let known = single && !letter && listed;
    let shaped = c.strong && (c.underscore || c.at || c.digits > 0 || c.latin);
    let shaped = shaped && !known && !code(scene, c);
    piece.letters = u32::from(c.letters);
    piece.set(LETTER, letter);
    // `id77`
    let id = scene.among(c.from, row!("id ид")) && c.to == c.from + 2;
    piece.set(MARK | OPEN, id || scene.among(c.to - 1, row!("_ . -")));
    piece.set(SIGN, c.at);
    piece.set(CAPITAL, scene.capital(c.from));
    piece.set(WORD, english_form(scene, c));
    piece.set(SHAPED, shaped);
    piece.set(PLAIN, c.latin && !known && (word == 0 || !single || letter));
    piece.set(KNOWN, !(shaped || letter || c.underscore || c.at || c.latin && !known));
}

/// Whether a name has capital letters as codes of goods do: `LG_55`, `iPhone13`.
fn code(scene: &Scene<'_>, c: &Candidate) -> bool {
    let span = scene.span(c.from, c.to);
    let written = scene.original.as_bytes().get(span.start as usize..span.end as usize);
    let written = written.unwrap_or_default();
    let codes = written
        .windows(2)
        .any(|w| matches!(w, [a, b] if a.is_ascii_alphanumeric() && b.is_ascii_uppercase()));
    let whole = !written.iter().any(u8::is_ascii_lowercase);
    codes && !c.at && !(whole && c.letters > 7)
}

/// What is said of a piece behind it.
fn remark(scene: &Scene<'_>, to: usize, piece: &mut Piece) -> Option<()> {
    let (mut words, mut unknown) = (0, 0);
    for n in to..scene.tokens.len() {
        match scene.tokens.get(n)?.kind {
            Kind::Mark if scene.among(n, row!("/ = @ _")) => return None,
            // `404 без пробелов, жду заявку`
            Kind::Mark if piece.is(PART) && scene.among(n, row!(", . ! ;")) => break,
            Kind::Space | Kind::Mark => {}
            Kind::Digits => {
                words += 1;
                unknown += 1;
            }
            Kind::Word => {
                let Some((_, term)) = scene.term_at(n).filter(|(_, t)| t.from == n) else {
                    continue;
                };
                let word = told(scene, n);
                let platform = term.platform.is_some();
                piece.set(PART, word & PARTS != 0 || term.means(SPELLING));
                piece.set(NICK, term.means(NAMES));
                piece.set(END, piece.is(OPEN) && word & DOMAIN != 0);
                let of_it = word & PARTS != 0
                    || platform
                    || term.means(SPELLING | MINE | NAMES | CALL | CALL_LAST);
                let known = word != 0 || term.bits != 0 || platform;
                let bare = !piece.is(SHAPED | MARK) && ascii_only(scene.text(n));
                unknown += usize::from(!known || words == 0 && bare && !of_it);
                words += 1;
            }
        }
    }
    piece.set(LOOSE, unknown > 0 && (!piece.is(MARK) || piece.is(OPEN)));
    (words <= REMARK_MAX && unknown <= UNKNOWN_MAX).then_some(())
}
