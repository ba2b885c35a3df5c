//! Whether a text may hold a link at all, told in one pass and by little: most texts hold none. Reads no
//! link.

use parlour_guest::host;
use parlour_guest::list::{Gate, one_of};
use parlour_guest::scan::{Kind, Token};
use parlour_guest::tld::{Tld, tld};

use crate::bare::LEADS;
use crate::detect::{SCHEMES, numeric};
use crate::known;

/// Words that are asked about further.
static TELLING: Gate<64> = LEADS.gate(SCHEMES.gate(host::dot_words(known::gate(
    known::SAID.gate(Gate::of(&["www", "ввв", "d", "д"]).or(Gate::parted(PAIRED, b' ', b' '))),
))));

/// First labels of hosts that are told without any dot.
const PAIRED: &str = "t т тэ те te tee wa vk вк";

/// `false` is certain.
pub fn may_hold(tokens: &[Token<'_>]) -> bool {
    let mut led = false;
    for (i, token) in tokens.iter().enumerate() {
        let tells = match token.kind {
            Kind::Word => word(tokens, i, &mut led),
            Kind::Digits => {
                let dot = |n: usize| {
                    let t = tokens.get(n);
                    t.is_some_and(|t| matches!(t.text, "." | "," | "[" | "("))
                        || t.is_some_and(Token::is_gap)
                            && parlour_guest::scan::marks(tokens, n + 1, b'.')
                };
                dot(i + 1) && numeric(tokens, i).is_some()
            }
            Kind::Space => false,
            Kind::Mark => mark(tokens, i),
        };
        if tells {
            return true;
        }
    }
    false
}

/// Whether a word has a dot in it, as `shopdotcom` and `shopDOTcom`.
fn holds_dot(word: &str) -> bool {
    let bytes = word.as_bytes();
    let dot = |n: usize| bytes.get(n) == Some(&b'd') && bytes.get(n + 1..n + 3) == Some(b"ot");
    bytes.len() > 7 && bytes[0] < 0x80 && (3..bytes.len() - 4).any(dot)
}

fn word(tokens: &[Token<'_>], i: usize, led: &mut bool) -> bool {
    let text = |n: usize| parlour_guest::scan::text(tokens, n);
    let word = text(i);
    if *led && host::is_sure(word) || host::may_run_on(word) || holds_dot(word) {
        return true;
    }
    if !TELLING.may_hold(word) {
        return false;
    }
    *led |= LEADS.contains(word);
    match word {
        "www" | "ввв" => true,
        // `d0t`
        "d" | "д" | "t" | "т" if text(i + 1) == "0" => true,
        // `shop com/price`, `shop com ua`
        "com" | "net" | "org" if text(i + 1) == "/" || text(i + 2) == "ua" => true,
        _ if known::SAID.contains(word) => host::path_follows(tokens, i + 1),
        _ if known::read(tokens, i).is_some() => true,
        _ if one_of(PAIRED, word) => host::read_dotless(tokens, i, &|| false).is_some(),
        _ => SCHEMES.contains(word) || tokens.get(i).is_some_and(host::is_dot),
    }
}

/// Whether a mark may be the colon of a scheme or the dot before a top-level domain.
fn mark(tokens: &[Token<'_>], i: usize) -> bool {
    let before = tokens.get(i.wrapping_sub(1));
    let Some(next) = tokens.get(i + 1) else {
        return false;
    };
    match parlour_guest::scan::text(tokens, i) {
        "." => {
            let apart = next.is_gap();
            let next = if apart { tokens.get(i + 2) } else { Some(next) };
            next.is_some_and(|t| match t.kind {
                // `. r u`
                Kind::Word if t.text.chars().nth(1).is_none() => true,
                // A sentence that goes on with `In` or `At` is no host.
                Kind::Word if apart && before.is_some_and(|t| t.kind != Kind::Space) => {
                    t.text == "xn" || tld(t.text) == Some(Tld::Plain)
                }
                Kind::Word => t.text == "xn" || tld(t.text).is_some(),
                Kind::Digits => t.text == "0",
                Kind::Mark => !matches!(t.text, "." | "," | "!" | "?"),
                Kind::Space => false,
            })
        }
        ":" if next.is("/") => true,
        ":" => {
            next.kind != Kind::Space
                && before.is_some_and(|t| matches!(t.text, "javascript" | "vbscript" | "data"))
        }
        here => {
            let next = if next.is(here) { tokens.get(i + 2) } else { Some(next) };
            let odd = !here.is_ascii();
            let sure = |t: &Token<'_>| {
                host::is_sure(t.text) || t.text == "co" || odd && tld(t.text).is_some()
            };
            next.is_some_and(|t| t.kind == Kind::Word && sure(t))
        }
    }
}
