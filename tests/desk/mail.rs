//! What leaves by mail, as an administrator tests it (S3-243), and what letters
//! are made of.

use std::sync::{Arc, Mutex};

use settings::{Delivery, Security, Smtp};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpListener;
use ui::Letter;

use crate::support::{Browser, Kind, TestDesk, on_each};

on_each!(
    an_administrator_sends_a_letter_to_themselves,
    a_test_says_when_nothing_is_sent,
    a_test_shows_what_the_server_said,
    a_test_reaches_the_server_of_the_settings,
    a_letter_has_the_same_words_as_text_and_as_html,
);

async fn an_administrator_sends_a_letter_to_themselves(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let mut cast = desk.cast().await;
    assert!(cast.admin.get("/admin").await.shows("/admin/tools"));
    assert!(!cast.supervisor.get("/admin").await.shows("/admin/tools"));
    let page = cast.admin.get("/admin/tools").await.expect(200);
    assert!(page.shows("adm@desk.test") && page.shows("balcao@desk.test"));
    // Not by a link from elsewhere, nor without the form's token.
    cast.admin.get("/admin/tools/mail").await.expect(405);
    let bare = cast.admin.submit_as_is("/admin/tools/mail", &[]).await;
    bare.expect(403);
    assert!(desk.mails().is_empty());
    let answer = cast.admin.submit("/admin/tools/mail", &[]).await;
    assert_eq!(answer.expect(302).location(), "/admin/tools");
    let page = cast.admin.get("/admin/tools").await;
    assert!(page.shows("1 e-mail de teste enviado"), "{}", page.body);
    let mails = desk.mails();
    assert_eq!(mails.len(), 1);
    assert_eq!(mails[0].to, "adm@desk.test");
    assert!(mails[0].text.contains("http://desk.test/admin/tools"));
    cast.admin.language = "en";
    cast.admin
        .submit("/admin/tools/mail", &[])
        .await
        .expect(302);
    assert_eq!(desk.mails()[1].subject, "Test e-mail from the service desk");
}

async fn a_test_says_when_nothing_is_sent(kind: Kind) {
    let desk = TestDesk::with(kind, |s| s.mail.delivery = Delivery::Suppressed).await;
    let mut admin = desk.cast().await.admin;
    assert!(admin.get("/admin/tools").await.shows("MAIL_SERVER"));
    admin.submit("/admin/tools/mail", &[]).await.expect(302);
    assert!(
        admin
            .get("/admin/tools")
            .await
            .shows("Nenhum e-mail enviado")
    );
}

async fn a_test_shows_what_the_server_said(kind: Kind) {
    let (port, _) = server("550 5.1.1 nobody <b>here</b>").await;
    let (_desk, mut admin) = on_server(kind, port).await;
    let page = admin.submit("/admin/tools/mail", &[]).await.expect(422);
    assert!(page.shows("O e-mail não foi enviado"));
    assert!(page.shows("550 5.1.1 nobody") && !page.shows("<b>here"));
}

async fn a_test_reaches_the_server_of_the_settings(kind: Kind) {
    let (port, heard) = server("250 ok").await;
    let (_desk, mut admin) = on_server(kind, port).await;
    let page = admin.get("/admin/tools").await;
    assert!(page.shows(&format!("127.0.0.1:{port}")));
    admin.submit("/admin/tools/mail", &[]).await.expect(302);
    let heard = heard.lock().unwrap().clone();
    assert!(heard.contains("RCPT TO:<adm@desk.test>"), "{heard}");
    assert!(heard.contains("<balcao@desk.test>") && heard.contains("@desk.test>\r\n"));
    assert!(heard.contains("Auto-Submitted: auto-generated"));
}

async fn a_letter_has_the_same_words_as_text_and_as_html(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let letter = Letter::new(&desk.app, kit::Locale::PtBr, "Um <assunto>".to_owned())
        .paragraph("Olá, <script>Clara</script> & cia.\nTudo bem?".to_owned())
        .button(
            "Confirmar".to_owned(),
            "/auth/confirm/a1?b=1&c=2".to_owned(),
        )
        .note("Não foi você? Ignore.".to_owned());
    let mail = letter.to("clara@acme.test").unwrap();
    assert_eq!(
        (mail.to.as_str(), mail.subject.as_str()),
        ("clara@acme.test", "Um <assunto>")
    );
    let url = "http://desk.test/auth/confirm/a1?b=1&c=2";
    for words in [
        "Balcão",
        "Olá, <script>Clara</script> & cia.\nTudo bem?",
        "Confirmar:",
        url,
        "Não foi você? Ignore.",
        "Balcão · http://desk.test",
    ] {
        assert!(mail.text.contains(words), "{words}: {}", mail.text);
    }
    for words in [
        "<html lang=\"pt-BR\">",
        "Olá, &#60;script&#62;Clara&#60;/script&#62; &#38; cia.<br>Tudo bem?",
        ">Confirmar</a>",
        "href=\"http://desk.test/auth/confirm/a1?b=1&#38;c=2\"",
        "copie este endereço",
        "Não foi você? Ignore.",
    ] {
        assert!(mail.html.contains(words), "{words}: {}", mail.html);
    }
    assert!(!mail.html.contains("<script") && !mail.html.contains("<table"));
}

/// A desk that sends to this port, and its administrator.
async fn on_server(kind: Kind, port: u16) -> (TestDesk, Browser) {
    let desk = TestDesk::with(kind, |settings| {
        settings.mail.delivery = Delivery::Smtp(Smtp {
            server: "127.0.0.1".to_owned(),
            port,
            security: Security::Plain,
            login: None,
            root: None,
        });
    })
    .await;
    let admin = desk.cast().await.admin;
    (desk, admin)
}

/// A mail server that answers each recipient with `reply`, and what it was told.
async fn server(reply: &'static str) -> (u16, Arc<Mutex<String>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let heard = Arc::<Mutex<String>>::default();
    let keeps = heard.clone();
    tokio::spawn(async move {
        let (socket, _) = listener.accept().await.unwrap();
        let mut wire = BufReader::new(socket);
        wire.write_all(b"220 sink\r\n").await.unwrap();
        let (mut line, mut in_letter) = (String::new(), false);
        while wire.read_line(&mut line).await.unwrap_or_default() > 0 {
            let said = std::mem::take(&mut line);
            keeps.lock().unwrap().push_str(&said);
            let answer = match said.trim_end() {
                "." => "250 taken",
                _ if in_letter => continue,
                "DATA" => "354 go on",
                said if said.starts_with("RCPT") => reply,
                _ => "250 ok",
            };
            in_letter = answer.starts_with("354");
            let answer = format!("{answer}\r\n");
            if wire.write_all(answer.as_bytes()).await.is_err() {
                break;
            }
        }
    });
    (port, heard)
}
