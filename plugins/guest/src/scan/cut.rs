//! Texts cut at marks of ASCII. Knows no token.

/// A text before the first mark of ASCII and behind it: smaller than what `str` has for any pattern.
#[must_use]
#[inline(never)]
pub fn cut(text: &str, mark: u8) -> Option<(&str, &str)> {
    let at = text.bytes().position(|byte| byte == mark)?;
    Some((text.get(..at)?, text.get(at + 1..)?))
}

/// The same of the last such mark.
#[must_use]
#[inline(never)]
pub fn cut_last(text: &str, mark: u8) -> Option<(&str, &str)> {
    let at = text.bytes().rposition(|byte| byte == mark)?;
    Some((text.get(..at)?, text.get(at + 1..)?))
}

/// The words of a text that a space parts.
pub struct Words<'t>(Option<&'t str>);

impl<'t> Words<'t> {
    #[must_use]
    pub fn of(text: &'t str) -> Self {
        Self(Some(text))
    }
}

impl<'t> Iterator for Words<'t> {
    type Item = &'t str;

    #[inline(never)]
    fn next(&mut self) -> Option<&'t str> {
        let text = self.0?;
        let parts = cut(text, b' ');
        self.0 = parts.map(|(_, rest)| rest);
        Some(parts.map_or(text, |(first, _)| first))
    }
}

/// What stands behind the last such mark; the whole text where there is none.
#[must_use]
pub fn behind(text: &str, mark: u8) -> &str {
    cut_last(text, mark).map_or(text, |(_, last)| last)
}

/// What stands before the first.
#[must_use]
pub fn before(text: &str, mark: u8) -> &str {
    cut(text, mark).map_or(text, |(first, _)| first)
}
