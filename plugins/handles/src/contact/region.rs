//! Names that are told piece by piece: `эс вэ е тэ а, нижняя риска, foto`, `mister, then fix, then uk`,
//! `лена🌸торты транслитом`. Looked for when a platform is named and nothing else was found.

use parlour_guest::scan::Kind;

use super::{Contact, contact, remark};
use crate::candidate::{Candidate, THEN, is_letter_name, is_mark_word, is_wrap, unspaced};
use crate::lexicon::{Row, Stems, among, ascii_only, single};
use crate::moving::is_number;
use crate::platform::{Strength, TELEGRAM};
use crate::scene::{Scene, Term};
use crate::weigh::{Evidence, in_url, is_filler};
use crate::words::{self, AT, CALL, CALL_LOOSE, MINE, NICK};

/// Longest way from one piece to the next, in tokens.
const JOINT_MAX: usize = 12;

/// Words that stand between two pieces.
const FILL: &Row = row!(
    "и and та et й плюс plus слово слова word цифра цифры цифрами цифрою буква буквы capital the le mot сразу дальше короче конце кінці end fin",
);
/// Beginnings of words that say in which letters a name is written.
const SCRIPT: &Stems = &Stems::heads("латин транслит транслі англ latin");

/// Marks that join two pieces.
const JOINTS: &Row = row!("_ + / | ~ - * = > @ . ,");

/// Some pieces in a row: tokens `from..to`.
#[derive(Clone, Copy, Default)]
struct Chain {
    from: usize,
    to: usize,
    parts: usize,
    /// How often something more than white space joins two.
    joints: usize,
    /// How many of them are marks that are said, or words like "then".
    told: usize,
    latin: bool,
    letters: usize,
    numbers: usize,
    /// A picture joins some.
    pictured: bool,
}

/// How the message is read.
struct Reader<'a> {
    scene: &'a Scene<'a>,
    platform: &'a Term,
    /// Whether it may tell how a name is spelled.
    spelled: bool,
    /// Whether it says that a name is to be written in Latin letters.
    latinized: bool,
    /// Whether some words are Cyrillic, so that Latin ones stand out.
    cyrillic: bool,
}

/// The name that is told piece by piece.
pub fn region(scene: &Scene<'_>) -> Option<Contact> {
    let weak = || scene.terms.iter().find(|t| t.platform.is_some_and(|p| p.is(TELEGRAM)));
    let platform = scene.named().or_else(weak).filter(|_| !scene.work && !scene.secret())?;
    let solid = |n: usize| matches!(scene.token(n), Some(t) if t.kind == Kind::Word);
    let picture = |n: usize| !ascii_only(scene.text(n)) && scene.kind_is(n, Kind::Mark);
    let pictured = || (1..scene.tokens.len()).any(|n| picture(n) && solid(n - 1) && solid(n + 1));
    // `garik / stroit`
    let marked = || scene.terms.len() < 16 && scene.tokens.iter().any(|t| among(t.text, JOINTS));
    // `va, дальше digital, дальше 777`
    let then = || scene.tokens.iter().filter(|t| among(t.text, THEN)).count() > 1;
    let spelled = scene.spelling() || scene.said || pictured() || then();
    if !spelled && !marked() {
        return None;
    }
    let words = || scene.tokens.iter().filter(|t| t.kind == Kind::Word);
    let latinized = scene.terms.iter().any(|t| scene.begins(t.from, SCRIPT));
    let cyrillic = words().any(|t| !ascii_only(t.text) && t.text.len() > 5);
    let reader = Reader { scene, platform, spelled, latinized, cyrillic };
    let (mut best, mut n) = (Chain::default(), 0);
    while n < scene.tokens.len() && scene.spend(4) {
        if !reader.part(n) {
            n += 1;
            continue;
        }
        let chain = reader.chain(n);
        n = chain.to;
        if reader.fits(&chain) && chain.weight() > best.weight() {
            best = chain;
        }
    }
    let (mut from, mut to) = (reader.sign(best.from), best.to);
    if is_wrap(scene, from.wrapping_sub(1)) && is_wrap(scene, to) {
        (from, to) = (from - 1, to + 1);
    }
    let c = Candidate::shapeless(from, to);
    let path = (from..to)
        .any(|n| scene.is(n, "/") && scene.among(n.wrapping_sub(1), row!("me ме com ком net")));
    (best.parts > 0 && !path && !in_url(scene, &c))
        .then(|| contact(platform, c, &Evidence::default(), "pieces"))
}

impl Chain {
    fn weight(&self) -> usize {
        self.told * 4 + self.joints * 2 + self.parts
    }
}

impl Reader<'_> {
    /// Whether a piece of a name may stand at token `n`, after words that tell of one.
    fn told_part(&self, n: usize) -> bool {
        let scene = self.scene;
        let own = scene.term_at(n).is_some_and(|(_, t)| t.platform.is_none());
        scene.latin(n) && own && !remark(scene, n)
    }

    /// Whether a piece of a name may stand at token `n`.
    fn part(&self, n: usize) -> bool {
        let scene = self.scene;
        let Some(token) = scene.token(n).filter(|t| {
            let glued = scene.kind_is(n + 1, Kind::Mark) && !ascii_only(scene.text(n + 1));
            (glued || !among(t.text, FILL)) && !remark(scene, n)
        }) else {
            return false;
        };
        let named = scene.term_at(n).is_some_and(|(_, t)| t.platform.is_some());
        match token.kind {
            Kind::Digits => token.text.len() <= 4,
            Kind::Word if named || token.text.contains('\'') => false,
            Kind::Word if ascii_only(token.text) => {
                let said = scene.meaning(n) & (AT | NICK | CALL | CALL_LOOSE | MINE) != 0;
                let plain = self.cyrillic && !is_mark_word(scene, n) && !said;
                scene.meaning(n) == 0 || plain || single(token.text) || is_number(token.text)
            }
            Kind::Word => {
                let unknown = self.latinized && scene.meaning(n) == 0 && token.text.len() > 3;
                is_number(token.text) || self.spelled && is_letter_name(scene, n) || unknown
            }
            Kind::Space | Kind::Mark => false,
        }
    }

    /// The pieces from token `from` on.
    fn chain(&self, from: usize) -> Chain {
        let scene = self.scene;
        let mut chain = Chain { from, to: from, ..Chain::default() };
        let mut next = Some((from, 0, 0));
        let follows = |n, told| self.part(n) || told > 0 && self.told_part(n);
        while let Some((n, joints, told)) = next.filter(|(n, _, told)| follows(*n, *told)) {
            chain.to = n + 1;
            chain.parts += 1;
            chain.joints += joints;
            chain.told += told;
            let letter = is_letter_name(scene, n);
            chain.letters += usize::from(letter);
            chain.numbers +=
                usize::from(scene.kind_is(n, Kind::Digits) || is_number(scene.text(n)));
            let word = scene.latin(n) && !letter && !single(scene.text(n));
            chain.latin |= word && scene.meaning(n) == 0 && !is_number(scene.text(n));
            next = self.joint(n + 1);
            chain.pictured |= scene.kind_is(n + 1, Kind::Mark) && !ascii_only(scene.text(n + 1));
        }
        chain
    }

    /// Past what stands between two pieces from token `at` on: the next piece, and whether marks or words
    /// join them.
    fn joint(&self, at: usize) -> Option<(usize, usize, usize)> {
        let scene = self.scene;
        let (mut joints, mut told, mut bare) = (0, 0, true);
        if scene.token(at).is_some_and(|t| matches!(t.kind, Kind::Word | Kind::Digits)) {
            return Some((at, 0, 0));
        }
        let mut n = at;
        while n < at + JOINT_MAX {
            let token = scene.token(n)?;
            let word = token.kind == Kind::Word;
            if word && (is_mark_word(scene, n) || among(token.text, THEN)) {
                told = 1;
            } else if word && let Some(past) = unspaced(scene, n) {
                (told, bare, n) = (1, false, past);
                continue;
            } else if let Some(past) = self.aside(n) {
                (joints, told, bare, n) = (1, 1, false, past);
                continue;
            } else if token.kind == Kind::Mark
                && (among(token.text, JOINTS) || !ascii_only(token.text))
                && (!among(token.text, row!(". ,"))
                    || scene.gap(n - 1) && token.is(".")
                    || !scene.gap(n + 1))
                || is_wrap(scene, n)
                    && (!(scene.gap(n - 1) && scene.is(n, "(")) || unspaced(scene, n + 1).is_some())
            {
                joints = 1;
            } else if !(scene.gap(n) || token.is(",") || word && among(token.text, FILL)) {
                break;
            }
            bare &= scene.gap(n);
            n += 1;
        }
        // Words in a row are a name only where they stand out.
        let stands = |n: usize| {
            self.cyrillic && scene.latin(n)
                || is_letter_name(scene, n)
                || is_number(scene.text(n))
                || scene.kind_is(n, Kind::Digits)
                || self.latinized && !scene.latin(n)
        };
        let fits = n > at && (!bare || stands(n) && stands(at - 1));
        fits.then_some((n, joints, told))
    }

    /// Past words in brackets at token `at` that stand inside a name: `anna_(без скобок)_nails`.
    fn aside(&self, at: usize) -> Option<usize> {
        let scene = self.scene;
        let inside =
            |n: &usize| scene.gap(*n) || scene.kind_is(*n, Kind::Word) || scene.is(*n, ".");
        let close = (at + 1..at + JOINT_MAX).find(|n| !inside(n))?;
        let glued = !scene.gap(at - 1) && !scene.gap(close + 1);
        (scene.is(at, "(") && scene.is(close, ")") && glued).then_some(close + 1)
    }

    /// Whether pieces are a name rather than words in a row.
    fn fits(&self, chain: &Chain) -> bool {
        let scene = self.scene;
        let known = |n: usize| scene.meaning(n) & words::UNDERSCORE != 0;
        let spelled = chain.letters > 3 && (chain.told > 0 || chain.letters == chain.parts);
        let told = chain.told > 0 && (chain.latin || self.latinized);
        let sure = scene.spelling()
            || scene.said && (chain.pictured || chain.joints > 1)
            || chain.joints > 1 && chain.pictured;
        let joined = chain.joints > 0 && sure && (chain.latin || self.latinized);
        let near = (chain.to..chain.to + 4).chain(chain.from.saturating_sub(6)..chain.from);
        let words = self.latinized
            && !scene.latin(chain.from)
            && near.into_iter().any(|n| scene.begins(n, SCRIPT));
        let host = scene.among(chain.to - 1, row!("com ru ua kz fr by kg me be net org рф ком"))
            || scene.among(chain.from, row!("com ком"))
            || scene.among(chain.from, row!("gg"));
        let number = chain.numbers * 2 > chain.parts || host;
        let path = (1..8).map(|n| chain.from.wrapping_sub(n)).any(|n| {
            scene.among(n, row!("com ком / слэш слеш dot точка крапка"))
                || scene.is(n, ".") && !scene.gap(n + 1)
        });
        let remarked = (chain.to..chain.to + 4).any(|n| remark(scene, n));
        let row = remarked && self.cyrillic && chain.latin;
        let fits = self.spelled && (told || row || joined || spelled || words) && !path;
        let beside = chain.joints > 0 && chain.latin && self.beside(chain);
        chain.parts > 1 && (fits || beside) && !number && !known(chain.from)
    }

    /// Whether only what leads to a name stands between the platform and the pieces.
    fn beside(&self, chain: &Chain) -> bool {
        let scene = self.scene;
        let lead = |n: usize| match scene.kind_is(n, Kind::Word) {
            true => is_filler(scene, n) || scene.meaning(n) & MINE != 0,
            false => !scene.kind_is(n, Kind::Digits) && !scene.ends_clause(n),
        };
        let near = |from: usize, to: usize| (from..from + 12).contains(&to) && (from..to).all(lead);
        // Words in a row are no pieces.
        let apart =
            |n: usize| scene.gap(n) && scene.kind_is(n - 1, Kind::Word) && scene.latin(n + 1);
        let own = (scene.bits & (NICK | MINE) != 0 || !scene.capital(chain.from))
            && !self.platform.emoji
            && scene.latin(chain.from)
            && !(chain.from + 1..chain.to).any(apart);
        let of = |t: &Term| near(t.to, chain.from) || near(chain.to, t.from);
        own && (of(self.platform)
            || self
                .scene
                .terms
                .iter()
                .any(|t| t.platform.is_some_and(|p| p.strength > Strength::Weak) && of(t)))
    }

    /// The sign before the name that begins at token `from`, if there is one.
    fn sign(&self, from: usize) -> usize {
        let scene = self.scene;
        let pad = |n: usize| scene.gap(n) || scene.is(n, "+") || scene.among(n, THEN);
        let mut at = from;
        while at > 0 && from < at + 6 && pad(at - 1) {
            at -= 1;
        }
        let said = at > 0 && (scene.is(at - 1, "@") || scene.meaning(at - 1) & AT != 0);
        if said { at - 1 } else { from }
    }
}
