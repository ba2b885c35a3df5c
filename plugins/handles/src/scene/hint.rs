//! Platforms that are described rather than named: by their colour or picture, or as the forbidden one.
//! Decides nothing about contacts.

use parlour_guest::scan::Kind;

use crate::lexicon::{Row, Stems, begins};
use crate::platform::{Platform, Strength, slang, weak};
use crate::scene::Scene;

/// What a beginning of a word hints at, as a place in the names of platforms from 1 on.
static HINTS: [(&Stems, u32); 10] = [
    (heads!("blurpl gam гейм"), 6),
    (heads!("син голуб blue bleu pap бумаж самол літач plane avion дуров durov russ русск"), 1),
    (heads!("зел green vert трубк"), 2),
    (heads!("фиол фіол purple violet"), 3),
    (BANNED, 16),
    (heads!("bird oiseau птиц птич пташ маск musk"), 22),
    (heads!("ghost fantôme fantome привид прив yellow jaune жёлт желт жовт"), 13),
    (heads!("camera камер фот photo pic картин pink rose розов"), 16),
    (heads!("цукер zuck visag faces"), 17),
    (heads!("танц danc dans clock short"), 20),
];

/// Forbidden here or there.
static BANNED: &Stems = &Stems::heads("запр экст забор banned forb inter");

/// What the described thing is; of a ban only the last ones are spoken of.
const THINGS: &Stems = &Stems::heads(
    "мессендж месендж самол літач літак messenger plane airplane camera ghost app прилож додат \
    застосун avion птич птиц пташ bird oiseau трубк fantôme fantome réseau livre book site network соц сет мереж social emoji эмодз icon truc thing chat прог video",
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

/// What people do or see on a platform, by beginnings of words, as a place in the names of platforms from
/// 1 on.
static CUES: [(&Stems, u32); 7] = [
    (
        heads!(
            "канал chann chaîn cana стикер стікер sticker паш чатик знае понял понимае зна созд засн"
        ),
        1,
    ),
    (heads!("коротк видос видео відео vid short нот note musi музык"), 20),
    (heads!("карти сторис сторіс story stories истори рил ріл reel квадрат square"), 16),
    (heads!("гравц игров войс voice голосов"), 6),
    (heads!("твит tweet"), 22),
    (heads!("собак двум двом буквам друз однокласс"), 18),
    (heads!("face лиц"), 17),
];

/// Where something is to be seen.
const WHERE: &Row = row!("где де where où");

/// Most words between what is spoken of and what it is known by.
const WAY_MAX: usize = 5;

/// Letters that names begin with, and their places.
const LETTERS: [(&str, u32); 6] =
    [("t т", 1), ("i и і", 16), ("d д", 6), ("w", 2), ("в", 18), ("v", 3)];

/// The platform that a word tells of.
fn cue(word: &str) -> Option<u32> {
    let mut all = CUES.iter().chain(&HINTS).filter(|(list, _)| !std::ptr::eq(*list, BANNED));
    all.find(|(list, _)| begins(word, list)).map(|(_, nth)| *nth)
}

/// A platform by what there is to see: `там где каналы и стикеры`, `the app with reels`, `le réseau avec
/// les storys`. Begins with the word for a place or a thing at token `i`.
pub fn described(scene: &Scene<'_>, i: usize) -> Option<(usize, Platform)> {
    const LEADS: &Row = row!(
        "me là la там туда туди в у на в. во же то та the that on in sur l' le un dans through через look up find",
    );
    const WITH: &Row = row!("с со з із для от від with for of avec pour des à au aux");
    let word = |n: usize| scene.token(n).filter(|t| t.kind == Kind::Word).map_or("", |t| t.text);
    let next = |n: usize| if scene.gap(n + 1) { Some(n + 2) } else { None };
    let place = scene.among(i, WHERE);
    let elided = word(i).contains('\'');
    let led = i == 0
        || elided
        || i > 1 && scene.among(i - 2, LEADS)
        || i > 3 && scene.among(i - 4, LEADS)
        || !scene.gap(i - 1);
    if !led || scene.terms.len() > 16 {
        return None;
    }
    let (mut at, mut linked, mut found): (_, _, Option<(usize, u32)>) = (i, place, None);
    for _ in 0..WAY_MAX {
        let Some(n) = next(at) else {
            break;
        };
        // `приложение на букву т`, `app that starts with T`
        if scene.among(at, row!("на with par by букву літеру letter lettre"))
            && let Some((_, nth)) =
                LETTERS.iter().find(|(letters, _)| letters.split(' ').any(|l| l == word(n)))
        {
            return slang(*nth).map(|p| (n + 1, p));
        }
        linked |= scene.among(n, WHERE) || scene.among(n, WITH);
        found = cue(word(n))
            .filter(|_| linked)
            .map(|nth| (n, found.map_or(nth, |(_, nth)| nth)))
            .or(found);
        at = n;
    }
    let (mut at, nth) = found?;
    // `от создателя вк`
    if begins(word(at), heads!("созд засн")) {
        at = next(at)?;
    }
    let inside = scene.among(at + 1, row!("_ . -")) && !scene.gap(at + 2);
    // What goes on is a sentence of its own: `where the pictures hang`.
    let goes_on = place
        && scene.kind_is(at + 2, Kind::Word)
        && scene.meaning(at + 2) == 0
        && (scene.gap(at + 3) || scene.among(at + 3, row!(", !")));
    slang(nth).filter(|_| !inside && !goes_on).map(|p| (at + 1, p))
}
