//! What moderation has to do with a conversation's state and with who writes.

use std::{fs, path::Path};

use super::{Bed, at, once, scratch};
use crate::{
    auth::Permit,
    chat::Error,
    domain::{
        command::{Command, Done, Post},
        id::UserId,
        message::Content,
        refusal::Refusal,
        time::Millis,
    },
    runtime::Clock,
};

const DAY_MS: u64 = 86_400_000;

/// A chat with one of the fixtures as its plugin.
fn bed(clock: &Clock, plugin: &str) -> Bed {
    let dir = scratch();
    fs::create_dir(dir.join("plugins")).expect("a directory");
    let built = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/plugins/built");
    let (from, to) = (built.join("good").join(plugin), dir.join("plugins").join(plugin));
    fs::copy(from.with_extension("wasm"), to.with_extension("wasm")).expect("copied");
    Bed::open(dir, clock.clone(), false)
}

fn user(name: &str) -> UserId {
    UserId::new(name).expect("a name")
}

async fn say(bed: &Bed, sender: Option<&str>, id: &str, text: &str) -> Result<Done, Error> {
    say_in(bed, "order:7", (sender, id, text)).await
}

async fn say_in(
    bed: &Bed,
    conversation: &str,
    (sender, id, text): (Option<&str>, &str, &str),
) -> Result<Done, Error> {
    let post = Post {
        conversation: at(conversation),
        sender: sender.map(user),
        id: None,
        content: Content::plain(text),
        reply_to: None,
        once: once(id),
    };
    bed.chat.execute(Permit::Service(&bed.service), Command::Post(post)).await
}

#[tokio::test]
async fn a_conversation_has_a_state_that_outlives_the_process() {
    let bed = Bed::new();
    let order = at("order:7");
    assert_eq!(bed.chat.state_of(&order).expect("read"), None);
    let refused = bed.chat.set_state(&bed.service, &order, "acepted").await.map_err(|error| {
        assert!(matches!(&error, Error::Refused(Refusal::Field { field, .. }) if field == "state"));
    });
    assert_eq!(refused, Err(()));
    bed.chat.set_state(&bed.service, &order, "created").await.expect("set");
    assert!(say(&bed, Some("ann"), "1", "hello").await.is_ok());
    bed.chat.set_state(&bed.service, &order, "paid").await.expect("set");
    assert_eq!(bed.chat.state_of(&order).expect("read").as_deref(), Some("paid"));
    let bed = bed.again(Clock::system());
    assert_eq!(bed.chat.state_of(&order).expect("read").as_deref(), Some("paid"));
    assert_eq!(bed.texts("order:7").await, [(1, "hello".to_owned())]);
    assert_eq!(bed.store.check().expect("readable").problems, []);
}

#[tokio::test]
async fn a_writer_has_an_age_and_violations() {
    let (clock, hand) = Clock::manual(1000 * DAY_MS);
    let bed = bed(&clock, "flag-all");
    let standing = |name: &str| bed.store.standing(&user(name)).expect("read");
    assert_eq!(standing("ann"), None);
    assert!(say(&bed, Some("ann"), "1", "hello").await.is_ok());
    assert!(say(&bed, None, "2", "FLAGME, says the shop").await.is_ok());
    hand.fetch_add(3 * DAY_MS, std::sync::atomic::Ordering::Relaxed);
    for (id, text) in [("3", "a FLAGME"), ("4", "b FLAGME"), ("5", "c")] {
        assert!(say(&bed, Some("ann"), id, text).await.is_ok());
    }
    let ann = standing("ann").expect("known");
    let at = |day: u64| Millis(day * DAY_MS);
    assert_eq!((ann.age_days(at(1003)), ann.violations(at(1003))), (3, 2));
    assert_eq!((ann.age_days(at(1040)), ann.violations(at(1040))), (40, 0));
    assert_eq!(standing("service"), None, "a back end that speaks for itself is nobody");
}

#[tokio::test]
async fn a_sender_is_told_what_was_hidden_also_when_it_asks_again() {
    let bed = bed(&Clock::system(), "flag-all");
    for _ in 0..2 {
        let done = say(&bed, Some("ann"), "1", "a FLAGME").await.expect("stored");
        let Done::Stored { notice: Some(notice), .. } = done else { panic!("no notice: {done:?}") };
        assert_eq!(notice.sentence, "Hidden by the rules of this chat: profanity.");
        assert_eq!((notice.categories, notice.allowed_from), (vec!["profanity".to_owned()], None));
    }
    let done = say(&bed, Some("ann"), "2", "fine").await.expect("stored");
    assert!(matches!(done, Done::Stored { notice: None, .. }), "{done:?}");
}

/// What was written at the same time is checked again with what the check could not see.
#[tokio::test]
async fn parts_that_are_sent_at_once_are_masked_too() {
    let bed = bed(&Clock::system(), "split");
    for attempt in 0..50 {
        let order = format!("order:{attempt}");
        let head = say_in(&bed, &order, (Some("ann"), "1", "HEAD 8 916"));
        let tail = say_in(&bed, &order, (Some("ann"), "2", "TAIL"));
        // Which of them comes first is not ours to say; only one order is a number.
        let done = if attempt % 2 == 0 {
            tokio::join!(head, tail)
        } else {
            let (tail, head) = tokio::join!(tail, head);
            (head, tail)
        };
        let (Ok(Done::Stored { seq: head, .. }), Ok(Done::Stored { seq: tail, .. })) = done else {
            panic!("not stored: {done:?}")
        };
        if tail < head {
            continue;
        }
        for _ in 0..3000 {
            let texts = bed.texts(&order).await;
            if texts.iter().all(|(_, text)| text == "***") {
                return;
            }
            tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        }
        panic!("a part is left: {:?}", bed.texts(&order).await);
    }
    panic!("the number was never in order");
}
