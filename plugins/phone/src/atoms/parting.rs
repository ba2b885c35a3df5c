//! What stands between the digits of one number: marks, and words that come again and again.

use parlour_guest::scan::{Kind, Token};

use super::Between;
use crate::context::is_unit;
use crate::spoken::said;

/// Whether a token is white space within one line.
#[inline]
pub fn is_gap(token: &Token<'_>) -> bool {
    token.is_gap()
}

/// How far a space or a mark parts.
pub(super) fn parting(token: &Token<'_>) -> Between {
    match token.text {
        "-" | "." | "(" | ")" | "+" => Between::Light,
        "%" | "$" | "€" | "₽" | "₴" | "£" | "°" | "@" => Between::Wall,
        _ if is_gap(token) => Between::Light,
        _ => Between::Odd,
    }
}

/// What a first look at all tokens tells.
pub struct Survey<'a> {
    /// Words that stand between digits again and again, as somebody writes who hides a number.
    pub repeated: Vec<&'a str>,
    /// Tokens of digits.
    pub figures: usize,
    /// Their digits.
    pub digits: usize,
}

/// Looks at all tokens.
#[must_use]
pub fn survey<'a>(tokens: &[Token<'a>]) -> Survey<'a> {
    const TIMES: usize = 3;
    let mut seen: Vec<(&'a str, usize)> = Vec::new();
    let mut digits = None;
    let (mut figures, mut count) = (0, 0);
    for (n, t) in tokens.iter().enumerate() {
        match t.kind {
            Kind::Digits => {
                figures += 1;
                count += t.text.len();
                let word = digits.and_then(|from| lone_word(tokens.get(from + 1..n)?));
                digits = Some(n);
                let Some(word) = word else {
                    continue;
                };
                if let Some((_, times)) = seen.iter_mut().find(|(w, _)| *w == word) {
                    *times += 1;
                } else if seen.len() < 8 {
                    seen.push((word, 1));
                }
            }
            _ if digits.is_some_and(|from| n - from > 4) => digits = None,
            _ => {}
        }
    }
    // A box has three dimensions and no fifth.
    let least = |word: &str| if matches!(word, "x" | "х") { TIMES + 1 } else { TIMES };
    let again = seen.into_iter().filter(|(word, times)| *times >= least(word));
    Survey { repeated: again.map(|(word, _)| word).collect(), figures, digits: count }
}

/// The only word among some tokens, when it is no unit and parts no dimensions.
fn lone_word<'a>(between: &[Token<'a>]) -> Option<&'a str> {
    let mut words = between.iter().filter(|t| t.kind == Kind::Word);
    let word = words.next()?.text;
    let dimension = matches!(word, "на" | "до" | "по" | "из" | "by" | "sur" | "to" | "от");
    let plain = !dimension && !is_unit(word) && said(word).is_none();
    (plain && words.next().is_none()).then_some(word)
}
