use kit::{CompanyId, Error, Problems, Result, Tx, Upload, new_id};

use crate::events::CompanyEvent;
use crate::pictures::{self, FILES};
use crate::store::faces;
use crate::{CONFIGURE, MANAGE, picture, store};

/// A picture that stands for a company or for the desk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sign {
    /// At the top of pages and letters.
    Logo,
    /// In the browser's tab.
    Icon,
}

impl Sign {
    /// Both of them.
    pub const ALL: [Sign; 2] = [Sign::Logo, Sign::Icon];

    /// Its name in addresses, events and at the end of its locale keys.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Sign::Logo => "logo",
            Sign::Icon => "icon",
        }
    }

    /// At most so many bytes: it is loaded with every page.
    #[must_use]
    pub fn most(self) -> usize {
        match self {
            Sign::Logo => 512_000,
            Sign::Icon => 128_000,
        }
    }
}

/// Gives a company (or the desk, for `None`) a picture, or takes it away; a job removes
/// the one before. To take away what is not there changes nothing and records nothing.
///
/// # Errors
/// [`Error::Invalid`] at `files` for what is no image, or too large.
pub async fn set_sign(
    tx: &mut Tx,
    company: Option<CompanyId>,
    sign: Sign,
    file: Option<Upload>,
) -> Result<()> {
    tx.cx().require(match company {
        Some(_) => &MANAGE,
        None => &CONFIGURE,
    })?;
    if let Some(id) = company {
        store::find(tx.db(), id).await?.ok_or(Error::NotFound)?;
    }
    let owner = company.unwrap_or(faces::DESK);
    let mut face = faces::hold(tx, owner).await?;
    let (key, kind, hash) = match sign {
        Sign::Logo => (&mut face.logo_key, &mut face.logo_type, &mut face.logo_hash),
        Sign::Icon => (&mut face.icon_key, &mut face.icon_type, &mut face.icon_hash),
    };
    let before = key.take();
    match file {
        None if before.is_none() => return Ok(()),
        None => (*kind, *hash) = (None, None),
        Some(file) => {
            let media_type = check(sign, &file)?;
            let place = format!("{FILES}/{owner}/{}", new_id(tx.now()));
            *key = Some(place.clone());
            *kind = Some(media_type.to_owned());
            *hash = Some(storage::fingerprint(&file.content));
            tx.cx().app.storage.put(&place, file.content).await?;
        }
    }
    faces::keep(tx, face).await?;
    tx.record(&match company {
        Some(id) => CompanyEvent::Updated(id, vec![sign.code()]),
        None => CompanyEvent::Desk(vec![sign.code()]),
    });
    match before {
        Some(key) => pictures::remove(tx, &key).await,
        None => Ok(()),
    }
}

/// Raster images alone, whole ones, of a size for a page.
fn check(sign: Sign, file: &Upload) -> Result<&'static str> {
    let mut problems = Problems::default();
    let found = picture::media_type(&file.content);
    let code = match found {
        _ if file.content.is_empty() => "file-empty",
        _ if file.content.len() > sign.most() => "brand-picture-large",
        None => "brand-picture",
        Some(media_type) => return Ok(media_type),
    };
    let problem = problems.add("files", code);
    problem.about = Some(file.name.clone());
    problem.limit = i64::try_from(sign.most() / 1_000).ok();
    Err(Error::Invalid(problems))
}
