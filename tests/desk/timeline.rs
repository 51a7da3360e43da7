//! Section E: comments, timeline, history.

use crate::support::{Kind, TestDesk, on_each};

on_each!(
    an_internal_note_never_becomes_the_solution,
    clients_do_not_hear_of_retracted_notes,
    a_note_for_the_desk_does_not_move_the_time_that_a_client_sees,
    internal_comments_are_never_shown_to_clients,
    a_client_who_says_internal_writes_in_public,
    messages_are_in_order_and_survive_the_whole_life,
    the_timeline_tells_who_what_from_and_to,
    another_companys_client_finds_nothing,
    ones_own_entry_is_retracted_within_ten_minutes,
    entries_are_filtered_by_kind,
    a_long_timeline_is_read_in_stretches,
);

async fn internal_comments_are_never_shown_to_clients(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let mut cast = desk.cast().await;
    let t = cast.client.open(&[]).await;
    let files: &[(&str, &[u8])] = &[("senhas-do-cliente.txt", b"x")];
    let fields = [("content", "SEGREDO interno"), ("kind", "internal")];
    cast.tech
        .submit_files(&format!("/tickets/{t}"), &fields, files)
        .await
        .expect(302);
    for browser in [&mut cast.tech, &mut cast.supervisor, &mut cast.admin] {
        let page = browser.ticket(&t).await;
        assert!(page.shows("SEGREDO interno") && page.shows("Interno"));
    }
    let mut api = cast.client.api("cli@acme.test").await;
    let mut answers = vec![
        cast.client.ticket(&t).await,
        cast.client.get("/tickets").await,
    ];
    answers.push(cast.client.get("/dashboard").await);
    for path in ["", "/comments", "/timeline", "/attachments"] {
        answers.push(
            api.get(&format!("/api/v1/tickets/{t}{path}"))
                .await
                .expect(200),
        );
    }
    for answer in answers {
        assert!(!answer.shows("SEGREDO") && !answer.shows("senhas-do-cliente"));
    }
    // The file itself is not theirs either.
    let mut tech = cast.tech.api("tec@desk.test").await;
    let files = tech
        .get(&format!("/api/v1/tickets/{t}/attachments"))
        .await
        .json();
    let id = files["items"][0]["id"].as_str().unwrap().to_owned();
    cast.client
        .get(&format!("/tickets/{t}/attachments/{id}"))
        .await
        .expect(404);
    api.get(&format!("/api/v1/tickets/{t}/attachments/{id}"))
        .await
        .expect(404);
}

async fn an_internal_note_never_becomes_the_solution(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let mut cast = desk.cast().await;
    let t = cast.client.open(&[]).await;
    let note = [
        ("content", "SEGREDO"),
        ("kind", "internal"),
        ("then", "resolved"),
    ];
    cast.tech.act(&t, "", &note).await.expect(302);
    let page = cast.client.ticket(&t).await;
    assert!(!page.shows("SEGREDO") && !page.shows("Resolvido em"));
    let mut api = cast.client.api("cli@acme.test").await;
    let json = api.get(&format!("/api/v1/tickets/{t}")).await.json();
    assert_eq!(json["status"], "in_progress");
    assert_eq!(json["solution"], serde_json::Value::Null);
}

async fn clients_do_not_hear_of_retracted_notes(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let mut cast = desk.cast().await;
    let t = cast.client.open(&[]).await;
    let note = [("content", "nota"), ("kind", "internal")];
    cast.tech.act(&t, "", &note).await.expect(302);
    let mut tech = cast.tech.api("tec@desk.test").await;
    let path = format!("/api/v1/tickets/{t}");
    let list = tech.get(&format!("{path}/comments")).await.json();
    let id = list["items"][0]["id"].as_str().unwrap().to_owned();
    cast.tech
        .act(&t, &format!("comments/{id}/retract"), &[])
        .await
        .expect(302);
    let told = |timeline: serde_json::Value| timeline.to_string().contains("RETRACTED");
    assert!(told(tech.get(&format!("{path}/timeline")).await.json()));
    let mut client = cast.client.api("cli@acme.test").await;
    assert!(!told(client.get(&format!("{path}/timeline")).await.json()));
}

async fn a_client_who_says_internal_writes_in_public(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let cast = desk.cast().await;
    let mut client = cast.client.clone();
    let t = client.open(&[]).await;
    client
        .act(&t, "", &[("content", "oi"), ("kind", "internal")])
        .await
        .expect(302);
    let mut api = client.api("cli@acme.test").await;
    let body = serde_json::json!({ "content": "olá", "internal": true });
    let made = api
        .call("POST", &format!("/api/v1/tickets/{t}/comments"), &body)
        .await
        .expect(201)
        .json();
    assert_eq!(made["internal"], false);
    let page = client.ticket(&t).await;
    assert!(page.shows("oi") && page.shows("olá"));
}

async fn messages_are_in_order_and_survive_the_whole_life(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let mut cast = desk.cast().await;
    let t = cast.client.open(&[]).await;
    cast.client
        .act(&t, "", &[("content", "primeira")])
        .await
        .expect(302);
    desk.later(1);
    cast.tech
        .act(&t, "", &[("content", "segunda")])
        .await
        .expect(302);
    desk.later(1);
    cast.admin
        .act(&t, "", &[("content", "terceira")])
        .await
        .expect(302);
    cast.tech
        .act(&t, "resolve", &[("solution", "x")])
        .await
        .expect(302);
    cast.tech.act(&t, "reopen", &[]).await.expect(302);
    let closing = [
        ("reason", "x"),
        ("classification", "other"),
        ("evaluation", "x"),
    ];
    cast.tech.act(&t, "close", &closing).await.expect(302);
    let page = cast.client.ticket(&t).await;
    let at = |text: &str| {
        page.body
            .find(text)
            .unwrap_or_else(|| panic!("{text} is gone"))
    };
    assert!(at("primeira") < at("segunda") && at("segunda") < at("terceira"));
    for name in ["Clara Cliente", "Téo Técnico", "Ana Admin"] {
        assert!(page.shows(name));
    }
}

async fn the_timeline_tells_who_what_from_and_to(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let mut cast = desk.cast().await;
    let t = cast.client.open(&[]).await;
    desk.later(5);
    cast.tech.act(&t, "assign", &[]).await.expect(302);
    cast.tech
        .act(&t, "resolve", &[("solution", "x")])
        .await
        .expect(302);
    cast.client.act(&t, "close", &[]).await.expect(302);
    let mut api = cast.client.api("cli@acme.test").await;
    let items = api
        .get(&format!("/api/v1/tickets/{t}/timeline/"))
        .await
        .expect(200)
        .json();
    let told: Vec<(String, String, String, String)> = items["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|i| {
            let text = |v: &serde_json::Value| v.as_str().unwrap_or("").to_owned();
            assert_eq!(i["type"], "event");
            (
                text(&i["event_type"]),
                text(&i["from_status"]),
                text(&i["to_status"]),
                text(&i["author"]["role"]),
            )
        })
        .collect();
    let wanted = [
        ("CREATED", "", "open", "client"),
        ("ASSIGNED", "open", "in_progress", "tech"),
        ("RESOLVED", "in_progress", "resolved", "tech"),
        ("CLOSED", "resolved", "closed", "client"),
    ];
    let told: Vec<_> = told
        .iter()
        .map(|(a, b, c, d)| (a.as_str(), b.as_str(), c.as_str(), d.as_str()))
        .collect();
    assert_eq!(told, wanted);
    assert_eq!(items["items"][1]["created_at"], "2026-01-14T15:05:00Z");
    assert_eq!(items["items"][1]["author"]["kind"], "staff");
    // The same act is told in local time on the page.
    assert!(cast.client.ticket(&t).await.shows("14/01/2026 12:05"));
}

async fn another_companys_client_finds_nothing(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let mut cast = desk.cast().await;
    let t = cast.client.open(&[]).await;
    cast.client2.ticket(&t).await.expect(404);
    cast.client2
        .act(&t, "", &[("content", "oi")])
        .await
        .expect(404);
    cast.client2.act(&t, "close", &[]).await.expect(404);
    let mut api = cast.client2.api("cli2@beta.test").await;
    for path in ["", "/comments", "/timeline", "/attachments"] {
        api.get(&format!("/api/v1/tickets/{t}{path}"))
            .await
            .expect(404);
    }
    assert!(!cast.client2.get("/tickets").await.shows(&t));
    assert_eq!(
        api.get("/api/v1/tickets").await.json()["items"]
            .as_array()
            .unwrap()
            .len(),
        0
    );
}

async fn ones_own_entry_is_retracted_within_ten_minutes(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let mut cast = desk.cast().await;
    let t = cast.client.open(&[]).await;
    let files: &[(&str, &[u8])] = &[("errado.txt", b"arquivo errado")];
    cast.tech
        .submit_files(
            &format!("/tickets/{t}"),
            &[("content", "texto errado")],
            files,
        )
        .await
        .expect(302);
    let mut api = cast.tech.api("tec@desk.test").await;
    let list = api
        .get(&format!("/api/v1/tickets/{t}/comments"))
        .await
        .json();
    let id = list["items"][0]["id"].as_str().unwrap().to_owned();
    let act = format!("comments/{id}/retract");
    let on_disk = || files_below(&desk.app.settings.uploads);
    assert_eq!(on_disk(), 1);
    cast.client.act(&t, &act, &[]).await.expect(404);
    desk.later(11);
    cast.tech.act(&t, &act, &[]).await.expect(409);
    desk.later(-2);
    cast.tech.act(&t, &act, &[]).await.expect(302);
    let page = cast.client.ticket(&t).await;
    assert!(!page.shows("texto errado") && !page.shows("errado.txt"));
    desk.settle().await;
    assert_eq!(on_disk(), 0);
    cast.tech.act(&t, &act, &[]).await.expect(409);
}

pub fn files_below(directory: &std::path::Path) -> usize {
    let Ok(entries) = std::fs::read_dir(directory) else {
        return 0;
    };
    entries
        .flatten()
        .map(|entry| match entry.path() {
            path if path.is_dir() => files_below(&path),
            _ => 1,
        })
        .sum()
}

async fn entries_are_filtered_by_kind(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let mut cast = desk.cast().await;
    let t = cast.client.open(&[]).await;
    cast.client
        .act(&t, "", &[("content", "voz da cliente")])
        .await
        .expect(302);
    cast.tech
        .act(&t, "", &[("content", "voz do técnico")])
        .await
        .expect(302);
    let page = cast
        .tech
        .get(&format!("/tickets/{t}?only=client"))
        .await
        .expect(200);
    assert!(page.shows("voz da cliente") && !page.shows("voz do técnico"));
    let page = cast
        .tech
        .get(&format!("/tickets/{t}?only=staff"))
        .await
        .expect(200);
    assert!(!page.shows("voz da cliente") && page.shows("voz do técnico"));
}

async fn a_long_timeline_is_read_in_stretches(kind: Kind) {
    if kind != Kind::Sqlite {
        return;
    }
    let desk = TestDesk::new(kind).await;
    let mut cast = desk.cast().await;
    let t = cast.client.open(&[]).await;
    for i in 0..230 {
        desk.later(1);
        cast.client
            .act(&t, "", &[("content", &format!("mensagem número {i:03}"))])
            .await
            .expect(302);
    }
    // A session is good for two idle hours only, and this took four.
    let page = cast.client.ticket(&t).await.expect(200);
    assert!(page.shows("mensagem número 229") && !page.shows("mensagem número 010"));
    let link = page
        .body
        .split("?before=")
        .nth(1)
        .unwrap()
        .split('"')
        .next()
        .unwrap()
        .to_owned();
    let earlier = cast
        .client
        .get(&format!("/tickets/{t}?before={link}"))
        .await
        .expect(200);
    assert!(earlier.shows("mensagem número 010"));
    let back = format!("href=\"/tickets/{t}\"><svg");
    assert!(!page.shows("Voltar às mais recentes"));
    assert!(earlier.shows("Voltar às mais recentes") && earlier.shows(&back));
}

async fn a_note_for_the_desk_does_not_move_the_time_that_a_client_sees(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let mut cast = desk.cast().await;
    let t = cast.client.open(&[]).await;
    let other = cast.client.open(&[]).await;
    cast.tech.act(&t, "assign", &[]).await.expect(302);
    desk.later(1);
    cast.client
        .act(&other, "", &[("content", "Mais um detalhe")])
        .await
        .expect(302);
    let mut client = cast.client.api("cli@acme.test").await;
    let mut staff = cast.tech.api("tec@desk.test").await;
    let path = format!("/api/v1/tickets/{t}");
    let before = client.get(&path).await.json()["updated_at"].clone();

    desk.later(10);
    let note = [("content", "Só entre nós"), ("internal", "on")];
    cast.tech.act(&t, "", &note).await.expect(302);
    assert_eq!(client.get(&path).await.json()["updated_at"], before);
    assert_ne!(staff.get(&path).await.json()["updated_at"], before);
    let newest = |list: serde_json::Value| list["items"][0]["protocol"].clone();
    let by_change = "/api/v1/tickets?sort=updated";
    assert_eq!(newest(client.get(by_change).await.json()), other.as_str());
    assert_eq!(newest(staff.get(by_change).await.json()), t.as_str());

    desk.later(10);
    cast.tech
        .act(&t, "", &[("content", "Para todos")])
        .await
        .expect(302);
    assert_ne!(client.get(&path).await.json()["updated_at"], before);
    assert_eq!(newest(client.get(by_change).await.json()), t.as_str());
}
