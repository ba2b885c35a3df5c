//! Reading the configuration: the file, then the environment over it. Every mistake is collected with
//! its line and the nearest known name. Knows no meaning of any key beyond its shape.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
    path::Path,
};

use toml::{
    Spanned,
    de::{DeTable, DeValue},
};

use super::{
    environment::Environment,
    host,
    keys::{self, Entry},
    open::{ActionRule, Json},
    shape::Value,
};
use crate::{
    domain::{id::Kind, moderation::Action},
    moderation::PluginSettings,
    ops::nearest::{distance, nearest, suggestion},
};

/// Where a value comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    Default,
    /// Line in the file, from 1.
    File(usize),
    /// Name of the variable.
    Environment(String),
}

/// One key's value.
#[derive(Clone, Debug)]
pub struct Setting {
    pub value: Value,
    pub origin: Origin,
}

/// Every key with its value.
#[derive(Debug, Default)]
pub struct Values {
    pub settings: BTreeMap<String, Setting>,
    /// `[moderation.<kind>]` and `[moderation.<kind>.<role>]`: category to action.
    pub actions: Vec<ActionRule>,
    /// `[moderation.strip_words]`: language and words.
    pub strip_words: Vec<(String, String)>,
    /// `[plugin.<id>]` with `[plugin.<id>.host]`.
    pub plugins: BTreeMap<String, PluginSettings>,
}

/// One mistake in the configuration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mistake {
    /// `parlour.toml:12` or the name of a variable.
    pub place: String,
    pub said: String,
}

/// Everything that is wrong with a configuration; never empty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mistakes(pub Vec<Mistake>);

/// Reads the configuration. `file` is the text of the file and its name for error messages.
///
/// # Errors
/// All mistakes at once.
pub fn read(file: Option<(&Path, &str)>, environment: &Environment) -> Result<Values, Mistakes> {
    let mut reader = Reader::default();
    if let Some((name, text)) = file {
        reader.file(name, text);
    }
    reader.environment(environment);
    reader.defaults();
    if reader.mistakes.is_empty() { Ok(reader.values) } else { Err(Mistakes(reader.mistakes)) }
}

struct Reader {
    known: BTreeMap<String, Entry>,
    values: Values,
    mistakes: Vec<Mistake>,
    name: String,
    /// Byte offset of the begin of each line.
    lines: Vec<usize>,
}

/// The member of a plugin's section that is not the plugin's.
const HOST: &str = "host";
const STRIP_WORDS: &str = "moderation.strip_words";
const SIZE_MAX_BYTES: usize = 1024 * 1024;

// === impl Reader ===

impl Default for Reader {
    fn default() -> Self {
        Self {
            known: keys::entries().map(|entry| (entry.path.clone(), entry)).collect(),
            values: Values::default(),
            mistakes: Vec::new(),
            name: String::new(),
            lines: vec![0],
        }
    }
}

impl Reader {
    fn file(&mut self, name: &Path, text: &str) {
        self.name = name.display().to_string();
        if text.len() > SIZE_MAX_BYTES {
            self.wrong(1, format!("the file is larger than {SIZE_MAX_BYTES} bytes"));
            return;
        }
        self.lines.extend(text.match_indices('\n').map(|(at, _)| at + 1));
        match DeTable::parse(text) {
            Ok(table) => self.table("", table.get_ref()),
            Err(error) => {
                let line = self.line(error.span().map_or(0, |span| span.start));
                self.wrong(line, one_line(error.message()));
            }
        }
    }

    fn table(&mut self, path: &str, table: &DeTable<'_>) {
        for (name, value) in table {
            let line = self.line(name.span().start);
            let full = join(path, name.get_ref());
            match (path, value.get_ref()) {
                ("plugin", DeValue::Table(plugin)) => self.plugin(name.get_ref(), plugin, line),
                (STRIP_WORDS, DeValue::String(words)) => {
                    let words = (name.get_ref().to_string(), words.to_string());
                    self.values.strip_words.push(words);
                }
                (STRIP_WORDS, _) => self.wrong(line, format!("`{full}` must be a text in quotes")),
                (_, DeValue::Table(inner)) if self.is_section(&full) => self.table(&full, inner),
                _ if self.known.contains_key(&full) => self.known_key(&full, value, line),
                _ => match (kind_of_moderation(path), value.get_ref()) {
                    (Some(kind), DeValue::Table(role)) => {
                        self.role(kind, name.get_ref(), role);
                    }
                    (Some(kind), DeValue::String(action)) if !self.is_slip(&full) => {
                        self.action(kind, None, name.get_ref(), action, line);
                    }
                    (Some(_), _) if !self.is_slip(&full) => {
                        self.wrong(line, format!("`{full}` must be an action in quotes"));
                    }
                    _ => self.unknown(&full, line),
                },
            }
        }
    }

    fn is_section(&self, path: &str) -> bool {
        let within = format!("{path}.");
        path == "plugin"
            || path == STRIP_WORDS
            || self.known.keys().any(|known| known.starts_with(&within))
    }

    /// Whether a category's name looks like a known key with a slip of the pen.
    fn is_slip(&self, path: &str) -> bool {
        self.known.keys().any(|known| distance(known, path) <= 2)
    }

    fn known_key(&mut self, path: &str, value: &Spanned<DeValue<'_>>, line: usize) {
        let Some(entry) = self.known.get(path) else { return };
        let admitted = plain(value.get_ref()).and_then(|value| entry.key.shape.admit(value));
        match admitted {
            Ok(value) => {
                let setting = Setting { value, origin: Origin::File(line) };
                self.values.settings.insert(path.to_owned(), setting);
            }
            Err(said) => self.wrong(line, format!("`{path}` {said}")),
        }
    }

    fn role(&mut self, kind: Kind, role: &str, table: &DeTable<'_>) {
        for (category, action) in table {
            let line = self.line(category.span().start);
            match action.get_ref() {
                DeValue::String(word) => {
                    self.action(kind, Some(role), category.get_ref(), word, line);
                }
                _ => self.wrong(
                    line,
                    format!(
                        "`moderation.{}.{role}.{}` must be an action in quotes",
                        kind.word(),
                        category.get_ref()
                    ),
                ),
            }
        }
    }

    fn action(&mut self, kind: Kind, role: Option<&str>, category: &str, word: &str, line: usize) {
        let Some(action) = Action::from_word(word) else {
            let words = Action::ALL.map(Action::word);
            let hint = suggestion(word, words);
            let said = format!(
                "`moderation.{}.{category}` must be one of {}, not `{}`{hint}",
                kind.word(),
                words.map(|word| format!("`{word}`")).join(", "),
                word.escape_debug()
            );
            self.wrong(line, said);
            return;
        };
        self.values.actions.push(ActionRule {
            kind,
            role: role.map(str::to_owned),
            category: category.to_owned(),
            action,
        });
    }

    fn plugin(&mut self, id: &str, table: &DeTable<'_>, line: usize) {
        let host = match table.get(HOST).map(|value| (value.get_ref(), value.span().start)) {
            None => Ok(PluginSettings::default()),
            Some((DeValue::Table(host), _)) => host::read(host),
            Some((_, offset)) => Err((offset, "must be a section".to_owned())),
        };
        let host = host.map_err(|(offset, said)| (self.line(offset), format!(".{HOST}` {said}")));
        let config = Json::from_table(table, HOST).map_err(|said| (line, format!("` {said}")));
        match (host, config) {
            (Ok(host), Ok(config)) => {
                let settings = PluginSettings { config: config.to_string(), ..host };
                self.values.plugins.insert(id.to_owned(), settings);
            }
            (Err((line, said)), _) | (_, Err((line, said))) => {
                self.wrong(line, format!("`plugin.{}{said}", id.escape_debug()));
            }
        }
    }

    fn unknown(&mut self, path: &str, line: usize) {
        if self.is_section(path) {
            self.wrong(line, format!("`{path}` is a section; write `[{path}]`"));
            return;
        }
        let hint = self.hint(path);
        self.wrong(line, format!("unknown key `{}`{hint}", path.escape_debug()));
    }

    /// The nearest key of the same section, the one with this name in another section, the nearest of
    /// all, the nearest section: the first of these that there is.
    fn hint(&self, path: &str) -> String {
        let (section, name) = split(path);
        let same = |known: &&str| split(known).0 == section;
        let known = || self.known.keys().map(String::as_str);
        let here = nearest(name, known().filter(same).map(|known| split(known).1));
        let sections: BTreeSet<&str> = known().map(|known| split(known).0).collect();
        here.map(|name| join(section, name))
            .or_else(|| known().find(|known| split(known).1 == name).map(str::to_owned))
            .or_else(|| {
                let elsewhere = known().filter(|known| !sections.contains(section) || !same(known));
                nearest(path, elsewhere.chain(sections.iter().copied())).map(str::to_owned)
            })
            .map(|near| format!("; did you mean `{near}`?"))
            .unwrap_or_default()
    }

    fn environment(&mut self, environment: &Environment) {
        for name in &environment.unreadable {
            self.mistakes
                .push(Mistake { place: name.clone(), said: "the value is not UTF-8".to_owned() });
        }
        for (name, text) in &environment.overrides {
            let path =
                name.strip_prefix("PARLOUR_").unwrap_or(name).to_lowercase().replace("__", ".");
            let Some(entry) = self.known.get(&path) else {
                let names: Vec<String> = self.known.keys().map(|path| variable(path)).collect();
                let hint = suggestion(name, names.iter().map(String::as_str));
                let said = format!("no key of the configuration has this name{hint}");
                self.mistakes.push(Mistake { place: name.clone(), said });
                continue;
            };
            match entry.key.shape.admit_bare(text) {
                Ok(value) => {
                    let origin = Origin::Environment(name.clone());
                    self.values.settings.insert(path, Setting { value, origin });
                }
                Err(said) => self
                    .mistakes
                    .push(Mistake { place: name.clone(), said: format!("`{path}` {said}") }),
            }
        }
    }

    fn defaults(&mut self) {
        for entry in self.known.values() {
            if self.values.settings.contains_key(&entry.path) {
                continue;
            }
            let parsed = DeValue::parse(entry.default).map_err(|error| error.to_string());
            let value = parsed
                .and_then(|value| plain(value.get_ref()))
                .and_then(|value| entry.key.shape.admit(value));
            match value {
                Ok(value) => {
                    let setting = Setting { value, origin: Origin::Default };
                    self.values.settings.insert(entry.path.clone(), setting);
                }
                Err(said) => self.mistakes.push(Mistake {
                    place: "built in".to_owned(),
                    said: format!("the default of `{}` {said}", entry.path),
                }),
            }
        }
    }

    fn line(&self, offset: usize) -> usize {
        self.lines.partition_point(|begin| *begin <= offset).max(1)
    }

    fn wrong(&mut self, line: usize, said: String) {
        self.mistakes.push(Mistake { place: format!("{}:{line}", self.name), said });
    }
}

// === impl Mistakes ===

impl fmt::Display for Mistakes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, Mistake { place, said }) in self.0.iter().enumerate() {
            let end = if at == 0 { "" } else { "\n" };
            write!(f, "{end}{place}: {said}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Mistakes {}

/// The environment variable of a key.
#[must_use]
pub fn variable(path: &str) -> String {
    format!("PARLOUR_{}", path.replace('.', "__").to_uppercase())
}

fn kind_of_moderation(path: &str) -> Option<Kind> {
    path.strip_prefix("moderation.").and_then(Kind::from_word)
}

/// Section and name.
fn split(path: &str) -> (&str, &str) {
    path.rsplit_once('.').unwrap_or(("", path))
}

fn join(path: &str, name: &str) -> String {
    if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") }
}

fn plain(value: &DeValue<'_>) -> Result<Value, String> {
    Ok(match value {
        DeValue::String(text) => Value::Text(text.clone().into_owned()),
        DeValue::Boolean(flag) => Value::Flag(*flag),
        DeValue::Integer(number) => Value::Whole(
            i64::from_str_radix(number.as_str(), number.radix())
                .map_err(|_| "is a number that is too large".to_owned())?,
        ),
        DeValue::Array(values) => Value::Texts(
            values
                .iter()
                .map(|value| match value.get_ref() {
                    DeValue::String(text) => Ok(text.clone().into_owned()),
                    other => Err(format!("must be a list of texts; it holds {}", article(other))),
                })
                .collect::<Result<_, _>>()?,
        ),
        other => return Err(format!("cannot be {}", article(other))),
    })
}

fn article(value: &DeValue<'_>) -> &'static str {
    match value {
        DeValue::String(_) => "a text",
        DeValue::Integer(_) => "a number",
        DeValue::Float(_) => "a number with a fraction",
        DeValue::Boolean(_) => "true or false",
        DeValue::Datetime(_) => "a date",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a section",
    }
}

fn one_line(message: &str) -> String {
    message.split_whitespace().collect::<Vec<_>>().join(" ")
}
