//! What leaves the desk by mail: a letter, and the ways that it may take.
//!
//! A letter is text and HTML with the same words. It goes to a server by SMTP,
//! nowhere (the log names it), or into memory, where a test reads it. Sending is
//! the work of a job: [`MailError`] knows whether another try can help.

mod error;
mod letter;
#[cfg(test)]
mod sink;
mod smtp;
#[cfg(test)]
mod tests;

pub use error::MailError;

use std::sync::{Arc, Mutex, PoisonError};

use settings::{Delivery, Mail};

use smtp::Smtp;

/// Whether letters can be sent like this at all: asked before the start.
///
/// # Errors
/// As [`Mailer::new`].
pub fn check(mail: &Mail) -> Result<(), MailError> {
    letter::sender(&mail.sender)?;
    Mailer::new(mail).map(drop)
}

/// A letter to one person.
#[derive(Clone, Debug)]
pub struct Message {
    /// The address.
    pub to: String,
    /// What it is about, on one line.
    pub subject: String,
    /// It as plain text.
    pub text: String,
    /// It as an HTML document.
    pub html: String,
}

/// What sends letters. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Mailer(Arc<Way>);

#[derive(Debug)]
enum Way {
    Smtp(Box<Smtp>),
    Suppressed,
    Kept(Mutex<Vec<Message>>),
}

impl Mailer {
    /// The one that the settings ask for.
    ///
    /// # Errors
    /// When they cannot be: a sender that is no address, a certificate that is none.
    pub fn new(mail: &Mail) -> Result<Mailer, MailError> {
        match &mail.delivery {
            Delivery::Smtp(smtp) => Mailer::smtp(mail, smtp),
            Delivery::Suppressed => Ok(Mailer::suppressed()),
            Delivery::Kept => Ok(Mailer::kept()),
        }
    }

    /// To a server.
    ///
    /// # Errors
    /// As [`Mailer::new`].
    pub fn smtp(mail: &Mail, smtp: &settings::Smtp) -> Result<Mailer, MailError> {
        let smtp = Smtp::new(mail, smtp)?;
        Ok(Mailer(Arc::new(Way::Smtp(Box::new(smtp)))))
    }

    /// Nowhere; the log names what would have been sent (S3-319).
    #[must_use]
    pub fn suppressed() -> Mailer {
        Mailer(Arc::new(Way::Suppressed))
    }

    /// Into memory, for tests.
    #[must_use]
    pub fn kept() -> Mailer {
        Mailer(Arc::new(Way::Kept(Mutex::default())))
    }

    /// Sends a letter now, or says why not.
    ///
    /// # Errors
    /// [`MailError`], which is in the log by then.
    pub async fn send(&self, message: Message) -> Result<(), MailError> {
        let (to, subject) = (message.to.clone(), message.subject.clone());
        let sent = match &*self.0 {
            Way::Smtp(smtp) => smtp.send(&message).await,
            Way::Suppressed => {
                tracing::info!(to, subject, "mail suppressed");
                return Ok(());
            }
            Way::Kept(outbox) => {
                letter::address(&message.to)?;
                let mut outbox = outbox.lock().unwrap_or_else(PoisonError::into_inner);
                outbox.push(message);
                return Ok(());
            }
        };
        match &sent {
            Ok(()) => tracing::info!(to, subject, "mail sent"),
            Err(error) => tracing::warn!(to, subject, %error, "mail not sent"),
        }
        sent
    }

    /// The server that letters go to, as `name:port`; `None` when they go nowhere.
    #[must_use]
    pub fn server(&self) -> Option<String> {
        match &*self.0 {
            Way::Smtp(smtp) => Some(smtp.place.clone()),
            Way::Suppressed => None,
            Way::Kept(_) => Some("memory".to_owned()),
        }
    }

    /// What a test finds in the memory of [`Mailer::kept`], the oldest first.
    #[must_use]
    pub fn outbox(&self) -> Vec<Message> {
        match &*self.0 {
            Way::Kept(outbox) => outbox
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .clone(),
            Way::Smtp(_) | Way::Suppressed => Vec::new(),
        }
    }
}
