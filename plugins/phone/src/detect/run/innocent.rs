//! What makes a run of digits something else than a telephone number: the middle of a code, a link, a
//! count, dates, a list, a measure.

use parlour_guest::scan::{Kind, Token};

use super::Run;
use crate::atoms::{Atom, Shape, enumerates, is_gap};
use crate::context::{announces, begins_one, is_month};

/// Whether tokens hold at least `least` amounts with a fraction in a list, sizes or scores of sets, `7.5,
/// 9, 10.5`, `90x8, 100x6`, `6-4 3-6`.
pub fn paired(tokens: &[Token<'_>], least: usize) -> bool {
    let (mut fractions, mut others, mut list) = (0, 0, false);
    for n in 0..tokens.len() {
        let text = |n: usize| tokens.get(n).map_or("", |t| t.text);
        let digits = |n: usize| tokens.get(n).filter(|t| t.kind == Kind::Digits);
        list |= matches!(text(n), "," | ";") && text(n + 1) == " " || text(n) == "+";
        let Some((a, b)) = digits(n).zip(digits(n + 2)) else { continue };
        let mark = text(n + 1);
        if text(n + 3) == mark && digits(n + 4).is_some() || n > 0 && text(n - 1) == mark {
            continue;
        }
        let set = |t: &Token<'_>| matches!(t.text, "6" | "7");
        match mark {
            "." | "," => fractions += 1,
            "x" | "х" => others += 1,
            "-" if a.text.len() == 1 && b.text.len() == 1 && (set(a) || set(b)) => others += 1,
            _ => {}
        }
    }
    others > 1 || list && fractions >= least
}

impl Run<'_> {
    /// Whether the digits stand in the middle of a code of letters and digits.
    pub(super) fn embedded(&self) -> bool {
        let (Some(first), Some(last)) = (self.atoms.first(), self.atoms.last()) else {
            return false;
        };
        let word = |n: Option<usize>| {
            let token = n.and_then(|n| self.tokens.get(n));
            token.filter(|t| t.kind == Kind::Word && t.text.is_ascii()).map(|t| t.text)
        };
        let figures = |a: &Atom| {
            let digits = self.tokens.get(a.from).is_some_and(|t| t.kind == Kind::Digits);
            a.shape == Shape::Figures || a.shape == Shape::Mixed && digits
        };
        let before = word(first.from.checked_sub(1)).is_some_and(|w| w != "plus" && !announces(w));
        let hex = |w: &str| w.bytes().all(|b| (b'a'..=b'f').contains(&b));
        figures(first) && before || figures(last) && word(Some(last.to)).is_some_and(hex)
    }

    /// Whether the digits are the path of a link to a messenger, `wa.me/...`: that is one contact, and the
    /// plugin for links tells it.
    pub(super) fn linked(&self) -> bool {
        let before = self.tokens.get(..self.atoms.first().map_or(0, |a| a.from));
        let passed = |t: &&Token<'_>| !is_gap(t) && !t.is("+") && t.kind != Kind::Digits;
        let mut before = before.unwrap_or_default().iter().rev().take(12).filter(passed);
        let slash =
            before.next().is_some_and(|t| t.is("/") || begins_one(t.text, "slash слэш слеш дробь"));
        slash
            && before.next().is_some_and(|t| match t.text {
                "me" | "ми" | "ме" | "click" => true,
                "e" => before.next().is_some_and(|t| t.text == "m"),
                _ => false,
            })
    }

    /// Whether the digits are a count, `1 2 3 4 5 ...`.
    pub(super) fn counting(&self) -> bool {
        const LEAST: usize = 5;
        let values = || self.atoms.iter().filter_map(|a| a.digits.parse::<u64>().ok());
        self.atoms.len() >= LEAST && values().zip(values().skip(1)).all(|(a, b)| a + 1 == b)
    }

    /// Whether the digits begin within a date of a list of them, `12/07, 13/07`, or number a list.
    pub(super) fn dated(&self) -> bool {
        let at = |n: Option<usize>| n.and_then(|n| self.tokens.get(n));
        let Some(from) = self.atoms.first().map(|a| a.from).filter(|_| self.atoms.len() > 2) else {
            return false;
        };
        let mark = at(from.checked_sub(1)).filter(|t| matches!(t.text, "." | "/"));
        let day =
            at(from.checked_sub(2)).is_some_and(|t| t.kind == Kind::Digits && t.text.len() < 3);
        let parted = |a: &Atom, mark: &str| at(Some(a.to)).is_some_and(|t| t.is(mark));
        let dates = mark.is_some_and(|mark| {
            day && self.atoms.iter().any(|a| parted(a, mark.text))
                && self.atoms.iter().any(|a| parted(a, ","))
        });
        let days = self.lengths().iter().all(|length| *length <= 2)
            && self.atoms.last().is_some_and(|a| is_month(self.tokens, a.to));
        let mut numbers = self.atoms.iter().filter_map(|a| enumerates(self.tokens, a.from));
        dates || days || numbers.next().zip(numbers.next()).is_some_and(|(a, b)| a + 1 == b)
    }

    /// Whether the groups are fractions, sizes or scores.
    pub(super) fn paired(&self) -> bool {
        let (first, last) = (self.atoms.first(), self.atoms.last());
        let tokens = first.zip(last).and_then(|(a, b)| self.tokens.get(a.from..b.to));
        tokens.is_some_and(|tokens| paired(tokens, 2))
    }

    /// Whether the groups are written as a list, `80, 95, 110`.
    pub(super) fn listed(&self) -> bool {
        let groups = self.atoms.iter().zip(self.atoms.iter().skip(1));
        let mut between = groups.filter_map(|(a, b)| self.tokens.get(a.to..b.from));
        let comma = |t: &[Token<'_>]| {
            t.first().is_some_and(|t| matches!(t.text, "," | ";")) && t.get(1).is_some_and(is_gap)
        };
        let figures = |a: &Atom| a.shape == Shape::Figures && a.digits.len() > 1;
        self.atoms.iter().skip(1).all(figures) && between.any(comma)
    }

    /// Whether the groups are parted by a mark that dimensions and lists have.
    pub(super) fn measured(&self) -> bool {
        let groups = self.atoms.iter().zip(self.atoms.iter().skip(1));
        let mut between = groups.filter_map(|(a, b)| self.tokens.get(a.to..b.from));
        // No measure and no amount begins with a zero.
        let zero = self.atoms.iter().skip(1).any(|a| a.digits.starts_with('0'));
        !zero
            && between.any(|t| {
                t.iter().any(|t| matches!(t.text, "*" | "/" | "," | ";" | "x" | "х" | ":"))
            })
    }

    /// Whether more digits follow or precede by the mark that parts the groups of the run.
    pub(super) fn continued(&self) -> bool {
        let mark =
            |n: Option<usize>| n.and_then(|n| self.tokens.get(n)).filter(|t| t.kind == Kind::Mark);
        let digits = |n: Option<usize>| {
            n.and_then(|n| self.tokens.get(n)).is_some_and(|t| t.kind == Kind::Digits)
        };
        let (Some(first), Some(last)) = (self.atoms.first(), self.atoms.last()) else {
            return false;
        };
        let after = mark(Some(last.to)).is_some_and(|t| !t.is(",")) && digits(Some(last.to + 1));
        let before = first.from.checked_sub(1);
        after
            || mark(before).is_some_and(|t| !matches!(t.text, "," | "("))
                && digits(before.and_then(|n| n.checked_sub(1)))
    }
}
