//! What a browser calls itself, as people know it.

/// `Firefox · Windows`; a part that is not known is left out, and without any the
/// beginning of what was said stands for itself.
#[must_use]
pub fn device_name(agent: Option<&str>) -> String {
    let agent = agent.unwrap_or_default();
    // Browsers name those that they want to be taken for: the true name comes first.
    let browser = find(
        agent,
        &[
            ("Edg", "Edge"),
            ("OPR/", "Opera"),
            ("SamsungBrowser", "Samsung Internet"),
            ("Firefox/", "Firefox"),
            ("FxiOS", "Firefox"),
            ("CriOS", "Chrome"),
            ("Chrome/", "Chrome"),
            ("Safari/", "Safari"),
        ],
    );
    let system = find(
        agent,
        &[
            ("iPhone", "iPhone"),
            ("iPad", "iPad"),
            ("Android", "Android"),
            ("CrOS", "ChromeOS"),
            ("Windows", "Windows"),
            ("Mac OS X", "macOS"),
            ("Linux", "Linux"),
        ],
    );
    match (browser, system) {
        (Some(browser), Some(system)) => format!("{browser} · {system}"),
        (Some(one), None) | (None, Some(one)) => one.to_owned(),
        (None, None) if agent.is_empty() => "—".to_owned(),
        (None, None) => agent.chars().take(60).collect(),
    }
}

fn find(agent: &str, names: &[(&str, &'static str)]) -> Option<&'static str> {
    let found = names.iter().find(|(mark, _)| agent.contains(mark));
    found.map(|(_, name)| *name)
}

#[cfg(test)]
mod tests {
    use super::device_name as name;

    #[test]
    fn a_browser_is_told_by_the_name_that_people_know() {
        let chrome = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 \
            (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36";
        assert_eq!(name(Some(chrome)), "Chrome · Windows");
        assert_eq!(
            name(Some(&format!("{chrome} Edg/140.0.0.0"))),
            "Edge · Windows"
        );
        let phone = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) \
            AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1";
        assert_eq!(name(Some(phone)), "Safari · iPhone");
        assert_eq!(name(Some("curl/8.5.0")), "curl/8.5.0");
        assert_eq!(name(None), "—");
    }
}
