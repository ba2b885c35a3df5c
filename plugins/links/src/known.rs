//! Hosts that everybody knows, told so that only people read them: `t me slash ivan`, `bit ly/3abc`,
//! `ютуб точка ком слэш ivan`, `vk🔵com/club1`. A path after such a name proves it, whatever stands for
//! the dot.

use parlour_guest::host::{self, Dots, Host};
use parlour_guest::list::{Gate, Row, one_of};
use parlour_guest::scan::{Kind, Token};
use parlour_guest::tld::Tld;

/// First labels, a row for those with the same endings, and the endings; both as they are written and as
/// they are said in Cyrillic.
const HOSTS: &[(&str, &str)] = &[
    (
        "t т тэ те ти ті te tee wa ва ватсап вацап вотсап m ig fb line about paypal telegram телеграм телеграмм",
        "me ме мэ ми мі мє",
    ),
    (
        "vk вк к вэка вика insta инста інста instagram инстаграм інстаграм facebook fb фейсбук youtube \
         ютуб ютьюб tiktok тикток тікток twitter твиттер linkedin discord tinyurl wa whatsapp x viber paypal",
        "com ком сом ru ру",
    ),
    ("bit cutt бит біт grab", "ly ли лай лі"),
    ("clck qps ok vk", "ru ру"),
    (
        "google гугл yandex яндекс github dropbox etsy pastebin behance imgur pinterest amazon ebay avito \
         авито ozon озон wildberries olx leboncoin vinted boosty patreon dzen telegra",
        "com ком ru ру ua юа fr to ph",
    ),
    ("behance", "net нет"),
    ("forms", "gle"),
    ("we", "tl"),
    ("notion", "so site"),
    ("twitch", "tv"),
    ("youtu юту ютю", "be би бе бі"),
    ("discord дискорд", "gg гг"),
    ("taplink vk tiny tilda тильда тинь тап таплинк", "cc сс цц"),
    ("goo", "gl"),
    ("is", "gd"),
    ("linktr", "ee"),
    ("rb", "gy"),
    ("lnkd", "in"),
    // From right to left.
    ("em", "t aw"),
];

/// Labels before some of them: `docs google com`.
static BELOW: Row = Row::of(BELOWS);
const BELOWS: &str =
    "business chat disk docs drive forms invite m maps market photos play sites www диск";

/// Both labels written as one word.
const GLUES: &str =
    "bitly clckru cuttly linktree taplink tdotme tme vkcom wadotme wame битли ваме тме";
static GLUED: Row = Row::of(GLUES);

/// A gate that lets the words through that such a host begins with.
pub const fn gate<const N: usize>(mut gate: Gate<N>) -> Gate<N> {
    let mut n = 0;
    while n < HOSTS.len() {
        gate = gate.or(Gate::parted(HOSTS[n].0, b' ', b' '));
        n += 1;
    }
    gate.or(Gate::parted(GLUES, b' ', b' ')).or(Gate::parted(BELOWS, b' ', b' '))
}

/// Endings that no sentence has before a path.
pub static SAID: Row = Row::of("com fr net org ru ua ком нет ру рф сс юа");

/// All endings.
static ENDS: Gate<2> = ends();

const fn ends() -> Gate<2> {
    let mut gate = Gate::of(&[]);
    let mut n = 0;
    while n < HOSTS.len() {
        gate = gate.or(Gate::parted(HOSTS[n].1, b' ', b' '));
        n += 1;
    }
    gate
}

/// The host at token `i` with a path behind it.
pub fn read(tokens: &[Token<'_>], i: usize) -> Option<Host> {
    let word = |n: usize| tokens.get(n).filter(|t| t.kind == Kind::Word).map_or("", |t| t.text);
    let past_gap = |n: usize| n + usize::from(parlour_guest::scan::gap(tokens, n));
    let label = word(i);
    if label.is_empty() {
        return None;
    }
    // `docs google com`, `invite dot viber dot com`
    let next = host::dot(tokens, i + 1).map_or(i + 2, |(length, _)| i + 1 + length);
    if past_gap(i + 1) > i + 1
        && BELOW.contains(label)
        && !BELOW.contains(word(next))
        && let Some(host) = read(tokens, next)
        && host.dots > Dots::Plain
        && (one_of("business chat invite m sites www", label)
            || one_of("google гугл yandex яндекс", word(next)))
        && tokens.get(next).is_some_and(|t| t.text.len() > 4)
    {
        let name = host::dotted(label, &host.name);
        return Some(Host { name, labels: 3, ..host });
    }
    let mut n = past_gap(i + 1);
    if GLUED.contains(label) && host::path_follows(tokens, i + 1) {
        return Some(told(label.to_owned(), i + 1, Dots::Spoken));
    }
    let mut dots = Dots::Spoken;
    if let Some((length, written)) = host::dot(tokens, i + 1) {
        n = i + 1 + length;
        if written == Dots::Plain {
            dots = written;
        }
    } else if tokens.get(n).is_some_and(|t| t.kind == Kind::Mark) {
        n = past_gap(n + 1);
    }
    let mut last = word(n);
    // `t.m e/ivan`
    if matches!(last, "m" | "co") && host::path_follows(tokens, n + 3) && past_gap(n + 1) > n + 1 {
        last = match (last, word(n + 2)) {
            ("m", "e") => "me",
            ("co", "m") => "com",
            _ => "",
        };
        n += 2;
    }
    let path = || host::path_follows(tokens, n + 1) || odd_path(tokens, n + 1) > n + 1;
    if n == i + 1 || last.len() < 2 && label != "em" || !ENDS.may_hold(last) || !path() {
        return None;
    }
    is_pair(label, last).then(|| told(host::dotted(label, last), n + 1, dots))
}

/// All first labels.
static LABELS: Gate<16> = gate(Gate::of(&["aliexpress"]));

/// Whether a word is the first label of such a host.
pub fn is_label(word: &str) -> bool {
    LABELS.may_hold(word)
        && (HOSTS.iter().any(|(labels, _)| one_of(labels, word))
            || one_of("linktree aliexpress", word))
}

pub fn is_pair(label: &str, last: &str) -> bool {
    LABELS.may_hold(label)
        && ENDS.may_hold(last)
        && HOSTS.iter().any(|(labels, ends)| one_of(labels, label) && one_of(ends, last))
}

/// Past a path behind another mark than a slash, after a host that ends before token `end`:
/// `t.me|ivan`, `t.me → ivan_p`, `t•me•/•ivan`.
pub fn odd_path(tokens: &[Token<'_>], end: usize) -> usize {
    const MARKS: usize = 5;
    const NAME: usize = 64;
    let rest = tokens.get(end..).unwrap_or_default();
    let (mut marks, mut glued) = (0, true);
    while let Some(t) = rest.get(marks).filter(|_| marks < MARKS) {
        // `vk,com,id1`
        let comma = t.is(",") && rest.get(marks + 1).is_some_and(|t| t.kind != Kind::Space);
        let mark =
            comma || one_of("| > : \\ / -", t.text) || t.kind == Kind::Mark && !t.text.is_ascii();
        if !mark && !t.is_gap() {
            break;
        }
        glued &= mark && !matches!(t.text, "-" | ":" | ",");
        marks += 1;
    }
    let (mut length, mut odd) = (0, glued);
    while let Some(t) = rest.get(marks + length).filter(|t| length < NAME && t.text.is_ascii()) {
        if t.kind != Kind::Word && t.kind != Kind::Digits && !t.is("_") {
            break;
        }
        odd |= t.kind != Kind::Word;
        length += 1;
    }
    let start = rest.get(marks).map_or(0, |t| t.start);
    let long = length > 0 && rest.get(marks + length - 1).is_some_and(|t| t.end > start + 2);
    let open = rest.get(marks + length).is_some_and(|t| t.is("."));
    let marked = rest.get(marks.wrapping_sub(1)).is_some_and(|t| marks > 1 || !t.is_gap());
    if odd && long && !open && marked { end + marks + length } else { end }
}

/// Whether a host is everybody's, so that it leads to nobody without a path.
pub fn is_shared(host: &str) -> bool {
    let parts = parlour_guest::scan::cut(host, b'.');
    parts.is_some_and(|(label, last)| {
        one_of("airbnb booking canva figma wikipedia", label) || is_pair(label, last)
    })
}

fn told(name: String, end: usize, dots: Dots) -> Host {
    Host { name, end, dots, tld: Tld::Plain, labels: 2 }
}

/// `shop com slash sale`: any name, an ending that no sentence has, and a path in words.
pub fn with_said_path(tokens: &[Token<'_>], i: usize) -> Option<Host> {
    let label = tokens.get(i).filter(|t| t.kind == Kind::Word && t.text.len() > 3)?;
    tokens.get(i + 1).filter(|t| t.is_gap())?;
    let last = tokens.get(i + 2).filter(|t| SAID.contains(t.text))?;
    // `behance net/ ivan`, `tilda сс / ivan-foto`, and no `airpods нет / есть`, `keyboard ru / en`.
    let written = || {
        let path = tokens.get(i + 3..host::spoken_path(tokens, i + 3)).unwrap_or_default();
        let odd = |t: &Token<'_>| t.kind == Kind::Digits || matches!(t.text, "_" | "-" | "?");
        label.text.is_ascii()
            && last.text != "нет"
            && (path.iter().any(odd)
                || path.first().is_some_and(|t| t.is("/"))
                    && path.get(1).is_some_and(|t| t.kind == Kind::Word))
    };
    let said = host::path_is_said(tokens, i + 3) || written();
    said.then(|| told(host::dotted(label.text, last.text), i + 3, Dots::Spoken))
}

/// Words that say `www`.
const TRIPLE: &str =
    "три fois dub дабл дабл-ю даблю ю вэ ве дубль трипл тройное triple double u w v trois www ввв";

/// Where a host begins whose `www` is told in words before token `i`: `три дабл ю точка shop точка рф`.
pub fn with_triple(tokens: &[Token<'_>], i: usize) -> usize {
    let text = |n: usize| parlour_guest::scan::text(tokens, n);
    if !one_of(TRIPLE, text(i)) {
        return i;
    }
    let mut from = i;
    while from >= 2
        && tokens.get(from - 1).is_some_and(|t| t.is_gap() || t.is("-"))
        && one_of(TRIPLE, text(from - 2))
    {
        from -= 2;
    }
    from
}
