//! The administrator's rules, read and checked. Every sentence about a mistake begins with its key.

use parlour_guest::{Action, Json, Severity};

use crate::CATEGORIES;
use crate::pattern::{Pattern, parse};
use crate::words::{Index, Phrase};

const RULES_MAX: usize = 100;
/// Words and phrases of all rules together.
const PHRASES_MAX: usize = 4_000;
/// Those that begin with a star, as each of them is looked for in each word.
const OPEN_MAX: usize = 200;
const PATTERNS_MAX: usize = 64;
const TEXT_MAX: usize = 200;
const NAME_MAX: usize = 32;
/// Sentences in one answer.
const ERRORS_MAX: usize = 20;

const TOP_KEYS: &[&str] = &["rules", "allow"];
const RULE_KEYS: &[&str] = &[
    "name",
    "category",
    "words",
    "phrases",
    "patterns",
    "allow",
    "languages",
    "severity",
    "confidence",
    "action",
];

/// A rule without what it looks for.
#[derive(Clone, Debug, PartialEq)]
pub struct Rule {
    pub name: String,
    pub category: String,
    /// Primary languages that it is for; empty: all.
    pub languages: Vec<String>,
    pub severity: Severity,
    pub confidence: u8,
    pub action: Action,
}

/// Everything that was configured.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Rules {
    pub rules: Vec<Rule>,
    /// Words and phrases with the number of their rule.
    pub phrases: Index,
    pub patterns: Vec<(u32, Pattern)>,
    /// What is never found: by one rule, or, with the number `u32::MAX`, by any.
    pub allow: Index,
}

/// The number of what every rule allows.
pub const EVERY_RULE: u32 = u32::MAX;

#[derive(Default)]
struct Reader {
    rules: Rules,
    phrases: Vec<(u32, Phrase)>,
    allow: Vec<(u32, Phrase)>,
    errors: Vec<String>,
}

impl Rules {
    /// Reads a configuration.
    ///
    /// # Errors
    /// One sentence for each key that cannot be used, at most 20.
    pub fn read(settings: &Json) -> Result<Self, Vec<String>> {
        let mut reader = Reader::default();
        match settings {
            Json::Null => {}
            Json::Table(_) => reader.top(settings),
            _ => reader.wrong("configuration", "a table is expected"),
        }
        reader.end()
    }
}

impl Reader {
    fn wrong(&mut self, key: &str, what: &str) {
        self.complain(&format!("{key}: {what}"));
    }

    fn complain(&mut self, sentence: &str) {
        if self.errors.len() < ERRORS_MAX {
            // The host takes strings of 256 bytes.
            self.errors.push(sentence.chars().take(120).collect());
        }
    }

    fn end(mut self) -> Result<Rules, Vec<String>> {
        let open = self.phrases.iter().filter(|(_, phrase)| phrase.key().is_none()).count();
        if self.phrases.len() + self.allow.len() > PHRASES_MAX {
            self.wrong("rules", "more than 4000 words and phrases in all");
        }
        if open > OPEN_MAX {
            self.wrong("rules", "more than 200 words that begin with *");
        }
        if self.rules.patterns.len() > PATTERNS_MAX {
            self.wrong("rules", "more than 64 patterns in all");
        }
        if !self.errors.is_empty() {
            return Err(self.errors);
        }
        self.rules.phrases = Index::of(self.phrases);
        self.rules.allow = Index::of(self.allow);
        Ok(self.rules)
    }

    fn keys(&mut self, table: &Json, path: &str, known: &[&str]) {
        for sentence in table.unknown(known) {
            self.complain(&format!("{path}{sentence}"));
        }
    }

    fn top(&mut self, settings: &Json) {
        self.keys(settings, "", TOP_KEYS);
        for (key, phrase) in self.texts(settings, "", "allow") {
            self.allowed(EVERY_RULE, &key, &phrase);
        }
        let Some(rules) = settings.get("rules") else {
            return;
        };
        let Some(rules) = rules.list() else {
            return self.wrong("rules", "a list of tables is expected");
        };
        if rules.len() > RULES_MAX {
            return self.wrong("rules", "more than 100 rules");
        }
        for (number, rule) in (0u32..).zip(rules) {
            self.rule(number, rule);
        }
    }

    fn rule(&mut self, number: u32, table: &Json) {
        let path = format!("rules[{number}].");
        if !matches!(table, Json::Table(_)) {
            return self.wrong(path.trim_end_matches('.'), "a table is expected");
        }
        self.keys(table, &path, RULE_KEYS);
        let name = self.name(table, &path);
        let category = match self.text(table, &path, "category") {
            Some(word) if !CATEGORIES.contains(&word.as_str()) => {
                self.wrong(
                    &format!("{path}category"),
                    &format!(
                        "unknown; see the manifest for all, \
                    or use {}",
                        CATEGORIES[0]
                    ),
                );
                word
            }
            word => word.unwrap_or_else(|| CATEGORIES[0].to_owned()),
        };
        let rule = Rule {
            name,
            category,
            languages: self.languages(table, &path),
            severity: self.severity(table, &path),
            confidence: self.confidence(table, &path),
            action: self.action(table, &path),
        };
        self.rules.rules.push(rule);
        self.looked_for(number, table, &path);
    }

    fn looked_for(&mut self, number: u32, table: &Json, path: &str) {
        let errors = self.errors.len();
        let mut any = false;
        for of in ["words", "phrases"] {
            for (key, text) in self.texts(table, path, of) {
                any = true;
                match Phrase::read(&text) {
                    Ok(phrase) => self.phrases.push((number, phrase)),
                    Err(what) => self.wrong(&key, what),
                }
            }
        }
        for (key, text) in self.texts(table, path, "patterns") {
            any = true;
            match parse(&text) {
                Ok(pattern) => self.rules.patterns.push((number, pattern)),
                Err(fault) => self.wrong(&key, &fault.to_string()),
            }
        }
        for (key, text) in self.texts(table, path, "allow") {
            self.allowed(number, &key, &text);
        }
        if !any && self.errors.len() == errors {
            self.wrong(
                path.trim_end_matches('.'),
                "looks for nothing; give words, phrases or patterns",
            );
        }
    }

    fn allowed(&mut self, number: u32, key: &str, text: &str) {
        match Phrase::read(text) {
            Ok(phrase) => self.allow.push((number, phrase)),
            Err(what) => self.wrong(key, what),
        }
    }

    /// The strings of a list, each with its key.
    fn texts(&mut self, table: &Json, path: &str, key: &str) -> Vec<(String, String)> {
        let Some(value) = table.get(key) else {
            return Vec::new();
        };
        let Some(items) = value.list() else {
            self.wrong(&format!("{path}{key}"), "a list of strings is expected");
            return Vec::new();
        };
        let mut texts = Vec::with_capacity(items.len());
        for (n, item) in items.iter().enumerate().take(PHRASES_MAX + 1) {
            let here = format!("{path}{key}[{n}]");
            match item.text() {
                None => self.wrong(&here, "a string is expected"),
                Some(text) if text.chars().nth(TEXT_MAX).is_some() => {
                    self.wrong(&here, "longer than 200 characters");
                }
                Some(text) => texts.push((here, text.to_owned())),
            }
        }
        texts
    }

    fn text(&mut self, table: &Json, path: &str, key: &str) -> Option<String> {
        let value = table.get(key)?;
        if value.text().is_none() {
            self.wrong(&format!("{path}{key}"), "a string is expected");
        }
        value.text().map(str::to_owned)
    }

    fn name(&mut self, table: &Json, path: &str) -> String {
        let key = format!("{path}name");
        if table.get("name").is_none() {
            self.wrong(&key, "missing; counters and explanations use it");
        }
        let name = self.text(table, path, "name").unwrap_or_default();
        let letters = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        if table.get("name").is_some_and(|n| n.text().is_some())
            && (name.is_empty() || name.len() > NAME_MAX || !name.chars().all(letters))
        {
            self.wrong(&key, "1 to 32 of a-z, 0-9 and - are expected");
        } else if !name.is_empty() && self.rules.rules.iter().any(|rule| rule.name == name) {
            self.wrong(&key, "another rule has this name");
        }
        name
    }

    fn languages(&mut self, table: &Json, path: &str) -> Vec<String> {
        let mut languages = Vec::new();
        for (key, tag) in self.texts(table, path, "languages") {
            let primary = tag.split('-').next().unwrap_or_default().to_ascii_lowercase();
            if (2..=3).contains(&primary.len()) && primary.bytes().all(|b| b.is_ascii_lowercase()) {
                languages.push(primary);
            } else {
                self.wrong(&key, "a language tag like ru or en is expected");
            }
        }
        languages
    }

    fn severity(&mut self, table: &Json, path: &str) -> Severity {
        match self.text(table, path, "severity").as_deref() {
            None | Some("medium") => Severity::Medium,
            Some("low") => Severity::Low,
            Some("high") => Severity::High,
            Some(_) => {
                self.wrong(&format!("{path}severity"), "low, medium or high is expected");
                Severity::Medium
            }
        }
    }

    fn action(&mut self, table: &Json, path: &str) -> Action {
        match self.text(table, path, "action").as_deref() {
            None | Some("mask") => Action::Mask,
            Some("annotate") => Action::Annotate,
            Some("strip") => Action::Strip,
            Some("hold") => Action::Hold,
            Some("reject") => Action::Reject,
            Some(_) => {
                let what = "annotate, mask, strip, hold or reject is expected";
                self.wrong(&format!("{path}action"), what);
                Action::Mask
            }
        }
    }

    fn confidence(&mut self, table: &Json, path: &str) -> u8 {
        let number = match table.get("confidence") {
            None => return 90,
            Some(Json::Number(n)) if n.fract() == 0.0 => (0..=100u8).find(|c| f64::from(*c) == *n),
            Some(_) => None,
        };
        number.unwrap_or_else(|| {
            let what = "a whole number from 0 to 100 is expected";
            self.wrong(&format!("{path}confidence"), what);
            0
        })
    }
}
