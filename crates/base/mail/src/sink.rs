//! A mail server of the tests' own: it keeps what it is told and forgets it with
//! the test.

use std::sync::{Arc, Mutex};

use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};
use settings::{Security, Smtp};
use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncWrite, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::pki_types::PrivateKeyDer;

/// How a server behaves.
#[derive(Clone, Default)]
pub struct Manner {
    /// Whether it offers STARTTLS.
    pub offers_tls: bool,
    /// Whether it speaks TLS from the first byte.
    pub wraps: bool,
    /// Whether it offers AUTH, and the Base64 of what it takes.
    pub takes: Option<&'static str>,
    /// The beginning of a command that it refuses, and in which words.
    pub refuses: Option<(&'static str, &'static str)>,
}

/// What a server was told.
#[derive(Default)]
pub struct Heard {
    /// The commands in the clear.
    pub clear: Vec<String>,
    /// The commands under TLS.
    pub hidden: Vec<String>,
    /// The letters.
    pub letters: Vec<String>,
}

/// A running server.
pub struct Sink {
    port: u16,
    pub root: String,
    heard: Arc<Mutex<Heard>>,
}

impl Sink {
    /// A server on a port of this machine, with a certificate for `localhost`.
    pub async fn new(manner: Manner) -> Sink {
        Sink::called("localhost", manner).await
    }

    /// The same with a certificate for `name`.
    pub async fn called(name: &str, manner: Manner) -> Sink {
        let (root, acceptor) = certified(name);
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let heard = Arc::<Mutex<Heard>>::default();
        let keeps = heard.clone();
        // It ends with the test's runtime.
        tokio::spawn(async move {
            while let Ok((socket, _)) = listener.accept().await {
                // A caller who hangs up is part of some tests.
                drop(serve(socket, &acceptor, &manner, &keeps).await);
            }
        });
        Sink { port, root, heard }
    }

    /// How to reach it.
    pub fn settings(&self, security: Security) -> Smtp {
        Smtp {
            server: "localhost".to_owned(),
            port: self.port,
            security,
            login: None,
            root: Some(self.root.clone()),
        }
    }

    /// What it was told so far.
    pub fn heard(&self) -> Heard {
        std::mem::take(&mut *self.heard.lock().unwrap())
    }
}

/// A root certificate, and a server's whose name it vouches for.
fn certified(name: &str) -> (String, TlsAcceptor) {
    let mut params = CertificateParams::new(Vec::new()).unwrap();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let key = KeyPair::generate().unwrap();
    let root = params.self_signed(&key).unwrap().pem();
    let issuer = Issuer::new(params, key);
    let key = KeyPair::generate().unwrap();
    let params = CertificateParams::new(vec![name.to_owned()]).unwrap();
    let leaf = params.signed_by(&key, &issuer).unwrap();
    let key = PrivateKeyDer::try_from(key.serialize_der()).unwrap();
    let config = ServerConfig::builder()
        .with_no_client_auth()
        .with_single_cert(vec![leaf.der().clone()], key)
        .unwrap();
    (root, TlsAcceptor::from(Arc::new(config)))
}

async fn serve(
    socket: TcpStream,
    acceptor: &TlsAcceptor,
    manner: &Manner,
    heard: &Mutex<Heard>,
) -> std::io::Result<()> {
    if manner.wraps {
        let stream = acceptor.accept(socket).await?;
        talk(stream, manner, heard, true, true).await?;
        return Ok(());
    }
    // STARTTLS ends the talk in the clear; another begins on the same wire.
    if let Some(socket) = talk(socket, manner, heard, false, true).await? {
        let stream = acceptor.accept(socket).await?;
        talk(stream, manner, heard, true, false).await?;
    }
    Ok(())
}

/// One talk; gives the wire back when it is to be continued under TLS.
async fn talk<S: AsyncRead + AsyncWrite + Unpin>(
    wire: S,
    manner: &Manner,
    heard: &Mutex<Heard>,
    hidden: bool,
    greets: bool,
) -> std::io::Result<Option<S>> {
    let mut wire = BufReader::new(wire);
    if greets {
        wire.write_all(b"220 sink\r\n").await?;
    }
    let mut line = String::new();
    loop {
        line.clear();
        if wire.read_line(&mut line).await? == 0 {
            return Ok(None);
        }
        let command = line.trim_end().to_owned();
        {
            let mut heard = heard.lock().unwrap();
            let said = match hidden {
                true => &mut heard.hidden,
                false => &mut heard.clear,
            };
            said.push(command.clone());
        }
        let word = command.split(' ').next().unwrap_or_default().to_uppercase();
        let reply = match (manner.refuses, word.as_str()) {
            (Some((begin, words)), _) if command.starts_with(begin) => words.to_owned(),
            (_, "EHLO") => offers(manner, hidden),
            (_, "STARTTLS") => {
                wire.write_all(b"220 go on\r\n").await?;
                return Ok(Some(wire.into_inner()));
            }
            (_, "AUTH") if manner.takes.is_some_and(|good| command.ends_with(good)) => {
                "235 come in".to_owned()
            }
            // A server that repeats what it must not.
            (_, "AUTH") => "535 5.7.8 geheim is not the password".to_owned(),
            (_, "DATA") => {
                wire.write_all(b"354 go on\r\n").await?;
                let mut letter = String::new();
                while !letter.ends_with("\r\n.\r\n") && wire.read_line(&mut letter).await? > 0 {}
                heard.lock().unwrap().letters.push(letter);
                "250 taken".to_owned()
            }
            (_, "QUIT") => {
                wire.write_all(b"221 bye\r\n").await?;
                return Ok(None);
            }
            _ => "250 ok".to_owned(),
        };
        wire.write_all(format!("{reply}\r\n").as_bytes()).await?;
        wire.flush().await?;
    }
}

/// What EHLO is answered with.
fn offers(manner: &Manner, hidden: bool) -> String {
    let mut lines = vec!["sink", "8BITMIME"];
    if manner.offers_tls && !hidden {
        lines.push("STARTTLS");
    }
    if manner.takes.is_some() {
        lines.push("AUTH PLAIN LOGIN");
    }
    let last = lines.len() - 1;
    let line =
        |(i, line): (usize, &&str)| format!("250{}{line}", if i == last { ' ' } else { '-' });
    lines
        .iter()
        .enumerate()
        .map(line)
        .collect::<Vec<_>>()
        .join("\r\n")
}
