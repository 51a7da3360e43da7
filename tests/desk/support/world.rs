//! A desk where everybody has something of their own, made of words that stand
//! nowhere else, so that one can look for them where they must not be.

use std::collections::BTreeSet;

use db::sea_orm::{ConnectionTrait, Statement};
use kit::{Role, Route};

use super::{Browser, Cast, Kind, TestDesk, html};

/// What only a client and the desk's staff read.
pub const OF_CLIENT: [&str; 7] = [
    "Catolezeiro",
    "Mandacaruzal",
    "Juazeirinho",
    "carnaubal",
    "Oiticicaria",
    "Quixabeira",
    "marmeleiro",
];
/// What only the staff reads.
pub const OF_STAFF: [&str; 3] = ["Umburanada", "Pereirao", "Imburanal"];
/// What only one technician reads.
pub const OF_ONE: [&str; 5] = [
    "Aroeirada",
    "Baraunada",
    "Faveleirada",
    "Angicada",
    "Juremal",
];

/// The parameters of paths that stand for a ticket or for something on it.
pub const ON_TICKETS: [&str; 3] = ["ticket", "comment", "attachment"];
/// Those that stand for something that one technician has for themself.
pub const PRIVATE: [&str; 7] = [
    "session",
    "api_token",
    "view",
    "act",
    "answer",
    "passkey",
    "identity",
];
/// Those that stand for nothing here: a link that was sent, a key in a device, an
/// account elsewhere. Their own tests (accounts, signin, sso) ask for real ones.
pub const MADE_UP: [&str; 3] = ["token", "passkey", "identity"];

/// See above.
pub struct World {
    pub desk: TestDesk,
    /// Clara is a client of the same company as Vera, Caio one of another; Téo has
    /// what is private.
    pub cast: Cast,
    /// Whose ticket it is.
    pub vera: Browser,
    /// A program of Caio's.
    pub program: Browser,
    /// What the parameters of a path stand for: Vera's and Téo's things.
    ids: Vec<(&'static str, String)>,
    kind: Kind,
    watch: Option<sqlx::SqliteConnection>,
}

impl World {
    pub async fn new(kind: Kind) -> World {
        let desk = TestDesk::with(kind, |settings| {
            settings.limits = false;
            // What is tried out for hours of the desk's clock goes on as the same people.
            settings.session_seconds = 1_000_000;
            settings.idle_seconds = 1_000_000;
        })
        .await;
        let mut cast = desk.cast().await;
        let email = "marmeleiro@acme.test";
        desk.person("Vera Quixabeira", email, Role::Client, "Acme")
            .await;
        let mut vera = desk.sign_in(email).await;
        let mut ids = Vec::new();
        a_ticket(&desk, &mut cast, &mut vera, &mut ids).await;
        something_private(&mut cast.tech, &mut ids).await;
        what_administrators_keep(&desk, &mut cast, &mut ids).await;
        ids.push(("user", desk.id(email).await));
        ids.push(("name", a_picture(&mut vera).await));
        // Made up, and of the shape of a real one.
        ids.push(("token", format!("{:032x}{}", 7, "ab".repeat(20))));
        let some = kit::UserId(uuid::Uuid::from_u128(7)).to_string();
        ids.push(("passkey", some.clone()));
        ids.push(("identity", some));
        ids.push(("provider", crate::sso::a_provider(&desk).await));
        ids.push(("role", crate::roles::a_role(&desk).await));
        ids.push(("slug", "desk".to_owned()));
        ids.push(("file", "logo".to_owned()));
        let program = a_program(&desk, &mut cast.client2).await;
        desk.settle().await;
        World {
            watch: watch(kind, &desk).await,
            desk,
            cast,
            vera,
            program,
            ids,
            kind,
        }
    }

    /// What a parameter stands for.
    #[track_caller]
    pub fn id(&self, name: &str) -> &str {
        let found = self.ids.iter().find(|(known, _)| *known == name);
        let found = found.unwrap_or_else(|| {
            panic!("{{{name}}}: say in tests/desk/support/world.rs whose thing this is")
        });
        &found.1
    }

    /// Lets a parameter stand for something else.
    pub fn put(&mut self, name: &'static str, id: String) {
        self.ids.retain(|(known, _)| *known != name);
        self.ids.push((name, id));
    }

    /// A route's path with its parameters filled.
    #[track_caller]
    pub fn fill(&self, path: &str) -> String {
        let mut url = path.to_owned();
        for name in parameters(path) {
            url = url.replace(&format!("{{{name}}}"), self.id(name));
        }
        url
    }

    /// What changes with every change of the database, whoever makes it.
    pub async fn state(&mut self) -> String {
        if let Some(watch) = &mut self.watch {
            let version: i64 = sqlx::query_scalar("PRAGMA data_version")
                .fetch_one(watch)
                .await
                .unwrap();
            return version.to_string();
        }
        let mut all = String::new();
        for table in self.tables().await {
            let sql = match self.kind {
                Kind::MariaDb => format!("CHECKSUM TABLE {table}"),
                _ => format!(
                    "SELECT '{table}', md5(coalesce(string_agg(t::text, ',' ORDER BY t::text), '')) FROM {table} t"
                ),
            };
            let rows = self.rows(&sql).await;
            for row in rows {
                let sum: Option<String> = match self.kind {
                    Kind::MariaDb => row
                        .try_get_by_index::<Option<i64>>(1)
                        .unwrap()
                        .map(|n| n.to_string()),
                    _ => row.try_get_by_index(1).unwrap(),
                };
                all += &format!("{table}={sum:?} ");
            }
        }
        all
    }

    /// Everything that the database holds, as text.
    pub async fn everything(&self) -> String {
        let mut all = String::new();
        for table in self.tables().await {
            let rows = match self.kind {
                Kind::Postgres => self.rows(&format!("SELECT t::text FROM {table} t")).await,
                _ => {
                    let columns = match self.kind {
                        Kind::Sqlite => format!("SELECT name FROM pragma_table_info('{table}')"),
                        _ => format!(
                            "SELECT column_name FROM information_schema.columns \
                             WHERE table_schema = DATABASE() AND table_name = '{table}'"
                        ),
                    };
                    let columns = self.texts(&columns).await;
                    let cells = columns.iter().map(|column| match self.kind {
                        Kind::Sqlite => format!("quote(\"{column}\")"),
                        _ => format!("quote(`{column}`)"),
                    });
                    let cells: Vec<String> = cells.collect();
                    let row = match self.kind {
                        Kind::Sqlite => cells.join(" || ',' || "),
                        _ => format!("CONCAT_WS(',', {})", cells.join(", ")),
                    };
                    self.rows(&format!("SELECT {row} FROM {table}")).await
                }
            };
            for row in rows {
                // MariaDB gives bytes where an id or a sealed text is among the cells.
                match row.try_get_by_index::<String>(0) {
                    Ok(text) => all += &text,
                    Err(_) => {
                        let bytes: Vec<u8> = row.try_get_by_index(0).unwrap();
                        all += &String::from_utf8_lossy(&bytes);
                    }
                }
                all.push('\n');
            }
        }
        all
    }

    async fn texts(&self, sql: &str) -> Vec<String> {
        let rows = self.rows(sql).await;
        rows.iter()
            .map(|row| row.try_get_by_index(0).unwrap())
            .collect()
    }

    async fn tables(&self) -> Vec<String> {
        let sql = match self.kind {
            Kind::Sqlite => "SELECT name FROM sqlite_master WHERE type = 'table'",
            Kind::MariaDb => {
                "SELECT table_name FROM information_schema.tables WHERE table_schema = DATABASE()"
            }
            _ => "SELECT tablename::text FROM pg_tables WHERE schemaname = 'public'",
        };
        self.texts(sql).await
    }

    async fn rows(&self, sql: &str) -> Vec<db::sea_orm::QueryResult> {
        let db = self.desk.app.db.reader();
        let backend = db.get_database_backend();
        let rows = db.query_all_raw(Statement::from_string(backend, sql)).await;
        rows.unwrap()
    }
}

/// The names of a path's parameters.
pub fn parameters(path: &str) -> Vec<&str> {
    let parts = path.split('/');
    parts
        .filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'))
        .collect()
}

/// The routes that have a parameter, and those that have none.
pub fn with_parameters(routes: &[Route]) -> (Vec<Route>, Vec<Route>) {
    let routes = routes.iter().cloned();
    routes.partition(|route| route.path.contains('{'))
}

/// Which of `words` a body has; what was searched for may be marked in the middle of one.
pub fn words_in(body: &str, words: &[&'static str]) -> BTreeSet<&'static str> {
    let plain = body
        .replace("<mark>", "")
        .replace("</mark>", "")
        .to_lowercase();
    let found = words.iter().filter(|w| plain.contains(&w.to_lowercase()));
    found.copied().collect()
}

async fn a_ticket(
    desk: &TestDesk,
    cast: &mut Cast,
    vera: &mut Browser,
    ids: &mut Vec<(&'static str, String)>,
) {
    let texts = [
        ("title", "O Catolezeiro caiu"),
        ("description", "Sem Mandacaruzal desde ontem."),
    ];
    let ticket = vera.open(&texts).await;
    let files: &[(&str, &[u8])] = &[("carnaubal.txt", b"Oiticicaria em texto")];
    let path = format!("/tickets/{ticket}");
    vera.submit_files(&path, &[("content", "Mais Juazeirinho")], files)
        .await
        .expect(302);
    cast.tech.act(&ticket, "assign", &[]).await.expect(302);
    let note = [("content", "Umburanada, diz o setor"), ("internal", "on")];
    cast.tech.act(&ticket, "", &note).await.expect(302);
    let mut api = vera.api("marmeleiro@acme.test").await;
    let api_path = format!("/api/v1/tickets/{ticket}");
    let first =
        |answer: super::Answer| answer.json()["items"][0]["id"].as_str().unwrap().to_owned();
    ids.push((
        "comment",
        first(api.get(&format!("{api_path}/comments")).await),
    ));
    ids.push((
        "attachment",
        first(api.get(&format!("{api_path}/attachments")).await),
    ));
    ids.push(("ticket", ticket));
    desk.settle().await;
}

async fn something_private(tech: &mut Browser, ids: &mut Vec<(&'static str, String)>) {
    let view = [("view_name", "Aroeirada"), ("query", "status=open")];
    let made = tech.submit("/tickets/views", &view).await.expect(302);
    ids.push(("view", after(made.location(), "saved=")));
    let ticket = ids.iter().find(|(name, _)| *name == "ticket").unwrap();
    let act = [("ticket", ticket.1.as_str()), ("act", "wait")];
    let made = tech.submit("/tickets/bulk", &act).await.expect(302);
    ids.push(("act", after(made.location(), "done=")));
    let answer = [
        ("title", "Baraunada"),
        ("shortcut", "bar"),
        ("body", "Faveleirada, obrigado."),
        ("active", "on"),
    ];
    tech.submit("/answers/new", &answer).await.expect(302);
    let list = tech.get("/answers").await.expect(200);
    ids.push(("answer", linked(&list.body, "/answers/", "Baraunada")));
    let token = [
        ("token_name", "Angicada"),
        ("scope", "write"),
        ("days", "30"),
        ("password_now", super::PASSWORD),
    ];
    let page = tech.submit("/meu-perfil/tokens", &token).await.expect(201);
    ids.push(("api_token", sent_to(&page.body, "/meu-perfil/tokens/")));
    let path = "/meu-perfil/sessions/";
    let before = all_sent_to(&tech.get("/meu-perfil").await.body, path);
    let mut elsewhere = tech.clone().always("user-agent", "Juremal/1.0");
    let fields = [("email", "tec@desk.test"), ("password", super::PASSWORD)];
    elsewhere.set_cookie("session", "");
    elsewhere.submit("/auth/login", &fields).await.expect(302);
    let mut sessions = all_sent_to(&tech.get("/meu-perfil").await.body, path);
    sessions.retain(|session| !before.contains(session));
    ids.push(("session", sessions.remove(0)));
}

async fn what_administrators_keep(
    desk: &TestDesk,
    cast: &mut Cast,
    ids: &mut Vec<(&'static str, String)>,
) {
    let company = desk.company("Acme").await;
    let path = format!("/admin/companies/{company}");
    let fields = [
        ("name", "Acme"),
        ("domains", "acme.test"),
        ("notes", "Pereirao é o contato"),
        ("active", "on"),
    ];
    cast.admin.submit(&path, &fields).await.expect(302);
    let shared = [
        ("title", "Imburanal"),
        ("body", "Imburanal."),
        ("shared", "on"),
        ("active", "on"),
    ];
    cast.admin.submit("/answers/new", &shared).await.expect(302);
    ids.push(("company", company));
    ids.push(("queue", desk.queue("Suporte N1").await));
    ids.push(("category", desk.category("Rede").await));
    let channels = ::catalog::channels(desk.app.db.reader()).await.unwrap();
    ids.push(("channel", channels[0].id.to_string()));
}

async fn a_picture(vera: &mut Browser) -> String {
    const PNG: &[u8] =
        b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x06\0\0\0\x1f\x15\xc4\x89";
    vera.submit_files("/meu-perfil/picture", &[], &[("eu.png", PNG)])
        .await
        .expect(302);
    let page = vera.get("/meu-perfil").await.expect(200);
    let (_, rest) = page.body.split_once("/picture/").unwrap();
    rest.split('"').next().unwrap().to_owned()
}

/// A program with an access token of somebody's.
async fn a_program(desk: &TestDesk, owner: &mut Browser) -> Browser {
    let token = [
        ("token_name", "Programa"),
        ("scope", "write"),
        ("days", "30"),
        ("password_now", super::PASSWORD),
    ];
    let page = owner.submit("/meu-perfil/tokens", &token).await.expect(201);
    let inputs = html::elements(&page.body).into_iter();
    let mut inputs = inputs.filter(|e| e.name == "input" && e.get("id") == "token");
    let mut program = desk.browser();
    program.set_token(inputs.next().expect("no token is shown").get("value"));
    // Its first use is noted.
    program.get("/api/v1/auth/me").await.expect(200);
    program
}

/// A second connection: SQLite tells it when another one has written.
async fn watch(kind: Kind, desk: &TestDesk) -> Option<sqlx::SqliteConnection> {
    use sqlx::Connection;
    if kind != Kind::Sqlite {
        return None;
    }
    let url = &desk.app.settings.database_url;
    Some(sqlx::SqliteConnection::connect(url).await.unwrap())
}

fn after(text: &str, mark: &str) -> String {
    let (_, rest) = text.split_once(mark).unwrap();
    rest.split('&').next().unwrap().to_owned()
}

/// The end of the link below `path` whose text has `words`.
fn linked(body: &str, path: &str, words: &str) -> String {
    let mark = format!("href=\"{path}");
    let links = body.split(&mark).skip(1);
    let mut links = links.filter(|rest| rest.split("</a>").next().unwrap().contains(words));
    let rest = links.next().unwrap_or_else(|| panic!("no link to {words}"));
    rest.split('"').next().unwrap().to_owned()
}

/// The end of the address of the first form below `path`.
fn sent_to(body: &str, path: &str) -> String {
    let mut ends = all_sent_to(body, path).into_iter();
    ends.next()
        .unwrap_or_else(|| panic!("no form below {path}"))
}

fn all_sent_to(body: &str, path: &str) -> Vec<String> {
    let forms = html::forms(body);
    let ends = forms.iter().filter_map(|f| f.action.strip_prefix(path));
    ends.map(str::to_owned).collect()
}
