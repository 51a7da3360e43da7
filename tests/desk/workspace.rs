//! The technicians' workspace: acts on many tickets and undoing them, the board,
//! the ticket beside the list, saved views, preferences.

use crate::support::{Answer, Browser, Kind, TestDesk, on_each};

on_each!(
    one_act_takes_many_tickets_and_tells_which_were_left_alone,
    an_act_on_many_is_undone_but_for_what_somebody_changed_since,
    undoing_a_solution_brings_the_one_before_back,
    the_board_is_not_for_what_was_found,
    only_whoever_did_it_undoes_it_and_only_for_ten_minutes,
    queue_priority_and_solution_are_set_on_many,
    a_mistake_in_an_act_on_many_keeps_what_was_chosen,
    an_act_on_many_is_for_the_desk_and_for_a_hundred,
    the_board_has_a_column_for_each_state_and_offers_what_is_possible,
    moving_on_the_board_obeys_the_table_of_transitions,
    a_move_that_needs_words_leads_to_the_form,
    a_ticket_opens_beside_the_list,
    the_frame_brings_the_ticket_alone_and_what_was_done,
    a_view_is_saved_with_its_filters_and_counted,
    a_shared_view_is_everybodys_and_changed_by_whoever_may,
    a_view_that_cannot_be_saved_keeps_its_name,
    a_view_of_what_is_gone_does_not_break_the_list,
    preferences_stand_at_the_account,
    a_wrong_preference_is_refused,
    saved_views_cost_no_read_each,
);

/// The answer to `act` on these tickets, and the list that it leads to.
async fn bulk(browser: &mut Browser, tickets: &[&str], fields: &[(&str, &str)]) -> Answer {
    let mut form: Vec<(&str, &str)> = tickets.iter().map(|t| ("ticket", *t)).collect();
    form.extend(fields);
    form.push(("query", "view=all"));
    let answer = browser.submit("/tickets/bulk", &form).await.expect(302);
    let to = answer.location().to_owned();
    assert!(to.starts_with("/tickets?view=all&done="), "{to}");
    browser.get(&to).await.expect(200)
}

/// Where the notice's button leads.
fn undo_of(list: &Answer) -> String {
    let (_, rest) = list.body.split_once("action=\"/tickets/bulk/").unwrap();
    let (id, _) = rest.split_once("/undo\"").unwrap();
    format!("/tickets/bulk/{id}/undo")
}

async fn one_act_takes_many_tickets_and_tells_which_were_left_alone(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let mut cast = desk.cast().await;
    let (a, b, taken) = (
        cast.client.open(&[]).await,
        cast.client2.open(&[]).await,
        cast.client.open(&[]).await,
    );
    cast.tech2.act(&taken, "assign", &[]).await.expect(302);
    let list = bulk(
        &mut cast.tech,
        &[&a, &b, &taken, "TCK-20990101-0000000000"],
        &[("act", "take")],
    )
    .await;
    assert!(list.shows("2 chamados assumidos"), "{}", list.body);
    assert!(list.shows("2 chamados ficaram como estavam"));
    assert!(list.shows("Este chamado não existe mais."));
    for ticket in [&a, &b] {
        let page = cast.tech.ticket(ticket).await;
        assert!(page.shows("Téo Técnico") && page.shows("Em andamento"));
    }
    assert!(cast.tech.ticket(&taken).await.shows("Tereza Técnica"));
    // Again: they are so already, and nothing is written.
    let list = bulk(&mut cast.tech, &[&a, &b], &[("act", "take")]).await;
    assert!(list.shows("Nenhum chamado mudou") && !list.shows("/undo\""));
}

async fn an_act_on_many_is_undone_but_for_what_somebody_changed_since(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let mut cast = desk.cast().await;
    let (a, b) = (cast.client.open(&[]).await, cast.client.open(&[]).await);
    let list = bulk(&mut cast.tech, &[&a, &b], &[("act", "take")]).await;
    let undo = undo_of(&list);
    cast.client
        .act(&b, "", &[("content", "Ainda não funciona")])
        .await
        .expect(302);
    let answer = cast.tech.submit(&undo, &[("query", "view=all")]).await;
    let list = cast.tech.get(answer.expect(302).location()).await;
    assert!(
        list.shows("Desfeito: 1 chamado está como antes"),
        "{}",
        list.body
    );
    assert!(list.shows("1 chamado ficou como estava") && !list.shows("/undo\""));
    let page = cast.tech.ticket(&a).await;
    assert!(page.shows("Ninguém está com este chamado.") && page.shows("status-open"));
    assert!(cast.tech.ticket(&b).await.shows("status-in_progress"));
    // The history says both.
    assert!(page.shows("Téo Técnico"));
    cast.tech.submit(&undo, &[("query", "")]).await.expect(409);
}

async fn undoing_a_solution_brings_the_one_before_back(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let mut cast = desk.cast().await;
    let t = cast.client.open(&[]).await;
    let solved = [("solution", "Cabo trocado")];
    cast.tech.act(&t, "resolve", &solved).await.expect(302);
    cast.client.act(&t, "reopen", &[]).await.expect(302);
    let by_mistake = [("act", "resolve"), ("solution", "Toner trocado")];
    let list = bulk(&mut cast.tech, &[&t], &by_mistake).await;
    let undo = undo_of(&list);
    cast.tech.submit(&undo, &[]).await.expect(302);
    let page = cast.client.ticket(&t).await;
    assert!(page.shows("Cabo trocado") && !page.shows("Toner trocado"));
}

async fn the_board_is_not_for_what_was_found(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let mut cast = desk.cast().await;
    let t = cast.client.open(&[("title", "Cadeira")]).await;
    cast.client.open(&[("title", "Mesa")]).await;
    desk.settle().await;
    let list = cast.tech.get("/tickets?show=board&q=cadeira").await;
    assert!(list.shows(&t) && !list.shows("data-status=") && !list.shows("Mesa"));
    assert!(!list.shows("title=\"Quadro\""), "it is not offered");
}

async fn only_whoever_did_it_undoes_it_and_only_for_ten_minutes(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let mut cast = desk.cast().await;
    let a = cast.client.open(&[]).await;
    let list = bulk(&mut cast.tech, &[&a], &[("act", "wait")]).await;
    let undo = undo_of(&list);
    cast.supervisor.submit(&undo, &[]).await.expect(404);
    desk.later(10);
    cast.tech.submit(&undo, &[]).await.expect(409);
    assert!(cast.tech.ticket(&a).await.shows("status-waiting"));
}

async fn queue_priority_and_solution_are_set_on_many(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let mut cast = desk.cast().await;
    let n2 = desk.queue("Suporte N2").await;
    let me = desk.id("tec@desk.test").await;
    let (a, b) = (cast.client.open(&[]).await, cast.client.open(&[]).await);
    let both = [a.as_str(), b.as_str()];
    let list = bulk(
        &mut cast.tech,
        &both,
        &[("act", "queue"), ("set_queue", &n2)],
    )
    .await;
    assert!(list.shows("2 chamados mudaram de fila"), "{}", list.body);
    let list = bulk(
        &mut cast.tech,
        &both,
        &[("act", "priority"), ("set_priority", "critical")],
    )
    .await;
    assert!(list.shows("2 chamados mudaram de prioridade"));
    let critical = undo_of(&list);
    let list = bulk(
        &mut cast.supervisor,
        &both,
        &[("act", "assign"), ("set_assignee", &me)],
    )
    .await;
    assert!(list.shows("2 chamados atribuídos"));
    let list = bulk(
        &mut cast.tech,
        &both,
        &[("act", "resolve"), ("solution", "Servidor reiniciado")],
    )
    .await;
    assert!(list.shows("2 chamados resolvidos"));
    let page = cast.client.ticket(&a).await;
    assert!(page.shows("Servidor reiniciado") && page.shows("confirmar solução"));
    // Somebody changed them since: nothing is undone.
    let answer = cast.tech.submit(&critical, &[]).await.expect(302);
    let list = cast.tech.get(answer.location()).await;
    assert_eq!(list.header("etag"), "", "undoing nothing is no event");
    assert!(list.shows("Nada foi desfeito"), "{}", list.body);
    assert!(cast.tech.ticket(&b).await.shows("prio-critical"));
}

async fn a_mistake_in_an_act_on_many_keeps_what_was_chosen(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let mut cast = desk.cast().await;
    let a = cast.client.open(&[]).await;
    let ticked = format!("value=\"{a}\" data-select aria-label=\"Selecionar {a}\" checked");
    for (fields, says) in [
        (&[("act", "resolve")][..], "Solução: "),
        (&[("act", "assign")], "Responsável: "),
        (&[("act", "queue"), ("set_queue", "x")], "Fila: "),
        (&[("act", "nonsense")], "Escolha uma opção da lista."),
    ] {
        let mut form = vec![
            ("ticket", a.as_str()),
            ("query", "view=all&priority=normal"),
        ];
        form.extend(fields);
        let page = cast.supervisor.submit("/tickets/bulk", &form).await;
        let page = page.expect(422);
        assert!(page.shows(says), "{fields:?}: {}", page.body);
        assert!(page.shows(&ticked), "{}", page.body);
        assert!(page.shows("Prioridade: Normal"), "the filter is gone");
    }
    let page = cast
        .tech
        .submit("/tickets/bulk", &[("act", "take"), ("query", "")])
        .await
        .expect(422);
    assert!(page.shows("Escolha pelo menos um chamado."));
}

async fn an_act_on_many_is_for_the_desk_and_for_a_hundred(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let mut cast = desk.cast().await;
    let a = cast.client.open(&[]).await;
    let form = [("ticket", a.as_str()), ("act", "take")];
    cast.client.submit("/tickets/bulk", &form).await.expect(403);
    let names: Vec<String> = (0..101).map(|n| format!("TCK-{n}")).collect();
    let mut form: Vec<(&str, &str)> = names.iter().map(|n| ("ticket", n.as_str())).collect();
    form.push(("act", "take"));
    let page = cast.tech.submit("/tickets/bulk", &form).await.expect(422);
    assert!(page.shows("no máximo 100 chamados"));
}

async fn the_board_has_a_column_for_each_state_and_offers_what_is_possible(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let mut cast = desk.cast().await;
    let (open, mine, theirs) = (
        cast.client.open(&[("title", "Parado")]).await,
        cast.client.open(&[("title", "Comigo")]).await,
        cast.client2.open(&[("title", "Com outra")]).await,
    );
    cast.tech.act(&mine, "assign", &[]).await.expect(302);
    cast.tech2.act(&theirs, "assign", &[]).await.expect(302);
    let (board, reads) = desk.statements(cast.tech.get("/tickets?show=board")).await;
    let board = board.expect(200);
    for status in ["open", "in_progress", "waiting", "escalated", "resolved"] {
        assert!(
            board.shows(&format!("data-status=\"{status}\"")),
            "{status}"
        );
    }
    assert!(!board.shows("data-status=\"closed\""));
    let card = |ticket: &str| {
        let from = board
            .body
            .find(&format!("href=\"/tickets/{ticket}\""))
            .unwrap();
        let rest = &board.body[from..];
        rest[..rest.find("</article>").unwrap()].to_owned()
    };
    assert!(card(&open).contains("value=\"in_progress\""));
    assert!(!card(&open).contains("<option value=\"open\""));
    assert!(
        card(&mine).contains("value=\"waiting\"") && card(&mine).contains("value=\"resolved\"")
    );
    assert!(!card(&theirs).contains("<select"), "another technician's");
    for n in 0..12 {
        cast.client.open(&[("title", &format!("Mais {n}"))]).await;
    }
    let (_, more) = desk.statements(cast.tech.get("/tickets?show=board")).await;
    assert!(more <= reads + 1, "{reads} statements became {more}");
    // A requester has no board.
    let list = cast.client.get("/tickets?show=board").await.expect(200);
    assert!(!list.shows("data-status=") && list.shows(&open));
}

async fn moving_on_the_board_obeys_the_table_of_transitions(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let mut cast = desk.cast().await;
    let t = cast.client.open(&[]).await;
    for (to, shown) in [
        ("in_progress", "status-in_progress"),
        ("waiting", "status-waiting"),
        ("in_progress", "status-in_progress"),
    ] {
        let query = "show=board&priority=normal";
        let form = [("to", to), ("query", query)];
        let answer = cast.tech.act(&t, "move", &form).await.expect(302);
        assert_eq!(answer.location(), format!("/tickets?{query}"));
        assert!(cast.tech.ticket(&t).await.shows(shown), "{to}");
    }
    cast.tech
        .act(&t, "move", &[("to", "open")])
        .await
        .expect(409);
    cast.tech
        .act(&t, "move", &[("to", "nowhere")])
        .await
        .expect(422);
    // What was seen in one column and stands in another by now is left alone.
    let stale = [("from", "open"), ("to", "waiting")];
    cast.tech.act(&t, "move", &stale).await.expect(409);
    cast.tech2
        .act(&t, "move", &[("to", "waiting")])
        .await
        .expect(403);
    cast.client
        .act(&t, "move", &[("to", "waiting")])
        .await
        .expect(403);
}

async fn a_move_that_needs_words_leads_to_the_form(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let mut cast = desk.cast().await;
    let t = cast.client.open(&[]).await;
    for (to, act) in [("resolved", "resolve"), ("escalated", "escalate")] {
        let answer = cast.tech.act(&t, "move", &[("to", to)]).await.expect(302);
        assert_eq!(
            answer.location(),
            format!("/tickets/{t}?act={act}#side-now")
        );
        let page = cast.tech.get(answer.location()).await.expect(200);
        let form = format!("/tickets/{t}/{act}\"");
        let before = &page.body[..page.body.find(&form).unwrap()];
        let details = &before[before.rfind("<details").unwrap()..];
        let opening = details.split('>').next().unwrap();
        assert!(opening.ends_with(" open"), "{opening}");
    }
    assert!(cast.tech.ticket(&t).await.shows("status-open"));
}

async fn a_ticket_opens_beside_the_list(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let mut cast = desk.cast().await;
    let a = cast
        .client
        .open(&[("title", "Um"), ("description", "a história toda")])
        .await;
    let b = cast.client.open(&[("title", "Dois")]).await;
    let page = cast.tech.get("/tickets?show=split").await.expect(200);
    assert!(page.shows("Escolha um chamado na lista") && page.shows(&a) && page.shows(&b));
    let open = format!("/tickets?show=split&#38;open={a}");
    assert!(page.shows(&open), "{}", page.body);
    let page = cast.tech.get(&open.replace("&#38;", "&")).await.expect(200);
    assert!(page.shows("a história toda") && page.shows("Dois"));
    // What is not there, or not theirs, is simply not open.
    let page = cast.tech.get("/tickets?show=split&open=TCK-0").await;
    assert!(page.expect(200).shows("Escolha um chamado na lista"));
    let other = cast
        .client2
        .get(&format!("/tickets?show=split&open={a}"))
        .await;
    assert!(!other.expect(200).shows("a história toda"));
}

async fn the_frame_brings_the_ticket_alone_and_what_was_done(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let mut cast = desk.cast().await;
    let t = cast.client.open(&[("title", "No quadro")]).await;
    for path in [
        format!("/tickets?show=split&open={t}"),
        format!("/tickets/{t}"),
    ] {
        let page = cast
            .tech
            .get_with(&path, &[("turbo-frame", "ticket")])
            .await;
        let page = page.expect(200);
        assert!(page.shows("<turbo-frame id=\"ticket\">"), "{path}");
        assert!(page.shows("No quadro") && !page.shows("class=\"sidebar\""));
        assert_eq!(
            page.header("etag"),
            "",
            "half a page must not pass for the whole"
        );
        assert_eq!(page.header("cache-control"), "private, no-store");
    }
    cast.tech.act(&t, "assign", &[]).await.expect(302);
    let framed = [("turbo-frame", "ticket")];
    let page = cast.tech.get_with(&format!("/tickets/{t}"), &framed).await;
    assert!(
        page.shows("<turbo-stream") && page.shows("Responsável definido."),
        "{}",
        page.body
    );
}

async fn a_view_is_saved_with_its_filters_and_counted(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let mut cast = desk.cast().await;
    cast.client.open(&[("priority", "high")]).await;
    cast.client.open(&[("priority", "high")]).await;
    cast.client.open(&[]).await;
    let query = "priority=high&show=cards&page=3&done=x&open=y";
    let form = [("view_name", " Urgentes "), ("query", query)];
    let answer = cast.tech.submit("/tickets/views", &form).await.expect(302);
    let here = answer.location().to_owned();
    assert!(
        here.starts_with("/tickets?priority=high&show=cards&saved="),
        "{here}"
    );
    let list = cast.tech.get(&here).await.expect(200);
    assert!(
        list.shows("Urgentes<span class=\"count\">2</span>"),
        "{}",
        list.body
    );
    assert!(list.shows("Visão salva") && list.shows("Atualizar esta visão"));
    // It is nobody else's.
    assert!(!cast.tech2.get("/tickets").await.shows("Urgentes"));
    let id = here.rsplit('=').next().unwrap();
    let path = format!("/tickets/views/{id}");
    let form = [("view_name", "Críticos"), ("query", "priority=critical")];
    cast.tech2.submit(&path, &form).await.expect(404);
    cast.tech2
        .submit(&format!("{path}/remove"), &[])
        .await
        .expect(404);
    cast.tech.submit(&path, &form).await.expect(302);
    let list = cast.tech.get("/tickets").await;
    assert!(list.shows("Críticos<span class=\"count\">0</span>") && !list.shows("Urgentes"));
    cast.tech
        .submit(&format!("{path}/remove"), &[])
        .await
        .expect(302);
    assert!(!cast.tech.get("/tickets").await.shows("Críticos"));
    cast.client
        .submit("/tickets/views", &[("view_name", "x")])
        .await
        .expect(403);
}

async fn a_shared_view_is_everybodys_and_changed_by_whoever_may(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let mut cast = desk.cast().await;
    let shared = [
        ("view_name", "Plantão"),
        ("query", "assignee=me"),
        ("shared", "on"),
    ];
    cast.tech
        .submit("/tickets/views", &shared)
        .await
        .expect(403);
    let answer = cast.supervisor.submit("/tickets/views", &shared).await;
    let id = answer
        .expect(302)
        .location()
        .rsplit('=')
        .next()
        .unwrap()
        .to_owned();
    // Counted for whoever looks.
    let t = cast.client.open(&[]).await;
    cast.tech.act(&t, "assign", &[]).await.expect(302);
    let list = cast.tech.get("/tickets").await;
    assert!(
        list.shows("Plantão<span class=\"count\">1</span>"),
        "{}",
        list.body
    );
    let list = cast.tech2.get("/tickets").await;
    assert!(list.shows("Plantão<span class=\"count\">0</span>"));
    assert!(!cast.client.get("/tickets").await.shows("Plantão"));
    let remove = format!("/tickets/views/{id}/remove");
    cast.tech.submit(&remove, &[]).await.expect(403);
    cast.admin.submit(&remove, &[]).await.expect(302);
    assert!(!cast.tech.get("/tickets").await.shows("Plantão"));
}

async fn a_view_that_cannot_be_saved_keeps_its_name(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let mut cast = desk.cast().await;
    let form = |name: &'static str| [("view_name", name), ("query", "priority=low")];
    cast.tech
        .submit("/tickets/views", &form("Baixas"))
        .await
        .expect(302);
    let page = cast.tech.submit("/tickets/views", &form("Baixas")).await;
    let page = page.expect(422);
    assert!(
        page.shows("value=\"Baixas\"") && page.shows("view-name-new-error"),
        "{}",
        page.body
    );
    assert!(page.shows("Prioridade: Baixa"));
    let page = cast.tech.submit("/tickets/views", &form(" ")).await;
    assert!(page.expect(422).shows("view-name-new-error"));
    // Another person's may have the same name.
    cast.tech2
        .submit("/tickets/views", &form("Baixas"))
        .await
        .expect(302);
}

async fn a_view_of_what_is_gone_does_not_break_the_list(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let mut cast = desk.cast().await;
    let form = [("view_name", "Velha"), ("query", "status=nonsense&queue=x")];
    cast.tech.submit("/tickets/views", &form).await.expect(302);
    let list = cast.tech.get("/tickets").await.expect(200);
    assert!(list.shows("Velha</a>"), "{}", list.body);
}

async fn preferences_stand_at_the_account(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let cast = desk.cast().await;
    let mut here = cast.tech;
    let page = here.get("/preferences").await.expect(200);
    assert!(page.shows("data-theme=\"auto\"") && page.shows("data-density=\"comfortable\""));
    let form = [
        ("theme", "roxo-escuro"),
        ("density", "compact"),
        ("language", "es"),
        ("keys", "1"),
    ];
    here.submit("/preferences", &form).await.expect(302);
    // Another browser of the same person.
    let mut there = desk.sign_in("tec@desk.test").await;
    let page = there.get("/tickets").await.expect(200);
    assert!(page.shows("<html lang=\"es\" data-bs-theme=\"dark\" data-theme=\"roxo-escuro\""));
    assert!(page.shows("data-density=\"compact\"") && page.shows("data-keys-off"));
    // The menu sends one thing alone, and the rest stays.
    there
        .submit(
            "/preferences",
            &[("theme", "light"), ("back", "/dashboard")],
        )
        .await
        .expect(302);
    let page = here.get("/tickets").await.expect(200);
    assert!(page.shows("data-theme=\"light\"") && page.shows("data-density=\"compact\""));
    here.submit(
        "/preferences",
        &[("keys", "1"), ("keys_on", "on"), ("language", "auto")],
    )
    .await
    .expect(302);
    let page = there.get("/tickets").await.expect(200);
    assert!(page.shows("lang=\"pt-BR\"") && !page.shows("data-keys-off"));
    // The language of the menu stands there, too.
    there
        .submit("/language", &[("language", "en"), ("back", "/tickets")])
        .await
        .expect(302);
    assert!(here.get("/tickets").await.shows("<html lang=\"en\""));
    // Back to the browser's, whatever was chosen before there was an account.
    here.set_cookie("language", "es");
    here.submit("/preferences", &[("language", "auto")])
        .await
        .expect(302);
    assert!(here.get("/tickets").await.shows("<html lang=\"pt-BR\""));
}

async fn a_wrong_preference_is_refused(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let mut cast = desk.cast().await;
    let form = [("theme", "neon"), ("density", "none"), ("language", "xx")];
    let page = cast.tech.submit("/preferences", &form).await.expect(422);
    for field in ["theme-error", "density-error", "language-error"] {
        assert!(page.shows(field), "{field}");
    }
    cast.nobody.get("/preferences").await.expect(302);
}

async fn saved_views_cost_no_read_each(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let mut cast = desk.cast().await;
    let one = [("view_name", "Primeira"), ("query", "priority=high")];
    cast.tech.submit("/tickets/views", &one).await.expect(302);
    cast.tech.get("/tickets").await.expect(200);
    let (_, few) = desk.statements(cast.tech.get("/tickets")).await;
    for n in 0..6 {
        let name = format!("Visão {n}");
        let form = [("view_name", name.as_str()), ("query", "priority=low")];
        cast.tech.submit("/tickets/views", &form).await.expect(302);
    }
    cast.tech.get("/tickets").await.expect(200);
    let (_, many) = desk.statements(cast.tech.get("/tickets")).await;
    assert!(many <= few, "{few} statements became {many}");
}
