//! Service keys and accounts as the rest of the program sees them.

mod pem;
mod tokens;

use std::{
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use super::{Auth, AuthSettings, Fault, LoginError, Mint, NewAccount};
use crate::{
    domain::{id::UserId, refusal::Refusal, time::Millis},
    runtime::Clock,
    store::{AccountRecord, Store, StoreSettings},
};

const NOW_S: u64 = 1_700_000_000;

/// A directory of its own for each test, gone with it.
pub struct Place(PathBuf);

impl Place {
    pub fn new() -> Self {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        let n = NEXT.fetch_add(1, Ordering::Relaxed);
        let name = format!("parlour-auth-{}-{n}", std::process::id());
        let path = std::env::temp_dir().join(name);
        let _ = std::fs::remove_dir_all(&path);
        std::fs::create_dir(&path).expect("a directory");
        Self(path)
    }

    pub fn store(&self) -> Store {
        let settings =
            StoreSettings { free_floor_bytes: 0, ballast_bytes: 0, ..Default::default() };
        Store::open(&self.0, settings, |_| {}).expect("a store").0
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

struct World {
    store: Store,
    auth: Auth,
    clock: Clock,
    hand: Arc<AtomicU64>,
    _place: Place,
}

fn settings() -> AuthSettings {
    AuthSettings::new(vec![7; 32])
}

fn world(settings: &AuthSettings) -> World {
    let (clock, hand) = Clock::manual(NOW_S * 1000);
    let place = Place::new();
    let store = place.store();
    let auth = Auth::open(store.clone(), settings, clock.clone()).expect("auth");
    World { store, auth, clock, hand, _place: place }
}

fn user(name: &str) -> UserId {
    UserId::new(name).expect("a user")
}

fn scopes(words: &[&str]) -> Vec<String> {
    words.iter().map(|&word| word.to_owned()).collect()
}

fn last_used(store: &Store, id: &str) -> Option<Millis> {
    store.key(id).expect("read").expect("a key").last_used
}

#[track_caller]
fn wait_until(happened: impl Fn() -> bool) {
    for _ in 0..500 {
        if happened() {
            return;
        }
        std::thread::sleep(std::time::Duration::from_millis(10));
    }
    panic!("it did not happen within five seconds");
}

#[test]
fn a_service_key_works_until_it_is_revoked() {
    let World { store, auth, clock, hand, _place } = world(&settings());
    let (text, record) = auth.create_key("laravel", &scopes(&["sms"])).expect("a key");
    assert!(!format!("{record:?}").contains(&text));
    let service = auth.authenticate_key(&text).expect("a service");
    assert_eq!(*service.key_id, *record.id);
    assert!(service.allow("sms").is_ok());
    assert_eq!(service.allow("admin").expect_err("no scope").status(), 403);

    // The time of last use is written lazily, and at most once a minute.
    let first = clock.now();
    hand.fetch_add(59_999, Ordering::Relaxed);
    auth.authenticate_key(&text).expect("a service");
    wait_until(|| last_used(&store, &record.id) == Some(first));
    hand.fetch_add(1, Ordering::Relaxed);
    auth.authenticate_key(&text).expect("a service");
    wait_until(|| last_used(&store, &record.id) == Some(clock.now()));

    let reopened = Auth::open(store, &settings(), clock).expect("auth");
    reopened.authenticate_key(&text).expect("a service");
    assert!(auth.revoke_key(&record.id).expect("revoked"));
    assert!(!auth.revoke_key(&record.id).expect("nothing left"));
    assert!(!auth.revoke_key("ffffffff").expect("nothing there"));
    assert_eq!(auth.authenticate_key(&text).expect_err("revoked").status(), 401);
    reopened.reload(&settings()).expect("reloaded");
    assert_eq!(reopened.authenticate_key(&text).expect_err("revoked").status(), 401);
    assert_eq!(auth.keys().expect("keys").len(), 1);
}

#[test]
fn wrong_keys_all_get_the_same_answer() {
    let World { auth, _place, .. } = world(&settings());
    let (text, _) = auth.create_key("a", &scopes(&["sms"])).expect("a key");
    let (other, _) = auth.create_key("b", &scopes(&["sms"])).expect("a key");
    let swapped = format!("{}{}", &text[..13], &other[13..]);
    let expected = auth.authenticate_key("").expect_err("no key");
    let mut flipped = text.clone();
    flipped.replace_range(55.., if text.ends_with('A') { "B" } else { "A" });
    for wrong in [swapped.as_str(), &flipped, &text[1..], &format!("{text} "), &"é".repeat(28)] {
        assert_eq!(auth.authenticate_key(wrong).expect_err(wrong), expected);
    }
}

#[test]
fn keys_need_a_name_and_known_scopes() {
    let World { auth, _place, .. } = world(&settings());
    for (name, words) in [("", &["sms"][..]), ("a\n", &["sms"]), ("a", &[]), ("a", &["root"])] {
        let refused = auth.create_key(name, &scopes(words));
        assert!(matches!(refused, Err(Fault::Unacceptable(_))), "{name:?} {words:?}");
    }
}

#[tokio::test]
async fn accounts_log_in_with_their_password_only() {
    let World { auth, store, _place, .. } = world(&settings());
    let (anna, boss) = (user("anna"), user("boss"));
    let account = |user, role, password| NewAccount { user, name: "Анна", role, password };
    auth.create_account(account(&anna, "user", "correct horse")).expect("an account");
    auth.create_account(account(&boss, "admin", "battery staple")).expect("an account");
    assert!(auth.has_account(&anna).expect("read") && !auth.has_account(&user("x")).expect("read"));
    assert!(matches!(
        auth.create_account(account(&anna, "user", "short")),
        Err(Fault::Unacceptable(_))
    ));

    let login = auth.login("anna", "correct horse".into()).await.expect("a login");
    let actor = auth.authenticate_token(&login.access).expect("an actor");
    assert_eq!((actor.user(), actor.role(), actor.name()), (&anna, "user", Some("Анна")));
    assert_eq!(actor.expires_at(), Some(Millis((NOW_S + 3600) * 1000)));
    let room = crate::domain::id::ConversationId::parse("chat_1").expect("an id");
    assert!(!actor.lists(&room));
    let boss = auth.login("boss", "battery staple".into()).await.expect("a login");
    assert!(boss.actor.lists(&room) && boss.expires_in_s == 3600);

    let disabled = store.account(&anna).expect("read").expect("an account");
    store.put_account(&AccountRecord { disabled: true, ..disabled }).expect("written");
    for (name, password) in [
        ("anna", "correct horse"),
        ("boss", "correct horse"),
        ("nobody", "correct horse"),
        ("", ""),
        ("boss", &"x".repeat(5000)),
    ] {
        let refused = auth.login(name, password.to_owned()).await;
        assert!(
            matches!(&refused, Err(LoginError::Refused(Refusal::Unauthenticated(_)))),
            "{name}: {refused:?}"
        );
    }
}

#[tokio::test]
async fn a_flood_of_logins_is_turned_away() {
    let World { auth, _place, .. } = world(&settings());
    let mut waiting: Vec<_> =
        (0..60).map(|_| Box::pin(auth.login("nobody", "whatever".into()))).collect();
    let mut turned_away = 0;
    for login in &mut waiting {
        let first =
            std::future::poll_fn(|cx| std::task::Poll::Ready(login.as_mut().poll(cx))).await;
        if let std::task::Poll::Ready(result) = first {
            assert!(matches!(
                result,
                Err(LoginError::Refused(Refusal::RateLimited { retry_after_ms: 1.. }))
            ));
            turned_away += 1;
        }
    }
    assert!(turned_away >= 60 - 32 - 2, "{turned_away}");
}
