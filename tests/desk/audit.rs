//! The audit: the log as people read it and search it.

use std::collections::BTreeSet;

use axum::http::Request;
use event_log::{ActorKind, Event, NewEvent, Wanted};
use i18n::I18n;
use kit::{Context, Instant};
use serde_json::json;
use uuid::Uuid;

use crate::house::files;
use crate::support::{Answer, Browser, Kind, NOON, TestDesk, on_each};

on_each!(
    the_page_tells_who_did_what_to_which_thing_from_where,
    filters_meet_and_what_is_no_filter_is_said,
    a_page_of_the_log_is_what_a_walk_over_all_of_it_finds,
    the_list_goes_on_where_the_page_ended,
    no_route_changes_a_row_of_the_log,
    only_administrators_read_the_audit,
);

/// Where it is read.
pub const PAGE: &str = "/admin/audit";

#[test]
fn every_kind_that_a_feature_records_has_its_words() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let sources = files(&root.join("crates"), &[".rs"])
        .into_iter()
        .chain(files(&root.join("src"), &[".rs"]));
    let mut recorded = BTreeSet::new();
    for file in sources {
        let text = std::fs::read_to_string(&file).unwrap();
        let text = text.split("#[cfg(test)]").next().unwrap();
        for record in text.split("impl Record for").skip(1) {
            let (_, rest) = record.split_once("fn kind(").unwrap();
            let body = rest.split("fn ").next().unwrap();
            let constants = text.split(": &str =").skip(1);
            let constants = constants.filter_map(|c| c.split(';').next());
            let literals = std::iter::once(body).chain(constants.filter(|_| !body.contains('"')));
            let found: Vec<&str> = literals
                .flat_map(|source| source.split('"').skip(1).step_by(2))
                .filter(|word| is_kind(word))
                .collect();
            assert!(!found.is_empty(), "no kind in {}", file.display());
            recorded.extend(found.into_iter().map(str::to_owned));
        }
    }
    assert!(
        recorded.len() > 30,
        "only {} were looked at",
        recorded.len()
    );
    let i18n = I18n::new(&balcao::features::texts()).unwrap();
    let known: BTreeSet<String> = audit::GROUPS
        .iter()
        .flat_map(|group| group.kinds)
        .map(|kind| (*kind).to_owned())
        .collect();
    let unknown: Vec<_> = recorded.difference(&known).collect();
    assert!(unknown.is_empty(), "not in audit::GROUPS: {unknown:?}");
    let wordless: Vec<_> = known
        .iter()
        .map(|kind| audit::key(kind))
        .chain(
            audit::GROUPS
                .iter()
                .map(|g| format!("audit-group-{}", g.name)),
        )
        .filter(|key| !i18n.has(key))
        .collect();
    assert!(wordless.is_empty(), "without words: {wordless:?}");
}

fn is_kind(word: &str) -> bool {
    let plain =
        |part: &str| !part.is_empty() && part.chars().all(|c| c.is_ascii_lowercase() || c == '_');
    word.split_once('.')
        .is_some_and(|(a, b)| plain(a) && plain(b))
}

/// Everything in the log, oldest first.
pub async fn all(desk: &TestDesk) -> Vec<Event> {
    event_log::after(desk.app.db.reader(), 0, 10_000)
        .await
        .unwrap()
}

fn rows(page: &Answer) -> usize {
    page.body.matches("<tr data-row").count()
}

async fn the_page_tells_who_did_what_to_which_thing_from_where(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let mut cast = desk.cast().await;
    let t = cast.client.open(&[]).await;
    let from = |browser: Browser, ip| browser.at(ip).always("user-agent", "Firefox de teste");
    let mut tech = from(cast.tech.clone(), "10.0.0.5");
    tech.act(&t, "assign", &[]).await.expect(302);
    let mut stranger = from(desk.browser(), "10.0.0.9");
    let wrong = [("email", "tec@desk.test"), ("password", "errada")];
    stranger.submit("/auth/login", &wrong).await.expect(422);
    let page = cast.admin.get(PAGE).await.expect(200);
    for shown in [
        "Chamado aberto",
        "Clara Cliente",
        "Solicitante",
        &format!("<a href=\"/tickets/{t}\">{t}</a>"),
        "10.0.0.5",
        "Téo Técnico",
        "Entrada recusada",
        "10.0.0.9",
        "Sem sessão",
        "Empresa criada",
        "Dispositivo",
        "Firefox de teste",
    ] {
        assert!(page.shows(shown), "{shown}\n{}", page.body);
    }
    // The newest stands first, and a disclosure has what else is known.
    let (refused, opened) = (
        page.body.find("Entrada recusada"),
        page.body.find("Chamado aberto"),
    );
    // Both stand in the filter's choices, too, in another order.
    assert!(refused.is_some() && opened.is_some());
    let table = page.body.split("<tbody>").nth(1).unwrap();
    assert!(table.find("Entrada recusada") < table.find("Chamado aberto"));
    assert!(
        table.contains("<code>user.sign_in_failed</code>") && table.contains("Conta bloqueada")
    );
    // An event that nobody knows shows its code.
    let mut tx = Context::system(&desk.app).begin().await.unwrap();
    tx.retell(event("future.happened", None, None, NOON));
    tx.commit().await.unwrap();
    let page = cast
        .admin
        .get("/admin/audit?kind=future.happened")
        .await
        .expect(200);
    assert!(page.shows("<code>future.happened</code>") && rows(&page) == 1);
    cast.admin.language = "en";
    let page = cast.admin.get(PAGE).await.expect(200);
    assert!(page.shows("Sign-in refused") && page.shows("Not signed in"));
}

async fn filters_meet_and_what_is_no_filter_is_said(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let mut cast = desk.cast().await;
    let t = cast.client.open(&[]).await;
    cast.tech.act(&t, "assign", &[]).await;
    let mut tech = cast.tech.clone().at("2001:db8::7");
    tech.act(&t, "", &[("content", "Oi")]).await.expect(302);
    let mut count = async |query: &str| {
        let page = cast.admin.get(&format!("{PAGE}?{query}")).await;
        rows(&page.expect(200))
    };
    let everything = all(&desk).await;
    let many = |test: &dyn Fn(&Event) -> bool| everything.iter().filter(|e| test(e)).count();
    let tec: Uuid = desk.id("tec@desk.test").await.parse().unwrap();
    let tickets = many(&|e| e.kind.starts_with("ticket."));
    assert!(tickets >= 3);
    assert_eq!(count("kind=tickets").await, tickets);
    assert_eq!(count("kind=ticket.created").await, 1);
    // A person: what they did, and what was done to their account; nothing twice.
    let theirs = many(&|e| e.actor == Some(tec) || e.subject == tec);
    assert!(theirs > many(&|e| e.actor == Some(tec)));
    assert_eq!(count("who=tec%40desk.test").await, theirs);
    assert_eq!(count(&format!("who={tec}")).await, theirs);
    assert_eq!(count("who=TEC@desk.test&kind=user.created").await, 1);
    let worked = many(&|e| e.actor == Some(tec) && e.kind.starts_with("ticket."));
    assert_eq!(count("who=tec%40desk.test&kind=tickets").await, worked);
    assert_eq!(count(&format!("thing={t}")).await, tickets);
    assert_eq!(
        count(&format!("thing={}&who={tec}", t.to_lowercase())).await,
        worked
    );
    // However an address is written, it is the same.
    assert_eq!(count("ip=2001:DB8:0:0::7").await, 1);
    assert_eq!(count("ip=2001:db8::7&kind=accounts").await, 0);
    assert_eq!(
        count("from=2026-01-14&to=2026-01-14").await,
        everything.len().min(50)
    );
    assert_eq!(count("to=2026-01-13").await, 0);
    assert_eq!(count("from=2026-01-15").await, 0);
    for (query, said) in [
        ("who=ninguem%40x.y", "Ninguém tem este e-mail."),
        ("ip=10.0.0", "Informe um endereço IP"),
        ("thing=TCK-0", "Informe o protocolo"),
        ("thing=%27", "Informe o protocolo"),
        ("kind=nada", "Escolha uma opção da lista."),
        ("from=ontem", "Informe a data"),
    ] {
        let page = cast.admin.get(&format!("{PAGE}?{query}")).await.expect(422);
        assert!(
            page.shows(said) && rows(&page) == 0,
            "{query}: {}",
            page.body
        );
    }
    let page = cast
        .admin
        .get(&format!("{PAGE}?kind=tickets&ip=10.1.1.1"))
        .await
        .expect(200);
    assert!(page.shows("O quê: Chamados") && page.shows("href=\"/admin/audit?kind=tickets\""));
    assert!(page.shows("Nenhum registro combina"));
}

fn event(kind: &'static str, actor: Option<Uuid>, ip: Option<&str>, at: Instant) -> NewEvent {
    NewEvent {
        kind,
        subject: kit::new_id(at),
        company: None,
        actor,
        actor_kind: ActorKind::Staff,
        ip: ip.map(str::to_owned),
        at,
        data: json!({}),
    }
}

async fn a_page_of_the_log_is_what_a_walk_over_all_of_it_finds(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let people: Vec<Uuid> = (1..4_u8).map(|n| Uuid::from_u128(n.into())).collect();
    let kinds = ["ticket.created", "ticket.closed", "user.signed_in"];
    let mut tx = Context::system(&desk.app).begin().await.unwrap();
    // Several in one instant, and times that go back as those of an import do.
    for n in 0..400_usize {
        let ip = (n % 3 > 0).then(|| format!("10.0.0.{}", n % 5));
        let at = NOON.plus_minutes(i64::try_from((n * 7) % 60).unwrap());
        let actor = people.get(n % 4).copied();
        let mut new = event(kinds[n % 3], actor, ip.as_deref(), at);
        if n % 6 == 2 {
            new.subject = people[n % 3];
        }
        tx.retell(new);
    }
    tx.commit().await.unwrap();
    let everything = all(&desk).await;
    let person = Some(people[1]);
    let some = |change: &dyn Fn(&mut Wanted)| {
        let mut wanted = Wanted::default();
        change(&mut wanted);
        wanted
    };
    let both: Vec<String> = kinds[..2].iter().map(|k| (*k).to_owned()).collect();
    for wanted in [
        some(&|_| {}),
        some(&|w| w.kinds.clone_from(&both)),
        some(&|w| w.kinds = both[..1].to_vec()),
        some(&|w| w.person = person),
        some(&|w| (w.person, w.kinds) = (person, both.clone())),
        some(&|w| w.subject = person),
        some(&|w| (w.subject, w.person, w.kinds) = (Some(people[2]), person, both.clone())),
        some(&|w| w.ip = Some("10.0.0.2".to_owned())),
        some(&|w| (w.ip, w.person) = (Some("10.0.0.2".to_owned()), person)),
        some(&|w| (w.from, w.until) = (Some(NOON), Some(NOON.plus_minutes(20)))),
        some(&|w| (w.from, w.kinds) = (Some(NOON.plus_minutes(20)), both.clone())),
    ] {
        let mut expected: Vec<_> = everything.iter().filter(|e| fits(&wanted, e)).collect();
        expected.sort_by_key(|e| std::cmp::Reverse((e.at, e.seq)));
        let expected: Vec<i64> = expected.iter().map(|e| e.seq).collect();
        let (mut found, mut asked) = (Vec::new(), wanted.clone());
        loop {
            let page = event_log::page(desk.app.db.reader(), &asked, 7)
                .await
                .unwrap();
            asked.after = page.last().map(Event::place);
            found.extend(page.iter().map(|e| e.seq));
            if page.len() < 7 {
                break;
            }
        }
        assert_eq!(found, expected, "{wanted:?}");
    }
}

/// The same as the log's SQL, in words of Rust.
fn fits(wanted: &Wanted, e: &Event) -> bool {
    (wanted.kinds.is_empty() || wanted.kinds.contains(&e.kind))
        && wanted
            .person
            .is_none_or(|p| e.actor == Some(p) || e.subject == p)
        && wanted.subject.is_none_or(|s| e.subject == s)
        && wanted
            .ip
            .as_ref()
            .is_none_or(|ip| e.ip.as_ref() == Some(ip))
        && wanted.from.is_none_or(|from| e.at >= from)
        && wanted.until.is_none_or(|until| e.at < until)
}

async fn the_list_goes_on_where_the_page_ended(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let mut cast = desk.cast().await;
    let mut tx = Context::system(&desk.app).begin().await.unwrap();
    for _ in 0..120 {
        tx.retell(event("search.replay_asked", None, None, NOON));
    }
    tx.commit().await.unwrap();
    let mut url = format!("{PAGE}?kind=system");
    let mut seen = Vec::new();
    for n in 0..3 {
        let page = cast.admin.get(&url).await.expect(200);
        assert_eq!(page.shows("Voltar aos mais recentes"), n > 0);
        seen.push(rows(&page));
        let next = page.body.split("rel=\"next\" href=\"").nth(1);
        match next {
            Some(rest) => url = rest.split('"').next().unwrap().replace("&#38;", "&"),
            None => assert_eq!(n, 2),
        }
    }
    assert_eq!(seen, [50, 50, 20]);
    cast.admin.get(&format!("{PAGE}?after=x")).await.expect(200);
}

async fn no_route_changes_a_row_of_the_log(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let mut cast = desk.cast().await;
    let before = all(&desk).await;
    let csrf = cast.admin.csrf().await;
    for method in ["POST", "PUT", "PATCH", "DELETE"] {
        for path in [
            PAGE.to_owned(),
            format!("{PAGE}/3"),
            format!("{PAGE}/3/delete"),
        ] {
            let request = Request::builder()
                .method(method)
                .uri(&path)
                .header("content-type", "application/x-www-form-urlencoded");
            let body = format!("csrf={csrf}&seq=3&kind=x&ip=1.1.1.1");
            let answer = cast.admin.send(request, body.into()).await;
            assert!(
                matches!(answer.status, 404 | 405),
                "{method} {path}: {}",
                answer.status
            );
        }
    }
    // Of the routes that there are, two take something: neither writes to a row.
    let taken = desk.app.routes.iter().filter(|r| r.path.starts_with(PAGE));
    let taken: Vec<_> = taken.map(|r| format!("{} {}", r.method, r.path)).collect();
    assert_eq!(
        taken,
        [
            "GET /admin/audit",
            "POST /admin/audit/export.csv",
            "POST /admin/audit/verify"
        ]
    );
    let after = all(&desk).await;
    assert_eq!(format!("{before:?}"), format!("{after:?}"));
}

async fn only_administrators_read_the_audit(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let mut cast = desk.cast().await;
    assert!(
        cast.admin
            .get("/admin")
            .await
            .shows("href=\"/admin/audit\"")
    );
    for browser in [&mut cast.client, &mut cast.tech, &mut cast.supervisor] {
        browser.get(PAGE).await.expect(403);
        browser.submit("/admin/audit/verify", &[]).await.expect(403);
        browser
            .submit("/admin/audit/export.csv", &[])
            .await
            .expect(403);
    }
    assert!(
        !cast
            .supervisor
            .get("/admin")
            .await
            .shows("href=\"/admin/audit\"")
    );
    cast.nobody.get(PAGE).await.expect(302);
}
