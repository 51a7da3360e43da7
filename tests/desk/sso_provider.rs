//! Somebody who vouches for people, made for tests: an OpenID provider on this machine
//! that says what the test wants it to say.

use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, OnceLock};

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Form, Json, Router};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use rsa::pkcs1::EncodeRsaPrivateKey;
use rsa::traits::PublicKeyParts;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::support::TestDesk;

/// Who the desk is there.
pub const CLIENT: &str = "desk";
/// And its password.
pub const SECRET: &str = "a-secret-that-only-two-know";

/// How a token is signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Signed {
    /// With the key that is published.
    Well,
    /// With another key under the same name.
    ByAnother,
    /// Not at all.
    Not,
    /// With what the client knows, too.
    WithTheSecret,
}

/// What it does next.
pub struct Says {
    /// Claims over the usual ones; `null` takes one away.
    pub claims: Value,
    pub signed: Signed,
    /// What the user info adds.
    pub more: Value,
    /// Which of the keys is published, and under which name.
    pub key: (usize, &'static str),
    /// Whether it says who it is when it sends somebody back (RFC 9207).
    pub speaks: bool,
    /// What it calls itself, if not what it is.
    pub issuer: Option<String>,
    /// Sends whoever asks for its document elsewhere.
    pub moved: Option<String>,
    /// Whether it wants to be asked for claims by name.
    pub by_name: bool,
}

/// What was asked for a code.
#[derive(Clone, Debug, Default)]
pub struct Asked {
    pub challenge: String,
    pub nonce: String,
    pub redirect: String,
    pub scope: String,
    pub state: String,
    pub acr: String,
    pub claims: String,
}

struct Inner {
    url: String,
    says: Mutex<Says>,
    /// How often somebody asked for its document.
    times: AtomicUsize,
    codes: Mutex<HashMap<String, Asked>>,
    clock: kit::Clock,
}

/// The provider.
#[derive(Clone)]
pub struct Idp(Arc<Inner>);

impl Idp {
    /// One that vouches for Vera, by this desk's clock.
    pub async fn new(desk: &TestDesk) -> Idp {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let idp = Idp(Arc::new(Inner {
            url,
            says: Mutex::new(Says {
                claims: json!({}),
                signed: Signed::Well,
                more: json!({}),
                key: (0, "first"),
                speaks: false,
                issuer: None,
                moved: None,
                by_name: false,
            }),
            times: AtomicUsize::new(0),
            codes: Mutex::default(),
            clock: desk.app.clock.clone(),
        }));
        let router = Router::new()
            .route("/.well-known/openid-configuration", get(document))
            .route("/jwks", get(keys))
            .route("/token", post(token))
            .route("/me", get(me))
            .with_state(idp.clone());
        tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        idp
    }

    pub fn url(&self) -> &str {
        &self.0.url
    }

    /// How often somebody asked what it says of itself.
    pub fn times_asked(&self) -> usize {
        self.0.times.load(Ordering::Relaxed)
    }

    /// Changes what it does.
    pub fn set(&self, change: impl FnOnce(&mut Says)) {
        change(&mut self.0.says.lock().unwrap());
    }

    /// Over the usual claims.
    pub fn says(&self, claims: Value) {
        self.set(|says| says.claims = claims);
    }

    /// What the desk asked for when it sent somebody to `location`.
    pub fn asked(&self, location: &str) -> Asked {
        let (place, query) = location.split_once('?').unwrap();
        assert_eq!(place, format!("{}/auth", self.0.url));
        let query = kit::query_pairs(query);
        let pair = |name: &str| {
            let found = query.iter().find(|(n, _)| n == name);
            found.map_or_else(String::new, |(_, value)| value.clone())
        };
        assert_eq!(pair("response_type"), "code");
        assert_eq!(pair("client_id"), CLIENT);
        assert_eq!(pair("code_challenge_method"), "S256");
        Asked {
            challenge: pair("code_challenge"),
            nonce: pair("nonce"),
            redirect: pair("redirect_uri"),
            scope: pair("scope"),
            state: pair("state"),
            acr: pair("acr_values"),
            claims: pair("claims"),
        }
    }

    /// Somebody signs in there; the path by which they come back.
    pub fn vouch(&self, location: &str) -> String {
        let asked = self.asked(location);
        let path = asked.redirect.strip_prefix("http://desk.test").unwrap();
        let code = kit::Key::token();
        let back = format!("{path}?code={code}&state={}", asked.state);
        self.0.codes.lock().unwrap().insert(code, asked);
        back
    }
}

async fn document(State(idp): State<Idp>) -> Response {
    let url = &idp.0.url;
    idp.0.times.fetch_add(1, Ordering::Relaxed);
    let says = idp.0.says.lock().unwrap();
    if let Some(to) = &says.moved {
        return (StatusCode::FOUND, [("location", to.clone())]).into_response();
    }
    Json(json!({
        "issuer": says.issuer.clone().unwrap_or_else(|| url.clone()),
        "authorization_endpoint": format!("{url}/auth"),
        "token_endpoint": format!("{url}/token"),
        "userinfo_endpoint": format!("{url}/me"),
        "jwks_uri": format!("{url}/jwks"),
        "response_types_supported": ["code"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["RS256", "HS256", "none"],
        "scopes_supported": ["openid", "email", "profile"],
        "code_challenge_methods_supported": ["S256"],
        "authorization_response_iss_parameter_supported": says.speaks,
        "claims_parameter_supported": says.by_name,
        "acr_values_supported": ["urn:acme:bronze", "urn:acme:silver"],
    }))
    .into_response()
}

async fn keys(State(idp): State<Idp>) -> Json<Value> {
    let (which, name) = idp.0.says.lock().unwrap().key;
    let key = key(which);
    let part = |bytes: Vec<u8>| URL_SAFE_NO_PAD.encode(bytes);
    let (n, e) = (part(key.n().to_bytes_be()), part(key.e().to_bytes_be()));
    Json(json!({ "keys": [{ "kty": "RSA", "use": "sig", "kid": name, "n": n, "e": e }] }))
}

async fn me(State(idp): State<Idp>, headers: HeaderMap) -> Response {
    if headers["authorization"] != "Bearer an-access-token" {
        return StatusCode::UNAUTHORIZED.into_response();
    }
    let says = idp.0.says.lock().unwrap();
    let mut more = says.more.clone();
    if more.get("sub").is_none() {
        more["sub"] = says.claims.get("sub").unwrap_or(&json!("vera-1")).clone();
    }
    Json(more).into_response()
}

async fn token(
    State(idp): State<Idp>,
    headers: HeaderMap,
    Form(form): Form<HashMap<String, String>>,
) -> Response {
    let wrong = |error| (StatusCode::BAD_REQUEST, Json(json!({ "error": error }))).into_response();
    let known = format!("Basic {}", STANDARD.encode(format!("{CLIENT}:{SECRET}")));
    let shown = headers.get("authorization").map(|v| v.to_str().unwrap());
    if shown != Some(&known) {
        return wrong("invalid_client");
    }
    // A code is good once.
    let Some(asked) = idp.0.codes.lock().unwrap().remove(&form["code"]) else {
        return wrong("invalid_grant");
    };
    let verifier = URL_SAFE_NO_PAD.encode(Sha256::digest(&form["code_verifier"]));
    if verifier != asked.challenge || form["redirect_uri"] != asked.redirect {
        return wrong("invalid_grant");
    }
    let token = id_token(&idp, &asked);
    Json(json!({
        "access_token": "an-access-token", "token_type": "Bearer", "expires_in": 60,
        "id_token": token,
    }))
    .into_response()
}

fn id_token(idp: &Idp, asked: &Asked) -> String {
    let now = idp.0.clock.now().millis() / 1_000;
    let says = idp.0.says.lock().unwrap();
    let at_hash = Sha256::digest("an-access-token");
    let mut claims = json!({
        "iss": idp.0.url, "aud": CLIENT, "sub": "vera-1", "iat": now, "exp": now + 300,
        "nonce": asked.nonce, "at_hash": URL_SAFE_NO_PAD.encode(&at_hash[..16]),
        "name": "Vera Vinda", "email": "Vera@Acme.test", "email_verified": true,
    });
    for (name, value) in says.claims.as_object().unwrap() {
        match value {
            Value::Null => _ = claims.as_object_mut().unwrap().remove(name),
            value => claims[name] = value.clone(),
        }
    }
    let (which, name) = says.key;
    let rsa = |which| EncodingKey::from_rsa_der(key(which).to_pkcs1_der().unwrap().as_bytes());
    let signed = |algorithm, key: &EncodingKey| {
        let mut header = Header::new(algorithm);
        header.kid = (algorithm == Algorithm::RS256).then(|| name.to_owned());
        jsonwebtoken::encode(&header, &claims, key).unwrap()
    };
    match says.signed {
        Signed::Well => signed(Algorithm::RS256, &rsa(which)),
        Signed::ByAnother => signed(Algorithm::RS256, &rsa(1 - which)),
        Signed::WithTheSecret => signed(
            Algorithm::HS256,
            &EncodingKey::from_secret(SECRET.as_bytes()),
        ),
        Signed::Not => {
            let part = |value: Value| URL_SAFE_NO_PAD.encode(value.to_string());
            format!("{}.{}.", part(json!({ "alg": "none" })), part(claims))
        }
    }
}

/// One of two keys, made once for all tests.
fn key(which: usize) -> &'static rsa::RsaPrivateKey {
    static KEYS: [OnceLock<rsa::RsaPrivateKey>; 2] = [const { OnceLock::new() }; 2];
    KEYS[which].get_or_init(|| {
        let mut random = rsa::rand_core::OsRng;
        rsa::RsaPrivateKey::new(&mut random, 2_048).unwrap()
    })
}
