//! Platforms that are described rather than named: by their colour or picture, or as the forbidden one.
//! Decides nothing about contacts.

use parlour_guest::scan::Kind;

use crate::lexicon::{Row, Stems, begins};
use crate::platform::{Platform, Strength, slang, weak};
use crate::scene::Scene;

/// What a beginning of a word hints at, as a place in the names of platforms from 1 on.
static HINTS: [(&Stems, u32); 10] = [
    (heads!("blurpl gam гейм"), 6),
    (heads!("син голуб blue bleu pap бумаж самол літач plane avion дуров durov"), 1),
    (heads!("зел green vert трубк"), 2),
    (heads!("фиол фіол purple violet"), 3),
    (BANNED, 16),
    (heads!("bird oiseau птиц птич птах пташ маск musk"), 22),
    (heads!("ghost fantôme fantome привид прив yellow jaune жёлт желт жовт"), 13),
    (heads!("camera камер фот photo pic картин pink rose розов"), 16),
    (heads!("цукер zuck visag faces"), 17),
    (heads!("танц danc dans clock"), 20),
];

/// Forbidden here or there.
static BANNED: &Stems = &Stems::heads("запр экст забор banned forb inter");

/// What the described thing is; of a ban only the last ones are spoken of.
const THINGS: &Stems = &Stems::heads(
    "мессендж месендж самол літач літак messenger plane airplane camera ghost app прилож додат \
    застосун avion птич птиц пташ bird oiseau трубк fantôme fantome réseau livre book site network соц сет мереж social emoji эмодз icon",
);
const NETWORKS: &Stems = &Stems::heads("соц сет мереж network social réseau");

/// What stands between a thing and what it is known by.
const LINKS: &Row = row!(
    "с со з зі із with the a an avec de des du les la le en un une au petit petite appareil du des где де of у павла в рф in of",
);

/// The platform that the word at token `i` begins to describe, and where its description ends.
pub fn hinted(scene: &Scene<'_>, i: usize) -> Option<(usize, Platform)> {
    // French elides: `l'oiseau`.
    let word = |n: usize| {
        let word = scene.token(n).filter(|t| t.kind == Kind::Word).map_or("", |t| t.text);
        match word.split_once('\'') {
            Some((article, thing)) if article.len() < 3 => thing,
            _ => word,
        }
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
            // `gamer voice chat app`
            let mut near = next(i);
            for _ in 0..2 {
                if scene.among(near, row!("voice chat")) {
                    near = next(near);
                }
            }
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
        // `l'oiseau bleu`: the colour says less.
        let nth = hint(i).map_or(nth, |(_, own)| own);
        (!named).then_some((at, *nth))
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
    called(scene, i, to, nth)
}

/// The platform that tokens `i..=to` describe, as far as they hint at one.
fn called(scene: &Scene<'_>, i: usize, to: usize, nth: u32) -> Option<(usize, Platform)> {
    let word = |n: usize| {
        let word = scene.text(n);
        word.split_once('\'').map_or(word, |(_, thing)| thing)
    };
    // `синяя соцсеть`, `zuck's blue app`
    let zuck = |n: usize| scene.begins(n, heads!("zuck цукер"));
    let nth = if zuck(to) || i > 1 && zuck(i - 2) {
        17
    } else if nth == 1 && (i..=to).any(|n| begins(word(n), NETWORKS)) {
        18
    } else {
        nth
    };
    // `that blue plane messenger, ivanpetrov`
    let told = scene.among(to + 1, row!(", :")) && scene.kind_is(to + 3, Kind::Word);
    let sure = to > i + 3 && told && scene.token(to + 4).is_none();
    let platform = if sure { slang(nth) } else { weak(nth) };
    // The last word begins a name of its own: `camera_case`.
    let inside = scene.among(to + 1, row!("_ . -")) && !scene.gap(to + 2);
    Some((to + 1, platform?)).filter(|_| !inside)
}
