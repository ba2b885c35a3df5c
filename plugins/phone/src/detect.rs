//! Which chains of digits are telephone numbers. Knows how numbers are grouped and what makes a
//! grouping innocent; digits come from `atoms`, countries from `plan`, words around from `context`.

use parlour_guest::scan::{Token, tokens};
use parlour_guest::{Folded, Span};

use crate::atoms::{Atom, Between, Shape, atoms};
use crate::context::{Hint, hint};
use crate::plan::{Likelihood, Reading, international, national};

/// A telephone number in the original text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Number {
    pub span: Span,
    pub rule: &'static str,
    /// Country of the numbering plan, ISO 3166-1 alpha-2, or empty.
    pub plan: &'static str,
    /// 0 to 100.
    pub confidence: u8,
}

/// What the conversation says about the numbers to expect.
pub struct Wishes<'a> {
    /// ISO 3166-1 alpha-2; may be empty.
    pub region: &'a str,
    /// BCP 47 tags, most likely first; may be empty.
    pub languages: &'a [String],
}

/// E.164 allows 15 digits; `810` and the like may precede them.
const DIGITS_MAX: usize = 18;
const ATOMS_MAX: usize = 20;

/// All telephone numbers of a text, in order, none overlapping another.
#[must_use]
pub fn detect(folded: &Folded, wishes: &Wishes<'_>) -> Vec<Number> {
    let tokens = tokens(&folded.text);
    let atoms = atoms(&tokens);
    let region = region(wishes);
    let mut found = Vec::new();
    let mut i = 0;
    while i < atoms.len() {
        let Some((end, verdict)) = longest(&tokens, &atoms, i, region) else {
            i += 1;
            continue;
        };
        let (from, to) = extent(&tokens, &atoms, i, end);
        let start = tokens.get(from).map_or(0, |t| t.start);
        let stop = to.checked_sub(1).and_then(|n| tokens.get(n)).map_or(start, |t| t.end);
        found.push(Number {
            span: folded.original(start, stop),
            rule: verdict.rule,
            plan: verdict.plan,
            confidence: verdict.confidence,
        });
        i = end;
    }
    found
}

/// The region named, or that of the first language that has one of its own here.
fn region<'a>(wishes: &Wishes<'a>) -> &'a str {
    if !wishes.region.is_empty() {
        return wishes.region;
    }
    let known = wishes.languages.iter().find_map(|tag| match tag.get(..2)? {
        "ru" => Some("RU"),
        "uk" => Some("UA"),
        "fr" => Some("FR"),
        _ => None,
    });
    known.unwrap_or("")
}

struct Verdict {
    rule: &'static str,
    plan: &'static str,
    confidence: u8,
}

/// The longest run of atoms from `i` that is a number, and its end.
fn longest(
    tokens: &[Token<'_>],
    atoms: &[Atom],
    i: usize,
    region: &str,
) -> Option<(usize, Verdict)> {
    let mut ends = Vec::new();
    let mut digits = String::new();
    for (n, atom) in atoms.iter().enumerate().skip(i).take(ATOMS_MAX) {
        if n > i && atom.before == Between::Wall || digits.len() + atom.digits.len() > DIGITS_MAX {
            break;
        }
        digits.push_str(&atom.digits);
        ends.push((n + 1, digits.len()));
    }
    ends.iter().rev().find_map(|(end, length)| {
        let digits = digits.get(..*length)?;
        let run = Run::new(tokens, atoms, i, *end, digits)?;
        Some((*end, run.judge(region)?))
    })
}

/// A run of atoms with what its writing says.
struct Run<'a> {
    tokens: &'a [Token<'a>],
    atoms: &'a [Atom],
    all: &'a [Atom],
    first: usize,
    end: usize,
    digits: &'a str,
    plus: bool,
    signs: usize,
}

impl<'a> Run<'a> {
    fn new(
        tokens: &'a [Token<'a>],
        all: &'a [Atom],
        first: usize,
        end: usize,
        digits: &'a str,
    ) -> Option<Self> {
        let atoms = all.get(first..end)?;
        let odd = atoms.iter().skip(1).filter(|a| a.before == Between::Odd).count();
        let shaped = atoms.iter().filter(|a| a.shape != Shape::Figures).count();
        let mut run =
            Run { tokens, atoms, all, first, end, digits, plus: false, signs: odd + shaped };
        run.plus = run.plus_before();
        let real = digits.len() >= 6;
        real.then_some(run)
    }

    /// A `+`, or the word for it, right before the run.
    fn plus_before(&self) -> bool {
        let Some(first) = self.atoms.first() else {
            return false;
        };
        let before = self.tokens.get(..first.from).unwrap_or_default().iter().rev();
        let near = before.filter(|t| !t.is_gap() && !t.is("(")).take(1);
        near.into_iter().any(|t| matches!(t.text, "+" | "плюс" | "plus"))
    }

    fn judge(&self, region: &str) -> Option<Verdict> {
        let first = self.atoms.first()?;
        let hint = || hint(self.tokens, first.from);
        if self.plus || self.digits.starts_with("00") || self.digits.starts_with("810") {
            let bare = self.digits.strip_prefix("00").or(self.digits.strip_prefix("810"));
            let dialled = if self.plus { self.digits } else { bare.unwrap_or(self.digits) };
            if let Some(reading) = international(dialled)
                && (self.plus || dialled.len() >= 10 && hint() != Hint::Other)
                && self.digits.len() >= 9
            {
                return Some(self.verdict("international", reading.plan, 97));
            }
        }
        if (9..=14).contains(&self.digits.len())
            && let Some(reading) = national(self.digits, region)
            && let Some(verdict) = self.judge_national(&reading, hint(), region)
        {
            return Some(verdict);
        }
        if !(6..=7).contains(&self.digits.len()) {
            return None;
        }
        self.judge_local(hint())
    }

    fn judge_national(&self, reading: &Reading, hint: Hint, region: &str) -> Option<Verdict> {
        let aligned = self.aligned(reading);
        let whole = self.atoms.len() == 1;
        let crowded = self.crowded();
        if crowded && !aligned && !whole {
            return None;
        }
        let unlikely = reading.likelihood == Likelihood::Possible;
        if hint == Hint::Other && (unlikely || !(aligned && self.grouped_like_a_phone())) {
            return None;
        }
        let single = self.atoms.iter().all(|a| a.digits.len() == 1);
        let scattered = self.signs > 0 || single;
        let spoken = self.atoms.iter().all(|a| a.shape == Shape::Spoken);
        let spelled = single || self.atoms.iter().any(|a| a.shape == Shape::Spoken);
        let accepted = match reading.likelihood {
            Likelihood::Likely => {
                whole && hint != Hint::Other
                    || aligned
                    || scattered
                    || hint == Hint::Phone
                    || self.digits.len() >= 11
            }
            Likelihood::Possible => {
                let home = reading.plan == region;
                aligned && !whole && (self.grouped_like_a_phone() || hint == Hint::Phone)
                    || hint == Hint::Phone && (home || aligned || scattered || whole)
                    || spelled && self.digits.len() >= 10 && (reading.plan != "US" || spoken)
            }
        };
        let confidence = if reading.likelihood == Likelihood::Likely { 93 } else { 80 };
        accepted.then(|| self.verdict("national", reading.plan, confidence))
    }

    /// A local number of six or seven digits, only where it is announced and grouped like one.
    fn judge_local(&self, hint: Hint) -> Option<Verdict> {
        let lengths = self.lengths();
        let grouped = matches!(lengths.as_slice(), [3, 2, 2] | [3, 4] | [2, 2, 2] | [7] | [6]);
        let light = self.atoms.iter().skip(1).all(|a| a.before == Between::Light);
        (hint == Hint::Phone
            && grouped
            && light
            && !self.crowded()
            && self.atoms.iter().all(|a| a.shape == Shape::Figures)
            && self.announced_closely())
        .then(|| self.verdict("local", "", 70))
    }

    /// Whether the announcing word stands right before, with nothing but marks between.
    fn announced_closely(&self) -> bool {
        let Some(first) = self.atoms.first() else {
            return false;
        };
        let word = self.tokens.get(..first.from).unwrap_or_default().iter().rev();
        word.take(4).any(|t| {
            ["тел", "моб", "звон", "позвон", "дзвон", "tel", "phone", "call", "телефон", "набер"]
                .iter()
                .any(|w| t.text.starts_with(w))
        })
    }

    fn lengths(&self) -> Vec<usize> {
        self.atoms.iter().map(|a| a.digits.len()).collect()
    }

    /// Whether groups end where calling code, trunk and area code end.
    fn aligned(&self, reading: &Reading) -> bool {
        let mut ends = Vec::with_capacity(self.atoms.len());
        let mut at = 0;
        for atom in self.atoms {
            at += atom.digits.len();
            ends.push(at);
        }
        if reading.plan == "FR" && reading.code_end == 2 {
            return ends.iter().all(|e| e % 2 == 0);
        }
        if reading.plan == "GB" && reading.code_start == 1 {
            return ends.iter().any(|e| (3..=6).contains(e));
        }
        ends.contains(&reading.code_end)
    }

    /// Groups of the sizes that people write numbers in: an optional short head, then two to four
    /// groups of two to four digits that never look like thousands.
    fn grouped_like_a_phone(&self) -> bool {
        matches!(
            self.lengths().as_slice(),
            [1, 3, 3, 2, 2]
                | [3, 3, 2, 2]
                | [1, 3, 3, 4]
                | [3, 3, 4]
                | [2, 2, 2, 2, 2]
                | [3, 2, 2, 2, 2]
                | [3, 2, 3, 2, 2]
                | [2, 3, 2, 2]
                | [1, 2, 2, 2, 2]
                | [4, 3, 2, 2]
                | [4, 2, 2, 2]
                | [1, 4, 2, 2, 2]
                | [1, 3, 7]
                | [3, 7]
                | [5, 6]
                | [5, 3, 3]
                | [3, 4, 4]
                | [4, 6]
                | [4, 3, 3]
                | [4, 3, 4]
                | [2, 4, 4]
                | [1, 5, 3, 2]
                | [1, 5, 2, 2, 1]
                | [1, 3, 2, 2, 3]
                | [1, 3, 2, 3, 2]
                | [1, 4, 6]
                | [1, 10]
                | [3, 3, 3]
                | [3, 2, 2, 3]
                | [3, 2, 3, 2]
        )
    }

    /// Whether more digits stand right beside the run, as in the middle of a card or account.
    fn crowded(&self) -> bool {
        let figures = |a: &Atom| a.shape == Shape::Figures && a.digits.len() >= 2;
        let before = self.first.checked_sub(1).and_then(|p| self.all.get(p)).is_some_and(|p| {
            figures(p) && self.atoms.first().is_some_and(|a| a.before == Between::Light)
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

/// The tokens of a run: with the `+` or the opening bracket before it, and a bracket that it closes.
fn extent(tokens: &[Token<'_>], atoms: &[Atom], first: usize, end: usize) -> (usize, usize) {
    let mut from = atoms.get(first).map_or(0, |a| a.from);
    let mut to = end.checked_sub(1).and_then(|n| atoms.get(n)).map_or(from, |a| a.to);
    let before = |n: usize| n.checked_sub(1).and_then(|p| tokens.get(p));
    let inside = tokens.get(from..to).unwrap_or_default();
    let brackets = || inside.iter().filter(|t| matches!(t.text, "(" | ")"));
    if brackets().next().is_some_and(|t| t.is(")")) && before(from).is_some_and(|t| t.is("(")) {
        from -= 1;
    }
    let left_open = brackets().last().is_some_and(|t| t.is("("));
    if left_open && tokens.get(to).is_some_and(|t| t.is(")")) {
        to += 1;
    }
    let mut plus = from;
    if before(plus).is_some_and(Token::is_gap) {
        plus -= 1;
    }
    if before(plus).is_some_and(|t| matches!(t.text, "+" | "плюс" | "plus")) {
        from = plus - 1;
    }
    (from, to)
}
