//! Paths and queries: percent-decoding, exactly once. Knows no route.

use std::borrow::Cow;

/// The longest query, in bytes, and how many parameters it may have.
const QUERY_MAX_BYTES: usize = 8 * 1024;
const PARAMETERS_MAX: usize = 64;

/// The text that a percent-encoded one stands for (RFC 3986 section 2.1); `None` for a broken escape
/// or for what is not UTF-8.
pub fn decode(text: &str) -> Option<Cow<'_, str>> {
    if !text.contains('%') {
        return Some(text.into());
    }
    let mut bytes = text.bytes();
    let mut decoded = Vec::with_capacity(text.len());
    while let Some(byte) = bytes.next() {
        decoded.push(match byte {
            b'%' => hex(bytes.next()?)? << 4 | hex(bytes.next()?)?,
            other => other,
        });
    }
    String::from_utf8(decoded).ok().map(Cow::Owned)
}

/// The decoded segments of a path, without the empty one after a trailing slash.
pub fn segments(path: &str) -> Option<Vec<Cow<'_, str>>> {
    let path = path.strip_prefix('/')?;
    if path.is_empty() {
        return Some(Vec::new());
    }
    path.strip_suffix('/').unwrap_or(path).split('/').map(decode).collect()
}

/// The parameters of a query in order; `None` if it is broken or too large. `+` stands for a space,
/// as forms write it.
pub fn parameters(query: &str) -> Option<Vec<(String, String)>> {
    if query.len() > QUERY_MAX_BYTES {
        return None;
    }
    let pairs = query.split('&').filter(|pair| !pair.is_empty());
    let form = |text: &str| decode(&text.replace('+', " ")).map(Cow::into_owned);
    let mut parameters = Vec::new();
    for pair in pairs {
        if parameters.len() == PARAMETERS_MAX {
            return None;
        }
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        parameters.push((form(name)?, form(value)?));
    }
    Some(parameters)
}

fn hex(digit: u8) -> Option<u8> {
    match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        b'A'..=b'F' => Some(digit - b'A' + 10),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(path: &str, expected: Option<&[&str]>) {
        let segments = segments(path);
        assert_eq!(
            segments.as_ref().map(|s| s.iter().map(AsRef::as_ref).collect::<Vec<_>>()).as_deref(),
            expected,
            "{path}"
        );
    }

    #[test]
    fn segments_are_decoded_once() {
        check("/", Some(&[]));
        check("/a/b", Some(&["a", "b"]));
        check("/a/b/", Some(&["a", "b"]));
        check("/a//b", Some(&["a", "", "b"]));
        check("//", Some(&[""]));
        check("/a%2Fb/%D1%87", Some(&["a/b", "ч"]));
        check("/a%252Fb", Some(&["a%2Fb"]));
        check("/a+b", Some(&["a+b"]));
        check("/%00", Some(&["\0"]));
        check("/%", None);
        check("/%4", None);
        check("/%zz", None);
        check("/%+1", None);
        check("/%ff", None);
        check("/%c0%af", None);
        check("a", None);
        check("*", None);
    }

    #[track_caller]
    fn check_query(query: &str, expected: Option<&[(&str, &str)]>) {
        let parameters = parameters(query);
        let parameters = parameters
            .as_ref()
            .map(|p| p.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect::<Vec<_>>());
        assert_eq!(parameters.as_deref(), expected, "{query}");
    }

    #[test]
    fn queries_are_pairs() {
        check_query("", Some(&[]));
        check_query("a=1&b=&c&&d=x=y", Some(&[("a", "1"), ("b", ""), ("c", ""), ("d", "x=y")]));
        check_query("a+b=%2B%26+", Some(&[("a b", "+& ")]));
        check_query("a=%", None);
        check_query(&"a&".repeat(64), Some(&[("a", ""); 64]));
        check_query(&"a&".repeat(65), None);
        check_query(&"a".repeat(8193), None);
    }
}
