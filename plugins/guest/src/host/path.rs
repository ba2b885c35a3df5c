//! What of a link is told without its marks: paths in words (`slash ivan`), hosts without dots.

use super::{Dots, Host, SURE, dotted, label, word_in};
use crate::list::List;
use crate::mailbox::AT;
use crate::scan::{Kind, Token};
use crate::tld::{Tld, tld};

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

/// A host whose dots were left out: `www shop ru`, and `shop ru` where `led` says that a site comes.
#[must_use]
pub fn read_dotless(tokens: &[Token<'_>], i: usize, led: bool) -> Option<Host> {
    let gap = |n: usize| tokens.get(n).is_some_and(Token::is_gap);
    let text = |n: usize| tokens.get(n).map_or("", |t| t.text);
    // `t me/ivan`, `vk com id183`
    let pair = (text(i), text(i + 2));
    let known = matches!(pair, ("t" | "т", "me" | "ме") | ("vk" | "вк", "com" | "ком"));
    let named = text(i + 3) == "/" || gap(i + 3) && text(i + 4) == "id";
    if known && named && gap(i + 1) {
        let name = dotted(pair.0, pair.1);
        return Some(Host { name, end: i + 3, dots: Dots::Spoken, tld: Tld::Plain, labels: 2 });
    }
    let parted = |n: usize| gap(n) || tokens.get(n).is_some_and(|t| matches!(t.text, "." | ","));
    let www = matches!(text(i), "www" | "ввв") && parted(i + 1);
    let from = if www { i + 2 } else { i };
    let mut name = String::new();
    let mut end = label(tokens, from, &mut name)?;
    // `www shop kiev ru`: the words of one label.
    let mut more = if www { 2 } else { 0 };
    let sure = |n: usize| tokens.get(n).is_some_and(|t| word_in(t, &SURE));
    while more > 0 && gap(end) && !sure(end + 1) && !text(end + 1).is_empty() {
        end = label(tokens, end + 1, &mut name)?;
        more -= 1;
    }
    let last = tokens.get(end + 1).filter(|_| gap(end) && sure(end + 1))?;
    // `shop com/price`, `shop com ua` need no word before them.
    let path = text(end + 2) == "/" && tokens.get(end + 3).is_some_and(|t| t.kind == Kind::Word);
    let country = gap(end + 2) && text(end + 3) == "ua" && last.text == "com";
    let proven = matches!(last.text, "com" | "net" | "org") && path || country;
    if !www && !led && !proven {
        return None;
    }
    if country {
        name.push_str(".com");
        end += 2;
    }
    let last = tokens.get(end + 1)?;
    let open = tokens.get(end + 2).is_none_or(|t| !t.is("'"));
    let sound = name.len() >= 4 && name.is_ascii() && open;
    name.push('.');
    name.push_str(last.text);
    let tld = tld(last.text)?;
    sound.then_some(Host { name, end: end + 2, dots: Dots::Spoken, tld, labels: 2 })
}
