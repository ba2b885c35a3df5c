//! Contacts told over several messages of one sender: the platform in one, the handle or its pieces in
//! others. Reads the history that the host gives; keeps nothing.

use parlour_guest::scan::Kind;
use parlour_guest::{Earlier, Fold, Folded, Span};

use crate::candidate::read;
use crate::contact;
use crate::platform::{Platform, Reading, Skeleton, Strength};
use crate::scene::Scene;
use crate::weigh::provider;
use crate::words::{self, CALL, CALL_LOOSE, MINE, NEGATION, NICK, STOP, WORK};
use crate::{HISTORY_MAX, Mentions};

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

/// What an earlier message says about a handle that follows.
enum Role {
    /// It announces one, on a platform that may be known.
    Announces(Option<Platform>, bool),
    /// It is a piece of one.
    Piece(Span, bool),
    Other,
}

/// The contact that the current message completes.
pub fn detect(scene: &Scene<'_>, history: &[Earlier], fold: Fold) -> Option<Split> {
    if history.is_empty() || scene.original.len() > PIECE_MAX {
        return None;
    }
    completes(scene, history, fold).or_else(|| explains(scene, history, fold))
}

/// The current message is a handle or its last piece.
fn completes(scene: &Scene<'_>, history: &[Earlier], fold: Fold) -> Option<Split> {
    let (span, strong) = piece(scene)?;
    // A provider's name behind an `@` is the half of an address.
    let half = provider(scene, 0, scene.tokens.len());
    let mut spans = vec![(0, span)];
    let mut strong = strong;
    let mut skipped = 0;
    let mut tail = String::new();
    for (n, earlier) in history.iter().take(HISTORY_MAX).enumerate() {
        let number = u32::try_from(n + 1).ok()?;
        if earlier.text.len() > 4 * PIECE_MAX {
            return None;
        }
        let folded = fold(&earlier.text);
        let before = Scene::new(&earlier.text, &folded);
        if earlier.same_sender && earlier.text.len() <= PIECE_MAX && before.terms.len() == 1 {
            let word = folded.text.trim();
            if let Some(platform) = joined(word, &tail) {
                return Some(found(spans, Some(platform), 74));
            }
            word.clone_into(&mut tail);
        }
        match judge(&before, earlier.same_sender) {
            Role::Announces(platform, direct) => {
                if half && platform.is_none() || !(strong || direct && skipped == 0) {
                    return None;
                }
                return Some(found(spans, platform, if strong { 84 } else { 70 }));
            }
            Role::Piece(piece, shaped) if earlier.same_sender => {
                strong |= shaped;
                if folded.text.trim_start().starts_with('@') {
                    if half || provider(&before, 0, before.tokens.len()) {
                        return None;
                    }
                    spans.push((number, piece));
                    return Some(found(spans, None, 80));
                }
                spans.push((number, piece));
            }
            _ if !earlier.same_sender => skipped += 1,
            _ => {
                skipped += 1;
                if skipped > 2 {
                    return None;
                }
            }
        }
    }
    None
}

/// `теле` and then `грам`: pieces that are the name of a platform together.
fn joined(first: &str, second: &str) -> Option<Platform> {
    let mut skeleton = Skeleton::new();
    skeleton.add(first, Reading::First)?;
    if second.is_empty() {
        return None;
    }
    skeleton.add(second, Reading::First)?;
    skeleton.long_name()
}

fn found(spans: Vec<(u32, Span)>, platform: Option<Platform>, confidence: u8) -> Split {
    Split {
        spans,
        category: platform.map_or("messenger", Platform::category),
        platform: platform.map_or("", |p| p.name),
        confidence,
    }
}

/// The whole message as a handle or a piece of one, and whether its shape alone says so.
fn piece(scene: &Scene<'_>) -> Option<(Span, bool)> {
    let solid = |t: &parlour_guest::scan::Token<'_>| t.kind != Kind::Space;
    let mut from = scene.tokens.iter().position(solid)?;
    while scene
        .token(from)
        .is_some_and(|t| t.kind == Kind::Mark && !matches!(t.text, "@" | "_" | "."))
    {
        from += 1;
        while scene.gap(from) {
            from += 1;
        }
    }
    let lone = |t: &str| matches!(t, "@" | "_" | ".");
    // A mark said in words is a piece by itself.
    let marks = words::UNDERSCORE | words::LOWER | words::DOT | words::DASH;
    if !scene.terms.is_empty()
        && scene.terms.len() <= 2
        && scene.terms.iter().all(|t| t.means(marks))
    {
        let (first, last) = (scene.terms.first()?, scene.terms.last()?);
        return Some((scene.span(first.from, last.to), true));
    }
    // `вот`, `это мой`: what leads to a name of its own shape.
    let led = scene
        .terms
        .iter()
        .take(3)
        .take_while(|t| t.means(words::BETWEEN | MINE | NICK) && !t.means(CALL));
    let led = led.last().map(|t| {
        let past = |n: &usize| {
            scene.token(*n).is_some_and(|t| t.kind == Kind::Space || matches!(t.text, ":" | "-"))
        };
        (t.to..scene.tokens.len()).find(|n| !past(n)).unwrap_or(t.to)
    });
    if let Some(n) = led
        && read(scene, n).is_some_and(|c| c.underscore || c.at)
    {
        from = n;
    }
    let c = read(scene, from).filter(|c| !c.technical);
    let to = match &c {
        Some(c) => c.to,
        None => {
            let t = scene.token(from)?;
            let whole = scene.tokens.get(from..)?.iter().take_while(|t| t.kind != Kind::Space);
            // `_75`, `.cakes`: the mark and what it leads to, unless that ends an address.
            let end = from + whole.count();
            let mark = matches!(t.text, "_" | ".") && !provider(scene, from, end);
            let to = if mark { end } else { from + 1 };
            (lone(t.text) || t.kind == Kind::Digits).then_some(to)?
        }
    };
    let rest = scene.tokens.get(to..).unwrap_or_default();
    // `_nails no space`: what begins with a mark goes on with a name, whatever is said of it.
    const REMARK_MAX: usize = 4;
    let goes_on = scene.token(from).is_some_and(|t| matches!(t.text, "_" | "."));
    let remark = rest.iter().filter(|t| matches!(t.kind, Kind::Word | Kind::Digits)).count();
    if remark > if goes_on { REMARK_MAX } else { 0 } {
        return None;
    }
    let c = match c {
        Some(c) => c,
        None => return Some((scene.span(from, to), false)),
    };
    let word = scene.meaning(c.from);
    let known = c.to == c.from + 1 && word & (STOP | WORK) != 0;
    let shaped = c.strong && (c.underscore || c.at || c.digits > 0 || c.latin);
    (c.latin && !known || c.underscore || c.at).then(|| (scene.span(c.from, c.to), shaped))
}

/// What an earlier message is to the current one.
fn judge(scene: &Scene<'_>, same_sender: bool) -> Role {
    let told =
        same_sender && contact::detect(scene, Mentions::Auto).iter().any(|c| c.rule != "far");
    if same_sender
        && !scene.terms.iter().any(|t| t.platform.is_some_and(|p| p.strength > Strength::Weak))
        && let Some((span, shaped)) = piece(scene)
    {
        return Role::Piece(span, shaped);
    }
    if told {
        return Role::Other;
    }
    let last = scene.terms.len().saturating_sub(4);
    let late = |k: usize| k >= last;
    let named = scene.terms.iter().enumerate().rev().find(|(k, t)| {
        let called =
            *k + 1 == scene.terms.len() && (scene.said_before(*k, 4) & (CALL | CALL_LOOSE) != 0);
        t.platform.is_some_and(|p| p.strength > Strength::Weak || called && p.name != "ok")
            && !of_work(scene, *k)
    });
    let bits = scene.terms.iter().fold(0, |all, t| all | t.bits);
    let short = scene.terms.len() <= 4;
    let open = scene.original.trim_end().ends_with([':', '-', '—', '=', '>']);
    let ends_open = open && named.is_some_and(|(k, _)| k + 1 == scene.terms.len());
    if ends_open && same_sender {
        return Role::Announces(named.and_then(|(_, t)| t.platform), true);
    }
    if bits & NEGATION != 0 && same_sender || scene.terms.len() > 24 {
        return Role::Other;
    }
    let speaking = bits & (MINE | NICK | CALL | CALL_LOOSE) != 0;
    if let Some((k, term)) = named {
        if same_sender && (speaking && late(k) || short || open) {
            return Role::Announces(term.platform, late(k) && (short || open || bits & MINE != 0));
        }
        if !same_sender {
            return Role::Announces(term.platform, short && speaking);
        }
    }
    let nick = scene.terms.iter().enumerate().any(|(k, t)| t.means(NICK) && late(k));
    if nick && (short || open) && bits & WORK == 0 {
        return Role::Announces(None, open || bits & MINE != 0);
    }
    Role::Other
}

fn of_work(scene: &Scene<'_>, k: usize) -> bool {
    scene.terms.get(k + 1).is_some_and(|t| t.means(WORK))
}

/// The current message says what an earlier handle was: `это мой ник в тг`.
fn explains(scene: &Scene<'_>, history: &[Earlier], fold: Fold) -> Option<Split> {
    let named = scene
        .terms
        .iter()
        .find(|t| t.platform.is_some_and(|p| t.signs > 0 || p.strength > Strength::Weak));
    let nick = scene.terms.iter().any(|t| t.means(NICK));
    let bits = scene.terms.iter().fold(0, |all, t| all | t.bits);
    if named.is_none() && !nick || scene.terms.len() > 8 || bits & (NEGATION | WORK) != 0 {
        return None;
    }
    if named.is_none() && bits & MINE == 0 || scene.original.contains('?') {
        return None;
    }
    let mut spans = Vec::new();
    let mut strong = false;
    for (n, earlier) in history.iter().take(HISTORY_MAX).enumerate() {
        if !earlier.same_sender || earlier.text.len() > PIECE_MAX {
            break;
        }
        let folded: Folded = fold(&earlier.text);
        let before = Scene::new(&earlier.text, &folded);
        let Some((span, shaped)) = piece(&before) else {
            break;
        };
        spans.push((u32::try_from(n + 1).ok()?, span));
        strong |= shaped;
    }
    let own = bits & (MINE | NICK | CALL | CALL_LOOSE) != 0 || scene.terms.len() <= 2;
    (strong && own).then(|| found(spans, named.and_then(|t| t.platform), 80))
}
