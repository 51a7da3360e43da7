//! What belongs to others, asked for by everybody, at every address that there is
//! (OWASP: broken object level authorization). The routes come from the desk's own
//! table: one whose parameter nobody thought of makes these tests fail.

use std::collections::BTreeSet;

use axum::body::Body;
use axum::http::Request;
use kit::{Access, Role, Route};

use crate::limited::limit;
use crate::support::world::{
    MADE_UP, OF_CLIENT, OF_ONE, OF_STAFF, ON_TICKETS, PRIVATE, World, parameters, with_parameters,
    words_in,
};
use crate::support::{Answer, Browser, Kind, PASSWORD, on_each};

on_each!(
    what_belongs_to_others_is_not_there_at_any_address,
    a_thing_of_others_is_not_reached_through_ones_own_ticket,
    no_other_method_reaches_what_belongs_to_others,
    every_address_of_the_sweep_is_one_that_somebody_reaches,
    no_list_nor_search_has_a_word_of_others,
    what_others_do_changes_nothing_that_one_sees,
    nobody_hears_of_what_they_do_not_see,
    ids_of_others_in_a_form_are_worth_nothing,
);

/// What stands there anybody may read, or walk through: see the routes' own words.
const FOR_ALL: [&str; 5] = [
    "/auth/login/{slug}",
    "/auth/sso/{slug}",
    "/auth/sso/{slug}/callback",
    "/brand/{slug}/{file}",
    "/lgpd/public/{company}",
];

/// Somebody who asks for what is not theirs.
struct Actor {
    name: &'static str,
    role: Option<Role>,
    pages: Browser,
    api: Browser,
    csrf: String,
    /// A ticket of their own, if they have one.
    own: Option<String>,
}

impl Actor {
    async fn new(name: &'static str, role: Role, pages: &Browser, email: &str) -> Actor {
        let mut pages = pages.clone();
        // Who sits there is asked before what one signs in by is touched.
        let word = [("password_now", PASSWORD)];
        let proved = pages.submit("/meu-perfil/security", &word).await;
        proved.expect(302);
        let own = match role {
            Role::Client => Some(pages.open(&[]).await),
            _ => None,
        };
        Actor {
            name,
            role: Some(role),
            api: pages.api(email).await,
            csrf: pages.csrf().await,
            pages,
            own,
        }
    }

    /// Everybody but Vera and Téo, whose things they are.
    async fn all(world: &mut World) -> Vec<Actor> {
        let lia = "lia@desk.test";
        world.desk.person("Lia Limitada", lia, Role::Tech, "").await;
        let beta = world.desk.company("Beta").await;
        limit(&world.desk, &mut world.cast.admin, lia, &[], &[&beta])
            .await
            .expect(302);
        let limited = world.desk.sign_in(lia).await;
        let cast = &world.cast;
        let mut all = vec![
            Actor::new(
                "a client of the same company",
                Role::Client,
                &cast.client,
                "cli@acme.test",
            )
            .await,
            Actor::new(
                "a client of another company",
                Role::Client,
                &cast.client2,
                "cli2@beta.test",
            )
            .await,
            Actor::new("a colleague", Role::Tech, &cast.tech2, "tec2@desk.test").await,
            Actor::new(
                "a supervisor",
                Role::Supervisor,
                &cast.supervisor,
                "sup@desk.test",
            )
            .await,
            Actor::new(
                "an administrator",
                Role::Admin,
                &cast.admin,
                "adm@desk.test",
            )
            .await,
            Actor::new(
                "a technician for another company",
                Role::Tech,
                &limited,
                lia,
            )
            .await,
        ];
        let own = all[1].own.clone();
        let mut nobody = world.desk.browser();
        let csrf = nobody.csrf().await;
        all.push(Actor {
            name: "a program of another company's client",
            role: Some(Role::Client),
            // A token is worth nothing on pages, so there it is nobody's.
            pages: nobody.clone(),
            api: world.program.clone(),
            csrf: csrf.clone(),
            own,
        });
        all.push(Actor {
            name: "nobody",
            role: None,
            pages: nobody.clone(),
            // A cookie is worth nothing on the API.
            api: cast.admin.clone(),
            csrf,
            own: None,
        });
        all
    }

    /// Whether they look only into what is another company's.
    fn is_limited(&self) -> bool {
        self.name.starts_with("a technician for")
    }

    fn is_program(&self) -> bool {
        self.name.starts_with("a program")
    }

    /// What they are on this route.
    fn role_on(&self, route: &Route) -> Option<Role> {
        self.role.filter(|_| is_api(route) || !self.is_program())
    }

    /// The words that they must read nowhere.
    fn hidden(&self) -> Vec<&'static str> {
        let mut words = OF_ONE.to_vec();
        if matches!(self.role, None | Some(Role::Client)) {
            words.extend(OF_CLIENT.iter().chain(&OF_STAFF));
        }
        if self.is_limited() {
            words.extend(OF_CLIENT.iter().chain(&["Umburanada"]));
        }
        words
    }

    async fn ask(&mut self, route: &Route, url: &str, fields: &[(&str, &str)]) -> Answer {
        let method = route.method.as_str();
        match (method, is_api(route)) {
            ("GET", true) => self.api.get(url).await,
            ("GET", false) => self.pages.get(url).await,
            (_, true) => {
                let body: serde_json::Map<_, _> = fields
                    .iter()
                    .map(|(name, value)| ((*name).to_owned(), (*value).into()))
                    .collect();
                self.api.call(method, url, &body.into()).await
            }
            (_, false) => {
                let mut all = vec![("csrf", self.csrf.as_str())];
                all.extend_from_slice(fields);
                self.pages.submit_as_is(url, &all).await
            }
        }
    }
}

fn is_api(route: &Route) -> bool {
    route.path.starts_with("/api/v1")
}

/// How a route refuses this actor; `None` where what its parameters stand for is
/// theirs to see.
fn refusal(route: &Route, actor: &Actor) -> Option<u16> {
    let names = parameters(route.path);
    let role = actor.role_on(route);
    let about = |known: &[&str]| names.iter().any(|name| known.contains(name));
    match (route.access, role) {
        (Access::Public, _) if FOR_ALL.contains(&route.path) => None,
        // A link that nobody was sent.
        (Access::Public, _) if about(&["token"]) => Some(404),
        (Access::Public, _) => panic!("{}: who may read what stands there?", route.path),
        (_, None) if is_api(route) => Some(401),
        (_, None) => Some(302),
        (Access::May(permission), Some(role)) if !permission.roles.contains(&role) => Some(403),
        (_, Some(_)) if about(&PRIVATE) => Some(404),
        (_, Some(role)) if about(&ON_TICKETS) || about(&["user"]) => {
            (role == Role::Client || actor.is_limited()).then_some(404)
        }
        _ => None,
    }
}

/// Fields that every form finds something in, so that what decides is whose it is.
fn fields(world: &World, assignee: &str) -> Vec<(&'static str, String)> {
    let plain = [
        ("content", "x"),
        ("solution", "x"),
        ("reason", "x"),
        ("classification", "software"),
        ("evaluation", "x"),
        ("priority", "high"),
        ("title", "x"),
        ("description", "x"),
        ("body", "x"),
        ("view_name", "x"),
        ("name", "x"),
        ("to", "in_progress"),
        ("state", "looking"),
        ("tab", "tab"),
        ("active", "on"),
        ("password", "uma-senha-nova"),
        ("password_again", "uma-senha-nova"),
    ];
    let mut all: Vec<_> = plain.map(|(n, v)| (n, v.to_owned())).to_vec();
    all.push(("assignee", assignee.to_owned()));
    all.push(("participant", assignee.to_owned()));
    all.push(("queue", world.id("queue").to_owned()));
    all
}

fn borrowed<'a>(fields: &'a [(&'static str, String)]) -> Vec<(&'static str, &'a str)> {
    fields.iter().map(|(n, v)| (*n, v.as_str())).collect()
}

#[track_caller]
fn tells_nothing(answer: &Answer, actor: &Actor, what: &str) {
    let heads = format!("{:?}", answer.headers);
    let said = words_in(&(answer.body.clone() + &heads), &actor.hidden());
    assert_eq!(said, BTreeSet::new(), "{what} tells {}", actor.name);
}

/// What was refused says so, tells nothing of others and has written nothing.
async fn refused(
    world: &mut World,
    before: &str,
    actor: &Actor,
    answer: &Answer,
    status: u16,
    what: &str,
) {
    assert_eq!(answer.status, status, "{what}: {}", answer.body);
    tells_nothing(answer, actor, what);
    assert_eq!(world.state().await, before, "{what} wrote something");
}

async fn what_belongs_to_others_is_not_there_at_any_address(kind: Kind) {
    let mut world = World::new(kind).await;
    let mut actors = Actor::all(&mut world).await;
    let tech2 = world.desk.id("tec2@desk.test").await;
    let fields = fields(&world, &tech2);
    let (routes, _) = with_parameters(&world.desk.app.routes);
    // A ticket has two names.
    let mut api = world.vera.api("marmeleiro@acme.test").await;
    let path = format!("/api/v1/tickets/{}", world.id("ticket"));
    let id = api.get(&path).await.json()["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let mut asked = 0;
    let before = world.state().await;
    for route in &routes {
        let by_protocol = world.fill(route.path);
        let by_id = by_protocol.replace(world.id("ticket"), &id);
        for actor in &mut actors {
            let Some(status) = refusal(route, actor) else {
                continue;
            };
            for url in BTreeSet::from([&by_protocol, &by_id]) {
                let answer = actor.ask(route, url, &borrowed(&fields)).await;
                let what = format!("{} {url} as {}", route.method, actor.name);
                // Some acts ask what somebody may before they look for the ticket.
                let asked_first = actor.is_limited() && answer.status == 403;
                let status = if asked_first { 403 } else { status };
                refused(&mut world, &before, actor, &answer, status, &what).await;
                if status == 302 {
                    assert!(answer.location().starts_with("/auth/login"), "{what}");
                }
                asked += 1;
            }
        }
    }
    assert!(asked > 250, "only {asked} requests");
}

/// The path's ticket is one's own; what hangs on it is not.
async fn a_thing_of_others_is_not_reached_through_ones_own_ticket(kind: Kind) {
    let mut world = World::new(kind).await;
    let mut actors = Actor::all(&mut world).await;
    let (routes, _) = with_parameters(&world.desk.app.routes);
    let mut asked = 0;
    let before = world.state().await;
    for route in routes.iter().filter(|r| r.path.contains("{ticket}/")) {
        let names = parameters(route.path);
        if names.len() < 2 {
            continue;
        }
        for actor in actors.iter_mut().filter(|actor| actor.own.is_some()) {
            if actor.role_on(route).is_none() {
                continue;
            }
            let own = actor.own.clone().unwrap();
            let url = world.fill(&route.path.replace("{ticket}", &own));
            let answer = actor.ask(route, &url, &[]).await;
            let what = format!("{} {url} as {}", route.method, actor.name);
            refused(&mut world, &before, actor, &answer, 404, &what).await;
            asked += 1;
        }
    }
    assert!(asked > 8, "only {asked} requests");
}

async fn no_other_method_reaches_what_belongs_to_others(kind: Kind) {
    let mut world = World::new(kind).await;
    let mut actors = Actor::all(&mut world).await;
    let (routes, _) = with_parameters(&world.desk.app.routes);
    let paths: BTreeSet<&str> = routes.iter().map(|route| route.path).collect();
    let before = world.state().await;
    for path in paths {
        let url = world.fill(path);
        let known: Vec<&Route> = routes.iter().filter(|r| r.path == path).collect();
        for method in ["HEAD", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "BREW"] {
            // What is declared was asked for by its own method; a HEAD is a GET.
            if known.iter().any(|route| route.method == method) {
                continue;
            }
            let route = known.iter().find(|r| method == "HEAD" && r.method == "GET");
            for actor in &mut actors {
                let status = match route {
                    Some(route) => refusal(route, actor),
                    // What is not declared is nobody's.
                    None => Some(405),
                };
                let Some(status) = status else { continue };
                let browser = match path.starts_with("/api/v1") {
                    true => &mut actor.api,
                    false => &mut actor.pages,
                };
                let request = Request::builder().method(method).uri(&url);
                let answer = browser.send(request, Body::empty()).await;
                let what = format!("{method} {url} as {}", actor.name);
                refused(&mut world, &before, actor, &answer, status, &what).await;
            }
        }
    }
}

/// The other half of the sweep: what is refused there is refused because of who asks,
/// and not because the address stands for nothing.
async fn every_address_of_the_sweep_is_one_that_somebody_reaches(kind: Kind) {
    let world = World::new(kind).await;
    let cast = &world.cast;
    let mut owners = [
        Actor::new("Vera", Role::Client, &world.vera, "marmeleiro@acme.test").await,
        Actor::new("Téo", Role::Tech, &cast.tech, "tec@desk.test").await,
        Actor::new(
            "a supervisor",
            Role::Supervisor,
            &cast.supervisor,
            "sup@desk.test",
        )
        .await,
        Actor::new(
            "an administrator",
            Role::Admin,
            &cast.admin,
            "adm@desk.test",
        )
        .await,
    ];
    let tech2 = world.desk.id("tec2@desk.test").await;
    let fields = fields(&world, &tech2);
    let (routes, _) = with_parameters(&world.desk.app.routes);
    // What takes something away comes last.
    let last = |route: &&Route| {
        let ends = ["/remove", "/undo", "/retract", "{session}", "{api_token}"];
        (
            route.method != "GET",
            ends.iter().any(|end| route.path.ends_with(end)),
        )
    };
    let mut routes: Vec<&Route> = routes.iter().collect();
    routes.sort_by_key(last);
    for route in routes {
        let made_up = |name: &&str| MADE_UP.contains(name);
        if FOR_ALL.contains(&route.path) || parameters(route.path).iter().any(made_up) {
            continue;
        }
        let url = world.fill(route.path);
        let mut answers = Vec::new();
        for owner in &mut owners {
            let answer = owner.ask(route, &url, &borrowed(&fields)).await;
            let login = answer.location().starts_with("/auth/login");
            answers.push(answer.status);
            if !login && !matches!(answer.status, 401 | 403 | 404) {
                answers.clear();
                break;
            }
        }
        assert_eq!(
            answers, [0; 0],
            "{} {url} is reached by nobody",
            route.method
        );
    }
}

async fn no_list_nor_search_has_a_word_of_others(kind: Kind) {
    let mut world = World::new(kind).await;
    let mut actors = Actor::all(&mut world).await;
    let (_, routes) = with_parameters(&world.desk.app.routes);
    let ids = [
        ("company", world.id("company").to_owned()),
        ("queue", world.id("queue").to_owned()),
        ("assignee", world.desk.id("tec@desk.test").await),
        ("requester", world.id("user").to_owned()),
        ("saved", world.id("view").to_owned()),
        ("done", world.id("act").to_owned()),
        ("open", world.id("ticket").to_owned()),
        ("view", "all".to_owned()),
        ("show", "board".to_owned()),
        ("status", "waiting".to_owned()),
    ];
    let mut queries = vec![String::new()];
    queries.extend(ids.iter().map(|(n, v)| kit::with_query("", &[(n, v)])));
    // The beginning of a word finds it, and is not itself found in the answer.
    let words = OF_CLIENT.iter().chain(&OF_STAFF).chain(&OF_ONE);
    let begun = words.map(|word| word.chars().take(6).collect::<String>());
    let searches: Vec<String> = begun.map(|q| kit::with_query("", &[("q", &q)])).collect();
    queries.extend(searches.iter().cloned());
    for route in routes.iter().filter(|r| r.method == "GET") {
        // A stream has no end; see `nobody_hears_of_what_they_do_not_see`.
        if route.path.starts_with("/live") {
            continue;
        }
        for actor in &mut actors {
            // What was done, and to what, is what an administrator reads there.
            if route.path == "/admin/audit" && actor.role == Some(Role::Admin) {
                continue;
            }
            for query in &queries {
                let url = format!("{}{query}", route.path);
                let answer = actor.ask(route, &url, &[]).await;
                assert!(answer.status < 500, "{url} as {}", actor.name);
                tells_nothing(&answer, actor, &format!("{url} as {}", actor.name));
                if answer.status != 200 && query.is_empty() {
                    break;
                }
            }
        }
    }
    for route in routes.iter().filter(|r| r.method == "POST") {
        for actor in actors.iter_mut().filter(|a| a.role == Some(Role::Client)) {
            if route.path.starts_with("/auth/") || route.path.starts_with("/meu-perfil") {
                continue;
            }
            let answer = actor.ask(route, route.path, &[("q", "Catole")]).await;
            let what = format!("POST {} as {}", route.path, actor.name);
            tells_nothing(&answer, actor, &what);
        }
    }
    // The words are there for those who may read them.
    let mut found = BTreeSet::new();
    let mut tech = world.cast.tech.clone();
    for query in &searches {
        for path in ["/search", "/tickets", "/answers", "/meu-perfil/tokens"] {
            let page = tech.get(&format!("{path}{query}")).await;
            found.extend(words_in(&page.body, &OF_CLIENT));
            found.extend(words_in(&page.body, &OF_ONE));
        }
    }
    for word in [
        "Catolezeiro",
        "Juazeirinho",
        "Quixabeira",
        "Aroeirada",
        "Angicada",
    ] {
        assert!(found.contains(word), "{word} is not found: {found:?}");
    }
}

/// Whatever is shown to somebody, counters and tabs as well, is the same before and
/// after others have done something that is not theirs to see.
async fn what_others_do_changes_nothing_that_one_sees(kind: Kind) {
    let mut world = World::new(kind).await;
    let mut actors = Actor::all(&mut world).await;
    actors.retain(|actor| actor.is_limited() || matches!(actor.role, None | Some(Role::Client)));
    let (_, routes) = with_parameters(&world.desk.app.routes);
    // The numbers there go up with every change of a kind, whoever's it is: they are
    // made to say that something happened, and nothing else.
    let told = ["/sync/check", "/live", "/live/ws"];
    let routes = routes
        .iter()
        .filter(|r| r.method == "GET" && !told.contains(&r.path));
    let routes: Vec<&Route> = routes.collect();
    world.desk.settle().await;
    let before = seen(&mut actors, &routes).await;

    let texts = [("title", "Outro Catolezeiro"), ("description", "De novo.")];
    let second = world.vera.open(&texts).await;
    let files: &[(&str, &[u8])] = &[("b.txt", b"texto")];
    let path = format!("/tickets/{second}");
    world
        .vera
        .submit_files(&path, &[("content", "E mais")], files)
        .await
        .expect(302);
    let cast = &mut world.cast;
    cast.tech.act(&second, "assign", &[]).await.expect(302);
    let note = [("content", "Nota"), ("internal", "on")];
    cast.tech.act(&second, "", &note).await.expect(302);
    let done = [("solution", "Pronto")];
    cast.tech.act(&second, "resolve", &done).await.expect(302);
    cast.tech
        .submit("/tickets/views", &[("view_name", "Outra")])
        .await
        .expect(302);
    let name = [("name", "Vera Outra")];
    world.vera.submit("/meu-perfil", &name).await.expect(302);
    world.desk.settle().await;

    let after = seen(&mut actors, &routes).await;
    assert_eq!(before.len(), after.len());
    for ((what, before), (_, after)) in before.iter().zip(&after) {
        let differs = before.lines().zip(after.lines()).find(|(a, b)| a != b);
        assert!(before == after, "{what} is another page now: {differs:?}");
    }
}

/// What each of them is shown, without the place in the log that a page stands at.
async fn seen(actors: &mut [Actor], routes: &[&Route]) -> Vec<(String, String)> {
    let mut all = Vec::new();
    for actor in actors {
        for route in routes {
            for query in ["", "?q=catole", "?view=all", "?status=resolved"] {
                let url = format!("{}{query}", route.path);
                let answer = actor.ask(route, &url, &[]).await;
                let mut body = answer.body;
                if let Some((head, rest)) = body.split_once("data-live-seq=\"") {
                    let (_, tail) = rest.split_once('"').unwrap();
                    body = format!("{head}{tail}");
                }
                // The request's own number stands on the page of a refusal.
                let id = answer.headers["x-request-id"].to_str().unwrap();
                let body = body.replace(id, "");
                all.push((
                    format!("{url} as {}", actor.name),
                    format!("{} {body}", answer.status),
                ));
            }
        }
    }
    all
}

async fn nobody_hears_of_what_they_do_not_see(kind: Kind) {
    let mut world = World::new(kind).await;
    let ticket = world.id("ticket").to_owned();
    let mut api = world.vera.api("marmeleiro@acme.test").await;
    let path = format!("/api/v1/tickets/{ticket}");
    let id = api.get(&path).await.json()["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let company = world.id("company").to_owned();
    let mut own = world.vera.listen("/live?after=0", None).await;
    let mut actors = Actor::all(&mut world).await;
    let limited = actors.iter_mut().find(|actor| actor.is_limited());
    let limited = &mut limited.unwrap().pages;
    let mut others = [
        limited.listen("/live?after=0", None).await,
        world.cast.client.listen("/live?after=0", None).await,
        world.cast.client2.listen("/live?after=0", None).await,
    ];
    let reply = [("content", "Mais uma coisa")];
    world.vera.act(&ticket, "", &reply).await.expect(302);
    let note = [("content", "Nota"), ("internal", "on")];
    world.cast.tech.act(&ticket, "", &note).await.expect(302);
    world.desk.settle().await;
    assert!(own.heard().unwrap().contains(&id));
    for ear in &mut others {
        let heard = ear.heard().unwrap();
        for secret in [&id, &ticket, &company] {
            assert!(!heard.contains(secret), "{heard}");
        }
    }
}

/// An id may also come in a body: whose ticket it is to be, which ones an act is for.
async fn ids_of_others_in_a_form_are_worth_nothing(kind: Kind) {
    let mut world = World::new(kind).await;
    let (vera, company) = (world.id("user").to_owned(), world.id("company").to_owned());
    let ticket = world.id("ticket").to_owned();
    let stranger = &mut world.cast.client2;
    let opened = stranger
        .open(&[("requester", vera.as_str()), ("company", company.as_str())])
        .await;
    let mut api = stranger.api("cli2@beta.test").await;
    let mut new = serde_json::json!({
        "title": "x", "description": "y", "requester": vera, "company": company,
        "assignee": world.desk.id("tec@desk.test").await, "status": "resolved",
    });
    let by_api = api.call("POST", "/api/v1/tickets", &new).await.expect(201);
    let by_form = api
        .get(&format!("/api/v1/tickets/{opened}"))
        .await
        .expect(200);
    for answer in [by_api, by_form] {
        let json = answer.json();
        assert_eq!(json["requester"]["name"], "Caio Cliente", "{json}");
        assert_eq!(json["company"]["name"], "Beta", "{json}");
        assert_eq!(
            (&json["assignee"], &json["status"]),
            (&serde_json::Value::Null, &"open".into())
        );
    }
    // Staff acts on many for what they see; others not at all.
    let before = world.state().await;
    let act = [("ticket", ticket.as_str()), ("act", "take")];
    for browser in [&mut world.cast.client, &mut world.cast.client2] {
        browser.submit("/tickets/bulk", &act).await.expect(403);
    }
    assert_eq!(world.state().await, before);
    // A colleague's list does not become one's own by its id.
    new = serde_json::json!({ "assignee": vera });
    let tech2 = world.cast.tech2.api("tec2@desk.test").await;
    let path = format!("/api/v1/tickets/{opened}/assign");
    let answer = { tech2 }.call("PATCH", &path, &new).await;
    assert!(matches!(answer.status, 403 | 422), "{}", answer.status);
}
