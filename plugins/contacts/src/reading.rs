//! The messages of one sender as one row of atoms, and what is seen of an atom and around it. Knows no
//! category and no weight.

use std::ops::Range;

use parlour_guest::pieces::{Limits, Said, before};
use parlour_guest::scan::{Kind, Token};
use parlour_guest::{Earlier, Fold, Script, Span};

/// What stands between two messages.
const BETWEEN: u32 = 1;
/// What is outside of the row.
const OUTSIDE: u32 = 2;
/// How far before and behind an atom a word is noticed wherever it stands.
const BEFORE: usize = 12;
const BEHIND: usize = 8;
/// How far digits are counted.
const DIGITS: usize = 8;
/// How far an atom is looked at closely; so many stand outside at either end of a row.
pub const NEAR: usize = 4;

/// What is read of earlier messages: people who tell a contact in pieces write short ones, soon after
/// each other.
const LIMITS: Limits = Limits { age: 600, bytes: 300, messages: 4 };

/// One message: as it was written, and as it is read.
struct Text<'t> {
    original: &'t str,
    said: Said,
}

/// The messages of one sender, oldest first, as one row of atoms.
pub struct Row {
    /// Some that are outside of it at either end.
    pub atoms: Vec<Atom>,
}

/// A token that is not white space, or the gap between two messages.
#[derive(Clone, Copy, Debug)]
pub struct Atom {
    /// 0 is the newest message, n the n-th before it; `None`: between two of them.
    pub message: Option<u32>,
    /// Where it stands in the original.
    pub span: Span,
    pub kind: Kind,
    script: Option<Script>,
    /// Digits in it.
    pub digits: u32,
    /// What it says; digits by how many they are.
    pub(crate) word: u32,
    pub(crate) head: u32,
    pub(crate) tail: u32,
    /// How it sounds: its consonants, in whatever script.
    pub(crate) sound: u32,
    /// How a word begins that is noticed from afar, or 0.
    pub(crate) far: u32,
    /// Kind, script, length, white space before it, signs of disguise; the mark itself of a mark.
    pub(crate) shape: u32,
    /// Whether a word begins, or is written, in capitals.
    capitals: u32,
    /// Digits of the row up to its end.
    digits_so_far: u32,
}

// === impl Row ===

impl Row {
    /// A message after those that its sender wrote before.
    #[must_use]
    pub fn of(message: &str, history: &[Earlier], fold: Fold) -> Self {
        let mut texts = vec![Text { original: message, said: Said::of(0, &fold(message)) }];
        for said in before(history, LIMITS, fold) {
            let earlier = history.get((said.message as usize).wrapping_sub(1));
            texts.push(Text { original: earlier.map_or("", |e| e.text.as_str()), said });
        }
        texts.reverse();
        Self { atoms: atoms(&texts) }
    }

    /// The atoms that are in it.
    #[must_use]
    pub fn inner(&self) -> Range<usize> {
        NEAR..self.atoms.len() - NEAR
    }
}

impl Text<'_> {
    fn capitals(&self, span: Span) -> u32 {
        let mut chars = self.original.get(span.start as usize..).unwrap_or_default().chars();
        let mut upper = || chars.next().is_some_and(char::is_uppercase);
        match (upper(), upper()) {
            (false, _) => 3,
            (true, false) => 1,
            (true, true) => 2,
        }
    }
}

const BASIS: u32 = 0x811c_9dc5;

/// A hash (FNV-1a) with one byte more.
fn hashed(hash: u32, byte: u8) -> u32 {
    (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193)
}

fn hash(bytes: &[u8]) -> u32 {
    bytes.iter().fold(BASIS, |hash, byte| hashed(hash, *byte))
}

fn number(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

fn atoms(texts: &[Text<'_>]) -> Vec<Atom> {
    let mut row: Vec<Atom> = vec![nothing(OUTSIDE, 0); NEAR];
    let mut digits = 0;
    for (n, text) in texts.iter().enumerate() {
        if n > 0 {
            row.push(nothing(BETWEEN, digits));
        }
        let mut gap = 1;
        for (at, token) in text.said.folded.tokens().iter().enumerate() {
            if token.kind == Kind::Space {
                gap = 1;
                continue;
            }
            let mut atom = atom(text, at, token, gap);
            digits += atom.digits;
            atom.message = Some(text.said.message);
            atom.digits_so_far = digits;
            row.push(atom);
            gap = 0;
        }
    }
    row.extend([nothing(OUTSIDE, digits); NEAR]);
    row
}

/// What stands between two messages or outside of all.
fn nothing(what: u32, digits_so_far: u32) -> Atom {
    Atom {
        message: None,
        span: Span { start: 0, end: 0 },
        kind: Kind::Space,
        script: None,
        digits: 0,
        word: what,
        head: what,
        tail: what,
        sound: what,
        far: 0,
        shape: what,
        capitals: 7,
        digits_so_far,
    }
}

fn atom(text: &Text<'_>, at: usize, token: &Token<'_>, gap: u32) -> Atom {
    let Token { kind, text: said, start, end } = *token;
    let folded = &text.said.folded;
    let span = folded.original(start, end);
    let signs = u32::from(folded.signs(start, end) > 0);
    let shape = kind as u32 | gap << 10 | signs << 11;
    let plain = Atom { span, kind, shape, capitals: 0, ..nothing(0, 0) };
    let bytes = said.as_bytes();
    match kind {
        Kind::Digits => Atom {
            digits: number(bytes.len()),
            word: 3 + number(bytes.len().min(14)),
            head: hash(bytes.get(..2).unwrap_or_default()),
            tail: 3,
            shape: shape | number(bytes.len().min(12)) << 5,
            ..plain
        },
        Kind::Word => {
            let Word { word, head, tail, sound, far, length } = Word::of(bytes);
            let script = folded.script(at);
            let of_script = script.map_or(0, |script| script as u32 + 1);
            let shape = shape | of_script << 2 | length.min(8) << 5;
            let capitals = text.capitals(span);
            Atom { script, word, head, tail, sound, far, shape, capitals, ..plain }
        }
        _ => {
            let word = hash(bytes);
            let far = if said == "@" { word } else { 0 };
            Atom { word, head: word, tail: word, far, shape: shape | word << 12, ..plain }
        }
    }
}

/// What sounds alike has the same letter; for `a` to `z`.
const LATIN: &[u8; 26] = b"abkdefghijklmnopkrstuvvkiz";

/// The same for U+0400 to U+047F.
const CYRILLIC: &[u8; 128] = &{
    let mut all = [b'.'; 128];
    let letters = b"abvgdezziiklmnoprstufhcsss.i.euj";
    let mut n = 0;
    while n < letters.len() {
        all[0x30 + n] = letters[n];
        n += 1;
    }
    (all[0x51], all[0x54], all[0x56], all[0x57]) = (b'e', b'e', b'i', b'i');
    all
};

/// What a byte of a word sounds like behind the one before it; 0: it is the first of a character.
fn sound(before: u8, byte: u8) -> u8 {
    let letter = match byte {
        b'a'..=b'z' => LATIN.get(usize::from(byte - b'a')),
        0xc0.. => return 0,
        _ if before & 0xfe == 0xd0 => CYRILLIC.get(usize::from((before & 1) << 6 | byte & 63)),
        _ => None,
    };
    letter.copied().unwrap_or(b'.')
}

/// What a word says: all of it, its first four characters, its last three, its consonants with the vowel it
/// may begin with (`телега`, `telega` and `tilliga` sound the same), its first five characters if it has
/// more than one, and how many it has.
struct Word {
    word: u32,
    head: u32,
    tail: u32,
    sound: u32,
    far: u32,
    length: u32,
}

impl Word {
    fn of(bytes: &[u8]) -> Self {
        let (mut word, mut head, mut far, mut length) = (BASIS, 0, 0, 0);
        // Where the last four characters begin.
        let mut last = [0; 4];
        let (mut sounds, mut heard, mut before) = (BASIS ^ 0x77, 0, 0);
        for (at, byte) in bytes.iter().enumerate() {
            if byte & 0xc0 != 0x80 {
                match length {
                    4 => head = word,
                    5 => far = word,
                    _ => {}
                }
                length += 1;
                last = [last[1], last[2], last[3], at];
            }
            word = hashed(word, *byte);
            let sound = sound(before, *byte);
            before = *byte;
            if sound != 0 {
                if sound != heard && (heard == 0 || !b"aehiouj.".contains(&sound)) {
                    sounds = hashed(sounds, sound);
                }
                heard = sound;
            }
        }
        if length <= 4 {
            head = word;
        }
        if length <= 5 {
            far = if length > 1 { word } else { 0 };
        }
        let tail = if length > 3 { hash(bytes.get(last[1]..).unwrap_or_default()) } else { word };
        Self { word, head, tail, sound: sounds, far, length }
    }
}

/// An atom and those next to it. `n` counts from the first atom, those outside included.
fn near(row: &[Atom], n: usize) -> Option<&[Atom; 2 * NEAR + 1]> {
    row.get(n.checked_sub(NEAR)?..=n + NEAR)?.try_into().ok()
}

/// Says what is seen of an atom by itself: numbers that are the same wherever the same is seen, and of
/// which the upper bits are as good as chance.
#[inline(always)]
pub fn seen_alone(me: &Atom, mut say: impl FnMut(u32)) {
    let parts = [0, me.word, me.head, me.tail, me.shape, me.sound];
    (1..).zip(parts).for_each(|(nth, part)| say(mixed(nth, part)));
}

/// Says what is seen of the atoms next to one.
#[inline(always)]
fn see_next(near: &[Atom; 2 * NEAR + 1], say: &mut impl FnMut(u32)) {
    let [a4, a3, a2, a1, _, b1, b2, b3, b4] = near;
    for (nth, atom) in (7..).zip([a4, a3, a2, a1, b1, b2, b3, b4]) {
        say(mixed(nth, atom.word));
    }
    for (nth, atom) in (15..).zip([a2, a1, b1, b2]) {
        say(mixed(nth, atom.head));
        say(mixed(nth + 4, atom.shape));
        say(mixed(nth + 8, atom.sound));
    }
}

/// Says what is seen of atoms together.
#[inline(always)]
fn see_together(row: &[Atom], n: usize, near: &[Atom; 2 * NEAR + 1], say: &mut impl FnMut(u32)) {
    let [_, _, a2, a1, me, b1, b2, _, _] = near;
    let gaps = me.shape >> 9 & 2 | b1.shape >> 10 & 1;
    let mut two = |nth: u32, a: u32, b: u32| say(mixed(mixed(nth, a), b));
    two(32, me.word, gaps);
    two(33, me.shape, gaps);
    two(34, a1.word, me.word);
    two(35, me.word, b1.word);
    two(36, a2.word, a1.word);
    two(37, b1.word, b2.word);
    two(38, a1.word, b1.word);
    let before = mixed(a1.shape, me.shape);
    two(39, before, b1.shape);
    two(40, before, gaps);
    two(41, a1.head, me.shape);
    two(42, a2.head, me.shape);
    two(43, mixed(me.shape, b1.shape), b2.shape);
    two(44, mixed(me.capitals, me.shape), a1.capitals);
    two(45, me.capitals, a1.word);
    let so_far = |n: usize| row.get(n).map_or(0, |atom| atom.digits_so_far);
    let back = me.digits_so_far - so_far(n.saturating_sub(DIGITS + 1));
    let ahead = so_far((n + DIGITS).min(row.len() - 1)) - me.digits_so_far;
    two(46, length_of_number(back + ahead), me.kind as u32);
    two(47, back.min(15) << 4 | ahead.min(15), me.kind as u32);
}

/// Says what is seen close to an atom, and of both together.
#[inline(always)]
pub fn seen_near(row: &[Atom], n: usize, mut say: impl FnMut(u32)) {
    if let Some(near) = near(row, n) {
        see_next(near, &mut say);
        see_together(row, n, near, &mut say);
    }
}

/// The atoms whose words are noticed before atom `n` of so many, and those behind it.
#[must_use]
pub fn around(n: usize, atoms: usize) -> (Range<usize>, Range<usize>) {
    (n.saturating_sub(BEFORE)..n, n + 1..atoms.min(n + 1 + BEHIND))
}

// === impl Atom ===

impl Atom {
    /// A word in a script that is neither Latin nor Cyrillic.
    #[must_use]
    pub fn is_foreign(&self) -> bool {
        self.script == Some(Script::Other)
    }

    /// What is seen of this atom from afar: by who stands behind it, and by who stands before it.
    #[must_use]
    #[inline]
    pub fn seen_far(&self) -> Option<(u32, u32)> {
        (self.far != 0).then(|| (mixed(27, self.far), mixed(28, self.far)))
    }
}

/// Says all that is seen of atom `n`, alone, near and far.
pub fn seen(row: &[Atom], n: usize, mut say: impl FnMut(u32)) {
    if let Some(me) = row.get(n) {
        seen_alone(me, &mut say);
    }
    seen_near(row, n, &mut say);
    see_far(row, n, &mut say);
}

fn see_far(row: &[Atom], n: usize, say: &mut impl FnMut(u32)) {
    let (before, behind) = around(n, row.len());
    let [before, behind] = [before, behind].map(|range| row.get(range).unwrap_or_default());
    before.iter().filter_map(Atom::seen_far).for_each(|(before, _)| say(before));
    behind.iter().filter_map(Atom::seen_far).for_each(|(_, behind)| say(behind));
}

/// Digits as of none, of a code, of a short number, and so on.
fn length_of_number(digits: u32) -> u32 {
    match digits {
        0..=3 => 0,
        4..=6 => 1,
        7..=8 => 2,
        9..=12 => digits - 6,
        _ => 7,
    }
}

pub(crate) fn mixed(a: u32, b: u32) -> u32 {
    (a.wrapping_mul(0x85eb_ca6b) ^ b).wrapping_mul(0x9e37_79b1)
}
