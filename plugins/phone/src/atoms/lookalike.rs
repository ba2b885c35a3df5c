//! Letters and marks that look like digits.

use parlour_guest::list::Row;
use parlour_guest::scan::{Kind, Token};

/// Longest word of look-alike letters.
const LOOKALIKES_MAX: usize = 8;

/// The digits that a word of nothing but look-alike letters stands for.
pub(super) fn lookalikes(token: &Token<'_>) -> Option<String> {
    is_lookalike(token).then(|| token.text.chars().filter_map(lookalike).collect())
}

/// Whether a token is a word of nothing but look-alike letters, or a mark that looks like a one.
pub(super) fn is_lookalike(token: &Token<'_>) -> bool {
    match token.kind {
        Kind::Mark => matches!(token.text, "|" | "!"),
        Kind::Word => {
            let mut left = token.text.chars();
            left.by_ref().take(LOOKALIKES_MAX).all(|c| lookalike(c).is_some())
                && left.next().is_none()
        }
        Kind::Digits | Kind::Space => false,
    }
}

/// Whether a word is of a few look-alike letters and is hardly anything else than digits beside digits.
pub fn alike(token: &Token<'_>) -> bool {
    const LETTERS_MAX: usize = 4;
    static WORDS: Row = Row::of(
        "big bill bio bis biz blog bob boss gb gig go i il ill ils io is lis log logo lol oil os oz so sol solo zoo бо боб в во воз з зов зі о об обо і із",
    );
    token.kind == Kind::Word
        && token.text.len() <= 2 * LETTERS_MAX
        && is_lookalike(token)
        && token.text.chars().count() <= LETTERS_MAX
        && !WORDS.contains(token.text)
}

fn lookalike(c: char) -> Option<char> {
    Some(match c {
        'o' | 'о' | 'ο' => '0',
        'l' | 'i' | 'і' | 'ӏ' | '|' | '!' => '1',
        'z' => '2',
        'з' | 'э' => '3',
        'ч' => '4',
        's' | 'ѕ' => '5',
        'б' => '6',
        'b' | 'в' => '8',
        'g' | 'q' => '9',
        _ => return None,
    })
}
