//! A number told in pieces, one message after another. Knows which messages of a sender may belong
//! together; whether their digits are a number is for `detect`.

use parlour_guest::list::Row;
use parlour_guest::scan::{Kind, Token};
use parlour_guest::{Earlier, Fold, Folded, Span};

use crate::atoms::{Atom, Between, Manner, Shape, atoms, is_filler};
use crate::context::{Hint, announces, before, numbers};
use crate::detect::{Number, Wishes, detect};

/// Oldest message that may belong to a number, in seconds.
const AGE_MAX: u32 = 15 * 60;
/// Without a word that announces a number its pieces follow one another within so many seconds.
const AGE_UNLED: u32 = 10 * 60;
/// Longest message that is read for a piece, in bytes.
const PIECE_MAX: usize = 400;
/// Longest message of another that is read for a question, in bytes.
const ASKED_MAX: usize = 120;
/// Most pieces of one number.
const PIECES_MAX: usize = 12;
/// Most messages without any digit between the pieces.
const CHATTER_MAX: usize = 3;
/// Most words of a piece that tell nothing.
const STRAY_MAX: usize = 2;
/// The same behind the piece that a message begins with.
const TAIL_MAX: usize = 10;

/// A number over several messages: 0 is this one, n the n-th before it.
pub struct Split {
    pub spans: Vec<(u32, Span)>,
    pub number: Number,
}

/// Words by which people say that more comes, or that this was the rest.
static LINKS: Row = Row::of(
    "debut down début end fin final first half here last moitié note notez number numero \
     numéro part partie parts rest reste second start suite third voici write блокирует \
     вот все всё вторая вторые держи держите друга жду записывай записывайте запиши \
     запишіть код конец кінець лови ловите начало оператор остальное останні остаток \
     первая первые перша перші половина половинка половину последние последняя початок \
     продовження продовжую продолжаю продолжение решта спросить третья тримай цифра цифры \
     части частина частинами часть частями это",
);

/// Words that say nothing by themselves.
static EMPTY: Row = Row::of(
    "c'est de du en est in is it's its la le les me my of ok the to à в мне мой мій на ок \
     у це",
);

/// Words by which a message goes on with the one before.
static GOES_ON: Row =
    Row::of("and ensuite et next puis then а далее дальше далі еще ещё затем и потом потім та ще");

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
    /// Whether much else follows in the message.
    tail: bool,
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
            led |= earlier.text.len() <= ASKED_MAX && asks(&fold(&earlier.text));
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
    // The atoms from the last wall on are the piece; a message that ends a number begins with them.
    let walled = |a: &Atom| a.before == Between::Wall;
    let (first, end) = if index == 0 {
        (0, all.iter().skip(1).position(walled).map_or(all.len(), |n| n + 1))
    } else {
        (all.iter().rposition(walled).unwrap_or(0), all.len())
    };
    let run = all.get(first..end)?;
    let (head, last) = (run.first()?, run.last()?);
    let opens = |t: &Token<'_>| matches!(t.text, "+" | "(" | "[") || t.is("{");
    let mut from = head.from;
    while from > 0 && tokens.get(from - 1).is_some_and(opens) {
        from -= 1;
    }
    if from == 1 && tokens.first().is_some_and(|t| t.is("-")) {
        from = 0;
    }
    let closed = tokens.get(last.to).is_some_and(|t| matches!(t.text, ")" | "]" | "}"));
    let to = last.to + usize::from(closed);
    let before = words(tokens.get(..from)?);
    let after = words(tokens.get(last.to..)?);
    let loose = |t: &Token<'_>| t.kind == Kind::Digits;
    let digits_outside = tokens.get(last.to..)?.iter().any(loose);
    let digits_before = tokens.get(..from)?.iter().any(loose);
    // What follows the digits of an earlier piece would part them from the next one.
    let tail = index == 0 && (digits_outside || after.strays > STRAY_MAX);
    let parted = index > 0 && (digits_outside || after.strays > 0 || after.measures);
    if parted || after.strays > TAIL_MAX || after.measures && !tail {
        return None;
    }
    let led = before.leads || after.leads;
    Some(Piece {
        index,
        age,
        from: tokens.get(from)?.start,
        to: tokens.get(to.checked_sub(1)?)?.end,
        digits: run.iter().map(|a: &Atom| a.digits.as_str()).collect(),
        bare: before.strays == 0 && (tail || after.strays == 0) && !decimal(&tokens, run),
        tail,
        spoken: run.iter().all(|a| a.shape == Shape::Spoken && one_digit(&a.digits)),
        led,
        open: !digits_before && first == 0 && before.strays == 0,
        folded,
    })
}

/// Whether digits are one, or the same again, as in `triple five`.
fn one_digit(digits: &str) -> bool {
    let mut bytes = digits.bytes();
    let first = bytes.next();
    bytes.all(|b| Some(b) == first)
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
            || LINKS.contains(t.text)
            || GOES_ON.contains(t.text)
        {
            out.leads = true;
        } else if !is_filler(t.text) && !EMPTY.contains(t.text) {
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

/// Whether a message ends with words for a telephone number, as one that asks for it.
fn asks(folded: &Folded) -> bool {
    let tokens = folded.tokens();
    before(&tokens, tokens.len()) == Hint::Phone
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
    if pieces.last().is_some_and(|p| p.tail) {
        return bare && likely && (signed || prefix);
    }
    // `202`, `555`, `0143`: no row of prices or counts.
    let last = pieces.last().map_or("", |p| p.digits.as_str());
    let american = number.plan == "US"
        && !last.ends_with('0')
        && !last.ends_with("99")
        && pieces.iter().map(|p| p.digits.len()).eq([3, 3, 4]);
    // One digit after another, and then groups.
    let many = pieces.len() >= 5;
    bare && (signed || spoken || american || likely && (prefix || single || many))
}
