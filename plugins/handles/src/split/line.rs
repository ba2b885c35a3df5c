//! What one message is to a name that is told over several. Knows nothing of the others.

use parlour_guest::scan::{Kind, drawn_together};
use parlour_guest::{Earlier, Fold};

use super::piece::{
    ALONE, KNOWN, LETTER, LOOSE, MARK, NICK, OPEN, PART, PLAIN, Piece, SHAPED, piece,
};
use super::table::{ADDRESS, ASK, CHAT, HOW, PART as PARTS, TOPIC, told};
use crate::platform::{IMO, LINE, OK, OTHER, Platform, Reading, Skeleton, Strength, TWITTER};
use crate::scene::{Scene, Term};
use crate::words::{
    AFTER, BETWEEN, CALL, CALL_LAST, CALL_LOOSE, FILL, GIVE, HINT, MINE, NEGATION, NICK as NAMES,
    PREP, TECH, WORK,
};

/// What a message is: bits of these and of [`super::piece`], the platform that it names, and the piece that
/// it holds, if it is [`HOLDS`].
pub struct Line {
    pub is: u32,
    pub platform: Option<Platform>,
    pub piece: Piece,
    /// Its last word.
    pub word: Skeleton,
}

/// It is a word and nothing else.
pub const SINGLE: u32 = 1 << 17;
/// It is of the writer, or of the writer's name.
pub const OWN: u32 = 1 << 18;
/// It holds a piece.
pub const HOLDS: u32 = 1 << 19;
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

/// It holds one behind what may be no platform.
pub const DOUBTFUL: u32 = 1 << 28;

/// Longest announcement in words.
const WORDS_MAX: usize = 24;

/// What the words of a message tell together.
pub struct Words {
    pub told: u32,
    /// How many no list knows.
    pub unknown: usize,
    /// How many things stand before the last question mark.
    asked: usize,
    /// There is one.
    pub question: bool,
    /// Some word is for a name, and not for one at work.
    nick: bool,
    /// The term that names a platform.
    pub named: Option<usize>,
}

impl Words {
    #[inline(never)]
    pub fn of(scene: &Scene<'_>) -> Self {
        const WORK_NAMES: &crate::lexicon::Stems = &crate::lexicon::Stems::heads(
            "логин логін login id ident user акк acc профил профі profil tag тег",
        );
        let mark = scene.tokens.iter().rposition(|t| t.is("?")).unwrap_or(0);
        let question = mark > 0;
        let mut words = Self { told: 0, unknown: 0, asked: 0, question, nick: false, named: None };
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
                    || told(scene, t.from) != 0);
            let few = last <= 5
                && self.unknown <= usize::from(k == 0)
                && scene.bits & NEGATION == 0
                && !p.is(OK | LINE | OTHER | TWITTER | IMO);
            let called =
                k + 1 == last && scene.said_before(k, 4) & (CALL | CALL_LOOSE) != 0 && !p.is(OK);
            !thing && (few || called)
        })
    }
}

/// What an earlier message is to the current one.
#[inline(never)]
pub fn read(earlier: &Earlier, fold: Fold) -> Line {
    let folded = fold(&earlier.text);
    let drawn = drawn_together(&folded);
    let scene = &Scene::new(&earlier.text, drawn.as_ref().unwrap_or(&folded));
    let own = earlier.same_sender;
    let words = Words::of(scene);
    let platform = words.named.and_then(|k| scene.terms.get(k)?.platform);
    let mut line = Line { is: 0, platform, piece: Piece::default(), word: Skeleton::new() };
    if let Some(last) = scene.terms.last()
        && line.word.add(scene.text(last.from), Reading::First).is_none()
    {
        line.word = Skeleton::new();
    }
    line.is = match words.named {
        Some(_) if scene.work || scene.terms.len() > WORDS_MAX => ENDS,
        Some(k) if own => opens(scene, &words, k, &mut line),
        None if words.told & ADDRESS != 0 => ENDS,
        None if own => goes_on(scene, &words, &mut line.piece),
        named => asks(scene, &words, named.is_some()),
    };
    let of_it = scene.bits & MINE != 0 || line.is & OPENS != 0 && line.platform.is_none();
    line.is |= when(OWN, of_it) | when(SINGLE, scene.tokens.len() == 1);
    line
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
fn opens(scene: &Scene<'_>, words: &Words, k: usize, line: &mut Line) -> u32 {
    let parts = words.told & PARTS != 0;
    let is = OPENS | when(ASKS, words.nick) | when(PART, parts);
    let weak = words.unknown > 0 && line.platform.is_some_and(|p| p.strength == Strength::Weak);
    let to = scene.terms.get(k).map_or(0, |t| t.to);
    if let Some(piece) = piece(scene, to)
        && !piece.is(KNOWN | LOOSE)
        && piece.is(SHAPED | PLAIN | MARK)
    {
        line.piece = piece;
        return is | HOLDS | when(DOUBTFUL, weak && !piece.is(MARK));
    }
    if k > 0
        && let Some(piece) = piece(scene, 0).filter(|p| p.is(OPEN) && !p.is(KNOWN | LOOSE))
    {
        line.piece = piece;
        return is | HOLDS;
    }
    if weak {
        return ASIDE;
    }
    // What is told whole already, `ivan_petrov это я в тг`, or an address, `вк ком`.
    let whole = k > 0 && piece(scene, 0).is_some_and(|p| p.is(SHAPED));
    if whole || scene.among(to + 1, row!("com ком ru ру")) {
        return ENDS;
    }
    let count = scene.terms.len();
    let late = k + 4 >= count;
    let short = count <= 4;
    let open = open_end(scene);
    if open && k + 1 == count {
        return is | DIRECT;
    }
    if scene.bits & NEGATION != 0 {
        return if short { ENDS } else { ASIDE };
    }
    const ALL: u32 = BETWEEN | AFTER | MINE | NAMES | CALL | CALL_LOOSE | CALL_LAST | FILL | PREP;
    let clear = |t: &Term| t.means(ALL) || told(scene, t.from) & (PARTS | ASK) != 0;
    let called = scene.bits & (MINE | CALL | CALL_LOOSE) != 0;
    let speaking = called || scene.bits & NAMES != 0 || parts;
    if !(speaking && (late || parts) || short || open) {
        return ASIDE;
    }
    let direct = late && words.unknown == 0 && (short || open || called);
    is | when(DIRECT, direct && scene.terms.iter().skip(k + 1).all(clear))
}

/// The sender names no platform.
fn goes_on(scene: &Scene<'_>, words: &Words, place: &mut Piece) -> u32 {
    let parts = words.told & PARTS != 0 && scene.bits & (GIVE | NAMES | CALL | CALL_LOOSE) != 0;
    if let Some(piece) = piece(scene, 0)
        && !piece.is(LOOSE)
        && (piece.is(ALONE | LETTER)
            || piece.is(PART) && !parts
            || piece.is(SHAPED | MARK | PART | NICK) && !piece.is(KNOWN))
    {
        *place = piece;
        return HOLDS;
    }
    let short = scene.terms.len() <= 4;
    let open = open_end(scene);
    let known = words.unknown == 0;
    let nick = words.nick && words.told & TOPIC == 0 && (short && known || open);
    if (nick || parts) && scene.bits & (WORK | NEGATION) == 0 {
        let direct = nick && known && (open || scene.bits & MINE != 0);
        return OPENS | when(DIRECT, direct) | when(ASKS, words.nick) | when(PART, parts);
    }
    // A refusal, or a question about something else.
    if scene.bits & NEGATION != 0 && short || words.asked > 0 {
        return ENDS;
    }
    when(ASIDE, !known || scene.bits & NEGATION != 0)
}

/// The other side says something.
fn asks(scene: &Scene<'_>, words: &Words, named: bool) -> u32 {
    const LONGEST: usize = 10;
    let count = scene.terms.len();
    let known = words.unknown == 0;
    let how = words.told & HOW != 0 || scene.bits & GIVE != 0;
    if named {
        if words.unknown > 2 || words.asked > 1 || words.told & TOPIC != 0 {
            return ENDS;
        }
        let called = scene.bits & (MINE | CALL | CALL_LOOSE) != 0 || words.told & ASK != 0;
        let direct = known && count <= LONGEST && (words.nick || how || called || count <= 2);
        return OPENS | when(ASKS, words.nick || how) | when(DIRECT, direct);
    }
    if words.asked > 0 {
        ENDS
    } else if words.nick && known {
        OPENS | DIRECT | ASKS
    } else if how && known && words.told & CHAT == 0 {
        OPENS | DIRECT
    } else {
        when(ASIDE, !known && count > 3)
    }
}
