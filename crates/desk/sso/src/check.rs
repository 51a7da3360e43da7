//! Whether a provider can be used, found out before anybody needs it: in plain words.

use kit::Context;
use openidconnect::core::{CoreJsonWebKey, CoreJsonWebKeyUse};
use openidconnect::{DiscoveryError, JsonWebKey};

use crate::Provider;
use crate::oidc::{self, Known, Metadata, NotDiscovered};

/// One thing that was looked at.
pub struct Finding {
    /// Whether it is as it should be.
    pub mark: Mark,
    /// What was found, in the reader's language.
    pub text: String,
    /// The provider's or the library's own words, for whoever looks further.
    pub words: Option<String>,
}

/// How something is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    /// As it should be.
    Good,
    /// Worth a look.
    Note,
    /// Nobody signs in like this.
    Bad,
}

impl Mark {
    /// The icon beside it.
    pub fn icon(self) -> &'static str {
        match self {
            Mark::Good => "circle-check",
            Mark::Note => "info-circle",
            Mark::Bad => "alert-circle",
        }
    }

    /// The end of the locale key that says it without the icon.
    pub fn code(self) -> &'static str {
        match self {
            Mark::Good => "good",
            Mark::Note => "note",
            Mark::Bad => "bad",
        }
    }
}

/// Looks at everything that can be looked at without anybody signing in.
pub async fn check(cx: &Context, provider: &Provider, secret: Option<String>) -> Vec<Finding> {
    let mut found = Findings {
        cx,
        all: Vec::new(),
    };
    let metadata = match oidc::ask(cx, &provider.issuer).await {
        Ok(metadata) => metadata,
        Err(error) => {
            found.not_discovered(&provider.issuer, &error);
            return found.all;
        }
    };
    oidc::is_back(provider.id);
    found.add(Mark::Good, "sso-check-found", &provider.issuer);
    found.endpoints(&metadata);
    found.keys(&metadata);
    found.pkce(&metadata);
    found.scopes(provider, &metadata);
    found.strength(provider, &metadata);
    if metadata.token_endpoint().is_some() {
        let (mark, key) = match oidc::knows(cx, provider, &metadata, secret).await {
            Known::Yes => (Mark::Good, "sso-check-known"),
            Known::No => (Mark::Bad, "sso-check-not-known"),
            Known::Unclear => (Mark::Note, "sso-check-unclear"),
        };
        found.add(mark, key, &provider.client_id);
    }
    found.all
}

struct Findings<'a> {
    cx: &'a Context,
    all: Vec<Finding>,
}

impl Findings<'_> {
    fn add(&mut self, mark: Mark, key: &str, about: &str) {
        let short: String = about.chars().take(300).collect();
        self.all.push(Finding {
            mark,
            text: self.cx.text(key, &[("about", short.as_str().into())]),
            words: None,
        });
    }

    fn not_discovered(&mut self, issuer: &str, error: &NotDiscovered) {
        let key = match error {
            DiscoveryError::Request(away) => format!("sso-check-{}", away.code()),
            DiscoveryError::Response(status, ..) if status.as_u16() == 404 => {
                "sso-check-missing".to_owned()
            }
            DiscoveryError::Response(..) => "sso-check-status".to_owned(),
            DiscoveryError::Parse(_) => "sso-check-garbled".to_owned(),
            DiscoveryError::Validation(_) => "sso-check-issuer".to_owned(),
            _ => "sso-check-other".to_owned(),
        };
        self.add(Mark::Bad, &key, issuer);
        let words: String = oidc::chain(error).chars().take(300).collect();
        if let Some(last) = self.all.last_mut() {
            last.words = Some(words);
        }
    }

    fn endpoints(&mut self, metadata: &Metadata) {
        let door = metadata.authorization_endpoint().url();
        let (mark, key) = match door.scheme() {
            "https" => (Mark::Good, "sso-check-door"),
            _ => (Mark::Note, "sso-check-door-plain"),
        };
        self.add(mark, key, door.as_str());
        if metadata.token_endpoint().is_none() {
            self.add(Mark::Bad, "sso-check-no-token", "");
        }
    }

    fn keys(&mut self, metadata: &Metadata) {
        let signs = |key: &&CoreJsonWebKey| {
            key.key_use()
                .is_none_or(|use_| *use_ == CoreJsonWebKeyUse::Signature)
        };
        let count = metadata.jwks().keys().iter().filter(signs).count();
        match count {
            0 => self.add(Mark::Bad, "sso-check-no-keys", ""),
            count => self.add(Mark::Good, "sso-check-keys", &count.to_string()),
        }
    }

    fn pkce(&mut self, metadata: &Metadata) {
        let ways = &metadata
            .additional_metadata()
            .code_challenge_methods_supported;
        match ways {
            Some(ways) if ways.iter().any(|way| way == "S256") => {
                self.add(Mark::Good, "sso-check-pkce", "");
            }
            _ => self.add(Mark::Note, "sso-check-no-pkce", ""),
        }
    }

    fn scopes(&mut self, provider: &Provider, metadata: &Metadata) {
        let Some(known) = metadata.scopes_supported() else {
            return;
        };
        let unknown: Vec<&str> = provider
            .scopes
            .split_whitespace()
            .filter(|scope| !known.iter().any(|k| k.as_str() == *scope))
            .collect();
        if !unknown.is_empty() {
            self.add(Mark::Note, "sso-check-scopes", &unknown.join(" "));
        }
    }

    fn strength(&mut self, provider: &Provider, metadata: &Metadata) {
        let (Some(acr), Some(known)) = (&provider.acr, metadata.acr_values_supported()) else {
            return;
        };
        if !known.iter().any(|k| k.as_str() == acr) {
            self.add(Mark::Note, "sso-check-acr", acr);
        }
    }
}
