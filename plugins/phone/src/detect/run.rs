//! A run of digits and whether it is a telephone number. Knows how numbers are grouped and what makes
//! a grouping innocent.

pub mod innocent;

use parlour_guest::scan::{Kind, Token};

use crate::atoms::{Atom, Between, Shape, is_gap};
use crate::context::{Hint, NOUNS, VERBS, before, hint};
use crate::detect::{ATOMS_MAX, Place};
use crate::plan::{Likelihood, Reading, international, national};
use crate::strewn::winks;

/// What a run is.
pub struct Verdict {
    pub rule: &'static str,
    pub plan: &'static str,
    pub confidence: u8,
}

/// Digits of the shortest number.
pub const SHORTEST: usize = 6;

/// Groups of the longest number behind a `+` whatever its plan.
pub const UNBROKEN_ATOMS_MAX: usize = 6;

/// Groups of the longest number of no plan that is known here.
pub const LOCAL_ATOMS_MAX: usize = 5;

/// Plans whose numbers are told when only a part of them is in words.
const SPELLED: &[&str] = &["RU", "KZ", "UA", "BY", "FR", "GB"];

/// A run of atoms with what its writing says.
pub struct Run<'a> {
    tokens: &'a [Token<'a>],
    atoms: &'a [Atom],
    all: &'a [Atom],
    first: usize,
    end: usize,
    digits: &'a str,
    lengths: [u8; ATOMS_MAX],
    plus: bool,
    signs: usize,
    /// Told in pieces.
    pieced: bool,
}

/// What stands before all runs that begin with one atom.
pub struct Start {
    /// Whether a `+`, or the word for it, stands right before them.
    pub plus: bool,
    /// What the words before them say, once somebody asked.
    said: Option<Hint>,
}

impl Start {
    /// The place before token `from`.
    pub fn at(tokens: &[Token<'_>], from: usize) -> Self {
        let mut before = tokens.get(..from).unwrap_or_default().iter().rev();
        let near = before.find(|t| !is_gap(t) && !t.is("("));
        let plus = near.is_some_and(|t| matches!(t.text, "+" | "плюс" | "plus"));
        Self { plus, said: None }
    }
}

impl<'a> Run<'a> {
    pub fn new(
        tokens: &'a [Token<'a>],
        all: &'a [Atom],
        first: usize,
        end: usize,
        digits: &'a str,
    ) -> Option<Self> {
        let atoms = all.get(first..end)?;
        let (mut signs, mut lengths) = (0, [0; ATOMS_MAX]);
        for (n, (atom, length)) in atoms.iter().zip(&mut lengths).enumerate() {
            signs += usize::from(n > 0 && atom.before == Between::Odd);
            signs += usize::from(atom.shape != Shape::Figures);
            *length = u8::try_from(atom.digits.len()).unwrap_or(u8::MAX);
        }
        let plus = false;
        Some(Run { tokens, atoms, all, first, end, digits, lengths, plus, signs, pieced: false })
    }

    /// What the run is, if it is a number. `start` is what all runs that
    /// begin there share.
    pub fn judge(&mut self, place: Place<'_>, start: &mut Start) -> Option<Verdict> {
        #[cfg(test)]
        crate::detect::work::one();
        (self.pieced, self.plus) = (place.announced, start.plus);
        let zeros = self.digits.strip_prefix("00").or(self.digits.strip_prefix("810"));
        // The prefix for calls abroad in North America.
        let american = self.digits.strip_prefix("011").filter(|rest| rest.len() >= 10);
        // The digits behind the point of a decimal are none.
        let zeros = zeros.or(american).filter(|_| !self.continued());
        let dialled = if self.plus { Some(self.digits) } else { zeros };
        let abroad = dialled.filter(|_| self.digits.len() >= 9).and_then(international);
        let fits = (9..=14).contains(&self.digits.len());
        let readings = if fits { national(self.digits, place.region) } else { Vec::new() };
        let bare_plus = self.plus && (10..=15).contains(&self.digits.len()) && self.unbroken();
        let local = self.announced_number();
        let hopeless = abroad.is_none() && readings.is_empty() && !bare_plus && !local;
        if hopeless || self.counting() || self.embedded() || self.linked() || self.dated() {
            return None;
        }
        if self.paired() {
            return None;
        }
        let (first, last) = (self.atoms.first()?, self.atoms.last()?);
        let before = *start.said.get_or_insert_with(|| before(self.tokens, first.from));
        let hint = match hint(before, self.tokens, last.to) {
            Hint::Nothing if place.announced => Hint::Phone,
            said => said,
        };
        if let (Some(reading), Some(dialled)) = (abroad, dialled)
            && (self.plus || dialled.len() >= 10 && hint != Hint::Other)
        {
            return Some(self.verdict("international", reading.plan, 97));
        }
        if bare_plus {
            return Some(self.verdict("international", "", 85));
        }
        readings
            .iter()
            .find_map(|r| self.judge_national(r, hint, place))
            .or_else(|| (local && hint == Hint::Phone).then(|| self.verdict("local", "", 70)))
    }

    /// Whether the digits after a `+` stand together, or in groups parted by one sign each.
    fn unbroken(&self) -> bool {
        let light = self.atoms.iter().skip(1).all(|a| a.before <= Between::Told);
        light && self.atoms.len() <= UNBROKEN_ATOMS_MAX && !self.crowded()
    }

    fn judge_national(&self, reading: &Reading, hint: Hint, place: Place<'_>) -> Option<Verdict> {
        let aligned = self.aligned(reading);
        let whole = self.atoms.len() == 1;
        let crowded = self.crowded();
        let likely = reading.likelihood == Likelihood::Likely;
        if crowded && !whole && !(aligned && (likely || hint == Hint::Phone)) {
            return None;
        }
        if self.listed() && !(aligned && (hint == Hint::Phone || self.grouped_like_a_phone())) {
            return None;
        }
        let named = likely && (self.digits.len() >= 11 || self.digits.starts_with('0'));
        let ends = self.atoms.first().zip(self.atoms.last());
        let winked = || ends.is_some_and(|(a, b)| winks(self.tokens, a.from, b.to));
        let other = match hint {
            Hint::Other => !(named && winked()),
            Hint::OtherFar => !likely || self.digits.len() < 11,
            Hint::Price => !likely && !self.split_like_no_amount(),
            Hint::Phone | Hint::Nothing => false,
        };
        let trunk = likely
            && aligned
            && (self.digits.len() >= 11 || hint == Hint::OtherFar && reading.code_start == 1);
        if other && !(trunk && self.grouped_like_a_phone()) {
            return None;
        }
        let single = self.atoms.iter().all(|a| a.digits.len() == 1);
        let scattered = self.signs > 0 || single || self.pieced;
        // `89.000 и 339.800` are two amounts.
        let solid = self.lengths().iter().any(|length| *length > 4);
        let amounts = self.signs == 1 && !aligned && !solid && hint != Hint::Phone;
        let amounts = amounts && self.figures();
        let accepted = if likely {
            !amounts
                && (whole && !other
                    || aligned
                    || scattered
                    || hint == Hint::Phone
                    || self.digits.starts_with('0') && self.is_scattered()
                    || self.digits.len() >= 11)
        } else {
            self.accepts_possible(reading, hint, place, aligned)
        };
        let confidence = if likely { 93 } else { 80 };
        accepted.then(|| self.verdict("national", reading.plan, confidence))
    }

    /// Whether a reading that much else may have is a number here.
    fn accepts_possible(
        &self,
        reading: &Reading,
        hint: Hint,
        place: Place<'_>,
        aligned: bool,
    ) -> bool {
        let phone = hint == Hint::Phone;
        let whole = self.atoms.len() == 1;
        let home = place.is_home(reading.plan);
        // `646.5.5.5.0.1.8.8`
        let single = self.atoms.iter().skip(1).all(|a| a.digits.len() == 1);
        let single = single && self.lengths().first().is_some_and(|length| *length <= 3);
        let spoken = self.atoms.iter().all(|a| a.shape == Shape::Spoken);
        let part = single || self.atoms.iter().any(|a| a.shape == Shape::Spoken);
        let light = self.atoms.iter().skip(1).all(|a| a.before <= Between::Told);
        let common = SPELLED.contains(&reading.plan);
        let figures = self.atoms.iter().all(|a| a.shape == Shape::Figures);
        let known = common || home || reading.plan == "US";
        let zero =
            reading.code_start == 1 && self.digits.starts_with('0') && self.digits.len() >= 10;
        let trusted = light || known || !reading.plan.is_empty() && (spoken || zero);
        if !trusted {
            return false;
        }
        if figures && !whole && self.continued() {
            return false;
        }
        let disguised = self.signs > 1 && !self.measured();
        let grouped =
            self.grouped_like_a_phone() && (light || phone || disguised && (home || common));
        let strewn = (common || zero) && disguised && self.signs >= 4;
        let alone = grouped && (reading.code_start > 0 || self.grouped_without_trunk());
        let scattered = self.signs > 0 || single || self.pieced;
        aligned && !whole && (alone || phone || strewn)
            || phone && (home || aligned || scattered || whole)
            || part && self.digits.len() >= 10 && (common || spoken || home)
            || whole && hint == Hint::Nothing && home && reading.plan == "US"
    }

    /// Whether the digits stand in so many short groups as nothing else does.
    fn is_scattered(&self) -> bool {
        const LEAST: usize = 6;
        self.atoms.len() >= LEAST && self.lengths().iter().all(|length| *length <= 3)
    }

    /// Whether the groups are those of a number and no thousands, `305 555 0161`.
    fn split_like_no_amount(&self) -> bool {
        self.lengths().iter().skip(1).any(|length| *length != 3)
            && self.digits.len() >= 10
            && (self.grouped_like_a_phone() || self.grouped_without_trunk())
    }

    fn figures(&self) -> bool {
        self.atoms.iter().all(|a| a.shape == Shape::Figures)
    }

    /// Groupings in which numbers are written without a trunk prefix.
    fn grouped_without_trunk(&self) -> bool {
        let bracket = self.atoms.first().and_then(|a| self.tokens.get(a.from.checked_sub(1)?));
        bracket.is_some_and(|t| t.is("("))
            || matches!(
                self.lengths(),
                [3, 3, 2, 2]
                    | [3, 4, 4]
                    | [3, 3, 3]
                    | [3, 2, 2, 2]
                    | [3, 3, 4]
                    | [2, 3, 2, 2]
                    | [1, 3, 3, 4]
            )
    }

    /// A number of no plan that is known here, local ones of six or seven digits among them: only
    /// where it is announced right before and grouped as nothing else is.
    fn announced_number(&self) -> bool {
        if !(SHORTEST..=13).contains(&self.digits.len()) || self.atoms.len() > LOCAL_ATOMS_MAX {
            return false;
        }
        let Some((verb, marked)) = self.announced_closely() else {
            return self.lengths() == [3, 4] && self.figures() && self.asked_for();
        };
        let light = self.atoms.iter().skip(1).all(|a| a.before == Between::Light);
        let figures = self.atoms.iter().all(|a| a.shape == Shape::Figures);
        if !light || !figures || self.crowded() {
            return false;
        }
        match self.lengths() {
            [6 | 7] => verb || marked,
            [8..=13] | [3, 2, 2] | [3, 4] | [2, 2, 2] | [1, 3, 3] => true,
            groups => {
                self.digits.len() >= 8
                    && groups.iter().all(|g| (2..=5).contains(g))
                    && (verb || marked || groups.len() > 2)
            }
        }
    }

    /// Whether the announcing word stands right before, with nothing but marks between; if so, whether
    /// it is a verb, and whether a colon or a full stop follows it.
    fn announced_closely(&self) -> Option<(bool, bool)> {
        let first = self.atoms.first()?;
        let near = self.tokens.get(..first.from).unwrap_or_default().iter().rev().take(5);
        let mut marked = false;
        let mut words = 0;
        for t in near {
            match t.kind {
                Kind::Mark => marked |= matches!(t.text, ":" | "." | "-" | "="),
                Kind::Digits => return None,
                Kind::Space => {}
                Kind::Word => {
                    if VERBS.begin(t.text) {
                        return Some((true, marked));
                    }
                    if NOUNS.begin(t.text) {
                        return Some((false, marked));
                    }
                    words += 1;
                    if words == 2 {
                        return None;
                    }
                }
            }
        }
        None
    }

    /// Whether `call me at` or `my number is` stands right before a local number of seven digits.
    fn asked_for(&self) -> bool {
        const BETWEEN: &[&str] = &["me", "us", "at", "on", "is", "back", "now", "here"];
        let Some(first) = self.atoms.first().filter(|_| self.unbroken()) else {
            return false;
        };
        let before = self.tokens.get(..first.from).unwrap_or_default().iter().rev();
        let mut words = before.take_while(|t| t.kind != Kind::Digits).take(9);
        let said = words.by_ref().find(|t| t.kind == Kind::Word && !BETWEEN.contains(&t.text));
        let own = |t: &Token<'_>| matches!(t.text, "my" | "our" | "cell" | "phone" | "home");
        said.is_some_and(|t| {
            VERBS.begin(t.text)
                || t.text == "text"
                || t.text.starts_with("number") && words.take(2).any(own)
        })
    }

    /// The lengths of the groups.
    fn lengths(&self) -> &[u8] {
        self.lengths.get(..self.atoms.len()).unwrap_or_default()
    }

    /// Whether groups end where calling code, trunk and area code end.
    fn aligned(&self, reading: &Reading) -> bool {
        let mut ends = self.lengths().iter().scan(0, |at, length| {
            *at += usize::from(*length);
            Some(*at)
        });
        if reading.plan == "FR" && reading.code_end == 2 {
            return ends.all(|e| e % 2 == 0);
        }
        if matches!(reading.plan, "GB" | "") && reading.code_start == 1 {
            return ends.any(|e| (3..=6).contains(&e));
        }
        ends.any(|e| e == reading.code_end)
    }

    /// Groups of the sizes that people write numbers in: an optional short head, then two to four
    /// groups of two to four digits that never look like thousands.
    fn grouped_like_a_phone(&self) -> bool {
        static GROUPS: &[u32] = &[
            29, 36, 37, 38, 45, 46, 47, 48, 55, 56, 110, 137, 144, 146, 234, 244, 245, 246, 254,
            255, 333, 334, 335, 343, 344, 354, 433, 434, 435, 532, 533, 1333, 1334, 1532, 2322,
            2323, 2332, 3223, 3232, 3322, 3323, 3422, 4222, 4223, 4322, 5222, 12222, 13223, 13232,
            13322, 14222, 15221, 22222, 32221, 32222, 32322,
        ];
        let lengths = self.lengths().iter();
        let digits =
            lengths.fold(0_u32, |all, n| all.saturating_mul(10).saturating_add(u32::from(*n)));
        self.lengths() == [1, 10]
            || self.lengths().iter().all(|n| *n < 10) && GROUPS.binary_search(&digits).is_ok()
    }

    /// Whether more digits stand right beside the run, as in the middle of a card or account.
    fn crowded(&self) -> bool {
        let figures = |a: &Atom| a.shape == Shape::Figures && a.digits.len() >= 2;
        // `it is 500. 212-555-0147`
        let stop = |p: &Atom| {
            let after = self.tokens.get(p.to..p.to + 2);
            after.is_some_and(|after| matches!(after, [dot, gap] if dot.is(".") && is_gap(gap)))
        };
        let before = self.first.checked_sub(1).and_then(|p| self.all.get(p)).is_some_and(|p| {
            // `06 zéro 6 55`
            let first = self.atoms.first();
            let light = |a: &Atom| a.before == Between::Light && a.shape != Shape::Spoken;
            figures(p) && !stop(p) && first.is_some_and(light)
        });
        let after =
            self.all.get(self.end).is_some_and(|n| figures(n) && n.before == Between::Light);
        before || after
    }

    fn verdict(&self, rule: &'static str, plan: &'static str, confidence: u8) -> Verdict {
        let signs = u8::try_from(self.signs.min(4)).unwrap_or(4);
        let spoken = self.atoms.iter().any(|a| a.shape == Shape::Spoken);
        let rule = if spoken {
            "spoken"
        } else if self.signs > 0 {
            "disguised"
        } else {
            rule
        };
        Verdict { rule, plan, confidence: confidence.saturating_add(signs).min(99) }
    }
}
