//! What stands between the digits of one number: marks.

use parlour_guest::scan::{Kind, Token};

use super::Between;

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
pub struct Survey {
    /// Tokens of digits.
    pub figures: usize,
    /// Their digits.
    pub digits: usize,
}

/// Looks at all tokens.
#[must_use]
pub fn survey(tokens: &[Token<'_>]) -> Survey {
    let mut out = Survey { figures: 0, digits: 0 };
    for token in tokens.iter().filter(|t| t.kind == Kind::Digits) {
        out.figures += 1;
        out.digits += token.text.len();
    }
    out
}
