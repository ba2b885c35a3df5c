//! What the system says about this process (proc(5)). Missing figures are left out.

use super::{
    families::{CPU, OPEN_FDS, RESIDENT},
    page::{Page, float},
};

/// Adds memory, processor time and open files.
pub fn tell(page: &mut Page) {
    if let Some((user_s, system_s)) = read("stat").as_deref().and_then(cpu_ticks) {
        let second = float(rustix::param::clock_ticks_per_second().max(1));
        page.add(&CPU, &["user"], float(user_s) / second);
        page.add(&CPU, &["system"], float(system_s) / second);
    }
    let pages = read("statm").and_then(|text| text.split(' ').nth(1)?.parse::<u64>().ok());
    if let Some(pages) = pages {
        let size = u64::try_from(rustix::param::page_size()).unwrap_or(4096);
        page.count(&RESIDENT, &[], pages.saturating_mul(size));
    }
    if let Ok(open) = std::fs::read_dir("/proc/self/fd") {
        // The directory itself is open while it is read.
        let open = u64::try_from(open.count()).unwrap_or(u64::MAX);
        page.count(&OPEN_FDS, &[], open.saturating_sub(1));
    }
}

fn read(name: &str) -> Option<String> {
    std::fs::read_to_string(format!("/proc/self/{name}")).ok()
}

/// Ticks in user and in system mode. The second field may hold blanks and parentheses of its own.
fn cpu_ticks(stat: &str) -> Option<(u64, u64)> {
    let (_, after_name) = stat.rsplit_once(')')?;
    let mut fields = after_name.split_ascii_whitespace().skip(11);
    Some((fields.next()?.parse().ok()?, fields.next()?.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_whatever_the_name_is() {
        let stat = "1 (a) b (c) S 2 3 4 0 -1 4194560 7 8 9 10 11 12 13 14 20 0 5 0";
        assert_eq!(cpu_ticks(stat), Some((11, 12)));
        assert_eq!(cpu_ticks("1 (a) S 2"), None);
        assert_eq!(cpu_ticks(""), None);
    }

    #[test]
    fn this_process_has_all_of_them() {
        let mut page = Page::default();
        tell(&mut page);
        let text = page.to_string();
        for name in ["cpu_seconds_total{mode=\"user\"}", "resident_memory_bytes", "open_fds"] {
            assert!(text.contains(&format!("\nparlour_process_{name} ")), "{name}");
        }
    }
}
