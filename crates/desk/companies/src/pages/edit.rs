use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use kit::{Context, Error, Form, Page, Problems, Result, redirect_done, render, render_with};
use ui::Components;

use super::found;
use crate::colours::{self, Rgb, contrast};
use crate::company::{Company, CompanyInput};
use crate::rules::shown_networks;
use crate::store::faces::Model;
use crate::{LIST, commands, store};

#[derive(Template)]
#[template(path = "company.html")]
pub struct Edit {
    p: Page,
    form: Form,
    /// Which one it is; `None` for a new one.
    company: Option<Company>,
    samples: Vec<Sample>,
    signs: Vec<SignShown>,
}

/// What a colour looks like, and how well it reads.
struct Sample {
    /// The locale key of where: light or dark themes.
    text: &'static str,
    brand: String,
    on: String,
    ink: String,
    under: &'static str,
    /// The contrast of the text on it, as people of the reader's language write it.
    ratio: String,
}

/// A picture of the company, or of the desk.
pub struct SignShown {
    pub code: &'static str,
    /// Its address; empty when there is none.
    pub url: String,
    /// At most so many kilobytes.
    pub most: i64,
}

impl SignShown {
    /// Those of a face, at `place` in addresses.
    pub fn all(face: &Model, place: &str) -> Vec<SignShown> {
        let shown = |sign: commands::Sign| {
            let hash = match sign {
                commands::Sign::Logo => &face.logo_hash,
                commands::Sign::Icon => &face.icon_hash,
            };
            let code = sign.code();
            let url = hash
                .as_ref()
                .map(|hash| format!("/brand/{place}/{code}?v={}", &hash[..hash.len().min(16)]));
            SignShown {
                code,
                url: url.unwrap_or_default(),
                most: i64::try_from(sign.most() / 1_000).unwrap_or(i64::MAX),
            }
        };
        commands::Sign::ALL.map(shown).into()
    }
}

pub async fn new(cx: Context) -> Result<Response> {
    if !commands::may_make(&cx) {
        return Err(Error::Forbidden("limits"));
    }
    render(&Edit {
        p: Page::new(&cx, "company-new"),
        form: Form::default().with("active", "on"),
        company: None,
        samples: Vec::new(),
        signs: Vec::new(),
    })
}

pub async fn create(cx: Context, form: Form) -> Result<Response> {
    let mut tx = cx.begin().await?;
    match commands::create(&mut tx, CompanyInput::from_form(&form)).await {
        Ok(_) => {
            tx.commit().await?;
            Ok(redirect_done(LIST, "saved"))
        }
        Err(Error::Invalid(problems)) => render_with(
            problems.status(),
            &Edit {
                p: Page::new(&cx, "company-new").with(problems),
                samples: samples(&cx, form.get("colour")),
                form,
                company: None,
                signs: Vec::new(),
            },
        ),
        Err(error) => Err(error),
    }
}

pub async fn edit(cx: Context, Path(id): Path<String>) -> Result<Response> {
    let company = found(&cx, &id).await?;
    let (form, face) = kept(&cx, &company).await?;
    shown(&cx, company, form, &face, Problems::default())
}

pub async fn update(cx: Context, Path(id): Path<String>, form: Form) -> Result<Response> {
    let company = found(&cx, &id).await?;
    let mut tx = cx.begin().await?;
    match commands::update(&mut tx, company.id, CompanyInput::from_form(&form)).await {
        Ok(true) => tx.commit().await?,
        Ok(false) => {}
        Err(Error::Invalid(problems)) => {
            drop(tx);
            let face = store::faces::face(cx.db(), company.id).await?;
            return shown(&cx, company, form, &face, problems);
        }
        Err(error) => return Err(error),
    }
    Ok(redirect_done(LIST, "saved"))
}

/// The page again with a picture that was not taken.
pub async fn refused(cx: &Context, company: Company, problems: Problems) -> Result<Response> {
    let (form, face) = kept(cx, &company).await?;
    shown(cx, company, form, &face, problems)
}

/// The form as the company is kept.
async fn kept(cx: &Context, company: &Company) -> Result<(Form, Model)> {
    let face = store::faces::face(cx.db(), company.id).await?;
    let mut domains = store::domains_of(cx.db(), Some(vec![company.id])).await?;
    let profile = face
        .clone()
        .profile(domains.remove(&company.id).unwrap_or_default());
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    let mut form = Form::default()
        .with("name", &company.name)
        .with("trade_name", text(&company.trade_name))
        .with("tax_id", company.shown_tax_id().unwrap_or_default())
        .with("contact_name", text(&company.contact_name))
        .with("email", text(&company.email))
        .with("phone", text(&company.phone))
        .with("address", text(&company.address))
        .with("notes", text(&company.notes))
        .with("domains", profile.domains.join("\n"))
        .with("allowed_ips", shown_networks(&profile.networks))
        .with("slug", text(&profile.slug))
        .with("colour", text(&profile.colour))
        .with("login_text", text(&profile.login_text))
        .with("mail_footer", text(&profile.mail_footer));
    for (name, ticked) in [
        ("active", company.active),
        ("foreign_id", company.foreign_id),
        ("accept_any_domain", company.any_domain),
        ("consent_required", company.consent),
    ] {
        if ticked {
            form = form.with(name, "on");
        }
    }
    Ok((form, face))
}

fn shown(
    cx: &Context,
    company: Company,
    form: Form,
    face: &Model,
    problems: Problems,
) -> Result<Response> {
    let status = problems.status();
    let place = face.slug.clone().unwrap_or_else(|| company.id.to_string());
    let edit = Edit {
        p: Page::titled(cx, company.name.clone()).with(problems),
        samples: samples(cx, form.get("colour")),
        signs: SignShown::all(face, &place),
        form,
        company: Some(company),
    };
    render_with(status, &edit)
}

/// A colour in light themes and in dark ones, if it is one.
fn samples(cx: &Context, colour: &str) -> Vec<Sample> {
    let Some(colour) = Rgb::parse(colour) else {
        return Vec::new();
    };
    let day = colours::day(colour, None, None);
    let night = colours::night(colour);
    [
        ("company-colour-day", day, "#ffffff"),
        ("company-colour-night", night, "#192126"),
    ]
    .map(|(text, shades, under)| {
        let ratio = format!("{:.1}", contrast(shades.brand, shades.on));
        let ratio = match cx.locale.tag() {
            "en" => ratio,
            _ => ratio.replace('.', ","),
        };
        Sample {
            text,
            brand: shades.brand.to_string(),
            on: shades.on.to_string(),
            ink: shades.ink.to_string(),
            under,
            ratio,
        }
    })
    .into()
}
