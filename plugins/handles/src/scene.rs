//! A message as terms: its words with their meaning, and the platforms named in it, however spelled.
//! Decides nothing about contacts.

mod gate;
mod hint;

use std::cell::{Cell, OnceCell};
use std::{iter::Rev, slice::Iter};

use parlour_guest::scan::{Kind, Token};
use parlour_guest::{Folded, Span};

pub use self::gate::may_hold;
use self::hint::{described, hinted};
use crate::lexicon::{Row, Stems, among, ascii_only, begins, single};
use crate::naming::dull;
use crate::parting::{cyrillic, lower, single_scripts};
use crate::platform::{Platform, Strength, emoji};
use crate::words;

/// A text, its tokens and its terms in order. Terms cover all words; marks, digits and space between
/// them are only among the tokens.
pub struct Scene<'a> {
    pub original: &'a str,
    pub folded: &'a Folded,
    pub tokens: Vec<Token<'a>>,
    pub terms: Vec<Term>,
    /// The first term that surely names a platform, or pictures one.
    pub platform: Option<usize>,
    /// Whether some word is of work on platforms.
    pub work: bool,
    /// How many words are of work or parts of technical names.
    pub technical: usize,
    /// What all words mean together.
    pub bits: u32,
    /// Whether some word may name a platform.
    pub names: bool,
    /// Whether some characters were written otherwise than they are read.
    pub odd: bool,
    /// Whether some mark may be said in words or stands apart.
    pub said: bool,
    /// For each token the term that covers it, plus one.
    owners: Vec<u32>,
    secret: OnceCell<bool>,
    file: OnceCell<bool>,
    camel: OnceCell<bool>,
    remarks: OnceCell<Vec<bool>>,
    /// What may still be spent on looks that a hostile text makes many of.
    budget: Cell<usize>,
}

/// How many tokens of names are read at most, and what else costs as much as some of them: more than any
/// message of people needs, and little enough for the host.
const BUDGET: usize = 40_000;

/// Beginnings of words that give access.
const SECRETS: &Stems = &Stems::heads("парол passw pwd passe");

/// Beginnings of words for what has technical names.
const FILES: &Stems = &Stems::heads(
    "перемен колонк файл file variable column fichier папк назван модел model артик цвет колір colo couleur teinte команд team архив архів таблиц класс class style",
);

/// Beginnings of words for marks of names.
const LOW: &Stems = &Stems::heads("ниж плюс plus full");

/// Whether a character of an original is no gap between letters.
pub fn is_letter(c: char) -> bool {
    c.is_ascii_alphanumeric()
        || matches!(c, '\u{c0}'..='\u{2ff}' | '\u{370}'..='\u{1fff}' | '\u{2460}'..='\u{24ff}')
        || matches!(c, '\u{a730}'..='\u{a7af}' | '\u{ff10}'..='\u{ff5a}' | '\u{1d400}'..='\u{1d7ff}' | '\u{1f130}'..='\u{1f189}')
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
    /// The first token of its sentence.
    pub clause: usize,
}

impl Term {
    pub fn means(&self, bits: u32) -> bool {
        self.bits & bits != 0
    }
}

impl<'a> Scene<'a> {
    pub fn new(original: &'a str, folded: &'a Folded) -> Self {
        Self::of(original, folded, folded.tokens())
    }

    /// The same with the tokens of the text at hand.
    pub fn of(original: &'a str, folded: &'a Folded, tokens: Vec<Token<'a>>) -> Self {
        let odd = folded.counts().total() > 0 || folded.counts().mixed_words > 0;
        let tokens = if odd { single_scripts(folded, tokens) } else { tokens };
        let mut scene = Self {
            original,
            folded,
            terms: Vec::with_capacity(tokens.len() / 2 + 1),
            owners: vec![0; tokens.len()],
            tokens,
            platform: None,
            work: false,
            technical: 0,
            bits: 0,
            names: false,
            odd,
            secret: OnceCell::new(),
            file: OnceCell::new(),
            camel: OnceCell::new(),
            remarks: OnceCell::new(),
            budget: Cell::new(BUDGET),
            said: false,
        };
        let (mut i, mut clause) = (0, 0);
        while i < scene.tokens.len() {
            let gap = scene.token(i).is_some_and(|t| t.text == " ");
            let term = if gap { None } else { scene.term(i) };
            let mut to = i + 1;
            if let Some(mut term) = term {
                term.clause = clause;
                scene.note(&term);
                scene.terms.push(term);
                to = to.max(term.to);
            } else if !gap {
                scene.said |= scene.mark_apart(i);
            }
            if !gap && (term.is_none() || to > i + 1) {
                for n in i..to {
                    if scene.ends_clause(n) && !scene.inside_name(n) {
                        clause = n + 1;
                    }
                }
            }
            i = to;
        }
        scene
    }

    /// Whether something is shaped as names are and as words are not.
    pub fn has_shape(&self) -> bool {
        let end = |n: usize| self.latin(n) || self.kind_is(n, Kind::Digits);
        let joined = |n: usize| {
            self.is(n, ".") && n > 0 && self.latin(n - 1) && end(n + 1)
                || self.latin(n) && (self.kind_is(n + 1, Kind::Digits) || self.is(n + 1, "#"))
        };
        self.said
            || self.folded.has_any(b"_@")
            || (self.folded.has_any(b".") || self.folded.has_digit())
                && (0..self.tokens.len()).any(joined)
    }

    /// Whether the mark at token `n` stands between two Latin words without space.
    pub fn joined(&self, n: usize) -> bool {
        let word = |n: usize| self.latin(n);
        word(n.wrapping_sub(1)) && word(n + 1)
    }

    /// Takes from the budget; `false` when it is spent.
    #[inline(never)]
    pub fn spend(&self, cost: usize) -> bool {
        let left = self.budget.get().checked_sub(cost);
        self.budget.set(left.unwrap_or(0));
        left.is_some()
    }

    /// Whether token `i` is a mark of names that stands apart or in brackets.
    fn mark_apart(&self, i: usize) -> bool {
        self.token(i).is_some_and(|t| among(t.text, row!("_ . · •")))
            && self
                .before(i)
                .is_some_and(|t| t.kind == Kind::Space || among(t.text, row!("( [ { * < \"")))
    }

    /// Remembers what is asked of the whole text.
    fn note(&mut self, term: &Term) {
        let low = |t: &Token<'_>| {
            let first = t.text.as_bytes();
            matches!(first, [b'p' | b'f', ..] | [0xd0, 0xbd | 0xbf, ..]) && begins(t.text, LOW)
                || words::is_underscore(t.text)
        };
        if term.platform.is_some_and(|p| p.strength > Strength::Weak || term.emoji) {
            self.platform = self.platform.or(Some(self.terms.len()));
        }
        self.work |= term.means(words::WORK);
        self.technical += usize::from(term.means(words::WORK | words::TECH));
        self.bits |= term.bits;
        self.names |= term.platform.is_some();
        let marks = words::UNDERSCORE | words::LOWER | words::DOT | words::DASH | words::HASH;
        self.said |= term.means(marks) || self.token(term.from).is_some_and(low);
        let owner = u32::try_from(self.terms.len() + 1).unwrap_or(0);
        self.owners.get_mut(term.from..term.to).unwrap_or_default().fill(owner);
    }

    /// Whether access to something is given: its names are accounts of work.
    pub fn secret(&self) -> bool {
        *self.secret.get_or_init(|| self.begun(SECRETS))
    }

    /// Whether a capital follows a small letter anywhere.
    pub fn camel(&self) -> bool {
        let inner = |w: &[u8]| {
            let [a, b, c, d] = w else { return false };
            let latin = a.is_ascii_lowercase() && b.is_ascii_uppercase();
            let small = matches!((a, b), (0xd0, 0xb0..) | (0xd1, _));
            latin || small && *c == 0xd0 && (0x90..0xb0).contains(d)
        };
        *self.camel.get_or_init(|| self.original.as_bytes().windows(4).any(inner))
    }

    /// Whether a file or a variable is spoken of.
    pub fn file(&self) -> bool {
        *self.file.get_or_init(|| self.begun(FILES))
    }

    /// Whether some word may tell how a name is spelled.
    pub fn spelling(&self) -> bool {
        self.bits & words::SPELLING != 0
    }

    /// For each token whether a remark on spelling begins there, as `spells` says when it is first asked.
    pub fn remarks(&self, spells: fn(&Self, usize) -> bool) -> &[bool] {
        const ABOUT: u32 = words::SPELLING | words::UNDERSCORE | words::DOT | words::DASH;
        self.remarks.get_or_init(|| {
            let mut all = vec![false; self.tokens.len()];
            for term in self.terms.iter().filter(|t| t.means(ABOUT)) {
                for back in [0, 2, 4] {
                    let n = term.from.saturating_sub(back);
                    if let Some(here) = all.get_mut(n) {
                        *here = *here || spells(self, n);
                    }
                }
            }
            all
        })
    }

    /// Whether some word begins with one of a row.
    fn begun(&self, list: &Stems) -> bool {
        self.terms.iter().any(|t| self.begins(t.from, list))
    }

    /// What the word at token `i` means, be it part of a longer term or not; 0 for what is no word.
    #[inline(never)]
    pub fn meaning(&self, i: usize) -> u32 {
        match (self.term_at(i), self.token(i)) {
            (Some((_, term)), _) if term.to == term.from + 1 && term.platform.is_none() => {
                term.bits
            }
            (_, Some(t)) if t.kind == Kind::Word => words::meaning(t.text),
            _ => 0,
        }
    }

    /// The first term that surely names a platform.
    pub fn named(&self) -> Option<&Term> {
        self.terms.get(self.platform?)
    }

    /// The first term that begins at token `i` or after it.
    #[inline(never)]
    pub fn next(&self, i: usize) -> usize {
        self.terms.partition_point(|t| t.from < i)
    }

    #[inline(never)] // small: it is asked everywhere
    pub fn token(&self, i: usize) -> Option<&Token<'a>> {
        self.tokens.get(i)
    }

    #[inline(never)]
    pub fn before(&self, i: usize) -> Option<&Token<'a>> {
        self.tokens.get(i.checked_sub(1)?)
    }

    /// Whether token `i` exists and is that mark.
    #[inline(never)]
    pub fn is(&self, i: usize, mark: &str) -> bool {
        self.token(i).is_some_and(|t| t.is(mark))
    }

    /// The text of token `i`, empty behind the last.
    #[inline(never)]
    pub fn text(&self, i: usize) -> &'a str {
        self.tokens.get(i).map_or("", |t| t.text)
    }

    /// Whether token `i` is a word of ASCII letters.
    #[inline(never)]
    pub fn latin(&self, i: usize) -> bool {
        self.kind_is(i, Kind::Word) && ascii_only(self.text(i))
    }

    #[inline(never)]
    pub fn kind_is(&self, i: usize, kind: Kind) -> bool {
        self.token(i).is_some_and(|t| t.kind == kind)
    }

    /// Whether token `i` exists and is no white space.
    #[inline(never)]
    pub fn solid(&self, i: usize) -> bool {
        self.token(i).is_some_and(|t| t.kind != Kind::Space)
    }

    /// Whether token `i` begins with one of a row.
    #[inline(never)]
    pub fn begins(&self, i: usize, row: &Stems) -> bool {
        begins(self.text(i), row)
    }

    /// Whether token `i` is one of a list, see [`among`].
    #[inline(never)]
    pub fn among(&self, i: usize, list: &Row) -> bool {
        among(self.text(i), list)
    }

    #[inline(never)]
    pub fn gap(&self, i: usize) -> bool {
        self.token(i).is_some_and(Token::is_gap)
    }

    /// The term that covers token `i`.
    #[inline(never)]
    pub fn term_at(&self, i: usize) -> Option<(usize, &Term)> {
        let k = (*self.owners.get(i)? as usize).checked_sub(1)?;
        self.terms.get(k).map(|t| (k, t))
    }

    /// The original range of some tokens.
    #[inline(never)]
    pub fn span(&self, from: usize, to: usize) -> Span {
        let start = self.token(from).map_or(self.folded.text.len(), |t| t.start);
        let end = to.checked_sub(1).and_then(|n| self.token(n)).map_or(start, |t| t.end);
        self.folded.original(start, end)
    }

    /// A token as it was sent.
    #[inline(never)]
    pub fn written(&self, i: usize) -> &str {
        let span = self.span(i, i + 1);
        self.original.get(span.start as usize..span.end as usize).unwrap_or_default()
    }

    /// Whether the letters of a word stand apart in the original.
    #[inline(never)]
    pub fn spread(&self, i: usize) -> bool {
        // No name is that long.
        const LONGEST: usize = 128;
        let Some(token) = self.token(i).filter(|t| t.text.len() <= LONGEST) else {
            return false;
        };
        let letters = token.text.chars().count();
        let gaps = self.written(i).chars().filter(|c| !is_letter(*c)).count();
        letters >= 3 && gaps + 1 >= letters
    }

    /// Whether a Latin word has letters of neither alphabet in the original: `𝓪𝓷𝓷𝓪`, `ᴀɴɴᴀ`.
    #[inline(never)]
    pub fn styled(&self, i: usize) -> bool {
        self.latin(i) && self.written(i).chars().all(|c| c > '\u{24f}' && !cyrillic(c))
    }

    /// Whether a word begins with a capital in the original.
    #[inline(never)]
    pub fn capital(&self, i: usize) -> bool {
        self.written(i).chars().next().is_some_and(|c| lower(c) != c)
    }

    /// Whether a comma parts two tokens.
    #[inline(never)]
    pub fn comma(&self, from: usize, to: usize) -> bool {
        let between = self.tokens.get(from..to).unwrap_or_default();
        between.iter().any(|t| t.is(",") || t.is(";"))
    }

    /// Whether token `i` ends a sentence or a line.
    #[inline(never)]
    pub fn ends_clause(&self, i: usize) -> bool {
        self.token(i).is_none_or(|t| match t.kind {
            Kind::Space => !t.is_gap(),
            Kind::Mark => matches!(t.text, "." | "!" | "?" | ";" | "…" | ")"),
            Kind::Word | Kind::Digits => false,
        })
    }

    /// What the terms before term `k` mean together, as far as [`Self::preceding`] goes.
    #[inline(never)]
    pub fn said_before(&self, k: usize, most: usize) -> u32 {
        self.preceding(k, most).fold(0, |all, t| all | t.bits)
    }

    /// The terms before term `k` in its sentence, nearest first, at most `most`.
    pub fn preceding(&self, k: usize, most: usize) -> Rev<Iter<'_, Term>> {
        self.leading(k, most).iter().rev()
    }

    #[inline(never)]
    fn leading(&self, k: usize, most: usize) -> &[Term] {
        let floor = self.terms.get(k).map_or(0, |t| t.clause);
        let before = self.terms.get(..k).unwrap_or_default();
        let near = before.iter().rev().take(most).take_while(|t| t.from >= floor).count();
        before.get(k - near..).unwrap_or_default()
    }

    /// Whether a full stop stands between two characters without space, as in a name.
    #[inline(never)]
    fn inside_name(&self, i: usize) -> bool {
        let solid = |t: Option<&Token<'_>>| t.is_some_and(|t| t.kind != Kind::Space);
        self.is(i, ".") && solid(self.before(i)) && solid(self.token(i + 1))
    }

    // === reading terms ===

    #[inline(never)]
    fn term(&self, i: usize) -> Option<Term> {
        let token = self.token(i)?;
        let plain = |to, platform, signs| Term {
            from: i,
            to,
            bits: 0,
            platform,
            signs,
            emoji: false,
            clause: 0,
        };
        match token.kind {
            Kind::Mark | Kind::Digits if ascii_only(token.text) || token.is("€") => {
                let leet = if self.starts_leet(i) { self.leet(i) } else { None };
                leet.map(|(to, platform)| plain(to, Some(platform), 2))
            }
            Kind::Mark | Kind::Digits => {
                let (platform, tokens) = emoji(token.text, self.token(i + 1).map(|t| t.text))?;
                Some(Term { emoji: true, ..plain(i + tokens, Some(platform), 1) })
            }
            Kind::Space => None,
            Kind::Word => {
                let lone = |n: usize| self.token(n).is_some_and(|t| single(t.text));
                let parted = || lone(i) && lone(i + 2) && self.is(i + 1, "_") && self.gap(i + 3);
                let bits = words::meaning(token.text);
                let dull = !self.odd && dull(&self.tokens, i, Some(bits));
                let found = if dull || !self.may_name(i) || self.inside_handle(i) && !parted() {
                    None
                } else {
                    self.platform(i)
                };
                let (to, platform, signs) =
                    found.map_or((i + 1, None, 0), |(to, p, signs)| (to, Some(p), signs));
                let mut term = plain(to, platform, signs);
                if to == i + 1 {
                    term.bits = bits;
                }
                let told = words::HINT | words::PLACE | words::THING;
                if bits & told != 0 && term.platform.is_none_or(|p| p.strength == Strength::Weak) {
                    let hinted = if bits & words::HINT != 0 { hinted(self, i) } else { None };
                    let told = bits & (words::PLACE | words::THING) != 0;
                    let described =
                        if told { hinted.or_else(|| described(self, i)) } else { hinted };
                    if let Some((to, platform)) = described {
                        return Some(plain(to, Some(platform), 2));
                    }
                }
                Some(term)
            }
        }
    }
}
