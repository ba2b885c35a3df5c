//! The headings of the configuration's example file.

use super::key::Section;

/// The sections, in the order of the example file. The keys before the first section have none.
pub const SECTIONS: &[Section] = &[
    Section { name: "limits", doc: "What one peer may ask of the server." },
    Section { name: "cors", doc: "Which web pages may call the HTTP interface from a browser." },
    Section { name: "proxy", doc: "Reverse proxies in front of the server." },
    Section {
        name: "storage",
        doc: "Where durability is decided. Everything lives below data_dir.",
    },
    Section {
        name: "auth",
        doc: "Who is who. With several keys the token's `kid` and `alg` choose; an algorithm only \
              ever works with a key of its own family.",
    },
    Section { name: "metrics", doc: "Figures for monitoring: GET /metrics." },
    Section { name: "sms", doc: "The bridge: POST /api/sms/... and its rooms." },
    Section {
        name: "socketio",
        doc: "Clients of Socket.IO at /socket.io/, which learn these times when they connect.",
    },
    Section {
        name: "moderation",
        doc: "The sandboxed plugins. A plugin's file name without `.wasm` is its id.",
    },
    Section {
        name: "moderation.*",
        doc: "Moderation per kind of conversation. Beside the keys below, `<category> = \"<action>\"` \
              says what to do about a finding: annotate, mask, strip, hold or reject; the category \"*\" \
              stands for all that are not listed. A table `[moderation.<kind>.<role>]` says it for one \
              role of senders.",
    },
    Section {
        name: "policy.*",
        doc: "What a kind of conversation allows: room, direct, group, support, order.",
    },
];
