use std::io::Write;
use std::sync::{Arc, Mutex};

use jobs::Failure;
use settings::{Delivery, Mail, Password, Security, Smtp};
use tokio::net::TcpListener;
use tracing_subscriber::fmt::MakeWriter;

use crate::sink::{Manner, Sink};
use crate::{MailError, Mailer, Message};

const SENDER: &str = "Balcão <balcao@desk.test>";
/// `desk` and `geheim`, as AUTH PLAIN says them.
const RIGHT: &str = "AGRlc2sAZ2VoZWlt";

fn mailer(smtp: Smtp) -> Mailer {
    Mailer::new(&Mail {
        delivery: Delivery::Smtp(smtp),
        sender: SENDER.to_owned(),
        host: "desk.test".to_owned(),
    })
    .unwrap()
}

fn letter(to: &str) -> Message {
    Message {
        to: to.to_owned(),
        subject: "Um teste".to_owned(),
        text: "Olá.\n.\nUm ponto só.".to_owned(),
        html: "<p>Olá.</p>".to_owned(),
    }
}

async fn send(smtp: Smtp) -> Result<(), MailError> {
    mailer(smtp).send(letter("clara@acme.test")).await
}

/// What is logged while it lives.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Log {
    fn begin(&self) -> tracing::subscriber::DefaultGuard {
        let log = tracing_subscriber::fmt()
            .with_max_level(tracing::Level::TRACE)
            .with_writer(self.clone())
            .finish();
        tracing::subscriber::set_default(log)
    }

    fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }
}

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl MakeWriter<'_> for Log {
    type Writer = Log;
    fn make_writer(&self) -> Log {
        self.clone()
    }
}

#[tokio::test]
async fn a_letter_goes_to_the_server_and_the_port_of_the_settings() {
    let (one, other) = (
        Sink::new(Manner::default()).await,
        Sink::new(Manner::default()).await,
    );
    send(one.settings(Security::Plain)).await.unwrap();
    let heard = one.heard();
    assert_eq!(heard.clear[0], "EHLO desk.test");
    assert!(heard.clear[1].starts_with("MAIL FROM:<balcao@desk.test>"));
    assert_eq!(heard.clear[2], "RCPT TO:<clara@acme.test>");
    assert!(heard.letters[0].contains("<balcao@desk.test>\r\n"));
    assert!(other.heard().clear.is_empty());
    send(other.settings(Security::Plain)).await.unwrap();
    assert_eq!(other.heard().letters.len(), 1);
    assert!(one.heard().letters.is_empty());
}

#[tokio::test]
async fn with_starttls_nothing_is_said_in_the_clear() {
    let offers_tls = Manner {
        offers_tls: true,
        ..Manner::default()
    };
    let sink = Sink::new(offers_tls).await;
    send(sink.settings(Security::StartTls)).await.unwrap();
    let heard = sink.heard();
    assert_eq!(heard.clear, ["EHLO desk.test", "STARTTLS"]);
    assert_eq!(heard.letters.len(), 1);
}

#[tokio::test]
async fn a_server_without_starttls_gets_neither_password_nor_letter() {
    let sink = Sink::new(Manner {
        takes: Some(RIGHT),
        ..Manner::default()
    })
    .await;
    let mut smtp = sink.settings(Security::StartTls);
    smtp.login = Some(("desk".to_owned(), Password("geheim".to_owned())));
    let log = Log::default();
    let guard = log.begin();
    let error = send(smtp).await.unwrap_err();
    drop(guard);
    assert!(error.to_string().contains("STARTTLS"), "{error}");
    assert!(!error.is_final(), "whoever runs the desk can mend it");
    assert!(log.text().contains("mail not sent"));
    let heard = sink.heard();
    let harmless = |c: &&String| matches!(c.as_str(), "EHLO desk.test" | "QUIT");
    assert!(
        heard.clear.iter().all(|c| harmless(&c)),
        "{:?}",
        heard.clear
    );
    assert!(heard.letters.is_empty() && heard.hidden.is_empty());
}

#[tokio::test]
async fn with_ssl_the_first_byte_is_tls() {
    let wraps = Manner {
        wraps: true,
        ..Manner::default()
    };
    let sink = Sink::new(wraps).await;
    send(sink.settings(Security::Tls)).await.unwrap();
    let heard = sink.heard();
    assert!(heard.clear.is_empty());
    assert_eq!(heard.letters.len(), 1);
}

#[tokio::test]
async fn one_root_more_is_not_any_certificate() {
    let offers_tls = Manner {
        offers_tls: true,
        ..Manner::default()
    };
    let sink = Sink::new(offers_tls.clone()).await;
    let stranger = Sink::new(offers_tls.clone()).await;
    let renamed = Sink::called("mx.elsewhere.test", offers_tls).await;
    let unknown = Smtp {
        root: None,
        ..sink.settings(Security::StartTls)
    };
    let another = Smtp {
        root: Some(stranger.root.clone()),
        ..sink.settings(Security::StartTls)
    };
    for smtp in [unknown, another, renamed.settings(Security::StartTls)] {
        let error = send(smtp).await.unwrap_err();
        assert!(!error.is_final(), "{error}");
        assert!(error.to_string().contains("certificate"), "{error}");
    }
    for sink in [sink, stranger, renamed] {
        assert!(sink.heard().hidden.is_empty());
    }
}

#[tokio::test]
async fn a_user_name_signs_in_and_none_does_not() {
    let sink = Sink::new(Manner {
        takes: Some(RIGHT),
        ..Manner::default()
    })
    .await;
    send(sink.settings(Security::Plain)).await.unwrap();
    assert!(!sink.heard().clear.iter().any(|c| c.starts_with("AUTH")));
    let mut smtp = sink.settings(Security::Plain);
    smtp.login = Some(("desk".to_owned(), Password("geheim".to_owned())));
    send(smtp).await.unwrap();
    let heard = sink.heard();
    assert!(heard.clear.contains(&format!("AUTH PLAIN {RIGHT}")));
    assert_eq!(heard.letters.len(), 1);
}

#[tokio::test]
async fn a_wrong_password_is_logged_without_itself() {
    let sink = Sink::new(Manner {
        takes: Some("another"),
        ..Manner::default()
    })
    .await;
    let mut smtp = sink.settings(Security::Plain);
    smtp.login = Some(("desk".to_owned(), Password("geheim".to_owned())));
    let log = Log::default();
    let guard = log.begin();
    let mailer = mailer(smtp.clone());
    tracing::error!(?mailer, ?smtp, "what a careless line would print");
    let error = mailer.send(letter("clara@acme.test")).await.unwrap_err();
    drop(guard);
    assert!(!error.is_final(), "the right password helps");
    let log = log.text();
    assert!(
        log.contains("mail not sent") && log.contains("535"),
        "{log}"
    );
    assert!(log.contains("clara@acme.test"));
    for text in [log, format!("{error} {error:?}")] {
        assert!(!text.contains("geheim") && !text.contains(RIGHT), "{text}");
    }
    assert!(sink.heard().letters.is_empty());
}

#[tokio::test]
async fn only_a_refusal_for_good_is_given_up() {
    for (command, reply, is_final) in [
        ("RCPT", "550 5.1.1 nobody of that name", true),
        ("RCPT", "450 4.2.1 the box is full", false),
        ("MAIL", "421 too many callers", false),
        ("MAIL", "530 5.7.0 sign in first", false),
        ("DATA", "554 5.6.0 not such a letter", true),
    ] {
        let refuses = Manner {
            refuses: Some((command, reply)),
            ..Manner::default()
        };
        let sink = Sink::new(refuses).await;
        let error = send(sink.settings(Security::Plain)).await.unwrap_err();
        assert_eq!(error.is_final(), is_final, "{reply}");
        // Its own words, for whoever looks into it.
        assert_eq!(error.to_string(), reply);
        assert_eq!(Failure::from(error).is_hopeless(), is_final);
    }
    let away = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = away.local_addr().unwrap().port();
    drop(away);
    let sink = Sink::new(Manner::default()).await;
    let smtp = Smtp {
        port,
        ..sink.settings(Security::Plain)
    };
    assert!(!send(smtp).await.unwrap_err().is_final());
    let mailer = mailer(sink.settings(Security::Plain));
    let nobody = mailer.send(letter("nobody")).await;
    assert!(nobody.unwrap_err().is_final());
}

#[tokio::test]
async fn a_suppressed_letter_is_named_in_the_log() {
    let log = Log::default();
    let guard = log.begin();
    let mailer = Mailer::suppressed();
    mailer.send(letter("clara@acme.test")).await.unwrap();
    drop(guard);
    let log = log.text();
    for word in ["suppressed", "clara@acme.test", "Um teste"] {
        assert!(log.contains(word), "{word}: {log}");
    }
    assert!(
        !log.contains("Olá"),
        "a letter may hold a secret link: {log}"
    );
    assert_eq!(mailer.server(), None);
}

#[tokio::test]
async fn a_test_reads_what_was_kept() {
    let mailer = Mailer::kept();
    mailer
        .clone()
        .send(letter("clara@acme.test"))
        .await
        .unwrap();
    assert!(mailer.send(letter("nobody")).await.is_err());
    assert_eq!(mailer.outbox().len(), 1);
    assert_eq!(mailer.outbox()[0].to, "clara@acme.test");
}
