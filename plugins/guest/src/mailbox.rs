//! E-mail addresses: around every `@` and everything that stands for one. Knows tokens and hosts; the
//! plugin for addresses reports them, the plugin for links leaves them alone.

use crate::host::{self, Dots, Host};
use crate::scan::{Kind, Token, tokens};
use crate::tld::tld;
use crate::{Folded, Span};

mod words;

use words::{AT, AT_BRACKETED, LEADS, NOT_LOCAL, PROVIDERS, SURE_PROVIDERS};

/// An address in the original text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address {
    pub span: Span,
    /// Lower case, as read.
    pub domain: String,
    pub rule: &'static str,
    /// Marks of disguise.
    pub signs: u8,
}

/// What stands for an `@`: tokens `from..to`, white space around it included.
struct At {
    from: usize,
    to: usize,
    signs: u8,
    /// A bare word of English, which needs more proof than the others.
    weak: bool,
}

/// The longest local part read, in tokens; RFC 5321 allows 64 characters.
const LOCAL_TOKENS_MAX: usize = 40;

/// All addresses of a text, in order, none overlapping another.
#[must_use]
pub fn detect(folded: &Folded) -> Vec<Address> {
    let tokens = tokens(&folded.text);
    let mut found: Vec<Address> = Vec::new();
    let mut free_from = 0;
    let mut i = 0;
    while i < tokens.len() {
        let hit = at_sign(&tokens, i)
            .and_then(|at| around(&tokens, free_from, &at))
            .or_else(|| announced(&tokens, free_from, i));
        let Some((from, to, domain, rule, signs)) = hit else {
            i += 1;
            continue;
        };
        let start = tokens.get(from).map_or(0, |t| t.start);
        let end = to.checked_sub(1).and_then(|n| tokens.get(n)).map_or(start, |t| t.end);
        found.push(Address { span: folded.original(start, end), domain, rule, signs });
        free_from = to;
        i = to.max(i + 1);
    }
    found
}

type Hit = (usize, usize, String, &'static str, u8);

/// The stand-in for an `@` whose own first token is `i`.
fn at_sign(tokens: &[Token<'_>], i: usize) -> Option<At> {
    let here = tokens.get(i)?;
    let gap_before = i.checked_sub(1).and_then(|p| tokens.get(p)).is_some_and(Token::is_gap);
    let from = if gap_before { i - 1 } else { i };
    let with_gap = |n: usize| n + usize::from(tokens.get(n).is_some_and(Token::is_gap));
    if here.is("@") {
        let to = with_gap(i + 1);
        return Some(At { from, to, signs: u8::from(gap_before || to > i + 1), weak: false });
    }
    let inner = |t: &Token<'_>| t.is("@") || AT.contains(&t.text) || AT_BRACKETED.contains(&t.text);
    if let Some(length) = host::bracketed(tokens, i, inner) {
        return Some(At { from, to: with_gap(i + length), signs: 2, weak: false });
    }
    let spaced = gap_before && tokens.get(i + 1).is_some_and(Token::is_gap);
    if here.kind == Kind::Word && spaced && AT.contains(&here.text) {
        let weak = matches!(here.text, "at" | "эй" | "ат" | "эт" | "ет");
        return Some(At { from, to: i + 2, signs: 2, weak });
    }
    None
}

/// An address around an `@`: a domain after it and a local part before it.
fn around(tokens: &[Token<'_>], free_from: usize, at: &At) -> Option<Hit> {
    let (mut end, domain, dots, sure) = domain(tokens, at)?;
    let plain = at.signs == 0;
    let (from, local_signs) = local(tokens, free_from, at.from, plain, at.weak)?;
    let signs = at.signs.saturating_add(local_signs).saturating_add(dots as u8);
    let first = tokens.get(from)?;
    if plain && in_address(tokens, from) {
        return None;
    }
    if at.weak && !(sure || dots >= Dots::Spoken) {
        return None;
    }
    if !plain && NOT_LOCAL.contains(&first.text) && from + 1 == at.from {
        return None;
    }
    while end > at.to && tokens.get(end - 1).is_some_and(Token::is_gap) {
        end -= 1;
    }
    let rule = if signs == 0 { "address" } else { "disguised" };
    Some((from, end, domain, rule, signs))
}

/// Whether token `from` lies after `://` in one unbroken run: user and password of a link.
fn in_address(tokens: &[Token<'_>], from: usize) -> bool {
    let mut run = tokens.get(..from).unwrap_or_default().iter().rev().take(LOCAL_TOKENS_MAX);
    run.by_ref().take_while(|t| t.kind != Kind::Space).any(|t| t.is("/"))
}

/// The domain after an `@`: its end, its name, how its dots
/// were written, and whether it is a known provider.
fn domain(tokens: &[Token<'_>], at: &At) -> Option<(usize, String, Dots, bool)> {
    let first = tokens.get(at.to)?.text;
    let provider = PROVIDERS.contains(&first);
    if let Some(Host { name, end, dots, .. }) = host::read(tokens, at.to) {
        return Some((end, name, dots, provider));
    }
    // `gmail com`, `gmail,com`, `мейл ру`: a provider, something small, and a top-level domain.
    if provider
        && let Some(last) = tokens.get(at.to + 2)
        && last.kind == Kind::Word
        && tld(last.text).is_some()
        && tokens
            .get(at.to + 1)
            .is_some_and(|t| t.is_gap() || matches!(t.text, "," | "-" | "_" | "/" | "*"))
    {
        return Some((at.to + 3, format!("{first}.{}", last.text), Dots::Apart, true));
    }
    // `gmailcom`
    let run_on = SURE_PROVIDERS.iter().any(|p| {
        first.strip_prefix(p).is_some_and(|rest| matches!(rest, "com" | "ru" | "ком" | "ру" | "fr"))
    });
    if run_on
        || SURE_PROVIDERS.contains(&first)
            && (at.signs > 0 || tokens.get(at.to + 1).is_none_or(|t| !t.is(".")))
    {
        return Some((at.to + 1, first.to_owned(), Dots::Apart, true));
    }
    None
}

/// The local part that ends before token `to`: its first token and its signs of disguise.
fn local(
    tokens: &[Token<'_>],
    free_from: usize,
    to: usize,
    plain: bool,
    weak: bool,
) -> Option<(usize, u8)> {
    let mut from = to;
    let mut signs = 0_u8;
    let floor = free_from.max(to.saturating_sub(LOCAL_TOKENS_MAX));
    while from > floor {
        let t = tokens.get(from - 1)?;
        let takes = match t.kind {
            Kind::Word => !(from < to && t.text.contains('\'')),
            Kind::Digits => true,
            Kind::Mark => matches!(
                t.text,
                "." | "_" | "-" | "+" | "%" | "&" | "~" | "=" | "#" | "$" | "!" | "^"
            ),
            Kind::Space => false,
        };
        if !takes {
            let Some(start) = spoken_dot(tokens, floor, from).filter(|_| !plain) else {
                break;
            };
            signs = signs.saturating_add(1);
            from = start;
            continue;
        }
        from -= 1;
    }
    // Marks that only precede the local part belong to the sentence.
    while from < to
        && tokens.get(from).is_some_and(|t| t.kind == Kind::Mark && !matches!(t.text, "_"))
    {
        from += 1;
    }
    let shortest = if weak { 3 } else { 1 };
    let length = tokens.get(to.checked_sub(1)?)?.end.checked_sub(tokens.get(from)?.start)?;
    (from < to && length >= shortest).then_some((from, signs))
}

/// Where ` точка ` or ` dot ` begins when it ends before token `from`, as in `ivan точка petrov @ ...`.
fn spoken_dot(tokens: &[Token<'_>], floor: usize, from: usize) -> Option<usize> {
    let start = from.checked_sub(3).filter(|s| *s >= floor)?;
    let (length, dots) = host::dot(tokens, start)?;
    (length == 3 && dots == Dots::Spoken).then_some(start)
}

/// `почта ivanov22 mail.ru`: a word that announces mail, a local part, a provider, and no `@` at all.
fn announced(tokens: &[Token<'_>], free_from: usize, i: usize) -> Option<Hit> {
    let provider = tokens.get(i).filter(|t| t.kind == Kind::Word && PROVIDERS.contains(&t.text))?;
    let gap = i.checked_sub(1).filter(|p| tokens.get(*p).is_some_and(Token::is_gap))?;
    let end = match host::read(tokens, i) {
        Some(host) => host.end,
        None => domain(tokens, &At { from: gap, to: i, signs: 1, weak: true })?.0,
    };
    let (from, _) = local(tokens, free_from, gap, true, true)?;
    let written = tokens.get(from..gap)?;
    let latin = written.iter().all(|t| t.text.is_ascii());
    let odd = written.iter().any(|t| t.kind == Kind::Digits || matches!(t.text, "." | "_"));
    if !latin || NOT_LOCAL.contains(&tokens.get(from)?.text) {
        return None;
    }
    let before = tokens.get(..from)?.iter().rev().filter(|t| t.kind == Kind::Word).take(3);
    let led = before.clone().any(|t| LEADS.contains(&t.text));
    let cyrillic = before.clone().next().is_some_and(|t| !t.text.is_ascii());
    (led && (odd || cyrillic)).then(|| (from, end, provider.text.to_owned(), "without-at", 2))
}
