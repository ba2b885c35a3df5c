//! What an administrator may choose, with limits that are checked. Knows no message.

use parlour_guest::Json;

/// Where honest talk ends.
#[derive(Clone, Debug, PartialEq)]
pub struct Thresholds {
    /// How often one text may stand in the window before it is spam, this time included.
    pub copies: usize,
    /// Characters, ornament not counted, from which a text counts as a text.
    pub length: usize,
    /// Shared shingles, in percent, from which two texts are nearly the same.
    pub similarity: usize,
    /// Links in one message.
    pub links: usize,
    /// Earlier messages with links in the window.
    pub link_messages: usize,
    /// Pictures in one message.
    pub emoji: usize,
    /// One character in a row.
    pub run: usize,
    /// Whether advertising blasts are looked for.
    pub advertising: bool,
}

impl Default for Thresholds {
    fn default() -> Self {
        Self {
            copies: 3,
            length: 20,
            similarity: 75,
            links: 5,
            link_messages: 5,
            emoji: 20,
            run: 40,
            advertising: true,
        }
    }
}

type Field = fn(&mut Thresholds) -> &mut usize;

/// Key, least, most, place. The manifest's schema says the same.
const NUMBERS: &[(&str, u16, u16, Field)] = &[
    ("copies", 2, 20, |t| &mut t.copies),
    ("length_min", 8, 500, |t| &mut t.length),
    ("similarity_percent", 60, 100, |t| &mut t.similarity),
    ("links_max", 2, 100, |t| &mut t.links),
    ("link_messages_max", 2, 20, |t| &mut t.link_messages),
    ("emoji_max", 5, 1_000, |t| &mut t.emoji),
    ("run_max", 10, 1_000, |t| &mut t.run),
];

impl Thresholds {
    /// Reads a configuration.
    ///
    /// # Errors
    /// One sentence for each key that cannot be used.
    pub fn read(settings: &Json) -> Result<Self, Vec<String>> {
        let mut thresholds = Self::default();
        if !matches!(settings, Json::Null | Json::Table(_)) {
            return Err(vec!["configuration: a table is expected".to_owned()]);
        }
        let known: Vec<&str> = NUMBERS.iter().map(|n| n.0).chain(["advertising"]).collect();
        let mut errors = settings.unknown(&known);
        if let Some(value) = settings.get("advertising") {
            match value.truth() {
                Some(truth) => thresholds.advertising = truth,
                None => errors.push("advertising: true or false is expected".to_owned()),
            }
        }
        for (key, least, most, field) in NUMBERS {
            let Some(value) = settings.get(key) else { continue };
            match whole(value, *least, *most) {
                Some(number) => *field(&mut thresholds) = number,
                None => {
                    errors
                        .push(format!("{key}: a whole number from {least} to {most} is expected"));
                }
            }
        }
        if errors.is_empty() { Ok(thresholds) } else { Err(errors) }
    }
}

/// A whole number within limits; the limits are small.
fn whole(value: &Json, least: u16, most: u16) -> Option<usize> {
    match value {
        Json::Number(n) => (least..=most).find(|whole| f64::from(*whole) == *n).map(usize::from),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use parlour_guest::Json;

    use super::Thresholds;

    #[track_caller]
    fn check(json: &str, expected: Result<Thresholds, &str>) {
        let json = Json::read(json).expect("JSON");
        match (Thresholds::read(&json), expected) {
            (Ok(got), Ok(expected)) => assert_eq!(got, expected),
            (Err(errors), Err(start)) => assert!(errors[0].starts_with(start), "{errors:?}"),
            (got, _) => panic!("{got:?}"),
        }
    }

    #[test]
    fn a_bad_key_is_named() {
        check("null", Ok(Thresholds::default()));
        check("{}", Ok(Thresholds::default()));
        check(
            r#"{"copies":2,"advertising":false}"#,
            Ok(Thresholds { copies: 2, advertising: false, ..Thresholds::default() }),
        );
        check(r#"{"copies":1}"#, Err("copies: a whole number from 2 to 20"));
        check(r#"{"copies":2.5}"#, Err("copies:"));
        check(r#"{"copies":"3"}"#, Err("copies:"));
        check(r#"{"emoji_max":1e9}"#, Err("emoji_max:"));
        check(r#"{"advertising":1}"#, Err("advertising: true or false"));
        check(r#"{"copys":3}"#, Err("copys: unknown key; known: copies"));
        check("[]", Err("configuration:"));
    }
}
