//! A folded text as plain words: one spelling, Latin words parted at apostrophes, the ends of sentences
//! and quotations known. Knows no language.

use parlour_guest::Folded;
use parlour_guest::scan::{Kind, Token};
use parlour_guest::spelling::{self, READINGS};

use crate::phrases::begins;
use crate::words::{Classes, classes};

/// A word, or what was read as one.
#[derive(Clone, Copy, Debug)]
pub struct Word {
    /// Its classes.
    pub is: Classes,
    /// Whether a phrase begins with it.
    pub begins: bool,
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
    spelling: (u32, u32),
}

/// All words of a text.
#[derive(Debug, Default)]
pub struct Text {
    pub words: Vec<Word>,
    /// Whether a question mark ends it.
    pub asks: bool,
    spelled: String,
}

/// Longest word that is looked at, in bytes.
const WORD_MAX: usize = 80;

impl Text {
    #[must_use]
    pub fn of(folded: &Folded) -> Self {
        let tokens = folded.tokens();
        let mut text =
            Self { spelled: String::with_capacity(folded.text.len()), ..Self::default() };
        let (mut opens, mut parted, mut quoted) = (true, true, false);
        let mut i = 0;
        while let Some(token) = tokens.get(i) {
            let next = match token.kind {
                Kind::Word | Kind::Digits => {
                    let end = chunk_end(&tokens, i);
                    let from = text.words.len();
                    text.push(folded, &tokens, i, end);
                    if let Some(word) = text.words.get_mut(from) {
                        (word.opens, word.parted) = (opens, parted);
                    }
                    text.words.iter_mut().skip(from).for_each(|word| word.quoted = quoted);
                    (opens, parted) = (false, false);
                    end
                }
                Kind::Space => {
                    opens |= token.text.contains('\n');
                    i + 1
                }
                Kind::Mark => {
                    parted = true;
                    match token.text {
                        "." | "!" | "?" | ";" => opens = true,
                        "«" | "“" | "„" => quoted = true,
                        "»" | "”" => quoted = false,
                        "\"" => quoted = !quoted,
                        _ => {}
                    }
                    i + 1
                }
            };
            i = next;
        }
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
        let (from, to) = word.spelling;
        self.spelled.get(from as usize..to as usize).unwrap_or_default()
    }

    /// Adds tokens `from..to` as one word, or as the words that they are.
    fn push(&mut self, folded: &Folded, tokens: &[Token<'_>], from: usize, to: usize) {
        let (Some(first), Some(last)) = (tokens.get(from), tokens.get(to - 1)) else {
            return;
        };
        let written = folded.text.get(first.start..last.end).unwrap_or_default();
        if to > from + 1 && written.len() <= WORD_MAX {
            let plain = spelling::plain(written);
            let readings = READINGS.iter().filter_map(|r| spelling::read(&plain, *r));
            if let Some(read) = readings.into_iter().find(|read| known(read)) {
                self.add(&read, first.start, last.end, true);
                return;
            }
        }
        for token in
            tokens.get(from..to).unwrap_or_default().iter().filter(|t| t.kind == Kind::Word)
        {
            self.word(token);
        }
    }

    fn word(&mut self, token: &Token<'_>) {
        if token.text.as_bytes().first().is_some_and(u8::is_ascii) && token.text.contains('\'') {
            let mut start = token.start;
            for part in token.text.split('\'') {
                self.add(&spelling::plain(part), start, start + part.len(), false);
                start += part.len() + 1;
            }
            return;
        }
        let plain = spelling::plain(token.text);
        let doubled = plain.chars().zip(plain.chars().skip(1)).any(|(a, b)| a == b);
        let short = (doubled && !known(&plain) && plain.len() <= WORD_MAX)
            .then(|| {
                spelling::unstretched(&plain, 3, 1).or_else(|| spelling::unstretched(&plain, 2, 1))
            })
            .flatten()
            .filter(|short| known(short));
        match short {
            Some(short) => self.add(&short, token.start, token.end, true),
            None => self.add(&plain, token.start, token.end, false),
        }
    }

    fn add(&mut self, spelled: &str, start: usize, end: usize, bent: bool) {
        let at = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        let from = at(self.spelled.len());
        self.spelled.push_str(spelled);
        self.words.push(Word {
            is: classes(spelled),
            begins: begins(spelled),
            start,
            end,
            opens: false,
            parted: false,
            quoted: false,
            bent,
            spelling: (from, at(self.spelled.len())),
        });
    }
}

fn known(word: &str) -> bool {
    word.len() > 4 && (classes(word) != 0 || begins(word))
}

/// Past a run of words and digits with the marks that stand for letters within words.
fn chunk_end(tokens: &[Token<'_>], i: usize) -> usize {
    let mut end = i + 1;
    for (n, token) in tokens.iter().enumerate().skip(i + 1).take(12) {
        match token.kind {
            Kind::Word | Kind::Digits => end = n + 1,
            Kind::Mark if matches!(token.text, "@" | "$" | "*" | "!" | "|" | "_" | "-" | ".") => {}
            _ => break,
        }
    }
    end
}
