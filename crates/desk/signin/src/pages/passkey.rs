//! Asking a device for a passkey, by a script, and what it answers.

use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use kit::{Context, Error, Form, Json, Problems, Result, redirect};
use people::{device, own_path};

use super::{login, otp, said};
use crate::{passkeys, pending};

/// For a passkey alone.
pub async fn ask(cx: Context, _form: Form) -> Result<Response> {
    let tx = cx.begin().await?;
    let asked = passkeys::ask_sign_in(&tx).await?;
    tx.commit_silently("a challenge is no change of the desk")
        .await?;
    Ok(Json(asked.json()).into_response())
}

pub async fn sign_in(cx: Context, headers: HeaderMap, form: Form) -> Result<Response> {
    let next = own_path(form.get("next"));
    let entered = async {
        let (challenge, answer) = (form.get("challenge"), form.get("credential"));
        let (mut tx, person) = passkeys::sign_in(&cx, challenge, answer).await?;
        match people::start(&mut tx, &person, device(&headers)).await {
            Ok(session) => tx.commit().await.map(|()| session),
            Err(error) => {
                drop(tx);
                Err(people::noted(&cx, &person, error).await)
            }
        }
    };
    match entered.await {
        Ok(session) => otp::come_in(&session, next),
        Err(error) => {
            let refused = said(&cx, error)?;
            login::page(&cx, "", next, Some(refused)).await
        }
    }
}

/// For one beside the password.
pub async fn ask_second(cx: Context, headers: HeaderMap, _form: Form) -> Result<Response> {
    let Some(pending) = pending::find(&cx, &headers).await? else {
        return Err(Error::NotFound);
    };
    let tx = cx.begin().await?;
    let asked = passkeys::ask_second(&tx, pending.person.id).await?;
    tx.commit_silently("a challenge is no change of the desk")
        .await?;
    Ok(Json(asked.json()).into_response())
}

pub async fn second(cx: Context, headers: HeaderMap, form: Form) -> Result<Response> {
    let Some(pending) = pending::find(&cx, &headers).await? else {
        return Ok(redirect("/auth/login"));
    };
    let entered = async {
        let (challenge, answer) = (form.get("challenge"), form.get("credential"));
        let mut tx = passkeys::second(&cx, pending.person.id, challenge, answer).await?;
        pending::finish(&mut tx, &pending, device(&headers))
            .await
            .map(|session| (tx, session))
    };
    match entered.await {
        Ok((tx, session)) => {
            tx.commit().await?;
            otp::come_in(&session, &pending.row.next)
        }
        Err(Error::SignIn) => Ok(redirect("/auth/login")),
        Err(error) => {
            let error = people::noted(&cx, &pending.person, error).await;
            let refused = said(&cx, error)?;
            otp::page(&cx, pending, Problems::default(), Some(refused)).await
        }
    }
}
