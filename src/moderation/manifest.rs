//! What a plugin says about itself: JSON, read with suspicion. Decides nothing about messages.

use serde::Deserialize;

use super::quality::Past;
use super::schema::Schema;
use super::trouble::{Trouble, TroubleKind, quoted};

/// Categories that every host and plugin know.
pub const CATEGORIES: [&str; 9] =
    ["phone", "email", "link", "messenger", "social", "profanity", "threat", "insult", "spam"];

const HISTORY_MAX_MESSAGES: u32 = 20;
const HISTORY_MAX_BYTES: u32 = 8 << 10;
const HISTORY_MAX_WINDOW_S: u32 = 15 * 60;
const SAMPLES_MAX: usize = 100;
const CATEGORIES_MAX: usize = 32;
/// A plugin whose manifest names no priority runs after those that do.
const PRIORITY_DEFAULT: i32 = 100;

/// The earlier messages that a plugin, or a chain of them, wants to see.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Needs {
    pub messages: u32,
    /// Bytes of text, all messages together.
    pub bytes: u32,
    /// How old they may be, in seconds.
    pub window_s: u32,
}

impl Needs {
    /// What satisfies both.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self {
            messages: self.messages.max(other.messages),
            bytes: self.bytes.max(other.bytes),
            window_s: self.window_s.max(other.window_s),
        }
    }
}

/// A manifest that can be used.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Manifest {
    pub title: String,
    pub description: String,
    pub license: String,
    pub author: String,
    /// The plugin's own categories and those it uses of the common ones; empty: the common ones.
    pub categories: Vec<String>,
    pub languages: Vec<String>,
    pub priority: i32,
    pub needs: Needs,
    pub samples: Vec<Sample>,
    /// What its configuration may say, as far as the host checks it.
    pub schema: Schema,
}

/// A text and the categories that must be found in it; none: nothing may be found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sample {
    pub text: String,
    pub expect: Vec<String>,
    /// The configuration (JSON) that it is about; none: the plugin's defaults.
    pub config: Option<String>,
    /// What went before, newest first.
    pub history: Vec<Past>,
}

/// The JSON as written; members that are not listed are for later hosts.
#[derive(Deserialize)]
#[serde(default)]
struct Raw {
    title: String,
    description: String,
    license: String,
    author: String,
    api: String,
    categories: Vec<String>,
    languages: Vec<String>,
    priority: i32,
    needs: RawNeeds,
    samples: Vec<RawSample>,
    config_schema: Option<serde_json::Value>,
}

impl Default for Raw {
    fn default() -> Self {
        Self {
            title: String::new(),
            description: String::new(),
            license: String::new(),
            author: String::new(),
            api: String::new(),
            categories: Vec::new(),
            languages: Vec::new(),
            priority: PRIORITY_DEFAULT,
            needs: RawNeeds::default(),
            samples: Vec::new(),
            config_schema: None,
        }
    }
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct RawNeeds {
    history: u32,
    bytes: Option<u32>,
    window_s: Option<u32>,
}

#[derive(Deserialize)]
struct RawSample {
    text: String,
    #[serde(default)]
    expect: Vec<String>,
    config: Option<serde_json::Value>,
    #[serde(default)]
    history: Vec<RawPast>,
}

#[derive(Deserialize)]
struct RawPast {
    text: String,
    #[serde(default = "own")]
    same_sender: bool,
    #[serde(default)]
    age_seconds: u32,
}

fn own() -> bool {
    true
}

impl Manifest {
    /// Reads a manifest; history beyond the host's limits is cut to them.
    ///
    /// # Errors
    /// It is no manifest, or one for another version of the interface.
    pub fn read(json: &str, max_bytes: usize) -> Result<Self, Trouble> {
        let wrong = |sentence: String| Trouble::new(TroubleKind::Api, sentence);
        if json.len() > max_bytes {
            return Err(wrong(format!("has a manifest of more than {} KiB", max_bytes >> 10)));
        }
        let raw: Raw = serde_json::from_str(json).map_err(|cause| {
            wrong(format!("has a manifest that cannot be read: {}", quoted(&cause.to_string())))
        })?;
        if !raw.api.is_empty() && raw.api.split('.').next() != Some("1") {
            let api = quoted(&raw.api);
            return Err(wrong(format!(
                "was built for version {api} of the plugin interface, this server speaks 1.0.0"
            )));
        }
        if raw.samples.len() > SAMPLES_MAX || raw.categories.len() > CATEGORIES_MAX {
            return Err(wrong(format!(
                "has a manifest with more than {SAMPLES_MAX} samples or {CATEGORIES_MAX} categories"
            )));
        }
        if let Some(word) = raw.categories.iter().find(|word| !is_word(word)) {
            return Err(wrong(format!(
                "lists the category \"{}\", which is not a word of a-z, 0-9 and -",
                quoted(word)
            )));
        }
        let schema = raw.config_schema.as_ref().map_or(Ok(Schema::default()), Schema::read);
        let schema = schema.map_err(|why| wrong(format!("has a config_schema that {why}")))?;
        let samples = raw.samples.into_iter().enumerate();
        let samples =
            samples.map(|(at, sample)| sample.read(at + 1, &schema)).collect::<Result<_, _>>();
        Ok(Self {
            samples: samples.map_err(wrong)?,
            schema,
            title: quoted(&raw.title),
            description: quoted(&raw.description),
            license: quoted(&raw.license),
            author: quoted(&raw.author),
            categories: raw.categories,
            languages: raw.languages.into_iter().take(CATEGORIES_MAX).collect(),
            priority: raw.priority,
            needs: needs(&raw.needs),
        })
    }

    /// Whether findings of this category may come from the plugin.
    #[must_use]
    pub fn knows(&self, category: &str) -> bool {
        CATEGORIES.contains(&category) || self.categories.iter().any(|own| own == category)
    }
}

impl RawSample {
    fn read(self, number: usize, schema: &Schema) -> Result<Sample, String> {
        let Self { text, expect, config, history } = self;
        if let Some(config) = &config
            && let Some(mistake) = schema.mistakes("config", config).first()
        {
            return Err(format!(
                "has a sample {number} whose configuration does not fit: {mistake}"
            ));
        }
        let past = history.into_iter().map(|RawPast { text, same_sender, age_seconds }| Past {
            text,
            same_sender,
            age_seconds,
        });
        let history = past.take(HISTORY_MAX_MESSAGES as usize).collect();
        Ok(Sample { text, expect, config: config.map(|json| json.to_string()), history })
    }
}

fn needs(raw: &RawNeeds) -> Needs {
    if raw.history == 0 {
        return Needs::default();
    }
    Needs {
        messages: raw.history.min(HISTORY_MAX_MESSAGES),
        bytes: raw.bytes.unwrap_or(HISTORY_MAX_BYTES).min(HISTORY_MAX_BYTES),
        window_s: raw.window_s.unwrap_or(HISTORY_MAX_WINDOW_S).min(HISTORY_MAX_WINDOW_S),
    }
}

/// Whether a plugin may use this as its id or a category: `[a-z][a-z0-9-]*`, at most 32 characters.
#[must_use]
pub fn is_word(text: &str) -> bool {
    text.len() <= 32
        && text.starts_with(|c: char| c.is_ascii_lowercase())
        && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
}

/// Whether this looks like a semantic version (semver.org, 2.0.0).
#[must_use]
pub fn is_version(text: &str) -> bool {
    let core = text.split(['-', '+']).next().unwrap_or_default();
    let number = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    text.len() <= 64
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'+'))
        && core.split('.').count() == 3
        && core.split('.').all(number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(json: &str, expected: Result<Needs, &str>) {
        match (Manifest::read(json, 1000), expected) {
            (Ok(manifest), Ok(needs)) => assert_eq!(manifest.needs, needs),
            (Err(trouble), Err(part)) => {
                assert!(trouble.sentence.contains(part), "{}", trouble.sentence);
            }
            (got, _) => panic!("{got:?}"),
        }
    }

    #[test]
    fn manifests_are_read_with_suspicion() {
        let none = Needs::default();
        check("{}", Ok(none));
        check(r#"{"api":"1.2.0","unknown":[1],"needs":{"window_s":60}}"#, Ok(none));
        let most = Needs { messages: 20, bytes: 8192, window_s: 900 };
        check(r#"{"needs":{"history":900,"window_s":90000}}"#, Ok(most));
        let some = Needs { messages: 3, bytes: 8192, window_s: 60 };
        check(r#"{"needs":{"history":3,"window_s":60}}"#, Ok(some));
        check(r#"{"api":"2.0.0"}"#, Err("version 2.0.0 of the plugin interface"));
        check("[", Err("cannot be read"));
        check(r#"{"samples":[{"expect":["x"]}]}"#, Err("cannot be read"));
        check(
            r#"{"config_schema":{"type":"object"},"samples":[{"text":"a"},{"text":"b","config":[]}]}"#,
            Err("sample 2 whose configuration does not fit: config: must be"),
        );
        check(r#"{"categories":["Телефон"]}"#, Err("not a word"));
        check(
            r#"{"config_schema":{"type":"strng"}}"#,
            Err("has a config_schema that has the unknown"),
        );
        check(&format!("{{{}}}", " ".repeat(1000)), Err("more than 0 KiB"));
    }

    #[test]
    fn ids_and_versions_have_a_form() {
        for (text, word, version) in [
            ("phone", true, false),
            ("a-1", true, false),
            ("1a", false, false),
            ("", false, false),
            ("Phone", false, false),
            ("1.0.0", false, true),
            ("1.0.0-rc.1", false, true),
            ("1.0", false, false),
            ("1.0.x", false, false),
        ] {
            assert_eq!((is_word(text), is_version(text)), (word, version), "{text}");
        }
    }
}
