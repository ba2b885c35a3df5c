//! Links told over several messages of one sender: a name and its ending, a host and its path, with
//! words around them and other messages in between. Knows tokens and hosts.

use parlour_guest::list::one_of;
use parlour_guest::mailbox::{AT, PROVIDERS};
use parlour_guest::pieces::{self, Joined, Limits, Said};
use parlour_guest::scan::{self, Kind, Token};
use parlour_guest::tld::tld;
use parlour_guest::{Earlier, Fold, Folded, Span, host};

use crate::{Link, bare, detect};

/// Messages whose pieces may be one link.
const PIECES: Limits = Limits { age: 10 * 60, bytes: 120, messages: 6 };

/// What of a link a message ends.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Tail {
    /// `.com`
    Zone,
    /// `com`
    Ending,
    /// `/ivan`
    Path,
    /// `ivan`
    Page,
}

/// A part of a message: from where to where in its folded text, and what stands behind it.
struct Part<'s, 'm> {
    said: &'s Said<'m>,
    from: usize,
    to: usize,
    behind: &'static str,
}

/// A link that this message ends and an earlier one of the same sender began, with its parts in them.
pub fn across(
    text: &str,
    folded: &Folded,
    history: &[Earlier],
    fold: Fold,
) -> Option<(Link, Vec<(u32, Span)>)> {
    const TOKENS_MAX: usize = 16;
    if folded.kinds().len() > TOKENS_MAX {
        return None;
    }
    let newest = Said::of(0, text, folded);
    let tokens = newest.folded.tokens();
    let (from, mut tail) = tail(&tokens)?;
    let slash = tokens.iter().any(is_slash);
    let mut open = slash || tail == Tail::Path;
    let mut more = tail == Tail::Ending && last_of(&tokens)? != from;
    let mut parts: Vec<Part<'_, '_>> = Vec::new();
    let part = |said, from, to, behind| Part { said, from, to, behind };
    parts.push(part(&newest, tokens.get(from)?.start, newest.folded.text.trim_end().len(), ""));
    let mut named = false;
    let earlier: Vec<_> = pieces::before(history, PIECES, fold).collect();
    for said in &earlier {
        let tokens = said.folded.tokens();
        let last = last_of(&tokens)?;
        let end = tokens.get(last)?;
        if named {
            // `okna-`, `vesna`, `.ru`; `www.`, `okna`, `.ru`
            let whole = tokens.first()?.kind == Kind::Word && tokens.len() < 6;
            let first = parts.last().is_some_and(|part| {
                part.said.folded.text.get(part.from..).is_some_and(|t| t.starts_with('-'))
            });
            let open = first || matches!(end.text, "-" | "." | "/");
            if let Some(start) = name(&tokens, last + 1, tail, whole || first).filter(|_| open) {
                parts.push(part(said, start, end.end, ""));
            }
            break;
        }
        if tokens.iter().any(is_of_mail) {
            break;
        }
        // `shop`, `point`
        let last_word = || first_word(&newest).is_some_and(|word| tld(word).is_some());
        if parts.len() == 1 && tail == Tail::Page && last == 0 && is_dot(end) && last_word() {
            tail = Tail::Ending;
        }
        let dotted = tail == Tail::Ending && is_dot(end);
        if matches!(tail, Tail::Zone | Tail::Ending) {
            let to = last + 1 - usize::from(dotted);
            if let Some((from, Tail::Zone)) = self::tail(&tokens) {
                parts.push(part(said, tokens.get(from)?.start, end.end, " "));
                tail = Tail::Zone;
            } else if let Some(start) = name(&tokens, to, tail, dotted).filter(|_| dotted || !more)
            {
                let glue = if tail == Tail::Zone || dotted { " " } else { "." };
                parts.push(part(said, start, end.end, glue));
                named = true;
            } else if dotted {
                parts.push(part(said, end.start, end.end, " "));
                tail = Tail::Zone;
            }
            continue;
        }
        if let Some(start) = page_host(said, &tokens, open) {
            let glue = match tail {
                Tail::Path if text.contains('/') => "",
                Tail::Page if slash || !open => "/",
                _ => " ",
            };
            parts.push(part(said, start, end.end, glue));
            named = true;
            continue;
        }
        let slash = tokens.iter().rposition(is_slash).filter(|n| last < n + 5);
        open |= slash.is_some();
        let zone = self::tail(&tokens).filter(|(_, kind)| *kind == Tail::Zone && open);
        let word = last < 4 && tokens.first().is_some_and(|t| tld(t.text).is_some());
        if let Some((from, _)) = zone {
            parts.push(part(said, tokens.get(from)?.start, end.end, " "));
            tail = Tail::Zone;
        } else if word && open {
            parts.push(part(said, 0, end.end, " "));
            tail = Tail::Ending;
        } else if let Some(token) = slash.and_then(|n| tokens.get(n)) {
            parts.push(part(said, token.start, token.end, " "));
        }
    }
    if named { compose(&parts) } else { None }
}

/// The first word of a message.
fn first_word<'s>(said: &'s Said<'_>) -> Option<&'s str> {
    said.folded.text.split_whitespace().next()
}

/// The last token that is no white space.
fn last_of(tokens: &[Token<'_>]) -> Option<usize> {
    tokens.iter().rposition(|t| t.kind != Kind::Space)
}

/// The link that parts make, the newest first.
fn compose(parts: &[Part<'_, '_>]) -> Option<(Link, Vec<(u32, Span)>)> {
    let mut joined = Joined::default();
    let mut glue = "";
    for part in parts.iter().rev() {
        joined.push(part.said, part.from, part.to, glue);
        glue = part.behind;
    }
    let folded = joined.folded();
    let link = detect(&joined.original, &folded).into_iter().next_back()?;
    let whole = joined.rest(link.span).split_whitespace().count() < 5;
    let spans = joined.parts(link.span).filter(|spans| whole && spans.len() == parts.len())?;
    Some((link, spans))
}

fn is_dot(token: &Token<'_>) -> bool {
    token.is(".") || host::is_dot(token)
}

fn is_slash(token: &Token<'_>) -> bool {
    token.is("/") || host::is_slash(token)
}

fn is_of_mail(token: &Token<'_>) -> bool {
    token.is("@") || AT.contains(token.text) || PROVIDERS.contains(token.text) && token.text != "vk"
}

/// Where the end of a link begins in a message.
fn tail(tokens: &[Token<'_>]) -> Option<(usize, Tail)> {
    let past_gap = |n: usize| n + usize::from(scan::gap(tokens, n));
    let mut words = 0;
    for (i, token) in tokens.iter().enumerate() {
        let next = tokens.get(past_gap(i + 1));
        let before = i.checked_sub(1).and_then(|n| tokens.get(n));
        let free = before.is_none_or(|t| t.kind == Kind::Space) && {
            let lead = tokens.get(i.wrapping_sub(2));
            lead.is_none_or(|t| t.is(",") || leads_on(t.text))
        };
        let zone = next.is_some_and(|t| tld(t.text).is_some());
        let more = past_gap(i + 1) + 1;
        // `.tattoo.nsk`
        let name = scan::text(tokens, more) == "."
            && tokens.get(more + 1).is_some_and(|t| t.kind == Kind::Word && tld(t.text).is_none());
        if free && is_dot(token) && zone && !name {
            return Some((i, Tail::Zone));
        }
        let name = |t: &Token<'_>| match t.kind {
            Kind::Word => !leads_on(t.text),
            Kind::Mark => matches!(t.text, "+" | "@"),
            Kind::Digits => true,
            Kind::Space => false,
        };
        let apart = before.is_none_or(|t| t.kind == Kind::Space);
        let written = apart && token.is("/") && !scan::gap(tokens, i + 1);
        if (free && is_slash(token) || written) && next.is_some_and(name) {
            return Some((i, Tail::Path));
        }
        if is_of_mail(token) {
            return None;
        }
        words += usize::from(token.kind == Kind::Word);
    }
    let last = last_of(tokens)?;
    // `рф жду`
    if words > 1 && words < 5 && host::is_sure(scan::text(tokens, 0)) {
        return Some((0, Tail::Ending));
    }
    let word = tokens.get(last)?.text;
    if tld(word).is_some() && (words == 1 && host::is_sure(word) || zone(tokens, last)) {
        return Some((last, Tail::Ending));
    }
    let from = run(tokens, last + 1);
    let apart = from == 0 || tokens.get(from - 1).is_some_and(|t| t.kind == Kind::Space);
    (from <= last && words < 5 && apart).then_some((from, Tail::Page))
}

/// Whether a word leads to a part of a link.
fn leads_on(word: &str) -> bool {
    one_of(
        "потом puis then ну и затем далі дальше потім et ensuite add додайте добавь добавьте \
         конце сторінка слэш палка через третье третє второе друге is zone d'abord сначала",
        word,
    )
}

fn zone(tokens: &[Token<'_>], last: usize) -> bool {
    let words = tokens.get(..last).unwrap_or_default().iter().rev();
    words.take(4).any(|t| one_of("зона зоне зоні zone домен", t.text))
}

/// Where the unbroken run begins that ends before token `to`.
fn run(tokens: &[Token<'_>], to: usize) -> usize {
    let solid = |t: &&Token<'_>| {
        t.text.is_ascii() && matches!(t.kind, Kind::Word | Kind::Digits)
            || matches!(t.text, "." | "_" | "-" | "+")
    };
    to - tokens.get(..to).unwrap_or_default().iter().rev().take_while(solid).count()
}

/// Where the name of a site begins that ends before token `to`.
fn name(tokens: &[Token<'_>], to: usize, tail: Tail, open: bool) -> Option<usize> {
    let to = to - usize::from(scan::gap(tokens, to.checked_sub(1)?));
    let letter = |t: &&Token<'_>| {
        matches!(t.kind, Kind::Word | Kind::Digits) || matches!(t.text, "." | "_" | "-" | "/" | ":")
    };
    let from = to - tokens.get(..to)?.iter().rev().take_while(letter).count();
    let name = tokens.get(from..to)?;
    let has = |kind| name.iter().any(|t| t.kind == kind);
    let odd = name.iter().any(|t| t.is("-")) || has(Kind::Digits) && has(Kind::Word);
    let rest = tokens.get(..from)?;
    let alone =
        tail == Tail::Zone && rest.iter().all(|t| t.kind == Kind::Space || leads_on(t.text));
    let led = rest.iter().any(|t| bare::LEADS.contains(t.text));
    let start = name.first()?.start;
    let long = name.last()?.end - start > 1;
    let other = one_of(
        "yes okay wait attends sorry секунду минутку погоди hello oui да так ок ok no non",
        name.first()?.text,
    );
    (open || long && !other && (odd || led || alone)).then_some(start)
}

/// Where a host begins that a message ends with, and that a path may follow.
fn page_host(said: &Said<'_>, tokens: &[Token<'_>], open: bool) -> Option<usize> {
    let Some(link) = detect(said.original, &said.folded).into_iter().next_back() else {
        // `тэ точка мэ`
        let whole = host::read(tokens, 0).is_some_and(|host| host.end == tokens.len());
        return (whole && open).then_some(0);
    };
    let rest = said.original.get(link.span.end as usize..)?.trim();
    let ends = rest.split_whitespace().count() < 2;
    let start = (0..said.folded.text.len()).find(|i| said.folded.at(*i) >= link.span.start)?;
    let open = open || rest.ends_with('/') || bare::named_beside(&link.host);
    (ends && open).then_some(start)
}
