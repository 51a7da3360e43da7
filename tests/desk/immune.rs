//! The faults of others, each with a test that it is not here: see "Immune by
//! construction" in docs/security.md, which names them. Those of doors are in
//! `immune_doors.rs`; some have their test beside the feature that they would hit.

use std::io::Write;

use balcao::import::Table;

use crate::support::evil::did_no_harm;
use crate::support::{Kind, TestDesk, html, on_each};

on_each!(
    a_sort_order_from_the_address_is_never_sql,
    a_line_end_in_a_name_begins_no_header,
    what_people_wrote_is_text_in_letters_too,
    a_path_that_climbs_out_finds_nothing,
    an_svg_is_taken_nowhere,
    a_text_in_a_ticket_is_no_template,
    words_to_search_for_cannot_stop_the_desk,
);

async fn a_sort_order_from_the_address_is_never_sql(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let mut cast = desk.cast().await;
    let ticket = cast.client.open(&[]).await;
    let mut api = cast.tech.api("tec@desk.test").await;
    for sql in [
        "created_at; DROP TABLE tickets",
        "(SELECT password_hash FROM users)",
        "created,(CASE WHEN 1=1 THEN 1 ELSE 0 END)",
        "password_hash",
        "1 OR 1=1",
        "'\"`",
    ] {
        for name in [
            "sort", "dir", "status", "view", "priority", "queue", "assignee", "from",
        ] {
            let query = kit::with_query("", &[(name, sql)]);
            cast.tech.get(&format!("/tickets{query}")).await.expect(422);
            api.get(&format!("/api/v1/tickets{query}"))
                .await
                .expect(422);
        }
        for path in [
            "/tickets",
            "/search",
            "/admin/users",
            "/admin/companies",
            "/admin/audit",
        ] {
            for name in ["q", "category", "after", "who", "kind", "thing"] {
                let url = kit::with_query(path, &[(name, sql)]);
                let page = cast.admin.get(&url).await;
                assert!(matches!(page.status, 200 | 422), "{url}: {}", page.status);
                assert!(!page.shows("argon2"), "{url}");
            }
        }
    }
    cast.client.ticket(&ticket).await.expect(200);
}

async fn a_line_end_in_a_name_begins_no_header(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let mut cast = desk.cast().await;
    let name = "Ana\r\nBcc: todos@evil.test\r\n\r\nOlá";
    let fields = [
        ("name", name),
        ("email", "nova@acme.test"),
        ("password", "outra-senha-longa"),
    ];
    desk.browser().submit("/auth/register", &fields).await;
    let bad = [("email", "a@acme.test\r\nBcc: todos@evil.test")];
    desk.browser()
        .submit("/auth/forgot", &bad)
        .await
        .expect(422);
    desk.settle().await;
    for letter in desk.mails() {
        let heads = format!("{}{}", letter.to, letter.subject);
        assert!(!heads.contains(['\r', '\n']), "{letter:?}");
    }
    // A file's name stands in a header, too; what was done, in a cookie.
    let ticket = cast.client.open(&[]).await;
    let path = format!("/tickets/{ticket}");
    let files: &[(&str, &[u8])] = &[("a\r\nSet-Cookie: evil=1\r\n.txt", b"x")];
    cast.client.submit_files(&path, &[], files).await;
    let page = cast.client.get(&path).await.expect(200);
    let links = html::elements(&page.body).into_iter();
    for link in links.filter(|e| e.get("href").contains("/attachments/")) {
        let file = cast.client.get(link.get("href")).await.expect(200);
        did_no_harm(&file, "a download");
        assert_eq!(
            file.headers.get_all("content-disposition").iter().count(),
            1
        );
    }
    for bad in ["/tickets%0d%0aSet-Cookie:evil=1", "//evil.test/%0d%0aX:1"] {
        let fields = [("language", "en"), ("back", bad)];
        let answer = cast.client.submit("/language", &fields).await;
        did_no_harm(&answer, bad);
    }
}

async fn what_people_wrote_is_text_in_letters_too(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let mut cast = desk.cast().await;
    let evil = "<b id=evil>Olá</b>";
    let footer = [("name", evil), ("mail_footer", evil)];
    cast.admin
        .submit("/admin/config", &footer)
        .await
        .expect(302);
    let fields = [
        ("name", evil),
        ("email", "evil@acme.test"),
        ("role", "client"),
        ("active", "on"),
    ];
    let company = [("company_id", desk.company("Acme").await)];
    let mut all = fields.to_vec();
    all.push((company[0].0, &company[0].1));
    cast.admin
        .submit("/admin/users/new", &all)
        .await
        .expect(302);
    let path = format!("/admin/users/{}/invite", desk.id("evil@acme.test").await);
    cast.admin.submit(&path, &[]).await.expect(302);
    desk.settle().await;
    let mails = desk.mails();
    let letter = mails.last().expect("no letter");
    assert!(letter.html.contains("&lt;b id=evil&gt;") || letter.html.contains("&#60;b"));
    let elements = html::elements(&letter.html);
    assert!(
        elements.iter().all(|e| e.get("id") != "evil"),
        "{}",
        letter.html
    );
    assert!(!letter.html.contains("<script") && !letter.html.contains("<form"));
}

async fn a_path_that_climbs_out_finds_nothing(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let mut cast = desk.cast().await;
    let ticket = cast.client.open(&[]).await;
    let user = desk.id("cli@acme.test").await;
    let climbs = [
        "..%2f..%2fdesk.db",
        "%2e%2e%2f%2e%2e%2fdesk.db",
        "..%5c..%5cdesk.db",
        "%2fetc%2fpasswd",
        "....%2f%2fdesk.db",
        "desk.db%00.png",
        "..%252f..%252fdesk.db",
        "%c0%ae%c0%ae%2fdesk.db",
        "C:%5cdesk.db",
    ];
    for climb in climbs {
        for path in [
            format!("/static/{climb}"),
            format!("/brand/desk/{climb}"),
            format!("/brand/{climb}/logo"),
            format!("/tickets/{ticket}/attachments/{climb}"),
            format!("/tickets/{ticket}/attachments/{climb}/view"),
            format!("/tickets/{climb}"),
            format!("/people/{user}/picture/{climb}"),
            format!("/people/{climb}/picture/x.png"),
            format!("/auth/login/{climb}"),
        ] {
            let answer = cast.client.get(&path).await;
            let well = matches!(answer.status, 302 | 400 | 404);
            assert!(well, "{path}: {} {}", answer.status, answer.body);
            let bytes = &answer.bytes;
            assert!(
                !bytes.starts_with(b"SQLite format") && !answer.shows("root:x:"),
                "{path}"
            );
        }
    }
    // What is uploaded stays where it belongs.
    let names = [
        "../../../../evil.txt",
        "..\\..\\evil.txt",
        "/tmp/evil.txt",
        "a/../../evil.txt",
    ];
    let files: Vec<(&str, &[u8])> = names.iter().map(|n| (*n, b"x".as_slice())).collect();
    let path = format!("/tickets/{ticket}");
    cast.client
        .submit_files(&path, &[], &files)
        .await
        .expect(302);
    let below = desk.app.settings.uploads.join("tickets");
    let kept = crate::house::files(&desk.app.settings.data, &[""]);
    let evil = kept.iter().filter(|f| f.to_string_lossy().contains("evil"));
    assert_eq!(evil.count(), 0, "{kept:?}");
    let inside = kept.iter().filter(|f| f.starts_with(&below)).count();
    assert_eq!(inside, names.len());
}

async fn an_svg_is_taken_nowhere(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let mut cast = desk.cast().await;
    let ticket = cast.client.open(&[]).await;
    let company = format!("/admin/companies/{}", desk.company("Acme").await);
    let svg: &[u8] =
        b"<?xml version=\"1.0\"?><svg xmlns=\"http://www.w3.org/2000/svg\" onload=\"alert(1)\"/>";
    let html: &[u8] = b"<!doctype html><script>alert(1)</script>";
    for (name, content) in [
        ("a.svg", svg),
        ("a.svgz", svg),
        ("a.png", svg),
        ("a.jpg", html),
        ("a.html", html),
        ("a.xhtml", html),
        ("a.pdf", html),
        ("a.xml", svg),
        ("a.png.html", html),
    ] {
        let files: &[(&str, &[u8])] = &[(name, content)];
        let path = format!("/tickets/{ticket}");
        cast.client
            .submit_files(&path, &[], files)
            .await
            .expect(422);
        let mine = "/meu-perfil/picture";
        cast.client.submit_files(mine, &[], files).await.expect(422);
        for path in ["logo", "icon"] {
            for base in [company.as_str(), "/admin/config"] {
                let path = format!("{base}/{path}");
                cast.admin.submit_files(&path, &[], files).await.expect(422);
            }
        }
    }
}

async fn a_text_in_a_ticket_is_no_template(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let mut cast = desk.cast().await;
    let evil = "{{ 7919 * 104729 }}{% raw %}{{ ticket.protocol }}${7919*104729}<%= 7919*104729 %>";
    let fields = [("title", evil), ("description", evil)];
    let ticket = cast.client.open(&fields).await;
    cast.client
        .submit("/meu-perfil", &[("name", evil)])
        .await
        .expect(302);
    // The variable is filled with the words, and they are not read a second time.
    let answer = [
        ("title", "Olá"),
        ("body", "{{ requester.name }}: {{ ticket.title }}"),
        ("active", "on"),
    ];
    cast.tech.submit("/answers/new", &answer).await.expect(302);
    let path = format!("/tickets/{ticket}/answers");
    let picker = cast.tech.get(&path).await.expect(200);
    assert!(
        picker.shows("7919 * 104729") && !picker.shows("829348951"),
        "{}",
        picker.body
    );
    for path in [
        format!("/tickets/{ticket}"),
        "/tickets".to_owned(),
        "/dashboard".to_owned(),
    ] {
        let page = cast.tech.get(&path).await.expect(200);
        assert!(!page.shows("829348951"), "{path}");
    }
    desk.settle().await;
    for letter in desk.mails() {
        assert!(!format!("{letter:?}").contains("829348951"));
    }
}

async fn words_to_search_for_cannot_stop_the_desk(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let mut cast = desk.cast().await;
    cast.client.open(&[("title", &"a".repeat(200))]).await;
    desk.settle().await;
    for words in [
        "(a+)+$".repeat(30),
        "a*".repeat(100),
        "\"".repeat(200),
        "a OR ".repeat(60),
        "((((((((((".repeat(20),
        "a~2 ".repeat(80),
        "-".repeat(5_000),
        "é".repeat(5_000),
        "[a TO z] {* TO *}".repeat(10),
        format!("{}x", "a".repeat(10_000)),
    ] {
        for path in [
            "/search",
            "/search/hits",
            "/tickets",
            "/admin/users",
            "/admin/companies",
        ] {
            let url = kit::with_query(path, &[("q", &words)]);
            let asked = cast.admin.get(&url);
            let answer = tokio::time::timeout(std::time::Duration::from_secs(10), asked).await;
            let answer = answer.unwrap_or_else(|_| panic!("{path} does not answer: {words:.40}"));
            assert!(answer.status < 500, "{path}: {words:.40}");
        }
    }
}

/// A file that unpacks to very much has one endless line, or none at all.
#[test]
fn a_packed_file_that_unpacks_without_end_is_given_up() {
    let place = tempfile::TempDir::new().unwrap();
    let file = place.path().join("bomba.csv.gz");
    let packed = std::fs::File::create(&file).unwrap();
    let mut packed = flate2::write::GzEncoder::new(packed, flate2::Compression::best());
    packed.write_all(b"id,title\n1,a\n2,\"").unwrap();
    let zeros = vec![b'0'; 1_000_000];
    for _ in 0..64 {
        packed.write_all(&zeros).unwrap();
    }
    packed.finish().unwrap();
    assert!(std::fs::metadata(&file).unwrap().len() < 200_000);
    let mut table = Table::open(&file).unwrap();
    let (line, first) = table.next_row().unwrap();
    assert_eq!((line, first.unwrap().get(1)), (2, Some("a")));
    let (_, second) = table.next_row().unwrap();
    let why = second.unwrap_err();
    assert!(why.contains("16 MB"), "{why}");
    assert!(table.next_row().is_none(), "it goes on behind the end");
}

/// Whoever reads no XML is led by none to a file or to another server.
#[test]
fn nothing_here_reads_xml() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let lock = std::fs::read_to_string(root.join("Cargo.lock")).unwrap();
    for reader in [
        "quick-xml",
        "xml-rs",
        "roxmltree",
        "libxml",
        "serde-xml-rs",
        "sxd-document",
    ] {
        assert!(
            !lock.contains(&format!("name = \"{reader}\"")),
            "{reader} is built in"
        );
    }
}

/// No shell reads what people wrote.
#[test]
fn no_program_is_started_by_the_desk() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    for directory in ["crates", "src"] {
        for file in crate::house::files(&root.join(directory), &[".rs"]) {
            let text = std::fs::read_to_string(&file).unwrap();
            assert!(
                !text.contains("process::Command"),
                "{} starts one",
                file.display()
            );
        }
    }
    let rules = std::fs::read_to_string(root.join("clippy.toml")).unwrap();
    assert!(rules.contains("std::process::Command::new"));
}

/// Every row of the table has its test, or says when it comes.
#[test]
fn every_fault_of_the_field_has_its_test() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let list = std::fs::read_to_string(root.join("docs/security.md")).unwrap();
    let (_, table) = list.split_once("## Immune by construction").unwrap();
    let table = table.split("\n## ").next().unwrap();
    let rows = table
        .lines()
        .filter(|l| l.starts_with("| ") && !l.starts_with("| fault"));
    let mut tests = String::new();
    for directory in ["tests", "crates", "src", "cast", "e2e"] {
        for file in crate::house::files(&root.join(directory), &[".rs", ".mjs"]) {
            tests += &std::fs::read_to_string(file).unwrap();
        }
    }
    let mut count = 0;
    for row in rows {
        let cells: Vec<&str> = row.split('|').map(str::trim).collect();
        let (fault, proof) = (cells[1], cells[3]);
        count += 1;
        if proof.starts_with("comes with ") {
            continue;
        }
        let names: Vec<&str> = proof.split('`').skip(1).step_by(2).collect();
        assert!(!names.is_empty(), "{fault} has no test");
        for name in names.into_iter().filter(|name| !name.contains('/')) {
            let stands =
                tests.contains(&format!("fn {name}(")) || tests.contains(&format!("'{name}'"));
            assert!(stands, "{fault}: there is no test {name}");
        }
    }
    assert!(count >= 30, "only {count} rows");
}
