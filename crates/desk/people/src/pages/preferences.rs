use askama::Template;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use kit::{
    Context, Density, Error, Form, Locale, Page, Problems, Result, Theme, Zone, redirect_done,
};
use ui::Components;

use super::auth::{own_path, set_cookie};
use crate::preferences::{Preferences, prefer};

const HERE: &str = "/preferences";

/// One's own looks, language, zone and keys.
#[derive(Template)]
#[template(path = "preferences.html")]
struct Show {
    p: Page,
    /// The language of the account; empty follows the browser.
    language: String,
    /// The zone of the account, or what was typed for it; empty is the desk's.
    zone: String,
    /// The zones to choose from.
    zones: Vec<String>,
}

impl Show {
    async fn of(cx: &Context, typed: Option<&str>, problems: Problems) -> Result<Show> {
        let me = crate::person(cx.db(), cx.actor.user()?.id).await?;
        let me = me.ok_or(Error::SignIn)?;
        let typed = typed.map(str::to_owned);
        Ok(Show {
            p: Page::new(cx, "preferences").with(problems),
            language: me.locale.unwrap_or_default(),
            zone: typed.or(me.zone_name).unwrap_or_default(),
            zones: Zone::names(),
        })
    }

    /// What the reader's clock says.
    fn now(&self) -> String {
        let cx = self.p.cx();
        cx.zone.time(cx.now)
    }
}

pub async fn show(cx: Context) -> Result<Response> {
    kit::render(&Show::of(&cx, None, Problems::default()).await?)
}

/// Takes what is sent and leaves the rest: the menu sends a theme alone.
pub async fn update(cx: Context, headers: HeaderMap, form: Form) -> Result<Response> {
    let new = match read(&form) {
        Ok(new) => new,
        Err(Error::Invalid(problems)) => {
            return kit::render_with(
                StatusCode::UNPROCESSABLE_ENTITY,
                &Show::of(&cx, form.all("zone").next(), problems).await?,
            );
        }
        Err(error) => return Err(error),
    };
    let mut tx = cx.begin().await?;
    prefer(&mut tx, new.clone()).await?;
    tx.commit_silently("how a page looks is no change of the desk")
        .await?;
    let back = match form.some("back") {
        Some(back) => own_path(back),
        None => HERE,
    };
    let mut response = match headers.contains_key("x-refresh") {
        // A script shows it already.
        true => kit::redirect(back),
        false => redirect_done(back, "preferences-saved"),
    };
    if let Some(theme) = new.theme {
        // The page for signing in looks the same, before anybody has signed in.
        let cookie = format!(
            "theme={}; Path=/; Max-Age=31536000; SameSite=Lax",
            theme.code()
        );
        set_cookie(&mut response, &cookie)?;
    }
    if new.locale == Some(None) {
        // Otherwise the menu's choice of long ago would decide, and not the browser.
        set_cookie(&mut response, "language=; Path=/; Max-Age=0")?;
    }
    Ok(response)
}

fn read(form: &Form) -> Result<Preferences> {
    let mut problems = Problems::default();
    let theme = form.some("theme").map(Theme::from_code);
    let density = form.some("density").map(Density::from_code);
    let language = form.some("language").map(|tag| match tag {
        "auto" => Some(None),
        tag => Locale::from_tag(tag).map(Some),
    });
    // Names have no blanks; an empty one, which is sent as well, is the desk's.
    let zone = form.all("zone").next();
    let zone = zone.map(|name| match name.trim() {
        "" => Some(None),
        name => Zone::named(&name.replace(' ', "_")).ok().map(Some),
    });
    if matches!(zone, Some(None)) {
        problems.add("zone", "zone");
    }
    for (name, unknown) in [
        ("theme", theme == Some(None)),
        ("density", density == Some(None)),
        ("language", language == Some(None)),
    ] {
        if unknown {
            problems.add(name, "unknown");
        }
    }
    problems.done()?;
    Ok(Preferences {
        theme: theme.flatten(),
        density: density.flatten(),
        // A box that is not ticked is not sent, so another field says that it was there.
        keys_off: form.some("keys").map(|_| !form.ticked("keys_on")),
        locale: language.flatten(),
        zone: zone.flatten(),
    })
}
