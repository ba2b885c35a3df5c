//! What the words beside the pieces of a number say. A table and a look at a clause.

use parlour_guest::list::Heads;
use parlour_guest::scan::{Kind, Token};

use super::Led;
use super::read::Role;
use crate::atoms::is_filler;
use crate::context::{announces, begins_one, names_other, numbers};
use crate::spoken::said;
use crate::table::{Table, table};

/// By which anything may go on.
const W: u16 = 1;
/// By which a number goes on.
const S: u16 = 2;
/// That name the beginning of a number, and its end.
const B: u16 = 4;
const E: u16 = 8;
/// That what follows stands before what was told.
const P: u16 = 16;
/// That what was told is wrong.
const C: u16 = 32;
/// That say nothing.
const N: u16 = 64;
/// Whole words; the others are beginnings of some.
const X: u16 = 128;
/// By which anything may go on that has parts.
const M: u16 = 512 | W;
/// By which somebody confirms that he listens.
const O: u16 = 256;

/// Words and what they say. Sorted by bytes.
#[rustfmt::skip]
const WORDS: &[(&str, u16)] = &[
    ("and", W | X),
    ("are", N | X),
    ("area", B | X | M),
    ("au", N | X),
    ("avant", W | P | X),
    ("avec", N | X),
    ("before", W | P | X),
    ("begin", B | M),
    ("bit", X | M),
    ("c'est", N | X),
    ("chiffr", S),
    ("chunk", X | M),
    ("code", B | X | M),
    ("commenc", B | M),
    ("continu", S),
    ("d'accord", N | X | O),
    ("de", N | X),
    ("debut", B | M),
    ("derni", E | M),
    ("deuxi", M),
    ("dial", W | X),
    ("digits", S),
    ("done", N | X),
    ("down", N | X),
    ("du", N | X),
    ("début", B | M),
    ("en", N | X),
    ("end", E | X | M),
    ("ending", E | M),
    ("ends", E | X | M),
    ("ensuite", W | O),
    ("erreur", C | N | X),
    ("est", N | X),
    ("et", W | X),
    ("fin", E | X | M),
    ("final", E | M),
    ("finish", E | M),
    ("first", B | X | M),
    ("fois", N | X),
    ("front", B | X | M),
    ("go", N | X | O),
    ("goes", N | X),
    ("got", N | X | O),
    ("half", S | X),
    ("here", N | X),
    ("here's", N | X),
    ("huh", N | X | O),
    ("i", N | X),
    ("il", N | X),
    ("in", N | X),
    ("is", N | X),
    ("it", N | X | O),
    ("it's", N | X),
    ("its", N | X),
    ("j'ai", N | X),
    ("je", N | X | O),
    ("la", N | X),
    ("last", E | X | M),
    ("le", N | X),
    ("les", N | X),
    ("maintenant", W | X),
    ("me", N | X),
    ("middle", M),
    ("milieu", X | M),
    ("mine", W | X),
    ("moitié", S),
    ("morceau", M),
    ("my", N | X),
    ("next", W | O),
    ("no", N | X),
    ("non", N | X),
    ("note", W | X),
    ("notes", W | X),
    ("notez", W | X),
    ("noté", N | X | O),
    ("now", W | X),
    ("of", N | X),
    ("ok", N | X | O),
    ("okay", N | X | O),
    ("on", N | X | O),
    ("oops", C | N | X),
    ("other", N | X),
    ("oui", N | X | O),
    ("par", N | X),
    ("pardon", C | N | X),
    ("part", X | M),
    ("partie", M),
    ("parts", X | M),
    ("piece", X | M),
    ("plutôt", C | N | X),
    ("prefix", S | B),
    ("premi", B | M),
    ("puis", W | O),
    ("put", N | X),
    ("ready", N | X),
    ("rest", E | X | M),
    ("reste", E | X | M),
    ("second", X | M),
    ("sorry", C | N | X),
    ("start", B | M),
    ("suite", S | X),
    ("sure", N | X | O),
    ("that", N | X),
    ("that's", N | X),
    ("thats", N | X),
    ("the", N | X),
    ("then", W | O),
    ("third", X | M),
    ("to", N | X),
    ("troisi", M),
    ("tu", N | X),
    ("vas", N | X | O),
    ("voici", W | X),
    ("voila", N | X),
    ("voilà", N | X),
    ("wait", C | N | X),
    ("with", N | X),
    ("write", W | X),
    ("y", N | X | O),
    ("yep", N | X | O),
    ("yes", N | X | O),
    ("à", N | X),
    ("а", W | X),
    ("ага", N | X | O),
    ("басы", B | M),
    ("в", N | X),
    ("вам", N | X),
    ("вернее", C | N | X),
    ("вже", N | X),
    ("вначал", B | M),
    ("вот", W | X),
    ("впереди", S | B),
    ("все", W | X),
    ("всё", W | X),
    ("втор", M),
    ("він", N | X),
    ("да", N | X | O),
    ("далее", W | O),
    ("дальше", W | O),
    ("далі", W | O),
    ("дам", N | X),
    ("держи", W | X),
    ("держите", W | X),
    ("дикту", S),
    ("друга", X | M),
    ("еще", W | X),
    ("ещё", W | X),
    ("жалғас", S),
    ("закінч", E | M),
    ("запам'ят", O | M),
    ("запис", W | O),
    ("запиш", W | O),
    ("запомин", O | M),
    ("запомн", O | M),
    ("затем", W | O),
    ("и", W | X),
    ("й", W | X),
    ("код", B | X | M),
    ("кода", B | X | M),
    ("конец", E | M),
    ("конц", E | M),
    ("куск", S),
    ("кінец", E | M),
    ("кінц", E | M),
    ("лови", W | X),
    ("ловите", W | X),
    ("мне", N | X),
    ("мой", N | X),
    ("мій", N | X),
    ("на", N | X),
    ("наконец", W | X),
    ("нарешті", W | X),
    ("начал", B | M),
    ("начин", B | M),
    ("начн", B | M),
    ("не", N | X),
    ("нет", N | X | O),
    ("ними", N | X),
    ("ну", N | X),
    ("ні", N | X),
    ("ой", C | N | X),
    ("ок", N | X | O),
    ("она", N | X),
    ("оператор", S | B),
    ("остальн", E | M),
    ("останн", E | M),
    ("остат", E | M),
    ("ошиб", C | N),
    ("перв", B | M),
    ("перед", W | P | X),
    ("перш", B | M),
    ("пишу", N | X | O),
    ("по", N | X),
    ("половин", S),
    ("помил", C | N),
    ("понял", N | X | O),
    ("поняла", N | X | O),
    ("последн", E | M),
    ("потом", W | O),
    ("потім", W | O),
    ("почат", B | M),
    ("почин", B | M),
    ("продовж", S),
    ("продолж", S),
    ("решт", E | M),
    ("середин", M),
    ("слухаю", N | X | O),
    ("слушаю", N | X | O),
    ("слышу", N | X | O),
    ("сначала", W | B | X),
    ("соңы", E | M),
    ("сперва", W | B | X),
    ("спереди", S | B),
    ("спереду", S | B),
    ("спершу", W | B | X),
    ("спочатку", W | B | X),
    ("та", W | X),
    ("так", N | X | O),
    ("такая", N | X),
    ("такие", N | X),
    ("такой", N | X),
    ("там", N | X),
    ("тепер", W | X),
    ("теперь", W | X),
    ("точнее", C | N | X),
    ("точніше", C | N | X),
    ("трет", M),
    ("тримай", W | X),
    ("у", N | X),
    ("угу", N | X | O),
    ("уже", N | X),
    ("финал", E | M),
    ("хвост", S | E),
    ("хвіст", S | E),
    ("це", N | X),
    ("цей", N | X),
    ("цифр", S),
    ("цыфр", S),
    ("част", M),
    ("частин", M),
    ("четв", M),
    ("что", N | X | O),
    ("ще", W | X),
    ("що", N | X | O),
    ("это", W | N | X),
    ("я", N | X),
    ("і", W | X),
];

static SAYINGS: Table = table!(WORDS);
static GATE: Heads<16> = Heads::of(2, &[]).and_keys(WORDS);

/// What a word says, as the letters of [`WORDS`]; 0: nothing that is known.
fn says(word: &str) -> u16 {
    if !GATE.may_begin(word) {
        return 0;
    }
    let whole = |(length, value): &(usize, u16)| value & X == 0 || *length == word.len();
    SAYINGS.heads(word).find(whole).map_or(0, |(_, value)| value)
}

/// More strays than any piece has.
const STRAYS_MANY: usize = 99;

/// What the words of a clause on one side of some digits amount to.
#[derive(Default)]
pub struct Around {
    /// Words that have nothing to do with a number.
    pub strays: usize,
    pub said: u16,
    pub led: Led,
    /// Whether more digits stand there.
    pub digits: bool,
    /// Whether a sign for an amount or a number stands there.
    pub measures: bool,
    /// Whether a colon stands between.
    apart: bool,
}

impl Around {
    /// Reads some tokens, the nearest to the digits first, to the end of the clause: from the last one back
    /// when they stand before the digits.
    pub fn of(tokens: &[Token<'_>], back: bool) -> Self {
        let mut out = Self::default();
        for n in 0..tokens.len() {
            let at = if back { tokens.len() - 1 - n } else { n };
            let Some(token) = tokens.get(at) else {
                break;
            };
            match token.kind {
                Kind::Digits => out.digits = true,
                Kind::Mark if ends_clause(token) => break,
                Kind::Mark if token.is(":") => out.apart = true,
                Kind::Mark => {
                    out.measures |=
                        matches!(token.text, "%" | "$" | "€" | "₽" | "₴" | "£" | "°" | "№");
                }
                Kind::Space if token.text.contains('\n') => break,
                Kind::Space => {}
                Kind::Word => out.add(token.text),
            }
        }
        out
    }

    fn add(&mut self, word: &str) {
        let says = says(word);
        // `first part` is one of a number.
        let parts = self.said & says & (M - W) > 0;
        self.said |= says;
        if parts || says & S > 0 || announces(word) {
            self.led = Led::Surely;
        } else if says & W > 0 || numbers(word) {
            self.led = self.led.max(Led::Weakly);
        } else if matches!(word, "не" | "not" | "pas") && self.strays >= STRAYS_MANY {
            self.strays -= STRAYS_MANY;
        } else if says & (N | C) == 0 && !is_filler(word) && said(word).is_none() {
            // An order, a price: the digits are theirs.
            self.strays += if names_other(word) { STRAYS_MANY } else { usize::from(!self.apart) };
        }
    }

    /// Which part of a number its words name.
    pub fn role(&self) -> Role {
        match (self.said & B > 0, self.said & E > 0) {
            (true, false) => Role::Begin,
            (false, true) => Role::End,
            _ => Role::Middle,
        }
    }

    /// Whether they name parts, `in two parts`.
    pub fn counts_parts(&self) -> bool {
        self.said & (M - W) > 0
    }

    pub fn is_prior(&self) -> bool {
        self.said & P > 0
    }
}

/// Whether a mark ends a clause.
fn ends_clause(mark: &Token<'_>) -> bool {
    matches!(mark.text, "." | "," | ";" | "!" | "?")
}

/// Whether a word names a part of a number.
pub fn names_part(word: &str) -> bool {
    says(word) & (W | S) > 0
}

/// Whether a word says that what was told is wrong.
pub fn corrects(tokens: &[Token<'_>]) -> bool {
    tokens.iter().any(|t| t.kind == Kind::Word && says(t.text) & C > 0)
}

/// Whether a message of another asks for a number, and not for that of something.
pub fn asks(tokens: &[Token<'_>]) -> bool {
    const GIVE: &str =
        "give please pls svp stp дай дава есть кин можна можно надішл напиш скажи скин";
    let mut words = tokens.iter().filter(|t| t.kind == Kind::Word).peekable();
    while let Some(word) = words.next() {
        let ends = words.peek().is_none_or(|next| begins_one(next.text, GIVE));
        if announces(word.text) || ends && numbers(word.text) {
            return true;
        }
    }
    false
}

/// Whether a message of another says no more than that he listens.
pub fn confirms(tokens: &[Token<'_>]) -> bool {
    const WORDS_MAX: usize = 4;
    let mut words = tokens.iter().filter(|t| t.kind != Kind::Space).take(WORDS_MAX + 1);
    words.clone().count() <= WORDS_MAX
        && words.all(|t| t.kind == Kind::Mark || says(t.text) & O > 0)
}

/// What a message without any piece says about those beside it.
pub fn leads(tokens: &[Token<'_>]) -> Led {
    const WORDS_MAX: usize = 6;
    let words = tokens.iter().filter(|t| t.kind == Kind::Word);
    let short = words.clone().count() <= WORDS_MAX;
    let sure = |t: &Token<'_>| says(t.text) & S > 0 || announces(t.text) || numbers(t.text);
    if short && words.clone().any(sure) { Led::Surely } else { Led::No }
}
