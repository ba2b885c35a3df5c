//! Walks the words of a folded text. Knows which spellings to try; what is obscene is asked of the
//! lexicon and the roots.

use parlour_guest::scan::{Kind, Token, draw_together};
use parlour_guest::{Folded, Span};

use crate::context::{self, Doubt};
use crate::{bent, masks, roots, sieve};
use parlour_guest::spelling;

/// An obscene word in the original text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Word {
    pub span: Span,
    pub rule: &'static str,
    /// 1 to 3.
    pub severity: u8,
    pub disguised: bool,
}

/// What the administrator changed.
#[derive(Clone, Debug, Default)]
pub struct Words {
    pub extra: Vec<String>,
    pub allow: Vec<String>,
    /// Whether rude words count beside obscene ones.
    pub mild: bool,
}

impl Words {
    /// Whether a word may be one of the administrator's; `false` is certain.
    fn may_be_extra(&self, word: &str) -> bool {
        // Accents and apostrophes are not in the spelling.
        let same =
            |extra: &String| extra.len() <= word.len() && sieve::first(extra) == sieve::first(word);
        self.extra.iter().any(same)
    }
}

/// Longest word that is looked at, in bytes.
const WORD_MAX: usize = 120;

/// Most tokens that are read as one bent word.
const CHUNK_TOKENS_MAX: usize = 24;

/// `€`, as bytes, which are faster to compare.
const EURO: &[u8] = "€".as_bytes();

/// Most words of one text that are read in other ways than they are written.
const BENT_MAX: usize = 120;

/// Most words of one text whose neighbours are asked what they mean; all others mean what they say.
const DOUBTS_MAX: usize = 48;

/// All obscene words of a text, in order.
#[must_use]
pub fn detect(folded: &Folded, original: &str, words: &Words) -> Vec<Word> {
    let mut scan = Scan::new(folded, folded.tokens(), original, words, false);
    scan.run();
    let joined = draw_together(folded, &scan.tokens);
    let mut found = scan.found;
    if let Some(joined) = joined {
        let mut scan = Scan::new(&joined, joined.tokens(), original, words, true);
        scan.run();
        for word in scan.found {
            if !found.iter().any(|f| f.span.start < word.span.end && word.span.start < f.span.end) {
                found.push(word);
            }
        }
        found.sort_by_key(|w| w.span);
    }
    found
}

/// What was made of tokens.
#[derive(Clone, Copy, Debug)]
struct Verdict {
    severity: u8,
    bent: bool,
}

struct Scan<'a> {
    folded: &'a Folded,
    /// The text before it was folded, for its capital letters.
    original: &'a str,
    tokens: Vec<Token<'a>>,
    words: &'a Words,
    /// Whether its letters were drawn together.
    drawn: bool,
    /// Whether any character bears a sign of disguise.
    signed: bool,
    bent_left: usize,
    doubts_left: usize,
    found: Vec<Word>,
}

impl<'a> Scan<'a> {
    fn new(
        folded: &'a Folded,
        tokens: Vec<Token<'a>>,
        original: &'a str,
        words: &'a Words,
        drawn: bool,
    ) -> Self {
        let tokens = if folded.has_any(b"'") { elided(tokens) } else { tokens };
        let signed = folded.counts().total() > 0;
        let (bent_left, doubts_left) = (BENT_MAX, DOUBTS_MAX);
        Self {
            folded,
            original,
            tokens,
            words,
            drawn,
            signed,
            bent_left,
            doubts_left,
            found: Vec::new(),
        }
    }

    fn run(&mut self) {
        let mut i = 0;
        while let Some(token) = self.tokens.get(i).copied() {
            i = match token.kind {
                Kind::Word if self.alone(i) => self.lone(i, token),
                Kind::Word | Kind::Digits => self.chunk(i),
                Kind::Mark if matches!(token.text.as_bytes(), [b'@' | b'$'] | EURO) => {
                    self.chunk(i)
                }
                Kind::Mark | Kind::Space => i + 1,
            };
        }
    }

    /// Whether white space follows token `i`, or punctuation and then white space.
    fn alone(&self, i: usize) -> bool {
        let mut rest = self.tokens.get(i + 1..).unwrap_or_default().iter();
        match rest.next() {
            Some(next)
                if next.kind == Kind::Mark
                    && !matches!(
                        next.text.as_bytes(),
                        [b'*' | b'#' | b'_' | b'$' | b'@'] | EURO
                    ) =>
            {
                rest.find(|t| t.kind != Kind::Mark || t.text == "$")
                    .is_none_or(|t| t.kind == Kind::Space)
            }
            next => next.is_none_or(|t| t.kind == Kind::Space),
        }
    }

    /// Looks at a word with white space behind it, and says where it ends.
    fn lone(&mut self, i: usize, token: Token<'a>) -> usize {
        let (caught, mixed) = self.caught(&token);
        if mixed {
            return self.chunk(i);
        }
        if caught && let Some(verdict) = self.word(i) {
            self.push(i, i + 1, verdict);
            return i + 1;
        }
        if let Some(verdict) = self.split(i, i + 1) {
            self.push(i, i + 3, verdict);
            return i + 3;
        }
        i + 1
    }

    /// Whether [`Self::word`] may find something in a word; `false` is certain. And whether the word has
    /// letters of two alphabets.
    fn caught(&self, token: &Token<'_>) -> (bool, bool) {
        if token.text.len() > WORD_MAX {
            return (false, false);
        }
        let sieved = sieve::sieve(token.text);
        let caught = sieved.caught
            || self.drawn && self.is_drawn(token)
            || self.signed && token.text.len() > 2 && self.folded.signs(token.start, token.end) > 0
            || self.words.may_be_extra(token.text);
        (caught, sieved.mixed)
    }

    /// Looks at the chunk that begins at token `i`, as a whole and word by word, and says where it ends.
    fn chunk(&mut self, i: usize) -> usize {
        let end = self.chunk_end(i);
        let stars = self.stars_after(end);
        let whole = end + stars;
        // `encul3` is one bent word, `сука-блядь` two plain ones.
        let tried = self.looks_bent(i, whole);
        if tried && let Some(verdict) = self.bent(i, end, whole) {
            self.push(i, whole, verdict);
            return whole;
        }
        if whole == end
            && let Some(verdict) = self.joined(i, end)
        {
            self.push(i, end, verdict);
            return end;
        }
        let mut hit = false;
        for at in i..end {
            let caught = |t: &Token<'_>| t.kind == Kind::Word && self.caught(t).0;
            if self.tokens.get(at).is_some_and(caught)
                && let Some(verdict) = self.word(at)
            {
                self.push(at, at + 1, verdict);
                hit = true;
            }
        }
        if hit {
            return end;
        }
        if !tried
            && whole > i + 1
            && let Some(verdict) = self.bent(i, end, whole)
        {
            self.push(i, whole, verdict);
            return whole;
        }
        if let Some(verdict) = self.split(i, end) {
            self.push(i, end + 2, verdict);
            return end + 2;
        }
        end
    }

    /// Words that dots or hyphens hold apart and that are one.
    fn joined(&mut self, from: usize, to: usize) -> Option<Verdict> {
        let tokens = self.tokens.get(from..to).filter(|t| (3..=7).contains(&t.len()))?;
        let mark = tokens.get(1).filter(|t| matches!(t.text, "." | "-"))?.text;
        let sound = tokens
            .iter()
            .enumerate()
            .all(|(n, t)| if n % 2 == 1 { t.text == mark } else { t.kind == Kind::Word });
        if !sound || self.bent_left == 0 {
            return None;
        }
        let sieved = |t: &Token<'_>| t.kind == Kind::Word && sieve::sieve(t.text).caught;
        if !tokens.iter().any(sieved) {
            return None;
        }
        self.bent_left -= 1;
        let parts: Vec<&str> =
            tokens.iter().filter(|t| t.kind == Kind::Word).map(|t| t.text).collect();
        let last = tokens.last().filter(|t| mark == "." && self.capital(t));
        if last.is_some() {
            return None;
        }
        let severity = bent::joined(&parts)?;
        Some(Verdict { severity, bent: true })
    }

    /// Whether digits, stars or letters of two scripts stand within the chunk.
    fn looks_bent(&self, from: usize, to: usize) -> bool {
        let chunk = self.tokens.get(from..to).unwrap_or_default();
        let number = chunk.len() == 2
            && chunk.last().is_some_and(|t| t.kind == Kind::Digits && t.text.len() > 1);
        let mixed = |t: &Token<'_>| {
            t.kind == Kind::Word
                && t.text.bytes().any(|b| b.is_ascii_alphabetic())
                && t.text.chars().any(spelling::is_cyrillic)
        };
        !number
            && chunk.iter().any(|t| {
                t.kind == Kind::Digits || matches!(t.text, "*" | "@" | "$" | "#" | "€") || mixed(t)
            })
    }

    fn push(&mut self, from: usize, to: usize, verdict: Verdict) {
        let least = if self.words.mild { 1 } else { 3 };
        if verdict.severity < least {
            return;
        }
        let start = self.tokens.get(from).map_or(0, |t| t.start);
        let stop = self.tokens.get(to - 1).map_or(start, |t| t.end);
        let disguised = verdict.bent || self.drawn;
        let rule = match (disguised, verdict.severity) {
            (true, _) => "bent",
            (false, 3) => "obscene",
            (false, 2) => "rude",
            (false, _) => "coarse",
        };
        let span = self.folded.original(start, stop);
        self.found.push(Word { span, rule, severity: verdict.severity, disguised });
    }

    /// Past a run of letters, digits and the marks that people put between letters, ending in a letter
    /// or digit.
    fn chunk_end(&self, i: usize) -> usize {
        let mut end = i + 1;
        for (n, t) in self.tokens.iter().enumerate().skip(i + 1).take(CHUNK_TOKENS_MAX) {
            if matches!(t.kind, Kind::Word | Kind::Digits) || matches!(t.text, "$" | "€" | "@") {
                end = n + 1;
            } else if t.kind == Kind::Space {
                break;
            }
        }
        end
    }

    fn stars_after(&self, end: usize) -> usize {
        let rest = self.tokens.get(end..).unwrap_or_default();
        rest.iter().take(8).take_while(|t| matches!(t.text, "*" | "#" | "_")).count()
    }

    /// One word as it is written.
    fn word(&mut self, i: usize) -> Option<Verdict> {
        let token =
            self.tokens.get(i).filter(|t| t.kind == Kind::Word && t.text.len() <= WORD_MAX)?;
        let word = spelling::plain(token.text);
        if self.words.allow.contains(&word) {
            return None;
        }
        if self.words.extra.contains(&word) {
            return Some(Verdict { severity: 3, bent: false });
        }
        let doubt =
            || Doubt { tokens: &self.tokens, at: i, word: &word, capital: self.capital(token) };
        if let Some(severity) = known(&word) {
            let part = word.len() <= 6
                && i.checked_sub(1).and_then(|p| self.tokens.get(p)).is_some_and(|t| t.text == "-");
            if severity < 3 && part {
                return None;
            }
            let innocent = severity < 3 && self.doubts_left > 0 && doubt().innocent(severity);
            self.doubts_left = self.doubts_left.saturating_sub(1);
            return (!innocent).then_some(Verdict { severity, bent: false });
        }
        if context::may_be_phrase(&word) && self.doubts_left > 0 {
            self.doubts_left -= 1;
            let doubt =
                Doubt { tokens: &self.tokens, at: i, word: &word, capital: self.capital(token) };
            if let Some(severity) = context::phrase(&doubt) {
                return Some(Verdict { severity, bent: false });
            }
        }
        if self.folded.signs(token.start, token.end) > 0
            && let Some(severity) = lookalike(&word)
        {
            return Some(Verdict { severity, bent: true });
        }
        if self.drawn
            && self.is_drawn(token)
            && let Some(severity) = roots::inside(&word)
        {
            return Some(Verdict { severity, bent: true });
        }
        let doubled = word.as_bytes().windows(2).any(|w| w[0] == w[1])
            || word.chars().zip(word.chars().skip(1)).any(|(a, b)| a == b);
        if doubled {
            let severity = stretched(&word)?;
            return Some(Verdict { severity, bent: true });
        }
        None
    }

    /// Whether the letters of a word stood apart.
    fn is_drawn(&self, token: &Token<'_>) -> bool {
        let written = self.folded.at(token.end).saturating_sub(self.folded.at(token.start));
        written as usize > token.text.len()
    }

    /// Whether only the first letter is a capital, as in a name.
    fn capital(&self, token: &Token<'_>) -> bool {
        let span = self.folded.original(token.start, token.end);
        let written = self.original.get(span.start as usize..span.end as usize).unwrap_or_default();
        let mut letters = written.chars();
        letters.next().is_some_and(spelling::is_capital)
            && !letters.next().is_some_and(spelling::is_capital)
    }

    /// Tokens `from..to` read as one bent word; `hidden` is past the stars that follow.
    fn bent(&mut self, from: usize, to: usize, hidden: usize) -> Option<Verdict> {
        let (first, last) = (self.tokens.get(from)?, self.tokens.get(hidden.checked_sub(1)?)?);
        let text = self.folded.text.get(first.start..last.end)?;
        let lettered = self.tokens.get(from..to)?.iter().any(|t| t.kind == Kind::Word);
        if !lettered && text != "@$$" || text.len() > WORD_MAX {
            return None;
        }
        let severity = bent::severity(text, &mut self.bent_left)?;
        let allowed = self.words.allow.contains(&spelling::plain(text));
        (!allowed).then_some(Verdict { severity, bent: true })
    }

    /// Two words that are one, torn by a space.
    fn split(&self, i: usize, end: usize) -> Option<Verdict> {
        let (first, gap, second) =
            (self.tokens.get(i)?, self.tokens.get(end)?, self.tokens.get(end + 1)?);
        let fits = end == i + 1
            && first.text.len() + second.text.len() <= masks::TORN_MAX
            && gap.text == " "
            && first.kind == Kind::Word
            && second.kind == Kind::Word
            && !self.tokens.get(end + 2).is_some_and(|t| t.text == "'" || t.text == "-");
        if !fits {
            return None;
        }
        masks::torn(first.text, second.text).then_some(Verdict { severity: 3, bent: true })
    }
}

/// The tokens with Latin words parted at apostrophes, as `l'enculé` and `who're` are.
fn elided(tokens: Vec<Token<'_>>) -> Vec<Token<'_>> {
    let parts = |t: &Token<'_>| {
        t.kind == Kind::Word && t.text.as_bytes().contains(&b'\'') && t.text.is_char_boundary(1)
    };
    if !tokens.iter().any(parts) {
        return tokens;
    }
    let mut out = Vec::with_capacity(tokens.len() + 8);
    for token in tokens {
        if !parts(&token) {
            out.push(token);
            continue;
        }
        let mut start = token.start;
        for (n, text) in token.text.split('\'').enumerate() {
            if n > 0 {
                out.push(Token { kind: Kind::Mark, text: "'", start, end: start + 1 });
                start += 1;
            }
            out.push(Token { kind: Kind::Word, text, start, end: start + text.len() });
            start += text.len();
        }
    }
    out
}

/// The severity of a word as it is written.
fn known(word: &str) -> Option<u8> {
    roots::find(word).map(|f| f.stem.severity)
}

/// The severity of a word whose letters are of one script only by their looks.
fn lookalike(word: &str) -> Option<u8> {
    spelling::READINGS.iter().find_map(|reading| {
        let read = sieve::may_be_read(word, *reading).then(|| spelling::read(word, *reading));
        known(&read.flatten()?).filter(|severity| *severity >= 2)
    })
}

/// The severity of a word without its repeated letters.
fn stretched(word: &str) -> Option<u8> {
    let long = spelling::unstretched(word, 3, 1);
    let pair = spelling::unstretched(word, 3, 2);
    let tries = long.iter().chain(&pair).find_map(|w| known(w));
    let all = || {
        let short = spelling::unstretched(word, 2, 1)?;
        roots::find(&short).map(|f| f.stem.severity).filter(|s| {
            long.is_some() || (*s == 3 || *s == 2 && word.len() > 10) && !word.is_ascii()
        })
    };
    tries.or_else(all)
}
