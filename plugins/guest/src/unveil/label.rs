//! The label before a dot, and how likely it is a name.

use crate::host;
use crate::list::{Row, one_of};
use crate::mailbox::SURE_PROVIDERS;
use crate::scan::{Kind, Token};

/// Words that are no name before an ending.
static NO_NAMES: Row = Row::of(
    "and avec bubble came come company dans des era font from have just les made make makes \
     period point pour size some that the this une until votre want what will with your",
);

/// The label that ends before token `n`.
pub struct Label {
    pub ascii: bool,
    /// In bytes.
    pub length: usize,
    /// A hyphen inside, or letters and digits.
    pub odd: bool,
    /// A provider of mail.
    pub provider: bool,
    pub from: usize,
}

impl Label {
    pub fn before(tokens: &[Token<'_>], n: usize) -> Self {
        const TOKENS: usize = 12;
        let solid = |t: &Token<'_>| t.is_solid() || matches!(t.text, "-" | "_");
        let mut from = n;
        while from > 0 && n - from < TOKENS && tokens.get(from - 1).is_some_and(solid) {
            from -= 1;
        }
        let run = tokens.get(from..n).unwrap_or_default();
        let words = run.iter().filter(|t| t.kind == Kind::Word);
        let known = matches!(run, [one] if NO_NAMES.contains(one.text));
        let named = words.clone().next().is_some() && !known;
        // `co` of `shop dot co`.
        let second = matches!(run, [one] if one_of("co com ком ко", one.text))
            && from > 2
            && tokens.get(from - 2).is_some_and(|t| host::is_dot(t) || t.text == "stop");
        Self {
            ascii: named && (second || run.iter().all(|t| t.text.is_ascii())),
            length: if named { run.iter().map(|t| t.text.len()).sum() } else { 0 },
            odd: run.len() > 1,
            provider: second || matches!(run, [.., one] if SURE_PROVIDERS.contains(one.text)),
            from,
        }
    }

    /// Whether it is rather a name than a word, as far as it can be told.
    pub fn named(&self) -> bool {
        self.ascii && self.length > 3 || self.odd && self.length > 4 || self.provider
    }
}
