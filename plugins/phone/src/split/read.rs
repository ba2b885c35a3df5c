//! A message read as a piece of a number. Knows what else digits of a message may be.

use parlour_guest::Folded;
use std::ops::Range;

use parlour_guest::scan::{Kind, Token};

use super::Led;
use super::words::{Around, corrects, leads, names_part};
use crate::atoms::{Atom, Between, Manner, Shape, atoms, enumerates};

/// Most words of a piece that tell nothing.
const STRAY_MAX: usize = 2;
/// The same behind the digits.
const TAIL_MAX: usize = 10;

/// Digits of amounts beside words that lead to no number.
const SHORT: usize = 3;

/// Which part of the number a piece is, as the words beside it say.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    Begin,
    Middle,
    End,
}

/// A message as a piece of a number.
pub struct Piece {
    pub index: u32,
    pub age: u32,
    pub folded: Folded,
    /// Bytes of `folded.text` that belong to the number.
    pub from: usize,
    pub to: usize,
    pub digits: String,
    /// Whether nothing but the digits is in it.
    pub bare: bool,
    /// Whether something else follows in the message.
    pub tail: bool,
    /// Whether it is one number as prices and amounts are.
    pub round: bool,
    /// Whether words are in it.
    pub words: bool,
    /// Whether all of it is in words, digit by digit.
    pub spoken: bool,
    /// Whether all of it is in words.
    pub worded: bool,
    pub led: Led,
    /// Whether digits may go on before this piece.
    pub open: bool,
    pub role: Role,
    /// Whether it says that it stands before the piece told last.
    pub prior: bool,
    /// Whether it takes the place of the piece told last.
    pub corrects: bool,
    /// Bytes of `folded.text` between its digits that are words by which it goes on.
    pub gaps: Vec<(usize, usize)>,
}

impl Piece {
    /// Whether a `+` begins it.
    pub fn signed(&self) -> bool {
        let own = self.folded.text.get(self.from..).unwrap_or_default();
        own.starts_with('+') || own.starts_with("плюс") || own.starts_with("plus")
    }
}

/// Reads a message: the digits in it that are most likely a piece of a number, or what it says about
/// the pieces beside it.
pub fn read(folded: Folded, index: u32, age: u32) -> Result<Piece, Led> {
    let tokens = folded.tokens();
    let all = atoms(&tokens, Manner::default());
    let mut best: Option<Found> = None;
    let mut rest = all.as_slice();
    while !rest.is_empty() {
        let walled = |a: &Atom| a.before == Between::Wall;
        let end = rest.iter().skip(1).position(walled).map_or(rest.len(), |n| n + 1);
        let (mut run, behind) = rest.split_at(end);
        rest = behind;
        let mut words = None;
        if let [number, others @ ..] = run
            && let Some(next) = others.first()
        {
            if enumerates(&tokens, number.from).is_some() {
                (run, words) = (others, Some(number.to..next.from));
            } else if is_count(&tokens, number, others) || counts_pieces(&tokens, number) {
                (run, words) = (others, Some(0..number.from));
            }
        }
        let found = Found::of(&tokens, words, run, index);
        let better = |f: &Found| match &best {
            Some(b) if index == 0 => f.rank() > b.rank(),
            Some(b) => f.rank() >= b.rank(),
            None => true,
        };
        best = found.filter(better).or(best);
    }
    let Some(Found { from, to, run, before, after }) = best else {
        return Err(leads(&tokens));
    };
    let place =
        |n: usize, end: bool| tokens.get(n).map_or(0, |t| if end { t.end } else { t.start });
    let role = if before.role() == Role::Middle { after.role() } else { before.role() };
    let pairs = run.iter().zip(run.iter().skip(1));
    let worded = |(a, b): &(&Atom, &Atom)| {
        let between = tokens.get(a.to..b.from).unwrap_or_default();
        between.iter().any(|t| t.kind == Kind::Word && names_part(t.text))
    };
    let gaps = pairs
        .filter(worded)
        .map(|(a, b)| (place(a.to.saturating_sub(1), true), place(b.from, false)))
        .collect();
    let tail = index == 0 && (after.digits || after.strays > 0);
    Ok(Piece {
        index,
        age,
        from: place(from, false),
        to: place(to.saturating_sub(1), true),
        digits: run.iter().map(|a| a.digits.as_str()).collect(),
        bare: before.strays == 0
            && (tail || after.strays == 0)
            && !decimal(&tokens, run)
            && !lettered(&tokens, run),
        tail,
        round: matches!(run, [a] if is_round(&a.digits)),
        words: run.iter().any(|a| a.shape == Shape::Spoken),
        spoken: run.iter().all(|a| a.shape == Shape::Spoken && one_digit(&a.digits)),
        worded: run.iter().all(|a| a.shape == Shape::Spoken),
        led: before.led.max(after.led),
        open: !before.digits && before.strays == 0,
        role,
        prior: before.is_prior() || after.is_prior(),
        corrects: corrects(tokens.get(..from).unwrap_or_default()),
        gaps,
        folded: folded.clone(),
    })
}

/// Digits of a message that may be a piece: tokens `from..to`, and the words beside them.
struct Found<'a> {
    from: usize,
    to: usize,
    run: &'a [Atom],
    before: Around,
    after: Around,
}

impl<'a> Found<'a> {
    /// `words`: where the words before them stand, unless it is right before.
    fn of(
        tokens: &[Token<'_>],
        words: Option<Range<usize>>,
        run: &'a [Atom],
        index: u32,
    ) -> Option<Self> {
        let (first, last) = (run.first()?, run.last()?);
        let opens =
            |t: &Token<'_>| matches!(t.text, "+" | "(" | "[" | "плюс" | "plus") || t.is("{");
        let mut from = first.from;
        while from > 0
            && tokens.get(from - 1).is_some_and(|t| {
                opens(t) || t.text == " " && from > 1 && tokens.get(from - 2).is_some_and(opens)
            })
        {
            from -= 1;
        }
        if from == 1 && tokens.first().is_some_and(|t| t.is("-")) {
            from = 0;
        }
        let closed = tokens.get(last.to).is_some_and(|t| matches!(t.text, ")" | "]" | "}"));
        // `-555-`
        let edges = tokens.first().zip(tokens.last()).filter(|_| last.to + 1 == tokens.len());
        let closed = closed || edges.is_some_and(|(a, b)| a.is("-") && b.is("-"));
        let to = last.to + usize::from(closed);
        let before = Around::of(tokens.get(words.unwrap_or(0..from))?, true);
        let after = Around::of(tokens.get(last.to..)?, false);
        // What follows the digits of an earlier piece would part them from the next one.
        let parted = index > 0 && (after.digits || after.strays > STRAY_MAX);
        let strays = before.strays + after.strays;
        let word = run.len() == 1 && first.shape == Shape::Spoken && first.digits.len() == 1;
        let short = run.iter().map(|a| a.digits.len()).sum::<usize>() < SHORT;
        let amount = index > 0
            && before.led.max(after.led) == Led::No
            && strays > 0
            && (short || after.strays > 0)
            && from == first.from
            && !first.digits.starts_with(['0', '8', '7']);
        let priced = strays > 0 && matches!(run, [a] if is_round(&a.digits));
        let other = before.strays > STRAY_MAX
            || amount
            || priced && before.led.max(after.led) == Led::No
            || after.strays > TAIL_MAX
            || before.measures
            || after.measures
            || word && (strays > 0 || after.counts_parts())
            || tokens.get(last.to).is_some_and(|t| matches!(t.text, "am" | "pm"));
        (!parted && !other).then_some(Self { from, to, run, before, after })
    }

    /// The higher, the likelier it is a piece.
    fn rank(&self) -> (usize, Led) {
        (STRAY_MAX - self.before.strays, self.before.led.max(self.after.led))
    }
}

/// Whether a number only says how many digits follow, `first three: 404`.
fn is_count(tokens: &[Token<'_>], number: &Atom, others: &[Atom]) -> bool {
    let digits: usize = others.iter().map(|a| a.digits.len()).sum();
    let word = number.from.checked_sub(2).and_then(|n| tokens.get(n));
    number.digits.len() == 1
        && number.digits.parse() == Ok(digits)
        && word.is_some_and(|t| names_part(t.text))
}

/// Whether a number says in how many pieces one comes, `in two 0639`.
fn counts_pieces(tokens: &[Token<'_>], number: &Atom) -> bool {
    let word = number.from.checked_sub(2).and_then(|n| tokens.get(n));
    number.shape == Shape::Spoken
        && matches!(number.digits.as_str(), "2" | "3")
        && word.is_some_and(|t| matches!(t.text, "en" | "in" | "из" | "на" | "в"))
}

/// Whether digits are hundreds or fifties, `1500`.
fn is_round(digits: &str) -> bool {
    (3..=5).contains(&digits.len())
        && !digits.starts_with('0')
        && (digits.ends_with("00") || digits.ends_with("50"))
}

/// Whether digits are one, or the same again, as in `triple five`.
fn one_digit(digits: &str) -> bool {
    let mut bytes = digits.bytes();
    let first = bytes.next();
    bytes.all(|b| Some(b) == first)
}

/// Whether a mark stands between two groups of digits as in a decimal, a time or a date.
fn decimal(tokens: &[Token<'_>], run: &[Atom]) -> bool {
    let [a, b] = run else {
        return false;
    };
    a.to + 1 == b.from && tokens.get(a.to).is_some_and(|t| matches!(t.text, "," | ":" | "/"))
}

/// Whether a letter begins the digits that is no zero, `q6`.
fn lettered(tokens: &[Token<'_>], run: &[Atom]) -> bool {
    let first = run.first().filter(|a| a.shape == Shape::Mixed && !a.digits.starts_with('0'));
    first.and_then(|a| tokens.get(a.from)).is_some_and(|t| t.kind == Kind::Word)
}
