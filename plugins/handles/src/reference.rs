//! Handles that are only referred to: the same name as here, the name in the profile. Reads the order of
//! known words.

use crate::contact::Contact;
use crate::lexicon::Row;
use crate::scene::{Scene, Term};
use crate::words::{BETWEEN, FILL, HERE, LOWER, MINE, NICK, PREP, SAME};

/// Words for a name that mean other things too.
const WEAK: &Row = row!(
    "user users account profile tag id login handle handles аккаунт профиль логин тег пользователь",
);

/// `ник такой же`, `под тем же ником в инсте`, `same username on discord`
pub fn same_name(scene: &Scene<'_>, k: usize) -> Option<Contact> {
    let first = scene.terms.get(k)?;
    let wanted = if first.means(NICK) { SAME } else { NICK };
    let mut end = None;
    for (n, t) in scene.terms.iter().enumerate().skip(k + 1).take(4) {
        let last = scene.terms.get(n - 1)?;
        if (last.to..t.from).any(|n| scene.ends_clause(n)) {
            break;
        }
        let as_here = t.means(HERE)
            && scene.among(last.from, row!("как as comme як что на в у"))
            && scene.terms.get(k..n).is_some_and(|all| {
                all.iter().any(|t| scene.among(t.from, row!("как as comme як что")))
            });
        if t.means(wanted) || as_here && wanted == SAME || wanted == NICK && name_word(scene, t) {
            end = Some(n);
            break;
        }
        if !t.means(BETWEEN | SAME | FILL | MINE | NICK) {
            break;
        }
    }
    let mut last = end?;
    let same = |t: &Term| {
        const SAME: &Row = row!(
            "же такой такий той тот same même meme тем тим как як as comme идентичный одинаковый",
        );
        scene.among(t.from, SAME)
    };
    if !scene.terms.get(k..=last)?.iter().any(same) {
        return None;
    }
    // The platform and what leads to it belong to the phrase.
    let mut platform = scene.preceding(k, 5).find_map(|t| t.platform);
    for (n, t) in scene.terms.iter().enumerate().skip(last + 1).take(4) {
        if let Some(p) = t.platform {
            platform = Some(p);
            last = n;
            break;
        }
        if !t.means(PREP | BETWEEN | SAME | FILL) {
            break;
        }
        if t.means(SAME) && scene.among(t.from, row!("же")) {
            last = n;
        }
    }
    let nick = scene.terms.get(k..=last)?.iter().any(|t| t.means(NICK));
    if !nick && platform.is_none() || scene.terms.get(k..=last)?.iter().any(|t| t.means(LOWER)) {
        return None;
    }
    let weak = scene.terms.get(k..=last)?.iter().any(|t| scene.among(t.from, WEAK));
    if weak && platform.is_none() {
        return None;
    }
    if let Some(here) = as_here(scene, last) {
        last = here;
    }
    let to = scene.terms.get(last)?.to;
    let under = scene.preceding(k, 1).find(|t| scene.among(t.from, row!("под під")));
    Some(Contact {
        from: under.map_or(first.from, |t| t.from),
        to,
        platform,
        rule: "same-name",
        confidence: 70,
    })
}

/// The last term of what says where the name is to be read: `что и здесь`, `как у меня в профиле`.
fn as_here(scene: &Scene<'_>, last: usize) -> Option<usize> {
    const LIKE: &Row = row!("что как що як as like que comme");
    let next =
        |n: usize| scene.terms.get(n).filter(|t| !scene.comma(scene.terms[n - 1].to, t.from));
    let more = next(last + 1).is_some_and(|t| t.means(SAME));
    let last = last + usize::from(more);
    let first = next(last + 1)?;
    let like = scene.among(first.from, LIKE);
    if !like && !first.means(HERE) {
        return None;
    }
    (last + 1..last + 7)
        .map_while(|n| next(n).map(|t| (n, t)))
        .take_while(|(_, t)| t.platform.is_none() && t.bits != 0)
        .find(|(_, t)| t.means(HERE))
        .map(|(n, _)| n)
}

fn name_word(scene: &Scene<'_>, t: &Term) -> bool {
    scene.among(t.from, row!("именем name nom ім'ям имя"))
}
