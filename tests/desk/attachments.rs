//! Section F: files.

use crate::support::{Kind, TestDesk, on_each};
use crate::timeline::files_below;

const PNG: &[u8] = &[
    0x89, b'P', b'N', b'G', 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13, b'I', b'H', b'D', b'R', 0, 0, 0,
    1, 0, 0, 0, 1, 8, 2, 0, 0, 0,
];
const PDF: &[u8] = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF";
const EXE: &[u8] = &[b'M', b'Z', 0x90, 0, 3, 0, 0, 0, 4, 0];
const ZIP: &[u8] = &[b'P', b'K', 3, 4, 20, 0, 0, 0, 8, 0];

on_each!(
    a_file_comes_back_byte_for_byte_to_those_who_may_see_it,
    a_file_that_lies_about_its_kind_leaves_nothing_on_disk,
    names_are_cleaned_and_two_of_one_name_both_survive,
    nothing_active_is_ever_shown_inline,
    a_file_over_the_limit_is_named_and_the_text_is_kept,
    a_body_over_the_limit_is_refused,
    files_go_up_and_down_by_the_api,
    the_upload_directory_is_made_again,
    a_file_whose_commit_never_came_is_swept_away,
);

async fn first_file(browser: &crate::support::Browser, email: &str, t: &str) -> String {
    let mut api = browser.api(email).await;
    let list = api
        .get(&format!("/api/v1/tickets/{t}/attachments"))
        .await
        .expect(200)
        .json();
    list["items"][0]["id"].as_str().unwrap().to_owned()
}

async fn a_file_comes_back_byte_for_byte_to_those_who_may_see_it(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let mut cast = desk.cast().await;
    let answer = cast
        .client
        .submit_files(
            "/tickets/create",
            &[("title", "x"), ("description", "y")],
            &[("a.pdf", PDF)],
        )
        .await
        .expect(302);
    let t = answer.location().trim_start_matches("/tickets/").to_owned();
    assert!(cast.client.ticket(&t).await.shows("a.pdf"));
    let id = first_file(&cast.client, "cli@acme.test", &t).await;
    let path = format!("/tickets/{t}/attachments/{id}");
    for browser in [&mut cast.client, &mut cast.tech] {
        let file = browser.get(&path).await.expect(200);
        assert_eq!(file.bytes, PDF);
        assert!(
            file.header("content-disposition")
                .starts_with("attachment; filename=\"a.pdf\"")
        );
        assert_eq!(file.header("x-content-type-options"), "nosniff");
    }
    cast.client2.get(&path).await.expect(404);
    let to_login = cast.nobody.get(&path).await.expect(302);
    assert!(to_login.location().starts_with("/auth/login?next="));
    let other = cast.client.open(&[]).await;
    cast.client
        .get(&format!("/tickets/{other}/attachments/{id}"))
        .await
        .expect(404);
    cast.client
        .get(&format!("/tickets/{t}/attachments/..%2f..%2fdesk.db"))
        .await
        .expect(404);
}

async fn a_file_that_lies_about_its_kind_leaves_nothing_on_disk(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let mut client = desk.cast().await.client;
    for (name, content) in [
        ("foto.jpg", ZIP),
        ("a.pdf", EXE),
        ("b.pdf", PNG),
        ("c.exe", EXE),
        ("d.html", b"<b>" as &[u8]),
    ] {
        let answer = client
            .submit_files(
                "/tickets/create",
                &[("title", "x"), ("description", "y")],
                &[("ok.png", PNG), (name, content)],
            )
            .await
            .expect(422);
        assert!(answer.shows(name), "{name}: {}", answer.body);
    }
    assert_eq!(files_below(&desk.app.settings.uploads), 0);
    assert!(!client.get("/tickets").await.shows("own-item"));
}

async fn names_are_cleaned_and_two_of_one_name_both_survive(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let mut client = desk.cast().await.client;
    let t = client.open(&[]).await;
    let files: &[(&str, &[u8])] = &[("../../x.png", PNG), ("x.png", PNG)];
    client
        .submit_files(&format!("/tickets/{t}"), &[("content", "duas")], files)
        .await
        .expect(302);
    let page = client.ticket(&t).await;
    assert!(page.shows("x.png") && !page.shows("../"));
    let mut api = client.api("cli@acme.test").await;
    let ticket = api.get(&format!("/api/v1/tickets/{t}")).await.json();
    let (company, id) = (
        ticket["company"]["id"].as_str().unwrap(),
        ticket["id"].as_str().unwrap(),
    );
    let own = desk
        .app
        .settings
        .uploads
        .join("tickets")
        .join(company)
        .join(id);
    assert_eq!(files_below(&own), 2);
    assert_eq!(files_below(&desk.app.settings.uploads), 2);
}

async fn nothing_active_is_ever_shown_inline(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let mut client = desk.cast().await.client;
    let t = client.open(&[]).await;
    let path = format!("/tickets/{t}");
    client
        .submit_files(&path, &[], &[("a.png", PNG)])
        .await
        .expect(302);
    let id = first_file(&client, "cli@acme.test", &t).await;
    let view = client
        .get(&format!("/tickets/{t}/attachments/{id}/view"))
        .await
        .expect(200);
    assert!(view.header("content-disposition").starts_with("inline"));
    assert_eq!(view.header("content-type"), "image/png");
    assert!(view.header("content-security-policy").contains("sandbox"));
    let t = client.open(&[]).await;
    let html: &[u8] = b"<html><script>alert(1)</script></html>";
    client
        .submit_files(&format!("/tickets/{t}"), &[], &[("a.txt", html)])
        .await
        .expect(302);
    let id = first_file(&client, "cli@acme.test", &t).await;
    let view = client
        .get(&format!("/tickets/{t}/attachments/{id}/view"))
        .await
        .expect(200);
    assert_eq!(view.header("content-type"), "text/plain; charset=utf-8");
    assert!(view.header("content-disposition").starts_with("attachment"));
}

async fn a_file_over_the_limit_is_named_and_the_text_is_kept(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let mut client = desk.cast().await.client;
    let t = client.open(&[]).await;
    let big = vec![b'a'; 1_000_001];
    let answer = client
        .submit_files(
            &format!("/tickets/{t}"),
            &[("content", "veja o arquivo grande")],
            &[("grande.txt", &big)],
        )
        .await
        .expect(422);
    assert!(
        answer.shows("grande.txt")
            && answer.shows("escolha-os de novo")
            && answer.shows("veja o arquivo grande"),
        "{}",
        answer.body
    );
}

async fn a_body_over_the_limit_is_refused(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let mut client = desk.cast().await.client;
    let huge = "x".repeat(3_100_000);
    client
        .submit("/tickets/create", &[("title", "x"), ("description", &huge)])
        .await
        .expect(413);
    let mut api = client.api("cli@acme.test").await;
    let new = serde_json::json!({ "title": "x", "description": huge });
    let answer = api.call("POST", "/api/v1/tickets", &new).await.expect(413);
    assert_eq!(answer.json()["errors"][0]["code"], "error-413");
}

async fn files_go_up_and_down_by_the_api(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let mut client = desk.cast().await.client;
    let t = client.open(&[]).await;
    let mut api = client.api("cli@acme.test").await;
    let (content_type, body) = crate::support::multipart(&[], &[("a.png", PNG), ("b.pdf", PDF)]);
    let path = format!("/api/v1/tickets/{t}/attachments");
    let request = axum::http::Request::builder()
        .method("POST")
        .uri(&path)
        .header("content-type", content_type);
    let made = api
        .send(request, axum::body::Body::from(body))
        .await
        .expect(201)
        .json();
    assert_eq!(made["items"].as_array().unwrap().len(), 2);
    let id = made["items"][1]["id"].as_str().unwrap();
    let file = api.get(&format!("{path}/{id}")).await.expect(200);
    assert_eq!(file.bytes, PDF);
}

async fn the_upload_directory_is_made_again(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let mut client = desk.cast().await.client;
    let t = client.open(&[]).await;
    std::fs::remove_dir_all(&desk.app.settings.uploads).unwrap();
    client
        .submit_files(&format!("/tickets/{t}"), &[], &[("a.png", PNG)])
        .await
        .expect(302);
    assert_eq!(files_below(&desk.app.settings.uploads), 1);
}

async fn a_file_whose_commit_never_came_is_swept_away(kind: Kind) {
    // The files' own times are the machine's: the desk's clock starts there, too.
    let desk = TestDesk::new(kind).await;
    let mut client = desk.cast().await.client;
    let t = client.open(&[]).await;
    client
        .submit_files(&format!("/tickets/{t}"), &[], &[("a.png", PNG)])
        .await
        .expect(302);
    let stray = desk
        .app
        .settings
        .uploads
        .join("tickets/none/crashed/before-commit");
    std::fs::create_dir_all(stray.parent().unwrap()).unwrap();
    std::fs::write(&stray, PNG).unwrap();
    desk.settle().await;
    assert!(stray.exists(), "it may still get its commit");

    let age = std::fs::metadata(&stray).unwrap().modified().unwrap();
    let age = age
        .duration_since(std::time::UNIX_EPOCH)
        .unwrap()
        .as_millis();
    let minutes = (i64::try_from(age).unwrap() - desk.app.clock.now().0) / 60_000;
    desk.later(minutes + 25 * 60);
    desk.settle().await;
    assert!(!stray.exists());
    assert_eq!(files_below(&desk.app.settings.uploads), 1);
}
