use thiserror::Error;

/// The `DATABASE_URL` is none of the three kinds.
#[derive(Debug, Error)]
#[error("DATABASE_URL must begin with sqlite:, postgres: or mysql:, not {0:?}")]
pub struct BadUrl(String);

/// Brings a database URL into the one spelling the drivers take.
///
/// `sqlite:///app.db` is a relative path and `sqlite:////srv/app.db` an
/// absolute one, as the reference systems' users wrote it (S3-310);
/// `postgresql:` and `mariadb:` are accepted too.
///
/// # Errors
/// When it is another kind of URL. The message holds the scheme only, never a password.
pub fn normalise(url: &str) -> Result<String, BadUrl> {
    if let Some(path) = url.strip_prefix("sqlite:") {
        let path = path
            .strip_prefix("///")
            .or_else(|| path.strip_prefix("//"))
            .unwrap_or(path);
        return Ok(format!("sqlite:{path}"));
    }
    for (from, to) in [
        ("postgres://", "postgres://"),
        ("postgresql://", "postgres://"),
        ("mysql://", "mysql://"),
        ("mariadb://", "mysql://"),
    ] {
        if let Some(rest) = url.strip_prefix(from) {
            return Ok(format!("{to}{rest}"));
        }
    }
    let scheme = url.split(':').next().unwrap_or_default();
    Err(BadUrl(scheme.chars().take(20).collect()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_slashes_are_a_relative_path_and_four_an_absolute_one() {
        let of = |url| normalise(url).unwrap();
        assert_eq!(of("sqlite:///app.db"), "sqlite:app.db");
        assert_eq!(of("sqlite:////srv/app.db"), "sqlite:/srv/app.db");
        assert_eq!(of("sqlite:app.db"), "sqlite:app.db");
        assert_eq!(of("postgresql://u@h/d"), "postgres://u@h/d");
        assert_eq!(of("mariadb://u@h/d"), "mysql://u@h/d");
    }

    #[test]
    fn a_wrong_url_is_refused_without_repeating_its_password() {
        let error = normalise("oracle://u:secret@h/d").unwrap_err().to_string();
        assert!(error.contains("oracle") && !error.contains("secret"));
    }
}
