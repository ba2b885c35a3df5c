//! The one list of the figures that `/metrics` tells: name, kind, labels and what it means. The text,
//! the table of the README and `parlour top` follow from it. Measures nothing.

/// One family of figures.
#[derive(Debug)]
pub struct Family {
    pub name: &'static str,
    pub kind: Kind,
    pub labels: &'static [&'static str],
    /// What it means, with its unit; one sentence.
    pub help: &'static str,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Counter,
    Gauge,
    Histogram,
}

impl Kind {
    /// As the text format spells it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Counter => "counter",
            Self::Gauge => "gauge",
            Self::Histogram => "histogram",
        }
    }
}

macro_rules! families {
    ($($id:ident $kind:ident $name:literal [$($label:literal),*] $help:literal;)*) => {
        $(pub const $id: Family = Family {
            name: concat!("parlour_", $name), kind: Kind::$kind, labels: &[$($label),*], help: $help,
        };)*
        /// All of them, in the order in which they are told.
        pub const FAMILIES: &[Family] = &[$($id),*];
    };
}

families! {
    BUILD_INFO Gauge "build_info" ["version", "engine"]
        "1, with the version and how plugin code runs.";
    START_TIME Gauge "process_start_time_seconds" []
        "When the process started, in seconds since 1970.";
    UPTIME Gauge "uptime_seconds" []
        "How long the server has been running.";
    CPU Counter "process_cpu_seconds_total" ["mode"]
        "Processor time that the process used, by user and system.";
    RESIDENT Gauge "process_resident_memory_bytes" []
        "Memory of the process.";
    OPEN_FDS Gauge "process_open_fds" []
        "Open file descriptors.";
    DEGRADED Gauge "degraded_reasons" []
        "How many reasons /readyz gives for not being well.";
    CONNECTIONS Gauge "connections" ["protocol"]
        "Open connections.";
    OPENED Counter "connections_opened_total" ["protocol"]
        "Connections that were opened.";
    CLOSED Counter "connections_closed_total" ["protocol"]
        "Connections that were closed, or taken over by another protocol.";
    SLOW Counter "slow_consumers_closed_total" []
        "Connections that were closed because their client read too slowly.";
    RECONNECTS Counter "reconnects_total" ["way"]
        "Clients that came back and said where they had left off.";
    RECOVERIES Counter "recoveries_total" ["way", "result"]
        "What became of those clients: recovered, fresh (they begin anew) or refused.";
    MESSAGES_IN Counter "messages_in_total" ["way", "kind"]
        "Changes that were stored and published: post, edit, delete, status.";
    DELIVERIES Counter "deliveries_total" []
        "Events times listeners: frames that went into the queues of clients.";
    DELIVERY Histogram "delivery_latency_seconds" []
        "From the admission of a change, through moderation and disk, to its publication.";
    SENT_FRAMES Counter "sent_frames_total" []
        "Frames of any kind that were written to live connections.";
    SENT_BYTES Counter "sent_bytes_total" []
        "Bytes that were written to live connections.";
    QUEUE Gauge "queue_bytes" []
        "Bytes that wait in the queues of all live connections.";
    COMMANDS_WAITING Gauge "commands_waiting" []
        "Changes that wait for moderation or the disk.";
    CONVERSATIONS Gauge "conversations_in_memory" []
        "Conversations that are held in memory.";
    COMMITS Counter "commits_total" []
        "Groups of changes that were put on disk with one sync.";
    COMMITTED_BYTES Counter "committed_bytes_total" []
        "Bytes of those changes.";
    GROUP Histogram "commit_group_batches" []
        "How many changes shared one sync.";
    SYNC Histogram "sync_latency_seconds" []
        "How long one sync of the disk took.";
    STORE Gauge "store_bytes" []
        "What the database and the attachments take up on the disk.";
    FREE Gauge "store_free_bytes" []
        "Free bytes of that disk.";
    CHECKS Counter "moderation_checks_total" ["plugin", "outcome"]
        "Checks of a text: clean, flagged, failed, or skipped while the plugin rests.";
    CHECK_TIME Histogram "moderation_check_seconds" ["plugin"]
        "How long one check took.";
    FAULTS Counter "moderation_faults_total" ["plugin", "kind"]
        "What plugins did wrong.";
    FINDINGS Counter "moderation_findings_total" ["plugin", "rule", "outcome"]
        "Findings by what became of them: an action, dry-run or allowed; beyond 64 rules of a plugin: other.";
    MODERATION_WAITING Gauge "moderation_waiting" []
        "Texts that wait for a check.";
    PROBLEMS Gauge "moderation_problems" []
        "Plugins that are missing, refused or resting, and other troubles of moderation.";
    REFUSALS Counter "refusals_total" ["way", "code"]
        "Answers that something was not done, by their stable code.";
    REQUESTS Counter "http_requests_total" ["route", "status"]
        "Requests by route and class of status; `other` is what leads nowhere.";
    REQUEST_TIME Histogram "http_request_duration_seconds" ["route"]
        "From the head of a request to the head of its answer.";
}
