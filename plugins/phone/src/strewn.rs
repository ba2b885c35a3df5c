//! Numbers whose digits stand among other words: `8 apples 916 pears 555 ...`, `8 rub 916 rub ...`,
//! `8 (900+16) ...`. Knows how little such a number may leave open; digits come from `atoms`.

mod gap;

use parlour_guest::Folded;
use parlour_guest::scan::{Kind, Token, merge};

use crate::atoms::{Atom, Shape, enumerates, is_gap, moment};
use crate::context::{Hint, before, hint, is_month};
use crate::detect::run::innocent::paired;
use crate::detect::{Number, Place};
use crate::plan::{Likelihood, Reading, lengths, national};
use crate::spoken::digits as written;
use gap::{Gap, is_counted, is_measure};
pub use gap::{goes_on, winks};

/// Fewest and most digits of such a number.
const DIGITS_MIN: usize = 10;
const DIGITS_MAX: usize = 12;

/// Most groups of such a number.
const GROUPS_MAX: usize = 12;

/// Most digits of such a group.
const GROUP_MAX: usize = 4;

/// Most groups of a text that are looked at.
const UNITS_MAX: usize = 400;

/// Digits that stand together, by themselves or as a sum.
struct Unit {
    /// Where they stand in all digits of the text.
    start: usize,
    end: usize,
    /// Tokens `from..to`.
    from: usize,
    to: usize,
    spoken: bool,
    summed: bool,
    /// What parts them from the group before; none when they do not belong together.
    gap: Option<Gap>,
}

impl Unit {
    fn len(&self) -> usize {
        self.end - self.start
    }
}

/// All numbers of a text that stand among other words. `atoms` is what a plain reading met, `found` the
/// numbers it found.
pub fn strewn(
    folded: &Folded,
    tokens: &[Token<'_>],
    atoms: &[Atom],
    place: Place<'_>,
    found: &[Number],
) -> Vec<Number> {
    let (units, digits) = units(tokens, atoms);
    let mut out = Vec::new();
    let (mut i, mut sure, mut likely) = (0, true, false);
    // First what is sure, then what is only likely.
    while i < units.len() || likely && std::mem::replace(&mut sure, false) {
        if i == units.len() {
            i = 0;
        }
        if !begins(&units, &digits, i) {
            i += 1;
            continue;
        }
        let window = windows(&units, i).find_map(|end| {
            let window = units.get(i..end)?;
            let all = digits.get(window.first()?.start..window.last()?.end)?;
            let reading =
                Window::new(tokens, &units, i, end, all).judge(place, sure, &mut likely)?;
            Some((end, reading))
        });
        let Some((end, (plan, wins))) = window else {
            i += 1;
            continue;
        };
        let window = units.get(i..end).unwrap_or_default();
        let ends = window.first().zip(window.last()).and_then(|(a, b)| {
            let to = b.to + if measured(tokens, window) { unit_after(tokens, b.to) } else { 0 };
            tokens.get(a.from).zip(tokens.get(to.checked_sub(1)?))
        });
        if let Some((first, last)) = ends {
            let span = folded.original(first.start, last.end);
            let over = |n: &&Number| n.span.start < span.end && span.start < n.span.end;
            let within =
                |n: &Number| matches!(n.rule, "disguised" | "spoken") && span.start <= n.span.start;
            let taken = |n: &Number| over(&n);
            if !out.iter().any(taken) && (wins || found.iter().filter(over).all(within)) {
                let number = Number { span, rule: "disguised", plan, confidence: 88 };
                merge(&mut out, vec![number], |n| n.span);
            }
        }
        i = end;
    }
    out
}

/// Whether the digits from unit `i` on may begin a number of as many groups, by its first two.
fn begins(units: &[Unit], digits: &str, i: usize) -> bool {
    const LENGTHS: u32 = (1 << (DIGITS_MAX + 1)) - (1 << DIGITS_MIN);
    let chained = units.get(i + 1).zip(units.get(i + 2));
    let chained = chained.is_some_and(|(a, b)| a.gap.is_some() && b.gap.is_some());
    let from = units.get(i).and_then(|u| digits.get(u.start..));
    chained && from.is_some_and(|from| lengths(from) & LENGTHS != 0)
}

/// Whether a unit or a currency stands behind the groups before the last, `8 917 rub 555 rub`.
fn measured(tokens: &[Token<'_>], units: &[Unit]) -> bool {
    let measures = |u: &Unit| u.gap.as_ref().is_some_and(|g| g.measures(tokens));
    units.iter().skip(1).rev().take(2).all(measures)
}

/// How many tokens a unit behind the last group takes.
fn unit_after(tokens: &[Token<'_>], to: usize) -> usize {
    let gap = usize::from(tokens.get(to).is_some_and(is_gap));
    if tokens.get(to + gap).is_some_and(is_measure) { gap + 1 } else { 0 }
}

/// The ends of the windows from unit `i` on that have as many digits as a number, the longest first.
fn windows(units: &[Unit], i: usize) -> impl Iterator<Item = usize> {
    const LEAST: usize = 3;
    let start = units.get(i).map_or(0, |u| u.start);
    let chained = |n: usize| n == i || units.get(n).is_some_and(|u| u.gap.is_some());
    let fits = |n: &usize| units.get(*n).is_some_and(|u| u.end - start <= DIGITS_MAX);
    let last =
        (i..units.len().min(i + GROUPS_MAX)).take_while(|n| chained(*n)).take_while(fits).last();
    let last = last.unwrap_or(i);
    let long = move |end: &usize| {
        let digits = units.get(end - 1).map_or(0, |u| u.end - start);
        digits >= DIGITS_MIN && end - i >= LEAST
    };
    (i + 1..=last + 1).rev().filter(long)
}

/// All groups of digits of a text and their digits in a row.
fn units(tokens: &[Token<'_>], atoms: &[Atom]) -> (Vec<Unit>, String) {
    let (mut units, mut digits): (Vec<Unit>, String) = (Vec::new(), String::new());
    let mut spoken = atoms.iter().filter(|a| a.shape != Shape::Figures).peekable();
    let (mut i, mut apart, mut listed) = (0, true, 0);
    while let Some(token) = tokens.get(i).filter(|_| units.len() < UNITS_MAX) {
        if token.kind != Kind::Digits && spoken.peek().is_none_or(|a| a.from > i) {
            i += 1;
            continue;
        }
        while spoken.next_if(|a| a.from < i).is_some() {}
        let atom = spoken.next_if(|a| a.from == i).filter(|a| !is_lettered(tokens, a));
        if atom.is_none() && token.kind != Kind::Digits {
            i += 1;
            continue;
        }
        if let Some(end) = moment(tokens, i).filter(|_| atom.is_none()) {
            (i, apart) = (end, true);
            continue;
        }
        let to = atom.map_or(i + 1, |a| a.to.max(i + 1));
        let text = atom.map_or(token.text, |a| a.digits.as_str());
        let numbers_list = enumerates(tokens, i) == Some(listed + 1);
        listed += u32::from(numbers_list);
        if numbers_list || text.len() == 1 && is_counted(tokens, i, to) {
            i = to;
            continue;
        }
        let last = units.last().filter(|_| !apart);
        let gap = last.and_then(|u| Gap::of(tokens, u.to, i));
        apart = false;
        let spoken = atom.is_some_and(|a| a.shape == Shape::Spoken);
        let sums = |_: &&mut Unit| gap.as_ref().is_some_and(|g| g.adds);
        match units.last_mut().filter(sums) {
            Some(last) if add(&mut digits, last, text) => {
                (last.to, last.end, last.summed) = (to, digits.len(), true);
            }
            _ => {
                let start = digits.len();
                digits.push_str(text);
                let end = digits.len();
                let from = i;
                units.push(Unit { start, end, from, to, spoken, summed: false, gap });
            }
        }
        i = to;
    }
    (units, digits)
}

/// Whether look-alike letters only part digits as those around them do.
fn is_lettered(tokens: &[Token<'_>], atom: &Atom) -> bool {
    let word =
        |n: Option<usize>| n.and_then(|n| tokens.get(n)).is_some_and(|t| t.kind == Kind::Word);
    let inner = tokens.get(atom.from..atom.to).unwrap_or_default();
    atom.shape == Shape::Mixed
        && (word(atom.from.checked_sub(1)) || word(Some(atom.to)))
        && inner.iter().all(|t| t.kind == Kind::Word || t.text.len() == 1)
}

/// Adds a number to the last of a row, `900+16`, `4+4`.
fn add(digits: &mut String, last: &Unit, text: &str) -> bool {
    let Some(head) = digits.get(last.start..) else {
        return false;
    };
    let zeros = head.len() - head.trim_end_matches('0').len();
    let single = head.len() == 1 && text.len() == 1;
    let fits = head.len() <= 3 && (single || zeros >= text.len());
    let parts = head.parse::<u16>().ok().zip(text.parse::<u16>().ok());
    let sum = parts.and_then(|(a, b)| a.checked_add(b));
    let Some(sum) = sum.filter(|sum| fits && (!single || *sum <= 9)) else {
        return false;
    };
    digits.truncate(last.start);
    digits.push_str(&written(sum));
    true
}

/// Some groups that may be a number.
struct Window<'a> {
    tokens: &'a [Token<'a>],
    all: &'a [Unit],
    units: &'a [Unit],
    i: usize,
    end: usize,
    digits: &'a str,
}

impl<'a> Window<'a> {
    fn new(
        tokens: &'a [Token<'a>],
        all: &'a [Unit],
        i: usize,
        end: usize,
        digits: &'a str,
    ) -> Self {
        Self { tokens, all, units: all.get(i..end).unwrap_or_default(), i, end, digits }
    }

    /// The plan of the number, and whether it is one whatever else its digits may be.
    fn judge(
        &self,
        place: Place<'_>,
        sure_only: bool,
        likely: &mut bool,
    ) -> Option<(&'static str, bool)> {
        #[cfg(test)]
        crate::detect::work::one();
        if lengths(self.digits) >> self.digits.len() & 1 == 0 {
            return None;
        }
        let single = self.lengths().all(|n| n == 1);
        let strewn = single || self.gaps().any(|g| g.words > 0 || g.odd) || self.summed();
        let counts = self.digits.bytes().zip(self.digits.bytes().skip(1)).all(|(a, b)| a + 1 == b);
        // No plan is asked about groups that no number has.
        if !strewn || counts || self.lengths().any(|n| n > GROUP_MAX) {
            return None;
        }
        let readings = national(self.digits, place.region);
        let reading = readings.iter().find(|r| self.fits(r, place))?;
        *likely = true;
        let first = self.units.first()?.from;
        let to = self.units.last()?.to;
        let said = hint(before(self.tokens, first), self.tokens, to);
        let told = self.gaps().filter(|g| g.told(self.tokens)).count();
        let winks = || winks(self.tokens, first, to);
        let dates = is_month(self.tokens, to) || !self.gaps().all(|g| g.joins(self.tokens));
        let worded = self.is_strong(reading) && self.gaps().any(|g| g.words > 0 || g.odd);
        let list = self.tokens.get(first..to).is_some_and(|tokens| paired(tokens, 1));
        if dates || list || said == Hint::Other && told < 2 && !self.summed() && !worded && !winks()
        {
            return None;
        }
        let hinted = said == Hint::Phone || told > 1 || place.announced;
        // A hash, or another number of base sixteen.
        if self.gaps().all(|g| g.glued && g.hex) && said != Hint::Phone && !winks() {
            return None;
        }
        let round = self.is_round();
        let sure = self.is_strong(reading) && (hinted || !round && self.alone());
        let lettered = self.is_lettered() && self.gaps().any(|g| !g.hex);
        let short = self.gaps().all(|g| g.words < 3 || g.told(self.tokens));
        let timed = self.gaps().last().is_some_and(|g| g.timed(self.tokens));
        let told = !round && short && !timed && (hinted || self.is_even() || winks());
        let sure = sure && (lettered || !self.is_lettered());
        let hinted = sure || !sure_only && (told || lettered);
        let wins = self.summed() || self.is_lettered();
        hinted.then_some((reading.plan, wins))
    }

    /// What parts the groups.
    fn gaps(&self) -> impl Iterator<Item = &'a Gap> {
        self.units.iter().skip(1).filter_map(|u| u.gap.as_ref())
    }

    fn summed(&self) -> bool {
        self.units.iter().any(|u| u.summed)
    }

    fn lengths(&self) -> impl Iterator<Item = usize> {
        self.units.iter().map(Unit::len)
    }

    /// Whether the groups are written as one would tell a number of a plan.
    fn fits(&self, reading: &Reading, place: Place<'_>) -> bool {
        let known = reading.likelihood == Likelihood::Likely
            || place.is_home(reading.plan)
            || matches!(reading.plan, "FR" | "UA" | "GB") && self.digits.starts_with('0');
        let single = self.lengths().all(|n| n == 1);
        let few = self.lengths().all(|n| n <= 2) && self.has_zero();
        let mut ends = self.units.iter().map(|u| u.end - self.units.first().map_or(0, |f| f.start));
        let aligned = match reading.plan {
            "FR" => ends.all(|e| e % 2 == 0 || e == 1) || single,
            "US" => {
                let lines = ends.clone().any(|e| e == reading.code_end + 3);
                let lines = lines || self.gaps().filter(|g| g.told(self.tokens)).count() > 1;
                lines && ends.any(|e| e == reading.code_end)
            }
            _ => ends.any(|e| e == reading.code_end),
        };
        known && (single || aligned || few)
    }

    /// Whether nothing but a number begins and goes on like this: a trunk prefix of its own, or a zero.
    fn is_strong(&self, reading: &Reading) -> bool {
        let prefix =
            self.units.first().is_some_and(|u| u.len() == 1 || self.digits.starts_with('0'));
        let few = self.lengths().all(|n| n <= 2);
        reading.likelihood == Likelihood::Likely
            && (self.digits.len() >= 11 || self.digits.starts_with('0'))
            && (prefix || few)
    }

    /// Whether no more digits follow or precede in the same manner.
    fn alone(&self) -> bool {
        let inner = self.gaps().next().map(|g| g.sign);
        let same = inner.filter(|sign| self.gaps().all(|g| g.sign == *sign));
        let spoken = self.units.iter().any(|u| u.spoken);
        let long = self.gaps().all(|g| g.words < 3);
        let other = |unit: Option<&Unit>, gap: Option<&Gap>| {
            unit.is_none_or(|u| u.spoken && !spoken)
                || gap.is_none_or(|g| same.is_some_and(|s| s != g.sign) || long && g.words > 2)
        };
        let before = self.i.checked_sub(1).and_then(|n| self.all.get(n));
        let after = self.all.get(self.end);
        other(before, self.units.first().and_then(|u| u.gap.as_ref()))
            && other(after, after.and_then(|u| u.gap.as_ref()))
            || self.i == 0 && self.end == self.all.len()
    }

    /// Whether the same stands between all groups, and they are single digits or one begins with a zero,
    /// as no amount does.
    fn is_even(&self) -> bool {
        let first = self.gaps().next().map(|g| g.sign);
        let even = self.gaps().all(|g| Some(g.sign) == first);
        let last = self.units.last().map_or(0, Unit::len);
        self.alone()
            && (even && (self.lengths().all(|n| n == 1) || self.has_zero())
                || last == 4 && self.zero(self.units.len() - 1))
    }

    /// Whether group `n` begins with a zero and goes on.
    fn zero(&self, n: usize) -> bool {
        let start = self.units.first().map_or(0, |u| u.start);
        let group = self.units.get(n).filter(|u| u.len() > 1);
        group.is_some_and(|u| self.digits.as_bytes().get(u.start - start) == Some(&b'0'))
    }

    /// Whether a group behind the first begins with a zero.
    fn has_zero(&self) -> bool {
        (1..self.units.len()).any(|n| self.zero(n))
    }

    /// Whether the groups look like amounts: most of them end in a zero or a five.
    fn is_round(&self) -> bool {
        let units = self.units.iter().filter(|u| u.len() > 1 && !u.spoken);
        let start = self.units.first().map_or(0, |u| u.start);
        let last = |u: &Unit| self.digits.as_bytes().get(u.end - start - 1).copied();
        let round = units.clone().filter(|u| last(u) == Some(b'0')).count();
        round * 2 > units.count() && self.gaps().any(|g| g.words > 0 || g.measures(self.tokens))
    }

    /// Whether each digit is parted from the next by a few letters, `8a9b1c6d`.
    fn is_lettered(&self) -> bool {
        self.lengths().all(|n| n == 1) && self.gaps().all(|g| g.glued) && self.alone()
    }
}

/// Whether a text may have such a number: by the groups of digits in it and the digits of all.
#[must_use]
pub fn may_have(figures: (usize, usize), atoms: &[Atom]) -> bool {
    const GROUPS: usize = 3;
    let spoken = || atoms.iter().filter(|a| a.shape != Shape::Figures);
    let (groups, digits) = figures;
    groups + spoken().count() >= GROUPS
        && digits + spoken().map(|a| a.digits.len()).sum::<usize>() >= DIGITS_MIN
}

#[cfg(test)]
mod tests {
    use parlour_guest::Folded;

    use crate::detect::{Wishes, detect};

    #[track_caller]
    fn check(text: &str, expected: Option<&str>) {
        let languages = ["ru", "uk", "en", "fr"].map(str::to_owned);
        let wishes = Wishes { region: "", languages: &languages, announced: false };
        let found = detect(&Folded::plain(text), &wishes);
        let spans: Vec<&str> =
            found.iter().map(|n| &text[n.span.start as usize..n.span.end as usize]).collect();
        assert_eq!(spans, Vec::from_iter(expected), "{text}");
    }

    #[test]
    fn digits_among_words_and_units() {
        for text in [
            "8 руб 916 руб 234 руб 56 руб 78 руб",
            "8 яблок 916 груш 555 слив 44 арбуза 33",
            "06 pomme 12 poire 34 fraise 56 banane 78",
            "8abc916def555ghi44jkl33",
            "8a9b1c6d5e5f5g4h4i3j3",
            "8 900+16 555 40+4 30+3",
            "305, next three 555 and the last four 0142",
            "0 6 * 9 3 * 5 5 5 * 1 2 3",
        ] {
            check(text, Some(text));
        }
        check("1) 8 2) 916 3) 555 4) 44 5) 33", Some("8 2) 916 3) 555 4) 44 5) 33"));
    }

    #[test]
    fn amounts_and_lists() {
        for text in [
            "950 р большая, 300 р средняя, 50 р малая, 20 р доставка, пишите",
            "8 коробок по 900 руб, 450 шт, 20 кг, 15 мест",
            "0 км 50 км 100 км 20 км 30 км",
            "dispo le 06 juin, 12 juin, 19 juin, 20 juin et 26 juin",
            "remove 2 of the 305 items, 550 remain, 2500 total",
            "commit a8a9b1c6d5e5f5a4b4c3d3",
            "1) 900 2) 450 3) 20 4) 15",
            "0 и 1 и 2 и 3 и 4 и 5 и 6 и 7 и 8 и 9",
            "ламинат 8 мм 33 класс, упаковка 2,131 м2, надо 14 упаковок плюс 1",
            "площадь 12,4 + 17,8 + 9,6 + 3,2 + 1,4 = 44,4 м2",
            "жим 90х8, 100х6, 110х3, отдых",
            "on a perdu 6-4 3-6 7-5 4-6 6-1",
            "sizes 6, 7, 7.5, 9, 10.5, 11 and 13",
        ] {
            check(text, None);
        }
    }

    #[test]
    fn written_otherwise() {
        for (text, number) in [
            ("читай наоборот: 33 44 555 619 8", "33 44 555 619 8"),
            (
                "zero sis douz trant katr cinkant sis soissant dizuit",
                "zero sis douz trant katr cinkant sis soissant dizuit",
            ),
        ] {
            check(text, Some(number));
        }
        for text in ["8 (912) 555 4l 4l", "06/39/98/7l/36", "plus33 6 39 98 71 44"] {
            check(text, Some(text));
        }
        check("mon 06 zéro 6 55 50 33 21", Some("zéro 6 55 50 33 21"));
        check("1l 2l 5l 10l 20l", None);
        check("наоборот, заказ 1234567898", None);
    }
}
