//! Short messages that are a name and what says so, on no platform: `мой акк ivan_petrov`, `ivan_petrov — it's
//! me there`.

use std::ops::Range;

use parlour_guest::scan::Kind;

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
    const TELLING: u32 = CALL | CALL_LOOSE | CALL_LAST | NICK | OUT | PLACE | SAME | THING | HERE;
    const SPEAKING: u32 = TELLING | MINE | GIVE | BETTER | BETWEEN | PREP | FILL | AFTER | BEFORE;
    const CUES: &Stems = &Stems::heads(
        "акк акаунт страниц сторінк профил профіл канал паблик паблік груп блог портфол работы роботи контакт личк лс приват особист \
         поиск пошук соцсет соцмереж держи тримай лови смотр дивись подпис підпис записан зареган зарегис отзыв отме тэг \
         фоллов черкан чиркан постуч маякн запиш запомн загугл называ acc page profil social portfolio work sn follow \
         tag handle dms everywh partout compte réseau privé mp créations photos pics reach slide check tape abonne suiv viens appel",
    );
    const SMALL: &Row =
        row!("its it's there at up look see more here's that's thats other usual starts");
    const SENT: &Stems = &Stems::heads(
        "ски кид кин пришл отправ надішл надси send write напиши написат пишу text envo",
    );
    const ME: &Row = row!("me i'm im am меня мене moi suis");
    let others = scene.terms.len() - own.len();
    if c.letters < 5
        || scene.kind_is(c.from, Kind::Digits)
        || c.listed
        || c.common
        || !(1..=WORDS_MAX).contains(&others)
    {
        return false;
    }
    let rest = || scene.terms.iter().enumerate().filter(|(n, _)| !own.contains(n)).map(|(_, t)| t);
    // The name of a mailbox has an end of its own.
    let login = || rest().any(|t| scene.begins(t.from, heads!("логин login")));
    let mail = || ends_with(scene.text(c.to - 1), heads!("com ru net")) || login();
    if !c.underscore && mail() {
        return false;
    }
    let numbered = !c.underscore && c.digits > 0;
    let cue = |t: &Term| scene.begins(t.from, CUES);
    let small = |t: &Term| scene.among(t.from, SMALL);
    // What is sent is no name: `скинь plan_kuhni`.
    let led = scene.among(c.from.wrapping_sub(2), row!("на to at à"));
    let sent = |t: &Term| scene.begins(t.from, SENT) && !led;
    let telling = |t: &Term| match numbered {
        true => t.means(NICK) || scene.among(t.from, ME),
        false => t.means(TELLING) && !sent(t),
    };
    let known = |t: &Term| t.means(SPEAKING) || t.platform.is_some() || cue(t) || small(t);
    rest().all(known) && rest().any(|t| telling(t) || cue(t))
}
