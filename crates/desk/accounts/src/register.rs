//! Making one's own account.

use companies::PrivacyMark;
use kit::{CompanyId, Context, Error, Problems, Result, Role, Tx};
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
    /// The versions of the texts that were before their eyes; `None` from a program,
    /// which answers for what it shows.
    pub shown: Option<Vec<PrivacyMark>>,
}

/// What somebody agrees to who registers.
#[derive(Clone)]
struct Agreement {
    /// For which company, if for one.
    company: Option<CompanyId>,
    /// Whether it demands that.
    demanded: bool,
    /// Whether they agree, and to which of these.
    given: bool,
    shown: Option<Vec<PrivacyMark>>,
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
    let address = people::address(&new.email);
    // Without mail nobody proves an address, and a domain that is only typed brings nobody
    // into a company: one may choose a company that takes any address, and no other.
    let company = match (role, &address, new.company) {
        (Role::Client, Ok(email), None) if mail_leaves(cx) => {
            companies::of_email(cx.db(), email).await?
        }
        (Role::Client, _, chosen) => chosen,
        _ => None,
    };
    let input = PersonInput {
        name: new.name,
        email: new.email,
        role,
        company,
        active: true,
        password: new.password,
    };
    let input = input.check(cx, true).await?;
    let email = address?;
    let demanded = match company {
        Some(id) => admitted(cx, id, &email, new.consent).await?,
        None => false,
    };
    let agreement = Agreement {
        company,
        demanded,
        given: new.consent,
        shown: new.shown,
    };
    match make(cx, input.clone(), &email, &agreement).await {
        Err(Error::Invalid(problems)) if is_taken(&problems) && mail_leaves(cx) => {
            as_if_new(cx, input, &email).await
        }
        other => other,
    }
}

async fn make(
    cx: &Context,
    input: CheckedPerson,
    email: &str,
    agreement: &Agreement,
) -> Result<Person> {
    let mut tx = cx.begin().await?;
    // Before anything else: an address that is known is answered as one that is not.
    let mark = agreement.mark(&tx).await?;
    if mail_leaves(cx) {
        people::claim(&tx, email).await?;
    }
    let person = people::register(&mut tx, input).await?;
    if let Some(mark) = mark {
        consent::give(&mut tx, person.id, mark).await?;
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

impl Agreement {
    /// The version that they agree to: the one that holds, if it was the one that was
    /// shown.
    async fn mark(&self, tx: &Tx) -> Result<Option<PrivacyMark>> {
        if !self.given {
            return Ok(None);
        }
        let mark = consent::holding(tx.db(), self.company).await?;
        let shown = self.shown.as_ref();
        match shown.is_none_or(|shown| shown.contains(&mark)) {
            true => Ok(Some(mark)),
            false if self.demanded => Err(Error::field("consent", "consent-newer")),
            // They ticked it for another company's sake.
            false => Ok(None),
        }
    }
}

/// Tells the mailbox, and answers as if an account had been made.
async fn as_if_new(cx: &Context, input: CheckedPerson, email: &str) -> Result<Person> {
    let tx = cx.begin().await?;
    letters::send_known(&tx, email).await?;
    let first = people::claim(&tx, email).await?;
    let person = people::as_registered(&tx, input)?;
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

/// Whether the company demands that one agrees. The address may belong to it, and what
/// it demands was agreed to.
async fn admitted(cx: &Context, id: CompanyId, email: &str, consent: bool) -> Result<bool> {
    let mut problems = Problems::default();
    let found = companies::find(cx.db(), id).await?;
    let demanded = found.as_ref().is_some_and(|company| company.consent);
    match found.filter(|company| company.active) {
        None => _ = problems.add("company_id", "unknown"),
        Some(company) => {
            if !mail_leaves(cx) && !company.any_domain {
                problems.add("company_id", "company-unproved");
            } else if !companies::admits(cx.db(), id, email).await? {
                problems.add("email", "domain-of-company");
            }
            if company.consent && !consent {
                problems.add("consent", "consent");
            }
        }
    }
    problems.done()?;
    Ok(demanded)
}

/// Whether letters leave the desk: without, nothing can be confirmed by one.
pub fn mail_leaves(cx: &Context) -> bool {
    cx.app.mail.server().is_some()
}
