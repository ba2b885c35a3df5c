//! Words of numbers with marks or digits for some of their letters, `s1x`, `п*ть`, or parted into
//! syllables, `пять-де-сят`. Knows what a bent word may be; what the words say is for `spoken`.

use parlour_guest::Folded;
use parlour_guest::scan::{Kind, Token};

use crate::spoken::{said, starred};

/// Fewest words that are bent before a text is read anew.
const LEAST: usize = 4;

/// Longest word, in bytes.
const WORD_MAX: usize = 40;

/// The text with its bent words of numbers straightened, if it has enough of them.
pub fn straight(folded: &Folded, tokens: &[Token<'_>]) -> Option<Folded> {
    let mut out = Straight { text: String::new(), map: Vec::new(), bent: 0 };
    let mut i = 0;
    while i < tokens.len() {
        let rest = tokens.get(i..).unwrap_or_default();
        let length = rest.iter().take_while(|t| t.kind != Kind::Space).count();
        let (chunk, rest) = rest.split_at(length);
        out.chunk(folded, chunk);
        if let Some(space) = rest.first() {
            out.put(space.text, folded.at(space.start));
        }
        i += length + 1;
    }
    out.map.push(folded.at(usize::MAX));
    (out.bent >= LEAST).then(|| Folded::spelled(out.text, out.map))
}

struct Straight {
    text: String,
    map: Vec<u32>,
    bent: usize,
}

impl Straight {
    /// Adds what stands without white space.
    fn chunk(&mut self, folded: &Folded, chunk: &[Token<'_>]) {
        let syllables = chunk.iter().filter(|t| t.kind == Kind::Word).count();
        let hyphens = chunk.iter().filter(|t| t.is("-")).count();
        let whole = syllables > 1 && syllables == hyphens + 1 && chunk.len() == syllables + hyphens;
        if whole && let Some(first) = chunk.first() {
            let word: String = chunk.iter().filter(|t| !t.is("-")).map(|t| t.text).collect();
            if word.len() <= WORD_MAX && said(&word).is_some() {
                self.bent += 1;
                return self.put(&word, folded.at(first.start));
            }
        }
        for part in chunk.split_inclusive(|t| t.is("-")) {
            let end = part
                .iter()
                .rposition(|t| !matches!(t.text, "-" | "," | ";" | ":"))
                .map_or(0, |n| n + 1);
            let (part, rest) = part.split_at(end);
            if part.len() > 1
                && let Some(word) = meant(part)
                && let Some(first) = part.first()
            {
                self.bent += 1;
                self.put(word, folded.at(first.start));
            } else {
                part.iter().for_each(|t| self.put(t.text, folded.at(t.start)));
            }
            rest.iter().for_each(|t| self.put(t.text, folded.at(t.start)));
        }
    }

    fn put(&mut self, text: &str, at: u32) {
        self.text.push_str(text);
        self.map.extend(std::iter::repeat_n(at, text.len()));
    }
}

/// The word of a number that some tokens stand for.
fn meant(part: &[Token<'_>]) -> Option<&'static str> {
    let single = |t: &Token<'_>| match t.kind {
        Kind::Word => true,
        Kind::Digits => t.text.len() == 1,
        Kind::Mark => matches!(t.text, "*" | "!" | "@" | "$" | "." | "#" | "_" | "?" | "%" | "&"),
        Kind::Space => false,
    };
    let length: usize = part.iter().map(|t| t.text.len()).sum();
    if length > WORD_MAX || !part.iter().all(single) {
        return None;
    }
    let letters =
        |t: &Token<'_>| if t.kind == Kind::Word { t.text.to_owned() } else { "*".to_owned() };
    starred(&part.iter().map(letters).collect::<String>())
}
