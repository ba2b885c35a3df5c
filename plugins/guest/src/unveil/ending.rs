//! Top-level domains, and what stands before them in place of a dot.

use super::label::Label;
use super::{Edit, back, is_telling};
use crate::host;
use crate::list::{Gate, Heads, Row, value};
use crate::scan::{Kind, Token, gap, text};
use crate::tld::tld;

/// Endings before which a dot in another form is looked for.
const ENDS: &str = "com net org ru ua by kz fr su pro info uk eu io me co shop store online site xyz top \
    club app dev tv cc be de pl ph so tl us link space website live page tech рф ру ком юа уа орг инфо кз бай \
    сом онлайн сайт";

/// Endings in Cyrillic that are words too, or no endings; only behind a name in Latin letters.
const SAID: &str = "\
    нет=net\nнэт=net\nпро=pro\nтоп=top\nшоп=shop\nстор=store\nклуб=club\nби=be\nюэй=ua\nюей=ua\n\
    хуз=xyz\nкомм=com\nко=co\nгг=gg\nтв=tv\nлайф=life\nфр=fr\nдев=dev\nмагазин=shop";

/// Endings spelled by the names of their letters.
const SPELLED: &str = "\
    see oh em=com\nsee o em=com\nsi o em=com\ncee oh em=com\ncé o em=com\nc o m=com\nс о м=com\n\
    си о эм=com\nси оу эм=com\nси о ем=com\nсі о ем=com\nсі оу ем=com\nце о эм=com\n\
    це о ем=com\nцэ о эм=com\nсэ о эм=com\nэс о эм=com\nка о эм=com\nк о м=com\nn e t=net\n\
    эн е тэ=net\nэн и ти=net\nen ee tee=net\no r g=org\nоу ар джи=org\nэр у=ru\nер у=ru\n\
    эр ю=ru\nар ю=ru\nр у=ru\nr u=ru\nare you=ru\nare u=ru\nar you=ru\nэр эф=рф\nер еф=рф\n\
    р ф=рф\nю эй=ua\nю ей=ua\nю а=ua\nу а=ua\nu a=ua\nyou a=ua\nэф эр=fr\nэф ар=fr\nf r=fr\n\
    eff are=fr\neffe erre=fr\nef er=fr\nèf èr=fr\nyou kay=uk\nu k=uk\nкей зет=kz\nка зет=kz\n\
    ка зэт=kz\nk z=kz\nбэ игрек=by\nби уай=by\nb y=by\nикс игрек зет=xyz\nикс уай зед=xyz\n\
    x y z=xyz\nm e=me\nэм е=me";

/// Words for a dot with the ending behind them in one word, as in `dotcom`.
const GLUED: &[&str] = &["dot", "point", "дот", "точка", "крапка", "тчк", "punkt", "пойнт"];

/// Words for a dot that are read here only, before an ending.
static SHORT: Row = Row::of("fullstop p pt spot stop tchk кр т тч тчка");

/// Words that end `the usual com`, and those that tell a zone.
static BEFORE: Row = Row::of(
    "d'habitude domain usual zone всегда домен домене завжди зазвичай зона зоне зону зоні \
     обычно обычное",
);

/// Words that only say what comes next.
static THEN: Row = Row::of(
    "and avec by ensuite et followed plus puis then with а далее дальше далі затем и плюс \
     после потом потім після с",
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
    let Some(before) = i.checked_sub(1).and_then(|n| tokens.get(n)) else {
        return false;
    };
    let at = |by: usize| i.checked_sub(by).and_then(|n| tokens.get(n));
    let gap = |by: usize| at(by).is_some_and(Token::is_gap);
    let dot = |by: usize| at(by).is_some_and(host::is_dot);
    match before.kind {
        Kind::Digits | Kind::Word => false,
        Kind::Mark => match before.text {
            "." => gap(2) || at(2).is_some_and(|t| t.is(".")) || text(tokens, i).len() <= 2,
            "-" => dot(2),
            _ => true,
        },
        Kind::Space => at(2).is_some_and(|t| match t.kind {
            Kind::Word => host::is_dot(t) || SHORT.contains(t.text) || BEFORE.contains(t.text),
            Kind::Mark => match t.text {
                "." => gap(3) || at(3).is_some_and(|t| t.is(".")),
                "," => dot(3),
                mark => !matches!(mark, "!" | "?" | ":"),
            },
            Kind::Digits | Kind::Space => false,
        }),
    }
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
    if let Some((end, name)) = spelled(tokens, i) {
        let from = dot_before(tokens, i)?;
        let label = Label::before(tokens, from);
        let short = name == "рф" || label.length > 6;
        return (label.ascii || short).then(|| dotted(from, end, name));
    }
    if let Some(name) = value(SAID, here) {
        let from = dot_before(tokens, i)?;
        let label = Label::before(tokens, from);
        return (label.ascii && label.length > 2).then(|| dotted(from, i + 1, name));
    }
    tld(here)?;
    let (from, to) = stand_in(tokens, i)?;
    Some(dotted(from, to, here))
}

fn dotted(from: usize, to: usize, last: &str) -> Edit {
    let mut put = " dot ".to_owned();
    put.push_str(last);
    Edit { from, to, put }
}

/// `shop dotcom`, `shop-dotcom`.
fn glued(tokens: &[Token<'_>], i: usize, last: &str) -> Option<Edit> {
    let last = value(SAID, last).unwrap_or(last);
    tld(last)?;
    let from = i.checked_sub(1).filter(|n| gap(tokens, *n) || text(tokens, *n) == "-")?;
    let label = Label::before(tokens, from);
    label.named().then(|| dotted(from, i + 1, last))
}

/// The letters that spell an ending from token `i` on: where they end, and what they spell.
fn spelled(tokens: &[Token<'_>], i: usize) -> Option<(usize, &'static str)> {
    if !gap(tokens, i + 1) || !(gap(tokens, i.checked_sub(1)?) || back(tokens, i, 1) == ".") {
        return None;
    }
    static FIRST: Gate<8> = Gate::parted(SPELLED, b'\n', b' ');
    if !FIRST.may_hold(text(tokens, i)) {
        return None;
    }
    let rows = SPELLED.split('\n').filter_map(|row| row.split_once('='));
    rows.into_iter().find_map(|(phrase, name)| {
        let mut n = i;
        for word in phrase.split(' ') {
            if text(tokens, n) != word || n > i && !gap(tokens, n - 1) {
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
    let before = i.checked_sub(1)?;
    if gap(tokens, before)
        && let Some(word) = tokens.get(before.checked_sub(1)?).filter(|t| t.kind == Kind::Word)
    {
        return said(tokens, i, word).map(|from| (from, i + 1));
    }
    let dot = |n: usize| tokens.get(n).is_some_and(host::is_dot);
    match text(tokens, before) {
        // `DOT-COM`
        "-" if dot(before.wrapping_sub(1)) => {
            let from =
                before.checked_sub(2).filter(|n| gap(tokens, *n) || text(tokens, *n) == "-")?;
            return Label::before(tokens, from).named().then_some((from, i + 1));
        }
        // `+ .com`, `then .com`
        "." if before > 0
            && gap(tokens, before - 1)
            && let Some(from) = joined_from(tokens, before - 1) =>
        {
            return Label::before(tokens, from).named().then_some((from, i + 1));
        }
        _ => {}
    }
    // `, dot, com`
    let word = i.wrapping_sub(3);
    if gap(tokens, before) && back(tokens, i, 2) == "," && dot(word) {
        let from = word
            .checked_sub(1)
            .map(|n| n - usize::from(n > 0 && gap(tokens, n) && text(tokens, n - 1) == ","))?;
        return Label::before(tokens, from).named().then_some((from, i + 1));
    }
    marks(tokens, i)
}

/// Before the ending at token `i`, a gap and this word before it.
fn said(tokens: &[Token<'_>], i: usize, word: &Token<'_>) -> Option<usize> {
    let at = i.checked_sub(2)?;
    if host::is_dot(word) {
        // `, dot com`, `(dot com)`, `then dot com`
        let before = at.checked_sub(1)?;
        let from = if gap(tokens, before) {
            joined_from(tokens, before)?
        } else if text(tokens, before) == "(" && text(tokens, i + 1) == ")" {
            before.checked_sub(1).filter(|n| gap(tokens, *n)).unwrap_or(before)
        } else {
            return None;
        };
        return Label::before(tokens, from).named().then_some(from);
    }
    if SHORT.contains(word.text) {
        let full = match word.text {
            "stop" => {
                let full = back(tokens, at, 2) == "full"
                    && (gap(tokens, at - 1) || back(tokens, at, 1) == "-");
                full.then(|| at - 2)?
            }
            _ => at,
        };
        let from = full.checked_sub(1).filter(|n| gap(tokens, *n))?;
        let label = Label::before(tokens, from);
        let sure = label.named()
            && (label.ascii || label.odd)
            && (word.text.len() > 1 || label.odd || label.provider);
        return sure.then_some(from);
    }
    if BEFORE.contains(word.text) {
        let mut from = at;
        const SMALL: Row = Row::of("a comme dans in la the with в и как на у як");
        while from >= 2 && gap(tokens, from - 1) && SMALL.contains(back(tokens, from, 2)) {
            from -= 2;
        }
        from = from.checked_sub(1)?;
        from -= usize::from(from > 0 && text(tokens, from - 1) == ",");
        let label = Label::before(tokens, from);
        return (label.ascii && label.length > 3).then_some(from);
    }
    None
}

/// Where words and a sign begin, ending before the gap at token `n`, that only say what comes next.
fn joined_from(tokens: &[Token<'_>], n: usize) -> Option<usize> {
    let joins = |t: &Token<'_>| {
        t.kind == Kind::Word && THEN.contains(t.text) || t.is("+") || t.is(",") || t.is("&")
    };
    let mut from = n;
    while from > 0
        && n - from < 6
        && tokens.get(from - 1).is_some_and(|t| joins(t) || t.is_gap() && from < n)
    {
        from -= 1;
    }
    (from < n).then_some(from)
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
    let path = text(tokens, i + 1) == "/" || host::path_follows(tokens, i + 1);
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
    let sound = match (spaced, mark.text) {
        (false, ",") => {
            path && label.length > 4 || label.odd && label.length > 5 && is_telling(last)
        }
        (false, ".") => between.len() > 2 && sure && label.length > 4,
        (false, "|" | "~" | "^" | ";" | "*" | "+") => sure && label.length > 3,
        (
            false,
            "_" | "-" | ":" | "'" | "\"" | "(" | ")" | "[" | "]" | "!" | "?" | "#" | "&" | "%"
            | "=" | "/",
        ) => false,
        (false, _) => {
            picture && (sure && label.length > 3 || label.odd && is_telling(last) || path)
        }
        (true, _) => {
            let strong = matches!(last, "com" | "org" | "ru" | "ua" | "рф");
            let mark =
                picture || matches!(mark.text, "*" | "|") || mark.text == "." && between.len() > 3;
            mark && (strong && label.length > 5
                || label.odd && label.length > 5 && (sure || is_telling(last) && picture))
        }
    };
    sound.then_some((from, i + 1))
}

/// The same mark that an edit took for a dot, before its label: `cozy·shop·com`.
pub fn chain(tokens: &[Token<'_>], edits: &mut Vec<Edit>, edit: &Edit) {
    let Some(mark) =
        tokens.get(edit.from).filter(|t| t.kind == Kind::Mark && (t.is(",") || !t.text.is_ascii()))
    else {
        return;
    };
    let from = Label::before(tokens, edit.from).from;
    let same = from.checked_sub(1).filter(|n| tokens.get(*n).is_some_and(|t| t.text == mark.text));
    if let Some(n) = same
        && edits.last().is_none_or(|last| last.to <= n)
        && Label::before(tokens, n).ascii
    {
        edits.push(Edit::of(n, n + 1, " dot "));
    }
}
