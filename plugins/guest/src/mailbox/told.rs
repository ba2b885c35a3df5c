//! Addresses told in a sentence: the name and the provider apart, other words or marks between them, as in
//! `petrov.s на сервере mail.ru`, `my gmail is john.s`. Knows tokens and hosts.

use super::words::{AT, LEADS, MAIL, PROVIDERS, SURE_PROVIDERS};
use super::{At, Hit, LOCAL_TOKENS_MAX, Proof, domain};
use crate::host;
use crate::list::Row;
use crate::scan::{Kind, Token};
use crate::tld::{Tld, tld};

/// Words between a name and a provider behind it that do not say anything else.
static BETWEEN: Row = Row::of(
    "a account address adresse after and at c'est chez domain email en enroulé et google host \
     is it's its mail mon my name on plus rond server sur the then usual with à а адрес акк \
     аккаунт в вухо гугл дальше домен домене знак значок и мое мой моя моё моє мыло мій на \
     обычный от плюс после потом почта почте почтовый пошта пошті провайдер сайн сервак сервер \
     сервере у це это этот ящик",
);

/// Words between a provider and a name behind it.
static NAMES: Row = Row::of(
    "account address adresse as c'est est handle id identifiant is it's login mail me my name \
     named nick nom pseudo sous the under user username адрес адреса аккаунт вот именем имя \
     логин логином логін мой моя мій ник ником нік пиши пишите под почта почте почту почты \
     пошта пошту під там это я ящик ім'я",
);

/// Words in names of things that have an underscore or digits too.
static THINGS: Row = Row::of(
    "airpods code core devis doc docs dogovor draft facture file final foto free galaxy gtx hd \
     image img invoice ipad iphone macbook mi model mp noel nokia office order outlook photo \
     promo ps redmi report rtx sale samsung scan screen screenshot sku usb v ver version video \
     wh wi windows xiaomi zakaz айфон акт договор отчет отчёт скан счет счёт файл фото чек",
);

/// Endings of file names.
static FILES: Row = Row::of(
    "ai apk avi cdr csv doc docx dwg eps exe gif heic html iso jpeg jpg js json log md mkv mov \
     mp odt pdf png ppt pptx psd py rar rtf sql svg tmp txt webp xls xlsx xml zip",
);

/// Whether a run of tokens is the name of a file or of a thing for sale, not of a person.
pub(super) fn is_thing(name: &[Token<'_>]) -> bool {
    let listed = |list: &Row, t: Option<&Token<'_>>| t.is_some_and(|t| list.contains(t.text));
    let dot = name.iter().rposition(|t| t.is("."));
    let file = dot.is_some_and(|n| listed(&FILES, name.get(n + 1)));
    file || listed(&THINGS, name.first()) || name.len() > 1 && listed(&THINGS, name.last())
}

/// Where the name begins that ends before token `to`, if it is the name of an account by its looks: Latin
/// letters with a dot or an underscore inside or digits behind them, no file and no host.
fn name_before(tokens: &[Token<'_>], floor: usize, to: usize) -> Option<usize> {
    let solid = |t: &Token<'_>| {
        t.text.is_ascii() && matches!(t.kind, Kind::Word | Kind::Digits)
            || matches!(t.text, "." | "_" | "-")
    };
    let mut from = to;
    while from > floor && to - from < LOCAL_TOKENS_MAX && tokens.get(from - 1).is_some_and(solid) {
        from -= 1;
    }
    while tokens.get(from).is_some_and(|t| t.kind == Kind::Mark && !t.is("_")) {
        from += 1;
    }
    let name = tokens.get(from..to)?;
    is_account(name).then_some(from)
}

fn is_account(name: &[Token<'_>]) -> bool {
    let (Some(first), Some(last)) = (name.first(), name.last()) else {
        return false;
    };
    let bytes = last.end - first.start;
    let letters: usize = name.iter().filter(|t| t.kind == Kind::Word).map(|t| t.text.len()).sum();
    let inner = name.iter().any(|t| matches!(t.text, "." | "_"));
    let digits = name.iter().any(|t| t.kind == Kind::Digits);
    let plain = last.kind != Kind::Mark && first.kind != Kind::Digits;
    let site = inner
        && (host::is_sure(last.text) || last.text.len() < 4 && tld(last.text) == Some(Tld::Plain));
    plain
        && bytes > 4
        && letters > 2
        && (inner || digits || name.len() > 2)
        && !site
        && !is_thing(name)
}

/// A provider whose name says nothing but mail.
fn is_mail_only(word: &str) -> bool {
    [
        "gm", "гм", "джим", "джм", "жм", "googlem", "hotm", "хотм", "proton", "ymail", "laposte",
        "wanadoo", "ukr", "укр",
    ]
    .iter()
    .any(|head| word.starts_with(head))
        || matches!(word, "bk" | "inbox" | "outlook" | "icloud" | "rambler")
}

/// The provider that a word names, in any case.
pub(super) fn provider_of(word: &str) -> Option<&str> {
    if PROVIDERS.contains(word) {
        return Some(word);
    }
    let stem = word.strip_suffix(['е', 'у', 'а', 'і']).or_else(|| word.strip_suffix("ом"))?;
    (stem.len() > 7 && SURE_PROVIDERS.contains(stem)).then_some(stem)
}

/// `petrov.s, сервер mail.ru`, `john_s (gmail)`: a provider at token `i` and a name before it.
pub(super) fn told(tokens: &[Token<'_>], free_from: usize, i: usize) -> Option<Hit> {
    const TOKENS: usize = 16;
    const WORDS: usize = 3;
    let word = tokens.get(i).filter(|t| t.kind == Kind::Word && i > free_from)?.text;
    let (begin, named) = google(tokens, i).map_or((i, None), |(from, to)| (from, Some(to)));
    let provider = if named.is_some() { "gmail" } else { provider_of(word)? };
    let floor = free_from.max(i.saturating_sub(TOKENS));
    let (mut n, mut words, mut quiet, mut marks) = (begin, 0, true, 0);
    let from = loop {
        let t = tokens.get(n.checked_sub(1).filter(|n| *n >= floor)?)?;
        match t.kind {
            Kind::Space => n -= 1,
            Kind::Mark if matches!(t.text, "!" | "?" | "%" | "\\" | "_") => return None,
            Kind::Mark
                if t.is(".")
                    && !tokens.get(n.wrapping_sub(2)).is_some_and(|t| t.is("."))
                    && marks == 0 =>
            {
                return None;
            }
            Kind::Mark => {
                marks += 1;
                n -= 1;
            }
            Kind::Word | Kind::Digits if n == begin => return None,
            Kind::Word | Kind::Digits => {
                if let Some(from) = name_before(tokens, floor, n) {
                    break from;
                }
                words += 1;
                quiet &= BETWEEN.contains(t.text);
                n -= 1;
                if words > WORDS {
                    return None;
                }
            }
        }
    };
    let before = tokens.get(..from)?.iter().rev();
    // `@anna_k`, `#sale2024`, `site.ru/anna_k`
    if before.clone().next().is_some_and(|t| matches!(t.text, "@" | "#" | "/" | "$" | "№")) {
        return None;
    }
    let (end, whole) = named.map_or_else(|| ending(tokens, i), |to| (to, false));
    if end > i + 1 && tokens.get(end).is_some_and(|t| matches!(t.text, "/" | "?")) {
        return None;
    }
    let led = || {
        let words = before
            .clone()
            .filter(|t| t.kind != Kind::Space && !matches!(t.text, ":" | "-"))
            .take(3);
        words.into_iter().any(|t| LEADS.contains(t.text) || NAMED.contains(t.text))
    };
    let mail = MAIL.contains(crate::scan::text(tokens, end + 1));
    let sure = is_mail_only(provider);
    let sound = if whole {
        sure || quiet && (marks > 0 || words > 0) && (led() || words > 0)
    } else {
        quiet
            && SURE_PROVIDERS.contains(provider)
            && (sure && provider != "icloud" && provider != "outlook" || led() || mail)
    };
    sound.then(|| (from, end, provider.to_owned(), "without-at", 2))
}

/// The mail of a search engine, `гугл почта`, `почта гугл`, around the word for mail at token `i`.
fn google(tokens: &[Token<'_>], i: usize) -> Option<(usize, usize)> {
    let engine = |n: usize| {
        let word = crate::scan::text(tokens, n);
        matches!(word, "гугл" | "google" | "гугловская" | "гугловской" | "гугла" | "гуглівська")
    };
    if !MAIL.contains(tokens.get(i)?.text) {
        return None;
    }
    if i > 1 && engine(i - 2) {
        return Some((i - 2, i + 1));
    }
    engine(i + 2).then_some((i, i + 3))
}

/// Words before a name that say that it is one.
static NAMED: Row = Row::of(
    "identifiant login name nick pseudo user username имя логин логін ник нік собаки ящик ✉ ✉️ \
     💌 📧 📨 📩",
);

/// Where the domain that begins at token `i` ends, and whether it has an ending.
fn ending(tokens: &[Token<'_>], i: usize) -> (usize, bool) {
    if let Some(host) = host::read(tokens, i) {
        return (host.end, true);
    }
    let at = At { from: i, to: i, signs: 2, proof: Proof::Provider };
    let end = domain(tokens, &at).map_or(i + 1, |(end, ..)| end);
    (end, end > i + 1)
}

/// `ящик яндекс, логин petrov.s`, `my gmail is john.s`: a provider at token `i` and a name behind it.
pub(super) fn named(tokens: &[Token<'_>], free_from: usize, i: usize) -> Option<Hit> {
    const TOKENS: usize = 12;
    const WORDS: usize = 4;
    let word = tokens.get(i).filter(|t| t.kind == Kind::Word && i >= free_from)?.text;
    let provider = provider_of(word)?;
    let (mut n, mut words, mut mail) = (i + 1, 0, is_mail_only(provider));
    let to = loop {
        let t = tokens.get(n).filter(|_| n < i + TOKENS)?;
        match t.kind {
            Kind::Space => n += 1,
            Kind::Mark
                if matches!(t.text, "," | ":" | "-" | "(" | "\"" | "=" | ">")
                    || !t.text.is_ascii() =>
            {
                n += 1
            }
            Kind::Mark => return None,
            Kind::Word | Kind::Digits => {
                let to = name_end(tokens, n);
                if is_account(tokens.get(n..to)?) {
                    break to;
                }
                let known = NAMES.contains(t.text);
                mail |= MAIL.contains(t.text)
                    || matches!(
                        t.text,
                        "ящик" | "логин" | "login" | "логін" | "identifiant" | "username"
                    );
                words += 1;
                n += 1;
                if !known || words > WORDS {
                    return None;
                }
            }
        }
    };
    let name = tokens.get(n..to)?;
    let before = || {
        let words = tokens
            .get(..i)
            .unwrap_or_default()
            .iter()
            .rev()
            .filter(|t| t.kind == Kind::Word)
            .take(2);
        words
            .into_iter()
            .any(|t| t.text == "chez" || LEADS.contains(t.text) || NAMED.contains(t.text))
    };
    let marked = name.iter().any(|t| matches!(t.text, "." | "_"));
    let gapped = n > i + 1
        && tokens
            .get(n - 1)
            .is_some_and(|t| t.kind != Kind::Mark || !t.text.is_ascii() || t.is("\"") || t.is(":"));
    let sound = gapped && (words > 0 && (mail || before()) || marked && before() && words == 0);
    // An `@` or a provider behind the name says more.
    let more = tokens.get(to..)?.iter().take(TOKENS + 2).any(|t| {
        t.is("@") || t.kind == Kind::Word && (PROVIDERS.contains(t.text) || AT.contains(t.text))
    });
    let at = to + usize::from(crate::scan::gap(tokens, to));
    let open = super::at_sign(tokens, at).is_none();
    (sound && !more && open).then(|| (n, to, provider.to_owned(), "without-at", 2))
}

/// Where the unbroken name ends that begins at token `from`.
fn name_end(tokens: &[Token<'_>], from: usize) -> usize {
    let solid = |t: &Token<'_>| {
        t.text.is_ascii()
            && (matches!(t.kind, Kind::Word | Kind::Digits) || matches!(t.text, "." | "_" | "-"))
    };
    let mut to = from;
    while to < from + LOCAL_TOKENS_MAX && tokens.get(to).is_some_and(solid) {
        to += 1;
    }
    while to > from && tokens.get(to - 1).is_some_and(|t| t.kind == Kind::Mark && !t.is("_")) {
        to -= 1;
    }
    to
}
