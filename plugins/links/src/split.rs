//! Links told over several messages of one sender: a name and its ending, a host and its path, with
//! words around them and other messages in between. Knows tokens and hosts.

use parlour_guest::host::{self, Dots};
use parlour_guest::list::one_of;
use parlour_guest::mailbox::{AT, PROVIDERS};
use parlour_guest::pieces::{self, Joined, Limits, Said};
use parlour_guest::scan::{self, Kind, Token};
use parlour_guest::tld::tld;
use parlour_guest::{Earlier, Fold, Folded, Span};

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
    const TOKENS_MAX: usize = 24;
    if folded.kinds().len() > TOKENS_MAX {
        return None;
    }
    let newest = Said::of(0, text, folded);
    let tokens = newest.folded.tokens();
    let (from, mut tail) = tail(&tokens)?;
    let slash = tokens.first().is_some_and(is_slash)
        || tokens.windows(2).any(|two| matches!(two, [gap, t] if gap.is_gap() && is_slash(t)));
    let mut open = slash || tail == Tail::Path;
    let last = last_of(&tokens)?;
    let mut more = tail == Tail::Ending && last != from;
    let mut parts: Vec<Part<'_, '_>> = Vec::new();
    let part = |said, from, to, behind| Part { said, from, to, behind };
    parts.push(part(&newest, tokens.get(from)?.start, tokens.get(last)?.end, ""));
    // A name that is one word alone, which a better one may follow.
    let mut alone = None;
    let mut named = false;
    let earlier: Vec<_> = pieces::before(history, PIECES, fold).collect();
    for said in &earlier {
        let tokens = said.folded.tokens();
        let last = last_of(&tokens)?;
        let end = tokens.get(last)?;
        let begins =
            matches!(end.text, "-" | "." | "/") && tail != Tail::Path && tail != Tail::Page;
        if begins && let Some(word) = alone.take() {
            parts.push(word);
            named = true;
        }
        if named {
            // `okna-`, `vesna`, `.ru`; `www.`, `okna`, `.ru`
            let first = parts.last().is_some_and(|part| {
                part.said.folded.text.get(part.from..).is_some_and(|t| t.starts_with('-'))
            });
            let whole = tokens.first()?.kind == Kind::Word && tokens.len() < 6;
            let name = name(&tokens, last + 1, true, whole || first);
            if let Some((start, ..)) = name.filter(|_| first || begins) {
                parts.push(part(said, start, end.end, ""));
            }
            break;
        }
        if tokens.iter().any(is_of_mail) {
            break;
        }
        // `shop`, `point`
        let zone = || newest.folded.tokens().first().is_some_and(|t| tld(t.text).is_some());
        if parts.len() == 1 && tail == Tail::Page && last == 0 && is_dot(end) && zone() {
            tail = Tail::Ending;
        }
        let dotted = tail == Tail::Ending && is_dot(end);
        if matches!(tail, Tail::Zone | Tail::Ending) {
            let to = last + 1 - usize::from(dotted);
            let single = tail == Tail::Zone || parts.len() > 1;
            if let Some((from, Tail::Zone)) = self::tail(&tokens) {
                parts.push(part(said, tokens.get(from)?.start, end.end, " "));
                tail = Tail::Zone;
            } else if let Some((start, sure, led)) = name(&tokens, to, single, dotted)
                && (dotted || !more)
            {
                let glue = if tail == Tail::Zone || dotted { " " } else { "." };
                let word = part(said, start, end.end, glue);
                if sure || led && alone.is_none() {
                    parts.push(word);
                    named = true;
                } else if alone.is_none() {
                    alone = Some(word);
                }
            } else if dotted {
                more = false;
                parts.push(part(said, end.start, end.end, " "));
                tail = Tail::Zone;
            }
            continue;
        }
        if let Some((start, end)) = page_host(&tokens, open) {
            let glue = match tail {
                Tail::Path if text.contains('/') => "",
                Tail::Page if slash || !open => "/",
                _ => " ",
            };
            parts.push(part(said, start, end, glue));
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
    if !named {
        parts.push(alone?);
    }
    compose(&parts)
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
    let whole = joined.rest(link.span).bytes().filter(|b| *b == b' ').count() < 5;
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
    let mut before = tokens.get(..from)?.iter().filter(|t| t.kind == Kind::Word);
    let alone = before.all(|t| leads_on(t.text) || is_slash(t));
    (from <= last && alone && apart).then_some((from, Tail::Page))
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

/// Where the name of a site begins that ends before token `to`, whether it is more than a
/// word, and whether one before it announces a site.
fn name(tokens: &[Token<'_>], to: usize, single: bool, open: bool) -> Option<(usize, bool, bool)> {
    let to = to - usize::from(scan::gap(tokens, to.checked_sub(1)?));
    let letter = |t: &&Token<'_>| {
        matches!(t.kind, Kind::Word | Kind::Digits) || matches!(t.text, "." | "_" | "-" | "/" | ":")
    };
    let from = to - tokens.get(..to)?.iter().rev().take_while(letter).count();
    let name = tokens.get(from..to)?;
    let has = |kind| name.iter().any(|t| t.kind == kind);
    let odd = name.iter().any(|t| t.is("-")) || has(Kind::Digits) && has(Kind::Word);
    let rest = tokens.get(..from)?;
    let alone = single && rest.iter().all(|t| t.kind == Kind::Space || leads_on(t.text));
    let led = rest.iter().any(|t| bare::LEADS.contains(t.text));
    let start = name.first()?.start;
    let long = name.last()?.end - start > 1;
    let other = one_of(
        "yes okay wait attends sorry секунду минутку погоди hello oui да так ок ok no non",
        name.first()?.text,
    );
    let sure = open || odd;
    (open || long && !other && (sure || led || alone)).then_some((start, sure, led))
}

/// Where a host lies that a message ends with, and that a path may follow.
fn page_host(tokens: &[Token<'_>], open: bool) -> Option<(usize, usize)> {
    let text = |n: usize| scan::text(tokens, n);
    let (i, end, beside) = (0..tokens.len()).find_map(|i| {
        let glued = i > 0 && tokens.get(i - 1).is_some_and(|t| !t.is_gap() && !t.is("/"));
        if glued {
            return None;
        }
        // `вк ком`
        if one_of("t т тэ те vk вк wa", text(i)) && one_of("me ме мэ com ком", text(i + 2))
        {
            return Some((i, i + 3, true));
        }
        let host = host::read(tokens, i)?;
        let beside = bare::named_beside(&host.name);
        let sure = beside || host.dots > Dots::Apart || bare::is_sure_host(&host.name);
        // `fin.De`
        let whole = i == 0 && host.end == tokens.len();
        (sure || whole).then_some((i, host.end, beside))
    })?;
    let rest = tokens.get(end..)?;
    let ends = rest.iter().filter(|t| t.kind != Kind::Space).count() < 2;
    let slash = rest.iter().find(|t| is_slash(t));
    let to = slash.or(tokens.get(end - 1))?.end;
    (ends && (open || beside || slash.is_some())).then_some((tokens.get(i)?.start, to))
}
