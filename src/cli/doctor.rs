use event_log::{Broken, Verdict, progress, verify};

/// Looks for damage and says what it found.
pub async fn run() -> Result<(), String> {
    let config = super::settings()?;
    let app = super::open(&config).await?;
    println!("schema      up to date");
    for place in progress(app.db.reader()).await.map_err(|e| e.to_string())? {
        println!(
            "consumer    {} is {} events behind",
            place.consumer, place.behind
        );
    }
    match verify(app.db.reader()).await.map_err(|e| e.to_string())? {
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
