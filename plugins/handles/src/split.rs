//! Contacts told over several messages of one sender: the platform in one, the handle or its pieces in
//! others. Reads the history that the host gives; keeps nothing.

mod line;
mod piece;
mod table;

use parlour_guest::scan::drawn_together;
use parlour_guest::{Earlier, Fold, Folded, Span};

use self::line::{ASIDE, ASKS, DIRECT, ENDS, Line, OPENS, Words};
use self::piece::{
    CAPITAL, END, HALF, KNOWN, LETTER, LOOSE, MARK, NICK, OPEN, PART, PLAIN, Piece, SHAPED, SIGN,
    TALK, WORD, piece,
};
use self::table::{ADDRESS, PART as PARTS};
use crate::HISTORY_MAX;
use crate::contact::Contact;
use crate::lexicon::single;
use crate::platform::{Platform, Reading, Skeleton};
use crate::scene::{Scene, Term};
use crate::words::{CALL, CALL_LOOSE, MINE, NEGATION, NICK as NICK_WORD, SPELLING, WORK};

/// The parts are spelled out: they may be of another script.
const SPELLED: u32 = 1 << 25;
/// The last piece names its platform.
const HERE: u32 = 1 << 26;

/// A contact that lies in several messages, or wholly in an earlier one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Split {
    pub spans: Vec<(u32, Span)>,
    pub category: &'static str,
    pub platform: &'static str,
    pub confidence: u8,
}

/// A message that may be a piece is no longer than this, in bytes.
pub const PIECE_MAX: usize = 120;

/// The contact that the current message completes.
pub fn detect(
    scene: &Scene<'_>,
    contacts: &[Contact],
    history: &[Earlier],
    fold: Fold,
) -> Option<Split> {
    if history.is_empty() || scene.original.len() > PIECE_MAX {
        return None;
    }
    completes(scene, contacts, history, fold).or_else(|| explains(scene, history, fold))
}

/// The pieces of a name, newest first, and what announces them.
#[derive(Default)]
struct Told {
    pieces: [(u32, Piece); HISTORY_MAX + 1],
    count: usize,
    /// Bits of [`line`] and [`piece`] of what announces it.
    is: u32,
    /// The category and the name of the platform.
    platform: Option<(&'static str, &'static str)>,
    /// Messages of the sender that say nothing of it.
    skipped: usize,
}

/// The current message is a name or its last piece.
fn completes(
    scene: &Scene<'_>,
    contacts: &[Contact],
    history: &[Earlier],
    fold: Fold,
) -> Option<Split> {
    let mut told = Told::default();
    let last = piece(scene, 0)?;
    told.push(0, last);
    let words = Words::of(scene);
    if words.told & ADDRESS != 0 {
        return None;
    }
    // `_ekb, телега`
    let here = contacts.first().map(|c| (c.category, c.platform)).filter(|c| !c.1.is_empty());
    let named = words.named.and_then(|k| scene.terms.get(k)?.platform);
    told.platform = here.or(named.map(place));
    if told.platform.is_some() {
        told.is = OPENS | HERE;
    }
    let mut tail = String::new();
    let mut kept = 0;
    for (n, earlier) in history.iter().take(HISTORY_MAX).enumerate() {
        if earlier.text.len() > 4 * PIECE_MAX {
            break;
        }
        let folded = look(&earlier.text, fold);
        let before = Scene::new(&earlier.text, &folded);
        if earlier.same_sender {
            let word = folded.text.trim_end().rsplit(' ').next().unwrap_or_default();
            if let Some(platform) = joined(word, &tail) {
                told.count = kept;
                told.platform = Some(place(platform));
                told.is |= OPENS;
                break;
            }
            if tail.is_empty() {
                kept = told.count;
            }
            if before.tokens.len() == 1 && tail.len() + word.len() < 24 {
                tail.insert_str(0, word);
            } else {
                tail.clear();
            }
        }
        if !told.hear(n, line::read(&before, earlier.same_sender), earlier.same_sender) {
            break;
        }
        // What is a piece only beside a mark, and has none.
        if n == 0 && told.count < 2 && last.is(KNOWN | LOOSE) {
            return None;
        }
    }
    told.judge()
}

/// The host's view of an earlier message, its letters drawn together if they stand apart.
fn look(text: &str, fold: Fold) -> Folded {
    let folded = fold(text);
    drawn_together(&folded).unwrap_or(folded)
}

impl Told {
    fn push(&mut self, number: usize, piece: Piece) {
        if let Some(place) = self.pieces.get_mut(self.count) {
            *place = (u32::try_from(number).unwrap_or(0), piece);
            self.count += 1;
        }
    }

    fn told(&self) -> &[(u32, Piece)] {
        self.pieces.get(..self.count).unwrap_or_default()
    }

    /// What all pieces are together.
    fn all(&self) -> u32 {
        self.told().iter().fold(0, |all, (_, p)| all | p.is)
    }

    /// Takes in the earlier message `n`; `false` when none before it matters.
    fn hear(&mut self, n: usize, line: Line, own: bool) -> bool {
        const SKIPPED_MAX: usize = 2;
        let newest = self.told().last().map(|(_, p)| *p).unwrap_or_default();
        if line.is & OPENS != 0 {
            let goes_on = line.piece.map(|first| {
                first.is(OPEN | PART)
                    || line.is & PART != 0
                    || self
                        .told()
                        .iter()
                        .any(|(_, p)| p.is(PART | NICK) || p.is & (MARK | SIGN) == MARK)
                    || !first.is(SHAPED) && newest.is(SHAPED) && self.is & ASIDE == 0
            });
            match (goes_on, line.piece) {
                (Some(true), Some(first)) => self.push(n + 1, first),
                (Some(_), _) => self.count = 0,
                _ => {}
            }
            self.platform = self.platform.or(line.platform.map(place));
            self.is |= line.is & if self.is & ASIDE == 0 { u32::MAX } else { !DIRECT };
            return line.platform.is_none();
        }
        if let Some(piece) = line.piece {
            // A whole name has no pieces before it, unless something says so.
            let whole = newest.is(SHAPED) && !newest.is(MARK | PART | NICK);
            let number = piece.letters == 0 && !piece.is(MARK);
            let other =
                whole && (number || self.is & HERE != 0 && !piece.is(OPEN | PART | LETTER | MARK));
            let ends = newest.is & (SIGN | OPEN) == SIGN && newest.letters > 0;
            if !ends && !other {
                self.push(n + 1, piece);
            }
            return !ends;
        }
        self.skipped += usize::from(own);
        self.is |= line.is & ASIDE;
        line.is & ENDS == 0 && self.skipped <= SKIPPED_MAX
    }

    /// What the pieces are together.
    fn judge(mut self) -> Option<Split> {
        let opened = self.is & OPENS != 0 && (self.platform.is_some() || self.is & ASKS != 0);
        let spelled = self.is & SPELLED != 0;
        // What is a piece only beside a mark, and has none.
        let mark = |n: usize| self.told().get(n).is_some_and(|(_, p)| p.is(MARK));
        let kept = |n: usize, p: &Piece| {
            let beside = mark(n + 1) || n > 0 && mark(n - 1);
            !p.is(KNOWN | LOOSE)
                || p.is(MARK)
                || opened && (beside || spelled && !p.is(LOOSE | TALK))
        };
        let mut others = Self { is: self.is, platform: self.platform, ..Self::default() };
        for (n, (number, piece)) in self.told().iter().enumerate() {
            if kept(n, piece) {
                others.push(*number as usize, *piece);
            } else if n == 0 {
                return None;
            }
        }
        others.skipped = self.skipped;
        self = others;
        let last = self.told().first()?.1;
        let first = self.told().last()?.1;
        let several = self.count > 1;
        let all = self.all();
        let named = self.platform.is_some();
        let half = last.is(HALF | END) || !named && all & HALF != 0;
        let size: u32 = self.told().iter().map(|(_, p)| p.end - p.start).sum();
        let letters = self.told().iter().any(|(_, p)| p.letters > 0);
        if half || !letters || size < 3 {
            return None;
        }
        let parts = (all | self.is) & (PART | NICK) != 0;
        if !opened {
            // `@ivan`, `_petrov`
            return (several && (first.is(SIGN) || parts && last.is(MARK))).then(|| self.found(80));
        }
        let joined = several && (parts || all & MARK != 0 || self.is & (DIRECT | ASKS) != 0);
        let sure = all & SHAPED != 0 || joined;
        let plain = last.is(PLAIN)
            && self.is & (DIRECT | ASIDE) == DIRECT
            && self.skipped == 0
            && last.letters > 2
            && (!last.is(WORD | CAPITAL) || self.is & ASKS != 0);
        (sure || plain).then(|| self.found(if sure { 84 } else { 70 }))
    }

    fn found(&self, confidence: u8) -> Split {
        let span = |p: &Piece| Span { start: p.start, end: p.end };
        Split {
            spans: self.told().iter().map(|(n, p)| (*n, span(p))).collect(),
            category: self.platform.map_or("messenger", |p| p.0),
            platform: self.platform.map_or("", |p| p.1),
            confidence,
        }
    }
}

fn place(platform: Platform) -> (&'static str, &'static str) {
    (platform.category(), platform.name)
}

/// `теле` and then `грам`: pieces that are the name of a platform together.
fn joined(first: &str, second: &str) -> Option<Platform> {
    if first.is_empty() || second.is_empty() {
        return None;
    }
    let mut skeleton = Skeleton::new();
    skeleton.add(first, Reading::First)?;
    skeleton.add(second, Reading::First)?;
    if single(first) && single(second) { skeleton.platform() } else { skeleton.long_name() }
}

/// The current message says what an earlier name was: `это мой ник в тг`.
fn explains(scene: &Scene<'_>, history: &[Earlier], fold: Fold) -> Option<Split> {
    const WORDS_MAX: usize = 10;
    const PLAIN_MIN: u32 = 6;
    let words = Words::of(scene);
    let bits = scene.bits;
    let count = scene.terms.len();
    // `the plane app`
    let hinted = |t: &&Term| t.platform.is_some() && t.to > t.from + 1;
    let hint = scene.terms.iter().find(hinted);
    let named = words.named.and_then(|k| scene.terms.get(k)).or(hint);
    let spelled = words.told & PARTS != 0 || bits & SPELLING != 0;
    let about = named.is_some() || bits & NICK_WORD != 0 && bits & MINE != 0;
    let said_before = named.is_some_and(|t| t.from < 4);
    let refused =
        bits & NEGATION != 0 && !spelled && !said_before || bits & WORK != 0 && hint.is_none();
    if !about || refused || count > WORDS_MAX || scene.original.contains('?') {
        return None;
    }
    let mut told = Told { platform: named.and_then(|t| t.platform).map(place), ..Told::default() };
    told.is = OPENS | if spelled { PART | SPELLED } else { 0 };
    let mut own = bits & (MINE | NICK_WORD | CALL | CALL_LOOSE) != 0;
    for (n, earlier) in history.iter().take(HISTORY_MAX).enumerate() {
        if earlier.text.len() > PIECE_MAX {
            break;
        }
        if !earlier.same_sender {
            continue;
        }
        let folded = look(&earlier.text, fold);
        let before = Scene::new(&earlier.text, &folded);
        let mut line = line::read(&before, true);
        // `ivan_petrov`, `это мой ник`, `в инсте`
        own |= line.is & OPENS != 0 && line.platform.is_none() || before.bits & MINE != 0;
        line.is &= !ENDS;
        if line.is & OPENS != 0 && line.piece.is_none() {
            line.is = 0;
        }
        if told.count > 0 && line.piece.is_none() || !told.hear(n, line, true) {
            break;
        }
    }
    let last = told.told().first()?.1;
    // A plain word is a name when it is said that it is, or the platform alone follows.
    let plain = words.unknown == 0
        && told.skipped == 0
        && last.letters >= PLAIN_MIN
        && !last.is(CAPITAL)
        && (own || count <= 4);
    let sure = words.unknown <= 1 || own || told.count > 1 && spelled;
    let several = told.count > 1 && (told.all() & (MARK | PART | NICK) != 0 || spelled);
    (sure && (told.all() & SHAPED != 0 || several || plain && last.is(PLAIN)))
        .then(|| {
            told.is |= ASKS | DIRECT;
            told.judge()
        })
        .flatten()
}
