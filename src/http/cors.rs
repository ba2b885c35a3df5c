//! Which pages of which origins may call us (the CORS protocol of the Fetch standard). Whoever is
//! not listed gets no header, and the browser refuses the rest.

use hyper::{
    HeaderMap,
    header::{
        ACCESS_CONTROL_ALLOW_CREDENTIALS, ACCESS_CONTROL_ALLOW_HEADERS,
        ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_EXPOSE_HEADERS,
        ACCESS_CONTROL_MAX_AGE, ACCESS_CONTROL_REQUEST_HEADERS, ACCESS_CONTROL_REQUEST_METHOD,
        HeaderValue, ORIGIN, VARY,
    },
};

/// The allow-list.
#[derive(Clone, Debug)]
pub struct Cors {
    origins: Vec<String>,
    any: bool,
    credentials: bool,
}

impl Cors {
    #[must_use]
    pub fn new(origins: &[String], credentials: bool) -> Self {
        let any = origins.iter().any(|origin| origin == "*");
        let origins = origins
            .iter()
            .map(|origin| origin.trim_end_matches('/').to_ascii_lowercase())
            .collect();
        Self { origins, any, credentials: credentials && !any }
    }

    /// Whether any page may call us.
    pub fn is_on(&self) -> bool {
        !self.origins.is_empty()
    }

    /// Adds what a page of this origin must see, if it is listed.
    pub fn mark(&self, origin: Option<&HeaderValue>, response: &mut HeaderMap) {
        if !self.is_on() {
            return;
        }
        if !response.contains_key(VARY) {
            response.insert(VARY, HeaderValue::from_static("Origin"));
        }
        let Some(origin) = origin.filter(|origin| self.lists(origin)) else { return };
        let allowed = if self.any { HeaderValue::from_static("*") } else { origin.clone() };
        response.insert(ACCESS_CONTROL_ALLOW_ORIGIN, allowed);
        response.insert(
            ACCESS_CONTROL_EXPOSE_HEADERS,
            HeaderValue::from_static("x-request-id, retry-after"),
        );
        if self.credentials {
            response.insert(ACCESS_CONTROL_ALLOW_CREDENTIALS, HeaderValue::from_static("true"));
        }
    }

    /// Adds what a preflight asks for, if its origin is listed.
    pub fn preflight(&self, request: &HeaderMap, allow: &HeaderValue, response: &mut HeaderMap) {
        let listed = request.get(ORIGIN).is_some_and(|origin| self.lists(origin));
        if !listed || !request.contains_key(ACCESS_CONTROL_REQUEST_METHOD) {
            return;
        }
        response.insert(ACCESS_CONTROL_ALLOW_METHODS, allow.clone());
        // A page that is trusted at all may send what headers it likes.
        let usual =
            HeaderValue::from_static("authorization, content-type, x-api-key, x-request-id");
        let wanted = request.get(ACCESS_CONTROL_REQUEST_HEADERS).cloned();
        response.insert(ACCESS_CONTROL_ALLOW_HEADERS, wanted.unwrap_or(usual));
        let both = HeaderValue::from_static("Origin, Access-Control-Request-Headers");
        response.insert(VARY, both);
        response.insert(ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static("600"));
    }

    fn lists(&self, origin: &HeaderValue) -> bool {
        let Ok(origin) = origin.to_str() else { return false };
        self.any || self.origins.iter().any(|listed| listed.eq_ignore_ascii_case(origin))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &str)]) -> HeaderMap {
        pairs
            .iter()
            .map(|&(n, v)| (n.parse().expect("a name"), v.parse().expect("a value")))
            .collect()
    }

    #[track_caller]
    fn check(origins: &[&str], credentials: bool, origin: &str, expected: Option<&str>) {
        let origins: Vec<_> = origins.iter().map(|&o| o.to_owned()).collect();
        let cors = Cors::new(&origins, credentials);
        let request = headers(&[("origin", origin), ("access-control-request-method", "POST")]);
        let mut response = HeaderMap::new();
        cors.mark(request.get(ORIGIN), &mut response);
        cors.preflight(&request, &HeaderValue::from_static("POST, OPTIONS"), &mut response);
        let get = |name| response.get(name).map(|v: &HeaderValue| v.to_str().expect("text"));
        assert_eq!(get(ACCESS_CONTROL_ALLOW_ORIGIN), expected, "{origin}");
        assert_eq!(get(ACCESS_CONTROL_ALLOW_METHODS).is_some(), expected.is_some());
        assert_eq!(get(VARY).is_some(), !origins.is_empty());
        let with_cookies = credentials && expected.is_some_and(|e| e != "*");
        assert_eq!(get(ACCESS_CONTROL_ALLOW_CREDENTIALS).is_some(), with_cookies);
    }

    #[test]
    fn only_listed_origins_get_headers() {
        check(&[], true, "https://a.example", None);
        check(&["https://a.example/"], false, "https://a.example", Some("https://a.example"));
        check(&["https://a.example"], true, "https://A.example", Some("https://A.example"));
        check(&["https://a.example"], true, "http://a.example", None);
        check(&["https://a.example"], true, "https://a.example.evil.example", None);
        check(&["https://a.example"], true, "https://a.example:8443", None);
        check(&["https://a.example"], true, "null", None);
        check(&["*"], true, "https://b.example", Some("*"));
    }
}
