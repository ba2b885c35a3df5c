//! Numbers whose area or operator code stands apart, with a word for it: `code 067, the rest 555 01 39`,
//! `555-01-39, area code 415`. Digits come from `atoms`, countries from `plan`.

use parlour_guest::Folded;
use parlour_guest::list::one_of;
use parlour_guest::scan::{Kind, Token};

use crate::atoms::{Atom, Between};
use crate::context::{announces, begins_one, numbers};
use crate::detect::{Number, Place};
use crate::plan::{lengths, monotonous, national};
use crate::strewn::goes_on;

/// The words, by language.
const CODES: &str = "код кода коду кодом code indicatif prefix префикс префікс";

/// Beginnings of words that say what of.
const WHAT_OF: &str = "area city countr is mobil oper pays region ville город країн міст моб област опер регион регіон стран";

/// The number of a text that tells the code of one apart. `atoms` is what a plain reading met.
pub fn coded(
    folded: &Folded,
    tokens: &[Token<'_>],
    atoms: &[Atom],
    place: Place<'_>,
) -> Option<Number> {
    // More groups than a message has that tells one number.
    const ATOMS_MAX: usize = 12;
    if !(2..=ATOMS_MAX).contains(&atoms.len()) {
        return None;
    }
    let mut words = tokens.iter().enumerate().filter(|(_, t)| t.kind == Kind::Word);
    let (word, _) = words.find(|(_, t)| one_of(CODES, t.text))?;
    let first = atoms.iter().position(|a| a.from > word)?;
    let code = atoms.get(first)?;
    // `8 916` and `+ 7 916` are one.
    let end = first + if code.digits.len() == 1 { 2 } else { 1 };
    let mut what = tokens.get(word + 1..code.from)?.iter().filter(|t| t.kind == Kind::Word);
    if what.clone().count() > 2 || !what.all(|t| begins_one(t.text, WHAT_OF)) {
        return None;
    }
    let behind = row(atoms, end, atoms.len());
    let before =
        || row(atoms, atoms.get(..first)?.iter().rposition(|a| a.before == Between::Wall)?, first);
    let told = atoms.get(first..end)?;
    let joined = |rest: &[Atom]| -> Option<Number> {
        let (head, tail) = (told.first()?, told.last()?);
        let (one, other) = (rest.first()?, rest.last()?);
        let behind = one.from >= tail.to;
        let gap = if behind { tail.to..one.from } else { other.to..word };
        let mut between = tokens.get(gap)?.iter().filter(|t| t.kind == Kind::Word);
        let leads = |t: &Token<'_>| {
            let leads = goes_on(t.text) || announces(t.text) || numbers(t.text);
            leads || begins_one(t.text, WHAT_OF)
        };
        if between.clone().count() > 4 || !between.all(leads) {
            return None;
        }
        let digits: String = told.iter().chain(rest).map(|a| a.digits.as_str()).collect();
        if lengths(&digits) >> digits.len() & 1 == 0 || monotonous(&digits) {
            return None;
        }
        let (from, to) = if behind { (head.from, other.to) } else { (one.from, tail.to) };
        let (start, stop) = (tokens.get(from)?.start, tokens.get(to.checked_sub(1)?)?.end);
        let plan = national(&digits, place.region).first().map_or("", |r| r.plan);
        Some(Number { span: folded.original(start, stop), rule: "disguised", plan, confidence: 86 })
    };
    behind.and_then(joined).or_else(|| before().and_then(joined))
}

/// The groups from `i` on that nothing parts.
fn row(atoms: &[Atom], i: usize, to: usize) -> Option<&[Atom]> {
    let more = atoms.get(i + 1..to)?.iter().take_while(|a| a.before != Between::Wall).count();
    atoms.get(i..i + 1 + more)
}

#[cfg(test)]
mod tests {
    use crate::detect::{Wishes, detect};
    use parlour_guest::Folded;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        let wishes = Wishes { region: "", languages: &[], announced: false };
        let found = detect(&Folded::plain(text), &wishes);
        let found: Vec<_> =
            found.iter().map(|n| &text[n.span.start as usize..n.span.end as usize]).collect();
        assert_eq!(found.join("|"), expected, "{text}");
    }

    #[test]
    fn a_code_that_stands_apart_belongs_to_its_number() {
        check("код 067, номер 5550139", "067, номер 5550139");
        check("код города 812, дальше 555 01 39", "812, дальше 555 01 39");
        check("код оператора 8 916 потом 555 01 39", "8 916 потом 555 01 39");
        check("номер 5550139, код 067", "5550139, код 067");
        check("five 55 - 0 one 39, area code 415", "five 55 - 0 one 39, area code 415");
        check("area code 415 then 555 0139", "415 then 555 0139");
        check("indicatif 33, puis 6 39 98 71 44", "33, puis 6 39 98 71 44");
    }

    #[test]
    fn other_codes_are_none_of_a_number() {
        check("код 067, цена 5550139", "");
        check("код товара 812, дальше 555 01 39", "");
        check("код 512, в заказе 18 позиций и 5550139", "");
        check("error code 415 in build 5550139", "");
        check("промокод 067, номер 5550139", "");
        check("код 1234, номер 12", "");
    }
}
