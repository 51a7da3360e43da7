//! What is asked of a provider, and what of its answers is believed.

use std::collections::HashMap;
use std::pin::Pin;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Utc};
use http::header::{ACCEPT, AUTHORIZATION};
use kit::{Context, Instant};
use openidconnect::core::{
    CoreAuthDisplay, CoreAuthenticationFlow, CoreClaimName, CoreClaimType, CoreClient,
    CoreClientAuthMethod, CoreGrantType, CoreIdToken, CoreJsonWebKey,
    CoreJweContentEncryptionAlgorithm, CoreJweKeyManagementAlgorithm, CoreJwsSigningAlgorithm,
    CoreResponseMode, CoreResponseType, CoreSubjectIdentifierType, CoreTokenResponse,
};
use openidconnect::{
    AccessTokenHash, AdditionalProviderMetadata, AsyncHttpClient, AuthType,
    AuthenticationContextClass, AuthorizationCode, ClaimsVerificationError, ClientId, ClientSecret,
    CsrfToken, DiscoveryError, EndpointMaybeSet, EndpointNotSet, EndpointSet, HttpRequest,
    HttpResponse, IssuerUrl, Nonce, OAuth2TokenResponse, PkceCodeChallenge, PkceCodeVerifier,
    ProviderMetadata, RedirectUrl, RequestTokenError, Scope, SignatureVerificationError,
    TokenResponse,
};
use outgoing::Outgoing;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::refusal::{Result, refused};
use crate::rules::Claims;
use crate::start::Start;
use crate::{Provider, ProviderId};

/// What a provider says of itself, besides what the library knows.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Extra {
    /// Whether it says who it is when it sends somebody back (RFC 9207).
    #[serde(default)]
    pub authorization_response_iss_parameter_supported: bool,
    /// The ways of PKCE that it knows (RFC 8414).
    #[serde(default)]
    pub code_challenge_methods_supported: Option<Vec<String>>,
}
impl AdditionalProviderMetadata for Extra {}

/// What a provider says of itself, with its keys.
pub type Metadata = ProviderMetadata<
    Extra,
    CoreAuthDisplay,
    CoreClientAuthMethod,
    CoreClaimName,
    CoreClaimType,
    CoreGrantType,
    CoreJweContentEncryptionAlgorithm,
    CoreJweKeyManagementAlgorithm,
    CoreJsonWebKey,
    CoreResponseMode,
    CoreResponseType,
    CoreSubjectIdentifierType,
>;

type Client = CoreClient<
    EndpointSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointMaybeSet,
    EndpointMaybeSet,
>;

/// What is believed: signed with a key that only the provider has. With the client's own
/// password (HS256) whoever learns that could make tokens; with nothing, anybody.
const BELIEVED: [CoreJwsSigningAlgorithm; 9] = [
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha256,
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha384,
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha512,
    CoreJwsSigningAlgorithm::RsaSsaPssSha256,
    CoreJwsSigningAlgorithm::RsaSsaPssSha384,
    CoreJwsSigningAlgorithm::RsaSsaPssSha512,
    CoreJwsSigningAlgorithm::EcdsaP256Sha256,
    CoreJwsSigningAlgorithm::EcdsaP384Sha384,
    CoreJwsSigningAlgorithm::EdDsa,
];

/// What a provider says of itself is asked again after so many minutes.
const FRESH_MINUTES: i64 = 60;
/// A key that nobody knows makes the desk ask again, but not more often than this.
const KEYS_SECONDS: i64 = 60;
/// Whoever was away is asked again after so long.
const FAILED_SECONDS: i64 = 30;
/// The provider's clock may be wrong by so much, in seconds.
const SKEW: i64 = 300;
/// So many providers are remembered; with more it begins anew.
const MOST: usize = 200;

/// The desk's way out, as the library asks for it.
pub struct Asking(Outgoing);

impl Asking {
    /// # Errors
    /// When TLS cannot be set up.
    pub fn new(cx: &Context) -> Result<Asking, outgoing::Error> {
        Outgoing::new(&cx.app.settings.outgoing).map(Asking)
    }
}

impl<'c> AsyncHttpClient<'c> for Asking {
    type Error = outgoing::Error;
    type Future = Pin<Box<dyn Future<Output = Result<HttpResponse, outgoing::Error>> + Send + 'c>>;

    fn call(&'c self, request: HttpRequest) -> Self::Future {
        Box::pin(self.0.send(request))
    }
}

/// Why a provider's own words cannot be had.
pub type NotDiscovered = DiscoveryError<outgoing::Error>;

/// Asks a provider what it says of itself, and for its keys.
///
/// # Errors
/// When it does not say, or says it of another one.
pub async fn ask(cx: &Context, issuer: &str) -> Result<Metadata, NotDiscovered> {
    let issuer = IssuerUrl::new(issuer.to_owned()).map_err(DiscoveryError::UrlParse)?;
    let asking = Asking::new(cx).map_err(DiscoveryError::Request)?;
    Metadata::discover_async(issuer, &asking).await
}

struct Remembered {
    issuer: String,
    /// What it said, and when.
    said: Option<(Instant, Arc<Metadata>)>,
    /// When it said nothing, and why.
    failed: Option<(Instant, String)>,
}

static MEMORY: LazyLock<Mutex<HashMap<ProviderId, Remembered>>> = LazyLock::new(Mutex::default);

/// What a provider says of itself, from memory for a while; `keys` when one is missing.
pub async fn discovered(cx: &Context, provider: &Provider, keys: bool) -> Result<Arc<Metadata>> {
    let good_until = |at: Instant| match keys {
        true => at.plus_seconds(KEYS_SECONDS),
        false => at.plus_minutes(FRESH_MINUTES),
    };
    {
        let memory = MEMORY.lock().unwrap_or_else(PoisonError::into_inner);
        let known = memory.get(&provider.id);
        let known = known.filter(|known| known.issuer == provider.issuer);
        match known.map(|known| (&known.said, &known.failed)) {
            Some((Some((at, metadata)), _)) if cx.now < good_until(*at) => {
                return Ok(metadata.clone());
            }
            // Whoever clicks again and again does not make the desk ask, and wait, each
            // time.
            Some((_, Some((at, why)))) if cx.now < at.plus_seconds(FAILED_SECONDS) => {
                return Err(refused("unreachable", format!("a moment ago: {why}")));
            }
            _ => {}
        }
    }
    let asked = ask(cx, &provider.issuer).await.map(Arc::new);
    let mut memory = MEMORY.lock().unwrap_or_else(PoisonError::into_inner);
    if memory.len() >= MOST {
        memory.clear();
    }
    let issuer = &provider.issuer;
    let fresh = || Remembered {
        issuer: issuer.clone(),
        said: None,
        failed: None,
    };
    let known = memory.entry(provider.id).or_insert_with(fresh);
    if known.issuer != *issuer {
        *known = fresh();
    }
    match asked {
        Ok(metadata) => {
            known.failed = None;
            known.said = Some((cx.now, metadata.clone()));
            Ok(metadata)
        }
        Err(error) => {
            let why = chain(&error);
            known.failed = Some((cx.now, why.clone()));
            Err(refused("unreachable", why))
        }
    }
}

/// Forgets that a provider was away: somebody has seen that it is there.
pub fn is_back(id: ProviderId) {
    let mut memory = MEMORY.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(known) = memory.get_mut(&id) {
        known.failed = None;
    }
}

/// An error with its causes, on one line.
pub fn chain(error: &(dyn std::error::Error + 'static)) -> String {
    let causes = std::iter::successors(Some(error), |e| e.source());
    causes
        .map(ToString::to_string)
        .collect::<Vec<_>>()
        .join(": ")
}

/// Where a provider sends people back to.
pub fn redirect_url(cx: &Context, slug: &str) -> String {
    format!("{}/auth/sso/{slug}/callback", cx.app.settings.base_url)
}

fn client(
    cx: &Context,
    provider: &Provider,
    metadata: &Metadata,
    secret: Option<String>,
) -> Result<Client> {
    let redirect = RedirectUrl::new(redirect_url(cx, &provider.slug));
    let redirect = redirect.map_err(|e| refused("setup", format!("BASE_URL: {e}")))?;
    let methods = metadata.token_endpoint_auth_methods_supported();
    let only_in_body = methods.is_some_and(|all| {
        all.contains(&CoreClientAuthMethod::ClientSecretPost)
            && !all.contains(&CoreClientAuthMethod::ClientSecretBasic)
    });
    let id = ClientId::new(provider.client_id.clone());
    let client =
        CoreClient::from_provider_metadata(metadata.clone(), id, secret.map(ClientSecret::new));
    Ok(client
        .set_redirect_uri(redirect)
        .set_auth_type(match only_in_body {
            true => AuthType::RequestBody,
            false => AuthType::BasicAuth,
        }))
}

/// Where the browser is sent to be vouched for. `wanted` are the claims that must be had:
/// they are asked for by name where the provider wants that.
pub async fn door(
    cx: &Context,
    provider: &Provider,
    start: &Start,
    wanted: &[&str],
) -> Result<String> {
    let metadata = discovered(cx, provider, false).await?;
    let client = client(cx, provider, &metadata, None)?;
    let (state, nonce) = (start.state.clone(), start.nonce.clone());
    let verifier = PkceCodeVerifier::new(start.verifier.clone());
    let scopes = provider.scopes.split_whitespace();
    let mut asked = client
        .authorize_url(
            CoreAuthenticationFlow::AuthorizationCode,
            move || CsrfToken::new(state),
            move || Nonce::new(nonce),
        )
        .add_scopes(scopes.map(|scope| Scope::new(scope.to_owned())))
        .set_pkce_challenge(PkceCodeChallenge::from_code_verifier_sha256(&verifier));
    if let Some(acr) = &provider.acr {
        asked = asked.add_auth_context_value(AuthenticationContextClass::new(acr.clone()));
    }
    if metadata.claims_parameter_supported() == Some(true) {
        let by_name = by_name(wanted, provider.acr.as_deref());
        asked = asked.add_extra_param("claims", by_name.to_string());
    }
    let (url, ..) = asked.url();
    // Whoever is asked in the clear may send people there in the clear.
    let as_safe =
        url.scheme() == "https" || (url.scheme() == "http" && provider.issuer.starts_with("http:"));
    match as_safe {
        true => Ok(url.into()),
        false => Err(refused("setup", format!("the sign-in page is at {url}"))),
    }
}

/// The claims parameter (OpenID Connect Core, 5.5). That a claim is wanted in both places
/// leaves it to the provider where it says it.
fn by_name(wanted: &[&str], acr: Option<&str>) -> Value {
    // What lies inside another claim comes with it.
    let names = wanted.iter().map(|name| match name.contains("://") {
        true => *name,
        false => name.split('.').next().unwrap_or(name),
    });
    let all: Map<String, Value> = names.map(|name| (name.to_owned(), Value::Null)).collect();
    let mut token = all.clone();
    if let Some(acr) = acr {
        let must = serde_json::json!({ "essential": true, "values": [acr] });
        token.insert("acr".to_owned(), must);
    }
    serde_json::json!({ "id_token": token, "userinfo": all })
}

/// What a provider says of whom it sent back with `code`: checked in every way.
/// `wanted` are the claims that must be had where they are to be had at all.
pub async fn claims(
    cx: &Context,
    provider: &Provider,
    secret: Option<String>,
    code: &str,
    start: &Start,
    wanted: &[&str],
) -> Result<Claims> {
    let metadata = discovered(cx, provider, false).await?;
    let asker = client(cx, provider, &metadata, secret.clone())?;
    let asking = Asking::new(cx).map_err(|e| refused("unreachable", e))?;
    let answer = asker
        .exchange_code(AuthorizationCode::new(code.to_owned()))
        .map_err(|e| refused("setup", e))?
        .set_pkce_verifier(PkceCodeVerifier::new(start.verifier.clone()))
        .request_async(&asking)
        .await
        .map_err(|error| match error {
            RequestTokenError::ServerResponse(said) => refused("provider", said),
            RequestTokenError::Request(away) => refused("unreachable", away),
            other => refused("token", chain(&other)),
        })?;
    let token = answer.id_token();
    let token = token.ok_or_else(|| refused("token", "there is no ID token"))?;
    match verify(cx, &asker, token, &answer, start) {
        // They may have changed their keys.
        Err(ClaimsVerificationError::SignatureVerification(
            SignatureVerificationError::NoMatchingKey,
        )) => {
            let metadata = discovered(cx, provider, true).await?;
            let asker = client(cx, provider, &metadata, secret)?;
            verify(cx, &asker, token, &answer, start)
        }
        other => other,
    }
    .map_err(|e| refused("token", chain(&e)))?;
    let mut claims = payload(token).ok_or_else(|| refused("token", "no claims"))?;
    // With several readers it says for whom it is (OpenID Connect Core, 3.1.3.7).
    if claims
        .0
        .get("azp")
        .is_some_and(|azp| *azp != *provider.client_id)
    {
        return Err(refused("token", "it was made for another client"));
    }
    if claims.subject().is_empty() || claims.subject().len() > 255 {
        return Err(refused("token", "it names nobody"));
    }
    // What counts is what was signed, not what the user info says of anybody.
    if let Some(acr) = &provider.acr
        && claims.text("acr") != Some(acr)
    {
        let said = claims.text("acr").unwrap_or("nothing");
        return Err(refused("weak", format!("acr is {said}, not {acr}")));
    }
    if wanted.iter().any(|name| claims.at(name).is_none())
        && let Some(place) = metadata.userinfo_endpoint()
    {
        let more = more(&asking.0, place.url().as_str(), &answer).await?;
        if more.subject() != claims.subject() {
            return Err(refused("token", "the user info is about somebody else"));
        }
        // That an address is verified is said of the one beside it.
        if claims.email().is_none() {
            claims.0.remove("email_verified");
        }
        let other = claims.email().is_some() && claims.email() != more.email();
        for (name, value) in more.0 {
            if other && name == "email_verified" {
                continue;
            }
            claims.0.entry(name).or_insert(value);
        }
    }
    Ok(claims)
}

/// Whether a token is the provider's, for the desk, of now, and the answer to this
/// sign-in.
fn verify(
    cx: &Context,
    client: &Client,
    token: &CoreIdToken,
    answer: &CoreTokenResponse,
    start: &Start,
) -> Result<(), ClaimsVerificationError> {
    let now = DateTime::<Utc>::from_timestamp_millis(cx.now.millis()).unwrap_or_default();
    let verifier = client
        .id_token_verifier()
        .set_allowed_algs(BELIEVED)
        .set_time_fn(move || now)
        .set_issue_time_verifier_fn(move |at| match (at - now).num_seconds() > SKEW {
            true => Err("it was issued in the future".to_owned()),
            false => Ok(()),
        });
    let claims = token.claims(&verifier, &Nonce::new(start.nonce.clone()))?;
    let Some(wanted) = claims.access_token_hash() else {
        return Ok(());
    };
    let signature = ClaimsVerificationError::SignatureVerification;
    let algorithm = token.signing_alg().map_err(signature)?;
    let key = token.signing_key(&verifier).map_err(signature)?;
    let found = AccessTokenHash::from_token(answer.access_token(), algorithm, key);
    match found {
        Ok(found) if found == *wanted => Ok(()),
        _ => Err(ClaimsVerificationError::Other(
            "the access token is another one's".to_owned(),
        )),
    }
}

/// Everything that a token says; the library knows some of it by name.
fn payload(token: &CoreIdToken) -> Option<Claims> {
    let token = token.to_string();
    let payload = URL_SAFE_NO_PAD.decode(token.split('.').nth(1)?).ok()?;
    serde_json::from_slice(&payload).ok().map(Claims)
}

/// What a provider says besides the token, which some keep short.
async fn more(outgoing: &Outgoing, place: &str, answer: &CoreTokenResponse) -> Result<Claims> {
    let token = format!("Bearer {}", answer.access_token().secret());
    let request = http::Request::get(place)
        .header(AUTHORIZATION, token)
        .header(ACCEPT, "application/json")
        .body(Vec::new())
        .map_err(|e| refused("token", e))?;
    let said = outgoing.send(request).await;
    let said = said.map_err(|e| refused("unreachable", e))?;
    if !said.status().is_success() {
        let why = format!("user info: status {}", said.status());
        return Err(refused("unreachable", why));
    }
    let claims: Map<String, Value> = serde_json::from_slice(said.body())
        .map_err(|e| refused("token", format!("user info: {e}")))?;
    Ok(Claims(claims))
}

/// What a provider thinks of the desk's id and password there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Known {
    /// It knows them.
    Yes,
    /// It does not.
    No,
    /// It does not say.
    Unclear,
}

/// Shows the desk's id and password with a code that nobody gave out: what the provider
/// complains about says whether it knows them.
pub async fn knows(
    cx: &Context,
    provider: &Provider,
    metadata: &Metadata,
    secret: Option<String>,
) -> Known {
    let start = Start::new(&cx.app);
    let asked = async {
        let client = client(cx, provider, metadata, secret).ok()?;
        let asking = Asking::new(cx).ok()?;
        let code = AuthorizationCode::new("balcao-asks-whether-you-know-it".to_owned());
        let request = client.exchange_code(code).ok()?;
        let request = request.set_pkce_verifier(PkceCodeVerifier::new(start.verifier));
        Some(request.request_async(&asking).await)
    };
    use openidconnect::core::CoreErrorResponseType as Said;
    match asked.await {
        Some(Err(RequestTokenError::ServerResponse(said))) => match said.error() {
            Said::InvalidGrant => Known::Yes,
            Said::InvalidClient | Said::UnauthorizedClient => Known::No,
            _ => Known::Unclear,
        },
        _ => Known::Unclear,
    }
}
