//! Number words that are not written like words: with digits for letters, shortened to one letter; and
//! those that are no digits at all.

use parlour_guest::list::one_of;
use parlour_guest::scan::{Kind, Token};

use super::{Atom, Between, Reader, Shape};
use crate::atoms::is_gap;
use crate::spoken::{Said, french, homophone, is_slang, is_turkic, said, sounds};

/// Whether a word is the ten of Kazakh and Kyrgyz, to which a digit adds. It is `he` in Russian.
pub(super) fn is_ten(token: &Token<'_>) -> bool {
    token.text == "он"
}

impl Reader<'_, '_> {
    /// Whether an amount from token `i` to `end` would be the last group of a telephone number, as in
    /// `for 8 965 555 17 63 roubles`.
    pub(super) fn completed(&self, i: usize, end: usize) -> bool {
        const DIGITS: std::ops::RangeInclusive<usize> = 10..=12;
        const GROUPS: usize = 2;
        let chained = |a: &&Atom| a.before <= Between::Odd;
        if self.between == Between::Wall || end > i + 3 {
            return false;
        }
        let length = |t: &Token<'_>| t.text.len();
        let mut digits = self.tokens.get(i).filter(|_| self.is_digits(Some(i))).map_or(0, length);
        // `7l` is no seven litres then, nor is `4l 4l`.
        if self.at(Some(i + 1)).is_some_and(|t| t.text == "l") {
            let rest = self.tokens.get(i + 1..).unwrap_or_default().iter().take(8);
            let rest =
                rest.take_while(|t| t.kind == Kind::Digits || is_gap(t) || one_of("l - /", t.text));
            digits += rest.filter(|t| t.is_solid()).map(length).sum::<usize>();
        }
        let (mut groups, mut thousands) = (0, digits == 3);
        let open = self.out.iter().rev().take(6);
        for atom in open {
            digits += atom.digits.len();
            groups += 1;
            if !chained(&atom) {
                break;
            }
            thousands &= atom.digits.len() == 3;
        }
        groups >= GROUPS && !thousands && DIGITS.contains(&digits)
    }

    /// Whether token `i` is the letter O beside a number word, `oh` said shorter.
    pub(super) fn zero(&self, i: usize) -> bool {
        let is = |n: usize, near: fn(&str) -> bool| self.at(Some(n)).is_some_and(|t| near(t.text));
        let spoken = |t: &str| t == "o" || said(t).is_some();
        let after = self.at(Some(i + 1)).is_some_and(|t| is_gap(t) || t.is("-"));
        let last = self.out.last().filter(|a| a.shape == Shape::Spoken && a.to + 2 >= i);
        is(i, |t| t == "o") && (last.is_some() || after && is(i + 2, spoken))
    }

    /// Whether token `i` is the letter O before digits that are parted like it, `O 5 O - 5 5 5`.
    pub(super) fn zero_first(&self, i: usize) -> bool {
        let gap = |n: usize| self.at(Some(n)).is_some_and(|t| is_gap(t) || t.is("-"));
        let near = if gap(i + 1) { i + 2 } else { i + 1 };
        let most = if self.at(Some(i + 1)).is_some_and(|t| t.is("-")) { 3 } else { 1 };
        let digit = |t: &Token<'_>| t.kind == Kind::Digits && t.text.len() <= most;
        self.at(Some(i)).is_some_and(|t| matches!(t.text, "o" | "о"))
            && gap(i + 1)
            && self.at(Some(near)).is_some_and(digit)
    }

    /// Whether token `i` is the ten of Kazakh and Kyrgyz: beside other numbers of theirs.
    pub(super) fn ten(&self, i: usize) -> bool {
        let near = |n: Option<usize>| self.at(n).is_some_and(|t| is_turkic(t.text));
        self.at(Some(i)).is_some_and(is_ten) && (near(Some(i + 2)) || near(i.checked_sub(2)))
    }

    /// What token `i` sounds like, where the text is read by ear. Words that are more often something
    /// else count among numbers, and where others are spelled like that.
    pub(super) fn heard(&self, i: usize) -> Option<Said> {
        let token = self.at(Some(i)).filter(|_| self.manner.by_ear)?;
        let number = |n: Option<usize>| {
            let word = self.at(n).filter(|t| t.kind == Kind::Word).map_or("", |t| t.text);
            said(word).is_some() || homophone(word).is_some()
        };
        // A comma may stand between.
        let mark = |n: Option<usize>| self.at(n).is_some_and(|t| t.kind == Kind::Mark);
        let last = i.checked_sub(if mark(i.checked_sub(2)) { 3 } else { 2 });
        let next = Some(i + if mark(Some(i + 1)) { 3 } else { 2 });
        let rare = !matches!(token.text, "to" | "too" | "for" | "free" | "tree" | "sick" | "ate");
        let fits = || {
            if self.slang && !rare && !is_slang(token.text) {
                number(last) && number(next)
            } else {
                (self.slang || is_slang(token.text)) && (number(last) || number(next))
            }
        };
        let spelled = |n: Option<usize>| {
            self.at(n).is_some_and(|t| t.kind == Kind::Word && french(t.text).is_some())
        };
        let near = || number(last) || number(next) || spelled(last) || spelled(next);
        let heard = homophone(token.text).filter(|_| fits()).or_else(|| sounds(token.text));
        heard.or_else(|| french(token.text).filter(|_| near()))
    }

    /// Whether exchange and line of a North American number follow the area code at `i`.
    pub(super) fn exchange(&self, area: &Atom, i: usize) -> bool {
        let digits = |n: usize, count: usize| {
            self.at(Some(n)).is_some_and(|t| t.kind == Kind::Digits && t.text.len() == count)
        };
        let dash = self.at(Some(i + 2)).is_some_and(|t| matches!(t.text, "-" | "."));
        area.digits.len() == 3 && area.to == i && digits(i + 1, 3) && dash && digits(i + 3, 4)
    }

    /// A number word from token `i` on with a digit in place of a letter, `в0семь`, `zer0`, `0дин`, and
    /// how many tokens it takes.
    pub(super) fn inlaid(&self, i: usize) -> Option<(Said, usize)> {
        const LONGEST: usize = 24;
        let solid = |t: &&Token<'_>| matches!(t.kind, Kind::Word | Kind::Digits);
        let run = self.tokens.get(i..)?.iter().take(4).take_while(solid).count();
        let parts = self.tokens.get(i..i + run).filter(|parts| matches!(parts.len(), 2 | 3))?;
        let digit = parts.iter().position(|t| t.kind == Kind::Digits)?;
        let near = parts.get(if digit == 0 { 1 } else { digit - 1 })?;
        let letter = match (parts.get(digit)?.text, near.text.is_ascii()) {
            ("0", true) => "o",
            ("3", true) => "e",
            ("1", true) => "i",
            ("0", false) => "о",
            ("3", false) => "з",
            ("4", false) => "ч",
            _ => return None,
        };
        if parts.len() == 2
            && parts
                .iter()
                .any(|t| t.text.len() > LONGEST || t.kind == Kind::Word && said(t.text).is_some())
        {
            return None;
        }
        let text =
            |(n, t): (usize, &Token<'_>)| if n == digit { letter } else { t.text }.to_owned();
        let word: String = parts.iter().enumerate().map(text).collect();
        said(&word).map(|said| (said, run))
    }
}

/// Whether figures complete the spoken number before them, as in `девятьсот 16` or `сорок5`; if so they
/// are added to it.
pub(super) fn completes(out: &mut [Atom], figures: &Atom) -> bool {
    let Some(spoken) = out.last_mut() else {
        return false;
    };
    // A bracket may stand between, `(900) 16`.
    let near = figures.before == Between::Light && spoken.to + 2 >= figures.from;
    if spoken.shape != Shape::Spoken
        || !near
        || figures.shape != Shape::Figures
        || figures.digits.starts_with('0')
        || spoken.digits.starts_with('0')
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
    spoken.digits = crate::spoken::digits(head + rest);
    spoken.to = figures.to;
    true
}
