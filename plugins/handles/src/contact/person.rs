//! Names of persons, where a network is known for real names: `фб Ivan Petrov`.

use parlour_guest::scan::Kind;

use super::REAL_NAMES;
use crate::candidate::Candidate;
use crate::lexicon::ascii_only;
use crate::platform::{OK, Strength};
use crate::scene::{Scene, Term};
use crate::weigh::{Evidence, ends};
use crate::words::{CALL, CALL_LOOSE, MINE, NEGATION, NICK, PREP, STOP, WORK};

/// Most words of a name.
const WORDS_MAX: usize = 4;

/// Whether a part of a person's name stands at token `n`.
fn part(scene: &Scene<'_>, n: usize) -> bool {
    let other = |t: &Term| t.platform.is_some() || t.means(WORK | STOP);
    let word = scene.token(n).is_some_and(|t| {
        // `O'Neill` but not `I'm`
        let elided = ascii_only(t.text) && t.text.contains('\'') && t.text.len() < 6;
        t.kind == Kind::Word && t.text.len() > 2 && !elided
    });
    word && scene.capital(n) && !scene.term_at(n).is_some_and(|(_, t)| other(t))
}

/// Where the two to four words of a name end that begins at token `n`; a word may have two parts.
pub fn full_name_end(scene: &Scene<'_>, n: usize) -> Option<usize> {
    let (mut to, mut words) = (n, 0);
    while words < WORDS_MAX && part(scene, to + usize::from(words > 0)) {
        to += 1 + usize::from(words > 0);
        if scene.is(to, "-") && part(scene, to + 1) {
            to += 2;
        }
        words += 1;
        if !scene.gap(to) {
            break;
        }
    }
    (words > 1).then_some(to)
}

/// `фб Ivan Petrov`, `найди меня в вк: Анна Смирнова`: a full name beside a network of real names, when
/// the sentence asks to be found.
pub fn full_name(
    scene: &Scene<'_>,
    term: &Term,
    evidence: &Evidence,
    n: usize,
) -> Option<Candidate> {
    let platform = term.platform.filter(|p| p.is(REAL_NAMES))?;
    let to = full_name_end(scene, n)?;
    // The message is nothing else, or asks to be found.
    let own = |t: &Term| (n..to).contains(&t.from) && t.bits == 0;
    let only = || scene.terms.iter().all(|t| own(t) || t.platform.is_some() || t.means(PREP));
    let called = scene.among(n.wrapping_sub(4), row!("nom")) && evidence.unknown < 2;
    let asked = evidence.has(MINE | NICK | CALL | CALL_LOOSE) || evidence.led || called;
    let sure = platform.strength > Strength::Weak
        || evidence.has(MINE | NICK | CALL | CALL_LOOSE) && !platform.is(OK)
        || term.signs > 1 && evidence.led;
    // `одноклассники: Иван Петров, Мария Котова` are people at school.
    let several = scene.is(to, ",") && part(scene, to + 2);
    let fits = sure
        && (asked || only())
        && !several
        && !evidence.has(WORK | NEGATION)
        && (evidence.unknown == 0 || called)
        && ends(scene, to);
    fits.then(|| Candidate::shapeless(n, to))
}
