//! Words around digits that say what the digits are. Pure lists and a look at a few words before.

mod words;

use crate::atoms::is_gap;
use crate::table::{Beginnings, beginnings};
use parlour_guest::list::one_of;
use parlour_guest::scan::{Kind, Token};
pub use words::{MONTHS, NOUNS, VERBS};
use words::{OTHER, PHONE, UNITS, WEAK};

/// What the words around some digits say about them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hint {
    /// They announce a telephone number.
    Phone,
    /// A word right before announces an order, a document, an account.
    Other,
    /// Such a word stands in the clause.
    OtherFar,
    /// A word for a price stands in the clause.
    Price,
    Nothing,
}

/// How many tokens before the digits are looked at, whatever they are.
const TOKENS: usize = 24;

/// How many words before the digits are looked at.
const WORDS: usize = 4;

/// How many words after the digits are looked at.
const WORDS_AFTER: usize = 3;

/// Words that announce a price: a long number is none.
static PRICE: Beginnings = beginnings!(&[
    "cost",
    "price",
    "prix",
    "баланс",
    "бюджет",
    "варт",
    "грн",
    "р",
    "руб",
    "стоим",
    "сума",
    "сумм",
    "цен",
    "цін",
]);

/// What the words around digits say that end before token `to`, when those before them say `said`.
/// Words after count only when those before say nothing, or when they follow at once.
#[must_use]
pub fn hint(said: Hint, tokens: &[Token<'_>], to: usize) -> Hint {
    match said {
        Hint::Phone => said,
        Hint::Nothing => after(tokens, to).unwrap_or(Hint::Nothing),
        Hint::Other | Hint::OtherFar | Hint::Price if called(tokens, to) => Hint::Phone,
        Hint::Other | Hint::OtherFar | Hint::Price => said,
    }
}

/// What the words before token `from` say: the nearest telling word wins, but `номер` gives way to what
/// it is the number of.
#[must_use]
pub fn before(tokens: &[Token<'_>], from: usize) -> Hint {
    let mut seen = 0;
    let mut weak = Hint::Nothing;
    let mut clause = true;
    let mut digits = false;
    let all = tokens.get(..from).unwrap_or_default();
    for (n, t) in all.iter().enumerate().rev().take(TOKENS) {
        match t.kind {
            Kind::Space if t.text.contains('\n') && seen > 0 => break,
            Kind::Space => continue,
            Kind::Digits => {
                digits |= seen > 0;
                continue;
            }
            Kind::Mark => {
                let ends = matches!(t.text, "!" | "?") || t.is(".") && !abbreviated(all, n);
                if ends && seen > 0 {
                    break;
                }
                clause &= !matches!(t.text, "," | ";" | "!" | "?");
                if matches!(t.text, "№" | "#") && seen == 0 {
                    weak = Hint::Other;
                }
                continue;
            }
            Kind::Word => {}
        }
        // Letters of a code are no words.
        let digit =
            |n: Option<usize>| n.and_then(|n| all.get(n)).is_some_and(|t| t.kind == Kind::Digits);
        if t.text.len() <= 2 && t.text.is_ascii() && (digit(Some(n + 1)) || digit(n.checked_sub(1)))
        {
            continue;
        }
        // `area code` and `mob no`, those of a telephone.
        let area = n.checked_sub(2).and_then(|n| all.get(n)).is_some_and(|t| t.text == "area");
        let own = n.checked_sub(2).and_then(|n| all.get(n));
        let own = own.is_some_and(|t| begins(t.text, &PHONE) || matches!(t.text, "my" | "our"));
        if t.text == "code" && area || t.text == "no" && seen <= 1 && own {
            return Hint::Phone;
        }
        // A sign for a number says less than a word, which may say that it is that of a telephone.
        let price = begins(t.text, &PRICE);
        if price && digit(n.checked_sub(2)) {
            // The unit of an amount before.
            seen += 1;
            continue;
        }
        if price
            || begins(t.text, &OTHER)
            || seen == 0 && t.text == "no"
            || t.text == "n" && seen <= 2
        {
            let near = clause && !digits && seen <= 1 && !price;
            return match (near, digits) {
                (true, _) => Hint::Other,
                (false, false) if price && t.text != "р" => Hint::Price,
                (false, false) => Hint::OtherFar,
                (false, true) => weak,
            };
        }
        if begins(t.text, &PHONE) {
            return Hint::Phone;
        }
        if WEAK.iter().any(|w| t.text.starts_with(w)) && weak == Hint::Nothing {
            weak = Hint::Phone;
        }
        seen += 1;
        if seen == WORDS {
            break;
        }
    }
    weak
}

/// Whether the full stop at token `n` ends a short word, as in `тел.`.
fn abbreviated(tokens: &[Token<'_>], n: usize) -> bool {
    let word = n.checked_sub(1).and_then(|p| tokens.get(p));
    word.is_some_and(|t| t.kind == Kind::Word && t.text.chars().count() <= 4)
}

/// Whether the words after the digits say that they are a telephone number: the very next one, or
/// `это мой телефон`, `it is my phone`.
fn called(tokens: &[Token<'_>], to: usize) -> bool {
    const FAR: usize = 10;
    const NEAR: usize = 4;
    const THIS: &str = "это він он it its it's thats that's c'est нему ней це";
    let words = tokens.get(to..).unwrap_or_default().iter().take(2 * FAR);
    let mut words = words.take_while(|t| t.kind != Kind::Digits).filter(|t| t.kind == Kind::Word);
    let near = |t: &Token<'_>| begins(t.text, &PHONE);
    let next = words.clone().next().is_some_and(near);
    let this = |t: &&Token<'_>| one_of(THIS, t.text);
    next || words.any(|t| this(&t)) && words.take(NEAR).any(|t| NOUNS.begin(t.text))
}

fn after(tokens: &[Token<'_>], to: usize) -> Option<Hint> {
    let rest = tokens.get(to..).unwrap_or_default().iter();
    let near = rest.take(TOKENS).take_while(|t| !t.text.contains('\n') && t.kind != Kind::Digits);
    let mut words = near.filter(|t| t.kind == Kind::Word).take(WORDS_AFTER).map(|t| t.text);
    if words.clone().next().is_some_and(|w| begins(w, &OTHER)) {
        return Some(Hint::OtherFar);
    }
    words.any(|w| begins(w, &PHONE) || WEAK.contains(&w)).then_some(Hint::Phone)
}

/// Whether a word announces a telephone number.
#[must_use]
pub fn announces(word: &str) -> bool {
    begins(word, &PHONE)
}

/// Whether a word announces anything else than a telephone number: an order, a price.
#[must_use]
pub fn names_other(word: &str) -> bool {
    begins(word, &OTHER) || begins(word, &PRICE)
}

/// Whether a word says no more than that a number comes.
#[must_use]
pub fn numbers(word: &str) -> bool {
    WEAK.iter().any(|w| word.starts_with(w))
}

fn begins(word: &str, beginnings: &Beginnings) -> bool {
    // Short beginnings are whole words: `р` of an account is not that of `рядом`.
    let mut stems = beginnings.of_word(word).filter_map(|length| word.get(..length));
    stems.any(|b| b.chars().count() > 3 || word == b || short_stem(word, b))
}

/// `тел`, `моб` and `инн` with a short ending, as in `тел.`, `телу`, `инном`.
fn short_stem(word: &str, stem: &str) -> bool {
    matches!(
        stem,
        "тел"
            | "моб"
            | "зво"
            | "тлф"
            | "цен"
            | "цін"
            | "руб"
            | "арт"
            | "лот"
            | "код"
            | "кад"
    ) && word.starts_with(stem)
        && word.chars().count() <= 9
}

/// Words after digits that make them a quantity: units, currencies, months.
#[must_use]
pub fn is_unit(word: &str) -> bool {
    UNITS.contains(word)
}

/// Whether a word begins with one of those of a short list, parted by spaces.
#[must_use]
#[inline(never)]
pub fn begins_one(word: &str, list: &str) -> bool {
    list.split(' ').any(|stem| word.starts_with(stem))
}

/// Whether the word at token `to`, or behind a gap, is a month.
#[must_use]
pub fn is_month(tokens: &[Token<'_>], to: usize) -> bool {
    let gap = usize::from(tokens.get(to).is_some_and(is_gap));
    tokens.get(to + gap).is_some_and(|t| t.kind == Kind::Word && MONTHS.begin(t.text))
}

#[cfg(test)]
mod tests {
    use super::{Hint, before};
    use parlour_guest::scan::tokens;

    #[track_caller]
    fn check(text: &str, expected: Hint) {
        let tokens = tokens(text);
        assert_eq!(before(&tokens, tokens.len()), expected, "{text}");
    }

    #[test]
    fn nearest_telling_word_wins() {
        check("мой тел. ", Hint::Phone);
        check("номер заказа ", Hint::Other);
        check("по заказу звоните ", Hint::Phone);
        check("call me ", Hint::Phone);
        check("инн ", Hint::Other);
        check("заказ готов, ", Hint::OtherFar);
        check("цена ", Hint::Price);
        check("за 300 грн. ", Hint::Nothing);
        check("заказ 15 готов ", Hint::Nothing);
        check("заказ готов. звонок ", Hint::Phone);
        check("приеду завтра ", Hint::Nothing);
    }
}
