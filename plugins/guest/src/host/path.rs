//! Paths of links that are told in words: `slash ivan`. Knows no host.

use super::word_in;
use crate::list::List;
use crate::mailbox::AT;
use crate::scan::{Kind, Token};

/// Past a path that is told in words after a host that ends before token `i`: `slash gallery`.
#[must_use]
pub fn spoken_path(tokens: &[Token<'_>], i: usize) -> usize {
    let gap = |n: usize| tokens.get(n).is_some_and(Token::is_gap);
    let solid = |n: usize| {
        tokens.get(n).is_some_and(|t| matches!(t.kind, Kind::Word | Kind::Digits) || t.is("_"))
    };
    let mut end = i;
    while let Some(mut n) = slash(tokens, end).filter(|n| *n > end + 1) {
        // `slash at ivan`
        let at =
            tokens.get(n).is_some_and(|t| t.is("@") || t.kind == Kind::Word && AT.contains(t.text));
        let after = n + 1 + usize::from(gap(n + 1));
        if at && solid(after) {
            n = after;
        }
        // `/ +AbCd`: an invitation.
        n += usize::from(tokens.get(n).is_some_and(|t| t.is("+")) && solid(n + 1));
        // `/ ?a=b`
        if tokens.get(n).is_some_and(|t| t.is("?")) && solid(n + 1) {
            let rest = tokens.get(n..).unwrap_or_default().iter();
            return n + rest.take_while(|t| t.kind != Kind::Space).count();
        }
        if !solid(n) {
            break;
        }
        end = n + 1;
        while solid(end)
            || tokens.get(end).is_some_and(|t| matches!(t.text, "-" | ".")) && solid(end + 1)
        {
            end += 1;
        }
    }
    end
}

/// Whether a slash, written or said, and a name follow token `i`.
#[must_use]
pub fn path_follows(tokens: &[Token<'_>], i: usize) -> bool {
    let name = |t: &Token<'_>| t.kind != Kind::Space && !t.is("/");
    slash(tokens, i).and_then(|n| tokens.get(n)).is_some_and(name)
}

/// Past the slash at token `i`, written or said, and the gaps around it.
fn slash(tokens: &[Token<'_>], i: usize) -> Option<usize> {
    let past_gap = |n: usize| n + usize::from(tokens.get(n).is_some_and(Token::is_gap));
    let n = past_gap(i);
    let token = tokens.get(n)?;
    let said = n > i && word_in(token, &SLASH_WORDS);
    (token.is("/") || said).then(|| past_gap(n + 1))
}

static SLASH_WORDS: List = List::of(&[
    "slash",
    "слеш",
    "слэш",
    "слаш",
    "слэшь",
    "barre",
    "слешик",
    "дробь",
    "slesh",
    "slach",
    "косая",
]);
