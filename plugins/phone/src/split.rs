//! A number told in pieces, one message after another. Knows which messages of a sender may belong
//! together, and in what order; whether their digits are a number is for `detect`.

mod read;
mod words;

use parlour_guest::{Earlier, Fold, Folded, Span};

use crate::context::{Hint, before};
use crate::detect::{Number, Wishes, detect};
use crate::plan::nanp;
use read::{Piece, Role, read};
pub use words::is_part;
use words::{asks, confirms};

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
/// Most messages without any piece between the pieces.
const CHATTER_MAX: usize = 3;
/// Longest message that is only the beginning of a number, `+380`, `плюс семь`.
const BEGINNING_MAX: usize = 20;

/// A number over several messages: 0 is this one, n the n-th before it.
pub struct Split {
    pub spans: Vec<(u32, Span)>,
    pub number: Number,
}

/// How much the words around the pieces say that they are those of a number.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
enum Led {
    #[default]
    No,
    /// Words by which anything may go on.
    Weakly,
    Surely,
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
    let now = read(folded.clone(), 0, 0).ok()?;
    let mut open = now.open;
    let mut pieces = vec![now];
    let (mut chatter, mut led) = (0, Led::No);
    for (n, earlier) in history.iter().enumerate() {
        if !open || earlier.age_seconds > AGE_MAX || pieces.len() == PIECES_MAX {
            break;
        }
        if !earlier.same_sender {
            if earlier.text.len() <= ASKED_MAX {
                led = led.max(heard(&fold(&earlier.text)));
            }
            continue;
        }
        if earlier.text.len() > PIECE_MAX {
            break;
        }
        let index = u32::try_from(n + 1).unwrap_or(u32::MAX);
        match read(fold(&earlier.text), index, earlier.age_seconds) {
            Ok(piece) => {
                open = piece.open;
                pieces.push(piece);
            }
            Err(said) => {
                led = led.max(said);
                chatter += 1;
                if chatter > CHATTER_MAX {
                    break;
                }
            }
        }
    }
    pieces.reverse();
    if pieces.len() < 2 {
        return None;
    }
    let judged = |order: Vec<&Piece>| {
        // `fifty` and `five` of two messages are 505 as well as 55.
        let spoken = order.iter().filter(|p| p.words).count() > 1;
        let first = joined(&order, " ", led, wishes);
        if first.is_some() || !spoken { first } else { joined(&order, " - ", led, wishes) }
    };
    let fewer = |keeps: &dyn Fn(usize, &Piece) -> bool| {
        let kept = pieces.iter().enumerate().filter(|(n, p)| keeps(*n, p));
        let kept: Vec<&Piece> = kept.map(|(_, p)| p).collect();
        if (2..pieces.len()).contains(&kept.len()) { judged(kept) } else { None }
    };
    let wrong = |n: usize| pieces.get(n + 1).is_some_and(|p| p.corrects);
    turned(&pieces)
        .and_then(judged)
        // `8 916`, `sorry, 917`
        .or_else(|| fewer(&|n, _| !wrong(n)))
        .or_else(|| judged(pieces.iter().collect()))
        .or_else(|| fewer(&|_, p| p.bare || p.led > Led::No || p.index == 0))
}

/// Whether the message before this one is only the beginning of a number: `+7`, `8`.
#[must_use]
pub fn begun(history: &[Earlier]) -> bool {
    let last = history.iter().find(|e| e.same_sender);
    last.is_some_and(|e| e.text.len() <= BEGINNING_MAX)
}

/// Whether a link to a messenger ends with the text `before` some digits, or with that and the messages
/// before it: they are of the link, and the plugin for links tells it. `wa`, `.me`, `/`; `wa[.]me[/]7(`
#[must_use]
pub fn linked(before: &str, history: &[Earlier]) -> bool {
    const MESSAGES_MAX: usize = 3;
    const LETTERS_MAX: usize = 20;
    const CHARS_MAX: usize = 48;
    let own = history.iter().filter(|e| e.same_sender).take(MESSAGES_MAX);
    let own = own.map(|e| e.text.as_str());
    let host = |text: &str| text.trim_end().trim_end_matches('/').ends_with("wa.me");
    if own.clone().take(2).any(host) {
        return true;
    }
    let texts = std::iter::once(before).chain(own);
    let letters = texts.flat_map(|text| text.chars().rev().take(CHARS_MAX));
    let letters = letters.filter(|c| c.is_alphabetic());
    let mut last: Vec<char> = letters.take(LETTERS_MAX).collect();
    last.reverse();
    let last = String::from_iter(last).to_lowercase();
    let ends = ["slash", "слэш", "слеш", "дробь"];
    let host = ends.iter().find_map(|end| last.strip_suffix(end)).unwrap_or(&last);
    ["wame", "wadotme", "waточкаme", "waкрапкаme", "waточками", "viberclick"]
        .iter()
        .any(|name| host.ends_with(name))
}

/// The pieces in the order of the number, when words say that its end was told first.
fn turned(pieces: &[Piece]) -> Option<Vec<&Piece>> {
    let (first, last) = pieces.first().zip(pieces.last())?;
    if first.role != Role::End && (last.role != Role::Begin || first.role == Role::Begin) {
        return None;
    }
    let mut order = Vec::with_capacity(pieces.len());
    for role in [Role::Begin, Role::Middle, Role::End] {
        let from = order.len();
        order.extend(pieces.iter().filter(|p| p.role == role));
        if pieces.iter().any(|p| p.prior) {
            order.get_mut(from..).into_iter().for_each(<[_]>::reverse);
        }
    }
    Some(order)
}

/// What a message of another says: whether it asks for a number, or that a piece was understood.
fn heard(folded: &Folded) -> Led {
    let tokens = folded.tokens();
    if before(&tokens, tokens.len()) == Hint::Phone && asks(&tokens) {
        Led::Surely
    } else if confirms(&tokens) {
        Led::Weakly
    } else {
        Led::No
    }
}

/// Judges the pieces as one text, in the order given, `parted` by what no number is told with.
fn joined(pieces: &[&Piece], parted: &str, led: Led, wishes: &Wishes<'_>) -> Option<Split> {
    let (mut text, mut map) = (String::new(), Vec::new());
    // The range of each piece in a row of all originals.
    let mut places: Vec<(u32, u32)> = Vec::with_capacity(pieces.len());
    let mut base = 0_u32;
    for piece in pieces {
        let own = piece.folded.original(piece.from, piece.to);
        places.push((base, base.saturating_add(own.end)));
        text.push_str(piece.folded.text.get(piece.from..piece.to)?);
        map.extend((piece.from..piece.to).map(|i| base.saturating_add(piece.folded.at(i))));
        // The gap belongs to no message.
        text.push_str(parted);
        map.extend(parted.bytes().map(|_| base.saturating_add(own.end)));
        base = base.saturating_add(piece.folded.at(usize::MAX)).saturating_add(2);
    }
    map.push(base);
    let whole = Folded::spelled(text, map);
    let led = pieces.iter().fold(led, |led, p| led.max(p.led));
    let hinted = Wishes { announced: led > Led::No, ..*wishes };
    let number = detect(&whole, &hinted).pop()?;
    let mut spans = Vec::new();
    let mut taken = Vec::new();
    for (piece, (base, end)) in pieces.iter().zip(&places) {
        let own = base.saturating_add(piece.folded.at(piece.from));
        let (start, end) = (number.span.start.max(own), number.span.end.min(*end));
        if start >= end {
            continue;
        }
        taken.push(*piece);
        let mut start = start - base;
        for (from, to) in &piece.gaps {
            let gap = piece.folded.original(*from, *to);
            if start < gap.start && gap.end < end - base {
                spans.push((piece.index, Span { start, end: gap.start }));
                start = gap.end;
            }
        }
        spans.push((piece.index, Span { start, end: end - base }));
    }
    let complete = taken.len() > 1 && spans.iter().any(|(n, _)| *n == 0);
    let believed = complete && !counts(&taken) && believable(&taken, led, &number);
    believed.then_some(Split { spans, number })
}

/// Whether the pieces only count on: `text 97`, `text 98`, `text 99`.
fn counts(pieces: &[&Piece]) -> bool {
    const STEP_MAX: u64 = 10;
    let value = |p: &&Piece| p.digits.parse::<u64>().unwrap_or(u64::MAX);
    let (mut last, mut step) = (None, None);
    for value in pieces.iter().map(value) {
        if let Some(last) = last {
            let next = value.wrapping_sub(last);
            if !(1..=STEP_MAX).contains(&next) || step.is_some_and(|step| step != next) {
                return false;
            }
            step = Some(next);
        }
        last = Some(value);
    }
    pieces.len() > 2
}

/// Whether the pieces are a number by more than the chance that some counts would be one.
fn believable(pieces: &[&Piece], led: Led, number: &Number) -> bool {
    let (Some(first), Some(last)) = (pieces.first(), pieces.last()) else {
        return false;
    };
    let signed = first.signed();
    let rest = pieces.get(1..).unwrap_or_default();
    // Prices and amounts.
    let round = rest.iter().filter(|p| p.round).count() + usize::from(first.round);
    let round = if signed || first.digits.starts_with('0') { 0 } else { round };
    if round > 1 || round > 0 && pieces.len() == 2 {
        return false;
    }
    if led == Led::Surely {
        return true;
    }
    let weak = led == Led::Weakly;
    let starts = |c: &[char]| first.digits.starts_with(c);
    let ends = |places: &[usize], all: bool| {
        let mut at = 0;
        let mut sums = pieces.iter().map(|p| {
            at += p.digits.len();
            places.contains(&at)
        });
        if all { sums.all(|fits| fits) } else { sums.any(|fits| fits) }
    };
    // A number without any prefix is told in its groups.
    let headed = signed || starts(&['0', '8', '7']) || starts(&['3']) && number.plan != "RU";
    let zero = weak && starts(&['0']) && first.digits.len() > 1;
    let likely = zero || number.confidence >= 90 && (headed || ends(&[3, 6], false));
    let prefix = matches!(first.digits.as_str(), "8" | "7" | "38")
        || first.digits.len() >= 3
        || first.digits.len() == 2 && starts(&['0', '8']);
    // Before a beginning that only a number has, anything may have been said.
    let begun = signed || first.digits.len() >= 5 || first.digits.len() >= 3 && starts(&['0', '8']);
    let spoken = pieces.iter().all(|p| p.spoken);
    // `four one five`, `triple five`, `oh one seventy`
    let worded = pieces.iter().all(|p| p.worded && p.bare && !p.digits.starts_with("123"));
    // `202`, `555`, `0143`: no row of prices or counts.
    let american = number.plan == "US" || pieces.iter().all(|p| p.folded.text.is_ascii());
    let digits: String = pieces.iter().map(|p| p.digits.as_str()).collect();
    let grouped = digits.len() == 10
        && nanp(&digits)
        && !(last.round || !weak && last.digits.ends_with(['0', '9']))
        && ends(&[3, 6, 8, 10], true)
        && (weak || american && ends(&[3], false) && (rest.len() > 1 || ends(&[6], false)));
    let slack = usize::from(weak && (likely || grouped));
    let bare = rest.iter().filter(|p| !p.bare).count() <= slack
        && (first.bare || (begun || weak) && likely || weak && grouped)
        && (weak || first.age <= AGE_UNLED);
    if last.tail {
        return bare && (likely && (signed || prefix) || grouped);
    }
    let single = pieces.iter().all(|p| p.digits.len() == 1);
    // One digit after another, and then groups.
    let many = pieces.len() >= 5;
    bare && (signed
        || spoken
        || worded && digits.len() > 9 && round == 0
        || grouped
        || likely && (prefix || single || many))
}
