//! Patterns for names of rooms: `*` stands for any run of characters, `?` for one. Matching takes
//! at most the product of both lengths, whatever the pattern.

/// How many patterns one token may carry.
pub const GLOBS_MAX: usize = 256;
/// The longest pattern, in bytes.
pub const GLOB_MAX_BYTES: usize = 200;

/// A set of patterns; a name matches if one of them does.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Globs(Box<[Box<str>]>);

impl Globs {
    /// `None` if there are more than [`GLOBS_MAX`] or one is longer than [`GLOB_MAX_BYTES`].
    #[must_use]
    pub fn new<'a>(patterns: impl IntoIterator<Item = &'a str>) -> Option<Self> {
        let mut kept: Vec<Box<str>> = Vec::new();
        for pattern in patterns.into_iter().map(str::trim).filter(|p| !p.is_empty()) {
            if kept.len() == GLOBS_MAX || pattern.len() > GLOB_MAX_BYTES {
                return None;
            }
            kept.push(pattern.into());
        }
        Some(Self(kept.into()))
    }

    /// Reads patterns separated by spaces or commas.
    #[must_use]
    pub fn split(text: &str) -> Option<Self> {
        Self::new(text.split([' ', ',', '\t', '\n']))
    }

    #[must_use]
    pub fn matches(&self, name: &str) -> bool {
        self.0.iter().any(|pattern| matches(pattern, name))
    }

    /// The patterns as they were given.
    pub fn patterns(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(AsRef::as_ref)
    }
}

/// Greedy matching that only ever goes back to the last `*`: an earlier one can never help.
fn matches(pattern: &str, name: &str) -> bool {
    let (mut pattern, mut name) = (pattern.chars(), name.chars());
    let mut star = None;
    loop {
        let mut after = pattern.clone();
        match (after.next(), name.clone().next()) {
            (Some('*'), _) => {
                pattern = after.clone();
                star = Some((after, name.clone()));
                continue;
            }
            (None, None) => return true,
            (Some(want), Some(have)) if want == '?' || want == have => {
                pattern = after;
                name.next();
                continue;
            }
            _ => {}
        }
        let Some((resume, mut from)) = star.take() else { return false };
        if from.next().is_none() {
            return false;
        }
        pattern = resume.clone();
        name = from.clone();
        star = Some((resume, from));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(patterns: &str, name: &str, expected: bool) {
        let globs = Globs::split(patterns).expect("globs");
        assert_eq!(globs.matches(name), expected, "{patterns} on {name}");
    }

    #[test]
    fn patterns_match_names() {
        check("chat_123", "chat_123", true);
        check("chat_123", "chat_1234", false);
        check("chat_*", "chat_", true);
        check("chat_*", "chat", false);
        check("*", "что угодно", true);
        check("a?c", "aжc", true);
        check("a?c", "ac", false);
        check("a, b  c", "c", true);
        check("*_7", "x_7_7", true);
        check("a*b*c", "a--b--b--c", true);
        check("a*b*c", "a--c--b", false);
        check("?", "", false);
        check("*?", "", false);
        check("**", "", true);
        check("", "", false);
        check("[a]", "a", false);
    }

    #[test]
    fn stars_do_not_blow_up() {
        let pattern = "a*".repeat(99) + "b";
        let globs = Globs::new([pattern.as_str()]).expect("globs");
        assert!(!globs.matches(&"a".repeat(100_000)));
    }

    #[test]
    fn sets_have_limits() {
        assert!(Globs::new(std::iter::repeat_n("a", GLOBS_MAX)).is_some());
        assert!(Globs::new(std::iter::repeat_n("a", GLOBS_MAX + 1)).is_none());
        assert!(Globs::new(["x".repeat(GLOB_MAX_BYTES + 1).as_str()]).is_none());
    }
}
