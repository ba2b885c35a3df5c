//! What the administrator decides about HTTP. Every limit on what a peer may send is here.

use std::time::Duration;

use super::listen::Cidr;
use crate::dialect::sms::SmsSettings;

/// Settings of the folder.
#[derive(Clone, Debug)]
pub struct HttpSettings {
    /// The largest body of a request; default 1 MiB.
    pub body_max_bytes: usize,
    /// How long a body may take to arrive; default 30 s.
    pub body_timeout: Duration,
    /// How long the head of a request may take to arrive; default 10 s.
    pub head_timeout: Duration,
    /// The largest head of a request; default 16 KiB.
    pub head_max_bytes: usize,
    /// How long a connection may stay open without a request; default 75 s, a little more than the
    /// 60 s after which nginx gives up an idle connection of its own.
    pub idle_timeout: Duration,
    /// How long a peer may leave what was sent to it unread or unconfirmed; default 60 s.
    pub stall_timeout: Duration,
    /// How many connections of HTTP there may be; default 20,000. The gateway counts its own.
    pub connections_max: usize,
    /// How many connections one address may have; default 1,000. Loopback and trusted proxies are
    /// exempt.
    pub connections_per_ip_max: usize,
    /// How many wrong credentials one address may bring at once; default 20.
    pub failures_max: u32,
    /// How long it takes until one more is allowed; default 3 s.
    pub failure_refill: Duration,
    /// Proxies whose `X-Forwarded-For` and `X-Forwarded-Proto` are believed; default none.
    pub trusted_proxies: Vec<Cidr>,
    /// Origins of pages that may call us, such as `https://shop.example`; `*` for all. Default none.
    pub cors_origins: Vec<String>,
    /// Whether those pages may send cookies; never with `*`. Default no.
    pub cors_credentials: bool,
    pub sms: SmsSettings,
}

impl Default for HttpSettings {
    fn default() -> Self {
        Self {
            body_max_bytes: 1024 * 1024,
            body_timeout: Duration::from_secs(30),
            head_timeout: Duration::from_secs(10),
            head_max_bytes: 16 * 1024,
            idle_timeout: Duration::from_secs(75),
            stall_timeout: Duration::from_mins(1),
            connections_max: 20_000,
            connections_per_ip_max: 1_000,
            failures_max: 20,
            failure_refill: Duration::from_secs(3),
            trusted_proxies: Vec::new(),
            cors_origins: Vec::new(),
            cors_credentials: false,
            sms: SmsSettings::default(),
        }
    }
}
