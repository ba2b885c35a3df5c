//! Spells what stands for the marks of an address as the detectors know it: `full stop`, `dotcom`, `see
//! oh em`, a mark of any kind before a top-level domain, a line for each piece. A text is read so a second
//! time, and only if it holds something of the kind. Knows tokens and endings; finds no address.

use crate::Folded;
use crate::host;
use crate::list::{Gate, Heads, Row, one_of};
use crate::mailbox::{AT, PROVIDERS, SURE_PROVIDERS};
use crate::scan::{Kind, Token, gap, text};
use crate::tld::{Tld, tld};

mod drawn;
mod ending;
mod label;
mod parted;
mod reversed;

use parted::{boxed, parted};

/// What is put in the place of some tokens.
struct Edit {
    from: usize,
    to: usize,
    put: String,
    /// Instead: the tokens as they are, but for these marks, a space between them.
    without: &'static str,
}

impl Edit {
    fn of(from: usize, to: usize, put: &str) -> Self {
        Self::new(from, to, put.to_owned())
    }

    fn new(from: usize, to: usize, put: String) -> Self {
        Self { from, to, put, without: "" }
    }
}

/// Words about which something may be wrong, beside the others.
const DOGS: &str = "собака собачка песик пёсик равлик arobase сабака гав";
const HEADS: &str = "http https hxxp hxxps хттп хттпс аштитипи аштитипиэс эйчтитипи эйчтитипиэс";
const ODD: &str = "at au dot gm gma gro h hotm ht htt http https hxxp hxxps icl ku m ma moc out outl rf ten \
     uk ur w www y yb zk аштитипи аштитипиэс ввв вэвэвэ точка хттп хттпс эйчтитипи эйчтитипиэс";

/// All of them; few others pass both gates.
static TELLING: Gate<64> = ending::gate(
    Gate::parted(DOGS, b' ', b' ')
        .or(Gate::parted(THENS, b' ', b' '))
        .or(Gate::parted(ODD, b' ', b' ')),
);
static BEGINNING: Heads<64> = ending::heads(
    Heads::of(4, &[])
        .and_parted(DOGS, b' ', b' ')
        .and_parted(THENS, b' ', b' ')
        .and_parted(ODD, b' ', b' '),
);

/// Words that only say what comes next.
const THENS: &str = "and by ensuite et plus puis then далее дальше далі затем и плюс после потом потім следом \
     там";
static THEN: Row = Row::of(THENS);

/// The text in another spelling, if anything in it asks for that.
#[must_use]
pub fn unveil(folded: &Folded, tokens: &[Token<'_>]) -> Option<Folded> {
    let mut edits: Vec<Edit> = Vec::new();
    let styled = folded.counts().styled > 0;
    for (i, token) in tokens.iter().enumerate() {
        let first = token.text.as_bytes().first().copied().unwrap_or(0);
        // Most tokens are looked at no further.
        let open = match token.kind {
            Kind::Word => {
                TELLING.may_hold(token.text) && BEGINNING.may_begin(token.text)
                    || styled
                    || drawn::is_shifted(token.text)
            }
            Kind::Space => first == b'\n' || token.text.len() > 1,
            Kind::Mark => matches!(first, b'&' | b'%' | b'@' | b'.' | 0xf0),
            Kind::Digits => false,
        };
        // What begins inside the last edit is not taken.
        let open = open && edits.last().is_none_or(|last| last.to <= i + 1);
        let Some(edit) = open.then(|| edit(folded, tokens, i, styled)).flatten() else {
            continue;
        };
        if edits.last().is_none_or(|last| last.to <= edit.from) {
            if edit.from < i {
                ending::chain(tokens, &mut edits, &edit);
            }
            edits.push(edit);
        }
    }
    if edits.is_empty() { None } else { Some(spelled(folded, tokens, &edits)) }
}

/// What token `i` asks for.
#[inline(never)]
fn edit(folded: &Folded, tokens: &[Token<'_>], i: usize, styled: bool) -> Option<Edit> {
    let token = tokens.get(i)?;
    match token.kind {
        Kind::Word if TELLING.may_hold(token.text) && BEGINNING.may_begin(token.text) => {
            word(tokens, i)
        }
        // `ivan ⓐ gmail`
        Kind::Word if styled && token.text == "a" && gap(tokens, i + 1) => {
            let before = tokens.get(i.checked_sub(2)?)?;
            let alone = folded.signs(before.start, before.end) == 0;
            (alone && folded.signs(token.start, token.end) > 0).then(|| Edit::of(i, i + 1, "@"))
        }
        Kind::Word if styled => enclosed(folded, token, i),
        Kind::Word if drawn::is_shifted(token.text) => drawn::shifted(tokens, i),
        Kind::Space if !token.is_gap() => line(tokens, i),
        Kind::Mark if matches!(token.text, "&" | "%") => entity(tokens, i),
        Kind::Mark if token.is("@") => parted(tokens, i),
        Kind::Mark if token.is(".") && crate::scan::marks(tokens, i + 1, b')') => boxed(tokens, i),
        // `linktr👉.👈ee`
        Kind::Mark if token.is(".") && is_picture(tokens, i + 1) => {
            let both = i > 0 && is_picture(tokens, i - 1);
            both.then(|| Edit::of(i - 1, i + 2, "."))
        }
        Kind::Mark if drawn::flag(token.text).is_some() => drawn::flags(tokens, i),
        _ => None,
    }
}

fn spelled(folded: &Folded, tokens: &[Token<'_>], edits: &[Edit]) -> Folded {
    let (mut text, mut map) = (String::with_capacity(folded.text.len() + 16), Vec::new());
    let mut next = 0;
    let copy = |text: &mut String, map: &mut Vec<u32>, from: usize, to: usize, without: &str| {
        for token in tokens.get(from..to).unwrap_or_default() {
            if !one_of(without, token.text) {
                text.push_str(token.text);
                map.extend((token.start..token.end).map(|at| folded.at(at)));
            }
        }
    };
    for edit in edits {
        copy(&mut text, &mut map, next, edit.from, "");
        if !edit.without.is_empty() {
            copy(&mut text, &mut map, edit.from, edit.to, edit.without);
        }
        let at = tokens.get(edit.from).map_or(0, |t| t.start);
        text.push_str(&edit.put);
        map.extend(std::iter::repeat_n(folded.at(at), edit.put.len()));
        next = edit.to;
    }
    copy(&mut text, &mut map, next, tokens.len(), "");
    map.push(folded.at(usize::MAX));
    Folded::spelled(text, map)
}

#[inline(never)]
fn back<'t>(tokens: &[Token<'t>], i: usize, by: usize) -> &'t str {
    i.checked_sub(by).map_or("", |n| text(tokens, n))
}

/// White space with a line break in it, or no token at all.
fn breaks(tokens: &[Token<'_>], n: Option<usize>) -> bool {
    n.and_then(|n| tokens.get(n)).is_none_or(|t| t.kind == Kind::Space && !t.is_gap())
}

fn is_picture(tokens: &[Token<'_>], n: usize) -> bool {
    tokens.get(n).is_some_and(|t| t.kind == Kind::Mark && !t.text.is_ascii())
}

/// What a telling word asks for.
fn word(tokens: &[Token<'_>], i: usize) -> Option<Edit> {
    let here = text(tokens, i);
    let next = text(tokens, i + 1);
    static ODDS: Row = Row::of(ODD);
    if !ODDS.contains(here) {
        let marked = || tokens.get(i + 1).is_some_and(|t| t.kind == Kind::Mark);
        let dog = || if marked() && AT.contains(here) { parted(tokens, i) } else { None };
        let beside = if THEN.contains(here) { then(tokens, i) } else { dog() };
        return beside.or_else(|| ending::at(tokens, i));
    }
    match here {
        _ if one_of(HEADS, here) => return scheme(tokens, i),
        "htt" | "ht" | "h" if next == " " => {
            let rest = text(tokens, i + 2);
            let split = matches!(
                (here, rest),
                ("htt", "p" | "ps") | ("ht", "tp" | "tps") | ("h", "ttp" | "ttps")
            );
            let colon = i + 3 + usize::from(gap(tokens, i + 3));
            return (split && gap(tokens, i + 1) && crate::scan::marks(tokens, colon, b':'))
                .then(|| Edit::of(i + 1, i + 2, ""));
        }
        "www" | "ввв" | "вэвэвэ" => return www(tokens, i),
        "w" if back(tokens, i, 1) == "3" && (next == "." || gap(tokens, i + 1)) => {
            return Some(Edit::of(i - 1, i + 1, "www"));
        }
        "at" if !matches!(next, "" | " " | ".") => return parted(tokens, i),
        "at" | "dot" | "точка" if next == "." && back(tokens, i, 1) == "." => {
            let domain = host::is_sure(text(tokens, i + 2)) || SURE_PROVIDERS.holds(tokens, i + 2);
            return domain
                .then(|| Edit::of(i - 1, i + 2, if here == "at" { " at " } else { " dot " }));
        }
        // `shop co uk`
        "uk" if gap(tokens, i.checked_sub(1)?) && back(tokens, i, 2) == "co" => {
            let dotted =
                i.checked_sub(4).is_some_and(|n| host::is_dot(tokens.get(n).unwrap_or(&tokens[0])));
            let from = if dotted { i - 1 } else { i.checked_sub(3)? };
            let label = label::Label::before(tokens, from);
            return if dotted {
                Some(Edit::of(from, i, " dot "))
            } else {
                (label.ascii && label.length > 4 && gap(tokens, from))
                    .then(|| Edit::of(from, i, " dot co dot "))
            };
        }
        "gm" | "gma" | "m" | "ma" | "hotm" | "h" | "y" | "outl" | "out" | "icl"
            if next.len() == 1 && next != " " =>
        {
            return leet(tokens, i);
        }
        "moc" | "ten" | "gro" | "ur" | "rf" | "ku" | "au" | "yb" | "zk" => {
            return reversed::run(tokens, i);
        }
        _ => {}
    }
    ending::at(tokens, i)
}

/// `ivan🅰gmail`: an enclosed letter between others that are not.
fn enclosed(folded: &Folded, token: &Token<'_>, i: usize) -> Option<Edit> {
    if folded.signs(token.start, token.end) == 0 {
        return None;
    }
    let at = (token.start..token.end).find(|at| folded.signs(*at, at + 1) > 0)?;
    let (head, rest) = token.text.split_at_checked(at - token.start)?;
    let provider = rest.strip_prefix('a')?;
    let alone = folded.signs(at + 1, token.end) == 0;
    (alone && PROVIDERS.contains(provider))
        .then(|| Edit::new(i, i + 1, [head, "@", provider].concat()))
}

/// `gm4il`, `gma!l`: a provider with a digit or a mark in place of a letter.
fn leet(tokens: &[Token<'_>], i: usize) -> Option<Edit> {
    let letter = match text(tokens, i + 1) {
        "4" | "@" => "a",
        "0" => "o",
        "1" | "!" => "i",
        "3" => "e",
        _ => return None,
    };
    let name = [text(tokens, i), letter, text(tokens, i + 2)].concat();
    PROVIDERS.contains(&name).then(|| Edit::new(i, i + 3, name))
}

/// What is said between a scheme and a host.
const SLASHES: &str =
    "slash слеш слэш слеша слэша слеши barre oblique slashes косая черта / slashs";
const COLONS: &str =
    "colon двоеточие двокрапка points : deux два две дві two double двойной forward 2";

/// `http:shop.ru`, `https colon slash slash shop`.
fn scheme(tokens: &[Token<'_>], i: usize) -> Option<Edit> {
    if crate::scan::marks(tokens, i + 1, b':') {
        let host = crate::scan::is_word(tokens, i + 2);
        return (host && crate::scan::marks(tokens, i + 3, b'.'))
            .then(|| Edit::of(i + 1, i + 2, "://"));
    }
    let mut n = i + 1;
    let mut said = false;
    while n < i + 10 {
        n += usize::from(gap(tokens, n));
        let word = text(tokens, n);
        if one_of(SLASHES, word) {
            said = true;
        } else if !one_of(COLONS, word) {
            break;
        }
        n += 1;
    }
    // Words and no marks: these are read as they are.
    let word = tokens.get(i + 1..n)?.iter().any(|t| t.kind == Kind::Word);
    let latin = text(tokens, i).is_ascii();
    let (from, put) = if latin { (i + 1, "://") } else { (i, "https://") };
    (said && word).then(|| Edit::of(from, n, put))
}

/// `www_shop_ru`, `www/shop/ru`: one mark for each dot.
fn www(tokens: &[Token<'_>], i: usize) -> Option<Edit> {
    const LABEL_MAX: usize = 9;
    let mark = text(tokens, i + 1);
    let spelled = text(tokens, i) == "вэвэвэ";
    if !matches!(mark, "_" | "-" | "/" | "*" | "|" | "~" | ";" | ":" | "+" | "=" | "·" | "•" | ",")
    {
        return spelled.then(|| Edit::of(i, i + 1, "www"));
    }
    let last = (i + 3..i + 3 + LABEL_MAX)
        .take_while(|n| tokens.get(*n).is_some_and(|t| t.kind != Kind::Space));
    let at = last
        .into_iter()
        .find(|n| text(tokens, *n) == mark && tld(text(tokens, n + 1)).is_some())?;
    let mut put = " dot ".to_owned();
    tokens.get(i + 2..at)?.iter().for_each(|t| put.push_str(t.text));
    put.push_str(" dot ");
    Some(Edit::new(i + 1, at + 1, put))
}

/// Words beside an `@` in words that only say what comes next: `ivan, потом собака, потом mail.ru`.
fn then(tokens: &[Token<'_>], i: usize) -> Option<Edit> {
    const WORDS: usize = 12;
    let near = |n: Option<usize>| n.is_some_and(|n| AT.holds(tokens, n) || THEN.holds(tokens, n));
    let next = text(tokens, i + 2);
    if !near(Some(i + 2)) && !near(i.checked_sub(2)) && !one_of("@ знак значок символ the le", next)
    {
        return None;
    }
    let part = |t: &Token<'_>| match t.kind {
        Kind::Space => t.is_gap(),
        Kind::Word => {
            THEN.contains(t.text)
                || AT.contains(t.text)
                || one_of("знак значок символ followed sign signe а the le собаки", t.text)
        }
        Kind::Mark => matches!(t.text, "," | "@" | "+" | "-"),
        Kind::Digits => false,
    };
    let mut from = i;
    while from > 0 && i - from < WORDS && tokens.get(from - 1).is_some_and(part) {
        from -= 1;
    }
    let mut to = i;
    while to < i + WORDS && tokens.get(to).is_some_and(part) {
        to += 1;
    }
    let said = tokens.get(from..to)?.iter().any(|t| {
        t.text != "эй" && t.kind == Kind::Word && AT.contains(t.text)
            || t.is("@")
            || t.text == "собаки"
    });
    let name = tokens.get(from.wrapping_sub(1)).filter(|t| t.kind != Kind::Space)?;
    let told = |host: host::Host| host.dots > host::Dots::Plain;
    let provider = PROVIDERS.holds(tokens, to) || host::read(tokens, to).is_some_and(told);
    let sound = said && provider && name.kind != Kind::Mark && from + 1 < to;
    sound.then(|| Edit::of(from, to, " собака "))
}

/// A line break around a line that is only a piece of an address.
fn line(tokens: &[Token<'_>], i: usize) -> Option<Edit> {
    let piece = |n: usize| {
        tokens.get(n).is_some_and(|t| match t.kind {
            Kind::Word => {
                host::is_dot(t) || host::is_sure(t.text) || AT.contains(t.text) || t.text == "www"
            }
            Kind::Mark => matches!(t.text, "." | "@" | "/"),
            Kind::Digits | Kind::Space => false,
        })
    };
    let bracketed = |n: usize| {
        matches!(text(tokens, n), "(" | "[")
            && piece(n + 1)
            && matches!(text(tokens, n + 2), ")" | "]")
    };
    let ends = |n: usize| host::is_sure(text(tokens, n)) || SURE_PROVIDERS.holds(tokens, n);
    let (next, after) = (text(tokens, i + 1), text(tokens, i + 2));
    let before = (back(tokens, i, 2), back(tokens, i, 1));
    let glued = next == "." && ends(i + 2)
        || next == "@" && PROVIDERS.contains(after)
        || next == ":" && after == "/"
        || next == "/" && host::is_sure(before.1)
        || matches!(before, ("/", "/") | ("www", ".") | (_, "@"))
        || before.1 == "."
            && matches!(next, "com" | "ru")
            && before.0.is_ascii()
            && before.0.len() > 3;
    if glued {
        return Some(Edit::of(i, i + 1, ""));
    }
    let alone = piece(i + 1) && breaks(tokens, Some(i + 2))
        || i > 0 && piece(i - 1) && breaks(tokens, i.checked_sub(2))
        || bracketed(i + 1) && breaks(tokens, Some(i + 4))
        || i > 2 && bracketed(i - 3) && breaks(tokens, i.checked_sub(4));
    alone.then(|| Edit::of(i, i + 1, " "))
}

/// `&#46;`, `&commat;`, `%40`, `%2E`.
fn entity(tokens: &[Token<'_>], i: usize) -> Option<Edit> {
    let word = |n: usize| text(tokens, n);
    if word(i) == "%" {
        if word(i + 1) == "40" {
            return Some(Edit::of(i, i + 2, "@"));
        }
        let rest = word(i + 2).strip_prefix(['e', 'f']).filter(|_| word(i + 1) == "2")?;
        let mark = if word(i + 2).starts_with('e') { "." } else { "/" };
        return Some(Edit::new(i, i + 3, [mark, rest].concat()));
    }
    let (mark, end) = match (word(i + 1), word(i + 2)) {
        ("#", "46") => (".", i + 3),
        ("#", "64") => ("@", i + 3),
        ("#", "47") => ("/", i + 3),
        ("period", ";") => (".", i + 2),
        ("commat", ";") => ("@", i + 2),
        ("sol", ";") => ("/", i + 2),
        _ => return None,
    };
    (word(end) == ";").then(|| Edit::of(i, end + 1, mark))
}

/// How likely an ending is one after a mark that is no dot.
fn is_telling(last: &str) -> bool {
    matches!(tld(last), Some(Tld::Plain | Tld::Wordy))
}

#[cfg(test)]
mod tests {
    use super::unveil;
    use crate::Folded;

    #[track_caller]
    fn check(text: &str, expected: Option<&str>) {
        let folded = Folded::plain(text);
        let unveiled = unveil(&folded, &folded.tokens());
        assert_eq!(unveiled.as_ref().map(|u| u.text.as_str()), expected, "{text}");
        if let Some(unveiled) = unveiled {
            let whole = unveiled.original(0, unveiled.text.len());
            assert_eq!((whole.start, whole.end as usize), (0, text.len()), "{text}");
        }
    }

    #[test]
    fn stand_ins_are_spelled_as_words() {
        for (text, expected) in [
            ("cozyshop full stop com", "cozyshop dot com"),
            ("cozyshop dotcom", "cozyshop dot com"),
            ("cozyshop dot see oh em", "cozyshop dot com"),
            ("cozyshop co uk", "cozyshop dot co dot uk"),
            ("mebel-dom·ru", "mebel-dom dot ru"),
            ("boutique-lea pt fr", "boutique-lea dot fr"),
            ("cozyshop, then dot com", "cozyshop dot com"),
            ("\"cozyshop\" + \".\" + \"com\"", "\"cozyshop dot com"),
            ("www_cozy-shop_ru", "www dot cozy-shop dot ru"),
            ("https colon slash slash shop.com", "https://shop.com"),
            ("shop&#46;com", "shop.com"),
            ("moc.pohsyzoc", "cozyshop.com"),
            ("срурщд-ьфтнгтнфюкг", "chehol-manyunya.ru"),
            ("mebel-dom.🇷🇺", "mebel-dom.ru"),
            ("cozyshop\n.com", "cozyshop.com"),
            ("ivan, потом собака, потом mail.ru", "ivan собака mail.ru"),
            ("ivan+petrov+собака+mail+точка+ru", "ivan.petrov собака mail.ru"),
            ("ivan@gm4il.com", "ivan@gmail.com"),
            ("ivan@gm@il.com", "ivan@gmail.com"),
            ("эл, е, 91, собака, ya, точка, ru", "эл е 91 собака ya точка ru"),
            ("à (anya)(.)(k)(@)(gmail)(.)(com) !", "à anya.k@gmail.com !"),
            ("à (anya) (at) (gmail) (dot) (com) !", "à anya at gmail dot com !"),
            ("shop.ru\n/sale", "shop.ru/sale"),
        ] {
            check(text, Some(expected));
        }
    }

    #[test]
    fn sentences_stay_as_they_are() {
        for text in [
            "",
            "\n",
            "the dotcom era",
            "точка зрения про дом",
            "чай · кофе · ком",
            "full stop. com on",
            "wi-fi точка нет",
            "hello.🇫🇷",
            "🇫🇷🇩🇪🇮🇹",
            "ur. welcome",
            "собака и гмейл",
            "5 * 4 * 3",
            "файл main_menu_ru",
            "every minute.\" So the kid",
            "influence...by the industry",
            "кошка, собака, мейн-кун, шпиц",
        ] {
            check(text, None);
        }
    }
}
