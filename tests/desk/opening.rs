//! Section A: opening a ticket.

use crate::support::{Kind, TestDesk, on_each};

on_each!(
    a_ticket_is_followed_from_opening_to_closing_in_one_place,
    a_title_is_needed_and_has_at_most_200_characters,
    a_description_is_needed_and_shown_as_it_was_written,
    a_requester_says_nothing_about_responsible_status_or_channel,
    staff_choose_responsible_status_queue_and_channel,
    an_unregistered_caller_is_kept_by_name_and_contact,
    a_ticket_keeps_the_category_names_it_was_opened_with,
    an_archived_or_unknown_choice_is_refused_at_its_field,
    protocols_are_unique_and_tell_nothing,
    a_form_that_fails_keeps_what_was_typed,
);

async fn a_ticket_is_followed_from_opening_to_closing_in_one_place(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let mut cast = desk.cast().await;
    let queue = desk.queue("Suporte N1").await;
    let t = cast.client.open(&[("queue", &queue)]).await;
    assert!(t.starts_with("TCK-20260114-") && t.len() == 23, "{t}");
    cast.tech
        .act(&t, "", &[("content", "Já olhei a fila de impressão.")])
        .await
        .expect(302);
    cast.tech
        .act(&t, "resolve", &[("solution", "Troquei o cabo.")])
        .await
        .expect(302);
    let page = cast.client.ticket(&t).await.expect(200);
    for text in [
        "Resolvido",
        "Já olhei a fila de impressão.",
        "Troquei o cabo.",
        "Suporte N1",
    ] {
        assert!(page.shows(text), "{text}");
    }
    cast.client.act(&t, "close", &[]).await.expect(302);
    assert!(cast.client.ticket(&t).await.shows("Fechado"));
}

async fn a_title_is_needed_and_has_at_most_200_characters(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let mut client = desk.cast().await.client;
    let answer = client
        .submit("/tickets/create", &[("description", "x")])
        .await
        .expect(422);
    assert!(answer.shows("Título: Preencha este campo.") && answer.shows("id=\"title-error\""));
    assert!(!answer.shows("escolha-os de novo"));
    let just = "á".repeat(200);
    client.open(&[("title", &just)]).await;
    let over = "á".repeat(201);
    let answer = client
        .submit("/tickets/create", &[("title", &over), ("description", "x")])
        .await
        .expect(422);
    assert!(answer.shows("no máximo 200 caracteres"));
    let list = client.get("/tickets").await;
    assert_eq!(list.body.matches("own-item").count(), 1, "{}", list.body);
}

async fn a_description_is_needed_and_shown_as_it_was_written(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let mut client = desk.cast().await.client;
    client
        .submit("/tickets/create", &[("title", "x")])
        .await
        .expect(422);
    let t = client
        .open(&[("description", "linha um\r\n<b>linha dois</b> \u{1f600}\0")])
        .await;
    let page = client.ticket(&t).await;
    assert!(
        page.shows("linha um\n&#60;b&#62;linha dois&#60;/b&#62; \u{1f600}"),
        "{}",
        page.body
    );
}

async fn a_requester_says_nothing_about_responsible_status_or_channel(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let mut cast = desk.cast().await;
    let form = cast.client.get("/tickets/create").await.expect(200);
    for field in [
        "title",
        "description",
        "category",
        "subcategory",
        "queue",
        "priority",
        "files",
    ] {
        assert!(form.shows(&format!("name=\"{field}\"")), "{field}");
    }
    for field in ["assignee", "status", "channel", "company", "requester"] {
        assert!(!form.shows(&format!("name=\"{field}\"")), "{field}");
    }
    let tech = desk.id("tec@desk.test").await;
    let t = cast
        .client
        .open(&[
            ("assignee", &tech),
            ("status", "in_progress"),
            ("channel", "x"),
        ])
        .await;
    let mut api = cast.client.api("cli@acme.test").await;
    let json = api.get(&format!("/api/v1/tickets/{t}")).await.json();
    assert_eq!(json["status"], "open");
    assert_eq!(json["assignee"], serde_json::Value::Null);
    assert_eq!(json["channel"]["name"], "Portal");
    assert_eq!(json["requester"]["name"], "Clara Cliente");
    assert_eq!(json["company"]["name"], "Acme");
}

async fn staff_choose_responsible_status_queue_and_channel(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let mut cast = desk.cast().await;
    let tech2 = desk.id("tec2@desk.test").await;
    let client = desk.id("cli@acme.test").await;
    let t = cast
        .tech
        .open(&[
            ("assignee", &tech2),
            ("requester", &client),
            ("priority", "critical"),
        ])
        .await;
    let page = cast.tech.ticket(&t).await;
    for text in ["Tereza Técnica", "Acme", "Crítica", "Em andamento"] {
        assert!(page.shows(text), "{text}");
    }
    let t = cast
        .tech
        .open(&[("status", "in_progress"), ("requester", &client)])
        .await;
    let mut api = cast.tech.api("tec@desk.test").await;
    let json = api.get(&format!("/api/v1/tickets/{t}")).await.json();
    assert_eq!(json["status"], "in_progress");
    assert_eq!(json["assignee"]["name"], "Téo Técnico");
    let t = cast
        .tech
        .open(&[("status", "resolved"), ("requester", &client)])
        .await;
    assert!(cast.tech.ticket(&t).await.shows("Resolvido"));
    cast.tech
        .submit(
            "/tickets/create",
            &[
                ("title", "x"),
                ("description", "y"),
                ("status", "closed"),
                ("contact_name", "z"),
            ],
        )
        .await
        .expect(422);
}

async fn an_unregistered_caller_is_kept_by_name_and_contact(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let mut tech = desk.cast().await.tech;
    let channels = ::catalog::channels(desk.app.db.reader()).await.unwrap();
    let phone = channels
        .iter()
        .find(|c| c.name == "WhatsApp")
        .unwrap()
        .id
        .to_string();
    let t = tech
        .open(&[
            ("contact_name", "Maria"),
            ("contact_info", "(11) 9999-0000"),
            ("channel", &phone),
        ])
        .await;
    let page = tech.ticket(&t).await;
    for text in ["Maria", "(11) 9999-0000", "WhatsApp"] {
        assert!(page.shows(text), "{text}");
    }
    assert!(tech.get("/tickets?show=cards").await.shows("Maria"));
    let answer = tech
        .submit("/tickets/create", &[("title", "x"), ("description", "y")])
        .await
        .expect(422);
    assert!(answer.shows("id=\"contact_name-error\""));
}

async fn a_ticket_keeps_the_category_names_it_was_opened_with(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let mut cast = desk.cast().await;
    let network = desk.category("Rede").await;
    cast.supervisor
        .submit(
            "/admin/categories/new",
            &[("name", "Wi-Fi"), ("parent", &network), ("active", "on")],
        )
        .await
        .expect(302);
    let cx = kit::Context::system(&desk.app);
    let top: ::catalog::CategoryId = network.parse().unwrap();
    let wifi = ::catalog::category_named(cx.db(), Some(top), "Wi-Fi")
        .await
        .unwrap()
        .unwrap();
    let t = cast
        .client
        .open(&[
            ("category", &network),
            ("subcategory", &wifi.id.to_string()),
        ])
        .await;
    cast.supervisor
        .submit(
            &format!("/admin/categories/{network}"),
            &[("name", "Redes"), ("active", "on")],
        )
        .await
        .expect(302);
    let page = cast.tech.ticket(&t).await;
    assert!(page.shows("Rede › Wi-Fi"), "{}", page.body);
    // Filtering goes by the name that the ticket kept.
    assert!(cast.tech.get("/tickets?category=Rede").await.shows(&t));
    assert!(!cast.tech.get("/tickets?category=Redes").await.shows(&t));
}

async fn an_archived_or_unknown_choice_is_refused_at_its_field(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let mut cast = desk.cast().await;
    let queue = desk.queue("Suporte N2").await;
    cast.admin
        .submit(
            &format!("/admin/queues/{queue}"),
            &[("name", "Suporte N2"), ("level", "2")],
        )
        .await
        .expect(302);
    let access = desk.category("Acessos").await;
    cast.admin
        .submit(
            &format!("/admin/categories/{access}"),
            &[("name", "Acessos")],
        )
        .await
        .expect(302);
    for (field, value) in [
        ("queue", queue.as_str()),
        ("category", access.as_str()),
        ("queue", "x"),
        ("category", "00000000-0000-7000-8000-000000000000"),
        ("priority", "urgent"),
    ] {
        let answer = cast
            .client
            .submit(
                "/tickets/create",
                &[("title", "x"), ("description", "y"), (field, value)],
            )
            .await
            .expect(422);
        assert!(answer.shows("Escolha uma opção da lista."), "{field}");
    }
}

async fn protocols_are_unique_and_tell_nothing(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let mut api = desk.cast().await.client.api("cli@acme.test").await;
    let mut protocols = Vec::new();
    let new = serde_json::json!({ "title": "a", "description": "b" });
    for _ in 0..if kind == Kind::Sqlite { 1_000 } else { 50 } {
        let json = api
            .call("POST", "/api/v1/tickets", &new)
            .await
            .expect(201)
            .json();
        protocols.push(json["protocol"].as_str().unwrap().to_owned());
    }
    let random: Vec<&str> = protocols.iter().map(|p| &p[13..]).collect();
    let digits = |p: &&str| {
        p.len() == 10
            && p.chars()
                .all(|c| c.is_ascii_digit() || ('A'..='F').contains(&c))
    };
    assert!(random.iter().all(digits), "{random:?}");
    let mut sorted = random.clone();
    sorted.sort_unstable();
    assert_ne!(sorted, random);
    sorted.dedup();
    assert_eq!(sorted.len(), random.len());
}

async fn a_form_that_fails_keeps_what_was_typed(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let mut client = desk.cast().await.client;
    let answer = client
        .submit(
            "/tickets/create",
            &[
                ("title", ""),
                ("description", "uma descrição longa"),
                ("priority", "high"),
            ],
        )
        .await
        .expect(422);
    assert!(answer.shows("uma descrição longa"));
    assert!(answer.shows("value=\"high\" selected"), "{}", answer.body);
}
