//! Walks the words of a folded text. Knows which spellings to try; what is obscene is asked of the
//! lexicon and the roots.

use parlour_guest::scan::{Kind, Token, drawn_together, tokens};
use parlour_guest::{Folded, Span};

use crate::{lexicon, roots, spelling};

/// An obscene word in the original text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Word {
    pub span: Span,
    pub rule: &'static str,
    /// 1 to 3.
    pub severity: u8,
    pub disguised: bool,
}

/// What the administrator changed.
#[derive(Clone, Debug, Default)]
pub struct Words {
    pub extra: Vec<String>,
    pub allow: Vec<String>,
    /// Whether rude words count beside obscene ones.
    pub mild: bool,
}

/// Longest word that is looked at, in bytes.
const WORD_MAX: usize = 120;

/// Most tokens that are read as one bent word.
const CHUNK_TOKENS_MAX: usize = 24;

/// Masked words: beginning, end, and how few characters are hidden between.
const MASKED: &[(&str, &str)] = &[
    ("х", "й"),
    ("ху", "й"),
    ("х", "я"),
    ("х", "ня"),
    ("х", "ню"),
    ("п", "ц"),
    ("пи", "ц"),
    ("пизд", "ц"),
    ("п", "здец"),
    ("п", "здець"),
    ("бл", "дь"),
    ("бл", "ть"),
    ("нах", "й"),
    ("пох", "й"),
    ("за", "бал"),
    ("йоб", "ний"),
    ("еб", "ть"),
    ("f", "ck"),
    ("f", "k"),
    ("fu", "k"),
    ("sh", "t"),
    ("s", "it"),
    ("b", "tch"),
    ("c", "nt"),
    ("motherf", "cker"),
    ("f", "cking"),
    ("bullsh", "t"),
    ("m", "rde"),
    ("p", "tain"),
    ("c", "nnard"),
    ("г", "вно"),
    ("с", "ка"),
];

/// All obscene words of a text, in order.
#[must_use]
pub fn detect(folded: &Folded, words: &Words) -> Vec<Word> {
    let mut found = scan(folded, words, false);
    if let Some(joined) = drawn_together(folded) {
        for word in scan(&joined, words, true) {
            if !found.iter().any(|f| f.span.start < word.span.end && word.span.start < f.span.end) {
                found.push(word);
            }
        }
        found.sort_by_key(|w| w.span);
    }
    found
}

fn scan(folded: &Folded, words: &Words, disguised: bool) -> Vec<Word> {
    let least = if words.mild { 2 } else { 3 };
    let tokens = tokens(&folded.text);
    let mut found = Vec::new();
    let mut i = 0;
    while i < tokens.len() {
        let end = chunk_end(&tokens, i);
        // The whole chunk first: `6ля`, `х*й`; then, if it means nothing, its first word alone.
        let whole = (end > i + 1).then(|| (end, judge(folded, &tokens, i, end, words)));
        let alone = (i + 1, judge(folded, &tokens, i, i + 1, words));
        let hit = whole.into_iter().chain([alone]).find_map(|(to, v)| Some((to, v?)));
        let Some((to, (severity, bent))) = hit.filter(|(_, (severity, _))| *severity >= least)
        else {
            i += 1;
            continue;
        };
        let start = tokens.get(i).map_or(0, |t| t.start);
        let stop = tokens.get(to - 1).map_or(start, |t| t.end);
        let span = folded.original(start, stop);
        let rule = if bent || disguised { "bent" } else { "word" };
        found.push(Word { span, rule, severity, disguised: bent || disguised });
        i = to;
    }
    found
}

/// Past a run of letters, digits and the marks that stand for letters, ending in none of the marks
/// that end sentences.
fn chunk_end(tokens: &[Token<'_>], i: usize) -> usize {
    let mut end = i;
    while let Some(t) = tokens.get(end).filter(|_| end - i < CHUNK_TOKENS_MAX) {
        let part = matches!(t.kind, Kind::Word | Kind::Digits)
            || matches!(t.text, "@" | "$" | "!" | "*" | "#" | "_");
        if !part {
            break;
        }
        end += 1;
    }
    while end > i + 1
        && tokens.get(end - 1).is_some_and(|t| matches!(t.text, "!" | "*" | "_" | "@" | "#"))
    {
        end -= 1;
    }
    end
}

/// The severity of tokens `from..to` read as one word, and whether the word was bent.
fn judge(
    folded: &Folded,
    tokens: &[Token<'_>],
    from: usize,
    to: usize,
    words: &Words,
) -> Option<(u8, bool)> {
    let (first, last) = (tokens.get(from)?, tokens.get(to.checked_sub(1)?)?);
    let text = folded.text.get(first.start..last.end)?;
    let lettered = tokens.get(from..to)?.iter().any(|t| t.kind == Kind::Word);
    if !lettered || text.len() > WORD_MAX {
        return None;
    }
    let word = spelling::plain(text);
    if words.allow.contains(&word) {
        return None;
    }
    let known = |w: &str| {
        let extra = words.extra.iter().any(|e| e == w).then_some(3);
        extra.or_else(|| lexicon::severity(w)).or_else(|| roots::severity(w))
    };
    if let Some(severity) = known(&word) {
        return Some((severity, false));
    }
    if word.contains(['*', '#', '_', '@', '!']) && masked(&word) {
        return Some((3, true));
    }
    let spellings = [spelling::as_cyrillic(&word), spelling::as_latin(&word)];
    spellings.iter().flatten().find_map(|s| {
        let stretched = s
            .chars()
            .zip(s.chars().skip(1))
            .zip(s.chars().skip(2))
            .any(|((a, b), c)| a == b && b == c);
        let short = stretched.then(|| spelling::unstretched(s));
        known(s).or_else(|| known(&short?)).map(|severity| (severity, true))
    })
}

/// Whether a word with hidden letters begins and ends like a known one.
fn masked(word: &str) -> bool {
    MASKED.iter().any(|(head, tail)| {
        let hidden = word.strip_prefix(head).and_then(|rest| rest.strip_suffix(tail));
        hidden.is_some_and(|h| {
            !h.is_empty()
                && h.len() <= 4
                && h.bytes().all(|b| matches!(b, b'*' | b'#' | b'_' | b'@' | b'!'))
        })
    })
}
