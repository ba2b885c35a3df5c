//! Everything in a text that stands for digits, in order, and what stands between. Knows words,
//! look-alike letters and separators; not what a telephone number is.

mod fillers;
mod inlaid;
mod lookalike;
mod parting;
mod quantity;

use std::ops::Range;

pub use fillers::is_filler;
use fillers::{FILLERS, TOLD};
pub use lookalike::alike;
use parlour_guest::scan::{Kind, Token};
use quantity::quantity;
pub use quantity::{enumerates, moment};

use crate::context::is_unit;
use crate::spoken::{Said, begins, counts, digits as written, is_slang, said, segments, sum};
use inlaid::{completes, is_ten};
use lookalike::{is_lookalike, lookalikes};
use parting::parting;
pub use parting::{is_gap, survey};

/// Digits that stand together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Atom {
    pub digits: String,
    /// Tokens `from..to`.
    pub from: usize,
    pub to: usize,
    pub shape: Shape,
    /// What stands between this atom and the one before.
    pub before: Between,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// Written in digits.
    Figures,
    /// Written in words.
    Spoken,
    /// Letters that look like digits took part.
    Mixed,
}

/// What parts two atoms.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Between {
    /// Nothing, a space, or what numbers are commonly grouped with.
    Light,
    /// A word for a hyphen or a space.
    Told,
    /// Marks that nobody groups numbers with, emoji, line ends, or words like "then" and "dash".
    Odd,
    /// Something else: the two do not belong together.
    Wall,
}

/// Marks that may stand between two atoms before they are apart.
const MARKS_MAX: usize = 6;

/// How a text is read for digits.
#[derive(Clone, Copy, Debug, Default)]
pub struct Manner {
    /// Letters between digits only part them, whatever digits they look like.
    pub letters_part: bool,
    /// Words that only sound like numbers count.
    pub by_ear: bool,
    /// A digit after a hundred stands for itself, `eight hundred five five five`.
    pub apart: bool,
    /// Letters that look like digits are digits wherever they stand beside some.
    pub alike: bool,
}

/// All atoms of a text.
#[must_use]
pub fn atoms(tokens: &[Token<'_>], manner: Manner) -> Vec<Atom> {
    atoms_in(tokens, 0..tokens.len(), manner)
}

/// The atoms that begin among some tokens.
#[must_use]
pub fn atoms_in(tokens: &[Token<'_>], range: Range<usize>, manner: Manner) -> Vec<Atom> {
    const USUAL: usize = 16;
    let (out, between) = (Vec::with_capacity(USUAL), Between::Wall);
    let near = tokens.get(range.clone()).filter(|_| manner.by_ear).unwrap_or_default();
    let slang = near.iter().any(|t| t.kind == Kind::Word && is_slang(t.text));
    let (marks, times, counted, fresh) = (0, 1, 0, false);
    let mut reader = Reader { tokens, manner, out, between, marks, times, counted, fresh, slang };
    let mut i = range.start;
    while i < range.end {
        i = reader.step(i).max(i + 1);
    }
    reader.out
}

struct Reader<'t, 'a> {
    tokens: &'t [Token<'a>],
    manner: Manner,
    out: Vec<Atom>,
    between: Between,
    marks: usize,
    times: u8,
    /// Where the words begin that say how often the next digit comes.
    counted: usize,
    /// Whether the next number word adds to none before it.
    fresh: bool,
    /// Whether a digit is spelled by ear.
    slang: bool,
}

impl Reader<'_, '_> {
    fn at(&self, i: Option<usize>) -> Option<&Token<'_>> {
        i.and_then(|i| self.tokens.get(i))
    }

    fn is_digits(&self, i: Option<usize>) -> bool {
        self.at(i).is_some_and(|t| t.kind == Kind::Digits)
    }

    /// Reads token `i` and returns the one to go on with.
    fn step(&mut self, i: usize) -> usize {
        #[cfg(test)]
        crate::detect::work::one();
        let Some(token) = self.tokens.get(i) else {
            return i;
        };
        if self.between == Between::Wall && self.idle(i, token) {
            return i + 1;
        }
        if token.kind == Kind::Space && token.text == " " {
            return i + 1;
        }
        let measured = || quantity(self.tokens, i).filter(|end| !self.completed(i, *end));
        let letter = || self.manner.alike && self.at(Some(i + 1)).is_some_and(alike);
        if token.kind == Kind::Digits
            && !letter()
            && let Some(end) = measured()
        {
            (self.between, self.times) = (Between::Wall, 1);
            return end;
        }
        let stuck = self.at(Some(i + 1)).is_some_and(|t| match token.kind {
            Kind::Word => t.kind == Kind::Digits,
            Kind::Digits => t.kind == Kind::Word,
            Kind::Space | Kind::Mark => false,
        });
        if stuck && let Some((word, taken)) = self.inlaid(i) {
            self.speak(word, i);
            self.out.last_mut().into_iter().for_each(|a| a.to = i + taken);
            (self.between, self.marks) = (Between::Light, 0);
            return i + taken;
        }
        match token.kind {
            Kind::Digits => {
                let mut atom = self.figures(i);
                let end = atom.to;
                let times = std::mem::replace(&mut self.times, 1);
                if atom.digits.len() == 1 && times > 1 {
                    atom.digits = atom.digits.repeat(usize::from(times));
                    (atom.shape, atom.from) = (Shape::Spoken, self.counted);
                }
                let stuck = self.out.last_mut().filter(|a| a.shape == Shape::Mixed && a.to == i);
                if let Some(head) = stuck {
                    head.digits.push_str(&atom.digits);
                    head.to = end;
                } else if !completes(&mut self.out, &atom) {
                    self.out.push(atom);
                }
                (self.between, self.marks) = (Between::Light, 0);
                return end;
            }
            Kind::Word => {
                let heard = || self.heard(i);
                if self.heads(i) {
                    let atom = self.figures(i);
                    let end = atom.to;
                    self.out.push(atom);
                    (self.between, self.marks, self.times) = (Between::Light, 0, 1);
                    return end;
                }
                let letter = || {
                    let ten = || self.ten(i).then_some(Said::Value(10));
                    self.zero(i).then_some(Said::Value(0)).or_else(ten)
                };
                // What begins a number in English is no three in Ukrainian.
                let begins = token.text == "try" && self.between == Between::Wall;
                match said(token.text).or_else(heard).or_else(letter).filter(|_| !begins) {
                    Some(Said::Times(n)) => (self.times, self.counted) = (n, i),
                    Some(word) => {
                        self.speak(word, i);
                        (self.between, self.marks) = (Between::Light, 0);
                    }
                    None if self.multiplies(i) || self.glued(i) => {}
                    None => {
                        self.between = self.word_between(i);
                        self.times = 1;
                    }
                }
            }
            Kind::Space | Kind::Mark => {
                self.marks += usize::from(token.kind == Kind::Mark || token.text.contains('\n'));
                // Behind an area code a slash parts like a hyphen.
                let area =
                    |a: &Atom| a.digits.starts_with('0') && (2..=5).contains(&a.digits.len());
                let slash = token.is("/")
                    && self.out.last().is_some_and(|a| area(a) || self.exchange(a, i));
                let parted = if slash { Between::Told } else { parting(token) };
                self.between = self.between.max(parted);
                let tokens = self.tokens;
                let previous = i.checked_sub(1).and_then(|p| tokens.get(p)).map_or("", |t| t.text);
                // A plus that stands before digits begins a number.
                if token.is("+") && !self.is_digits(i.checked_sub(1)) && self.is_digits(Some(i + 1))
                {
                    self.between = Between::Wall;
                }
                if matches!((previous, token.text), (")", "(") | (".", ".")) {
                    self.between = self.between.max(Between::Odd);
                }
                if self.marks > MARKS_MAX {
                    self.between = Between::Wall;
                }
            }
        }
        i + 1
    }

    /// Whether token `i` behind a wall neither is nor begins anything that stands for digits.
    fn idle(&self, i: usize, token: &Token<'_>) -> bool {
        match token.kind {
            Kind::Word => {}
            Kind::Digits => return false,
            Kind::Space | Kind::Mark => return true,
        }
        let apart = |n: usize| match self.tokens.get(n) {
            None => true,
            Some(t) => match t.kind {
                Kind::Space => true,
                Kind::Mark => !matches!(t.text, "|" | "!"),
                Kind::Word | Kind::Digits => false,
            },
        };
        self.times == 1
            && !self.manner.by_ear
            && apart(i + 1)
            && apart(i.wrapping_sub(1))
            && !begins(token.text)
            && (token.text.len() > 4 || !matches!(token.text, "o" | "о" | "он"))
    }

    /// `три раза`, `deux fois`: the number just read says how often the next digit comes.
    fn multiplies(&mut self, i: usize) -> bool {
        let word = self.tokens.get(i).map_or("", |t| t.text);
        if matches!(word, "по" | "la" | "le" | "цифра" | "цифру") && self.times > 1 {
            return true;
        }
        if !matches!(word, "раза" | "рази" | "fois" | "times" | "рет") {
            return false;
        }
        let count = self.out.last().filter(|a| a.to + 1 == i && a.digits.len() == 1);
        let Some(times) = count.and_then(|a| a.digits.parse().ok()).filter(|n| (2..=5).contains(n))
        else {
            return false;
        };
        if let Some(atom) = self.out.pop() {
            (self.between, self.counted) = (atom.before, atom.from);
        }
        self.times = times;
        true
    }

    /// A word of nothing but number words, `восемьдевятьноль`.
    fn glued(&mut self, i: usize) -> bool {
        let Some(parts) = self.tokens.get(i).and_then(|t| segments(t.text)) else {
            return false;
        };
        // Digits one by one complete no ten that was said before.
        let single = |n: usize| matches!(parts.get(n), Some(Said::Value(0..=9)));
        let apart = std::mem::replace(&mut self.fresh, single(0) && single(1));
        for part in parts {
            match part {
                Said::Times(n) => (self.times, self.counted) = (n, i),
                word => self.speak(word, i),
            }
            (self.between, self.marks, self.fresh) = (Between::Light, 0, apart);
        }
        true
    }

    /// Digits at token `i` with the look-alike letters that are stuck to them.
    fn figures(&self, i: usize) -> Atom {
        let before = self.between;
        let mut atom =
            Atom { digits: String::new(), from: i, to: i, shape: Shape::Figures, before };
        let token = self.tokens.get(i).filter(|t| t.kind == Kind::Digits);
        if let Some(token) = token.filter(|_| !self.goes_on(i + 1)) {
            (atom.digits, atom.to) = (token.text.to_owned(), i + 1);
            return atom;
        }
        let end = self.solid(i);
        for t in self.tokens.get(i..end).unwrap_or_default() {
            if t.kind == Kind::Digits {
                atom.digits.push_str(t.text);
            } else if let Some(digits) = lookalikes(t) {
                atom.digits.push_str(&digits);
                atom.shape = Shape::Mixed;
            }
        }
        atom.to = end;
        atom
    }

    /// Whether token `i` may be a look-alike of a digit.
    fn goes_on(&self, i: usize) -> bool {
        self.at(Some(i)).is_some_and(|t| t.kind == Kind::Word || matches!(t.text, "|" | "!"))
    }

    /// The end of the digits and look-alike letters that stand together from token `i` on. Letters at
    /// the end count when they are few, as in `...4567O`.
    fn solid(&self, i: usize) -> usize {
        // More digits than any number has.
        const SOLID_MAX: usize = 40;
        const LETTERS_LAST: usize = 4;
        const DIGITS_SURE: usize = 4;
        let mut end = i;
        let mut sure = i;
        let mut letters = 0;
        while let Some(t) = self.tokens.get(end).filter(|_| end < i + SOLID_MAX) {
            if t.kind == Kind::Digits {
                letters = 0;
                sure = end + 1;
            } else if !self.manner.letters_part && is_lookalike(t) {
                letters += t.text.chars().count();
            } else {
                break;
            }
            end += 1;
        }
        let word_goes_on = self.tokens.get(end).is_some_and(|t| t.kind == Kind::Word);
        // An exclamation mark ends the sentence.
        let mark = end > i && self.tokens.get(end - 1).is_some_and(|t| t.is("!"));
        let run = self.tokens.get(i..sure).unwrap_or_default();
        let digits: usize =
            run.iter().filter(|t| t.kind == Kind::Digits).map(|t| t.text.len()).sum();
        let few = letters <= LETTERS_LAST || digits >= DIGITS_SURE;
        if few && !word_goes_on && !mark { end } else { sure.max(i) }
    }

    /// Whether a word of look-alike letters begins a long run of digits and such letters.
    fn heads(&self, i: usize) -> bool {
        const LEAST: usize = 9;
        const DIGITS_LEAST: usize = 2;
        let stuck = self.is_digits(Some(i + 1)) || self.goes_on(i + 1);
        let lookalike = || self.tokens.get(i).is_some_and(is_lookalike);
        // No more than a few letters and marks stand before the first digit.
        let near = self.tokens.get(i + 1..).unwrap_or_default().iter().take(4);
        let digits = || near.clone().any(|t| t.kind == Kind::Digits);
        if !stuck || self.manner.letters_part || !digits() || !lookalike() {
            return false;
        }
        let run = self.tokens.get(i..self.solid(i)).unwrap_or_default();
        // `GB123456789`: letters of a code.
        if let [letters, digits] = run
            && digits.kind == Kind::Digits
            && letters.text.len() > 1
            && letters.text.bytes().any(|b| matches!(b, b'b' | b'g' | b'q' | b's' | b'z'))
        {
            return false;
        }
        let length: usize = run.iter().map(|t| t.text.chars().count()).sum();
        let digits = run.iter().filter(|t| t.kind == Kind::Digits);
        length >= LEAST && digits.map(|t| t.text.len()).sum::<usize>() >= DIGITS_LEAST
    }

    /// A word that is no number: look-alikes between digits, one letter as a separator, a filler, or
    /// the end of the chain.
    fn word_between(&mut self, i: usize) -> Between {
        let Some(token) = self.tokens.get(i) else {
            return Between::Wall;
        };
        let between = self.between;
        let letters = token.text.chars().count();
        let gap =
            |n: Option<usize>| self.at(n).is_some_and(|t| is_gap(t) || matches!(t.text, "-" | "."));
        let apart = gap(i.checked_sub(1))
            && self.is_digits(i.checked_sub(2))
            && gap(Some(i + 1))
            && (self.is_digits(Some(i + 2))
                || self.is_digits(Some(i + 3)) && self.at(Some(i + 2)).is_some_and(is_lookalike));
        // `О*700`: a zero that stands by itself.
        let mark =
            self.at(Some(i + 1)).is_some_and(|t| matches!(t.text, "-" | "." | "_" | "*" | ")"));
        let next = i + 2 + usize::from(self.at(Some(i + 2)).is_some_and(|t| t.is("(")));
        let parted = matches!(token.text, "o" | "о") && mark && self.is_digits(Some(next));
        let leading = (self.is_digits(Some(i + 1)) || parted) && !self.is_digits(i.checked_sub(1));
        let chained = !self.out.is_empty() && between < Between::Wall;
        let leading = leading || self.manner.alike && self.zero_first(i);
        let filler = || FILLERS.contains(token.text);
        let dashed = |n: Option<usize>| self.at(n).is_some_and(|t| matches!(t.text, "-" | "."));
        let tight = letters <= 4 && apart && dashed(i.checked_sub(1)) && dashed(Some(i + 1));
        let first = token.text.chars().next();
        let same = letters <= 4 && apart && token.text.chars().all(|c| Some(c) == first);
        if (letters <= 2 || tight || same || self.manner.alike)
            && !self.manner.letters_part
            && (chained && (apart || leading || self.manner.alike && alike(token))
                || leading && letters == 1)
            && !(apart && filler())
            && let Some(digits) = lookalikes(token)
        {
            let (from, to) = (i, i + 1);
            self.out.push(Atom { digits, from, to, shape: Shape::Mixed, before: between });
            self.marks = 0;
            return Between::Light;
        }
        if between == Between::Wall {
            return between;
        }
        // Between two numbers an x is a dimension.
        let inside = self.is_digits(i.checked_sub(1)) && self.is_digits(Some(i + 1)) || apart;
        let measure = matches!(token.text, "x" | "х") || apart && is_unit(token.text);
        let lone = letters == 1 && inside && !measure;
        let filler = filler();
        if !filler && !lone {
            return Between::Wall;
        }
        self.marks += 1;
        between.max(if filler && TOLD.contains(token.text) { Between::Told } else { Between::Odd })
    }

    /// A number word: it adds to the spoken atom before it or begins one of its own.
    fn speak(&mut self, word: Said, i: usize) {
        let before = self.between;
        let times = usize::from(std::mem::replace(&mut self.times, 1));
        // French joins one and eleven with a word of its own: `trente et un`; English its hundreds.
        let tokens = self.tokens;
        let joint = i.checked_sub(2).and_then(|p| tokens.get(p)).map_or("", |t| t.text);
        let one = matches!(word, Said::Value(1 | 11));
        // The four of eighty adds to no ten before it: `soixante quatre-vingt`.
        let eighty = matches!(word, Said::Value(4))
            && tokens.get(i + 2).is_some_and(|t| matches!(t.text, "vingt" | "vingts"));
        let last = self.out.last_mut().filter(|a| {
            let joined = before == Between::Light && a.to + 2 >= i;
            let and = a.to + 3 == i
                && (one && joint == "et" || joint == "and" && a.digits.ends_with("00"));
            // `three sevens`, `9 hundred`.
            let several = matches!(word, Said::Several(_) | Said::Hundred)
                && a.shape != Shape::Mixed
                && joined;
            let alone = self.manner.apart
                && !and
                && a.digits.ends_with("00")
                && matches!(word, Said::Value(1..=9) | Said::Unit(_));
            (a.shape == Shape::Spoken || several)
                && (joined || and)
                && !eighty
                && !alone
                && !self.fresh
        });
        if let Some(atom) = last {
            let value: Option<u16> = atom.digits.parse().ok();
            let whole = match word {
                Said::Several(digit) => value
                    .filter(|_| tokens.get(atom.to - 1).is_some_and(|t| counts(t.text)))
                    .filter(|n| (2..=6).contains(n) && atom.digits.len() == 1)
                    .map(|n| written(digit).repeat(usize::from(n))),
                Said::Value(unit @ 1..=9) if self.tokens.get(atom.to - 1).is_some_and(is_ten) => {
                    value.map(|v| written(v + unit))
                }
                // Only French adds to sixty and eighty so much.
                Said::Value(10..=19) if !tokens.get(i).is_some_and(|t| t.text.is_ascii()) => {
                    value.filter(|v| v % 100 == 0).and_then(|v| sum(v, word)).map(written)
                }
                _ => value.and_then(|v| sum(v, word)).map(written),
            };
            if let Some(digits) = whole {
                (atom.digits, atom.to, atom.shape) = (digits, i + 1, Shape::Spoken);
                return;
            }
        }
        let value = match word {
            Said::Value(v) | Said::Unit(v) | Said::Several(v) => v,
            Said::Score => 20,
            Said::Hundred => 100,
            Said::Times(_) => return,
        };
        let digits = written(value).repeat(times);
        let from = if times > 1 { self.counted } else { i };
        self.out.push(Atom { digits, from, to: i + 1, shape: Shape::Spoken, before });
    }
}
