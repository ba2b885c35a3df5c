//! Platforms that are described rather than named: by their colour or picture, or as the forbidden one.
//! Decides nothing about contacts.

use parlour_guest::scan::Kind;

use crate::lexicon::{Row, begins};
use crate::platform::{Platform, Strength, weak};
use crate::scene::Scene;

/// What a beginning of a word hints at, as a place in the names of platforms from 1 on.
static HINTS: [(&Row, u32); 9] = [
    (heads!("син голуб blue bleu pap бумаж самол літач plane avion дуров durov"), 1),
    (heads!("зел green vert трубк"), 2),
    (heads!("фиол фіол purple violet"), 3),
    (BANNED, 16),
    (heads!("bird oiseau птиц птич птах пташ маск musk"), 22),
    (heads!("ghost fantôme fantome привид прив yellow jaune жёлт желт жовт"), 13),
    (heads!("camera камер фот photo pic картин pink розов"), 16),
    (heads!("цукер zuck visag"), 17),
    (heads!("танц danc dans clock"), 20),
];

/// Forbidden here or there.
static BANNED: &Row = &Row::heads("запр экст забор banned forb inter");

/// What the described thing is; of a ban only the last ones are spoken of.
const THINGS: &Row = &Row::heads(
    "мессендж месендж самол літач літак messenger plane airplane camera ghost app прилож додат \
    застосун avion птич птиц пташ bird oiseau трубк fantôme fantome réseau livre network соц сет мереж social emoji эмодз icon",
);
const NETWORKS: &Row = &Row::heads("соц сет мереж network social réseau");

/// What stands between a thing and what it is known by.
const LINKS: &Row = &Row::of(
    "с со з зі із with the a an avec de des du les la le en un une au petit petite appareil du des где де для of у павла в рф in",
);

/// The platform that the word at token `i` begins to describe, and where its description ends.
pub fn hinted(scene: &Scene<'_>, i: usize) -> Option<(usize, Platform)> {
    // French elides: `l'oiseau`.
    let word = |n: usize| {
        let word = scene.token(n).filter(|t| t.kind == Kind::Word).map_or("", |t| t.text);
        word.split_once('\'').map_or(word, |(_, thing)| thing)
    };
    let next = |n: usize| n + if scene.gap(n + 1) { 2 } else { 9 };
    let hint = |n: usize| HINTS.iter().find(|(list, _)| begins(word(n), list));
    // Past what links, a few words at most.
    let linked = |n: usize| {
        let mut at = next(n);
        for _ in 0..4 {
            if scene.among(at, LINKS) {
                at = next(at);
            }
        }
        at
    };
    let mut to = i;
    let found = match hint(i) {
        // `запрещённая в рф соцсеть`, `blue app`
        Some((list, nth)) => {
            let ban = std::ptr::eq(*list, BANNED);
            let things = if ban { NETWORKS } else { THINGS };
            let near = next(i);
            let at = if begins(word(near), things) { near } else { linked(i) };
            (ban || at == near)
                .then_some(at)
                .filter(|at| begins(word(*at), things))
                .map(|at| (at, *nth))
        }
        None => None,
    };
    let found = found.or_else(|| {
        // `l'appli bleue`, `сеть с фоточками`
        let at = linked(i);
        let (_, nth) = hint(at).filter(|_| begins(word(i), THINGS))?;
        // `мессенджер с самолётиком`: the rest is a name by itself.
        let named = scene.platform(at).is_some_and(|(_, p, _)| p.strength > Strength::Weak);
        let nth = (!named).then_some(nth)?;
        Some((at, *nth))
    });
    let (at, nth) = found?;
    to = to.max(at);
    // `paper plane app`, `blue bird emoji`
    while begins(word(next(to)), heads!("app messenger мессендж месендж icon emoji эмодз смайл"))
    {
        to = next(to);
    }
    if hint(next(to)).is_some_and(|(_, other)| *other == nth) {
        to = next(to);
    }
    // `l'appli bleue avec l'avion`
    let last = linked(to);
    if last > next(to) && hint(last).is_some() {
        to = last;
    }
    // The last word begins a name of its own: `camera_case`.
    let inside = scene.among(to + 1, row!("_ . -")) && !scene.gap(to + 2);
    Some((to + 1, weak(nth)?)).filter(|_| !inside)
}
