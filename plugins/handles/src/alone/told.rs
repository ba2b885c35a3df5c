//! Names of several parts, `ivan_petrov` or `torty.de.lesi`, that stand apart from what tells of them: a
//! platform elsewhere in the message, or a call to write and no platform at all.

use parlour_guest::scan::Kind;

use super::path_before;
use super::shortly::told_shortly;
use crate::candidate::{Candidate, read};
use crate::contact::{Contact, contact};
use crate::lexicon::{Row, Stems, among, begins};
use crate::platform::Strength;
use crate::scene::{Scene, Term};
use crate::weigh::{Evidence, POSTS, at_follows, code, ends, in_url, provider};
use crate::words::{
    self, AFTER, BETWEEN, CALL, CALL_LOOSE, FILL, HERE, MINE, NEGATION, NICK, PREP, TECH, WORK,
};

/// Most words between a platform and a name that stands elsewhere in the message.
const FAR_MAX: usize = 16;

/// The name of several parts around the underscore or full stop at token `i`.
#[inline(never)]
pub fn far(scene: &Scene<'_>, i: usize) -> Option<Contact> {
    let start = (i.saturating_sub(16)..i).rev().take_while(|n| {
        scene.token(*n).is_some_and(|t| {
            matches!(t.kind, Kind::Word | Kind::Digits) || matches!(t.text, "_" | ".")
        })
    });
    let start = start.last().unwrap_or(i);
    let c = read(scene, start).filter(|c| c.latin && c.letters >= 4)?;
    // `add me: ivanpetrov88`
    let numbered = !c.underscore && scene.kind_is(i, Kind::Digits);
    if !c.underscore && !numbered && !dotted(scene, &c) {
        return None;
    }
    let own = scene.next(c.from)..scene.next(c.to);
    // Behind a slash, written or said, it is the path of a link.
    if scene.is(c.from.wrapping_sub(1), "=") || path_before(scene, c.from) {
        return None;
    }
    let inside = scene.terms.get(own.clone()).unwrap_or_default();
    let listed = |bits| inside.iter().filter(|t| t.means(bits)).count();
    // A bot or a channel has a name that people write to.
    let holder = own.start.checked_sub(1).filter(|k| {
        let near = scene.terms.get(*k).is_some_and(|t| t.means(WORK) && t.to + 1 == c.from);
        near && listed(TECH) < 2 && inside.len() > 2
    });
    // `ник как у магазина`, `same as my shop`
    let same = usize::from(scene.bits & words::SAME != 0);
    let work = scene.technical > listed(WORK | TECH) + usize::from(holder.is_some()) + same;
    let file = scene.begins(c.from.wrapping_sub(2), heads!("файл file fichier папк фото photo"));
    if c.technical || c.common || file || code(scene, &c) || in_url(scene, &c) || scene.secret() {
        return None;
    }
    // `ivan_petrov на джимейле`
    let mut mailed = scene.tokens.get(c.to..)?.iter().take(10);
    if mailed.any(|t| begins(t.text, POSTS)) {
        return None;
    }
    let near = own.start.saturating_sub(FAR_MAX)..(own.end + FAR_MAX).min(scene.terms.len());
    let named = |t: &&Term| t.platform.is_some_and(|p| p.strength > Strength::Weak || t.emoji);
    let near = scene.terms.get(near)?;
    if !work
        && !numbered
        && let Some(platform) = near.iter().find(named)
    {
        return Some(contact(platform, c, &Evidence::default(), "far"));
    }
    // `без собачки: ivan_petrov`
    let no_at = c.underscore && scene.terms.windows(2).any(|t| matches!(t, [no, at] if no.means(NEGATION) && scene.begins(at.from, heads!("собак собач арроб arob"))));
    let address = scene.bits & words::DOT != 0
        || scene.bits & words::AT != 0 && !no_at
        || at_follows(scene, c.to);
    let shortly = !address && !scene.file() && told_shortly(scene, &c, own.clone());
    let technical = listed(TECH) * 2 >= inside.len() && c.listed;
    let other = work || c.digits > 4 || technical || scene.work || scene.file() || numbered;
    if address || other && !shortly {
        return None;
    }
    let hinted = |t: &&Term| {
        let known = |name| {
            matches!(name, "snapchat" | "messenger" | "telegram")
                || name == "instagram" && scene.among(t.from.wrapping_sub(2), row!("the da"))
        };
        t.platform.is_some_and(|p| t.signs > 0 || known(p.name))
    };
    let hint = near.iter().find(hinted).filter(|_| c.letters >= 6);
    let here = scene.terms.get(own.start)?;
    let cue = || {
        c.underscore
            && c.letters >= 6
            && !c.listed
            && !c.common
            && (no_at || cue(scene, &c, own.start))
    };
    (shortly || hint.is_some() || cue() || asked(scene, &c, own)).then(|| {
        let platform = hint.or(scene.named()).unwrap_or(here);
        contact(platform, c, &Evidence::default(), "asked")
    })
}

/// Whether what stands before a name tells that people are looked for, found or named somewhere: `вбей в
/// поиск`, `my handle's`, `ник везде один`, `сами знаете где`.
fn cue(scene: &Scene<'_>, c: &Candidate, k: usize) -> bool {
    const CUES: &Stems = &Stems::heads(
        "поиск пошук search recherch вбей вбив забей забив набер наби ник нік nick pseud юз username везде \
         всюди скрізь partout everywh соцсет соцмереж handle",
    );
    let led = scene.is(c.from.wrapping_sub(2), ":");
    let near = |list: &Stems, most| {
        let mut before = scene
            .preceding(k, most)
            .take_while(|t| led || t.bits != 0 || scene.begins(t.from, list));
        before.any(|t| scene.begins(t.from, list))
    };
    let over = !scene.gap(c.to) || !scene.kind_is(c.to + 1, Kind::Word);
    over && near(CUES, 3) && !scene.among(c.from.wrapping_sub(2), row!("handles"))
}

/// Whether a name of words with full stops between is no address, no file and no two sentences.
fn dotted(scene: &Scene<'_>, c: &Candidate) -> bool {
    let parts = || (c.from..c.to).filter(|n| scene.kind_is(*n, Kind::Word));
    let unknown = |n: Option<usize>| {
        n.is_some_and(|n| scene.meaning(n) == 0 && scene.token(n).is_some_and(|t| t.text.len() > 2))
    };
    c.strong
        && c.letters >= 8
        && !c.dashed
        && (unknown(parts().next()) || parts().count() > 2 && scene.named().is_some())
        && (unknown(parts().last()) || parts().count() > 2 && scene.named().is_some())
        && parts().count() > 1
        && !provider(scene, c.from, c.to)
}

/// Whether a name is told so that people write to it or find it, on whatever platform: `ищи ivan_petrov`,
/// `add me ivan_petrov`, `я там ivan_petrov`, `ivan_petrov это я`.
fn asked(scene: &Scene<'_>, c: &Candidate, own: std::ops::Range<usize>) -> bool {
    const CALLS: &Stems = &Stems::heads(
        "пиши пишіт напиши напишіт ищи ищит найди найде найті найти доб додай додав підпиш підписуй подпиши подписыв стуч стук шукай шукат пошук знайди знайде лови hmu связ зв'яз контакт contact",
    );
    const CALLS_ALONE: &Row = row!("cherche cherchez retrouve ajoute add dm find");
    const ME: &Row = row!("я i'm im am suis мене меня зовут звать звати me moi");
    const EVERYWHERE: &Row = row!("там везде всюди скрізь сюда сюди there everywhere partout là");
    let text = |t: &Term| scene.text(t.from);
    let is = |t: &Term, list: &Row| among(text(t), list);
    let before = |most| scene.preceding(own.start, most);
    let near = |most, list: &Row| before(most).any(|t| is(t, list));
    // No thing is spoken of: `find the sofa_corner model`.
    let goes_on = AFTER | BETWEEN | PREP | FILL | CALL | CALL_LOOSE | MINE | NEGATION | HERE;
    let rest =
        scene.gap(c.to) && scene.term_at(c.to + 1).is_some_and(|(_, t)| t.bits & goes_on == 0);
    if rest || !ends(scene, c.to) || near(1, row!("the a an un une le la les")) {
        return false;
    }
    let call = |t: &Term| begins(text(t), CALLS);
    let known = before(4).all(|t| t.bits != 0 || call(t) || is(t, EVERYWHERE));
    let mine = before(4).any(|t| t.means(MINE));
    let led = before(1).any(|t| t.means(BETWEEN) || is(t, EVERYWHERE));
    before(1).any(|t| call(t) || c.underscore && is(t, CALLS_ALONE) && scene.terms.len() < 8)
        || near(1, ME)
        || led && near(2, ME)
        || known && before(4).any(call)
        || mine
            && (near(4, EVERYWHERE)
                || before(4).any(|t| t.means(CALL_LOOSE) && !t.means(NICK) && near(4, ME)))
}
