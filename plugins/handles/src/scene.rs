//! A message as terms: its words with their meaning, and the platforms named in it, however spelled.
//! Decides nothing about contacts.

use parlour_guest::scan::{Kind, Token};
use parlour_guest::{Folded, Span};

use crate::hint::hinted;
use crate::lexicon::{among, begins};
use crate::parting::{cyrillic, lower, single_scripts};
use crate::platform::{Platform, Reading, Skeleton, Strength, emoji};
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

/// Letters that the names of platforms begin with, in either script.
const PART_STARTS: [char; 27] = [
    't', 'w', 'v', 'i', 'f', 's', 'd', 'k', 'l', 'y', 'm', 'т', 'в', 'у', 'и', 'і', 'ф', 'с', 'д',
    'ю', 'л', 'м', 'о', 'o', 'п', 'q', 'з',
];

/// Longest name written as several tokens: `v.i.b.3.r` and the like.
const NAME_TOKENS_MAX: usize = 12;

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

    /// The platform that begins at word `i`: where it ends, and the marks of its disguise.
    #[inline(never)]
    fn platform(&self, i: usize) -> Option<(usize, Platform, u8)> {
        let token = self.token(i)?;
        let mut skeleton = Skeleton::new();
        skeleton.add(token.text, Reading::First)?;
        let apart = token.text.chars().nth(1).is_none();
        let glued = self.token(i + 1).is_some_and(|t| t.kind != Kind::Space);
        if apart && let Some(found) = self.initials(i) {
            return Some(found);
        }
        if !skeleton.begins_no_name()
            && let Some(found) = self.parts(i)
        {
            return Some(found);
        }
        if apart && let Some(found) = self.glued(i) {
            return Some(found);
        }
        if glued && let Some((to, platform)) = self.leet(i) {
            return Some((to, platform, 2));
        }
        if let Some(p) = skeleton.platform() {
            return Some((i + 1, p, u8::from(self.disguised(i))));
        }
        // The fold spells a mixed word in one script by looks; people also mix by sound.
        if !self.disguised(i) {
            return None;
        }
        let written = self.written(i).chars().map(lower).collect::<String>();
        let looks = written.chars().any(cyrillic) && token.text.is_ascii();
        [(written.as_str(), Reading::First, true), (token.text, Reading::Looks, looks)]
            .into_iter()
            .filter(|(_, _, fits)| *fits)
            .find_map(|(word, reading, _)| {
                let mut heard = Skeleton::new();
                heard.add(word, reading).and_then(|()| heard.platform())
            })
            .map(|p| (i + 1, p, 1))
    }

    /// A token as it was sent.
    #[inline(never)]
    fn written(&self, i: usize) -> &str {
        let span = self.span(i, i + 1);
        self.original.get(span.start as usize..span.end as usize).unwrap_or_default()
    }

    /// Whether a word was written with other characters than it is read by.
    #[inline(never)]
    fn disguised(&self, i: usize) -> bool {
        self.token(i).is_some_and(|t| {
            let span = self.span(i, i + 1);
            (span.end - span.start) as usize != t.text.len()
                || self.folded.signs(t.start, t.end) > 0
                || !t.text.is_ascii() && self.written(i).bytes().any(|b| b.is_ascii_alphabetic())
                || t.text.is_ascii() && !self.written(i).is_ascii()
        })
    }

    /// Two letters with little between them: `т г`, `т.г.`, `(т)(г)`, `i/g`.
    #[inline(never)]
    fn initials(&self, i: usize) -> Option<(usize, Platform, u8)> {
        let lone = |n: usize| {
            self.token(n).filter(|t| t.kind == Kind::Word && t.text.chars().count() == 1)
        };
        let first = lone(i)?;
        let between = |t: &&Token<'_>| {
            t.is_gap() || t.kind == Kind::Mark && !matches!(t.text, "," | "@" | "?" | "!")
        };
        let between = self.tokens.get(i + 1..)?.iter().take(3).take_while(between).count();
        let second = lone(i + 1 + between).filter(|_| between > 0)?;
        let mut joined = Skeleton::new();
        joined.add(first.text, Reading::First)?;
        joined.add(second.text, Reading::First)?;
        let short = matches!(joined.bytes(), b"tg" | b"ig" | b"fb");
        let marked = joined.bytes() == b"vk" && !self.gap(i + 1);
        let to = i + 2 + between;
        let closed = usize::from(
            self.is(i + 1, ".") && self.is(to, ".") || self.is(i + 1, ")") && self.is(to, ")"),
        );
        let platform = joined.platform().filter(|_| short || marked)?;
        Some((to + closed, Platform { strength: Strength::Weak, ..platform }, 2))
    }

    /// A name in two or three parts: `тик ток`, `теле-га`, `what's app`, `т.г.`
    #[inline(never)]
    fn parts(&self, i: usize) -> Option<(usize, Platform, u8)> {
        let first = self.token(i)?;
        let parted = |n: usize| {
            self.token(n).is_some_and(|t| t.is_gap() || among(t.text, "- . ' / * _ | + \""))
        };
        let word = |n: usize| self.token(n).filter(|t| t.kind == Kind::Word);
        let second = word(i + 2).filter(|_| parted(i + 1))?;
        let length = first.text.len() + second.text.len();
        if !(4..=28).contains(&length) || !first.text.starts_with(PART_STARTS) {
            return None;
        }
        let mut joined = Skeleton::new();
        joined.add(first.text, Reading::First)?;
        joined.add(second.text, Reading::First)?;
        let lone = |t: &Token<'_>| t.text.chars().count() == 1;
        if lone(first) && lone(second) {
            return None;
        }
        if joined.bytes() == b"tege" {
            return joined.platform().map(|p| (i + 3, p, 1));
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

    /// Single letters with one and the same mark between them, be it a picture.
    #[inline(never)]
    fn glued(&self, i: usize) -> Option<(usize, Platform, u8)> {
        let lone = |n: usize| {
            self.token(n).filter(|t| t.kind == Kind::Word && t.text.chars().count() == 1)
        };
        let glue = self.token(i + 1).filter(|t| t.kind == Kind::Mark)?.text;
        let mut skeleton = Skeleton::new();
        skeleton.add(lone(i)?.text, Reading::First)?;
        let mut n = i + 1;
        while self.is(n, glue) && n < i + 2 * NAME_TOKENS_MAX {
            while self.is(n, glue) {
                n += 1;
            }
            let Some(letter) = lone(n) else {
                break;
            };
            skeleton.add(letter.text, Reading::First)?;
            n += 1;
        }
        let short = skeleton.bytes().len() < 3;
        let platform = skeleton.platform().filter(|p| !short || p.strength == Strength::Slang)?;
        let strength = if short { Strength::Weak } else { platform.strength };
        let to = if lone(n - 1).is_some() { n } else { return None };
        Some((to, Platform { strength, ..platform }, 2))
    }

    #[inline(never)]
    fn starts_leet(&self, i: usize) -> bool {
        let free = self.before(i).is_none_or(|t| t.kind == Kind::Space || t.is("(") || t.is("/"));
        let one = |t: &Token<'_>| {
            t.kind == Kind::Digits && t.text.len() == 1 || among(t.text, "! | $ + €")
        };
        free && self.token(i).is_some_and(one)
            && self.token(i + 1).is_some_and(|t| t.kind == Kind::Word && t.text.len() > 2)
    }

    /// A name with digits and marks for letters: `т3лега`, `wh@tsapp`, `1nsta`, `т*лега`.
    #[inline(never)]
    fn leet(&self, i: usize) -> Option<(usize, Platform)> {
        let free = |t: &Token<'_>| t.kind == Kind::Space || among(t.text, "( / \" , : -");
        if !self.before(i).is_none_or(free) {
            return None;
        }
        let part = |t: &Token<'_>| match t.kind {
            Kind::Word => true,
            Kind::Digits => t.text.len() == 1,
            Kind::Mark => among(t.text, "@ $ ! * | € + #"),
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
        // After letters that stood apart an `@` begins the handle.
        if to > i + 1 && self.is(to - 1, "@") && self.gap(to) && self.spread(to - 2) {
            to -= 1;
        }
        let disguised = self.tokens.get(i..to)?.iter().any(|t| t.kind != Kind::Word);
        if to < i + 2 || !disguised {
            return None;
        }
        for reading in [Reading::First, Reading::Second] {
            let mut skeleton = Skeleton::new();
            let whole = self.tokens.get(i..to)?;
            if whole.iter().try_for_each(|t| skeleton.add(t.text, reading)).is_none() {
                continue;
            }
            if let Some(p) =
                skeleton.platform().filter(|p| p.strength > Strength::Weak || p.name == "snapchat")
                && skeleton.bytes().len() >= 4
            {
                return Some((to, p));
            }
        }
        None
    }
}
