//! The one way by which the desk asks other machines (HTTP), such as who signs people
//! in. Addresses come from people who may be mistaken or worse, so none of them leads
//! into the desk's own network.
//!
//! A name is resolved here, every address that comes back is checked, and one of those
//! is connected to: there is no second look-up that could answer something else. Nothing
//! is redirected. Whoever needs a machine of their own network says so in the settings.

mod address;
mod error;
mod resolver;

pub use address::is_public;
pub use error::Error;

use std::net::IpAddr;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use http::{Request, Response};
use reqwest::Url;
use reqwest::redirect::Policy;

use resolver::{Resolver, Rules};

/// An answer that takes longer is none.
const PATIENCE: Duration = Duration::from_secs(10);
/// And so is a larger one, in bytes.
const MOST: usize = 1_000_000;

/// Asks other machines.
pub struct Outgoing {
    rules: Arc<Rules>,
    patience: Duration,
    /// By TLS, wherever it is.
    secure: OnceLock<reqwest::Client>,
    /// In the clear, where the settings allow it.
    plain: OnceLock<reqwest::Client>,
}

impl Outgoing {
    /// Asks public machines, and those of one's own network that are `allowed`.
    ///
    /// # Errors
    /// When TLS cannot be set up.
    pub fn new(allowed: &settings::Outgoing) -> Result<Outgoing, Error> {
        Outgoing::patient(allowed, PATIENCE)
    }

    fn patient(allowed: &settings::Outgoing, patience: Duration) -> Result<Outgoing, Error> {
        tls()?;
        Ok(Outgoing {
            rules: Arc::new(Rules::new(allowed)),
            patience,
            secure: OnceLock::new(),
            plain: OnceLock::new(),
        })
    }

    /// Who asks, made when the first one is asked: mostly only one of the two ever is.
    fn client(&self, plain: bool) -> Result<&reqwest::Client, Error> {
        let place = match plain {
            true => &self.plain,
            false => &self.secure,
        };
        if let Some(made) = place.get() {
            return Ok(made);
        }
        let made = reqwest::Client::builder()
            .tls_backend_preconfigured(tls()?)
            .dns_resolver(Resolver {
                rules: self.rules.clone(),
                plain,
            })
            .redirect(Policy::none())
            .https_only(!plain)
            // A proxy of the environment would resolve names itself.
            .no_proxy()
            .referer(false)
            .http1_only()
            .timeout(self.patience)
            .pool_max_idle_per_host(0)
            .user_agent("Balcao")
            .build()?;
        Ok(place.get_or_init(|| made))
    }

    /// Sends a request and reads the whole answer, whatever its status says.
    ///
    /// # Errors
    /// When the address may not be asked, or there is no answer.
    pub async fn send(&self, request: Request<Vec<u8>>) -> Result<Response<Vec<u8>>, Error> {
        let url = Url::parse(&request.uri().to_string()).map_err(|_| Error::Address)?;
        let client = self.check(&url)?;
        let request = reqwest::Request::try_from(request).map_err(Error::from)?;
        let mut answer = client.execute(request).await.map_err(Error::from)?;
        if answer.status().is_redirection() {
            return Err(Error::Redirected);
        }
        let mut body = Vec::new();
        while let Some(piece) = answer.chunk().await.map_err(Error::from)? {
            if body.len() + piece.len() > MOST {
                return Err(Error::TooLarge);
            }
            body.extend_from_slice(&piece);
        }
        let mut response = Response::new(body);
        *response.status_mut() = answer.status();
        *response.headers_mut() = std::mem::take(answer.headers_mut());
        Ok(response)
    }

    /// What can be said of an address before anything is resolved, and who may ask it.
    fn check(&self, url: &Url) -> Result<&reqwest::Client, Error> {
        let plain = match url.scheme() {
            "https" => false,
            "http" => true,
            _ => return Err(Error::Address),
        };
        // A password in an address would stand in logs.
        if !url.username().is_empty() || url.password().is_some() {
            return Err(Error::Address);
        }
        let host = url.host_str().ok_or(Error::Address)?;
        // The library asks no resolver about an address that is written out.
        let literal: Option<IpAddr> = host.trim_matches(['[', ']']).parse().ok();
        match literal {
            Some(ip) => self.rules.check(host, &[ip], plain)?,
            None if plain && !self.rules.may_name_private() => return Err(Error::NotSecure),
            None => {}
        }
        self.client(plain)
    }
}

/// TLS with the roots that browsers trust, by `ring` as everything else here.
fn tls() -> Result<rustls::ClientConfig, Error> {
    static TLS: OnceLock<rustls::ClientConfig> = OnceLock::new();
    if let Some(made) = TLS.get() {
        return Ok(made.clone());
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let roots = rustls::RootCertStore::from_iter(webpki_roots::TLS_SERVER_ROOTS.iter().cloned());
    let made = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|e| Error::Tls(e.to_string()))?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(TLS.get_or_init(|| made).clone())
}

#[cfg(test)]
mod tests;
