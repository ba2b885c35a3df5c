//! Short messages that are a name and what says so, on no platform: `мой акк ivan_petrov`, `ivan_petrov — it's
//! me there`.

use std::ops::Range;

use crate::candidate::Candidate;
use crate::lexicon::{Row, Stems, ends_with};
use crate::scene::{Scene, Term};
use crate::words::{
    AFTER, BEFORE, BETTER, BETWEEN, CALL, CALL_LAST, CALL_LOOSE, FILL, GIVE, HERE, MINE, NICK, OUT,
    PLACE, PREP, SAME, THING,
};

/// Most words beside the name.
const WORDS_MAX: usize = 6;

/// Whether all other words of a short message tell that a name is one: they ask to write, say whose it is or
/// where it is found, and speak of nothing else.
pub fn told_shortly(scene: &Scene<'_>, c: &Candidate, own: Range<usize>) -> bool {
    const TELLING: u32 =
        CALL | CALL_LOOSE | CALL_LAST | MINE | NICK | OUT | PLACE | SAME | THING | GIVE | HERE;
    const SPEAKING: u32 = TELLING | BETTER | BETWEEN | PREP | FILL | AFTER | BEFORE;
    const CUES: &Stems = &Stems::heads(
        "акк акаунт страниц сторінк профил профіл канал паблик паблік груп блог портфол рабо робо контакт личк лс приват особист \
         поиск пошук соцсет соцмереж держи тримай лови смотр дивись подпис підпис записан зареган зарегис отзыв отме тэг \
         фоллов черкан чиркан постуч маякн запиш запомн загугл называ acc page profil social portfolio work screen sn follow \
         tag handle dms everywh partout compte réseau privé mp créations photos pics reach slide check tape abonne suiv viens appel",
    );
    const SMALL: &Row =
        row!("its it's there at up look see more here's that's thats other usual starts");
    const ME: &Row = row!("me i'm im am меня мене moi suis");
    let others = scene.terms.len() - own.len();
    if c.letters < 5 || c.listed || c.common || !(1..=WORDS_MAX).contains(&others) {
        return false;
    }
    let rest = || scene.terms.iter().enumerate().filter(|(n, _)| !own.contains(n)).map(|(_, t)| t);
    // The name of a mailbox has an end of its own.
    let mail = !c.underscore && ends_with(scene.text(c.to - 1), heads!("com ru net"))
        || !c.underscore && rest().any(|t| scene.begins(t.from, heads!("логин login")));
    if mail {
        return false;
    }
    let numbered = !c.underscore && c.digits > 0;
    let cue = |t: &Term| scene.begins(t.from, CUES);
    let small = |t: &Term| scene.among(t.from, SMALL);
    let telling = |t: &Term| {
        if numbered { t.means(NICK) || scene.among(t.from, ME) } else { t.means(TELLING) }
    };
    rest().all(|t| t.means(SPEAKING) || t.platform.is_some() || cue(t) || small(t))
        && rest().any(|t| telling(t) || cue(t))
}
