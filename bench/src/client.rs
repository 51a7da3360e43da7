//! One connection to the server, kept open.

use bytes::Bytes;
use http::header::{AUTHORIZATION, CONTENT_TYPE, COOKIE, HOST, SET_COOKIE};
use http::{Method, Request};
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper_util::rt::TokioIo;
use serde_json::{Value, json};
use tokio::net::TcpStream;

/// What was answered.
pub struct Answer {
    pub status: u16,
    pub cookies: Vec<String>,
    pub body: String,
}

/// A connection, with who is signed in on it.
pub struct Client {
    sender: SendRequest<Full<Bytes>>,
    pub cookie: String,
    pub token: String,
}

impl Client {
    /// Connects.
    pub async fn to(address: &str) -> Result<Client, String> {
        let stream = TcpStream::connect(address).await.map_err(said)?;
        stream.set_nodelay(true).map_err(said)?;
        let (sender, connection) = handshake(TokioIo::new(stream)).await.map_err(said)?;
        tokio::spawn(connection);
        Ok(Client {
            sender,
            cookie: String::new(),
            token: String::new(),
        })
    }

    /// Connects as somebody who is signed in for pages and for the API.
    pub async fn signed_in(address: &str, login: &(String, String)) -> Result<Client, String> {
        let mut client = Client::to(address).await?;
        let page = client.get("/auth/login").await?;
        let visit = page.cookies.join("; ");
        let csrf = between(&page.body, "name=\"csrf\" value=\"").to_owned();
        let escape = |text: &str| text.replace('@', "%40").replace('+', "%2B");
        let form = format!(
            "csrf={csrf}&email={}&password={}",
            escape(&login.0),
            escape(&login.1)
        );
        client.cookie = visit.clone();
        let answer = client
            .send(
                Method::POST,
                "/auth/login",
                form,
                "application/x-www-form-urlencoded",
            )
            .await?;
        client.cookie = [vec![visit], answer.cookies].concat().join("; ");
        let (email, password) = login;
        let body = json!({ "email": email, "password": password });
        let answer = client.post("/api/v1/auth/login", &body).await?;
        let answer: Value = serde_json::from_str(&answer.body).map_err(said)?;
        answer["access_token"]
            .as_str()
            .ok_or("no token")?
            .clone_into(&mut client.token);
        Ok(client)
    }

    /// Another connection of the same person.
    pub async fn another(&self, address: &str) -> Result<Client, String> {
        let mut client = Client::to(address).await?;
        self.cookie.clone_into(&mut client.cookie);
        self.token.clone_into(&mut client.token);
        Ok(client)
    }

    pub async fn get(&mut self, path: &str) -> Result<Answer, String> {
        self.send(Method::GET, path, String::new(), "").await
    }

    /// Calls the API.
    pub async fn post(&mut self, path: &str, body: &Value) -> Result<Answer, String> {
        self.send(Method::POST, path, body.to_string(), "application/json")
            .await
    }

    async fn send(
        &mut self,
        method: Method,
        path: &str,
        body: String,
        kind: &str,
    ) -> Result<Answer, String> {
        let response = self.begin(method, path, body, kind).await?;
        let status = response.status().as_u16();
        let cookies = response.headers().get_all(SET_COOKIE).iter();
        let cookies = cookies
            .filter_map(|c| c.to_str().ok()?.split(';').next().map(str::to_owned))
            .filter(|c| !c.ends_with('='))
            .collect();
        let body = response.into_body().collect().await.map_err(said)?;
        Ok(Answer {
            status,
            cookies,
            body: String::from_utf8_lossy(&body.to_bytes()).into_owned(),
        })
    }

    /// Opens a stream.
    pub async fn stream(&mut self, path: &str) -> Result<Incoming, String> {
        let response = self.begin(Method::GET, path, String::new(), "").await?;
        match response.status().as_u16() {
            200 => Ok(response.into_body()),
            status => Err(format!("{path}: {status}")),
        }
    }

    async fn begin(
        &mut self,
        method: Method,
        path: &str,
        body: String,
        kind: &str,
    ) -> Result<http::Response<Incoming>, String> {
        let mut request = Request::builder()
            .method(method)
            .uri(path)
            .header(HOST, "desk.test");
        if !kind.is_empty() {
            request = request.header(CONTENT_TYPE, kind);
        }
        if path.starts_with("/api/") {
            if !self.token.is_empty() {
                request = request.header(AUTHORIZATION, format!("Bearer {}", self.token));
            }
        } else if !self.cookie.is_empty() {
            request = request.header(COOKIE, &self.cookie);
        }
        let request = request.body(Full::from(body)).map_err(said)?;
        self.sender.ready().await.map_err(said)?;
        self.sender.send_request(request).await.map_err(said)
    }
}

/// What follows `mark`, up to the next quotation mark.
pub fn between<'a>(text: &'a str, mark: &str) -> &'a str {
    let rest = text.split_once(mark).map_or("", |(_, rest)| rest);
    rest.split('"').next().unwrap_or_default()
}

pub fn said(error: impl ToString) -> String {
    error.to_string()
}
