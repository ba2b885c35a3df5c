//! A handle as people write one: with `@` or without, with its marks said in words, its letters apart.
//! Reads shapes; whether a shape is a contact is decided elsewhere.

mod joints;
mod said;
mod sign;
mod whole;

use parlour_guest::scan::{Kind, Token};

use self::joints::{goes_on, inner, joins, run};
pub use self::said::{THEN, is_letter_name, is_mark_word, is_wrap, unspaced};
use self::said::{four_digits, hash_said, said};
use self::sign::sign;
pub use self::whole::whole;

use crate::contact::remarked;
use crate::lexicon::{Row, among, ascii_only};
use crate::moving::is_number;
use crate::scene::{Scene, is_letter};
use crate::words::{AFTER, COLON, DOT, PREP, SPELLING, STOP, TECH};

/// What may be a handle: tokens `from..to`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Candidate {
    pub from: usize,
    pub to: usize,
    /// Begins with `@`, written or said.
    pub at: bool,
    /// The `@` is said as a word.
    pub at_said: bool,
    pub underscore: bool,
    /// Shaped as no word of a language is: digits, marks, letters apart.
    pub strong: bool,
    /// Latin letters and no others.
    pub latin: bool,
    /// Marks of disguise.
    pub signs: u8,
    /// Parts of a technical name: a variable, a file, an identifier.
    pub technical: bool,
    /// Parts joined by hyphens.
    pub dashed: bool,
    pub letters: u8,
    pub digits: u8,
    /// Some part is a word of technical names.
    pub listed: bool,
    /// All parts are known words.
    pub common: bool,
}

/// Longest handle in letters and digits, with some to spare; Telegram allows 32.
const LENGTH_MAX: usize = 36;

/// Longest handle in tokens; Instagram allows 30 characters.
const TOKENS_MAX: usize = 40;

/// Endings of file names and of the names of programs.
const EXTENSIONS: &Row = row!(
    "js ts tsx jsx py go md css scss html htm php sql json xml pdf doc docx \
    xls xlsx csv zip rar png jpg jpeg gif psd svg mp3 mp4 exe net",
);

/// What has been read so far.
#[derive(Default)]
struct Reading {
    letters: usize,
    digits: usize,
    foreign: usize,
    underscores: usize,
    dots: usize,
    hash: bool,
    colon: bool,
    said: u8,
    spread: bool,
    technical: usize,
    parts: usize,
    stop: bool,
    dashes: usize,
    listed: bool,
    /// Groups of digits, words that some list knows, and pictures or dots for the marks.
    groups: usize,
    known: usize,
    /// Where the name goes on behind a mark that is said.
    bridge: usize,
    joined: usize,
}

impl Reading {
    /// Whether all marks of the name are said.
    fn all_said(&self) -> bool {
        usize::from(self.said) >= self.underscores + self.dots + self.dashes
    }
}

/// Reads the handle that begins at token `i`, which may be its `@`.
pub fn read(scene: &Scene<'_>, i: usize) -> Option<Candidate> {
    if !scene.spend(5) {
        return None;
    }
    let (start, at, at_said, mut signs) = sign(scene, i);
    let digit_first = scene.token(start)?.kind == Kind::Digits;
    let mut read = Reading::default();
    let to = body(scene, start, at, &mut read)?;
    let latin = read.foreign == 0;
    let marked = read.underscores > 0 || read.dots > 0;
    let numbered = scene.among(start, row!("id club public"));
    // `4nna92`, `k1k0`: digits for letters, or a number before a name.
    let leet = read.groups > 1 && read.letters > 1 && read.letters + read.digits > 5;
    let mixed = read.digits > 0
        && (!digit_first && (read.letters >= 3 || numbered && read.digits >= 4)
            || leet && read.known == 0);
    let strong = at && read.letters + read.foreign >= 2
        || read.underscores > 0 && read.letters + read.digits + read.foreign >= 3
        || (mixed && latin && read.dashes == 0)
        // `медведь99`
        || !digit_first && read.digits > 1 && read.foreign > 3 && read.known == 0 && read.parts == 2
        || (mixed && latin && read.letters >= 4 && read.dashes > 0)
        || read.hash
        || read.colon
        || (read.dots > 0 && (latin || read.said > 0) && read.letters >= 4)
        // `удав точка гараж`
        || (read.dots > 0 && !latin && read.known * 3 < read.parts && read.all_said() && read.foreign > 7)
        || (read.spread && read.letters + read.foreign >= 3)
        || (read.dashes > 0 && latin && read.letters >= 8 && read.known < read.parts.max(2) - 1)
        || (read.joined > 0 && latin && read.letters >= 5 && read.known < read.parts);
    signs = signs.saturating_add(read.said).saturating_add(u8::from(read.spread));
    let file = read.dots > 0
        && !at
        && to
            .checked_sub(1)
            .and_then(|n| scene.token(n))
            .is_some_and(|t| among(t.text, EXTENSIONS));
    // `maket_v3`
    let version = scene.kind_is(to - 1, Kind::Digits)
        && read.digits < 3
        && scene.among(to.wrapping_sub(2), row!("v"));
    let technical = file
        || version
        || read.parts > 0
            && read.technical == read.parts
            && (marked || read.parts == 1 && !read.hash);
    let length = read.letters + read.foreign;
    (length > 0 && length + read.digits <= LENGTH_MAX).then_some(Candidate {
        from: i,
        to,
        at,
        at_said,
        underscore: read.underscores > 0,
        strong: strong
            && (!read.stop
                || marked
                || read.joined > 1
                || at
                || read.hash
                || read.colon
                || read.digits > 0),
        latin,
        signs,
        technical: technical && !at,
        dashed: read.dashes > 0,
        letters: u8::try_from(length).unwrap_or(0),
        digits: u8::try_from(read.digits).unwrap_or(0),
        listed: read.listed,
        common: read.parts > 1 && read.known == read.parts,
    })
}

/// The name itself; returns the token after it.
fn body(scene: &Scene<'_>, start: usize, at: bool, read: &mut Reading) -> Option<usize> {
    let mut n = start;
    let mut solid = start;
    while n < start + TOKENS_MAX {
        let Some(token) = scene.token(n) else {
            break;
        };
        match token.kind {
            Kind::Word if token.text.contains('\'') && n > start => break,
            Kind::Word | Kind::Digits => {
                let glued = unnamed(scene, n)
                    && (n == solid && read.underscores > 0
                        || !read.spread
                            && n == read.bridge
                            && read.all_said()
                            && (read.underscores > 0 || closes(scene, n + 1)));
                if n > start
                    && (!glued && script_changes(scene, start, solid, n) || !scene.spend(1))
                {
                    // `olgaточкаdom`
                    match told(scene, n, at, read).filter(|_| solid == n) {
                        Some(next) => n = next,
                        None => break,
                    }
                    continue;
                }
                part(scene, n, read);
                n += 1;
                solid = n;
            }
            Kind::Mark if token.is("_") => {
                read.underscores += 1;
                n += 1;
                solid = n;
            }
            _ if n == start => break,
            kind => {
                if (scene.said || scene.is(n + 1, "#"))
                    && let Some(to) = hash_said(scene, n)
                {
                    (read.hash, read.said) = (true, read.said + 1);
                    return Some(to);
                }
                let next = if kind == Kind::Mark {
                    written(scene, n, start, at, read)
                } else {
                    spaced(scene, n, start, read)
                };
                let next = next.or_else(|| told(scene, n, at, read));
                let spaced = at && scene.gap(start - 1);
                match next.or_else(|| soup(scene, n, at, spaced, read)) {
                    Some(next) if read.hash => return Some(next),
                    Some(next) => n = next,
                    None => break,
                }
            }
        }
    }
    (solid > start).then_some(solid)
}

/// Past a mark at `n` that joins two parts of a name, or a number on Discord.
fn written(
    scene: &Scene<'_>,
    n: usize,
    start: usize,
    at: bool,
    read: &mut Reading,
) -> Option<usize> {
    let mark = scene.text(n);
    let mut said = 1;
    let next = match mark {
        // `carrel@ge_bruno`
        "@" if inner(scene, n, at) || scene.joined(n) && scene.is(n + 2, "_") => n + 1,
        // `nora.dot.plumb`, `nora(точка)plumb`
        "." | "_" | "(" | "[" | "{"
            if is_mark_word(scene, n + 1)
                && scene.kind_is(n + 2, Kind::Mark)
                && scene.latin(n + 3) =>
        {
            read.underscores += 1;
            n + 3
        }
        "." | "-" if joins(scene, n, start) => {
            // Sentences of Cyrillic words are joined so too.
            said = u8::from(!scene.latin(n - 1) && !scene.latin(n + 1));
            read.dots += usize::from(mark == ".");
            read.dashes += usize::from(mark == "-");
            n + 1
        }
        // `@nora:matrix.example`
        ":" if at && joins(scene, n + 2, n) && scene.latin(n + 3) => {
            (read.colon, said) = (true, 0);
            n + 1
        }
        "#" if four_digits(scene, n + 1) => {
            said = 0;
            read.hash = true;
            n + 2
        }
        ":" if n == start + 1 && is_live(scene, start) => {
            said = 0;
            read.colon = true;
            // `live:.cid`, `live:dot cid`
            let dot = scene.meaning(n + 1) & DOT != 0 && scene.gap(n + 2);
            n + 1 + if dot { 2 } else { usize::from(scene.is(n + 1, ".")) }
        }
        _ => {
            let (next, low) = run(scene, n, at)?;
            read.joined += if next > n + 1 { 2 } else { 1 };
            read.underscores += usize::from(low);
            next
        }
    };
    read.said = read.said.saturating_add(said);
    Some(next)
}

/// Past white space at `n` within a name and what is said behind it.
fn spaced(scene: &Scene<'_>, n: usize, start: usize, read: &mut Reading) -> Option<usize> {
    // A mark on a line of its own, `nora_ plumb`.
    if scene.is(n + 1, "_") && !scene.gap(n) || scene.is(n - 1, "_") && goes_on(scene, n) {
        return Some(n + 1);
    }
    // `ivan_petrov 5 5`
    let digit = |n: usize| scene.kind_is(n, Kind::Digits) && scene.text(n).len() == 1;
    if read.underscores > 0 && digit(n + 1) && (digit(n - 1) || digit(n + 3)) {
        return Some(n + 1);
    }
    // `ivan p e t r o v`, and with any spaces where a remark on them follows
    let unknown = |n: usize| scene.latin(n) && scene.meaning(n) == 0;
    let loose = |n: usize| unknown(n) || scene.kind_is(n, Kind::Digits);
    if scene.gap(n)
        && (scene.odd && unknown(n - 1) && unknown(n + 1) && scene.spread(n + 1)
            || scene.spelling()
                && loose(n - 1)
                && loose(n + 1)
                && scene.spend(40)
                && remarked(scene))
    {
        read.joined += 1;
        return Some(n + 1);
    }
    let colon = if n == start + 1 && is_live(scene, start) { colon_said(scene, n) } else { None };
    read.colon |= colon.is_some();
    read.said = read.said.saturating_add(u8::from(read.colon));
    colon
}

/// Whether the word at token `n` is no list's and names no platform.
fn unnamed(scene: &Scene<'_>, n: usize) -> bool {
    scene.term_at(n).is_none_or(|(_, t)| t.bits == 0 && t.platform.is_none())
}

/// Whether a name on Skype may begin at token `n`.
pub fn is_live(scene: &Scene<'_>, n: usize) -> bool {
    scene.among(n, row!("live лайв"))
}

/// Past a colon that is said or stands apart at the gap `n`: `live deux points ivan`.
fn colon_said(scene: &Scene<'_>, n: usize) -> Option<usize> {
    let at = n + 1;
    let two =
        scene.among(at, row!("deux две дві")) && scene.among(at + 2, row!("points точки крапки"));
    let to = at + if two { 3 } else { 1 };
    let colon = two || scene.is(at, ":") || scene.meaning(at) & COLON != 0;
    let past = to + usize::from(scene.gap(to));
    // `live colon dot cid`
    let dot = scene.meaning(past) & DOT != 0 && scene.gap(past + 1);
    let past = past + if dot { 2 } else { 0 };
    (colon && scene.kind_is(past, Kind::Word)).then_some(past)
}

/// Past a mark that is said in words at `n`.
fn told(scene: &Scene<'_>, n: usize, at: bool, read: &mut Reading) -> Option<usize> {
    // `kedr точка семьдесят семь`
    let marks = usize::from(read.said) + read.underscores;
    if marks > 0
        && scene.gap(n)
        && number(scene, n + 1)
        && (number(scene, n - 1)
            || read.underscores > 0
                && (read.said > 0 || number(scene, n + 3) || scene.token(n + 2).is_none()))
    {
        return Some(n + 1);
    }
    if !scene.said {
        return None;
    }
    let (next, mark) = said(scene, n, at || read.underscores > 0 || read.said > 0 || read.spread)?;
    match mark {
        "_" => read.underscores += 1,
        "." => read.dots += 1,
        _ => read.dashes += 1,
    }
    read.said = read.said.saturating_add(1);
    read.bridge = next;
    Some(next)
}

/// Whether nothing that belongs to the same phrase, or only what leads on, stands at token `n`.
fn closes(scene: &Scene<'_>, n: usize) -> bool {
    scene.token(n).is_none_or(|t| t.kind == Kind::Mark || !t.is_gap())
        || scene.meaning(n + 1) & (PREP | AFTER | SPELLING) != 0
}

/// Past marks in a row at `n` between two parts of a name, which no sentence has: `@ nora. .plumb`, behind a
/// sign that stands apart one will do: `@ nora * plumb`; and past a sum: `"nora" + "_" + "plumb"`.
fn soup(scene: &Scene<'_>, n: usize, at: bool, spaced: bool, read: &mut Reading) -> Option<usize> {
    const MARKS_MAX: usize = 12;
    let plus = |n: &usize| scene.is(*n, "+") && scene.gap(n + 1);
    let sum = scene.platform.is_some() && (n + 1..n + 4).any(|n| plus(&n));
    let mark = |n: usize| {
        scene.kind_is(n, Kind::Mark)
            && (!scene.among(n, row!("^ , : ; ! ? @ ( ) [ ] { } < > = # \" '"))
                || sum && is_wrap(scene, n))
    };
    let to = n + (n..n + MARKS_MAX).take_while(|n| mark(*n) || scene.gap(*n)).count();
    let low = (n..to).any(|n| scene.is(n, "_"));
    let marks = || (n..to).filter(|n| mark(*n)).count();
    let dots = || (n..to).any(|n| scene.is(n, ".") && scene.is(n + 1, "."));
    let pictured = || {
        (n..to).any(|n| !ascii_only(scene.text(n)))
            && (n..to).any(|n| mark(n) && ascii_only(scene.text(n)))
    };
    let fits = (at || low || sum || pictured())
        && (low && at
            || (marks() > 1 || (spaced && !scene.among(n + 1, row!("- +")) || sum) && marks() > 0)
                && scene.meaning(to) == 0)
        && !dots()
        && (scene.latin(n - 1) || sum)
        && (scene.latin(to) || sum && scene.kind_is(to, Kind::Digits));
    if !fits {
        return None;
    }
    read.joined += 2;
    read.underscores += usize::from(low);
    read.said = read.said.saturating_add(1);
    Some(to)
}

/// Counts a word or number of the name.
fn part(scene: &Scene<'_>, n: usize, read: &mut Reading) {
    let Some(token) = scene.token(n) else {
        return;
    };
    read.parts += 1;
    if token.kind == Kind::Digits {
        read.digits += token.text.len();
        read.groups += 1;
        read.technical += 1;
        return;
    }
    if read.parts > 1 && !ascii_only(token.text) && number(scene, n) {
        read.digits += 1;
        return;
    }
    let bits = scene.meaning(n);
    read.technical += usize::from(bits & TECH != 0);
    read.listed |= bits & TECH != 0;
    read.known += usize::from(bits != 0 && token.text.len() > 1);
    read.stop |= bits & STOP != 0;
    read.spread |= scene.odd && (scene.spread(n) || scene.styled(n));
    let live = is_live(scene, n);
    for c in token.text.chars() {
        if live || c.is_ascii() || accented(c) { read.letters += 1 } else { read.foreign += 1 }
    }
}

/// Whether token `n` is of another script than the token that ended before `solid`, across a mark, and
/// does not only look so, as the `а` of `petrov_а6` does.
fn script_changes(scene: &Scene<'_>, start: usize, solid: usize, n: usize) -> bool {
    let word = |n: &usize| scene.kind_is(*n, Kind::Word);
    let ascii = |n: usize| scene.token(n).is_some_and(latin);
    let last = (start.max(solid.saturating_sub(3))..solid).rev().find(word);
    last.is_some_and(|last| {
        let joined = || (last..n).any(|n| scene.is(n, "_"));
        let parted = || last + 1 < n && number(scene, n);
        let number = |n: usize| !ascii(n) && number(scene, n);
        // `м_а_r_k_o`: the fold draws letters together that stand apart.
        let span = scene.span(last, n + 1);
        let written = scene.original.get(span.start as usize..span.end as usize);
        let room = || written.is_some_and(|w| w.chars().any(|c| !is_letter(c)));
        let spread = || {
            let short = last == start && scene.text(last).chars().count() < 4;
            scene.odd && last + 1 == n && short && scene.meaning(last) == 0 && room()
        };
        let part = || joined() || parted() || number(last) || is_live(scene, last) || spread();
        word(&n) && ascii(last) != ascii(n) && !part()
    })
}

/// Whether token `n` is a number in words.
fn number(scene: &Scene<'_>, n: usize) -> bool {
    scene.kind_is(n, Kind::Word) && is_number(scene.text(n)) && !scene.among(n, row!("номер"))
}

/// Whether a token has Latin letters and no others.
fn latin(t: &Token<'_>) -> bool {
    t.text.chars().all(|c| c.is_ascii() || accented(c))
}

/// A Latin letter with an accent.
fn accented(c: char) -> bool {
    matches!(c, '\u{e0}'..='\u{17f}')
}
