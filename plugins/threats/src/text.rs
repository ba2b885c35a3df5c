//! A folded text as plain words: one spelling, Latin words parted at apostrophes, the ends of sentences
//! and quotations known. Knows no language.

use parlour_guest::Folded;
use parlour_guest::scan::{Glance, Kind, Token};
use parlour_guest::spelling::{self, SPELLED};

use crate::unbend;
use crate::words::{Classes, Known};

/// A word, or what was read as one.
#[derive(Clone, Copy, Debug)]
pub struct Word {
    /// Its classes.
    pub is: Classes,
    /// The digest of its spelling.
    pub digest: u32,
    /// The numbers of the phrases that begin with it.
    pub begins: &'static [u8],
    /// Bytes of the folded text.
    pub start: usize,
    pub end: usize,
    /// Whether a sentence ends before it.
    pub opens: bool,
    /// Whether any mark stands before it.
    pub parted: bool,
    /// Whether it stands within quotation marks.
    pub quoted: bool,
    /// Whether it was written in a disguise.
    pub bent: bool,
    /// Where its spelling stands in `spelled` when that is not as it is written.
    spelling: Option<(u32, u32)>,
}

/// All words of a text.
#[derive(Debug)]
pub struct Text<'a> {
    written: &'a str,
    folded: &'a Folded,
    /// Whether its letters were drawn together.
    drawn: bool,
    pub words: Vec<Word>,
    /// The classes of all words together.
    pub all: Classes,
    /// Whether a question mark ends it.
    pub asks: bool,
    /// How many words with stars were tried.
    starred: usize,
    /// How many runs of tokens were read as one word.
    bent: usize,
    spelled: String,
}

/// Longest word that is looked at, in bytes.
const WORD_MAX: usize = 80;

/// Most words of one text whose stars are filled with letters.
const STARRED_MAX: usize = 6;

/// Most runs of tokens of one text that are read as one word.
const BENT_MAX: usize = 300;

impl<'a> Text<'a> {
    #[must_use]
    pub fn of(folded: &'a Folded, drawn: bool) -> Self {
        let words = Vec::with_capacity(folded.kinds().len() / 2 + 1);
        let mut text = Self {
            written: &folded.text,
            folded,
            drawn,
            words,
            all: 0,
            asks: false,
            starred: 0,
            bent: 0,
            spelled: String::new(),
        };
        let written = |start: usize, end: usize| folded.text.as_bytes().get(start..end);
        let (mut opens, mut parted, mut quoted, mut gap) = (true, true, false, false);
        let mut past = 0;
        for (i, (kind, start, end)) in folded.places().enumerate() {
            match kind {
                _ if i < past => {}
                Kind::Word | Kind::Digits => {
                    let from = text.words.len();
                    past = text.push(i, start, end);
                    if let Some(word) = text.words.get_mut(from) {
                        (word.opens, word.parted) = (opens, parted);
                    }
                    if quoted {
                        text.words.iter_mut().skip(from).for_each(|word| word.quoted = true);
                    }
                    if gap && from + 1 == text.words.len() {
                        text.join();
                    }
                    (opens, parted, gap) = (false, false, false);
                }
                Kind::Space => {
                    gap = end - start == 1 && written(start, end) == Some(b" ");
                    opens |=
                        !gap && written(start, end).is_some_and(|space| space.contains(&b'\n'));
                }
                Kind::Mark => {
                    let mark = folded.text.get(start..end).unwrap_or_default();
                    parted |= mark != "'";
                    gap = false;
                    match mark {
                        "." | "!" | "?" | ";" => opens = true,
                        "«" | "“" | "„" => quoted = true,
                        "»" | "”" => quoted = false,
                        "\"" => quoted = !quoted,
                        _ => {}
                    }
                }
            }
        }
        text.roman();
        // A quotation that never ends quotes nothing; nor does a text that is all one quotation.
        if quoted || text.words.iter().all(|w| w.quoted) {
            text.words.iter_mut().for_each(|w| w.quoted = false);
        }
        text.asks = folded.text.trim_end().ends_with('?');
        text
    }

    /// The spelling of a word.
    #[must_use]
    pub fn spelling(&self, word: &Word) -> &str {
        match word.spelling {
            None => self.written.get(word.start..word.end),
            Some((from, to)) => self.spelled.get(from as usize..to as usize),
        }
        .unwrap_or_default()
    }

    /// Adds token `i` and those that belong to it as one word, or as the words that they are. Tells past
    /// which token.
    fn push(&mut self, i: usize, start: usize, end: usize) -> usize {
        let folded = self.folded;
        let past = chunk_end(folded, i + 1);
        if past == i + 1 {
            if folded.kind(i) == Some(Kind::Word) {
                self.word(self.written.get(start..end).unwrap_or_default(), start);
            }
            return past;
        }
        let tokens: Vec<Token<'_>> = (i..past).map_while(|n| folded.token(n)).collect();
        let end = tokens.last().map_or(end, |last| last.end);
        let written = self.written.get(start..end).unwrap_or_default();
        if tokens.iter().any(|t| t.kind == Kind::Word)
            && written.len() <= WORD_MAX
            && let Some(read) = self.meant(&tokens, written)
        {
            self.add(&read, start, end, true);
            return past;
        }
        for token in tokens.iter().filter(|t| t.kind == Kind::Word) {
            self.word(token.text, token.start);
        }
        past
    }

    fn word(&mut self, written: &str, start: usize) {
        let end = start + written.len();
        if self.drawn
            && self.is_drawn(written, start, end)
            && let Some(ends) = unbend::words_within(written)
        {
            let mut from = 0;
            for to in ends {
                let word = written.get(from..to).unwrap_or_default();
                self.add(word, start + from, start + to, true);
                from = to;
            }
            return;
        }
        let glance = Glance::of(written);
        let known = Known::with(glance.digest);
        let letters = if glance.simple { Letters::SIMPLE } else { Letters::of(written) };
        if !letters.spelled {
            let sure = written.len() > 4 && !known.is_nothing();
            let once = || !letters.tripled && !unbend::may_be_once(written);
            if !sure
                && known.is == 0
                && let Some(read) = self.lookalike(written, start)
            {
                self.add(&read, start, end, true);
                return;
            }
            if sure || !letters.mixed() && (!letters.doubled || once()) {
                self.put(glance.digest, known, start, end);
                return;
            }
        }
        if written.as_bytes().first().is_some_and(u8::is_ascii) && written.contains('\'') {
            let mut start = start;
            for part in written.split('\'') {
                self.add(&spelling::plain(part), start, start + part.len(), false);
                start += part.len() + 1;
            }
            return;
        }
        let plain = spelling::plain(written);
        if letters.mixed()
            && let Some(read) = unbend::bent(&plain).or_else(|| self.wild(written, |_| false))
        {
            self.add(&read, start, end, true);
            return;
        }
        let short = (letters.doubled && !unbend::known(&plain) && plain.len() <= WORD_MAX)
            .then(|| unbend::unstretched(&plain))
            .flatten();
        match short {
            Some(short) => self.add(&short, start, end, true),
            None => self.add(&plain, start, end, false),
        }
    }

    /// Whether letters of a word stood apart that is not known as it is.
    fn is_drawn(&self, written: &str, start: usize, end: usize) -> bool {
        let width = self.folded.at(end).saturating_sub(self.folded.at(start));
        width as usize > written.len() && !unbend::known(written)
    }

    /// What several tokens without white space were meant to be, if they are one word.
    fn meant(&mut self, tokens: &[Token<'_>], written: &str) -> Option<String> {
        self.bent += 1;
        if self.bent > BENT_MAX {
            return None;
        }
        let bent = unbend::bent(written);
        if bent.is_some() {
            return bent;
        }
        // A mark or a digit that stands for a letter.
        let hides = |t: &Token<'_>| match t.kind {
            Kind::Digits => t.text.len() == 1,
            Kind::Mark => matches!(t.text, "*" | "#" | "_" | "@" | "$" | "!" | "|"),
            Kind::Word => true,
            Kind::Space => false,
        };
        if !tokens.iter().all(hides) || tokens.first().is_none_or(|t| t.kind != Kind::Word) {
            return None;
        }
        self.wild(written, |_| false)
    }

    /// A word that is known when letters which only look right were others: `b` is not always `в`.
    fn lookalike(&mut self, written: &str, start: usize) -> Option<String> {
        let folded = self.folded;
        if folded.counts().lookalikes == 0
            || self.starred == STARRED_MAX
            || folded.signs(start, start + written.len()) == 0
        {
            return None;
        }
        self.starred += 1;
        let doubted = |at| folded.signs(start + at, start + at + 1) > 0;
        unbend::unstarred(&unbend::starred(written, doubted)?)
    }

    /// A word with letters hidden: the one that is known, or with stars in their places.
    fn wild(&mut self, written: &str, doubted: impl Fn(usize) -> bool) -> Option<String> {
        if self.starred == STARRED_MAX {
            return None;
        }
        self.starred += 1;
        let starred = unbend::starred(written, doubted)?;
        unbend::unstarred(&starred).or(Some(starred))
    }

    /// Reads Russian that is written in Latin letters, where some words say that it is.
    fn roman(&mut self) {
        // What those words begin with.
        if !self.folded.has_any(b"ts") {
            return;
        }
        let first = |w: &Word| self.written.as_bytes().get(w.start);
        let begins = |w: &Word| w.spelling.is_some() || matches!(first(w), Some(b't' | b's'));
        let short = |w: &&Word| w.is == 0 && (4..7).contains(&(w.end - w.start)) && begins(w);
        if !self.words.iter().filter(short).any(|w| unbend::is_roman(self.spelling(w))) {
            return;
        }
        for n in 0..self.words.len() {
            let Some(word) = self.words.get(n).copied() else { break };
            if let Some(read) = unbend::cyrillic(self.spelling(&word)) {
                self.respell(n, &read);
            }
        }
        self.all = self.words.iter().fold(0, |all, word| all | word.is);
    }

    /// Draws two words of letters together that are one.
    fn join(&mut self) {
        let Some([first, second]) = self.words.last_chunk::<2>() else { return };
        // As long as `torn` asks for.
        let short = (4..9).contains(&(first.end - first.start)) && second.end - second.start < 15;
        if !short || first.is != 0 || second.is != 0 || second.opens || second.parted {
            return;
        }
        if let Some(word) = unbend::torn(self.spelling(first), self.spelling(second)) {
            let end = second.end;
            self.words.pop();
            let last = self.words.len() - 1;
            self.respell(last, &word);
            if let Some(word) = self.words.last_mut() {
                word.end = end;
            }
        }
    }

    /// Gives a word another spelling.
    #[inline(never)]
    fn respell(&mut self, n: usize, spelled: &str) {
        let at = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        let from = at(self.spelled.len());
        self.spelled.push_str(spelled);
        let glance = Glance::of(spelled);
        if let Some(word) = self.words.get_mut(n) {
            Known { is: word.is, begins: word.begins } = Known::with(glance.digest);
            self.all |= word.is;
            word.digest = glance.digest;
            word.bent = true;
            word.spelling = Some((from, at(self.spelled.len())));
        }
    }

    /// Adds a word that is spelled otherwise than it is written.
    #[inline(never)]
    fn add(&mut self, spelled: &str, start: usize, end: usize, bent: bool) {
        self.put(0, Known::default(), start, end);
        self.respell(self.words.len() - 1, spelled);
        if let Some(word) = self.words.last_mut() {
            word.bent = bent;
        }
    }

    fn put(&mut self, digest: u32, known: Known, start: usize, end: usize) {
        let Known { is, begins } = known;
        self.all |= is;
        self.words.push(Word {
            is,
            digest,
            begins,
            start,
            end,
            opens: false,
            parted: false,
            quoted: false,
            bent: false,
            spelling: None,
        });
    }
}

/// What one pass over the letters of a word tells.
struct Letters {
    /// Whether the word is spelled otherwise than it is written.
    spelled: bool,
    doubled: bool,
    tripled: bool,
    /// A bit for each letter.
    alphabets: u64,
}

impl Letters {
    /// Of a word that is [`Glance::simple`].
    const SIMPLE: Self = Self { spelled: false, doubled: false, tripled: false, alphabets: 0 };

    /// Whether it has letters of both alphabets.
    fn mixed(&self) -> bool {
        self.alphabets & 0x07ff_fffe != 0 && self.alphabets >> 28 != 0
    }

    fn of(word: &str) -> Self {
        let text = word.as_bytes();
        let (mut at, mut last, mut all, mut same) = (0, 0, 0, false);
        let (mut doubled, mut tripled, mut alphabets) = (false, false, 0_u64);
        while at < text.len() {
            let (next, after) = spelling::letter(text, at);
            all |= next;
            let letter = next & !SPELLED;
            at = after;
            if letter == 0 {
                continue;
            }
            alphabets |= 1 << letter;
            if letter == last {
                tripled |= same;
                (doubled, same) = (true, true);
            } else {
                same = false;
            }
            last = letter;
        }
        Self { spelled: all & SPELLED != 0, doubled, tripled, alphabets }
    }
}

/// Past a run of words and digits with the marks that stand for letters within words, of which the first
/// stands before token `next`.
fn chunk_end(folded: &Folded, next: usize) -> usize {
    if folded.kind(next).is_none_or(|kind| kind == Kind::Space) {
        return next;
    }
    let mut end = next;
    for n in next..next + 12 {
        match folded.token(n) {
            Some(token) if matches!(token.kind, Kind::Word | Kind::Digits) => end = n + 1,
            Some(token) if matches!(token.text, "@" | "$" | "*" | "!" | "|" | "_" | "-" | ".") => {}
            _ => break,
        }
    }
    let hides = |t: Token<'_>| matches!(t.text, "*" | "@" | "#" | "$");
    end + usize::from(folded.token(end).is_some_and(hides))
}
