//! Words and phrases of rules, and finding them among the words of a text. Knows no rule and no
//! category.

use crate::spelling::letter;

/// Characters between two words of a phrase that do not part them.
const GAP_MAX: usize = 4;

/// Words of one phrase.
const WORDS_MAX: usize = 16;

/// A word or phrase of a rule: what its words must be, in order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Phrase {
    words: Vec<Shape>,
}

/// What a word must be. A star stands for any letters, or none.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Shape {
    Exactly(String),
    Begins(String),
    Ends(String),
    Holds(String),
    Anything,
}

/// A word of a text with its place, in bytes.
#[derive(Clone, Copy, Debug)]
pub struct Word<'a> {
    pub text: &'a str,
    pub start: usize,
    pub end: usize,
    /// Characters since the word before.
    gap: usize,
}

fn is_inner(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

impl Phrase {
    /// Reads a word or phrase of a rule.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn read(text: &str) -> Result<Self, &'static str> {
        let spelled: String = text.trim().chars().map(letter).collect();
        let parts = spelled.split(|c: char| !is_inner(c) && c != '*' && c != '\'');
        let parts = parts.map(|part| part.trim_matches('\'')).filter(|part| !part.is_empty());
        let words = parts.map(Shape::read).collect::<Result<Vec<_>, _>>()?;
        match words.as_slice() {
            [] => Err("nothing but marks; a pattern can look for those"),
            [Shape::Anything, ..] | [.., Shape::Anything] => Err("a lone * at an end"),
            _ if words.len() > WORDS_MAX => Err("more than 16 words"),
            _ => Ok(Self { words }),
        }
    }

    /// What the first word begins with, where that is known; for an index.
    #[must_use]
    pub fn key(&self) -> Option<char> {
        match self.words.first()? {
            Shape::Exactly(text) | Shape::Begins(text) => text.chars().next(),
            _ => None,
        }
    }

    /// Whether the phrase stands at the first of these words: the place where it ends.
    #[must_use]
    pub fn at(&self, words: &[Word<'_>]) -> Option<usize> {
        let mut end = None;
        for (n, shape) in self.words.iter().enumerate() {
            let word = words.get(n)?;
            if !shape.fits(word.text) || (n > 0 && word.gap > GAP_MAX) {
                return None;
            }
            end = Some(word.end);
        }
        end
    }
}

impl Shape {
    fn read(part: &str) -> Result<Self, &'static str> {
        let open = part.starts_with('*');
        let closed = part.ends_with('*');
        let inner = part.trim_matches('*').to_owned();
        if inner.contains('*') {
            return Err("a * within a word; it stands at the ends");
        }
        if inner.is_empty() {
            return Ok(Self::Anything);
        }
        if (open || closed) && inner.chars().count() < 2 {
            return Err("a * beside a single letter");
        }
        Ok(match (open, closed) {
            (false, false) => Self::Exactly(inner),
            (false, true) => Self::Begins(inner),
            (true, false) => Self::Ends(inner),
            (true, true) => Self::Holds(inner),
        })
    }

    fn fits(&self, word: &str) -> bool {
        match self {
            Self::Exactly(text) => word == text,
            Self::Begins(text) => word.starts_with(text.as_str()),
            Self::Ends(text) => word.ends_with(text.as_str()),
            Self::Holds(text) => word.contains(text.as_str()),
            Self::Anything => true,
        }
    }
}

/// The words of a folded text.
#[must_use]
pub fn words(text: &str) -> Vec<Word<'_>> {
    let mut all: Vec<Word<'_>> = Vec::with_capacity(text.len() / 8);
    let mut start = None;
    let mut gap = 0;
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let apostrophe = c == '\''
            && start.is_some()
            && chars.peek().is_some_and(|(_, next)| next.is_alphabetic());
        if is_inner(c) || apostrophe {
            start.get_or_insert(at);
            let end = at + c.len_utf8();
            let ends = chars.peek().is_none_or(|(_, next)| !is_inner(*next) && *next != '\'');
            let ends = ends
                || chars.peek().is_some_and(|(_, next)| *next == '\'') && {
                    let mut ahead = chars.clone();
                    ahead.next();
                    !ahead.peek().is_some_and(|(_, next)| next.is_alphabetic())
                };
            if ends && let Some(from) = start.take() {
                all.push(Word {
                    text: text.get(from..end).unwrap_or_default(),
                    start: from,
                    end,
                    gap,
                });
                gap = 0;
            }
        } else {
            gap += 1;
        }
    }
    all
}

/// Phrases by what they begin with.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Index {
    /// Sorted by key; those without one are in `open`.
    keyed: Vec<(char, u32, Phrase)>,
    open: Vec<(u32, Phrase)>,
}

impl Index {
    /// From phrases and the number of the rule that each belongs to.
    #[must_use]
    pub fn of(phrases: Vec<(u32, Phrase)>) -> Self {
        let mut index = Self::default();
        for (rule, phrase) in phrases {
            match phrase.key() {
                Some(key) => index.keyed.push((key, rule, phrase)),
                None => index.open.push((rule, phrase)),
            }
        }
        index.keyed.sort_unstable_by_key(|entry| entry.0);
        index
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.keyed.is_empty() && self.open.is_empty()
    }

    /// Calls `found` with the rule, the beginning and the end of everything that is there.
    pub fn find(&self, words: &[Word<'_>], mut found: impl FnMut(u32, usize, usize)) {
        if self.is_empty() {
            return;
        }
        for (n, word) in words.iter().enumerate() {
            let rest = words.get(n..).unwrap_or_default();
            let key = word.text.chars().next().unwrap_or_default();
            let from = self.keyed.partition_point(|entry| entry.0 < key);
            let same = self.keyed.iter().skip(from).take_while(|entry| entry.0 == key);
            let same = same.map(|(_, rule, phrase)| (rule, phrase));
            for (rule, phrase) in same.chain(self.open.iter().map(|(rule, phrase)| (rule, phrase)))
            {
                if let Some(end) = phrase.at(rest) {
                    found(*rule, word.start, end);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Index, Phrase, words};

    #[track_caller]
    fn check(phrase: &str, text: &str, expected: &[&str]) {
        let phrase = Phrase::read(phrase).unwrap_or_else(|e| panic!("{phrase}: {e}"));
        let mut found = Vec::new();
        Index::of(vec![(0, phrase)])
            .find(&words(text), |_, start, end| found.push(text[start..end].to_owned()));
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn words_are_whole() {
        check("кот", "кот, который кот-баюн; скот", &["кот", "кот"]);
        check("Ёлка", "елка", &["елка"]);
        check("скид*", "скидка и скидки", &["скидка", "скидки"]);
        check("*банк", "сбербанк, банка, банк", &["сбербанк", "банк"]);
        check("*лама*", "реклама хлама", &["реклама", "хлама"]);
        check("п’ять", "п'ять 'п'ять' п'ятьа", &["п'ять", "п'ять"]);
        check("a1", "a1 a12 a 1", &["a1"]);
    }

    #[test]
    fn phrases_bend_at_their_spaces() {
        check(
            "купить диплом",
            "купить   диплом, купить-диплом",
            &["купить   диплом", "купить-диплом"],
        );
        check("купить диплом", "купить новый диплом", &[]);
        check("купить * диплом", "купить новый диплом", &["купить новый диплом"]);
        check("без предоплат*", "без предоплаты", &["без предоплаты"]);
        check("кое-как", "кое-как и кое как", &["кое-как", "кое как"]);
        check("а б", "а.......б", &[]);
    }

    #[test]
    fn what_cannot_be_looked_for_is_refused() {
        for bad in ["", "...", "*", "* диплом", "а*б", "*а", "а*"] {
            assert!(Phrase::read(bad).is_err(), "{bad}");
        }
        assert!(Phrase::read(&"слово ".repeat(17)).is_err());
    }
}
