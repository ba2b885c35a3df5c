//! Addresses told over several messages of one sender: the name in one, the provider in another, in any
//! order, with words around them and other messages in between. Knows tokens and hosts.

use super::joined::{is_sure, joined};
use super::told::{BETWEEN, NAMED, NAMES, is_account, is_mail_only, is_thing, provider_of};
use super::words::{ANIMALS, AT, AT_LOOSE, DOGS, LEADS, PAIRED};
use super::{Address, At, Proof, at_sign, at_words, domain, names_platform};
use crate::host;
use crate::list::{Row, one_of};
use crate::pieces::{self, Limits, Said};
use crate::scan::{self, Kind, Token, Words};
use crate::tld::tld;
use crate::{Earlier, Fold, Folded};

/// Messages whose pieces may be one address.
const PIECES: Limits = Limits { age: 15 * 60, bytes: 160, messages: 8 };

/// Longest message that holds a piece, in tokens.
const TOKENS_MAX: usize = 24;

/// Most messages of the sender between two pieces.
const NOISE_MAX: usize = 4;

/// Words around a piece that say nothing else, beside those of the sentence that tells an address.
static QUIET: Row = Row::of(
    "above ah alors am append après attends avant ben d'abord dans debut deuxième début end ending \
     ensuite fin first hello hi hosted i i'm l'arobase last left no non nope oh ok okay oops oui \
     oups partie première provider puis put right sec seconde si so sorry using voila voilà wait \
     yep yes zone ага вернее второе вторую вірніше гугловская да далі добавить добавляй добавь \
     добавьте додай додайте домена домену друга другий е еще ещё записал записали записывай зараз \
     затем знака значка зона зоне зоні конец конце кстати кінець кінці ліворуч минутку мої начала \
     начало нет ой ок он она пардон первая первую первый перша першу пишіть погоди половину \
     последнее потім праворуч припиши просто після сайт сейчас секунд секунду сначала спочатку \
     справа т точнее точніше третье третя третє тут угу хвилинку частина шукайте щас",
);

pub(super) fn is_quiet(word: &str) -> bool {
    QUIET.contains(word) || BETWEEN.contains(word) || NAMES.contains(word) || NAMED.contains(word)
}

/// The name of an account, by its looks.
const NAME: u16 = 1;
/// A name that is one word, alone in its message.
const WEAK: u16 = 1 << 1;
/// What stands for the `@`.
const DOG: u16 = 1 << 2;
/// A provider; after a dog any domain.
const HOST: u16 = 1 << 3;
/// The provider's name has an ending, or no other meaning.
const WHOLE: u16 = 1 << 4;
/// The domain has its ending.
const ENDED: u16 = 1 << 5;
/// A domain that is no provider's.
const SITE: u16 = 1 << 6;
/// Its ending is one that no sentence begins with.
const SURE: u16 = 1 << 7;
/// Only the ending of a domain.
const LAST: u16 = 1 << 8;
/// The ending has no dot.
const BARE: u16 = 1 << 9;
/// A word around says that this is about a name.
const NAMED_SO: u16 = 1 << 10;
/// The name begins with a mark.
const MARKED: u16 = 1 << 11;
/// The name is a word, right before an `@`.
const INNER: u16 = 1 << 12;
/// The name looks like that of a file.
const FILE: u16 = 1 << 13;

/// What of an address a message holds: tokens `from..to`.
#[derive(Clone, Copy, Debug, Default)]
struct Piece {
    from: usize,
    to: usize,
    /// The marks above.
    is: u16,
    /// How many words around say something else.
    loud: usize,
}

/// A message and what it holds.
type Found<'s> = (&'s Said, Piece);

type Told = pieces::Told<Address>;

/// Whether a message is short and has something that an address ends with: told without a look at
/// other messages.
fn may_end(folded: &Folded) -> bool {
    if folded.kinds().len() > TOKENS_MAX {
        return false;
    }
    let tokens = folded.tokens();
    let kind = |n: usize| tokens.get(n).map(|t| t.kind);
    let letters = |n: usize| kind(n) == Some(Kind::Word);
    tokens.iter().enumerate().any(|(i, t)| match t.kind {
        Kind::Mark => match t.text {
            "@" | "_" => true,
            // Not that of a sentence.
            "." => letters(i + 1) || i == 0 || kind(i - 1) == Some(Kind::Space),
            _ => DOGS.contains(t.text),
        },
        Kind::Word => {
            provider_of(t.text).is_some()
                || AT.contains(t.text)
                || ANIMALS.contains(t.text)
                || host::is_sure(t.text)
                || host::is_dot(t)
        }
        Kind::Digits => letters(i + 1) || i > 0 && letters(i - 1),
        Kind::Space => false,
    })
}

/// An address that this message ends and an earlier one of the same sender began: its parts in the
/// messages.
#[must_use]
pub fn across(folded: &Folded, history: &[Earlier], fold: Fold) -> Option<Told> {
    if !history.iter().any(|e| e.same_sender) || !may_end(folded) {
        return None;
    }
    let newest = Said::of(0, folded);
    let said = pieces::before(history, PIECES, fold);
    told_apart(&newest, &said, history, fold).or_else(|| {
        // `insta`, `@anna.design`: a name on the platform.
        joined(&newest, &said)
            .filter(|(address, _)| is_sure(address) || !names_platform(history, 4, fold))
    })
}

/// The same, piece by piece.
fn told_apart(newest: &Said, said: &[Said], history: &[Earlier], fold: Fold) -> Option<Told> {
    let piece = read(&newest.folded.tokens()).filter(|p| p.has(NAME | HOST | SITE | LAST))?;
    let about = piece.has(NAMED_SO)
        || history.iter().any(|e| e.text.len() <= PIECES.bytes && is_about_mail(&e.text));
    if piece.has(NAME) {
        return told_before((newest, piece), said, about);
    }
    // `insta`, `@anna.design`: a name on the platform.
    if piece.has(DOG) && piece.has(SITE) && names_platform(history, 4, fold) {
        return None;
    }
    // `at the door.In`, `at the gmail office`
    let tokens = newest.folded.tokens();
    let spaced = tokens.get(piece.from + 1..piece.to)?.iter().any(Token::is_gap);
    let doubtful = piece.has(SITE) && !piece.has(SURE) && spaced
        || !piece.has(ENDED) && piece.has(HOST) && piece.loud > 1;
    if piece.has(DOG) && doubtful { None } else { told_over((newest, piece), said, about) }
}

/// The pieces one by one, what is no piece left out.
fn told_over(newest: Found<'_>, said: &[Said], about: bool) -> Option<Told> {
    let piece = newest.1;
    if !piece.has(HOST | SITE | LAST) {
        return None;
    }
    let words = !(piece.has(DOG) && piece.has(SITE)) || piece.has(SURE);
    let mut found = vec![newest];
    let (mut first, mut weak, mut noise) = (piece, None, 0);
    for said in said {
        let earlier = read(&said.folded.tokens()).unwrap_or_default();
        if first.has(NAME) {
            if noise > 0 || !first.begins(&earlier, said) {
                break;
            }
            found.push((said, earlier));
            first = earlier;
            first.is |= NAME;
        } else if first.follows(&earlier, about) {
            noise = 0;
            found.push((said, earlier));
            // An ending makes any provider whole.
            let whole = if first.has(LAST) { WHOLE } else { 0 };
            let name = if earlier.has(SITE) && !earlier.has(DOG) { NAME } else { 0 };
            first = earlier;
            first.is |= whole | name;
        } else {
            let named = earlier.has(WEAK) && (first.has(ENDED) || !earlier.has(FILE));
            if weak.is_none() && named && first.has(DOG) && words {
                weak = Some((said, earlier));
            }
            noise += 1;
        }
        if noise > NOISE_MAX {
            break;
        }
    }
    if !first.has(NAME) {
        found.push(weak.filter(|_| first.has(DOG))?);
    }
    found.reverse();
    compose(&found)
}

/// A provider told before the name that the newest message has.
fn told_before(newest: Found<'_>, said: &[Said], about: bool) -> Option<Told> {
    let piece = newest.1;
    let sure = piece.has(NAMED_SO | DOG);
    let most = if sure || about { 4 } else { 0 };
    let quiet = if sure && !piece.has(INNER) { 4 } else { 0 };
    if piece.has(HOST) || piece.loud > quiet {
        return None;
    }
    let host = said.iter().take(NOISE_MAX).find_map(|said| {
        let p = read(&said.folded.tokens())?;
        let fits = p.has(HOST) && !p.has(NAME) && (p.has(WHOLE) || about);
        (fits && (p.loud <= most || p.has(DOG))).then_some((said, p))
    });
    compose(&[newest, host?])
}

/// The address that pieces make.
fn compose(found: &[Found<'_>]) -> Option<Told> {
    let mut domain = String::new();
    let mut parts = Vec::with_capacity(found.len());
    for (n, (said, piece)) in found.iter().enumerate() {
        let tokens = said.folded.tokens();
        let (from, to) = (tokens.get(piece.from)?.start, tokens.get(piece.to.checked_sub(1)?)?.end);
        parts.push((said.message, said.folded.original(from, to)));
        // What looks like a site and comes first is the name. A dot told in words stays: no domain that
        // somebody allows is spelled so.
        if piece.has(HOST | LAST) || piece.has(SITE) && n > 0 {
            let written = said.folded.text.get(from..to)?;
            domain.push_str(if piece.has(BARE) { "." } else { "" });
            Words::of(scan::behind(written, b'@')).for_each(|part| domain.push_str(part));
        }
    }
    let span = parts.iter().find(|(message, _)| *message == 0)?.1;
    let address = Address { span, domain, rule: "split", signs: 3 };
    (parts.len() > 1).then_some((address, parts))
}

/// Whether a message has a word for mail, or asks for a name.
fn is_about_mail(text: &str) -> bool {
    const WORDS: &str =
        "почт пошт mail мейл мэйл мыл courriel Почт Пошт Mail ящик скринь имя ім'я name nom";
    Words::of(WORDS).any(|word| host::find(text, word).is_some())
}

/// The piece that a message holds.
#[inline(never)]
fn read(tokens: &[Token<'_>]) -> Option<Piece> {
    if tokens.len() > TOKENS_MAX {
        return None;
    }
    let mut piece = Piece::default();
    let mut name: Option<(usize, usize)> = None;
    let (mut i, mut word_at, mut thing) = (0, None, None);
    while let Some(token) = tokens.get(i) {
        if let Some(to) = placed(tokens, i) {
            i = to;
        } else if let Some(core) = core(tokens, i, &piece) {
            let near = name.or(word_at).filter(|(_, to)| {
                core.has(DOG) && (*to == i || *to + 1 == i && scan::gap(tokens, *to))
            });
            piece.take(core);
            if let Some((from, _)) = near {
                piece.from = from;
                piece.is |= if name.is_none() { NAME | INNER } else { NAME };
                piece.loud -= usize::from(name.is_none() && piece.loud > 0);
            }
            i = core.to;
        } else {
            let to = run(tokens, i).unwrap_or(i + 1);
            let tagged = || one_of("@ / # $ №", scan::text(tokens, i.wrapping_sub(1)));
            if is_account(tokens.get(i..to)?) && !tagged() {
                name = Some((i, to));
            } else if to > i + 1 {
                piece.loud += 1;
                let run = tokens.get(i..to)?;
                let file = run.iter().any(|t| t.is(".")) && is_thing(run);
                *if file { &mut thing } else { &mut word_at } = Some((i, to));
            } else if token.kind == Kind::Word && piece.hears(token) && token.text.is_ascii() {
                word_at = Some((i, to));
            }
            i = to;
        }
    }
    if piece.to > 0 {
        // An ending without a dot is a word among others.
        let listed = piece.from == 0 && crate::scan::marks(tokens, piece.to, b',');
        return (!piece.has(BARE) || piece.loud == 0 || listed).then_some(piece);
    }
    // What looks like a file may be a name before an `@` alone.
    let (from, to) = name.or(word_at).or(thing)?;
    let long = tokens.get(from).is_some_and(|t| t.text.is_ascii() && t.text.len() > 2 || t.is("_"));
    let led = piece.loud == 1 || crate::scan::marks(tokens, from.wrapping_sub(2), b':');
    if name.is_none() && !(long && led) {
        return None;
    }
    piece.is |= if name.is_none() { WEAK } else { NAME };
    piece.is |= if name.or(word_at).is_none() { FILE } else { 0 };
    (piece.from, piece.to) = (from, past_dot(tokens, to));
    // `.petrov`, `точка petrov`
    let back = from.checked_sub(1 + usize::from(from > 0 && scan::gap(tokens, from - 1)));
    if back == Some(0) && tokens.first().is_some_and(is_mark) {
        piece.from = 0;
        piece.is |= MARKED | NAME;
    } else if crate::scan::marks(tokens, from, b'_') {
        piece.is |= MARKED | NAME;
    }
    Some(piece)
}

fn is_mark(token: &Token<'_>) -> bool {
    matches!(token.text, "." | "-" | "_") || host::is_dot(token)
}

impl Piece {
    fn has(&self, any: u16) -> bool {
        self.is & any != 0
    }

    /// Takes more of the address in.
    fn take(&mut self, core: Self) {
        let named = self.is & NAMED_SO;
        if self.to == 0 || core.has(DOG) {
            *self = Self { loud: self.loud, ..core };
        } else {
            self.to = core.to;
            self.is |= core.is & (HOST | WHOLE | ENDED);
            self.is |= if core.has(LAST) { ENDED | WHOLE } else { 0 };
        }
        self.is |= named;
    }

    /// Takes a word that is no part of an address into account; whether it says something else.
    fn hears(&mut self, token: &Token<'_>) -> bool {
        let lead = LEADS.contains(token.text);
        if lead || NAMED.contains(token.text) {
            self.is |= NAMED_SO;
        }
        let loud = !lead && !is_quiet(token.text) && !host::is_dot(token);
        self.loud += usize::from(loud);
        loud
    }

    /// Whether this is what comes behind an earlier piece.
    fn follows(&self, earlier: &Self, about: bool) -> bool {
        if self.has(LAST) {
            let open = earlier.has(HOST) && !earlier.has(ENDED);
            return open && (earlier.loud == 0 || earlier.has(DOG));
        }
        // `write to anna.pro`, `@gmail.com`
        let alone = self.has(DOG) && self.has(WHOLE) && !self.has(SITE) && self.loud == 0;
        let site = earlier.has(SITE) && (alone || earlier.loud == 0);
        let named = (earlier.has(NAME) || site) && !earlier.has(HOST);
        if self.has(DOG) {
            return named && !earlier.has(DOG);
        }
        let quiet = self.loud == 0 && earlier.loud == 0;
        let sure = self.has(HOST) && (self.has(WHOLE) || about);
        let dog = earlier.has(DOG) && !earlier.has(HOST);
        if !named || earlier.has(INNER) {
            return dog && quiet && (sure || self.has(SURE));
        }
        // `имя ящика ivan77, сервис чуть позже`
        let led = self.has(ENDED) && self.loud == 0 && earlier.has(NAMED_SO) && earlier.loud < 4;
        sure && (dog || (quiet || led) && earlier.has(NAME))
    }

    /// Whether the name goes on before this message, `ivan.` and `petrov@`.
    fn begins(&self, earlier: &Self, said: &Said) -> bool {
        let open =
            matches!(said.folded.text.trim_ascii_end().as_bytes().last(), Some(b'.' | b'_' | b'-'));
        let glued = self.has(INNER | MARKED) && earlier.has(NAME | SITE | WEAK);
        // `имейл kras`, `ka.stena`
        let led = earlier.has(NAMED_SO) || !said.folded.text.is_ascii() && earlier.from > 0;
        let led = led && earlier.has(WEAK) && self.from + self.loud == 0;
        let alone = earlier.has(NAME | SITE) && earlier.loud == 0 || earlier.has(WEAK);
        alone && !earlier.has(HOST | DOG) && (open || glued || led)
    }
}

/// Past `before the at`, which says where the name stands.
fn placed(tokens: &[Token<'_>], i: usize) -> Option<usize> {
    let word = |n: usize| scan::text(tokens, n);
    if !one_of("до после перед before after avant après після за", word(i)) {
        return None;
    }
    let n = if word(i + 2) == "the" { i + 4 } else { i + 2 };
    (AT.contains(word(n)) || one_of("собачки равлика значка знака @", word(n))).then_some(n + 1)
}

/// Past an unbroken run of Latin letters, digits and marks of a name.
fn run(tokens: &[Token<'_>], i: usize) -> Option<usize> {
    let solid = |t: &&Token<'_>| t.text.is_ascii() && t.is_solid() || t.is_joint();
    let mut to = i + tokens.get(i..)?.iter().take_while(solid).count();
    while to > i + 1 && tokens.get(to - 1).is_some_and(|t| matches!(t.text, "." | "-")) {
        to -= 1;
    }
    (to > i && tokens.get(i).is_some_and(|t| t.kind != Kind::Mark || t.is("_"))).then_some(to)
}

/// What of an address begins at token `i`, other than a name.
fn core(tokens: &[Token<'_>], i: usize, so_far: &Piece) -> Option<Piece> {
    if !so_far.has(DOG)
        && let Some(after) = dog(tokens, i)
    {
        let from = after + usize::from(scan::gap(tokens, after));
        let behind = provider(tokens, from, true).unwrap_or_default();
        return Some(Piece { from: i, to: behind.to.max(after), is: behind.is | DOG, loud: 0 });
    }
    // A word in the middle of a run is a part of a name.
    let before = tokens.get(i.wrapping_sub(1));
    let inner = |t: &Token<'_>| t.is_solid() || one_of(". _ - / @ #", t.text);
    if before.is_some_and(inner) || so_far.has(ENDED | LAST) {
        return None;
    }
    if !so_far.has(HOST | SITE)
        && let Some(mut host) = provider(tokens, i, false)
        && (so_far.to == 0 || host.has(HOST))
    {
        // `на gmail`
        if i == 2 && one_of(AT_LOOSE, scan::text(tokens, 0)) {
            host.from = 0;
            host.is |= WHOLE;
        }
        return Some(host);
    }
    // Between a provider and its ending stands nothing else.
    let free = so_far.to == 0 || so_far.has(HOST);
    ending(tokens, i).filter(|_| free)
}

/// Past what stands for an `@` at token `i`.
fn dog(tokens: &[Token<'_>], i: usize) -> Option<usize> {
    let token = tokens.get(i)?;
    match token.kind {
        Kind::Mark if token.is("@") || DOGS.contains(token.text) => Some(i + 1),
        Kind::Mark => {
            let to = at_sign(tokens, i)?.to;
            Some(to - usize::from(scan::gap(tokens, to - 1)))
        }
        Kind::Word
            if AT.contains(token.text)
                || ANIMALS.contains(token.text)
                || one_of(PAIRED, token.text) && token.text.len() > 4 =>
        {
            at_words(tokens, i)
        }
        _ => None,
    }
}

/// The provider at token `i`; behind a dog any domain.
#[inline(never)]
fn provider(tokens: &[Token<'_>], i: usize, dog: bool) -> Option<Piece> {
    let word = tokens.get(i).filter(|t| t.kind == Kind::Word)?.text;
    let known = provider_of(word).filter(|p| dog || *p != "vk");
    let inner = |n: usize| one_of("_ - / ? @", scan::text(tokens, n));
    let at = At { from: i, to: i, signs: 2, proof: Proof::Provider };
    let mail = if is_mail_only(word) { WHOLE } else { 0 };
    if let Some((to, _, _, provider)) = domain(tokens, &at).filter(|(to, ..)| !inner(*to)) {
        let listed = provider && known.is_some();
        let sure = tokens.get(to.wrapping_sub(1));
        let mut is = if listed { HOST } else { SITE };
        is |= if dog { HOST } else { 0 };
        is |= if to > i + 1 { ENDED | WHOLE } else { mail };
        is |= if sure.is_some_and(|t| host::is_sure(t.text)) { SURE } else { 0 };
        let to = if to > i + 1 { to } else { past_dot(tokens, to) };
        return Some(Piece { from: i, to, is, loud: 0 });
    }
    let to = past_dot(tokens, i + 1);
    // `my mail: anna.k`
    let lead = !dog && to == i + 1 && mail == 0 && LEADS.contains(word);
    (known.is_some() && !inner(i + 1) && !lead).then_some(Piece {
        from: i,
        to,
        is: HOST | mail,
        loud: 0,
    })
}

/// Past a mark of an address that ends a message.
fn past_dot(tokens: &[Token<'_>], to: usize) -> usize {
    let n = to + usize::from(scan::gap(tokens, to));
    let dot = tokens.get(n).is_some_and(is_mark);
    if dot && tokens.len() == n + 1 { n + 1 } else { to }
}

/// The ending of a domain at token `i`.
fn ending(tokens: &[Token<'_>], i: usize) -> Option<Piece> {
    let token = tokens.get(i)?;
    let last =
        |n: usize| tokens.get(n).is_some_and(|t| t.kind == Kind::Word && tld(t.text).is_some());
    if token.is(".") || host::is_dot(token) {
        let from = i + 1 + usize::from(scan::gap(tokens, i + 1));
        let mut to = last(from).then_some(from + 1)?;
        while let Some((length, _)) = host::dot(tokens, to).filter(|(n, _)| last(to + n)) {
            to += length + 1;
        }
        return Some(Piece { from: i, to, is: LAST, loud: 0 });
    }
    let sure = host::is_sure(token.text) || token.text == "me";
    let apart = tokens.get(i + 1).is_none_or(|t| t.kind == Kind::Space || t.is(","));
    (sure && apart).then_some(Piece { from: i, to: i + 1, is: LAST | BARE, loud: 0 })
}
