//! Top-level domains, and what stands before them in place of a dot.

use super::label::Label;
use super::{Edit, back, is_telling};
use crate::host;
use crate::list::{Gate, Heads, Row, one_of, value};
use crate::mailbox::{AT, AT_SIGNS};
use crate::scan::{Kind, Token, Words, before, cut, gap, text};
use crate::tld::tld;

/// Endings before which a dot in another form is looked for.
const ENDS: &str = "com net org ru ua by kz fr su pro info uk eu io me co shop store online site xyz top \
    club app dev tv cc be de pl ph so tl us kg design studio link space website live page tech рф ру ком юа уа орг инфо кз бай \
    сом онлайн сайт";

/// Endings in Cyrillic that are words too, or no endings; only behind a name in Latin letters.
const SAID: &str = "\
    нет=net\nнэт=net\nпро=pro\nтоп=top\nшоп=shop\nстор=store\nклуб=club\nклаб=club\nби=be\nюэй=ua\nюей=ua\n\
    хуз=xyz\nкомм=com\nко=co\nгг=gg\nтв=tv\nлайф=life\nфр=fr\nдев=dev\nстудио=studio\nдизайн=design\nмагазин=shop";

/// Endings spelled by the names of their letters.
const SPELLED: &str = "\
    see oh em=com\nsee o em=com\nsi o em=com\ncee oh em=com\ncé o em=com\nc o m=com\nс о м=com\n\
    си о эм=com\nси оу эм=com\nси о ем=com\nсі о ем=com\nсі оу ем=com\nце о эм=com\n\
    це о ем=com\nцэ о эм=com\nсэ о эм=com\nэс о эм=com\nка о эм=com\nк о м=com\nn e t=net\n\
    эн е тэ=net\nэн и ти=net\nen ee tee=net\no r g=org\nоу ар джи=org\nэр у=ru\nер у=ru\n\
    эр ю=ru\nар ю=ru\nр у=ru\nr u=ru\nare you=ru\nare u=ru\nar you=ru\nэр эф=рф\nер еф=рф\n\
    р ф=рф\nю эй=ua\nю ей=ua\nю а=ua\nу а=ua\nu a=ua\nyou a=ua\nэф эр=fr\neff erre=fr\nэф ар=fr\nf r=fr\n\
    eff are=fr\neffe erre=fr\nef er=fr\nèf èr=fr\nyou kay=uk\nu k=uk\nкей зет=kz\nка зет=kz\n\
    ка зэт=kz\nk z=kz\nбэ игрек=by\nби уай=by\nb y=by\nикс игрек зет=xyz\nикс уай зед=xyz\n\
    x y z=xyz\nm e=me\nэм е=me\nem ee=me\nай оу=io\nай о=io";

/// Where the rows of [`SPELLED`] begin: to look for their ends takes most of a dense text's time.
static ROWS: [u16; lines(SPELLED)] = starts(SPELLED);

const fn lines(text: &str) -> usize {
    let (mut n, mut lines) = (0, 1);
    while n < text.len() {
        lines += (text.as_bytes()[n] == b'\n') as usize;
        n += 1;
    }
    lines
}

#[expect(clippy::cast_possible_truncation, reason = "a table is shorter")]
const fn starts<const LINES: usize>(text: &str) -> [u16; LINES] {
    assert!(text.len() < u16::MAX as usize);
    let (mut out, mut n, mut line) = ([0; LINES], 0, 1);
    while n < text.len() {
        if text.as_bytes()[n] == b'\n' {
            out[line] = n as u16 + 1;
            line += 1;
        }
        n += 1;
    }
    out
}

/// Words for a dot with the ending behind them in one word, as in `dotcom`.
const GLUED: &[&str] = &["dot", "point", "дот", "точка", "крапка", "тчк", "punkt", "пойнт"];

/// Words for a dot that are read here only, before an ending.
static SHORT: Row = Row::of("fullstop p pt spot stop tchk дт кр крп крпк поинт пт т тч тчк тчка");

/// Words that end `the usual com`, and those that tell a zone.
static BEFORE: Row = Row::of(
    "d'habitude domain extension usual zone всегда домен домене завжди зазвичай зона зоне \
     зону зоні обычно обычное",
);

/// Words that only say what comes next.
static LINKS: Row = Row::of(
    "a add ajoute ajouter ajoutez and avec by comme dans en ending ensuite et followed full \
     hinter il in it's its la plus puis put rajoute rajouter rajoutez stick the then un une with \
     write à а в далее дальше далі добавить добавляйте добавь добавьте додай додайте \
     доменная дописать допиши допишите затем и идет идёт как конец конце которая который \
     кінці кінцівка на наприкінці наш наша окончание плюс после поставь потом потім приклей \
     просто після русская русский с там у украинский український що як",
);

/// With the words that something of this begins with.
pub const fn gate<const N: usize>(gate: Gate<N>) -> Gate<N> {
    gate.or(Gate::parted(ENDS, b' ', b' '))
        .or(Gate::parted(SAID, b'\n', b'='))
        .or(Gate::parted(SPELLED, b'\n', b' '))
        .or(Gate::parted(GLUED_WHOLE, b' ', b' '))
}

/// The same for beginnings.
pub const fn heads<const N: usize>(heads: Heads<N>) -> Heads<N> {
    heads
        .and_parted(ENDS, b' ', b' ')
        .and_parted(SAID, b'\n', b'=')
        .and_parted(SPELLED, b'\n', b' ')
        .and_parted(GLUED_WHOLE, b' ', b' ')
}

/// All that [`GLUED`] makes with the commonest endings.
const GLUED_WHOLE: &str = "dotcom dotfr dotnet dotorg dotru dotua dotuk pointcom pointfr pointnet pointorg дотком \
     доткомм дотнет дотру крапкаком крапканет крапкауа крапкаюа точкаcom точкаru точкакз \
     точкаком точканет точкару точкарф точкаюа тчкком тчкру";

static GLUES: Row = Row::of(GLUED_WHOLE);

/// Whether what stands before token `i` may be a dot in another form; most endings are words, or have a
/// dot before them.
fn is_open(tokens: &[Token<'_>], i: usize) -> bool {
    let Some(before) = tokens.get(i.wrapping_sub(1)) else {
        return false;
    };
    let at = |by: usize| i.checked_sub(by).and_then(|n| tokens.get(n));
    let gap = |by: usize| at(by).is_some_and(Token::is_gap);
    let dot = |by: usize| at(by).is_some_and(host::is_dot);
    match before.kind {
        Kind::Digits | Kind::Word => false,
        Kind::Mark => match before.text {
            "." if text(tokens, i) == "нет" => true,
            "." => {
                gap(2)
                    || at(2).is_some_and(|t| t.is("."))
                    || text(tokens, i).chars().nth(1).is_none()
            }
            "-" => dot(2),
            _ => true,
        },
        Kind::Space => at(2).is_some_and(|t| match t.kind {
            Kind::Word => {
                host::is_dot(t)
                    || SHORT.contains(t.text)
                    || BEFORE.contains(t.text)
                    // `add a dot and com`
                    || at(4).is_some_and(|t| t.is(",")) && dot(5) && LINKS.contains(t.text)
                    || gap(3) && (t.text == "is" || LINKS.contains(t.text)) && is_led(tokens, i - 2)
            }
            Kind::Mark => match t.text {
                "." => gap(3) || at(3).is_some_and(|t| t.is(".")),
                mark => !matches!(mark, "!" | "?"),
            },
            Kind::Digits | Kind::Space => false,
        }),
    }
}

/// Whether a dot in words or a word for a zone stands before token `i`, with words between that only
/// say what comes next.
fn is_led(tokens: &[Token<'_>], i: usize) -> bool {
    let mut n = i;
    while n > 1 && i - n < 6 && gap(tokens, n - 1) {
        n -= 2;
        let Some(t) = tokens.get(n) else { break };
        if host::is_dot(t) || BEFORE.contains(t.text) {
            return true;
        }
        if !LINKS.contains(t.text) {
            break;
        }
    }
    false
}

/// The ending at token `i`, or several that spell one, if what stands before is a dot in another form.
pub fn at(tokens: &[Token<'_>], i: usize) -> Option<Edit> {
    let here = text(tokens, i);
    if GLUES.contains(here) {
        let last = GLUED.iter().find_map(|dot| here.strip_prefix(dot))?;
        return glued(tokens, i, last);
    }
    if !is_open(tokens, i) {
        return None;
    }
    // `c0m`
    if here == "c" && crate::scan::marks(tokens, i + 1, b'0') && text(tokens, i + 2) == "m" {
        let (from, _) = stand_in(tokens, i)?;
        return Label::before(tokens, from).named().then(|| dotted(from, i + 3, "com"));
    }
    if let Some((end, name)) = spelled(tokens, i) {
        let from = dot_before(tokens, i)?;
        let label = Label::before(tokens, from);
        let short = name == "рф" || label.length > 6;
        return (label.ascii || short).then(|| dotted(from, end, name));
    }
    static SAID_GATE: Gate<8> = Gate::parted(SAID, b'\n', b'=');
    if let Some(name) = SAID_GATE.may_hold(here).then(|| value(SAID, here)).flatten() {
        let from = dot_before(tokens, i)?;
        let label = Label::before(tokens, from);
        let glued = here == "нет" && from + 1 == i && !label.odd;
        let word = glued || label.odd && label.length < 7;
        return (label.ascii && label.length > 2 && !word).then(|| dotted(from, i + 1, name));
    }
    tld(here)?;
    let (from, to) = stand_in(tokens, i)?;
    Some(dotted(from, to, here))
}

fn dotted(from: usize, to: usize, last: &str) -> Edit {
    let mut put = " dot ".to_owned();
    put.push_str(last);
    Edit::new(from, to, put)
}

/// `shop dotcom`, `shop-dotcom`.
fn glued(tokens: &[Token<'_>], i: usize, last: &str) -> Option<Edit> {
    let last = value(SAID, last).unwrap_or(last);
    tld(last)?;
    let from =
        i.checked_sub(1).filter(|n| gap(tokens, *n) || crate::scan::marks(tokens, *n, b'-'))?;
    let label = Label::before(tokens, from);
    label.named().then(|| dotted(from, i + 1, last))
}

/// The letters that spell an ending from token `i` on: where they end, and what they spell.
fn spelled(tokens: &[Token<'_>], i: usize) -> Option<(usize, &'static str)> {
    let beside = gap(tokens, i + 1) || matches!(text(tokens, i + 1), "-" | "*" | ",");
    if !beside || !(gap(tokens, i.checked_sub(1)?) || back(tokens, i, 1) == ".") {
        return None;
    }
    static FIRST: Gate<8> = Gate::parted(SPELLED, b'\n', b' ');
    let first = text(tokens, i);
    if !FIRST.may_hold(first) || tokens.get(i + 2).is_none_or(|t| t.kind != Kind::Word) {
        return None;
    }
    let begins =
        |row: &&str| row.as_bytes().get(first.len()) == Some(&b' ') && row.starts_with(first);
    let rows = ROWS.iter().filter_map(|at| SPELLED.get(usize::from(*at)..)).filter(begins);
    let mut rows = rows.filter_map(|row| cut(before(row, b'\n'), b'='));
    rows.find_map(|(phrase, name)| {
        let mut n = i;
        for word in Words::of(phrase) {
            let apart =
                n == i || gap(tokens, n - 1) || matches!(back(tokens, n, 1), "-" | "*" | "," | ".");
            if text(tokens, n) != word || !apart {
                return None;
            }
            n += 2;
        }
        let single = phrase.len() < 5
            && tokens.get(n).is_some_and(|t| t.text.len() == 1 && gap(tokens, n - 1));
        (!single).then_some((n - 1, name))
    })
}

/// Where the dot begins that stands before token `i`: as a word, as a mark, or in another form.
fn dot_before(tokens: &[Token<'_>], i: usize) -> Option<usize> {
    for taken in [3, 1, 2] {
        let from = i.checked_sub(taken)?;
        if host::dot(tokens, from).is_some_and(|(length, _)| length == taken) && from > 0 {
            return Some(from);
        }
    }
    stand_in(tokens, i).map(|(from, _)| from)
}

/// What stands for a dot before the ending at token `i`: where it begins, and where the ending ends.
fn stand_in(tokens: &[Token<'_>], i: usize) -> Option<(usize, usize)> {
    linked(tokens, i).or_else(|| marks(tokens, i))
}

/// A dot in words or apart between a name and the ending at token `i`, with words and marks around it
/// that only say what comes next: `shop, then dot com`, `"shop" + "." + "ru"`, `shop, in the com zone`.
fn linked(tokens: &[Token<'_>], i: usize) -> Option<(usize, usize)> {
    const TOKENS: usize = 16;
    let (mut from, mut told, mut links, mut short) = (i, false, 0, false);
    let mut comma = false;
    while from > 0 && i - from < TOKENS {
        let t = tokens.get(from - 1)?;
        let before = back(tokens, from - 1, 1);
        match t.kind {
            Kind::Space if !t.is_gap() => break,
            Kind::Space => {}
            Kind::Word if host::is_dot(t) || BEFORE.contains(t.text) => told = true,
            Kind::Word if SHORT.contains(t.text) => {
                let full = before == "-" || back(tokens, from - 1, 2) == "full";
                told |= t.text != "stop" || full;
                short |= t.text.len() < 3 && t.text != "pt";
            }
            Kind::Word if LINKS.contains(t.text) => links += usize::from(t.text != "full"),
            Kind::Word if t.text == "is" && BEFORE.contains(back(tokens, from - 1, 2)) => {}
            Kind::Mark if t.is(".") => {
                let quoted = matches!(text(tokens, from), "\"" | ")") && gap(tokens, from + 1);
                let apart = quoted || gap(tokens, from);
                let glued =
                    from < i && apart && before != "\"" && !gap(tokens, from.wrapping_sub(2));
                if glued || before == "." {
                    return None;
                }
                told |= from < i || !before.is_empty();
            }
            // `(no space) .com`
            Kind::Mark
                if t.is(")")
                    && !SHORT.contains(before)
                    && !tokens.get(from.wrapping_sub(2)).is_some_and(host::is_dot)
                    && !tokens.get(from..i)?.iter().any(|t| t.kind == Kind::Word) =>
            {
                break;
            }
            Kind::Mark if t.is("-") => {
                let word = |n: usize| tokens.get(n).is_some_and(host::is_dot);
                if !word(from) && !word(from.wrapping_sub(2)) && before != "full" {
                    break;
                }
            }
            Kind::Mark
                if matches!(
                    t.text,
                    "," | "+" | "\"" | "(" | ")" | "[" | "]" | "{" | "}" | ":" | ";" | "=" | "&"
                ) =>
            {
                links += usize::from(t.is("+"));
                comma |= t.is(",");
            }
            _ => break,
        }
        from -= 1;
    }
    let between = tokens.get(from..i)?;
    let label = Label::before(tokens, from);
    // What detectors read themselves.
    if let [first, dot, last] = between
        && host::is_dot(dot)
        && first.kind == last.kind
    {
        return None;
    }
    let plain =
        between.iter().all(|t| t.is(".") || t.is(",") || t.kind == Kind::Space) && links == 0;
    let named = if links > 0 {
        label.provider || label.ascii && (label.odd || label.length > 5)
    } else {
        label.named()
    };
    let sound = !(short || comma && links == 0 && label.length < 6) || label.odd || label.provider;
    let sure = told && !plain && named && sound;
    let closes = matches!(text(tokens, i + 1), ")" | "\"" | "]" | "}")
        && between.iter().any(|t| matches!(t.text, "(" | "\"" | "[" | "{"));
    let to = i + 1 + usize::from(closes);
    sure.then(|| (from, if links > 0 { past_tail(tokens, to) } else { to }))
}

/// Past words behind an ending that only say where it stands: `after it`, `à la fin`, `в конце`.
fn past_tail(tokens: &[Token<'_>], to: usize) -> usize {
    let word = |n: usize| text(tokens, to + n);
    match (word(1), word(3), word(5)) {
        ("at", "the", "end") | ("à", "la", "fin") => to + 6,
        ("after", "it", _) | ("в" | "на", "конце" | "конец", _) | ("в" | "у", "кінці", _) => {
            to + 4
        }
        ("ending" | "наприкінці" | "behind", ..) => to + 2,
        _ => to,
    }
}

/// Marks between a label and the ending at token `i`.
fn marks(tokens: &[Token<'_>], i: usize) -> Option<(usize, usize)> {
    const MOST: usize = 8;
    let last = text(tokens, i);
    let mut from = i;
    while from > 0
        && i - from < MOST
        && tokens.get(from - 1).is_some_and(|t| t.kind == Kind::Mark && !t.is("@") || t.is_gap())
    {
        from -= 1;
    }
    let between =
        tokens.get(from..i).filter(|between| between.iter().any(|t| t.kind == Kind::Mark))?;
    let label = Label::before(tokens, from);
    let mark = between.iter().find(|t| t.kind == Kind::Mark)?;
    let last = if last == "c" { "com" } else { last };
    let path = crate::scan::marks(tokens, i + 1, b'/') || host::path_follows(tokens, i + 1);
    let sure = host::is_sure(last);
    let dots = || between.iter().filter(|t| t.is(".")).count();
    if label.provider && sure && (!matches!(mark.text, "(" | "." | "!" | "?") || dots() > 2) {
        return Some((from, i + 1));
    }
    let same = between.iter().all(|t| t.kind == Kind::Space || t.text == mark.text);
    let spaced = between.iter().any(|t| t.kind == Kind::Space);
    let picture = !mark.text.is_ascii();
    if !same || !label.ascii || label.length < 3 {
        return None;
    }
    // `contact 🌀 shop 🔹 fr`
    let sign = |by: usize| AT_SIGNS.holds(tokens, label.from.wrapping_sub(by));
    let sound = match (spaced, mark.text) {
        _ if picture && is_telling(last) && (sign(1) || sign(2)) => true,
        (false, ",") => {
            path && label.length > 4 || label.odd && label.length > 5 && is_telling(last)
        }
        (false, ".") => {
            let strong = one_of("com net org ru ua рф ру ком", last);
            between.len() > 2 && strong && label.length > 4
        }
        (false, "*" | "~") => sure && label.length > 2,
        (false, "|" | "^" | ";" | "+") => sure && label.length > 3,
        (false, "#") => matches!(last, "com" | "ru") && label.length > 6,
        (false, ":" | "\\") => sure && label.length > 5 && (label.odd || tells_dot(tokens, i)),
        (false, "_" | "'" | "!" | "=" | "/") if label.length > 8 && sure => tells_dot(tokens, i),
        (
            false,
            "_" | "-" | "'" | "\"" | "(" | ")" | "[" | "]" | "!" | "?" | "&" | "%" | "=" | "/",
        ) => false,
        (false, _) => {
            picture && (sure && label.length > 3 || label.odd && is_telling(last) || path)
        }
        (true, _) => {
            let strong = one_of("com org ru ua рф", last);
            let mark =
                picture || matches!(mark.text, "*" | "|") || mark.text == "." && between.len() > 3;
            mark && label.length > 5 && (strong || label.odd && sure)
        }
    };
    sound.then_some((from, i + 1))
}

/// Whether a word for a dot stands not far from token `i`: `the underscore is a period`.
fn tells_dot(tokens: &[Token<'_>], i: usize) -> bool {
    const NEAR: usize = 32;
    let near = tokens.get(i.saturating_sub(NEAR)..).unwrap_or_default().iter().take(2 * NEAR);
    near.into_iter().any(|t| host::is_dot(t) || one_of("dots точки точками крапки", t.text))
}

/// The same mark that an edit took for a dot, before its label: `cozy·shop·com`.
pub fn chain(tokens: &[Token<'_>], edits: &mut Vec<Edit>, edit: &Edit) {
    let Some(mark) = tokens
        .get(edit.from)
        .filter(|t| t.kind == Kind::Mark && !matches!(t.text, "." | "-" | "_" | "/" | "\"" | "("))
    else {
        return;
    };
    const LABELS: usize = 4;
    let free = edits.last().map_or(0, |last| last.to);
    let (mut from, mut more) = (Label::before(tokens, edit.from).from, Vec::new());
    while let Some(n) = from.checked_sub(1).filter(|n| *n >= free && more.len() < LABELS)
        && tokens.get(n).is_some_and(|t| t.text == mark.text)
        && let label = Label::before(tokens, n)
        && label.ascii
        && !AT.contains(back(tokens, n, 1))
    {
        more.push(Edit::of(n, n + 1, " dot "));
        from = label.from;
    }
    edits.extend(more.into_iter().rev());
}
