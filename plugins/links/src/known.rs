//! Hosts that everybody knows, told so that only people read them: `t me slash ivan`, `bit ly/3abc`,
//! `ютуб точка ком слэш ivan`, `vk🔵com/club1`. A path after such a name proves it, whatever stands for
//! the dot.

use parlour_guest::host::{self, Dots, Host};
use parlour_guest::list::Gate;
use parlour_guest::scan::{Kind, Token};
use parlour_guest::tld::Tld;

/// First labels, a row for those with the same endings, and the endings; both as they are written and as
/// they are said in Cyrillic.
const HOSTS: &[(&str, &str)] = &[
    ("t т тэ те ти wa m ig fb line about telegram телеграм телеграмм", "me ме мэ ми"),
    (
        "vk вк вэка вика insta инста інста instagram инстаграм інстаграм facebook fb фейсбук youtube \
         ютуб ютьюб tiktok тикток тікток twitter твиттер linkedin discord tinyurl wa whatsapp x",
        "com ком ru ру",
    ),
    ("bit cutt бит grab", "ly ли лай"),
    ("clck qps ok vk", "ru ру"),
    ("youtu", "be"),
    ("discord дискорд", "gg гг"),
    ("taplink vk tiny тинь тап таплинк", "cc сс цц"),
    ("goo", "gl"),
    ("is", "gd"),
    ("linktr", "ee"),
    ("rb", "gy"),
    ("lnkd", "in"),
];

/// Both labels written as one word.
const GLUED: &str = "tme тме bitly wame vkcom clckru cuttly";

/// A gate that lets the words through that such a host begins with.
pub const fn gate<const N: usize>(mut gate: Gate<N>) -> Gate<N> {
    let mut n = 0;
    while n < HOSTS.len() {
        gate = gate.or(Gate::parted(HOSTS[n].0, b' ', b' '));
        n += 1;
    }
    gate.or(Gate::parted(GLUED, b' ', b' '))
}

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

fn among(list: &str, word: &str) -> bool {
    list.split(' ').any(|listed| listed == word)
}

/// The host at token `i` with a path behind it.
pub fn read(tokens: &[Token<'_>], i: usize) -> Option<Host> {
    let word = |n: usize| tokens.get(n).filter(|t| t.kind == Kind::Word).map_or("", |t| t.text);
    let past_gap = |n: usize| n + usize::from(tokens.get(n).is_some_and(Token::is_gap));
    let label = word(i);
    if label.is_empty() {
        return None;
    }
    let mut n = past_gap(i + 1);
    if host::path_follows(tokens, i + 1) && among(GLUED, label) {
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
    let last = word(n);
    if n == i + 1 || !ENDS.may_hold(last) || !host::path_follows(tokens, n + 1) {
        return None;
    }
    let known = HOSTS.iter().any(|(labels, ends)| among(labels, label) && among(ends, last));
    known.then(|| told(host::dotted(label, last), n + 1, dots))
}

fn told(name: String, end: usize, dots: Dots) -> Host {
    Host { name, end, dots, tld: Tld::Plain, labels: 2 }
}

/// Words that say `www`.
const TRIPLE: &str =
    "три дабл дабл-ю даблю ю вэ ве дубль трипл тройное triple double u w v trois www ввв";

/// Where a host begins whose `www` is told in words before token `i`: `три дабл ю точка shop точка рф`.
pub fn with_triple(tokens: &[Token<'_>], i: usize) -> usize {
    let text = |n: usize| tokens.get(n).map_or("", |t| t.text);
    if !among(TRIPLE, text(i)) {
        return i;
    }
    let mut from = i;
    while from >= 2
        && tokens.get(from - 1).is_some_and(|t| t.is_gap() || t.is("-"))
        && among(TRIPLE, text(from - 2))
    {
        from -= 2;
    }
    from
}
