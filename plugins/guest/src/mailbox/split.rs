//! Addresses told over several messages of one sender: the name in one, the provider in another, in any
//! order, with words around them and other messages in between. Knows tokens and hosts.

use super::told::{BETWEEN, NAMED, NAMES, is_account, is_mail_only, provider_of};
use super::words::{ANIMALS, AT, AT_LOOSE, DOGS, LEADS, PAIRED};
use super::{Address, At, Proof, at_sign, at_words, domain, is_platform};
use crate::host;
use crate::list::Row;
use crate::pieces::{self, Limits, Said};
use crate::scan::{self, Kind, Token};
use crate::tld::tld;
use crate::{Earlier, Fold, Folded, Span};

/// Messages whose pieces may be one address.
const PIECES: Limits = Limits { age: 15 * 60, bytes: 160, messages: 8 };

/// Longest message that holds a piece, in tokens.
const TOKENS_MAX: usize = 24;

/// Most messages of the sender between two pieces.
const NOISE_MAX: usize = 4;

/// Words around a piece that say nothing else, beside those of the sentence that tells an address.
static QUIET: Row = Row::of(
    "above add after ah alors am append après attends avant bah before ben d'abord dans debut \
     deuxième début end ending ensuite fin first fournisseur gmail's hello hi hosted hosting i \
     i'm just l'arobase last no non nope oh ok okay oops oui oups partie première provider puis \
     put sec second seconde si so sorry to use using voila voilà wait yep yes zone ага вернее \
     вторая второе второй вторую вірніше гугла гугловская гугловской да далі добавить добавляй \
     добавь добавьте додай додайте домен домена домену дописать друга другий е еще ещё же \
     записал записали записывай зараз затем зона зоне зоні и конец конце который кстати кінець \
     кінці ліворуч минутку моя мої наконец начала начало нет ой ок он она они пардон первая \
     первую первый перша першу пишем пиши пишіть плюс погоди половину поміняв потім праворуч \
     припиши провайдер провайдера просто після сайт сейчас секунд секунду слева следом сначала \
     спочатку справа т так там точнее точніше тут угу хвилинку частина шукайте щас",
);

fn is_quiet(word: &str) -> bool {
    QUIET.contains(word) || BETWEEN.contains(word) || NAMES.contains(word) || NAMED.contains(word)
}

/// What of an address a message holds: tokens `from..to`.
#[derive(Clone, Copy, Debug, Default)]
struct Piece {
    from: usize,
    to: usize,
    /// The name of an account, by its looks.
    name: bool,
    /// A name that is one word, alone in its message.
    weak: bool,
    /// What stands for the `@`.
    dog: bool,
    /// A provider; after a dog any domain.
    host: bool,
    /// The provider's name has an ending, or no other meaning.
    whole: bool,
    /// The domain has its ending.
    ended: bool,
    /// Any other domain.
    site: bool,
    /// The other domain has an ending that no sentence begins with.
    sure: bool,
    /// Only the ending of a domain.
    last: bool,
    /// The ending has no dot.
    bare: bool,
    /// Words around that say something else.
    loud: usize,
    /// A word around says that this is about a name.
    named: bool,
    /// The name begins with a mark.
    marked: bool,
    /// The name is a word, right before an `@`.
    inner: bool,
}

/// Whether a message is short and has something that an address ends with: told without a look at
/// other messages.
#[must_use]
pub fn may_end(folded: &Folded) -> bool {
    if folded.kinds().len() > TOKENS_MAX {
        return false;
    }
    let telling = |t: &Token<'_>| match t.kind {
        Kind::Mark => matches!(t.text, "@" | "." | "_") || DOGS.contains(t.text),
        Kind::Word => {
            provider_of(t.text).is_some()
                || AT.contains(t.text)
                || ANIMALS.contains(t.text)
                || tld(t.text).is_some()
                || host::is_dot(t)
        }
        Kind::Digits => true,
        Kind::Space => false,
    };
    folded.tokens().iter().any(telling)
}

/// An address that this message ends and an earlier one of the same sender began: its parts in the
/// messages.
#[must_use]
pub fn across(
    text: &str,
    folded: &Folded,
    history: &[Earlier],
    fold: Fold,
) -> Option<(Address, Vec<(u32, Span)>)> {
    if !history.iter().any(|e| e.same_sender) || !may_end(folded) {
        return None;
    }
    let newest = Said { message: 0, original: text, folded: folded.clone() };
    let piece = read(&folded.tokens())?;
    told_over(&newest, piece, history, fold).or_else(|| told_before(&newest, piece, history, fold))
}

/// The pieces one by one, what is no piece left out.
fn told_over(
    newest: &Said<'_>,
    piece: Piece,
    history: &[Earlier],
    fold: Fold,
) -> Option<(Address, Vec<(u32, Span)>)> {
    if piece.name && !piece.inner || !(piece.host || piece.site || piece.last) {
        return None;
    }
    // `insta`, `@anna.design`: a name on the platform.
    let apart = piece.site && piece.dog;
    let platform = |e: &Earlier| fold(&e.text).text.split_whitespace().any(is_platform);
    if apart && history.iter().take(4).any(platform) {
        return None;
    }
    let about = piece.named || history.iter().any(|e| is_about_mail(&e.text));
    let mut found = vec![(newest.clone(), piece)];
    let (mut first, mut weak, mut noise) = (piece, None, 0);
    for said in pieces::before(history, PIECES, fold) {
        let earlier = read(&said.folded.tokens()).unwrap_or_default();
        if first.name {
            if !first.begins(&earlier, &said, noise) {
                break;
            }
            first = Piece { name: true, ..earlier };
            found.push((said, earlier));
        } else if first.follows(&earlier, about) {
            noise = 0;
            // An ending makes any provider whole.
            let (name, whole) = (earlier.name || earlier.site, earlier.whole || first.last);
            first = Piece { name, whole, ..earlier };
            found.push((said, earlier));
        } else if weak.is_none() && earlier.weak && first.dog && (!apart || piece.sure) {
            weak = Some((said, earlier));
        } else {
            noise += 1;
        }
        if noise > NOISE_MAX {
            break;
        }
    }
    if !first.name {
        found.push(weak.filter(|_| first.dog)?);
    }
    if found.len() < 2 {
        return None;
    }
    found.reverse();
    compose(&found)
}

/// A provider told before the name that the newest message has.
fn told_before(
    newest: &Said<'_>,
    piece: Piece,
    history: &[Earlier],
    fold: Fold,
) -> Option<(Address, Vec<(u32, Span)>)> {
    if !piece.name || piece.host {
        return None;
    }
    let about = piece.named || history.iter().any(|e| is_about_mail(&e.text));
    let most = if piece.named || piece.dog { 4 } else { 0 };
    let mut earlier = pieces::before(history, PIECES, fold).take(NOISE_MAX).map(|said| {
        let piece = read(&said.folded.tokens()).unwrap_or_default();
        (said, piece)
    });
    let host =
        earlier.find(|(_, p)| p.host && !p.name && (p.whole || about) && (p.loud <= most || p.dog));
    let loud = if piece.named || piece.dog { 3 } else { 0 };
    (piece.loud <= loud).then(|| compose(&[(newest.clone(), piece), host?]))?
}

impl Piece {
    /// Whether this is what comes behind an earlier piece.
    fn follows(&self, earlier: &Self, about: bool) -> bool {
        if self.last {
            return earlier.host && !earlier.ended && (earlier.loud == 0 || earlier.dog);
        }
        let named = (earlier.name || earlier.site && earlier.loud == 0) && !earlier.host;
        if self.dog {
            return named && !earlier.dog;
        }
        let quiet = self.loud == 0 && earlier.loud == 0;
        let sure = self.host && (self.whole || about);
        if !named || earlier.inner {
            return earlier.dog && !earlier.host && quiet && (sure || self.sure);
        }
        named && sure && (earlier.dog && !earlier.host || quiet && earlier.name)
    }

    /// Whether the name goes on before this message, `ivan.` and `petrov@`.
    fn begins(&self, earlier: &Self, said: &Said<'_>, noise: usize) -> bool {
        let open = said.folded.text.trim_end().ends_with(['.', '_', '-']);
        let named = earlier.name || earlier.site || earlier.weak;
        let alone = named && (earlier.loud == 0 || earlier.weak);
        let glued = self.inner && (earlier.name || earlier.site);
        noise == 0 && alone && !earlier.host && !earlier.dog && (open || self.marked || glued)
    }
}

/// The address that pieces make.
fn compose(found: &[(Said<'_>, Piece)]) -> Option<(Address, Vec<(u32, Span)>)> {
    let mut domain = String::new();
    let mut parts = Vec::with_capacity(found.len());
    for (said, piece) in found {
        let tokens = said.folded.tokens();
        let (from, to) = (tokens.get(piece.from)?.start, tokens.get(piece.to.checked_sub(1)?)?.end);
        parts.push((said.message, said.folded.original(from, to)));
        if piece.host || piece.site || piece.last {
            let written = said.folded.text.get(from..to)?;
            domain.push_str(if piece.bare { "." } else { "" });
            domain.push_str(written.rsplit(['@', ' ']).next()?);
        }
    }
    let span = parts.iter().find(|(message, _)| *message == 0)?.1;
    Some((Address { span, domain, rule: "split", signs: 3 }, parts))
}

/// Whether a message has a word for mail in it.
fn is_about_mail(text: &str) -> bool {
    ["почт", "пошт", "mail", "мейл", "мэйл", "мыл", "courriel", "Почт", "Пошт", "Mail"]
        .iter()
        .any(|word| host::find(text, word).is_some())
}

/// The piece that a message holds.
fn read(tokens: &[Token<'_>]) -> Option<Piece> {
    if tokens.len() > TOKENS_MAX {
        return None;
    }
    let mut piece = Piece::default();
    let mut name: Option<(usize, usize)> = None;
    let (mut i, mut word_at) = (0, None);
    while let Some(token) = tokens.get(i) {
        if let Some(to) = placed(tokens, i) {
            i = to;
        } else if let Some(core) = core(tokens, i, &piece) {
            let near = name.or(word_at);
            i = core.to;
            piece = piece.with(core, near.filter(|near| is_before(tokens, *near, &core)));
            piece.inner &= name.is_none();
        } else if let Some(to) = run(tokens, i) {
            if is_account(tokens.get(i..to)?) && !is_tagged(tokens, i) {
                name = Some((i, to));
            } else if to > i + 1 {
                piece.loud += 1;
                word_at = Some((i, to));
            } else {
                word(token, i, &mut piece, &mut word_at);
            }
            i = to;
        } else {
            if token.kind == Kind::Word {
                word(token, i, &mut piece, &mut word_at);
            }
            i += 1;
        }
    }
    if piece.to > 0 {
        // An ending without a dot is a word among others.
        let listed = piece.from == 0 && scan::text(tokens, piece.to) == ",";
        let alone = !piece.bare || piece.loud == 0 || listed;
        return alone.then_some(piece);
    }
    let weak = name.is_none();
    let (mut from, to) = name.or(word_at)?;
    let long = tokens.get(from).is_some_and(|t| t.text.is_ascii() && t.text.len() > 2);
    let led = piece.loud == 1 || scan::text(tokens, from.wrapping_sub(2)) == ":";
    if weak && !(long && led) {
        return None;
    }
    // `.petrov`, `точка petrov`
    let mark = |n: usize| tokens.get(n).is_some_and(|t| t.is(".") || t.is("-") || host::is_dot(t));
    let back = from.checked_sub(1 + usize::from(from > 0 && scan::gap(tokens, from - 1)));
    let marked = back == Some(0) && mark(0);
    if marked {
        from = 0;
    }
    let marked = marked || scan::text(tokens, from) == "_";
    Some(Piece { from, to, name: !weak || marked, weak, marked, ..piece })
}

/// Whether a name stands right before an `@`.
fn is_before(tokens: &[Token<'_>], (_, to): (usize, usize), core: &Piece) -> bool {
    core.dog && (to == core.from || to + 1 == core.from && scan::gap(tokens, to))
}

impl Piece {
    /// With more of the address, and the name right before it.
    fn with(self, core: Self, near: Option<(usize, usize)>) -> Self {
        let again = self.to == 0 || core.dog;
        let mut all = if again { core } else { self };
        if !again {
            all.to = core.to;
            all.host |= core.host;
            all.whole |= core.whole;
            all.ended |= core.ended | core.last;
        }
        all.loud = self.loud;
        all.named = self.named;
        if let Some((from, _)) = near {
            all.from = from;
            all.name = true;
            all.inner = true;
            all.loud = self.loud.saturating_sub(1);
        }
        all
    }
}

/// Takes a word that is no part of an address into account.
fn word(token: &Token<'_>, i: usize, piece: &mut Piece, last: &mut Option<(usize, usize)>) {
    piece.named |= LEADS.contains(token.text) || NAMED.contains(token.text);
    if !is_quiet(token.text) && !LEADS.contains(token.text) && !host::is_dot(token) {
        piece.loud += 1;
        if token.text.is_ascii() {
            *last = Some((i, i + 1));
        }
    }
}

/// Past `before the at`, which says where the name stands.
fn placed(tokens: &[Token<'_>], i: usize) -> Option<usize> {
    let word = |n: usize| scan::text(tokens, n);
    if !matches!(
        word(i),
        "до" | "после" | "перед" | "before" | "after" | "avant" | "après" | "після" | "за"
    ) {
        return None;
    }
    let n = if matches!(word(i + 2), "the" | "the sign") { i + 4 } else { i + 2 };
    (AT.contains(word(n)) || matches!(word(n), "собачки" | "равлика" | "@")).then_some(n + 1)
}

/// Past an unbroken run of Latin letters, digits and marks of a name.
fn run(tokens: &[Token<'_>], i: usize) -> Option<usize> {
    let solid = |t: &&Token<'_>| {
        t.text.is_ascii() && matches!(t.kind, Kind::Word | Kind::Digits)
            || matches!(t.text, "." | "_" | "-")
    };
    let mut to = i + tokens.get(i..)?.iter().take_while(solid).count();
    while to > i + 1 && tokens.get(to - 1).is_some_and(|t| matches!(t.text, "." | "-")) {
        to -= 1;
    }
    (to > i && tokens.get(i).is_some_and(|t| t.kind != Kind::Mark || t.is("_"))).then_some(to)
}

/// `@anna_k`, `site.ru/anna_k`
fn is_tagged(tokens: &[Token<'_>], i: usize) -> bool {
    let before = i.checked_sub(1).and_then(|n| tokens.get(n));
    before.is_some_and(|t| matches!(t.text, "@" | "/" | "#" | "$" | "№"))
}

/// What of an address begins at token `i`, other than a name.
fn core(tokens: &[Token<'_>], i: usize, so_far: &Piece) -> Option<Piece> {
    if !so_far.dog
        && let Some(after) = dog(tokens, i)
    {
        let from = after + usize::from(scan::gap(tokens, after));
        let behind = provider(tokens, from, true).unwrap_or_default();
        return Some(Piece { from: i, to: behind.to.max(after), dog: true, ..behind });
    }
    // A word in the middle of a run is a part of a name.
    let before = i.checked_sub(1).and_then(|n| tokens.get(n));
    let inner = |t: &Token<'_>| {
        matches!(t.kind, Kind::Word | Kind::Digits)
            || matches!(t.text, "." | "_" | "-" | "/" | "@" | "#")
    };
    if before.is_some_and(inner) || so_far.ended || so_far.last {
        return None;
    }
    let host = if so_far.host || so_far.site { None } else { provider(tokens, i, so_far.dog) };
    let host = host.map(|host| {
        // `на gmail`
        let led = i == 2 && AT_LOOSE.contains(scan::text(tokens, 0));
        Piece { from: if led { 0 } else { i }, whole: host.whole || led, ..host }
    });
    // Between a provider and its ending stands nothing else.
    let free = so_far.to == 0 || so_far.host;
    host.or_else(|| ending(tokens, i).filter(|_| free))
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
                || PAIRED.contains(token.text) && token.text.len() > 2 =>
        {
            at_words(tokens, i)
        }
        _ => None,
    }
}

/// The provider at token `i`; behind a dog any domain.
fn provider(tokens: &[Token<'_>], i: usize, dog: bool) -> Option<Piece> {
    let word = tokens.get(i).filter(|t| t.kind == Kind::Word)?.text;
    let known = provider_of(word).filter(|p| dog || *p != "vk");
    let inner = |n: usize| matches!(scan::text(tokens, n), "_" | "-" | "/" | "?" | "@");
    let here = Piece { from: i, host: true, ..Piece::default() };
    let at = At { from: i, to: i, signs: 2, proof: Proof::Provider };
    let read = domain(tokens, &at).filter(|(to, ..)| !inner(*to));
    if let Some((to, _, _, provider)) = read {
        let ended = to > i + 1;
        let listed = provider && known.is_some();
        let whole = ended || is_mail_only(word);
        let to = if ended { to } else { past_dot(tokens, to) };
        let last = to.checked_sub(1).and_then(|n| tokens.get(n));
        let sure = last.is_some_and(|t| host::is_sure(t.text));
        return Some(Piece { to, host: dog || listed, site: !listed, sure, whole, ended, ..here });
    }
    // `my mail: anna.k`
    let lead = !dog && LEADS.contains(word) && !is_mail_only(word);
    let known = known.filter(|_| !inner(i + 1) && !lead)?;
    Some(Piece { to: past_dot(tokens, i + 1), whole: is_mail_only(known), ..here })
}

/// Past a dot that ends a message.
fn past_dot(tokens: &[Token<'_>], to: usize) -> usize {
    let n = to + usize::from(scan::gap(tokens, to));
    let dot = tokens.get(n).is_some_and(|t| t.is(".") || host::is_dot(t));
    if dot && tokens.len() == n + 1 { n + 1 } else { to }
}

/// The ending of a domain at token `i`.
fn ending(tokens: &[Token<'_>], i: usize) -> Option<Piece> {
    let token = tokens.get(i)?;
    let last =
        |n: usize| tokens.get(n).is_some_and(|t| t.kind == Kind::Word && tld(t.text).is_some());
    let here = Piece { from: i, last: true, ..Piece::default() };
    if token.is(".") || host::is_dot(token) {
        let from = i + 1 + usize::from(scan::gap(tokens, i + 1));
        let mut to = last(from).then_some(from + 1)?;
        while let Some((length, _)) = host::dot(tokens, to).filter(|(n, _)| last(to + n)) {
            to += length + 1;
        }
        return Some(Piece { to, ..here });
    }
    let sure = host::is_sure(token.text) || token.text == "me";
    let apart = tokens.get(i + 1).is_none_or(|t| t.kind == Kind::Space || t.is(","));
    (sure && apart).then_some(Piece { to: i + 1, bare: true, ..here })
}
