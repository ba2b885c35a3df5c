//! Names of several words: in quotes, with a remark on how to spell them, with numbers in words.

use parlour_guest::scan::Kind;

use crate::candidate::Candidate;
use crate::lexicon::begins;
use crate::moving::NUMBERS;
use crate::scene::Scene;
use crate::weigh::{Evidence, ends, is_filler};
use crate::words::{MINE, NEGATION, NICK, WORK};

/// Most words of such a name.
const WORDS_MAX: usize = 4;

/// The name that begins at token `n`, which a platform or a word for a name announces.
pub fn phrase(scene: &Scene<'_>, evidence: &Evidence, n: usize) -> Option<Candidate> {
    let word = scene.token(n).is_some_and(|t| matches!(t.kind, Kind::Word | Kind::Digits));
    if !word || evidence.has(NEGATION | WORK) || evidence.unknown > 0 || evidence.broken {
        return None;
    }
    let (to, words) = run(scene, n);
    let nick = evidence.has(NICK);
    let ascii = |n: usize| scene.token(n).is_some_and(|t| t.text.is_ascii());
    let unknown = |n: usize| scene.meaning(n) == 0;
    if words > 1
        && scene.before(n).is_some_and(is_quote)
        && scene.token(to).is_some_and(is_quote)
        && (n..to).step_by(2).all(|n| ascii(n) && (nick || unknown(n)))
    {
        return Some(Candidate::shapeless(n, to));
    }
    if is_filler(scene, n) {
        return None;
    }
    // The remark may be the last of the words, or stand behind a comma.
    let own = (n + 2..=to + 1).step_by(2).find(|n| remark(scene, *n)).map(|at| at - 1);
    let apart = (to..to + 3).find(|n| remark(scene, *n)).map(|_| to);
    // `телега дров, слитно`
    let told = ascii(n) || nick || evidence.led || evidence.has(MINE);
    if let Some(to) = own.or(apart).filter(|_| told) {
        return Some(Candidate::shapeless(n, to));
    }
    // `anna ninety two`
    let number = |n: usize| scene.token(n).is_some_and(|t| begins(t.text, NUMBERS));
    let counted = words > 1 && (n + 2..to).step_by(2).all(number) && ascii(n) && unknown(n);
    let counted = counted && !number(n) && ends(scene, to) && scene.token(n)?.kind == Kind::Word;
    counted.then(|| Candidate::shapeless(n, to))
}

fn is_quote(t: &parlour_guest::scan::Token<'_>) -> bool {
    matches!(t.text, "\"" | "«" | "»" | "“" | "”" | "„" | "'")
}

/// The end of the words from token `n` on that only gaps part, and how many they are.
fn run(scene: &Scene<'_>, n: usize) -> (usize, usize) {
    let part = |n: usize| {
        scene.token(n).is_some_and(|t| matches!(t.kind, Kind::Word | Kind::Digits))
            && scene.token(n + 1).is_none_or(|t| !matches!(t.kind, Kind::Word | Kind::Digits))
    };
    let (mut to, mut words) = (n, 0);
    while words < WORDS_MAX && part(to) {
        (to, words) = (to + 1, words + 1);
        if words == WORDS_MAX || !scene.gap(to) || !part(to + 1) {
            break;
        }
        to += 1;
    }
    (to, words)
}

/// Whether words at token `n` say how a name is spelled: `слитно`, `no spaces`, `en un mot`.
fn remark(scene: &Scene<'_>, n: usize) -> bool {
    let next = |n: usize, list: &str| {
        scene.gap(n + 1) && scene.token(n + 2).is_some_and(|t| begins(t.text, list))
    };
    let Some(t) = scene.token(n).filter(|t| t.kind == Kind::Word) else {
        return false;
    };
    begins(t.text, "слитно латин транслит attaché attache разом злитно")
        || scene.among(n, "без no without sans") && next(n, "пробел пробіл space espace")
        || scene.among(n, "одним одно one un") && next(n, "слов mot word seul")
        || scene.among(n, "all tout") && next(n, "one together attach lower")
        || scene.among(n, "английскими английские англ англійськими in en")
            && next(n, "букв літер latin lettres un")
}
