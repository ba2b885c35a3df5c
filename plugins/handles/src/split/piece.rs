//! A message as a piece of a name: what leads to the piece, the piece, and what is said of it. Whether it
//! is one at all, other messages decide.

use parlour_guest::scan::Kind;

use super::table::{CHAT, DOMAIN, PART, tells};
use crate::candidate::{Candidate, read};
use crate::lexicon::ascii_only;
use crate::scene::Scene;
use crate::weigh::{english_form, provider};
use crate::words::{
    AFTER, AT, BETWEEN, CALL, CALL_LAST, CALL_LOOSE, DASH, DOT, FILL, GIVE, HASH, LOWER, MINE,
    NICK, PREP, SPELLING, STOP, UNDERSCORE, WORK,
};

/// What may be a piece of a name, or a whole one.
#[derive(Clone, Copy, Debug, Default)]
pub struct Piece {
    /// Where it stands in the original, in bytes.
    pub place: (u32, u32),
    /// Its own shape says that it is a name.
    pub shaped: bool,
    /// Begins or ends with a mark of names, written or said, or is nothing else.
    pub mark: bool,
    /// Ends with one: something follows.
    pub open: bool,
    /// Begins with `@`.
    pub at: bool,
    /// What stands around it says that it is a part.
    pub part: bool,
    /// A Latin word that no list knows.
    pub plain: bool,
    /// It looks like an English word by its ending.
    pub form: bool,
    /// A word for a name stands beside it.
    pub own: bool,
    /// A piece only beside a mark: a word of another script, or a known one.
    pub known: bool,
    /// A piece only behind a mark: other words follow.
    pub loose: bool,
    /// There is no other word.
    pub alone: bool,
    /// It begins with a capital letter.
    pub capital: bool,
    /// The half of an address.
    pub half: bool,
    /// The end of one.
    pub domain: bool,
    pub letters: usize,
}

/// Most words that lead to a piece.
const LEADS_MAX: usize = 6;
/// Most words that are said of it.
const REMARK_MAX: usize = 8;
/// Most words of those that no list knows, behind a mark.
const UNKNOWN_MAX: usize = 4;

const MARKS: u32 = UNDERSCORE | LOWER | DOT | DASH | AT | HASH;
const LEADS: u32 = BETWEEN | MINE | NICK | PREP | CALL | CALL_LOOSE | GIVE | FILL | AFTER;

impl Piece {
    /// Whether it is one only beside a mark.
    pub fn doubtful(&self) -> bool {
        self.known || self.loose
    }
}

/// The piece that the tokens from `start` on are.
pub fn piece(scene: &Scene<'_>, start: usize) -> Option<Piece> {
    let mut piece = Piece::default();
    let from = lead(scene, start, &mut piece)?;
    let (from, to) = body(scene, from, &mut piece)?;
    let span = scene.span(from, to);
    piece.place = (span.start, span.end);
    remark(scene, to, &mut piece)?;
    let under = (from..to).any(|n| scene.is(n, "_"));
    piece.half = !under && provider(scene, from, to);
    // `.com`, `точка ru`
    let mark = scene.is(from, ".") || scene.meaning(from) & DOT != 0;
    piece.domain = mark && tells(scene.text(to - 1)) & DOMAIN != 0;
    Some(piece)
}

/// Past the words and marks that lead to a piece.
fn lead(scene: &Scene<'_>, start: usize, piece: &mut Piece) -> Option<usize> {
    let mut n = start;
    let mut words = 0;
    loop {
        let token = scene.token(n)?;
        n = match token.kind {
            Kind::Space => n + 1,
            Kind::Mark if matches!(token.text, "/" | "+" | "#" | "$" | "=") => return None,
            Kind::Mark if matches!(token.text, "@" | "_") => return Some(n),
            Kind::Mark
                if token.is(".") && scene.before(n).is_none_or(|t| t.kind == Kind::Space) =>
            {
                return Some(n);
            }
            Kind::Mark if !ascii_only(token.text) && read(scene, n).is_some_and(|c| c.at) => {
                return Some(n);
            }
            Kind::Mark => n + 1,
            // `1) ivan`, `часть 2: petrov`
            Kind::Digits => {
                let counted = token.text.len() == 1
                    && (scene.token(n + 1).is_some_and(|t| matches!(t.text, ")" | ":" | "-"))
                        || scene.gap(n + 1) && words > 0 && piece.part);
                if !counted {
                    return Some(n);
                }
                n + 1
            }
            Kind::Word => {
                let (_, term) = scene.term_at(n)?;
                let told = tells(token.text);
                let glued = scene.is(term.to, "_")
                    || scene.kind_is(term.to, Kind::Digits)
                    || scene.is(term.to, ".") && scene.joined(term.to);
                // The last word is the piece if any is.
                let rest = || scene.tokens.get(term.to..).unwrap_or_default();
                let last = (words == 0 || piece.part && !term.means(NICK))
                    && ascii_only(token.text)
                    && rest().iter().all(|t| t.kind == Kind::Space);
                let leads = told != 0 || term.means(LEADS);
                if term.platform.is_some() && !glued {
                    return None;
                }
                if glued || last || !leads || told & PART == 0 && term.means(MARKS) {
                    return Some(n);
                }
                piece.part |= told & PART != 0;
                piece.own |= term.means(NICK);
                words += 1;
                if words > LEADS_MAX {
                    return None;
                }
                term.to
            }
        };
    }
}

/// The piece at token `n`: where it begins and ends.
fn body(scene: &Scene<'_>, n: usize, piece: &mut Piece) -> Option<(usize, usize)> {
    let token = scene.token(n)?;
    let said = scene.kind_is(n, Kind::Word) && scene.meaning(n) & MARKS != 0;
    if said {
        piece.mark = true;
        let mut to = n;
        let mut last = n;
        while let Some((_, term)) = scene
            .term_at(to)
            .filter(|(_, t)| t.means(MARKS) || last > n && scene.among(t.from, row!("du")))
        {
            last = term.to;
            to = last + usize::from(scene.gap(last));
            piece.at |= term.means(AT);
        }
        // `крапка odiag`: the mark and what it leads to.
        if to > last
            && scene.latin(to)
            && let Some(c) = read(scene, to).filter(|c| c.latin)
        {
            piece.letters = c.letters;
            return Some((n, c.to));
        }
        if to > last && scene.kind_is(to, Kind::Digits) {
            return Some((n, to + 1));
        }
        piece.open = true;
        return Some((n, last));
    }
    if scene.among(n, row!("live")) && scene.is(n + 1, ":") && !scene.solid(n + 2) {
        (piece.mark, piece.open, piece.letters) = (true, true, 4);
        return Some((n, n + 2));
    }
    let c = read(scene, n).filter(|c| !c.technical);
    if matches!(token.text, "_" | "." | "@") {
        piece.mark = true;
        piece.at = token.is("@");
        if let Some(c) = c.filter(|c| c.latin) {
            shape(scene, &c, piece);
            return Some((n, c.to));
        }
        let rest = scene.tokens.get(n..)?;
        let to = n + rest.iter().take_while(|t| t.kind != Kind::Space).count();
        piece.open = to == n + 1;
        let latin = scene.tokens.get(n..to)?.iter().all(|t| ascii_only(t.text));
        return latin.then_some((n, to));
    }
    let Some(c) = c else {
        const DIGITS_MAX: usize = 4;
        let number = token.kind == Kind::Digits && token.text.len() <= DIGITS_MAX;
        return number.then_some((n, n + 1));
    };
    shape(scene, &c, piece);
    // A word of another script only by itself.
    let alone = scene.terms.len() < 2 || piece.part && scene.token(c.to).is_none();
    (c.latin || piece.shaped || alone).then_some((n, c.to))
}

/// What the shape of a candidate tells.
fn shape(scene: &Scene<'_>, c: &Candidate, piece: &mut Piece) {
    let word = scene.meaning(c.from);
    let text = scene.text(c.from);
    let single = c.to == c.from + 1;
    let known = text.contains('\'')
        || c.letters > 1
            && single
            && (word & (STOP | WORK) != 0 || tells(text) & (CHAT | PART) != 0);
    piece.letters = c.letters;
    piece.open |= scene.among(c.to - 1, row!("_ . -"));
    piece.mark |= piece.open;
    piece.at |= c.at;
    piece.capital = scene.capital(c.from);
    let shaped = c.strong && (c.underscore || c.at || c.digits > 0 || c.latin);
    piece.shaped = shaped && !known && !code(scene, c);
    piece.plain = c.latin && !known && (word == 0 || !single || c.letters < 2);
    piece.form = english_form(scene, c);
    piece.known = !piece.shaped && (!c.latin || known) && !c.underscore && !c.at;
}

/// Whether a name has capital letters as codes of goods do: `LG_55`, `iPhone13`.
fn code(scene: &Scene<'_>, c: &Candidate) -> bool {
    let span = scene.span(c.from, c.to);
    let written = scene.original.get(span.start as usize..span.end as usize).unwrap_or_default();
    let inner =
        |w: &[u8]| matches!(w, [a, b] if a.is_ascii_alphanumeric() && b.is_ascii_uppercase());
    let codes = written.as_bytes().windows(2).any(inner);
    let whole = written.bytes().all(|b| !b.is_ascii_lowercase());
    codes && !c.at && !(whole && c.letters > 7)
}

/// What is said of a piece behind it.
fn remark(scene: &Scene<'_>, to: usize, piece: &mut Piece) -> Option<()> {
    let (mut words, mut unknown) = (0, 0);
    for n in to..scene.tokens.len() {
        match scene.tokens.get(n)?.kind {
            Kind::Space => continue,
            Kind::Mark if scene.among(n, row!("/ = @ _")) => return None,
            Kind::Mark => continue,
            Kind::Digits => {
                words += 1;
                unknown += 1;
            }
            Kind::Word => {
                let Some((_, term)) = scene.term_at(n).filter(|(_, t)| t.from == n) else {
                    continue;
                };
                let told = tells(scene.text(n));
                let first = words == 0;
                let bare = !piece.shaped && !piece.mark && ascii_only(scene.text(n));
                words += 1;
                piece.part |= told & PART != 0 || term.means(SPELLING);
                piece.own |= term.means(NICK);
                let of_it = told & PART != 0
                    || term.platform.is_some()
                    || term.means(SPELLING | MINE | NICK | CALL | CALL_LAST);
                let known = told != 0 || term.bits != 0 || term.platform.is_some();
                unknown += usize::from(!known || first && bare && !of_it);
            }
        }
    }
    piece.loose = unknown > 0 && !piece.mark;
    piece.alone = scene.terms.len() < 2;
    (words <= REMARK_MAX && unknown <= UNKNOWN_MAX).then_some(())
}
