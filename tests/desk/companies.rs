//! Companies as tenants: who may register with one, from where its people may come, and
//! what they see of their own.

use sea_orm::ConnectionTrait;
use sea_orm::sea_query::{Alias, Query};

use crate::limited::limit;
use crate::support::{Answer, Browser, Cast, Kind, TestDesk, on_each};

on_each!(
    a_company_is_changed_in_all_its_parts,
    what_is_typed_wrong_is_said_at_its_field,
    the_old_domain_became_the_first_of_the_list,
    only_domains_of_the_list_may_register,
    an_administrator_follows_the_rule_of_domains_too,
    people_come_from_allowed_addresses_only,
    the_people_of_an_inactive_company_read_and_open_nothing,
    each_company_wears_its_own_colours,
    colours_of_the_installation_are_for_whoever_has_none,
    the_sign_in_page_by_slug_wears_the_company,
    a_companys_door_leads_on_to_its_own_pages,
    a_logo_is_a_whole_picture_and_nothing_else,
    a_logo_that_is_gone_is_the_products_own,
    the_desk_has_a_name_of_its_own,
    of_two_who_change_a_face_at_once_neither_is_lost,
    letters_to_a_companys_people_wear_it,
    where_people_come_from_is_asked_of_memory,
    companies_are_searched_and_narrowed,
    whoever_is_limited_to_some_makes_none_and_is_told_nothing_of_others,
);

/// One pixel.
pub const PNG: &[u8] =
    b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR\0\0\0\x01\0\0\0\x01\x08\x06\0\0\0\x1f\x15\xc4\x89\
    \0\0\0\x0dIDATx\x9cc\xf8\xcf\xc0\xf0\x1f\0\x05\0\x01\xff\x89\x99\x3d\x1d\0\0\0\0IEND\xaeB`\x82";

async fn company(desk: &TestDesk, name: &str) -> kit::CompanyId {
    let names = companies::names(desk.app.db.reader()).await.unwrap();
    names.iter().find(|(_, n)| n == name).unwrap().0
}

/// Acme as it is, with some fields otherwise.
async fn change(desk: &TestDesk, cast: &mut Cast, fields: &[(&str, &str)]) -> Answer {
    let path = format!("/admin/companies/{}", company(desk, "Acme").await);
    let mut all = vec![("name", "Acme"), ("active", "on"), ("domains", "acme.test")];
    all.retain(|(name, _)| !fields.iter().any(|(n, _)| n == name));
    all.extend_from_slice(fields);
    cast.admin.submit(&path, &all).await
}

async fn events(desk: &TestDesk, kind: &str) -> usize {
    let db = desk.app.db.reader();
    let all = event_log::after(db, 0, 10_000).await.unwrap();
    all.iter().filter(|event| event.kind == kind).count()
}

/// The address of the style sheet that a page links.
fn sheet(page: &str) -> Option<&str> {
    let at = page.find("href=\"/brand/")? + 6;
    let end = page[at..].find('"')?;
    Some(&page[at..at + end]).filter(|url| url.ends_with(".css"))
}

async fn css(browser: &mut Browser, page: &str) -> String {
    let answer = browser.get(page).await.expect(200);
    match sheet(&answer.body) {
        Some(url) => browser.get(url).await.expect(200).body,
        None => String::new(),
    }
}

async fn a_company_is_changed_in_all_its_parts(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let mut cast = desk.cast().await;
    let fields = [
        ("tax_id", "12.abc.345/01de-35"),
        ("domains", "acme.test\nAção.com.br"),
        ("consent_required", "on"),
        ("allowed_ips", "10.1.2.3/8\n192.168.1.5"),
        ("slug", "acme"),
        ("colour", "#AA0000"),
        ("login_text", "Bem-vindos."),
        ("mail_footer", "Acme Ltda"),
    ];
    change(&desk, &mut cast, &fields).await.expect(302);
    let path = format!("/admin/companies/{}", company(&desk, "Acme").await);
    let page = cast.admin.get(&path).await.expect(200);
    for shown in [
        "12.ABC.345/01DE-35",
        "acme.test\nxn--",
        "10.0.0.0/8\n192.168.1.5",
        "value=\"acme\"",
        "#aa0000",
        "Bem-vindos.",
        "contraste",
        "/auth/login/acme",
    ] {
        assert!(page.shows(shown), "{shown}: {}", page.body);
    }
    let before = events(&desk, "company.updated").await;
    change(&desk, &mut cast, &fields).await.expect(302);
    let after = events(&desk, "company.updated").await;
    assert_eq!(before, after, "nothing differs");
    // What is used once.
    let beta = format!("/admin/companies/{}", company(&desk, "Beta").await);
    let taken = cast
        .admin
        .submit(&beta, &[("name", "Beta"), ("slug", "acme")]);
    assert!(taken.await.expect(422).shows("slug-error"));
    let fields = [("name", "Beta"), ("tax_id", "12ABC34501DE35")];
    let taken = cast.admin.submit(&beta, &fields).await.expect(422);
    assert!(taken.shows("tax_id-error"));
}

async fn what_is_typed_wrong_is_said_at_its_field(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let mut cast = desk.cast().await;
    for (field, value, shown) in [
        ("tax_id", "11.222.333/0001-82", "confira os dígitos"),
        ("tax_id", "111.111.111-11", "confira os dígitos"),
        ("domains", "acme.test\nacme", "Linha \u{2068}2"),
        ("allowed_ips", "10.0.0.1\n300.1.1.1", "Linha \u{2068}2"),
        ("slug", "../x", "hífens"),
        ("colour", "red", "#0f6e68"),
        ("colour", "#aa0000;}body{display:none", "#0f6e68"),
    ] {
        let answer = change(&desk, &mut cast, &[(field, value)]).await;
        let answer = answer.expect(422);
        assert!(answer.shows(&format!("{field}-error")), "{}", answer.body);
        let plain = shown.replace('\u{2068}', "");
        let body = answer.body.replace(['\u{2068}', '\u{2069}'], "");
        assert!(body.contains(&plain), "{field}: {shown}: {body}");
        // What was typed is kept.
        let first = value.lines().next().unwrap();
        assert!(answer.shows(first), "{field}");
    }
    let foreign = [("tax_id", "DE 123456789"), ("foreign_id", "on")];
    change(&desk, &mut cast, &foreign).await.expect(302);
}

async fn the_old_domain_became_the_first_of_the_list(kind: Kind) {
    let files = tempfile::TempDir::new().unwrap();
    let database = crate::support::Database::fresh(kind, files.path()).await;
    let db = kit::Db::connect(&database.url).await.unwrap();
    let old: Vec<db::Migration> = crate::support::migrations()
        .into_iter()
        .take_while(|m| m.id != "companies-002")
        .collect();
    assert!(old.iter().any(|m| m.id == "companies-001"));
    db::migrate(&db, &old).await.unwrap();
    let tx = db.begin().await.unwrap();
    let id = kit::new_id(crate::support::NOON);
    let insert = Query::insert()
        .into_table(Alias::new("companies"))
        .columns(["id", "name", "domain", "active", "created_at", "updated_at"].map(Alias::new))
        .values_panic([
            id.into(),
            "Velha".into(),
            "Velha.Test".into(),
            true.into(),
            0_i64.into(),
            0_i64.into(),
        ])
        .to_owned();
    tx.execute(&insert).await.unwrap();
    tx.commit().await.unwrap();
    let desk = TestDesk::at(database.url.clone()).await;
    let db = desk.app.db.reader();
    let found = companies::of_email(db, "ana@velha.test").await.unwrap();
    assert_eq!(found, Some(kit::CompanyId(id)));
}

async fn only_domains_of_the_list_may_register(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let mut cast = desk.cast().await;
    let acme = company(&desk, "Acme").await;
    let db = desk.app.db.reader();
    let admits = async |email| companies::admits(db, acme, email).await.unwrap();
    assert!(admits("ana@acme.test").await && admits("ana@ACME.test").await);
    for other in [
        "ana@sub.acme.test",
        "ana@notacme.test",
        "x@gmail.com",
        "acme.test",
        "",
    ] {
        assert!(!admits(other).await, "{other}");
    }
    let open = companies::open_for_registration(db, true).await.unwrap();
    let names: Vec<&str> = open.iter().map(|c| c.name.as_str()).collect();
    assert_eq!(names, ["Acme", "Beta"], "one without a domain is not open");
    change(
        &desk,
        &mut cast,
        &[("accept_any_domain", "on"), ("domains", "")],
    )
    .await
    .expect(302);
    assert!(admits("x@gmail.com").await);
    change(
        &desk,
        &mut cast,
        &[("accept_any_domain", "on"), ("active", "")],
    )
    .await
    .expect(302);
    assert!(!admits("x@gmail.com").await);
    let open = companies::open_for_registration(db, true).await.unwrap();
    assert_eq!(open.len(), 1);
}

async fn an_administrator_follows_the_rule_of_domains_too(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let mut cast = desk.cast().await;
    let acme = company(&desk, "Acme").await.to_string();
    let person = [
        ("name", "Xavier"),
        ("email", "x@gmail.com"),
        ("role", "client"),
        ("company_id", &acme),
        ("password", "uma senha comprida"),
        ("active", "on"),
    ];
    let refused = cast.admin.submit("/admin/users/new", &person).await;
    assert!(refused.expect(422).shows("email-error"));
    change(&desk, &mut cast, &[("accept_any_domain", "on")])
        .await
        .expect(302);
    let made = cast.admin.submit("/admin/users/new", &person).await;
    made.expect(302);
}

async fn people_come_from_allowed_addresses_only(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let mut cast = desk.cast().await;
    let mut program = cast.client.api("cli@acme.test").await;
    change(
        &desk,
        &mut cast,
        &[("allowed_ips", "10.0.0.0/8\n192.168.1.5")],
    )
    .await
    .expect(302);
    let mut client = cast.client.clone();
    client = client.at("10.1.2.3");
    client.get("/tickets").await.expect(200);
    // Existing sessions, streams and tokens.
    client = client.at("8.8.8.8");
    for path in ["/tickets", "/live", "/sync/check", "/preferences"] {
        let refused = client.get(path).await.expect(403);
        assert!(refused.shows("Sua empresa só permite"), "{path}");
        assert!(!refused.shows("Clara"), "{path}");
    }
    client
        .submit_as_is("/tickets/create", &[("title", "x")])
        .await
        .expect(403);
    program = program.at("8.8.8.8");
    let refused = program.get("/api/v1/tickets").await.expect(403);
    assert_eq!(refused.json()["errors"][0]["code"], "forbidden-address");
    program = program.at("192.168.1.5");
    program.get("/api/v1/tickets").await.expect(200);
    // The right password does not help, and each attempt is noted once.
    let mut other = desk.browser();
    other = other.at("8.8.8.8");
    let word = crate::support::PASSWORD;
    let form = [("email", "cli@acme.test"), ("password", word)];
    let refused = other.submit("/auth/login", &form).await.expect(403);
    assert!(refused.shows("Sua empresa só permite"));
    assert_eq!(events(&desk, "access.refused").await, 1);
    let login = serde_json::json!({ "email": "cli@acme.test", "password": word });
    other
        .call("POST", "/api/v1/auth/login", &login)
        .await
        .expect(403);
    assert_eq!(events(&desk, "access.refused").await, 2);
    other = other.at("::ffff:10.9.9.9");
    other.submit("/auth/login", &form).await.expect(302);
    // Whoever was turned away can still sign out, and others are not touched.
    client.submit("/auth/logout", &[]).await.expect(302);
    for other in [&cast.client2, &cast.tech] {
        let mut other = other.clone().at("8.8.8.8");
        other.get("/tickets").await.expect(200);
    }
}

async fn the_people_of_an_inactive_company_read_and_open_nothing(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let mut cast = desk.cast().await;
    let ticket = cast.client.open(&[]).await;
    change(&desk, &mut cast, &[("active", "")])
        .await
        .expect(302);
    cast.client.ticket(&ticket).await.expect(200);
    let form = [("title", "x"), ("description", "y")];
    let refused = cast
        .client
        .submit("/tickets/create", &form)
        .await
        .expect(422);
    assert!(
        refused.shows("role=\"alert\"") && refused.shows("arquivada"),
        "{}",
        refused.body
    );
}

async fn each_company_wears_its_own_colours(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let mut cast = desk.cast().await;
    assert_eq!(css(&mut cast.client, "/tickets").await, "");
    change(&desk, &mut cast, &[("colour", "#aa0000"), ("slug", "acme")])
        .await
        .expect(302);
    let own = css(&mut cast.client, "/tickets").await;
    assert!(own.contains("--brand:#aa0000;"), "{own}");
    for other in [&mut cast.client2, &mut cast.tech, &mut cast.admin] {
        assert_eq!(css(other, "/tickets").await, "");
    }
    let page = cast.client.get("/tickets").await;
    let url = sheet(&page.body).unwrap();
    let answer = cast.nobody.get(url).await.expect(200);
    assert_eq!(answer.header("content-type"), "text/css; charset=utf-8");
    assert_eq!(answer.header("x-content-type-options"), "nosniff");
    assert!(answer.header("cache-control").contains("immutable"));
    let old = cast.nobody.get("/brand/acme/0123456789abcdef.css").await;
    assert!(
        !old.expect(200)
            .header("cache-control")
            .contains("immutable")
    );
    for none in [
        "/brand/acme/x",
        "/brand/nobody/logo",
        "/brand/desk/x.css",
        "/brand/../x.css",
    ] {
        cast.nobody.get(none).await.expect(404);
    }
}

async fn colours_of_the_installation_are_for_whoever_has_none(kind: Kind) {
    let desk = TestDesk::with(kind, |settings| {
        settings.brand.primary = Some("#0044cc".to_owned());
        settings.brand.dark = Some("#002266".to_owned());
        settings.brand.light = Some("#ddeeff".to_owned());
    })
    .await;
    let mut cast = desk.cast().await;
    change(&desk, &mut cast, &[("colour", "#aa0000")])
        .await
        .expect(302);
    for browser in [&mut cast.client2, &mut cast.tech] {
        let css = css(browser, "/tickets").await;
        for value in [
            "--brand:#0044cc;",
            "--brand-dark:#002266;",
            "--brand-light:#ddeeff;",
        ] {
            assert!(css.contains(value), "{value} {css}");
        }
    }
    assert!(
        css(&mut cast.nobody, "/auth/login")
            .await
            .contains("#0044cc")
    );
    let own = css(&mut cast.client, "/tickets").await;
    assert!(own.contains("--brand:#aa0000;") && !own.contains("#002266"));
}

async fn the_sign_in_page_by_slug_wears_the_company(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let mut cast = desk.cast().await;
    let fields = [
        ("colour", "#aa0000"),
        ("slug", "acme"),
        ("login_text", "Fale com <b>a Acme</b>."),
    ];
    change(&desk, &mut cast, &fields).await.expect(302);
    for path in ["/auth/login/acme", "/auth/login?company=acme"] {
        let page = cast.nobody.get(path).await.expect(200);
        assert!(
            page.shows("Fale com &#60;b&#62;a Acme") || page.shows("Fale com &lt;b&gt;a Acme"),
            "{}",
            page.body
        );
        assert!(
            css(&mut cast.nobody, path).await.contains("#aa0000"),
            "{path}"
        );
    }
    for path in ["/auth/login", "/auth/login/beta"] {
        let page = cast.nobody.get(path).await.expect(200);
        assert!(!page.shows("a Acme"), "{path}");
    }
    cast.nobody.get("/auth/login/%00").await.expect(404);
}

/// Whoever came by their company's door stays at it: with a wrong password (a refused form
/// wears what the page did that it stands on), a forgotten one, and on the way to an
/// account, where the company is chosen already.
async fn a_companys_door_leads_on_to_its_own_pages(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let mut cast = desk.cast().await;
    let fields = [
        ("colour", "#aa0000"),
        ("slug", "acme"),
        ("trade_name", "Acme"),
    ];
    change(&desk, &mut cast, &fields).await.expect(302);
    let page = cast.nobody.get("/auth/login/acme").await.expect(200);
    assert!(page.shows("Central de serviços para quem é de Acme."));
    for on in ["login", "forgot", "register"] {
        let path = format!("/auth/{on}?company=acme");
        assert!(page.shows(&path), "{path}");
        let answer = cast.nobody.get(&path).await.expect(200);
        assert!(answer.shows("/brand/acme/"), "{path}");
        assert!(answer.shows(&format!("action=\"{path}\"")), "{path}");
    }
    let acme = company(&desk, "Acme").await;
    let chosen = format!("value=\"{acme}\" selected");
    let page = cast.nobody.get("/auth/register?company=acme").await;
    assert!(page.shows(&chosen), "{}", page.body);
    assert!(!cast.nobody.get("/auth/register").await.shows(&chosen));
    // One that is only known by its id has no door, nor has one that is archived.
    for path in [
        format!("/auth/login?company={acme}"),
        "/auth/login?company=nope".to_owned(),
        "/auth/login?company=%22%3E".to_owned(),
    ] {
        let page = cast.nobody.get(&path).await.expect(200);
        assert!(!page.shows("quem é de Acme") && !page.shows("action=\"/auth/login?"));
    }
    let fields = [("slug", "acme"), ("active", "")];
    change(&desk, &mut cast, &fields).await.expect(302);
    let page = cast.nobody.get("/auth/login/acme").await.expect(200);
    assert!(!page.shows("quem é de"));
}

async fn a_logo_is_a_whole_picture_and_nothing_else(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let mut cast = desk.cast().await;
    let acme = company(&desk, "Acme").await;
    let path = format!("/admin/companies/{acme}");
    let logo = format!("{path}/logo");
    let svg: &[u8] = b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>";
    let large = [PNG, &vec![0; 600_000][..]].concat();
    for bad in [svg, b"GIF89a", b"", &PNG[..40], b"<html>", &large] {
        let answer = cast
            .admin
            .submit_files(&logo, &[], &[("logo.png", bad)])
            .await;
        assert!(answer.expect(422).shows("files-error"));
    }
    cast.admin.submit_files(&logo, &[], &[]).await.expect(422);
    let files: &[(&str, &[u8])] = &[("logo.png", PNG)];
    cast.admin.submit_files(&logo, &[], files).await.expect(302);
    cast.admin
        .submit_files(&format!("{path}/icon"), &[], files)
        .await
        .expect(302);
    let page = cast.client.get("/tickets").await;
    let at = page.body.find("src=\"/brand/").expect("no logo") + 5;
    let url = &page.body[at..at + page.body[at..].find('"').unwrap()];
    let answer = cast.nobody.get(url).await.expect(200);
    assert_eq!(answer.bytes, PNG);
    assert_eq!(answer.header("content-type"), "image/png");
    assert_eq!(answer.header("x-content-type-options"), "nosniff");
    assert!(answer.header("cache-control").contains("immutable"));
    assert!(page.shows("rel=\"icon\" href=\"/brand/"));
    assert!(!cast.client2.get("/tickets").await.shows("src=\"/brand/"));
    // A supervisor keeps companies; a technician does not.
    cast.supervisor
        .submit_files(&logo, &[("remove", "1")], &[])
        .await
        .expect(302);
    assert!(!cast.client.get("/tickets").await.shows("src=\"/brand/"));
    // A job takes the file away, and leaves the icon's.
    let on_disk = || {
        let directory = desk
            .app
            .settings
            .uploads
            .join("brand")
            .join(acme.to_string());
        std::fs::read_dir(directory).unwrap().count()
    };
    assert_eq!(on_disk(), 2);
    desk.settle().await;
    assert_eq!(on_disk(), 1);
    cast.supervisor
        .submit_files(&logo, &[("remove", "1")], &[])
        .await
        .expect(302);
    cast.tech.submit_files(&logo, &[], files).await.expect(403);
}

async fn a_logo_that_is_gone_is_the_products_own(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let mut cast = desk.cast().await;
    let files: &[(&str, &[u8])] = &[("logo.png", PNG)];
    cast.admin
        .submit_files("/admin/config/logo", &[], files)
        .await
        .expect(302);
    cast.nobody.get("/brand/desk/logo").await.expect(200);
    std::fs::remove_dir_all(desk.app.settings.uploads.join("brand")).unwrap();
    let answer = cast.nobody.get("/brand/desk/logo").await.expect(302);
    assert!(answer.location().starts_with("/static/"));
    // As where there never was one.
    let answer = cast.nobody.get("/brand/desk/icon").await.expect(302);
    assert!(answer.location().starts_with("/static/"));
    let icon = cast.nobody.get("/favicon.ico").await.expect(302);
    assert!(icon.location().starts_with("/static/"));
}

async fn of_two_who_change_a_face_at_once_neither_is_lost(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let mut cast = desk.cast().await;
    let files: &[(&str, &[u8])] = &[("logo.png", PNG)];
    let mut other = cast.admin.clone();
    let fields = [("name", "Central Nova")];
    let (named, sent) = tokio::join!(
        cast.admin.submit("/admin/config", &fields),
        other.submit_files("/admin/config/logo", &[], files),
    );
    named.expect(302);
    sent.expect(302);
    let page = cast.admin.get("/admin/config").await.expect(200);
    assert!(page.shows("Central Nova") && page.shows("/brand/desk/logo?v="));
}

async fn the_desk_has_a_name_of_its_own(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let mut cast = desk.cast().await;
    let fields = [
        ("name", "Sertão Tecnologia"),
        ("tax_id", "11.222.333/0001-81"),
        ("login_text", "Bem-vindo à central."),
        ("mail_footer", "Sertão Tecnologia, Campina Grande"),
    ];
    cast.admin
        .submit("/admin/config", &fields)
        .await
        .expect(302);
    let files: &[(&str, &[u8])] = &[("logo.png", PNG)];
    cast.admin
        .submit_files("/admin/config/logo", &[], files)
        .await
        .expect(302);
    for browser in [&mut cast.admin, &mut cast.client] {
        let page = browser.get("/tickets").await.expect(200);
        assert!(page.shows("Sertão Tecnologia</a>"), "{}", page.body);
        assert!(page.shows("Sertão Tecnologia</title>"));
        assert!(page.shows("src=\"/brand/desk/logo?v="));
    }
    let page = cast.nobody.get("/auth/login").await;
    assert!(page.shows("Sertão Tecnologia") && page.shows("Bem-vindo à central."));
    let page = cast.admin.get("/admin/config").await;
    assert!(page.shows("11.222.333/0001-81"));
    let wrong = [("name", "x"), ("tax_id", "11.222.333/0001-82")];
    let wrong = cast.admin.submit("/admin/config", &wrong).await.expect(422);
    assert!(wrong.shows("tax_id-error"));
    let text: &[(&str, &[u8])] = &[("logo.png", b"texto")];
    cast.admin
        .submit_files("/admin/config/logo", &[], text)
        .await
        .expect(422);
    cast.supervisor.get("/admin/config").await.expect(403);
    // The letter that tests the mail is the desk's, too.
    cast.admin.submit("/admin/tools/mail", &[]).await;
    let mail = desk.mails().pop().expect("no letter");
    for part in [&mail.text, &mail.html] {
        assert!(part.contains("Sertão Tecnologia, Campina Grande"), "{part}");
    }
    assert!(mail.html.contains("http://desk.test/brand/desk/logo?v="));
}

async fn letters_to_a_companys_people_wear_it(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let mut cast = desk.cast().await;
    let fields = [
        ("colour", "#aa0000"),
        ("mail_footer", "Acme & Filhos <Ltda>\nFale conosco"),
    ];
    change(&desk, &mut cast, &fields).await.expect(302);
    for email in ["cli@acme.test", "cli2@beta.test"] {
        cast.nobody
            .submit("/auth/forgot", &[("email", email)])
            .await;
    }
    desk.settle().await;
    let mails = desk.mails();
    let to = |email: &str| mails.iter().find(|mail| mail.to == email).unwrap();
    let (own, other) = (to("cli@acme.test"), to("cli2@beta.test"));
    assert!(own.text.contains("Acme & Filhos <Ltda>\nFale conosco"));
    assert!(own.html.contains("background-color:#aa0000") && !own.html.contains("<Ltda>"));
    assert!(!other.text.contains("Acme") && !other.html.contains("#aa0000"));
}

async fn where_people_come_from_is_asked_of_memory(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let mut cast = desk.cast().await;
    let mut client = cast.client.clone().at("10.1.2.3");
    desk.settle().await;
    client.get("/preferences").await.expect(200);
    let (_, free) = desk.statements(client.get("/preferences")).await;
    let rule = [("allowed_ips", "10.0.0.0/8"), ("colour", "#aa0000")];
    change(&desk, &mut cast, &rule).await.expect(302);
    desk.settle().await;
    client.get("/preferences").await.expect(200);
    let (page, ruled) = desk.statements(client.get("/preferences")).await;
    assert!(sheet(&page.body).is_some());
    assert_eq!(free, ruled, "a rule costs a query");
    // A change holds at once, also where nothing was told of it yet.
    change(&desk, &mut cast, &[("allowed_ips", "10.9.0.0/16")])
        .await
        .expect(302);
    client.get("/preferences").await.expect(403);
}

async fn companies_are_searched_and_narrowed(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let mut cast = desk.cast().await;
    change(&desk, &mut cast, &[("active", "")])
        .await
        .expect(302);
    let mut list = async |query: &str| {
        let page = cast.admin.get(&format!("/admin/companies{query}")).await;
        let page = page.expect(200);
        (page.shows(">Acme</a>"), page.shows(">Beta</a>"))
    };
    assert_eq!(list("").await, (true, true));
    assert_eq!(list("?q=ACM").await, (true, false));
    assert_eq!(list("?q=beta.test").await, (false, true));
    assert_eq!(list("?state=archived").await, (true, false));
    assert_eq!(list("?state=active&q=acme").await, (false, false));
    assert_eq!(list("?state=%27").await, (true, true));
}

async fn whoever_is_limited_to_some_makes_none_and_is_told_nothing_of_others(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let mut cast = desk.cast().await;
    let beta = format!("/admin/companies/{}", desk.company("Beta").await);
    let taken = [
        ("name", "Beta"),
        ("tax_id", "11.222.333/0001-81"),
        ("slug", "beta"),
        ("active", "on"),
    ];
    cast.admin.submit(&beta, &taken).await.expect(302);
    let (acme, fila) = (desk.company("Acme").await, desk.queue("Suporte N1").await);
    limit(&desk, &mut cast.admin, "sup@desk.test", &[&fila], &[&acme])
        .await
        .expect(302);
    // Taken or free: they are told the same.
    let free = [("name", "Gama"), ("tax_id", "45.723.174/0001-10")];
    for fields in [&taken[..], &free] {
        let refused = cast.supervisor.submit("/admin/companies/new", fields).await;
        assert!(refused.expect(403).shows("limitado a algumas"));
    }
    cast.supervisor
        .get("/admin/companies/new")
        .await
        .expect(403);
    cast.supervisor.get("/admin/queues/new").await.expect(403);
    let list = cast.supervisor.get("/admin/companies").await.expect(200);
    assert!(!list.shows("/admin/companies/new") && !list.shows("Beta"));
    let none = cast
        .supervisor
        .get("/admin/companies?q=x")
        .await
        .expect(200);
    assert!(!none.shows("/admin/companies/new"));
    // Of their own they read that a value is taken, and not whose it is.
    let own = format!("/admin/companies/{acme}");
    for field in [taken[1], taken[2]] {
        let fields = [("name", "Acme"), ("active", "on"), field];
        let page = cast.supervisor.submit(&own, &fields).await.expect(422);
        assert!(page.shows("Já existe um cadastro com este valor."));
        let id = beta.rsplit('/').next().unwrap();
        assert!(!page.shows("Beta") && !page.shows(id), "{}", page.body);
    }
    cast.admin.get("/admin/companies/new").await.expect(200);
}
