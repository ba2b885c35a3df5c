//! A message as terms: its words with their meaning, and the platforms named in it, however spelled.
//! Decides nothing about contacts.

mod hint;

use parlour_guest::scan::{Kind, Token};
use parlour_guest::{Folded, Span};

use self::hint::hinted;
use crate::lexicon::{among, begins};
use crate::parting::{lower, single_scripts};
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
    /// Whether access to something is given: its names are accounts of work.
    pub secret: bool,
    /// Whether a file or a variable is spoken of.
    pub file: bool,
    /// What all words mean together.
    pub bits: u32,
    /// Whether some word may name a platform.
    pub names: bool,
}

/// Beginnings of words that give access.
const SECRETS: &str = "парол passw pwd passe пасворд passcode";

/// Beginnings of words for what has technical names.
const FILES: &str = "перемен колонк file variable column fichier папк назван";

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
    clause: usize,
}

impl Term {
    pub fn means(&self, bits: u32) -> bool {
        self.bits & bits != 0
    }
}

impl<'a> Scene<'a> {
    pub fn new(original: &'a str, folded: &'a Folded) -> Self {
        let mut scene = Self {
            original,
            folded,
            tokens: single_scripts(folded),
            terms: Vec::new(),
            platform: None,
            work: false,
            technical: 0,
            secret: false,
            file: false,
            bits: 0,
            names: false,
        };
        let (mut i, mut seen, mut clause) = (0, 0, 0);
        while i < scene.tokens.len() {
            match scene.term(i) {
                Some(mut term) => {
                    let ends = |n: &usize| scene.ends_clause(*n) && !scene.inside_name(*n);
                    clause = (seen..term.from).rfind(ends).map_or(clause, |n| n + 1);
                    (term.clause, seen) = (clause, term.from);
                    i = term.to.max(i + 1);
                    scene.note(&term);
                    scene.terms.push(term);
                }
                None => i += 1,
            }
        }
        scene
    }

    /// Remembers what is asked of the whole text.
    fn note(&mut self, term: &Term) {
        if term.platform.is_some_and(|p| p.strength > Strength::Weak || term.emoji) {
            self.platform = self.platform.or(Some(self.terms.len()));
        }
        self.work |= term.means(words::WORK);
        self.technical += usize::from(term.means(words::WORK | words::TECH));
        let text = self.token(term.from).map_or("", |t| t.text);
        let head = (text.as_bytes().first(), text.as_bytes().get(1));
        // The second byte of a Cyrillic `п`, `к` or `н`.
        if matches!(
            head,
            (Some(b'p' | b'f' | b'v' | b'c'), _) | (Some(0xd0), Some(0xbf | 0xba | 0xbd))
        ) {
            self.secret |= begins(text, SECRETS);
            self.file |= begins(text, FILES);
        }
        self.bits |= term.bits;
        self.names |= term.platform.is_some();
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

    /// Whether token `i` is one of a list, see [`among`].
    #[inline(never)]
    pub fn among(&self, i: usize, list: &str) -> bool {
        self.token(i).is_some_and(|t| among(t.text, list))
    }

    #[inline(never)]
    pub fn gap(&self, i: usize) -> bool {
        self.token(i).is_some_and(Token::is_gap)
    }

    /// The term that covers token `i`.
    #[inline(never)]
    pub fn term_at(&self, i: usize) -> Option<(usize, &Term)> {
        let k = self.terms.partition_point(|t| t.to <= i);
        self.terms.get(k).filter(|t| t.from <= i).map(|t| (k, t))
    }

    /// The original range of some tokens.
    #[inline(never)]
    pub fn span(&self, from: usize, to: usize) -> Span {
        let start = self.token(from).map_or(self.folded.text.len(), |t| t.start);
        let end = to.checked_sub(1).and_then(|n| self.token(n)).map_or(start, |t| t.end);
        self.folded.original(start, end)
    }

    /// Whether the letters of a word stand apart in the original.
    #[inline(never)]
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
    #[inline(never)]
    pub fn capital(&self, i: usize) -> bool {
        let span = self.span(i, i + 1);
        let written = self.original.get(span.start as usize..span.end as usize);
        written.and_then(|w| w.chars().next()).is_some_and(|c| lower(c) != c)
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
            Kind::Mark => among(t.text, ". ! ? ; … )"),
            Kind::Word | Kind::Digits => false,
        })
    }

    /// What the terms before term `k` mean together, as far as [`Self::preceding`] goes.
    #[inline(never)]
    pub fn said_before(&self, k: usize, most: usize) -> u32 {
        self.preceding(k, most).fold(0, |all, t| all | t.bits)
    }

    /// The terms before term `k` in its sentence, nearest first, at most `most`.
    pub fn preceding(&self, k: usize, most: usize) -> impl Iterator<Item = &Term> {
        let floor = self.terms.get(k).map_or(0, |t| t.clause);
        let before = self.terms.get(..k).unwrap_or_default();
        before.iter().rev().take(most).take_while(move |t| t.from >= floor)
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
            Kind::Mark if self.starts_leet(i) && self.leet(i).is_some() => {
                self.leet(i).map(|(to, platform)| plain(to, Some(platform), 2))
            }
            Kind::Mark => {
                let (platform, tokens) = emoji(token.text, self.token(i + 1).map(|t| t.text))?;
                Some(Term { emoji: true, ..plain(i + tokens, Some(platform), 1) })
            }
            Kind::Digits | Kind::Space if !self.starts_leet(i) => None,
            Kind::Digits | Kind::Space => {
                self.leet(i).map(|(to, platform)| plain(to, Some(platform), 2))
            }
            Kind::Word => {
                let lone = |n: usize| self.token(n).is_some_and(|t| t.text.chars().count() == 1);
                let parted = lone(i) && lone(i + 2) && self.is(i + 1, "_") && self.gap(i + 3);
                let inside = self.inside_handle(i) && !parted;
                let found = if inside { None } else { self.platform(i) };
                let (to, platform, signs) =
                    found.map_or((i + 1, None, 0), |(to, p, signs)| (to, Some(p), signs));
                let mut term = plain(to, platform, signs);
                if to == i + 1 {
                    term.bits = words::meaning(token.text);
                }
                if term.platform.is_none()
                    && term.means(words::HINT)
                    && let Some((to, platform)) = hinted(self, i)
                {
                    return Some(plain(to, Some(platform), 2));
                }
                Some(term)
            }
        }
    }

    /// Whether a word is part of a longer name: `telegram_bot`, `@telegram`, `telegram.org`.
    #[inline(never)]
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
}
