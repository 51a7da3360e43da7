//! Which events a page or a table shows. Its state is the URL.

use std::net::IpAddr;

use event_log::{Place, Wanted};
use kit::{Context, Error, Problems, Result, UserId};
use serde_json::{Map, Value};
use uuid::Uuid;

use crate::kinds;

/// The names in the URL, in the order of the form.
pub const NAMES: [&str; 6] = ["kind", "who", "ip", "thing", "from", "to"];
/// What is typed has at most so many characters.
const LONGEST: usize = 160;

/// A filter as it was typed.
#[derive(Clone, Debug, Default)]
pub struct Filter(Vec<(&'static str, String)>);

impl Filter {
    /// Reads one from a query or a form.
    pub fn of<'a>(value: impl Fn(&'static str) -> &'a str) -> Filter {
        let clean = |name: &'static str| {
            // PostgreSQL refuses a NUL even in a question.
            let kept = value(name).trim().chars().filter(|c| !c.is_control());
            (name, kept.take(LONGEST).collect::<String>())
        };
        Filter(
            NAMES
                .map(clean)
                .into_iter()
                .filter(|(_, v)| !v.is_empty())
                .collect(),
        )
    }

    /// What was typed at `name`; empty when nothing was.
    pub fn get(&self, name: &str) -> &str {
        let found = self.0.iter().find(|(n, _)| *n == name);
        found.map_or("", |(_, value)| value)
    }

    /// What is set.
    pub fn pairs(&self) -> Vec<(&'static str, &str)> {
        self.0.iter().map(|(n, v)| (*n, v.as_str())).collect()
    }

    /// The same without `name`.
    pub fn without(&self, name: &str) -> Vec<(&'static str, &str)> {
        let mut pairs = self.pairs();
        pairs.retain(|(n, _)| *n != name);
        pairs
    }

    /// The same for the log.
    pub fn as_data(&self) -> Map<String, Value> {
        let data = |(n, v): &(&'static str, String)| ((*n).to_owned(), Value::from(v.as_str()));
        self.0.iter().map(data).collect()
    }

    /// What it looks for.
    ///
    /// # Errors
    /// [`Error::Invalid`] at each field that cannot be understood.
    pub async fn wanted(&self, cx: &Context) -> Result<Wanted> {
        let mut problems = Problems::default();
        let mut wanted = Wanted {
            kinds: self.kinds(&mut problems),
            ..Wanted::default()
        };
        if let Some(who) = self.some("who") {
            wanted.person = person(cx, who).await?.map(|id| id.0);
            if wanted.person.is_none() {
                problems.add("who", "audit-who");
            }
        }
        if let Some(ip) = self.some("ip") {
            // As the log writes it, whichever way it was typed.
            wanted.ip = ip.parse().ok().map(|ip: IpAddr| ip.to_string());
            if wanted.ip.is_none() {
                problems.add("ip", "audit-ip");
            }
        }
        if let Some(name) = self.some("thing") {
            wanted.subject = thing(cx, name).await?;
            if wanted.subject.is_none() {
                problems.add("thing", "audit-thing");
            }
        }
        if let Some(day) = self.some("from") {
            match cx.zone.day(day) {
                Some((start, _)) => wanted.from = Some(start),
                None => _ = problems.add("from", "date"),
            }
        }
        if let Some(day) = self.some("to") {
            match cx.zone.day(day) {
                Some((_, end)) => wanted.until = Some(end),
                None => _ = problems.add("to", "date"),
            }
        }
        problems.done()?;
        Ok(wanted)
    }

    fn some(&self, name: &str) -> Option<&str> {
        Some(self.get(name)).filter(|value| !value.is_empty())
    }

    /// A group's kinds, or one kind, whether anybody knows it or not.
    fn kinds(&self, problems: &mut Problems) -> Vec<String> {
        let Some(kind) = self.some("kind") else {
            return Vec::new();
        };
        let plain = |c: char| c.is_ascii_lowercase() || matches!(c, '.' | '_');
        match kinds::group(kind) {
            Some(group) => group.kinds.iter().map(|k| (*k).to_owned()).collect(),
            None if kind.contains('.') && kind.chars().all(plain) => vec![kind.to_owned()],
            None => {
                problems.add("kind", "unknown");
                Vec::new()
            }
        }
    }
}

/// The person of an address or an id.
async fn person(cx: &Context, who: &str) -> Result<Option<UserId>> {
    if let Ok(id) = who.parse() {
        return Ok(Some(id));
    }
    let found = people::by_email(cx.db(), &who.to_lowercase()).await?;
    Ok(found.map(|person| person.id))
}

/// The id of a thing, or of the ticket that is called so.
async fn thing(cx: &Context, name: &str) -> Result<Option<Uuid>> {
    if let Ok(id) = name.parse() {
        return Ok(Some(id));
    }
    // Protocols are in capitals, but for those that came from elsewhere.
    for name in [name, name.to_uppercase().as_str()] {
        match tickets::find(cx.db(), cx.scope(), name).await {
            Ok(ticket) => return Ok(Some(ticket.id.0)),
            Err(Error::NotFound) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(None)
}

/// A place in the list as a URL carries it.
pub fn written(place: Place) -> String {
    format!("{}_{}", place.at.millis(), place.seq)
}

/// Reads [`written`].
pub fn place(text: &str) -> Option<Place> {
    let (at, seq) = text.split_once('_')?;
    Some(Place {
        at: kit::Instant(at.parse().ok()?),
        seq: seq.parse().ok()?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_survives_the_way_through_a_url() {
        let here = Place {
            at: kit::Instant(-7),
            seq: 12,
        };
        assert_eq!(place(&written(here)), Some(here));
        for bad in ["", "1", "x_1", "1_", "1_2_3"] {
            assert_eq!(place(bad), None, "{bad}");
        }
    }
}
