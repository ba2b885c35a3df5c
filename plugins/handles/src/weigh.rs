//! What speaks for or against a shape being a contact: the words and marks around it.

use parlour_guest::scan::Kind;

use crate::alone::{DECORATORS, path_before};
use crate::candidate::{Candidate, is_wrap};
use crate::contact::remark;
use crate::lexicon::{Row, Stems, among, ascii_only, ends_with};
use crate::platform::{DISCORD, Strength};
use crate::scene::{Scene, Term};
use crate::words::{
    self, AFTER, BETWEEN, CALL, CALL_LAST, MINE, NEGATION, NICK, PREP, SAME, STOP, WORK,
};

/// Most words between a platform and its handle.
const BETWEEN_MAX: usize = 7;
/// Most words of them that no list knows.
const UNKNOWN_MAX: usize = 2;

/// What stands around a platform and speaks for or against a contact.
#[derive(Clone, Copy, Default)]
pub struct Evidence {
    pub bits: u32,
    /// A colon, a dash or an arrow leads to the handle.
    pub led: bool,
    /// A full stop or a line break lies between.
    pub broken: bool,
    pub words: usize,
    pub unknown: usize,
    /// How many of these words no list knows at all.
    pub foreign: usize,
}

impl Evidence {
    pub fn has(&self, bits: u32) -> bool {
        self.bits & bits != 0
    }
}

/// What people have on a platform, and name behind it.
pub const PAGES: &Row = row!(
    "name app appli application канал каналі channel chan chaîne page страница страничка страницу сторінка сторінку группа группе група групі group groupe паблик паблік public профиль профіль profil profile account compte аккаунт акк акаунт",
);

/// Past one token between a platform and a handle, or nothing when the search ends.
#[inline(never)]
pub fn step(scene: &Scene<'_>, n: usize, evidence: &mut Evidence) -> Option<usize> {
    let token = scene.token(n)?;
    match token.kind {
        Kind::Space => {
            evidence.broken |= !token.is_gap();
            Some(n + 1)
        }
        Kind::Digits => (token.text.len() <= 2 && scene.gap(n + 1))
            .then_some(n + 1)
            .filter(|_| evidence.unknown == 0)
            .inspect(|_| evidence.unknown += 2),
        Kind::Mark => {
            if token.text == "?" {
                return None;
            }
            evidence.led |= leads(token.text);
            let row = token.is(".") && (scene.is(n + 1, ".") || scene.is(n.wrapping_sub(1), "."));
            // `tg...ivanpetrov`: dots without space lead as a dash does.
            evidence.led |= row && scene.kind_is(n + 1, Kind::Word);
            evidence.broken |= !row && matches!(token.text, "." | "!" | ";");
            Some(n + 1)
        }
        Kind::Word => {
            let (_, term) = scene.term_at(n)?;
            // `youtube channel ivan_petrov`
            let page = evidence.words == 0 && scene.among(n, PAGES);
            if remark(scene, n) || remark(scene, n.wrapping_sub(2)) && term.means(words::SPELLING) {
                return Some(n + 1);
            }
            evidence.words += usize::from(!page);
            if term.platform.is_some_and(|p| p.strength > Strength::Weak && !term.emoji) {
                return None;
            }
            // `yt channel at ivan`
            evidence.led |= page && scene.among(n + 2, row!("at called"));
            // `ник такой же как магазин`
            let last = n.wrapping_sub(2);
            if scene.among(last, row!("как як as que"))
                || term.means(WORK | STOP)
                    && scene.among(last, row!("my мой мій у ma mon название"))
            {
                return Some(term.to);
            }
            if !page && !term.means(BETWEEN | NICK | MINE | PREP | CALL | CALL_LAST | SAME) {
                evidence.unknown += 1;
                evidence.foreign += usize::from(term.bits == 0);
            }
            evidence.bits |= term.bits & (NICK | MINE | CALL | CALL_LAST | WORK | NEGATION);
            let more = evidence.words <= BETWEEN_MAX && evidence.unknown <= UNKNOWN_MAX;
            more.then_some(term.to)
        }
    }
}

/// Whether a mark leads from a platform to a handle.
fn leads(mark: &str) -> bool {
    match mark.as_bytes() {
        [byte] => b":-=>~|<\"+*@([{`'".contains(byte),
        _ => among(mark, row!("→ ➡ 👉 ⬇ 👇 » « “ „")),
    }
}

/// Whether the word at token `n` only fills the way to a handle.
#[inline(never)]
pub fn is_filler(scene: &Scene<'_>, n: usize) -> bool {
    scene.term_at(n).is_some_and(|(_, t)| {
        t.platform.is_some() || t.means(BETWEEN | NICK | PREP | CALL | CALL_LAST | NEGATION)
    })
}

/// Whether a word looks like an English or French word by its ending.
pub fn english_form(scene: &Scene<'_>, c: &Candidate) -> bool {
    const ENDINGS: &Stems = &Stems::heads(
        "ing ed ly tion tions able ible ful less ness ment ments ous ive ity ique eur ers",
    );
    scene.token(c.from).is_some_and(|t| ends_with(t.text, ENDINGS))
}

/// Whether the platform or its neighbours are Cyrillic, so that a Latin word stands out.
#[inline(never)]
pub fn cyrillic_around(scene: &Scene<'_>, term: &Term, c: &Candidate) -> bool {
    let of = |n: usize| {
        scene.token(n).is_some_and(|t| {
            t.kind == Kind::Word && !ascii_only(t.text) && t.text.chars().any(|c| c > '\u{3ff}')
        })
    };
    let around = term.from.saturating_sub(4)..(c.to + 4).min(scene.tokens.len());
    around.into_iter().any(of)
}

/// Whether nothing that belongs to the same phrase follows.
#[inline(never)]
pub fn ends(scene: &Scene<'_>, to: usize) -> bool {
    let mut n = to;
    while scene.gap(n)
        || scene
            .token(n)
            .is_some_and(|t| t.kind == Kind::Mark && matches!(t.text, "\"" | ")" | "'"))
    {
        n += 1;
    }
    match scene.token(n) {
        None => true,
        Some(t) if t.kind == Kind::Mark => !among(t.text, row!("/ = _ + % @")),
        Some(t) if t.kind == Kind::Space => true,
        Some(t) if t.kind == Kind::Digits => false,
        Some(t) => !ascii_only(t.text) || scene.meaning(n) & (AFTER | STOP) != 0,
    }
}

/// Whether a candidate stands in code or a path: a call, a scope, a colon of a decorator.
#[inline(never)]
pub fn code(scene: &Scene<'_>, c: &Candidate) -> bool {
    let after = scene.text(c.to);
    let decorator = c.at && scene.among(c.from + 1, DECORATORS);
    // A slash after the name of a platform only parts the two: `tg/ivan_petrov`.
    let slashes = (1..4).take_while(|back| scene.is(c.from.wrapping_sub(*back), "/")).count();
    let parted = slashes > 0
        && c.from
            .checked_sub(slashes + 1)
            .and_then(|n| scene.term_at(n))
            .is_some_and(|(_, t)| t.platform.is_some());
    let follows = scene.solid(c.to + 1);
    decorator
        || among(after, row!("( { < [ \\ /")) && follows
        || among(after, row!("= : * % & $"))
            && follows
            && !c.at
            && !scene.is(c.from.wrapping_sub(1), "*")
        || scene.before(c.from).is_some_and(|t| among(t.text, row!(". / \\ $ ` < {")))
            && !c.at
            && !parted
            && !scene.is(c.from.wrapping_sub(2), ".")
        || among(after, row!("@ `")) && !reversed(scene, c.to)
}

/// Whether the `@` at token `n` ends a name that is to be read backwards: `snrab_yllib@`.
pub fn reversed(scene: &Scene<'_>, n: usize) -> bool {
    scene.is(n, "@")
        && scene.token(n + 1).is_none_or(|t| t.kind == Kind::Space && !domain(scene, n + 2))
}

/// Whether the candidate is part of an address, which other plugins find.
#[inline(never)]
pub fn in_url(scene: &Scene<'_>, c: &Candidate) -> bool {
    let slash = scene.is(c.to, "/") && scene.solid(c.to + 1);
    let scheme = scene.is(c.to, ":") && scene.is(c.to + 1, "/");
    let mail = scene.is(c.to, "@") && !reversed(scene, c.to)
        || scene.gap(c.to) && scene.is(c.to + 1, "@") && domain(scene, c.to + 2);
    let at = c.from - usize::from(scene.is(c.from.wrapping_sub(1), "@"));
    let signed = c.at || at < c.from;
    let mail = mail || signed && !c.underscore && local_before(scene, at) && domain(scene, at + 1);
    // `kate(@)hotmail`
    let last = c.from.wrapping_sub(1);
    let own = || scene.term_at(last).is_some_and(|(_, t)| t.platform.is_none());
    let mail = mail || c.at && scene.kind_is(last, Kind::Word) && own() && !scene.is(c.from, "@");
    let host = is_host(scene, c.from, c.to) || of_host(scene, at);
    slash || scheme || mail || host
}

/// Whether tokens end as the host of a link does, or one goes on behind them, or they have a slash within.
fn is_host(scene: &Scene<'_>, from: usize, to: usize) -> bool {
    const ENDS: &Row = row!("com ком net нет org ru ру ua юа рф be gg info");
    // Names on Discord end so too.
    let discord = |t: &Term| t.platform.is_some_and(|p| p.is(DISCORD));
    let own = |n: usize| scene.among(n, row!("gg")) && scene.terms.iter().any(discord);
    let ending = |n: usize| scene.among(n, ENDS) && !scene.is(n + 1, "_") && !own(n);
    if ending(to - 1) && to > from + 2 && !deep(scene, from, to) {
        let pad = |n: &usize| scene.gap(*n) || is_wrap(scene, *n);
        let pads = (2..6).take_while(|n| pad(&to.wrapping_sub(*n))).count();
        let dot = to.wrapping_sub(2 + pads);
        if scene.is(dot, ".") || scene.meaning(dot) & words::DOT != 0 {
            return true;
        }
    }
    let next = to + usize::from(scene.gap(to));
    if scene.is(next, ".") {
        let dots = (next..next + 4).take_while(|n| scene.is(*n, ".")).count();
        let next = next + dots;
        return ending(next + usize::from(scene.gap(next)));
    }
    let low = |n: usize| scene.begins(n, heads!("ниж low"));
    let slash = |n: &usize| scene.among(*n, row!("слэш слеш slash")) && !low(n.wrapping_sub(2));
    scene.said && (from..to).any(|n| slash(&n))
}

/// Whether a name of three parts or more stands right behind a platform, the last but one no ending of hosts:
/// `skype: iryna.tutor.ua`.
fn deep(scene: &Scene<'_>, from: usize, to: usize) -> bool {
    let pad = |n: &usize| scene.gap(*n) || scene.among(*n, row!(": - = @"));
    let before = (1..4).map(|n| from.wrapping_sub(n)).find(|n| !pad(n)).unwrap_or(0);
    let named = scene.term_at(before).is_some_and(|(_, t)| t.platform.is_some());
    let dot = |n: usize| scene.is(to.wrapping_sub(n), ".");
    named && to > from + 4 && dot(2) && dot(4) && !scene.among(to - 3, row!("com co net org shop"))
}

/// How the hosts of links end that have names of people behind them.
const HOSTS: &Row = row!("com ком be me ме ми мэ мі gg гг ru ру net org ua юа");

/// Whether what stands before token `at` ends as the host of a link does: `youtube,com/@ivan`,
/// `t*.*me*/*ivan`, `t.me ivan`.
fn of_host(scene: &Scene<'_>, at: usize) -> bool {
    let me = at.wrapping_sub(1 + usize::from(scene.gap(at.wrapping_sub(1))));
    // `instagram,com,pottery`, `telegram•me•roma`
    let part = |n: usize| {
        let mark = scene.text(n.wrapping_sub(1));
        scene.among(n, HOSTS)
            && scene.kind_is(n.wrapping_sub(1), Kind::Mark)
            && scene.is(n + 1, mark)
    };
    if part(at) || part(at.wrapping_sub(2)) {
        return true;
    }
    let short = scene.among(me, row!("me ме")) && scene.is(me.wrapping_sub(1), ".");
    let path = || (2..13).any(|n| scene.among(at.wrapping_sub(n), HOSTS));
    short || path_before(scene, at) && path()
}

/// Beginnings of the names of mail providers.
pub const POSTS: &Stems = &Stems::heads(
    "gmail гмейл джимей жмейл гмаил mail майл мейл мэйл почт пошт яндекс yandex outlook hotmail yahoo icloud proton",
);

/// Whether a domain begins at token `n`, white space before it allowed.
fn domain(scene: &Scene<'_>, n: usize) -> bool {
    let n = n + usize::from(scene.gap(n));
    let word = |n: usize| scene.kind_is(n, Kind::Word);
    word(n)
        && (n + 1..n + 8)
            .any(|dot| scene.is(dot, ".") && word(dot + 1 + usize::from(scene.gap(dot + 1))))
}

/// Whether the name of a candidate is a provider's or ends as a domain does: what stands after the `@` of
/// an address.
pub fn provider(scene: &Scene<'_>, from: usize, to: usize) -> bool {
    const PROVIDERS: &Row = row!(
        "gmail yandex ya mail ukr rambler inbox bk list outlook hotmail \
        yahoo icloud proton protonmail gmx orange wanadoo laposte live meta i example жмейл гмейл джимейл \
        гмаил яндекс майл мейл мэйл укр рамблер free sfr",
    );
    const ENDS: &Row =
        row!("com ru net org ua fr kz kg by uz su uk de eu info me рф ком ру нет орг уа юа");
    let word = |n: usize| scene.kind_is(n, Kind::Word);
    let mut words = (from..to).filter(|n| {
        word(*n) && !scene.term_at(*n).is_some_and(|(_, t)| t.means(words::AT | words::DOT))
    });
    let Some(first) = words.next() else {
        return false;
    };
    let last = words.next_back();
    last.is_some_and(|n| scene.among(n, ENDS)) || last.is_none() && scene.among(first, PROVIDERS)
}

/// Whether a local part stands before the `@` at token `at`: a Latin word that no list knows.
pub fn local_before(scene: &Scene<'_>, at: usize) -> bool {
    let last = at.checked_sub(1 + usize::from(at.checked_sub(1).is_some_and(|n| scene.gap(n))));
    last.is_some_and(|n| {
        let glued = n + 1 == at;
        let word = scene.token(n).is_some_and(|t| match t.kind {
            Kind::Word => ascii_only(t.text) && (glued || scene.meaning(n) == 0),
            Kind::Digits => scene.before(n).is_some_and(|t| t.kind != Kind::Space),
            _ => false,
        });
        word && scene
            .term_at(n)
            .is_none_or(|(_, t)| t.platform.is_none_or(|p| glued && p.strength == Strength::Weak))
    })
}

/// Whether an `@`, written or said, follows token `n`: what stands before it is a local part.
pub fn at_follows(scene: &Scene<'_>, n: usize) -> bool {
    (n..n + 6).any(|n| {
        scene.token(n).is_some_and(|t| {
            t.is("@")
                || t.kind == Kind::Word && (t.text == "at" || scene.meaning(n) & words::AT != 0)
        })
    })
}
