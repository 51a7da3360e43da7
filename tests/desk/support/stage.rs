//! A desk with everything on it, one of those who use it, and every page and form that
//! they are shown.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use axum::body::Body;
use axum::http::Request;
use kit::{Key, Role, Route};
use tokio::time::timeout;

use super::evil::did_no_harm;
use super::html::{self, Field, Form};
use super::world::World;
use super::{Answer, Browser, Kind, PASSWORD, multipart};

/// Nothing takes so long.
pub const PATIENCE: Duration = Duration::from_secs(60);

/// The states of a ticket, each with forms of its own.
pub const STATES: [&str; 6] = [
    "open",
    "in_progress",
    "waiting",
    "escalated",
    "resolved",
    "closed",
];

/// Forms that hold nothing and end the session that they are sent with.
pub const LEFT_ALONE: [&str; 2] = ["/auth/logout", "/meu-perfil/sessions/{session}"];

/// A form, and where it was found.
#[derive(Clone)]
pub struct Found {
    pub form: Form,
    /// The address that it is sent to.
    pub action: String,
    /// The route of that address.
    pub route: &'static str,
    /// The state of the ticket that it stands on.
    pub state: Option<&'static str>,
    pub page: String,
}

/// A desk with everything on it, and one of those who use it.
pub struct Stage {
    pub world: World,
    pub who: Browser,
    pub role: Option<Role>,
    pub csrf: String,
    /// So that no two names are the same.
    pub count: usize,
    pub tickets: BTreeMap<&'static str, String>,
    /// What came of what was sent: statuses by route.
    pub outcomes: BTreeMap<&'static str, BTreeSet<u16>>,
    pub sent: usize,
}

impl Stage {
    pub async fn new(kind: Kind, role: Option<Role>) -> Stage {
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
    pub async fn ticket(&mut self, state: &str) -> String {
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
    pub async fn token(&mut self, route: &str) -> Option<String> {
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
    pub async fn pages(&mut self) -> Vec<(String, Option<&'static str>)> {
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
    pub async fn forms(&mut self) -> Vec<Found> {
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
    pub fn route(&self, action: &str) -> &'static str {
        let routes = self.world.desk.app.routes.iter();
        let mut fits = routes.filter(|r| r.method == "POST" && fits(r.path, action));
        // A word in the path stands before a parameter.
        let mut all: Vec<&'static str> = fits.by_ref().map(|r| r.path).collect();
        all.sort_by_key(|path| path.matches('{').count());
        all.first()
            .unwrap_or_else(|| panic!("a form is sent to {action}, which takes none"))
    }

    /// What a form holds when somebody fills it in order.
    pub fn filled(&mut self, form: &Form) -> Vec<(String, String)> {
        let fields = form.fields.iter();
        let fields = fields.filter(|f| f.name != "csrf" && f.kind != "file");
        let ticked = |f: &&Field| f.kind != "button" && (f.sent || f.name == "ticket");
        fields
            .filter(ticked)
            .map(|f| (f.name.clone(), self.value(f)))
            .collect()
    }

    pub fn value(&mut self, field: &Field) -> String {
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
    pub async fn send(
        &mut self,
        found: &mut Found,
        fields: &[(String, String)],
        what: &str,
    ) -> Answer {
        let files: &[(&str, &[u8])] = &[];
        self.send_files(found, fields, files, what).await
    }

    pub async fn send_files(
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

    pub async fn post(
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
    pub async fn look_after(&mut self, found: &mut Found, answer: &Answer, what: &str) {
        let page = self.who.get(answer.location()).await;
        assert!(page.status < 500, "after {what}: {}", page.body);
        did_no_harm(&page, &format!("the page after {what}"));
        self.renew(found).await;
    }

    /// Another ticket in the same state, another link that is good once.
    pub async fn renew(&mut self, found: &mut Found) {
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

pub fn is_page(route: &Route) -> bool {
    route.method == "GET" && !route.path.starts_with("/api/v1") && !route.path.starts_with("/live")
}

pub fn fits(route: &str, path: &str) -> bool {
    let path = path.split(['?', '#']).next().unwrap_or_default();
    let (route, path): (Vec<_>, Vec<_>) = (route.split('/').collect(), path.split('/').collect());
    let alike = |(r, p): (&&str, &&str)| r.starts_with('{') || r == p;
    route.len() == path.len() && route.iter().zip(&path).all(alike)
}
