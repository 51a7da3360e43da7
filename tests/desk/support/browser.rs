//! A browser without a window: cookies, forms with their hidden fields, and the
//! API with a token.

use std::net::SocketAddr;

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::{Method, Request, header};
use futures::FutureExt;
use http_body_util::BodyExt;
use serde_json::Value;
use tower::ServiceExt;
use tower_http::normalize_path::NormalizePath;

use super::PASSWORD;

/// What was answered.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: axum::http::HeaderMap,
    pub body: String,
    pub bytes: Vec<u8>,
}

impl Answer {
    /// What a part of the front door answered by itself.
    pub async fn of(response: axum::response::Response) -> Answer {
        let (parts, body) = response.into_parts();
        let bytes = body.collect().await.unwrap().to_bytes().to_vec();
        Answer {
            status: parts.status.as_u16(),
            headers: parts.headers,
            body: String::from_utf8_lossy(&bytes).into_owned(),
            bytes,
        }
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |v| v.to_str().unwrap())
    }

    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|_| panic!("no JSON: {}", self.body))
    }

    /// Whether the page shows a text.
    pub fn shows(&self, text: &str) -> bool {
        self.body.contains(text)
    }

    /// The answer, which must have this status.
    #[track_caller]
    pub fn expect(self, status: u16) -> Answer {
        assert_eq!(self.status, status, "{}", self.body);
        self
    }

    /// Where it sends the browser.
    pub fn location(&self) -> &str {
        self.header("location")
    }
}

/// An open stream.
pub struct Ear(Body);

impl Ear {
    /// What has come so far, without waiting; `None` when the stream is over.
    pub fn heard(&mut self) -> Option<String> {
        let mut text = String::new();
        while let Some(frame) = self.0.frame().now_or_never() {
            let Some(frame) = frame else {
                return (!text.is_empty()).then_some(text);
            };
            text += &String::from_utf8_lossy(&frame.unwrap().into_data().unwrap());
        }
        Some(text)
    }
}

/// One person's browser.
#[derive(Clone)]
pub struct Browser {
    service: NormalizePath<Router>,
    cookies: Vec<(String, String)>,
    token: Option<String>,
    /// From where it connects; unknown otherwise, and then nobody counts.
    peer: Option<SocketAddr>,
    /// What it sends with every request.
    headers: Vec<(&'static str, String)>,
    pub language: &'static str,
}

impl Browser {
    pub fn new(service: NormalizePath<Router>) -> Browser {
        Browser {
            service,
            cookies: Vec::new(),
            token: None,
            peer: None,
            headers: Vec::new(),
            language: "pt-BR",
        }
    }

    /// Opens the stream of changes; `last` is the last one heard before.
    pub async fn listen(&mut self, path: &str, last: Option<i64>) -> Ear {
        let mut request = Request::builder().uri(path);
        if let Some(last) = last {
            request = request.header("last-event-id", last.to_string());
        }
        for (name, value) in &self.cookies {
            request = request.header(header::COOKIE, format!("{name}={value}"));
        }
        let request = request.body(Body::empty()).unwrap();
        let response = self.service.clone().oneshot(request).await.unwrap();
        assert_eq!(response.status(), 200);
        assert_eq!(response.headers()["x-accel-buffering"], "no");
        assert_eq!(response.headers()["cache-control"], "no-cache");
        Ear(response.into_body())
    }

    pub async fn get(&mut self, path: &str) -> Answer {
        self.send(
            Request::builder().method(Method::GET).uri(path),
            Body::empty(),
        )
        .await
    }

    /// The same with headers.
    pub async fn get_with(&mut self, path: &str, headers: &[(&str, &str)]) -> Answer {
        let mut request = Request::builder().method(Method::GET).uri(path);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        self.send(request, Body::empty()).await
    }

    /// Sends a request and keeps the cookies that come back.
    pub async fn send(&mut self, builder: axum::http::request::Builder, body: Body) -> Answer {
        let mut builder = builder
            .header(header::HOST, "desk.test")
            .header(header::ACCEPT_LANGUAGE, self.language);
        if !self.cookies.is_empty() {
            let pairs: Vec<String> = self
                .cookies
                .iter()
                .map(|(n, v)| format!("{n}={v}"))
                .collect();
            builder = builder.header(header::COOKIE, pairs.join("; "));
        }
        if let Some(token) = &self.token {
            builder = builder.header(header::AUTHORIZATION, format!("Bearer {token}"));
        }
        for (name, value) in &self.headers {
            builder = builder.header(*name, value);
        }
        let mut request = builder.body(body).unwrap();
        if let Some(peer) = self.peer {
            request.extensions_mut().insert(ConnectInfo(peer));
        }
        let response = self.service.clone().oneshot(request).await.unwrap();
        for cookie in response.headers().get_all(header::SET_COOKIE) {
            let cookie = cookie.to_str().unwrap();
            let pair = cookie.split(';').next().unwrap();
            let (name, value) = pair.split_once('=').unwrap();
            assert!(
                !name.starts_with("__Host-") || is_this_hosts(cookie),
                "{cookie}"
            );
            self.cookies.retain(|(n, _)| n != name);
            if !value.is_empty() {
                self.cookies.push((name.to_owned(), value.to_owned()));
            }
        }
        let (parts, body) = response.into_parts();
        // A stream has no end to wait for: see [`Browser::listen`].
        let streams = parts.headers.get(header::CONTENT_TYPE);
        let bytes = match streams.is_some_and(|kind| kind == "text/event-stream") {
            true => Vec::new(),
            false => body.collect().await.unwrap().to_bytes().to_vec(),
        };
        Answer {
            status: parts.status.as_u16(),
            headers: parts.headers,
            body: String::from_utf8_lossy(&bytes).into_owned(),
            bytes,
        }
    }

    /// The same browser at this address.
    pub fn at(mut self, ip: &str) -> Browser {
        self.peer = Some(SocketAddr::new(ip.parse().unwrap(), 40_000));
        self
    }

    /// The same browser with a header that it sends always.
    pub fn always(mut self, name: &'static str, value: &str) -> Browser {
        self.headers.retain(|(n, _)| *n != name);
        self.headers.push((name, value.to_owned()));
        self
    }

    pub fn cookie(&self, name: &str) -> Option<&str> {
        self.cookies
            .iter()
            .find(|(n, _)| n == name)
            .map(|(_, v)| v.as_str())
    }

    pub fn set_cookie(&mut self, name: &str, value: &str) {
        self.cookies.retain(|(n, _)| n != name);
        self.cookies.push((name.to_owned(), value.to_owned()));
    }

    /// The token that forms of this session carry.
    pub async fn csrf(&mut self) -> String {
        let page = self.get("/api/docs").await;
        between(&page.body, "name=\"csrf\" value=\"", "\"")
            .unwrap_or_default()
            .to_owned()
    }

    /// Sends a form, as the page with the form would.
    pub async fn submit(&mut self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let csrf = self.csrf().await;
        let mut all = vec![("csrf", csrf.as_str())];
        all.extend_from_slice(fields);
        self.submit_as_is(path, &all).await
    }

    /// Sends exactly these fields.
    pub async fn submit_as_is(&mut self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let body = kit::with_query("", fields);
        let request = Request::builder()
            .method(Method::POST)
            .uri(path)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        self.send(request, Body::from(body.trim_start_matches('?').to_owned()))
            .await
    }

    /// Sends a form with files.
    pub async fn submit_files(
        &mut self,
        path: &str,
        fields: &[(&str, &str)],
        files: &[(&str, &[u8])],
    ) -> Answer {
        let csrf = self.csrf().await;
        let mut all = vec![("csrf", csrf.as_str())];
        all.extend_from_slice(fields);
        let (kind, body) = multipart(&all, files);
        let request = Request::builder()
            .method(Method::POST)
            .uri(path)
            .header(header::CONTENT_TYPE, kind);
        self.send(request, Body::from(body)).await
    }

    /// Opens a ticket and returns its protocol.
    pub async fn open(&mut self, fields: &[(&str, &str)]) -> String {
        let mut all = vec![("title", "Impressora"), ("description", "Não imprime.")];
        all.retain(|(name, _)| !fields.iter().any(|(n, _)| n == name));
        all.extend_from_slice(fields);
        let answer = self.submit("/tickets/create", &all).await;
        assert_eq!(answer.status, 302, "not opened: {}", answer.body);
        answer.location().trim_start_matches("/tickets/").to_owned()
    }

    /// A ticket's page.
    pub async fn ticket(&mut self, protocol: &str) -> Answer {
        self.get(&format!("/tickets/{protocol}")).await
    }

    /// Does something to a ticket by its page's form.
    pub async fn act(&mut self, protocol: &str, act: &str, fields: &[(&str, &str)]) -> Answer {
        let path = match act {
            "" => format!("/tickets/{protocol}"),
            act => format!("/tickets/{protocol}/{act}"),
        };
        self.submit(&path, fields).await
    }

    /// The same browser as a program with a token.
    pub async fn api(&self, email: &str) -> Browser {
        let mut program = Browser::new(self.service.clone());
        let answer = program
            .call(
                "POST",
                "/api/v1/auth/login",
                &serde_json::json!({ "email": email, "password": PASSWORD }),
            )
            .await
            .expect(200);
        program.token = answer.json()["access_token"].as_str().map(str::to_owned);
        program
    }

    pub fn set_token(&mut self, token: &str) {
        self.token = Some(token.to_owned());
    }

    pub fn token(&self) -> &str {
        self.token.as_deref().unwrap_or_default()
    }

    /// Calls the API with a JSON body.
    pub async fn call(&mut self, method: &str, path: &str, body: &Value) -> Answer {
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header(header::CONTENT_TYPE, "application/json");
        let body = if body.is_null() {
            Body::empty()
        } else {
            Body::from(body.to_string())
        };
        self.send(request, body).await
    }
}

/// Whether a browser takes a cookie whose name says that it is this host's alone.
fn is_this_hosts(cookie: &str) -> bool {
    let has = |wanted: &str| cookie.split("; ").any(|it| it == wanted);
    has("Secure")
        && has("Path=/")
        && cookie.matches("Path=").count() == 1
        && !cookie.contains("Domain=")
}

/// A multipart body and its content type.
pub fn multipart(fields: &[(&str, &str)], files: &[(&str, &[u8])]) -> (String, Vec<u8>) {
    let boundary = "----desk-test-boundary";
    let mut body = Vec::new();
    for (name, value) in fields {
        let part = format!(
            "--{boundary}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n"
        );
        body.extend_from_slice(part.as_bytes());
    }
    for (name, content) in files {
        let part = format!(
            "--{boundary}\r\nContent-Disposition: form-data; name=\"files\"; filename=\"{name}\"\r\n\
             Content-Type: application/octet-stream\r\n\r\n"
        );
        body.extend_from_slice(part.as_bytes());
        body.extend_from_slice(content);
        body.extend_from_slice(b"\r\n");
    }
    body.extend_from_slice(format!("--{boundary}--\r\n").as_bytes());
    (format!("multipart/form-data; boundary={boundary}"), body)
}

/// What stands between two marks.
fn between<'a>(text: &'a str, from: &str, to: &str) -> Option<&'a str> {
    let (_, rest) = text.split_once(from)?;
    rest.split_once(to).map(|(inside, _)| inside)
}
