//! Whether a platform is named beside a host, which is a name there then; also where its own name is
//! disguised. Knows no host.

use parlour_guest::host;
use parlour_guest::list::one_of;
use parlour_guest::mailbox::is_platform;
use parlour_guest::scan::{Kind, Token, gap};

/// Whether a platform is named right before token `i`, or behind token `end`: what stands there is a name.
pub fn of_platform(tokens: &[Token<'_>], i: usize, end: usize) -> bool {
    let near = || tokens.get(..i).unwrap_or_default().iter().rev().take(12);
    let named = |t: &&Token<'_>| {
        t.kind == Kind::Word
            && !one_of("aux on there at is my как як с у в на мене меня мой", t.text)
            && !host::is_dot(t)
    };
    let text = |n: usize| parlour_guest::scan::text(tokens, n);
    let mut words = near().filter(named);
    let mut next = || words.next().map_or("", |t| t.text);
    let (first, second) = (next(), next());
    // `no insta, site anna.design`
    if one_of("site website web url portfolio сайт сайте сайті портфолио", first)
    {
        return false;
    }
    let platform = |word: &str| is_platform(word) || one_of(SHORTS, word);
    // `on I.G.`
    let named_at = |n: usize| {
        let rest = if parlour_guest::scan::marks(tokens, n + 1, b'.') { text(n + 2) } else { "" };
        is_platform(&[text(n), rest].concat())
    };
    let mark = i.wrapping_sub(1 + usize::from(gap(tokens, i.wrapping_sub(1))));
    // `clock app: anna.design`, `📸 anna.design`, `anna.design on insta`
    if platform(first)
        || platform(second)
        || first == "app" && !one_of("our my new the this web mobile", second)
        || one_of("appli réseau", second)
        || one_of("📸 📷 👻 🎵 🐦", text(mark))
        || one_of("on sur в у", text(end + 1)) && named_at(end + 3)
        || (second, first) == ("add", "me")
    {
        return true;
    }
    // `f@cebook`, `faceb00k`, `f b`, `tic toc`; with the last word or without, as in `tic toc c'est`.
    let last = near().position(|t| t.kind == Kind::Word).map(|n| i - 1 - n);
    [Some(i), last].into_iter().flatten().any(|end| {
        let letters = letters_before(tokens, end);
        let slot = end_slot(letters[14], letters[15]);
        DISGUISED_ENDS[slot / 64] >> (slot % 64) & 1 == 1
            && DISGUISED.split(|b| *b == b' ').any(|name| letters.ends_with(name))
    })
}

/// Platforms in few letters and in slang, and words for a name there.
const SHORTS: &str = "дс дис дисе ds dc ig ін ин фб тт tw snp иг ид sc cord tok логин login логін";

/// Platforms as they are also written with digits, marks and blanks.
const DISGUISED: &[u8] =
    "facebook discord вайбер insta нста gram tictoc tiktok snapchat грам граме fb ig tg \
     тг linkedin whatsapp дискорт дискорд телеге тикток viber skype"
        .as_bytes();

/// By their last two letters: few others pass.
static DISGUISED_ENDS: [u64; 4] = ends(DISGUISED);

const fn end_slot(before: u8, last: u8) -> usize {
    (before.wrapping_mul(7) ^ last) as usize
}

const fn ends(names: &[u8]) -> [u64; 4] {
    let (mut slots, mut n) = ([0; 4], 2);
    while n <= names.len() {
        if n == names.len() || names[n] == b' ' {
            let slot = end_slot(names[n - 2], names[n - 1]);
            slots[slot / 64] |= 1 << (slot % 64);
        }
        n += 1;
    }
    slots
}

/// The last letters of the tokens before token `end`, joined, by what marks and digits look like.
fn letters_before(tokens: &[Token<'_>], end: usize) -> [u8; 16] {
    let mut letters = [b' '; 16];
    let near = tokens.get(end.saturating_sub(20)..end).unwrap_or_default().iter().rev();
    let looks = near.flat_map(|t| t.text.bytes().rev()).filter_map(|b| match b {
        b'@' | b'4' => Some(b'a'),
        b'0' => Some(b'o'),
        b'1' | b'!' => Some(b'i'),
        b'3' => Some(b'e'),
        b'$' | b'5' => Some(b's'),
        b'a'..=b'z' | 0x80.. => Some(b),
        _ => None,
    });
    letters.iter_mut().rev().zip(looks).for_each(|(letter, look)| *letter = look);
    letters
}
