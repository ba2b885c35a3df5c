//! Links told over several messages of one sender: a name and its ending, a host and its path, with
//! words around them and other messages in between. Knows tokens and hosts.

use parlour_guest::host::{self, Dots};
use parlour_guest::list::one_of;
use parlour_guest::mailbox::{AT, PROVIDERS};
use parlour_guest::pieces::{self, Limits, Said};
use parlour_guest::scan::{self, Kind, Token};
use parlour_guest::tld::tld;
use parlour_guest::{Earlier, Fold, Folded};

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
struct Part<'s> {
    said: &'s Said,
    from: usize,
    to: usize,
    behind: &'static str,
}

/// A link that this message ends and an earlier one of the same sender began, with its parts in them.
pub fn across(folded: &Folded, history: &[Earlier], fold: Fold) -> Option<pieces::Told<Link>> {
    const TOKENS_MAX: usize = 24;
    if folded.kinds().len() > TOKENS_MAX {
        return None;
    }
    let newest = Said::of(0, folded);
    let tokens = newest.folded.tokens();
    let (first, tail) = tail(&tokens)?;
    let may_go_on =
        |e: &Earlier| e.same_sender && e.text.len() <= PIECES.bytes && has_slash(&e.text);
    if tail == Tail::Page && !history.iter().any(may_go_on) || tokens.iter().any(is_of_mail) {
        return None;
    }
    let slash = tokens.first().is_some_and(is_slash)
        || tokens.windows(2).any(|two| matches!(two, [gap, t] if gap.is_gap() && is_slash(t)));
    let last = last_of(&tokens)?;
    let (from, to) = (tokens.get(first)?.start, tokens.get(last)?.end);
    let mut search = Search {
        tail,
        open: slash || tail == Tail::Path,
        more: tail == Tail::Ending && last != first,
        slash,
        written: folded.has_any(b"/"),
        zone: tokens.first().is_some_and(|t| tld(t.text).is_some()),
        parts: vec![Part { said: &newest, from, to, behind: "" }],
        alone: None,
        named: false,
    };
    let earlier = pieces::before(history, PIECES, fold);
    for said in &earlier {
        if !search.take(said, &said.folded.tokens()) {
            break;
        }
    }
    if !search.named {
        search.parts.push(search.alone?);
    }
    compose(&search.parts)
}

/// The parts found so far, the newest first, and what is looked for before them.
struct Search<'s> {
    tail: Tail,
    /// A slash stands before the page.
    open: bool,
    /// Words stand behind the ending.
    more: bool,
    /// The newest message has a slash, and a written one.
    slash: bool,
    written: bool,
    /// The newest message begins with an ending.
    zone: bool,
    parts: Vec<Part<'s>>,
    /// A name that is one word alone, which a better one may follow.
    alone: Option<Part<'s>>,
    named: bool,
}

impl<'s> Search<'s> {
    /// Takes the part of an earlier message, if it has one; whether there may be more.
    fn take(&mut self, said: &'s Said, tokens: &[Token<'_>]) -> bool {
        let Some((last, end)) = last_of(tokens).and_then(|n| Some((n, tokens.get(n)?))) else {
            return true;
        };
        let is_site = |tail| matches!(tail, Tail::Zone | Tail::Ending);
        let begins = is_site(self.tail) && matches!(end.text, "-" | "." | "/");
        if begins && let Some(word) = self.alone.take() {
            self.parts.push(word);
            self.named = true;
        }
        if self.named {
            // `okna-`, `vesna`, `.ru`; `www.`, `okna`, `.ru`
            let part = self.parts.last().and_then(|p| p.said.folded.text.get(p.from..));
            let first = part.is_some_and(|text| text.starts_with('-'));
            let word = tokens.first().is_some_and(|t| t.kind == Kind::Word);
            if (first || begins)
                && let Some((from, ..)) =
                    name(tokens, last + 1, true, first || word && tokens.len() < 6)
            {
                self.parts.push(Part { said, from, to: end.end, behind: "" });
            }
            return false;
        }
        if tokens.iter().any(is_of_mail) {
            return false;
        }
        // `shop`, `point`
        let dot = self.parts.len() == 1 && last == 0 && is_dot(end);
        if dot && self.tail == Tail::Page && self.zone {
            self.tail = Tail::Ending;
        }
        let zone = tail(tokens).filter(|(_, kind)| *kind == Tail::Zone);
        let zone = zone.and_then(|(n, _)| tokens.get(n)).map(|t| t.start);
        let part = if is_site(self.tail) {
            self.site(said, tokens, last, zone)
        } else {
            self.page(said, tokens, last, zone)
        };
        self.parts.extend(part);
        true
    }

    /// What stands before the ending of a host.
    fn site(
        &mut self,
        said: &'s Said,
        tokens: &[Token<'_>],
        last: usize,
        zone: Option<usize>,
    ) -> Option<Part<'s>> {
        let end = tokens.get(last)?;
        let dotted = self.tail == Tail::Ending && is_dot(end);
        let behind = if self.tail == Tail::Ending && !dotted && zone.is_none() { "." } else { " " };
        let part = |from| Part { said, from, to: end.end, behind };
        if zone.is_some() {
            self.tail = Tail::Zone;
            return zone.map(part);
        }
        let single = self.tail == Tail::Zone || self.parts.len() > 1;
        let name = name(tokens, last + 1 - usize::from(dotted), single, dotted);
        if let Some((from, sure, led)) = name.filter(|_| dotted || !self.more) {
            self.named = sure || led && self.alone.is_none();
            if self.named {
                return Some(part(from));
            }
            if self.alone.is_none() {
                self.alone = Some(part(from));
            }
            return None;
        }
        if dotted {
            (self.more, self.tail) = (false, Tail::Zone);
        }
        dotted.then(|| part(end.start))
    }

    /// What stands before a path or the name of a page.
    fn page(
        &mut self,
        said: &'s Said,
        tokens: &[Token<'_>],
        last: usize,
        zone: Option<usize>,
    ) -> Option<Part<'s>> {
        let end = tokens.get(last)?;
        if let Some((from, to)) = page_host(tokens, self.open) {
            self.named = true;
            let behind = match self.tail {
                Tail::Path if self.written => "",
                Tail::Page if self.slash || !self.open => "/",
                _ => " ",
            };
            return Some(Part { said, from, to, behind });
        }
        let slash = tokens.iter().rfind(|t| is_slash(t)).filter(|t| t.end + 20 > end.end);
        self.open |= slash.is_some();
        let part = |from, to| Part { said, from, to, behind: " " };
        if zone.is_some() && self.open {
            self.tail = Tail::Zone;
            return zone.map(|from| part(from, end.end));
        }
        if self.open && last < 4 && tld(tokens.first()?.text).is_some() {
            self.tail = Tail::Ending;
            return Some(part(0, end.end));
        }
        slash.map(|t| part(t.start, t.end))
    }
}

/// The link that parts make, the newest first.
fn compose(parts: &[Part<'_>]) -> Option<pieces::Told<Link>> {
    let mut text = String::new();
    let mut glue = "";
    let mut starts = Vec::new();
    for part in parts.iter().rev() {
        text.push_str(glue);
        starts.push(text.len());
        text.push_str(part.said.folded.text.get(part.from..part.to)?);
        glue = part.behind;
    }
    let link = detect(&text, &Folded::plain(&text)).into_iter().next_back()?;
    let (from, to) = (link.span.start as usize, link.span.end as usize);
    let mut spans = Vec::new();
    for (part, start) in parts.iter().rev().zip(starts) {
        let end = start + part.to - part.from;
        if from >= end || to <= start {
            return None;
        }
        let own = |at: usize| at.clamp(start, end) - start + part.from;
        spans.push((part.said.message, part.said.folded.original(own(from), own(to))));
    }
    let whole = text.get(to..)?.bytes().filter(|b| *b == b' ').count() < 5;
    whole.then_some((link, spans))
}

/// The last token that is no white space.
fn last_of(tokens: &[Token<'_>]) -> Option<usize> {
    tokens.iter().rposition(|t| t.kind != Kind::Space)
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
        words += usize::from(token.kind == Kind::Word);
        if !is_dot(token) && !is_slash(token) || before.is_some_and(|t| t.kind != Kind::Space) {
            continue;
        }
        let lead = tokens.get(i.wrapping_sub(2));
        let free = lead.is_none_or(|t| t.is(",") || leads_on(t.text));
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
        let written = token.is("/") && !scan::gap(tokens, i + 1);
        if (free && is_slash(token) || written) && next.is_some_and(name) {
            return Some((i, Tail::Path));
        }
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
    let odd = tokens.get(from..)?.iter().any(|t| t.kind == Kind::Digits || t.is("_"));
    (from <= last && (alone || odd && words < 5) && apart).then_some((from, Tail::Page))
}

/// Whether a message may end with a host, a slash or a dot in words that a name follows: told by little.
fn has_slash(text: &str) -> bool {
    let text = text.trim_end();
    let ends = "слэш слеш палка slash barre me com ком мэ ме точка крапка тчк dot point . gg ly ee";
    text.bytes().any(|b| b == b'/')
        || ends.split(' ').any(|end| text.ends_with(end))
        || ["lash", "ком "].iter().any(|part| host::find(text, part).is_some())
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
        ] {
            assert_eq!(told(messages, across), expected);
        }
        for messages in [
            &["fin.De", "le 27/01 à 11h30"][..],
            &["yes", ".net developer"],
            &["zoom", "com"],
            &["google this", "ok"],
        ] {
            assert_eq!(told(messages, across), [""; 0], "{messages:?}");
        }
    }
}
