use clap::{Args, Subcommand};
use kit::{Context, Key, Role};
use people::PersonInput;

#[derive(Args)]
pub struct UserCommand {
    #[command(subcommand)]
    action: Action,
}

#[derive(Subcommand)]
enum Action {
    /// Make an account; its password is printed once
    Add {
        /// The address to sign in with
        email: String,
        /// The name that others see
        #[arg(long)]
        name: String,
        /// client, tech, supervisor or admin
        #[arg(long, default_value = "admin")]
        role: String,
    },
}

/// Makes an account: also the way back in when every administrator is locked out.
pub async fn run(command: UserCommand) -> Result<(), String> {
    let Action::Add { email, name, role } = command.action;
    let role = Role::from_code(&role).ok_or(format!("{role:?} is no role"))?;
    let config = super::settings()?;
    let app = super::open(&config).await?;
    let cx = Context::system(&app);
    let password = Key::token()[..20].to_owned();
    let input = PersonInput {
        name,
        email: email.clone(),
        role,
        company: None,
        active: true,
        password: password.clone(),
    };
    add(&cx, input).await.map_err(|e| super::refused(&cx, &e))?;
    println!("{email} can sign in with the password {password}");
    Ok(())
}

async fn add(cx: &Context, input: PersonInput) -> kit::Result<()> {
    let input = input.check(cx, true).await?;
    let mut tx = cx.begin().await?;
    people::create(&mut tx, input).await?;
    tx.commit().await
}
