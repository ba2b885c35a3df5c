//! Whether a text may hold a contact at all, told without reading it as a scene. Most texts of a chat end
//! here.

use parlour_guest::Folded;
use parlour_guest::scan::{Kind, Token};

use crate::lexicon::{among, ascii_only, single};
use crate::naming::dull;
use crate::platform::{self, Reading, Skeleton, elided};
use crate::words;

/// Whether a text may hold a contact or an invitation by itself; `false` is certain and costs little.
pub fn may_hold(folded: &Folded, tokens: &[Token<'_>]) -> bool {
    let counts = folded.counts();
    if counts.total() > 0 || counts.mixed_words > 0 || folded.has_any(b"@_") {
        return true;
    }
    let kind = |n: usize| tokens.get(n).map_or(Kind::Space, |t| t.kind);
    let text = |n: usize| tokens.get(n).map_or("", |t| t.text);
    let word = |n: usize| kind(n) == Kind::Word;
    tokens.iter().enumerate().any(|(n, t)| match t.kind {
        Kind::Space => false,
        // A name with a full stop: `torty.de.lesi`.
        Kind::Mark if t.is(".") => {
            n > 0
                && word(n - 1)
                && (word(n + 1) || kind(n + 1) == Kind::Digits && text(n - 1).len() > 3)
                && ascii_only(text(n - 1))
                && ascii_only(text(n + 1))
        }
        Kind::Mark if !ascii_only(t.text) => platform::pictured(t.text),
        Kind::Mark => {
            word(n + 1)
                && (among(t.text, row!("! | $ +"))
                    || n > 0 && matches!(t.text, "*" | "#") && word(n - 1))
        }
        // `dizcord owl#7712`, `инсташе owl77`
        Kind::Digits => {
            t.text.len() <= 2 && word(n + 1) && leet(tokens, n)
                || t.text.len() <= 4
                    && n > 0
                    && (text(n - 1) == "#" || text(n - 1).len() > 3 && word(n - 1))
                    && ascii_only(text(n - 1))
        }
        Kind::Word => may_name(tokens, n) || words::tells(t.text),
    })
}

/// Whether the name of a platform may begin with the word at `n`, which may be the first of three parts.
fn may_name(tokens: &[Token<'_>], n: usize) -> bool {
    const PARTS_MAX: usize = 3;
    if !tokens.get(n).is_some_and(|t| platform::head_of_name(t.text)) || dull(tokens, n, None) {
        return false;
    }
    let text = |n: usize| tokens.get(n).map_or("", |t| t.text);
    let mut name = Skeleton::new();
    let mut at = n;
    for part in 0..PARTS_MAX {
        let word = if part == 0 { elided(text(at)) } else { text(at) };
        if name.add(word, Reading::First).is_none() || !name.may_be_name() {
            return false;
        }
        if name.names() {
            return true;
        }
        let parted = tokens.get(at + 1).is_some_and(|t| {
            t.is_gap() || t.kind == Kind::Mark && t.text.len() == 1 && !matches!(t.text, "," | ":")
        });
        if !parted {
            return false;
        }
        at += 2;
    }
    // Letters apart: `t-e-l-e-g-a`.
    (n..at).step_by(2).all(|n| single(text(n)))
}

/// Whether a digit at `n` may stand for a letter of such a name: `т3лега`, `1nsta`.
fn leet(tokens: &[Token<'_>], n: usize) -> bool {
    let word = |n: usize| tokens.get(n).filter(|t| t.kind == Kind::Word).map_or("", |t| t.text);
    [Reading::First, Reading::Second].into_iter().any(|reading| {
        let mut name = Skeleton::new();
        let parts = [word(n.wrapping_sub(1)), tokens.get(n).map_or("", |t| t.text), word(n + 1)];
        parts.iter().all(|part| name.add(part, reading).is_some())
            && name.bytes().len() > 1
            && name.may_be_name()
    })
}
