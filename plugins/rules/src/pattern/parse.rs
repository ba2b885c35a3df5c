//! From the text of a pattern to its automaton. Says what is wrong with a pattern, and where.

use std::fmt;

use super::{Edge, POSITIONS_MAX, Pattern, Steps};
use crate::spelling::letter;

/// Groups within groups.
const DEPTH_MAX: usize = 16;

/// What is wrong with a pattern, and at which character of it, counted from 1.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    pub at: usize,
    pub what: &'static str,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} at character {}", self.what, self.at)
    }
}

/// What one character of the text may be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Class {
    One(char),
    /// Anything but the end of a line.
    Any,
    Digit,
    /// A letter, a digit or `_`.
    Word,
    Space,
    Set {
        negated: bool,
        members: Vec<Class>,
    },
    Range(char, char),
}

impl Class {
    pub fn has(&self, c: char) -> bool {
        match self {
            Self::One(one) => *one == c,
            Self::Any => c != '\n',
            Self::Digit => c.is_ascii_digit(),
            Self::Word => c.is_alphanumeric() || c == '_',
            Self::Space => c.is_whitespace(),
            Self::Range(from, to) => (*from..=*to).contains(&c),
            Self::Set { negated, members } => members.iter().any(|m| m.has(c)) != *negated,
        }
    }
}

/// A part of a pattern as Glushkov sees it: where it begins and ends, and whether it may be nothing.
#[derive(Clone, Copy, Debug, Default)]
struct Part {
    first: u64,
    last: u64,
    empty: bool,
}

struct Parser<'a> {
    chars: &'a [char],
    at: usize,
    depth: usize,
    classes: Vec<Class>,
    followers: Vec<u64>,
}

/// Reads a pattern.
///
/// # Errors
/// What is wrong with it first.
pub fn parse(text: &str) -> Result<Pattern, Fault> {
    let chars: Vec<char> = text.chars().collect();
    let (before, from) = match chars.as_slice() {
        ['^', ..] => (Edge::Text, 1),
        ['\\', 'b', ..] => (Edge::Word, 2),
        _ => (Edge::Anywhere, 0),
    };
    let rest = chars.get(from..).unwrap_or_default();
    let escaped = |n: usize| rest.iter().rev().skip(n).take_while(|c| **c == '\\').count() % 2 == 1;
    let (after, cut) = match rest {
        [.., '$'] if !escaped(1) => (Edge::Text, 1),
        [.., '\\', 'b'] if escaped(1) => (Edge::Word, 2),
        _ => (Edge::Anywhere, 0),
    };
    let body = chars.get(..chars.len() - cut).unwrap_or_default();
    let mut parser =
        Parser { chars: body, at: from, depth: 0, classes: Vec::new(), followers: Vec::new() };
    let whole = parser.choice()?;
    if parser.at < body.len() {
        return Err(parser.fault("a closing bracket that nothing opened"));
    }
    if whole.empty {
        return Err(Fault { at: 1, what: "a pattern that matches nothing at all" });
    }
    Ok(parser.pattern(whole, before, after))
}

impl Parser<'_> {
    fn fault(&self, what: &'static str) -> Fault {
        Fault { at: self.at + 1, what }
    }

    fn peek(&self) -> Option<char> {
        self.chars.get(self.at).copied()
    }

    fn take(&mut self, c: char) -> bool {
        let found = self.peek() == Some(c);
        self.at += usize::from(found);
        found
    }

    fn pattern(self, whole: Part, before: Edge, after: Edge) -> Pattern {
        let mut classes: Vec<(Class, u64)> = Vec::new();
        for (position, class) in self.classes.into_iter().enumerate() {
            match classes.iter_mut().find(|(known, _)| *known == class) {
                Some((_, at)) => *at |= 1 << position,
                None => classes.push((class, 1 << position)),
            }
        }
        let mut leaders = vec![0u64; self.followers.len()];
        for (position, all) in self.followers.iter().enumerate() {
            for (other, leader) in leaders.iter_mut().enumerate() {
                if all & (1 << other) != 0 {
                    *leader |= 1 << position;
                }
            }
        }
        Pattern {
            classes,
            first: whole.first,
            last: whole.last,
            forward: Steps::of(&self.followers, true),
            backward: Steps::of(&leaders, false),
            before,
            after,
        }
    }

    /// `a|b`
    fn choice(&mut self) -> Result<Part, Fault> {
        self.depth += 1;
        if self.depth > DEPTH_MAX {
            return Err(self.fault("too many groups within groups"));
        }
        let mut all = self.sequence()?;
        while self.take('|') {
            let next = self.sequence()?;
            all.first |= next.first;
            all.last |= next.last;
            all.empty |= next.empty;
        }
        self.depth -= 1;
        Ok(all)
    }

    /// `ab`
    fn sequence(&mut self) -> Result<Part, Fault> {
        let mut all = Part { empty: true, ..Part::default() };
        while let Some(c) = self.peek() {
            if matches!(c, '|' | ')') {
                break;
            }
            let next = self.repeated()?;
            all = self.then(all, next);
        }
        Ok(all)
    }

    fn then(&mut self, a: Part, b: Part) -> Part {
        self.connect(a.last, b.first);
        Part {
            first: if a.empty { a.first | b.first } else { a.first },
            last: if b.empty { a.last | b.last } else { b.last },
            empty: a.empty && b.empty,
        }
    }

    fn connect(&mut self, from: u64, to: u64) {
        for (position, followers) in self.followers.iter_mut().enumerate() {
            if from & (1 << position) != 0 {
                *followers |= to;
            }
        }
    }

    /// `a?`, `a*`, `a+`, `a{2,3}`
    fn repeated(&mut self) -> Result<Part, Fault> {
        let from = self.at;
        let mut part = self.one()?;
        let (least, most) = match self.peek() {
            Some('{') => self.counts()?,
            Some(c @ ('?' | '*' | '+')) => {
                self.at += 1;
                (usize::from(c == '+'), (c == '?').then_some(1))
            }
            _ => return Ok(part),
        };
        if part.first == 0 {
            return Err(self.fault("a repetition of nothing"));
        }
        let after = self.at;
        if matches!(self.peek(), Some('?' | '*' | '+' | '{')) {
            return Err(self.fault("a repetition of a repetition; use brackets"));
        }
        if least == 0 {
            part.empty = true;
        }
        match most {
            None if least <= 1 => self.connect(part.last, part.first),
            // The part is read again for each further time.
            _ => {
                for time in 1..most.unwrap_or(least) {
                    self.at = from;
                    let mut next = self.one()?;
                    next.empty |= time >= least;
                    if most.is_none() && time + 1 == least {
                        self.connect(next.last, next.first);
                    }
                    part = self.then(part, next);
                }
                self.at = after;
            }
        }
        Ok(part)
    }

    /// `{n}`, `{n,}` or `{n,m}`; leaves the place after it.
    fn counts(&mut self) -> Result<(usize, Option<usize>), Fault> {
        let opened = self.fault("a count is {n}, {n,} or {n,m}, at most 64");
        self.at += 1;
        let least = self.number().ok_or_else(|| opened.clone())?;
        let most = if self.take(',') {
            if self.peek() == Some('}') {
                None
            } else {
                Some(self.number().ok_or_else(|| opened.clone())?)
            }
        } else {
            Some(least)
        };
        let sane = most.is_none_or(|most| most >= least && most > 0) && least <= POSITIONS_MAX;
        if !self.take('}') || !sane || most.is_some_and(|most| most > POSITIONS_MAX) {
            return Err(opened);
        }
        Ok((least, most))
    }

    fn number(&mut self) -> Option<usize> {
        let start = self.at;
        while self.peek().is_some_and(|c| c.is_ascii_digit()) && self.at < start + 3 {
            self.at += 1;
        }
        self.chars.get(start..self.at)?.iter().collect::<String>().parse().ok()
    }

    /// One character or group.
    fn one(&mut self) -> Result<Part, Fault> {
        let Some(c) = self.peek() else {
            return Err(self.fault("the pattern ends too early"));
        };
        self.at += 1;
        let class = match c {
            '(' => {
                let inner = self.choice()?;
                return if self.take(')') {
                    Ok(inner)
                } else {
                    Err(self.fault("a group without its )"))
                };
            }
            '.' => Class::Any,
            '[' => self.set()?,
            '\\' => self.escape()?,
            '*' | '+' | '?' | '{' => {
                self.at -= 1;
                return Err(self.fault("a repetition of nothing; write a backslash before it"));
            }
            '^' | '$' => {
                self.at -= 1;
                return Err(self.fault("^ and $ stand only at the ends of a pattern"));
            }
            ' ' => Class::Space,
            _ => Class::One(letter(c)),
        };
        if self.classes.len() == POSITIONS_MAX {
            return Err(self.fault("more than 64 characters with repetitions written out"));
        }
        let here = 1u64 << self.classes.len();
        self.classes.push(class);
        self.followers.push(0);
        Ok(Part { first: here, last: here, empty: false })
    }

    fn escape(&mut self) -> Result<Class, Fault> {
        let Some(c) = self.peek() else {
            return Err(self.fault("a backslash before nothing"));
        };
        self.at += 1;
        Ok(match c {
            'd' => Class::Digit,
            'w' => Class::Word,
            's' => Class::Space,
            'n' => Class::One('\n'),
            't' => Class::One('\t'),
            'b' => {
                self.at -= 1;
                return Err(self.fault("\\b stands only at the ends of a pattern"));
            }
            _ if c.is_alphanumeric() => {
                self.at -= 1;
                return Err(self.fault("an unknown escape; known: \\d \\w \\s \\b \\n \\t"));
            }
            _ => Class::One(c),
        })
    }

    /// `[a-z0-9]` or `[^...]`, after its opening bracket.
    fn set(&mut self) -> Result<Class, Fault> {
        let negated = self.take('^');
        let mut members = Vec::new();
        loop {
            let Some(c) = self.peek() else {
                return Err(self.fault("a set without its ]"));
            };
            self.at += 1;
            let member = match c {
                ']' if !members.is_empty() => return Ok(Class::Set { negated, members }),
                ']' => return Err(self.fault("an empty set")),
                '\\' => self.escape()?,
                _ => Class::One(letter(c)),
            };
            let ranged = self.peek() == Some('-')
                && self.chars.get(self.at + 1).is_some_and(|next| *next != ']');
            match member {
                Class::One(from) if ranged => {
                    let to = self.chars.get(self.at + 1).copied().unwrap_or(from);
                    self.at += 2;
                    let to = letter(to);
                    if to < from || to == '\\' {
                        return Err(self.fault("a range that goes backwards"));
                    }
                    members.push(Class::Range(from, to));
                }
                other => members.push(other),
            }
        }
    }
}
