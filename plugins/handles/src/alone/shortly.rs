//! Phrases that are a name and what says so, on no platform: `мой акк ivan_petrov`, `ivan_petrov — it's me
//! there`.

use std::ops::Range;

use parlour_guest::scan::Kind;

use crate::candidate::Candidate;
use crate::lexicon::{Row, Stems, ends_with};
use crate::scene::{Scene, Term};
use crate::weigh::POSTS;
use crate::words::{
    AFTER, BEFORE, BETTER, BETWEEN, CALL, CALL_LAST, CALL_LOOSE, FILL, GIVE, HERE, MINE, NICK, OUT,
    PLACE, PREP, SAME, THING,
};

/// Most words beside the name.
const WORDS_MAX: usize = 6;

/// Whether all other words of the phrase tell that a name is one: they ask to write, say whose it is or where
/// it is found, and speak of nothing else.
pub fn told_shortly(scene: &Scene<'_>, c: &Candidate, own: Range<usize>) -> bool {
    const TELLING: u32 = CALL | CALL_LOOSE | CALL_LAST | NICK | OUT | PLACE | SAME | THING | HERE;
    const SPEAKING: u32 = TELLING | MINE | GIVE | BETTER | BETWEEN | PREP | FILL | AFTER | BEFORE;
    const CUES: &Stems = &Stems::heads(
        "акк акаунт страниц сторінк профил профіл канал паблик паблік груп блог портфол работы роботи \
         контакт связ зв'яз зову звать звати понял зрозум знае зна know sai личк лс приват особист поиск \
         пошук соцсет соцмереж держи тримай лови смотр дивись подпис підпис записан зареган зарегис тэг \
         запиш acc page profil social portfolio work sn follow tag handle dms everywh partout compte \
         réseau privé mp photos pics tape abonne suiv",
    );
    const SMALL: &Row = row!(
        "its it's сюда сюди вы ви сами ну that's c'est bas up look see more here's thats other usual starts"
    );
    const SENT: &Stems =
        &Stems::heads("ски кид кин пришл отправ надішл надси send write пишу envo");
    const ME: &Row = row!("me i'm im am меня мене moi suis я");
    let whole = phrase(scene, &own, true);
    let whole = if whole == own { phrase(scene, &own, false) } else { whole };
    if c.letters < 5
        || scene.kind_is(c.from, Kind::Digits)
        || c.listed
        || c.common
        || !(1..=WORDS_MAX).contains(&(whole.len() - own.len()))
    {
        return false;
    }
    let all = scene.terms.iter().enumerate().take(whole.end).skip(whole.start);
    let rest = || all.clone().filter(|(n, _)| !own.contains(n)).map(|(_, t)| t);
    // Names of hosts and mailboxes have an end of their own: `портфолио тут: design24 . pro`.
    let login = || {
        let is = |t: &Term| {
            scene.begins(t.from, heads!("логин логін login")) || scene.begins(t.from, POSTS)
        };
        let near = whole.start.saturating_sub(16)..(whole.end + 16).min(scene.terms.len());
        scene.terms.get(near).is_some_and(|near| near.iter().any(is))
    };
    let ended = || ends_with(scene.text(c.to - 1), heads!("com ru net pro org ua fr info shop"));
    let dot = c.to + usize::from(scene.gap(c.to));
    let goes_on = scene.is(dot, ".") && dot + 1 < scene.tokens.len();
    if !c.underscore && (goes_on || ended() || login()) {
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
    // `я там ivan_petrov`
    let there =
        |t: &Term| scene.among(t.from, row!("там всюди скрізь there là is that's это це c'est"));
    rest().all(known)
        && (rest().any(|t| telling(t) || cue(t))
            || rest().any(|t| scene.among(t.from, ME)) && rest().any(there))
}

/// The terms of the sentence around a name, as far as no comma parts them when that counts.
fn phrase(scene: &Scene<'_>, own: &Range<usize>, comma: bool) -> Range<usize> {
    let joined = |k: usize| match scene.terms.get(k..k + 2) {
        Some([a, b]) => a.clause == b.clause && !(comma && scene.comma(a.to, b.from)),
        _ => false,
    };
    const FAR: usize = WORDS_MAX + 1;
    let before = (0..own.start).rev().take(FAR).take_while(|k| joined(*k)).count();
    let after = (own.end - 1..).take(FAR).take_while(|k| joined(*k)).count();
    own.start - before..own.end + after
}
