//! The way through a server.

use std::fmt;
use std::net::IpAddr;
use std::time::Duration;

use lettre::message::Mailbox;
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Certificate, Tls, TlsParameters};
use lettre::transport::smtp::extension::ClientId;
use lettre::{AsyncSmtpTransport, AsyncTransport, Tokio1Executor};
use settings::{Mail, Security};

use crate::{MailError, Message, letter};

/// A server that does not even take the call is away.
const CONNECT: Duration = Duration::from_secs(10);
/// A server that takes longer than this for a letter is away, too.
const WHOLE: Duration = Duration::from_secs(30);

/// A server, and how the desk speaks with it.
pub struct Smtp {
    /// The server, as `name:port`.
    pub place: String,
    transport: AsyncSmtpTransport<Tokio1Executor>,
    sender: Mailbox,
    host: String,
    /// To be kept out of what the server says.
    password: Option<String>,
}

impl Smtp {
    /// # Errors
    /// When the sender is no address or the root certificate none.
    pub fn new(mail: &Mail, smtp: &settings::Smtp) -> Result<Smtp, MailError> {
        let wrong = |e: lettre::transport::smtp::Error| MailError::Never(e.to_string());
        let tls = || -> Result<TlsParameters, MailError> {
            let mut tls = TlsParameters::builder(smtp.server.clone());
            if let Some(pem) = &smtp.root {
                // One root more. Names, dates and signatures are checked as ever.
                if !pem.contains("BEGIN CERTIFICATE") {
                    return Err(MailError::Never("no certificate in PEM".to_owned()));
                }
                let root = Certificate::from_pem(pem.as_bytes()).map_err(wrong)?;
                tls = tls.add_root_certificate(root);
            }
            tls.build().map_err(wrong)
        };
        let tls = match smtp.security {
            Security::Plain => Tls::None,
            Security::StartTls => Tls::Required(tls()?),
            Security::Tls => Tls::Wrapper(tls()?),
        };
        let mut builder =
            AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(smtp.server.clone())
                .port(smtp.port)
                .tls(tls)
                .timeout(Some(CONNECT))
                .hello_name(hello(&mail.host));
        if let Some((user, password)) = &smtp.login {
            builder = builder.credentials(Credentials::new(user.clone(), password.0.clone()));
        }
        Ok(Smtp {
            place: format!("{}:{}", smtp.server, smtp.port),
            transport: builder.build(),
            sender: letter::sender(&mail.sender)?,
            host: mail.host.clone(),
            password: smtp.login.as_ref().map(|(_, password)| password.0.clone()),
        })
    }

    pub async fn send(&self, message: &Message) -> Result<(), MailError> {
        let letter = letter::written(message, &self.sender, &self.host)?;
        match tokio::time::timeout(WHOLE, self.transport.send(letter)).await {
            Ok(Ok(_)) => Ok(()),
            Ok(Err(error)) => Err(MailError::of(&error, self.password.as_deref())),
            Err(_) => Err(MailError::Later(format!(
                "the server did not answer within {} seconds",
                WHOLE.as_secs()
            ))),
        }
    }
}

impl fmt::Debug for Smtp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Smtp").field(&self.place).finish()
    }
}

/// How the desk introduces itself: a name, or an address in brackets (RFC 5321, 4.1.3).
fn hello(host: &str) -> ClientId {
    match host.trim_matches(['[', ']']).parse() {
        Ok(IpAddr::V4(ip)) => ClientId::Ipv4(ip),
        Ok(IpAddr::V6(ip)) => ClientId::Ipv6(ip),
        Err(_) => ClientId::Domain(host.to_owned()),
    }
}
