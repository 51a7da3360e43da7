//! Section W: roles that are made here.

use balcao::router;
use db::sea_orm::{ConnectionTrait, Statement};

use crate::limited::limit;
use crate::support::{Answer, Browser, Kind, PASSWORD, TestDesk, on_each};

on_each!(
    a_made_role_gives_and_takes_an_act_at_once,
    a_made_role_has_fewer_acts_than_its_base,
    nobody_gains_the_administrators_power_by_a_role,
    a_role_that_somebody_has_is_not_archived,
    a_role_goes_with_what_somebody_was,
    a_token_never_does_more_than_its_person_nor_than_a_technician,
);

/// Makes a role and returns its id.
pub async fn make_role(admin: &mut Browser, name: &str, base: &str, may: &[&str]) -> String {
    let mut fields = vec![("name", name), ("base", base), ("active", "on")];
    fields.extend(may.iter().map(|name| ("permissions", *name)));
    admin.submit("/admin/roles/new", &fields).await.expect(302);
    let table = admin.get("/admin/roles").await.expect(200);
    let before = table.body.split(&format!(">{name}</a></th>")).next();
    let before = before.unwrap_or_else(|| panic!("{}", table.body));
    let path = table.body.split(&format!("\">{name}</a>")).next().unwrap();
    assert!(before.len() <= table.body.len());
    path.rsplit('/').next().unwrap().to_owned()
}

/// A role for the route matrix.
pub async fn a_role(desk: &TestDesk) -> String {
    let mut tx = kit::Context::system(&desk.app).begin().await.unwrap();
    let input = ::people::RoleInput {
        name: "Observador".to_owned(),
        base: Some(kit::Role::Tech),
        permissions: Vec::new(),
        active: true,
    };
    ::people::save_role(&mut tx, None, input).await.unwrap();
    tx.commit().await.unwrap();
    let table = desk.dump("custom_roles").await;
    assert!(table.contains("Observador"));
    made(desk).await
}

/// The only role that was made.
async fn made(desk: &TestDesk) -> String {
    let db = desk.app.db.reader();
    let sql = Statement::from_string(db.get_database_backend(), "SELECT id FROM custom_roles");
    let row = db.query_one_raw(sql).await.unwrap().unwrap();
    let id: uuid::Uuid = row.try_get("", "id").unwrap();
    id.to_string()
}

const TECH: [(&str, &str, &str); 2] = [
    ("Téo Técnico", "tec@desk.test", "tech"),
    ("Tereza Técnica", "tec2@desk.test", "tech"),
];

/// Gives somebody a role, one made here or one of the four.
pub async fn give(desk: &TestDesk, admin: &mut Browser, email: &str, role: &str) -> Answer {
    let name = TECH.iter().find(|(_, e, _)| *e == email);
    let name = name.map_or("Sílvia Supervisora", |(name, ..)| *name);
    let path = format!("/admin/users/{}", desk.id(email).await);
    let fields = [
        ("name", name),
        ("email", email),
        ("role", role),
        ("active", "on"),
    ];
    admin.submit(&path, &fields).await
}

async fn a_made_role_gives_and_takes_an_act_at_once(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let mut cast = desk.cast().await;
    let other = desk.node().await;
    let mut there = Browser::new(router::service(&other));
    there.set_cookie("session", cast.tech.cookie("session").unwrap());
    let list = "/admin/companies";
    cast.tech.get(list).await.expect(403);
    let may = ["ticket.work", "company.manage", "admin.open"];
    let role = make_role(&mut cast.admin, "Cadastro", "tech", &may).await;
    cast.tech.get(list).await.expect(403);
    give(&desk, &mut cast.admin, "tec@desk.test", &role)
        .await
        .expect(302);
    for browser in [&mut cast.tech, &mut there] {
        let page = browser.get(list).await.expect(200);
        assert!(page.shows("Acme") && page.shows("href=\"/admin\""));
    }
    cast.tech2.get(list).await.expect(403);
    let table = cast.tech.get("/admin/roles").await.expect(200);
    assert!(table.shows("Cadastro") && !table.shows("/admin/roles/new"));
    let form = cast.admin.get(&user(&desk, "tec@desk.test").await).await;
    assert!(
        form.shows(&format!("value=\"{role}\" selected")),
        "{}",
        form.body
    );

    let fewer = [
        ("name", "Cadastro"),
        ("active", "on"),
        ("permissions", "ticket.work"),
    ];
    let path = format!("/admin/roles/{role}");
    cast.admin.submit(&path, &fewer).await.expect(302);
    for browser in [&mut cast.tech, &mut there] {
        browser.get(list).await.expect(403);
    }
    let audit = cast.admin.get("/admin/audit").await.expect(200);
    assert!(audit.shows("Perfil alterado") && audit.shows("Cadastrar e alterar empresas"));
    desk.settle().await;
}

async fn user(desk: &TestDesk, email: &str) -> String {
    format!("/admin/users/{}", desk.id(email).await)
}

async fn a_made_role_has_fewer_acts_than_its_base(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let mut cast = desk.cast().await;
    let t = cast.client.open(&[]).await;
    let role = make_role(&mut cast.admin, "Observador", "tech", &[]).await;
    give(&desk, &mut cast.admin, "tec@desk.test", &role)
        .await
        .expect(302);
    // Seeing is what nobody of the desk is without.
    let page = cast.tech.ticket(&t).await.expect(200);
    assert!(page.shows("Impressora"));
    cast.tech.act(&t, "assign", &[]).await.expect(403);
    let said = [("content", "Oi")];
    cast.tech.act(&t, "", &said).await.expect(403);
    cast.tech.get("/tickets/create").await.expect(403);
    cast.tech
        .get(&format!("/tickets/{t}/edit"))
        .await
        .expect(403);
    let mut api = cast.tech.api("tec@desk.test").await;
    api.get("/api/v1/tickets").await.expect(200);
    let path = format!("/api/v1/tickets/{t}/assign");
    let none = serde_json::Value::Null;
    api.call("PATCH", &path, &none).await.expect(403);
    cast.tech2.act(&t, "assign", &[]).await.expect(302);
}

async fn nobody_gains_the_administrators_power_by_a_role(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let mut cast = desk.cast().await;
    for (base, permission) in [
        ("tech", "user.manage"),
        ("supervisor", "audit.read"),
        ("supervisor", "desk.configure"),
        ("tech", "made.up"),
        ("admin", "ticket.work"),
        ("client", "ticket.work"),
        ("", "ticket.work"),
    ] {
        let fields = [
            ("name", "Chefe"),
            ("base", base),
            ("active", "on"),
            ("permissions", permission),
        ];
        let answer = cast.admin.submit("/admin/roles/new", &fields).await;
        assert!(!answer.expect(422).shows("user.manage\" checked"));
    }
    let fields = [("name", "Chefe"), ("base", "tech"), ("active", "on")];
    for browser in [&mut cast.supervisor, &mut cast.tech] {
        browser
            .submit("/admin/roles/new", &fields)
            .await
            .expect(403);
        browser.get("/admin/roles/new").await.expect(403);
    }
    // Everything that a role can have does not lead to accounts, nor to roles.
    let form = cast.admin.get("/admin/roles/new?from=supervisor").await;
    let form = form.expect(200);
    assert!(!form.shows("user.manage") && !form.shows("audit.read"));
    let given = desk.app.permissions.iter().filter(|p| p.is_given());
    let all: Vec<&str> = given.map(|p| p.name).collect();
    let role = make_role(&mut cast.admin, "Tudo", "tech", &all).await;
    // Whoever writes it into the database has gained nothing, either.
    let sql =
        "UPDATE custom_roles SET permissions = 'admin.open\nuser.manage\naudit.read\nticket.see'";
    let tx = desk.app.db.begin().await.unwrap();
    tx.execute_unprepared(sql).await.unwrap();
    tx.commit().await.unwrap();
    give(&desk, &mut cast.admin, "tec@desk.test", &role)
        .await
        .expect(302);
    cast.tech.get("/admin").await.expect(200);
    for path in [
        "/admin/users",
        "/admin/audit",
        "/admin/config",
        "/admin/roles/new",
    ] {
        cast.tech.get(path).await.expect(403);
    }
    let own = give(&desk, &mut cast.tech, "tec@desk.test", "admin").await;
    own.expect(403);
    // Nor is anybody an administrator by name.
    let answer = give(&desk, &mut cast.admin, "adm@desk.test", &role).await;
    assert_eq!(answer.status, 409, "{}", answer.body);
}

async fn a_role_that_somebody_has_is_not_archived(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let mut cast = desk.cast().await;
    let role = make_role(&mut cast.admin, "Plantão", "tech", &["ticket.work"]).await;
    give(&desk, &mut cast.admin, "tec@desk.test", &role)
        .await
        .expect(302);
    let path = format!("/admin/roles/{role}");
    let archived = [("name", "Plantão"), ("permissions", "ticket.work")];
    let answer = cast.admin.submit(&path, &archived).await.expect(422);
    assert!(
        answer.shows("Uma pessoa tem este perfil"),
        "{}",
        answer.body
    );
    let twice = [("name", "PLANTÃO"), ("base", "tech"), ("active", "on")];
    let answer = cast.admin.submit("/admin/roles/new", &twice).await;
    answer.expect(422);
    give(&desk, &mut cast.admin, "tec@desk.test", "tech")
        .await
        .expect(302);
    cast.admin.submit(&path, &archived).await.expect(302);
    give(&desk, &mut cast.admin, "tec@desk.test", &role)
        .await
        .expect(422);
    let form = cast.admin.get(&user(&desk, "tec@desk.test").await).await;
    assert!(!form.shows("Plantão"));
    let table = cast.admin.get("/admin/roles").await;
    assert!(table.shows("Plantão") && table.shows("Arquivado"));
}

async fn a_role_goes_with_what_somebody_was(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let mut cast = desk.cast().await;
    let role = make_role(&mut cast.admin, "Cadastro", "tech", &["company.manage"]).await;
    give(&desk, &mut cast.admin, "tec@desk.test", &role)
        .await
        .expect(302);
    limit(
        &desk,
        &mut cast.admin,
        "tec@desk.test",
        &[],
        &[&desk.company("Acme").await],
    )
    .await
    .expect(302);
    // To a client and back: nothing of it is left.
    for role in ["client", "tech"] {
        give(&desk, &mut cast.admin, "tec@desk.test", role)
            .await
            .expect(302);
    }
    cast.tech.get("/admin/companies").await.expect(403);
    let beta = cast.client2.open(&[]).await;
    cast.tech.ticket(&beta).await.expect(200);
}

/// A token of this scope, as its person makes it.
async fn token(browser: &mut Browser, scope: &str) -> Browser {
    let fields = [
        ("token_name", "CI"),
        ("scope", scope),
        ("days", "30"),
        ("password_now", PASSWORD),
    ];
    let page = browser.submit("/meu-perfil/tokens", &fields).await;
    let page = page.expect(201);
    let at = page.body.find("balcao_").unwrap();
    let mut program = browser.clone();
    program.set_token(page.body[at..].split('"').next().unwrap());
    program
}

async fn a_token_never_does_more_than_its_person_nor_than_a_technician(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let mut cast = desk.cast().await;
    let (t, u) = (cast.client.open(&[]).await, cast.client2.open(&[]).await);
    let to = serde_json::json!({ "assignee": desk.id("tec2@desk.test").await });
    let assign = |t: &str| format!("/api/v1/tickets/{t}/assign");
    let resolve = |t: &str| format!("/api/v1/tickets/{t}/resolve");
    let solution = serde_json::json!({ "solution": "Pronto" });
    let may = ["ticket.assign", "ticket.comment"];
    let role = make_role(&mut cast.admin, "Distribuidora", "supervisor", &may).await;
    give(&desk, &mut cast.admin, "sup@desk.test", &role)
        .await
        .expect(302);
    let mut write = token(&mut cast.supervisor, "write").await;
    let mut whole = token(&mut cast.supervisor, "admin").await;
    // The role lets her assign, a token to write lets no technician.
    write.call("PATCH", &assign(&t), &to).await.expect(403);
    // Neither does what the role does not.
    whole
        .call("PATCH", &resolve(&t), &solution)
        .await
        .expect(403);
    write
        .call("PATCH", &resolve(&t), &solution)
        .await
        .expect(403);
    let note = serde_json::json!({ "content": "Visto" });
    let path = format!("/api/v1/tickets/{t}/comments");
    write.call("POST", &path, &note).await.expect(201);
    // Limits are the person's, whatever the token.
    let acme = desk.company("Acme").await;
    limit(&desk, &mut cast.admin, "sup@desk.test", &[], &[&acme])
        .await
        .expect(302);
    for program in [&mut write, &mut whole] {
        program
            .get(&format!("/api/v1/tickets/{t}"))
            .await
            .expect(200);
        program
            .get(&format!("/api/v1/tickets/{u}"))
            .await
            .expect(404);
        let list = program.get("/api/v1/tickets").await.expect(200);
        assert!(list.shows(&t) && !list.shows(&u));
    }
}
