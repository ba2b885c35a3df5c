//! The parameters of a request that the transport knows. All others are the application's.

use crate::{gateway::handshake::percent_decoded, wire::engineio::handshake::Query};

/// Reads a query; of a parameter that comes twice the first counts, and a value that is not well formed
/// counts as it is written.
pub(super) fn read(query: &str) -> Query {
    let value = |name: &str| {
        let pair = query.split('&').find(|pair| {
            pair.split('=')
                .next()
                .is_some_and(|encoded| percent_decoded(encoded).as_deref() == Some(name))
        })?;
        let value = pair.split_once('=').map_or("", |(_, value)| value);
        Some(percent_decoded(value).unwrap_or_else(|| value.to_owned()))
    };
    Query { eio: value("EIO"), transport: value("transport"), sid: value("sid") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_of_each_name_counts() {
        let query = read("t=abc&EIO=4&EIO=3&transport=poll%69ng&s%69d=a-_%41&x&sid=b");
        assert_eq!(query.eio.as_deref(), Some("4"));
        assert_eq!(query.transport.as_deref(), Some("polling"));
        assert_eq!(query.sid.as_deref(), Some("a-_A"));
        assert_eq!(read(""), Query::default());
        assert_eq!(
            read("EIO=%zz&transport&sid="),
            Query {
                eio: Some("%zz".into()),
                transport: Some(String::new()),
                sid: Some(String::new())
            }
        );
    }
}
