//! How cookies are called on the way between the desk and a browser. Inside they have
//! plain names. Where the desk's address is `https`, outside they begin with `__Host-`:
//! browsers then take them from this host itself and by TLS only (RFC 6265bis, 4.1.3),
//! so that no neighbour under the same domain, and nobody in between, plants one.

use axum::http::header::{COOKIE, HeaderMap, HeaderValue, SET_COOKIE};
use kit::Settings;

/// Calls what a browser brings by its plain name. What came without the prefix may be
/// anybody's, and is left out.
pub fn come_in(settings: &Settings, headers: &mut HeaderMap) {
    let prefix = settings.cookie_prefix();
    if prefix.is_empty() {
        return;
    }
    let sent = headers.get_all(COOKIE).iter();
    // A neighbour's may have any bytes, and take nobody's along with it.
    let pairs = sent.flat_map(|value| value.as_bytes().split(|byte| *byte == b';'));
    let pairs = pairs.filter_map(|pair| std::str::from_utf8(pair).ok());
    let ours = pairs.filter_map(|pair| pair.trim().strip_prefix(prefix));
    let ours = ours.filter(|pair| pair.is_ascii());
    let ours = ours.collect::<Vec<_>>().join("; ");
    headers.remove(COOKIE);
    if let Ok(ours) = HeaderValue::from_str(&ours) {
        headers.insert(COOKIE, ours);
    }
}

/// Puts the prefix on whatever a browser is given, whoever set it, and what the prefix
/// demands: `Secure`, and the whole host.
pub fn go_out(settings: &Settings, headers: &mut HeaderMap) {
    let prefix = settings.cookie_prefix();
    if prefix.is_empty() {
        return;
    }
    let set: Vec<HeaderValue> = headers.get_all(SET_COOKIE).iter().cloned().collect();
    headers.remove(SET_COOKIE);
    for cookie in set.iter().filter_map(|value| value.to_str().ok()) {
        let (pair, attributes) = cookie.split_once(';').unwrap_or((cookie, ""));
        let attributes = attributes.split(';').map(str::trim);
        let kept = attributes.filter(|it| !it.is_empty() && !it.starts_with("Path="));
        let kept: String = kept.map(|it| format!("; {it}")).collect();
        let whole = format!("{prefix}{pair}; Path=/{kept}; Secure");
        if let Ok(value) = HeaderValue::from_str(&whole) {
            headers.append(SET_COOKIE, value);
        }
    }
}
