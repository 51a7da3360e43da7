//! The lists that an administrator keeps.

use crate::support::{Kind, TestDesk, on_each};

on_each!(
    a_new_channel_and_category_appear_in_the_form,
    a_name_is_used_once,
    of_two_at_once_one_has_the_name,
    a_subcategory_has_no_children,
    a_queue_has_members_of_the_staff_only,
    companies_are_kept_and_an_inactive_one_opens_no_tickets,
    a_new_desk_has_a_company_and_the_usual_lists,
);

async fn a_new_channel_and_category_appear_in_the_form(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let mut cast = desk.cast().await;
    let on = ("active", "on");
    cast.admin
        .submit("/admin/channels/new", &[("name", "Balcão físico"), on])
        .await
        .expect(302);
    cast.admin
        .submit("/admin/categories/new", &[("name", "Nota fiscal"), on])
        .await
        .expect(302);
    let form = cast.tech.get("/tickets/create").await;
    assert!(form.shows("Balcão físico") && form.shows("Nota fiscal"));
    assert!(
        cast.admin
            .get("/admin/channels")
            .await
            .shows("Balcão físico")
    );
}

async fn a_name_is_used_once(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let mut admin = desk.cast().await.admin;
    for (path, name) in [
        ("channels", "WhatsApp"),
        ("queues", "Suporte N1"),
        ("categories", "rede"),
    ] {
        let fields = [("name", name), ("level", "1"), ("active", "on")];
        let answer = admin
            .submit(&format!("/admin/{path}/new"), &fields)
            .await
            .expect(422);
        assert!(answer.shows("name-error") && answer.shows(name), "{path}");
        let fields = [("name", ""), ("level", "1")];
        let answer = admin
            .submit(&format!("/admin/{path}/new"), &fields)
            .await
            .expect(422);
        assert!(answer.shows("Nome: Preencha este campo."), "{path}");
    }
}

async fn a_subcategory_has_no_children(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let mut admin = desk.cast().await.admin;
    let network = desk.category("Rede").await;
    let on = ("active", "on");
    admin
        .submit(
            "/admin/categories/new",
            &[("name", "Wi-Fi"), ("parent", &network), on],
        )
        .await
        .expect(302);
    let top = network.parse().unwrap();
    let sub = ::catalog::category_named(desk.app.db.reader(), Some(top), "Wi-Fi")
        .await
        .unwrap()
        .unwrap();
    let sub = sub.id.to_string();
    admin
        .submit(
            "/admin/categories/new",
            &[("name", "x"), ("parent", &sub), on],
        )
        .await
        .expect(422);
    let path = format!("/admin/categories/{network}");
    admin
        .submit(&path, &[("name", "Rede"), ("parent", &network), on])
        .await
        .expect(422);
    let other = desk.category("Acessos").await;
    admin
        .submit(&path, &[("name", "Rede"), ("parent", &other), on])
        .await
        .expect(422);
}

async fn a_queue_has_members_of_the_staff_only(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let mut admin = desk.cast().await.admin;
    let (tech, client) = (
        desk.id("tec@desk.test").await,
        desk.id("cli@acme.test").await,
    );
    let path = format!("/admin/queues/{}", desk.queue("Suporte N1").await);
    let fields = [
        ("name", "Suporte N1"),
        ("level", "1"),
        ("active", "on"),
        ("members", tech.as_str()),
    ];
    admin.submit(&path, &fields).await.expect(302);
    assert!(
        admin
            .get(&path)
            .await
            .shows(&format!("value=\"{tech}\" checked"))
    );
    let fields = [
        ("name", "Suporte N1"),
        ("level", "1"),
        ("active", "on"),
        ("members", client.as_str()),
    ];
    admin.submit(&path, &fields).await.expect(422);
    admin
        .submit(&path, &[("name", "Suporte N1"), ("level", "9")])
        .await
        .expect(422);
}

async fn companies_are_kept_and_an_inactive_one_opens_no_tickets(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let mut cast = desk.cast().await;
    let fields = [
        ("name", "Gama"),
        ("tax_id", "11.222.333/0001-81"),
        ("active", "on"),
    ];
    cast.supervisor
        .submit("/admin/companies/new", &fields)
        .await
        .expect(302);
    let again = [
        ("name", "Gama 2"),
        ("tax_id", "11222333000181"),
        ("active", "on"),
    ];
    let answer = cast
        .supervisor
        .submit("/admin/companies/new", &again)
        .await
        .expect(422);
    assert!(answer.shows("tax_id-error") && answer.shows("CPF ou CNPJ: Já existe"));
    let list = cast.supervisor.get("/admin/companies").await;
    assert!(list.shows("11.222.333/0001-81"));
    let names = companies::names(desk.app.db.reader()).await.unwrap();
    let acme = names.iter().find(|(_, n)| n == "Acme").unwrap().0;
    let path = format!("/admin/companies/{acme}");
    cast.admin
        .submit(&path, &[("name", "Acme"), ("domains", "acme.test")])
        .await
        .expect(302);
    let answer = cast
        .client
        .submit("/tickets/create", &[("title", "x"), ("description", "y")])
        .await
        .expect(422);
    assert!(answer.shows("role=\"alert\""), "{}", answer.body);
}

async fn a_new_desk_has_a_company_and_the_usual_lists(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let db = desk.app.db.reader();
    assert_eq!(companies::names(db).await.unwrap()[0].1, "Minha empresa");
    assert_eq!(::catalog::queues(db).await.unwrap().len(), 2);
    assert_eq!(::catalog::categories(db).await.unwrap().len(), 4);
    let channels = ::catalog::channels(db).await.unwrap();
    assert_eq!(channels.iter().filter(|c| c.portal).count(), 1);
    // A second start changes nothing.
    let (app, key) = (
        &desk.app,
        kit::Key::new("another start with the same database"),
    );
    balcao::desk::open_on(
        app.db.clone(),
        app.settings.clone(),
        key,
        app.vault.clone(),
        app.clock.clone(),
    )
    .await
    .unwrap();
    assert_eq!(::catalog::channels(db).await.unwrap().len(), channels.len());
}

async fn of_two_at_once_one_has_the_name(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let cast = desk.cast().await;
    let (mut one, mut other) = (cast.admin.clone(), cast.admin);
    let fields = [("name", "Telefonia"), ("active", "on")];
    let (a, b) = tokio::join!(
        one.submit("/admin/categories/new", &fields),
        other.submit("/admin/categories/new", &fields)
    );
    let mut answers = [a.status, b.status];
    answers.sort_unstable();
    assert_eq!(answers, [302, 422]);
}
