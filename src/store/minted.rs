//! Ids for messages whose caller brings none: `UUIDv7` (RFC 9562 section 5.7) whose last five bytes are
//! the message's seq. Such a message is found by its id without an index. A caller may bring an id
//! of the same form; whoever finds one must look whether the message there has it.

use crate::{
    domain::{
        id::{ForeignId, Seq},
        time::Millis,
    },
    store::{Fault, engine::random},
};

/// A seq up to this fits.
const SEQ_MAX: u64 = (1 << 40) - 1;
const GROUPS: [usize; 5] = [8, 4, 4, 4, 12];

/// A new id for the message at `seq`.
pub(super) fn mint(seq: Seq, now: Millis) -> Result<ForeignId, Fault> {
    let random = random()?;
    // 48 bits of time, 4 of version, 12 random; 2 of variant, 22 random, 40 of seq.
    let high = (now.0 << 16) | 0x7000 | (random & 0xfff);
    let low = (1 << 63) | ((random >> 12 & 0x3f_ffff) << 40) | (seq.0 & SEQ_MAX);
    let hex = format!("{high:016x}{low:016x}");
    let mut rest = hex.as_str();
    let groups = GROUPS.map(|len| {
        let (group, after) = rest.split_at_checked(len).unwrap_or((rest, ""));
        rest = after;
        group
    });
    let invalid = || Fault::record("a new id", "it is not valid");
    ForeignId::text(&groups.join("-")).ok_or_else(invalid)
}

/// The seq in an id of this form.
pub(super) fn seq_in(id: &ForeignId) -> Option<Seq> {
    let text = id.as_str();
    let plain = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
    let groups: Vec<&str> = text.split('-').collect();
    let fits = groups.len() == GROUPS.len()
        && groups.iter().zip(GROUPS).all(|(g, len)| g.len() == len && g.bytes().all(plain));
    let (true, [_, _, version, variant, last]) = (fits, groups.as_slice()) else { return None };
    if !version.starts_with('7') || !variant.starts_with(['8', '9', 'a', 'b']) {
        return None;
    }
    u64::from_str_radix(last.get(2..)?, 16).ok().map(Seq).filter(|seq| seq.0 > 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, seq: Option<u64>) {
        let id = ForeignId::text(text).expect("an id");
        assert_eq!(seq_in(&id), seq.map(Seq), "{text}");
    }

    #[test]
    fn a_minted_id_names_its_place() {
        for seq in [1, 77, SEQ_MAX] {
            let now = Millis(1_705_314_600_000);
            let id = mint(Seq(seq), now).expect("made");
            assert_eq!(seq_in(&id), Some(Seq(seq)), "{id:?}");
            assert!(id.as_str().starts_with("018d0cab-c440-7"), "{id:?}");
            assert_ne!(mint(Seq(seq), now), Ok(id));
        }
        assert_ne!(
            mint(Seq(SEQ_MAX + 2), Millis(1)).map(|id| seq_in(&id)),
            Ok(Some(Seq(SEQ_MAX + 2)))
        );
    }

    #[test]
    fn other_ids_name_nothing() {
        check("018d0c9f-3a40-7abc-8000-000000000011", Some(17));
        check("018d0c9f-3a40-4abc-8000-000000000011", None);
        check("018d0c9f-3a40-7abc-c000-000000000011", None);
        check("018d0c9f-3a40-7abc-8000-000000000000", None);
        check("018D0C9F-3A40-7ABC-8000-000000000011", None);
        check("018d0c9f3a407abc8000000000000011", None);
        check("m17", None);
        check("018d0c9f-3a40-7abc-8000-00000000001é", None);
    }
}
