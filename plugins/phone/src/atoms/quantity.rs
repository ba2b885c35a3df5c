//! Digits that are plainly something else than a part of a telephone number: times, dates, amounts.

use parlour_guest::scan::{Kind, Token};

use crate::atoms::is_gap;
use crate::context::is_unit;

/// Digits at token `i` that are plainly something else: a time, a date, a number with a unit, a
/// percentage, a price with cents. Returns the token after them.
pub fn quantity(tokens: &[Token<'_>], i: usize) -> Option<usize> {
    moment(tokens, i).or_else(|| amount(tokens, i))
}

/// A time or a date at token `i`; the token after it.
#[must_use]
pub fn moment(tokens: &[Token<'_>], i: usize) -> Option<usize> {
    let first = tokens.get(i).filter(|t| t.kind == Kind::Digits)?;
    let mark = |n: usize, m: &str| tokens.get(n).is_some_and(|t| t.is(m));
    let digits = |n: usize| tokens.get(n).filter(|t| t.kind == Kind::Digits).map(|t| t.text);
    let previous = i.checked_sub(1).and_then(|p| tokens.get(p));
    // 10:30, 10:30:15
    if first.text.len() <= 2
        && mark(i + 1, ":")
        && digits(i + 2).is_some_and(|d| d.len() == 2 && d <= "59")
        && (first.text.len() < 2 || first.text <= "24")
        && !previous.is_some_and(|t| t.is(":"))
    {
        let seconds = digits(i + 4).is_some_and(|d| d.len() == 2 && d <= "59");
        match (mark(i + 3, ":"), mark(i + 5, ":")) {
            (false, _) => return Some(i + 3),
            (true, false) if seconds => return Some(i + 5),
            _ => {}
        }
    }
    // 10h30, unless it goes on.
    let hour = |n: usize| tokens.get(n).is_some_and(|t| matches!(t.text, "h" | "ч" | "г"));
    if first.text.len() <= 2
        && hour(i + 1)
        && digits(i + 2).is_some_and(|d| d.len() == 2)
        && !tokens.get(i + 3).is_some_and(|t| t.kind == Kind::Word || t.text == "-")
        && !previous.is_some_and(|t| t.kind == Kind::Word)
    {
        return Some(i + 3);
    }
    if let Some(end) = days(tokens, i) {
        return Some(end);
    }
    date(tokens, i)
}

/// The number at token `i` when it numbers a list, `1) ...`.
#[must_use]
pub fn enumerates(tokens: &[Token<'_>], i: usize) -> Option<u32> {
    let token = tokens.get(i).filter(|t| t.kind == Kind::Digits && t.text.len() <= 2)?;
    let closed = tokens.get(i + 1).is_some_and(|t| t.is(")"));
    let before = i.checked_sub(1).and_then(|p| tokens.get(p));
    let begins = before.is_none_or(|t| t.kind == Kind::Space || matches!(t.text, "," | ";"));
    if closed && begins { token.text.parse().ok() } else { None }
}

/// A number with a unit at token `i`; the token after both.
fn amount(tokens: &[Token<'_>], i: usize) -> Option<usize> {
    let first = tokens.get(i).filter(|t| t.kind == Kind::Digits)?;
    // £25
    let before = |n: usize| i.checked_sub(n).and_then(|n| tokens.get(n));
    let currency = before(1).is_some_and(|t| matches!(t.text, "$" | "€" | "£" | "₽" | "₴"));
    let parts = before(2).is_some_and(|t| t.kind == Kind::Digits);
    if currency && !parts && first.text.len() <= 5 {
        return Some(i + 1);
    }
    // 1500 руб, 12 кг, 50 %, 300€; a long number is no quantity whatever follows.
    if first.text.len() <= 6 {
        let after = i + 1 + usize::from(tokens.get(i + 1).is_some_and(is_gap));
        let unit = tokens.get(after).filter(|t| {
            matches!(t.text, "%" | "$" | "€" | "₽" | "₴" | "£" | "°")
                || t.kind == Kind::Word && is_unit(t.text)
        });
        let more = tokens.get(after + 1).is_some_and(|t| t.kind == Kind::Digits);
        // `кв 12` is a flat.
        let flat = unit.is_some_and(|t| t.text == "кв")
            && tokens.get(after + 2).is_some_and(|t| t.kind == Kind::Digits);
        // `0l_09`: no litres.
        let letter = unit.is_some_and(|t| t.text == "l")
            && after == i + 1
            && tokens.get(after + 1).is_some_and(|t| matches!(t.text, "-" | "_" | "."))
            && tokens.get(after + 2).is_some_and(|t| t.kind == Kind::Digits);
        if unit.is_some() && !more && !flat && !letter {
            return Some(after + 1);
        }
    }
    None
}

/// `12.07-19.07`, `06/14-06/21`: from a day to another, when nothing goes on.
fn days(tokens: &[Token<'_>], i: usize) -> Option<usize> {
    let text = |n: usize| tokens.get(n).map(|t| t.text);
    let mark = text(i + 1).filter(|m| matches!(*m, "." | "/"))?;
    let before = |n: usize| i.checked_sub(n).and_then(|n| tokens.get(n));
    let within = before(1).is_some_and(|t| t.kind == Kind::Mark && !matches!(t.text, "(" | ","))
        && before(2).is_some_and(|t| t.kind == Kind::Digits);
    if within {
        return None;
    }
    let number = |n: usize| {
        let t = tokens.get(n).filter(|t| t.kind == Kind::Digits && t.text.len() <= 2)?;
        t.text.parse::<u32>().ok()
    };
    let (a, b, c, d) = (number(i)?, number(i + 2)?, number(i + 4)?, number(i + 6)?);
    let day = |a: u32, b: u32| {
        (1..=31).contains(&a) && (1..=12).contains(&b)
            || (1..=12).contains(&a) && (1..=31).contains(&b)
    };
    let written = text(i + 3) == Some("-") && text(i + 5) == Some(mark);
    let goes_on = text(i + 7).is_some_and(|m| m == mark || m == "-")
        && tokens.get(i + 8).is_some_and(|t| t.kind == Kind::Digits);
    (written && !goes_on && day(a, b) && day(c, d)).then_some(i + 7)
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
