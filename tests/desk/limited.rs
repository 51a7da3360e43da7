//! People of the staff who may look only into some queues and companies (section W).

use balcao::{live, router};
use db::sea_orm::{ConnectionTrait, Statement};

use crate::roles::{give, make_role};
use crate::support::{Answer, Browser, Cast, Kind, TestDesk, on_each};

on_each!(
    whoever_is_limited_sees_what_is_inside_all_limits,
    what_is_outside_is_not_found_whoever_knows_its_name,
    no_search_finds_what_is_outside,
    no_choice_names_what_is_outside,
    numbers_count_what_is_inside,
    a_ticket_that_is_handed_on_leaves_the_list_and_its_technician,
    nobody_opens_or_moves_a_ticket_to_where_they_may_not_look,
    an_open_page_hears_only_of_what_is_inside,
    a_change_of_limits_counts_from_the_next_request,
    a_limited_supervisor_keeps_only_what_is_inside,
    nobody_is_limited_who_could_not_be,
    who_asks_is_still_one_statement,
);

/// Limits somebody, by the administrator's form.
pub async fn limit(
    desk: &TestDesk,
    admin: &mut Browser,
    email: &str,
    queues: &[&str],
    companies: &[&str],
) -> Answer {
    let path = format!("/admin/users/{}/limits", desk.id(email).await);
    let mut fields: Vec<(&str, &str)> = queues.iter().map(|id| ("queues", *id)).collect();
    fields.extend(companies.iter().map(|id| ("companies", *id)));
    admin.submit(&path, &fields).await
}

/// Tickets inside and outside of what Téo may look into: the queue N1 and Acme.
struct Inside {
    desk: TestDesk,
    cast: Cast,
    /// Of Acme in N1.
    inside: String,
    /// Of Acme in N2, of Beta in N1, of Acme in no queue.
    outside: [String; 3],
    n1: String,
    n2: String,
    acme: String,
}

impl Inside {
    async fn new(kind: Kind) -> Inside {
        let desk = TestDesk::new(kind).await;
        let mut cast = desk.cast().await;
        let n1 = desk.queue("Suporte N1").await;
        let n2 = desk.queue("Suporte N2").await;
        let acme = desk.company("Acme").await;
        let title = ("title", "Cadeira dentro");
        let inside = cast.client.open(&[title, ("queue", &n1)]).await;
        let title = ("title", "Cadeira fora");
        let outside = [
            cast.client.open(&[title, ("queue", &n2)]).await,
            cast.client2.open(&[title, ("queue", &n1)]).await,
            cast.client.open(&[title]).await,
        ];
        // What he works on is no exception.
        for t in &outside {
            cast.tech.act(t, "assign", &[]).await.expect(302);
        }
        limit(&desk, &mut cast.admin, "tec@desk.test", &[&n1], &[&acme])
            .await
            .expect(302);
        desk.settle().await;
        Inside {
            desk,
            cast,
            inside,
            outside,
            n1,
            n2,
            acme,
        }
    }

    /// Whether a page shows what is inside and nothing that is outside.
    #[track_caller]
    fn only(&self, answer: &Answer, what: &str) {
        assert!(answer.shows(&self.inside), "{what}: {}", answer.body);
        for t in &self.outside {
            assert!(!answer.shows(t), "{what} shows {t}: {}", answer.body);
        }
        assert!(!answer.shows("Cadeira fora"), "{what}: {}", answer.body);
    }
}

async fn whoever_is_limited_sees_what_is_inside_all_limits(kind: Kind) {
    let mut w = Inside::new(kind).await;
    for path in [
        "/tickets".to_owned(),
        "/tickets?view=all".to_owned(),
        "/tickets?view=all&sort=updated".to_owned(),
        "/tickets?view=all&sort=priority&dir=asc".to_owned(),
        "/tickets?view=unassigned".to_owned(),
        "/tickets?show=board".to_owned(),
        "/tickets?show=cards".to_owned(),
        "/tickets?status=open&status=in_progress".to_owned(),
        "/tickets?priority=normal".to_owned(),
        format!("/tickets?queue={}", w.n1),
        format!("/tickets?company={}", w.acme),
        "/dashboard".to_owned(),
    ] {
        let page = w.cast.tech.get(&path).await.expect(200);
        w.only(&page, &path);
    }
    let split = format!("/tickets?show=split&open={}", w.outside[0]);
    let page = w.cast.tech.get(&split).await.expect(200);
    assert!(page.shows("Cadeira dentro") && !page.shows("Cadeira fora"));
    for path in [
        "/tickets?view=mine".to_owned(),
        format!("/tickets?queue={}", w.n2),
        "/tickets?assignee=me".to_owned(),
    ] {
        let page = w.cast.tech.get(&path).await.expect(200);
        assert!(page.shows("Nenhum chamado"), "{path}: {}", page.body);
    }
    let mut api = w.cast.tech.api("tec@desk.test").await;
    for path in ["/api/v1/tickets", "/api/v1/tickets?phase=open"] {
        let list = api.get(path).await.expect(200);
        w.only(&list, path);
    }
    // More places than one, one after the other, each newest first.
    let (n1, n2) = (w.n1.clone(), w.n2.clone());
    let admin = &mut w.cast.admin;
    limit(&w.desk, admin, "tec@desk.test", &[&n1, &n2], &[])
        .await
        .expect(302);
    w.desk.later(1);
    let newest = w.cast.client.open(&[("queue", &n1)]).await;
    for path in ["/tickets?view=all", "/tickets?view=all&dir=asc"] {
        let page = w.cast.tech.get(path).await.expect(200);
        let at = |t: &str| page.body.find(t).unwrap_or_else(|| panic!("{path} {t}"));
        let first = at(&newest) < at(&w.inside);
        assert_eq!(first, !path.contains("asc"), "{path}");
        assert!(page.shows(&w.outside[0]) && page.shows(&w.outside[1]));
        assert!(!page.shows(&w.outside[2]), "it is in no queue");
    }
}

async fn what_is_outside_is_not_found_whoever_knows_its_name(kind: Kind) {
    let mut w = Inside::new(kind).await;
    let out = w.outside[0].clone();
    let files: &[(&str, &[u8])] = &[("a.txt", b"texto")];
    w.cast
        .client
        .submit_files(&format!("/tickets/{out}"), &[], files)
        .await
        .expect(302);
    let mut staff = w.cast.supervisor.api("sup@desk.test").await;
    let list = staff
        .get(&format!("/api/v1/tickets/{out}/attachments"))
        .await;
    let file = list.json()["items"][0]["id"].as_str().unwrap().to_owned();
    let id = staff.get(&format!("/api/v1/tickets/{out}")).await.json()["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let mut api = w.cast.tech.api("tec@desk.test").await;
    for t in [&out, &id] {
        for path in [
            format!("/tickets/{t}"),
            format!("/tickets/{t}/edit"),
            format!("/tickets/{t}/presence"),
            format!("/tickets/{t}/answers"),
            format!("/tickets/{t}/attachments/{file}"),
            format!("/tickets/{t}/attachments/{file}/view"),
        ] {
            w.cast.tech.get(&path).await.expect(404);
        }
        for act in ["", "assign", "wait", "resolve", "queue", "move", "presence"] {
            let fields = [
                ("content", "x"),
                ("solution", "x"),
                ("queue", w.n1.as_str()),
                ("to", "waiting"),
                ("tab", "a"),
                ("state", "looking"),
            ];
            w.cast.tech.act(t, act, &fields).await.expect(404);
        }
        for path in ["", "/comments", "/timeline", "/attachments"] {
            api.get(&format!("/api/v1/tickets/{t}{path}"))
                .await
                .expect(404);
        }
        let file = format!("/api/v1/tickets/{t}/attachments/{file}");
        api.get(&file).await.expect(404);
    }
    // Many at once: what is outside is left alone as what there is not.
    let fields = [
        ("act", "wait"),
        ("ticket", out.as_str()),
        ("ticket", w.inside.as_str()),
    ];
    let done = w.cast.tech.submit("/tickets/bulk", &fields).await;
    let done = done.expect(302).location().to_owned();
    let page = w.cast.tech.get(&done).await.expect(200);
    assert!(page.shows("1 chamado"), "{}", page.body);
    let untouched = w.cast.supervisor.ticket(&out).await.expect(200);
    assert!(untouched.shows("Em andamento"));
}

async fn no_search_finds_what_is_outside(kind: Kind) {
    let mut w = Inside::new(kind).await;
    for path in [
        "/tickets?q=cadeira",
        "/search?q=cadeira",
        "/search/hits?q=cadeira",
    ] {
        let page = w.cast.tech.get(path).await.expect(200);
        w.only(&page, path);
    }
    let found = w.cast.tech.get("/tickets?q=cadeira").await;
    assert!(
        found.shows("1 resultado") || found.shows("1 chamado"),
        "{}",
        found.body
    );
    for words in ["Caio", "Beta", "beta.test"] {
        let hits = w.cast.tech.get(&format!("/search/hits?q={words}")).await;
        assert!(!hits.shows("cli2@") && !hits.shows("Beta"), "{}", hits.body);
    }
    let hits = w.cast.tech.get("/search/hits?q=Clara").await;
    assert!(hits.shows("cli@acme.test"), "{}", hits.body);
    let hits = w.cast.tech.get("/search/hits?q=Acme").await;
    assert!(hits.shows("Acme"), "{}", hits.body);
    // Colleagues are nobody's customers.
    let hits = w.cast.tech.get("/search/hits?q=Tereza").await;
    assert!(hits.shows("Tereza"), "{}", hits.body);
    let hits = w.cast.supervisor.get("/search/hits?q=Caio").await;
    assert!(hits.shows("cli2@beta.test"));
}

async fn no_choice_names_what_is_outside(kind: Kind) {
    let mut w = Inside::new(kind).await;
    let edit = format!("/tickets/{}/edit", w.inside);
    for path in ["/tickets/create", edit.as_str(), "/tickets"] {
        let page = w.cast.tech.get(path).await.expect(200);
        assert!(page.shows("Acme"), "{path}");
        for other in ["Beta", "Caio", "beta.test"] {
            assert!(!page.shows(other), "{path} names {other}: {}", page.body);
        }
    }
    let page = w.cast.tech.get("/tickets/create").await;
    assert!(page.shows("Suporte N1") && !page.shows("Suporte N2"));
    // Handing a ticket on leads anywhere.
    let page = w.cast.tech.ticket(&w.inside).await;
    assert!(page.shows("Suporte N2"));
    // Requesters choose among all queues, as before.
    let page = w.cast.client.get("/tickets/create").await;
    assert!(page.shows("Suporte N2"));
}

async fn numbers_count_what_is_inside(kind: Kind) {
    let mut w = Inside::new(kind).await;
    let tab = |view: &str, n: i64| format!("{view}<span class=\"count\">{n}</span>");
    let list = w.cast.tech.get("/tickets").await.expect(200);
    for (view, n) in [
        ("Em aberto", 1),
        ("Meus", 0),
        ("Sem atendimento", 1),
        ("Em atendimento", 0),
        ("Todos", 1),
    ] {
        assert!(list.shows(&tab(view, n)), "{view} {n}: {}", list.body);
    }
    let list = w.cast.tech2.get("/tickets").await.expect(200);
    assert!(list.shows(&tab("Todos", 4)), "{}", list.body);
    w.cast.tech.act(&w.inside, "assign", &[]).await.expect(302);
    let list = w.cast.tech.get("/tickets").await.expect(200);
    assert!(list.shows(&tab("Meus", 1)) && list.shows(&tab("Sem atendimento", 0)));
    // A view for the whole desk is counted for each reader.
    let saved = [
        ("view_name", "Tudo"),
        ("shared", "on"),
        ("query", "view=all"),
    ];
    w.cast
        .supervisor
        .submit("/tickets/views", &saved)
        .await
        .expect(302);
    let count = |page: &Answer| {
        let rest = page.body.split("Tudo").nth(1).unwrap();
        let rest = rest.split("class=\"count\">").nth(1).unwrap();
        rest.split('<').next().unwrap().to_owned()
    };
    assert_eq!(count(&w.cast.tech.get("/tickets").await), "1");
    assert_eq!(count(&w.cast.tech2.get("/tickets").await), "4");
    let board = w.cast.tech.get("/tickets?show=board").await.expect(200);
    w.only(&board, "board");
    w.desk.settle().await;
}

async fn a_ticket_that_is_handed_on_leaves_the_list_and_its_technician(kind: Kind) {
    let mut w = Inside::new(kind).await;
    let t = w.inside.clone();
    w.cast.tech.act(&t, "assign", &[]).await.expect(302);
    let to = [("queue", w.n2.as_str())];
    let answer = w.cast.tech.act(&t, "queue", &to).await.expect(302);
    assert_eq!(answer.location(), "/tickets");
    let list = w.cast.tech.get("/tickets").await.expect(200);
    assert!(list.shows("fora dos seus limites") && !list.shows("Cadeira dentro"));
    w.cast.tech.ticket(&t).await.expect(404);
    // It does not lie with somebody who cannot see it.
    let page = w.cast.supervisor.ticket(&t).await.expect(200);
    assert!(
        page.shows("retirou Téo Técnico do chamado"),
        "{}",
        page.body
    );
    let waits = w.cast.supervisor.get("/tickets?view=unassigned").await;
    assert!(waits.shows(&t));
    // Nor is it given to them, nor are they asked to help.
    let teo = w.desk.id("tec@desk.test").await;
    let given = [("assignee", teo.as_str())];
    let answer = w.cast.supervisor.act(&t, "assign", &given).await;
    assert!(answer.expect(422).shows("não atende a fila ou a empresa"));
    let asked = [("participant", teo.as_str())];
    let answer = w.cast.supervisor.act(&t, "participants/add", &asked).await;
    answer.expect(422);
    // Back where he may look, it is his to take again.
    let back = [("queue", w.n1.as_str())];
    w.cast.supervisor.act(&t, "queue", &back).await.expect(302);
    w.cast.tech.act(&t, "assign", &[]).await.expect(302);
    let reason = [("reason", "Precisa de N2"), ("queue", w.n2.as_str())];
    let answer = w.cast.tech.act(&t, "escalate", &reason).await.expect(302);
    assert_eq!(answer.location(), "/tickets");
    w.desk.settle().await;
}

async fn nobody_opens_or_moves_a_ticket_to_where_they_may_not_look(kind: Kind) {
    let mut w = Inside::new(kind).await;
    let beta = w.desk.company("Beta").await;
    let caio = w.desk.id("cli2@beta.test").await;
    let words = [("title", "Mesa"), ("description", "Bamba.")];
    for (queue, company, requester) in [
        (w.n2.as_str(), w.acme.as_str(), ""),
        (w.n1.as_str(), beta.as_str(), ""),
        (w.n1.as_str(), "", caio.as_str()),
        (w.n1.as_str(), w.acme.as_str(), caio.as_str()),
        ("", w.acme.as_str(), ""),
        (w.n1.as_str(), "", ""),
    ] {
        let mut fields = words.to_vec();
        fields.extend([
            ("queue", queue),
            ("company", company),
            ("requester", requester),
            ("contact_name", "Fulana"),
        ]);
        let answer = w.cast.tech.submit("/tickets/create", &fields).await;
        let page = answer.expect(422);
        assert!(!page.shows("Beta") && !page.shows("Caio"), "{}", page.body);
    }
    let mut fields = words.to_vec();
    fields.extend([("queue", w.n1.as_str()), ("company", w.acme.as_str())]);
    let answer = w.cast.tech.submit("/tickets/create", &fields).await;
    let mine = answer.expect(302).location().to_owned();
    w.cast.tech.get(&mine).await.expect(200);
    let mut api = w.cast.tech.api("tec@desk.test").await;
    let new = serde_json::json!({ "title": "x", "description": "x" });
    api.call("POST", "/api/v1/tickets", &new).await.expect(422);
    for (company, requester) in [(beta.as_str(), ""), ("", ""), (w.acme.as_str(), &caio)] {
        let mut fields = words.to_vec();
        fields.extend([
            ("company", company),
            ("requester", requester),
            ("contact_name", "Fulana"),
        ]);
        let path = format!("{mine}/edit");
        w.cast.tech.submit(&path, &fields).await.expect(422);
    }
}

async fn an_open_page_hears_only_of_what_is_inside(kind: Kind) {
    let mut w = Inside::new(kind).await;
    let mut ear = w.cast.tech.listen("/live", None).await;
    ear.heard();
    for t in &w.outside {
        w.cast
            .supervisor
            .act(t, "", &[("content", "Fora")])
            .await
            .expect(302);
    }
    let fields = [("tab", "a"), ("state", "looking")];
    let out = w.outside[0].clone();
    w.cast
        .tech2
        .act(&out, "presence", &fields)
        .await
        .expect(200);
    let beta = format!("/admin/companies/{}", w.desk.company("Beta").await);
    let renamed = [("name", "Beta e Cia"), ("active", "on")];
    w.cast.admin.submit(&beta, &renamed).await.expect(302);
    w.desk.settle().await;
    live::pass_by(&w.desk.app).await.unwrap();
    assert_eq!(ear.heard().unwrap(), "");

    let t = w.inside.clone();
    w.cast.tech2.act(&t, "presence", &fields).await.expect(200);
    live::pass_by(&w.desk.app).await.unwrap();
    assert!(ear.heard().unwrap().contains("event: presence"));
    w.cast
        .supervisor
        .act(&t, "", &[("content", "Dentro")])
        .await
        .expect(302);
    w.desk.settle().await;
    assert!(ear.heard().unwrap().contains("tickets"));
    // What leaves is heard of once, and then no more.
    let to = [("queue", w.n2.as_str())];
    w.cast.supervisor.act(&t, "queue", &to).await.expect(302);
    w.desk.settle().await;
    assert!(ear.heard().unwrap().contains("tickets"));
    w.cast
        .supervisor
        .act(&t, "", &[("content", "Longe")])
        .await
        .expect(302);
    w.desk.settle().await;
    assert_eq!(ear.heard().unwrap(), "");
    // Whoever missed it hears the same when they come again.
    let mut again = w.cast.tech.listen("/live?after=1", None).await;
    let heard = again.heard().unwrap();
    let id = w.desk.dump("tickets").await;
    assert!(!id.is_empty() && heard.contains("event: change"), "{heard}");
    // Other limits end the stream; it begins again with them.
    let (n1, acme) = (w.n1.clone(), w.acme.clone());
    let admin = &mut w.cast.admin;
    limit(&w.desk, admin, "tec@desk.test", &[&n1], &[])
        .await
        .expect(302);
    w.desk.settle().await;
    assert_eq!(ear.heard(), None);
    // So does a change of a role, for those who have one.
    let role = make_role(&mut w.cast.admin, "Plantão", "tech", &["ticket.work"]).await;
    give(&w.desk, &mut w.cast.admin, "tec2@desk.test", &role)
        .await
        .expect(302);
    w.desk.settle().await;
    let mut ear = w.cast.tech2.listen("/live", None).await;
    let mut other = w.cast.supervisor.listen("/live", None).await;
    assert!(ear.heard().is_some() && other.heard().is_some());
    let fields = [("name", "Plantão noturno"), ("active", "on")];
    let path = format!("/admin/roles/{role}");
    w.cast.admin.submit(&path, &fields).await.expect(302);
    w.desk.settle().await;
    assert_eq!(ear.heard(), None);
    assert!(other.heard().is_some() && !acme.is_empty());
}

async fn a_change_of_limits_counts_from_the_next_request(kind: Kind) {
    let mut w = Inside::new(kind).await;
    let other = w.desk.node().await;
    live::catch_up(&other).await.unwrap();
    let mut there = Browser::new(router::service(&other));
    there.set_cookie("session", w.cast.tech.cookie("session").unwrap());
    let page = there.get("/tickets?view=all").await.expect(200);
    w.only(&page, "the other node");
    let form = format!("/admin/users/{}", w.desk.id("tec@desk.test").await);
    let said = w.cast.admin.get(&form).await.expect(200);
    assert!(said.shows("1 fila · 1 empresa"), "{}", said.body);
    let limits = w.cast.admin.get(&format!("{form}/limits")).await;
    let ticked = format!("value=\"{}\" checked", w.acme);
    assert!(limits.expect(200).shows(&ticked));
    let n1 = w.n1.clone();
    let admin = &mut w.cast.admin;
    limit(&w.desk, admin, "tec@desk.test", &[&n1], &[])
        .await
        .expect(302);
    for browser in [&mut w.cast.tech, &mut there] {
        browser.ticket(&w.outside[1]).await.expect(200);
        browser.ticket(&w.outside[0]).await.expect(404);
        let page = browser.get("/tickets?view=all").await.expect(200);
        assert!(page.shows(&w.outside[1]) && page.shows("Todos<span class=\"count\">2<"));
    }
    let admin = &mut w.cast.admin;
    limit(&w.desk, admin, "tec@desk.test", &[], &[])
        .await
        .expect(302);
    for browser in [&mut w.cast.tech, &mut there] {
        browser.ticket(&w.outside[0]).await.expect(200);
    }
    let audit = w.cast.admin.get("/admin/audit").await.expect(200);
    assert!(
        audit.shows("Limites") && audit.shows("Suporte N1"),
        "{}",
        audit.body
    );
}

async fn a_limited_supervisor_keeps_only_what_is_inside(kind: Kind) {
    let mut w = Inside::new(kind).await;
    let beta = w.desk.company("Beta").await;
    let (n1, acme) = (w.n1.clone(), w.acme.clone());
    let admin = &mut w.cast.admin;
    limit(&w.desk, admin, "sup@desk.test", &[&n1], &[&acme])
        .await
        .expect(302);
    let sup = &mut w.cast.supervisor;
    let list = sup.get("/admin/companies").await.expect(200);
    assert!(list.shows("Acme") && !list.shows("Beta") && !list.shows("companies/new"));
    let path = format!("/admin/companies/{beta}");
    sup.get(&path).await.expect(404);
    let fields = [("name", "Beta"), ("active", "on")];
    sup.submit(&path, &fields).await.expect(404);
    sup.submit(&format!("{path}/logo"), &[]).await.expect(404);
    sup.submit(
        "/admin/companies/new",
        &[("name", "Gama"), ("active", "on")],
    )
    .await
    .expect(403);
    sup.get(&format!("/admin/companies/{acme}"))
        .await
        .expect(200);
    let list = sup.get("/admin/queues").await.expect(200);
    assert!(list.shows("Suporte N1") && !list.shows("Suporte N2"));
    let path = format!("/admin/queues/{}", w.n2);
    sup.get(&path).await.expect(404);
    let fields = [("name", "N2"), ("level", "2"), ("active", "on")];
    sup.submit(&path, &fields).await.expect(404);
    sup.submit("/admin/queues/new", &fields).await.expect(403);
    // Leading is not seeing: the tickets are limited as a technician's.
    sup.ticket(&w.outside[1]).await.expect(404);
    sup.ticket(&w.inside).await.expect(200);
}

async fn nobody_is_limited_who_could_not_be(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let mut cast = desk.cast().await;
    let acme = desk.company("Acme").await;
    for email in ["adm@desk.test", "cli@acme.test"] {
        let path = format!("/admin/users/{}/limits", desk.id(email).await);
        cast.admin.get(&path).await.expect(409);
        limit(&desk, &mut cast.admin, email, &[], &[&acme])
            .await
            .expect(409);
    }
    let made_up = uuid::Uuid::from_u128(7).to_string();
    for (queues, companies) in [([made_up.as_str()], [acme.as_str()]), (["x"], ["y"])] {
        limit(&desk, &mut cast.admin, "tec@desk.test", &queues, &companies)
            .await
            .expect(422);
    }
    let path = format!("/admin/users/{}/limits", desk.id("tec@desk.test").await);
    cast.supervisor.get(&path).await.expect(403);
    // What cannot be read leaves nothing.
    let tx = desk.app.db.begin().await.unwrap();
    let sql = "UPDATE users SET limits = 'nonsense' WHERE email = 'tec@desk.test'";
    tx.execute_unprepared(sql).await.unwrap();
    tx.commit().await.unwrap();
    let t = cast.client.open(&[]).await;
    cast.tech.ticket(&t).await.expect(404);
}

async fn who_asks_is_still_one_statement(kind: Kind) {
    let mut w = Inside::new(kind).await;
    let may = ["ticket.work", "ticket.comment"];
    let role = make_role(&mut w.cast.admin, "Plantão", "tech", &may).await;
    give(&w.desk, &mut w.cast.admin, "tec@desk.test", &role)
        .await
        .expect(302);
    w.desk.settle().await;
    let path = "/tickets";
    // What was done is said once, on the next page.
    for browser in [&mut w.cast.tech, &mut w.cast.tech2] {
        browser.get(path).await.expect(200);
    }
    let tag = w.cast.tech.get(path).await.header("etag").to_owned();
    let again = [("if-none-match", tag.as_str())];
    let asked = w.cast.tech.get_with(path, &again);
    let (answer, reads) = w.desk.statements(asked).await;
    answer.expect(304);
    let tag = w.cast.tech2.get(path).await.header("etag").to_owned();
    let again = [("if-none-match", tag.as_str())];
    let asked = w.cast.tech2.get_with(path, &again);
    let (answer, anybodys) = w.desk.statements(asked).await;
    answer.expect(304);
    assert_eq!(reads, anybodys, "it costs more to know who asks");
    // A limited page costs no more than another one.
    let (_, limited) = w.desk.statements(w.cast.tech.get(path)).await;
    w.cast.tech2.get(path).await;
    let (_, free) = w.desk.statements(w.cast.tech2.get(path)).await;
    assert!(limited <= free, "{limited} and {free} statements");
}

/// What SQLite plans for the tickets that a page reads.
async fn plans(desk: &TestDesk, browser: &mut Browser, path: &str) -> Vec<(String, String)> {
    let (answer, said) = desk.said(browser.get(path)).await;
    answer.expect(200);
    let db = desk.app.db.reader();
    let mut plans = Vec::new();
    for sql in said {
        if !sql.contains("\"excerpt\"") && !sql.contains("\"one\"") {
            continue;
        }
        let plan = format!("EXPLAIN QUERY PLAN {sql}");
        let plan = Statement::from_string(db.get_database_backend(), plan);
        let rows = db.query_all_raw(plan).await.unwrap();
        let rows = rows
            .iter()
            .map(|row| row.try_get::<String>("", "detail").unwrap());
        plans.push((rows.collect::<Vec<_>>().join("\n"), sql));
    }
    plans
}

/// A queue has years of closed tickets; a page of a list must not read and sort them.
#[tokio::test]
async fn a_limited_list_walks_an_index() {
    let desk = TestDesk::new(Kind::Sqlite).await;
    let mut cast = desk.cast().await;
    let n1 = desk.queue("Suporte N1").await;
    let n2 = desk.queue("Suporte N2").await;
    let acme = desk.company("Acme").await;
    let beta = desk.company("Beta").await;
    cast.client.open(&[("queue", &n1)]).await;
    for (queues, companies) in [
        (&[&*n1][..], &[][..]),
        (&[&n1, &n2], &[]),
        (&[], &[&*acme]),
        (&[], &[&acme, &beta]),
        (&[&n1, &n2], &[&acme, &beta]),
    ] {
        let limited = limit(&desk, &mut cast.admin, "tec@desk.test", queues, companies);
        limited.await.expect(302);
        for path in [
            "/tickets",
            "/tickets?view=all",
            "/tickets?view=waiting",
            "/tickets?view=unassigned",
            "/tickets?view=mine",
            "/dashboard",
        ] {
            let plans = plans(&desk, &mut cast.tech, path).await;
            assert!(!plans.is_empty(), "{path}");
            for (plan, sql) in plans {
                let what = format!("{path} {queues:?} {companies:?}:\n{plan}\n{sql}");
                let whole = plan.lines().any(|line| line == "SCAN tickets");
                assert!(!whole, "{what}");
                // Put together from a few of each place, it is a few that are sorted.
                let few = plan.contains("COMPOUND QUERY");
                let sorts = plan.contains("TEMP B-TREE FOR ORDER BY");
                assert!(few || !sorts, "{what}");
                let by_place = plan.contains("tickets_queue") || plan.contains("tickets_company");
                assert!(!by_place || path.ends_with("all"), "{what}");
            }
        }
    }
}
