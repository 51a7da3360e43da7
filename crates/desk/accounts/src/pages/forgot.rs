use askama::Template;
use axum::response::Response;
use companies::Visited;
use kit::{Context, Error, Form, Page, Problems, Result, redirect, render_with};
use ui::Components;

use crate::letters;
use crate::links::Purpose;

#[derive(Template)]
#[template(path = "forgot.html")]
struct Forgot {
    p: Page,
    email: String,
    /// Nothing leaves this desk by mail.
    no_mail: bool,
    /// Whose door this is, where it is one company's.
    door: Option<Visited>,
}

pub async fn show(cx: Context) -> Result<Response> {
    page(&cx, String::new(), Problems::default()).await
}

/// Answers every address alike: whether it is somebody's is looked up later.
pub async fn ask(cx: Context, form: Form) -> Result<Response> {
    match people::address(form.get("email")) {
        Ok(email) => {
            let tx = cx.begin().await?;
            letters::asked(&tx, &email, Purpose::Reset).await?;
            tx.commit_silently("what is asked for is recorded when it is looked up")
                .await?;
            Ok(redirect("/auth/sent?for=reset"))
        }
        Err(Error::Invalid(problems)) => page(&cx, form.get("email").to_owned(), problems).await,
        Err(error) => Err(error),
    }
}

async fn page(cx: &Context, email: String, problems: Problems) -> Result<Response> {
    let status = problems.status();
    let forgot = Forgot {
        p: Page::new(cx, "forgot").with(problems),
        email,
        no_mail: !crate::register::mail_leaves(cx),
        door: companies::visited(cx).await?,
    };
    render_with(status, &forgot)
}
