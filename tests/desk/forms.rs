//! Every form that a page shows to anybody, filled with what nobody should send: a
//! clear error with the text kept, or safe storage, and never a 500. The forms are
//! found by looking at every page there is, with the fields that they declare.

use std::collections::{BTreeMap, BTreeSet};

use axum::body::Body;
use axum::http::Request;
use kit::{Access, Role};
use tokio::time::timeout;

use crate::support::evil::{self, did_no_harm};
use crate::support::html::{self, Field, Form};
use crate::support::stage::{Found, LEFT_ALONE, PATIENCE, Stage, fits, is_page};
use crate::support::{Answer, Kind, on_each, on_sqlite};

// What a database refuses, a client's forms and the calls of the API show on each.
on_each!(no_form_of_a_client_breaks_by_what_is_typed_into_it);

on_sqlite!(
    no_form_of_the_staff_breaks_by_what_is_typed_into_it,
    no_form_of_an_administrator_breaks_by_what_is_typed_into_it,
    no_form_breaks_by_a_body_that_is_none,
    no_page_breaks_by_what_stands_in_its_address,
);

/// Forms, by where their route begins, whose plain filling is refused, and why that
/// is right.
const REFUSED: [(&str, &str); 7] = [
    ("/auth/login", "the account is made up"),
    ("/auth/passkey", "a device answers"),
    ("/meu-perfil/security", "a device or an app answers"),
    ("/meu-perfil/sso", "a provider answers"),
    ("/admin/sso", "a provider answers"),
    (
        "/meu-perfil/tokens/{api_token}",
        "another password has ended it",
    ),
    ("/tickets/{ticket}/move", "a column may need words first"),
];

/// One pixel.
const PNG: &[u8] =
    b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR\0\0\0\x01\0\0\0\x01\x08\x06\0\0\0\x1f\x15\xc4\x89\
    \0\0\0\x0dIDATx\x9cc\xf8\xcf\xc0\xf0\x1f\0\x05\0\x01\xff\x89\x99\x3d\x1d\0\0\0\0IEND\xaeB`\x82";

/// Fields that come back empty, and why that is right.
const NOT_KEPT: [(&str, &str); 2] = [
    ("code", "it is good once"),
    (
        "passkey_name",
        "a script sends it with what the device answered",
    ),
];

impl Stage {
    /// Fills every field of every form with everything.
    async fn drive(&mut self) {
        let forms = self.forms().await;
        assert!(!forms.is_empty());
        let mut refused = Vec::new();
        for mut found in forms {
            self.renew(&mut found).await;
            for choices in acts(&found.form) {
                let mut plain = self.filled(&found.form);
                choose(&mut plain, &choices);
                let files: &[(&str, &[u8])] =
                    match found.form.fields.iter().any(|f| f.kind == "file") {
                        true => &[("eu.png", PNG)],
                        false => &[],
                    };
                let what = "what belongs there";
                let answer = self.send_files(&mut found, &plain, files, what).await;
                let well = matches!(answer.status, 200 | 201 | 204 | 302);
                let beside = choices.len() == 1 && acts(&found.form)[0].is_empty();
                if !well
                    && !beside
                    && !REFUSED
                        .iter()
                        .any(|(route, _)| found.route.starts_with(route))
                {
                    refused.push(format!(
                        "{} on {}: {}",
                        found.route, found.page, answer.body
                    ));
                }
                let fields = found.form.fields.clone();
                let form = found.form.clone();
                let driven = fields.iter().filter(|f| f.name != "csrf");
                for field in driven.filter(|f| belongs(&form, f, &choices)) {
                    self.try_out(&mut found, field, &choices).await;
                }
            }
        }
        println!("{} forms were sent", self.sent);
        assert_eq!(
            refused,
            Vec::<String>::new(),
            "a form is refused as it should be filled"
        );
        let all: BTreeSet<u16> = self.outcomes.values().flatten().copied().collect();
        assert!(
            all.contains(&302) && all.contains(&422),
            "{:?}",
            self.outcomes
        );
        // Wherever else it is shown, it is a text.
        self.world.desk.settle().await;
        for (page, _) in self.pages().await {
            for browser in [&mut self.who, &mut self.world.cast.admin] {
                let answer = browser.get(&page).await;
                assert!(answer.status < 500, "{page}: {}", answer.body);
                did_no_harm(&answer, &page);
            }
        }
    }

    async fn try_out(&mut self, found: &mut Found, field: &Field, choices: &[(String, String)]) {
        if field.kind == "file" {
            return self.try_files(found).await;
        }
        let mut written = found.form.fields.iter().filter(|f| f.is_written());
        let first = written.next().is_some_and(|f| f.name == field.name);
        let texts = match field.is_written() || field.name == "password" {
            true => evil::texts(field.most, first),
            false => evil::few(),
        };
        // A box is ticked or not, whatever it says.
        let few = match field.kind.as_str() {
            "checkbox" | "radio" => 2,
            _ => usize::MAX,
        };
        for (name, text) in texts.into_iter().take(few) {
            let mut fields = self.filled(&found.form);
            choose(&mut fields, choices);
            choose(&mut fields, &[(field.name.clone(), text.clone())]);
            let what = format!("{name} in {}", field.name);
            let answer = self.send(found, &fields, &what).await;
            if answer.status == 422 {
                said_and_kept(found, field, &text, &answer, &what);
            }
        }
    }

    async fn try_files(&mut self, found: &mut Found) {
        let large = vec![b'x'; 1_100_000];
        let fields = self.filled(&found.form);
        let tries: [(&str, &[u8]); 8] = [
            ("<b id=evil>.txt", b"x"),
            ("../../../etc/passwd.txt", b"x"),
            ("a\0b\u{202e}gpj.txt", b"x"),
            ("nada.txt", b""),
            ("grande.txt", &large),
            ("figura.png", b"<svg onload=alert(1)>"),
            ("figura.svg", b"<svg onload=alert(1)>"),
            ("metade.png", &PNG[..40]),
        ];
        for file in tries {
            let what = format!("a file called {:?}", file.0);
            self.send_files(found, &fields, &[file], &what).await;
        }
        let many = [("a.txt", b"x".as_slice()); 12];
        self.send_files(found, &fields, &many, "twelve files").await;
    }
}

/// What the buttons of a form choose: each is another thing to do.
fn acts(form: &Form) -> Vec<Vec<(String, String)>> {
    let Some(button) = form.fields.iter().find(|f| f.kind == "button") else {
        return vec![Vec::new()];
    };
    let chosen = |choice: &String| vec![(button.name.clone(), choice.clone())];
    let mut acts: Vec<_> = button.choices.iter().map(chosen).collect();
    if acts.len() == 1 && form.fields.len() > 2 {
        // One button with a name stands beside one without, which comes first.
        acts.insert(0, Vec::new());
    }
    acts
}

/// Whether a field means something for what a form's button chooses: a field that no
/// choice is named after is tried out with the first one.
fn belongs(form: &Form, field: &Field, choices: &[(String, String)]) -> bool {
    let Some((name, choice)) = choices.first() else {
        return true;
    };
    let button = form
        .fields
        .iter()
        .find(|f| f.name == *name && f.kind == "button");
    let all = button.map_or(&[][..], |b| &b.choices);
    if acts(form)[0].is_empty() {
        return false;
    }
    let named = |choice: &String| {
        field.name.contains(choice.as_str()) || (field.name == "solution" && choice == "resolve")
    };
    let chosen = all.iter().find(|c| named(c)).or(all.first());
    field.name != *name && chosen == Some(choice)
}

fn choose(fields: &mut Vec<(String, String)>, choices: &[(String, String)]) {
    fields.retain(|(name, _)| choices.iter().all(|(chosen, _)| chosen != name));
    fields.extend_from_slice(choices);
}

/// A refusal says so at a field, and what was typed stands there again.
#[track_caller]
fn said_and_kept(found: &Found, field: &Field, text: &str, answer: &Answer, what: &str) {
    let what = format!("{} on {} with {what}", found.route, found.page);
    if !field.is_written() {
        // A page of ours never sends it like that: the page of the refusal says why.
        assert!(answer.shows("<h1"), "{what}: {}", answer.body);
        return;
    }
    let marks = [
        "aria-invalid=\"true\"",
        "role=\"alert\"",
        "invalid-feedback",
    ];
    let said = marks.iter().any(|mark| answer.shows(mark));
    assert!(said, "{what}: nothing says what is wrong: {}", answer.body);
    // As templates write it: most pages need not be read.
    let escaped = text
        .replace('&', "&#38;")
        .replace('<', "&#60;")
        .replace('>', "&#62;");
    let escaped = escaped.replace('"', "&#34;").replace('\'', "&#39;");
    let is_kept = !NOT_KEPT.iter().any(|(name, _)| *name == field.name);
    if !is_kept || (!text.is_empty() && answer.shows(&escaped)) {
        return;
    }
    let forms = html::forms(&answer.body);
    let fields = forms.iter().filter_map(|form| form.field(&field.name));
    let plain = |text: &str| text.replace("\r\n", "\n").replace(['\r', '\0'], "\u{fffd}");
    let kept = fields.clone().any(|f| plain(&f.value) == plain(text));
    let values: Vec<_> = fields
        .map(|f| f.value.chars().take(80).collect::<String>())
        .collect();
    assert!(
        kept,
        "{what}: what was typed is lost: {values:?} {}",
        answer.body
    );
}

async fn no_form_of_a_client_breaks_by_what_is_typed_into_it(kind: Kind) {
    Stage::new(kind, None).await.drive().await;
    Stage::new(kind, Some(Role::Client)).await.drive().await;
}

async fn no_form_of_the_staff_breaks_by_what_is_typed_into_it(kind: Kind) {
    Stage::new(kind, Some(Role::Tech)).await.drive().await;
}

async fn no_form_of_an_administrator_breaks_by_what_is_typed_into_it(kind: Kind) {
    Stage::new(kind, Some(Role::Admin)).await.drive().await;
}

/// What is no form at all, at every address that takes one.
async fn no_form_breaks_by_a_body_that_is_none(kind: Kind) {
    let mut stage = Stage::new(kind, Some(Role::Admin)).await;
    let routes = stage.world.desk.app.routes.clone();
    let form = "application/x-www-form-urlencoded";
    let ten_megabytes = "x".repeat(10_000_000);
    for route in routes.iter().filter(|r| r.method == "POST") {
        if route.path.starts_with("/api/") || LEFT_ALONE.contains(&route.path) {
            continue;
        }
        // Ending one's own session is no accident here.
        let url = match route.path {
            "/meu-perfil/sessions" => continue,
            path => stage.world.fill(path),
        };
        let mut bodies: Vec<(String, &str, Vec<u8>)> = Vec::new();
        let mut body = |kind: &str, what: &'static str, text: &str| {
            bodies.push((
                kind.to_owned(),
                what,
                text.replace("CSRF", &stage.csrf).into_bytes(),
            ));
        };
        for (what, text) in evil::NO_TEXT {
            let fields = ["name", "title", "content", "email", "query", text];
            let fields: Vec<String> = fields.iter().map(|f| format!("{f}={text}")).collect();
            body(form, what, &format!("csrf=CSRF&{}", fields.join("&")));
        }
        body(
            form,
            "ten megabytes",
            &format!("csrf=CSRF&title={ten_megabytes}"),
        );
        body(
            form,
            "thousands of fields",
            &format!("csrf=CSRF{}", "&a=b".repeat(20_000)),
        );
        body(form, "fields without names", "csrf=CSRF&=&&=x&==&");
        body(
            form,
            "everything twice",
            "csrf=CSRF&csrf=x&name=a&name=b&name[]=c&name[x]=d",
        );
        body("", "no kind", "csrf=CSRF");
        body("application/json", "JSON", "{\"csrf\":\"CSRF\"}");
        body("text/plain", "plain text", "csrf=CSRF");
        body(
            "\u{e9}/x; charset=utf-7",
            "a kind that is none",
            "csrf=CSRF",
        );
        body("multipart/form-data", "no boundary", "csrf=CSRF");
        let parts = "multipart/form-data; boundary=x";
        let part = "--x\r\nContent-Disposition: form-data; name=";
        body(parts, "no end", &format!("{part}\"csrf\"\r\n\r\nCSRF"));
        body(parts, "half a head", "--x\r\nContent-Dispo");
        body(
            parts,
            "a part without a name",
            "--x\r\nA: b\r\n\r\nc\r\n--x--\r\n",
        );
        let long = "x".repeat(100_000);
        body(
            parts,
            "a long head",
            &format!("{part}\"{long}\"\r\n\r\nCSRF\r\n--x--\r\n"),
        );
        let many = format!("{part}\"csrf\"\r\n\r\nCSRF\r\n")
            + &format!("{part}a\r\n\r\nb\r\n").repeat(2_000);
        body(parts, "thousands of parts", &(many + "--x--\r\n"));
        let large = format!(
            "{part}\"csrf\"\r\n\r\nCSRF\r\n{part}\"title\"\r\n\r\n{ten_megabytes}\r\n--x--\r\n"
        );
        body(parts, "ten megabytes in parts", &large);
        bodies.push((form.to_owned(), "no UTF-8", b"csrf=\xff&\xfe=\x80".to_vec()));
        for (kind, what, body) in bodies {
            let what = format!("{} with {what}", route.path);
            let mut request = Request::builder().method("POST").uri(&url);
            if !kind.is_empty() {
                request = request.header("content-type", kind.as_bytes());
            }
            let sent = timeout(PATIENCE, stage.who.send(request, body.into()));
            let answer = sent.await.unwrap_or_else(|_| panic!("{what}: no answer"));
            let known = [200, 201, 204, 302, 400, 403, 404, 409, 413, 415, 422, 429];
            assert!(
                known.contains(&answer.status),
                "{what}: {} {}",
                answer.status,
                answer.body
            );
            if what.contains("ten megabytes") {
                assert!(
                    matches!(answer.status, 413 | 403 | 404),
                    "{what}: {}",
                    answer.status
                );
            }
            did_no_harm(&answer, &what);
        }
    }
    // Packed bodies are not unpacked.
    let mut request = Request::builder().method("POST").uri("/tickets/create");
    request = request
        .header("content-type", form)
        .header("content-encoding", "gzip");
    let answer = stage
        .who
        .send(request, Body::from(&b"\x1f\x8b\x08\0"[..]))
        .await;
    assert_eq!(answer.status, 403, "{}", answer.body);
}

async fn no_page_breaks_by_what_stands_in_its_address(kind: Kind) {
    for role in [None, Some(Role::Client), Some(Role::Admin)] {
        let mut stage = Stage::new(kind, role).await;
        let mut known: BTreeMap<&'static str, BTreeSet<String>> = BTreeMap::new();
        let routes = stage.world.desk.app.routes.clone();
        for (page, _) in stage.pages().await {
            let answer = stage.who.get(&page).await;
            for (path, name) in html::asked_for(&answer.body) {
                let mut fit = routes.iter().filter(|r| is_page(r) && fits(r.path, &path));
                if let Some(route) = fit.next() {
                    known.entry(route.path).or_default().insert(name);
                }
            }
        }
        for route in routes.iter().filter(|r| is_page(r)) {
            let may = match (route.access, role) {
                (Access::Public, _) | (Access::SignedIn, Some(_)) => true,
                (Access::May(permission), Some(role)) => permission.roles.contains(&role),
                (_, None) => false,
            };
            if !may {
                continue;
            }
            let path = stage.world.fill(route.path);
            let mut names: BTreeSet<&str> = ["q", "after"].into();
            names.extend(
                known
                    .get(route.path)
                    .iter()
                    .flat_map(|n| n.iter().map(String::as_str)),
            );
            let mut urls = Vec::new();
            for name in names {
                let texts = evil::SHORT.iter().take(8);
                urls.extend(texts.map(|(_, text)| kit::with_query(&path, &[(name, text)])));
                let bytes = evil::NO_TEXT.iter().step_by(2);
                urls.extend(bytes.map(|(_, text)| format!("{path}?{name}={text}&{name}={text}")));
            }
            urls.push(kit::with_query(&path, &[("q", &"x".repeat(60_000))]));
            // The path itself.
            for (_, text) in evil::NO_TEXT.iter().chain(&evil::SHORT) {
                for name in crate::support::world::parameters(route.path) {
                    let bad = match evil::NO_TEXT.iter().any(|(_, t)| t == text) {
                        true => (*text).to_owned(),
                        false => kit::percent_encode(text),
                    };
                    let open = route.path.replace(&format!("{{{name}}}"), &bad);
                    urls.push(stage.world.fill(&open));
                }
            }
            for url in urls {
                // What is no address at all does not leave a browser.
                if url.parse::<axum::http::Uri>().is_err() {
                    continue;
                }
                let answer = timeout(PATIENCE, stage.who.get(&url)).await;
                let answer = answer.unwrap_or_else(|_| panic!("{url} does not answer"));
                assert!(
                    answer.status < 500,
                    "{url:.300}: {} {}",
                    answer.status,
                    answer.body
                );
                did_no_harm(&answer, &url);
            }
        }
    }
}
