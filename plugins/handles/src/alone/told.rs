//! Names of several parts, `ivan_petrov` or `torty.de.lesi`, that stand apart from what tells of them: a
//! platform elsewhere in the message, or a call to write and no platform at all.

use parlour_guest::scan::Kind;

use super::path_before;
use super::shortly::told_shortly;
use crate::candidate::{Candidate, THEN, read};
use crate::contact::{Contact, contact};
use crate::platform::{INSTAGRAM, MESSENGER, Platform, SNAPCHAT, Strength, TELEGRAM};
use crate::scene::{Scene, Term};
use crate::weigh::{Evidence, POSTS, at_follows, code, in_url, provider};
use crate::words::{self, NEGATION, TECH, WORK};

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
    // `ник как у магазина`, `same as my shop`
    let same = usize::from(scene.bits & words::SAME != 0);
    let work = scene.technical > listed(WORK | TECH) + same;
    let file = scene
        .begins(c.from.wrapping_sub(2), heads!("файл file fichier папк фото photo модел model"));
    if c.technical || c.common || file || code(scene, &c) || in_url(scene, &c) || scene.secret() {
        return None;
    }
    let near = own.start.saturating_sub(FAR_MAX)..(own.end + FAR_MAX).min(scene.terms.len());
    let named = |t: &&Term| t.platform.is_some_and(|p| p.strength > Strength::Weak || t.emoji);
    let near = scene.terms.get(near)?;
    if !work
        && !numbered
        && let Some(platform) = near.iter().find(named)
    {
        if mailed(scene, &c) {
            return None;
        }
        return Some(contact(platform, c, &Evidence::default(), "far"));
    }
    // `без собачки: ivan_petrov`
    let no_at = c.underscore && near.windows(2).any(|t| matches!(t, [no, at] if no.means(NEGATION) && scene.begins(at.from, heads!("собак собач арроб arob"))));
    let address = scene.bits & words::DOT != 0
        || scene.bits & words::AT != 0 && !no_at
        || at_follows(scene, c.to);
    let shortly = !address && told_shortly(scene, &c, own.clone());
    let technical = listed(TECH) * 2 >= inside.len() && c.listed;
    let other = work || c.digits > 4 || technical || scene.work || numbered;
    if address || other && !shortly {
        return None;
    }
    let hinted = |t: &&Term| {
        let known = |p: Platform| {
            p.is(SNAPCHAT | MESSENGER | TELEGRAM)
                || p.is(INSTAGRAM) && scene.among(t.from.wrapping_sub(2), row!("the da"))
        };
        t.platform.is_some_and(|p| t.signs > 0 || known(p))
    };
    // `cherchez ivan_petrov`, `at sign then ivan_petrov`
    let led = |n: usize| {
        scene.among(
            n,
            row!(
                "я search searching cherche cherchez ищи ищите найди найдите шукай шукайте поиске пошуку \
                знайди add ajoute ajoutez добавь додай sign symbol користувача пользователя username"
            ),
        )
    };
    let back = |n: usize| scene.before(n).is_some_and(|t| t.kind != Kind::Word);
    let name = c.from - usize::from(back(c.from) && !scene.gap(c.from - 1));
    let then = 2 * usize::from(scene.among(name.wrapping_sub(2), THEN));
    let sought = c.underscore && c.letters > 6 && !c.listed && led(name.wrapping_sub(2 + then));
    let hint = near.iter().find(hinted).filter(|_| c.letters >= 6);
    let here = scene.terms.get(own.start)?;
    let told = shortly || sought || hint.is_some() || no_at && c.underscore;
    (told && !scene.file() && !mailed(scene, &c)).then(|| {
        let platform = hint.or(scene.named()).unwrap_or(here);
        contact(platform, c, &Evidence::default(), "asked")
    })
}

/// Whether a mail provider is named beside a name: `ivan_petrov на джимейле`.
fn mailed(scene: &Scene<'_>, c: &Candidate) -> bool {
    let mut near = (c.from.saturating_sub(6)..c.from).chain(c.to..c.to + 10);
    near.any(|n| scene.begins(n, POSTS))
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
        && (unknown(parts().last()) || parts().count() > 2 && scene.named().is_some())
        && !provider(scene, c.from, c.to)
}
