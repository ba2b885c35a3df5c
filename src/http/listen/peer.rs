//! Who is at the other end, seen through the proxies that we trust.

use std::net::IpAddr;

use hyper::{HeaderMap, header::HeaderName};

const FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");
const FORWARDED_PROTO: HeaderName = HeaderName::from_static("x-forwarded-proto");

/// A network in the notation `10.0.0.0/8`, or one address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cidr {
    network: IpAddr,
    bits: u32,
}

/// Who sent a request.
#[derive(Clone, Debug)]
pub struct Peer {
    /// The client's address; behind trusted proxies the one that they name.
    pub ip: IpAddr,
    /// Whether the client's own connection is encrypted, as a trusted proxy says.
    pub secure: bool,
    pub request_id: String,
}

// === impl Cidr ===

impl Cidr {
    /// `None` if an address of this family has fewer bits.
    #[must_use]
    pub fn new(network: IpAddr, bits: u8) -> Option<Self> {
        let width = if network.is_ipv4() { 32 } else { 128 };
        (bits <= width).then_some(Self { network, bits: bits.into() })
    }

    /// `None` if it is no network. Bits outside of the prefix are ignored.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (address, bits) = match text.split_once('/') {
            Some((address, bits)) => (address, Some(bits.parse().ok()?)),
            None => (text, None),
        };
        let network: IpAddr = address.trim().parse().ok()?;
        Self::new(network, bits.unwrap_or(if network.is_ipv4() { 32 } else { 128 }))
    }

    #[must_use]
    pub fn contains(&self, ip: IpAddr) -> bool {
        match (self.network, ip.to_canonical()) {
            (IpAddr::V4(network), IpAddr::V4(ip)) => {
                let differ = u128::from(network.to_bits() ^ ip.to_bits());
                differ >> (32 - self.bits.min(32)) == 0
            }
            (IpAddr::V6(network), IpAddr::V6(ip)) => {
                let differ = network.to_bits() ^ ip.to_bits();
                differ.checked_shr(128 - self.bits.min(128)).unwrap_or_default() == 0
            }
            _ => false,
        }
    }
}

// === impl Peer ===

impl Peer {
    /// Follows the chain of proxies from our end as far as it is trusted.
    #[must_use]
    pub fn new(ip: IpAddr, headers: &HeaderMap, trusted: &[Cidr], request_id: String) -> Self {
        let believed = trusted.iter().any(|cidr| cidr.contains(ip));
        let secure = believed
            && last(headers, &FORWARDED_PROTO).is_some_and(|p| p.eq_ignore_ascii_case("https"));
        let ip = if believed { client(ip, headers, trusted) } else { ip };
        Self { ip, secure, request_id }
    }
}

/// The rightmost address that is no proxy of ours: everything left of it is hearsay.
fn client(hop: IpAddr, headers: &HeaderMap, trusted: &[Cidr]) -> IpAddr {
    let mut seen = hop;
    let lines = headers.get_all(FORWARDED_FOR).iter().rev();
    let named = lines.flat_map(|line| line.to_str().unwrap_or("?").rsplit(','));
    for text in named {
        let Some(ip) = address(text.trim()) else { return seen };
        seen = ip;
        if !trusted.iter().any(|cidr| cidr.contains(ip)) {
            return seen;
        }
    }
    seen
}

/// Some proxies add a port.
fn address(text: &str) -> Option<IpAddr> {
    let bare = text.strip_prefix('[').and_then(|rest| rest.split_once(']')).map(|(ip, _)| ip);
    let parsed: Option<IpAddr> = bare.unwrap_or(text).parse().ok();
    let with_port = || text.parse::<std::net::SocketAddr>().ok().map(|address| address.ip());
    parsed.or_else(with_port).map(|ip| ip.to_canonical())
}

fn last<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    let line = headers.get_all(name).iter().next_back()?.to_str().ok()?;
    line.rsplit(',').next().map(str::trim)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check_network(network: &str, ip: &str, expected: bool) {
        let cidr = Cidr::parse(network).expect("a network");
        assert_eq!(cidr.contains(ip.parse().expect("an address")), expected, "{network} {ip}");
    }

    #[test]
    fn networks_contain_addresses() {
        check_network("10.0.0.0/8", "10.255.0.1", true);
        check_network("10.0.0.0/8", "11.0.0.1", false);
        check_network("10.0.0.0/8", "::ffff:10.0.0.1", true);
        check_network("127.0.0.1", "127.0.0.1", true);
        check_network("127.0.0.1", "127.0.0.2", false);
        check_network("0.0.0.0/0", "8.8.8.8", true);
        check_network("0.0.0.0/0", "::1", false);
        check_network("::/0", "2001:db8::1", true);
        check_network("2001:db8::/32", "2001:db8:1::1", true);
        check_network("2001:db8::/32", "2001:db9::1", false);
        for wrong in ["", "x", "10.0.0.0/33", "::/129", "10.0.0.0/", "10.0.0.0/-1", "10.0.0/8"] {
            assert_eq!(Cidr::parse(wrong), None, "{wrong}");
        }
    }

    #[track_caller]
    fn check_client(socket: &str, forwarded: &[&str], expected: &str) {
        let trusted = ["10.0.0.0/8", "::1"].map(|text| Cidr::parse(text).expect("a network"));
        let mut headers = HeaderMap::new();
        for line in forwarded {
            headers.append(FORWARDED_FOR, line.parse().expect("a value"));
        }
        headers.insert(FORWARDED_PROTO, "http, HTTPS".parse().expect("a value"));
        let socket_ip = socket.parse().expect("an address");
        let peer = Peer::new(socket_ip, &headers, &trusted, String::new());
        assert_eq!(peer.ip.to_string(), expected, "{socket} {forwarded:?}");
        assert_eq!(peer.secure, socket != "1.1.1.1");
    }

    #[test]
    fn only_trusted_proxies_are_believed() {
        check_client("1.1.1.1", &["2.2.2.2"], "1.1.1.1");
        check_client("10.0.0.1", &[], "10.0.0.1");
        check_client("10.0.0.1", &["2.2.2.2"], "2.2.2.2");
        check_client("10.0.0.1", &["6.6.6.6, 2.2.2.2, 10.0.0.9"], "2.2.2.2");
        check_client("10.0.0.1", &["6.6.6.6", "2.2.2.2", "10.0.0.9"], "2.2.2.2");
        check_client("10.0.0.1", &["10.0.0.7,10.0.0.9"], "10.0.0.7");
        check_client("::1", &["2.2.2.2:4711"], "2.2.2.2");
        check_client("::1", &["[2001:db8::5]:4711"], "2001:db8::5");
        check_client("::1", &["::ffff:2.2.2.2"], "2.2.2.2");
        check_client("10.0.0.1", &["2.2.2.2, unknown, 10.0.0.9"], "10.0.0.9");
        check_client("10.0.0.1", &[""], "10.0.0.1");
    }
}
