//! Everything in a text that stands for digits, in order, and what stands between. Knows words,
//! look-alike letters, times, dates and quantities; not what a telephone number is.

use parlour_guest::scan::{Kind, Token};

use crate::context::is_unit;
use crate::spoken::{Said, said, sum};

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
    /// Marks that nobody groups numbers with, emoji, line ends, or words like "then" and "dash".
    Odd,
    /// Something else: the two do not belong together.
    Wall,
}

/// Marks that may stand between two atoms before they are apart.
const MARKS_MAX: usize = 6;

/// Words that only part the digits of one number.
const FILLERS: &[&str] = &[
    "и",
    "потом",
    "затем",
    "дальше",
    "далее",
    "тире",
    "дефис",
    "пробел",
    "точка",
    "запятая",
    "скобка",
    "слеш",
    "плюс",
    "plus",
    "then",
    "dash",
    "space",
    "and",
    "dot",
    "point",
    "puis",
    "tiret",
    "espace",
    "et",
    "далі",
    "потім",
    "крапка",
    "кома",
    "та",
    "минус",
    "черточка",
    "і",
];

/// All atoms of a text.
#[must_use]
pub fn atoms(tokens: &[Token<'_>]) -> Vec<Atom> {
    let mut out: Vec<Atom> = Vec::new();
    let mut between = Between::Wall;
    let mut marks = 0;
    let mut times = 1_u8;
    let mut i = 0;
    while let Some(token) = tokens.get(i) {
        if let Some(end) = quantity(tokens, i) {
            between = Between::Wall;
            i = end;
            continue;
        }
        match token.kind {
            Kind::Digits => {
                let atom = figures(tokens, i, between);
                i = atom.to;
                if !completes(&mut out, &atom) {
                    out.push(atom);
                }
                (between, marks) = (Between::Light, 0);
                continue;
            }
            Kind::Word => match said(token.text) {
                Some(Said::Times(n)) => times = n,
                Some(word) => {
                    let and = i
                        .checked_sub(2)
                        .and_then(|p| tokens.get(p))
                        .is_some_and(|t| t.text == "et");
                    speak(&mut out, word, i, between, std::mem::replace(&mut times, 1), and);
                    (between, marks) = (Between::Light, 0);
                }
                None => between = word_between(tokens, i, between, &mut out, &mut marks),
            },
            Kind::Space | Kind::Mark => {
                marks += usize::from(token.kind == Kind::Mark || token.text.contains('\n'));
                between = between.max(parting(token));
                let previous = i.checked_sub(1).and_then(|p| tokens.get(p)).map_or("", |t| t.text);
                if matches!((previous, token.text), (")", "(") | (".", ".")) {
                    between = between.max(Between::Odd);
                }
                if marks > MARKS_MAX {
                    between = Between::Wall;
                }
            }
        }
        i += 1;
    }
    out
}

/// Whether figures complete the spoken number before them, as in `девятьсот 16` or `сорок5`; if so they
/// are added to it.
fn completes(out: &mut [Atom], figures: &Atom) -> bool {
    let Some(spoken) = out.last_mut() else {
        return false;
    };
    let near = figures.before == Between::Light && spoken.to + 1 >= figures.from;
    if spoken.shape != Shape::Spoken
        || !near
        || figures.shape != Shape::Figures
        || figures.digits.starts_with('0')
    {
        return false;
    }
    let tail = match spoken.digits.as_str() {
        d if d.len() == 3 && d.ends_with("00") => figures.digits.len() <= 2,
        d if d.len() >= 2 && d.ends_with('0') && !d.ends_with("10") => figures.digits.len() == 1,
        _ => false,
    };
    let total = spoken.digits.parse::<u16>().ok().zip(figures.digits.parse::<u16>().ok());
    let Some((head, rest)) = total.filter(|_| tail) else {
        return false;
    };
    spoken.digits = (head + rest).to_string();
    spoken.to = figures.to;
    true
}

/// How far a space or a mark parts.
fn parting(token: &Token<'_>) -> Between {
    match token.text {
        "-" | "." | "(" | ")" | "+" => Between::Light,
        "%" | "$" | "€" | "₽" | "₴" | "£" | "°" | "@" => Between::Wall,
        _ if token.is_gap() => Between::Light,
        _ => Between::Odd,
    }
}

/// Digits at token `i` with the look-alike letters that are stuck to them.
fn figures(tokens: &[Token<'_>], i: usize, before: Between) -> Atom {
    let mut atom = Atom { digits: String::new(), from: i, to: i, shape: Shape::Figures, before };
    while let Some(t) = tokens.get(atom.to) {
        if t.kind == Kind::Digits {
            atom.digits.push_str(t.text);
        } else if let Some(digits) = lookalikes(t).filter(|_| stuck(tokens, atom.to)) {
            atom.digits.push_str(&digits);
            atom.shape = Shape::Mixed;
        } else {
            break;
        }
        atom.to += 1;
    }
    atom
}

/// Whether letters at token `i` stand between digits, or end them like `...4567O`.
fn stuck(tokens: &[Token<'_>], i: usize) -> bool {
    let digits =
        |n: Option<usize>| n.and_then(|n| tokens.get(n)).is_some_and(|t| t.kind == Kind::Digits);
    let next_is_open = tokens.get(i + 1).is_none_or(|t| t.kind != Kind::Word);
    digits(i.checked_sub(1)) && (digits(Some(i + 1)) || next_is_open)
}

/// The digits that a word of nothing but look-alike letters stands for.
fn lookalikes(token: &Token<'_>) -> Option<String> {
    if token.kind == Kind::Mark {
        return (token.text == "|" || token.text == "!").then(|| "1".to_owned());
    }
    if token.kind != Kind::Word || token.text.chars().count() > 4 {
        return None;
    }
    token.text.chars().map(lookalike).collect()
}

fn lookalike(c: char) -> Option<char> {
    Some(match c {
        'o' | 'о' | 'ο' => '0',
        'l' | 'i' | 'і' | 'ӏ' => '1',
        'z' => '2',
        'з' | 'э' => '3',
        'ч' => '4',
        's' | 'ѕ' => '5',
        'б' => '6',
        'b' | 'в' => '8',
        'g' | 'q' => '9',
        _ => return None,
    })
}

/// A word that is no number: look-alikes between digits, one letter as a separator, a filler, or the
/// end of the chain.
fn word_between(
    tokens: &[Token<'_>],
    i: usize,
    between: Between,
    out: &mut Vec<Atom>,
    marks: &mut usize,
) -> Between {
    let Some(token) = tokens.get(i) else {
        return Between::Wall;
    };
    if FILLERS.contains(&token.text) {
        *marks += 1;
        return between.max(Between::Odd);
    }
    let digit =
        |n: Option<usize>| n.and_then(|n| tokens.get(n)).is_some_and(|t| t.kind == Kind::Digits);
    let gap = |n: Option<usize>| {
        n.and_then(|n| tokens.get(n)).is_some_and(|t| t.is_gap() || matches!(t.text, "-" | "."))
    };
    let apart =
        gap(i.checked_sub(1)) && digit(i.checked_sub(2)) && gap(Some(i + 1)) && digit(Some(i + 2));
    let leading = digit(Some(i + 1))
        && i.checked_sub(1).and_then(|p| tokens.get(p)).is_none_or(|t| t.kind != Kind::Digits);
    let short = token.text.chars().count() <= 2;
    let chained = !out.is_empty() && between < Between::Wall;
    let opening = leading && token.text.chars().count() == 1;
    if short
        && (chained && (apart || leading) || opening)
        && let Some(digits) = lookalikes(token)
    {
        out.push(Atom { digits, from: i, to: i + 1, shape: Shape::Mixed, before: between });
        *marks = 0;
        return Between::Light;
    }
    // Between two numbers an x is a dimension.
    if token.text.chars().count() == 1
        && !matches!(token.text, "x" | "х")
        && digit(i.checked_sub(1))
        && digit(Some(i + 1))
    {
        *marks += 1;
        return between.max(Between::Odd);
    }
    Between::Wall
}

/// A number word: it adds to the spoken atom before it or begins one of its own.
fn speak(out: &mut Vec<Atom>, word: Said, i: usize, before: Between, times: u8, and: bool) {
    let last = out.last_mut().filter(|a| {
        let joined = before == Between::Light && a.to + 2 >= i;
        // French joins one and eleven with a word of its own: `trente et un`.
        let et = a.to + 3 == i && matches!(word, Said::Value(1 | 11)) && and;
        a.shape == Shape::Spoken && (joined || et)
    });
    if let Some(atom) = last
        && let Some(total) = atom.digits.parse().ok().and_then(|v: u16| sum(v, word))
    {
        atom.digits = total.to_string();
        atom.to = i + 1;
        return;
    }
    let value = match word {
        Said::Value(v) | Said::Unit(v) => v,
        Said::Score => 20,
        Said::Hundred => 100,
        Said::Times(_) => return,
    };
    let digits = value.to_string().repeat(usize::from(times));
    out.push(Atom { digits, from: i, to: i + 1, shape: Shape::Spoken, before });
}

/// Digits at token `i` that are plainly something else: a time, a date, a number with a unit, a
/// percentage, a price with cents. Returns the token after them.
fn quantity(tokens: &[Token<'_>], i: usize) -> Option<usize> {
    let first = tokens.get(i).filter(|t| t.kind == Kind::Digits)?;
    let mark = |n: usize, m: &str| tokens.get(n).is_some_and(|t| t.is(m));
    let digits = |n: usize| tokens.get(n).filter(|t| t.kind == Kind::Digits).map(|t| t.text);
    let previous = i.checked_sub(1).and_then(|p| tokens.get(p));
    // 10:30, 10:30:15
    if first.text.len() <= 2
        && mark(i + 1, ":")
        && digits(i + 2).is_some_and(|d| d.len() == 2)
        && !mark(i + 3, ":")
        && !previous.is_some_and(|t| t.is(":"))
    {
        return Some(i + 3);
    }
    if let Some(end) = date(tokens, i) {
        return Some(end);
    }
    // 1500 руб, 12 кг, 50 %, 300€; a long number is no quantity whatever follows.
    if first.text.len() <= 6 {
        let after = i + 1 + usize::from(tokens.get(i + 1).is_some_and(Token::is_gap));
        let unit = tokens.get(after).filter(|t| {
            matches!(t.text, "%" | "$" | "€" | "₽" | "₴" | "£" | "°")
                || t.kind == Kind::Word && is_unit(t.text)
        });
        let more = tokens.get(after + 1).is_some_and(|t| t.kind == Kind::Digits);
        if unit.is_some() && !more {
            return Some(after + 1);
        }
    }
    None
}

/// `31.12.2024`, `31/12/24`, `2024-12-31`, unless the same mark and more digits go on.
fn date(tokens: &[Token<'_>], i: usize) -> Option<usize> {
    let text = |n: usize| tokens.get(n).map(|t| t.text);
    let mark = text(i + 1).filter(|m| matches!(*m, "." | "/" | "-"))?;
    let goes_on = |a: Option<&Token<'_>>, b: Option<&Token<'_>>| {
        a.is_some_and(|t| t.text == mark) && b.is_some_and(|t| t.kind == Kind::Digits)
    };
    let at = |n: Option<usize>| n.and_then(|n| tokens.get(n));
    if text(i + 3) != Some(mark)
        || goes_on(at(Some(i + 5)), at(Some(i + 6)))
        || goes_on(at(i.checked_sub(1)), at(i.checked_sub(2)))
    {
        return None;
    }
    let number = |n: usize| {
        let t = tokens.get(n).filter(|t| t.kind == Kind::Digits)?;
        Some((t.text.len(), t.text.parse::<u32>().ok()?))
    };
    let (a, b, c) = (number(i)?, number(i + 2)?, number(i + 4)?);
    let day = |n: (usize, u32)| n.0 <= 2 && (1..=31).contains(&n.1);
    let year = |n: (usize, u32)| n.0 == 4 && (1900..2100).contains(&n.1);
    let month = |n: (usize, u32)| n.0 <= 2 && (1..=12).contains(&n.1);
    let short = |n: (usize, u32)| n.0 == 2 && (15..=40).contains(&n.1);
    let fits = day(a) && (month(b) || month(a) && day(b)) && (year(c) || short(c))
        || year(a) && month(b) && day(c);
    fits.then_some(i + 5)
}
