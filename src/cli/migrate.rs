/// Brings the schema up to date; opening a desk does it.
pub async fn run() -> Result<(), String> {
    let config = super::settings()?;
    super::open(&config).await?;
    println!("The schema is up to date.");
    Ok(())
}
