//! From a name to addresses that may be connected to.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};

use crate::address::is_public;
use crate::error::Error;

/// What the settings allow besides the whole world.
pub(crate) struct Rules(settings::Outgoing);

impl Rules {
    pub(crate) fn new(allowed: &settings::Outgoing) -> Rules {
        Rules(allowed.clone())
    }

    /// Whether anything at all may be asked in the clear by a name.
    pub(crate) fn may_name_private(&self) -> bool {
        !self.0.hosts.is_empty() || !self.0.networks.is_empty()
    }

    /// Whether a host with all these addresses may be asked: every one of them counts, so
    /// that an answer with one good address and one bad is a bad one.
    pub(crate) fn check(&self, host: &str, ips: &[IpAddr], plain: bool) -> Result<(), Error> {
        let host = host.trim_end_matches('.');
        let named = self.0.hosts.iter().any(|h| h.eq_ignore_ascii_case(host));
        for ip in ips.iter().map(IpAddr::to_canonical) {
            let allowed = named || self.0.networks.iter().any(|net| net.contains(&ip));
            if !allowed && !is_public(ip) {
                return Err(Error::Private);
            }
            if !allowed && plain {
                return Err(Error::NotSecure);
            }
        }
        Ok(())
    }
}

/// What the HTTP library asks before it connects; it connects to what comes back.
pub(crate) struct Resolver {
    pub(crate) rules: Arc<Rules>,
    /// Whether what is asked goes in the clear.
    pub(crate) plain: bool,
}

impl Resolve for Resolver {
    fn resolve(&self, name: Name) -> Resolving {
        let (rules, plain) = (self.rules.clone(), self.plain);
        Box::pin(async move {
            let host = name.as_str().to_owned();
            let found = tokio::net::lookup_host((host.as_str(), 0)).await;
            let found: Vec<SocketAddr> = found.map_err(|_| Error::Unknown)?.collect();
            if found.is_empty() {
                return Err(Error::Unknown.into());
            }
            let ips: Vec<IpAddr> = found.iter().map(SocketAddr::ip).collect();
            rules.check(&host, &ips, plain)?;
            Ok(Box::new(found.into_iter()) as Addrs)
        })
    }
}
