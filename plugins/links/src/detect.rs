//! Finds links among the tokens of a folded text. Knows schemes, hosts and where an address ends.

use parlour_guest::host::{self, Dots, Host};
use parlour_guest::list::{Row, one_of};
use parlour_guest::scan::{Kind, Token, merge};
use parlour_guest::unveil::unveil;
use parlour_guest::{Folded, Span};

use crate::{address, bare, glance, known};

/// A link in the original text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    pub span: Span,
    /// Lower case, without port and user.
    pub host: String,
    pub rule: &'static str,
    pub disguised: bool,
}

/// Schemes, real and crippled.
pub static SCHEMES: Row =
    Row::of("ftp ftps htp http https httpss htttp hxxp hxxps sftp ws wss хттп хттпс");

/// Most tokens of user, password and host.
const AUTHORITY_TOKENS_MAX: usize = 96;

/// All links of a text, in order, none overlapping another.
#[must_use]
pub fn detect(original: &str, folded: &Folded) -> Vec<Link> {
    let tokens = folded.tokens();
    let mut found = among(original, folded, &tokens);
    if let Some(unveiled) = unveil(folded, &tokens) {
        let tokens = unveiled.tokens();
        let mut again = among(original, &unveiled, &tokens);
        again.iter_mut().for_each(|link| link.disguised = true);
        // `anna&#64;shop.com` is seen to be an address only now.
        found.retain(|link| {
            let before = |t: &Token<'_>| unveiled.original(t.start, t.end).start < link.span.start;
            let n = tokens.partition_point(before);
            let n = n - usize::from(n > 0 && parlour_guest::scan::gap(&tokens, n - 1));
            let last = tokens.get(n.wrapping_sub(1));
            !last.is_some_and(|t| matches!(t.text, "@" | "собака"))
        });
        merge(&mut found, again, |link| link.span);
    }
    found
}

/// All of a text in one spelling.
fn among(original: &str, folded: &Folded, tokens: &[Token<'_>]) -> Vec<Link> {
    let mut found = Vec::new();
    if !glance::may_hold(tokens) {
        return found;
    }
    let mut i = 0;
    while i < tokens.len() {
        let hit = schemed(tokens, i).or_else(|| bare_host(original, folded, tokens, i));
        let Some((from, host, rule)) = hit.filter(|(_, host, _)| host.end > i) else {
            i += 1;
            continue;
        };
        if address::is_part(tokens, from, &host, rule) {
            i = host.end;
            continue;
        }
        let mut end = address_end(tokens, host.end);
        let said = || host::path_is_said(tokens, host.end);
        if end == host.end
            && (host.dots > Dots::Plain
                || bare::is_known(&host.name)
                || bare::named_beside(&host.name)
                || said()
                || host.end.checked_sub(3).is_some_and(|n| known::read(tokens, n).is_some()))
        {
            end = host::spoken_path(tokens, end);
        }
        // `c o m / name`
        let spread = end > host.end
            && (folded.counts().spread > 0
                || host.dots > Dots::Plain
                || parlour_guest::scan::marks(tokens, end + 1, b'+'));
        if spread
            && parlour_guest::scan::marks(tokens, end - 1, b'/')
            && parlour_guest::scan::gap(tokens, end)
        {
            end = host::spoken_path(tokens, end - 1).max(end);
        }
        if end == host.end && bare::named_beside(&host.name) {
            end = name_beside(tokens, end);
        }
        end = bare::number_beside(tokens, &host, end);
        if end == host.end && rule != "scheme" && known::is_shared(&host.name) {
            end = known::odd_path(tokens, end);
            // `t.me`, `youtube.com`: without a path it is nobody's.
            if end == host.end {
                i = end;
                continue;
            }
        }
        let from = bare::whole_name(tokens, known::with_triple(tokens, from), &host);
        let start = tokens.get(from).map_or(0, |t| t.start);
        let stop = tokens.get(end.wrapping_sub(1)).map_or(start, |t| t.end);
        let span = folded.original(start, stop);
        let disguised = host.dots > Dots::Plain || rule == "disguised";
        found.push(Link { span, host: host.name, rule, disguised });
        i = end.max(i + 1);
    }
    found
}

type Hit = (usize, Host, &'static str);

/// A scheme at token `i` and the host after it; with a scheme any host will do.
fn schemed(tokens: &[Token<'_>], i: usize) -> Option<Hit> {
    let word = tokens.get(i).filter(|t| t.kind == Kind::Word)?;
    if parlour_guest::scan::is_word(tokens, i.wrapping_sub(1)) {
        return None;
    }
    let mark = |n: usize, m: &str| tokens.get(n).is_some_and(|t| t.is(m));
    if !SCHEMES.contains(word.text) {
        let full = mark(i + 1, ":") && mark(i + 2, "/") && mark(i + 3, "/");
        return if full { other_scheme(tokens, i, i + 4) } else { opaque(tokens, i) };
    }
    let mut n = i + 1;
    let mut slashes = 0;
    let mut crippled = !word.text.starts_with("http") && !word.text.starts_with("ftp");
    while let Some(t) = tokens.get(n) {
        match t.text {
            ":" | ";" => {}
            "/" | "\\" => slashes += 1,
            "[" | "]" | "(" | ")" | "." => crippled = true,
            _ if t.is_gap() && n < i + 8 => crippled = true,
            _ => break,
        }
        n += 1;
    }
    if slashes == 0 && n == i + 2 && parlour_guest::scan::gap(tokens, i + 1) {
        // `https shop.com`
        let host = host::read(tokens, n)?;
        return Some((i, host, "disguised"));
    }
    if slashes == 0 || n == i + 1 {
        return None;
    }
    n = after_userinfo(tokens, n);
    // `https:// zakaz - tort . ru`
    let mut last = n;
    while parlour_guest::scan::gap(tokens, last + 1)
        && parlour_guest::scan::marks(tokens, last + 2, b'-')
        && last < n + AUTHORITY_TOKENS_MAX
    {
        last += 4;
    }
    let host = host::read(tokens, last).or_else(|| any_host(tokens, n))?;
    Some((i, host, if crippled || last > n { "disguised" } else { "scheme" }))
}

/// `tg://resolve?domain=x`: any scheme with its slashes and something after them.
fn other_scheme(tokens: &[Token<'_>], i: usize, from: usize) -> Option<Hit> {
    let host = host::read(tokens, from).or_else(|| any_host(tokens, from))?;
    // `h**p://` and `h##ps://` have their heads behind the marks.
    let mut head = i;
    while head > 0 && matches!(parlour_guest::scan::text(tokens, head - 1), "*" | "#" | "+" | "x") {
        head -= 1;
    }
    let crippled = head < i
        && head > 0
        && matches!(parlour_guest::scan::text(tokens, head - 1), "h" | "ht" | "hx");
    Some(if crippled { (head - 1, host, "disguised") } else { (i, host, "scheme") })
}

/// A link without slashes: a script, or data with its type.
fn opaque(tokens: &[Token<'_>], i: usize) -> Option<Hit> {
    let scheme = tokens.get(i)?.text;
    tokens.get(i + 1).filter(|t| t.is(":"))?;
    let first = tokens.get(i + 2).filter(|t| t.kind != Kind::Space)?;
    let real = match scheme {
        "javascript" | "vbscript" => true,
        "data" => first.kind == Kind::Word && parlour_guest::scan::marks(tokens, i + 3, b'/'),
        _ => false,
    };
    if !real {
        return None;
    }
    let rest = tokens.get(i + 2..)?.iter().take_while(|t| t.kind != Kind::Space).count();
    let tld = parlour_guest::tld::Tld::Plain;
    let (end, name) = (i + 2 + rest, scheme.to_owned());
    Some((i, Host { name, end, dots: Dots::Plain, tld, labels: 1 }, "script"))
}

/// Past `user:password@`, when an `@` comes before the path.
fn after_userinfo(tokens: &[Token<'_>], n: usize) -> usize {
    let authority = tokens
        .get(n..)
        .unwrap_or_default()
        .iter()
        .take(AUTHORITY_TOKENS_MAX)
        .take_while(|t| t.kind != Kind::Space && !matches!(t.text, "/" | "\\" | "?" | "#"));
    let at = authority.enumerate().filter(|(_, t)| t.is("@")).last();
    at.map_or(n, |(k, _)| n + k + 1)
}

/// Whatever stands where a host should: an address in digits, a single label, a name under an unknown
/// top-level domain.
fn any_host(tokens: &[Token<'_>], n: usize) -> Option<Host> {
    let mut end = n;
    let mut name = String::new();
    for t in tokens.get(n..)?.iter().take(AUTHORITY_TOKENS_MAX) {
        match t.kind {
            Kind::Word | Kind::Digits => {}
            Kind::Mark if matches!(t.text, "." | "-" | "_" | "[" | "]") => {}
            _ => break,
        }
        name.push_str(t.text);
        end += 1;
    }
    while end > n && (parlour_guest::scan::marks(tokens, end - 1, b'.')) {
        end -= 1;
        name.pop();
    }
    let tld = parlour_guest::tld::Tld::Plain;
    (end > n).then_some(Host { name, end, dots: Dots::Plain, tld, labels: 1 })
}

/// A host without a scheme that begins at token `i`.
fn bare_host(original: &str, folded: &Folded, tokens: &[Token<'_>], i: usize) -> Option<Hit> {
    let here = tokens.get(i).filter(|t| t.is_solid())?;
    if let Some((from, host)) = shouted(original, folded, tokens, i) {
        return Some((from, host, "disguised"));
    }
    let before = tokens.get(i.wrapping_sub(1));
    // `@ ivan . design`: a name.
    let two_before = tokens.get(i.wrapping_sub(2));
    if before.is_some_and(Token::is_gap) && two_before.is_some_and(|t| t.is("@")) {
        return None;
    }
    if before.is_some_and(|t| {
        t.is_solid()
            || matches!(t.text, "@" | "-" | "_" | "." | "+" | "%" | "=")
            || (t.is("/") && !before_is_open(tokens, i))
    }) {
        return None;
    }
    if here.text == "www"
        && tokens.get(i + 1).is_some_and(|t| t.is_gap() || matches!(t.text, "," | "*" | "/" | ":"))
        && let Some(host) = [2, 4, 6].iter().find_map(|n| {
            let words = (i + 3..i + n).step_by(2).all(|n| parlour_guest::scan::gap(tokens, n));
            host::read(tokens, i + n).filter(|_| words)
        })
        && (host.dots > Dots::Plain || parlour_guest::scan::gap(tokens, i + 1))
    {
        return Some((i, host, "disguised"));
    }
    if here.kind == Kind::Digits
        && let Some(host) = numeric(tokens, i)
    {
        return Some((i, host, "address"));
    }
    let slashed =
        |n: usize| i.checked_sub(n).and_then(|p| tokens.get(p)).is_some_and(|t| t.is("/"));
    // `//shop.com`, `://shop.com`
    let colon = tokens.get(i.wrapping_sub(3)).is_some_and(|t| t.is(":"));
    let from = if slashed(1) && slashed(2) { i - 2 - usize::from(colon) } else { i };
    if let Some(host) = known::read(tokens, i) {
        let rule = if host.dots == Dots::Plain { "bare" } else { "disguised" };
        return Some((from, host, rule));
    }
    // What stands before belongs to it, and was read.
    if two_before.is_some_and(host::is_dot) && bare::is_rest(tokens, i) && !bare::lead(tokens, i) {
        return None;
    }
    let Some(host) = host::read(tokens, i) else {
        if let Some(host) = known::with_said_path(tokens, i) {
            return Some((i, host, "disguised"));
        }
        let host = host::read_dotless(tokens, i, &|| bare::lead(tokens, i))?;
        return Some((i, host, "disguised"));
    };
    if parlour_guest::scan::marks(tokens, host.end, b'@') {
        return None;
    }
    bare::rule(original, folded, tokens, i, &host).map(|rule| (from, host, rule))
}

/// `my-shopDOTcom`: a dot in capitals inside a word in small letters; and `shopdotcom`. Where the name
/// begins, and the host.
fn shouted(
    original: &str,
    folded: &Folded,
    tokens: &[Token<'_>],
    i: usize,
) -> Option<(usize, Host)> {
    let token = tokens.get(i)?;
    if token.text.len() < 7 || !token.text.is_ascii() {
        return None;
    }
    let dot = token.text.as_bytes().windows(3).rposition(|w| w == b"dot");
    let at = dot.filter(|at| *at > 2)?;
    let (head, last) = (token.text.get(..at)?, token.text.get(at + 3..)?);
    let tld = parlour_guest::tld::tld(last)?;
    let span = folded.original(token.start, token.end);
    let written = original.get(span.start as usize..span.end as usize)?;
    let small = |n: usize| written.as_bytes().get(n).is_some_and(u8::is_ascii_lowercase);
    let loud = written.get(at..at + 3) == Some("DOT")
        && written.len() == token.text.len()
        && small(at - 1)
        && small(at + 3);
    let quiet = one_of("com net org ru ua", last) && head.len() >= 4;
    let known = one_of("ru ua fr uk by kz kg io", last);
    if !quiet && !(loud && (last.len() > 2 || known)) {
        return None;
    }
    let mut from = i;
    let joined = |n: usize| {
        (parlour_guest::scan::marks(tokens, n - 1, b'-'))
            && tokens.get(n - 2).is_some_and(|t| t.is_solid())
    };
    while from >= 2 && i - from < AUTHORITY_TOKENS_MAX && joined(from) {
        from -= 2;
    }
    let name = host::dotted(head, last);
    Some((from, Host { name, end: i + 1, dots: Dots::Spoken, tld, labels: 2 }))
}

/// Past a name that stands apart from the host that it belongs to: `t.me ivan_petrov`.
fn name_beside(tokens: &[Token<'_>], host_end: usize) -> usize {
    let mut end = host_end + 1;
    let mut odd = false;
    while let Some(t) = tokens.get(end) {
        match t.kind {
            Kind::Word | Kind::Digits if t.text.is_ascii() => odd |= t.kind == Kind::Digits,
            Kind::Mark if t.is("_") => odd = true,
            _ => break,
        }
        end += 1;
    }
    let apart = parlour_guest::scan::gap(tokens, host_end);
    if apart && odd && end > host_end + 1 { end } else { host_end }
}

/// Whether the slash before token `i` stands alone, as in `//example.com`, and not inside a path.
fn before_is_open(tokens: &[Token<'_>], i: usize) -> bool {
    let before = tokens.get(..i).unwrap_or_default().iter().rev().find(|t| !t.is("/"));
    before.is_none_or(|t| t.kind == Kind::Space || t.is(":"))
}

/// Four numbers of an IPv4 address, followed by a port or a path; alone they may be a version.
pub fn numeric(tokens: &[Token<'_>], i: usize) -> Option<Host> {
    let (mut end, mut told, mut odd) = (i, 0, false);
    let is = |n: usize, mark: &str| tokens.get(n).is_some_and(|t| t.is(mark));
    for part in 0..4 {
        if part > 0 {
            let comma = is(end, ",");
            let (length, dots) = if comma { (1, Dots::Apart) } else { host::dot(tokens, end)? };
            told += usize::from(dots > Dots::Apart);
            odd |= dots > Dots::Plain;
            end += length;
        }
        let t = tokens.get(end).filter(|t| t.kind == Kind::Digits && t.text.len() < 4)?;
        t.text.parse::<u8>().ok()?;
        end += 1;
    }
    // `06 point 39 point 98 point 22 point 77`
    let more = host::dot(tokens, end).and_then(|(n, _)| tokens.get(end + n));
    let before = tokens.get(i.wrapping_sub(2));
    if more.is_some_and(|t| t.kind == Kind::Digits) || before.is_some_and(host::is_dot) {
        return None;
    }
    let mut name = String::new();
    for t in tokens.get(i..end)?.iter().filter(|t| t.kind == Kind::Digits) {
        name.push_str(if name.is_empty() { "" } else { "." });
        name.push_str(t.text);
    }
    // `203 . 0 . 113 . 88 : 8080`, `203,0,113,88:8080`
    let apart = |n: usize| n + usize::from(odd && parlour_guest::scan::gap(tokens, n));
    let colon = apart(end);
    let number = apart(colon + 1);
    let digits = |t: &Token<'_>| t.kind == Kind::Digits && (!odd || t.text.len() > 2);
    let port = is(colon, ":") && tokens.get(number).is_some_and(digits);
    let path = !odd && is(end, "/") && tokens.get(end + 1)?.kind == Kind::Word;
    if told != 3 && (told > 0 || !port && !path) {
        return None;
    }
    let end = if told == 0 && odd { number + 1 } else { end };
    let dots = match told {
        3 => Dots::Spoken,
        _ if odd => Dots::Apart,
        _ => Dots::Plain,
    };
    Some(Host { name, end, dots, tld: parlour_guest::tld::Tld::Plain, labels: 4 })
}

/// Past port, path, query and fragment. Punctuation that ends the sentence stays outside.
#[inline(never)]
pub fn address_end(tokens: &[Token<'_>], host_end: usize) -> usize {
    let mut n = host_end;
    if parlour_guest::scan::marks(tokens, n, b':')
        && tokens.get(n + 1).is_some_and(|t| t.kind == Kind::Digits)
    {
        n += 2;
    }
    if !matches!(parlour_guest::scan::text(tokens, n), "/" | "?" | "#" | "\\") {
        return n;
    }
    let from = n;
    let mut open = 0_u32;
    let mut square = 0_u32;
    while let Some(t) = tokens.get(n) {
        match t.text {
            "(" => open += 1,
            ")" if open == 0 => break,
            ")" => open -= 1,
            "[" => square += 1,
            "]" if square == 0 => break,
            "]" => square -= 1,
            "\"" | "<" | ">" | "`" => break,
            _ if t.kind == Kind::Space => break,
            _ => {}
        }
        n += 1;
    }
    while n > from + 1
        && matches!(
            parlour_guest::scan::text(tokens, n - 1),
            "." | "," | ";" | ":" | "!" | "?" | "'" | "*"
        )
    {
        n -= 1;
    }
    n
}
