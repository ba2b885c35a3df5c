//! A number told in pieces, one message after another. Knows which messages of a sender may belong
//! together; whether their digits are a number is for `detect`.

use parlour_guest::scan::{Kind, Token};
use parlour_guest::{Earlier, Fold, Folded, Span};

use crate::atoms::{Atom, Between, Manner, Shape, atoms, is_filler};
use crate::context::{announces, numbers};
use crate::detect::{Number, Wishes, detect};

/// Oldest message that may belong to a number, in seconds.
const AGE_MAX: u32 = 15 * 60;
/// Without a word that announces a number its pieces follow one another within so many seconds.
const AGE_UNLED: u32 = 10 * 60;
/// Longest message that is read for a piece, in bytes.
const PIECE_MAX: usize = 400;
/// Most pieces of one number.
const PIECES_MAX: usize = 12;
/// Most messages without any digit between the pieces.
const CHATTER_MAX: usize = 3;
/// Most words of a piece that tell nothing.
const STRAY_MAX: usize = 2;

/// A number over several messages: 0 is this one, n the n-th before it.
pub struct Split {
    pub spans: Vec<(u32, Span)>,
    pub number: Number,
}

/// Words by which people say that more comes, or that this was the rest.
const LINKS: &[&str] = &[
    "продолжение",
    "продолжаю",
    "остальное",
    "остаток",
    "конец",
    "начало",
    "первая",
    "вторая",
    "третья",
    "первые",
    "вторые",
    "часть",
    "части",
    "частями",
    "последние",
    "последняя",
    "цифры",
    "цифра",
    "все",
    "всё",
    "это",
    "запиши",
    "записывай",
    "записывайте",
    "лови",
    "ловите",
    "держи",
    "держите",
    "код",
    "оператор",
    "вот",
    "rest",
    "first",
    "second",
    "third",
    "part",
    "parts",
    "last",
    "end",
    "start",
    "write",
    "down",
    "here",
    "number",
    "suite",
    "fin",
    "début",
    "debut",
    "partie",
    "reste",
    "numéro",
    "numero",
    "note",
    "notez",
    "voici",
    "продовження",
    "продовжую",
    "решта",
    "кінець",
    "початок",
    "перша",
    "друга",
    "частина",
    "частинами",
    "останні",
    "запишіть",
    "тримай",
    "лови",
    "блокирует",
    "жду",
    "спросить",
];

/// Words by which a message goes on with the one before.
const GOES_ON: &[&str] = &[
    "дальше",
    "далее",
    "далі",
    "потом",
    "потім",
    "затем",
    "next",
    "then",
    "puis",
    "ensuite",
    "и",
    "et",
    "and",
    "та",
    "ещё",
    "еще",
    "ще",
    "а",
];

/// A message as a piece of a number.
struct Piece {
    index: u32,
    age: u32,
    folded: Folded,
    /// Bytes of `folded.text` that belong to the number.
    from: usize,
    to: usize,
    digits: String,
    /// Whether nothing but the digits is in it.
    bare: bool,
    /// Whether all of it is in words, digit by digit.
    spoken: bool,
    led: bool,
    /// Whether digits may go on before this piece.
    open: bool,
}

/// The number that this message completes, if it does.
#[must_use]
pub fn across(
    folded: &Folded,
    history: &[Earlier],
    wishes: &Wishes<'_>,
    fold: Fold,
) -> Option<Split> {
    let near = |e: &Earlier| e.same_sender && e.age_seconds <= AGE_MAX;
    if folded.text.len() > PIECE_MAX || !history.iter().any(near) {
        return None;
    }
    let now = read(folded.clone(), 0, 0).filter(|p| p.open)?;
    let mut pieces = vec![now];
    let (mut chatter, mut led) = (0, false);
    for (n, earlier) in history.iter().enumerate() {
        if earlier.age_seconds > AGE_MAX || pieces.len() == PIECES_MAX {
            break;
        }
        if !earlier.same_sender {
            continue;
        }
        if earlier.text.len() > PIECE_MAX {
            break;
        }
        let folded = fold(&earlier.text);
        let index = u32::try_from(n + 1).unwrap_or(u32::MAX);
        if !has_digits(&folded) {
            led |= leads(&folded);
            chatter += 1;
            if chatter > CHATTER_MAX {
                break;
            }
            continue;
        }
        let Some(piece) = read(folded, index, earlier.age_seconds) else {
            break;
        };
        let open = piece.open;
        pieces.push(piece);
        if !open {
            break;
        }
    }
    pieces.reverse();
    (pieces.len() > 1).then(|| joined(&pieces, led, wishes))?
}

/// A message read as a piece, or nothing when its digits are plainly something else.
fn read(folded: Folded, index: u32, age: u32) -> Option<Piece> {
    if folded.text.len() > PIECE_MAX {
        return None;
    }
    let tokens = folded.tokens();
    let all = atoms(&tokens, Manner::default());
    let last = all.last()?;
    // The atoms from the last wall on are the piece.
    let first = all.iter().rposition(|a| a.before == Between::Wall).unwrap_or(0);
    let run = all.get(first..)?;
    let head = run.first()?;
    let opens = |t: &Token<'_>| matches!(t.text, "+" | "(" | "[") || t.is("{");
    let mut from = head.from;
    while from > 0 && tokens.get(from - 1).is_some_and(opens) {
        from -= 1;
    }
    let closed = tokens.get(last.to).is_some_and(|t| matches!(t.text, ")" | "]" | "}"));
    let to = last.to + usize::from(closed);
    let before = words(tokens.get(..from)?);
    let after = words(tokens.get(last.to..)?);
    let loose = |t: &Token<'_>| t.kind == Kind::Digits;
    let digits_outside = tokens.get(last.to..)?.iter().any(loose);
    let digits_before = tokens.get(..from)?.iter().any(loose);
    // What follows the digits of an earlier piece would part them from the next one.
    let strays_after = if index == 0 { after.strays > STRAY_MAX } else { after.strays > 0 };
    if digits_outside || strays_after || after.measures {
        return None;
    }
    let led = before.leads || after.leads;
    Some(Piece {
        index,
        age,
        from: tokens.get(from)?.start,
        to: tokens.get(to.checked_sub(1)?)?.end,
        digits: run.iter().map(|a: &Atom| a.digits.as_str()).collect(),
        bare: before.strays + after.strays == 0 && !decimal(&tokens, run),
        spoken: run.iter().all(|a| a.shape == Shape::Spoken && a.digits.len() == 1),
        led,
        open: !digits_before && first == 0 && before.strays == 0,
        folded,
    })
}

/// What the words of a part of a message amount to.
#[derive(Default)]
struct Words {
    strays: usize,
    leads: bool,
    measures: bool,
}

fn words(tokens: &[Token<'_>]) -> Words {
    let mut out = Words::default();
    for t in tokens {
        if t.kind == Kind::Mark {
            out.measures |= matches!(t.text, "%" | "$" | "€" | "₽" | "₴" | "£" | "°" | "№");
        }
        if t.kind != Kind::Word {
            continue;
        }
        if announces(t.text)
            || numbers(t.text)
            || LINKS.contains(&t.text)
            || GOES_ON.contains(&t.text)
        {
            out.leads = true;
        } else if !is_filler(t.text) {
            out.strays += 1;
        }
    }
    out
}

/// Whether a comma or a colon stands between two groups of digits as in a decimal or a time.
fn decimal(tokens: &[Token<'_>], run: &[Atom]) -> bool {
    run.iter().zip(run.iter().skip(1)).any(|(a, b)| {
        a.to + 1 == b.from && tokens.get(a.to).is_some_and(|t| t.is(",") || t.is(":"))
    }) && run.len() == 2
}

fn has_digits(folded: &Folded) -> bool {
    folded.text.bytes().any(|b| b.is_ascii_digit())
        || !atoms(&folded.tokens(), Manner::default()).is_empty()
}

fn leads(folded: &Folded) -> bool {
    folded.text.len() <= PIECE_MAX && words(&folded.tokens()).leads
}

/// Judges the pieces, oldest first, as one text.
fn joined(pieces: &[Piece], led: bool, wishes: &Wishes<'_>) -> Option<Split> {
    let (mut text, mut map) = (String::new(), Vec::new());
    // The range of each piece in a row of all originals.
    let mut places: Vec<(u32, u32)> = Vec::with_capacity(pieces.len());
    let mut base = 0_u32;
    for piece in pieces {
        text.push_str(piece.folded.text.get(piece.from..piece.to)?);
        map.extend((piece.from..piece.to).map(|i| base.saturating_add(piece.folded.at(i))));
        let own = piece.folded.original(piece.from, piece.to);
        places.push((base, base.saturating_add(own.end)));
        // The gap belongs to no message.
        text.push(' ');
        map.push(base.saturating_add(own.end));
        base = base.saturating_add(piece.folded.at(usize::MAX)).saturating_add(2);
    }
    map.push(base);
    let whole = Folded::spelled(text, map);
    let led = led || pieces.iter().any(|p| p.led);
    let hinted = Wishes { announced: led, ..*wishes };
    let number = detect(&whole, &hinted).pop()?;
    let mut spans = Vec::new();
    let mut taken = Vec::new();
    for (piece, (base, end)) in pieces.iter().zip(&places) {
        let own = base.saturating_add(piece.folded.at(piece.from));
        let (start, end) = (number.span.start.max(own), number.span.end.min(*end));
        if start < end {
            spans.push((piece.index, Span { start: start - base, end: end - base }));
            taken.push(piece);
        }
    }
    let complete = spans.len() > 1 && spans.last().is_some_and(|(n, _)| *n == 0);
    let believed = complete && !counts(&taken) && believable(&taken, led, &number);
    believed.then_some(Split { spans, number })
}

/// Whether the pieces only count on: `text 97`, `text 98`, `text 99`.
fn counts(pieces: &[&Piece]) -> bool {
    const STEP_MAX: u64 = 10;
    let values: Option<Vec<u64>> = pieces.iter().map(|p| p.digits.parse().ok()).collect();
    let Some(values) = values.filter(|values| values.len() > 2) else {
        return false;
    };
    let step = |pair: &[u64]| match pair {
        [a, b] => (a.abs_diff(*b), a < b),
        _ => (0, false),
    };
    let mut steps = values.windows(2).map(step);
    steps
        .next()
        .is_some_and(|first| (1..=STEP_MAX).contains(&first.0) && steps.all(|other| other == first))
}

/// Whether the pieces are a number by more than the chance that some counts would be one.
fn believable(pieces: &[&Piece], led: bool, number: &Number) -> bool {
    if led {
        return true;
    }
    let Some(first) = pieces.first() else {
        return false;
    };
    let signed = first.folded.text.get(first.from..).is_some_and(|t| t.starts_with('+'));
    let prefix = matches!(first.digits.as_str(), "8" | "7" | "38")
        || first.digits.len() >= 3
        || first.digits.len() == 2 && first.digits.starts_with(['0', '8']);
    let single = pieces.iter().all(|p| p.digits.len() == 1);
    let likely = number.confidence >= 90;
    // Before a beginning that only a number has, anything may have been said.
    let begun = signed
        || first.digits.len() >= 5
        || first.digits.len() >= 3 && first.digits.starts_with(['0', '8']);
    let rest = pieces.get(1..).unwrap_or_default();
    let bare =
        rest.iter().all(|p| p.bare) && (first.bare || begun && likely) && first.age <= AGE_UNLED;
    let spoken = pieces.iter().all(|p| p.spoken);
    bare && (signed || spoken || likely && (prefix || single))
}
