//! Contacts told over several messages of one sender: the platform in one, the handle or its pieces in
//! others. Reads the history that the host gives; keeps nothing.

mod line;
mod piece;
mod table;

use parlour_guest::{Earlier, Fold, Span};

use self::line::{ASIDE, ASKS, DIRECT, DOUBTFUL, ENDS, HOLDS, Line, OPENS, OWN, SINGLE, Words};
use self::piece::{
    CAPITAL, END, HALF, KNOWN, LETTER, LOOSE, MARK, NICK, OPEN, PART, PLAIN, Piece, SHAPED, SIGN,
    WORD, piece,
};
use self::table::ADDRESS;
pub use self::table::{PART as PARTS, told};
use crate::HISTORY_MAX;
use crate::contact::{Contact, REAL_NAMES, full_name_end};
use crate::platform::{Platform, Skeleton, VK};
use crate::scene::{Scene, Term};
use crate::words::{CALL, CALL_LOOSE, MINE, NEGATION, NICK as NICK_WORD, SPELLING, WORK};

/// The parts are spelled out: they may be of another script.
const SPELLED: u32 = 1 << 25;
/// The last piece names its platform.
const HERE: u32 = 1 << 26;
/// The current message says what a name was that stands before it.
const EXPLAINS: u32 = 1 << 27;

/// A contact that lies in several messages, or wholly in an earlier one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Split {
    pub spans: Vec<(u32, Span)>,
    pub platform: Option<Platform>,
    pub confidence: u8,
}

/// A message that may be a piece is no longer than this, in bytes.
pub const PIECE_MAX: usize = 120;

/// The contact that the current message completes.
#[inline(never)]
pub fn detect(
    scene: &Scene<'_>,
    contacts: &[Contact],
    history: &[Earlier],
    fold: Fold,
) -> Option<Split> {
    const WORDS_MAX: usize = 16;
    let long = scene.original.len() > PIECE_MAX || scene.terms.len() > WORDS_MAX;
    if history.is_empty() || long {
        return None;
    }
    let words = Words::of(scene);
    if words.told & ADDRESS != 0 {
        return None;
    }
    let named = words.named.and_then(|k| scene.terms.get(k)?.platform);
    if let Some(person) = person(scene, history, fold) {
        return Some(person);
    }
    if let Some(last) = piece(scene, 0) {
        let mut told = Told::default();
        told.push(0, last);
        // `_ekb, телега`
        let here = contacts.first().and_then(|c| c.platform);
        told.platform = here.or(named);
        told.is = if told.platform.is_some() { OPENS | HERE } else { 0 };
        told.read(history, fold);
        if let Some(split) = told.judge() {
            return Some(split);
        }
    }
    explains(scene, &words, history, fold)
}

/// A full name behind a network of real names: `в вк меня зовут`, `Алёна Птичкина`.
fn person(scene: &Scene<'_>, history: &[Earlier], fold: Fold) -> Option<Split> {
    const WORDS_MAX: usize = 3;
    let earlier = history.first().filter(|h| h.same_sender && h.text.len() <= PIECE_MAX)?;
    let to = full_name_end(scene, 0).filter(|_| scene.terms.len() <= WORDS_MAX)?;
    let line = line::read(earlier, fold);
    let platform = line.platform.filter(|p| p.is(REAL_NAMES) && line.is & OPENS != 0)?;
    (line.is & (DIRECT | ASKS) != 0).then(|| Split {
        spans: vec![(0, scene.span(0, to))],
        platform: Some(platform),
        confidence: 75,
    })
}

/// The pieces of a name, newest first, and what announces them.
#[derive(Default)]
struct Told {
    pieces: [Piece; HISTORY_MAX + 1],
    count: usize,
    /// Bits of [`line`] and [`piece`] of what announces it.
    is: u32,
    platform: Option<Platform>,
    /// Messages of the sender that say nothing of it.
    skipped: usize,
}

impl Told {
    fn push(&mut self, number: usize, piece: Piece) {
        if let Some(place) = self.pieces.get_mut(self.count) {
            *place = Piece { number: u32::try_from(number).unwrap_or(0), ..piece };
            self.count += 1;
        }
    }

    /// Takes in the earlier messages as far as they matter.
    #[inline(never)]
    fn read(&mut self, history: &[Earlier], fold: Fold) {
        let explains = self.is & EXPLAINS != 0;
        // Where the newest of the words stands that may be a name of a platform together.
        let (mut run, mut tail) = (0, Skeleton::new());
        for (n, earlier) in history.iter().take(HISTORY_MAX).enumerate() {
            let own = earlier.same_sender;
            if earlier.text.len() > 4 * PIECE_MAX {
                break;
            }
            if explains && !own {
                continue;
            }
            let mut line = line::read(earlier, fold);
            if explains {
                // `ivan_petrov`, `это мой ник`, `в инсте`
                self.is |= line.is & OWN;
                line.is &= !ENDS;
                if line.is & HOLDS == 0 {
                    if self.count > 0 {
                        break;
                    }
                    line.is &= !OPENS;
                }
            } else if own {
                let (whole, name) = joined(&line.word, &tail);
                if let Some(platform) = name {
                    while self.told().last().is_some_and(|p| p.number as usize > run) {
                        self.count -= 1;
                    }
                    self.platform = Some(platform);
                    self.is |= OPENS;
                    break;
                }
                let single = line.is & SINGLE != 0;
                (run, tail) = if single { (run, whole) } else { (n + 1, Skeleton::new()) };
            }
            if !self.hear(n, line, own) {
                // `теле`, `грам`
                let before = history.get(n + 1).filter(|h| own && h.same_sender);
                let first = before.map(|h| line::read(h, fold).word);
                self.platform = first.and_then(|w| joined(&w, &tail).1).or(self.platform);
                break;
            }
            // What is a piece only beside a mark, and has none.
            let doubtful = |p: &Piece| p.is(KNOWN | LOOSE);
            if n == 0 && !explains && self.count < 2 && self.told().first().is_none_or(doubtful) {
                self.count = 0;
                break;
            }
        }
    }

    fn told(&self) -> &[Piece] {
        self.pieces.get(..self.count).unwrap_or_default()
    }

    /// What all pieces are together.
    fn all(&self) -> u32 {
        self.told().iter().fold(0, |all, p| all | p.is)
    }

    /// Takes in the earlier message `n`; `false` when none before it matters.
    fn hear(&mut self, n: usize, mut line: Line, own: bool) -> bool {
        const SKIPPED_MAX: usize = 2;
        let newest = self.told().last().copied().unwrap_or_default();
        // `snap ines`, `.brocante`
        if line.is & DOUBTFUL != 0 && !newest.is(MARK | SHAPED) && self.count < 2 {
            line.is = ASIDE;
        }
        if line.is & OPENS != 0 {
            if line.is & HOLDS != 0 {
                let first = line.piece;
                let marked = |p: &Piece| p.is(PART | NICK) || p.is & (MARK | SIGN) == MARK;
                // A sign and a few letters are no whole name: `@oles`.
                let goes_on = (first.is | line.is) & (OPEN | PART) != 0
                    || first.is(SIGN) && first.letters < 5
                    || self.told().iter().any(marked)
                    || !first.is(SHAPED) && newest.is(SHAPED) && self.is & ASIDE == 0;
                if goes_on {
                    self.push(n + 1, first);
                } else {
                    self.count = 0;
                }
            }
            self.platform = self.platform.or(line.platform);
            self.is |= line.is & if self.is & ASIDE == 0 { u32::MAX } else { !DIRECT };
            return line.platform.is_none();
        }
        if line.is & HOLDS != 0 {
            let piece = line.piece;
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
        let mark = |told: &Self, n: usize| told.told().get(n).is_some_and(|p| p.is(MARK));
        let kept = |told: &Self, n: usize, p: &Piece| {
            let beside = mark(told, n + 1) || n > 0 && mark(told, n - 1);
            !p.is(KNOWN | LOOSE) || p.is(MARK) || opened && (beside || spelled && !p.is(LOOSE))
        };
        let mut count = 0;
        for n in 0..self.count {
            let one = *self.told().get(n)?;
            if kept(&self, n, &one) {
                *self.pieces.get_mut(count)? = one;
                count += 1;
            } else if n == 0 {
                return None;
            }
        }
        self.count = count;
        let last = *self.told().first()?;
        let first = *self.told().last()?;
        let several = self.count > 1;
        let all = self.all();
        let named = self.platform.is_some();
        let half = last.is(HALF | END) || !named && all & HALF != 0;
        let size: u32 = self.told().iter().map(|p| p.end - p.start).sum();
        let letters = self.told().iter().any(|p| p.letters > 0)
            || all & MARK != 0 && self.platform.is_some_and(|p| p.is(VK));
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
            spans: self.told().iter().map(|p| (p.number, span(p))).collect(),
            platform: self.platform,
            confidence,
        }
    }
}

/// `теле` and then `грам`, `т` and then `г`: the name of a platform together.
fn joined(first: &Skeleton, rest: &Skeleton) -> (Skeleton, Option<Platform>) {
    let mut whole = *first;
    rest.bytes().iter().for_each(|b| whole.push(*b));
    let (first, rest) = (first.bytes().len(), rest.bytes().len());
    let name = if first == 1 && rest == 1 { whole.platform() } else { whole.long_name() };
    (whole, name.filter(|_| first > 0 && rest > 0))
}

/// The current message says what an earlier name was: `это мой ник в тг`.
fn explains(scene: &Scene<'_>, words: &Words, history: &[Earlier], fold: Fold) -> Option<Split> {
    const WORDS_MAX: usize = 10;
    const PLAIN_MIN: u32 = 6;
    let bits = scene.bits;
    let count = scene.terms.len();
    // `the plane app`
    let hinted = |t: &&Term| t.platform.is_some() && t.to > t.from + 1;
    let hint = scene.terms.iter().find(hinted);
    let named = words.named.and_then(|k| scene.terms.get(k)).or(hint);
    let spelled = words.told & PARTS != 0 || bits & SPELLING != 0;
    let about = named.is_some() || bits & NICK_WORD != 0 && bits & MINE != 0;
    let early = named.is_some_and(|t| t.from < 4);
    let refused = bits & NEGATION != 0 && !spelled && !early || bits & WORK != 0 && hint.is_none();
    if !about || refused || count > WORDS_MAX || words.question {
        return None;
    }
    let mut told = Told { platform: named.and_then(|t| t.platform), ..Told::default() };
    told.is = OPENS | EXPLAINS | if spelled { PART | SPELLED } else { 0 };
    told.is |= if bits & (MINE | NICK_WORD | CALL | CALL_LOOSE) != 0 { OWN } else { 0 };
    told.read(history, fold);
    let last = *told.told().first()?;
    let own = told.is & OWN != 0;
    // A plain word is a name when it is said that it is, or the platform alone follows.
    let plain = words.unknown == 0
        && told.skipped == 0
        && last.letters >= PLAIN_MIN
        && last.is & (PLAIN | CAPITAL) == PLAIN
        && (own || count <= 4);
    let sure = words.unknown <= 1 || own || told.count > 1 && spelled;
    let all = told.all();
    let several = told.count > 1 && (all & (MARK | PART | NICK) != 0 || spelled);
    if !sure || !(all & SHAPED != 0 || several || plain) {
        return None;
    }
    told.is |= ASKS | DIRECT;
    told.judge()
}
