use kit::{Form, Problems, Result, Tx};

use crate::company::{check_tax_id, prose};
use crate::events::CompanyEvent;
use crate::{CONFIGURE, store};

/// What the desk says of itself (S4-199).
#[derive(Clone, Debug, Default)]
pub struct DeskInput {
    /// The name at the top of every page and in letters.
    pub name: Option<String>,
    /// CPF or CNPJ.
    pub tax_id: Option<String>,
    /// What the sign-in page says.
    pub login_text: Option<String>,
    /// What letters end with.
    pub mail_footer: Option<String>,
}

impl DeskInput {
    pub(crate) fn from_form(form: &Form) -> DeskInput {
        let some = |name| form.some(name).map(str::to_owned);
        DeskInput {
            name: some("name"),
            tax_id: some("tax_id"),
            login_text: some("login_text"),
            mail_footer: some("mail_footer"),
        }
    }
}

/// Changes what the desk says of itself; `false` when nothing differs.
///
/// # Errors
/// [`kit::Error::Invalid`] at the field.
pub async fn set_desk(tx: &mut Tx, input: DeskInput) -> Result<bool> {
    tx.cx().require(&CONFIGURE)?;
    let mut problems = Problems::default();
    let old = store::faces::hold(tx, store::faces::DESK).await?;
    let mut new = old.clone();
    new.name = problems.line("name", input.name.as_deref(), 60);
    new.tax_id = check_tax_id(&mut problems, input.tax_id.as_deref(), false);
    new.login_text = prose(&mut problems, "login_text", input.login_text.as_deref());
    new.mail_footer = prose(&mut problems, "mail_footer", input.mail_footer.as_deref());
    problems.done()?;
    let mut fields = Vec::new();
    for (name, differs) in [
        ("name", old.name != new.name),
        ("tax_id", old.tax_id != new.tax_id),
        ("login_text", old.login_text != new.login_text),
        ("mail_footer", old.mail_footer != new.mail_footer),
    ] {
        if differs {
            fields.push(name);
        }
    }
    if fields.is_empty() {
        return Ok(false);
    }
    store::faces::keep(tx, new).await?;
    tx.record(&CompanyEvent::Desk(fields));
    Ok(true)
}
