//! What a first start makes, and that a second one makes nothing.

use std::{
    cell::RefCell, collections::BTreeMap, error::Error, os::unix::fs::PermissionsExt as _,
    path::Path,
};

use super::{
    builtin::{Builtin, write_all},
    credentials::{Credentials, credentials},
    place::prepare,
    welcome::{deliver, ready_line, welcome},
};
use crate::ops::{
    config::{Environment, Loaded, load},
    scratch::Scratch,
};

#[derive(Default)]
struct Keeper {
    keys: RefCell<Vec<String>>,
    accounts: RefCell<BTreeMap<String, String>>,
}

impl Credentials for Keeper {
    fn has_key(&self) -> Result<bool, Box<dyn Error>> {
        Ok(!self.keys.borrow().is_empty())
    }

    fn create_key(&self, name: &str) -> Result<String, Box<dyn Error>> {
        self.keys.borrow_mut().push(name.to_owned());
        Ok("plk_test".to_owned())
    }

    fn has_account(&self, user: &str) -> Result<bool, Box<dyn Error>> {
        Ok(self.accounts.borrow().contains_key(user))
    }

    fn create_admin(&self, user: &str, password: &str) -> Result<(), Box<dyn Error>> {
        self.accounts.borrow_mut().insert(user.to_owned(), password.to_owned());
        Ok(())
    }

    fn mint(&self, _user: &str, room: &str, _ttl_s: u64) -> Result<String, Box<dyn Error>> {
        Ok(format!("token-for-{room}"))
    }
}

fn loaded(data: &Path) -> Loaded {
    load(None, Some(data), &Environment::default()).unwrap()
}

fn mode(path: &Path) -> u32 {
    std::fs::metadata(path).unwrap().permissions().mode() & 0o777
}

#[test]
fn the_first_start_makes_everything_and_the_second_nothing() {
    let scratch = Scratch::new("first");
    let data = scratch.path().join("a/data");
    let made = prepare(&loaded(&data)).unwrap();
    assert!(made.directory && made.secret && made.anything());
    assert_eq!(made.config, Some(data.join("parlour.toml")));
    let names =
        ["contacts", "email", "handles", "links", "phone", "profanity", "rules", "spam", "threats"];
    assert_eq!(made.plugins, names.map(|name| format!("{name}.wasm")));
    assert!(data.join("plugins/phone.wasm").exists());
    assert_eq!(mode(&data), 0o700);
    assert_eq!(mode(&data.join("signing.key")), 0o600);
    let secret = std::fs::read_to_string(data.join("signing.key")).unwrap();
    assert_eq!(secret.trim().len(), 43);

    let again = loaded(&data);
    assert!(again.exists);
    assert_eq!(again.resolved.signing_secret().unwrap(), secret.trim().as_bytes());
    assert!(!prepare(&again).unwrap().anything());
    assert_eq!(std::fs::read_to_string(data.join("signing.key")).unwrap(), secret);
}

#[test]
fn what_exists_is_not_overwritten() {
    let scratch = Scratch::new("first-keeps");
    let file = scratch.path().join("parlour.toml");
    std::fs::write(&file, "log = 'debug'\n").unwrap();
    let made = prepare(&loaded(scratch.path())).unwrap();
    assert_eq!((made.directory, made.config), (false, None));
    assert_eq!(std::fs::read_to_string(&file).unwrap(), "log = 'debug'\n");
}

#[test]
fn a_directory_that_cannot_be_made_is_told() {
    let scratch = Scratch::new("first-blocked");
    std::fs::write(scratch.path().join("file"), "").unwrap();
    let said = prepare(&loaded(&scratch.path().join("file/data"))).unwrap_err().to_string();
    assert!(said.contains("file/data cannot be made: "), "{said}");
}

#[test]
fn secrets_that_are_elsewhere_are_not_made_here() {
    let scratch = Scratch::new("first-secret");
    let credentials = scratch.path().join("credentials");
    std::fs::create_dir(&credentials).unwrap();
    std::fs::write(credentials.join("signing.key"), "k".repeat(40)).unwrap();
    let environment =
        Environment { credentials_directory: Some(credentials), ..Environment::default() };
    let data = scratch.path().join("data");
    let loaded = load(None, Some(&data), &environment).unwrap();
    assert!(!prepare(&loaded).unwrap().secret);
    assert!(!data.join("signing.key").exists());
    assert_eq!(loaded.resolved.signing_secret().unwrap(), "k".repeat(40).as_bytes());
}

#[test]
fn a_secret_that_is_too_short_is_told() {
    let scratch = Scratch::new("first-short");
    std::fs::write(scratch.path().join("signing.key"), "short\n").unwrap();
    let said = loaded(scratch.path()).resolved.signing_secret().unwrap_err().to_string();
    assert!(said.ends_with("it holds fewer than 32 bytes"), "{said}");
}

#[test]
fn plugins_come_once_and_only_untouched_ones_change() {
    let scratch = Scratch::new("first-plugins");
    let dir = scratch.path();
    let plugin = |file, bytes| Builtin { file, bytes };
    let write = |plugins: &[Builtin]| write_all(plugins, dir, dir).unwrap();
    let read = |name: &str| std::fs::read(dir.join(name)).ok();

    std::fs::write(dir.join("mine.wasm"), "mine").unwrap();
    let old = [plugin("a.wasm", b"a1"), plugin("b.wasm", b"b1"), plugin("mine.wasm", b"theirs")];
    assert_eq!(write(&old), ["a.wasm", "b.wasm"]);
    assert_eq!(read("mine.wasm").as_deref(), Some(&b"mine"[..]));
    assert_eq!(write(&old), [""; 0]);

    std::fs::remove_file(dir.join("b.wasm")).unwrap();
    assert_eq!(write(&old), [""; 0]);
    assert_eq!(read("b.wasm"), None, "what the administrator removed stays away");

    let new = [plugin("a.wasm", b"a2"), plugin("b.wasm", b"b2"), plugin("c.wasm", b"c1")];
    assert_eq!(write(&new), ["a.wasm", "c.wasm"]);
    assert_eq!(read("a.wasm").as_deref(), Some(&b"a2"[..]));
    assert_eq!(read("b.wasm"), None);

    std::fs::write(dir.join("a.wasm"), "changed").unwrap();
    assert_eq!(write(&[plugin("a.wasm", b"a3")]), [""; 0]);
    assert_eq!(read("a.wasm").as_deref(), Some(&b"changed"[..]));
}

#[test]
fn credentials_are_made_once() {
    let keeper = Keeper::default();
    let fresh = credentials(&keeper).unwrap().unwrap();
    assert_eq!(fresh.service_key.as_deref(), Some("plk_test"));
    let (user, password) = fresh.admin.unwrap();
    assert_eq!((user.as_str(), password.len()), ("admin", 24));
    assert_eq!(keeper.accounts.borrow()["admin"], password);
    assert!(credentials(&keeper).unwrap().is_none());

    keeper.accounts.borrow_mut().clear();
    let fresh = credentials(&keeper).unwrap().unwrap();
    assert!(fresh.service_key.is_none() && fresh.admin.is_some());
}

#[test]
fn the_welcome_can_be_pasted() {
    let scratch = Scratch::new("first-welcome");
    let resolved = loaded(scratch.path()).resolved;
    let fresh = credentials(&Keeper::default()).unwrap().unwrap();
    let text = welcome(&fresh, &resolved, "0.0.0.0:8081".parse().unwrap());
    for part in [
        "ws://127.0.0.1:8081/ws?token=token-for-demo",
        "http://127.0.0.1:8081/api/sms/new-message",
        "'Authorization: Bearer plk_test'",
        r#"-d '{"room":"demo","message":{"id":1,"text":"Hello!","from":"user_1"}}'"#,
        r#"-x '{"op":"subscribe","id":1,"conversation":"demo"}'"#,
    ] {
        assert!(text.contains(part), "{part} is missing in {text}");
    }
    assert_eq!(text.matches('\'').count() % 2, 0);

    let path = deliver(&fresh, &resolved, "[::]:80".parse().unwrap(), true).unwrap().unwrap();
    assert_eq!(mode(&path), 0o600);
    assert!(std::fs::read_to_string(path).unwrap().contains("ws://[::1]:80/ws?token="));
    let line = ready_line(&["127.0.0.1:80".parse().unwrap()], Path::new("/d"));
    assert_eq!(
        line,
        format!("parlour {} serves http://127.0.0.1:80 from /d", env!("CARGO_PKG_VERSION"))
    );
}
