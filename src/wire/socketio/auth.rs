//! What a client says of itself when it joins a namespace: the application's token, and where an earlier
//! session was left (section "Connection state recovery" of the documentation).

use serde::Deserialize;

/// The members of the `auth` object that mean something here. A member of another type counts as absent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Credentials {
    pub token: Option<String>,
    /// The secret of the session that is to be recovered.
    pub pid: Option<String>,
    /// The last argument of the last event that arrived.
    pub offset: Option<String>,
}

#[derive(Deserialize)]
struct Shape {
    token: Option<serde_json::Value>,
    pid: Option<serde_json::Value>,
    offset: Option<serde_json::Value>,
}

impl Credentials {
    /// Reads the object that came with a `CONNECT`.
    pub fn read(auth: Option<&str>) -> Self {
        let shape = auth.and_then(|auth| serde_json::from_str::<Shape>(auth).ok());
        let text = |value: Option<serde_json::Value>| match value {
            Some(serde_json::Value::String(text)) => Some(text),
            _ => None,
        };
        let Some(Shape { token, pid, offset }) = shape else { return Self::default() };
        Self { token: text(token), pid: text(pid), offset: text(offset) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_are_read_and_others_are_left() {
        let read = |auth| Credentials::read(Some(auth));
        let all = read(r#"{"token":"t","x":{},"pid":"p","offset":"o"}"#);
        let text = |text: &str| Some(text.to_owned());
        assert_eq!(all, Credentials { token: text("t"), pid: text("p"), offset: text("o") });
        assert_eq!(read(r#"{"token":7,"pid":null,"offset":[]}"#), Credentials::default());
        assert_eq!(Credentials::read(None), Credentials::default());
        assert_eq!(read("[]"), Credentials::default());
    }
}
