use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use super::*;

fn allow(hosts: &[&str], networks: &[&str]) -> settings::Outgoing {
    settings::Outgoing {
        hosts: hosts.iter().map(|h| (*h).to_owned()).collect(),
        networks: networks.iter().map(|n| n.parse().unwrap()).collect(),
    }
}

/// A machine that says the same to everybody who calls; its port.
async fn machine(says: Vec<u8>) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        while let Ok((mut call, _)) = listener.accept().await {
            let says = says.clone();
            tokio::spawn(async move {
                let mut heard = [0; 1_024];
                _ = call.read(&mut heard).await;
                _ = call.write_all(&says).await;
                // Whoever says nothing keeps the line.
                if says.is_empty() {
                    std::future::pending::<()>().await;
                }
            });
        }
    });
    port
}

async fn ask(
    allowed: &settings::Outgoing,
    url: &str,
) -> std::result::Result<Response<Vec<u8>>, Error> {
    let outgoing = Outgoing::patient(allowed, Duration::from_millis(400)).unwrap();
    let request = Request::get(url).body(Vec::new()).unwrap();
    outgoing.send(request).await
}

fn ok(body: &str) -> Vec<u8> {
    let length = body.len();
    format!("HTTP/1.1 200 OK\r\ncontent-length: {length}\r\nx-a: b\r\n\r\n{body}").into_bytes()
}

#[tokio::test]
async fn own_addresses_are_refused_however_they_are_written() {
    let none = allow(&[], &[]);
    for url in [
        "https://127.0.0.1/",
        "https://2130706433/",
        "https://0x7f.1/",
        "https://127.1:8443/x",
        "https://[::1]/",
        "https://[::ffff:127.0.0.1]/",
        "https://169.254.169.254/latest/meta-data/",
        "https://10.0.0.1/",
        "https://localhost/",
    ] {
        assert_eq!(ask(&none, url).await.unwrap_err(), Error::Private, "{url}");
    }
}

#[tokio::test]
async fn nothing_goes_in_the_clear_but_to_what_is_allowed() {
    let port = machine(ok("hello")).await;
    let plain = |allowed: settings::Outgoing, host: &'static str| async move {
        ask(&allowed, &format!("http://{host}:{port}/a")).await
    };
    let refused = plain(allow(&[], &[]), "127.0.0.1").await;
    assert_eq!(refused.unwrap_err(), Error::Private);
    let refused = plain(allow(&[], &[]), "localhost").await;
    assert_eq!(refused.unwrap_err(), Error::NotSecure);
    let refused = plain(allow(&["idp.test"], &[]), "localhost").await;
    assert_eq!(refused.unwrap_err(), Error::Private);
    let refused = plain(allow(&[], &["127.0.0.1/32"]), "8.8.8.8").await;
    assert_eq!(refused.unwrap_err(), Error::NotSecure);
    let answer = plain(allow(&[], &["127.0.0.1/32"]), "127.0.0.1").await;
    let answer = answer.unwrap();
    assert_eq!(
        (answer.status().as_u16(), answer.body().as_slice()),
        (200, &b"hello"[..])
    );
    assert_eq!(answer.headers()["x-a"], "b");
    let answer = plain(allow(&["LocalHost"], &[]), "localhost").await;
    assert_eq!(answer.unwrap().body(), b"hello");
}

#[tokio::test]
async fn no_redirect_is_followed() {
    let target = machine(ok("the other one")).await;
    let to = format!(
        "HTTP/1.1 302 Found\r\nlocation: http://127.0.0.1:{target}/\r\ncontent-length: 0\r\n\r\n"
    );
    let port = machine(to.into_bytes()).await;
    let answer = ask(
        &allow(&[], &["127.0.0.0/8"]),
        &format!("http://127.0.0.1:{port}/"),
    )
    .await;
    assert_eq!(answer.unwrap_err(), Error::Redirected);
}

#[tokio::test]
async fn an_answer_that_is_late_or_endless_is_none() {
    let allowed = allow(&[], &["127.0.0.0/8"]);
    let silent = machine(Vec::new()).await;
    let answer = ask(&allowed, &format!("http://127.0.0.1:{silent}/")).await;
    assert_eq!(answer.unwrap_err(), Error::Late);
    let endless = machine(ok(&"x".repeat(MOST + 1))).await;
    let answer = ask(&allowed, &format!("http://127.0.0.1:{endless}/")).await;
    assert_eq!(answer.unwrap_err(), Error::TooLarge);
}

#[tokio::test]
async fn what_went_wrong_is_told_apart() {
    let allowed = allow(&[], &["127.0.0.0/8"]);
    let gone = {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        listener.local_addr().unwrap().port()
    };
    let answer = ask(&allowed, &format!("http://127.0.0.1:{gone}/")).await;
    assert_eq!(answer.unwrap_err(), Error::Away);
    let plain = machine(ok("no TLS here")).await;
    let answer = ask(&allowed, &format!("https://127.0.0.1:{plain}/")).await;
    assert!(matches!(answer, Err(Error::Tls(_))), "{answer:?}");
    let answer = ask(&allowed, "https://no-such-host.invalid/").await;
    assert_eq!(answer.unwrap_err(), Error::Unknown);
    for url in ["ftp://a.test/", "https://me:word@a.test/"] {
        assert_eq!(
            ask(&allowed, url).await.unwrap_err(),
            Error::Address,
            "{url}"
        );
    }
}
