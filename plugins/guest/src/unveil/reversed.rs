//! Addresses written from right to left.

use super::{Edit, back};
use crate::list::{Row, one_of};
use crate::scan::{Kind, Token, text};

/// Words that say so.
static HINTS: Row = Row::of(
    "backward backwards envers inverse inversé mirror reverse reversed задом зеркально навпаки \
     наоборот переверни перевернуть справа",
);

/// The unbroken run that begins with a reversed ending at token `i`, the other way round.
pub fn run(tokens: &[Token<'_>], i: usize) -> Option<Edit> {
    const TOKENS: usize = 40;
    const LEAST: usize = 8;
    if text(tokens, i + 1) != "."
        || i > 0 && tokens.get(i - 1)?.kind != Kind::Space && back(tokens, i, 1) != ":"
    {
        return None;
    }
    let run = tokens.get(i..)?.iter().take(TOKENS).take_while(|t| t.kind != Kind::Space);
    let mut to = i + run.count();
    while to > i && matches!(text(tokens, to - 1), "." | "," | "!" | "?" | ")" | ";") {
        to -= 1;
    }
    let run = tokens.get(i..to)?;
    let mut whole: Vec<u8> = Vec::new();
    run.iter().for_each(|t| whole.extend_from_slice(t.text.as_bytes()));
    let near = || tokens.iter().skip(i.saturating_sub(TOKENS)).take(3 * TOKENS);
    let said = || near().any(|t| HINTS.contains(t.text));
    let marked = run.iter().any(|t| one_of("@ sptth ptth www", t.text));
    let sound =
        whole.is_ascii() && whole.len() >= LEAST && (text(tokens, i) == "moc" || marked || said());
    whole.reverse();
    let put = String::from_utf8(whole).ok().filter(|_| sound)?;
    Some(Edit::new(i, to, put))
}
