//! Making one's own account.

use kit::{CompanyId, Context, Error, Problems, Result, Role};
use people::{CheckedPerson, Person, PersonInput};

use crate::consent;
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
/// There an address that has an account is answered exactly as one that has none, and
/// only its mailbox learns of it. A second time both are [`taken`]: nobody can tell
/// whether by the account that was there or by the first time.
///
/// # Errors
/// [`Error::Invalid`] at each field; [`Error::NotFound`] where nobody registers.
///
/// [`taken`]: is_taken
pub async fn register(cx: &Context, new: Registration) -> Result<Person> {
    let role = people::own_role(cx)?;
    let company = new.company.filter(|_| role == Role::Client);
    let address = people::address(&new.email);
    let input = PersonInput {
        name: new.name,
        email: new.email,
        role,
        company,
        active: true,
        password: new.password,
    };
    let input = input.check(true).await?;
    let email = address?;
    if role == Role::Client {
        admitted(cx, company, &email, new.consent).await?;
    }
    match make(cx, input.clone(), &email, new.consent).await {
        Err(Error::Invalid(problems)) if is_taken(&problems) && mail_leaves(cx) => {
            as_if_new(cx, input, &email).await
        }
        other => other,
    }
}

async fn make(cx: &Context, input: CheckedPerson, email: &str, consents: bool) -> Result<Person> {
    let mut tx = cx.begin().await?;
    if mail_leaves(cx) {
        people::claim(&tx, email).await?;
    }
    let person = people::register(&mut tx, input).await?;
    if consents {
        consent::give(&mut tx, person.id, person.company).await?;
    }
    if !person.confirmed {
        let link = links::make(&mut tx, Purpose::Confirm, person.id, None).await?;
        if people::letter_left(&tx, email).await? {
            letters::send_link(&tx, link).await?;
        }
    }
    tx.commit().await?;
    Ok(person)
}

/// Tells the mailbox, and answers as if an account had been made.
async fn as_if_new(cx: &Context, input: CheckedPerson, email: &str) -> Result<Person> {
    let mut tx = cx.begin().await?;
    letters::send_known(&tx, email).await?;
    let first = people::claim(&tx, email).await?;
    let person = people::as_registered(&mut tx, input).await?;
    tx.commit_silently("nothing was made").await?;
    match first {
        true => Ok(person),
        false => Err(Error::field("email", "taken")),
    }
}

/// Whether what is wrong is that the address has an account.
pub fn is_taken(problems: &Problems) -> bool {
    problems.at("email").is_some_and(|p| p.code == "taken")
}

/// Whether the address may belong to the company, and what it demands was agreed to.
///
/// Without mail nobody proves an address, and a domain that is only typed brings nobody
/// into a company: one may choose a company that takes any address, and no other.
async fn admitted(
    cx: &Context,
    company: Option<CompanyId>,
    email: &str,
    consent: bool,
) -> Result<()> {
    let mut problems = Problems::default();
    let proves = mail_leaves(cx);
    let company = match company {
        None if proves => companies::of_email(cx.db(), email).await?,
        chosen => chosen,
    };
    let Some(id) = company else { return Ok(()) };
    let found = companies::find(cx.db(), id).await?;
    match found.filter(|company| company.active) {
        None => _ = problems.add("company_id", "unknown"),
        Some(company) => {
            if !proves && !company.any_domain {
                problems.add("company_id", "company-unproved");
            } else if !companies::admits(cx.db(), id, email).await? {
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
