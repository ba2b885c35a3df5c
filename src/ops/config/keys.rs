//! The one pure list of the configuration's keys: name, shape, default and what it means. The parser, the
//! example file, the table of the README and `config --show` all follow from it. Reads nothing.

use super::{
    key::{each, key, whole},
    shape::Shape,
};

pub use super::key::{Default, Entry, Key, entries};

const ON_ERROR: Shape = Shape::Word(&["", "deliver-flagged", "hold", "reject"]);
const MIB: i64 = 1024 * 1024;
const GIB: i64 = 1024 * MIB;

/// The keys.
pub const KEYS: &[Key] = &[
    key(
        "listen",
        Shape::Addresses { min: 1 },
        r#"["127.0.0.1:8080"]"#,
        "Addresses to listen on, one text or a list. Port 0 takes a free one. Ignored when systemd hands \
         over sockets (parlour.socket).",
    ),
    key(
        "data_dir",
        Shape::Path,
        r#""""#,
        "Directory of everything that is stored. Empty: $STATE_DIRECTORY, else ./data.",
    ),
    key(
        "shutdown_grace_s",
        whole(0, 600),
        "20",
        "Seconds that requests and clients get to finish after SIGTERM.",
    ),
    key(
        "log",
        Shape::Text,
        r#""info""#,
        "Least level that is logged: error, warn, info, debug or trace; also per part, as \
         `info,parlour::moderation=debug`. Message texts and tokens are never logged. Read again at SIGHUP.",
    ),
    key(
        "log_format",
        Shape::Word(&["auto", "human", "json"]),
        r#""auto""#,
        "auto: lines for people on a terminal and for the systemd journal (with its priorities), JSON \
         otherwise.",
    ),
    key(
        "limits.body_max_bytes",
        whole(1024, 64 * MIB),
        "1048576",
        "Longest body of an HTTP request, in bytes.",
    ),
    key(
        "limits.header_max_bytes",
        whole(8192, MIB),
        "16384",
        "Longest head of an HTTP request, in bytes.",
    ),
    key(
        "limits.header_timeout_s",
        whole(1, 300),
        "10",
        "Seconds within which the head of a request must have arrived.",
    ),
    key(
        "limits.body_timeout_s",
        whole(1, 3600),
        "30",
        "Seconds within which the body of a request must have arrived.",
    ),
    key(
        "limits.idle_timeout_s",
        whole(1, 3600),
        "75",
        "Seconds that an idle HTTP connection is kept open for the next request.",
    ),
    key(
        "limits.connections_max",
        whole(1, 1_000_000),
        "20000",
        "Live clients at once, and beside them as many HTTP connections. Needs as many file descriptors \
         (LimitNOFILE).",
    ),
    key(
        "limits.connections_per_address_max",
        whole(1, 1_000_000),
        "1000",
        "Connections of one address at once. Loopback and trusted proxies are exempt.",
    ),
    key(
        "limits.frame_max_bytes",
        whole(1024, 16 * MIB),
        "65536",
        "Longest WebSocket message from a client, its fragments together, in bytes.",
    ),
    key(
        "limits.outbox_max_bytes",
        whole(65_536, GIB),
        "1048576",
        "Bytes that may wait for one slow client before it is closed; it resumes without a loss.",
    ),
    key(
        "limits.subscriptions_per_connection_max",
        whole(1, 100_000),
        "200",
        "Conversations that one connection may follow at once.",
    ),
    key(
        "limits.missed_events_max",
        whole(100, 100_000_000),
        "1000000",
        "Most missed events that a subscription sends; whoever missed more is told to fetch the history.",
    ),
    key(
        "limits.operations_per_second_max",
        whole(1, 1_000_000),
        "1000",
        "Operations that one WebSocket client may ask for in a second, in the long run.",
    ),
    key(
        "limits.operations_burst_max",
        whole(0, 10_000_000),
        "10000",
        "How many more it may ask for at once after a pause.",
    ),
    key(
        "limits.write_stall_max_s",
        whole(1, 3600),
        "30",
        "Seconds that a client may take nothing of what waits for it, or leave a message unfinished.",
    ),
    key(
        "limits.failures_max",
        whole(1, 100_000),
        "20",
        "Wrong credentials that one address may bring at once; then it is answered 429.",
    ),
    key(
        "limits.failure_refill_s",
        whole(1, 3600),
        "3",
        "Seconds until such an address may try once more.",
    ),
    key(
        "cors.origins",
        Shape::Origins,
        "[]",
        "Allowed origins (scheme, host and port). Empty: none but the server's own. `*` allows all.",
    ),
    key(
        "cors.credentials",
        Shape::Flag,
        "false",
        "Whether those pages may send cookies. Not together with `*`.",
    ),
    key(
        "proxy.trusted",
        Shape::Networks,
        "[]",
        "Addresses whose X-Forwarded-For and X-Forwarded-Proto are believed. Empty: nobody's.",
    ),
    key(
        "storage.durability",
        Shape::Word(&["sync", "interval"]),
        r#""sync""#,
        "sync: an answer leaves after its message is on the disk; nothing acknowledged is ever lost. \
         interval: answers do not wait; a crash or a power cut loses what was acknowledged in the last \
         storage.interval_ms milliseconds, or the last 64 KiB, whichever is less.",
    ),
    key(
        "storage.interval_ms",
        whole(10, 1000),
        "200",
        "With durability = \"interval\": milliseconds between two syncs. This is the loss window: how much \
         of what was acknowledged a crash may take.",
    ),
    key(
        "storage.cache_max_bytes",
        whole(8 * MIB, 64 * GIB),
        "50331648",
        "Memory of the database's page cache, in bytes.",
    ),
    key(
        "storage.free_floor_bytes",
        whole(0, 1024 * GIB),
        "268435456",
        "With less free space than this nothing new is stored (storage_full); reading goes on.",
    ),
    key(
        "storage.ballast_bytes",
        whole(0, 16 * GIB),
        "67108864",
        "Size of a file that is kept to be deleted when the disk is full. 0: none.",
    ),
    key(
        "auth.secret_file",
        Shape::Path,
        r#""""#,
        "File with the secret that signs access tokens (HS256), at least 32 bytes. Empty: the systemd \
         credential `signing.key`, else `signing.key` in data_dir, which the first start makes.",
    ),
    Key {
        path: "auth.secret",
        shape: Shape::Text,
        default: Default::One(r#""""#),
        doc: "The secret itself, at least 32 bytes. Prefer the file: this one is readable to whoever reads \
              the configuration. Empty: the file counts.",
        secret: true,
    },
    key(
        "auth.public_key_file",
        Shape::Path,
        r#""""#,
        "PEM file with the public key (RSA, P-256 or Ed25519) of tokens that another program signs.",
    ),
    key(
        "auth.jwks_file",
        Shape::Path,
        r#""""#,
        "JWKS file (RFC 7517) with such public keys; the token's `kid` chooses.",
    ),
    key(
        "auth.algorithms",
        Shape::Words(&["HS256", "RS256", "ES256", "EdDSA"]),
        "[]",
        "Allowed algorithms. Empty: those of the keys that are configured.",
    ),
    key("auth.issuer", Shape::Text, r#""""#, "What the claim `iss` must say. Empty: anything."),
    key("auth.audience", Shape::Text, r#""""#, "What the claim `aud` must hold. Empty: anything."),
    key("auth.leeway_s", whole(0, 600), "60", "Seconds of clock skew forgiven in `exp` and `nbf`."),
    key(
        "auth.token_ttl_s",
        whole(60, 31_536_000),
        "3600",
        "Seconds that a token from the login lasts.",
    ),
    key(
        "metrics.listen",
        Shape::Addresses { min: 0 },
        "[]",
        "Addresses of listeners that show /metrics, /healthz and /readyz, without a key, and nothing else; \
         such as `127.0.0.1:9108`. Empty: none; /metrics wants a service key with the scope metrics.",
    ),
    key(
        "sms.open_rooms",
        Shape::Flag,
        "false",
        "true: every client may hear every room, also one without a token, which may do nothing else. For \
         trusted networks only.",
    ),
    key(
        "sms.repeat_window_s",
        whole(60, 2_592_000),
        "86400",
        "Seconds within which a repeated `uuid` gets the first answer and sends nothing again.",
    ),
    key(
        "sms.message_max_bytes",
        whole(1024, 65_536),
        "65536",
        "Largest `message` object, in bytes of JSON.",
    ),
    key(
        "socketio.ping_interval_s",
        whole(1, 3600),
        "25",
        "Seconds between the server's pings. Proxies in front must keep a silent connection longer.",
    ),
    key(
        "socketio.ping_timeout_s",
        whole(1, 3600),
        "20",
        "Seconds within which a client must answer a ping; then it counts as gone.",
    ),
    key(
        "socketio.upgrade_timeout_s",
        whole(1, 300),
        "10",
        "Seconds that the change from polling to a WebSocket may take; polling goes on if it fails.",
    ),
    key(
        "socketio.payload_max_bytes",
        whole(1024, 16 * MIB),
        "1000000",
        "Longest body of a polling client and longest WebSocket message of one, in bytes.",
    ),
    key(
        "socketio.connect_timeout_s",
        whole(1, 300),
        "45",
        "Seconds until a client must have joined a namespace.",
    ),
    key(
        "socketio.recovery",
        Shape::Words(&["/", "/v1"]),
        r#"["/", "/v1"]"#,
        "Namespaces whose clients get what they missed after a break, also one of the server (connection \
         state recovery). Their events end with one more argument, the offset. Empty: none.",
    ),
    key(
        "socketio.recovery_window_s",
        whole(1, 365 * 86_400),
        "604800",
        "Seconds after a break within which a client can come back and miss nothing.",
    ),
    key(
        "moderation.dir",
        Shape::Path,
        r#""""#,
        "Directory that is watched for plugins. Empty: `plugins` in data_dir.",
    ),
    key(
        "moderation.engine",
        Shape::Word(&["auto", "jit", "interpreter"]),
        r#""auto""#,
        "auto: machine code where the system allows it, else the interpreter (MemoryDenyWriteExecute=yes in \
         the systemd unit forbids machine code).",
    ),
    key(
        "moderation.on_error",
        ON_ERROR,
        r#""""#,
        "What happens to a message that a plugin could not check: deliver-flagged (delivered, checked again \
         later and masked then), hold or reject. Empty: hold where a plugin guards contacts in orders, \
         deliver-flagged otherwise.",
    ),
    key(
        "moderation.auto_approve",
        Shape::Flag,
        "true",
        "true: a plugin file owned by root or the server's own user, in a directory nobody else may write, \
         is used as soon as it appears.",
    ),
    key(
        "moderation.allow_wasi_traps",
        Shape::Flag,
        "false",
        "true: plugins may import WASI functions; each of them fails when it is called.",
    ),
    key(
        "moderation.poll_ms",
        whole(50, 60_000),
        "250",
        "Milliseconds between two looks at the directory.",
    ),
    key("moderation.files_max", whole(1, 1024), "64", "Most plugin files that are looked at."),
    key(
        "moderation.file_max_bytes",
        whole(65_536, 256 * MIB),
        "16777216",
        "Largest plugin file that is looked at, in bytes.",
    ),
    key(
        "moderation.fuel",
        whole(100_000, 10_000_000_000),
        "100000000",
        "Work that one plugin may do for one message, in units of about one instruction. The same under \
         any load.",
    ),
    key(
        "moderation.deadline_ms",
        whole(10, 10_000),
        "2000",
        "Milliseconds after which a check is ended, should the fuel not have done so.",
    ),
    key(
        "moderation.memory_max_bytes",
        whole(MIB, GIB),
        "16777216",
        "Memory of one plugin's instance, in bytes.",
    ),
    key(
        "moderation.threads",
        whole(1, 8),
        "2",
        "Threads that run the plugins, no more than there are processors; several share a message.",
    ),
    key(
        "moderation.queue_max",
        whole(16, 100_000),
        "4096",
        "Messages that may wait for a check; one more counts as not checkable (on_error).",
    ),
    key(
        "moderation.languages",
        Shape::Texts,
        r#"["ru", "uk", "en", "fr"]"#,
        "Languages that plugins are told to expect (BCP 47).",
    ),
    key(
        "moderation.default_region",
        Shape::Text,
        r#""""#,
        "Region of phone numbers without a country code (ISO 3166-1, two letters). Empty: none.",
    ),
    key(
        "moderation.allowed_hosts",
        Shape::Texts,
        "[]",
        "Hosts whose links are left alone, with their subdomains.",
    ),
    key(
        "moderation.confidence_min",
        whole(0, 100),
        "50",
        "A finding that is less sure than this, in percent, is only annotated.",
    ),
    key(
        "moderation.allow",
        Shape::Texts,
        "[]",
        "Words that may be written although a plugin finds them: telephone numbers by their digits, links by \
         their host with the hosts below it, `@example.com` for all addresses there, everything else as it \
         reads. `parlour plugin allow` adds more.",
    ),
    key(
        "moderation.contacts",
        Shape::Texts,
        r#"["phone", "email", "link", "messenger", "social"]"#,
        "Categories of findings that are contacts: contacts_allowed_from of a kind is about them.",
    ),
    each(
        "moderation.*.states",
        Shape::Texts,
        [r#"["created", "accepted", "paid", "done"]"#; 5],
        "The states that a conversation goes through, first to last. The back end sets them: POST \
         /api/sms/state-update.",
    ),
    each(
        "moderation.*.contacts_allowed_from",
        Shape::Text,
        [r#""""#; 5],
        "The state from which on contacts are delivered as they are, with a flag; before it they are treated \
         as every finding, and the sender is told when that will change. Empty: never.",
    ),
    each(
        "moderation.*.chain",
        Shape::Texts,
        ["[]"; 5],
        "Ids of the plugins that check this kind, all of which must be there. Empty: every plugin that is \
         there.",
    ),
    each(
        "moderation.*.on_error",
        ON_ERROR,
        [r#""""#; 5],
        "As moderation.on_error, for this kind. Empty: moderation.on_error counts.",
    ),
    each(
        "policy.*.text_max_chars",
        whole(1, 65_536),
        ["16384", "8000", "8000", "8000", "2000"],
        "Longest text, in Unicode scalar values after NFC.",
    ),
    each(
        "policy.*.text_max_bytes",
        whole(1, 65_536),
        ["16384", "32000", "32000", "32000", "8000"],
        "Longest text, in bytes of UTF-8.",
    ),
    each(
        "policy.*.edit_window_s",
        whole(-1, 31_536_000),
        ["-1", "-1", "-1", "900", "300"],
        "Seconds in which its author may edit a message. -1: for ever.",
    ),
    each(
        "policy.*.deletion",
        Shape::Word(&["caller", "author", "operators", "nobody"]),
        [r#""caller""#, r#""author""#, r#""author""#, r#""operators""#, r#""nobody""#],
        "Who may delete a message. caller: whoever the back end says.",
    ),
    each(
        "policy.*.rate_writes_max",
        whole(0, 1_000_000),
        ["0", "0", "0", "0", "20"],
        "How often one person may write within rate_window_s. 0: as often as it likes.",
    ),
    each(
        "policy.*.rate_window_s",
        whole(1, 86_400),
        ["60"; 5],
        "Seconds over which writes are counted.",
    ),
];
