//! Numbers whose area or operator code stands apart, with a word for it: `code 067, the rest 555 01 39`,
//! `555-01-39, area code 415`. Digits come from `atoms`, countries from `plan`.

use parlour_guest::Folded;
use parlour_guest::list::Row;
use parlour_guest::scan::{Kind, Token};

use crate::atoms::{Atom, Between};
use crate::context::{announces, begins_one, numbers};
use crate::detect::Number;
use crate::plan::{lengths, monotonous};
use crate::strewn::goes_on;
use crate::turned::number;

/// The words, by language.
static CODES: Row = Row::of("code indicatif prefix код кода кодом коду префикс префікс");

/// Beginnings of words that say what of.
const WHAT_OF: &str = "area city is mobil oper pays ville город міст моб опер";

/// The number of a text that tells the code of one apart. `atoms` is what a plain reading met.
pub fn coded(folded: &Folded, tokens: &[Token<'_>], atoms: &[Atom]) -> Option<Number> {
    // More groups than a message has that tells one number.
    const ATOMS_MAX: usize = 12;
    if !(2..=ATOMS_MAX).contains(&atoms.len()) {
        return None;
    }
    let word = tokens.iter().position(|t| t.kind == Kind::Word && CODES.contains(t.text))?;
    let first = atoms.iter().position(|a| a.from > word)?;
    let code = atoms.get(first)?;
    // `8 916` is one code.
    let end = first + if code.digits.len() == 1 { 2 } else { 1 };
    let code_to = atoms.get(end - 1)?.to;
    if !led(tokens, word + 1, code.from, |w| begins_one(w, WHAT_OF)) {
        return None;
    }
    let wall = |a: &Atom| a.before == Between::Wall;
    let next = atoms.get(end + 1..).unwrap_or_default().iter().position(wall);
    let last = atoms.get(..first)?.iter().rposition(wall);
    let behind = (end, next.map_or(atoms.len(), |n| end + 1 + n), code_to, true);
    let before = (last.unwrap_or(first), first, word, false);
    for (from, to, gap, is_behind) in [behind, before] {
        let Some(((one, other), rest)) =
            atoms.get(from).zip(atoms.get(to.wrapping_sub(1))).zip(atoms.get(from..to))
        else {
            continue;
        };
        let (from, to) = if is_behind { (gap, one.from) } else { (other.to, gap) };
        let mut digits = String::new();
        for atom in atoms.get(first..end).unwrap_or_default().iter().chain(rest) {
            digits.push_str(&atom.digits);
        }
        // A single mark or space parts the digits of other codes, too.
        if from + 1 < to
            && led(tokens, from, to, leads)
            && lengths(&digits) >> digits.len() & 1 == 1
            && !monotonous(&digits)
        {
            let (from, to) = if is_behind { (code.from, other.to) } else { (one.from, code_to) };
            return tokens.get(from..to).map(|run| number(folded, run, ""));
        }
    }
    None
}

/// Whether few words stand at tokens `from..to`, all of a kind.
fn led(tokens: &[Token<'_>], from: usize, to: usize, kind: fn(&str) -> bool) -> bool {
    const WORDS_MAX: usize = 4;
    let mut words = 0;
    tokens.get(from..to).unwrap_or_default().iter().all(|t| {
        words += usize::from(t.kind == Kind::Word);
        t.kind != Kind::Word || words <= WORDS_MAX && kind(t.text)
    })
}

/// Whether a word leads from a code to the rest.
fn leads(word: &str) -> bool {
    goes_on(word) || announces(word) || numbers(word) || begins_one(word, WHAT_OF)
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
        check("zip code 98765-4321", "");
    }
}
