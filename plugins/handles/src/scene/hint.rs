//! Platforms that are described rather than named: by their colour or picture, or as the forbidden one.
//! Decides nothing about contacts.

use parlour_guest::scan::Kind;

use crate::lexicon::begins;
use crate::platform::{Platform, weak};
use crate::scene::Scene;

/// What a beginning of a word hints at, as a place in the names of platforms from 1 on.
const HINTS: [(&str, u32); 9] = [
    ("син голуб blue bleu pap бумаж", 1),
    ("зел green vert", 2),
    ("фиол фіол purple violet", 3),
    ("запр экст забор banned forb inter", 16),
    ("bird oiseau", 22),
    ("ghost fantôme", 13),
    ("camera", 16),
    ("pink", 16),
    ("yellow", 13),
];

/// What the described thing is.
const THINGS: &str = "мессендж месендж самол літач літак messenger plane airplane camera ghost app прилож додат avion network \
    птич птиц пташ bird oiseau трубк fantôme fantome";
/// What a ban speaks of.
const NETWORKS: &str = "соц сет мереж network social réseau";

/// The platform that the word at token `i` begins to describe, and where its description ends.
pub fn hinted(scene: &Scene<'_>, i: usize) -> Option<(usize, Platform)> {
    let word = |n: usize| scene.token(n).filter(|t| t.kind == Kind::Word).map_or("", |t| t.text);
    let past = |n: usize| if scene.gap(n) { n + 1 } else { n + 8 };
    // French puts the thing first: `l'appli bleue`.
    let first = word(i);
    let first = first.split_once('\'').map_or(first, |(_, thing)| thing);
    let (mut at, hint) = if begins(first, "appli réseau app avion") {
        let at = past(i + 1);
        // `l'avion en papier`
        let at = if scene.among(at, "en de") { past(at + 1) } else { at };
        (at, word(at))
    } else {
        (i, first)
    };
    let (_, nth) = *HINTS.iter().find(|(list, _)| begins(hint, list))?;
    let ban = nth == 16 && !begins(hint, "camera pink");
    let things = if ban { NETWORKS } else { THINGS };
    if at == i {
        at = past(i + 1);
        // `запрещённая в рф соцсеть`
        if ban && scene.among(at, "в у in") {
            at = past(past(at + 1) + 1);
        }
        if !begins(word(at), things) {
            return None;
        }
    }
    let next = past(at + 1);
    if begins(word(next), "app messenger мессендж месендж") {
        at = next;
    }
    // `l'appli bleue avec l'avion`
    if scene.among(next, "avec с з with")
        && begins(word(past(next + 1)), "l'av avion сам літ plane")
    {
        at = past(next + 1);
    }
    // The last word begins a name of its own: `camera_case`.
    let inside = scene.among(at + 1, "_ . -") && !scene.gap(at + 2);
    Some((at + 1, weak(nth)?)).filter(|_| !inside)
}
