//! A table of changes, one row each, the rows of a ticket together and in order.

use std::path::Path;

use catalog::CategoryId;
use kit::{Actor, App, Context, Error, Instant, Result, Tx, UserId};
use tickets::status::Status;
use tickets::{Closing, Opening, Target, Ticket, commands};

use super::mapping::{Mapping, Row};
use super::people::{As, Known, acting};
use super::table::{Report, Table};

/// So many tickets are committed at once.
const AT_ONCE: usize = 100;

/// Brings in the table in `file`. `progress` hears the bytes read, the file's
/// size and the tickets so far.
///
/// # Errors
/// When the file cannot be read at all or the database refuses; a bad row is
/// reported and skipped.
pub async fn event_log(
    app: &App,
    file: &Path,
    mapping: &Mapping,
    progress: impl Fn(u64, u64, u64),
) -> std::result::Result<Report, String> {
    let mut table = Table::open(file)?;
    let mut import = Import {
        app,
        mapping,
        known: Known::default(),
        report: Report::default(),
    };
    let mut waiting: Vec<Vec<Row>> = Vec::new();
    while let Some((line, record)) = table.next_row() {
        import.report.rows += 1;
        let row = record.and_then(|record| mapping.row(&table.header, &record, line));
        let row = match row {
            Ok(row) => row,
            Err(why) => {
                import.report.skipped.push((line, why));
                continue;
            }
        };
        match waiting.last_mut() {
            Some(rows) if rows.last().is_some_and(|last| last.key == row.key) => rows.push(row),
            _ => {
                if waiting.len() == AT_ONCE {
                    import.bring(std::mem::take(&mut waiting)).await?;
                    let (read, size) = table.progress();
                    progress(read, size, import.report.tickets);
                }
                waiting.push(vec![row]);
            }
        }
    }
    import.bring(waiting).await?;
    let (_, size) = table.progress();
    progress(size, size, import.report.tickets);
    Ok(import.report)
}

struct Import<'a> {
    app: &'a App,
    mapping: &'a Mapping,
    known: Known,
    report: Report,
}

impl Import<'_> {
    /// Brings in some tickets and commits them together.
    async fn bring(&mut self, tickets: Vec<Vec<Row>>) -> std::result::Result<(), String> {
        let worded = |error: Error| format!("{error:?}");
        let mut tx = Context::system(self.app).begin().await.map_err(worded)?;
        let mut new = false;
        for rows in tickets {
            new |= self.ticket(&mut tx, &rows).await.map_err(worded)?;
        }
        match new {
            true => tx.commit().await.map_err(worded),
            false => {
                // What was made for rows that did not come in goes with the transaction.
                self.known = Known::default();
                Ok(())
            }
        }
    }

    /// Brings in one ticket; `false` when it is here already.
    async fn ticket(&mut self, tx: &mut Tx, rows: &[Row]) -> Result<bool> {
        let first = &rows[0];
        if tickets::is_known(tx.db(), &first.key).await? {
            self.report.known += 1;
            return Ok(false);
        }
        let mut ticket = match self.open(tx, first).await {
            Ok(ticket) => ticket,
            Err(error @ (Error::Internal(_) | Error::Unavailable)) => return Err(error),
            Err(error) => {
                // Without its opening, nothing of the ticket can come in.
                let why = self.word(&error);
                let lines = rows.iter().map(|row| (row.line, why.clone()));
                self.report.skipped.extend(lines);
                return Ok(false);
            }
        };
        self.report.tickets += 1;
        // A clock that went backwards in the table stands still here.
        let mut at = first.opened_at;
        for (i, row) in rows.iter().enumerate() {
            at = at.max(row.changed_at);
            let before = ticket.version;
            match self.change(tx, &ticket, row, at).await {
                Ok(changed) => ticket = changed,
                Err(Error::Internal(report)) => return Err(Error::Internal(report)),
                Err(Error::Unavailable) => return Err(Error::Unavailable),
                Err(error) => {
                    let why = self.word(&error);
                    self.report.skipped.push((row.line, why));
                    ticket = tickets::find(tx.db(), kit::Scope::All, &first.key).await?;
                }
            }
            self.report.silent += u64::from(i > 0 && ticket.version == before);
        }
        Ok(true)
    }

    /// What went wrong, in words.
    fn word(&self, error: &Error) -> String {
        crate::demo::word(self.app, error)
    }

    async fn open(&mut self, tx: &mut Tx, row: &Row) -> Result<Ticket> {
        tx.act_as(Actor::System, row.opened_at);
        let domain = &self.mapping.table.domain;
        let requester = match &row.requester {
            None => None,
            Some(name) => Some(self.known.person(tx, name, As::Requester, domain).await?),
        };
        let (category, subcategory) = self.categories(tx, row).await?;
        let queue = match &row.queue {
            None => None,
            Some(name) => Some(self.known.queue(tx, name).await?),
        };
        let channel = match &row.channel {
            None => None,
            Some(name) => Some(self.known.channel(tx, name).await?),
        };
        if let Some(id) = requester {
            tx.act_as(
                acting(id, row.requester.as_deref().unwrap_or_default()),
                row.opened_at,
            );
        }
        let opening = Opening {
            title: row.fill(&self.mapping.texts.title),
            description: row.fill(&self.mapping.texts.description),
            category,
            subcategory,
            queue,
            priority: Some(row.priority),
            channel,
            requester,
            contact_name: requester
                .is_none()
                .then(|| self.mapping.texts.requester.clone()),
            protocol: Some(row.key.clone()),
            ..Opening::default()
        };
        commands::open(tx, opening).await
    }

    /// Does what a row tells beyond what the ticket is already.
    async fn change(
        &mut self,
        tx: &mut Tx,
        ticket: &Ticket,
        row: &Row,
        at: Instant,
    ) -> Result<Ticket> {
        let target = Target::from(ticket);
        tx.act_as(Actor::System, at);
        let actor = self.actor(tx, row).await?;
        let assignee = match &row.assignee {
            None => None,
            Some(name) => {
                let domain = &self.mapping.table.domain;
                Some(self.known.person(tx, name, As::Technician, domain).await?)
            }
        };
        let queue = match &row.queue {
            None => None,
            Some(name) => Some(self.known.queue(tx, name).await?),
        };
        let (category, subcategory) = self.categories(tx, row).await?;
        tx.act_as(actor, at);
        let status = row.status.unwrap_or(ticket.status);
        let mut now = ticket.clone();
        // What is closed is taken up again before anything else about it changes.
        if reopens(now.status, status) {
            now = commands::reopen(tx, &target).await?;
        }
        if now.status != Status::Closed {
            commands::set_queue(tx, &target, queue).await?;
            now = commands::set_priority(tx, &target, row.priority).await?.0;
            if subcategory.or(category) != now.category {
                now = commands::set_category(tx, &target, category, subcategory)
                    .await?
                    .0;
            }
        }
        now = self
            .move_on(tx, &target, now, status, assignee, row)
            .await?;
        Ok(commands::recorded(tx, &target, status, assignee)
            .await
            .map_or(now, |(t, _)| t))
    }

    /// The commands that lead to the row's state, as far as the table of
    /// transitions allows.
    async fn move_on(
        &mut self,
        tx: &mut Tx,
        target: &Target,
        mut now: Ticket,
        status: Status,
        assignee: Option<UserId>,
        row: &Row,
    ) -> Result<Ticket> {
        let begun = matches!(status, Status::InProgress | Status::Waiting);
        if let Some(user) = assignee
            && now.assignee != assignee
            && (begun || now.status != Status::Open)
            && now.status.is_active()
        {
            now = commands::assign(tx, target, user).await?;
        }
        if status == now.status {
            return Ok(now);
        }
        let texts = &self.mapping.texts;
        match status {
            Status::Waiting => now = commands::wait(tx, target).await?,
            Status::InProgress if now.status == Status::Waiting => {
                now = commands::resume(tx, target).await?;
            }
            Status::Resolved => {
                now = commands::resolve(tx, target, &row.fill(&texts.solution)).await?;
            }
            Status::Closed => {
                if now.status == Status::Open {
                    commands::resolve(tx, target, &row.fill(&texts.solution)).await?;
                }
                let closing = Closing {
                    reason: row.fill(&texts.reason),
                    classification: texts.classification.clone(),
                    evaluation: row.fill(&texts.evaluation),
                };
                now = commands::close(tx, target, closing).await?;
            }
            _ => {}
        }
        Ok(now)
    }

    async fn actor(&mut self, tx: &mut Tx, row: &Row) -> Result<Actor> {
        match &row.changed_by {
            None => Ok(Actor::System),
            Some(name) if self.mapping.is_system(name) => Ok(Actor::System),
            Some(name) => {
                let domain = &self.mapping.table.domain;
                let id = self.known.person(tx, name, As::Actor, domain).await?;
                Ok(acting(id, name))
            }
        }
    }

    async fn categories(
        &mut self,
        tx: &mut Tx,
        row: &Row,
    ) -> Result<(Option<CategoryId>, Option<CategoryId>)> {
        let Some(name) = &row.category else {
            return Ok((None, None));
        };
        let category = self.known.category(tx, None, name).await?;
        let subcategory = match &row.subcategory {
            None => None,
            Some(name) => Some(self.known.category(tx, Some(category), name).await?),
        };
        Ok((Some(category), subcategory))
    }
}

/// Whether a ticket in state `from` must be taken up again to come to `to`.
fn reopens(from: Status, to: Status) -> bool {
    match from {
        Status::Closed => to != Status::Closed,
        Status::Resolved => !matches!(to, Status::Resolved | Status::Closed),
        _ => false,
    }
}
