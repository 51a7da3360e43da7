//! Canned answers: whose they are, what they say, and where they are offered.

use kit::Role;

use crate::support::{Answer, Browser, Kind, TestDesk, on_each};

on_each!(
    an_own_answer_is_nobody_elses,
    a_shared_answer_is_kept_by_those_who_lead,
    a_variable_that_there_is_not_is_refused_and_the_text_is_kept,
    what_could_grow_without_end_is_refused,
    an_answer_says_what_the_ticket_is,
    what_is_not_known_is_left_empty,
    an_archived_answer_is_not_offered,
    a_title_and_a_shortcut_are_used_once,
    of_two_answers_at_once_one_has_the_title,
    a_requester_has_no_part_in_it,
    many_answers_cost_no_more_reads_than_one,
    the_log_does_not_hold_the_text,
    every_variable_is_described,
);

/// What is typed into the form, ticked as active.
fn typed<'a>(title: &'a str, shortcut: &'a str, body: &'a str) -> Vec<(&'a str, &'a str)> {
    let words = [("title", title), ("shortcut", shortcut), ("body", body)];
    [&words[..], &[("active", "on")]].concat()
}

/// Writes one of one's own.
async fn own(browser: &mut Browser, title: &str, shortcut: &str, body: &str) -> Answer {
    let fields = typed(title, shortcut, body);
    browser.submit("/answers/new", &fields).await
}

/// Writes one for the whole desk.
async fn shared(browser: &mut Browser, title: &str, shortcut: &str, body: &str) -> Answer {
    let mut fields = typed(title, shortcut, body);
    fields.push(("shared", "on"));
    browser.submit("/answers/new", &fields).await
}

/// Where the answer called `title` is kept.
async fn path_of(browser: &mut Browser, title: &str) -> String {
    let list = browser.get("/answers").await.expect(200);
    let before = list
        .body
        .split(&format!("\">{title}</a>"))
        .next()
        .unwrap()
        .to_owned();
    assert!(before.len() < list.body.len(), "{title} is not in the list");
    before.rsplit("href=\"").next().unwrap().to_owned()
}

async fn offered(browser: &mut Browser, ticket: &str) -> String {
    let path = format!("/tickets/{ticket}/answers");
    browser.get(&path).await.expect(200).body
}

async fn an_own_answer_is_nobody_elses(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let mut cast = desk.cast().await;
    let empty = cast.tech.get("/answers").await.expect(200);
    assert!(empty.shows("Nenhuma resposta pronta ainda") && empty.shows("/answers/new"));
    own(&mut cast.tech, "Visita", "visita", "Vou passar aí hoje.")
        .await
        .expect(302);
    let path = path_of(&mut cast.tech, "Visita").await;
    let ticket = cast.client.open(&[]).await;
    assert!(
        offered(&mut cast.tech, &ticket)
            .await
            .contains("Vou passar aí hoje.")
    );
    for other in [&mut cast.tech2, &mut cast.supervisor, &mut cast.admin] {
        assert!(!other.get("/answers").await.shows("Visita"));
        assert!(!offered(other, &ticket).await.contains("Vou passar"));
        other.get(&path).await.expect(404);
        let change = typed("Outra", "", "x");
        other.submit(&path, &change).await.expect(404);
    }
    let change = typed("Visita", "visita", "Vou passar aí amanhã.");
    cast.tech.submit(&path, &change).await.expect(302);
    let page = cast.tech.get(&path).await.expect(200);
    assert!(page.shows("amanhã"), "{}", page.body);
}

async fn a_shared_answer_is_kept_by_those_who_lead(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let mut cast = desk.cast().await;
    shared(&mut cast.tech, "Senha", "senha", "Trocada.")
        .await
        .expect(403);
    shared(&mut cast.supervisor, "Senha", "/Senha", "Trocada.")
        .await
        .expect(302);
    let path = path_of(&mut cast.tech, "Senha").await;
    let page = cast.tech.get(&path).await.expect(200);
    assert!(page.shows("Trocada.") && page.shows("/senha") && !page.shows("name=\"body\""));
    for fields in [
        typed("Minha", "", "Minha agora."),
        [typed("Senha", "", "Pior."), vec![("shared", "on")]].concat(),
    ] {
        cast.tech.submit(&path, &fields).await.expect(403);
    }
    // An administrator goes on where a supervisor began, and may take it for themselves.
    let mut better = typed("Senha", "senha", "Trocada, {{ requester.first_name }}.");
    better.push(("shared", "on"));
    cast.admin.submit(&path, &better).await.expect(302);
    assert!(cast.tech.get(&path).await.shows("requester.first_name"));
    cast.admin
        .submit(&path, &typed("Senha", "senha", "Só minha."))
        .await
        .expect(302);
    cast.supervisor.get(&path).await.expect(404);
    let index = cast.supervisor.get("/admin").await;
    assert!(index.shows("Respostas prontas") && index.shows("href=\"/answers\""));
}

async fn a_variable_that_there_is_not_is_refused_and_the_text_is_kept(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let mut cast = desk.cast().await;
    let body = "Olá, {{ requester.nickname }}!\nAté {{ today }}.";
    let page = own(&mut cast.tech, "Olá", "", body).await.expect(422);
    assert!(page.shows("body-error") && page.shows("A variável “requester.nickname” não existe."));
    assert!(
        page.shows("{{ requester.nickname }}!\nAté {{ today }}."),
        "{}",
        page.body
    );
    let page = own(&mut cast.tech, "", "Não serve", "a\n{{ today")
        .await
        .expect(422);
    assert!(page.shows("As chaves não fecham direito na linha 2."));
    assert!(page.shows("title-error") && page.shows("shortcut-error"));
    // The same is said while it is being written.
    let preview = [("body", body)];
    let page = cast
        .tech
        .submit("/answers/preview", &preview)
        .await
        .expect(200);
    assert!(page.shows("requester.nickname") && !page.shows("<html"));
    let preview = [("body", "{{ greeting }}, <b>{{ requester.name }}</b>")];
    let page = cast
        .tech
        .submit("/answers/preview", &preview)
        .await
        .expect(200);
    assert!(
        page.shows("Boa tarde, &#60;b&#62;Ana Souza&#60;/b&#62;"),
        "{}",
        page.body
    );
    own(&mut cast.tech, "Longa", "", &"x".repeat(5_001))
        .await
        .expect(422);
    assert!(cast.tech.get("/answers").await.shows("Nenhuma resposta"));
}

async fn what_could_grow_without_end_is_refused(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let mut cast = desk.cast().await;
    for body in [
        "{% for a in [1, 2] %}{% for b in [1, 2] %}x{% endfor %}{% endfor %}",
        "{% set a = today ~ today %}{% set a = a ~ a %}{{ a }}",
        "{{ \"a\" * 100000000 }}",
        "{% macro a() %}{{ a() }}{% endmacro %}{{ a() }}",
        "{% include \"/etc/passwd\" %}",
    ] {
        let page = own(&mut cast.tech, "Sem fim", "", body).await.expect(422);
        assert!(
            page.shows("body-error") && page.shows("Entre as chaves"),
            "{body}"
        );
    }
}

async fn an_answer_says_what_the_ticket_is(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let mut cast = desk.cast().await;
    let all = "{{ greeting }}, {{ requester.first_name }} ({{ requester.name }}, {{ company.name }})! \
               {{ ticket.protocol }}: {{ ticket.title }}, {{ ticket.status }}, {{ queue.name }}. \
               {{ today }}, {{ me.first_name }} de {{ me.name }}";
    shared(&mut cast.admin, "Tudo", "tudo", all)
        .await
        .expect(302);
    own(&mut cast.tech, "Zelo", "", "Só isto.\nE mais.")
        .await
        .expect(302);
    let queue = desk.queue("Suporte N1").await;
    let ticket = cast
        .client
        .open(&[("title", "Cabo <b> & \"fonte\""), ("queue", &queue)])
        .await;
    let part = offered(&mut cast.tech, &ticket).await;
    assert!(!part.contains("<html") && !part.contains("<nav"), "{part}");
    let said = format!(
        "Boa tarde, Clara (Clara Cliente, Acme)! {ticket}: Cabo &#60;b&#62; &#38; &#34;fonte&#34;, \
         Aberto, Suporte N1. 14/01/2026, Téo de Téo Técnico"
    );
    assert!(part.contains(&format!("data-text=\"{said}\"")), "{part}");
    assert!(part.contains("data-search=\"Tudo tudo\"") && part.contains("<code>/tudo</code>"));
    // One's own come first, whatever they are called.
    let at = |text: &str| part.find(text).unwrap();
    assert!(at("Zelo") < at("Tudo") && at("Minhas") < at("Da equipe"));
    desk.later(6 * 60);
    let mut supervisor = desk.sign_in("sup@desk.test").await;
    supervisor.language = "en";
    let part = offered(&mut supervisor, &ticket).await;
    assert!(
        part.contains("Good evening, Clara") && part.contains("Jan 14, 2026, Sílvia de"),
        "{part}"
    );
}

async fn what_is_not_known_is_left_empty(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let mut cast = desk.cast().await;
    let body = "[{{ requester.name }}|{{ queue.name }}]{% if company.name %} da {{ company.name }}{% else %} sem empresa{% endif %}";
    own(&mut cast.tech, "Vazia", "", body).await.expect(302);
    let contact = [("contact_name", "Seu Zé"), ("contact_info", "Ramal 12")];
    let ticket = cast.tech.open(&contact).await;
    let part = offered(&mut cast.tech, &ticket).await;
    assert!(
        part.contains("data-text=\"[Seu Zé|] sem empresa\""),
        "{part}"
    );
}

async fn an_archived_answer_is_not_offered(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let mut cast = desk.cast().await;
    own(&mut cast.tech, "Antiga", "", "Ainda serve.")
        .await
        .expect(302);
    let path = path_of(&mut cast.tech, "Antiga").await;
    let fields = [("title", "Antiga"), ("body", "Não serve mais.")];
    cast.tech.submit(&path, &fields).await.expect(302);
    let ticket = cast.client.open(&[]).await;
    let part = offered(&mut cast.tech, &ticket).await;
    assert!(
        !part.contains("Antiga") && part.contains("href=\"/answers/new\""),
        "{part}"
    );
    let list = cast.tech.get("/answers").await;
    assert!(list.shows("Antiga") && list.shows("Arquivada"));
}

async fn a_title_and_a_shortcut_are_used_once(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let mut cast = desk.cast().await;
    own(&mut cast.tech, "Visita", "visita", "a")
        .await
        .expect(302);
    let page = own(&mut cast.tech, "VISITA", "v", "b").await.expect(422);
    assert!(page.shows("title-error") && !page.shows("shortcut-error"));
    assert!(page.shows("Título: Já existe"), "{}", page.body);
    let page = own(&mut cast.tech, "Um shortcut", "visita", "b")
        .await
        .expect(422);
    assert!(page.shows("shortcut-error") && !page.shows("title-error"));
    // No shortcut is none, and may be had by many.
    for title in ["Primeira", "Segunda"] {
        own(&mut cast.tech, title, "", "c").await.expect(302);
    }
    // Another person's and the desk's are other lists.
    own(&mut cast.tech2, "Visita", "visita", "d")
        .await
        .expect(302);
    shared(&mut cast.admin, "Visita", "visita", "e")
        .await
        .expect(302);
    let page = shared(&mut cast.supervisor, "Visita", "", "f")
        .await
        .expect(422);
    assert!(page.shows("title-error"));
    // One's own cannot go where its name is taken.
    own(&mut cast.supervisor, "Visita", "", "g")
        .await
        .expect(302);
    let path = path_of(&mut cast.supervisor, "Visita").await;
    let mut fields = typed("Visita", "", "g");
    fields.push(("shared", "on"));
    cast.supervisor.submit(&path, &fields).await.expect(422);
}

async fn of_two_answers_at_once_one_has_the_title(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let cast = desk.cast().await;
    let (mut one, mut other) = (cast.admin, cast.supervisor);
    let (a, b) = tokio::join!(
        shared(&mut one, "Aviso", "", "x"),
        shared(&mut other, "Aviso", "", "y")
    );
    let mut statuses = [a.status, b.status];
    statuses.sort_unstable();
    assert_eq!(statuses, [302, 422]);
}

async fn a_requester_has_no_part_in_it(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let mut cast = desk.cast().await;
    shared(&mut cast.admin, "Aviso", "", "x").await.expect(302);
    let path = path_of(&mut cast.admin, "Aviso").await;
    let ticket = cast.client.open(&[]).await;
    let of_ticket = format!("/tickets/{ticket}/answers");
    for path in ["/answers", "/answers/new", &path, &of_ticket] {
        cast.client.get(path).await.expect(403);
        assert!(
            cast.nobody
                .get(path)
                .await
                .location()
                .starts_with("/auth/login")
        );
    }
    own(&mut cast.client, "Minha", "", "x").await.expect(403);
    let page = cast.client.ticket(&ticket).await;
    assert!(
        page.shows("composer") && !page.shows("answers"),
        "{}",
        page.body
    );
    assert!(cast.tech.ticket(&ticket).await.shows(&of_ticket));
    cast.tech.get("/tickets/TCK-0/answers").await.expect(404);
    cast.tech.get("/answers/7").await.expect(404);
}

async fn many_answers_cost_no_more_reads_than_one(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let mut cast = desk.cast().await;
    let queue = desk.queue("Suporte N1").await;
    let ticket = cast.client.open(&[("queue", &queue)]).await;
    let body = "{{ requester.name }}, {{ company.name }}, {{ queue.name }}";
    own(&mut cast.tech, "Primeira", "", body).await.expect(302);
    let (_, few) = desk.statements(offered(&mut cast.tech, &ticket)).await;
    for n in 0..20 {
        let title = format!("Mais {n}");
        own(&mut cast.tech, &title, "", body).await.expect(302);
        shared(&mut cast.admin, &title, "", body).await.expect(302);
    }
    let (part, many) = desk.statements(offered(&mut cast.tech, &ticket)).await;
    assert_eq!(part.matches("role=\"option\"").count(), 41);
    assert_eq!(few, many);
}

async fn the_log_does_not_hold_the_text(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let mut cast = desk.cast().await;
    desk.person("Nilo", "nilo@desk.test", Role::Tech, "").await;
    let db = desk.app.db.reader();
    let before = event_log::newest(db).await.unwrap();
    shared(&mut cast.admin, "Da equipe", "", "texto-segredo")
        .await
        .expect(302);
    own(&mut cast.tech, "Bilhete", "", "texto-segredo")
        .await
        .expect(302);
    let path = path_of(&mut cast.tech, "Bilhete").await;
    let fields = typed("Bilhete", "b", "outro-segredo");
    cast.tech.submit(&path, &fields).await.expect(302);
    let events = event_log::after(db, before, 10).await.unwrap();
    let kinds: Vec<&str> = events.iter().map(|e| e.kind.as_str()).collect();
    assert_eq!(
        kinds,
        ["answer.created", "answer.created", "answer.updated"]
    );
    for event in &events {
        let told = event.data.to_string();
        assert!(
            !told.contains("segredo") && !told.contains("Bilhete"),
            "{told}"
        );
    }
    assert!(events[0].data.to_string().contains("Da equipe"));
}

async fn every_variable_is_described(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let mut cast = desk.cast().await;
    for language in ["pt-BR", "en", "es"] {
        cast.tech.language = language;
        let page = cast.tech.get("/answers/new").await.expect(200);
        for variable in ::answers::Variable::ALL {
            assert!(page.shows(&variable.written()));
        }
        // A key without a text reads as itself.
        assert!(!page.shows("variable-ticket") && !page.shows("variable-me"));
    }
}
