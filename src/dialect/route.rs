//! What every dictionary has in common: a route as data, and an answer before it is HTTP.

/// One route of a table. `E` says what is behind it.
#[derive(Clone, Copy, Debug)]
pub struct Route<E: 'static> {
    pub method: &'static str,
    /// Segments in braces stand for any text, such as `/rooms/{room}`.
    pub path: &'static str,
    pub endpoint: E,
    /// What it does, for people.
    pub doc: &'static str,
}

/// An answer in JSON.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reply {
    pub status: u16,
    pub body: String,
    /// After how many seconds the same request may succeed.
    pub retry_after_s: Option<u64>,
    /// The stable code, if it tells that something was not done.
    pub code: Option<&'static str>,
}

impl Reply {
    #[must_use]
    pub fn new(status: u16, body: String) -> Self {
        Self { status, body, retry_after_s: None, code: None }
    }
    /// The same answer, telling that something was not done.
    #[must_use]
    pub fn refusing(self, code: &'static str) -> Self {
        Self { code: Some(code), ..self }
    }
}
