//! Links told over several messages of one sender: a name and its ending, a host and its path, with
//! words around them and other messages in between. Knows tokens and hosts.

use parlour_guest::host;
use parlour_guest::list::{Row, one_of};
use parlour_guest::mailbox::{AT, PROVIDERS};
use parlour_guest::pieces::{self, Limits, Part, Said};
use parlour_guest::scan::{self, Kind, Token, Words};
use parlour_guest::{Earlier, Fold, Folded};

use crate::{Link, bare, detect, known};

/// Messages whose pieces may be one link.
const PIECES: Limits = Limits { age: 10 * 60, bytes: 120, messages: 8 };

/// Most messages of the sender between two pieces.
const NOISE_MAX: usize = 3;

/// Words around a piece that say nothing else.
static QUIET: Row = Row::of(
    "a add after and at attends bien bonjour cool d'abord du end ending ensuite et extension \
     fin first good great hello hey hi is it it's its la le lol merci my name nice no non ok \
     okay on oui page par parfait puis salut second site so sorry super sure thanks that the \
     then this thx to type voila wait what with word yes zone второе готово да дальше далі \
     добавь добавьте добре додайте домен досить друга друге дякую же з за затем зона зоне \
     зоні и на нет ну ок первая первое перше понял потом потім привет секунду слово сначала \
     спасибо так там третье третє тут хорошо через это я",
);

fn is_quiet(word: &str) -> bool {
    QUIET.contains(word) || bare::LEADS.contains(word)
}

fn is_of_mail(token: &Token<'_>) -> bool {
    token.is("@") || AT.contains(token.text) || PROVIDERS.contains(token.text) && token.text != "vk"
}

/// A link that this message ends and an earlier one of the same sender began, with its parts in them.
pub fn across(folded: &Folded, history: &[Earlier], fold: Fold) -> Option<pieces::Told<Link>> {
    const TOKENS_MAX: usize = 24;
    if folded.kinds().len() > TOKENS_MAX {
        return None;
    }
    let newest = Said::of(0, folded);
    let part = Part::of(&newest, is_quiet)?;
    let may_go_on = |e: &Earlier| e.same_sender && e.text.len() <= PIECES.bytes && is_open(&e.text);
    if !ends_link(part.text()) && !history.iter().any(may_go_on)
        || newest.folded.tokens().iter().any(is_of_mail)
    {
        return None;
    }
    let whole = !detect(part.text(), &Folded::plain(part.text())).is_empty();
    let (mut parts, mut found, mut weak, mut noise) = (vec![part], None, None, 0);
    let earlier = pieces::before(history, PIECES, fold);
    for said in &earlier {
        let tokens = said.folded.tokens();
        if tokens.iter().any(is_of_mail) {
            // The domain of an address.
            return if noise == 0 { None } else { found };
        }
        let Some(part) = Part::of(said, is_quiet) else {
            noise += 1;
            if noise > NOISE_MAX || found.is_some() {
                break;
            }
            continue;
        };
        parts.push(part);
        let mut more = compose(&parts, found.is_some(), whole);
        let beside = parts.len() - 2;
        if more.is_none()
            && found.is_none()
            && parts.get(beside).is_some_and(|p| p.plain)
            && beside > 0
        {
            // A word between was no piece.
            let skipped = parts.remove(beside);
            more = compose(&parts, false, whole);
            if more.is_none() {
                parts.insert(beside, skipped);
            }
        }
        match more {
            None if found.is_some() => break,
            Some(told) if part.plain && found.is_none() && weak.is_none() => weak = Some(told),
            Some(told) if part.plain && found.is_none() => (found, weak) = (Some(told), None),
            None => {}
            Some(told) => (found, weak) = (Some(told), None),
        }
    }
    found.or(weak)
}

/// Whether a piece may end a link, told without a look at other messages.
fn ends_link(text: &str) -> bool {
    text.bytes().any(|b| matches!(b, b'.' | b'/'))
        || Words::of(text).any(|w| host::is_sure(w) || is_joint(w))
}

fn is_joint(word: &str) -> bool {
    let token = Token { kind: Kind::Word, text: word, start: 0, end: 0 };
    host::is_dot(&token) || host::is_slash(&token)
}

/// Whether a message may end with a host, a slash or a dot in words that a name follows: told by little.
fn is_open(text: &str) -> bool {
    let text = text.trim_ascii_end();
    let ends =
        "слэш слеш палка slash barre me com ком мэ ме точка крапка тчк dot point . gg ly ee ли лі";
    text.bytes().any(|b| b == b'/')
        || Words::of(ends).any(|end| text.ends_with(end))
        || ["lash", "ком "].iter().any(|part| host::find(text, part).is_some())
}

/// What stands between two pieces of a link, and whether they belong together by that.
fn glue(before: &str, next: &str, whole: bool) -> (&'static str, bool) {
    let (last, first) = (before.bytes().last().unwrap_or(0), next.bytes().next().unwrap_or(0));
    let word = scan::behind(before, b' ');
    let end = scan::before(next, b' ');
    let mark = |b: u8| matches!(b, b'.' | b'-' | b'_' | b'/' | b':' | b'+');
    if mark(last) || mark(first) || matches!(first, b'?' | b'@') {
        ("", true)
    } else if is_joint(word) || is_joint(end) {
        (" ", true)
    } else if one_of("www ввв", before) || known::is_pair(before, next) {
        (".", true)
    } else if is_shared(before) {
        ("/", true)
    } else if host::is_sure(end) {
        let odd = before.bytes().any(|b| b == b'-' || b == b'.' || b.is_ascii_digit());
        (".", odd)
    } else {
        let slash = |text: &str| text.bytes().any(|b| b == b'/');
        let path = slash(before);
        let digits = path && last.is_ascii_digit() && first.is_ascii_digit();
        ("", digits || !path && !whole && slash(next))
    }
}

/// Whether a name may follow: `t.me`, `vk com`, `тэ точка мэ`.
fn is_shared(text: &str) -> bool {
    let folded = Folded::plain(text);
    let tokens = folded.tokens();
    let host = host::read(&tokens, 0).filter(|host| host.end == tokens.len());
    host.is_some_and(|host| known::is_shared(&host.name))
        || scan::cut(text, b' ').is_some_and(|(label, last)| known::is_pair(label, last))
}

/// The link that parts make, the newest first; `more` when those but the last are one already.
fn compose(parts: &[Part<'_>], more: bool, whole: bool) -> Option<pieces::Told<Link>> {
    let mut text = String::new();
    let mut starts = Vec::new();
    let (mut first, mut sure, mut loose) = (true, true, true);
    let mut parts = parts.to_vec();
    parts.reverse();
    for (n, part) in parts.iter_mut().enumerate() {
        if n > 0 {
            // `vk.com/`, `after the slash ivan_p`
            let word = scan::before(part.text(), b' ');
            if text.ends_with('/') && word.len() < part.text().len() && is_joint(word) {
                part.from += word.len() + 1;
            }
            let (mark, strong) = glue(&text, part.text(), whole);
            // `ok.`, `so what`: no more than a sentence.
            loose &= text.ends_with('.') && !part.text().starts_with('.');
            *if n == 1 { &mut first } else { &mut sure } &= strong;
            text.push_str(mark);
        }
        starts.push(text.len());
        text.push_str(part.text());
    }
    let length = text.len();
    let address = length > 9 && text.bytes().all(|b| b == b'.' || b.is_ascii_digit());
    if address {
        text.push_str(":80");
    }
    let link = detect(&text, &Folded::plain(&text)).into_iter().next_back()?;
    let (from, to) = (link.span.start as usize, (link.span.end as usize).min(length));
    let shared = known::is_shared(&link.host);
    let known = shared
        || address
        || text.get(from..to)?.bytes().any(|b| matches!(b, b'/' | b'-'))
        || text.is_ascii() && bare::is_sure_host(&link.host);
    // `есть`, `.ru`
    let foreign =
        parts.first()?.plain && !link.host.is_ascii() && scan::behind(&link.host, b'.').is_ascii();
    let plain = |p: &Part<'_>| p.plain && p.text().bytes().all(|b| b.is_ascii_alphanumeric());
    let words = parts.iter().take(2).all(plain);
    let joined = first || words || more && shared || text.starts_with("www.");
    // No host has one.
    let line = !shared && link.host.bytes().any(|b| b == b'_');
    if !joined || !(sure || more) || loose && !known || foreign || line {
        return None;
    }
    let mut spans = Vec::new();
    for (part, start) in parts.iter().zip(starts) {
        let end = start + part.to - part.from;
        if from >= end || to <= start {
            return None;
        }
        let own = |at: usize| at.clamp(start, end) - start + part.from;
        spans.push((part.said.message, part.said.folded.original(own(from), own(to))));
    }
    Some((link, spans))
}

#[cfg(test)]
mod tests {
    use super::across;
    use parlour_guest::pieces::told;

    #[test]
    fn links_told_over_messages() {
        for (messages, expected) in [
            (
                &["сайт okna-profi", "секунду", "потом точка ру"][..],
                &["okna-profi", "точка ру"][..],
            ),
            (&["www.", "okna-profi", ".ru"], &["www.", "okna-profi", ".ru"]),
            (&["t.me/", "по городу да", "ivan_petrov"], &["t.me/", "ivan_petrov"]),
            (&["linktr.ee", "add it: /ivan"], &["linktr.ee", "/ivan"]),
            (&["домен avtoplus24", "зона com"], &["avtoplus24", "com"]),
            (&["t.", "me/", "olga_p"], &["t.", "me/", "olga_p"]),
            (&["vk.c", "om/mebel_", "pod_zakaz"], &["vk.c", "om/mebel_", "pod_zakaz"]),
            (&["taplink", "точка сс", "слеш olga"], &["taplink", "точка сс", "слеш olga"]),
            (&["www.oak", "doors.net"], &["www.oak", "doors.net"]),
            (&["dom", "master", "точка", "ру"], &["dom", "master", "точка", "ру"]),
            (&["сайт okna-profi", "какой", ".ru"], &["okna-profi", ".ru"]),
        ] {
            assert_eq!(told(messages, across), expected);
        }
        for messages in [
            &["fin.De", "le 27/01 à 11h30"][..],
            &["yes", ".net developer"],
            &["zoom", "com"],
            &["google this", "ok"],
            &["вышла 5.2", "а потом 5.2.3"],
            &["спасибо.", "Com порт нужен"],
            &["есть", ".ru"],
            &["t.me/olga", "спасибо"],
            &["info", "@", "oak-shop", ".ru"],
        ] {
            assert_eq!(told(messages, across), [""; 0], "{messages:?}");
        }
    }
}
