//! A reader for the little JSON of configurations: whole values in memory, no numbers beyond what
//! settings need, nesting bounded. Knows no schema.

use crate::spelling;

/// Nesting beyond this is refused: a configuration is a table of lists, not a tree.
const DEPTH_MAX: usize = 16;

/// Most characters of a wrong key that a sentence repeats.
const KEY_SHOWN: usize = 40;

/// A JSON value. Members keep their order; a repeated key keeps both.
#[derive(Clone, Debug, PartialEq)]
pub enum Json {
    Null,
    Bool(bool),
    Number(f64),
    Text(String),
    List(Vec<Json>),
    Table(Vec<(String, Json)>),
}

/// Where reading stopped, as a byte offset, and what was expected there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unreadable {
    pub at: usize,
    pub expected: &'static str,
}

impl Unreadable {
    /// What is wrong, for the administrator. Put together by hand: the formatting of the standard library
    /// alone would be more than two kilobytes of every plugin.
    #[must_use]
    pub fn sentence(&self) -> String {
        let (mut digits, mut rest) = (String::new(), self.at);
        while rest > 0 || digits.is_empty() {
            digits.insert(0, char::from(b'0' + u8::try_from(rest % 10).unwrap_or(0)));
            rest /= 10;
        }
        ["expected ", self.expected, " at byte ", &digits].concat()
    }
}

impl Json {
    /// Reads one value and nothing after it.
    ///
    /// # Errors
    /// The first place that is not JSON (RFC 8259), or nests deeper than 16.
    pub fn read(text: &str) -> Result<Self, Unreadable> {
        let mut reader = Reader { text, at: 0 };
        let value = reader.value(0)?;
        reader.space();
        if reader.at == text.len() { Ok(value) } else { Err(reader.expected("the end")) }
    }

    /// The member of that name, if this is a table that has it.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Self> {
        match self {
            Self::Table(members) => members.iter().find(|(k, _)| k == key).map(|(_, v)| v),
            _ => None,
        }
    }

    /// The names of a table's members; empty for anything else.
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        let members: &[(String, Self)] = match self {
            Self::Table(members) => members,
            _ => &[],
        };
        members.iter().map(|(k, _)| k.as_str())
    }

    /// A sentence for each member that is not one of `known`, for the administrator who misspelled it.
    #[must_use]
    pub fn unknown(&self, known: &[&str]) -> Vec<String> {
        self.keys()
            .filter(|key| !known.contains(key))
            .map(|key| {
                let key: String = key.chars().take(KEY_SHOWN).collect();
                [&key, ": unknown key; known: ", &known.join(", ")].concat()
            })
            .collect()
    }

    #[must_use]
    pub fn text(&self) -> Option<&str> {
        match self {
            Self::Text(s) => Some(s),
            _ => None,
        }
    }

    #[must_use]
    pub fn truth(&self) -> Option<bool> {
        match self {
            Self::Bool(b) => Some(*b),
            _ => None,
        }
    }

    #[must_use]
    pub fn list(&self) -> Option<&[Self]> {
        match self {
            Self::List(items) => Some(items),
            _ => None,
        }
    }

    /// The strings of a list of strings.
    ///
    /// # Errors
    /// A sentence that names `key` when the member is anything else. An absent member is an empty
    /// list.
    pub fn texts(&self, key: &str) -> Result<Vec<String>, String> {
        let Some(member) = self.get(key) else {
            return Ok(Vec::new());
        };
        member
            .list()
            .and_then(|items| items.iter().map(|i| i.text().map(str::to_owned)).collect())
            .ok_or_else(|| [key, ": a list of strings is expected"].concat())
    }

    /// The words of a list of strings in the plain spelling, as far as there is any of them; a sentence is
    /// added to `errors` when the member is anything else.
    pub fn words(&self, key: &str, errors: &mut Vec<String>) -> Vec<String> {
        let words = self.texts(key).unwrap_or_else(|sentence| {
            errors.push(sentence);
            Vec::new()
        });
        words.iter().map(|word| spelling::plain(word)).filter(|word| !word.is_empty()).collect()
    }
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
}

impl Reader<'_> {
    fn expected(&self, expected: &'static str) -> Unreadable {
        Unreadable { at: self.at, expected }
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    fn take(&mut self, word: &str) -> bool {
        let found = self.text.get(self.at..).is_some_and(|rest| rest.starts_with(word));
        if found {
            self.at += word.len();
        }
        found
    }

    fn value(&mut self, depth: usize) -> Result<Json, Unreadable> {
        if depth > DEPTH_MAX {
            return Err(self.expected("less nesting"));
        }
        self.space();
        match self.peek() {
            Some(b'{') => self.table(depth),
            Some(b'[') => self.list(depth),
            Some(b'"') => self.string().map(Json::Text),
            Some(b'-' | b'0'..=b'9') => self.number(),
            _ if self.take("true") => Ok(Json::Bool(true)),
            _ if self.take("false") => Ok(Json::Bool(false)),
            _ if self.take("null") => Ok(Json::Null),
            _ => Err(self.expected("a value")),
        }
    }

    fn table(&mut self, depth: usize) -> Result<Json, Unreadable> {
        self.at += 1;
        let mut members = Vec::new();
        self.space();
        if self.take("}") {
            return Ok(Json::Table(members));
        }
        loop {
            self.space();
            let key = self.string()?;
            self.space();
            if !self.take(":") {
                return Err(self.expected("a colon"));
            }
            members.push((key, self.value(depth + 1)?));
            self.space();
            if self.take("}") {
                return Ok(Json::Table(members));
            }
            if !self.take(",") {
                return Err(self.expected("a comma or the end of the table"));
            }
        }
    }

    fn list(&mut self, depth: usize) -> Result<Json, Unreadable> {
        self.at += 1;
        let mut items = Vec::new();
        self.space();
        if self.take("]") {
            return Ok(Json::List(items));
        }
        loop {
            items.push(self.value(depth + 1)?);
            self.space();
            if self.take("]") {
                return Ok(Json::List(items));
            }
            if !self.take(",") {
                return Err(self.expected("a comma or the end of the list"));
            }
        }
    }

    /// Exact to 15 digits and 22 places; beyond that the last bit may differ. The standard library's
    /// reader has tables of 10 KB for that bit.
    fn number(&mut self) -> Result<Json, Unreadable> {
        let wrong = Unreadable { at: self.at, expected: "a number" };
        let negative = self.take("-");
        let (mut value, whole) = self.digits(0.0);
        let mut places = 0;
        let mut complete = whole > 0;
        if self.take(".") {
            let (longer, fraction) = self.digits(value);
            value = longer;
            places -= fraction;
            complete &= fraction > 0;
        }
        if self.take("e") || self.take("E") {
            let down = self.take("-");
            let _ = !down && self.take("+");
            let (power, digits) = self.digits(0.0);
            let power = if power < 999.0 { power as i32 } else { 999 };
            places += if down { -power } else { power };
            complete &= digits > 0;
        }
        if !complete || matches!(self.peek(), Some(b'-' | b'+' | b'.' | b'e' | b'E')) {
            return Err(wrong);
        }
        if value > 0.0 {
            let power = (0..places.unsigned_abs().min(999)).fold(1.0_f64, |all, _| all * 10.0);
            value = if places < 0 { value / power } else { value * power };
        }
        Ok(Json::Number(if negative { -value } else { value }))
    }

    /// Goes past decimal digits: the number that they continue, and how many they are.
    fn digits(&mut self, mut value: f64) -> (f64, i32) {
        let mut count = 0;
        while let Some(digit @ b'0'..=b'9') = self.peek() {
            value = value * 10.0 + f64::from(digit - b'0');
            self.at += 1;
            count += 1;
        }
        (value, count)
    }

    fn string(&mut self) -> Result<String, Unreadable> {
        if !self.take("\"") {
            return Err(self.expected("a string"));
        }
        let mut out = String::new();
        loop {
            let rest = self.text.get(self.at..).unwrap_or_default();
            let Some(c) = rest.chars().next() else {
                return Err(self.expected("the end of the string"));
            };
            self.at += c.len_utf8();
            match c {
                '"' => return Ok(out),
                '\\' => out.push(self.escape()?),
                '\u{0}'..='\u{1f}' => return Err(self.expected("no control character")),
                _ => out.push(c),
            }
        }
    }

    fn escape(&mut self) -> Result<char, Unreadable> {
        let Some(c) = self.peek() else {
            return Err(self.expected("an escape"));
        };
        self.at += 1;
        Ok(match c {
            b'"' => '"',
            b'\\' => '\\',
            b'/' => '/',
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => {
                let high = self.hex()?;
                let code = if (0xd800..0xdc00).contains(&high) && self.take("\\u") {
                    let low = self.hex()?;
                    0x1_0000 + ((high - 0xd800) << 10) + (low.wrapping_sub(0xdc00) & 0x3ff)
                } else {
                    high
                };
                char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER)
            }
            _ => {
                return Err(Unreadable { at: self.at - 1, expected: "an escape" });
            }
        })
    }

    fn hex(&mut self) -> Result<u32, Unreadable> {
        let digits = self.text.get(self.at..self.at + 4);
        let code = digits
            .filter(|d| d.bytes().all(|b| b.is_ascii_hexdigit()))
            .and_then(|d| u32::from_str_radix(d, 16).ok())
            .ok_or_else(|| self.expected("four hexadecimal digits"))?;
        self.at += 4;
        Ok(code)
    }
}

#[cfg(test)]
mod tests {
    use super::Json;

    #[track_caller]
    fn check(text: &str, expected: Result<Json, usize>) {
        assert_eq!(Json::read(text).map_err(|e| e.at), expected, "{text}");
    }

    #[test]
    fn values_are_read_and_the_place_of_an_error_is_named() {
        let word = |s: &str| Json::Text(s.to_owned());
        check("null", Ok(Json::Null));
        check(" [true, false]\n", Ok(Json::List(vec![Json::Bool(true), Json::Bool(false)])));
        check("-1.5e2", Ok(Json::Number(-150.0)));
        check("0.85", Ok(Json::Number(0.85)));
        check("1e-3", Ok(Json::Number(0.001)));
        check("1.25E+2", Ok(Json::Number(125.0)));
        check(r#""\u0441\ud83d\ude00\n""#, Ok(word("с😀\n")));
        check(r#"{"a":{"b":[]}}"#, {
            let inner = Json::Table(vec![("b".to_owned(), Json::List(Vec::new()))]);
            Ok(Json::Table(vec![("a".to_owned(), inner)]))
        });
        check(r#""\ud800x""#, Ok(word("\u{fffd}x")));
        check("", Err(0));
        check("[1,", Err(3));
        check("{\"a\" 1}", Err(5));
        check("1 2", Err(2));
        check("\"open", Err(5));
        check(r#""\u00"#, Err(3));
        check(&"[".repeat(40), Err(17));
    }

    #[test]
    fn a_list_of_strings_names_its_key_when_it_is_something_else() {
        let json = Json::read(r#"{"words":["a","b"],"odd":[1]}"#).unwrap_or(Json::Null);
        assert_eq!(json.texts("words"), Ok(vec!["a".to_owned(), "b".to_owned()]));
        assert_eq!(json.texts("none"), Ok(Vec::new()));
        assert!(json.texts("odd").is_err_and(|e| e.starts_with("odd:")));
        let mut errors = Vec::new();
        assert!(json.words("odd", &mut errors).is_empty() && errors.len() == 1);
        let json = Json::read(r#"{"words":["\u0401\u043b\u043a\u0430",""]}"#).unwrap_or(Json::Null);
        assert_eq!(json.words("words", &mut errors), ["елка"]);
    }

    #[test]
    fn an_unknown_key_is_named_with_the_known_ones() {
        let json = Json::read(r#"{"words":[],"wrods":[]}"#).unwrap_or(Json::Null);
        assert_eq!(json.unknown(&["words", "allow"]), ["wrods: unknown key; known: words, allow"]);
        assert!(json.unknown(&["words", "wrods"]).is_empty() && Json::Null.unknown(&[]).is_empty());
    }
}
