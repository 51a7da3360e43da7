//! A letter as it travels: headers and a body in two forms.

use lettre::message::header::{HeaderName, HeaderValue};
use lettre::message::{Mailbox, MultiPart};
use lettre::{Address, Message as Envelope};
use uuid::Uuid;

use crate::{MailError, Message};

/// The letter with its headers. `host` makes its id one of this desk.
pub fn written(message: &Message, sender: &Mailbox, host: &str) -> Result<Envelope, MailError> {
    let said = |name, value: &str| {
        HeaderValue::new(HeaderName::new_from_ascii_str(name), value.to_owned())
    };
    Envelope::builder()
        .from(sender.clone())
        .to(Mailbox::new(None, address(&message.to)?))
        .subject(one_line(&message.subject))
        .message_id(Some(format!("<{}@{host}>", Uuid::now_v7())))
        // No machine answers a machine (RFC 3834, 5), nor does Exchange, which asks for its own.
        .raw_header(said("Auto-Submitted", "auto-generated"))
        .raw_header(said("X-Auto-Response-Suppress", "All"))
        .multipart(MultiPart::alternative_plain_html(
            message.text.clone(),
            message.html.clone(),
        ))
        .map_err(|e| MailError::Never(e.to_string()))
}

/// An address that stands in a header and in an SMTP command. A line that ends
/// in it would begin another header, or another command.
pub fn address(text: &str) -> Result<Address, MailError> {
    let refused = || MailError::Never(format!("{text:?} is no address"));
    if text.chars().any(|c| c.is_control() || c.is_whitespace()) {
        return Err(refused());
    }
    text.parse().map_err(|_| refused())
}

/// A sender: an address, or `Name <address>`.
pub fn sender(text: &str) -> Result<Mailbox, MailError> {
    let text = text.trim();
    let Some((name, rest)) = text.strip_suffix('>').and_then(|t| t.rsplit_once('<')) else {
        return Ok(Mailbox::new(None, address(text)?));
    };
    let name = one_line(name.trim().trim_matches('"'));
    let name = Some(name).filter(|name| !name.is_empty());
    Ok(Mailbox::new(name, address(rest.trim())?))
}

/// A text that may stand in a header.
fn one_line(text: &str) -> String {
    let plain = |c: char| if c.is_control() { ' ' } else { c };
    text.chars()
        .map(plain)
        .collect::<String>()
        .trim()
        .to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(to: &str, subject: &str) -> Message {
        Message {
            to: to.to_owned(),
            subject: subject.to_owned(),
            text: "Olá, Clara.".to_owned(),
            html: "<p>Olá, Clara.</p>".to_owned(),
        }
    }

    fn sent(to: &str, subject: &str) -> Result<String, MailError> {
        let sender = sender("Balcão <desk@example.com>")?;
        let letter = written(&message(to, subject), &sender, "desk.example.com")?;
        Ok(String::from_utf8(letter.formatted()).unwrap())
    }

    #[test]
    fn a_letter_is_text_and_html_with_the_headers_of_a_machine() {
        let letter = sent("clara@example.com", "Confirme seu e-mail").unwrap();
        for line in [
            "To: clara@example.com\r\n",
            "Subject: Confirme seu e-mail\r\n",
            "Auto-Submitted: auto-generated\r\n",
            "@desk.example.com>\r\n",
            "Content-Type: multipart/alternative;",
            "Content-Type: text/plain; charset=utf-8\r\n",
            "Content-Type: text/html; charset=utf-8\r\n",
            "<desk@example.com>\r\n",
        ] {
            assert!(letter.contains(line), "{line:?} in {letter}");
        }
        assert!(letter.is_ascii(), "an old server would not take it");
        assert!(letter.find("text/plain") < letter.find("text/html"));
    }

    #[test]
    fn a_new_line_makes_no_new_header() {
        for line in ["\r\n", "\n", "\r", "\0", "\u{85}"] {
            let subject = format!("Olá{line}Bcc: eve@example.com");
            let letter = sent("clara@example.com", &subject).unwrap();
            let headers = letter.split("\r\n\r\n").next().unwrap();
            assert!(
                !headers.lines().any(|l| l.starts_with("Bcc")),
                "{line:?}: {headers}"
            );
            let to = format!("clara@example.com{line}RCPT TO:<eve@example.com>");
            assert!(sent(&to, "Olá").unwrap_err().is_final());
            let quoted = format!("\"clara{line}Bcc: eve\"@example.com");
            assert!(sent(&quoted, "Olá").unwrap_err().is_final());
            let name = format!("Balcão{line}Bcc: eve@example.com <desk@example.com>");
            let from = sender(&name).unwrap();
            let letter = written(&message("clara@example.com", "Olá"), &from, "desk").unwrap();
            let letter = String::from_utf8(letter.formatted()).unwrap();
            assert!(!letter.lines().any(|l| l.starts_with("Bcc")), "{letter}");
        }
    }

    #[test]
    fn a_sender_has_a_name_or_none() {
        for (text, name, email) in [
            ("desk@example.com", None, "desk@example.com"),
            (" <desk@example.com> ", None, "desk@example.com"),
            (
                "Central de Serviços <a@b.test>",
                Some("Central de Serviços"),
                "a@b.test",
            ),
            ("\"Ajuda, já!\" <a@b.test>", Some("Ajuda, já!"), "a@b.test"),
            ("balcao@127.0.0.1", None, "balcao@127.0.0.1"),
            ("balcao@localhost", None, "balcao@localhost"),
        ] {
            let sender = sender(text).unwrap();
            assert_eq!(sender.name.as_deref(), name, "{text}");
            assert_eq!(sender.email.to_string(), email, "{text}");
        }
        for text in [
            "",
            "desk",
            "a b@c.test",
            "Desk <desk>",
            "a@b.test, c@d.test",
        ] {
            assert!(sender(text).is_err(), "{text:?}");
        }
    }
}
