//! One frame: what two readings of the figures say about the time between them, for people and for
//! programs.

use std::{collections::BTreeMap, fmt};

use serde::Serialize;

use super::figures::{Classes, Figures};
use crate::ops::metrics::families::{
    CHECK_TIME, CHECKS, COMMANDS_WAITING, CONNECTIONS, CPU, DEGRADED, DELIVERIES, DELIVERY, FAULTS,
    FREE, GROUP, MESSAGES_IN, MODERATION_WAITING, OPEN_FDS, QUEUE, RECONNECTS, RECOVERIES,
    REFUSALS, REQUESTS, RESIDENT, SENT_BYTES, SENT_FRAMES, SLOW, STORE, SYNC, UPTIME,
};

/// The figures of a frame. Rates are per second and taken over the interval, quantiles and means too.
#[derive(Debug, Serialize)]
pub struct Frame {
    interval_s: f64,
    uptime_s: f64,
    degraded_reasons: f64,
    memory_bytes: f64,
    /// Of one core.
    cpu_percent: f64,
    open_files: f64,
    connections: BTreeMap<String, f64>,
    queue_bytes: f64,
    slow_closed: f64,
    requests_per_s: f64,
    messages_in_per_s: f64,
    /// Events times listeners.
    deliveries_per_s: f64,
    frames_out_per_s: f64,
    bytes_out_per_s: f64,
    delivery: Times,
    commits_per_s: f64,
    changes_per_commit: Option<f64>,
    sync: Times,
    store_bytes: f64,
    free_bytes: f64,
    commands_waiting: f64,
    moderation_waiting: f64,
    moderation: Vec<Plugin>,
    refusals_per_s: BTreeMap<String, f64>,
    reconnects: f64,
    recoveries: BTreeMap<String, f64>,
}

/// How long something took; empty if it did not happen.
#[derive(Debug, Serialize)]
struct Times {
    p50_ms: Option<f64>,
    p99_ms: Option<f64>,
}

#[derive(Debug, Serialize)]
struct Plugin {
    #[serde(rename = "plugin")]
    id: String,
    checks_per_s: f64,
    mean_ms: Option<f64>,
    p99_ms: Option<f64>,
    /// Since the server started.
    faults: f64,
}

impl Frame {
    /// `elapsed_us`: how long after `old` `new` was read.
    pub fn between(old: &Figures, new: &Figures, elapsed_us: u64) -> Self {
        let interval_s = crate::ops::metrics::float(elapsed_us.max(1)) / 1e6;
        let rate = |family| ((new.total(family) - old.total(family)) / interval_s).max(0.0);
        let rates = |family, label| -> BTreeMap<String, f64> {
            let before = old.by(family, label);
            let since = |(name, count): (String, f64)| {
                let grown = count - before.get(&name).copied().unwrap_or_default();
                (name, (grown / interval_s).max(0.0))
            };
            new.by(family, label).into_iter().map(since).collect()
        };
        let classes = |family| new.classes(family, None).since(&old.classes(family, None));
        let group = classes(&GROUP);
        let faults = new.by(&FAULTS, "plugin");
        let plugin = |(plugin, checks_per_s): (String, f64)| {
            let of = |figures: &Figures| figures.classes(&CHECK_TIME, Some(("plugin", &plugin)));
            let time = of(new).since(&of(old));
            Plugin {
                checks_per_s,
                mean_ms: time.mean().map(ms),
                p99_ms: time.quantile(0.99).map(ms),
                faults: faults.get(&plugin).copied().unwrap_or_default(),
                id: plugin,
            }
        };
        Self {
            interval_s,
            uptime_s: new.total(&UPTIME),
            degraded_reasons: new.total(&DEGRADED),
            memory_bytes: new.total(&RESIDENT),
            cpu_percent: rate(&CPU) * 100.0,
            open_files: new.total(&OPEN_FDS),
            connections: new.by(&CONNECTIONS, "protocol"),
            queue_bytes: new.total(&QUEUE),
            slow_closed: new.total(&SLOW),
            requests_per_s: rate(&REQUESTS),
            messages_in_per_s: rate(&MESSAGES_IN),
            deliveries_per_s: rate(&DELIVERIES),
            frames_out_per_s: rate(&SENT_FRAMES),
            bytes_out_per_s: rate(&SENT_BYTES),
            delivery: Times::of(&classes(&DELIVERY)),
            commits_per_s: group.count() / interval_s,
            changes_per_commit: group.mean(),
            sync: Times::of(&classes(&SYNC)),
            store_bytes: new.total(&STORE),
            free_bytes: new.total(&FREE),
            commands_waiting: new.total(&COMMANDS_WAITING),
            moderation_waiting: new.total(&MODERATION_WAITING),
            moderation: rates(&CHECKS, "plugin").into_iter().map(plugin).collect(),
            refusals_per_s: rates(&REFUSALS, "code"),
            reconnects: new.total(&RECONNECTS),
            recoveries: new.by(&RECOVERIES, "result"),
        }
    }
}

impl Times {
    fn of(classes: &Classes) -> Self {
        Self { p50_ms: classes.quantile(0.5).map(ms), p99_ms: classes.quantile(0.99).map(ms) }
    }
}

fn ms(seconds: f64) -> f64 {
    seconds * 1000.0
}

// === how it reads ===

impl fmt::Display for Frame {
    /// A table for people; ends with a line feed.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let health = match self.degraded_reasons {
            none if none < 0.5 => "well".to_owned(),
            some => format!("degraded ({some:.0}, see /readyz)"),
        };
        writeln!(
            f,
            "parlour   up {}   {health}   memory {}   cpu {:.0} %   files {:.0}",
            span(self.uptime_s),
            bytes(self.memory_bytes),
            self.cpu_percent,
            self.open_files
        )?;
        writeln!(f)?;
        let open = self.connections.iter().filter(|(_, count)| **count > 0.0);
        let open: Vec<String> = open.map(|(name, count)| format!("{name} {count:.0}")).collect();
        let open = if open.is_empty() { "none".to_owned() } else { open.join("   ") };
        writeln!(f, "connections   {open}")?;
        writeln!(
            f,
            "              waiting for clients {}   closed as slow {:.0}   came back {:.0}{}",
            bytes(self.queue_bytes),
            self.slow_closed,
            self.reconnects,
            listed(&self.recoveries, |count| format!("{count:.0}")),
        )?;
        writeln!(
            f,
            "in            {} messages/s   {} requests/s",
            rate(self.messages_in_per_s),
            rate(self.requests_per_s)
        )?;
        writeln!(
            f,
            "out           {} deliveries/s   {} frames/s   {}/s",
            rate(self.deliveries_per_s),
            rate(self.frames_out_per_s),
            bytes(self.bytes_out_per_s)
        )?;
        writeln!(f, "delivery      {}", self.delivery)?;
        writeln!(
            f,
            "disk          {} commits/s   {} changes each   sync {}   store {}   free {}",
            rate(self.commits_per_s),
            self.changes_per_commit.map_or_else(|| "-".to_owned(), |mean| format!("{mean:.1}")),
            self.sync,
            bytes(self.store_bytes),
            bytes(self.free_bytes)
        )?;
        writeln!(
            f,
            "waiting       {:.0} for the disk   {:.0} for moderation",
            self.commands_waiting, self.moderation_waiting
        )?;
        let refused: BTreeMap<_, _> =
            self.refusals_per_s.iter().filter(|(_, rate)| **rate > 0.0).collect();
        writeln!(
            f,
            "refused{}",
            Or("       none", &listed(&refused, |per_s| rate(**per_s) + "/s"))
        )?;
        self.plugins(f)
    }
}

impl Frame {
    fn plugins(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.moderation.is_empty() {
            return Ok(());
        }
        let names = self.moderation.iter().map(|plugin| plugin.id.chars().count());
        let width = names.max().unwrap_or_default().max("plugin".len());
        writeln!(f)?;
        writeln!(f, "{:<width$}  checks/s   mean ms    p99 ms    faults", "plugin")?;
        for Plugin { id, checks_per_s, mean_ms, p99_ms, faults } in &self.moderation {
            let (checks, mean, p99) = (rate(*checks_per_s), number(*mean_ms), number(*p99_ms));
            writeln!(f, "{id:<width$}  {checks:>8}  {mean:>8}  {p99:>8}  {faults:>8.0}")?;
        }
        Ok(())
    }
}

impl fmt::Display for Times {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "p50 {} ms, p99 {} ms", number(self.p50_ms), number(self.p99_ms))
    }
}

/// The second, or the first where that is empty.
struct Or<'a>(&'a str, &'a str);

impl fmt::Display for Or<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.1.is_empty() { self.0 } else { self.1 })
    }
}

fn listed<K: fmt::Display, V>(figures: &BTreeMap<K, V>, shown: impl Fn(&V) -> String) -> String {
    let words = figures.iter().map(|(name, value)| format!("   {name} {}", shown(value)));
    words.collect::<Vec<_>>().concat()
}

fn number(value: Option<f64>) -> String {
    value.map_or_else(|| "-".to_owned(), |value| format!("{value:.2}"))
}

fn rate(per_s: f64) -> String {
    if per_s < 100.0 { format!("{per_s:.1}") } else { format!("{per_s:.0}") }
}

fn bytes(count: f64) -> String {
    let mut count = count;
    for unit in ["B", "KiB", "MiB", "GiB"] {
        if count < 1024.0 {
            let digits = usize::from(unit != "B" && count < 100.0);
            return format!("{count:.digits$} {unit}");
        }
        count /= 1024.0;
    }
    format!("{count:.1} TiB")
}

fn span(seconds: f64) -> String {
    let (minutes, hours, days) = (seconds / 60.0, seconds / 3600.0, seconds / 86_400.0);
    match seconds {
        s if s < 60.0 => format!("{s:.0} s"),
        s if s < 3600.0 => format!("{:.0} min", minutes.floor()),
        s if s < 86_400.0 => format!("{:.0} h {:.0} min", hours.floor(), (minutes % 60.0).floor()),
        _ => format!("{:.0} d {:.0} h", days.floor(), (hours % 24.0).floor()),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn figures(posts: f64, syncs: [f64; 3], checks: f64) -> Figures {
        let histogram = |counts: [f64; 3], sum: f64| json!({ "bounds": [0.001, 0.01], "counts": counts, "sum": sum });
        let mut check = histogram([checks, 0.0, 0.0], checks * 0.0005);
        check["plugin"] = json!("phone");
        Figures(json!({
            "parlour_uptime_seconds": [{ "value": 93_784.0 }],
            "parlour_process_resident_memory_bytes": [{ "value": 20.0 * 1024.0 * 1024.0 }],
            "parlour_connections": [{ "protocol": "http", "value": 1 }, { "protocol": "x", "value": 0 }],
            "parlour_messages_in_total": [{ "way": "http", "kind": "post", "value": posts }],
            "parlour_sync_latency_seconds": [histogram(syncs, 0.0)],
            "parlour_commit_group_batches": [histogram([posts, 0.0, 0.0], posts * 2.0)],
            "parlour_moderation_checks_total": [{ "plugin": "phone", "outcome": "clean", "value": checks }],
            "parlour_moderation_check_seconds": [check],
            "parlour_refusals_total": [{ "way": "http", "code": "busy", "value": posts }, { "way": "http", "code": "old", "value": 1 }],
        }))
    }

    #[test]
    fn a_frame_tells_what_happened_in_between() {
        let (old, new) =
            (figures(10.0, [1.0, 1.0, 1.0], 100.0), figures(30.0, [1.0, 9.0, 1.0], 300.0));
        let mut new_json = new.0.clone();
        new_json["parlour_refusals_total"][1]["value"] = json!(1);
        let frame = Frame::between(&old, &Figures(new_json), 2_000_000);
        let json = serde_json::to_value(&frame).unwrap();
        for (name, expected) in [
            ("interval_s", json!(2.0)),
            ("messages_in_per_s", json!(10.0)),
            ("commits_per_s", json!(10.0)),
            ("changes_per_commit", json!(2.0)),
            ("connections", json!({ "http": 1.0, "x": 0.0 })),
            ("refusals_per_s", json!({ "busy": 10.0, "old": 0.0 })),
        ] {
            assert_eq!(json[name], expected, "{name}");
        }
        let p50_ms = json["sync"]["p50_ms"].as_f64().unwrap_or_default();
        assert!((p50_ms - 5.5).abs() < 1e-6, "{p50_ms}");
        assert_eq!(json["delivery"]["p99_ms"], json!(null));
        assert_eq!(json["moderation"][0]["checks_per_s"], json!(100.0));
        let text = frame.to_string();
        for part in [
            "up 1 d 2 h   well   memory 20.0 MiB",
            "connections   http 1\n",
            "in            10.0 messages/s",
            "delivery      p50 - ms, p99 - ms",
            "2.0 changes each   sync p50 5.50 ms",
            "refused   busy 10.0/s\n",
            "\nphone        100      0.50",
        ] {
            assert!(text.contains(part), "no {part:?} in\n{text}");
        }
        assert!(!text.contains("old") && text.ends_with('\n'), "{text}");
    }

    #[test]
    fn sizes_and_times_read_well() {
        let sizes = [0.0, 1023.0, 1024.0, 150.0 * 1024.0, 5e9, 5e15].map(bytes);
        assert_eq!(sizes, ["0 B", "1023 B", "1.0 KiB", "150 KiB", "4.7 GiB", "4547.5 TiB"]);
        assert_eq!(
            [59.0, 60.0, 3700.0, 90_000.0].map(span),
            ["59 s", "1 min", "1 h 1 min", "1 d 1 h"]
        );
    }
}
