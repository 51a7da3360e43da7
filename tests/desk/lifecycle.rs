//! Sections C and D: states, who may move a ticket on, and who works on it.

use crate::support::{Kind, TestDesk, on_each};

on_each!(
    the_technician_who_interacts_first_becomes_responsible,
    a_supervisor_or_admin_who_writes_does_not_become_responsible,
    taking_works_once,
    a_technician_leaves_alone_what_another_works_on,
    escalating_clears_the_responsible_and_does_not_give_it_straight_back,
    transferring_keeps_the_state_and_takes_the_right_away,
    participants_help_with_internal_comments,
    resolving_needs_a_solution_and_staff,
    closing_by_staff_needs_reason_classification_and_evaluation,
    reopening_is_staffs_once_it_is_closed,
    a_reply_of_the_requester_ends_the_waiting,
    comment_files_and_state_are_applied_together_or_not_at_all,
    a_closed_ticket_takes_nothing,
    a_stale_form_is_refused_and_keeps_what_was_typed,
    queue_and_priority_changes_are_history,
    a_correction_is_history_and_a_stale_one_is_refused,
);

async fn the_technician_who_interacts_first_becomes_responsible(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let mut cast = desk.cast().await;
    let t = cast.client.open(&[]).await;
    cast.tech
        .act(&t, "", &[("content", "Vou olhar.")])
        .await
        .expect(302);
    let page = cast.client.ticket(&t).await;
    assert!(page.shows("Téo Técnico") && page.shows("Em andamento"));
    let mut api = cast.tech.api("tec@desk.test").await;
    let events = api
        .get(&format!("/api/v1/tickets/{t}/timeline"))
        .await
        .json();
    let assigned: Vec<_> = events["items"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|i| i["event_type"] == "ASSIGNED")
        .collect();
    assert_eq!(assigned.len(), 1);
    assert_eq!(assigned[0]["from_status"], "open");
    assert_eq!(assigned[0]["to_status"], "in_progress");
}

async fn a_supervisor_or_admin_who_writes_does_not_become_responsible(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let mut cast = desk.cast().await;
    let t = cast.client.open(&[]).await;
    cast.admin
        .act(&t, "", &[("content", "Acompanhando.")])
        .await
        .expect(302);
    cast.supervisor
        .act(&t, "", &[("content", "Alguém pega?")])
        .await
        .expect(302);
    let mut api = cast.tech.api("tec@desk.test").await;
    let json = api.get(&format!("/api/v1/tickets/{t}")).await.json();
    assert_eq!(json["assignee"], serde_json::Value::Null);
    assert_eq!(json["status"], "open");
}

async fn taking_works_once(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let mut cast = desk.cast().await;
    let t = cast.client.open(&[]).await;
    cast.client.act(&t, "assign", &[]).await.expect(403);
    cast.tech.act(&t, "assign", &[]).await.expect(302);
    let late = cast.tech2.act(&t, "assign", &[]).await.expect(409);
    assert!(late.shows("Téo Técnico"));
    let tech2 = desk.id("tec2@desk.test").await;
    cast.supervisor
        .act(&t, "assign", &[("assignee", &tech2)])
        .await
        .expect(302);
    assert!(cast.client.ticket(&t).await.shows("Tereza Técnica"));
    let client = desk.id("cli@acme.test").await;
    cast.supervisor
        .act(&t, "assign", &[("assignee", &client)])
        .await
        .expect(422);
}

async fn a_technician_leaves_alone_what_another_works_on(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let mut cast = desk.cast().await;
    let t = cast.client.open(&[]).await;
    cast.tech.act(&t, "assign", &[]).await.expect(302);
    for (act, fields) in [
        ("", &[("content", "oi")][..]),
        ("resolve", &[("solution", "x")]),
        ("wait", &[]),
        ("escalate", &[("reason", "x")]),
        (
            "close",
            &[
                ("reason", "x"),
                ("classification", "other"),
                ("evaluation", "x"),
            ],
        ),
    ] {
        let answer = cast.tech2.act(&t, act, fields).await.expect(403);
        assert!(
            answer.shows("em atendimento por outro técnico"),
            "{act}: {}",
            answer.body
        );
    }
    cast.supervisor
        .act(&t, "resolve", &[("solution", "feito")])
        .await
        .expect(302);
}

async fn escalating_clears_the_responsible_and_does_not_give_it_straight_back(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let mut cast = desk.cast().await;
    let n1 = desk.queue("Suporte N1").await;
    let t = cast.client.open(&[("queue", &n1)]).await;
    cast.tech.act(&t, "assign", &[]).await.expect(302);
    cast.tech
        .act(&t, "escalate", &[("reason", "")])
        .await
        .expect(422);
    cast.tech
        .act(&t, "escalate", &[("reason", "Precisa de rede.")])
        .await
        .expect(302);
    let mut api = cast.tech.api("tec@desk.test").await;
    let path = format!("/api/v1/tickets/{t}");
    let json = api.get(&path).await.json();
    assert_eq!(json["status"], "escalated");
    assert_eq!(json["phase"], "open");
    assert_eq!(json["assignee"], serde_json::Value::Null);
    assert_eq!(json["queue"]["name"], "Suporte N2");
    let page = cast.supervisor.ticket(&t).await;
    assert!(
        page.shows("Suporte N1 (N1)")
            && page.shows("Suporte N2 (N2)")
            && page.shows("Precisa de rede.")
    );
    assert!(!cast.client.ticket(&t).await.shows("Precisa de rede."));
    // Whoever handed it on may add a word without getting it back …
    cast.tech
        .act(
            &t,
            "",
            &[("content", "Anexei o log."), ("kind", "internal")],
        )
        .await
        .expect(302);
    assert_eq!(
        api.get(&path).await.json()["assignee"],
        serde_json::Value::Null
    );
    // … the next technician who interacts becomes responsible.
    cast.tech2
        .act(&t, "", &[("content", "Assumo daqui.")])
        .await
        .expect(302);
    let json = api.get(&path).await.json();
    assert_eq!(json["assignee"]["name"], "Tereza Técnica");
    assert_eq!(json["status"], "in_progress");
}

async fn transferring_keeps_the_state_and_takes_the_right_away(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let mut cast = desk.cast().await;
    let t = cast.client.open(&[]).await;
    cast.tech.act(&t, "assign", &[]).await.expect(302);
    cast.tech.act(&t, "wait", &[]).await.expect(302);
    let tech2 = desk.id("tec2@desk.test").await;
    cast.tech
        .act(&t, "transfer", &[("assignee", &tech2)])
        .await
        .expect(302);
    let page = cast.tech2.ticket(&t).await;
    assert!(page.shows("Aguardando") && page.shows("Tereza Técnica"));
    cast.tech
        .act(&t, "resolve", &[("solution", "x")])
        .await
        .expect(403);
}

async fn participants_help_with_internal_comments(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let mut cast = desk.cast().await;
    let t = cast.client.open(&[]).await;
    cast.tech.act(&t, "assign", &[]).await.expect(302);
    let (tech2, client) = (
        desk.id("tec2@desk.test").await,
        desk.id("cli@acme.test").await,
    );
    let add = "participants/add";
    cast.tech
        .act(&t, add, &[("participant", &tech2)])
        .await
        .expect(302);
    cast.tech
        .act(&t, add, &[("participant", &tech2)])
        .await
        .expect(422);
    cast.tech
        .act(&t, add, &[("participant", &client)])
        .await
        .expect(422);
    cast.tech2
        .act(&t, "", &[("content", "Vi o switch."), ("kind", "internal")])
        .await
        .expect(302);
    assert!(cast.tech.ticket(&t).await.shows("Vi o switch."));
    assert!(!cast.client.ticket(&t).await.shows("Vi o switch."));
    let closing = [
        ("reason", "x"),
        ("classification", "other"),
        ("evaluation", "x"),
    ];
    cast.tech2.act(&t, "close", &closing).await.expect(403);
    cast.tech
        .act(&t, "participants/remove", &[("participant", &tech2)])
        .await
        .expect(302);
    cast.tech2
        .act(&t, "", &[("content", "oi")])
        .await
        .expect(403);
}

async fn resolving_needs_a_solution_and_staff(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let mut cast = desk.cast().await;
    let t = cast.client.open(&[]).await;
    cast.client
        .act(&t, "resolve", &[("solution", "x")])
        .await
        .expect(403);
    let answer = cast
        .tech
        .act(&t, "resolve", &[("solution", " ")])
        .await
        .expect(422);
    assert!(answer.shows("solution-error"), "{}", answer.body);
    cast.tech
        .act(&t, "resolve", &[("solution", "Reinstalado.")])
        .await
        .expect(302);
    // Solving what nobody worked on made the technician responsible.
    assert!(cast.client.ticket(&t).await.shows("Téo Técnico"));
}

async fn closing_by_staff_needs_reason_classification_and_evaluation(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let mut cast = desk.cast().await;
    let t = cast.client.open(&[]).await;
    cast.tech.act(&t, "assign", &[]).await.expect(302);
    for missing in ["reason", "classification", "evaluation"] {
        let mut fields = vec![
            ("reason", "Fim."),
            ("classification", "network"),
            ("evaluation", "Cabo."),
        ];
        fields.retain(|(name, _)| *name != missing);
        let answer = cast.tech.act(&t, "close", &fields).await.expect(422);
        assert!(answer.shows(&format!("{missing}-error")), "{missing}");
    }
    let fields = [
        ("reason", "Fim."),
        ("classification", "network"),
        ("evaluation", "Cabo solto."),
    ];
    cast.tech.act(&t, "close", &fields).await.expect(302);
    assert!(cast.tech.ticket(&t).await.shows("Cabo solto."));
    assert!(!cast.client.ticket(&t).await.shows("Cabo solto."));
}

async fn reopening_is_staffs_once_it_is_closed(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let mut cast = desk.cast().await;
    let t = cast.client.open(&[]).await;
    cast.tech.act(&t, "reopen", &[]).await.expect(409);
    cast.tech
        .act(&t, "resolve", &[("solution", "x")])
        .await
        .expect(302);
    cast.client.act(&t, "reopen", &[]).await.expect(302);
    assert!(cast.client.ticket(&t).await.shows("Em andamento"));
    cast.tech
        .act(&t, "resolve", &[("solution", "y")])
        .await
        .expect(302);
    cast.client.act(&t, "close", &[]).await.expect(302);
    cast.client.act(&t, "reopen", &[]).await.expect(403);
    cast.tech.act(&t, "reopen", &[]).await.expect(302);
    let mut api = cast.tech.api("tec@desk.test").await;
    let json = api.get(&format!("/api/v1/tickets/{t}")).await.json();
    assert_eq!(json["status"], "in_progress");
    assert_eq!(json["closed_at"], serde_json::Value::Null);
    assert_eq!(json["assignee"]["name"], "Téo Técnico");
}

async fn a_reply_of_the_requester_ends_the_waiting(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let mut cast = desk.cast().await;
    let t = cast.client.open(&[]).await;
    cast.tech
        .act(
            &t,
            "",
            &[("content", "Qual o modelo?"), ("then", "waiting")],
        )
        .await
        .expect(302);
    assert!(cast.client.ticket(&t).await.shows("Aguardando"));
    cast.client
        .act(&t, "", &[("content", "É a HP do balcão.")])
        .await
        .expect(302);
    let mut api = cast.tech.api("tec@desk.test").await;
    assert_eq!(
        api.get(&format!("/api/v1/tickets/{t}")).await.json()["status"],
        "in_progress"
    );
}

async fn comment_files_and_state_are_applied_together_or_not_at_all(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let mut cast = desk.cast().await;
    let t = cast.client.open(&[]).await;
    let path = format!("/tickets/{t}");
    let text: &[u8] = b"um log";
    let fields = [("content", "Segue o log."), ("then", "closed")];
    cast.tech
        .submit_files(&path, &fields, &[("a.txt", text)])
        .await
        .expect(422);
    let page = cast.client.ticket(&t).await;
    assert!(!page.shows("Segue o log.") && !page.shows("a.txt") && page.shows("Aberto"));
    let fields = [("content", "Segue o log."), ("then", "waiting")];
    cast.tech
        .submit_files(&path, &fields, &[("a.txt", text)])
        .await
        .expect(302);
    let page = cast.client.ticket(&t).await;
    assert!(page.shows("Segue o log.") && page.shows("a.txt") && page.shows("Aguardando"));
}

async fn a_closed_ticket_takes_nothing(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let mut cast = desk.cast().await;
    let t = cast.client.open(&[]).await;
    cast.tech
        .act(&t, "resolve", &[("solution", "x")])
        .await
        .expect(302);
    cast.client.act(&t, "close", &[]).await.expect(302);
    let answer = cast
        .client
        .act(&t, "", &[("content", "mais uma coisa")])
        .await
        .expect(409);
    assert!(answer.shows("mais uma coisa") || answer.shows("Abrir novo chamado relacionado"));
    for (act, fields) in [
        ("wait", &[][..]),
        ("assign", &[]),
        ("resolve", &[("solution", "x")]),
        ("priority", &[("priority", "high")]),
    ] {
        cast.supervisor.act(&t, act, fields).await.expect(409);
    }
    let files: &[(&str, &[u8])] = &[("a.txt", b"x")];
    cast.client
        .submit_files(&format!("/tickets/{t}"), &[], files)
        .await
        .expect(409);
}

async fn a_stale_form_is_refused_and_keeps_what_was_typed(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let mut cast = desk.cast().await;
    let t = cast.client.open(&[]).await;
    cast.tech
        .act(&t, "assign", &[("version", "1")])
        .await
        .expect(302);
    let answer = cast
        .supervisor
        .act(
            &t,
            "resolve",
            &[("version", "1"), ("solution", "o que escrevi com calma")],
        )
        .await
        .expect(409);
    assert!(answer.shows("chamado foi alterado") && answer.shows("o que escrevi com calma"));
    let answer = cast
        .tech
        .act(
            &t,
            "",
            &[
                ("version", "1"),
                ("content", "resposta longa"),
                ("then", "waiting"),
            ],
        )
        .await
        .expect(409);
    assert!(answer.shows("resposta longa"));
    // A word alone overwrites nothing, so it is taken from an old page, too.
    cast.tech
        .act(&t, "", &[("version", "1"), ("content", "só uma palavra")])
        .await
        .expect(302);
}

async fn queue_and_priority_changes_are_history(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let mut cast = desk.cast().await;
    let (n1, n2) = (
        desk.queue("Suporte N1").await,
        desk.queue("Suporte N2").await,
    );
    let t = cast.client.open(&[("queue", &n1)]).await;
    cast.tech
        .act(&t, "queue", &[("queue", &n2)])
        .await
        .expect(302);
    cast.tech
        .act(&t, "priority", &[("priority", "high")])
        .await
        .expect(302);
    let page = cast.tech.ticket(&t).await;
    for text in ["Suporte N1", "Suporte N2", "Normal", "Alta"] {
        assert!(page.shows(text), "{text}");
    }
    let list = cast.tech2.get(&format!("/tickets?queue={n2}")).await;
    assert!(list.shows(&t));
}

async fn a_correction_is_history_and_a_stale_one_is_refused(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let mut cast = desk.cast().await;
    let t = cast.client.open(&[]).await;
    let company = {
        let names = companies::names(desk.app.db.reader()).await.unwrap();
        names
            .iter()
            .find(|(_, n)| n == "Acme")
            .unwrap()
            .0
            .to_string()
    };
    let requester = desk.id("cli@acme.test").await;
    let fields = [
        ("version", "1"),
        ("title", "Impressora do caixa"),
        ("description", "Não imprime."),
        ("company", &company),
        ("requester", &requester),
    ];
    let path = format!("/tickets/{t}/edit");
    cast.client.get(&path).await.expect(403);
    cast.tech.get(&path).await.expect(200);
    cast.tech.submit(&path, &fields).await.expect(302);
    assert!(cast.client.ticket(&t).await.shows("Impressora do caixa"));
    let answer = cast.supervisor.submit(&path, &fields).await.expect(409);
    assert!(answer.shows("Impressora do caixa") && answer.shows("chamado foi alterado"));
}
