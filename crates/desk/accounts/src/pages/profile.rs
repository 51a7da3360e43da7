use askama::Template;
use axum::extract::Path;
use axum::http::HeaderMap;
use axum::response::Response;
use kit::{Context, Error, Form, Page, Problems, Result, redirect_done, render_with};
use people::{NewPassword, Person, Session, device as browser, session_cookie};
use ui::Components;

use crate::events::AccountEvent;
use crate::letters;
use crate::links::{self, Purpose};
use crate::register::mail_leaves;

/// Where it is (S3-273).
pub const PAGE: &str = "/meu-perfil";

#[derive(Template)]
#[template(path = "profile.html")]
struct Profile {
    p: Page,
    person: Person,
    sessions: Vec<Session>,
    /// Whether they have a password to be asked for.
    with_password: bool,
    /// What was typed in the form that came back.
    form: Form,
    /// Which form came back: `name`, `email`, `password` or `picture`.
    which: &'static str,
}

impl Profile {
    /// What was typed into a form that came back, or else what holds.
    fn typed<'a>(&'a self, which: &str, name: &str, now: &'a str) -> &'a str {
        match self.which == which {
            true => self.form.get(name),
            false => now,
        }
    }
}

pub async fn show(cx: Context, headers: HeaderMap) -> Result<Response> {
    page(&cx, &headers, "", Form::default(), Problems::default()).await
}

pub async fn rename(cx: Context, headers: HeaderMap, form: Form) -> Result<Response> {
    let done = async {
        let mut tx = cx.begin().await?;
        match people::rename(&mut tx, form.get("name")).await? {
            true => tx.commit().await,
            false => Ok(()),
        }
    };
    let done = done.await.map(|()| "saved");
    answered(&cx, &headers, "name", form, done).await
}

/// Another address counts when its mailbox has answered; until then the old one does.
pub async fn change_email(cx: Context, headers: HeaderMap, form: Form) -> Result<Response> {
    let done = async {
        let email = people::address(form.get("email"))?;
        let word = form.get("password_now");
        people::prove(&cx, "password_now", word, &headers).await?;
        let user = cx.actor.user()?;
        let me = user.id;
        people::fits(cx.db(), user.company, &email).await?;
        let mut tx = cx.begin().await?;
        if mail_leaves(&cx) {
            let other = people::by_email(tx.db(), &email).await?;
            match other.is_some_and(|other| other.id != me) {
                // Whether somebody has this address, only its mailbox learns.
                true => letters::send_known(&tx, &email).await?,
                false => {
                    let to = Some(email.clone());
                    let link = links::make(&mut tx, Purpose::Email, me, to).await?;
                    if people::letter_left(&tx, &email).await? {
                        letters::send_link(&tx, link).await?;
                    }
                }
            }
            tx.record(&AccountEvent::EmailAsked(me));
            tx.commit().await?;
            return Ok("email-asked");
        }
        people::confirm(&mut tx, me, Some(email)).await?;
        match tx.has_recorded() {
            true => tx.commit().await?,
            false => tx.commit_silently("the same address").await?,
        }
        Ok("saved")
    };
    let done = done.await;
    answered(&cx, &headers, "email", form, done).await
}

/// A new password ends every session; this browser gets a new one.
pub async fn change_password(cx: Context, headers: HeaderMap, form: Form) -> Result<Response> {
    let done = async {
        let me = people::person(cx.db(), cx.actor.user()?.id).await?;
        let me = me.ok_or(Error::SignIn)?;
        let old = form.get("password_old");
        people::prove(&cx, "password_old", old, &headers).await?;
        let (word, again) = (form.get("password"), form.get("password_again"));
        let new = NewPassword::check(&cx, &me, word, again).await?;
        let mut tx = cx.begin().await?;
        // What was chosen by a link from the mailbox meanwhile stays.
        people::hold_as(&tx, &me).await?;
        let person = people::set_password(&mut tx, me.id, new).await?;
        links::end_all(&tx, person.id).await?;
        let token = people::start(&mut tx, &person, browser(&headers)).await?;
        tx.commit().await?;
        Ok(token)
    };
    match done.await {
        Ok(token) => people::with_session(&token, PAGE),
        Err(error) => answered(&cx, &headers, "password", form, Err(error)).await,
    }
}

pub async fn end(
    cx: Context,
    headers: HeaderMap,
    Path(session): Path<String>,
    _form: Form,
) -> Result<Response> {
    let token = session_cookie(&headers).unwrap_or_default();
    let own = people::sessions(&cx, &token).await?;
    let current = own.iter().any(|s| s.current && s.handle == session);
    let mut tx = cx.begin().await?;
    people::end_session(&mut tx, &session).await?;
    tx.commit().await?;
    match current {
        true => Ok(kit::redirect("/auth/login")),
        false => Ok(redirect_done(PAGE, "session-ended")),
    }
}

pub async fn end_others(cx: Context, headers: HeaderMap, _form: Form) -> Result<Response> {
    let token = session_cookie(&headers).unwrap_or_default();
    let mut tx = cx.begin().await?;
    if people::end_other_sessions(&mut tx, &token).await? {
        tx.commit().await?;
    }
    Ok(redirect_done(PAGE, "session-ended"))
}

/// Says what was done, or shows the page again with the form that was not accepted.
pub(super) async fn answered(
    cx: &Context,
    headers: &HeaderMap,
    which: &'static str,
    form: Form,
    done: Result<&'static str>,
) -> Result<Response> {
    match done {
        Ok(done) => Ok(redirect_done(PAGE, done)),
        Err(Error::Invalid(problems)) => page(cx, headers, which, form, problems).await,
        Err(error) => Err(error),
    }
}

async fn page(
    cx: &Context,
    headers: &HeaderMap,
    which: &'static str,
    form: Form,
    problems: Problems,
) -> Result<Response> {
    let token = session_cookie(headers).unwrap_or_default();
    let me = cx.actor.user()?.id;
    let status = problems.status();
    let profile = Profile {
        person: people::person(cx.db(), me).await?.ok_or(Error::SignIn)?,
        sessions: people::sessions(cx, &token).await?,
        with_password: people::has_password(cx).await?,
        p: Page::new(cx, "profile").with(problems),
        form,
        which,
    };
    render_with(status, &profile)
}
