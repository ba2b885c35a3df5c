//! What one message is to a name that is told over several. Knows nothing of the others.

use parlour_guest::scan::Kind;

use super::piece::{Piece, piece};
use super::table::{ADDRESS, ASK, CHAT, HOW, PART, TOPIC, tells};
use crate::platform::{Platform, Strength};
use crate::scene::{Scene, Term};
use crate::words::{
    AFTER, BETWEEN, CALL, CALL_LAST, CALL_LOOSE, FILL, GIVE, HINT, MINE, NEGATION, NICK, PREP,
    TECH, WORK,
};

/// What a message is.
#[derive(Debug)]
pub enum Line {
    /// It tells or asks where somebody is, or for the name, and may hold the first piece.
    Opens(Opening, Option<Piece>),
    Piece(Piece),
    /// Nothing of a name; whether all its words are known.
    Idle(bool),
    /// Something else is spoken of from here on.
    Ends,
}

/// How a name is announced.
#[derive(Clone, Copy, Default, Debug)]
pub struct Opening {
    pub platform: Option<Platform>,
    /// A plain word is the answer too.
    pub direct: bool,
    /// The name itself is asked for or announced.
    pub nick: bool,
    /// It comes in parts.
    pub parts: bool,
}

/// Longest announcement in words.
const WORDS_MAX: usize = 24;

/// What the words of a message tell together.
struct Words {
    bits: u32,
    told: u32,
    /// How many no list knows.
    unknown: usize,
    /// The same before the last question mark.
    asked: usize,
}

impl Words {
    fn of(scene: &Scene<'_>) -> Self {
        let mark = scene.tokens.iter().rposition(|t| t.is("?"));
        let mut words = Self { bits: scene.bits, told: 0, unknown: 0, asked: 0 };
        for t in &scene.terms {
            let told = tells(scene.text(t.from));
            words.told |= told;
            let unknown = t.platform.is_none() && t.bits == 0 && told == 0;
            words.unknown += usize::from(unknown);
            let thing = unknown || t.means(TECH) && told == 0;
            words.asked += usize::from(thing && mark.is_some_and(|mark| t.from < mark));
        }
        let topic = words.told & TOPIC != 0 && mark.is_some();
        words.asked += usize::from(topic);
        words
    }

    fn has(&self, bits: u32) -> bool {
        self.bits & bits != 0
    }
}

/// What an earlier message is to the current one.
pub fn read(scene: &Scene<'_>, own: bool) -> Line {
    let words = Words::of(scene);
    if words.told & ADDRESS != 0 {
        return Line::Ends;
    }
    match named(scene, &words) {
        Some(k) if scene.work || scene.terms.len() > WORDS_MAX => {
            if own && k + 1 == scene.terms.len() { Line::Idle(false) } else { Line::Ends }
        }
        Some(k) if own => opens(scene, &words, k),
        Some(k) => asks(scene, &words, Some(k)),
        None if own => tells_of_name(scene, &words),
        None => asks(scene, &words, None),
    }
}

fn named(scene: &Scene<'_>, words: &Words) -> Option<usize> {
    let last = scene.terms.len();
    // `network` alone is a thing of its own.
    let hint = |t: &Term| crate::words::meaning(scene.text(t.from)) & HINT != 0;
    let fits = |k: usize, t: &Term| {
        let called =
            k + 1 == last && (scene.said_before(k, 4) & (CALL | CALL_LOOSE) != 0) && last > 1;
        let few = last <= 5 && words.unknown <= usize::from(k == 0) && !words.has(NEGATION);
        t.platform.is_some_and(|p| {
            const WORDS: &crate::lexicon::Row = row!("ok line other twitter max imo");
            p.strength > Strength::Weak
                || !crate::lexicon::among(p.name, WORDS)
                    && few
                    && !(t.to == t.from + 1 && hint(t))
                    && !scene.text(t.from).contains('\'')
                || called && p.name != "ok"
        }) && !scene.terms.get(k + 1).is_some_and(|t| t.means(WORK))
    };
    (0..last).rev().find(|k| scene.terms.get(*k).is_some_and(|t| fits(*k, t)))
}

/// The sender names a platform.
fn opens(scene: &Scene<'_>, words: &Words, k: usize) -> Line {
    let Some(term) = scene.terms.get(k) else {
        return Line::Ends;
    };
    let mut opening = Opening {
        platform: term.platform,
        direct: false,
        nick: words.has(NICK),
        parts: words.told & PART != 0,
    };
    let weak = words.unknown > 0 && term.platform.is_some_and(|p| p.strength == Strength::Weak);
    let first = piece(scene, term.to).filter(|p| !p.doubtful() && (p.letters > 0 || p.mark));
    if let Some(piece) = first.filter(|p| p.mark || !weak) {
        return Line::Opens(opening, Some(piece));
    }
    // What is told whole already: `ivan_petrov это я в тг`.
    if k > 0 && piece(scene, 0).is_some_and(|p| p.shaped) {
        return Line::Ends;
    }
    if weak {
        return Line::Idle(false);
    }
    let count = scene.terms.len();
    let late = k + 4 >= count;
    let short = count <= 4;
    let open = scene.original.trim_end().ends_with([':', '-', '—', '=', '>']);
    let after = scene.terms.get(k + 1..).unwrap_or_default();
    const AFTER_ALL: u32 =
        BETWEEN | AFTER | MINE | NICK | CALL | CALL_LOOSE | CALL_LAST | FILL | PREP;
    let clear =
        after.iter().all(|t| t.means(AFTER_ALL) || tells(scene.text(t.from)) & (PART | ASK) != 0);
    opening.direct = open && k + 1 == count;
    if opening.direct {
        return Line::Opens(opening, None);
    }
    if words.has(NEGATION) {
        return if short { Line::Ends } else { Line::Idle(false) };
    }
    let speaking = words.has(MINE | NICK | CALL | CALL_LOOSE) || words.told & PART != 0;
    if speaking && late || short || open {
        opening.direct = late
            && clear
            && words.unknown == 0
            && (short || open || words.has(MINE | CALL | CALL_LOOSE));
        return Line::Opens(opening, None);
    }
    Line::Idle(false)
}

/// The sender names no platform.
fn tells_of_name(scene: &Scene<'_>, words: &Words) -> Line {
    if let Some(piece) = piece(scene, 0).filter(|p| !p.doubtful() || p.alone && !p.loose) {
        return Line::Piece(piece);
    }
    let count = scene.terms.len();
    let short = count <= 4;
    let open = scene.original.trim_end().ends_with([':', '-', '—', '=', '>']);
    let nick = nick(scene);
    let parts = words.told & PART != 0 && words.has(GIVE | NICK | CALL | CALL_LOOSE);
    if (nick && (short || open || parts) || parts) && !words.has(WORK | NEGATION) {
        let direct = nick && (open || words.has(MINE)) && words.unknown == 0;
        let opening = Opening { platform: None, direct, nick, parts };
        return Line::Opens(opening, None);
    }
    // A refusal, or a question about something else.
    if words.has(NEGATION) && short || words.asked > 0 {
        return Line::Ends;
    }
    Line::Idle(words.unknown == 0 && !words.has(NEGATION))
}

/// The other side says something.
fn asks(scene: &Scene<'_>, words: &Words, k: Option<usize>) -> Line {
    const LONGEST: usize = 10;
    let count = scene.terms.len();
    let how = words.told & HOW != 0 || words.has(GIVE);
    let nick = nick(scene);
    let mut opening = Opening { platform: None, direct: false, nick: nick || how, parts: false };
    if let Some(k) = k {
        opening.platform = scene.terms.get(k).and_then(|t| t.platform);
        opening.direct = words.unknown == 0
            && count <= LONGEST
            && (nick
                || how
                || words.has(MINE | CALL | CALL_LOOSE)
                || words.told & ASK != 0
                || count <= 2);
        return if words.unknown <= 2 { Line::Opens(opening, None) } else { Line::Ends };
    }
    if words.asked > 0 {
        return Line::Ends;
    }
    if nick && words.unknown == 0 {
        opening.direct = true;
        return Line::Opens(opening, None);
    }
    let question = scene.tokens.iter().any(|t| t.kind == Kind::Mark && t.is("?"));
    if how && (question || words.unknown == 0) && words.told & CHAT == 0 {
        opening.nick = false;
        return Line::Opens(opening, None);
    }
    Line::Idle(words.unknown == 0 || count <= 3)
}

/// Whether a name is spoken of, and not one for work.
fn nick(scene: &Scene<'_>) -> bool {
    scene.terms.iter().any(|t| {
        t.means(NICK)
            && !scene.begins(
                t.from,
                heads!("логин логін login id ident user акк acc профил профі profil tag тег"),
            )
    })
}
