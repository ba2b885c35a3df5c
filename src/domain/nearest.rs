//! Which of the known names a mistyped one is nearest to. Knows nothing of what the names stand for.

/// The known name that `typed` most likely meant; `None` if nothing is near enough to be helpful.
///
/// A name is near when at most a third of its letters (at least two) have to be changed, swapped,
/// added or removed.
#[must_use]
pub fn nearest<'a>(typed: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    known
        .into_iter()
        .map(|name| (distance(typed, name), name))
        .filter(|(steps, name)| *steps <= (name.chars().count() / 3).max(2))
        .filter(|(steps, name)| *steps < name.chars().count())
        .min_by_key(|(steps, _)| *steps)
        .map(|(_, name)| name)
}

/// Words that follow an error about an unknown name: `; did you mean ...?` or nothing.
#[must_use]
pub fn suggestion<'a>(typed: &str, known: impl IntoIterator<Item = &'a str>) -> String {
    nearest(typed, known).map(|name| format!("; did you mean `{name}`?")).unwrap_or_default()
}

/// Edits between two words, where swapping two neighbours is one edit (optimal string alignment).
/// Words over 128 characters count as infinitely far.
#[must_use]
pub fn distance(left: &str, right: &str) -> usize {
    const CHARS_MAX: usize = 128;
    let left: Vec<char> = left.chars().take(CHARS_MAX + 1).collect();
    let right: Vec<char> = right.chars().take(CHARS_MAX + 1).collect();
    if left.len() > CHARS_MAX || right.len() > CHARS_MAX {
        return usize::MAX;
    }
    let mut before: Vec<usize> = Vec::new();
    let mut above: Vec<usize> = (0..=right.len()).collect();
    for (row, a) in left.iter().enumerate() {
        let mut current = Vec::with_capacity(right.len() + 1);
        current.push(row + 1);
        for (column, b) in right.iter().enumerate() {
            let mut steps = (above[column] + usize::from(a != b))
                .min(above[column + 1] + 1)
                .min(current[column] + 1);
            let swapped = row > 0
                && column > 0
                && left[row - 1] == *b
                && right[column - 1] == *a
                && !before.is_empty();
            if swapped {
                steps = steps.min(before[column - 1] + 1);
            }
            current.push(steps);
        }
        before = std::mem::replace(&mut above, current);
    }
    above.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(typed: &str, want: Option<&str>) {
        let known = ["storage.durability", "storage.interval_ms", "listen", "log", "key"];
        assert_eq!(nearest(typed, known), want);
    }

    #[test]
    fn finds_the_name_that_was_meant() {
        check("storage.durabilty", Some("storage.durability"));
        check("storage.durabiltiy", Some("storage.durability"));
        check("lisen", Some("listen"));
        check("kye", Some("key"));
        check("lgo", Some("log"));
        check("ключ", None);
        check("", None);
        check("completely.else", None);
        check(&"x".repeat(100_000), None);
    }

    #[test]
    fn counts_edits() {
        for (a, b, steps) in
            [("", "abc", 3), ("abc", "abc", 0), ("ab", "ba", 1), ("abcd", "acbd", 1)]
        {
            assert_eq!(distance(a, b), steps, "{a} {b}");
        }
    }
}
