//! What one message is to a name that is told over several. Knows nothing of the others.

use parlour_guest::scan::{Kind, Token};

use super::piece::{ALONE, KNOWN, LETTER, LOOSE, MARK, NICK, PART, Piece, SHAPED, piece};
use super::table::{ADDRESS, ASK, CHAT, HOW, PART as PARTS, TOPIC, told};
use crate::platform::{Platform, Strength};
use crate::scene::Scene;
use crate::words::{
    AFTER, BETWEEN, CALL, CALL_LAST, CALL_LOOSE, FILL, GIVE, HINT, MINE, NEGATION, NICK as NAMES,
    PREP, TECH, WORK,
};

/// What a message is: bits of these and of [`super::piece`].
#[derive(Clone, Copy, Default)]
pub struct Line {
    pub is: u32,
    pub platform: Option<Platform>,
    pub piece: Option<Piece>,
}

/// It tells or asks where somebody is, or for the name.
pub const OPENS: u32 = 1 << 20;
/// A plain word is an answer to it.
pub const DIRECT: u32 = 1 << 21;
/// It asks for the name.
pub const ASKS: u32 = 1 << 22;
/// Something else is spoken of from here on.
pub const ENDS: u32 = 1 << 23;
/// Not all its words are known.
pub const ASIDE: u32 = 1 << 24;

/// Longest announcement in words.
const WORDS_MAX: usize = 24;

/// What the words of a message tell together.
pub struct Words {
    pub told: u32,
    /// How many no list knows.
    pub unknown: usize,
    /// How many things stand before the last question mark.
    asked: usize,
    /// Some word is for a name, and not for one at work.
    nick: bool,
    /// The term that names a platform.
    pub named: Option<usize>,
}

impl Words {
    #[inline(never)]
    pub fn of(scene: &Scene<'_>) -> Self {
        const WORK_NAMES: &crate::lexicon::Row = &crate::lexicon::Row::heads(
            "логин логін login id ident user акк acc профил профі profil tag тег",
        );
        let mark = scene.tokens.iter().rposition(|t| t.is("?")).unwrap_or(0);
        let mut words = Self { told: 0, unknown: 0, asked: 0, nick: false, named: None };
        for t in &scene.terms {
            let word = told(scene, t.from);
            words.told |= word;
            let unknown = t.platform.is_none() && t.bits == 0 && word == 0;
            words.unknown += usize::from(unknown);
            let thing = unknown || t.means(TECH) && word == 0 || word & TOPIC != 0;
            words.asked += usize::from(thing && t.from < mark);
            words.nick |= t.means(NAMES) && !scene.begins(t.from, WORK_NAMES);
        }
        words.named = words.named(scene);
        words
    }

    /// The last platform of a message that somebody may be on.
    fn named(&self, scene: &Scene<'_>) -> Option<usize> {
        let last = scene.terms.len();
        scene.terms.iter().enumerate().rposition(|(k, t)| {
            let Some(p) = t.platform else {
                return false;
            };
            if p.strength > Strength::Weak {
                return !scene.terms.get(k + 1).is_some_and(|t| t.means(WORK));
            }
            // `network` alone is a thing of its own, `what's` is no name.
            let thing = t.to == t.from + 1
                && (crate::words::meaning(scene.text(t.from)) & HINT != 0
                    || told(scene, t.from) != 0
                    || scene.text(t.from).contains('\''));
            let few = last <= 5
                && self.unknown <= usize::from(k == 0)
                && scene.bits & NEGATION == 0
                && !crate::lexicon::among(p.name, row!("ok line other twitter imo"));
            let called = k + 1 == last
                && scene.said_before(k, 4) & (CALL | CALL_LOOSE) != 0
                && p.name != "ok";
            !thing && (few || called)
        })
    }
}

/// What an earlier message is to the current one.
#[inline(never)]
pub fn read(scene: &Scene<'_>, own: bool) -> Line {
    let words = Words::of(scene);
    let ends = Line { is: ENDS, ..Line::default() };
    match words.named {
        Some(_) if scene.work || scene.terms.len() > WORDS_MAX => ends,
        Some(k) if own => opens(scene, &words, k),
        None if words.told & ADDRESS != 0 => ends,
        None if own => goes_on(scene, &words),
        named => asks(scene, &words, named),
    }
}

#[inline(never)]
fn open_end(scene: &Scene<'_>) -> bool {
    let last = scene.tokens.iter().rposition(|t| t.kind != Kind::Space);
    last.is_some_and(|n| scene.among(n, row!(": - — = >")))
}

#[inline(never)]
fn when(what: u32, when: bool) -> u32 {
    if when { what } else { 0 }
}

/// The sender names a platform.
fn opens(scene: &Scene<'_>, words: &Words, k: usize) -> Line {
    let term = scene.terms.get(k);
    let (to, platform) = term.map_or((0, None), |t| (t.to, t.platform));
    let is = OPENS | when(ASKS, words.nick) | when(PART, words.told & PARTS != 0);
    let mut line = Line { is, platform, piece: None };
    let weak = words.unknown > 0 && platform.is_some_and(|p| p.strength == Strength::Weak);
    let sure = |p: &Piece| !p.is(KNOWN | LOOSE) && (p.letters > 0 || p.is(MARK));
    line.piece = piece(scene, to).filter(|p| sure(p) && (p.is(MARK) || !weak));
    if line.piece.is_some() {
        return line;
    }
    let ends = Line { is: ENDS, ..Line::default() };
    let aside = Line { is: ASIDE, ..Line::default() };
    // What is told whole already: `ivan_petrov это я в тг`.
    if weak {
        return aside;
    }
    if k > 0 && piece(scene, 0).is_some_and(|p| p.is(SHAPED)) {
        return ends;
    }
    let count = scene.terms.len();
    let late = k + 4 >= count;
    let short = count <= 4;
    let open = open_end(scene);
    if open && k + 1 == count {
        line.is |= DIRECT;
        return line;
    }
    if scene.bits & NEGATION != 0 {
        return if short { ends } else { aside };
    }
    const ALL: u32 = BETWEEN | AFTER | MINE | NAMES | CALL | CALL_LOOSE | CALL_LAST | FILL | PREP;
    let clear = scene
        .terms
        .iter()
        .skip(k + 1)
        .all(|t| t.means(ALL) || told(scene, t.from) & (PARTS | ASK) != 0);
    let called = scene.bits & (MINE | CALL | CALL_LOOSE) != 0;
    let speaking = called || scene.bits & NAMES != 0 || words.told & PARTS != 0;
    let parts = words.told & PARTS != 0;
    if !(speaking && (late || parts) || short || open) {
        return aside;
    }
    let direct = late && clear && words.unknown == 0 && (short || open || called);
    line.is |= when(DIRECT, direct);
    line
}

/// The sender names no platform.
fn goes_on(scene: &Scene<'_>, words: &Words) -> Line {
    let fits = |p: &Piece| {
        !p.is(LOOSE) && (p.is(ALONE | LETTER) || !p.is(KNOWN) && p.is(SHAPED | MARK | PART | NICK))
    };
    // `скажу двумя частями, kava`
    let mark = |t: &Token<'_>| matches!(t.text, "," | ":");
    let last = scene.tokens.iter().rposition(mark).filter(|_| words.told & PARTS != 0);
    let first = piece(scene, 0).or_else(|| piece(scene, last? + 1));
    if let Some(piece) = first.filter(fits) {
        return Line { piece: Some(piece), ..Line::default() };
    }
    let short = scene.terms.len() <= 4;
    let open = open_end(scene);
    let parts = words.told & PARTS != 0 && scene.bits & (GIVE | NAMES | CALL | CALL_LOOSE) != 0;
    let known = words.unknown == 0;
    let nick = words.nick && words.told & TOPIC == 0 && (short && known || open);
    if (nick || parts) && scene.bits & (WORK | NEGATION) == 0 {
        let direct = nick && known && (open || scene.bits & MINE != 0);
        let is = OPENS | when(DIRECT, direct) | when(ASKS, words.nick) | when(PART, parts);
        return Line { is, ..Line::default() };
    }
    // A refusal, or a question about something else.
    let ends = scene.bits & NEGATION != 0 && short || words.asked > 0;
    let known = known && scene.bits & NEGATION == 0;
    Line { is: if ends { ENDS } else { when(ASIDE, !known) }, ..Line::default() }
}

/// The other side says something.
fn asks(scene: &Scene<'_>, words: &Words, named: Option<usize>) -> Line {
    const LONGEST: usize = 10;
    let count = scene.terms.len();
    let known = words.unknown == 0;
    let how = words.told & HOW != 0 || scene.bits & GIVE != 0;
    let topic = words.told & TOPIC != 0;
    let mut line = Line::default();
    if let Some(term) = named.and_then(|k| scene.terms.get(k)) {
        let called = scene.bits & (MINE | CALL | CALL_LOOSE) != 0 || words.told & ASK != 0;
        let direct = known && count <= LONGEST && (words.nick || how || called || count <= 2);
        let fits = words.unknown <= 2 && words.asked <= 1 && !topic;
        line.platform = term.platform;
        line.is = OPENS | when(ASKS, words.nick || how) | when(DIRECT, direct);
        return if fits { line } else { Line { is: ENDS, ..Line::default() } };
    }
    line.is = if words.asked > 0 {
        ENDS
    } else if words.nick && known {
        OPENS | DIRECT | ASKS
    } else if how && known && words.told & CHAT == 0 {
        OPENS | DIRECT
    } else {
        when(ASIDE, !known && count > 3)
    };
    line
}
