//! What of a link is told without its marks: paths in words (`slash ivan`), hosts without dots.

use super::{Dots, Host, LABEL_TOKENS_MAX, SURE, bracketed, dotted, label, word_in};
use crate::list::{Row, one_of};
use crate::mailbox::AT;
use crate::scan::{Kind, Token};
use crate::tld::{Tld, tld};

/// Past a path that is told in words after a host that ends before token `i`: `slash gallery`.
#[must_use]
pub fn spoken_path(tokens: &[Token<'_>], i: usize) -> usize {
    let gap = |n: usize| crate::scan::gap(tokens, n);
    let text = |n: usize| crate::scan::text(tokens, n);
    let solid = |n: usize| tokens.get(n).is_some_and(|t| t.is_solid() || t.is("_"));
    let mut end = i;
    while let Some(mut n) = slash(tokens, end).filter(|n| *n > end + 1) {
        // `slash at ivan`
        let at =
            tokens.get(n).is_some_and(|t| t.is("@") || t.kind == Kind::Word && AT.contains(t.text));
        let mut after = n + 1 + usize::from(gap(n + 1));
        // `slash at sign ivan`
        if at && matches!(text(after), "sign" | "symbol") && gap(after + 1) {
            after += 2;
        }
        if at && solid(after) {
            n = after;
        }
        // `слэш и потом ivan`
        while n > i + 2 && one_of(THEN, text(n)) && gap(n + 1) && text(n + 2).is_ascii() {
            n += 2;
        }
        // `слэш поставьте ivan_p`
        if gap(n + 1) && !text(n).is_ascii() && odd_name(tokens, n + 2) {
            n += 2;
        }
        // `/ +AbCd`: an invitation; `/ $anna`.
        let name = n + 1 + usize::from(gap(n + 1));
        if matches!(text(n), "+" | "$") && solid(name) {
            n = name;
        }
        // `/ ?a=b`
        if crate::scan::marks(tokens, n, b'?') && solid(n + 1) {
            let rest = tokens.get(n..).unwrap_or_default().iter();
            return n + rest.take_while(|t| t.kind != Kind::Space).count();
        }
        if !solid(n) {
            break;
        }
        end = n + 1;
        while solid(end) || matches!(text(end), "-" | "." | "=") && solid(end + 1) {
            end += 1;
        }
        end = goes_on(tokens, end);
    }
    end
}

/// Past another word of a path that was told and ends before token `end`, if it is a number or one with
/// letters, `slash ad 28177340`, `слэш pay 7hq2`; `end` itself where there is none.
fn goes_on(tokens: &[Token<'_>], end: usize) -> usize {
    let rest = tokens.get(end + 1..).unwrap_or_default().iter().take(LABEL_TOKENS_MAX);
    let part = rest.take_while(|t| t.is_solid() && t.text.is_ascii()).count();
    let first = tokens.get(end + 1);
    let number = first.is_some_and(|t| t.kind == Kind::Digits && (5..10).contains(&t.text.len()));
    let mixed = part > 2 && crate::scan::text(tokens, end + 2) != "h";
    let more = crate::scan::gap(tokens, end) && (mixed || part == 1 && number);
    if more { end + 1 + part } else { end }
}

/// Whether a slash, written or said, and a name follow token `i`.
#[must_use]
#[inline(never)]
pub fn path_follows(tokens: &[Token<'_>], i: usize) -> bool {
    let name = |t: &Token<'_>| t.kind != Kind::Space && !t.is("/");
    slash(tokens, i).and_then(|n| tokens.get(n)).is_some_and(name)
}

/// Whether a slash in words, and a name, follow token `i`.
#[must_use]
#[inline(never)]
pub fn path_is_said(tokens: &[Token<'_>], i: usize) -> bool {
    let name = |n: usize| tokens.get(n).is_some_and(|t| t.is_solid());
    crate::scan::text(tokens, i) != "/"
        && crate::scan::text(tokens, i + 1) != "/"
        && slash(tokens, i).is_some_and(name)
}

/// Whether a word says a slash.
#[must_use]
pub fn is_slash(token: &Token<'_>) -> bool {
    word_in(token, &SLASH_WORDS)
}

/// Past the slash at token `i`, written or said, and the gaps around it.
fn slash(tokens: &[Token<'_>], i: usize) -> Option<usize> {
    let past_gap = |n: usize| n + usize::from(crate::scan::gap(tokens, n));
    let text = |n: usize| crate::scan::text(tokens, n);
    let n = past_gap(i);
    let token = tokens.get(n)?;
    // `[/]`, `(slash)`
    let inner = |t: &Token<'_>| t.is("/") || word_in(t, &SLASH_WORDS);
    let pair = |n: usize| {
        crate::scan::is_word(tokens, n)
            && matches!(
                (text(n), text(n + 2)),
                ("forward", "slash")
                    | ("barre", "oblique")
                    | ("косая", "черта")
                    | ("коса" | "скісна" | "похила", "риска" | "риса")
            )
    };
    // `(barre oblique)`
    if text(n) == "(" && pair(n + 1) && text(n + 4) == ")" {
        return Some(past_gap(n + 5));
    }
    // `then slash`
    if n > i
        && token.kind == Kind::Word
        && (text(n + 2) == "/" || tokens.get(n + 2).is_some_and(|t| word_in(t, &SLASH_WORDS)))
        && one_of(THEN, token.text)
    {
        return slash(tokens, n + 1);
    }
    if token.kind == Kind::Mark
        && let Some(length) = bracketed(tokens, n, &inner)
    {
        return Some(past_gap(n + length));
    }
    if matches!(token.text, "/" | "\\") {
        // `/ /` is one.
        let next = past_gap(n + 1);
        let twice = n > i && next > n + 1 && text(next) == "/";
        return Some(if twice { past_gap(next + 1) } else { next });
    }
    // `barre oblique`
    let pair = pair(n);
    let said = n > i && (pair || word_in(token, &SLASH_WORDS));
    said.then(|| past_gap(n + if pair { 3 } else { 1 }))
}

/// Words before it that only say that it comes.
const THEN: &str = "and et puis then далі затем и потом потім";

static SLASH_WORDS: Row = Row::of(
    "barre slach slash slesh дробь дріб косая палка палочка похила скісна слаш слеш слеша \
     слешик слэш слэшь слєш",
);

/// `www mebeldom`: a name of which the ending was left out too.
fn endless(tokens: &[Token<'_>], i: usize, www: bool, name: String, end: usize) -> Option<Host> {
    let plain = tokens.get(i + 1).is_some_and(|t| t.is(".") || t.is_gap());
    let sound = www
        && plain
        && name.is_ascii()
        && name.len() > 4
        && !name.bytes().all(|b| b.is_ascii_digit());
    sound.then_some(Host { name, end, dots: Dots::Spoken, tld: Tld::Plain, labels: 1 })
}

/// Whether a name begins at token `i` that is no word: `ivan_petrov`, `79161234567`.
fn odd_name(tokens: &[Token<'_>], i: usize) -> bool {
    let here = tokens.get(i..).unwrap_or_default().iter().take(8);
    let mut name = here.take_while(|t| {
        t.text.is_ascii() && (t.kind != Kind::Mark || t.is("_")) && t.kind != Kind::Space
    });
    let first = name.next();
    let number = first.is_some_and(|t| t.kind == Kind::Digits && t.text.len() > 9);
    let word = first.is_some_and(|t| t.kind == Kind::Word && t.text.len() > 1);
    number || word && name.any(|t| t.is("_"))
}

/// A host whose dots were left out: `www shop ru`, and `shop ru` where `led` says that a site comes.
#[must_use]
pub fn read_dotless(tokens: &[Token<'_>], i: usize, led: &dyn Fn() -> bool) -> Option<Host> {
    let gap = |n: usize| crate::scan::gap(tokens, n);
    let text = |n: usize| crate::scan::text(tokens, n);
    // `t me/ivan`, `vk com id183`
    let pair = (text(i), text(i + 2));
    let known = matches!(
        pair,
        ("t" | "т" | "тэ" | "те" | "te" | "tee", "me" | "ме" | "мэ" | "ми")
            | ("vk" | "вк", "com" | "ком")
            | ("wa", "me")
    );
    let named =
        text(i + 3) == "/" || gap(i + 3) && (text(i + 4) == "id" || odd_name(tokens, i + 4));
    if known && named && gap(i + 1) {
        let name = dotted(pair.0, pair.1);
        return Some(Host { name, end: i + 3, dots: Dots::Spoken, tld: Tld::Plain, labels: 2 });
    }
    let sure = |n: usize| tokens.get(n).is_some_and(|t| word_in(t, &SURE));
    let parted = |n: usize| gap(n) || matches!(crate::scan::text(tokens, n), "." | ",");
    let www = matches!(text(i), "www" | "ввв") && parted(i + 1);
    // What comes behind the first gap.
    let near = tokens.get(i..).unwrap_or_default().iter().take(LABEL_TOKENS_MAX);
    let first = i + near.take_while(|t| t.kind != Kind::Space).count();
    if !www
        && !sure(first + 1)
        && !text(first + 1).is_empty()
        && super::dash(tokens, first).is_none()
    {
        return None;
    }
    let from = if www { i + 2 } else { i };
    let mut name = String::new();
    let mut end = label(tokens, from, &mut name)?;
    // `www shop kiev ru`: the words of one label.
    let mut more = if www { 2 } else { 0 };
    while more > 0 && gap(end) && !sure(end + 1) && !text(end + 1).is_empty() {
        end = label(tokens, end + 1, &mut name)?;
        more -= 1;
    }
    let bare = end;
    let Some(last) = tokens.get(end + 1).filter(|_| gap(end) && sure(end + 1)) else {
        return endless(tokens, i, www && more == 2, name, bare);
    };
    // `shop com/price`, `shop com ua` need no word before them.
    let path = text(end + 2) == "/" && crate::scan::is_word(tokens, end + 3);
    let country = gap(end + 2) && text(end + 3) == "ua" && last.text == "com";
    let proven = one_of("com net org", last.text) && path || country;
    // `google pixel pro`
    let word = matches!(last.text, "pro" | "info" | "by")
        && !name.bytes().any(|b| matches!(b, b'-' | b'0'..=b'9'));
    if !www && !proven && (word || !led()) {
        return None;
    }
    if country {
        name.push_str(".com");
        end += 2;
    }
    let last = tokens.get(end + 1)?;
    let open = tokens.get(end + 2).is_none_or(|t| !t.is("'"));
    let sound = name.len() >= 4 && (www || name.is_ascii()) && open;
    name.push('.');
    name.push_str(last.text);
    let tld = tld(last.text)?;
    sound.then_some(Host { name, end: end + 2, dots: Dots::Spoken, tld, labels: 2 })
}
