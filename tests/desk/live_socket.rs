//! What open pages hear, over a WebSocket (S3-127). These speak to a real listener,
//! because a socket cannot be opened without a connection.

use std::net::SocketAddr;
use std::time::Duration;

use balcao::serve;
use futures::StreamExt;
use serde_json::Value;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{WebSocketStream, client_async};

use crate::support::{Browser, Kind, TestDesk, on_each};

on_each!(
    a_socket_tells_what_a_stream_would,
    whoever_comes_again_to_a_socket_has_missed_nothing,
    a_socket_tells_a_requester_of_their_own_only,
    a_socket_opens_for_the_signed_in_on_our_own_pages_only,
    a_socket_ends_when_its_account_changes_and_when_the_desk_stops,
    a_page_says_how_it_listens,
);

/// A served desk; it stops when this is dropped.
struct Served {
    at: SocketAddr,
    _stop: watch::Sender<bool>,
}

/// How a page opens its socket.
#[derive(Default)]
struct Opening<'a> {
    cookie: &'a str,
    origin: &'a str,
    site: &'a str,
    after: Option<i64>,
}

impl<'a> Opening<'a> {
    fn of(browser: &'a Browser) -> Opening<'a> {
        Opening {
            cookie: browser.cookie("session").unwrap(),
            origin: "http://desk.test",
            site: "same-origin",
            after: None,
        }
    }
}

struct Socket(WebSocketStream<TcpStream>);

impl Served {
    async fn of(desk: &TestDesk) -> Served {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let at = listener.local_addr().unwrap();
        let (_stop, stopped) = watch::channel(false);
        tokio::spawn(serve::serve(desk.app.clone(), listener, stopped));
        Served { at, _stop }
    }

    /// Opens a socket, or says with which status that was refused.
    async fn open(&self, opening: Opening<'_>) -> Result<Socket, u16> {
        let after = opening.after.map(|seq| format!("?after={seq}"));
        let url = format!("ws://{}/live/ws{}", self.at, after.unwrap_or_default());
        let mut request = url.into_client_request().unwrap();
        let session = match opening.cookie {
            "" => String::new(),
            token => format!("session={token}"),
        };
        for (name, value) in [
            ("cookie", session.as_str()),
            ("origin", opening.origin),
            ("sec-fetch-site", opening.site),
        ] {
            if !value.is_empty() {
                request.headers_mut().insert(name, value.parse().unwrap());
            }
        }
        let stream = TcpStream::connect(self.at).await.unwrap();
        match client_async(request, stream).await {
            Ok((socket, answer)) => {
                assert_eq!(answer.status(), 101);
                Ok(Socket(socket))
            }
            Err(Error::Http(answer)) => Err(answer.status().as_u16()),
            Err(other) => panic!("{other}"),
        }
    }

    /// A socket, and from where it stands.
    async fn listen(&self, browser: &Browser) -> (Socket, i64) {
        let mut socket = self.open(Opening::of(browser)).await.unwrap();
        let here = socket.heard().await.unwrap();
        assert_eq!(here["event"], "here");
        (socket, here["id"].as_i64().unwrap())
    }
}

impl Socket {
    /// The next thing that is said; `None` when it is over.
    async fn heard(&mut self) -> Option<Value> {
        let next = tokio::time::timeout(Duration::from_secs(10), self.0.next());
        match next.await.expect("nothing was said") {
            Some(Ok(Message::Text(text))) => Some(serde_json::from_str(&text).unwrap()),
            Some(Ok(Message::Close(_)) | Err(_)) | None => None,
            other => panic!("{other:?}"),
        }
    }
}

async fn a_socket_tells_what_a_stream_would(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let mut cast = desk.cast().await;
    let t = cast.client.open(&[]).await;
    let served = Served::of(&desk).await;
    let (mut socket, here) = served.listen(&cast.tech).await;

    let said = [("content", "O SEGREDO é outro")];
    cast.client.act(&t, "", &said).await.expect(302);
    let change = socket.heard().await.unwrap();
    assert_eq!(change["event"], "change");
    assert_eq!(change["data"]["topic"], "tickets");
    assert!(change["id"].as_i64().unwrap() > here);
    let whole = change.to_string();
    assert!(!whole.contains("SEGREDO") && !whole.contains(&t), "{whole}");

    let looks = [("tab", "a"), ("state", "looking")];
    cast.tech2.act(&t, "presence", &looks).await.expect(200);
    let passed = socket.heard().await.unwrap();
    assert_eq!(passed["event"], "presence");
    assert_eq!(passed["data"]["id"], change["data"]["id"]);
    assert_eq!(passed.get("id"), None, "it stands in no log");
}

async fn whoever_comes_again_to_a_socket_has_missed_nothing(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let mut cast = desk.cast().await;
    let t = cast.client.open(&[]).await;
    let served = Served::of(&desk).await;
    let (socket, here) = served.listen(&cast.tech).await;
    drop(socket);
    for text in ["um", "dois"] {
        cast.client
            .act(&t, "", &[("content", text)])
            .await
            .expect(302);
    }
    let opening = Opening {
        after: Some(here),
        ..Opening::of(&cast.tech)
    };
    let mut again = served.open(opening).await.unwrap();
    let mut told = Vec::new();
    for _ in 0..3 {
        let said = again.heard().await.unwrap();
        told.push(said["event"].as_str().unwrap().to_owned());
    }
    assert_eq!(told, ["change", "change", "here"]);
}

async fn a_socket_tells_a_requester_of_their_own_only(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let mut cast = desk.cast().await;
    let t = cast.client.open(&[]).await;
    cast.tech.act(&t, "assign", &[]).await.expect(302);
    let served = Served::of(&desk).await;
    let (mut own, here) = served.listen(&cast.client).await;
    let note = [("content", "Só entre nós"), ("internal", "on")];
    cast.tech.act(&t, "", &note).await.expect(302);
    let looks = [("tab", "a"), ("state", "looking")];
    cast.tech.act(&t, "presence", &looks).await.expect(200);
    cast.client2.open(&[]).await;
    let reply = [("content", "Para quem pediu")];
    cast.tech.act(&t, "", &reply).await.expect(302);
    let first = own.heard().await.unwrap();
    assert_eq!(first["event"], "change", "{first}");
    // The note and another's ticket came before it and were not told.
    assert_eq!(first["id"].as_i64().unwrap(), here + 3);
}

async fn a_socket_opens_for_the_signed_in_on_our_own_pages_only(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let mut cast = desk.cast().await;
    let served = Served::of(&desk).await;
    let status = async |opening: Opening<'_>| served.open(opening).await.err();
    assert_eq!(status(Opening::of(&cast.tech)).await, None);
    let nobody = Opening {
        cookie: "",
        ..Opening::of(&cast.tech)
    };
    assert_eq!(status(nobody).await, Some(401));
    for origin in [
        "https://evil.test",
        "https://desk.test.evil.test",
        "http://desk.test:81",
        "null",
    ] {
        let foreign = Opening {
            origin,
            site: "",
            ..Opening::of(&cast.tech)
        };
        assert_eq!(status(foreign).await, Some(403), "{origin}");
    }
    for site in ["cross-site", "same-site"] {
        let foreign = Opening {
            site,
            ..Opening::of(&cast.tech)
        };
        assert_eq!(status(foreign).await, Some(403), "{site}");
    }
    // Without a handshake there is nothing to be had.
    cast.tech.get("/live/ws").await.expect(400);
    cast.nobody.get("/live/ws").await.expect(302);
}

async fn a_socket_ends_when_its_account_changes_and_when_the_desk_stops(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let mut cast = desk.cast().await;
    let served = Served::of(&desk).await;
    let (mut theirs, _) = served.listen(&cast.tech2).await;
    let (mut mine, _) = served.listen(&cast.tech).await;
    let path = format!("/admin/users/{}", desk.id("tec2@desk.test").await);
    let gone = [
        ("name", "Tereza"),
        ("email", "tec2@desk.test"),
        ("role", "tech"),
    ];
    cast.admin.submit(&path, &gone).await.expect(302);
    assert_eq!(theirs.heard().await, None);
    assert_eq!(mine.heard().await.unwrap()["data"]["topic"], "users");
    let refused = served.open(Opening::of(&cast.tech2)).await;
    assert_eq!(refused.err(), Some(401));
    desk.app.live.close();
    assert_eq!(mine.heard().await, None);
}

async fn a_page_says_how_it_listens(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let mut cast = desk.cast().await;
    assert!(!cast.tech.get("/tickets").await.shows("data-live-transport"));
    let desk = TestDesk::with(kind, |settings| settings.sockets = true).await;
    let mut cast = desk.cast().await;
    let page = cast.tech.get("/tickets").await;
    assert!(page.shows("data-live-transport=\"ws\""));
    assert!(!cast.nobody.get("/").await.shows("data-live-transport"));
}
