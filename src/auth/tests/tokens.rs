//! Access tokens: what is accepted, and every way that is known to fool a verifier.

use std::sync::atomic::Ordering;

use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use serde_json::{Value, json};

use super::{Auth, AuthSettings, Fault, Mint, NOW_S, pem, settings, user, world};
use crate::domain::{id::ConversationId, refusal::Refusal, time::Millis};

fn claims() -> Value {
    json!({"sub": "user_46", "exp": NOW_S + 600})
}

fn with(changes: &Value) -> Value {
    let mut claims = claims();
    for (name, value) in changes.as_object().expect("an object") {
        match value {
            Value::Null => drop(claims.as_object_mut().expect("an object").remove(name)),
            value => claims[name] = value.clone(),
        }
    }
    claims
}

fn hs256(claims: &Value) -> String {
    encode(&Header::default(), claims, &EncodingKey::from_secret(&[7; 32])).expect("a token")
}

fn signed(algorithm: Algorithm, id: Option<&str>, claims: &Value) -> String {
    let key = match algorithm {
        Algorithm::RS256 | Algorithm::RS512 => {
            EncodingKey::from_rsa_pem(pem::RSA_PRIVATE.as_bytes())
        }
        Algorithm::ES256 => EncodingKey::from_ec_pem(pem::EC_PRIVATE.as_bytes()),
        _ => EncodingKey::from_ed_pem(pem::ED_PRIVATE.as_bytes()),
    };
    let header = Header { kid: id.map(str::to_owned), ..Header::new(algorithm) };
    encode(&header, claims, &key.expect("a key")).expect("a token")
}

fn issuer_by_pem() -> AuthSettings {
    let public_keys = vec![[pem::RSA_PUBLIC, pem::EC_PUBLIC].concat(), pem::ED_PUBLIC.to_owned()];
    AuthSettings { public_keys, ..settings() }
}

fn issuer_by_jwks() -> AuthSettings {
    AuthSettings { jwks: Some(pem::JWKS.to_owned()), ..settings() }
}

#[track_caller]
fn refused(auth: &Auth, token: &str, code: &str) {
    match auth.authenticate_token(token) {
        Err(refusal) => assert_eq!(refusal.code(), code, "{refusal}"),
        Ok(actor) => panic!("{token} was taken for {actor:?}"),
    }
}

/// Whether a token with these changes to its claims is accepted; `""` for yes, else the code.
#[track_caller]
fn check_claims(settings: &AuthSettings, changes: &Value, code: &str) {
    let auth = world(settings).auth;
    let token = hs256(&with(changes));
    match code {
        "" => drop(auth.authenticate_token(&token).expect("an actor")),
        code => refused(&auth, &token, code),
    }
}

#[test]
fn times_have_a_leeway() {
    let check = |changes: Value, code| check_claims(&settings(), &changes, code);
    check(json!({"exp": NOW_S - 59}), "");
    check(json!({"exp": NOW_S - 60}), "token_expired");
    check(json!({"exp": NOW_S - 100_000}), "token_expired");
    check(json!({"exp": 1_700_000_600.75}), "");
    check(json!({"exp": null}), "unauthenticated");
    check(json!({"exp": "1700000600"}), "unauthenticated");
    check(json!({"exp": -1}), "unauthenticated");
    check(json!({"exp": 1e300}), "unauthenticated");
    check(json!({"nbf": NOW_S + 60}), "");
    check(json!({"nbf": NOW_S + 61}), "unauthenticated");
    check(json!({"nbf": "soon"}), "unauthenticated");
    check(json!({"iat": NOW_S + 5000}), "");
    let strict = AuthSettings { leeway_s: 0, ..settings() };
    check_claims(&strict, &json!({"exp": NOW_S + 1}), "");
    check_claims(&strict, &json!({"exp": NOW_S}), "token_expired");
}

#[test]
fn claims_become_the_actor() {
    let check = |changes: Value, code| check_claims(&settings(), &changes, code);
    check(json!({"sub": 46}), "");
    check(json!({"sub": null}), "unauthenticated");
    check(json!({"sub": ""}), "unauthenticated");
    check(json!({"sub": "a\u{0}b"}), "unauthenticated");
    check(json!({"sub": "x".repeat(201)}), "unauthenticated");
    check(json!({"sub": ["a"]}), "unauthenticated");
    check(json!({"role": "", "name": "x"}), "unauthenticated");
    check(json!({"name": "x\n"}), "unauthenticated");
    check(json!({"rooms": vec!["a"; 257]}), "unauthenticated");
    check(json!({"rooms": {"a": 1}}), "unauthenticated");

    let auth = world(&settings()).auth;
    for (rooms, open, shut) in [
        (json!(["chat_*", "x?"]), "chat_1", "x"),
        (json!("a b,c"), "c", "a b"),
        (json!([]), "", "chat_1"),
    ] {
        let actor = auth
            .authenticate_token(&hs256(&with(&json!({"rooms": rooms, "role": "operator"}))))
            .expect("an actor");
        let lists = |name| ConversationId::parse(name).is_some_and(|id| actor.lists(&id));
        assert!((open.is_empty() || lists(open)) && !lists(shut), "{rooms}");
        assert_eq!((actor.user(), actor.role()), (&user("user_46"), "operator"));
    }
    let number = auth.authenticate_token(&hs256(&with(&json!({"sub": 46})))).expect("an actor");
    assert_eq!((number.user().as_str(), number.role(), number.name()), ("46", "user", None));
}

#[test]
fn issuer_and_audience_count_where_they_are_configured() {
    let strict = AuthSettings {
        issuer: Some("shop".into()),
        audience: Some("parlour".into()),
        ..settings()
    };
    let check = |changes: Value, code| check_claims(&strict, &changes, code);
    check(json!({"iss": "shop", "aud": "parlour"}), "");
    check(json!({"iss": "shop", "aud": ["x", "parlour"]}), "");
    check(json!({"iss": "shop"}), "unauthenticated");
    check(json!({"aud": "parlour"}), "unauthenticated");
    check(json!({"iss": "shop2", "aud": "parlour"}), "unauthenticated");
    check(json!({"iss": "shop", "aud": ["parlour2"]}), "unauthenticated");
    check_claims(&settings(), &json!({"iss": "x", "aud": "y"}), "");
}

#[test]
fn every_algorithm_is_verified_by_pem_and_by_jwks() {
    let (by_pem, by_jwks) = (world(&issuer_by_pem()).auth, world(&issuer_by_jwks()).auth);
    for (algorithm, id) in
        [(Algorithm::RS256, "r1"), (Algorithm::ES256, "e1"), (Algorithm::EdDSA, "d1")]
    {
        for id in [None, Some(id)] {
            let token = signed(algorithm, id, &claims());
            by_pem.authenticate_token(&token).expect("by PEM");
            by_jwks.authenticate_token(&token).expect("by JWKS");
        }
        let other = signed(algorithm, Some("other"), &claims());
        by_pem.authenticate_token(&other).expect("a PEM file has no ids");
        refused(&by_jwks, &other, "unauthenticated");
        let stranger = world(&settings()).auth;
        refused(&stranger, &signed(algorithm, None, &claims()), "unauthenticated");
    }
    by_jwks.authenticate_token(&hs256(&claims())).expect("our own still count");
}

#[test]
fn algorithms_belong_to_keys() {
    let by_pem = world(&issuer_by_pem()).auth;
    // The classic: the public key taken for a secret.
    for secret in [pem::RSA_PUBLIC, pem::EC_PUBLIC, pem::ED_PUBLIC, pem::RSA_PUBLIC.trim()] {
        for algorithm in [Algorithm::HS256, Algorithm::HS512] {
            let key = EncodingKey::from_secret(secret.as_bytes());
            let token = encode(&Header::new(algorithm), &claims(), &key).expect("a token");
            refused(&by_pem, &token, "unauthenticated");
        }
    }
    // The right keys with an algorithm that is not theirs.
    refused(&by_pem, &signed(Algorithm::RS512, None, &claims()), "unauthenticated");
    let key = EncodingKey::from_secret(&[7; 32]);
    let hs384 = encode(&Header::new(Algorithm::HS384), &claims(), &key).expect("a token");
    refused(&by_pem, &hs384, "unauthenticated");
    // Only what is allowed.
    let narrow = AuthSettings { algorithms: vec!["ES256".into()], ..issuer_by_pem() };
    let narrow = world(&narrow).auth;
    narrow.authenticate_token(&signed(Algorithm::ES256, None, &claims())).expect("an actor");
    refused(&narrow, &signed(Algorithm::RS256, None, &claims()), "unauthenticated");
    refused(&narrow, &hs256(&claims()), "unauthenticated");
    let mint = Mint { user: &user("u"), rooms: "", role: "user", name: None, ttl_s: 60 };
    assert!(matches!(narrow.mint(&mint), Err(Fault::Unacceptable(_))));
}

#[test]
fn what_is_no_signed_token_is_refused() {
    let auth = world(&issuer_by_pem()).auth;
    let good = hs256(&claims());
    let [header, body, signature] = good.split('.').collect::<Vec<_>>()[..] else {
        panic!("three parts")
    };
    // {"alg":"none"}, {"alg":"None","typ":"JWT"}, {"alg":""}, {} and no object at all
    for head in [
        "eyJhbGciOiJub25lIn0",
        "eyJhbGciOiJOb25lIiwidHlwIjoiSldUIn0",
        "eyJhbGciOiIifQ",
        "e30",
        "W10",
    ] {
        for tail in ["", signature] {
            refused(&auth, &format!("{head}.{body}.{tail}"), "unauthenticated");
        }
    }
    for token in [
        "",
        ".",
        "..",
        "...",
        "x",
        &format!("{header}.{body}"),
        &format!("{header}.{body}."),
        &format!("{header}.{body}.{signature}x"),
        &format!("{header}.{body}.{signature}."),
        &format!("{header}.{body}.{}", signature.to_lowercase()),
        &format!("{header}..{signature}"),
        &format!(" {good}"),
        &format!("Bearer {good}"),
        "é.é.é",
    ] {
        refused(&auth, token, "unauthenticated");
    }
    let forged = hs256(&with(&json!({"sub": "admin"})));
    let forged = forged.split('.').nth(1).expect("a body");
    refused(&auth, &format!("{header}.{forged}.{signature}"), "unauthenticated");
    let huge = hs256(&with(&json!({"name": "x".repeat(9000)})));
    refused(&auth, &huge, "unauthenticated");
    refused(&auth, &"a.".repeat(1_000_000), "unauthenticated");
}

#[test]
fn every_changed_byte_is_noticed() {
    let auth = world(&settings()).auth;
    let good = hs256(&claims());
    for at in 0..good.len() {
        for other in ["A", "_", "."] {
            let mut token = good.clone();
            token.replace_range(at..=at, other);
            if token != good {
                refused(&auth, &token, "unauthenticated");
            }
        }
    }
}

#[test]
fn minted_tokens_are_accepted_until_they_end() {
    let strict = AuthSettings {
        issuer: Some("parlour".into()),
        audience: Some("chat".into()),
        ..settings()
    };
    let world = world(&strict);
    let anna = user("anna");
    let mint =
        Mint { user: &anna, rooms: "chat_* x", role: "user", name: Some("Анна"), ttl_s: 600 };
    let token = world.auth.mint(&mint).expect("a token");
    let actor = world.auth.authenticate_token(&token).expect("an actor");
    assert_eq!((actor.user(), actor.name()), (&anna, Some("Анна")));
    assert_eq!(actor.expires_at(), Some(Millis((NOW_S + 600) * 1000)));
    assert!(actor.lists(&ConversationId::parse("chat_9").expect("an id")));
    world.hand.fetch_add(630_000, Ordering::Relaxed);
    let late = world.auth.authenticate_token(&token).expect("within the leeway");
    assert_eq!(late.expires_at(), Some(Millis((NOW_S + 660) * 1000)));
    world.hand.fetch_add(30_000, Ordering::Relaxed);
    assert_eq!(world.auth.authenticate_token(&token), Err(Refusal::TokenExpired));
    let wide = "x".repeat(201);
    assert!(matches!(world.auth.mint(&Mint { rooms: &wide, ..mint }), Err(Fault::Unacceptable(_))));
}

#[test]
fn keys_are_replaced_by_a_reload_or_not_at_all() {
    let auth = world(&settings()).auth;
    let token = signed(Algorithm::EdDSA, Some("d1"), &claims());
    refused(&auth, &token, "unauthenticated");
    auth.reload(&issuer_by_jwks()).expect("reloaded");
    auth.authenticate_token(&token).expect("an actor");
    let weak = AuthSettings { secret: vec![7; 31], ..settings() };
    assert!(matches!(auth.reload(&weak), Err(Fault::WeakSecret { bytes: 31, .. })));
    auth.authenticate_token(&token).expect("as before");
    auth.reload(&settings()).expect("reloaded");
    refused(&auth, &token, "unauthenticated");
}

#[test]
fn unusable_keys_are_named() {
    let with_key = |key: &str| AuthSettings { public_keys: vec![key.into()], ..settings() };
    let with_set = |set: &str| AuthSettings { jwks: Some(set.into()), ..settings() };
    for (settings, word) in [
        (with_key("nothing"), "no PEM block"),
        (with_key(pem::RSA_PRIVATE), "private key"),
        (with_key("-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n"), "no public key"),
        (with_set("{}"), "no key set"),
        (with_set(r#"{"keys":[]}"#), "no signing key"),
        (with_set(r#"{"keys":[{"kty":"oct","k":"c2VjcmV0"}]}"#), "symmetric"),
        (with_set(r#"{"keys":[{"kty":"RSA","n":"!","e":"!"}]}"#), "of the JWKS file"),
        (AuthSettings { algorithms: vec!["none".into()], ..settings() }, "none"),
    ] {
        let place = super::Place::new();
        let fault = Auth::open(place.store(), &settings, crate::runtime::Clock::system())
            .err()
            .expect("a fault");
        assert!(fault.to_string().contains(word), "{fault}");
    }
    assert!(!format!("{:?}", settings()).contains('7'));
}
