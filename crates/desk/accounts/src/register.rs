//! Making one's own account.

use kit::{CompanyId, Context, Problems, Result, Role};
use people::{Person, PersonInput};

use crate::letters;
use crate::links::{self, Purpose};

/// What is typed to make one's own account.
#[derive(Clone, Default)]
pub struct Registration {
    /// What others call them.
    pub name: String,
    /// Where they read their mail.
    pub email: String,
    /// Whose employee they say they are.
    pub company: Option<CompanyId>,
    /// What they will sign in with.
    pub password: String,
    /// Whether they agree to what the company does with their data.
    pub consent: bool,
}

/// Makes an account (S2-172, S3-173 to S3-176). Where mail leaves the desk, it cannot
/// be used before its address is confirmed, and a letter is on its way.
///
/// # Errors
/// [`Error::Invalid`] at each field; [`Error::NotFound`] where nobody registers.
pub async fn register(cx: &Context, new: Registration) -> Result<Person> {
    let role = people::own_role(cx)?;
    let company = new.company.filter(|_| role == Role::Client);
    let email = people::address(&new.email);
    let input = PersonInput {
        name: new.name,
        email: new.email,
        role,
        company,
        active: true,
        password: new.password,
    };
    let input = input.check(true).await?;
    if role == Role::Client {
        admitted(cx, company, &email?, new.consent).await?;
    }
    let mut tx = cx.begin().await?;
    let person = people::register(&mut tx, input).await?;
    if !person.confirmed {
        let link = links::make(&mut tx, Purpose::Confirm, person.id, None).await?;
        letters::send_link(&tx, link).await?;
    }
    tx.commit().await?;
    Ok(person)
}

/// Tells the mailbox of an account that somebody registered with its address: whether
/// there is an account, only the mailbox learns.
///
/// # Errors
/// When the database refuses.
pub async fn tell_known(cx: &Context, email: &str) -> Result<()> {
    let tx = cx.begin().await?;
    letters::send_known(&tx, &people::address(email)?).await?;
    tx.commit_silently("nothing was made").await
}

/// Whether what is wrong is that the address has an account.
pub fn is_taken(problems: &Problems) -> bool {
    problems.at("email").is_some_and(|p| p.code == "taken")
}

/// Whether the address may belong to the company, and what it demands was agreed to.
async fn admitted(
    cx: &Context,
    company: Option<CompanyId>,
    email: &str,
    consent: bool,
) -> Result<()> {
    let mut problems = Problems::default();
    let company = match company {
        Some(id) => Some(id),
        None => companies::of_email(cx.db(), email).await?,
    };
    let Some(id) = company else { return Ok(()) };
    let found = companies::find(cx.db(), id).await?;
    match found.filter(|company| company.active) {
        None => _ = problems.add("company_id", "unknown"),
        Some(company) => {
            if !companies::admits(cx.db(), id, email).await? {
                problems.add("email", "domain-of-company");
            }
            if company.consent && !consent {
                problems.add("consent", "consent");
            }
        }
    }
    problems.done()
}

/// Whether letters leave the desk: without, nothing can be confirmed by one.
pub fn mail_leaves(cx: &Context) -> bool {
    cx.app.mail.server().is_some()
}
