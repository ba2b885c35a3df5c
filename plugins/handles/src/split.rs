//! Contacts told over several messages of one sender: the platform in one, the handle or its pieces in
//! others. Reads the history that the host gives; keeps nothing.

mod line;
mod piece;
mod table;

use parlour_guest::{Earlier, Fold, Folded, Span};

use self::line::{Line, Opening};
use self::piece::{Piece, piece};
use self::table::{ADDRESS, tells};
use crate::HISTORY_MAX;
use crate::lexicon::single;
use crate::platform::{Platform, Reading, Skeleton, Strength};
use crate::scene::{Scene, Term};
use crate::words::{CALL, CALL_LOOSE, HINT, MINE, NEGATION, NICK, WORK};

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
pub fn detect(scene: &Scene<'_>, history: &[Earlier], fold: Fold) -> Option<Split> {
    if history.is_empty() || scene.original.len() > PIECE_MAX {
        return None;
    }
    completes(scene, history, fold).or_else(|| explains(scene, history, fold))
}

/// The pieces of a name, newest first, and what announces them.
#[derive(Default)]
struct Told {
    pieces: Vec<(u32, Piece)>,
    opening: Opening,
    /// Something announces a name.
    opened: bool,
    /// Messages that say nothing of it.
    skipped: usize,
    /// Some of them of something else.
    aside: bool,
}

/// The current message is a name or its last piece.
fn completes(scene: &Scene<'_>, history: &[Earlier], fold: Fold) -> Option<Split> {
    let mut told = Told::default();
    told.pieces.push((0, piece(scene, 0)?));
    if scene.terms.iter().any(|t| tells(scene.text(t.from)) & ADDRESS != 0) {
        return None;
    }
    let mut tail = String::new();
    let mut kept = 0;
    for (n, earlier) in history.iter().take(HISTORY_MAX).enumerate() {
        if earlier.text.len() > 4 * PIECE_MAX {
            break;
        }
        let folded = fold(&earlier.text);
        let before = Scene::new(&earlier.text, &folded);
        if earlier.same_sender {
            let word = folded.text.trim_end().rsplit(' ').next().unwrap_or_default();
            if let Some(platform) = joined(word, &tail) {
                told.pieces.truncate(kept);
                told.open(Opening { platform: Some(platform), ..Opening::default() });
                break;
            }
            if tail.is_empty() {
                kept = told.pieces.len();
            }
            if before.terms.len() == 1 && before.tokens.len() < 3 && tail.len() + word.len() < 24 {
                tail.insert_str(0, word);
            } else {
                tail.clear();
            }
        }
        let line = line::read(&before, earlier.same_sender);
        if !told.hear(u32::try_from(n + 1).ok()?, line, earlier.same_sender) {
            break;
        }
        if n == 0 && told.pieces.len() < 2 && told.pieces.first().is_some_and(|(_, p)| p.doubtful())
        {
            return None;
        }
    }
    told.judge()
}

impl Told {
    fn open(&mut self, opening: Opening) {
        self.opened = true;
        self.opening.platform = self.opening.platform.or(opening.platform);
        self.opening.direct |= opening.direct && !self.aside;
        self.opening.nick |= opening.nick;
        self.opening.parts |= opening.parts;
    }

    /// Takes in the next earlier message; `false` when none before it matters.
    fn hear(&mut self, number: u32, line: Line, own: bool) -> bool {
        const SKIPPED_MAX: usize = 2;
        match line {
            Line::Opens(opening, first) => {
                self.open(opening);
                if let Some(first) = first {
                    if self.goes_on(&first, opening.parts) {
                        self.pieces.push((number, first));
                    } else {
                        self.pieces.clear();
                    }
                }
                opening.platform.is_none()
            }
            Line::Piece(piece)
                if self.pieces.last().is_none_or(|(_, last)| !last.at || last.open) =>
            {
                let number_only = piece.letters == 0 && !piece.mark;
                let whole = self
                    .pieces
                    .last()
                    .is_some_and(|(_, p)| p.shaped && !p.mark && !p.part && !p.own);
                if !(number_only && whole) {
                    self.pieces.push((number, piece));
                }
                true
            }
            Line::Piece(_) | Line::Ends => false,
            Line::Idle(known) => {
                self.skipped += usize::from(own);
                self.aside |= !known;
                self.skipped <= SKIPPED_MAX
            }
        }
    }

    /// Whether the pieces go on with one that is told beside its platform.
    fn goes_on(&self, first: &Piece, parts: bool) -> bool {
        let next = self.pieces.last().map(|(_, p)| *p).unwrap_or_default();
        parts
            || first.open
            || first.part
            || self.pieces.iter().any(|(_, p)| p.mark && !p.at || p.part || p.own)
            || !first.shaped && next.shaped && !self.aside
    }

    /// What the pieces are together.
    fn judge(mut self) -> Option<Split> {
        // What is a piece only beside a mark, and has none.
        let opened = self.opened && (self.opening.platform.is_some() || self.opening.nick);
        let mark = |n: usize| self.pieces.get(n).is_some_and(|(_, p)| p.mark);
        let beside = |n: usize| mark(n + 1) || n > 0 && mark(n - 1);
        let kept = |n: usize, p: &Piece| p.mark || !p.doubtful() || opened && beside(n);
        if !kept(0, &self.pieces.first()?.1) {
            return None;
        }
        let pieces = self.pieces.iter().enumerate().filter(|(n, (_, p))| kept(*n, p));
        self.pieces = pieces.map(|(_, piece)| *piece).collect();
        let (_, last) = *self.pieces.first()?;
        let (_, first) = *self.pieces.last()?;
        let count = self.pieces.len();
        let any = |fits: fn(&Piece) -> bool| self.pieces.iter().any(|(_, p)| fits(p));
        let letters: usize = self.pieces.iter().map(|(_, p)| p.letters).sum();
        let named = self.opening.platform.is_some();
        let half = last.half && (!named || count > 1) || last.domain || !named && any(|p| p.half);
        let size: u32 = self.pieces.iter().map(|(_, p)| p.place.1 - p.place.0).sum();
        if half || letters < 1 || size < 3 {
            return None;
        }
        let shaped = any(|p| p.shaped);
        let marked = any(|p| p.mark);
        let parts = self.opening.parts || any(|p| p.part || p.own);
        if !opened {
            // `@ivan`, `_petrov`
            let signed = first.at && count > 1;
            let spelled = parts && count > 1 && last.mark;
            return (signed || spelled).then(|| self.found(80));
        }
        let sure =
            shaped || count > 1 && (marked || parts || self.opening.direct || self.opening.nick);
        let plain = last.plain
            && !last.form
            && self.opening.direct
            && self.skipped == 0
            && !self.aside
            && last.letters > 2
            && (!last.capital || self.opening.nick);
        (sure || plain).then(|| self.found(if shaped || marked { 84 } else { 70 }))
    }

    fn found(&self, confidence: u8) -> Split {
        let platform = self.opening.platform;
        Split {
            spans: self
                .pieces
                .iter()
                .map(|(n, p)| (*n, Span { start: p.place.0, end: p.place.1 }))
                .collect(),
            category: platform.map_or("messenger", Platform::category),
            platform: platform.map_or("", |p| p.name),
            confidence,
        }
    }
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
    const WORDS_MAX: usize = 8;
    let hinted = |t: &Term| scene.bits & HINT != 0 && t.to > t.from + 1 && !t.emoji;
    let named = scene.terms.iter().find(|t| {
        t.platform.is_some_and(|p| t.signs > 0 || p.strength > Strength::Weak || hinted(t))
    });
    let bits = scene.bits;
    let about = named.is_some() || bits & NICK != 0 && bits & MINE != 0;
    let of_work = bits & WORK != 0 && !named.is_some_and(hinted);
    if !about || scene.terms.len() > WORDS_MAX || bits & NEGATION != 0 || of_work {
        return None;
    }
    if scene.original.contains('?') {
        return None;
    }
    let mut told = Told::default();
    told.open(Opening {
        platform: named.and_then(|t| t.platform),
        nick: true,
        ..Opening::default()
    });
    let mut own = bits & (MINE | NICK | CALL | CALL_LOOSE) != 0 || scene.terms.len() <= 2;
    for (n, earlier) in history.iter().take(HISTORY_MAX).enumerate() {
        if !earlier.same_sender || earlier.text.len() > PIECE_MAX {
            break;
        }
        let folded: Folded = fold(&earlier.text);
        let before = Scene::new(&earlier.text, &folded);
        match line::read(&before, true) {
            Line::Opens(opening, None) if opening.platform.is_none() => own = true,
            Line::Idle(true) if told.pieces.is_empty() && n == 0 => {
                own |= before.bits & MINE != 0;
            }
            line => {
                let opens = matches!(line, Line::Opens(..));
                if !told.hear(u32::try_from(n + 1).ok()?, line, true) || opens {
                    break;
                }
            }
        }
    }
    let known = scene
        .terms
        .iter()
        .all(|t| t.platform.is_some() || t.bits != 0 || tells(scene.text(t.from)) != 0);
    // A plain word is a name when it is said that it is, or the platform alone follows.
    let (_, last) = *told.pieces.first()?;
    const PLAIN_MIN: usize = 6;
    told.opening.direct = known
        && last.letters >= PLAIN_MIN
        && !last.capital
        && (bits & (MINE | NICK) != 0 || scene.terms.len() <= 4);
    told.opening.nick = false;
    if let Some((_, last)) = told.pieces.first_mut() {
        last.form = false;
    }
    let parts = told.pieces.len() > 1 && told.pieces.iter().any(|(_, p)| p.part);
    if !(own || known || parts) {
        return None;
    }
    told.judge()
}
