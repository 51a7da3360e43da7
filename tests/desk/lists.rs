//! Section B: lists, filters, paging.

use crate::support::{Answer, Kind, TestDesk, on_each};

on_each!(
    cards_show_the_same_tickets_as_the_list,
    the_newest_ticket_stands_first,
    technicians_see_two_blocks_grouped_by_company,
    requesters_see_their_own_and_no_blocks,
    each_filter_narrows_the_list_and_is_kept,
    days_are_inclusive_and_local,
    large_lists_are_paged,
    a_list_is_walked_backwards_and_from_its_end,
    the_numbers_at_the_tabs_are_kept_with_every_act,
    a_desk_from_before_the_kept_numbers_counts_once,
    the_way_back_to_the_newest_keeps_the_filters,
    priority_sorts_by_weight,
    tabs_count_what_they_show,
    the_dashboard_has_the_numbers_of_whoever_reads,
    the_words_follow_the_vocabulary,
    a_page_of_the_list_costs_the_same_however_long_it_is,
    a_wrong_filter_is_refused_clearly,
);

async fn the_newest_ticket_stands_first(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let mut cast = desk.cast().await;
    let a = cast.client.open(&[("title", "Primeiro")]).await;
    desk.later(1);
    let b = cast.client.open(&[("title", "Segundo")]).await;
    for browser in [&mut cast.client, &mut cast.tech] {
        let list = browser.get("/tickets/").await.expect(200);
        assert!(list.body.find(&b).unwrap() < list.body.find(&a).unwrap());
    }
}

async fn cards_show_the_same_tickets_as_the_list(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let mut cast = desk.cast().await;
    let over = cast.client.open(&[("title", "Terminado")]).await;
    cast.tech
        .act(&over, "resolve", &[("solution", "x")])
        .await
        .expect(302);
    let t = cast
        .client
        .open(&[("description", "o começo da descrição")])
        .await;
    for path in ["/tickets?show=cards", "/tickets/?view=cards"] {
        let cards = cast.tech.get(path).await.expect(200);
        assert!(
            cards.shows("ticket-card") && cards.shows(&t) && !cards.shows(&over),
            "{path}"
        );
        assert!(cards.shows("o começo da descrição"));
    }
}

async fn technicians_see_two_blocks_grouped_by_company(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let mut cast = desk.cast().await;
    let acme = cast.client.open(&[]).await;
    desk.later(1);
    let beta = cast.client2.open(&[]).await;
    let list = cast.tech.get("/tickets").await.expect(200);
    let at = |text: &str| {
        list.body
            .find(text)
            .unwrap_or_else(|| panic!("{text}: {}", list.body))
    };
    assert!(at("Sem atendimento") < at(&acme) && at(&beta) < at(&acme));
    assert!(list.shows("Acme") && list.shows("Beta"));
    cast.tech.act(&acme, "assign", &[]).await.expect(302);
    let list = cast.tech.get("/tickets").await;
    let table = &list.body[list.body.find("<table").unwrap()..];
    let at = |text: &str| table.find(text).unwrap();
    assert!(at(&beta) < at("Em atendimento") && at("Em atendimento") < at(&acme));
    assert!(table.contains("Téo Técnico"));
}

async fn requesters_see_their_own_and_no_blocks(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let mut cast = desk.cast().await;
    let (mine, theirs) = (cast.client.open(&[]).await, cast.client2.open(&[]).await);
    let list = cast.client.get("/tickets").await;
    assert!(list.shows(&mine) && !list.shows(&theirs) && !list.shows("Sem atendimento"));
}

async fn each_filter_narrows_the_list_and_is_kept(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let mut cast = desk.cast().await;
    let (network, hardware) = (
        desk.category("Rede").await,
        desk.category("Equipamentos").await,
    );
    let (n1, n2) = (
        desk.queue("Suporte N1").await,
        desk.queue("Suporte N2").await,
    );
    let a = cast
        .client
        .open(&[("category", &network), ("queue", &n1), ("priority", "high")])
        .await;
    let b = cast
        .client2
        .open(&[("category", &hardware), ("queue", &n2)])
        .await;
    cast.tech.act(&a, "wait", &[]).await.expect(302);
    let tech = desk.id("tec@desk.test").await;
    for query in [
        "category=Rede".to_owned(),
        format!("queue={n1}"),
        "status=waiting".to_owned(),
        format!("assignee={tech}"),
        "assignee=me".to_owned(),
        "priority=high".to_owned(),
        "phase=in_progress".to_owned(),
        format!("status=waiting&category=Rede&queue={n1}"),
    ] {
        let list = cast
            .tech
            .get(&format!("/tickets?{query}"))
            .await
            .expect(200);
        assert!(list.shows(&a) && !list.shows(&b), "{query}");
    }
    let list = cast.tech.get("/tickets?assignee=none").await;
    assert!(!list.shows(&a) && list.shows(&b));
    let list = cast.tech.get("/tickets?category=Rede").await;
    assert!(list.shows("value=\"Rede\" selected"), "{}", list.body);
    for status in [
        "open",
        "in_progress",
        "waiting",
        "scheduled",
        "escalated",
        "resolved",
        "closed",
    ] {
        cast.tech
            .get(&format!("/tickets?status={status}"))
            .await
            .expect(200);
    }
    let none = cast.tech.get("/tickets?status=closed").await;
    assert!(none.shows("Nenhum chamado encontrado"));
}

async fn days_are_inclusive_and_local(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let mut cast = desk.cast().await;
    // 23:30 in São Paulo is the next day in UTC.
    desk.later(11 * 60 + 30);
    let mut client = desk.sign_in("cli@acme.test").await;
    let t = client.open(&[]).await;
    cast.tech = desk.sign_in("tec@desk.test").await;
    let on = |from: &str, to: &str| format!("/tickets?from={from}&to={to}");
    let list = cast.tech.get(&on("2026-01-14", "2026-01-14")).await;
    assert!(list.shows(&t) && list.shows("De: 14/01/2026"));
    assert!(
        !cast
            .tech
            .get(&on("2026-01-15", "2026-01-31"))
            .await
            .shows(&t)
    );
    assert!(
        !cast
            .tech
            .get(&on("2026-01-01", "2026-01-13"))
            .await
            .shows(&t)
    );
}

async fn large_lists_are_paged(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let mut cast = desk.cast().await;
    let mut api = cast.client.api("cli@acme.test").await;
    for i in 0..55 {
        desk.later(1);
        // A token is good for half an hour.
        if i % 25 == 0 {
            api = cast.client.api("cli@acme.test").await;
        }
        let new = serde_json::json!({ "title": format!("Chamado {i:02}"), "description": "x", "priority": "high" });
        api.call("POST", "/api/v1/tickets/", &new).await.expect(201);
    }
    let rows =
        |answer: &crate::support::Answer| answer.body.matches("class=\"ticket-title\"").count();
    let first = cast.tech.get("/tickets?priority=high").await.expect(200);
    assert!(
        first.shows("Página 1 de 3") && first.shows("Chamado 54"),
        "{}",
        first.body
    );
    assert_eq!(rows(&first), 25);
    // The link to the next page walks the index; the number alone works as well.
    let before = first.body.split("\" rel=\"next\"").next().unwrap();
    let link = before.rsplit("href=\"").next().unwrap();
    let link = link.replace("&#38;", "&").replace("&amp;", "&");
    assert!(
        link.contains("after=") && link.contains("priority=high"),
        "{link}"
    );
    let second = cast.tech.get(&link).await.expect(200);
    assert!(
        second.shows("Página 2 de 3") && second.shows("Chamado 29") && !second.shows("Chamado 30")
    );
    let third = cast
        .tech
        .get("/tickets?priority=high&page=3")
        .await
        .expect(200);
    assert!(third.shows("Página 3 de 3"));
    assert_eq!(rows(&third), 5);
    let beyond = cast
        .tech
        .get("/tickets?priority=high&page=99")
        .await
        .expect(302);
    assert_eq!(beyond.location(), "/tickets?priority=high&page=3");
    // The API walks by cursor and meets each ticket once.
    let (mut seen, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = api
            .get(&format!("/api/v1/tickets?limit=10{cursor}"))
            .await
            .expect(200)
            .json();
        seen.extend(
            page["items"]
                .as_array()
                .unwrap()
                .iter()
                .map(|t| t["title"].clone()),
        );
        match page["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => break,
        }
    }
    let wanted: Vec<_> = (0..55)
        .rev()
        .map(|i| serde_json::json!(format!("Chamado {i:02}")))
        .collect();
    assert_eq!(seen, wanted);
}

/// The link of a page with this mark in it.
fn link(page: &Answer, mark: &str) -> Option<String> {
    let (before, _) = page.body.split_once(mark)?;
    let url = before.rsplit("<a ").next()?.split("href=\"").nth(1)?;
    Some(url.split('"').next()?.replace("&#38;", "&"))
}

async fn a_list_is_walked_backwards_and_from_its_end(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let mut cast = desk.cast().await;
    for n in 0..80 {
        let priority = ["low", "high", "critical"][n % 3];
        cast.client
            .open(&[("title", &format!("N{n:02}")), ("priority", priority)])
            .await;
    }
    let titles = |page: &Answer| -> Vec<String> {
        let rows = page.body.split("class=\"ticket-title\"").skip(1);
        let title = |row: &str| row.split_once('>').unwrap().1[..3].to_owned();
        rows.map(title).collect()
    };
    for list in [
        "/tickets",
        "/tickets?view=all&sort=priority",
        "/tickets?view=all&dir=asc&sort=updated",
    ] {
        let mut page = cast.tech.get(list).await.expect(200);
        let last = link(&page, "aria-label=\"Última página\"").unwrap();
        let mut forwards = vec![titles(&page)];
        while let Some(next) = link(&page, "rel=\"next\"") {
            page = cast.tech.get(&next).await.expect(200);
            forwards.push(titles(&page));
        }
        assert_eq!(forwards.concat().len(), 80, "{list}");
        let mut page = cast.tech.get(&last).await.expect(200);
        assert!(page.shows("Página 4 de 4") && link(&page, "rel=\"next\"").is_none());
        let mut backwards = vec![titles(&page)];
        while let Some(previous) = link(&page, "rel=\"prev\"") {
            page = cast.tech.get(&previous).await.expect(200);
            backwards.insert(0, titles(&page));
        }
        assert_eq!(forwards, backwards, "{list}");
        // By its number alone, from whichever end is nearer.
        let mark = if list.contains('?') { '&' } else { '?' };
        for (number, wanted) in (1..).zip(&forwards) {
            let page = cast.tech.get(&format!("{list}{mark}page={number}")).await;
            assert_eq!(&titles(&page), wanted, "{list} {number}");
        }
    }
}

async fn the_numbers_at_the_tabs_are_kept_with_every_act(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let mut cast = desk.cast().await;
    let (a, b) = (cast.client.open(&[]).await, cast.client2.open(&[]).await);
    cast.client.open(&[]).await;
    cast.tech.act(&a, "assign", &[]).await.expect(302);
    cast.tech2
        .act(&b, "resolve", &[("solution", "x")])
        .await
        .expect(302);
    let list = cast.tech.get("/tickets").await.expect(200);
    for (view, count) in [
        ("Em aberto", 2),
        ("Meus", 1),
        ("Sem atendimento", 1),
        ("Em atendimento", 1),
        ("Resolvidos", 1),
        ("Todos", 3),
    ] {
        let tab = format!("{view}<span class=\"count\">{count}</span>");
        assert!(list.shows(&tab), "{tab}: {}", list.body);
    }
    desk.settle().await;
}

async fn a_desk_from_before_the_kept_numbers_counts_once(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let mut cast = desk.cast().await;
    let a = cast.client.open(&[]).await;
    cast.tech.act(&a, "assign", &[]).await.expect(302);
    let tx = desk.app.db.begin().await.unwrap();
    tally::forget(&tx, "tickets").await.unwrap();
    tx.commit().await.unwrap();
    assert!(
        !cast
            .tech
            .get("/tickets")
            .await
            .shows("Meus<span class=\"count\">1<")
    );
    desk.node().await;
    assert!(
        cast.tech
            .get("/tickets")
            .await
            .shows("Meus<span class=\"count\">1<")
    );
    desk.settle().await;
}

async fn the_way_back_to_the_newest_keeps_the_filters(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let mut cast = desk.cast().await;
    for _ in 0..26 {
        cast.client.open(&[("priority", "high")]).await;
    }
    let (newest, start) = ("Voltar aos mais recentes", "Voltar ao início da lista");
    let filtered = "/tickets?view=all&priority=high";
    let first = cast.tech.get(filtered).await.expect(200);
    assert!(
        !first.shows(newest) && !first.shows(start),
        "{}",
        first.body
    );
    let next = link(&first, "Próxima").unwrap();
    assert!(next.contains("after="), "{next}");
    let second = cast.tech.get(&next).await.expect(200);
    assert_eq!(link(&second, newest).as_deref(), Some(filtered));
    // Where the newest do not stand first, the link does not promise them.
    for list in ["/tickets", "/tickets?view=all&sort=priority"] {
        let mark = if list.contains('?') { '&' } else { '?' };
        let second = cast.tech.get(&format!("{list}{mark}page=2")).await;
        assert_eq!(link(&second, start).as_deref(), Some(list));
        assert!(!second.shows(newest), "{list}");
    }
    let own = cast.client.get("/tickets?page=2").await.expect(200);
    assert_eq!(link(&own, newest).as_deref(), Some("/tickets"));
    // A page whose tickets are gone is not a dead end.
    let id = "0".repeat(32);
    let empty = format!("/tickets?view=all&after=0_{id}");
    let empty = cast.tech.get(&empty).await.expect(200);
    assert!(empty.shows("Nenhum chamado encontrado"));
    assert_eq!(link(&empty, newest).as_deref(), Some("/tickets?view=all"));
    // The people's list likewise.
    let people = cast.admin.get("/admin/users?q=desk.test").await.expect(200);
    assert!(people.shows("tec@desk.test") && !people.shows(newest));
    for (id, found) in [("f".repeat(32), true), (id, false)] {
        let people = format!("/admin/users?q=desk.test&after={id}");
        let people = cast.admin.get(&people).await.expect(200);
        assert_eq!(people.shows("tec@desk.test"), found);
        let back = link(&people, newest);
        assert_eq!(back.as_deref(), Some("/admin/users?q=desk.test"));
    }
}

async fn priority_sorts_by_weight(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let mut cast = desk.cast().await;
    for priority in ["low", "critical", "normal", "high"] {
        cast.client
            .open(&[("title", &format!("de {priority}")), ("priority", priority)])
            .await;
    }
    let list = cast
        .tech
        .get("/tickets?view=all&sort=priority")
        .await
        .expect(200);
    let at = |p: &str| list.body.find(&format!("de {p}")).unwrap();
    assert!(at("critical") < at("high") && at("high") < at("normal") && at("normal") < at("low"));
    let list = cast
        .tech
        .get("/tickets?view=all&sort=priority&dir=asc")
        .await;
    assert!(list.body.find("de low").unwrap() < list.body.find("de critical").unwrap());
}

async fn tabs_count_what_they_show(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let mut cast = desk.cast().await;
    let a = cast.client.open(&[]).await;
    let b = cast.client.open(&[]).await;
    cast.client2.open(&[]).await;
    cast.tech.act(&a, "assign", &[]).await.expect(302);
    cast.tech.act(&b, "wait", &[]).await.expect(302);
    let list = cast.tech.get("/tickets").await;
    let count = |view: &str| {
        let tab = list
            .body
            .split(&format!("view={view}\""))
            .nth(1)
            .unwrap_or_else(|| panic!("{view}: {}", list.body));
        let tab = tab.split("</a>").next().unwrap();
        tab.split("class=\"count")
            .nth(1)
            .unwrap()
            .split('>')
            .nth(1)
            .unwrap()
            .split('<')
            .next()
            .unwrap()
            .to_owned()
    };
    assert_eq!(count("mine"), "2");
    assert_eq!(count("unassigned"), "1");
    assert_eq!(count("waiting"), "1");
    assert_eq!(count("all"), "3");
    let mine = cast.tech.get("/tickets?view=mine").await;
    assert!(mine.shows(&a) && mine.shows(&b));
}

async fn the_words_follow_the_vocabulary(kind: Kind) {
    let desk = TestDesk::with(kind, |s| s.vocabulary = kit::Vocabulary::Simple).await;
    let mut cast = desk.cast().await;
    let t = cast.client.open(&[]).await;
    cast.tech.act(&t, "wait", &[]).await.expect(302);
    assert!(cast.client.ticket(&t).await.shows("Em andamento"));
    assert!(!cast.client.ticket(&t).await.shows("Aguardando"));
    let list = cast.tech.get("/tickets?status=in_progress").await;
    assert!(list.shows(&t));
    let mut api = cast.tech.api("tec@desk.test").await;
    let exact = api.get("/api/v1/tickets?status=in_progress").await.json();
    assert_eq!(
        exact["items"],
        serde_json::json!([]),
        "the API's states are exact"
    );
    let select = list
        .body
        .split("name=\"status\"")
        .nth(1)
        .unwrap()
        .split("</select>")
        .next()
        .unwrap();
    assert_eq!(select.matches("<option").count(), 4, "{select}");
}

async fn a_page_of_the_list_costs_the_same_however_long_it_is(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let mut cast = desk.cast().await;
    let t = cast.client.open(&[]).await;
    let (_, few) = desk.statements(cast.tech.get("/tickets")).await;
    let (_, short) = desk.statements(cast.tech.ticket(&t)).await;
    for i in 0..30 {
        let who = if i % 2 == 0 {
            &mut cast.client
        } else {
            &mut cast.client2
        };
        who.open(&[("title", &format!("Chamado {i}"))]).await;
        cast.client
            .act(&t, "", &[("content", &format!("mensagem {i}"))])
            .await
            .expect(302);
    }
    let (_, many) = desk.statements(cast.tech.get("/tickets")).await;
    let (_, long) = desk.statements(cast.tech.ticket(&t)).await;
    assert!(many <= few + 1, "{few} statements became {many}");
    assert!(long <= short + 1, "{short} statements became {long}");
    assert!(many <= 16 && long <= 16, "list {many}, ticket {long}");
}

async fn a_wrong_filter_is_refused_clearly(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let mut cast = desk.cast().await;
    let mut api = cast.tech.api("tec@desk.test").await;
    for query in [
        "status=lost",
        "queue=x",
        "from=2026-02-30",
        "limit=0",
        "cursor=x",
        "assignee=you",
    ] {
        let answer = api
            .get(&format!("/api/v1/tickets?{query}"))
            .await
            .expect(422);
        let field = query.split('=').next().unwrap();
        assert_eq!(answer.json()["errors"][0]["field"], field);
    }
    cast.tech.get("/tickets?status=lost").await.expect(422);
}

async fn the_dashboard_has_the_numbers_of_whoever_reads(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let mut cast = desk.cast().await;
    cast.nobody.get("/dashboard").await.expect(302);
    let mine = cast.client.open(&[("title", "Minha impressora")]).await;
    cast.client.open(&[("title", "Meu monitor")]).await;
    cast.client2.open(&[("title", "De outra empresa")]).await;
    cast.tech.act(&mine, "assign", &[]).await.expect(302);
    desk.settle().await;
    let number = |page: &Answer, view: &str| {
        let tile = format!("class=\"tile\" href=\"/tickets?view={view}\"");
        let alert = tile.replace("\"tile\"", "\"tile tile-alert\"");
        let rest = page.body.split_once(&tile).or(page.body.split_once(&alert));
        let (_, number) = rest?.1.split_once("tile-number\">")?;
        number.split('<').next()?.parse::<i64>().ok()
    };
    // A requester's are their own, and what the staff has in hand is not said.
    let own = cast.client.get("/dashboard").await.expect(200);
    assert_eq!(number(&own, "active"), Some(2));
    assert_eq!(number(&own, "unassigned"), None);
    assert!(own.shows("Meu monitor") && !own.shows("De outra empresa"));
    let other = cast.client2.get("/dashboard").await.expect(200);
    assert_eq!(number(&other, "active"), Some(1));
    // The staff's are the desk's, but for what is one's own.
    for (browser, in_hand) in [(&mut cast.tech, 1), (&mut cast.tech2, 0)] {
        let page = browser.get("/dashboard").await.expect(200);
        assert_eq!(number(&page, "unassigned"), Some(2));
        assert_eq!(number(&page, "mine"), Some(in_hand));
        assert_eq!(number(&page, "working"), Some(1));
        assert!(page.shows("De outra empresa"));
    }
}
