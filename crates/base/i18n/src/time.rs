use db::Instant;
use jiff::tz::TimeZone;
use jiff::{Timestamp, civil};

use crate::Locale;

/// The name of the time zone is not in the IANA database.
#[derive(Debug)]
pub struct ZoneError(pub String);

/// The zone in which times are shown.
#[derive(Clone, Debug)]
pub struct Zone(TimeZone);

impl Zone {
    /// The zone of an IANA name, such as `America/Sao_Paulo`.
    ///
    /// # Errors
    /// When there is no such zone (S3-311).
    pub fn named(name: &str) -> Result<Zone, ZoneError> {
        TimeZone::get(name)
            .map(Zone)
            .map_err(|e| ZoneError(e.to_string()))
    }

    /// Its IANA name, as the database writes it.
    #[must_use]
    pub fn name(&self) -> &str {
        self.0.iana_name().unwrap_or("UTC")
    }

    /// The names to choose from: places, and the one zone without a place. What the
    /// database keeps for old programs only, such as `EST5EDT`, is no choice.
    #[must_use]
    pub fn names() -> Vec<String> {
        const REGIONS: [&str; 11] = [
            "Africa",
            "America",
            "Antarctica",
            "Arctic",
            "Asia",
            "Atlantic",
            "Australia",
            "Europe",
            "Indian",
            "Pacific",
            "UTC",
        ];
        let all = jiff::tz::db().available();
        let mut names: Vec<String> = all
            .filter(|name| {
                let region = name.as_str().split('/').next().unwrap_or_default();
                REGIONS.contains(&region)
            })
            .map(|name| name.to_string())
            .collect();
        names.sort_unstable();
        names
    }

    fn zoned(&self, instant: Instant) -> jiff::Zoned {
        Timestamp::from_millisecond(instant.0)
            .unwrap_or_default()
            .to_zoned(self.0.clone())
    }

    /// `22/11/2026 14:05`, as each language writes it (S1-017).
    #[must_use]
    pub fn date_time(&self, locale: Locale, instant: Instant) -> String {
        let format = match locale {
            Locale::PtBr | Locale::Es => "%d/%m/%Y %H:%M",
            Locale::En => "%b %-d, %Y %H:%M",
        };
        self.zoned(instant).strftime(format).to_string()
    }

    /// `22/11/2026`, as each language writes it.
    #[must_use]
    pub fn date(&self, locale: Locale, instant: Instant) -> String {
        let format = match locale {
            Locale::PtBr | Locale::Es => "%d/%m/%Y",
            Locale::En => "%b %-d, %Y",
        };
        self.zoned(instant).strftime(format).to_string()
    }

    /// `14:05`.
    #[must_use]
    pub fn time(&self, instant: Instant) -> String {
        self.zoned(instant).strftime("%H:%M").to_string()
    }

    /// `20261122`: the day in a protocol.
    #[must_use]
    pub fn compact_day(&self, instant: Instant) -> String {
        self.zoned(instant).strftime("%Y%m%d").to_string()
    }

    /// `2026-11`: the month, for counting by it.
    #[must_use]
    pub fn month(&self, instant: Instant) -> String {
        self.zoned(instant).strftime("%Y-%m").to_string()
    }

    /// RFC 3339 in UTC, for `<time datetime>` and the API.
    #[must_use]
    pub fn rfc3339(instant: Instant) -> String {
        Timestamp::from_millisecond(instant.0)
            .unwrap_or_default()
            .to_string()
    }

    /// The instants at which the day `yyyy-mm-dd` begins and the next one begins.
    #[must_use]
    pub fn day(&self, day: &str) -> Option<(Instant, Instant)> {
        let date: civil::Date = day.parse().ok()?;
        let start = date.to_zoned(self.0.clone()).ok()?;
        let end = date.tomorrow().ok()?.to_zoned(self.0.clone()).ok()?;
        let ms = |z: jiff::Zoned| Instant(z.timestamp().as_millisecond());
        Some((ms(start), ms(end)))
    }

    /// Reads a local date and time written in the strptime pattern `format`.
    ///
    /// # Errors
    /// When it does not follow the pattern or there is no such date.
    pub fn parse(&self, format: &str, text: &str) -> Result<Instant, ZoneError> {
        let local =
            civil::DateTime::strptime(format, text).map_err(|e| ZoneError(e.to_string()))?;
        let zoned = local
            .to_zoned(self.0.clone())
            .map_err(|e| ZoneError(e.to_string()))?;
        Ok(Instant(zoned.timestamp().as_millisecond()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_shown_in_its_zone_and_its_language() {
        let at = Instant(1_767_225_600_000); // 2026-01-01T00:00:00Z
        let zone = Zone::named("America/Sao_Paulo").unwrap();
        assert_eq!(zone.date_time(Locale::PtBr, at), "31/12/2025 21:00");
        assert_eq!(zone.date_time(Locale::En, at), "Dec 31, 2025 21:00");
        assert_eq!(zone.date(Locale::Es, at), "31/12/2025");
        assert_eq!(zone.date(Locale::En, at), "Dec 31, 2025");
        assert_eq!(Zone::rfc3339(at), "2026-01-01T00:00:00Z");
        let manaus = Zone::named("America/Manaus").unwrap();
        assert_eq!(manaus.time(at), "20:00");
        assert!(Zone::named("Mars/Base").is_err());
    }

    #[test]
    fn every_name_to_choose_from_is_a_zone() {
        let names = Zone::names();
        assert!(names.len() > 300 && names.contains(&"America/Sao_Paulo".to_owned()));
        assert!(names.iter().all(|name| Zone::named(name).is_ok()));
        assert!(!names.iter().any(|name| name.starts_with("posix/")));
        let typed = Zone::named("america/SAO_PAULO").unwrap();
        assert_eq!(typed.name(), "America/Sao_Paulo");
    }

    #[test]
    fn a_day_begins_at_local_midnight() {
        let zone = Zone::named("America/Sao_Paulo").unwrap();
        let (from, to) = zone.day("2026-01-01").unwrap();
        assert_eq!(Zone::rfc3339(from), "2026-01-01T03:00:00Z");
        assert_eq!(to.since(from), 24 * 3_600_000);
        assert!(zone.day("2026-02-30").is_none());
    }
}
