use balcao::config::SETTINGS;

/// Prints every setting.
pub fn run() {
    for setting in SETTINGS {
        let secret = if setting.secret { " (secret)" } else { "" };
        println!(
            "{}{secret}\n    {}\n    default: {}\n",
            setting.name, setting.help, setting.default
        );
    }
}
