//! Every form that a page shows to anybody, filled with what nobody should send: a
//! clear error with the text kept, or safe storage, and never a 500. The forms are
//! found by looking at every page there is, with the fields that they declare.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use axum::body::Body;
use axum::http::Request;
use kit::{Access, Key, Role, Route};
use tokio::time::timeout;

use crate::support::evil::{self, did_no_harm};
use crate::support::html::{self, Field, Form};
use crate::support::world::World;
use crate::support::{Answer, Browser, Kind, PASSWORD, multipart, on_each, on_sqlite};

// What a database refuses, a client's forms and the calls of the API show on each.
on_each!(no_form_of_a_client_breaks_by_what_is_typed_into_it);

on_sqlite!(
    no_form_of_the_staff_breaks_by_what_is_typed_into_it,
    no_form_of_an_administrator_breaks_by_what_is_typed_into_it,
    no_form_breaks_by_a_body_that_is_none,
    no_page_breaks_by_what_stands_in_its_address,
);

/// Nothing takes so long.
const PATIENCE: Duration = Duration::from_secs(60);

/// The states of a ticket, each with forms of its own.
const STATES: [&str; 6] = [
    "open",
    "in_progress",
    "waiting",
    "escalated",
    "resolved",
    "closed",
];

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

/// Forms that hold nothing and end the session that they are sent with.
const LEFT_ALONE: [&str; 2] = ["/auth/logout", "/meu-perfil/sessions/{session}"];

/// A form, and where it was found.
#[derive(Clone)]
struct Found {
    form: Form,
    /// The address that it is sent to.
    action: String,
    /// The route of that address.
    route: &'static str,
    /// The state of the ticket that it stands on.
    state: Option<&'static str>,
    page: String,
}

/// A desk with everything on it, and one of those who use it.
struct Stage {
    world: World,
    who: Browser,
    role: Option<Role>,
    csrf: String,
    /// So that no two names are the same.
    count: usize,
    tickets: BTreeMap<&'static str, String>,
    /// What came of what was sent: statuses by route.
    outcomes: BTreeMap<&'static str, BTreeSet<u16>>,
    sent: usize,
}

impl Stage {
    async fn new(kind: Kind, role: Option<Role>) -> Stage {
        let mut world = World::new(kind).await;
        spares(&mut world).await;
        let mut who = match role {
            None => world.desk.browser(),
            Some(Role::Client) => world.vera.clone(),
            Some(Role::Tech) => world.cast.tech.clone(),
            Some(Role::Supervisor) => world.cast.supervisor.clone(),
            Some(Role::Admin) => world.cast.admin.clone(),
        };
        if role.is_some() {
            // Who sits there is asked before what one signs in by is touched.
            let word = [("password_now", PASSWORD)];
            let proved = who.submit("/meu-perfil/security", &word).await;
            proved.expect(302);
        }
        let csrf = who.csrf().await;
        let mut stage = Stage {
            world,
            who,
            role,
            csrf,
            count: 0,
            tickets: BTreeMap::new(),
            outcomes: BTreeMap::new(),
            sent: 0,
        };
        for state in STATES {
            let ticket = stage.ticket(state).await;
            stage.tickets.insert(state, ticket);
        }
        stage.world.desk.settle().await;
        stage
    }

    /// A new ticket in this state.
    async fn ticket(&mut self, state: &str) -> String {
        // Another password has given this person another session.
        match self.role {
            Some(Role::Client) => self.world.vera = self.who.clone(),
            Some(Role::Tech) => self.world.cast.tech = self.who.clone(),
            Some(Role::Admin) => self.world.cast.admin = self.who.clone(),
            _ => {}
        }
        let cast = &mut self.world.cast;
        let key = &self.world.desk.app.key;
        let texts = [("title", "Impressora"), ("description", "Não imprime.")];
        let opened = quick(&mut self.world.vera, key, "/tickets/create", &texts).await;
        let path = opened.location().to_owned();
        let act = |act: &str| format!("{path}/{act}");
        if state != "open" {
            quick(&mut cast.tech, key, &act("assign"), &[]).await;
        }
        let closing = [
            ("reason", "Pronto"),
            ("classification", "software"),
            ("evaluation", "Bom"),
        ];
        let then: Option<(&str, &[(&str, &str)])> = match state {
            "waiting" => Some(("wait", &[])),
            "escalated" => Some(("escalate", &[("reason", "Difícil")])),
            "resolved" => Some(("resolve", &[("solution", "Feito")])),
            _ => None,
        };
        if let Some((name, fields)) = then {
            quick(&mut cast.tech, key, &act(name), fields).await;
        }
        if state == "closed" {
            quick(&mut cast.supervisor, key, &act("close"), &closing).await;
        }
        path.trim_start_matches("/tickets/").to_owned()
    }

    /// A link that is good, for the routes that one comes to by a letter.
    async fn token(&mut self, route: &str) -> Option<String> {
        if !matches!(route, "/invite/{token}" | "/auth/reset/{token}") {
            return None;
        }
        // A mailbox gets so many letters an hour, so each time it is another one.
        self.count += 1;
        let email = format!("gil{}@gama.test", self.count);
        let desk = &self.world.desk;
        let person = desk.person("Gil Gama", &email, Role::Client, "Gama").await;
        let before = desk.mails().len();
        let mark = match route {
            "/invite/{token}" => {
                let path = format!("/admin/users/{}/invite", person.id);
                self.world.cast.admin.submit(&path, &[]).await.expect(302);
                "/invite/"
            }
            _ => {
                let mut nobody = desk.browser();
                let fields = [("email", email.as_str())];
                nobody.submit("/auth/forgot", &fields).await.expect(302);
                "/auth/reset/"
            }
        };
        let desk = &self.world.desk;
        desk.settle().await;
        let mails = desk.mails();
        let mut letters = mails[before..].iter().filter(|mail| mail.to == email);
        let (_, rest) = letters.find_map(|l| l.text.split_once(mark)).unwrap();
        Some(rest.split_whitespace().next().unwrap().to_owned())
    }

    /// Every page that this person can open, with the state of the ticket on it.
    async fn pages(&mut self) -> Vec<(String, Option<&'static str>)> {
        let routes = self.world.desk.app.routes.clone();
        let mut pages = Vec::new();
        for route in routes.iter().filter(|r| is_page(r)) {
            if route.path.contains("{token}") {
                // Whoever has signed in has no use for them.
                if self.role.is_none()
                    && let Some(token) = self.token(route.path).await
                {
                    pages.push((route.path.replace("{token}", &token), None));
                }
                continue;
            }
            if !route.path.contains("{ticket}") {
                pages.push((self.world.fill(route.path), None));
                continue;
            }
            for state in STATES {
                let path = route.path.replace("{ticket}", &self.tickets[state]);
                if !path.contains('{') {
                    pages.push((path, Some(state)));
                }
            }
        }
        let view = self.world.id("view");
        for query in [
            "show=board",
            "show=cards",
            "view=all",
            &format!("saved={view}"),
        ] {
            pages.push((format!("/tickets?{query}"), None));
        }
        let open = &self.tickets["in_progress"];
        pages.push((format!("/tickets?view=all&open={open}"), None));
        pages
    }

    /// Every form on those pages, each once.
    async fn forms(&mut self) -> Vec<Found> {
        let mut found: BTreeMap<(&'static str, BTreeSet<String>), Found> = BTreeMap::new();
        for (page, state) in self.pages().await {
            let answer = self.who.get(&page).await;
            assert!(answer.status < 500, "{page}: {}", answer.body);
            if answer.status != 200 {
                continue;
            }
            did_no_harm(&answer, &page);
            for form in html::forms(&answer.body).into_iter().filter(|f| f.is_post) {
                let own = page.split('?').next().unwrap_or_default();
                let action = match form.action.as_str() {
                    "" => own.to_owned(),
                    action => action.to_owned(),
                };
                let route = self.route(&action);
                let state = match route {
                    // A card of the board tells its column.
                    "/tickets/{ticket}/move" => STATES
                        .into_iter()
                        .find(|s| form.field("from").is_some_and(|f| f.value == **s)),
                    _ => state,
                };
                let names = form.fields.iter().map(|f| f.name.clone()).collect();
                found.entry((route, names)).or_insert(Found {
                    form,
                    action,
                    route,
                    state,
                    page: page.clone(),
                });
            }
        }
        // What everybody has is tried out as somebody who has less.
        let ones_own = ["/meu-perfil", "/preferences", "/language"];
        let more = |f: &Found| match self.role {
            Some(Role::Admin) => f.route.starts_with("/admin"),
            Some(Role::Tech) => !ones_own.iter().any(|own| f.route.starts_with(own)),
            _ => true,
        };
        let found = found.into_values();
        found
            .filter(|f| !LEFT_ALONE.contains(&f.route) && more(f))
            .collect()
    }

    #[track_caller]
    fn route(&self, action: &str) -> &'static str {
        let routes = self.world.desk.app.routes.iter();
        let mut fits = routes.filter(|r| r.method == "POST" && fits(r.path, action));
        // A word in the path stands before a parameter.
        let mut all: Vec<&'static str> = fits.by_ref().map(|r| r.path).collect();
        all.sort_by_key(|path| path.matches('{').count());
        all.first()
            .unwrap_or_else(|| panic!("a form is sent to {action}, which takes none"))
    }

    /// What a form holds when somebody fills it in order.
    fn filled(&mut self, form: &Form) -> Vec<(String, String)> {
        let fields = form.fields.iter();
        let fields = fields.filter(|f| f.name != "csrf" && f.kind != "file");
        let ticked = |f: &&Field| f.kind != "button" && (f.sent || f.name == "ticket");
        fields
            .filter(ticked)
            .map(|f| (f.name.clone(), self.value(f)))
            .collect()
    }

    fn value(&mut self, field: &Field) -> String {
        if field.name == "subcategory" {
            // The first one is of another category than the first.
            return String::new();
        }
        if !field.value.is_empty() && field.name != "shortcut" {
            return field.value.clone();
        }
        // The address that is filled in belongs to this company.
        let known = |choice: &&String| {
            ["company", "queue"]
                .iter()
                .any(|id| field.name.starts_with(id) && self.world.id(id) == **choice)
        };
        if let Some(choice) = field.choices.iter().find(known) {
            return choice.clone();
        }
        if let Some(choice) = field.choices.iter().find(|c| !c.is_empty()) {
            return choice.clone();
        }
        self.count += 1;
        let count = self.count;
        match (field.kind.as_str(), field.name.as_str()) {
            ("password", _) => PASSWORD.to_owned(),
            ("hidden" | "date", _) => String::new(),
            // As the company of whoever fills it in allows.
            ("email", _) | (_, "email") => match self.role {
                Some(Role::Client) => format!("n{count}@acme.test"),
                _ => format!("n{count}@gama.test"),
            },
            (_, "domains") => "gama.test".to_owned(),
            (_, "zone" | "timezone") => "America/Bahia".to_owned(),
            (_, "slug") => format!("s{count}"),
            ("url", _) | (_, "issuer") => "https://id.invalid".to_owned(),
            (_, "allowed_ips" | "tax_id" | "colour" | "phone" | "shortcut") => String::new(),
            _ => format!("Texto {count}"),
        }
    }

    /// Sends a form and looks at what came of it.
    async fn send(&mut self, found: &mut Found, fields: &[(String, String)], what: &str) -> Answer {
        let files: &[(&str, &[u8])] = &[];
        self.send_files(found, fields, files, what).await
    }

    async fn send_files(
        &mut self,
        found: &mut Found,
        fields: &[(String, String)],
        files: &[(&str, &[u8])],
        what: &str,
    ) -> Answer {
        let mut answer = self.post(found, fields, files).await;
        if answer.status == 403 {
            // Another password gives another session, with forms of its own.
            self.csrf = self.who.csrf().await;
            answer = self.post(found, fields, files).await;
        }
        if answer.status == 429 {
            // Five wrong passwords: what is tried next is not to be refused for that.
            self.world.desk.later(16);
            answer = self.post(found, fields, files).await;
        }
        let what = format!("{} on {} with {what}", found.route, found.page);
        self.sent += 1;
        self.outcomes
            .entry(found.route)
            .or_default()
            .insert(answer.status);
        let known = [200, 201, 204, 302, 400, 404, 409, 413, 422, 429];
        assert!(
            known.contains(&answer.status),
            "{what}: {} {}",
            answer.status,
            answer.body
        );
        did_no_harm(&answer, &what);
        if answer.status == 302 {
            self.look_after(found, &answer, &what).await;
        }
        answer
    }

    async fn post(
        &mut self,
        found: &Found,
        fields: &[(String, String)],
        files: &[(&str, &[u8])],
    ) -> Answer {
        let mut all = vec![("csrf", self.csrf.as_str())];
        all.extend(fields.iter().map(|(n, v)| (n.as_str(), v.as_str())));
        let request = Request::builder().method("POST").uri(&found.action);
        let sent = match found.form.is_multipart {
            true => {
                let (kind, body) = multipart(&all, files);
                self.who
                    .send(request.header("content-type", kind), body.into())
            }
            false => {
                let body = kit::with_query("", &all);
                let body = Body::from(body.trim_start_matches('?').to_owned());
                let kind = "application/x-www-form-urlencoded";
                self.who.send(request.header("content-type", kind), body)
            }
        };
        let answer = timeout(PATIENCE, sent).await;
        answer.unwrap_or_else(|_| panic!("{} does not answer", found.action))
    }

    /// What was accepted is shown as it is; what it used up is there again.
    async fn look_after(&mut self, found: &mut Found, answer: &Answer, what: &str) {
        let page = self.who.get(answer.location()).await;
        assert!(page.status < 500, "after {what}: {}", page.body);
        did_no_harm(&page, &format!("the page after {what}"));
        self.renew(found).await;
    }

    /// Another ticket in the same state, another link that is good once.
    async fn renew(&mut self, found: &mut Found) {
        if let Some(state) = found.state {
            let old = found
                .action
                .split('/')
                .nth(2)
                .unwrap_or_default()
                .to_owned();
            let new = self.ticket(state).await;
            found.action = found.action.replace(&old, &new);
        }
        if found.route == "/tickets/bulk" {
            let new = self.ticket("open").await;
            let mut fields = found.form.fields.iter_mut();
            if let Some(field) = fields.find(|f| f.name == "ticket") {
                field.value = new;
            }
        }
        if let Some(token) = self.token(found.route).await {
            let (before, _) = found.action.rsplit_once('/').unwrap_or_default();
            found.action = format!("{before}/{token}");
        }
    }

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

/// Things that may be changed as one likes, in place of those that others stand on.
async fn spares(world: &mut World) {
    let admin = &mut world.cast.admin;
    let company = [("name", "Gama"), ("domains", "gama.test"), ("active", "on")];
    admin
        .submit("/admin/companies/new", &company)
        .await
        .expect(302);
    for (path, name) in [
        ("/admin/queues/new", "Fila sobrando"),
        ("/admin/categories/new", "Categoria sobrando"),
        ("/admin/channels/new", "Canal sobrando"),
    ] {
        let fields = [("name", name), ("level", "1"), ("active", "on")];
        admin.submit(path, &fields).await.expect(302);
    }
    let desk = &world.desk;
    desk.person("Gil Gama", "gil@gama.test", Role::Client, "Gama")
        .await;
    let channels = ::catalog::channels(desk.app.db.reader()).await.unwrap();
    let channel = channels
        .iter()
        .find(|c| c.name == "Canal sobrando")
        .unwrap();
    let spares = [
        ("user", desk.id("gil@gama.test").await),
        ("company", desk.company("Gama").await),
        ("queue", desk.queue("Fila sobrando").await),
        ("category", desk.category("Categoria sobrando").await),
        ("channel", channel.id.to_string()),
    ];
    for (name, id) in spares {
        world.put(name, id);
    }
}

/// Sends a form that is accepted, without looking at its page first.
async fn quick(browser: &mut Browser, key: &Key, path: &str, fields: &[(&str, &str)]) -> Answer {
    let session = browser.cookie("session").unwrap_or_default();
    let csrf = key.sign_hex("csrf", session.as_bytes());
    let mut all = vec![("csrf", csrf.as_str())];
    all.extend_from_slice(fields);
    let answer = browser.submit_as_is(path, &all).await;
    let answer = answer.expect(302);
    assert!(answer.location().starts_with("/tickets/"), "{path}");
    answer
}

fn is_page(route: &Route) -> bool {
    route.method == "GET" && !route.path.starts_with("/api/v1") && !route.path.starts_with("/live")
}

fn fits(route: &str, path: &str) -> bool {
    let path = path.split(['?', '#']).next().unwrap_or_default();
    let (route, path): (Vec<_>, Vec<_>) = (route.split('/').collect(), path.split('/').collect());
    let alike = |(r, p): (&&str, &&str)| r.starts_with('{') || r == p;
    route.len() == path.len() && route.iter().zip(&path).all(alike)
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
