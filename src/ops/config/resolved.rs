//! The configuration as the program uses it: every folder's settings, with every default and directory
//! settled. Knows which key feeds which field; opens no file.

use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
    time::Duration,
};

use super::{
    environment::Environment,
    host,
    read::Values,
    shape::{Value, address, network},
};
use crate::{
    chat::ChatSettings,
    dialect::sms::SmsSettings,
    domain::{
        id::Kind,
        nearest::suggestion,
        policy::{Deletion, Policy, Rate},
        redact::{StripWords, Table},
    },
    gateway::{Exempt, GatewaySettings},
    http::{Cidr, HttpSettings},
    moderation::{EngineChoice, Limits, ModerationSettings},
    ops::log::check_filter,
    store::{Durability, StoreSettings},
    wire::engineio::Settings as EngineSettings,
};

/// The whole configuration.
#[derive(Clone, Debug)]
pub struct Resolved {
    /// Never empty. Not used when systemd hands over sockets.
    pub listen: Vec<SocketAddr>,
    /// Where monitoring is answered without a key; may be empty.
    pub metrics_listen: Vec<SocketAddr>,
    /// Where everything is stored.
    pub data_dir: PathBuf,
    /// How long requests and clients may take to finish at the end.
    pub shutdown_grace: Duration,
    /// What is logged, as [`super::super::log`] reads it.
    pub log_filter: String,
    pub log_format: LogFormat,
    pub store: StoreSettings,
    /// Files with keys are read by [`Resolved::auth_settings`].
    pub auth: AuthSources,
    pub http: HttpSettings,
    pub gateway: GatewaySettings,
    pub moderation: ModerationSettings,
    pub chat: ChatSettings,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogFormat {
    Auto,
    Human,
    Json,
}

/// Where keys are and what tokens must say.
#[derive(Clone, PartialEq, Eq)]
pub struct AuthSources {
    /// The secret in the configuration itself; it wins over the file.
    pub secret: Option<String>,
    /// Where the secret is otherwise.
    pub secret_file: PathBuf,
    /// Whether `secret_file` is our own default, which the first start may make.
    pub secret_is_ours: bool,
    pub public_key_file: Option<PathBuf>,
    pub jwks_file: Option<PathBuf>,
    /// Empty: all that the keys allow.
    pub algorithms: Vec<String>,
    pub issuer: Option<String>,
    pub audience: Option<String>,
    pub leeway_s: u64,
    pub token_ttl_s: u64,
}

/// The file that holds the signing secret, in the data directory and as a systemd credential.
const SECRET_NAME: &str = "signing.key";
/// RFC 7518 section 3.2: a key of at least the size of the hash.
pub const SECRET_MIN_BYTES: usize = 32;
/// States of one kind of conversation, and how long their names may be.
const STATES_MAX: usize = 32;
const STATE_MAX_BYTES: usize = 64;

/// Settles the configuration. `data_flag` is `--data`.
///
/// # Errors
/// A sentence about values that do not go together.
pub fn resolve(
    values: &Values,
    environment: &Environment,
    data_flag: Option<&Path>,
) -> Result<Resolved, String> {
    let data_dir = data_flag
        .map(Path::to_owned)
        .or_else(|| values.path("data_dir"))
        .or_else(|| environment.state_directory.clone())
        .unwrap_or_else(|| PathBuf::from("data"));
    check_filter(values.text("log")).map_err(|said| format!("`log` {said}"))?;
    let (listen, metrics_listen) =
        (addresses(values, "listen")?, addresses(values, "metrics.listen")?);
    if let Some(both) = metrics_listen.iter().find(|one| one.port() > 0 && listen.contains(one)) {
        return Err(format!("`listen` and `metrics.listen` both name {both}"));
    }
    let http = http(values)?;
    Ok(Resolved {
        listen,
        metrics_listen,
        shutdown_grace: values.seconds("shutdown_grace_s"),
        log_filter: values.text("log").to_owned(),
        log_format: match values.text("log_format") {
            "human" => LogFormat::Human,
            "json" => LogFormat::Json,
            _ => LogFormat::Auto,
        },
        store: store(values),
        auth: auth(values, environment, &data_dir)?,
        gateway: gateway(values, &http.trusted_proxies),
        http,
        moderation: moderation(values, &data_dir),
        chat: chat(values)?,
        data_dir,
    })
}

fn addresses(values: &Values, key: &str) -> Result<Vec<SocketAddr>, String> {
    values.texts(key).iter().map(|text| address(text)).collect()
}

fn store(values: &Values) -> StoreSettings {
    StoreSettings {
        durability: match values.text("storage.durability") {
            "interval" => Durability::Interval { interval_ms: values.whole("storage.interval_ms") },
            _ => Durability::Sync,
        },
        cache_max_bytes: values.whole("storage.cache_max_bytes"),
        free_floor_bytes: values.whole("storage.free_floor_bytes"),
        ballast_bytes: values.whole("storage.ballast_bytes"),
    }
}

fn auth(
    values: &Values,
    environment: &Environment,
    data_dir: &Path,
) -> Result<AuthSources, String> {
    let secret = values.optional("auth.secret");
    let file = values.path("auth.secret_file");
    if secret.is_some() && file.is_some() {
        return Err("`auth.secret` and `auth.secret_file` are both set; keep one".to_owned());
    }
    if secret.as_ref().is_some_and(|secret| secret.len() < SECRET_MIN_BYTES) {
        return Err(format!("`auth.secret` is shorter than {SECRET_MIN_BYTES} bytes"));
    }
    let credential = environment
        .credentials_directory
        .as_ref()
        .map(|directory| directory.join(SECRET_NAME))
        .filter(|path| path.exists());
    let given = file.or(credential);
    Ok(AuthSources {
        secret_is_ours: secret.is_none() && given.is_none(),
        secret,
        secret_file: given.unwrap_or_else(|| data_dir.join(SECRET_NAME)),
        public_key_file: values.path("auth.public_key_file"),
        jwks_file: values.path("auth.jwks_file"),
        algorithms: values.texts("auth.algorithms").to_vec(),
        issuer: values.optional("auth.issuer"),
        audience: values.optional("auth.audience"),
        leeway_s: values.whole("auth.leeway_s"),
        token_ttl_s: values.whole("auth.token_ttl_s"),
    })
}

fn http(values: &Values) -> Result<HttpSettings, String> {
    let origins = values.texts("cors.origins");
    let anybody = origins.iter().any(|origin| origin == "*");
    if anybody && origins.len() > 1 {
        return Err("`cors.origins` has `*` beside other origins; `*` stands alone".to_owned());
    }
    if anybody && values.flag("cors.credentials") {
        return Err(
            "`cors.credentials` does not go with the origin `*`; name the origins".to_owned()
        );
    }
    let trusted = values.texts("proxy.trusted").iter().map(|text| network(text));
    Ok(HttpSettings {
        body_max_bytes: values.size("limits.body_max_bytes"),
        body_timeout: values.seconds("limits.body_timeout_s"),
        head_timeout: values.seconds("limits.header_timeout_s"),
        head_max_bytes: values.size("limits.header_max_bytes"),
        idle_timeout: values.seconds("limits.idle_timeout_s"),
        connections_max: values.size("limits.connections_max"),
        connections_per_ip_max: values.size("limits.connections_per_address_max"),
        failures_max: small(values.whole("limits.failures_max")),
        failure_refill: values.seconds("limits.failure_refill_s"),
        trusted_proxies: trusted.collect::<Result<_, _>>()?,
        cors_origins: origins.to_vec(),
        cors_credentials: values.flag("cors.credentials"),
        stall_timeout: values.seconds("limits.write_stall_max_s"),
        sms: SmsSettings {
            repeat_window_ms: values.whole("sms.repeat_window_s").saturating_mul(1000),
            message_max_bytes: values.size("sms.message_max_bytes"),
        },
    })
}

/// Trusted proxies speak for many.
fn exempt(trusted: &[Cidr]) -> Exempt {
    let trusted = trusted.to_vec();
    Exempt::new(move |address| trusted.iter().any(|network| network.contains(address)))
}

fn gateway(values: &Values, trusted_proxies: &[Cidr]) -> GatewaySettings {
    let connections_max = values.size("limits.connections_max");
    GatewaySettings {
        frame_max_bytes: small(values.whole("limits.frame_max_bytes")),
        outbox_max_bytes: values.size("limits.outbox_max_bytes"),
        connections_max,
        connections_per_address_max: values.size("limits.connections_per_address_max"),
        exempt: exempt(trusted_proxies),
        subscriptions_per_connection_max: values.size("limits.subscriptions_per_connection_max"),
        origins: values.texts("cors.origins").to_vec(),
        missed_events_max: values.whole("limits.missed_events_max"),
        operations_per_second_max: small(values.whole("limits.operations_per_second_max")),
        operations_burst_max: small(values.whole("limits.operations_burst_max")),
        stall_max_ms: values.milliseconds("limits.write_stall_max_s"),
        body_max_ms: values.milliseconds("limits.body_timeout_s"),
        engine: EngineSettings {
            ping_interval_ms: values.milliseconds("socketio.ping_interval_s"),
            ping_timeout_ms: values.milliseconds("socketio.ping_timeout_s"),
            payload_max_bytes: values.size("socketio.payload_max_bytes"),
            upgrade_timeout_ms: values.milliseconds("socketio.upgrade_timeout_s"),
            ..EngineSettings::default()
        }
        .into(),
        connect_timeout_ms: values.milliseconds("socketio.connect_timeout_s"),
        recovery: values.texts("socketio.recovery").to_vec(),
        recovery_window_ms: values.milliseconds("socketio.recovery_window_s"),
        ..GatewaySettings::default()
    }
}

fn small(number: u64) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

fn moderation(values: &Values, data_dir: &Path) -> ModerationSettings {
    let of_kind = |kind: Kind, name: &str| format!("moderation.{}.{name}", kind.word());
    let general = host::rule(values.text("moderation.on_error"));
    let on_error = Kind::ALL.into_iter().filter_map(|kind| {
        let own = host::rule(values.text(&of_kind(kind, "on_error")));
        own.or(general).map(|rule| (kind, rule))
    });
    let chains = Kind::ALL
        .into_iter()
        .map(|kind| (kind, values.texts(&of_kind(kind, "chain")).to_vec()))
        .filter(|(_, chain)| !chain.is_empty());
    let dir = values.path("moderation.dir").unwrap_or_else(|| data_dir.join("plugins"));
    let engine = EngineChoice::from_word(values.text("moderation.engine"));
    ModerationSettings {
        engine: engine.unwrap_or_default(),
        threads: values.size("moderation.threads"),
        queue_max: values.size("moderation.queue_max"),
        poll_ms: values.whole("moderation.poll_ms"),
        auto_approve: values.flag("moderation.auto_approve"),
        allow_wasi_traps: values.flag("moderation.allow_wasi_traps"),
        limits: Limits {
            file_max_bytes: values.size("moderation.file_max_bytes"),
            files_max: values.size("moderation.files_max"),
            check_fuel: values.whole("moderation.fuel"),
            check_deadline_ms: values.whole("moderation.deadline_ms"),
            memory_max_bytes: values.size("moderation.memory_max_bytes"),
            ..Limits::default()
        },
        chains: chains.collect(),
        on_error: on_error.collect(),
        plugins: values.plugins.clone(),
        allow: values.texts("moderation.allow").to_vec(),
        ..ModerationSettings::new(dir, data_dir)
    }
}

fn chat(values: &Values) -> Result<ChatSettings, String> {
    let mut table = Table::default();
    table.set_contacts(values.texts("moderation.contacts").to_vec());
    for kind in Kind::ALL {
        states(values, kind, &mut table)?;
    }
    for rule in &values.actions {
        table.set(rule.kind, &rule.category, rule.role.as_deref(), rule.action);
    }
    let confidence = u8::try_from(values.whole("moderation.confidence_min")).unwrap_or(100);
    table.set_confidence_min(confidence);
    let mut strip_words = StripWords::default();
    for (language, words) in &values.strip_words {
        strip_words.set(language, words);
    }
    Ok(ChatSettings {
        policies: Kind::ALL.map(|kind| policy(values, kind)),
        moderation: table,
        strip_words,
        languages: values.texts("moderation.languages").to_vec(),
        default_region: values.text("moderation.default_region").to_owned(),
        allowed_hosts: values.texts("moderation.allowed_hosts").to_vec(),
        open_rooms: values.flag("sms.open_rooms"),
        recovery_window_ms: values.milliseconds("socketio.recovery_window_s"),
    })
}

fn states(values: &Values, kind: Kind, table: &mut Table) -> Result<(), String> {
    let key = |name: &str| format!("moderation.{}.{name}", kind.word());
    let states = values.texts(&key("states"));
    let fits = |state: &String| (1..=STATE_MAX_BYTES).contains(&state.len());
    if states.len() > STATES_MAX || !states.iter().all(fits) {
        let name = key("states");
        return Err(format!(
            "`{name}` has at most {STATES_MAX} words of 1 to {STATE_MAX_BYTES} bytes"
        ));
    }
    if let Some(twice) = states.iter().find(|one| states.iter().filter(|s| s == one).count() > 1) {
        return Err(format!("`{}` names `{}` twice", key("states"), twice.escape_debug()));
    }
    let from = values.optional(&key("contacts_allowed_from"));
    if table.set_states(kind, states.to_vec(), from.as_deref()) {
        return Ok(());
    }
    let from = from.unwrap_or_default();
    let known: Vec<String> = states.iter().map(|state| format!("`{state}`")).collect();
    Err(format!(
        "`{}` names the unknown state `{}`; `{}` has {}{}",
        key("contacts_allowed_from"),
        from.escape_debug(),
        key("states"),
        known.join(", "),
        suggestion(&from, states.iter().map(String::as_str)),
    ))
}

fn policy(values: &Values, kind: Kind) -> Policy {
    let of_kind = |name: &str| format!("policy.{}.{name}", kind.word());
    let window = values.number(&of_kind("edit_window_s"));
    let writes_max = values.size(&of_kind("rate_writes_max"));
    let window_ms = values.whole(&of_kind("rate_window_s")).saturating_mul(1000);
    Policy {
        text_max_chars: values.size(&of_kind("text_max_chars")),
        text_max_bytes: values.size(&of_kind("text_max_bytes")),
        edit_window_ms: u64::try_from(window).ok().map(|seconds| seconds.saturating_mul(1000)),
        deletion: match values.text(&of_kind("deletion")) {
            "caller" => Deletion::Caller,
            "author" => Deletion::Author,
            "operators" => Deletion::Operators,
            _ => Deletion::Nobody,
        },
        rate: (writes_max > 0).then_some(Rate { writes_max, window_ms }),
    }
}

// === impl AuthSources ===

impl std::fmt::Debug for AuthSources {
    /// Everything but the secret.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("AuthSources")
            .field("secret", &self.secret.as_ref().map(|_| "hidden"))
            .field("secret_file", &self.secret_file)
            .field("algorithms", &self.algorithms)
            .finish_non_exhaustive()
    }
}

// === impl Values ===

/// Every key of the list has a value of its shape here, so the fallbacks below are never taken; the
/// tests resolve every key.
impl Values {
    fn value(&self, path: &str) -> Option<&Value> {
        let setting = self.settings.get(path);
        debug_assert!(setting.is_some(), "{path} is not in the list of keys");
        setting.map(|setting| &setting.value)
    }

    fn text(&self, path: &str) -> &str {
        if let Some(Value::Text(text)) = self.value(path) { text } else { "" }
    }

    fn texts(&self, path: &str) -> &[String] {
        if let Some(Value::Texts(texts)) = self.value(path) { texts } else { &[] }
    }

    fn flag(&self, path: &str) -> bool {
        matches!(self.value(path), Some(Value::Flag(true)))
    }

    fn number(&self, path: &str) -> i64 {
        if let Some(Value::Whole(number)) = self.value(path) { *number } else { 0 }
    }

    fn whole(&self, path: &str) -> u64 {
        u64::try_from(self.number(path)).unwrap_or(0)
    }

    fn size(&self, path: &str) -> usize {
        usize::try_from(self.number(path)).unwrap_or(0)
    }

    /// A key in seconds.
    fn milliseconds(&self, path: &str) -> u64 {
        self.whole(path).saturating_mul(1000)
    }

    fn seconds(&self, path: &str) -> Duration {
        Duration::from_secs(self.whole(path))
    }

    fn optional(&self, path: &str) -> Option<String> {
        Some(self.text(path)).filter(|text| !text.is_empty()).map(str::to_owned)
    }

    fn path(&self, path: &str) -> Option<PathBuf> {
        self.optional(path).map(PathBuf::from)
    }
}
