//! Tokens that another program signs: RSA, P-256 and Ed25519 keys from PEM and JWKS files, and no way
//! to pass one kind of key off as another (RFC 8725 section 2.1).

use std::{fs, path::PathBuf};

use jsonwebtoken::{Algorithm, EncodingKey};
use serde_json::json;

use super::tokens::believed;
use crate::harness::{Server, Setup, Token};

fn key(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/keys").join(name)
}

fn bytes(name: &str) -> Vec<u8> {
    fs::read(key(name)).unwrap_or_else(|e| panic!("{name}: {e}"))
}

fn signing(family: &str) -> (EncodingKey, Algorithm) {
    let pem = bytes(&format!("{family}.private.pem"));
    match family {
        "rsa" => (EncodingKey::from_rsa_pem(&pem).expect("a key"), Algorithm::RS256),
        "ec" => (EncodingKey::from_ec_pem(&pem).expect("a key"), Algorithm::ES256),
        _ => (EncodingKey::from_ed_pem(&pem).expect("a key"), Algorithm::EdDSA),
    }
}

fn signed(family: &str) -> Token {
    let (key, algorithm) = signing(family);
    Token::new("u", &["r"]).signed_by(key, algorithm)
}

/// A server that believes one public key and no shared secret of the tests.
fn trusting(family: &str) -> Server {
    let path = key(&format!("{family}.public.pem"));
    Setup::bare()
        .without_env("PARLOUR_AUTH__SECRET")
        .env("PARLOUR_AUTH__PUBLIC_KEY_FILE", &path.to_string_lossy())
        .start()
}

#[test]
fn each_key_believes_its_own_algorithm_only() {
    for family in ["rsa", "ec", "ed"] {
        let server = trusting(family);
        for signer in ["rsa", "ec", "ed"] {
            let token = signed(signer).text();
            assert_eq!(believed(&server, &token), signer == family, "{signer} at {family}");
        }
        // The public key is no secret: it must not work as one.
        for public in [bytes(&format!("{family}.public.pem")), vec![]] {
            for algorithm in [Algorithm::HS256, Algorithm::HS384, Algorithm::HS512] {
                let token = Token::new("u", &["r"])
                    .signed_by(EncodingKey::from_secret(&public), algorithm)
                    .text();
                assert!(!believed(&server, &token), "{algorithm:?} over the key of {family}");
            }
        }
        if family == "rsa" {
            let (key, _) = signing("rsa");
            let token = Token::new("u", &["r"]).signed_by(key, Algorithm::PS256).text();
            assert!(!believed(&server, &token), "PS256 was not asked for");
        }
    }
}

#[test]
fn keys_of_a_set_are_chosen_by_their_name() {
    let setup = Setup::bare().without_env("PARLOUR_AUTH__SECRET");
    let file = setup.place().join("jwks.json");
    // The last 32 bytes of an Ed25519 key's DER are the key (RFC 8410 section 4).
    let pem = String::from_utf8(bytes("ed.public.pem")).expect("PEM");
    let body: String = pem.lines().filter(|line| !line.starts_with('-')).collect();
    let x = body[16..].trim_end_matches('=').replace('+', "-").replace('/', "_");
    let set = json!({"keys": [
        {"kty": "OKP", "crv": "Ed25519", "alg": "EdDSA", "use": "sig", "kid": "ours", "x": x},
    ]});
    fs::write(&file, set.to_string()).expect("a set of keys");
    let server = setup.env("PARLOUR_AUTH__JWKS_FILE", &file.to_string_lossy()).start();
    assert!(believed(&server, &signed("ed").kid("ours").text()));
    assert!(!believed(&server, &signed("ed").kid("another").text()));
    assert!(!believed(&server, &signed("rsa").kid("ours").text()));
}

#[test]
fn issuer_and_audience_can_be_demanded() {
    let server = Setup::bare()
        .env("PARLOUR_AUTH__ISSUER", "shop")
        .env("PARLOUR_AUTH__AUDIENCE", "chat")
        .start();
    let token = || Token::new("u", &["r"]);
    let full = || token().claim("iss", json!("shop")).claim("aud", json!("chat"));
    for (what, token, expected) in [
        ("both", full(), true),
        ("a list of audiences", full().claim("aud", json!(["mail", "chat"])), true),
        ("none", token(), false),
        ("another issuer", full().claim("iss", json!("mall")), false),
        ("another audience", full().claim("aud", json!("mail")), false),
    ] {
        assert_eq!(believed(&server, &token.text()), expected, "{what}");
    }
}
