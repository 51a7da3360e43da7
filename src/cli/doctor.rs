use balcao::features;
use db::Db;
use event_log::{Broken, Verdict, progress, verify};

/// Looks for damage and says what it found.
pub async fn run() -> Result<(), String> {
    let config = super::settings()?;
    // Connects and no more: whoever examines must not change what is examined.
    let db = Db::connect(&config.settings.database_url)
        .await
        .map_err(|e| format!("the database does not answer: {e}"))?;
    let pending = db::pending(&db, &features::migrations())
        .await
        .map_err(|e| e.to_string())?;
    match pending.len() {
        0 => println!("schema      up to date"),
        n => println!("schema      {n} changes behind; `balcao migrate` makes them"),
    }
    for place in progress(db.reader()).await.map_err(|e| e.to_string())? {
        println!(
            "consumer    {} is {} events behind",
            place.consumer, place.behind
        );
    }
    if pending.is_empty() {
        let wrong = tickets::tallies::verify(db.reader())
            .await
            .map_err(|e| format!("{e:?}"))?;
        match wrong.is_empty() {
            true => println!("counters    right"),
            false => println!(
                "counters    wrong (kept, counted): {}; `balcao replay counters` mends them",
                wrong.join("; ")
            ),
        }
    }
    match verify(db.reader()).await.map_err(|e| e.to_string())? {
        Verdict::Whole(rows) => {
            println!("event log   whole: {rows} events, each as it was written");
            Ok(())
        }
        Verdict::Broken(broken) => Err(match broken {
            Broken::Missing(seq) => format!("event {seq} is missing: history was edited"),
            Broken::Edited(seq) => {
                format!("event {seq} is not as it was written: history was edited")
            }
            Broken::End { expected, found } => {
                format!("the event log ends at {found} and not at {expected}: history was edited")
            }
        }),
    }
}
