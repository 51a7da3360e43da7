//! The measurements.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use http_body_util::BodyExt;
use serde_json::{Value, json};
use tokio::sync::Notify;

use crate::awake::Awake;
use crate::client::{Client, between, said};
use crate::server::{Desk, Made};

/// What a desk's requests cost.
pub struct Figures {
    /// CPU time of one request for each page, by name.
    pub pages: Vec<(&'static str, Duration)>,
    /// CPU time of opening a ticket by the API.
    pub create: Duration,
    /// Tickets opened a second from sixteen connections.
    pub creates: f64,
}

/// Requests of one round, and rounds; what is told is the median round.
/// A round is long enough for a clock that counts hundredths of a second.
const REQUESTS: u32 = 1_000;
const ROUNDS: usize = 7;

/// A desk, who asks it, and for what.
struct Asked<'a> {
    desk: &'a Desk,
    client: Client,
    nobody: Client,
    paths: [(&'static str, String); 5],
    /// How long each round took, for each path.
    rounds: Vec<Vec<Duration>>,
}

/// What lists, tickets and opening one cost in several desks. They take turns, round by
/// round, so that whatever else the machine does meanwhile is no difference between them.
pub async fn requests(desks: &[(&Desk, &Made)]) -> Result<Vec<Figures>, String> {
    let mut all = Vec::new();
    for (desk, made) in desks {
        all.push(Asked::of(desk, made).await?);
    }
    let awake = Awake::begin();
    for _ in 0..ROUNDS {
        for page in 0..5 {
            for asked in &mut all {
                asked.round(page).await?;
            }
        }
    }
    let mut figures = Vec::new();
    for asked in all {
        figures.push(asked.figures().await?);
    }
    drop(awake);
    for (figures, (desk, made)) in figures.iter_mut().zip(desks) {
        let client = Client::signed_in(&desk.address, &made.login("tech")?).await?;
        figures.creates = creates(desk, &client).await?;
    }
    Ok(figures)
}

impl<'a> Asked<'a> {
    async fn of(desk: &'a Desk, made: &Made) -> Result<Asked<'a>, String> {
        let mut client = Client::signed_in(&desk.address, &made.login("tech")?).await?;
        let nobody = Client::to(&desk.address).await?;
        let ticket = ticket_with_entries(&mut client).await?;
        let end = last_page(&mut client).await?;
        // A last page that is full, or else two desks' are not to be compared.
        let rows = client.get(&end).await?.body.matches(" data-row").count();
        for n in rows..PAGE {
            open(&mut client, u32::try_from(n).unwrap_or_default()).await?;
        }
        let end = last_page(&mut client).await?;
        let paths = [
            ("floor: the sign-in page", "/auth/login".to_owned()),
            ("list, first page", "/tickets".to_owned()),
            ("list of all, last page", end),
            ("ticket with 20 entries", ticket),
            ("dashboard", "/dashboard".to_owned()),
        ];
        Ok(Asked {
            desk,
            client,
            nobody,
            rounds: vec![Vec::new(); paths.len()],
            paths,
        })
    }

    async fn round(&mut self, page: usize) -> Result<(), String> {
        let (name, path) = &self.paths[page];
        let reader = match name.starts_with("floor") {
            true => &mut self.nobody,
            false => &mut self.client,
        };
        let before = self.desk.cpu()?;
        for _ in 0..REQUESTS {
            let answer = reader.get(path).await?;
            if answer.status != 200 {
                return Err(format!("{path}: {}", answer.status));
            }
        }
        self.rounds[page].push((self.desk.cpu()? - before) / REQUESTS);
        Ok(())
    }

    /// What it all cost, with what opening costs.
    async fn figures(mut self) -> Result<Figures, String> {
        let mut rounds = Vec::new();
        for _ in 0..ROUNDS {
            let before = self.desk.cpu()?;
            for n in 0..OPENED {
                open(&mut self.client, n).await?;
            }
            rounds.push((self.desk.cpu()? - before) / OPENED);
        }
        let pages = self.paths.iter().zip(self.rounds);
        Ok(Figures {
            pages: pages.map(|((name, _), all)| (*name, median(all))).collect(),
            create: median(rounds),
            creates: 0.0,
        })
    }
}

/// Tickets of one round of opening.
const OPENED: u32 = 300;

/// So many tickets stand on a page of the list.
const PAGE: usize = 25;

/// Where the list of all tickets ends.
async fn last_page(client: &mut Client) -> Result<String, String> {
    let first = client.get("/tickets?view=all").await?;
    let mut links = first.body.rsplit("<a class=\"btn btn-sm\" href=\"");
    let end = links.find_map(|rest| {
        let url = rest.split('"').next()?;
        url.contains("page=").then(|| url.replace("&#38;", "&"))
    });
    end.ok_or_else(|| "the list has one page".to_owned())
}

fn median(mut all: Vec<Duration>) -> Duration {
    all.sort_unstable();
    all.get(all.len() / 2).copied().unwrap_or_default()
}

/// A new ticket with twenty entries in its conversation.
async fn ticket_with_entries(client: &mut Client) -> Result<String, String> {
    let ticket = open(client, 0).await?;
    for n in 0..20 {
        let body = json!({ "content": format!("Entry {n}: still being looked at.") });
        let path = format!("/api/v1/tickets/{ticket}/comments");
        let answer = client.post(&path, &body).await?;
        if answer.status != 201 {
            return Err(format!("{path}: {} {}", answer.status, answer.body));
        }
    }
    Ok(format!("/tickets/{ticket}"))
}

/// Opens a ticket by the API and returns its protocol.
async fn open(client: &mut Client, n: u32) -> Result<String, String> {
    let body = json!({
        "title": format!("Impressora do caixa {n} parou"),
        "description": "Não imprime desde cedo. O papel não está preso.",
        "contact_name": "Maria do caixa",
    });
    let answer = client.post("/api/v1/tickets", &body).await?;
    if answer.status != 201 {
        return Err(format!("opening: {} {}", answer.status, answer.body));
    }
    let answer: Value = serde_json::from_str(&answer.body).map_err(said)?;
    let protocol = answer["protocol"].as_str().or(answer["id"].as_str());
    Ok(protocol.ok_or("no protocol")?.to_owned())
}

/// How many tickets a second sixteen connections open.
async fn creates(desk: &Desk, client: &Client) -> Result<f64, String> {
    const EACH: u32 = 60;
    let mut tasks = Vec::new();
    let begun = Instant::now();
    for _ in 0..16 {
        let mut client = client.another(&desk.address).await?;
        tasks.push(tokio::spawn(async move {
            for n in 0..EACH {
                open(&mut client, n).await?;
            }
            Ok::<_, String>(())
        }));
    }
    for task in tasks {
        task.await.map_err(said)??;
    }
    Ok(f64::from(16 * EACH) / begun.elapsed().as_secs_f64())
}

/// How long searches for two words took: in the list, and over everything.
pub struct Searches {
    pub list: Vec<Duration>,
    pub everything: Vec<Duration>,
}

/// Searches for two words of titles that are there.
pub async fn searches(desk: &Desk, made: &Made) -> Result<Searches, String> {
    let mut client = Client::signed_in(&desk.address, &made.login("tech")?).await?;
    let mut words = Vec::new();
    let mut path = "/api/v1/tickets?limit=100".to_owned();
    while words.len() < 200 {
        let page: Value = serde_json::from_str(&client.get(&path).await?.body).map_err(said)?;
        for ticket in page["items"].as_array().into_iter().flatten() {
            let title = ticket["title"].as_str().unwrap_or_default();
            let long = title.split(|c: char| !c.is_alphanumeric());
            let mut long = long.filter(|w| w.len() > 3 && w.is_ascii());
            if let (Some(one), Some(other)) = (long.next(), long.next_back()) {
                words.push(format!("{one}+{other}"));
            }
        }
        let next = page["next_cursor"].as_str().ok_or("too few tickets")?;
        path = format!("/api/v1/tickets?limit=100&cursor={next}");
    }
    let mut found = Searches {
        list: Vec::new(),
        everything: Vec::new(),
    };
    for two in words.iter().take(200) {
        for (path, times) in [
            ("/tickets?q=", &mut found.list),
            ("/search/hits?q=", &mut found.everything),
        ] {
            let begun = Instant::now();
            let answer = client.get(&format!("{path}{two}")).await?;
            times.push(begun.elapsed());
            if answer.status != 200 || answer.body.contains("role=\"status\">0") {
                return Err(format!("{path}{two}: {}", answer.status));
            }
        }
    }
    Ok(found)
}

/// Sixteen people who read and write for a while.
pub async fn load(desk: &Desk, made: &Made) -> Result<(), String> {
    let client = Client::signed_in(&desk.address, &made.login("tech")?).await?;
    let mut tasks = Vec::new();
    for n in 0..16 {
        let mut client = client.another(&desk.address).await?;
        tasks.push(tokio::spawn(async move {
            for round in 0..40 {
                let list = client.get("/tickets?view=all").await?;
                let ticket = between(&list.body, "href=\"/tickets/TCK-").to_owned();
                client.get(&format!("/tickets/TCK-{ticket}")).await?;
                client.get("/tickets?q=impressora+rede").await?;
                client.get("/dashboard").await?;
                if round % 4 == n % 4 {
                    open(&mut client, n).await?;
                }
            }
            Ok::<_, String>(())
        }));
    }
    for task in tasks {
        task.await.map_err(said)??;
    }
    Ok(())
}

/// What open pages cost and how soon they hear.
pub struct Heard {
    pub count: usize,
    /// Memory of each, in bytes.
    pub bytes: u64,
    /// From the act to the last who heard.
    pub all_after: Duration,
}

/// Opens so many streams and tells all of them of one act.
pub async fn streams(desk: &Desk, made: &Made, count: usize) -> Result<Heard, String> {
    let mut client = Client::signed_in(&desk.address, &made.login("tech")?).await?;
    let ticket = open(&mut client, 1).await?;
    let before = desk.memory()?.resident;
    let heard = Arc::new((AtomicUsize::new(0), AtomicUsize::new(0), Notify::new()));
    for _ in 0..count {
        let mut one = client.another(&desk.address).await?;
        let mut stream = one.stream("/live").await?;
        let heard = heard.clone();
        tokio::spawn(async move {
            let _open = one;
            while let Some(Ok(frame)) = stream.frame().await {
                let text = frame.into_data().unwrap_or_default();
                let text = String::from_utf8_lossy(&text);
                if text.contains("event: here") {
                    heard.0.fetch_add(1, Ordering::Relaxed);
                }
                if text.contains("event: change") {
                    heard.1.fetch_add(1, Ordering::Relaxed);
                }
                heard.2.notify_one();
            }
        });
    }
    while heard.0.load(Ordering::Relaxed) < count {
        heard.2.notified().await;
    }
    let bytes = desk.memory()?.resident.saturating_sub(before) / count as u64;
    let begun = Instant::now();
    let body = json!({ "content": "Alguém ouviu?" });
    client
        .post(&format!("/api/v1/tickets/{ticket}/comments"), &body)
        .await?;
    while heard.1.load(Ordering::Relaxed) < count {
        if begun.elapsed() > Duration::from_secs(30) {
            return Err(format!(
                "only {} of {count} heard",
                heard.1.load(Ordering::Relaxed)
            ));
        }
        heard.2.notified().await;
    }
    Ok(Heard {
        count,
        bytes,
        all_after: begun.elapsed(),
    })
}
