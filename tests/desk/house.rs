//! The house itself: languages, sizes, walls, requirements.

use std::path::{Path, PathBuf};

use db::sea_orm::{ConnectionTrait, Statement};
use i18n::I18n;

use crate::support::{Kind, TestDesk};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).to_owned()
}

/// Every file below `directory` with one of these endings, vendored ones aside.
pub fn files(directory: &Path, endings: &[&str]) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(directory).into_iter().flatten().flatten() {
        let path = entry.path();
        let name = entry.file_name().to_string_lossy().into_owned();
        if path.is_dir()
            && !matches!(
                name.as_str(),
                "target" | "node_modules" | "dist" | ".git" | "output" | "demo-data" | "data"
            )
        {
            found.extend(files(&path, endings));
        } else if endings.iter().any(|e| name.ends_with(e)) {
            found.push(path);
        }
    }
    found
}

#[test]
fn every_text_is_there_in_every_language() {
    let i18n = I18n::new(&balcao::features::texts()).unwrap();
    for (language, missing) in i18n.missing() {
        assert!(missing.is_empty(), "{language} lacks {missing:?}");
    }
}

#[test]
fn every_text_that_is_asked_for_exists() {
    let i18n = I18n::new(&balcao::features::texts()).unwrap();
    let calls = [
        "p.t(\"",
        "p.tn(\"",
        "p.ta(\"",
        ".text(\"",
        "Page::new(&cx, \"",
        "Page::new(cx, \"",
        ".hint(\"",
        "text: \"",
    ];
    let mut missing = Vec::new();
    let mut asked = 0;
    for file in files(&root().join("crates"), &[".rs", ".html"])
        .into_iter()
        .chain(files(&root().join("src"), &[".rs"]))
        .chain(files(&root().join("templates"), &[".html"]))
    {
        let text = std::fs::read_to_string(&file).unwrap();
        let text = text.split("#[cfg(test)]").next().unwrap();
        for call in calls {
            for rest in text.split(call).skip(1) {
                let Some((key, after)) = rest.split_once('"') else {
                    continue;
                };
                let is_key = key
                    .chars()
                    .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-' || c == '_');
                // `problems.text("title", …)` is no text of the product.
                if !is_key || key.is_empty() || (call == ".text(\"" && !after.starts_with(", &[")) {
                    continue;
                }
                asked += 1;
                if !i18n.has(key) {
                    missing.push(format!("{key} in {}", file.display()));
                }
            }
        }
        for rest in text.split("p.field(\"").skip(1) {
            let label = rest.split('"').nth(2).unwrap();
            if !i18n.has(label) {
                missing.push(format!("{label} in {}", file.display()));
            }
        }
    }
    assert!(missing.is_empty(), "{missing:#?}");
    assert!(asked > 200, "only {asked} were looked at");
}

#[test]
fn every_code_has_its_words() {
    use tickets::status::Status;
    let i18n = I18n::new(&balcao::features::texts()).unwrap();
    let mut keys: Vec<String> = Vec::new();
    for vocabulary in [
        kit::Vocabulary::Full,
        kit::Vocabulary::Simple,
        kit::Vocabulary::Triage,
        kit::Vocabulary::ServiceDesk,
        kit::Vocabulary::FieldService,
    ] {
        keys.extend(
            Status::ALL
                .iter()
                .map(|s| format!("status-{}", s.word(vocabulary))),
        );
    }
    keys.extend(
        tickets::Priority::ALL
            .iter()
            .map(|p| format!("priority-{}", p.code())),
    );
    keys.extend(
        tickets::Classification::ALL
            .iter()
            .map(|c| format!("classification-{}", c.code().replace('_', "-"))),
    );
    keys.extend(
        tickets::filter::View::ALL
            .iter()
            .map(|v| format!("view-{}", v.code())),
    );
    keys.extend(kit::Role::ALL.iter().map(|r| format!("role-{}", r.code())));
    for (kind, _) in tickets::TicketEvent::KINDS
        .iter()
        .filter(|(k, _)| *k != "ticket.commented")
    {
        keys.push(format!(
            "event-{}",
            kind.trim_start_matches("ticket.").replace('_', "-")
        ));
    }
    for feature in balcao::features::ALL {
        keys.extend(
            feature
                .permissions
                .iter()
                .map(|p| format!("permission-{}", p.key())),
        );
        keys.extend(feature.admin.iter().map(|n| format!("{}-about", n.text)));
    }
    // The words of the API's page: its groups, and the answers that say nothing themselves.
    let contract = serde_json::to_value(balcao::docs::contract()).unwrap();
    let calls = contract["paths"].as_object().unwrap().values();
    for call in calls.flat_map(|methods| methods.as_object().unwrap().values()) {
        let tag = call["tags"][0].as_str().unwrap();
        keys.push(format!("api-group-{tag}"));
        let answers = call["responses"].as_object().unwrap().keys();
        keys.extend(answers.map(|status| format!("api-answer-{status}")));
    }
    // The ends of keys in errors: Forbidden("x"), Conflict("x"), BadRequest("x"), problems and flashes.
    for file in files(&root().join("crates"), &[".rs"])
        .into_iter()
        .chain(files(&root().join("src"), &[".rs"]))
    {
        let text = std::fs::read_to_string(&file).unwrap();
        let text = text.split("#[cfg(test)]").next().unwrap();
        for (call, prefix) in [
            ("Forbidden(\"", "refused-"),
            ("Conflict(\"", "conflict-"),
            ("BadRequest(\"", "bad-"),
            ("redirect_done(LIST, \"", "flash-"),
        ] {
            keys.extend(
                text.split(call)
                    .skip(1)
                    .filter_map(|r| r.split('"').next())
                    .map(|k| format!("{prefix}{k}")),
            );
        }
        for rest in text
            .split(".add(")
            .skip(1)
            .chain(text.split("Error::field(").skip(1))
        {
            let inside = rest.split(')').next().unwrap_or_default();
            let codes: Vec<&str> = inside.split('"').skip(1).step_by(2).collect();
            if inside.starts_with('"') && codes.len() == 2 {
                keys.push(format!("problem-{}", codes[1]));
            }
        }
    }
    let missing: Vec<&String> = keys.iter().filter(|key| !i18n.has(key)).collect();
    assert!(missing.is_empty(), "{missing:#?}");
}

#[test]
fn no_file_is_too_long() {
    let mut long = Vec::new();
    for file in files(&root(), &[".rs", ".ts", ".css", ".html"]) {
        let lines = std::fs::read_to_string(&file).unwrap().lines().count();
        let most = match file.to_string_lossy() {
            path if path.contains("/tests/") || path.contains("/e2e/") => 900,
            path if path.ends_with(".html") => 140,
            _ => 600,
        };
        if lines > most {
            long.push(format!("{} has {lines} lines", file.display()));
        }
    }
    assert!(long.is_empty(), "{long:#?}");
    let kit: usize = files(&root().join("crates/kit"), &[".rs"])
        .iter()
        .map(|f| std::fs::read_to_string(f).unwrap().lines().count())
        .sum();
    assert!(kit <= 2_000, "kit has {kit} lines");
}

#[test]
fn features_know_only_those_below_them() {
    let below: &[(&str, &[&str])] = &[
        ("companies", &[]),
        ("people", &["companies"]),
        ("sso", &["companies", "people"]),
        ("signin", &["companies", "people", "sso"]),
        ("accounts", &["companies", "people", "signin"]),
        ("catalog", &["companies", "people"]),
        ("tickets", &["companies", "people", "catalog"]),
        ("answers", &["companies", "people", "catalog", "tickets"]),
        (
            "audit",
            &["companies", "people", "catalog", "tickets", "answers"],
        ),
    ];
    for (feature, allowed) in below {
        let manifest =
            std::fs::read_to_string(root().join(format!("crates/desk/{feature}/Cargo.toml")))
                .unwrap();
        for (other, _) in below {
            if manifest.contains(&format!("\n{other}.workspace")) {
                assert!(allowed.contains(other), "{feature} knows {other}");
            }
        }
    }
    for base in ["db", "event-log", "jobs", "mail", "storage", "i18n"] {
        let manifest =
            std::fs::read_to_string(root().join(format!("crates/base/{base}/Cargo.toml"))).unwrap();
        for upper in ["kit", "ui", "people", "companies", "catalog", "tickets"] {
            assert!(
                !manifest.contains(&format!("\n{upper}.workspace")),
                "{base} knows {upper}"
            );
        }
    }
}

/// A list in memory that names a topic which there is not would be kept for ever.
#[test]
fn every_list_in_memory_follows_a_topic_that_there_is() {
    let topics = balcao::features::ALL.iter().flat_map(|f| f.topics);
    let topics: Vec<&str> = topics.map(|t| t.name).collect();
    let mut found = 0;
    for file in files(&root().join("crates/desk"), &[".rs"]) {
        let text = std::fs::read_to_string(&file).unwrap();
        let each = text.split(".kept_each(").skip(1);
        for rest in text.split(".kept(").skip(1).chain(each) {
            let topic = rest.split('"').nth(3).unwrap();
            assert!(topics.contains(&topic), "{topic} in {}", file.display());
            found += 1;
        }
    }
    assert!(found > 3, "only {found} were looked at");
}

#[test]
fn sql_stands_in_the_stores_only() {
    for file in files(&root().join("crates/desk"), &[".rs"]) {
        let path = file.to_string_lossy().into_owned();
        if path.contains("/store")
            || path.contains("migrations")
            || path.contains("policy")
            || path.contains("filter")
        {
            continue;
        }
        let text = std::fs::read_to_string(&file).unwrap();
        for word in [
            "EntityTrait",
            "DeriveEntityModel",
            "execute_unprepared",
            "Statement::",
        ] {
            assert!(!text.contains(word), "{path} has {word}");
        }
    }
}

/// Everything that may hold a test.
fn sources() -> String {
    let mut sources = String::new();
    for directory in ["tests", "crates", "e2e", "src", "cast"] {
        for file in files(&root().join(directory), &[".rs", ".mjs"]) {
            sources.push_str(&std::fs::read_to_string(file).unwrap());
        }
    }
    sources
}

/// A test is named by a sentence: what has so many words is one.
#[test]
fn every_test_that_the_security_list_names_exists() {
    let list = std::fs::read_to_string(root().join("docs/security.md")).unwrap();
    let sources = sources();
    let names = list.split('`').skip(1).step_by(2);
    let names = names.filter_map(|name| name.rsplit("::").next());
    let sentences = |name: &&str| {
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
        name.chars().all(plain) && name.matches('_').count() >= 3
    };
    let names: Vec<&str> = names.filter(sentences).collect();
    assert!(names.len() > 40, "only {} were looked at", names.len());
    for name in names {
        assert!(sources.contains(name), "{name} does not exist");
    }
}

/// The tests that `docs/requirements.md` names exist, and every requirement has
/// a row there.
#[test]
fn every_requirement_has_a_state_and_a_proof() {
    let list = std::fs::read_to_string(root().join("docs/requirements.md")).unwrap();
    let sources = sources();
    let mut states = [("works", 0), ("partly", 0), ("open", 0)];
    for line in list
        .lines()
        .filter(|l| l.starts_with("| S") || l.starts_with("| X-"))
    {
        let cells: Vec<&str> = line.split('|').map(str::trim).collect();
        let (id, state, proof) = (cells[1], cells[3], cells[4]);
        let counted = states.iter_mut().find(|(name, _)| *name == state);
        counted.unwrap_or_else(|| panic!("{id}: {state}")).1 += 1;
        assert!(
            state != "works" || !proof.is_empty() && proof != "—",
            "{id} works without a proof"
        );
        for name in proof.split('`').skip(1).step_by(2) {
            let name = name.rsplit("::").next().unwrap();
            assert!(
                sources.contains(name),
                "{id} is proved by {name}, which does not exist"
            );
        }
    }
    let [(_, work), (_, partly), (_, open)] = states;
    let said = format!("{work} rows work, {partly} partly, {open} are open.");
    assert!(list.contains(&said), "{said}");
    assert!(work + partly + open >= 366, "{said}");
}

#[tokio::test]
async fn every_table_has_its_class() {
    let desk = TestDesk::new(Kind::Sqlite).await;
    let db = desk.app.db.reader();
    let sql = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'";
    let sql = Statement::from_string(db.get_database_backend(), sql);
    let rows = db.query_all_raw(sql).await.unwrap();
    let mut tables: Vec<String> = rows
        .iter()
        .map(|r| r.try_get_by_index(0).unwrap())
        .collect();
    let page = std::fs::read_to_string(root().join("docs/data.md")).unwrap();
    let (_, section) = page.split_once("## Tables").unwrap();
    let (section, _) = section.split_once("\n## ").unwrap();
    let rows = section.lines().filter_map(|line| line.strip_prefix("| `"));
    let mut said = Vec::new();
    for (name, rest) in rows.filter_map(|line| line.split_once("` | ")) {
        let class = rest.split(" | ").next().unwrap();
        for class in class.split(", ") {
            let known = ["secret", "personal", "confidential", "internal", "open"];
            assert!(known.contains(&class), "{name}: {class}");
        }
        said.push(name.to_owned());
    }
    tables.sort();
    said.sort();
    assert_eq!(said, tables, "docs/data.md has one row for each table");
}
