//! What a contact is called that several plugins found and call differently: who found more of it knows
//! better. The host in an address is a link to one plugin, and the whole address an e-mail to another.

use std::ops::Range;

/// Where something was found: in which message, and which bytes of it.
pub type Place = (usize, Range<usize>);

/// The categories by which people can find each other elsewhere.
pub const CONTACTS: [&str; 5] = ["phone", "email", "link", "messenger", "social"];

/// For each finding, given as its category and its places, the category that it goes by: that of the
/// longest finding that it shares a byte with, directly or by way of others; of two that are as long, the
/// first. A finding without places goes by its own.
#[must_use]
pub fn names(findings: &[(String, Vec<Place>)]) -> Vec<String> {
    let bytes = |places: &[Place]| places.iter().map(|(_, span)| span.len()).sum::<usize>();
    let mut longest: Vec<_> = findings.iter().enumerate().collect();
    longest.sort_by_key(|(_, (_, places))| std::cmp::Reverse(bytes(places)));
    let mut named: Vec<(usize, &str, &[Place])> = Vec::new();
    for (n, (category, places)) in longest {
        let longer = named.iter().find(|(_, _, longer)| share(longer, places));
        named.push((n, longer.map_or(category, |(_, name, _)| name), places));
    }
    named.sort_by_key(|(n, ..)| *n);
    named.into_iter().map(|(_, name, _)| name.to_owned()).collect()
}

fn share(some: &[Place], others: &[Place]) -> bool {
    some.iter().any(|(of, a)| {
        others.iter().any(|(other, b)| of == other && a.start < b.end && b.start < a.end)
    })
}

#[cfg(test)]
mod tests {
    use super::names;

    type Bytes = (usize, usize, usize);

    #[track_caller]
    fn check(findings: &[(&str, &[Bytes])], expected: &[&str]) {
        let places =
            |all: &[Bytes]| all.iter().map(|(of, start, end)| (*of, *start..*end)).collect();
        let findings: Vec<_> =
            findings.iter().map(|(name, at)| ((*name).to_owned(), places(at))).collect();
        assert_eq!(names(&findings), expected);
    }

    #[test]
    fn the_longest_names_what_it_touches() {
        let address = [("link", &[(0, 5, 13)][..]), ("email", &[(0, 0, 13)])];
        check(&address, &["email", "email"]);
        // A name, the host behind it, and both with what stands between them.
        check(
            &[("messenger", &[(0, 0, 4)]), ("link", &[(0, 8, 16)]), ("email", &[(0, 0, 16)])],
            &["email"; 3],
        );
        // By way of another: a host touches the address, the address the number.
        check(
            &[("link", &[(0, 0, 3)]), ("phone", &[(0, 0, 9)]), ("email", &[(0, 8, 30)])],
            &["email"; 3],
        );
    }

    #[test]
    fn neighbours_and_others_keep_their_names() {
        check(&[("link", &[(0, 0, 4)]), ("email", &[(0, 4, 20)])], &["link", "email"]);
        check(&[("link", &[(0, 0, 4)]), ("email", &[(1, 0, 20)])], &["link", "email"]);
        check(&[("link", &[]), ("email", &[(0, 0, 20)])], &["link", "email"]);
        check(&[], &[]);
    }

    #[test]
    fn of_two_as_long_the_first_names_both() {
        check(&[("social", &[(0, 0, 4)]), ("messenger", &[(0, 1, 5)])], &["social"; 2]);
        // All pieces of a contact count.
        let split = [("phone", &[(0, 0, 4), (1, 0, 4)][..]), ("messenger", &[(0, 0, 6)])];
        check(&split, &["phone"; 2]);
    }
}
