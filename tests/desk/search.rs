//! Searching (S1-027, S4-106): the index follows the log, whichever database it is.

use balcao::indexer;
use search::Place;

use crate::support::{Browser, Kind, TestDesk, on_each};

on_each!(
    a_ticket_is_found_by_whatever_it_is_known_by,
    words_may_lack_their_end_their_accents_or_one_letter,
    what_was_said_is_found_and_what_was_taken_back_is_not,
    clients_find_their_own_tickets_and_never_by_a_note,
    words_and_filters_are_combined,
    hits_are_marked_and_nothing_in_them_is_html,
    everything_is_searched_at_once_as_far_as_the_reader_may,
    a_company_that_is_renamed_finds_its_tickets,
    an_index_that_is_missing_or_anothers_is_made_again,
    a_replay_makes_the_index_again_while_it_answers,
    a_search_costs_the_same_however_much_there_is,
);

async fn finds(browser: &mut Browser, words: &str, protocol: &str) -> bool {
    let path = kit::with_query("/tickets", &[("q", words)]);
    let page = browser.get(&path).await.expect(200);
    let found = page.shows(&format!("/tickets/{protocol}\""));
    assert_ne!(found, page.shows("Nenhum chamado encontrado"), "{words}");
    found
}

async fn a_ticket_is_found_by_whatever_it_is_known_by(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let mut cast = desk.cast().await;
    let channel = ::catalog::channels(desk.app.db.reader()).await.unwrap();
    let phone = channel
        .iter()
        .find(|c| c.name == "WhatsApp")
        .unwrap()
        .id
        .to_string();
    let network = desk.category("Rede").await;
    let fields = [
        ("title", "Impressora parada"),
        ("description", "O Toner acabou outra vez"),
        ("contact_name", "Josefina Prates"),
        ("contact_info", "(48) 99911-2233"),
        ("category", &network),
        ("channel", &phone),
    ];
    let t = cast.tech.open(&fields).await;
    desk.settle().await;
    let id = &t[4..];
    for words in [
        "toner",
        "impressora",
        "josefina",
        "prates toner",
        "99911-2233",
        "(48) 99911 2233",
        "4899911",
        "whatsapp",
        "rede",
        &t,
        &t.to_lowercase(),
        id,
        &t[14..20],
    ] {
        assert!(finds(&mut cast.tech, words, &t).await, "{words}");
    }
    for words in ["scanner", "josefina scanner", "00000000"] {
        assert!(!finds(&mut cast.tech, words, &t).await, "{words}");
    }
    let whole = kit::with_query("/search", &[("q", &t.to_lowercase())]);
    let answer = cast.tech.get(&whole).await.expect(302);
    assert_eq!(answer.location(), format!("/tickets/{t}"));
}

async fn words_may_lack_their_end_their_accents_or_one_letter(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let mut cast = desk.cast().await;
    let fields = [
        ("title", "Configuração da impressora"),
        ("description", "Não há conexão"),
    ];
    let t = cast.client.open(&fields).await;
    desk.settle().await;
    for words in [
        "configuracao",
        "CONFIGURAÇÃO",
        "config",
        "conexao",
        "impresora",
        "imprressora",
        "impressroa",
    ] {
        assert!(finds(&mut cast.tech, words, &t).await, "{words}");
    }
    assert!(!finds(&mut cast.tech, "inpresoora", &t).await);
}

async fn what_was_said_is_found_and_what_was_taken_back_is_not(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let mut cast = desk.cast().await;
    let t = cast.client.open(&[]).await;
    cast.client
        .act(&t, "", &[("content", "Troquei o cabo amarelo")])
        .await
        .expect(302);
    desk.settle().await;
    assert!(finds(&mut cast.tech, "cabo amarelo", &t).await);
    let mut api = cast.client.api("cli@acme.test").await;
    let comments = api
        .get(&format!("/api/v1/tickets/{t}/comments"))
        .await
        .json();
    let comment = comments["items"][0]["id"].as_str().unwrap();
    let retract = format!("comments/{comment}/retract");
    cast.client.act(&t, &retract, &[]).await.expect(302);
    desk.settle().await;
    assert!(!finds(&mut cast.tech, "cabo amarelo", &t).await);
}

async fn clients_find_their_own_tickets_and_never_by_a_note(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let mut cast = desk.cast().await;
    let t = cast.client.open(&[("title", "Monitor piscando")]).await;
    cast.tech.act(&t, "assign", &[]).await.expect(302);
    let note = [("content", "Desconfio do estagiário"), ("internal", "on")];
    cast.tech.act(&t, "", &note).await.expect(302);
    desk.settle().await;
    assert!(finds(&mut cast.client, "monitor", &t).await);
    assert!(!finds(&mut cast.client2, "monitor", &t).await);
    assert!(!finds(&mut cast.client2, &t, &t).await);
    assert!(finds(&mut cast.supervisor, "estagiario", &t).await);
    assert!(!finds(&mut cast.client, "estagiario", &t).await);
    assert!(!finds(&mut cast.client, "estagiaro", &t).await);
    let all = cast.client2.get("/search?q=monitor").await.expect(200);
    assert!(all.shows("Nenhum resultado"));
    cast.nobody.get("/search?q=monitor").await.expect(302);
}

async fn words_and_filters_are_combined(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let mut cast = desk.cast().await;
    let a = cast.client.open(&[("title", "Telefone mudo")]).await;
    desk.later(60 * 24);
    cast.client2 = desk.sign_in("cli2@beta.test").await;
    cast.tech = desk.sign_in("tec@desk.test").await;
    let b = cast.client2.open(&[("title", "Telefone chiando")]).await;
    cast.tech.act(&b, "assign", &[]).await.expect(302);
    desk.settle().await;
    let mut list = async |query: &str| {
        let page = cast
            .tech
            .get(&format!("/tickets?q=telefone&{query}"))
            .await
            .expect(200);
        (
            page.shows(&format!("/tickets/{a}\"")),
            page.shows(&format!("/tickets/{b}\"")),
        )
    };
    assert_eq!(list("").await, (true, true));
    assert_eq!(list("status=open").await, (true, false));
    assert_eq!(list("status=in_progress").await, (false, true));
    assert_eq!(list("assignee=none").await, (true, false));
    assert_eq!(list("assignee=me").await, (false, true));
    assert_eq!(list("view=mine").await, (false, true));
    assert_eq!(list("view=unassigned").await, (true, false));
    assert_eq!(list("to=2026-01-14").await, (true, false));
    assert_eq!(list("from=2026-01-15").await, (false, true));
    assert_eq!(list("priority=critical").await, (false, false));
    let page = cast.tech.get("/tickets?q=telefone&sort=created").await;
    let place = |protocol: &str| page.body.find(protocol).unwrap();
    assert!(place(&b) < place(&a), "the newest first");
}

async fn hits_are_marked_and_nothing_in_them_is_html(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let mut cast = desk.cast().await;
    let fields = [
        ("title", "<b>Café</b> derramado"),
        ("description", "Há café & açúcar no teclado"),
    ];
    cast.client.open(&fields).await;
    desk.settle().await;
    for path in ["/tickets?q=cafe", "/search?q=cafe"] {
        let page = cast.tech.get(path).await.expect(200);
        assert!(
            page.shows("&#60;b&#62;<mark>Café</mark>&#60;/b&#62; derramado"),
            "{}",
            page.body
        );
    }
    let page = cast.tech.get("/tickets?q=cafe").await;
    assert!(page.shows("Há <mark>café</mark> &#38; açúcar"));
    let odd = kit::with_query("/tickets", &[("q", "\" AND (title:* OR \u{0} ' ; -- %")]);
    cast.tech.get(&odd).await.expect(200);
}

async fn everything_is_searched_at_once_as_far_as_the_reader_may(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let mut cast = desk.cast().await;
    let fields = [
        ("name", "Baraúna Serviços Médicos Ltda"),
        ("trade_name", "Clínica Girassol"),
        ("tax_id", "11.222.333/0001-81"),
        ("active", "on"),
    ];
    cast.admin
        .submit("/admin/companies/new", &fields)
        .await
        .expect(302);
    desk.settle().await;
    for words in [
        "barauna",
        "girassol",
        "servi med",
        "11222333000181",
        "11.222.333/0001-81",
        "222.333",
    ] {
        let path = kit::with_query("/search", &[("q", words)]);
        let mut page = cast.tech.get(&path).await.expect(200);
        page.body = page.body.replace("<mark>", "").replace("</mark>", "");
        assert!(
            page.shows("Girassol") && page.shows("11.222.333/0001-81"),
            "{words}"
        );
        assert!(
            !page.shows("/admin/companies/"),
            "a technician does not keep companies"
        );
        assert!(cast.admin.get(&path).await.shows("/admin/companies/"));
        assert!(cast.client.get(&path).await.shows("Nenhum resultado"));
    }
    let people = cast.tech.get("/search?q=clara").await;
    assert!(people.shows("cli@acme.test"));
    let part = cast.tech.get("/search/hits?q=girassol").await.expect(200);
    assert!(part.shows("<mark>Girassol</mark>"));
    assert!(!part.shows("<html"));
}

async fn a_company_that_is_renamed_finds_its_tickets(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let mut cast = desk.cast().await;
    let t = cast.client.open(&[]).await;
    desk.settle().await;
    assert!(finds(&mut cast.tech, "acme", &t).await);
    let companies = companies::names(desk.app.db.reader()).await.unwrap();
    let acme = companies.iter().find(|(_, name)| name == "Acme").unwrap().0;
    let fields = [("name", "Zênite"), ("active", "on")];
    let path = format!("/admin/companies/{acme}");
    cast.admin.submit(&path, &fields).await.expect(302);
    desk.settle().await;
    assert!(finds(&mut cast.tech, "zenite", &t).await);
}

async fn an_index_that_is_missing_or_anothers_is_made_again(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let mut cast = desk.cast().await;
    let t = cast.client.open(&[("title", "Mouse travado")]).await;
    let page = cast.tech.get("/tickets?q=mouse").await.expect(200);
    assert!(page.shows("sendo preparada"));
    desk.settle().await;
    assert!(finds(&mut cast.tech, "mouse", &t).await);

    let of_another = Place {
        seq: 3,
        mark: "0123456789abcdef".into(),
    };
    let gone = [("ticket", ticket_id(&mut cast.tech, &t).await)];
    desk.app.index.put(&gone, Vec::new()).unwrap();
    desk.app.index.commit(&of_another).unwrap();
    assert!(!finds(&mut cast.tech, "mouse", &t).await);
    desk.settle().await;
    assert!(finds(&mut cast.tech, "mouse", &t).await);

    desk.app.index.discard();
    assert!(
        cast.tech
            .get("/tickets?q=mouse")
            .await
            .shows("sendo preparada")
    );
    desk.settle().await;
    assert!(finds(&mut cast.tech, "mouse", &t).await);
}

async fn a_replay_makes_the_index_again_while_it_answers(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let mut cast = desk.cast().await;
    let t = cast.client.open(&[("title", "Teclado mudo")]).await;
    desk.settle().await;
    let place = desk.app.index.place().unwrap();
    let gone = [("ticket", ticket_id(&mut cast.tech, &t).await)];
    desk.app.index.put(&gone, Vec::new()).unwrap();
    desk.app.index.commit(&place).unwrap();
    assert!(!finds(&mut cast.tech, "teclado", &t).await);
    indexer::ask_for_replay(&desk.app).await.unwrap();
    assert!(
        !finds(&mut cast.tech, "teclado", &t).await,
        "it answers as before meanwhile"
    );
    desk.settle().await;
    assert!(finds(&mut cast.tech, "teclado", &t).await);
    assert!(desk.app.index.place().unwrap().seq > place.seq);
}

async fn a_search_costs_the_same_however_much_there_is(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let mut cast = desk.cast().await;
    cast.client.open(&[("title", "Cadeira")]).await;
    desk.settle().await;
    let (_, few) = desk.statements(cast.tech.get("/tickets?q=cadeira")).await;
    for i in 0..30 {
        cast.client
            .open(&[("title", &format!("Cadeira {i}"))])
            .await;
    }
    desk.settle().await;
    let (page, many) = desk.statements(cast.tech.get("/tickets?q=cadeira")).await;
    assert!(page.shows("31 chamados") && page.shows("page=2"));
    assert!(many <= few + 1, "{few} {many}");
    let second = cast.tech.get("/tickets?q=cadeira&page=2").await.expect(200);
    assert_eq!(second.body.matches("data-row").count(), 6);
}

async fn ticket_id(browser: &mut Browser, protocol: &str) -> uuid::Uuid {
    let page = browser.ticket(protocol).await;
    let topic = page
        .body
        .split("data-live-topics=\"tickets:")
        .nth(1)
        .unwrap();
    topic.split('"').next().unwrap().parse().unwrap()
}
