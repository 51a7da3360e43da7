//! Whether a password stands on a list of stolen ones (ASVS 5.0, 6.2.12): asked only
//! where the settings name a service that answers by ranges, as Have I Been Pwned's does.
//! It learns the first five digits of a hash, which hundreds of passwords share, and
//! sends the rest of all of them; with padding, so that the length says nothing either.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use http::Request;
use kit::App;
use outgoing::Outgoing;
use sha1::{Digest, Sha1};

/// So many digits are told.
const TOLD: usize = 5;
/// Nobody who chooses a password waits longer.
const PATIENCE: Duration = Duration::from_secs(3);

/// Whether the service was away when it was asked last: the log says so once, not for
/// every password.
static AWAY: AtomicBool = AtomicBool::new(false);

/// Whether the service knows the password. A service that is away knows none: nobody is
/// kept from a password by a machine of somebody else.
pub async fn is_known(app: &App, password: &str) -> bool {
    let Some(service) = &app.settings.breached_passwords else {
        return false;
    };
    let hash = hex(password);
    let (told, kept) = hash.split_at(TOLD);
    let asked = ask(app, service, told);
    let answer = match tokio::time::timeout(PATIENCE, asked).await {
        Ok(answer) => answer,
        Err(_) => Err("no answer in time".to_owned()),
    };
    match answer {
        Ok(answer) => {
            AWAY.store(false, Ordering::Relaxed);
            has(&answer, kept)
        }
        Err(error) => {
            if !AWAY.swap(true, Ordering::Relaxed) {
                tracing::warn!(
                    error,
                    "stolen passwords cannot be looked up; they are taken"
                );
            }
            false
        }
    }
}

async fn ask(app: &App, service: &str, told: &str) -> Result<String, String> {
    let request = Request::get(format!("{service}/{told}")).header("Add-Padding", "true");
    let request = request.body(Vec::new()).map_err(|e| e.to_string())?;
    let outgoing = Outgoing::new(&app.settings.outgoing).map_err(|e| e.to_string())?;
    let answer = outgoing.send(request).await.map_err(|e| e.to_string())?;
    match answer.status().as_u16() {
        200 => String::from_utf8(answer.into_body()).map_err(|e| e.to_string()),
        status => Err(format!("the answer is {status}")),
    }
}

/// Whether a hash is among the lines `REST:COUNT`; those that pad have a count of 0.
fn has(answer: &str, kept: &str) -> bool {
    let mut lines = answer
        .lines()
        .filter_map(|line| line.trim().split_once(':'));
    lines.any(|(rest, count)| rest.eq_ignore_ascii_case(kept) && count.trim() != "0")
}

fn hex(password: &str) -> String {
    let digest = Sha1::digest(password.as_bytes());
    digest.iter().map(|byte| format!("{byte:02X}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_known_by_the_rest_of_its_hash() {
        let hash = hex("password");
        assert_eq!(hash, "5BAA61E4C9B93F3F0682250B6CF8331B7EE68FD8");
        let answer =
            "0018A45C4D1DEF81644B54AB7F969B88D65:1\r\n1E4C9B93F3F0682250B6CF8331B7EE68FD8:9\r\n";
        assert!(has(answer, &hash[TOLD..]));
        assert!(!has(&answer.replace(":9", ":0"), &hash[TOLD..]));
        assert!(!has("", &hash[TOLD..]) && !has("<html>", &hash[TOLD..]));
    }
}
